"""MIBG avidity on the present scan, with its date.

Place in the flow: `assemble` calls it with the results; the work-up and MIBG therapy read it.
May not: take an older scan for the present one, FDG uptake for MIBG uptake, or MIBG therapy for a scan.

Read: Observations and DiagnosticReports of MIBG by code or title: uptake in words, Curie or SIOPEN score,
coded answers. LOINC has no term for the scores.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from hooks.facts.fact import Confidence, Conflicting, Fact, Known, Unknown, Why
from hooks.facts.text import Polarity
from hooks.pathways.relapsed_neuroblastoma.facts import Avidity
from hooks.pathways.relapsed_neuroblastoma.reading.chart_results import ChartResult
from hooks.pathways.relapsed_neuroblastoma.reading.site_words import uptake_in
from hooks.pathways.relapsed_neuroblastoma.reading.sites import LOOKED_IN, counts_for_event
from hooks.terminology.table import is_a

MIBG_WORDS = re.compile(r"\bm-?ibg\b|\biobenguane\b|\bmetaiodobenzylguanidine\b", re.IGNORECASE)
_THERAPY = re.compile(r"\btherap\w+|\btreatment\b", re.IGNORECASE)
_SCORE = re.compile(r"\b(?:curie|siopen)\D{0,20}(\d{1,2})\b", re.IGNORECASE)
_SCORE_TITLE = re.compile(r"\b(?:curie|siopen)\b", re.IGNORECASE)


def read_mibg_avidity(results: Iterable[ChartResult], event_date: date | None, as_of: date) -> Fact[Avidity]:
    """Return avidity on the latest scan since the relapse window; an older scan leaves it unknown (stale)."""
    scans = tuple(item for item in results if (item.on is None or item.on <= as_of) and _speaks_of_mibg(item))
    read = {item: avidity for item in scans if item.usable and (avidity := _avidity(item))}
    current = [item for item in read if counts_for_event(item.on, event_date, as_of)]
    if current:
        return _latest(current, read)
    references = tuple(dict.fromkeys(item.reference for item in scans))
    if any(item.pending for item in scans):
        return Unknown(Why.PENDING, LOOKED_IN, references)
    dated = [item.on for item in read if item.on]
    if dated and event_date is not None:
        return Unknown(Why.STALE, LOOKED_IN, references, max(dated))
    return Unknown(Why.INDETERMINATE if scans else Why.NOT_FOUND, LOOKED_IN, references)


def is_mibg_scan(result: ChartResult) -> bool:
    """True for a diagnostic MIBG result, by code, title or score; MIBG therapy is none."""
    if any(is_a(concept, "MIBG") for concept in result.concepts) or _SCORE_TITLE.search(result.title):
        return True
    return bool(MIBG_WORDS.search(result.title)) and not _THERAPY.search(result.title)


def _speaks_of_mibg(result: ChartResult) -> bool:
    return is_mibg_scan(result) or any(MIBG_WORDS.search(text) for text in result.texts)


def _latest(current: list[ChartResult], read: dict[ChartResult, Avidity]) -> Fact[Avidity]:
    day = max(item.on for item in current if item.on)
    same = [item for item in current if item.on == day]
    references = tuple(dict.fromkeys(item.reference for item in same))
    said = tuple(dict.fromkeys(read[item] for item in same))
    if len(said) > 1:
        return Conflicting(said, references, day)
    return Known(said[0], references, day, Confidence.TEXT)


def _avidity(result: ChartResult) -> Avidity | None:
    """Return what one result says: uptake anywhere wins over denials elsewhere; a score above 0 is uptake.

    Uptake in words beside a score of 0 contradicts itself and says nothing.
    """
    of_mibg = is_mibg_scan(result)
    scores = [float(score) for text in result.texts for score in _SCORE.findall(text)]
    if _SCORE_TITLE.search(result.title):
        scores.extend(_number(result))
    said = uptake_in(result.texts, of_mibg=of_mibg)
    if scores and not any(scores) and Polarity.POSITIVE in said:
        return None
    answers = result.value_concepts if of_mibg else ()
    if any(scores) or Polarity.POSITIVE in said or any(is_a(a, "answer.positive", "answer.present") for a in answers):
        return Avidity.AVID
    if scores or Polarity.NEGATIVE in said or any(is_a(a, "answer.negative", "answer.absent") for a in answers):
        return Avidity.NON_AVID
    return None


def _number(result: ChartResult) -> list[float]:
    """Return the score that a result gives as a plain number, as quantity or as text."""
    amount = result.amount
    return [amount.value] if amount and not amount.comparator else []
