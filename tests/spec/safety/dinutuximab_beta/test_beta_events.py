"""Dinutuximab beta: reactions by grade (QZ-DOSEMOD), neurotoxicity (WIECZOREK), recent herpes (WIECZOREK-T3)."""

from __future__ import annotations

import pytest

from hooks.recommendation import Indicator
from tests.spec.safety.charts import Chart, chart, says

RULE = "dinutuximab_beta_events"


def selected() -> Chart:
    return chart().selecting("dinutuximab beta", 0)


@pytest.mark.parametrize(
    ("grade", "indicator", "item"),
    [
        (1, Indicator.INFO, "db-dm-any-12"),
        (2, Indicator.INFO, "db-dm-any-12"),
        (3, Indicator.WARNING, "db-dm-any-3"),
        (4, Indicator.WARNING, "db-dm-any-3"),
    ],
)
def test_given_a_reaction_put_down_to_it_then_its_grade_decides(grade: int, indicator: Indicator, item: str) -> None:
    card = selected().finding("pain", grade, ago=1, under="dinutuximab beta").card(RULE)

    assert card.indicator is indicator
    assert card.named_items == (item,)


def test_given_a_reaction_of_grade_5_or_none_or_of_no_named_cause_then_silence() -> None:
    selected().finding("pain", 5, ago=1, under="dinutuximab beta").silent(RULE)
    selected().finding("pain", None, ago=1, under="dinutuximab beta").silent(RULE)
    selected().finding("pain", 3, ago=1).silent(RULE)
    selected().finding("pain", 3, ago=1, under="naxitamab").silent(RULE)


@pytest.mark.parametrize("kind", ["infusion_reaction", "capillary_leak", "hypotension"])
def test_given_a_severe_reaction_of_the_infusion_without_a_cause_then_the_cause_is_asked(kind: str) -> None:
    """Hazard: capillary leak on day 2 stands in the chart without the name of the antibody, and nothing is said."""
    running = selected().active("dinutuximab beta", -1, 3)

    card = running.finding(kind, 3, ago=0).card(RULE)
    assert card.indicator is Indicator.WARNING
    assert card.named_items == ("db-dm-any-3",)
    assert says(card, "came under dinutuximab beta")
    running.finding(kind, 2, ago=0).silent(RULE)
    running.finding(kind, 3, ago=2).silent(RULE)
    running.finding(kind, 3, ago=0, under="naxitamab").silent(RULE)
    running.finding(kind, 3, ago=None).silent(RULE)
    selected().finding(kind, 3, ago=0).silent(RULE)


def test_given_a_reaction_that_is_over_or_of_an_earlier_course_then_silence() -> None:
    selected().finding("pain", 3, ago=1, under="dinutuximab beta", active=False).silent(RULE)
    selected().finding("pain", 3, ago=36, under="dinutuximab beta").silent(RULE)


def test_given_the_same_severe_reaction_twice_then_the_day_ends() -> None:
    twice = selected().finding("pain", 3, ago=2, under="dinutuximab beta")
    twice = twice.finding("pain", 3, ago=1, under="dinutuximab beta")

    assert "db-dm-recur-3" in twice.card(RULE).named_items


def test_given_two_different_severe_reactions_then_neither_is_recurrent() -> None:
    two = selected().finding("pain", 3, ago=2, under="dinutuximab beta")
    two = two.finding("hypotension", 3, ago=1, under="dinutuximab beta")

    assert two.card(RULE).named_items == ("db-dm-any-3",)


@pytest.mark.parametrize(
    ("grade", "ago", "indicator", "item"),
    [
        (1, 1, Indicator.WARNING, "db-dm-hyp-12"),
        (2, 1, Indicator.WARNING, "db-dm-hyp-12"),
        (3, 1, Indicator.CRITICAL, "db-dm-hyp-3"),
        (4, 0, Indicator.CRITICAL, "db-dm-hyp-3"),
        (3, 2, Indicator.WARNING, "db-dm-hyp-3"),
    ],
)
def test_given_hypersensitivity_then_it_has_rows_of_its_own(
    grade: int, ago: int, indicator: Indicator, item: str
) -> None:
    """Grade 3 or more within the last day is an emergency; later courses are possible."""
    card = selected().finding("hypersensitivity", grade, ago=ago, under="dinutuximab beta").card(RULE)

    assert card.indicator is indicator
    assert card.named_items == (item,)


def test_given_hypersensitivity_without_a_cause_then_the_cause_is_asked() -> None:
    card = selected().finding("hypersensitivity", 3, ago=0).card(RULE)

    assert card.indicator is Indicator.WARNING
    assert says(card, "whether hypersensitivity grade 3 came under dinutuximab beta")


@pytest.mark.parametrize("kind", ["severe_cns_toxicity", "transverse_myelitis", "pres"])
def test_given_severe_neurotoxicity_at_any_time_then_a_warning_asks(kind: str) -> None:
    """Whether the product text stops it for good was not read (WIECZOREK)."""
    card = selected().finding(kind, ago=200, active=False).card(RULE)

    assert card.indicator is Indicator.WARNING
    assert card.named_items == ("db-dm-cns",)
    assert says(card, "whether the product text stops for good was not read")


def test_given_severe_neurotoxicity_coded_today_then_critical() -> None:
    assert selected().finding("transverse_myelitis", ago=0).card(RULE).indicator is Indicator.CRITICAL


@pytest.mark.parametrize(("grade", "fires"), [(2, False), (3, True), (4, True)])
def test_given_motor_neuropathy_then_grade_3_and_4_count(grade: int, fires: bool) -> None:
    found = selected().finding("motor_neuropathy", grade, ago=3)

    if fires:
        assert found.card(RULE).named_items == ("db-dm-cns",)
    else:
        found.silent(RULE)


def test_given_neurotoxicity_under_another_antibody_then_silence() -> None:
    selected().finding("transverse_myelitis", ago=3, under="naxitamab").silent(RULE)


@pytest.mark.parametrize("kind", ["herpes_simplex", "varicella_zoster"])
@pytest.mark.parametrize(("ago", "fires"), [(56, True), (57, False), (None, False)])
def test_given_herpes_or_zoster_then_eight_weeks_are_named(kind: str, ago: int | None, fires: bool) -> None:
    found = selected().finding(kind, ago=ago, active=False)

    if fires:
        card = found.card(RULE)
        assert card.indicator is Indicator.INFO
        assert card.named_items == ("db-zoster",)
    else:
        found.silent(RULE)
