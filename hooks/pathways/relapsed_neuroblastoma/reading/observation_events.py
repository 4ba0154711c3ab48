"""Events of the tumour in Observations: tumour recurrence, and disease status that worsened.

Place in the flow: `disease` asks it. May not: call a worsened status a relapse, or take a rise of catecholamines
for an event at all.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from hooks.facts.dates import Interval, when
from hooks.facts.fact import Confidence
from hooks.facts.observations import (
    Gate,
    answer_of,
    conditions_in_focus,
    gate_of,
    has_value,
    is_about_someone_else,
    note_of,
    value_text,
)
from hooks.facts.text import Polarity, read_text
from hooks.pathways.relapsed_neuroblastoma.reading.event import (
    STATED,
    TOPICS,
    WINDOW,
    DatedBy,
    Event,
    Kind,
    ordinal_of,
    says_residual,
)
from hooks.record import PatientRecord, Resource, reference_to
from hooks.terminology.codes import SnomedCode
from hooks.terminology.table import code_named, codings_of, concepts_of, is_a, text_of

_STATUS = "cancer_disease_status"
_RECURRENCE = "tumor_recurrence"
_VALUES = "disease_status.value"
_WORSENED = frozenset({code_named(_VALUES, SnomedCode, "Patient's condition worsened").code})
_REMISSION = frozenset(
    code_named(_VALUES, SnomedCode, display).code
    for display in ("Malignant neoplasm in full remission", "In full remission", "Disorder in remission")
)
_PLACES = ("body_site", _RECURRENCE, _VALUES)
_STATUS_TITLE = re.compile(r"\b(?:disease|cancer|tumou?r) status\b", re.IGNORECASE)
_PRESENT = replace(TOPICS[Kind.RELAPSE], implied=True)


def events_in_observations(record: PatientRecord, own: frozenset[str]) -> tuple[Event, ...]:
    """Return the events that Observations state. `own`: references of the tumour's Conditions, for `focus`."""
    found: list[Event] = []
    statuses: list[Resource] = []
    for observation in record.of_type("Observation"):
        concepts = (*concepts_of(observation.get("code")), *concepts_of(observation.get("valueCodeableConcept")))
        if _RECURRENCE not in concepts and _STATUS not in concepts and not _is_titled_status(observation):
            continue
        if gate_of(observation) not in {Gate.USABLE, Gate.TEXT_ONLY} or is_about_someone_else(observation, record):
            continue
        focus = conditions_in_focus(observation)
        if focus and focus.isdisjoint(own):
            continue
        if _RECURRENCE in concepts:
            found.extend(_of_recurrence(observation, linked=bool(focus)))
        else:
            statuses.append(observation)
    return (*found, *_of_words(statuses), *_of_trend(statuses))


def _is_titled_status(observation: Resource) -> bool:
    """True for a status of the disease by its title, where no code says what it is."""
    code = observation.get("code")
    return not concepts_of(code) and bool(_STATUS_TITLE.search(text_of(code)[:500]))


def _last_remission(statuses: Sequence[Resource]) -> date | None:
    """Return the day of the last status that says full remission, date.min for an undated one; None without one."""
    return max((_last(item) for item in statuses if _says(item, _REMISSION)), default=None)


def _is_over_since(observation: Resource, remission: date | None) -> bool:
    """True if the last full remission was said by the same status or a later one."""
    return remission is not None and remission >= _last(observation)


def _of_recurrence(observation: Resource, *, linked: bool) -> Iterator[Event]:
    """Yield a coded tumour recurrence unless its value denies it; a value that is not read leaves a suspicion.

    A site as the value says where it came back.
    """
    answer = answer_of(observation, _PRESENT)
    if answer.polarity in {Polarity.NEGATIVE, Polarity.CONFLICT} or observation.get("dataAbsentReason"):
        return
    placed = any(is_a(c, *_PLACES) for c in concepts_of(observation.get("valueCodeableConcept")))
    unread = answer.polarity is Polarity.SILENT and has_value(observation) and not placed
    said = f"{text_of(observation.get('code'))} | {value_text(observation)} | {note_of(observation)}"
    coded = linked and gate_of(observation) is Gate.USABLE
    yield Event(
        kind=Kind.RELAPSE,
        source=reference_to(observation),
        confidence=Confidence.CODED if coded else Confidence.TEXT,
        when=when(observation, "effective"),
        date_rank=DatedBy.OBSERVATION,
        suspected=unread or answer.polarity in {Polarity.SUSPECTED, Polarity.UNKNOWN},
        ordinal=ordinal_of(read_text(said, TOPICS[Kind.RELAPSE])),
    )


def _of_words(statuses: Sequence[Resource]) -> Iterator[Event]:
    """Yield what the words of a disease status say; its date is that of the evaluation, not of the event."""
    remission = _last_remission(statuses)
    for observation in statuses:
        said = value_text(observation)
        for kind in (Kind.RELAPSE, Kind.REFRACTORY):
            reading = read_text(said, TOPICS[kind])
            if reading.polarity in STATED:
                yield Event(
                    kind=kind,
                    source=reference_to(observation),
                    confidence=Confidence.TEXT,
                    standing=not _is_over_since(observation, remission),
                    suspected=reading.polarity is not Polarity.POSITIVE,
                    ordinal=ordinal_of(reading),
                )
        if says_residual(said):
            yield Event(kind=Kind.RESIDUAL, source=reference_to(observation), confidence=Confidence.TEXT)


def _of_trend(statuses: Sequence[Resource]) -> Iterator[Event]:
    """Yield progression for a worsened status; no longer standing where a later status says full remission.

    Several worsened ones well apart leave it undated: nobody says which of them began it.
    """
    worsened = [item for item in statuses if _says(item, _WORSENED)]
    if not worsened:
        return
    dates = [dated for item in worsened if (dated := when(item, "effective")) is not None and dated.first is not None]
    last = max(worsened, key=_last)
    yield Event(
        kind=Kind.PROGRESSION,
        source=reference_to(last),
        confidence=Confidence.TEXT,
        when=_one_date(dates) if len(dates) == len(worsened) else None,
        date_rank=DatedBy.SPREAD,
        standing=not _is_over_since(last, _last_remission(statuses)),
    )


def _one_date(dates: Sequence[Interval]) -> Interval | None:
    ordered = sorted(dates, key=lambda dated: dated.first or date.min)
    first, last = ordered[0], ordered[-1]
    close = first.first is not None and last.first is not None and last.first - first.first <= WINDOW
    return first if close else None


def _says(observation: Resource, codes: frozenset[str]) -> bool:
    return any(
        _VALUES in concepts_of(coding) and coding.get("code") in codes
        for coding in codings_of(observation.get("valueCodeableConcept"))
    )


def _last(observation: Resource) -> date:
    dated = when(observation, "effective")
    return dated.last if dated is not None and dated.last is not None else date.min
