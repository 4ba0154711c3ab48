"""How a published dose is typed: number, unit and period; route, days and cap beside it; one schedule of a regimen.

Place in the flow: `regimens.py` builds on these. May not: compute a dose for a patient.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from typing import Annotated

from pydantic import Field, model_validator

from hooks.knowledge import KnowledgeModel
from hooks.terminology.table import TABLE

PositiveNumber = Annotated[float, Field(gt=0, allow_inf_nan=False)]
Text = Annotated[str, Field(min_length=1)]


class DoseUnit(StrEnum):
    """The units that doses of this pathway come in, UCUM; micrograms are "ug", never a Greek letter."""

    MG_PER_M2 = "mg/m2"
    UG_PER_M2 = "ug/m2"
    MG_PER_KG = "mg/kg"
    MG = "mg"
    IU_PER_M2 = "[iU]/m2"
    MCI_PER_KG = "mCi/kg"
    CELLS_PER_KG = "{CAR-positive cells}/kg"


_FEW = 2
"""So many days in a row are said one by one; more as a range."""

_UNIT_WORDS = {
    DoseUnit.UG_PER_M2: "mcg/m2",
    DoseUnit.IU_PER_M2: "IU/m2",
    DoseUnit.CELLS_PER_KG: "CAR-positive cells/kg",
}


class Per(StrEnum):
    """What one dose value covers."""

    DOSE = "dose"
    DAY = "day"
    COURSE = "course"
    INFUSION = "infusion"


class Route(StrEnum):
    """Route as the source gives it."""

    ORAL = "by mouth"
    IV = "intravenous"
    IV_CONTINUOUS = "continuous intravenous infusion"
    SC = "subcutaneous"
    ORAL_OR_IV = "by mouth or intravenous"


class Role(StrEnum):
    """ANTICANCER decides whether a schedule may be drafted; growth factors of an antibody regimen count as such."""

    ANTICANCER = "anticancer"
    SUPPORTIVE = "supportive"


class Dose(KnowledgeModel):
    """A published dose, never computed for a patient."""

    value: PositiveNumber
    unit: DoseUnit
    per: Per

    @property
    def words(self) -> str:
        """The dose as a card quotes it: "17.5 mg/m2 per day"."""
        return f"{number(self.value)} {_UNIT_WORDS.get(self.unit, self.unit)} per {self.per}"


class Band(KnowledgeModel):
    """One line of a table of doses by body surface."""

    body_surface_m2: Text
    dose: Dose


class Component(KnowledgeModel):
    """One drug of a schedule. `dose: null` means not read in any source opened; it is never filled by guess.

    drug: its concept, None for a product that the terminology does not hold. days: cycle days, or the
    range in words where the source gives it so. verified: this dose line itself was read in `citation`.
    """

    drug: str | None = None
    name: Text
    role: Role = Role.ANTICANCER
    route: Route | None
    over: Text | None = None
    dose: Dose | None
    bands: tuple[Band, ...] = ()
    days: tuple[int, ...] | Text | None
    cap: Dose | None = None
    note: Text | None = None
    verified: bool
    citation: Text
    where: Text

    @model_validator(mode="after")
    def _holds_together(self) -> Component:
        if self.drug is not None and not TABLE.codes(self.drug):
            raise ValueError(f"{self.drug} is no concept of the terminology table")
        has_dose = self.dose is not None or bool(self.bands)
        if self.verified is not has_dose:
            raise ValueError(f"{self.name}: a verified component has a dose, and only a verified one has")
        if self.name == "sargramostim" and self.dose and self.dose.unit is not DoseUnit.UG_PER_M2:
            raise ValueError("sargramostim is dosed in micrograms per m2, never in another unit")
        return self

    @property
    def is_complete(self) -> bool:
        """True if dose, route and days were all read."""
        return self.verified and self.route is not None and self.days is not None

    @property
    def dose_words(self) -> str:
        """The published dose with unit and period; the table of bands where it is one; "" when not read."""
        if self.bands:
            return "; ".join(f"body surface {band.body_surface_m2} m2: {band.dose.words}" for band in self.bands)
        return self.dose.words if self.dose else ""

    @property
    def days_words(self) -> str:
        """Cycle days in words; "" when not read."""
        if isinstance(self.days, tuple):
            return f"day{'s' if len(self.days) > 1 else ''} {', '.join(_runs(self.days))}"
        return self.days or ""


class Schedule(KnowledgeModel):
    """One published way to give a regimen; orders are drafted from one schedule, never from a mixture."""

    key: Text
    name: Text
    citation: Text
    cycle_length_days: int | None
    max_cycles: int | None = None
    max_cycles_citation: Text | None = None
    adults_only: bool = False
    on_request_only: bool = False
    second_hand: bool = False
    notes: tuple[Text, ...] = ()
    components: Annotated[tuple[Component, ...], Field(min_length=1)]

    @property
    def is_complete(self) -> bool:
        """True if every anticancer component has a verified dose, a route and days."""
        parts = [part for part in self.components if part.role is Role.ANTICANCER]
        return bool(parts) and all(part.is_complete and part.drug for part in parts)


def _runs(days: tuple[int, ...]) -> Iterator[str]:
    """Yield the days one by one, three or more that follow each other as "1 to 5": nobody counts a row of numbers."""
    rest = list(days)
    while rest:
        length = next((place for place in range(1, len(rest)) if rest[place] != rest[0] + place), len(rest))
        run, rest = rest[:length], rest[length:]
        yield from [f"{run[0]} to {run[-1]}"] if length > _FEW else map(str, run)


def number(value: float) -> str:
    """Return a number as people write it: 17.5, 10, 6 000 000."""
    return f"{value:,.0f}".replace(",", " ") if value >= 10000 else f"{value:g}"
