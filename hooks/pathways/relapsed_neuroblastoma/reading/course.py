"""From statements of events to the one disease event that counts, with its date.

Place in the flow: `disease` calls it with all Events. May not: count one relapse twice, or date one by guessing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from hooks.facts.dates import Interval
from hooks.facts.fact import Confidence, Conflicting, Fact, Known, Unknown, Why
from hooks.pathways.relapsed_neuroblastoma.facts import DiseaseEvent
from hooks.pathways.relapsed_neuroblastoma.reading.event import WINDOW, DatedBy, Event, Kind, Ordinal

_RANK = (Confidence.CODED, Confidence.CODED_LOCAL, Confidence.TEXT)
_LOOKED_IN = ("conditions", "status")


@dataclass(frozen=True, slots=True)
class Course:
    """The event and its date as facts; `when` is the date as precise as the chart has it."""

    event: Fact[DiseaseEvent]
    date: Fact[date]
    when: Interval | None = None


def course_of(events: Iterable[Event], own: Iterable[str], latest: date) -> Course:
    """Return the event that counts.

    Order: a standing relapse, then progression or refractory disease, then what other results show, then a
    suspicion, then a relapse that is over, a residual mass, nothing. `latest`: no event can be after this day.
    """
    listed = _without_repeated_entries(events)
    stated = [event for event in listed if not event.suspected and event.kind is not Kind.RESIDUAL]
    standing = [event for event in stated if event.standing]
    closed = [event for event in stated if not event.standing and event.counts]
    for kinds, spread in (
        ({Kind.RELAPSE}, False),
        ({Kind.PROGRESSION, Kind.REFRACTORY}, False),
        ({Kind.RELAPSE}, True),
        ({Kind.PROGRESSION}, True),
    ):
        current = [e for e in standing if e.kind in kinds and (e.date_rank is DatedBy.SPREAD) is spread]
        current = [event for event in current if not _is_over(event, closed)]
        if current:
            return _current(current, listed, latest)
    suspected = [event for event in listed if event.suspected and event.standing]
    if suspected := [event for event in suspected if not _is_over(event, stated)]:
        came_back = [event for event in suspected if event.kind is not Kind.REFRACTORY]
        named = DiseaseEvent.SUSPECTED_RELAPSE if came_back else DiseaseEvent.SUSPECTED_REFRACTORY
        return _plain(named, came_back or suspected, latest)
    if stated:
        return _plain(DiseaseEvent.IN_REMISSION, _latest_of(stated), latest)
    if residual := [event for event in listed if event.kind is Kind.RESIDUAL and event.standing]:
        return _plain(DiseaseEvent.RESIDUAL_STABLE, residual, latest)
    return Course(Known(DiseaseEvent.NONE, tuple(own)), Unknown(looked_in=_LOOKED_IN))


def _without_repeated_entries(events: Iterable[Event]) -> tuple[Event, ...]:
    """Return the events, those dated only by the day of their entry reduced to one such date.

    A relapse that is entered at every visit is one relapse: the earliest entry dates it, and no entry does where
    an onset or words do.
    """
    alike: dict[tuple[Kind, bool], list[Event]] = {}
    listed = tuple(events)
    for event in listed:
        alike.setdefault((event.kind, event.standing), []).append(event)
    earliest = {group: _earliest_entry(same) for group, same in alike.items()}
    return tuple(_as_dated(event, earliest[event.kind, event.standing]) for event in listed)


def _earliest_entry(alike: Sequence[Event]) -> date:
    """Return the day after which no entry dates an event: that of the earliest, or none where a better date is."""
    dated = [event for event in alike if event.when is not None]
    if any(event.date_rank < DatedBy.RECORDING for event in dated):
        return date.min
    return _first_end(event for event in dated if event.date_rank is DatedBy.RECORDING) or date.max


def _as_dated(event: Event, earliest: date) -> Event:
    is_later = event.when is not None and event.when.first is not None and event.when.first > earliest
    return replace(event, when=None) if is_later and event.date_rank is DatedBy.RECORDING else event


def _last_start(events: Iterable[Event]) -> date | None:
    return max((event.when.first for event in events if event.when and event.when.first), default=None)


def _first_end(events: Iterable[Event]) -> date | None:
    return min((event.when.last for event in events if event.when and event.when.last), default=None)


def _is_well_after(later: date | None, earlier: date | None) -> bool:
    """True if more than the window lies between the two days."""
    return later is not None and earlier is not None and later - earlier > WINDOW


def _is_over(event: Event, closed: Sequence[Event]) -> bool:
    """True for an Observation or metastasis of an event whose Condition is in remission. closed: those Conditions'."""
    if event.counts or not closed:
        return False
    ends = [other.when.last if other.when is not None else None for other in closed]
    return None in ends or not _is_well_after(_last_start([event]), max(end for end in ends if end is not None))


