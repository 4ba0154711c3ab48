"""Stable disease and minor response: when alternatives are shown and when the response is insufficient."""

from __future__ import annotations

import pytest

from hooks.pathways.relapsed_neuroblastoma.rules.salvage import salvage_options
from tests.spec.children import Child, a_relapsed_child
from tests.spec.outcomes import (
    fired,
    says,
    silent,
    standings,
)

EU = a_relapsed_child().in_jurisdiction("EU")


def progressing(regimen: str = "DB_TTO", cycles: int = 2) -> Child:
    return EU.on_regimen(regimen, cycles=cycles, since_evaluation=0).responded("PD")


def offered(child: Child) -> dict[str, str]:
    return standings(fired(salvage_options, child))


AFTER_TEMOZOLOMIDE = progressing("TEMIRI").having(
    failed_temozolomide="yes", failed_irinotecan="yes", failed_topotecan="no"
)


@pytest.mark.parametrize(("cycles", "act"), [(4, "Show alternatives"), (5, "Show alternatives"), (6, "Choose salvage")])
def test_given_stable_disease_when_cycles_pass_then_alternatives_come_before_salvage(cycles: int, act: str) -> None:
    """Stop rule: at 4 cycles alternatives, at 6 insufficient (LERMAN: 13 % of early SD ever responded)."""
    card = fired(salvage_options, EU.on_regimen("DB_TTO", cycles, 0).responded("SD"))

    assert card.summary.startswith(f"{act}")
    assert f"SD on 2026-11-16 after {cycles} cycles" in card.summary
    assert says(card.points, "13 % ever responded")
    assert says(card.points, "engineering choices; the review does not define")
    assert says(card.points, "65 v 39 %")


@pytest.mark.parametrize("cycles", [2, 3])
def test_given_stable_disease_early_when_asked_then_going_on_is_silent(cycles: int) -> None:
    answer = silent(salvage_options, EU.on_regimen("DB_TTO", cycles, 0).responded("SD"))

    assert answer.because == f"SD on 2026-11-16, after {cycles} cycles: go on and evaluate again."


@pytest.mark.parametrize(("cycles", "named"), [(4, False), (6, True)])
def test_given_stable_disease_when_going_on_is_still_a_choice_then_the_running_regimen_is_not_barred(
    cycles: int, named: bool
) -> None:
    assert ("DB_TTO" in offered(EU.on_regimen("DB_TTO", cycles, 0).responded("SD"))) is named


def test_given_a_regimen_outside_the_list_when_it_failed_then_it_is_named_last_as_already_given() -> None:
    """The chart asks about it."""
    card = fired(salvage_options, progressing("RIST"))

    assert list(standings(card).items())[-1] == ("RIST", "not_suitable")


def test_given_drugs_that_are_no_regimen_on_file_when_they_failed_then_nothing_is_named_for_them() -> None:
    assert "other" not in offered(progressing("other"))


@pytest.mark.parametrize("category", ["SD", "MR"])
def test_given_stable_bone_disease_when_alternatives_are_shown_then_naxitamab_is_among_them(category: str) -> None:
    """Table F: consolidation with naxitamab from SD or minor response in bone or marrow disease (NAXI-LABEL)."""
    child = EU.on_regimen("DB_TTO", 4, 0).responded(category)

    assert offered(child.with_sites("bone"))["NAXITAMAB_GMCSF"] == "alternative"
    assert "NAXITAMAB_GMCSF" not in offered(child)
    assert "NAXITAMAB_GMCSF" not in offered(AFTER_TEMOZOLOMIDE.with_sites("bone"))


@pytest.mark.parametrize(("criteria", "asked"), [("INRC 2017", False), ("INRC 1993", True), ("unstated", True)])
def test_given_mr_when_the_criteria_are_not_inrc_2017_then_its_two_meanings_are_named(
    criteria: str, asked: bool
) -> None:
    """MR: minor (INRC 2017) or mixed (older reports)."""
    card = fired(salvage_options, EU.on_regimen("DB_TTO", 4, 0).responded("MR", criteria=criteria))

    assert says(card.points, "mixed response in older reports") is asked
    assert says(card.points, "about 40 % later became complete")


def test_given_progression_when_planned_then_nothing_is_said_about_stable_disease() -> None:
    card = fired(salvage_options, AFTER_TEMOZOLOMIDE)

    assert not says(card.points, "13 % ever responded")
    assert not says(card.points, "about 40 %")
    assert says(card.points, "35 % v 82 % in new relapse")
