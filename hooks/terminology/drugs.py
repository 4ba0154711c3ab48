"""Drugs: which ingredient a concept stands for, and what its form counts for.

Place in the flow: readers of orders and allergies ask here after the table has matched a code; names in text
are the matter of `drug_names`. May not: cut a bracket off a concept's name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from hooks.errors import KnowledgeError

_SEGMENT = re.compile(r"^(?P<base>drug\.[^.(]+)(?:\.(?P<form>.+))?$")
_SUFFIX = re.compile(r"\((NOT [^)]*)\)$")


class Counts(StrEnum):
    """What a form counts for (coding notes: brackets in concept names)."""

    ORDER = "order"
    EXPOSURE = "exposure"
    NOTHING = "nothing"


_SUFFIX_COUNTS: Mapping[str, Counts] = {
    "NOT interchangeable": Counts.EXPOSURE,
    "NOT systemic": Counts.NOTHING,
    "NOT DFMO": Counts.NOTHING,
    "NOT therapy": Counts.NOTHING,
    "NOT thyroid blockade": Counts.NOTHING,
    "NOT live": Counts.ORDER,
}


@dataclass(frozen=True, slots=True)
class DrugMatch:
    """Drugs that were recognised together.

    drugs: ingredient concepts. forms: concepts whole, local forms included (they have no entry in drugs).
    interchangeable: False when a form is among them that counts as exposure only.
    """

    drugs: tuple[str, ...] = ()
    forms: tuple[str, ...] = ()
    interchangeable: bool = True

    def __bool__(self) -> bool:
        """True if something was recognised, be it only a local form."""
        return bool(self.forms)


def is_drug(concept: str) -> bool:
    """True for a concept of a medicine or vaccine."""
    return concept.startswith(("drug.", "vaccine."))


@cache
def counts_for(concept: str) -> Counts:
    """Return what the form counts for. Raises KnowledgeError for a bracket that nobody has explained."""
    bracket = _SUFFIX.search(concept)
    if bracket is None:
        return Counts.ORDER
    if bracket[1] not in _SUFFIX_COUNTS:
        raise KnowledgeError(f"codes.csv: {concept}: the bracket has no meaning here")
    return _SUFFIX_COUNTS[bracket[1]]


@cache
def ingredient_of(concept: str) -> str | None:
    """Return the ingredient concept ("drug.irinotecan"), a vaccine's own concept, or None.

    None for what is no drug, and for local and other-purpose forms, which count for neither order nor exposure.
    """
    if not is_drug(concept) or counts_for(concept) is Counts.NOTHING:
        return None
    segments = _SEGMENT.match(concept)
    return segments["base"] if segments else concept


def substance_of(concept: str) -> str:
    """Return the ingredient of a drug concept whatever its form: an allergy is to the substance, not to its form."""
    segments = _SEGMENT.match(concept)
    return segments["base"] if segments else concept


def match_of(concepts: Iterable[str]) -> DrugMatch:
    """Return what these concepts, matched by code, mean as drugs; concepts of other things are left out.

    Codings of one medicine say the same thing: when one of them is a local form, the medicine is local.
    """
    forms = tuple(dict.fromkeys(concept for concept in concepts if is_drug(concept)))
    standing = {counts_for(form) for form in forms}
    if Counts.NOTHING in standing:
        return DrugMatch((), forms, interchangeable=False)
    drugs = dict.fromkeys(ingredient for form in forms if (ingredient := ingredient_of(form)))
    return DrugMatch(tuple(drugs), forms, interchangeable=Counts.EXPOSURE not in standing)


def join_matches(matches: Iterable[DrugMatch]) -> DrugMatch:
    """Return one match for the components of a mixture: each one counts as it would alone."""
    listed = tuple(matches)
    counted = [match for match in listed if match.drugs]
    return DrugMatch(
        tuple(dict.fromkeys(drug for match in counted for drug in match.drugs)),
        tuple(dict.fromkeys(form for match in listed for form in match.forms)),
        interchangeable=all(match.interchangeable for match in counted or listed),
    )
