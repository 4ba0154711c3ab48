"""Who is in the scope of this pathway, and whom it leaves alone."""

from __future__ import annotations

from datetime import date

import pytest

from hooks.facts.fact import Confidence, Known, YesNo
from hooks.pathways.relapsed_neuroblastoma.knowledge import KNOWLEDGE
from hooks.pathways.relapsed_neuroblastoma.rules.scope import ScopeKind, out_of_scope_notice, scope_of
from hooks.recommendation import Fired, Silent, Topic
from tests.spec.children import AS_OF, Child, a_child, a_relapsed_child


def scope(child: Child) -> ScopeKind:
    return scope_of(child.facts(), KNOWLEDGE).kind


@pytest.mark.parametrize("event", ["first_relapse", "later_relapse", "progression", "refractory"])
def test_given_a_confirmed_event_when_scope_is_read_then_the_child_is_in(event: str) -> None:
    """Rows A4 to A7."""
    child = a_child().high_risk().with_event(event)

    assert scope(child) is ScopeKind.IN


def test_given_no_neuroblastoma_when_scope_is_read_then_there_is_none() -> None:
    """Row A1."""
    assert scope(a_relapsed_child().not_knowing("diagnosis")) is ScopeKind.NONE


def test_given_an_unconfirmed_neuroblastoma_when_scope_is_read_then_there_is_none() -> None:
    """Row A1: a suspected neuroblastoma opens nothing."""
    assert scope(a_relapsed_child().diagnosed_as("neuroblastoma", "suspected")) is ScopeKind.NONE


@pytest.mark.parametrize("diagnosis", ["ganglioneuroma", "other", "possible_neuroblastoma"])
def test_given_another_tumour_when_scope_is_read_then_there_is_none(diagnosis: str) -> None:
    """Row A2, and a site code alone. Hazard: another cancer is treated as neuroblastoma."""
    assert scope(a_relapsed_child().diagnosed_as(diagnosis)) is ScopeKind.NONE


def test_given_contradicting_diagnoses_when_scope_is_read_then_there_is_none() -> None:
    assert scope(a_relapsed_child().conflicting("diagnosis", "neuroblastoma", "other")) is ScopeKind.NONE


def test_given_nodular_ganglioneuroblastoma_when_scope_is_read_then_it_counts() -> None:
    """Row A3."""
    child = a_child().diagnosed_as("ganglioneuroblastoma_nodular").relapsed()

    assert scope(child) is ScopeKind.IN


def test_given_other_ganglioneuroblastoma_when_high_risk_is_on_record_then_it_counts_else_not() -> None:
    """Row A3, both sides."""
    child = a_child().diagnosed_as("ganglioneuroblastoma").relapsed()

    assert scope(child.high_risk()) is ScopeKind.IN
    assert scope(child) is ScopeKind.NONE


@pytest.mark.parametrize("event", ["suspected_relapse", "suspected_refractory", "residual_stable"])
def test_given_an_unproven_relapse_when_scope_is_read_then_only_the_biopsy_opens(event: str) -> None:
    """Row A8 and a suspected relapse of a confirmed neuroblastoma."""
    assert scope(a_child().high_risk().with_event(event)) is ScopeKind.BIOPSY_ONLY


def test_given_contradicting_statements_on_relapse_when_scope_is_read_then_only_the_biopsy_opens() -> None:
    child = a_child().high_risk().conflicting("disease_event", "first_relapse", "in_remission")

    assert scope(child) is ScopeKind.BIOPSY_ONLY


def test_given_a_relapse_in_remission_when_scope_is_read_then_follow_up_remains() -> None:
    """Row A9."""
    assert scope(a_child().high_risk().with_event("in_remission")) is ScopeKind.FOLLOW_UP


def test_given_no_event_when_scope_is_read_then_there_is_none() -> None:
    """Hazard: a newly diagnosed child is treated as relapsed."""
    assert scope(a_child().high_risk().with_event("none")) is ScopeKind.NONE
    assert scope(a_child().high_risk()) is ScopeKind.NONE


@pytest.mark.parametrize(("months", "kind"), [(215, ScopeKind.IN), (216, ScopeKind.OUT)])
def test_given_the_eighteenth_birthday_when_scope_is_read_then_the_adult_is_out(months: int, kind: ScopeKind) -> None:
    """Row A12: 18 years are 216 months; one month less is a child."""
    assert scope(a_relapsed_child().aged(months)) is kind


@pytest.mark.parametrize("risk", ["low", "intermediate"])
def test_given_lower_risk_at_diagnosis_when_scope_is_read_then_the_child_is_out(risk: str) -> None:
    """Row A10."""
    assert scope(a_relapsed_child().with_risk(risk)) is ScopeKind.OUT


def test_given_a_deceased_patient_when_scope_is_read_then_there_is_none() -> None:
    assert scope(a_relapsed_child().having(deceased="yes")) is ScopeKind.NONE


def test_given_palliative_intent_when_it_is_coded_then_there_is_none_and_text_alone_does_not_silence() -> None:
    """Hazard: a palliative patient is shown intensive therapy; only a coded intent silences."""
    child = a_relapsed_child()
    worded = child.knowing(palliative_intent=Known(YesNo.YES, (), None, Confidence.TEXT))

    assert scope(child.having(palliative_intent="yes")) is ScopeKind.NONE
    assert scope(worded) is ScopeKind.IN


def test_given_an_adult_when_the_notice_is_asked_for_then_it_fires_without_options() -> None:
    outcome = out_of_scope_notice(a_relapsed_child().aged(300).facts(), KNOWLEDGE, AS_OF)

    assert isinstance(outcome, Fired)
    assert outcome.recommendation.topic is Topic.OUT_OF_SCOPE
    assert not outcome.recommendation.options
    assert "adult" in outcome.recommendation.summary


def test_given_lower_risk_when_the_notice_is_asked_for_then_it_names_the_risk() -> None:
    outcome = out_of_scope_notice(a_relapsed_child().with_risk("low").facts(), KNOWLEDGE, AS_OF)

    assert isinstance(outcome, Fired)
    assert "low-risk" in outcome.recommendation.summary
    assert len(outcome.recommendation.summary) < 140


@pytest.mark.parametrize(
    ("event", "said"),
    [
        ("first_relapse", "adult with first relapse of neuroblastoma;"),
        ("progression", "adult with progression of neuroblastoma;"),
        ("refractory", "adult with refractory neuroblastoma;"),
        ("residual_stable", "adult with stable residual neuroblastoma;"),
    ],
)
def test_given_an_adult_when_the_notice_is_asked_for_then_it_names_the_event_in_words(event: str, said: str) -> None:
    outcome = out_of_scope_notice(a_child().high_risk().with_event(event).aged(300).facts(), KNOWLEDGE, AS_OF)

    assert isinstance(outcome, Fired)
    assert said in outcome.recommendation.summary


def test_given_an_adult_whose_statements_disagree_when_the_notice_is_asked_for_then_the_event_is_called_disputed() -> (
    None
):
    adult = a_child().high_risk().aged(300).conflicting("disease_event", "first_relapse", "in_remission")

    outcome = out_of_scope_notice(adult.facts(), KNOWLEDGE, AS_OF)

    assert isinstance(outcome, Fired)
    assert "adult with disputed relapse of neuroblastoma;" in outcome.recommendation.summary


def test_given_a_child_in_scope_when_the_notice_is_asked_for_then_it_is_silent() -> None:
    outcome = out_of_scope_notice(a_relapsed_child().facts(), KNOWLEDGE, date(2026, 11, 22))

    assert isinstance(outcome, Silent)
