"""The words by which charts speak of hearing, kidneys, stem cells, anthracyclines, urine protein and pregnancy.

Place in the flow: `gates` asks them of problems, services and results. May not: judge; polarity is judged by clause.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from hooks.pathways.relapsed_neuroblastoma.reading.clauses import Said, affirmed, clauses

HEARING_LOSS = re.compile(r"\bhearing (?:loss|impairment)|\bdeaf\w*|\bhypoacus\w+|\bototox\w+", re.IGNORECASE)
SEVERE = re.compile(
    r"\bsevere\w*|\bprofound\w*|\bdeaf(?:ness)?\b|\bhearing aids?\b|\bcochlear implant\w*|\bgrade (?:3|4|iii|iv)\b",
    re.IGNORECASE,
)
HEARING_TEST = re.compile(
    r"\baudio(?:gra|met|log)\w+|\bhearing\b|\bauditory\b|\bbrain-?stem evoked|\botoacoustic\b|\bbera\b|\babr\b",
    re.IGNORECASE,
)
HEART_DISEASE = re.compile(
    r"\bcardiomyopath\w*|\b(?:heart|cardiac|ventricular) failure|\bcardiotoxic\w*"
    r"|\b(?:ventricular|systolic|cardiac) dysfunction|\breduced ejection fraction",
    re.IGNORECASE,
)
RENAL_IMPAIRMENT = re.compile(
    r"\brenal (?:impairment|insufficiency|failure|dysfunction)"
    r"|\bkidney (?:disease|injury|failure|impairment|dysfunction)|\bnephropath\w+",
    re.IGNORECASE,
)
_STEM_CELLS = re.compile(
    r"\bstem[- ]cells?\b|\bprogenitor cells?\b|\bpbsc\w*\b|\bautologous graft\b|\bleuk[oa]pheresis\b", re.IGNORECASE
)
_STORED = re.compile(r"\bstored\b|\bstorage\b|\bcryopreserv\w+|\bfrozen\b|\bavailable\b|\bbanked\b", re.IGNORECASE)
_COLLECTED = re.compile(r"\bcollect\w+|\bharvest\w*|\b(?:leuk[oa])?apheresis\b|\bleuk[oa]pheresis\b", re.IGNORECASE)
_DONOR = re.compile(r"\bdonor\b|\ballogen\w+|\bhaplo\w*", re.IGNORECASE)
_ANTHRACYCLINE = re.compile(r"\banthracyclin\w*|\bdoxorubicin\b", re.IGNORECASE)
_LIMIT_REACHED = re.compile(r"\b(?:limit|maximum|max\.? dose)\b.{0,200}\b(?:reached|exceeded)\b", re.IGNORECASE)
PROTEINURIA = re.compile(r"\bproteinuria\b|\bnephrotic\b", re.IGNORECASE)
URINE_PROTEIN = re.compile(
    r"\burine\b.{0,200}\bprotein\b|\bprotein\b.{0,200}\burine\b|\bdipstick\b|\bproteinuria\b", re.IGNORECASE
)
DIPSTICK = re.compile(r"(?<![\d.])([1-4])\s?\+|(\+{1,4})(?!\w)")
VITAMIN_A_OR_TETRACYCLINE = re.compile(r"\bvitamins? a\b|\bretin(?:ol|yl)\b|\b\w*cycline\b", re.IGNORECASE)
PREGNANCY_TEST = re.compile(r"\bpregnan\w+|\bhcg\b|\bchorionic gonadotropin\b", re.IGNORECASE)
TISSUE_SURGERY = re.compile(
    r"\bbiops\w+|\bsurger\w+|\bsurgical\b|\bresection\b|\bexcision\b|\boperation\b|\blaparo\w+|\bthoraco\w+|\bcraniotomy\b"
    r"|\bamputation\b|\bdebulking\b",
    re.IGNORECASE,
)
PORT_SURGERY = re.compile(
    r"\bport(?:s|acath)?\b.{0,200}\b(?:insert\w*|plac\w*|implant\w*|remov\w*|replac\w*|explant\w*|revision)"
    r"|\b(?:insert\w*|plac\w*|implant\w*|remov\w*|replac\w*|explant\w*|revision)\b.{0,200}\bport(?:s|acath)?\b"
    r"|\bport(?:anlage|implantation|explantation)\b",
    re.IGNORECASE,
)
PORT_CARE = re.compile(
    r"\b(?:flush\w*|access\w*|needle\w*|dressing\w*|x-?ray|film\w*|care|locks?|locking)\b", re.IGNORECASE
)
NO_SURGERY = re.compile(r"\bmarrow\b|\btrephine\b|\bpatholog\w+|\bconsult\w*|\bfollow[- ]up\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class StemCells:
    """What texts say of autologous stem cells: in store, none in store, collected at some time."""

    stored: bool
    gone: bool
    collected: bool


def stem_cells_in(texts: Iterable[str]) -> StemCells:
    """Return what the clauses about stem cells that are not a donor's say."""
    own = [pair for pair in clauses(texts, _STEM_CELLS) if _STEM_CELLS.search(pair[0]) and not _DONOR.search(pair[0])]
    stored = {said for clause, said in own if _STORED.search(clause)}
    collected = any(said is Said.AFFIRMED and _COLLECTED.search(clause) for clause, said in own)
    return StemCells(Said.AFFIRMED in stored, Said.DENIED in stored, collected)


def says_anthracycline_limit(texts: Iterable[str]) -> bool:
    """True if a text affirms that the lifetime limit of anthracyclines is reached."""
    return affirmed(texts, _ANTHRACYCLINE, _LIMIT_REACHED)


def highest_plus(text: str) -> int | None:
    """Return the highest number of plus signs of a dipstick result ("2+", "+++"), or None."""
    found = [int(number) if number else len(signs) for number, signs in DIPSTICK.findall(text)]
    return max(found, default=None)
