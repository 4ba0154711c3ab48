"""Immunosuppressants and dinutuximab beta (QZ-LEAF): 14 days before the first course until 7 days after the last.

Day 1 is A, the last day of the immunosuppressant is E: A - E = 14 stands inside the window, 15 outside.
"""

from __future__ import annotations

import pytest

from hooks.recommendation import Indicator, Topic
from tests.spec.safety.charts import Chart, chart, in_days, missing, says

RULE = "immunosuppressant_with_dinutuximab_beta"


def beta(start: int | None = 3, end: int | None = 12) -> Chart:
    return chart().selecting("dinutuximab beta", start, end)


@pytest.mark.parametrize(("last", "fires"), [(-10, True), (-11, True), (-12, False), (-30, False)])
def test_given_sirolimus_that_ended_then_14_days_before_day_1_are_inside_and_15_are_not(last: int, fires: bool) -> None:
    """Day 1 in three days: eleven days ago is 14 days before it, twelve days ago is 15."""
    asked = beta().past("sirolimus", -60, last)

    if fires:
        assert asked.card(RULE).indicator is Indicator.WARNING
    else:
        asked.silent(RULE)


def test_given_sirolimus_that_ended_three_days_ago_then_the_earliest_day_1_is_computed() -> None:
    card = beta().past("sirolimus", -60, -3).card(RULE)

    assert card.topic is Topic.ANTI_GD2_SAFETY
    assert card.subject == "dinutuximab beta"
    assert says(card, "Earliest day 1 of dinutuximab beta by this window: 2026-12-04 (sirolimus ends 2026-11-19).")
    assert card.named_items == ("db-avoid-immunosupp", "si-gd2")


def test_given_sirolimus_that_runs_without_an_end_then_its_latest_last_day_is_computed() -> None:
    """RIST before the antibody."""
    card = beta(20, 29).active("sirolimus", -60).card(RULE)

    assert says(card, "For day 1 on 2026-12-12 the last day of sirolimus is 2026-11-27 or earlier.")
    assert says(
        card, "Earliest day 1 of dinutuximab beta by this window: 2026-12-07 (if sirolimus ends today, 2026-11-22)."
    )
    assert card.summary == (
        "Avoid sirolimus near dinutuximab beta: sirolimus active, from 2026-09-23; "
        "day 1 2026-12-12, earliest 2026-12-07"
    )


@pytest.mark.parametrize(("last", "fires"), [(6, True), (5, False)])
def test_given_an_active_order_with_an_end_then_the_same_boundary_holds(last: int, fires: bool) -> None:
    asked = beta(20, 29).active("tacrolimus", -60, last)

    if fires:
        asked.card(RULE)
    else:
        asked.silent(RULE)


@pytest.mark.parametrize(("start", "fires"), [(36, True), (37, False)])
def test_given_an_immunosuppressant_after_the_course_then_7_days_after_are_inside_and_8_are_not(
    start: int, fires: bool
) -> None:
    asked = beta(20, 29).drafting("tacrolimus", start, start + 5)

    if fires:
        asked.card(RULE)
    else:
        asked.silent(RULE)


@pytest.mark.parametrize(("last", "fires"), [(-7, True), (-8, False)])
def test_given_only_an_earlier_course_then_a_selected_immunosuppressant_waits_7_days(last: int, fires: bool) -> None:
    asked = chart().past("dinutuximab beta", last - 9, last).selecting("sirolimus", 0)

    if fires:
        card = asked.card(RULE)
        assert says(card, "The window stays open until 2026-11-22, 7 days after the last day of this course.")
        assert not says(card, "Earliest day 1")
    else:
        asked.silent(RULE)


def test_given_an_earlier_course_whose_end_nobody_knows_then_silence() -> None:
    chart().past("dinutuximab beta").selecting("sirolimus", 0).silent(RULE)


def test_given_sirolimus_selected_while_the_antibody_is_only_drafted_then_the_card_speaks() -> None:
    chart().drafting("dinutuximab beta", 10, 19).selecting("sirolimus", 0).card(RULE)


def test_given_both_only_active_then_nobody_is_nagged() -> None:
    asked = chart().active("dinutuximab beta", 0, 9).active("sirolimus", -5).selecting("ondansetron", 0)

    asked.silent(RULE)


def test_given_no_day_1_then_a_standing_order_still_warns_and_the_day_is_missing() -> None:
    card = beta(None, None).active("sirolimus", -5).card(RULE)

    assert card.indicator is Indicator.WARNING
    assert missing(card) == ["Day 1 of dinutuximab beta: not on the order"]
    assert says(card, "Please confirm: the days of sirolimus and of dinutuximab beta")


@pytest.mark.parametrize(("last", "fires"), [(-14, True), (-15, False)])
def test_given_no_day_1_and_an_order_that_ended_then_the_earliest_day_is_told_as_information(
    last: int, fires: bool
) -> None:
    asked = beta(None, None).past("sirolimus", -60, last)

    if fires:
        card = asked.card(RULE)
        assert card.indicator is Indicator.INFO
        assert says(card, "Earliest day 1 of dinutuximab beta by this window: 2026-11-23 (sirolimus ends 2026-11-08).")
    else:
        asked.silent(RULE)


@pytest.mark.parametrize("state", ["completed", "stopped"])
def test_given_an_order_that_ended_without_days_then_its_last_day_is_asked(state: str) -> None:
    """Hazard: an unknown last day is read as one before the window."""
    card = beta().past("sirolimus", state=state).card(RULE)

    assert card.indicator is Indicator.INFO
    assert card.summary.startswith("Confirm sirolimus near dinutuximab beta")
    assert says(card, "Please confirm: the last day of sirolimus.")
    assert says(card, "2026-12-07 (if sirolimus ended by today, 2026-11-22)")


