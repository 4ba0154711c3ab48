"""Readings: each number that an Observation or one of its components gives, with status, date and unit.

Place in the flow: `hooks.facts.measurements` chooses among them. May not: convert, compare or choose.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from hooks.facts.dates import Interval, when
from hooks.facts.wording import mappings_in
from hooks.record import PatientRecord, Resource, reference_to
from hooks.terminology.table import codings_of, concepts_of, text_of

_USABLE = frozenset({"final", "amended", "corrected"})
_PENDING = frozenset({"registered", "preliminary"})
_DROPPED = frozenset({"cancelled", "entered-in-error"})
_TEXT_NUMBER = re.compile(r"^(<=|>=|<|>|\u2264|\u2265)?\s*(\d{1,12}(?:[.,]\d{1,9})?)(?:\s+|(?=[^\d\s.,]))(.{1,30})$")
_SIGNS = {"\u2264": "<=", "\u2265": ">="}
_COMPARATORS = frozenset({"<", "<=", ">", ">="})
_CLOCK = slice(11, 19)


class ReadingState(StrEnum):
    """What a reading is worth."""

    USABLE = "usable"
    PENDING = "pending"
    ABSENT = "absent"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class Reading:
    """One number of the chart. concepts: of its code. names: what local codes and text call it, lower case.

    clock: time of day as written, "" where the chart gives none. units: the unit's code, then its text.
    """

    source: str
    concepts: tuple[str, ...]
    names: tuple[str, ...]
    state: ReadingState
    day: date | None = None
    clock: str = ""
    value: float = 0.0
    units: tuple[str, ...] = ()
    comparator: str = ""
    certain: bool = True
    has_local_code: bool = False


def readings_of(record: PatientRecord) -> Iterator[Reading]:
    """Yield what every Observation that is not cancelled or entered in error gives, components included."""
    for resource in record.of_type("Observation"):
        status = resource.get("status")
        status = status.strip().lower() if isinstance(status, str) else ""
        if status in _DROPPED:
            continue
        for part in (resource, *mappings_in(resource.get("component"))):
            code = part.get("code")
            concepts, names = concepts_of(code), _names(code)
            if concepts or names:
                yield _reading(part, resource, status, (concepts, names))


def _reading(part: Resource, resource: Resource, status: str, said: tuple[tuple[str, ...], tuple[str, ...]]) -> Reading:
    number = _number(part)
    taken = when(resource, "effective") or Interval(None, None)
    effective = resource.get("effectiveDateTime")
    return Reading(
        source=reference_to(resource),
        concepts=said[0],
        names=said[1],
        state=_state(part, resource, status, number is not None),
        day=taken.first,
        clock=effective[_CLOCK] if isinstance(effective, str) else "",
        value=number[0] if number else 0.0,
        units=number[1] if number else (),
        comparator=number[2] if number else "",
        certain=status in _USABLE,
        has_local_code=any(isinstance(coding.get("code"), str) for coding in codings_of(part.get("code"))),
    )


def _state(part: Resource, resource: Resource, status: str, has_number: bool) -> ReadingState:
    """Return the worth of a reading: absent data and a number together contradict each other."""
    if status in _PENDING:
        return ReadingState.PENDING
    absent = any(holder.get("dataAbsentReason") is not None for holder in (part, resource))
    if absent:
        return ReadingState.UNREADABLE if has_number else ReadingState.ABSENT
    known = status in _USABLE or status == "unknown"
    return ReadingState.USABLE if has_number and known else ReadingState.UNREADABLE


def _names(code: object) -> tuple[str, ...]:
    return tuple(word.strip().lower() for word in text_of(code).split(" | ") if word.strip())


Number = tuple[float, tuple[str, ...], str]


def _number(part: Resource) -> Number | None:
    """Return (value, units, comparator) of value[x], or None where no finite number stands."""
    quantity = part.get("valueQuantity")
    if isinstance(quantity, Mapping):
        value = _finite(quantity.get("value"))
        sign = quantity.get("comparator")
        if value is None or not (sign is None or (isinstance(sign, str) and sign in _COMPARATORS)):
            return None
        units = (quantity.get("code"), quantity.get("unit"))
        return value, tuple(unit for unit in units if isinstance(unit, str)), sign or ""
    text = part.get("valueString")
    return _number_in(text) if isinstance(text, str) else None


def _number_in(text: str) -> Number | None:
    """Return the number of a text such as "<0.1 10*9/L"; a comma that may group thousands makes it unreadable."""
    found = _TEXT_NUMBER.match(text.strip())
    if found is None or re.search(r",\d{3}$", found[2]):
        return None
    sign = found[1] or ""
    return float(found[2].replace(",", ".")), (found[3].strip(),), _SIGNS.get(sign, sign)


def _finite(value: object) -> float | None:
    """Return a JSON number as float; None for booleans, strings, infinities and numbers beyond any float."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if math.isfinite(number) else None
