"""Dinutuximab beta: its premedication and monitoring (QZ-LEAF, QZ-SMPC-44, QZ-SMPC-42, BARONE-T2, GD2REVIEW)."""

from __future__ import annotations

from datetime import date

import pytest

from hooks.recommendation import Indicator, OrderKind, Silent, Topic, Undetermined
from tests.spec.supportive.boards import Orders, in_days, orders

DRUGS = "dinutuximab_beta_premedication"
MONITORING = "dinutuximab_beta_monitoring"
DAY_1 = in_days(3)

NEEDED_DRUGS = [
    "db-gabapentin-1",
    "db-gabapentin-2",
    "db-gabapentin-3",
    "db-nonopioid",
    "db-morphine-pre",
    "db-morphine-during",
]
NEEDED_MONITORING = [
    "db-labs",
    "db-base-spo2",
    "db-base-anc",
    "db-base-other",
    "db-vitals",
    "db-weight-fluid",
    "db-pain-scale",
]


def three_days_before() -> Orders:
    return orders().selecting("dinutuximab_beta", DAY_1)


def everything() -> Orders:
    return (
        three_days_before()
        .drafting("gabapentin", start=in_days(0))
        .drafting("paracetamol", "morphine", start=DAY_1)
        .watching("Vital signs monitoring", "Daily weight", "Fluid balance", "Pain score (FLACC)")
        .watching("Full blood count", "Liver function tests", "Renal function and electrolytes")
    )


def test_given_day_1_in_three_days_and_nothing_ordered_then_the_whole_premedication_is_offered_by_day() -> None:
    """QZ-SMPC-44, BARONE-T2: gabapentin on day -3, twice on day -2, three times from day -1; non-opioid; opioid."""
    card = three_days_before().card(DRUGS)

    assert [order.item for order in card.orders] == NEEDED_DRUGS
    assert [order.occurrence for order in card.orders] == [
        date(2026, 11, 22),
        date(2026, 11, 23),
        date(2026, 11, 24),
        date(2026, 11, 25),
        date(2026, 11, 25),
        date(2026, 11, 25),
    ]
    assert (card.topic, card.indicator) == (Topic.ANTI_GD2_SUPPORTIVE_CARE, Indicator.WARNING)
    assert card.subject == "dinutuximab beta"
    assert {order.kind for order in card.orders} == {OrderKind.MEDICATION_REQUEST}


def test_given_day_1_in_three_days_and_nothing_ordered_then_monitoring_stands_on_a_card_of_its_own() -> None:
    """QZ-LEAF: blood tests and regular checks; QZ-SMPC-42: start criteria; GD2REVIEW: weight, urine, pain scales."""
    card = three_days_before().card(MONITORING)

    assert [order.item for order in card.orders] == NEEDED_MONITORING
    assert card.indicator is Indicator.INFO
    assert {order.kind for order in card.orders} == {OrderKind.SERVICE_REQUEST}


def test_given_everything_ordered_then_there_is_no_card() -> None:
    assert isinstance(everything().ask(DRUGS), Silent)
    assert isinstance(everything().ask(MONITORING), Silent)


def test_given_nothing_ordered_then_rescue_and_conditional_items_are_named_and_not_offered() -> None:
    """BARONE-T2: ketamine and hyoscine as needed; EPI-LABEL: adrenaline at the bedside."""
    card = three_days_before().card(DRUGS)

    assert {"db-ketamine", "db-hyoscine", "db-anaphylaxis-adr", "db-morphine-sti-post"} <= set(card.named_items)
    assert not {order.item for order in card.orders} & set(card.named_items)
    assert "ketamine" in " ".join(card.points)


def test_given_the_antihistamine_has_no_source_for_this_agent_then_it_is_never_offered() -> None:
    """No opened source states it for dinutuximab beta; it was read for dinutuximab and naxitamab only."""
    card = three_days_before().card(DRUGS)

    assert "antihistamine" not in " ".join([*card.points, *(order.text for order in card.orders)]).lower()


def test_given_the_antibody_then_it_is_itself_never_offered() -> None:
    """Hazard: an antibody is ordered by a supportive-care card."""
    card = three_days_before().card(DRUGS)

    assert "dinutuximab" not in " ".join(order.text for order in card.orders)
    assert not {"db-regimen-lti", "db-regimen-sti"} & {*card.named_items, *(order.item for order in card.orders)}


@pytest.mark.parametrize(
    ("order", "gone"),
    [
        ("ibuprofen", ["db-nonopioid"]),
        ("metamizole", ["db-nonopioid"]),
        ("hydromorphone", ["db-morphine-pre", "db-morphine-during"]),
        ("fentanyl", ["db-morphine-pre", "db-morphine-during"]),
        ("gabapentin", ["db-gabapentin-1", "db-gabapentin-2", "db-gabapentin-3"]),
    ],
)
def test_given_a_drug_of_the_class_then_its_items_are_satisfied(order: str, gone: list[str]) -> None:
    left = [item for item in NEEDED_DRUGS if item not in gone]

    assert three_days_before().drafting(order).missing(DRUGS) == left


def test_given_gabapentin_for_the_first_day_only_then_the_next_steps_are_missing() -> None:
    board = three_days_before().drafting("gabapentin", start=in_days(0), end=in_days(0))

    assert board.missing(DRUGS)[:2] == ["db-gabapentin-2", "db-gabapentin-3"]


def test_given_gabapentin_that_starts_a_day_late_then_only_the_first_day_is_missing() -> None:
    board = three_days_before().drafting("gabapentin", start=in_days(1))

    assert board.missing(DRUGS) == ["db-gabapentin-1", "db-nonopioid", "db-morphine-pre", "db-morphine-during"]


