"""Events of the tumour in Conditions: by clinicalStatus, by words, by what follows a closed entry, by metastases.

Place in the flow: `disease` asks it. May not: take the onset of the first diagnosis for the date of a relapse, a
denied or feared relapse for one, or a repeated entry for a second one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date

from hooks.facts.conditions import Clinical, ConditionReading, Verified, read_conditions
from hooks.facts.dates import Interval, read_date, when
from hooks.facts.fact import Confidence
from hooks.facts.spelling import with_iso_dates
from hooks.facts.text import Polarity, Statement, read_text
from hooks.pathways.relapsed_neuroblastoma.reading.event import (
    STATED,
    TOPICS,
    WINDOW,
    DatedBy,
    Event,
    Kind,
    Named,
    is_well_after,
    ordinal_of,
    says_remission,
    says_residual,
)
from hooks.pathways.relapsed_neuroblastoma.reading.tumour import tumours_in
from hooks.record import PatientRecord, local_reference, once_per_record
from hooks.terminology.table import concepts_of, is_a

_RECURRENCE = "tumor_recurrence"
_RECURRENT = "recurrent.qualifier"
_METASTASES = ("metastatic_cancer.parent", "metastasis")
_TRACES = ("stage.type_or_method", "cancer_disease_status", "MYCN", "high_risk_tumor", "hsct")
_YEAR = re.compile(r"\b(?:19|20)\d{2}\b")
_ISO_DATE = re.compile(r"\b\d{4}-\d{2}(?:-\d{2})?\b")
_DATE_IN_BRACKETS = re.compile(r"[(\[]\s?(\d{4}(?:-\d{2}){0,2})\s?[)\]]")


@once_per_record
def events_in_conditions(record: PatientRecord) -> tuple[Event, ...]:
    """Return every event that Conditions state: those of the tumour, coded recurrences, late metastases."""
    tumours = tuple(named for named, _ in tumours_in(record) if named[0].counts)
    own = frozenset(reading.source for _, reading in tumours)
    found = [event for _, reading in tumours for event in _of_condition(reading, tumours, record)]
    found.extend(_of_recurrence_conditions(record, own))
    found.extend(_of_metastases(record, tumours, own))
    return tuple(found)


def first_onset(tumours: Iterable[Named]) -> Interval | None:
    """Return the earliest onset of the tumour; the diagnosis, unless that Condition is an event of its own."""
    onsets = [reading.onset for _, reading in tumours if reading.onset is not None]
    return min(onsets, key=lambda onset: onset.first or date.min, default=None)


def is_event_of_its_own(reading: ConditionReading, tumours: Iterable[Named], record: PatientRecord) -> bool:
    """True if the Condition was opened for the event, so that its onset dates the event and not the diagnosis.

    That is so when another Condition of the tumour began earlier, when the Condition is named after the event
    ("refractory" excepted: the tumour of the diagnosis becomes it) and neither entered long after its onset nor dated
    later by its words (the first diagnosis, renamed), or when the record holds results of the tumour from before.
    """
    if any(_began_earlier(other, reading) for _, other in tumours):
        return True
    named = f"{reading.text} | {reading.local}"
    naming = [kind for kind in TOPICS if kind is not Kind.REFRACTORY]
    renamed = is_well_after(reading.recorded, reading.onset) or any(_is_dated_later(reading, kind) for kind in naming)
    if not renamed and any(read_text(named, TOPICS[kind]).polarity in STATED for kind in naming):
        return True
    return _predates(record, reading)


def _is_dated_later(reading: ConditionReading, kind: Kind) -> bool:
    """True if its words put the event well after its onset: "relapsed 2026-05-18", "relapsed May 2026"."""
    return is_well_after(_date_in(reading.words, kind), reading.onset)


def _began_earlier(other: ConditionReading, reading: ConditionReading) -> bool:
    mine, yours = reading.onset or reading.recorded, other.onset or other.recorded
    if mine is None or mine.first is None or yours is None or yours.last is None:
        return False
    return mine.first > yours.last + WINDOW


def _predates(record: PatientRecord, reading: ConditionReading) -> bool:
    """True if stage, status, MYCN results or a transplant are dated before the onset, or the entry itself is."""
    if reading.onset is None or reading.onset.first is None:
        return False
    limit = reading.onset.first - WINDOW
    traces = (reading.recorded, *_traces(record))
    return any(trace.is_before(limit) for trace in traces if trace is not None)


@once_per_record
def _traces(record: PatientRecord) -> tuple[Interval | None, ...]:
    """Return the dates of what only somebody with the tumour has: stage, status, MYCN results, a transplant."""
    return tuple(
        when(resource, "effective") or when(resource, "performed")
        for resource in record.of_type("Observation", "Procedure")
        if any(is_a(concept, *_TRACES) for concept in concepts_of(resource.get("code")))
    )


def _of_condition(reading: ConditionReading, tumours: tuple[Named, ...], record: PatientRecord) -> Iterator[Event]:
    named = f"{reading.text} | {reading.local}"
    said = {kind: read_text(named, topic) for kind, topic in TOPICS.items()}
    relapse = said[Kind.RELAPSE]
    over = says_remission(named)
    doubted = reading.verified is Verified.SUSPECTED
    if reading.clinical is Clinical.RELAPSE or _RECURRENT in (*reading.concepts, *reading.extra_concepts):
        dated, rank = _date_of(reading, tumours, record, Kind.RELAPSE)
        yield Event(
            kind=Kind.RELAPSE,
            source=reading.source,
            confidence=Confidence.CODED if reading.clinical is Clinical.RELAPSE else Confidence.CODED_LOCAL,
            when=dated,
            date_rank=rank,
            standing=reading.stands,
            suspected=doubted,
            contradicted=over or relapse.polarity in {Polarity.NEGATIVE, Polarity.CONFLICT},
            ordinal=ordinal_of(relapse),
            counts=True,
        )
        return
    for kind, reading_of_kind in said.items():
        if reading_of_kind.polarity in STATED:
            dated, rank = _date_of(reading, tumours, record, kind)
            local = read_text(reading.local, TOPICS[kind]).polarity is Polarity.POSITIVE
            yield Event(
                kind=kind,
                source=reading.source,
                confidence=Confidence.CODED_LOCAL if local else Confidence.TEXT,
                when=dated,
                date_rank=rank,
                standing=reading.stands and not over,
                suspected=doubted or reading_of_kind.polarity is not Polarity.POSITIVE,
                ordinal=ordinal_of(reading_of_kind),
                counts=True,
            )
            return
    if says_residual(named):
        yield Event(kind=Kind.RESIDUAL, source=reading.source, confidence=Confidence.TEXT, standing=reading.stands)
    elif reading.stands and _follows_a_closed_one(reading, tumours):
        yield Event(
            kind=Kind.RELAPSE, source=reading.source, confidence=Confidence.TEXT, when=reading.onset, counts=True
        )


def _follows_a_closed_one(reading: ConditionReading, tumours: tuple[Named, ...]) -> bool:
    """True for a second Condition well after one that is resolved or in remission."""
    return any(not other.stands and is_well_after(reading.onset, other.onset) for _, other in tumours)


def _date_of(
    reading: ConditionReading, tumours: tuple[Named, ...], record: PatientRecord, kind: Kind
) -> tuple[Interval | None, DatedBy]:
    """Return (date of the event, rank): the onset only where it cannot be that of the first diagnosis."""
    if reading.onset is not None and is_event_of_its_own(reading, tumours, record):
        return reading.onset, DatedBy.ONSET
    began = reading.onset
    if reading.asserted is not None and (began is None or reading.asserted.is_later_than(began)):
        return reading.asserted, DatedBy.ASSERTION
    if (written := _date_in(reading.words, kind)) is not None:
        return written, DatedBy.WORDS
    own = began is None and is_event_of_its_own(reading, tumours, record)
    if reading.recorded is not None and (own or is_well_after(reading.recorded, began)):
        return reading.recorded, DatedBy.RECORDING
    return None, DatedBy.RECORDING


def _date_in(text: str, kind: Kind) -> Interval | None:
    """Return the one day or month, else the one year, that stands in a clause which states the event.

    Notes date it, they never make it. A date in brackets belongs to the words before them.
    """
    written = _DATE_IN_BRACKETS.sub(r" \1 ", with_iso_dates(text))
    said = read_text(written, TOPICS[kind])
    for pattern in (_ISO_DATE, _YEAR):
        found = {match for match in pattern.findall(written) for s in said.statements if _holds_date(s, match)}
        if found:
            return read_date(found.pop()) if len(found) == 1 else None
    return None


def _holds_date(statement: Statement, written: str) -> bool:
    parts = tuple(written.split("-"))
    tokens = statement.tokens
    runs = (tokens[start : start + len(parts)] for start in range(len(tokens)))
    return statement.polarity in STATED and parts in runs


def _of_recurrence_conditions(record: PatientRecord, own: frozenset[str]) -> Iterator[Event]:
    """Yield Conditions that are coded as tumour recurrence and linked to the neuroblastoma, or not linked at all."""
    for reading in read_conditions(record):
        if _RECURRENCE not in reading.concepts or reading.source in own or reading.verified is Verified.DROPPED:
            continue
        linked = [local_reference(reference) for reference in reading.related]
        if linked and own.isdisjoint(reference or "" for reference in linked):
            continue
        yield Event(
            kind=Kind.RELAPSE,
            source=reading.source,
            confidence=Confidence.CODED if linked else Confidence.TEXT,
            when=reading.onset or reading.recorded,
            date_rank=DatedBy.ONSET if reading.onset else DatedBy.RECORDING,
            standing=reading.stands,
            suspected=reading.verified is Verified.SUSPECTED,
            ordinal=ordinal_of(read_text(reading.words, TOPICS[Kind.RELAPSE])),
            counts=True,
        )


def _of_metastases(record: PatientRecord, tumours: tuple[Named, ...], own: frozenset[str]) -> Iterator[Event]:
    """Yield secondary cancer Conditions that began well after the tumour did."""
    began = first_onset(tumours)
    for reading in read_conditions(record):
        if not any(is_a(concept, *_METASTASES) for concept in reading.concepts):
            continue
        if reading.source in own or reading.verified is Verified.DROPPED or not is_well_after(reading.onset, began):
            continue
        yield Event(
            kind=Kind.RELAPSE,
            source=reading.source,
            confidence=Confidence.TEXT,
            when=reading.onset,
            date_rank=DatedBy.SPREAD,
            standing=reading.stands,
            suspected=reading.verified is Verified.SUSPECTED,
        )
