"""Allergies and intolerances: to what, how severe, since when.

Place in the flow: pathways turn these into their own facts. May not: read "no known allergy" as an allergy, or
drop one because its substance is not understood.

Read: R4 AllergyIntolerance (code, clinicalStatus, verificationStatus, criticality, reaction), STU3 and DSTU2
shapes (status as code, substance). Inactive, resolved, refuted and entered in error are dropped.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from hooks.facts.dates import first_day, when
from hooks.facts.fact import Confidence
from hooks.facts.wording import mappings_in, said_by
from hooks.record import PatientRecord, Resource, once_per_record, reference_to
from hooks.terminology.drug_classes import CLASSES
from hooks.terminology.drug_names import match_in_text, words_of
from hooks.terminology.drugs import is_drug, substance_of
from hooks.terminology.table import codings_of, concepts_of

_GONE = frozenset({"inactive", "resolved", "refuted", "entered-in-error"})
_DOUBTED = frozenset({"unconfirmed", "provisional"})
_HIGH = frozenset({"high", "crith"})
_NONE_KNOWN = re.compile(
    r"\b(?:no known|none known|no (?:drug |food )?allerg\w*|nkda|nka|not allergic|no history of allerg\w*)\b",
    re.IGNORECASE,
)
_ANAPHYLAXIS = re.compile(r"\banaphyla(?:xis|ctic)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class AllergyReading:
    """One substance that the patient does not tolerate.

    concept: ingredient ("drug.dinutuximab_beta"), therapeutic class ("cephalosporin"), or "" for what is neither.
    severe: criticality high, a severe reaction or anaphylaxis. text is chart text.
    """

    source: str
    concept: str
    text: str
    severe: bool
    anaphylaxis: bool
    date: date | None
    confidence: Confidence


@once_per_record
def read_allergies(record: PatientRecord) -> tuple[AllergyReading, ...]:
    """Return the allergies that stand, one per substance."""
    return tuple(reading for resource in record.of_type("AllergyIntolerance") for reading in _readings(resource))


def _readings(resource: Resource) -> Iterator[AllergyReading]:
    states = {
        word for name in ("clinicalStatus", "verificationStatus", "status") for word in _codes(resource.get(name))
    }
    if states & _GONE:
        return
    reactions = tuple(mappings_in(resource.get("reaction")))
    named = [resource.get("code"), resource.get("substance"), *(reaction.get("substance") for reaction in reactions)]
    text = " | ".join(dict.fromkeys(filter(None, (said_by(item) for item in named))))
    if _NONE_KNOWN.search(text):
        return
    anaphylaxis = any(_is_anaphylaxis(reaction) for reaction in reactions) or bool(_ANAPHYLAXIS.search(text))
    severe = anaphylaxis or bool(_HIGH & _codes(resource.get("criticality"))) or any(map(_is_severe, reactions))
    coded = [substance_of(concept) for item in named for concept in concepts_of(item) if is_drug(concept)]
    concepts = coded or list(_worded(text)) or [""]
    doubted = bool(states & _DOUBTED) or not coded
    for concept in dict.fromkeys(concepts):
        yield AllergyReading(
            source=reference_to(resource),
            concept=concept,
            text=text or " | ".join(_local_codes(named)),
            severe=severe,
            anaphylaxis=anaphylaxis,
            date=_date(resource),
            confidence=Confidence.TEXT if doubted else Confidence.CODED,
        )


def _codes(value: object) -> frozenset[str]:
    """Return the lower-case codes of a code, a CodeableConcept or its words."""
    if isinstance(value, str):
        return frozenset({value.strip().lower()})
    codes = (coding.get("code") for coding in codings_of(value))
    words = said_by(value).lower().split(" | ")
    return frozenset({code.strip().lower() for code in codes if isinstance(code, str)} | set(words))


def _local_codes(named: list[object]) -> Iterator[str]:
    for coding in codings_of(named):
        code = coding.get("code")
        if isinstance(code, str):
            yield code


def _worded(text: str) -> Iterator[str]:
    """Yield the substances, else the therapeutic classes that the text names."""
    forms = match_in_text(text).forms
    yield from (substance_of(form) for form in forms)
    if not forms:
        words = frozenset(words_of(text))
        for name in CLASSES.names():
            if "_" not in name and words & {name, f"{name}s"}:
                yield name


def _is_severe(reaction: Resource) -> bool:
    return reaction.get("severity") == "severe"


def _is_anaphylaxis(reaction: Resource) -> bool:
    """True for a manifestation coded or worded as anaphylaxis; R5 wraps it into `concept`."""
    manifestations = [reaction.get("manifestation"), reaction.get("description")]
    manifestations.extend(item.get("concept") for item in mappings_in(reaction.get("manifestation")))
    return any(_ANAPHYLAXIS.search(said_by(item)) for item in manifestations)


def _date(resource: Resource) -> date | None:
    onset = when(resource, "onset")
    named = (first_day(resource.get(name)) for name in ("recordedDate", "assertedDate", "lastOccurrence"))
    return (onset.first if onset else None) or next(filter(None, named), None) or _last_reaction(resource)


def _last_reaction(resource: Resource) -> date | None:
    days = (first_day(reaction.get("onset")) for reaction in mappings_in(resource.get("reaction")))
    return max(filter(None, days), default=None)
