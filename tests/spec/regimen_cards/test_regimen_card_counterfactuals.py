"""What would change a card: only what makes sense for this child, each with the standing that results."""

from __future__ import annotations

from datetime import date

import pytest

from hooks.explain import Explanation, Run, explain, with_counterfactuals
from hooks.facts.fact import Known
from hooks.pathways.relapsed_neuroblastoma.enumeration import ALTERNATIVES
from hooks.pathways.relapsed_neuroblastoma.facts import DiseaseEvent, WorkupItem, WorkupState
from hooks.pathways.relapsed_neuroblastoma.knowledge import KNOWLEDGE
from hooks.pathways.relapsed_neuroblastoma.services import RULES
from hooks.recommendation import Topic
from tests.spec.children import Child, a_child, a_relapsed_child

DAY = date(2026, 11, 22)


def lines(child: Child, service: str = "relapse-regimen") -> tuple[Topic, tuple[str, ...]]:
    run = Run(RULES[service], child.facts(), KNOWLEDGE, DAY, ALTERNATIVES)
    card = with_counterfactuals(run).recommendations[0]
    return card.topic, card.would_change_if


def test_given_no_treatment_of_the_event_when_asked_then_no_response_is_imagined() -> None:
    topic, said = lines(a_relapsed_child())

    assert topic is Topic.REINDUCTION_REGIMEN
    assert said
    assert not any("Response" in line for line in said)
    assert any(line.startswith("MYCN amplified on current tissue") for line in said)


def test_given_a_response_when_it_were_progression_then_the_card_that_takes_over_is_named() -> None:
    topic, said = lines(a_relapsed_child().on_regimen("TEMIRI", 4, 0).responded("PR"))

    assert topic is Topic.CONSOLIDATION_REGIMEN
    assert any("PD" in line and line.endswith("another card takes over: Salvage regimen") for line in said)
    assert not any("unknown date" in line for line in said)


@pytest.mark.parametrize(("regimen", "imagined"), [("DB_LTI", False), ("TEMIRI", True)])
def test_given_progression_that_ended_a_consolidation_when_asked_then_no_other_response_is_imagined(
    regimen: str, imagined: bool
) -> None:
    """With another response the consolidation would be completed too: the card it leads to cannot be told from one."""
    child = a_relapsed_child().with_mycn("not_amplified").with_alk("negative").with_gd2("positive")
    child = child.treated_with(regimen=regimen).after(5).responded("PD").having(consolidation_done="no")

    topic, said = lines(child)

    assert topic is Topic.SALVAGE_REGIMEN
    assert any(line.startswith("Response") for line in said) is imagined


def test_given_remission_when_asked_then_progression_is_not_imagined() -> None:
    """Hazard: a card in remission says what progression would call for, out of place."""
    child = (
        a_relapsed_child()
        .on_regimen("TEMIRI", 4, 0)
        .responded("CR")
        .having(consolidation_done="yes", prior_anti_gd2="yes")
    )
    child = child.knowing(disease_event=Known(DiseaseEvent.IN_REMISSION, (), DAY))

    _, said = lines(child)

    assert not any(line.startswith("Response") for line in said)


@pytest.mark.parametrize("word", ["Response", "done", "no longer offered"])
def test_given_the_work_up_when_asked_then_it_does_not_say_that_what_is_done_is_done(word: str) -> None:
    topic, said = lines(a_relapsed_child(), "relapse-workup")

    assert topic is Topic.RELAPSE_BIOPSY
    assert not any(word in line for line in said)


def explained(child: Child) -> Explanation:
    """The explanation of re-induction."""
    run = Run(RULES["relapse-regimen"], child.facts(), KNOWLEDGE, DAY, ALTERNATIVES)
    return next(found for found in explain(run, lambda _names: ((), ())) if found.rule == "reinduction_options")


@pytest.mark.parametrize("event", ["none", "in_remission", "suspected_relapse"])
def test_given_no_active_event_when_explained_then_the_events_that_would_open_the_pathway_are_named(event: str) -> None:
    child = a_child().high_risk().with_no_treatment_since_relapse().with_event(event)

    said = {flip.words: flip.effect for flip in explained(child).flips if flip.fact == "disease_event"}

    assert list(said) == [
        "Disease event first relapse",
        "Disease event progression",
        "Disease event refractory",
    ]
    assert "choose re-induction, trial first: first relapse" in said["Disease event first relapse"]
    assert all(effect.startswith("a card appears (") for effect in said.values())


def test_given_a_coded_palliative_intent_when_explained_then_its_end_would_bring_the_card_back() -> None:
    child = a_relapsed_child().having(palliative_intent="yes")

    (flip,) = (flip for flip in explained(child).flips if flip.fact == "palliative_intent")

    assert flip.words == "No palliative intent"
    assert flip.effect.startswith("a card appears (")
    assert "choose re-induction" in flip.effect


def test_given_an_active_event_when_explained_or_shown_then_neither_is_asked() -> None:
    """Hazard: a card that plays with the event it stands on."""
    asked = {flip.fact for flip in explained(a_relapsed_child().having(palliative_intent="no")).flips}

    assert not asked & {"disease_event", "palliative_intent"}
    for child in (a_relapsed_child(), a_relapsed_child().with_event("suspected_relapse")):
        assert not any("Disease event" in line for line in lines(child, "relapse-workup")[1])


def test_given_a_biopsy_to_be_taken_when_asked_then_taking_it_now_promises_no_bevacizumab() -> None:
    """Hazard: "biopsy done: bevacizumab becomes preferred", although a recent biopsy asks for caution too (row D4)."""
    child = a_relapsed_child().knowing(workup={WorkupItem.BIOPSY: Known(WorkupState.NOT_FOUND)})

    assert not any("evacizumab" in line for line in lines(child)[1])
    promised = [flip.words for flip in explained(child).flips if "Bevacizumab" in flip.effect]
    assert not promised


def test_given_a_marker_without_a_standard_code_when_imagined_then_it_changes_what_such_a_result_really_changes() -> (
    None
):
    """No chart can code GD2 on tumour cells: a negative result questions the antibodies, it bars none."""
    _, said = lines(a_relapsed_child().with_mycn("amplified").with_alk("negative"))

    (line,) = [line for line in said if "GD2 on tumour cells negative" in line]
    assert "needs caution" in line
    assert "not suitable" not in line
