"""Measurements as facts: a number with its UCUM unit, its date, and whether it is plausible and recent.

Place in the flow: readers return Fact[Measurement]; dose lines and start criteria read it.
May not: compute a dose.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Measurement:
    """A value in the unit that the measurement's name promises (weight_kg in "kg"). comparator: "<" ... or ""."""

    value: float
    unit: str
    comparator: str = ""
