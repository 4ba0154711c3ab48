"""Dosage instructions: when an order runs, by which route, on a schedule or as needed.

Place in the flow: `hooks.facts.medications` reads one Dosage per order. May not: read or compute a dose.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from hooks.facts.dates import exact_day, exact_period_of, first_day, last_day, period_of
from hooks.facts.wording import mappings_in, said_by
from hooks.record import Resource

Span = tuple[date | None, date | None]

_ROUTES = (
    ("intravenous", re.compile(r"\b(?:iv|i\.v\.|intravenous)", re.IGNORECASE)),
    ("oral", re.compile(r"\b(?:po|p\.o\.|oral|by mouth)\b", re.IGNORECASE)),
    ("subcutaneous", re.compile(r"\b(?:sc|s\.c\.|sq|subcutaneous|subcut)\b", re.IGNORECASE)),
)
_INHALED = re.compile(r"\b(?:inhal|nebuli[sz])", re.IGNORECASE)
_AS_NEEDED = re.compile(
    r"\b(?:prn|p\.r\.n\.|as needed|as required|if needed|when needed|in case of|rescue|emergency|stand-?by"
    r"|(?:anaphylaxis|reaction) kit)(?!\w)",
    re.IGNORECASE,
)
_DROPS = re.compile(r"\bdrops?\b.{0,200}\b(eye|ear|nostril)s?\b", re.IGNORECASE)
"""Instructions that say where drops go; an order without a route is read by them."""
_DROPS_ROUTE = {"nostril": "nasal"}
_DAYS_PER_UNIT: Mapping[str, int] = {"d": 1, "day": 1, "days": 1, "wk": 7, "week": 7, "weeks": 7}
_REASONS = ("asNeededCodeableConcept", "asNeededFor")
_MOST_DAYS = 3660
_LONGEST_TEXT = 2000


@dataclass(frozen=True, slots=True)
class Dosage:
    """All dosage instructions of one order taken together.

    start/end: from the timing's bounds or events, None where the chart does not say. scheduled: False when every
    instruction is as needed; needed_for: what for, in words. route: "intravenous", "oral", "subcutaneous", else
    chart text, or "".
    """

    start: date | None = None
    end: date | None = None
    scheduled: bool = True
    route: str = ""
    text: str = ""
    needed_for: str = ""


def read_dosage(resource: Resource, *, exact: bool = False) -> Dosage:
    """Return what dosageInstruction (requests, dispenses) or dosage (administrations, statements) says.

    exact: a day that is given by its month or year alone is none, as for what is still to come.
    """
    entries = (*mappings_in(resource.get("dosageInstruction")), *mappings_in(resource.get("dosage")))
    start, end = joined(tuple(_span(entry.get("timing"), exact=exact) for entry in entries))
    words = dict.fromkeys(word for entry in entries if (word := _text(entry)))
    routes = (_route(entry.get("route")) or _drops_route(entry) for entry in entries)
    reasons = (said_by(entry.get(name)) for entry in entries for name in _REASONS)
    return Dosage(
        start=start,
        end=end,
        scheduled=not entries or not all(_as_needed(entry) for entry in entries),
        route=next(filter(None, routes), ""),
        text=" | ".join(words),
        needed_for=" | ".join(dict.fromkeys(filter(None, reasons))),
    )


def joined(spans: Iterable[Span]) -> Span:
    """Return the earliest start and the latest end; an instruction that starts and has no end leaves it open.

    An end before the start is a slip and is left out.
    """
    dated = [span for span in spans if span != (None, None)]
    starts = [start for start, _ in dated if start is not None]
    ends = [end for _, end in dated if end is not None]
    first = min(starts, default=None)
    last = max(ends) if ends and len(ends) == len(dated) else None
    return first, None if first and last and last < first else last


def _text(entry: Mapping[str, object]) -> str:
    text = entry.get("text")
    return text.strip()[:_LONGEST_TEXT] if isinstance(text, str) else ""


def _route(route: object) -> str:
    words = said_by(route)
    if _INHALED.search(words):
        return words
    return next((name for name, pattern in _ROUTES if pattern.search(words)), words)


def _drops_route(entry: Mapping[str, object]) -> str:
    place = _DROPS.search(_text(entry))
    return _DROPS_ROUTE.get(place[1].lower(), place[1].lower()) if place else ""


def _as_needed(entry: Mapping[str, object]) -> bool:
    if any(entry.get(name) is True for name in ("asNeededBoolean", "asNeeded")):
        return True
    if any(entry.get(name) for name in _REASONS):
        return True
    return bool(_AS_NEEDED.search(_text(entry)))


def _span(timing: object, *, exact: bool) -> Span:
    """Return the days of one Timing: its bounds, else its events.

    Events end an order only where nothing repeats: with a frequency or a start of bounds they say when it begins.
    """
    if not isinstance(timing, Mapping):
        return None, None
    repeat = timing.get("repeat")
    repeat = repeat if isinstance(repeat, Mapping) else {}
    bounds = repeat.get("boundsPeriod")
    start, end = exact_period_of(bounds) if exact else period_of(bounds)
    goes_on = start is not None or any(repeat.get(name) for name in ("frequency", "period"))
    events = timing.get("event")
    listed = events if isinstance(events, list) else [events]
    earliest, latest = (exact_day, exact_day) if exact else (first_day, last_day)
    start = start or min((day for event in listed if (day := earliest(event))), default=None)
    length = _bounded_days(repeat)
    if end is None and start is not None and length:
        end = start + timedelta(days=length - 1)
    if end is None and not goes_on:
        end = max((day for event in listed if (day := latest(event))), default=None)
    return start, end


def _bounded_days(repeat: Mapping[str, object]) -> int:
    """Return the days of boundsDuration, 0 where there is none: a course of four days ends on its fourth."""
    bounds = repeat.get("boundsDuration")
    value = bounds.get("value") if isinstance(bounds, Mapping) else None
    if not isinstance(bounds, Mapping) or isinstance(value, bool) or not isinstance(value, (int, float)):
        return 0
    unit = bounds.get("code") or bounds.get("unit")
    days = value * _DAYS_PER_UNIT.get(unit.lower(), 0) if isinstance(unit, str) else 0
    return int(days) if 1 <= days <= _MOST_DAYS else 0
