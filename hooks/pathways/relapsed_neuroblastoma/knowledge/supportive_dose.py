"""A supportive-care dose as its source gives it: a figure or range with its unit, and the cap.

Place in the flow: part of `supportive.OrderItem`; `rules.dosing` puts it into words. May not: be computed with here.
"""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from typing import Self

from pydantic import Field, model_validator

from hooks.knowledge import KnowledgeModel


class Basis(StrEnum):
    """What a dose is multiplied with."""

    WEIGHT = "kg"
    BODY_SURFACE = "m2"
    NONE = ""


class DoseUnit(StrEnum):
    """Every unit in which a source gives a dose. The parts between the strokes are amount, basis, period."""

    MG_PER_KG = "mg/kg"
    MG_PER_KG_DAY = "mg/kg/day"
    MG_PER_KG_HOUR = "mg/kg/h"
    MCG_PER_KG = "mcg/kg"
    MCG_PER_KG_HOUR = "mcg/kg/h"
    ML_PER_KG = "mL/kg"
    MG_PER_M2 = "mg/m2"
    MG_PER_M2_DAY = "mg/m2/day"
    MCG_PER_M2_DAY = "mcg/m2/day"
    PERCENT = "% w/v"

    @property
    def amount(self) -> str:
        """The unit of what is given: mg, mcg or mL."""
        return self.split("/")[0]

    @property
    def basis(self) -> Basis:
        """What the figure is multiplied with."""
        parts = self.split("/")
        return Basis(parts[1]) if parts[1] in {"kg", "m2"} else Basis.NONE

    @property
    def is_rate(self) -> bool:
        """True for an amount per hour, which stays as the source gives it."""
        return self.endswith("/h")

    @property
    def is_daily(self) -> bool:
        """True where the figure is the amount of a whole day."""
        return self.endswith("/day")


class CapUnit(StrEnum):
    """What a cap limits."""

    MG_PER_DOSE = "mg per dose"
    MG_PER_DAY = "mg per day"


class Dose(KnowledgeModel):
    """low to high in one unit (equal for a single figure). times_per_day: how often, where the source says it.

    A daily figure with a cap per dose needs `times_per_day` 1: otherwise the cap cannot be applied to it.
    """

    low: Decimal = Field(gt=0)
    high: Decimal = Field(gt=0)
    unit: DoseUnit
    times_per_day: int | None = Field(default=None, ge=1)
    max: Decimal | None = Field(default=None, gt=0)
    max_unit: CapUnit | None = None

    @model_validator(mode="after")
    def _is_sound(self) -> Self:
        if self.high < self.low:
            raise ValueError("the range is upside down")
        if (self.max is None) != (self.max_unit is None):
            raise ValueError("a cap needs its unit, and a unit its cap")
        if self.max_unit is not None and self.unit.amount != "mg":
            raise ValueError("the cap is in mg, the dose is not")
        if self.max_unit is CapUnit.MG_PER_DOSE and self.unit.is_daily and self.times_per_day != 1:
            raise ValueError("a cap per dose cannot be applied to a daily figure in several doses")
        if self.max_unit is CapUnit.MG_PER_DAY and not self.unit.is_daily and self.times_per_day is None:
            raise ValueError("a cap per day cannot be applied to a dose given nobody knows how often")
        return self
