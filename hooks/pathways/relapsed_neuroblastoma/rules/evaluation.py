"""Response evaluation due, and the question that is asked when the phase cannot be told (decision table F).

Place in the flow: speaks while a treatment of the event runs. May not: suggest a regimen.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from hooks.facts.fact import Conflicting, Known, is_value
from hooks.pathways.relapsed_neuroblastoma.facts import (
    Avidity,
    Criteria,
    Facts,
    Response,
    ResponseResult,
    WorkupItem,
    WorkupState,
)
from hooks.pathways.relapsed_neuroblastoma.knowledge import Knowledge
from hooks.pathways.relapsed_neuroblastoma.knowledge.statements import STATEMENTS
from hooks.pathways.relapsed_neuroblastoma.rules.asking import asking_first, palliative_question
from hooks.pathways.relapsed_neuroblastoma.rules.drafting import reason_of
from hooks.pathways.relapsed_neuroblastoma.rules.markers import SUMMARY_ROOM
from hooks.pathways.relapsed_neuroblastoma.rules.phase import (
    PhaseAnswer,
    PhaseKind,
    cycles_since_evaluation,
    dated,
    phase_of,
    running_words,
)
from hooks.pathways.relapsed_neuroblastoma.rules.regimen_card import event_words
from hooks.pathways.relapsed_neuroblastoma.rules.saying import missing, used
from hooks.pathways.relapsed_neuroblastoma.rules.scope import Scope, ScopeKind, scope_of
from hooks.pathways.relapsed_neuroblastoma.rules.workup_orders import ORDERS
from hooks.recommendation import Fired, Outcome, Recommendation, RuleId, Silent, Topic, Undetermined

_RULE = RuleId("response_evaluation_due")
_TREATMENT = ("treatment_lines", "active_regimen", "cycles_given", "cycles_since_evaluation")
_ASKED = (*_TREATMENT, "response", "consolidation_done")


def response_evaluation_due(facts: Facts, knowledge: Knowledge, as_of: date) -> Outcome:
    """While relapse treatment runs, evaluate the response every two cycles by INRC, with imaging and marrow.

    Where cycles, response or completed consolidation are not on record, the phase is asked for, not guessed.
    Evidence: INRC, TOTEM, ANBL1221-UTSW
    """
    del as_of
    scope = scope_of(facts, knowledge)
    if scope.kind not in {ScopeKind.IN, ScopeKind.FOLLOW_UP}:
        return scope.silent
    phase = phase_of(facts, knowledge)
    if phase.kind is PhaseKind.UNKNOWN:
        return _phase_question(facts, knowledge, scope, phase)
    if phase.kind is not PhaseKind.EVALUATION_DUE:
        return Silent(phase.because, phase.decided_by)
    return Fired(_evaluation_card(facts, knowledge, phase))


def _evaluation_card(facts: Facts, knowledge: Knowledge, phase: PhaseAnswer) -> Recommendation:
    statements = knowledge.regimens.statements
    questions = tuple(palliative_question(facts))
    intent = ("palliative_intent",) if questions else ()
    return Recommendation(
        topic=Topic.RESPONSE_EVALUATION,
        rule=_RULE,
        summary=asking_first(_evaluation_summary(facts, knowledge), questions),
        why_now=(*(asked.line for asked in questions), phase.because),
        used=used(facts, "diagnosis", "disease_event", "event_date", *intent, *_ASKED, "mibg_avidity"),
        missing=missing(facts, "mibg_avidity"),
        orders=tuple(replace(ORDERS[item], reason=reason_of(facts)) for item in items_due(facts)),
        points=(*statements.say("evaluation"), *STATEMENTS.say("palliative_care")),
        not_when=statements.say("not_when_trial", "not_when_palliative"),
        evidence=(*statements.evidence("evaluation"), *STATEMENTS.evidence("palliative_care")),
    )


def _evaluation_summary(facts: Facts, knowledge: Knowledge) -> str:
    """Return cycles, regimen and last evaluation; a regimen with too long a name is not named here."""
    cycles, last = cycles_since_evaluation(facts), _last_evaluation(facts)
    names = (running_words(facts, knowledge), "the present treatment")
    said = [f"Evaluate response: {cycles} cycles of {name} since the last evaluation{last}" for name in names]
    return said[0] if len(said[0]) < SUMMARY_ROOM else said[1]


def _last_evaluation(facts: Facts) -> str:
    last = facts.response
    return f" ({last.value.category} on {dated(last.date)})" if isinstance(last, Known) else ""


def _what_is_open(facts: Facts, phase: PhaseAnswer) -> str:
    """Return what is on record and what is not, so that a recorded response is not called missing."""
    if isinstance(facts.response, Conflicting):
        return "Statements on response disagree, confirm"
    (first, *_) = phase.missing
    if not isinstance(facts.response, Known) or first not in _OPEN:
        return "Response or cycles are not on record"
    return f"{_response_words(facts.response.value)} on {dated(facts.response.date)}; {_OPEN[first]}"


def _response_words(response: ResponseResult) -> str:
    if response.category is Response.MR and response.criteria is not Criteria.INRC_2017:
        return "minor or mixed response"
    return _RESPONSE_WORDS[response.category]


_OPEN = {
    "cycles_given": "cycles not on record",
    "active_regimen": "no running treatment on record",
    "treatment_lines": "its treatment is not on record",
    "consolidation_done": "whether its consolidation ran its course is open",
}
_RESPONSE_WORDS = {
    Response.CR: "complete response",
    Response.PR: "partial response",
    Response.MR: "minor response",
    Response.SD: "stable disease",
    Response.PD: "progressive disease",
}


def items_due(facts: Facts) -> tuple[WorkupItem, ...]:
    """Return the scans and the marrow of an evaluation, without those already ordered."""
    scan = WorkupItem.FDG_PET if is_value(facts.mibg_avidity, Avidity.NON_AVID) else WorkupItem.MIBG_SCAN
    wanted = (scan, WorkupItem.CROSS_SECTIONAL, WorkupItem.MARROW)
    return tuple(item for item in wanted if not _is_ordered(facts, item))


def _is_ordered(facts: Facts, item: WorkupItem) -> bool:
    return item in facts.workup and is_value(facts.workup[item], WorkupState.ORDERED)


def _phase_question(facts: Facts, knowledge: Knowledge, scope: Scope, phase: PhaseAnswer) -> Undetermined:
    """Return the question; as a card only while the disease is active."""
    gap = missing(facts, *phase.missing)
    if scope.kind is ScopeKind.FOLLOW_UP:
        return Undetermined(missing=gap, because=phase.because)
    statements = knowledge.regimens.statements
    question = Recommendation(
        topic=Topic.RESPONSE_EVALUATION,
        rule=_RULE,
        summary=f"Which phase of treatment? {_what_is_open(facts, phase)}: {event_words(facts)}",
        why_now=(phase.because, "Re-induction, consolidation, maintenance or salvage cannot be told apart without it."),
        used=used(facts, "diagnosis", "disease_event", "event_date", *_ASKED),
        missing=gap,
        points=(*statements.say("evaluation"), *STATEMENTS.say("palliative_care")),
        evidence=(*statements.evidence("evaluation"), *STATEMENTS.evidence("palliative_care")),
    )
    return Undetermined(missing=gap, card=question, because=phase.because)
