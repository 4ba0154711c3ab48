"""Measurements as facts: a number with its UCUM unit, its date, and whether it is plausible.

Place in the flow: `read_measurements` turns Observations into Fact[Measurement] by name; dose lines and start
criteria read them and judge their age. May not: compute a dose, repair a slip of unit, or take absence for a value.

Read: Observation code, component, status, effective[x], valueQuantity, valueInteger, valueString (a number with
its unit), dataAbsentReason. What is measured, in which unit and within which limits stands in `measurements.yaml`.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pydantic import Field

from hooks.errors import KnowledgeError
from hooks.facts.fact import Confidence, Conflicting, Fact, Known, Unknown, Why
from hooks.facts.quantities import Reading, ReadingState, readings_of
from hooks.facts.units import UNITS
from hooks.knowledge import KnowledgeModel, load_model
from hooks.record import KeyState, PatientRecord, once_per_record
from hooks.terminology.table import TABLE


@dataclass(frozen=True, slots=True)
class Measurement:
    """A value in the unit that the measurement's name promises (weight_kg in "kg"). comparator: "<" ... or ""."""

    value: float
    unit: str
    comparator: str = ""

    @property
    def words(self) -> str:
        """The value as people write it: "<0.5 x 10^9/L", "69 mmHg"."""
        return f"{self.comparator}{self.value:g} {_UNIT_WORDS.get(self.unit, self.unit)}"


_UNIT_WORDS = {"10*9/L": "x 10^9/L", "mm[Hg]": "mmHg"}
"""UCUM units that nobody says so at a bedside."""

Measurements = Mapping[str, Fact[Measurement]]
"""Every measurement of `measurements.yaml` by its name ("weight_kg", "sbp", "anc"); none is left out."""


class Tolerance(KnowledgeModel):
    """How much two readings of one day may differ."""

    value: float
    why: str


class BodySurface(KnowledgeModel):
    """Limits of a computed body surface in m2."""

    low: float
    high: float
    max_days_apart: int
    mosteller_divisor: int
    why: str


class Kind(KnowledgeModel):
    """One thing that is measured; see the head of `measurements.yaml`."""

    concepts: tuple[str, ...] = Field(min_length=1)
    names: tuple[str, ...] = ()
    units: dict[str, tuple[float, float]] = Field(min_length=1)
    looked_in: str
    steady: bool = False
    one_charge: bool = False


class Catalogue(KnowledgeModel):
    """All of `measurements.yaml`."""

    tolerance_percent: Tolerance
    body_surface: BodySurface
    measurements: dict[str, Kind]


def load_catalogue(path: Path) -> Catalogue:
    """Return the kinds of measurement. Raises KnowledgeError for an unknown concept or one that stands twice."""
    catalogue = load_model(path, Catalogue)
    seen: set[str] = set()
    for name, kind in catalogue.measurements.items():
        for concept in kind.concepts:
            if not TABLE.codes(concept) or concept in seen:
                raise KnowledgeError(f"{path.name}: {name}: {concept} is unknown or stands twice")
            seen.add(concept)
    return catalogue


CATALOGUE = load_catalogue(Path(__file__).parent / "measurements.yaml")
_KIND_OF_CONCEPT = {concept: name for name, kind in CATALOGUE.measurements.items() for concept in kind.concepts}
_KIND_OF_NAME = {word: name for name, kind in CATALOGUE.measurements.items() for word in kind.names}
_ONE_CHARGE_UNIT = "meq/l"
_SURFACE_UNIT = "m2"
_WORTH = (
    (ReadingState.UNREADABLE, Why.UNREADABLE),
    (ReadingState.PENDING, Why.PENDING),
    (ReadingState.ABSENT, Why.NOT_FOUND),
)
_NOT_RETRIEVED = frozenset(KeyState) - {KeyState.PRESENT, KeyState.EMPTY}


@once_per_record
def read_measurements(record: PatientRecord, as_of: date) -> Measurements:
    """Return the latest reading of everything that can be measured, as of a day; later readings are not used.

    Known: date is the day of the reading, None when the chart gives none. An implausible latest reading gives
    Unknown(implausible); two of one day that disagree give Conflicting.
    """
    by_kind: dict[str, list[Reading]] = {name: [] for name in CATALOGUE.measurements}
    for reading in readings_of(record):
        name = _kind_of(reading)
        if name is not None and (reading.day is None or reading.day <= as_of):
            by_kind[name].append(reading)
    return {name: _fact(CATALOGUE.measurements[name], readings, record) for name, readings in by_kind.items()}


def _kind_of(reading: Reading) -> str | None:
    """Return the kind that the code stands for; only where the table knows no code, the kind that its name says."""
    coded = [_KIND_OF_CONCEPT[concept] for concept in reading.concepts if concept in _KIND_OF_CONCEPT]
    if coded or reading.concepts:
        return coded[0] if coded else None
    return next((_KIND_OF_NAME[name] for name in reading.names if name in _KIND_OF_NAME), None)


