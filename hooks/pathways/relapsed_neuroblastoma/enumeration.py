"""The states that a fact could have instead: what counterfactuals are computed over.

Place in the flow: `hooks.explain` runs the rules again with each. May not: add a fact that no rule reads.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from enum import StrEnum
from typing import Any

from hooks.explain import Alternative
from hooks.facts.fact import Confidence, Fact, Known, Unknown, YesNo, is_value, value_of
from hooks.pathways.relapsed_neuroblastoma.facts import (
    ABERRANT_ALK,
    ACTIVE_EVENTS,
    ALK,
    GD2,
    MYCN,
    Avidity,
    DiseaseEvent,
    Facts,
    Molecular,
    Response,
    ResponseResult,
    RiskGroup,
    Tissue,
    TreatmentLine,
    WorkupItem,
    WorkupState,
)
from hooks.pathways.relapsed_neuroblastoma.knowledge import KNOWLEDGE
from hooks.pathways.relapsed_neuroblastoma.knowledge.regimens import Phase
from hooks.pathways.relapsed_neuroblastoma.rules.saying import NAMES, in_sentence, state_of, words_of

_MAY_CHANGE = frozenset({"severe_anti_gd2_reaction", "gvhd_active", "strong_cyp3a_inducer"})
"""Known facts that a later visit may find otherwise; a known marker, risk group or failure is not asked again."""

_ON_TISSUE = " on current tissue"
_ACTIVATING = "with any activating change"
_WORKUP_RULES = frozenset({"relapse_workup_due", "molecular_report_unreadable"})
"""Rules for which a work-up that is done, or a response, has nothing to tell beyond the card itself."""

_YES_NO = (
    "progressed_on_anti_gd2",
    "failed_temozolomide",
    "failed_irinotecan",
    "failed_topotecan",
    "severe_anti_gd2_reaction",
    "gvhd_active",
    "prior_anti_gd2",
    "stem_cells_stored",
    "strong_cyp3a_inducer",
)


def _alternative(name: str, words: str, other: Fact[object], family: str = "") -> Alternative[Facts]:
    changed: dict[str, Any] = {name: other}

    def change(facts: Facts) -> Facts:
        return replace(facts, **changed)

    def holds(facts: Facts) -> bool:
        now = getattr(facts, name)
        if isinstance(now, Known) and isinstance(other, Known):
            return state_of(now.value) == state_of(other.value)
        return isinstance(now, Unknown) and isinstance(other, Unknown)

    return Alternative(name, words, change, holds, family, may_change=name in _MAY_CHANGE)


def _molecular(
    name: str, states: type[StrEnum], confidence: Confidence = Confidence.CODED
) -> Iterator[Alternative[Facts]]:
    """Yield the results of one marker; that its tissue was taken is the effect of the biopsy, not of the result.

    confidence: the best that a chart can have; no standard code for GD2 on tumour cells exists.
    """
    for state in states:
        words = f"{NAMES[name]} {words_of(state)}{_ON_TISSUE}"
        family = f"{NAMES[name]} {_ACTIVATING}{_ON_TISSUE}" if state in ABERRANT_ALK else ""
        yield _alternative(name, words, Known(Molecular(state, tissue=Tissue.UNKNOWN), confidence=confidence), family)


def _workup(item: WorkupItem) -> Alternative[Facts]:
    """Return an item as done from now on; a biopsy that is done now is a recent one."""

    def change(facts: Facts) -> Facts:
        done = replace(facts, workup={**facts.workup, item: Known(WorkupState.DONE)})
        return replace(done, biopsy_or_surgery_pending=Known(YesNo.YES)) if item is WorkupItem.BIOPSY else done

    def holds(facts: Facts) -> bool:
        state = facts.workup.get(item)
        return isinstance(state, Known) and state.value is WorkupState.DONE

    words = f"{item.value.replace('_', ' ').capitalize()} done"
    return Alternative("workup", words, change, holds, matters=lambda _facts, rule: rule not in _WORKUP_RULES)


def _under_treatment(facts: Facts, rule: str) -> bool:
    """True where a response means something: active disease whose treatment has begun, on a card about treatment."""
    if rule in _WORKUP_RULES or value_of(facts.disease_event) not in ACTIVE_EVENTS:
        return False
    if isinstance(facts.active_regimen, Known):
        return True
    lines = [line for line in value_of(facts.treatment_lines) or () if line.relapse_directed]
    return bool(lines) and not _is_broken_consolidation(lines[-1], facts)


def _is_broken_consolidation(line: TreatmentLine, facts: Facts) -> bool:
    """True for an ended consolidation that the response keeps from being completed: another one would change both."""
    regimen = KNOWLEDGE.regimens.regimens.get(line.regimen)
    is_consolidation = regimen is not None and regimen.phases[0] is Phase.CONSOLIDATION
    return is_consolidation and not is_value(facts.consolidation_done, YesNo.YES)


def _response(category: Response) -> Alternative[Facts]:
    """Return another result of the same evaluation; it keeps the day of the one on record."""

    def change(facts: Facts) -> Facts:
        day = facts.response.date if isinstance(facts.response, Known) else None
        return replace(facts, response=Known(ResponseResult(category), date=day))

    def holds(facts: Facts) -> bool:
        return isinstance(facts.response, Known) and facts.response.value.category is category

    return Alternative("response", f"Response {category}", change, holds, matters=_under_treatment)


def _silencing() -> Iterator[Alternative[Facts]]:
    """Yield what would open the pathway for a child about whom it is silent; no card asks these."""
    for event in (DiseaseEvent.FIRST_RELAPSE, DiseaseEvent.PROGRESSION, DiseaseEvent.REFRACTORY):
        words = f"{NAMES['disease_event']} {words_of(event)}"
        asked = _alternative("disease_event", words, Known(event))
        yield replace(asked, matters=_has_no_active_event, may_change=False)
    asked = _alternative("palliative_intent", f"No {in_sentence(NAMES['palliative_intent'])}", Known(YesNo.NO))
    yield replace(asked, matters=_is_palliative, may_change=False)


def _has_no_active_event(facts: Facts, _rule: str) -> bool:
    return value_of(facts.disease_event) not in ACTIVE_EVENTS


def _is_palliative(facts: Facts, _rule: str) -> bool:
    return is_value(facts.palliative_intent, YesNo.YES)


def _all() -> Iterator[Alternative[Facts]]:
    yield from _molecular("mycn", MYCN)
    yield from _molecular("alk", ALK)
    yield from _molecular("gd2", GD2, Confidence.CODED_LOCAL)
    yield from map(_response, Response)
    for avidity in Avidity:
        yield _alternative("mibg_avidity", f"Disease {avidity.replace('_', '-')} for MIBG", Known(avidity))
    for risk in RiskGroup:
        yield _alternative("risk_group", f"Risk group {risk} at diagnosis", Known(risk))
    for name in _YES_NO:
        for answer in YesNo:
            words = NAMES[name] if answer is YesNo.YES else f"No {in_sentence(NAMES[name])}"
            yield _alternative(name, words, Known(answer))
    for item in (WorkupItem.BIOPSY, WorkupItem.MOLECULAR_PANEL):
        yield _workup(item)
    yield from _silencing()


ALTERNATIVES: tuple[Alternative[Facts], ...] = tuple(_all())
"""Molecular findings first: they change most and are what a work-up can still find out."""
