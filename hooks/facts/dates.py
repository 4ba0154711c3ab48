"""FHIR dates as intervals: a date is never read as more precise than the chart wrote it.

Place in the flow: every reader of FHIR takes its dates from here. May not: read `issued`, or know the clock.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from hooks.record import PatientRecord, Resource

_DATE_LENGTH = 10
_YEARS = range(1900, 2200)
"""Years that a chart can mean. "0001-01-01" and "9999-12-31" are how databases write that there is no date."""
_LONGEST_LINE = 4
"""Specimens that are followed from one to what it was made from."""


@dataclass(frozen=True, slots=True)
class Interval:
    """The days on which something may have been, both ends included. None: open on that side.

    "2026" is 2026-01-01 to 2026-12-31; a Period without an end is open on the right.
    """

    first: date | None
    last: date | None

    @property
    def day(self) -> date | None:
        """The day, where the chart says it to the day; otherwise None."""
        return self.first if self.first == self.last else None

    def is_from(self, day: date) -> bool:
        """True if certainly on or after `day`."""
        return self.first is not None and self.first >= day

    def is_before(self, day: date) -> bool:
        """True if certainly before `day`. Neither this nor `is_from`: the chart does not say."""
        return self.last is not None and self.last < day

    def is_later_than(self, other: Interval) -> bool:
        """True if certainly after the whole of `other`."""
        return self.first is not None and other.last is not None and self.first > other.last

    def overlaps(self, other: Interval) -> bool:
        """True if both may have been on the same day."""
        return not self.is_later_than(other) and not other.is_later_than(self)


def read_date(value: object) -> Interval | None:
    """Return the interval of a FHIR date, dateTime or instant ("2026", "2026-05", "2026-05-12T10:00Z"), or None.

    The day is the one that the sender wrote; a time zone does not move it. A year that no chart can mean is no date:
    a Period that ends in 9999 is open.
    """
    if not isinstance(value, str):
        return None
    text = value.strip()
    if len(text) > _DATE_LENGTH and text[_DATE_LENGTH] not in "Tt ":
        return None
    parts = text[:_DATE_LENGTH].split("-")
    if [len(part) for part in parts] not in ([4], [4, 2], [4, 2, 2]):
        return None
    if not all(part.isascii() and part.isdigit() for part in parts):
        return None
    return _days(*(int(part) for part in parts))


def _days(year: int, month: int | None = None, day: int | None = None) -> Interval | None:
    if year not in _YEARS:
        return None
    try:
        if month is None:
            return Interval(date(year, 1, 1), date(year, 12, 31))
        if day is None:
            return Interval(date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1]))
        return Interval(date(year, month, day), date(year, month, day))
    except ValueError:
        return None


def read_period(value: object) -> Interval | None:
    """Return the interval of a Period; None for one without any readable end or with its ends swapped."""
    if not isinstance(value, Mapping):
        return None
    start, end = read_date(value.get("start")), read_date(value.get("end"))
    if start is None and end is None:
        return None
    first = start.first if start else None
    last = end.last if end else None
    return None if first is not None and last is not None and last < first else Interval(first, last)


def read_timing(value: object) -> Interval | None:
    """Return the interval that a Timing spans: its events, else the bounds of its repeat."""
    if not isinstance(value, Mapping):
        return None
    events = value.get("event")
    found = [read_date(event) for event in events] if isinstance(events, list) else []
    days = [interval for interval in found if interval is not None]
    if days:
        return span(days)
    repeat = value.get("repeat")
    return read_period(repeat.get("boundsPeriod")) if isinstance(repeat, Mapping) else None


def when(resource: Resource, element: str) -> Interval | None:
    """Return the interval of a choice element, named without its type: "effective", "onset", "performed", "collected".

    Reads the DateTime, Instant, Date, Period and Timing forms; an Age, a Range and a string are no date here.
    """
    for suffix in ("DateTime", "Instant", "Date"):
        if (found := read_date(resource.get(element + suffix))) is not None:
            return found
    return read_period(resource.get(f"{element}Period")) or read_timing(resource.get(f"{element}Timing"))


def specimens_of(resource: Resource, record: PatientRecord) -> Iterator[Resource]:
    """Yield the Specimens that an Observation or a DiagnosticReport names and the record holds."""
    named = resource.get("specimen")
    for reference in named if isinstance(named, list) else (named,):
        specimen = record.find(reference, within=resource)
        if specimen is not None and specimen.get("resourceType") == "Specimen":
            yield specimen


def origins_of(specimen: Resource, record: PatientRecord) -> Iterator[Resource]:
    """Yield what a specimen was made from, nearest first: a slide from its block, DNA from its tissue."""
    for _ in range(_LONGEST_LINE):
        parents = specimen.get("parent")
        named = parents[0] if isinstance(parents, list) and len(parents) == 1 else parents
        origin = record.find(named, within=specimen)
        if origin is None or origin.get("resourceType") != "Specimen":
            return
        yield origin
        specimen = origin


def _collection_of(specimen: Resource) -> Interval | None:
    collection = specimen.get("collection")
    return when(collection, "collected") if isinstance(collection, Mapping) else None


def collected(resource: Resource, record: PatientRecord) -> Interval | None:
    """Return when the specimen of a result was taken; None where no specimen says so.

    Several specimens with different days span the interval from the first to the last of them.
    """
    found = []
    for specimen in specimens_of(resource, record):
        origins = (_collection_of(item) for item in (specimen, *origins_of(specimen, record)))
        taken = next((day for day in origins if day is not None), None)
        if taken is not None:
            found.append(taken)
    return span(found)


def span(intervals: list[Interval]) -> Interval | None:
    """Return the smallest interval that holds all of them; None for an empty list."""
    if not intervals:
        return None
    firsts = [interval.first for interval in intervals]
    lasts = [interval.last for interval in intervals]
    return Interval(
        None if None in firsts else min(first for first in firsts if first is not None),
        None if None in lasts else max(last for last in lasts if last is not None),
    )


def result_date(resource: Resource, record: PatientRecord) -> Interval | None:
    """Return the date of a laboratory or molecular result: specimen collection, else effective[x], never issued."""
    return collected(resource, record) or when(resource, "effective")


def first_day(value: object) -> date | None:
    """Return the earliest day a date can mean, for ordering things in time; None for anything else."""
    found = read_date(value)
    return found.first if found else None


def last_day(value: object) -> date | None:
    """Return the latest day a date can mean, for ordering things in time; None for anything else."""
    found = read_date(value)
    return found.last if found else None


def exact_day(value: object) -> date | None:
    """Return the day of a date that is given to the day; None for "2026-11", "2026" and anything else."""
    found = read_date(value)
    return found.day if found else None


def exact_period_of(value: object) -> tuple[date | None, date | None]:
    """Return the first and the last day of a Period; None for an end that it does not give to the day."""
    found = period_of(value)
    start, end = (value.get("start"), value.get("end")) if isinstance(value, Mapping) else (None, None)
    return found[0] and exact_day(start), found[1] and exact_day(end)


def period_of(value: object) -> tuple[date | None, date | None]:
    """Return the first and the last day of a Period; None for an end that it does not give."""
    found = read_period(value)
    return (found.first, found.last) if found else (None, None)
