"""Moves every date of a resource by whole days, so that a child stays as old and as ill as the story says.

Place in the flow: `load` and the server call it with (as_of - anchor). May not: change anything but dates.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

_DATE_KEYS = frozenset(
    {
        "abatementDateTime",
        "assertedDate",
        "authoredOn",
        "birthDate",
        "collectedDateTime",
        "creation",
        "date",
        "dateWritten",
        "deceasedDateTime",
        "effectiveDateTime",
        "end",
        "issued",
        "lastOccurrence",
        "lastUpdated",
        "occurrenceDateTime",
        "onset",
        "onsetDateTime",
        "performedDateTime",
        "receivedTime",
        "recordedDate",
        "start",
        "valueDate",
        "valueDateTime",
    }
)
_TEXT_KEYS = frozenset({"text", "conclusion", "div", "description", "title", "valueString", "display", "detail"})
_WHOLE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2})(T.*)?)?)?")
_INSIDE = re.compile(r"(?<![\d/-])(\d{4})-(\d{2})-(\d{2})(?![\d-])")


def shifted(value: Any, days: int) -> Any:
    """Return a deep copy of decoded JSON with each date moved by `days`.

    Dates stand under FHIR's date elements; whole days inside free text ("biopsy of 2026-05-20") move too.
    A year or a month moves as its middle would and stays a year or a month.
    """
    return _walk(value, "", days)


def shifted_date(text: str, days: int) -> str:
    """Return a FHIR date or dateTime moved by `days`, time and zone kept; any other text as it is."""
    found = _WHOLE.fullmatch(text)
    if found is None:
        return text
    year, month, day, time = found.groups()
    moved = date(int(year), int(month or 7), int(day or (15 if month else 2))) + timedelta(days=days)
    if month is None:
        return f"{moved:%Y}"
    return f"{moved:%Y-%m}" if day is None else f"{moved:%Y-%m-%d}{time or ''}"


def _walk(value: Any, key: str, days: int) -> Any:
    if isinstance(value, dict):
        return {name: _walk(item, name, days) for name, item in value.items()}
    if isinstance(value, list):
        return [_walk(item, key, days) for item in value]
    if isinstance(value, str) and key in _DATE_KEYS:
        return shifted_date(value, days)
    if isinstance(value, str) and key in _TEXT_KEYS:
        return _INSIDE.sub(_mover(days), value)
    return value


def _mover(days: int) -> Callable[[re.Match[str]], str]:
    return lambda found: shifted_date(found.group(), days)
