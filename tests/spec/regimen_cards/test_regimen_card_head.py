"""The head of a regimen card: trials, first choices, and what must be known first."""

from __future__ import annotations

import pytest

from hooks.pathways.relapsed_neuroblastoma.rules.products import product_names
from hooks.pathways.relapsed_neuroblastoma.rules.regimen_head import head_of
from hooks.recommendation import MissingFact, Option, Standing


def an_option(name: str, standing: Standing) -> Option:
    return Option(regimen=name, name=name, standing=standing)


def test_given_a_trial_and_first_choices_when_headed_then_three_lines_say_what_matters() -> None:
    options = (
        an_option("Trial A", Standing.TRIAL),
        an_option("B", Standing.PREFERRED),
        an_option("C", Standing.PREFERRED),
        an_option("D", Standing.ALTERNATIVE),
        an_option("E", Standing.PROVISIONAL),
    )
    missing = (
        MissingFact("alk", "not found", "ALK: not found"),
        MissingFact("gd2", "not found", "GD2: not found"),
        MissingFact("mycn", "too old", "MYCN: old"),
        MissingFact("sites", "pending", "Sites: pending"),
        MissingFact("response", "conflicting", "Response: conflict"),
    )

    assert head_of(options, missing) == (
        "Trials to check first: Trial A.",
        "First choices: B; C. Provisional, to be confirmed: E.",
        "To know first: ALK, GD2 on tumour cells (not on record); MYCN (not of current tissue); "
        "sites of active disease (pending); response (sources disagree).",
    )


@pytest.mark.parametrize(
    ("standings", "line"),
    [
        ((Standing.ALTERNATIVE,) * 5, "No single first choice; alternatives: 0; 1; 2; 3; and 1 more."),
        ((Standing.REFER, Standing.CAUTION), "Each with caution: 1."),
        ((Standing.REFER, Standing.NOT_SUITABLE), "By referral only: 0."),
    ],
)
def test_given_nothing_preferred_when_headed_then_the_best_standing_is_named(
    standings: tuple[Standing, ...], line: str
) -> None:
    options = tuple(an_option(str(place), standing) for place, standing in enumerate(standings))

    assert head_of(options, ()) == (line,)


def test_given_only_unsuitable_options_when_headed_then_there_is_no_head() -> None:
    assert head_of((an_option("A", Standing.NOT_SUITABLE),), ()) == ()


@pytest.mark.parametrize(
    ("words", "named"),
    [
        ("Dinutuximab beta + topotecan", "Dinutuximab BETA (Qarziba) + topotecan"),
        ("haploidentical, then dinutuximab beta", "haploidentical, then dinutuximab BETA (Qarziba)"),
        ("Dinutuximab + irinotecan", "Dinutuximab (Unituxin) + irinotecan"),
        ("Naxitamab + GM-CSF", "Naxitamab + GM-CSF"),
    ],
)
def test_given_names_that_look_alike_when_said_then_the_product_stands_beside_them(words: str, named: str) -> None:
    """Hazard: dinutuximab and dinutuximab beta are taken for each other."""
    assert product_names(words) == named
    assert product_names(named) == named
