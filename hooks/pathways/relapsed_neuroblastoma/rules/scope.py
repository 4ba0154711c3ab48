"""Is this child in the scope of the pathway (decision table A)? Shared by every rule of the patient-view services.

Place in the flow: the first question of each rule. May not: recommend.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from hooks.facts.fact import Conflicting, Known, YesNo, is_coded, is_value, value_of
from hooks.pathways.relapsed_neuroblastoma.facts import (
    ACTIVE_EVENTS,
    Diagnosis,
    DiseaseEvent,
    Facts,
    RiskGroup,
    Verification,
)
from hooks.pathways.relapsed_neuroblastoma.knowledge import Knowledge
from hooks.pathways.relapsed_neuroblastoma.knowledge.statements import STATEMENTS
from hooks.pathways.relapsed_neuroblastoma.rules.saying import used
from hooks.recommendation import Fired, Indicator, Outcome, Recommendation, RuleId, Silent, Topic

_ADULT_STATEMENTS = ("adult_centre", "adult_biology")
_LOWER_RISK_STATEMENTS = ("lower_risk_local", "lower_risk_metastatic", "lower_risk_infant")


class ScopeKind(StrEnum):
    """IN: every rule may speak. BIOPSY_ONLY: not yet relapse. FOLLOW_UP: in remission after it. OUT: named. NONE."""

    IN = "in"
    BIOPSY_ONLY = "biopsy_only"
    FOLLOW_UP = "follow_up"
    OUT = "out"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Scope:
    """The answer, the sentence that gives the reason, and the facts that decided."""

    kind: ScopeKind
    because: str
    decided_by: tuple[str, ...]

    @property
    def silent(self) -> Silent:
        """The outcome of a rule that does not speak for this scope."""
        return Silent(self.because, self.decided_by)


def scope_of(facts: Facts, knowledge: Knowledge) -> Scope:
    """Return the scope of one child. Order: never speak, tumour, event, then age and original risk."""
    if is_value(facts.deceased, YesNo.YES):
        return Scope(ScopeKind.NONE, "The patient has died.", ("deceased",))
    if is_value(facts.palliative_intent, YesNo.YES) and is_coded(facts.palliative_intent):
        return Scope(ScopeKind.NONE, "Treatment intent is coded as palliative.", ("palliative_intent",))
    if refusal := _not_this_tumour(facts):
        return refusal
    kind, because = _event_scope(facts)
    if kind is ScopeKind.NONE:
        return Scope(kind, because, ("disease_event",))
    adult_months = knowledge.engineering.adult_age_years.value * 12
    age_months = value_of(facts.age_months)
    if age_months is not None and age_months >= adult_months:
        return Scope(ScopeKind.OUT, "The patient is an adult.", ("age_months", "disease_event"))
    if is_value(facts.risk_group, RiskGroup.LOW, RiskGroup.INTERMEDIATE):
        risk = value_of(facts.risk_group)
        return Scope(ScopeKind.OUT, f"The disease was originally {risk} risk.", ("risk_group", "disease_event"))
    return Scope(kind, because, ("disease_event",))


def _not_this_tumour(facts: Facts) -> Scope | None:
    """Return why the tumour is not this pathway's, or None (rows A1 to A3)."""
    match facts.diagnosis:
        case Known(value=Diagnosis.NEUROBLASTOMA | Diagnosis.GANGLIONEUROBLASTOMA_NODULAR):
            pass
        case Known(value=Diagnosis.GANGLIONEUROBLASTOMA):
            if not is_value(facts.risk_group, RiskGroup.HIGH):
                because = "Ganglioneuroblastoma without a high-risk classification on record."
                return Scope(ScopeKind.NONE, because, ("diagnosis", "risk_group"))
        case Known(value=other):
            return Scope(ScopeKind.NONE, f"The diagnosis is {str(other).replace('_', ' ')}.", ("diagnosis",))
        case Conflicting():
            return Scope(ScopeKind.NONE, "The chart's diagnoses contradict each other.", ("diagnosis",))
        case _:
            return Scope(ScopeKind.NONE, "No neuroblastoma is on record.", ("diagnosis",))
    if not is_value(facts.verification, Verification.CONFIRMED):
        return Scope(ScopeKind.NONE, "The neuroblastoma is not confirmed.", ("verification",))
    return None


def _event_scope(facts: Facts) -> tuple[ScopeKind, str]:
    """Return what the disease event opens (rows A4 to A9)."""
    match facts.disease_event:
        case Known(value=event) if event in ACTIVE_EVENTS:
            return ScopeKind.IN, f"Disease event: {event.replace('_', ' ')}."
        case Known(value=DiseaseEvent.SUSPECTED_RELAPSE):
            return ScopeKind.BIOPSY_ONLY, "A relapse is suspected, not confirmed."
        case Known(value=DiseaseEvent.SUSPECTED_REFRACTORY):
            return ScopeKind.BIOPSY_ONLY, "Refractory disease is suspected, not confirmed."
        case Known(value=DiseaseEvent.RESIDUAL_STABLE):
            return ScopeKind.BIOPSY_ONLY, "A stable residual lesion is not yet a relapse."
        case Known(value=DiseaseEvent.IN_REMISSION):
            return ScopeKind.FOLLOW_UP, "The relapse is recorded as in remission."
        case Conflicting():
            return ScopeKind.BIOPSY_ONLY, "The chart's statements on relapse contradict each other."
    return ScopeKind.NONE, "No relapse, progression or refractory disease is on record."


_EVENTS = {
    DiseaseEvent.FIRST_RELAPSE: "first relapse of",
    DiseaseEvent.LATER_RELAPSE: "later relapse of",
    DiseaseEvent.PROGRESSION: "progression of",
    DiseaseEvent.REFRACTORY: "refractory",
    DiseaseEvent.SUSPECTED_RELAPSE: "suspected relapse of",
    DiseaseEvent.SUSPECTED_REFRACTORY: "suspected refractory",
    DiseaseEvent.RESIDUAL_STABLE: "stable residual",
    DiseaseEvent.IN_REMISSION: "relapse in remission of",
}
_DISPUTED = "disputed relapse of"


def out_of_scope_notice(facts: Facts, knowledge: Knowledge, as_of: date) -> Outcome:
    """Adults, and relapsed disease that was originally of low or intermediate risk, leave this pathway.

    Evidence: PDQ
    """
    del as_of
    scope = scope_of(facts, knowledge)
    if scope.kind is not ScopeKind.OUT:
        return scope.silent
    adult = "age_months" in scope.decided_by
    tumour = "neuroblastoma" if adult else f"originally {value_of(facts.risk_group)}-risk neuroblastoma"
    event = value_of(facts.disease_event)
    said = f"{_EVENTS.get(event, _DISPUTED) if event else _DISPUTED} {tumour}"
    who = f"adult with {said}; no paediatric regimen is suggested"
    summary = f"Outside this pathway: {who if adult else said}"
    statements = _ADULT_STATEMENTS if adult else _LOWER_RISK_STATEMENTS
    return Fired(
        Recommendation(
            topic=Topic.OUT_OF_SCOPE,
            rule=RuleId("out_of_scope_notice"),
            indicator=Indicator.INFO,
            summary=summary,
            why_now=(scope.because,),
            used=used(facts, "diagnosis", "disease_event", "age_months", "risk_group", "stage"),
            points=STATEMENTS.say(*statements),
            evidence=STATEMENTS.evidence(*statements),
        )
    )
