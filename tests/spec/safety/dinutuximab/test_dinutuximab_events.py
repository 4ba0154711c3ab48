"""Dinutuximab: what interrupts it now (SECOLA-T4, SECOLA-T5, UNI-RATES, UNI-WP)."""

from __future__ import annotations

import pytest

from hooks.recommendation import Indicator
from tests.spec.safety.charts import Chart, chart, says

RULE = "dinutuximab_events"


def selected() -> Chart:
    return chart().selecting("dinutuximab", 0)


EVENTS = [
    ("hypotension", None, "di-hypotension"),
    ("capillary_leak", 3, "di-cls-3"),
    ("capillary_leak", 4, "di-cls-4"),
    ("systemic_infection", None, "di-infection"),
]


@pytest.mark.parametrize(("kind", "grade", "item"), EVENTS)
@pytest.mark.parametrize("ago", [0, 1])
def test_given_an_event_coded_within_the_last_day_then_critical(
    kind: str, grade: int | None, item: str, ago: int
) -> None:
    card = selected().finding(kind, grade, ago=ago).card(RULE)

    assert card.indicator is Indicator.CRITICAL
    assert item in card.named_items


@pytest.mark.parametrize(("kind", "grade", "item"), EVENTS)
@pytest.mark.parametrize("ago", [2, 35])
def test_given_an_older_event_that_is_present_then_a_warning_asks_whether_it_is_over(
    kind: str, grade: int | None, item: str, ago: int
) -> None:
    card = selected().finding(kind, grade, ago=ago).card(RULE)

    assert card.indicator is Indicator.WARNING
    assert says(card, "is over")
    assert item in card.named_items


@pytest.mark.parametrize(("kind", "grade", "item"), EVENTS)
def test_given_an_event_of_an_earlier_course_or_one_that_is_over_then_silence(
    kind: str, grade: int | None, item: str
) -> None:
    """The longest course on file is 35 days (engineering choice)."""
    selected().finding(kind, grade, ago=36).silent(RULE)
    selected().finding(kind, grade, ago=0, active=False).silent(RULE)


def test_given_capillary_leak_of_grade_2_then_silence() -> None:
    selected().finding("capillary_leak", 2, ago=0).silent(RULE)


def test_given_an_event_in_words_or_undated_then_at_most_a_warning() -> None:
    """Free text never gives a critical."""
    words = selected().finding("systemic_infection", ago=0, confidence="text")
    assert words.card(RULE).indicator is Indicator.WARNING
    assert selected().finding("systemic_infection", ago=None).card(RULE).indicator is Indicator.WARNING


def test_given_sepsis_then_the_card_on_the_emergency_alone_says_so() -> None:
    """Two warnings of the same words would leave room for one more."""
    septic = selected().finding("sepsis", ago=0)

    septic.silent(RULE)
    assert septic.card("febrile_neutropenia_first").indicator is Indicator.CRITICAL


@pytest.mark.parametrize("kind", ["dilated_pupil", "visual_disturbance"])
def test_given_an_eye_sign_then_the_card_shows_label_and_series(kind: str) -> None:
    """UNI-WP against EYE-NB97 and EYE-HU14: a conflict that is shown, not solved."""
    card = selected().finding(kind, ago=3).card(RULE)

    assert card.indicator is Indicator.WARNING
    assert card.summary.startswith("Interrupt dinutuximab")
    assert says(card, "interrupts dinutuximab; it ends if it recurs or if vision is lost (UNI-WP)")
    assert says(card, "found it reversible and no reason to stop (10 of 85; mydriasis in 34 %) (EYE-NB97, EYE-HU14)")


@pytest.mark.parametrize(("value", "fires"), [(69, True), (70, False)])
def test_given_a_systolic_pressure_then_below_70_interrupts(value: int, fires: bool) -> None:
    """SECOLA-T5."""
    found = selected().measured("sbp", value, "mm[Hg]")

    if fires:
        assert found.card(RULE).indicator is Indicator.CRITICAL
        assert "systolic pressure 69 mmHg of 2026-11-22" in found.card(RULE).summary
    else:
        found.silent(RULE)


def test_given_a_low_pressure_that_is_not_coded_then_a_warning() -> None:
    card = selected().measured("sbp", 60, "mm[Hg]", confidence="text").card(RULE)

    assert card.indicator is Indicator.WARNING
    assert says(card, "Please confirm: the blood pressure")


@pytest.mark.parametrize(("ago", "fires"), [(1, True), (2, False), (None, False)])
def test_given_a_low_pressure_then_only_one_of_the_last_day_counts(ago: int | None, fires: bool) -> None:
    found = selected().measured("sbp", 60, "mm[Hg]", ago=ago)

    if fires:
        found.card(RULE)
    else:
        found.silent(RULE)


def test_given_a_lower_bound_then_it_is_no_low_pressure() -> None:
    selected().measured("sbp", 60, "mm[Hg]", comparator=">").silent(RULE)


def test_given_another_antibody_then_these_events_are_not_its_own() -> None:
    chart().selecting("naxitamab", 0).finding("hypotension", ago=0).silent(RULE)