@pytest.mark.parametrize(
    ("start", "indicator"), [(-11, Indicator.WARNING), (-12, Indicator.INFO), (-84, Indicator.INFO), (-85, None)]
)
def test_given_an_ended_order_with_a_first_day_alone_then_only_one_inside_the_window_is_certain(
    start: int, indicator: Indicator | None
) -> None:
    """14 days before day 1 (QZ-LEAF); after 84 days it was another line of treatment (engineering choice)."""
    asked = beta().past("sirolimus", start)

    if indicator is None:
        asked.silent(RULE)
    else:
        assert asked.card(RULE).indicator is indicator


def test_given_an_ended_order_that_says_only_when_it_was_written_then_that_day_is_its_first() -> None:
    assert beta().past("sirolimus", authored=in_days(-5)).card(RULE).indicator is Indicator.WARNING
    beta().past("sirolimus", authored=in_days(-100)).silent(RULE)


@pytest.mark.parametrize(("day_1", "fires"), [(14, True), (15, False)])
def test_given_an_ended_order_then_a_window_that_opens_after_today_holds_nothing_of_it(day_1: int, fires: bool) -> None:
    asked = beta(day_1, day_1 + 9).past("sirolimus", -5)

    if fires:
        asked.card(RULE)
    else:
        asked.silent(RULE)


def test_given_no_day_1_and_an_order_that_ended_without_days_then_its_last_day_is_asked() -> None:
    assert says(beta(None, None).past("sirolimus").card(RULE), "the last day of sirolimus")


def test_given_a_dose_that_was_given_then_its_day_counts() -> None:
    beta().past("sirolimus", -5, state="given").card(RULE)
    beta().past("sirolimus", -30, state="given").silent(RULE)


@pytest.mark.parametrize(("last", "running"), [(-81, True), (-82, False)])
def test_given_an_earlier_course_then_only_one_of_the_same_treatment_keeps_the_window_open(
    last: int, running: bool
) -> None:
    """After a pause of more than 84 days it is another line of treatment (engineering choice), with a first course."""
    card = beta().past("dinutuximab beta", last - 9, last).past("sirolimus", -20, -3).card(RULE)

    assert (
        says(card, "dinutuximab beta was given before in this treatment: the window stays open between its courses.")
        is running
    )
    assert says(card, "Earliest day 1") is not running


def test_given_an_antibody_in_frontline_treatment_then_the_earliest_day_is_still_computed() -> None:
    """Hazard: an antibody of two years ago hides the date that a clinician needs."""
    card = beta().past("dinutuximab beta", -900, -700).active("sirolimus", -60).card(RULE)

    assert card.summary.endswith("day 1 2026-11-25, earliest 2026-12-07")


def test_given_an_antibody_order_without_a_last_day_then_its_first_day_counts() -> None:
    card = beta().past("dinutuximab beta", -30).past("sirolimus", -20, -3).card(RULE)

    assert says(card, "dinutuximab beta was given before in this treatment")


def test_given_a_draft_that_begins_before_the_window_without_an_end_then_its_days_are_asked() -> None:
    card = beta(30, 39).drafting("tacrolimus", 2).card(RULE)

    assert says(card, "the days of tacrolimus and of dinutuximab beta")


def test_given_a_draft_without_days_then_its_days_are_asked() -> None:
    assert says(beta(30, 39).drafting("tacrolimus").card(RULE), "the days of tacrolimus")


def test_given_two_immunosuppressants_then_each_has_its_line() -> None:
    card = beta().past("sirolimus", -60, -3).active("tacrolimus", -5, 2).card(RULE)

    assert says(card, "2026-12-04 (sirolimus ends 2026-11-19)")
    assert says(card, "2026-12-09 (tacrolimus ends 2026-11-24)")
    assert card.summary.endswith("(and 1 more)")


@pytest.mark.parametrize("name", ["dinutuximab", "naxitamab"])
def test_given_another_antibody_then_the_window_is_not_its_own(name: str) -> None:
    """Hazard: the 14 days of dinutuximab beta are held against another antibody."""
    asked = chart().selecting(name, 3, 6).active("sirolimus", -5)

    asked.silent(RULE)
    assert not any("sirolimus" in card.summary for card in asked.speaking().values())


@pytest.mark.parametrize("start", [-5, -200])
def test_given_an_order_on_hold_then_its_last_day_is_asked_and_whether_it_is_taken_again(start: int) -> None:
    card = beta().active("sirolimus", start, state="on_hold").card(RULE)

    assert card.indicator is Indicator.INFO
    assert says(card, "Please confirm: the last day of sirolimus, and whether it is taken again.")


@pytest.mark.parametrize(
    ("day_1", "last", "indicator"),
    [(3, 20, Indicator.INFO), (30, 16, Indicator.INFO), (30, 15, None), (None, 9, Indicator.INFO)],
)
def test_given_an_order_on_hold_with_a_planned_end_then_only_one_that_may_reach_the_window_is_asked(
    day_1: int | None, last: int, indicator: Indicator | None
) -> None:
    asked = beta(day_1, None).active("sirolimus", -5, last, state="on_hold")

    if indicator is None:
        asked.silent(RULE)
    else:
        assert asked.card(RULE).indicator is indicator


def test_given_no_antibody_at_all_then_silence() -> None:
    assert chart().selecting("sirolimus", 0).silent(RULE).because == "No dinutuximab beta is ordered or was given."


def test_given_an_active_order_without_a_first_day_then_it_runs_already() -> None:
    beta(3, 12).active("tacrolimus", None, None).card(RULE)
    beta(30, 39).active("tacrolimus", None, 5).silent(RULE)
