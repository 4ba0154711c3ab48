"""Therapeutic classes: which drugs are an H1 antihistamine, an opioid, an anti-GD2 antibody.

Place in the flow: loaded once from `drug_classes.csv` (class, concept, source); order rules match existing
orders by class. May not: know a dose, or put a local form into a systemic class.

A class is asked with an ingredient ("drug.irinotecan") or with a whole form. Forms "(NOT interchangeable)"
stand in the classes of their ingredient as exposure: whether they satisfy an order is
`DrugOrder.interchangeable`. Local and other-purpose forms stand in no class.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping

from hooks.errors import KnowledgeError
from hooks.terminology.drugs import Counts, counts_for, ingredient_of
from hooks.terminology.table import FOLDER, TABLE


class DrugClasses:
    """Both directions of the file. Raises KnowledgeError on a row that breaks its rules."""

    def __init__(self, rows: Iterable[Mapping[str, str]]) -> None:
        known = {ingredient for concept in TABLE.concepts() if (ingredient := ingredient_of(concept))}
        self._members: dict[str, list[str]] = {}
        self._classes: dict[str, frozenset[str]] = {}
        for row in rows:
            name, concept = row["class"], row["concept"]
            if not name or not row["source"]:
                raise KnowledgeError(f"drug_classes.csv: {name} {concept}: class and source are needed")
            if concept not in known or counts_for(concept) is not Counts.ORDER:
                raise KnowledgeError(f"drug_classes.csv: {name}: {concept} is no drug of the table")
            if concept in self._members.get(name, ()):
                raise KnowledgeError(f"drug_classes.csv: {name}: {concept} stands twice")
            self._members.setdefault(name, []).append(concept)
            self._classes[concept] = self._classes.get(concept, frozenset()) | {name}

    def of(self, drug: str) -> frozenset[str]:
        """Return the classes of an ingredient or of a whole form; none for what is no drug."""
        return self._classes.get(ingredient_of(drug) or "", frozenset())

    def members(self, class_name: str) -> tuple[str, ...]:
        """Return the ingredients of a class, in file order. Raises KnowledgeError for a class nobody defined."""
        if class_name not in self._members:
            raise KnowledgeError(f"drug_classes.csv: there is no class {class_name}")
        return tuple(self._members[class_name])

    def names(self) -> tuple[str, ...]:
        """Return all class names, in file order."""
        return tuple(self._members)


def _load() -> DrugClasses:
    with (FOLDER / "drug_classes.csv").open(encoding="utf-8", newline="") as file:
        return DrugClasses(csv.DictReader(file))


CLASSES = _load()


def classes_of(drug: str) -> frozenset[str]:
    """Return the therapeutic classes of a drug concept, ingredient or whole form; empty for a local form."""
    return CLASSES.of(drug)


def members(class_name: str) -> tuple[str, ...]:
    """Return the ingredient concepts of a class. Raises KnowledgeError for a class nobody defined."""
    return CLASSES.members(class_name)


def in_class(drugs: Iterable[str], *class_names: str) -> bool:
    """True if one of the drugs stands in one of the classes."""
    return any(CLASSES.of(drug).intersection(class_names) for drug in drugs)
