"""One statement of relapse, progression or refractory disease, and the words that make it.

Place in the flow: `condition_events` and `observation_events` yield Events, `disease` chooses among them.
May not: read FHIR.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from enum import IntEnum, StrEnum

from hooks.facts.conditions import ConditionReading
from hooks.facts.dates import Interval
from hooks.facts.fact import Confidence
from hooks.facts.plain_words import PLAIN
from hooks.facts.text import Polarity, TextReading, Topic
from hooks.facts.vocabulary import words
from hooks.pathways.relapsed_neuroblastoma.knowledge.engineering import ENGINEERING
from hooks.pathways.relapsed_neuroblastoma.reading.tumour import Tumour

WINDOW = timedelta(days=ENGINEERING.relapse_window_days.value)
"""Two statements this close together speak of one event."""

METACHRONOUS = timedelta(days=ENGINEERING.metachronous_months.value * 31)
"""From this long after the diagnosis a new Condition is no longer part of it."""

STATED = frozenset({Polarity.POSITIVE, Polarity.SUSPECTED, Polarity.UNKNOWN})
"""Polarities by which words state an event, if only as a suspicion."""


class Kind(StrEnum):
    """What happened. RESIDUAL: a stable residual mass, not yet an event."""

    RELAPSE = "relapse"
    PROGRESSION = "progression"
    REFRACTORY = "refractory"
    RESIDUAL = "residual"


class Ordinal(StrEnum):
    """Which relapse the words say it is."""

    FIRST = "first"
    LATER = "later"
    UNSTATED = "unstated"


_NOUNS = words(
    "neuroblastoma neuroblastomas ganglioneuroblastoma disease tumour tumor cancer malignancy neoplasm nb nbl"
)
_PHRASE = PLAIN | words(
    "neuroblastoma neuroblastomas ganglioneuroblastoma disease cancer malignancy malignant neoplasm mass masses nb "
    "local locoregional regional hr nbl distant disseminated systemic multifocal pelvic paraspinal retroperitoneal "
    "orbital skull thoracic mediastinal spinal cranial cns brain soft bony skeletal nodal lung hepatic left right "
    "childhood paediatric pediatric relapsed refractory relapsing progressive progressed recurrence relapse disorder "
    "hcc combined isolated mibg fdg avid positive osteomedullary leptomeningeal suprarenal symptomatic involvement "
    "infiltration lesion lesions nodules metastases metastasis lymphadenopathy skin"
)
"""Words of a phrase that is about the tumour: "recurrent metastatic high-risk neuroblastoma of the left adrenal"."""
TOPICS = {
    Kind.RELAPSE: Topic(
        findings=words(
            "relapse relapsed relapses relapsing recurrence recurrences recurrent recurred recurring rerelapse "
            "rerelapsed"
        ),
        phrase=_PHRASE,
        described=_NOUNS,
    ),
    Kind.PROGRESSION: Topic(
        findings=words("progression progressed progressing progressive progresses"), phrase=_PHRASE, described=_NOUNS
    ),
    Kind.REFRACTORY: Topic(findings=words("refractory"), phrase=_PHRASE, described=_NOUNS),
}
_LATER = words("second 2nd third 3rd fourth 4th multiple multiply several further subsequent re")
_LATER_WORDS = words("rerelapse rerelapsed twice thrice")
_FIRST = words("first 1st")
_STABLE = ("stable", "unchanged")
_OVER = ("in remission", "in complete remission", "in full remission", "in second remission", "in cr")
_CLAUSE = re.compile(r"[.;|\n]")


Named = tuple[Tumour, ConditionReading]
"""One Condition of the tumour, classified and read."""


class DatedBy(IntEnum):
    """What dates an event, the most trustworthy first. SPREAD: a metastasis or a worsened status."""

    ONSET = 0
    OBSERVATION = 1
    ASSERTION = 2
    WORDS = 3
    RECORDING = 4
    SPREAD = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One statement of an event.

    when: None where nothing dates it. date_rank: how far the date may be trusted, 0 best. standing: not in
    remission, inactive or abated. suspected: provisional, or only suspected in words. contradicted: the code says
    relapse and the words of the same Condition deny it. counts: takes part in counting first and later relapses.
    """

    kind: Kind
    source: str
    confidence: Confidence
    when: Interval | None = None
    date_rank: DatedBy = DatedBy.ONSET
    standing: bool = True
    suspected: bool = False
    contradicted: bool = False
    ordinal: Ordinal = Ordinal.UNSTATED
    counts: bool = False

    @property
    def date_confidence(self) -> Confidence:
        """Only the onset of a separate Condition and a coded Observation date an event as coded."""
        return self.confidence if self.date_rank <= DatedBy.OBSERVATION else Confidence.TEXT


def ordinal_of(said: TextReading) -> Ordinal:
    """Return which relapse the words say: "second relapse", "multiple relapses", "re-relapse", "first relapse"."""
    for statement in said.statements:
        tokens = statement.tokens
        if statement.polarity not in STATED:
            continue
        if not _LATER_WORDS.isdisjoint(tokens):
            return Ordinal.LATER
        for position, word in enumerate(tokens):
            before = tokens[max(0, position - 2) : position]
            if word in TOPICS[Kind.RELAPSE].findings and not _LATER.isdisjoint(before):
                return Ordinal.LATER
            if word in TOPICS[Kind.RELAPSE].findings and not _FIRST.isdisjoint(before):
                return Ordinal.FIRST
    return Ordinal.UNSTATED


def says_residual(text: str) -> bool:
    """True if the words speak of a stable residual mass (relapse-pathway row A8)."""
    return any(
        "residual" in clause and "no residual" not in clause and any(word in clause for word in _STABLE)
        for clause in _CLAUSE.split(text[:2000].lower())
    )


def says_remission(text: str) -> bool:
    """True if the words say that the disease is in remission now; "after first remission" does not."""
    clauses = _CLAUSE.split(text[:2000].lower().replace(",", ";"))
    return any(run in clause and "not " not in clause for clause in clauses for run in _OVER)


def is_well_after(later: Interval | None, earlier: Interval | None) -> bool:
    """True if certainly more than the metachronous window lies between the two."""
    if later is None or later.first is None or earlier is None or earlier.last is None:
        return False
    return later.first > earlier.last + METACHRONOUS