def _fact(kind: Kind, readings: list[Reading], record: PatientRecord) -> Fact[Measurement]:
    usable = [(reading, value) for reading in readings if (value := _converted(kind, reading))]
    if usable:
        return _latest(kind, usable)
    for state, why in _WORTH:
        seen = [reading for reading in readings if _worth(reading) is state]
        if seen:
            days = [reading.day for reading in seen if reading.day]
            return Unknown(why, (kind.looked_in,), _sources(seen), max(days, default=None))
    failed = record.keys.get(kind.looked_in) in _NOT_RETRIEVED
    return Unknown(Why.NOT_RETRIEVED if failed else Why.NOT_FOUND, (kind.looked_in,))


def _worth(reading: Reading) -> ReadingState:
    """Return the state of a reading that gave no value: a number without a known unit is unreadable."""
    return ReadingState.UNREADABLE if reading.state is ReadingState.USABLE else reading.state


def _converted(kind: Kind, reading: Reading) -> Measurement | None:
    if reading.state is not ReadingState.USABLE:
        return None
    for written in reading.units:
        for unit in kind.units:
            source = unit if kind.one_charge and written.strip().lower() == _ONE_CHARGE_UNIT else written
            value = UNITS.convert(reading.value, source, unit)
            if value is not None:
                return Measurement(round(value, 6), unit, reading.comparator)
    return None


def _latest(kind: Kind, usable: list[tuple[Reading, Measurement]]) -> Fact[Measurement]:
    """Return the reading of the latest day: of its latest hour, unless this kind is steady over a day."""
    day = max((reading.day for reading, _ in usable if reading.day), default=None)
    same = [(reading, value) for reading, value in usable if reading.day == day]
    if not kind.steady:
        clock = max(reading.clock for reading, _ in same)
        same = [(reading, value) for reading, value in same if reading.clock == clock]
    same.sort(key=lambda pair: pair[0].clock, reverse=True)
    sources = _sources(reading for reading, _ in same)
    values = tuple(dict.fromkeys(value for _, value in same))
    if any(not _is_plausible(kind, value) for value in values):
        return Unknown(Why.IMPLAUSIBLE, (kind.looked_in,), sources, day)
    if not _agree(values):
        return Conflicting(values, sources, day)
    first = same[0][0]
    return Known(values[0], (first.source,), day, _confidence(first))


def _is_plausible(kind: Kind, measured: Measurement) -> bool:
    low, high = kind.units[measured.unit]
    return low <= measured.value <= high


def _agree(values: tuple[Measurement, ...]) -> bool:
    """True if all values of one unit lie within the tolerance of each other."""
    for unit in {value.unit for value in values}:
        numbers = [value.value for value in values if value.unit == unit]
        if max(numbers) - min(numbers) > max(numbers) * CATALOGUE.tolerance_percent.value / 100:
            return False
    return True


def _confidence(reading: Reading) -> Confidence:
    if not reading.certain:
        return Confidence.TEXT
    if reading.concepts:
        return Confidence.CODED
    return Confidence.CODED_LOCAL if reading.has_local_code else Confidence.TEXT


def _sources(readings: Iterable[Reading]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(reading.source for reading in readings))


def body_surface_m2(weight_kg: float, height_cm: float) -> float | None:
    """Return the body surface by Mosteller in m2; None where it or its parts are not plausible (0.2 to 2.5 m2)."""
    limits = CATALOGUE.body_surface
    if weight_kg <= 0 or height_cm <= 0:
        return None
    surface = math.sqrt(height_cm * weight_kg / limits.mosteller_divisor)
    return surface if limits.low <= surface <= limits.high else None


def body_surface(weight: Fact[Measurement], height: Fact[Measurement]) -> Fact[Measurement]:
    """Return the body surface of a weight and a height taken within 30 days of each other; its date is the older.

    Whatever hinders it is handed on: an unknown as it is, a conflict as indeterminate, days too far apart as stale.
    """
    if not isinstance(weight, Known) or not isinstance(height, Known):
        unknown = next((fact for fact in (weight, height) if isinstance(fact, Unknown)), None)
        return unknown or Unknown(Why.INDETERMINATE, sources=(*weight.sources, *height.sources))
    sources = (*weight.sources, *height.sources)
    days = [fact.date for fact in (weight, height) if fact.date is not None]
    oldest = min(days, default=None)
    apart = (max(days) - min(days)).days if len(days) == 2 else None
    if apart is None or apart > CATALOGUE.body_surface.max_days_apart:
        return Unknown(Why.STALE, sources=sources, date=oldest)
    surface = body_surface_m2(weight.value.value, height.value.value)
    if surface is None or weight.value.comparator or height.value.comparator:
        return Unknown(Why.IMPLAUSIBLE, sources=sources, date=oldest)
    confidence = Confidence.CODED if _both_coded(weight, height) else Confidence.TEXT
    return Known(Measurement(round(surface, 2), _SURFACE_UNIT), sources, oldest, confidence)


def _both_coded(first: Known[Measurement], second: Known[Measurement]) -> bool:
    return first.confidence is second.confidence is Confidence.CODED
