"""What all regimen rules share: whether they may speak, the gap card, and how their card is put together.

Place in the flow: re-induction, consolidation, maintenance and salvage begin and end here. May not: choose.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import TypeVar

from hooks.facts.fact import Conflicting, Fact, Known, YesNo, is_value, value_of
from hooks.pathways.relapsed_neuroblastoma.facts import (
    DiseaseEvent,
    Facts,
    Molecular,
    Stage,
    Timing,
    WorkupItem,
)
from hooks.pathways.relapsed_neuroblastoma.knowledge import Knowledge
from hooks.pathways.relapsed_neuroblastoma.knowledge.statements import STATEMENTS
from hooks.pathways.relapsed_neuroblastoma.rules.asking import asking_first, palliative_question, questions_first
from hooks.pathways.relapsed_neuroblastoma.rules.drafting import has_body_measures, reason_of
from hooks.pathways.relapsed_neuroblastoma.rules.gates import GATES, is_proven
from hooks.pathways.relapsed_neuroblastoma.rules.markers import (
    needs_tumour_board,
    with_honest_timing,
)
from hooks.pathways.relapsed_neuroblastoma.rules.phase import (
    PhaseAnswer,
    PhaseKind,
    current_response,
    phase_of,
)
from hooks.pathways.relapsed_neuroblastoma.rules.regimen_head import head_of
from hooks.pathways.relapsed_neuroblastoma.rules.saying import NAMES, missing, used, why_not_current
from hooks.pathways.relapsed_neuroblastoma.rules.scope import ScopeKind, scope_of
from hooks.pathways.relapsed_neuroblastoma.rules.workup_orders import ORDERS
from hooks.recommendation import (
    CardLink,
    CitationId,
    Fired,
    MissingFact,
    Option,
    Outcome,
    ProposedOrder,
    Recommendation,
    RuleId,
    Shared,
    Silent,
    Topic,
    Undetermined,
)

T = TypeVar("T")

MARKERS = ("mycn", "alk", "gd2")
"""Molecular facts that a regimen card reads."""

ANTIBODIES = frozenset({"drug.dinutuximab", "drug.dinutuximab_beta", "drug.naxitamab"})
"""The anti-GD2 antibodies, whose names look alike."""

EVENT_WORDS: Mapping[DiseaseEvent | None, str] = {
    DiseaseEvent.FIRST_RELAPSE: "first relapse",
    DiseaseEvent.LATER_RELAPSE: "later relapse",
    DiseaseEvent.PROGRESSION: "progression",
    DiseaseEvent.REFRACTORY: "refractory disease",
    DiseaseEvent.IN_REMISSION: "remission of the relapse",
}
_NOT_WHEN = ("not_when_trial", "not_when_palliative")
_BEFORE_TREATMENT = frozenset({Topic.REINDUCTION_REGIMEN, Topic.SALVAGE_REGIMEN})


@dataclass(frozen=True, slots=True, kw_only=True)
class Speaking:
    """A regimen rule that may speak: for which card, over which facts, in which phase."""

    topic: Topic
    rule: RuleId
    facts: Facts
    knowledge: Knowledge
    phase: PhaseAnswer
    as_of: date | None = None


def may_speak(
    topic: Topic,
    rule: str,
    facts: Facts,
    knowledge: Knowledge,
    kinds: frozenset[PhaseKind],
    as_of: date | None = None,
) -> Speaking | Outcome:
    """Return the rule ready to speak, or its outcome: out of scope, another phase, or original risk unknown."""
    scope = scope_of(facts, knowledge)
    if scope.kind not in {ScopeKind.IN, ScopeKind.FOLLOW_UP}:
        return scope.silent
    phase = phase_of(facts, knowledge)
    if phase.kind not in kinds:
        return Silent(phase.because, phase.decided_by)
    current = replace(with_honest_timing(facts), response=current_response(facts, knowledge))
    speaking = Speaking(topic=topic, rule=RuleId(rule), facts=current, knowledge=knowledge, phase=phase, as_of=as_of)
    if not isinstance(facts.risk_group, Known):
        return _risk_gap(speaking)
    return speaking


def _risk_gap(speaking: Speaking) -> Undetermined:
    facts = speaking.facts
    gap = missing(facts, "risk_group", "stage", "diagnosis_date")
    said = ("palliative_care", *_if_lower_risk(facts))
    disagree = isinstance(facts.risk_group, Conflicting)
    because = (
        f"Risk group at diagnosis {'disputed' if disagree else 'not on record'}: the regimens of this pathway are for "
        "originally high-risk disease."
    )
    stated = "Risk groups on record disagree" if disagree else "Risk group not on record"
    return Undetermined(
        missing=missing(facts, "risk_group"),
        card=Recommendation(
            topic=speaking.topic,
            rule=speaking.rule,
            summary=f"{stated}: no regimen is suggested for {event_words(facts)}",
            why_now=(because, speaking.phase.because),
            used=used(facts, "diagnosis", "disease_event", "stage", "diagnosis_date"),
            missing=gap,
            points=STATEMENTS.say(*said),
            evidence=STATEMENTS.evidence(*said),
        ),
        because=because,
    )


def _if_lower_risk(facts: Facts) -> Iterator[str]:
    """Yield what holds if the risk was not high (row A10); the 4S pattern of an infant only with such a stage."""
    if is_value(facts.stage, Stage.MS, Stage.INSS_4S):
        yield "lower_risk_infant"
    yield from ("lower_risk_local", "lower_risk_metastatic")


def event_words(facts: Facts) -> str:
    """Return the disease event with its date, as a summary says it."""
    words = EVENT_WORDS.get(value_of(facts.disease_event), "disease event")
    event_date = value_of(facts.event_date)
    return f"{words} of {event_date.isoformat()}" if event_date else f"{words}, date not on record"


def card(
    speaking: Speaking,
    summary: str,
    options: tuple[Option, ...],
    statements: Iterable[str],
    *,
    gaps: tuple[str, ...],
    links: tuple[CardLink, ...] = (),
) -> Fired:
    """Return the card of a regimen rule: its options, what it rests on, and the palliative-care line."""
    facts, library = speaking.facts, speaking.knowledge.regimens
    said = tuple(dict.fromkeys((*statements, *_products(options, speaking))))
    not_when = ("not_when_unproven", *_NOT_WHEN) if speaking.topic in _BEFORE_TREATMENT else _NOT_WHEN
    questions = questions_first(facts, speaking.knowledge, speaking.as_of)
    gaps_said = (*missing(facts, *gaps, *_measures(options, speaking)), *_not_of_this_relapse(facts, gaps))
    return Fired(
        Recommendation(
            topic=speaking.topic,
            rule=speaking.rule,
            summary=asking_first(summary, questions),
            why_now=(*(asked.line for asked in questions), *head_of(options, gaps_said), speaking.phase.because),
            used=used(facts, *_read(options, speaking, gaps)),
            missing=gaps_said,
            options=options,
            orders=tuple(_further_orders(facts, gaps)),
            points=(*STATEMENTS.say("palliative_care"), *library.statements.say(*said)),
            not_when=library.statements.say(*not_when),
            evidence=_evidence(options, library.statements.evidence(*said), library.statements.evidence(*not_when)),
            links=links,
        )
    )


def _read(options: tuple[Option, ...], speaking: Speaking, gaps: tuple[str, ...]) -> tuple[str, ...]:
    """Return the facts that the card names as read, in the order in which a clinician asks for them."""
    facts = speaking.facts
    names = (
        "diagnosis",
        "disease_event",
        *speaking.phase.decided_by,
        "risk_group",
        "age_months",
        *(("palliative_intent",) if any(palliative_question(facts)) else ()),
        *gaps,
        *_gates(options, speaking),
        *_severe_allergies(facts),
    )
    return tuple(dict.fromkeys(names))


def _evidence(
    options: tuple[Option, ...], said: Iterable[CitationId], not_when: Iterable[CitationId]
) -> tuple[CitationId, ...]:
    """Return the sources of the statements, of the options, and of when the card does not apply, each once."""
    shown = (CitationId(item) for option in options for item in option.evidence)
    return tuple(dict.fromkeys((*said, *shown, *STATEMENTS.evidence("palliative_care"), *not_when)))


def _products(options: tuple[Option, ...], speaking: Speaking) -> tuple[str, ...]:
    """Return the statement that antibodies are no substitutes, if regimens of two of them are shown."""
    regimens = speaking.knowledge.regimens.regimens
    shown = {drug for option in options if option.regimen in regimens for drug in regimens[option.regimen].drugs}
    return ("antibody_products",) if len(shown & ANTIBODIES) > 1 else ()


def _gates(options: tuple[Option, ...], speaking: Speaking) -> Iterator[str]:
    """Yield the names of the facts that the gates of the shown regimens read."""
    for option in options:
        gates = speaking.knowledge.regimens.gates.get(option.regimen)
        if gates is not None:
            yield from (name for code in (*gates.block, *gates.caution) for name in GATES[code].reads)


def _severe_allergies(facts: Facts) -> tuple[str, ...]:
    """Return the name of the fact where a severe allergy is on record; an empty list is no news."""
    return ("severe_drug_allergies",) if value_of(facts.severe_drug_allergies) else ()


def _measures(options: tuple[Option, ...], speaking: Speaking) -> tuple[str, ...]:
    """Return weight and height if a shown regimen could be drafted with them and is not."""
    regimens = speaking.knowledge.regimens.regimens
    drafts = any(
        option.orders and option.regimen in regimens and regimens[option.regimen].draft_schedule for option in options
    )
    return ("weight_kg", "height_cm") if drafts and not has_body_measures(speaking.facts) else ()


def _not_of_this_relapse(facts: Facts, gaps: tuple[str, ...]) -> Iterator[MissingFact]:
    """Yield one line per marker whose result is not known to be of this relapse."""
    for name in (name for name in MARKERS if name in gaps):
        fact = getattr(facts, name)
        if isinstance(fact, Known) and isinstance(fact.value, Molecular) and fact.value.timing is not Timing.AT_RELAPSE:
            (read,) = used(facts, name)
            label = f"{read.label.removesuffix(', please confirm')}: confirm on current tissue"
            yield MissingFact(
                name, why_not_current(fact.value.timing), label, (), Shared("Confirm on current tissue", NAMES[name])
            )


def _further_orders(facts: Facts, gaps: tuple[str, ...]) -> Iterator[ProposedOrder]:
    """Yield what the options wait for: the tumour board where nobody ranks, GD2 before antibody again (row G12)."""
    if "alk" in gaps and needs_tumour_board(facts):
        yield replace(ORDERS[WorkupItem.TUMOUR_BOARD], reason=reason_of(facts))
    if "mycn" in gaps and isinstance(facts.mycn, Conflicting):
        label = "Reconcile MYCN: confirm on current tissue"
        yield replace(ORDERS[WorkupItem.MOLECULAR_PANEL], label=label, reason=reason_of(facts))
    if "gd2" in gaps and is_value(facts.progressed_on_anti_gd2, YesNo.YES) and not _is_gd2_current(facts):
        yield replace(ORDERS[WorkupItem.GD2], reason=reason_of(facts))


def _is_gd2_current(facts: Facts) -> bool:
    """True for a proven GD2 result that is not older than the progression on the antibody."""
    if not is_proven(facts.gd2):
        return False
    measured, progressed = _date_of(facts.gd2), _date_of(facts.progressed_on_anti_gd2)
    return measured is None or progressed is None or measured >= progressed


def _date_of(fact: Fact[T]) -> date | None:
    return fact.date if isinstance(fact, Known) else None


def exposure_statements(facts: Facts) -> Iterator[str]:
    """Yield the statements that earlier treatment calls for."""
    if is_value(facts.failed_temozolomide, YesNo.YES):
        yield "temozolomide_failed"
    if is_value(facts.failed_topotecan, YesNo.YES):
        yield "topotecan_failed"
    if is_value(facts.progressed_on_anti_gd2, YesNo.YES):
        yield "anti_gd2_progressed"
    elif is_value(facts.prior_anti_gd2, YesNo.YES):
        yield "anti_gd2_again"
    if is_value(facts.strong_cyp3a_inducer, YesNo.YES):
        yield "cyp3a_inducer_first"
    if not isinstance(facts.treatment_lines, Known):
        yield "prior_treatment_unknown"
