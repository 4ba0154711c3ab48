"""The work-up due at relapse (decision table D) and the molecular report that cannot be read.

Place in the flow: rules of the service relapse-workup. May not: choose a treatment.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from hooks.facts.fact import Conflicting, Known, Unknown, Why, YesNo, is_coded, is_value, value_of
from hooks.pathways.relapsed_neuroblastoma.facts import (
    OBJECTIVE_RESPONSES,
    Avidity,
    DiseaseEvent,
    Facts,
    Molecular,
    Response,
    Timing,
    UnreadableReport,
    WorkupItem,
    WorkupState,
)
from hooks.pathways.relapsed_neuroblastoma.knowledge import Knowledge
from hooks.pathways.relapsed_neuroblastoma.knowledge.statements import STATEMENTS
from hooks.pathways.relapsed_neuroblastoma.rules.asking import asking_first, palliative_question
from hooks.pathways.relapsed_neuroblastoma.rules.saying import missing, used, why_not_current
from hooks.pathways.relapsed_neuroblastoma.rules.scope import ScopeKind, scope_of
from hooks.pathways.relapsed_neuroblastoma.rules.workup_orders import ORDERS
from hooks.recommendation import (
    Fired,
    MissingFact,
    Outcome,
    ProposedOrder,
    Recommendation,
    RuleId,
    Silent,
    Topic,
)

PANEL_MARKERS = ("mycn", "alk", "tp53_pathway", "ras_mapk", "tert", "atrx", "segmental_changes", "gd2")
"""Markers of the molecular panel (table D), by name of their fact."""

_TITLES = {
    DiseaseEvent.FIRST_RELAPSE: "first relapse",
    DiseaseEvent.LATER_RELAPSE: "this relapse",
    DiseaseEvent.PROGRESSION: "progression",
    DiseaseEvent.REFRACTORY: "refractory disease",
    DiseaseEvent.SUSPECTED_RELAPSE: "suspected relapse",
    DiseaseEvent.SUSPECTED_REFRACTORY: "suspected refractory disease",
    DiseaseEvent.RESIDUAL_STABLE: "the residual lesion",
}


def relapse_workup_due(facts: Facts, knowledge: Knowledge, as_of: date) -> Outcome:
    """At relapse, progression or refractory disease: biopsy an active lesion, characterise it, complete the staging.

    Before a relapse is proven (suspected, or a stable residual lesion) the biopsy comes first and alone opens the card.
    Evidence: EJC2026, PDQ, SAMOYEDNY, PARK2022, COG0311584, GD2REVIEW, INRC, GENEREV
    """
    del as_of
    scope = scope_of(facts, knowledge)
    if scope.kind not in {ScopeKind.IN, ScopeKind.BIOPSY_ONLY}:
        return scope.silent
    response = value_of(facts.response)
    if response is not None and response.category in OBJECTIVE_RESPONSES:
        return Silent(f"The disease is in {response.category} after the event; no lesion to biopsy.", ("response",))
    due = items_due(facts, scope.kind)
    if not due:
        return Silent("Every item of the work-up is done or ordered.", ("workup",))
    return Fired(_workup_card(facts, due))


def items_due(facts: Facts, scope: ScopeKind = ScopeKind.IN) -> tuple[WorkupItem, ...]:
    """Return the work-up items neither done nor ordered since the event, the biopsy first."""
    progressing = is_progressing(facts)
    under_treatment = isinstance(facts.active_regimen, Known) or isinstance(facts.response, Known)
    if scope is ScopeKind.BIOPSY_ONLY or (under_treatment and not progressing):
        wanted: tuple[WorkupItem, ...] = (WorkupItem.BIOPSY, WorkupItem.MOLECULAR_PANEL)
    else:
        wanted = tuple(ORDERS)
    return tuple(item for item in wanted if _is_due(facts, item))


def _is_due(facts: Facts, item: WorkupItem) -> bool:
    state = facts.workup.get(item, Unknown())
    if is_value(state, WorkupState.ORDERED):
        return False
    if is_value(state, WorkupState.DONE):
        return item in _NEW_TISSUE and (_asks_for_new_tissue(facts) or (item is _PANEL and _panel_left_open(facts)))
    check = _ONLY_WHEN.get(item)
    return check is None or check(facts)


def is_progressing(facts: Facts) -> bool:
    """True if the last response after the event is progressive disease."""
    response = value_of(facts.response)
    return response is not None and response.category is Response.PD


_PANEL = WorkupItem.MOLECULAR_PANEL
_NEW_TISSUE = (WorkupItem.BIOPSY, _PANEL)


def _asks_for_new_tissue(facts: Facts) -> bool:
    """True after progression on lorlatinib, unless ALK was read on tissue taken since (RAS, TP53, compound ALK)."""
    if not is_value(facts.failed_lorlatinib, YesNo.YES) or not is_progressing(facts):
        return False
    return facts.alk.date is None or facts.response.date is None or facts.alk.date < facts.response.date


def _panel_left_open(facts: Facts) -> bool:
    """True if a panel was done and MYCN or ALK is still open: in words only, contradictory, or not reported.

    A result that is awaited or that nobody here can read, in words or as a document, asks for no second panel.
    """
    open_there = {Why.PENDING, Why.UNREAD}
    awaited = any(isinstance(fact, Unknown) and fact.why in open_there for fact in (facts.mycn, facts.alk))
    return _panel_incomplete(facts) and not awaited and not facts.unreadable_reports


def _panel_incomplete(facts: Facts) -> bool:
    return _asks_for_new_tissue(facts) or not all(_read_at_relapse(facts, marker) for marker in ("mycn", "alk"))


def _biopsy_useful(facts: Facts) -> bool:
    """True unless treatment is under way and MYCN and ALK of this relapse are already known."""
    return not isinstance(facts.active_regimen, Known) or _panel_incomplete(facts)


_ONLY_WHEN: dict[WorkupItem, Callable[[Facts], bool]] = {
    WorkupItem.BIOPSY: _biopsy_useful,
    WorkupItem.MOLECULAR_PANEL: _panel_incomplete,
    WorkupItem.MIBG_SCAN: lambda facts: not is_value(facts.mibg_avidity, Avidity.NON_AVID),
    WorkupItem.FDG_PET: lambda facts: is_value(facts.mibg_avidity, Avidity.NON_AVID),
    WorkupItem.GD2: lambda facts: not isinstance(facts.gd2, Known) or facts.gd2.value.timing is not Timing.AT_RELAPSE,
    WorkupItem.GENETICS: lambda facts: isinstance(facts.alk, Known) and facts.alk.value.germline,
}


def _read_at_relapse(facts: Facts, marker: str) -> bool:
    """True for a coded result on tissue of this relapse; what was read from text still wants the panel."""
    result = getattr(facts, marker)
    return isinstance(result, Known) and is_coded(result) and result.value.timing is Timing.AT_RELAPSE


def _workup_card(facts: Facts, due: tuple[WorkupItem, ...]) -> Recommendation:
    event = _TITLES.get(value_of(facts.disease_event) or DiseaseEvent.SUSPECTED_RELAPSE, "suspected relapse")
    statements = _statements(facts, due)
    questions = tuple(palliative_question(facts))
    intent = ("palliative_intent",) if questions else ()
    return Recommendation(
        topic=Topic.RELAPSE_BIOPSY,
        rule=RuleId("relapse_workup_due"),
        summary=asking_first(f"{_act(facts, due)} {event}{_dated(facts)}", questions),
        why_now=(
            *(asked.line for asked in questions),
            _why(facts, due),
            *_spoken_against(facts, due),
            *STATEMENTS.say("biopsy_standard"),
        ),
        used=used(facts, "diagnosis", "disease_event", *intent, "risk_group", "sites", "mibg_avidity", *PANEL_MARKERS),
        missing=_missing(facts),
        orders=tuple(_order(facts, item) for item in due),
        points=STATEMENTS.say(*statements, "palliative_care"),
        not_when=STATEMENTS.say("biopsy_replacement", "biopsy_not_feasible"),
        evidence=STATEMENTS.evidence(
            "biopsy_standard", *statements, "biopsy_replacement", "biopsy_not_feasible", "palliative_care"
        ),
    )


def _act(facts: Facts, due: tuple[WorkupItem, ...]) -> str:
    if isinstance(facts.mycn, Conflicting) or isinstance(facts.alk, Conflicting):
        return "Molecular results disagree, reconcile them on current tissue:"
    if WorkupItem.BIOPSY in due:
        if WorkupItem.MOLECULAR_PANEL in due:
            return "Biopsy and characterise molecularly:"
        return "Biopsy an active lesion:"
    if WorkupItem.MOLECULAR_PANEL in due:
        if is_value(facts.workup.get(WorkupItem.BIOPSY, Unknown()), WorkupState.ORDERED):
            return "Order the molecular panel with the biopsy that is ordered:"
        return "Characterise the biopsied tumour molecularly:"
    return "Complete the work-up:"


def _dated(facts: Facts) -> str:
    event_date = value_of(facts.event_date)
    return f" of {event_date.isoformat()}" if event_date else ", date not on record"


def _why(facts: Facts, due: tuple[WorkupItem, ...]) -> str:
    names = ", ".join(_lower_first(ORDERS[item].label) for item in due)
    where = "since the event" if isinstance(facts.event_date, Known) else "on record"
    return f"Neither done nor ordered {where}: {names}."


def _spoken_against(facts: Facts, due: tuple[WorkupItem, ...]) -> tuple[str, ...]:
    """Return the line that names what says why no biopsy was taken."""
    state = facts.workup.get(WorkupItem.BIOPSY, Unknown())
    if WorkupItem.BIOPSY not in due or not is_value(state, WorkupState.NOT_FOUND) or not state.sources:
        return ()
    said = f"Called not done, deferred, declined or not feasible in {', '.join(state.sources)}"
    return (f"{said}: where that still holds, override this card with that reason.",)


def _lower_first(label: str) -> str:
    """Return a label as it stands inside a sentence; an acronym keeps its capitals."""
    return label if label[1:2].isupper() or not label[:1].isalpha() else label[:1].lower() + label[1:]


def _statements(facts: Facts, due: tuple[WorkupItem, ...]) -> tuple[str, ...]:
    chosen = ["biopsy_yield", "biopsy_choice"] if WorkupItem.BIOPSY in due else []
    if is_value(facts.disease_event, DiseaseEvent.RESIDUAL_STABLE, DiseaseEvent.SUSPECTED_RELAPSE):
        chosen.append("biopsy_residual")
    if is_value(facts.disease_event, DiseaseEvent.SUSPECTED_REFRACTORY):
        chosen.append("refractory_suspected")
    if {WorkupItem.MIBG_SCAN, WorkupItem.FDG_PET, WorkupItem.CROSS_SECTIONAL} & set(due):
        chosen.append("imaging")
    if WorkupItem.MARROW in due:
        chosen.append("marrow")
    if WorkupItem.GD2 in due:
        chosen.append("gd2")
    if WorkupItem.MOLECULAR_PANEL in due:
        chosen.extend(("alk_shift", "ras_mapk"))
    if WorkupItem.GENETICS in due:
        chosen.append("germline_alk")
    return (*chosen, "catecholamines")


def _missing(facts: Facts) -> tuple[MissingFact, ...]:
    """Return one line per marker that is not known on tissue of this relapse, and the open questions of scope."""
    gaps = list(missing(facts, "event_date", "risk_group", *PANEL_MARKERS))
    for marker in PANEL_MARKERS:
        result = getattr(facts, marker)
        if isinstance(result, Known) and isinstance(result.value, Molecular):
            gaps.extend(_not_of_this_relapse(facts, marker, result.value.timing))
    return tuple(gaps)


def _not_of_this_relapse(facts: Facts, marker: str, timing: Timing) -> tuple[MissingFact, ...]:
    if timing is Timing.AT_RELAPSE:
        return ()
    (read,) = used(facts, marker)
    return (MissingFact(marker, why_not_current(timing), f"{read.label}: confirm on current tissue"),)


def _order(facts: Facts, item: WorkupItem) -> ProposedOrder:
    reason = (facts.diagnosis_reference,) if facts.diagnosis_reference else ()
    return replace(ORDERS[item], reason=reason)


def molecular_report_unreadable(facts: Facts, knowledge: Knowledge, as_of: date) -> Outcome:
    """A molecular report that exists only as a document, or without its results, is named; no advice rests on it.

    Evidence: EJC2026
    """
    del as_of
    scope = scope_of(facts, knowledge)
    if scope.kind not in {ScopeKind.IN, ScopeKind.BIOPSY_ONLY}:
        return scope.silent
    if not facts.unreadable_reports:
        return Silent("No molecular report exists only as a document.", ("unreadable_reports",))
    if not _panel_incomplete(facts):
        return Silent("MYCN and ALK of this relapse are readable elsewhere.", ("mycn", "alk"))
    reports = facts.unreadable_reports
    newest = max(reports, key=lambda report: report.date or date.min)
    return Fired(
        Recommendation(
            topic=Topic.MOLECULAR_REPORT_UNREADABLE,
            rule=RuleId("molecular_report_unreadable"),
            summary=_how_to_read(newest),
            why_now=tuple(
                f"{report.source}, {report.date.isoformat() if report.date else 'undated'}: "
                f"{report.title or 'no title'}; its content cannot be read by this service."
                for report in reports
            ),
            used=used(facts, "diagnosis", "disease_event"),
            missing=missing(facts, "mycn", "alk"),
            points=("No regimen is suggested from a result that this service cannot read.",),
            evidence=STATEMENTS.evidence("biopsy_standard"),
        )
    )


def _how_to_read(report: UnreadableReport) -> str:
    """Return what to do about a report, as the summary of its card."""
    name = f"Molecular report of {report.date.isoformat()}" if report.date else "Molecular report"
    if report.attached:
        return f"{name} exists only as a document: read it and enter MYCN and ALK as results"
    return f"{name} came without its results: read MYCN and ALK there before they inform the choice"


WORKUP_RULES = (relapse_workup_due, molecular_report_unreadable)
