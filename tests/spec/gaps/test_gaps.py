"""What could not be had is named on every card: missing data is never read as negative."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hooks.pathways.relapsed_neuroblastoma.facts import Facts
from hooks.pathways.relapsed_neuroblastoma.prefetch import OPTIONAL, REQUIRED, TEMPLATES
from hooks.pathways.relapsed_neuroblastoma.rules.gaps import with_gaps
from hooks.recommendation import Decision, Recommendation, RuleId, Topic

CARD = Recommendation(topic=Topic.OUT_OF_SCOPE, rule=RuleId("a_rule"), summary="A card", why_now=("Because.",))
DECISION = Decision(recommendations=(CARD, replace(CARD, topic=Topic.RELAPSE_BIOPSY)))
NOBODY = Facts(patient_id="p1")


def test_given_a_whole_chart_when_cards_are_said_then_nothing_is_added() -> None:
    assert with_gaps(DECISION, NOBODY) is DECISION


@pytest.mark.parametrize("key", [key for key in TEMPLATES if key not in (*OPTIONAL, "patient")])
def test_given_a_part_that_could_not_be_had_when_cards_are_said_then_each_names_it(key: str) -> None:
    """Hazard: "MYCN not found" is read as "not amplified" although the results could not be fetched."""
    said = with_gaps(DECISION, replace(NOBODY, data_gaps=(key,)))

    gaps = [card.missing for card in said.recommendations]
    assert [(gap.fact, gap.why, gap.looked_in) for (gap,) in gaps] == [("chart", "could not be retrieved", (key,))] * 2
    assert all(gap.label.startswith("Could not be retrieved, or not all of it: ") for (gap,) in gaps)


@pytest.mark.parametrize("key", OPTIONAL)
def test_given_an_optional_key_that_could_not_be_had_when_cards_are_said_then_it_is_no_gap(key: str) -> None:
    assert with_gaps(DECISION, replace(NOBODY, data_gaps=(key,))) is DECISION


def test_given_a_silent_decision_when_something_could_not_be_had_then_it_stays_silent() -> None:
    assert not with_gaps(Decision(recommendations=()), replace(NOBODY, data_gaps=("labs",))).recommendations


def test_given_the_required_keys_when_gaps_are_named_then_only_further_pages_of_conditions_can_be_one() -> None:
    """Without the patient there is no answer at all; of conditions only the rest of a long list can be away."""
    assert REQUIRED == ("patient", "conditions")