def test_given_gabapentin_that_starts_in_time_then_none_of_its_steps_is_missing() -> None:
    board = three_days_before().drafting("gabapentin", start=in_days(0))

    assert board.missing(DRUGS) == ["db-nonopioid", "db-morphine-pre", "db-morphine-during"]


def test_given_day_1_tomorrow_and_no_gabapentin_then_days_that_are_over_are_named_and_not_offered() -> None:
    """Day 1 on 23 November: day -3 was the 20th, day -2 the 21st, day -1 is today."""
    card = orders().selecting("dinutuximab_beta", in_days(1)).card(DRUGS)

    assert card.orders[0].label == "gabapentin, day -1 (2026-11-22)"
    assert card.orders[0].occurrence == date(2026, 11, 22)
    assert not {"db-gabapentin-1", "db-gabapentin-2"} & {order.item for order in card.orders}
    missed = [point for point in card.points if point.startswith("Missed: gabapentin")]
    assert ["db-gabapentin-1" in missed[0], "db-gabapentin-2" in missed[1]] == [True, True]
    assert len(missed) == 2


def test_given_no_start_on_the_order_then_days_are_relative_and_the_gap_is_named() -> None:
    card = orders().selecting("dinutuximab_beta").card(DRUGS)

    assert [order.item for order in card.orders] == NEEDED_DRUGS
    assert [order.occurrence for order in card.orders] == [None] * 6
    assert card.orders[0].label == "gabapentin, day -3"
    assert [gap.fact for gap in card.missing] == ["day_1"]
    assert "day 1 not on the order" in card.summary


@pytest.mark.parametrize(("days", "items"), [(5, ["db-gabapentin-1"]), (6, [])])
def test_given_the_antibody_only_active_then_only_what_starts_within_two_days_is_shown(
    days: int, items: list[str]
) -> None:
    """Day -3 is 2 days ahead when day 1 is 5 days ahead, 3 days ahead when day 1 is 6 days ahead."""
    board = orders().active("dinutuximab_beta", start=in_days(days))

    assert board.missing(DRUGS) == items


def test_given_the_antibody_drafted_and_not_selected_with_no_start_then_nothing_can_be_said() -> None:
    outcome = orders().drafting("dinutuximab_beta").ask(DRUGS)

    assert isinstance(outcome, Undetermined)
    assert (outcome.missing[0].fact, outcome.card) == ("day_1", None)


@pytest.mark.parametrize(("ago", "count"), [(9, 4), (10, 0)])
def test_given_an_active_antibody_without_an_end_then_it_counts_until_day_10(ago: int, count: int) -> None:
    """QZ-LEAF: the longer schedule runs over days 1-10; started 9 days ago today is day 10."""
    board = orders().active("dinutuximab_beta", start=in_days(-ago))

    assert len(board.missing(DRUGS)) == count


def test_given_a_recent_result_then_the_start_criteria_need_no_order() -> None:
    """QZ-SMPC-42: SpO2 and neutrophils before each course."""
    board = three_days_before().measured("spo2", 98, "%", in_days(-7)).measured("anc", 1.2, "10*9/L", in_days(-7))

    assert not {"db-base-spo2", "db-base-anc"} & set(board.missing(MONITORING))


def test_given_a_result_of_8_days_ago_then_the_start_criteria_are_still_missing() -> None:
    board = three_days_before().measured("spo2", 98, "%", in_days(-8)).measured("anc", 1.2, "10*9/L", None)

    assert {"db-base-spo2", "db-base-anc"} <= set(board.missing(MONITORING))


def test_given_part_of_the_blood_tests_then_only_the_rest_is_offered() -> None:
    board = three_days_before().watching("Complete blood count", "Hepatic function panel")
    offered = {order.item: order.text for order in board.card(MONITORING).orders}

    assert offered["db-labs"] == "kidney function, electrolytes"
    assert offered["db-base-other"] == "kidney function"
    assert "db-base-anc" not in offered


def test_given_routine_monitoring_then_only_services_are_preselected_and_only_with_a_known_day() -> None:
    """Hazard: a preselected opioid is placed unseen."""
    drugs, watched = three_days_before().card(DRUGS), three_days_before().card(MONITORING)
    undated = orders().selecting("dinutuximab_beta").card(MONITORING)

    assert not any(order.recommended for order in drugs.orders)
    assert all(order.recommended for order in watched.orders)
    assert not any(order.recommended for order in undated.orders)


def test_given_a_weight_of_today_then_the_gabapentin_total_is_shown_with_its_arithmetic() -> None:
    """QZ-SMPC-44: 10 mg/kg, single dose at most 300 mg; 18 kg."""
    first, second, third = three_days_before().card(DRUGS).orders[:3]

    assert "10 mg/kg x 18 kg (2026-11-22) = 180 mg per day" in first.dosage_text
    assert "10 mg/kg twice daily, at most 300 mg per dose" in second.dosage_text
    assert "10 mg/kg x 18 kg (2026-11-22) = 180 mg per dose" in third.dosage_text


def test_given_the_morphine_rates_then_they_stay_per_kg() -> None:
    """BARONE-T2: 0.02-0.05 mg/kg/h before, 0.03 mg/kg/h during the infusion."""
    before, during = three_days_before().card(DRUGS).orders[-2:]

    assert before.dosage_text.startswith("0.02-0.05 mg/kg/h.")
    assert during.dosage_text.startswith("0.03 mg/kg/h.")
    assert "18 kg" not in before.dosage_text + during.dosage_text
