"""A supportive-care dose in words: quoted with its cap, and multiplied out where DESIGN.md section 6.3 allows it.

Place in the flow: `supportive_cards` puts the text into a draft. May not: say anything of the dose of an antibody,
a cytotoxic or a targeted drug; multiply a rate, or use a size that is old, undated, inexact or implausible.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_EVEN, Context, Decimal

from hooks.facts.fact import Fact, Known, Why, value_of
from hooks.facts.measurements import Measurement
from hooks.pathways.relapsed_neuroblastoma.facts import Facts
from hooks.pathways.relapsed_neuroblastoma.knowledge.engineering import Engineering
from hooks.pathways.relapsed_neuroblastoma.knowledge.supportive import Range, Sizes
from hooks.pathways.relapsed_neuroblastoma.knowledge.supportive_dose import Basis, CapUnit, Dose
from hooks.pathways.relapsed_neuroblastoma.knowledge.supportive_items import OrderItem, Routine
from hooks.pathways.relapsed_neuroblastoma.rules.saying import NAMES, missing
from hooks.recommendation import MissingFact

FIGURES = 3
"""Significant figures of a computed amount; the text says so."""
_ROUNDING = Context(prec=FIGURES, rounding=ROUND_HALF_EVEN)
_SIZE_ROUNDING = Context(prec=FIGURES + 1, rounding=ROUND_HALF_EVEN)
"""A weight in pounds is a number with six places in kilograms; it is multiplied out as it is shown."""
_TIMES = {1: "once daily", 2: "twice daily", 3: "three times daily"}
NO_DOSE = "Dose by the local protocol: the source names the drug without a dose."


@dataclass(frozen=True, slots=True)
class DoseText:
    """The words; whether an amount was multiplied out; which facts were used for it, and which it lacks."""

    text: str
    computed: bool = False
    used: tuple[str, ...] = ()
    missing: tuple[MissingFact, ...] = ()


@dataclass(frozen=True, slots=True)
class _Size:
    """Weight or body surface in words and as a number."""

    words: str
    value: Decimal
    facts: tuple[str, ...]


def dose_text(item: OrderItem, facts: Facts, sizes: Sizes, engineering: Engineering, as_of: date) -> DoseText:
    """Return the dose of a supportive item in words; of the scheduled drug itself nothing."""
    if item.routine is Routine.SCHEDULE:
        return DoseText("")
    if item.dose is None:
        return DoseText(f"{item.quoted}." if item.quoted else NO_DOSE)
    figure = f"{figure_of(item.dose)}."
    if item.dose.unit.is_rate:
        return DoseText(f"{figure} A rate, not multiplied out.")
    if item.dose.unit.basis is Basis.NONE:
        return DoseText(figure)
    size = _size(item.dose.unit.basis, facts, sizes, engineering, as_of)
    if isinstance(size, _Size):
        return DoseText(f"{figure} {arithmetic(item.dose, size)}", computed=True, used=size.facts)
    needed = " and ".join(NAMES[gap.fact].lower() for gap in size)
    return DoseText(f"{figure} Not multiplied out: {needed} needed.", missing=size)


def figure_of(dose: Dose) -> str:
    """Return the dose as its source gives it, cap included ("10 mg/kg three times daily, at most 300 mg per dose")."""
    span = f"{dose.low.normalize():f}"
    if dose.high != dose.low:
        span += f"-{dose.high.normalize():f}"
    often = f" {_TIMES[dose.times_per_day]}" if dose.times_per_day and not dose.unit.is_daily else ""
    if dose.unit.is_daily and dose.times_per_day == 1:
        often = " in one dose"
    cap = f", at most {dose.max.normalize():f} {dose.max_unit}" if dose.max is not None else ""
    return f"{span} {dose.unit}{often}{cap}"


def arithmetic(dose: Dose, size: _Size) -> str:
    """Return the multiplication with its result, capped and rounded; never above the cap."""
    amount = dose.unit.amount
    per = "per day" if dose.unit.is_daily else "per dose"
    ends = tuple(dict.fromkeys((dose.low, dose.high)))
    figure = "-".join(f"{end.normalize():f}" for end in ends)
    raw = tuple(end * size.value for end in ends)
    cap = _cap(dose)
    capped = tuple(dict.fromkeys(_rounded(value) if cap is None else min(_rounded(value), cap) for value in raw))
    product = "-".join(f"{_rounded(value):f}" for value in raw)
    total = f"{figure} {amount}/{dose.unit.basis} x {size.words} = {product} {amount} {per}"
    if cap is not None and any(_rounded(value) > cap for value in raw):
        total += f", capped: {'-'.join(f'{value.normalize():f}' for value in capped)} {amount} {per}"
    return f"{total} ({FIGURES} significant figures)."


def _cap(dose: Dose) -> Decimal | None:
    """Return the cap on the figure that is multiplied out: per day for a daily figure, else per dose."""
    if dose.max is not None and dose.max_unit is CapUnit.MG_PER_DAY and not dose.unit.is_daily:
        return dose.max / (dose.times_per_day or 1)
    return dose.max


def _rounded(value: Decimal) -> Decimal:
    rounded = _ROUNDING.create_decimal(value)
    return rounded.quantize(Decimal(1)) if rounded == rounded.to_integral_value() else rounded.normalize()


def _size(
    basis: Basis, facts: Facts, sizes: Sizes, engineering: Engineering, as_of: date
) -> _Size | tuple[MissingFact, ...]:
    """Return the size to multiply with, or what it lacks."""
    weight = _usable(facts, "weight_kg", sizes.weight_kg, engineering.weight_max_age_days.value, as_of)
    if isinstance(weight, _Size) and (doubt := _does_not_fit(weight, facts, engineering)):
        weight = MissingFact("weight_kg", str(Why.IMPLAUSIBLE), f"{NAMES['weight_kg']}: {weight.words} {doubt}")
    if basis is Basis.WEIGHT:
        return (weight,) if isinstance(weight, MissingFact) else _Size(weight.words, weight.value, weight.facts)
    height = _usable(facts, "height_cm", sizes.height_cm, engineering.height_max_age_days.value, as_of)
    if isinstance(weight, MissingFact) or isinstance(height, MissingFact):
        return tuple(size for size in (weight, height) if isinstance(size, MissingFact))
    return _surface(weight, height, sizes)


def _does_not_fit(weight: _Size, facts: Facts, engineering: Engineering) -> str:
    """Return why a weight cannot be this child's, by height or else by age; "" where nothing speaks against it."""
    height = facts.height_cm
    if isinstance(height, Known) and height.value.unit == "cm" and height.value.value > 0:
        index = float(weight.value) / (height.value.value / 100) ** 2
        small = height.value.value < engineering.small_height_below_cm.value
        highest = engineering.body_mass_index_high_small if small else engineering.body_mass_index_high
        fits = engineering.body_mass_index_low.value <= index <= highest.value
        return "" if fits else f"does not fit a height of {height.value.value:g} cm; check the unit"
    age_months = value_of(facts.age_months)
    if age_months is None:
        return ""
    years = age_months / 12
    low = engineering.weight_per_year_low_kg.value * min(years, engineering.adult_age_years.value)
    high = engineering.weight_at_birth_high_kg.value + engineering.weight_per_year_high_kg.value * years
    return "" if low <= float(weight.value) <= high else "does not fit the age; check the unit"


