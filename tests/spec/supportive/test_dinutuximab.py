"""Dinutuximab: its premedication and monitoring (UNI-22, UNI-EU, UNI-BOX, CMN-DIN, SARG-LABEL)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from hooks.recommendation import Silent
from tests.spec.supportive.boards import Orders, in_days, orders

DRUGS = "dinutuximab_premedication"
MONITORING = "dinutuximab_monitoring"
DAY_1 = in_days(1)

NEEDED_DRUGS = ["di-hydration", "di-morphine-bolus", "di-morphine-inf", "di-antihistamine", "di-paracetamol"]


def selected() -> Orders:
    return orders().selecting("dinutuximab", DAY_1)


def test_given_nothing_ordered_then_saline_opioid_antihistamine_and_paracetamol_are_offered_for_day_1() -> None:
    """UNI-22: 10 mL/kg over 1 h; morphine 50 mcg/kg, then 20-50 mcg/kg/h; diphenhydramine; paracetamol."""
    card = selected().card(DRUGS)

    assert [order.item for order in card.orders] == NEEDED_DRUGS
    assert {order.occurrence for order in card.orders} == {date(2026, 11, 23)}


def test_given_nothing_ordered_then_organ_functions_and_vital_signs_are_offered() -> None:
    """UNI-22: verify before each course; UNI-BOX: observe for at least 4 h."""
    card = selected().card(MONITORING)

    assert [order.item for order in card.orders] == ["di-base", "di-vitals"]
    assert "4 h after" in card.orders[1].note


def test_given_gabapentin_is_second_line_in_this_label_then_it_is_named_and_never_offered() -> None:
    """UNI-22. Hazard: the gabapentin scheme of dinutuximab beta is copied to dinutuximab."""
    card = selected().card(DRUGS)

    assert "di-gabapentin" in card.named_items
    assert not any("gabapentin" in order.text for order in card.orders)


def test_given_everything_ordered_then_there_is_no_card() -> None:
    board = (
        selected()
        .drafting("", text="Sodium chloride 0.9% 10 mL/kg IV over 1 hour")
        .drafting("morphine", "cetirizine", "paracetamol", start=DAY_1)
        .watching("Vital signs q15min", "CBC with differential", "Comprehensive metabolic panel")
    )

    assert isinstance(board.ask(DRUGS), Silent)
    assert isinstance(board.ask(MONITORING), Silent)


@pytest.mark.parametrize(
    "antihistamine",
    [
        "diphenhydramine", "cetirizine", "levocetirizine", "chlorphenamine", "dexchlorpheniramine", "loratadine",
        "desloratadine", "fexofenadine", "promethazine", "cyproheptadine", "clemastine", "ketotifen", "dimetindene",
        "hydroxyzine",
    ],
)  # fmt: skip
def test_given_any_h1_antihistamine_then_it_satisfies_the_antihistamine(antihistamine: str) -> None:
    """WHO ATC R06A, and hydroxyzine."""
    assert "di-antihistamine" not in selected().drafting(antihistamine).missing(DRUGS)


@pytest.mark.parametrize("other", ["famotidine", "dexamethasone", "ondansetron"])
def test_given_a_drug_of_another_class_then_it_does_not_satisfy_the_antihistamine(other: str) -> None:
    assert "di-antihistamine" in selected().drafting(other).missing(DRUGS)


@pytest.mark.parametrize(
    "details",
    [
        {"drugs": ("drug.morphine",), "route": "oral"},
        {"drugs": ("drug.morphine",), "text": "morphine sulfate 2 MG/ML Oral Solution"},
        {"drugs": ("drug.oxycodone",), "dosage_text": "2 mg PO every 4 h"},
        {"drugs": ("drug.fentanyl",), "text": "72 HR fentanyl 0.012 MG/HR Transdermal System"},
        {"drugs": ("drug.paracetamol_codeine",)},
        {"drugs": ("drug.codeine",)},
        {"text": "oral opioid"},
    ],
)
def test_given_an_opioid_that_is_not_injected_then_the_infusion_is_still_missing(details: dict[str, Any]) -> None:
    """UNI-22 asks for IV morphine. Hazard: a tablet stands in for the infusion, and the child is in severe pain."""
    board = selected().drafting("", **details)

    assert {"di-morphine-bolus", "di-morphine-inf"} <= set(board.missing(DRUGS))
    assert sum("that is not injected is on record" in point for point in board.card(DRUGS).points) == 1


@pytest.mark.parametrize(
    "details",
    [
        {"route": "intravenous"},
        {"route": "subcutaneous"},
        {"text": "fentanyl PCA pump, then oral"},
        {"route": "intravenous", "text": "give with the oral drugs"},
        {},
    ],
)
def test_given_an_opioid_that_may_be_injected_then_the_infusion_is_satisfied(details: dict[str, Any]) -> None:
    missing = selected().drafting("fentanyl", **details).missing(DRUGS)

    assert not {"di-morphine-bolus", "di-morphine-inf"} & set(missing)


@pytest.mark.parametrize("opioid", ["fentanyl", "hydromorphone", "oxycodone"])
def test_given_another_opioid_then_both_morphine_items_are_satisfied(opioid: str) -> None:
    """UNI-22: fentanyl or hydromorphone where morphine is not tolerated."""
    assert selected().drafting(opioid).missing(DRUGS) == ["di-hydration", "di-antihistamine", "di-paracetamol"]


@pytest.mark.parametrize("text", ["Normal saline bolus", "NaCl 0,9 %", "Prehydration per protocol"])
def test_given_a_saline_order_in_words_then_hydration_is_satisfied(text: str) -> None:
    assert "di-hydration" not in selected().drafting("", text=text).missing(DRUGS)


def test_given_the_antibodys_own_text_names_its_diluent_then_hydration_is_still_missing() -> None:
    board = orders().selecting("dinutuximab", DAY_1, text="dinutuximab in sodium chloride 0.9%")

    assert "di-hydration" in board.missing(DRUGS)


def test_given_gm_csf_on_the_orders_then_twice_weekly_blood_counts_are_needed() -> None:
    """SARG-LABEL."""
    without, beside = selected().card(MONITORING), selected().drafting("sargramostim").card(MONITORING)

    assert "di-gmcsf-cbc" in without.named_items
    assert [order.item for order in beside.orders] == ["di-base", "di-gmcsf-cbc", "di-vitals"]


@pytest.mark.parametrize(("ago", "count"), [(3, 5), (4, 0)])
def test_given_an_active_antibody_without_an_end_then_it_counts_until_day_4(ago: int, count: int) -> None:
    """UNI-22: four days in a row."""
    assert len(orders().active("dinutuximab", start=in_days(-ago)).missing(DRUGS)) == count


def test_given_the_diphenhydramine_range_then_both_ends_are_multiplied_and_the_cap_stands_beside() -> None:
    """UNI-22: 0.5-1 mg/kg, at most 50 mg; 18 kg."""
    text = next(order.dosage_text for order in selected().card(DRUGS).orders if order.item == "di-antihistamine")

    assert "0.5-1 mg/kg, at most 50 mg per dose" in text
    assert "0.5-1 mg/kg x 18 kg (2026-11-22) = 9-18 mg per dose" in text