def _latest_of(events: Sequence[Event]) -> list[Event]:
    """Return the events of the latest date, undated ones included."""
    dated = [event for event in events if event.when is not None]
    newest = _last_start(dated)
    last = [event for event in dated if not _is_well_after(newest, _first_end([event]))]
    return [*last, *(event for event in events if event.when is None)]


def _current(current: Sequence[Event], listed: Sequence[Event], latest: date) -> Course:
    """Return the course of standing events of one kind, with the latest of them as the event."""
    last = _latest_of(current)
    lead = min(last, key=lambda event: (_RANK.index(event.confidence), event.date_rank))
    named = _named(lead, last, listed)
    if lead.contradicted:
        values = (named, DiseaseEvent.IN_REMISSION)
        return Course(Conflicting(values, _sources(last)), *_date(last, listed, latest))
    return Course(
        Known(named, _sources(last), _day(last), lead.confidence),
        *_date(last, listed, latest),
    )


def _named(lead: Event, last: Sequence[Event], listed: Sequence[Event]) -> DiseaseEvent:
    if lead.kind is Kind.PROGRESSION:
        return DiseaseEvent.PROGRESSION
    if lead.kind is Kind.REFRACTORY:
        return DiseaseEvent.REFRACTORY
    return DiseaseEvent.LATER_RELAPSE if _is_later_relapse(last, listed) else DiseaseEvent.FIRST_RELAPSE


def _is_later_relapse(last: Sequence[Event], listed: Sequence[Event]) -> bool:
    """True if the words say so, or an earlier relapse has its own Condition; "first" in the words settles it."""
    ordinals = {event.ordinal for event in last}
    if Ordinal.LATER in ordinals:
        return True
    if Ordinal.FIRST in ordinals:
        return False
    earlier = [e for e in listed if e.kind is Kind.RELAPSE and e.counts and not e.suspected]
    return _is_well_after(_last_start(last), _first_end(earlier))


def _plain(named: DiseaseEvent, events: Sequence[Event], latest: date) -> Course:
    last = _latest_of(events)
    confidence = min((event.confidence for event in last), key=_RANK.index)
    return Course(Known(named, _sources(last), _day(last), confidence), *_date(last, events, latest))


def _date(last: Sequence[Event], listed: Sequence[Event], latest: date) -> tuple[Fact[date], Interval | None]:
    """Return (date as a fact, date as an interval): the most trustworthy date that is a full day, if any is.

    An event without a date of its own is dated by other statements of the same kind, if they agree.
    """
    kinds = {event.kind for event in last}
    dated: Sequence[Event] = [event for event in last if event.when is not None]
    if not dated:
        dated = _agreeing([event for event in listed if event.when is not None and event.kind in kinds])
    if not dated:
        return Unknown(looked_in=_LOOKED_IN), None
    best = min(dated, key=lambda event: (event.when is None or event.when.day is None, event.date_rank))
    interval = best.when
    if interval is None or interval.day is None:
        return Unknown(Why.IMPRECISE, _LOOKED_IN, (best.source,)), interval
    if interval.day > latest:
        return Unknown(Why.IMPLAUSIBLE, _LOOKED_IN, (best.source,), interval.day), None
    return Known(interval.day, (best.source,), interval.day, best.date_confidence), interval


def _agreeing(events: Sequence[Event]) -> Sequence[Event]:
    return () if _is_well_after(_last_start(events), _first_end(events)) else events


def _sources(events: Sequence[Event]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(event.source for event in events))


def _day(events: Sequence[Event]) -> date | None:
    return next((event.when.day for event in events if event.when is not None and event.when.day), None)