def _surface(weight: _Size, height: _Size, sizes: Sizes) -> _Size | tuple[MissingFact, ...]:
    surface = _ROUNDING.create_decimal((weight.value * height.value / sizes.body_surface_divisor).sqrt())
    names = (*weight.facts, *height.facts)
    if not sizes.body_surface_m2.holds(surface):
        return tuple(MissingFact(name, str(Why.IMPLAUSIBLE), f"{NAMES[name]}: gives {surface} m2") for name in names)
    return _Size(f"{surface} m2 (from {height.words} and {weight.words}; {sizes.sources[0]})", surface, names)


def _usable(facts: Facts, name: str, plausible: Range, max_age_days: int, as_of: date) -> _Size | MissingFact:
    """Return a size that may be multiplied with, or why this one may not."""
    fact: Fact[Measurement] = getattr(facts, name)
    if not isinstance(fact, Known):
        return missing(facts, name)[0]
    value, unit = fact.value.value, fact.value.unit
    shown = f"{NAMES[name]}: {fact.value.comparator}{value:g} {unit}"
    if unit != name.rpartition("_")[2]:
        return MissingFact(name, str(Why.UNREADABLE), f"{shown} is in another unit")
    if doubt := _doubt(fact, plausible, max_age_days, as_of):
        return MissingFact(name, str(doubt[0]), f"{shown} {doubt[1]}")
    size = _SIZE_ROUNDING.create_decimal(str(value))
    return _Size(f"{size.normalize():f} {unit} ({fact.date})", size, (name,))


def _doubt(fact: Known[Measurement], plausible: Range, max_age_days: int, as_of: date) -> tuple[Why, str] | None:
    """Return what speaks against multiplying with this measurement, or None."""
    value = fact.value.value
    if fact.value.comparator or not math.isfinite(value):
        return Why.UNREADABLE, "is no exact number"
    if not plausible.holds(Decimal(str(value))):
        return Why.IMPLAUSIBLE, f"is outside {plausible.low}-{plausible.high}"
    if fact.date is None:
        return Why.STALE, "has no date"
    if fact.date > as_of:
        return Why.IMPLAUSIBLE, f"is dated {fact.date}, after today"
    if (as_of - fact.date).days > max_age_days:
        return Why.STALE, f"is of {fact.date}; at most {max_age_days} days old is used"
    return None
