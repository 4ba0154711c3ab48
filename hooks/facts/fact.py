"""A fact is never a bare value: it is known, unknown or conflicting, and says where it was read.

Place in the flow: readers in `hooks.facts` and in the pathways return these; rules match on them.
May not: turn missing data into a negative.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Generic, TypeVar

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


class Confidence(StrEnum):
    """How a value was said in the chart. Only CODED may select a regimen (DESIGN.md section 3)."""

    CODED = "coded"
    CODED_LOCAL = "coded_local"
    TEXT = "text"


class Why(StrEnum):
    """Why a fact is unknown. The values are the words that a card prints."""

    NOT_FOUND = "not found"
    NOT_TESTED = "not tested"
    PARTLY_TESTED = "tested only in part"
    PENDING = "pending"
    INDETERMINATE = "indeterminate"
    UNTRANSLATED = "given by its DNA change alone, which is not translated; please confirm the protein change"
    FAILED = "test failed"
    MASKED = "masked"
    NOT_RETRIEVED = "could not be retrieved"
    UNREADABLE = "exists but cannot be read"
    UNREAD = "named without an answer that can be read here"
    IN_PART = "told in part only, and that part is not altered"
    IMPRECISE = "dated only in part"
    STALE = "too old"
    UNTIMED = "timing unknown"
    IMPLAUSIBLE = "implausible"


@dataclass(frozen=True, slots=True)
class Known(Generic[T_co]):
    """A value with its provenance.

    sources: references such as "Observation/o1". date: when it was true of the patient (specimen
    collection, effective, onset), never when it was issued; None when the chart does not say.
    """

    value: T_co
    sources: tuple[str, ...] = ()
    date: date | None = None
    confidence: Confidence = Confidence.CODED


@dataclass(frozen=True, slots=True)
class Unknown:
    """Nothing usable was read. `looked_in` names prefetch keys; `sources` what was seen but not usable."""

    why: Why = Why.NOT_FOUND
    looked_in: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    date: date | None = None


@dataclass(frozen=True, slots=True)
class Conflicting(Generic[T_co]):
    """Usable sources disagree; nobody here settles it."""

    values: tuple[T_co, ...]
    sources: tuple[str, ...] = ()
    date: date | None = None


Fact = Known[T] | Unknown | Conflicting[T]


class YesNo(StrEnum):
    """A finding that the chart affirms or denies. Silence of the chart is `Unknown`, never NO."""

    YES = "yes"
    NO = "no"


def value_of(fact: Fact[T]) -> T | None:
    """Return the value of a Known fact; None for the other two (never read None as a negative)."""
    return fact.value if isinstance(fact, Known) else None


def is_value(fact: Fact[T], *values: T) -> bool:
    """True if the fact is Known and its value is one of `values`."""
    return isinstance(fact, Known) and fact.value in values


def is_coded(fact: Fact[T]) -> bool:
    """True if the fact is Known from a standard code, the only confidence that may select a regimen."""
    return isinstance(fact, Known) and fact.confidence is Confidence.CODED
