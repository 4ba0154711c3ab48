"""Naxitamab: its premedication and monitoring (DANY-21, DANY-22, DANY-51, DANY-MONO), days counted with a day 0."""

from __future__ import annotations

from datetime import date

import pytest

from hooks.facts.fact import Known
from hooks.pathways.relapsed_neuroblastoma.facts import TreatmentLine
from hooks.recommendation import Silent
from tests.spec.supportive.boards import Orders, in_days, orders

DRUGS = "naxitamab_premedication"
MONITORING = "naxitamab_monitoring"
DAY_1 = in_days(5)

NEEDED_DRUGS = [
    "nx-gmcsf-1",
    "nx-gabapentin",
    "nx-gmcsf-2",
    "nx-opioid-oral",
    "nx-steroid",
    "nx-h1",
    "nx-h2",
    "nx-paracetamol",
]


def selected() -> Orders:
    return orders().selecting("naxitamab", DAY_1)


def test_given_nothing_ordered_five_days_before_then_gm_csf_and_gabapentin_start_today() -> None:
    """DANY-21, DANY-22: day -4 is five days before day 1, because the label counts a day 0."""
    card = selected().card(DRUGS)

    assert [order.item for order in card.orders] == NEEDED_DRUGS
    assert [order.occurrence for order in card.orders[:3]] == [
        date(2026, 11, 22),
        date(2026, 11, 22),
        date(2026, 11, 27),
    ]
    assert "overdue" not in card.orders[0].label


def test_given_day_1_in_four_days_then_day_minus_4_was_yesterday() -> None:
    card = orders().selecting("naxitamab", in_days(4)).card(DRUGS)

    assert card.orders[0].label == "sargramostim, priming, day -4 (2026-11-21, overdue)"


def test_given_nothing_ordered_then_blood_pressure_and_observation_are_offered() -> None:
    """DANY-MONO: blood pressure before the start, here day 0; DANY-51: observe for at least 2 h."""
    card = selected().card(MONITORING)

    assert [(order.item, order.occurrence) for order in card.orders] == [
        ("nx-bp", date(2026, 11, 26)),
        ("nx-observe", date(2026, 11, 27)),
    ]


def test_given_everything_ordered_then_there_is_no_card() -> None:
    board = (
        selected()
        .drafting("sargramostim", "gabapentin", start=in_days(0))
        .drafting("oxycodone", "dexamethasone", "loratadine", "famotidine", "paracetamol", start=DAY_1)
        .watching("Vital signs and close observation for 2 hours after infusion")
    )

    assert isinstance(board.ask(DRUGS), Silent)
    assert isinstance(board.ask(MONITORING), Silent)


def test_given_a_blood_pressure_of_this_week_then_it_needs_no_order() -> None:
    board = selected().measured("sbp", 98, "mm[Hg]", in_days(-1))

    assert board.missing(MONITORING) == ["nx-observe"]


def test_given_an_earlier_naxitamab_order_then_the_steroid_is_named_and_not_needed() -> None:
    """DANY-22: required before the first infusion, later only after a severe reaction."""
    first, later = selected().card(DRUGS), selected().past("naxitamab", start=in_days(-28)).card(DRUGS)

    assert "nx-steroid" in [order.item for order in first.orders]
    assert "nx-steroid" not in [order.item for order in later.orders]
    assert "nx-steroid" in later.named_items


def test_given_an_earlier_line_with_naxitamab_then_the_steroid_is_named_and_not_needed() -> None:
    line = TreatmentLine(frozenset({"drug.naxitamab"}), start=in_days(-60), end=in_days(-30))
    board = selected()
    child = board.child.knowing(treatment_lines=Known((line,)))

    assert "nx-steroid" not in board.of(child).missing(DRUGS)


def test_given_an_earlier_course_of_another_antibody_then_the_steroid_is_still_needed() -> None:
    assert "nx-steroid" in selected().past("dinutuximab_beta", start=in_days(-60)).missing(DRUGS)


@pytest.mark.parametrize("partner", ["irinotecan", "temozolomide", "topotecan", "cyclophosphamide"])
def test_given_chemotherapy_beside_it_then_the_gm_csf_days_of_the_label_are_not_asked_for(partner: str) -> None:
    """SARG-LABEL: not within 24 h of chemotherapy. Hazard: GM-CSF days collide with chemotherapy days."""
    card = selected().drafting(partner, start=DAY_1).card(DRUGS)

    assert not {"nx-gmcsf-1", "nx-gmcsf-2"} & {order.item for order in card.orders}
    assert {"nx-gmcsf-1", "nx-gmcsf-2"} <= set(card.named_items)
    assert "beside chemotherapy its days follow the protocol" in " ".join(card.points)


def test_given_filgrastim_then_it_is_no_gm_csf() -> None:
    assert "nx-gmcsf-1" in selected().drafting("filgrastim").missing(DRUGS)


def test_given_a_weight_of_50_kg_then_methylprednisolone_is_capped_at_80_mg() -> None:
    """DANY-22: 2 mg/kg, at most 80 mg."""
    board = selected()
    heavy = board.of(board.child.weighing(kg=50.0, cm=160.0)).card(DRUGS)
    text = next(order.dosage_text for order in heavy.orders if order.item == "nx-steroid")

    assert "2 mg/kg x 50 kg (2026-11-22) = 100 mg per dose, capped: 80 mg per dose" in text


def test_given_gabapentin_without_a_sourced_dose_then_the_drug_is_named_without_one() -> None:
    """DANY-22 gives the days and no dose. Hazard: the dose of dinutuximab beta is copied."""
    text = next(order.dosage_text for order in selected().card(DRUGS).orders if order.item == "nx-gabapentin")

    assert text.startswith("Dose by the local protocol")
    assert "mg" not in text


def test_given_the_schedule_of_the_label_then_an_active_antibody_counts_until_day_5() -> None:
    """DANY-21: days 1, 3 and 5; gabapentin runs on to day 7, but no infusion is left."""
    on_day_5 = orders().active("naxitamab", start=in_days(-4)).missing(DRUGS)
    on_day_6 = orders().active("naxitamab", start=in_days(-5)).missing(DRUGS)

    assert {"nx-gmcsf-2", "nx-gabapentin", "nx-h1"} <= set(on_day_5)
    assert on_day_6 == []
    assert "nx-gmcsf-1" not in on_day_5
