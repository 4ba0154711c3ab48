"""Units of measure: from the unit that a chart wrote to the one that a measurement's name promises.

Place in the flow: loaded once from `units.csv` (factor, offset and where they come from); readers of measurements
convert with it. May not: convert between mass and amount of substance, which needs a molar mass, or guess a unit.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from pathlib import Path

from hooks.errors import KnowledgeError

_FOLDER = Path(__file__).parent


class Units:
    """The conversion table. Raises KnowledgeError on a row that breaks its rules."""

    def __init__(self, rows: Iterable[Mapping[str, str]]) -> None:
        self._exact: dict[tuple[str, str], tuple[float, float]] = {}
        self._spelled: dict[tuple[str, str], tuple[float, float]] = {}
        for row in rows:
            unit, canonical = row["unit"], row["canonical"]
            if not unit or not canonical or not row["source"]:
                raise KnowledgeError(f"units.csv: {unit}: unit, canonical and source are needed")
            if (unit, canonical) in self._exact:
                raise KnowledgeError(f"units.csv: {unit} to {canonical} stands twice")
            factor = float(row["factor"]), float(row["offset"])
            self._exact[unit, canonical] = factor
            self._spelled.setdefault((unit.lower(), canonical), factor)

    def convert(self, value: float, unit: str, canonical: str) -> float | None:
        """Return the value in the canonical unit, or None where there is no way.

        A unit is sought as written (UCUM tells "m" from "M"), then without regard to case.
        """
        bare = unit.strip()
        found = self._exact.get((bare, canonical)) or self._spelled.get((bare.lower(), canonical))
        return None if found is None else value * found[0] + found[1]


def _load() -> Units:
    with (_FOLDER / "units.csv").open(encoding="utf-8", newline="") as file:
        return Units(csv.DictReader(file))


UNITS = _load()
