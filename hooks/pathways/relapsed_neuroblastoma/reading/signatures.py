"""By which drugs a regimen is recognised.

Place in the flow: `treatment` asks it while it groups drug orders into lines. Loaded once, at import.
May not: hold a dose or a judgement; those stand with the regimens.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import StrEnum
from pathlib import Path

from pydantic import Field

from hooks.knowledge import KnowledgeModel, load_model

FILE = Path(__file__).parent.parent / "knowledge" / "regimen_signatures.yaml"


class Place(StrEnum):
    """Which part of the way a regimen belongs to; a change of place begins another line."""

    INDUCTION = "induction"
    CONSOLIDATION = "consolidation"
    MAINTENANCE = "maintenance"


class Signature(KnowledgeModel):
    """One regimen: alternative sets of concepts that must be there, and those that may be there as well."""

    place: Place
    drugs: tuple[frozenset[str], ...] = Field(min_length=1)
    companions: frozenset[str] = Field(default=frozenset(), alias="with")
    names: tuple[str, ...] = ()

    def fits(self, drugs: frozenset[str], starters: frozenset[str]) -> bool:
        """True if one required set is there and no starter beside it that is not a companion."""
        return any(required <= drugs and not (drugs & starters) - required - self.companions for required in self.drugs)


class Therapy(KnowledgeModel):
    """A treatment that charts hold as a procedure, with the words that say so."""

    words: tuple[str, ...]


class Signatures(KnowledgeModel):
    """The whole of `regimen_signatures.yaml`."""

    regimens: dict[str, Signature]
    starters: frozenset[str]
    frontline: frozenset[str]
    therapies: dict[str, Therapy]

    def regimen_of(self, drugs: Iterable[str]) -> str:
        """Return the id of the regimen that these concepts make up, or ""."""
        present = frozenset(drugs)
        for regimen, signature in self.regimens.items():
            if signature.fits(present, self.starters):
                return regimen
        return ""

    def place_of(self, drugs: Iterable[str]) -> Place | None:
        """Return the place of the regimen that these concepts make up, or None."""
        regimen = self.regimen_of(drugs)
        return self.regimens[regimen].place if regimen else None

    def named_in(self, text: str) -> str:
        """Return the id of the regimen that a care plan, procedure or order names, the longest name first, or "".

        A name counts alone, or beside a word of treatment: as mere capitals it may be anything.
        """
        for name, regimen in _NAMES:
            found = name.search(text)
            if found and (found[0] == text.strip() or _TREATMENT_WORDS.search(text)):
                return regimen
        return ""

    def drugs_of(self, regimen: str) -> tuple[str, ...]:
        """Return the drugs of the first set by which a regimen is recognised; none for ""."""
        return tuple(sorted(self.regimens[regimen].drugs[0])) if regimen else ()

    def therapy_in(self, text: str) -> str:
        """Return the concept of the treatment that a procedure's words name, or ""."""
        for pattern, concept in _THERAPIES:
            if pattern.search(text):
                return concept
        return ""

    @property
    def counted(self) -> frozenset[str]:
        """Every concept that begins or joins a line of treatment."""
        return _COUNTED


SIGNATURES = load_model(FILE, Signatures)
_COUNTED = SIGNATURES.starters.union(
    *(required for signature in SIGNATURES.regimens.values() for required in signature.drugs),
    *(signature.companions for signature in SIGNATURES.regimens.values()),
)
_NAMES = sorted(
    (
        (re.compile(rf"(?<![\w/-]){re.escape(name)}(?![\w/-])"), regimen)
        for regimen, signature in SIGNATURES.regimens.items()
        for name in signature.names
    ),
    key=lambda entry: -len(entry[0].pattern),
)
_TREATMENT_WORDS = re.compile(
    r"\b(?:cycles?|courses?|blocks?|chemo\w*|immuno\w*|regimen|protocol|treatment|therapy|line|zyklus|kurs|day \d"
    r"|c\d)\b",
    re.IGNORECASE,
)
_THERAPIES = [
    (re.compile("|".join(therapy.words), re.IGNORECASE), concept) for concept, therapy in SIGNATURES.therapies.items()
]
