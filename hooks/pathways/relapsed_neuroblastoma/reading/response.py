"""Response evaluations: INRC categories from Observations and DiagnosticReports about response.

Place in the flow: `assemble` reads all evaluations once; treatment lines and the response fact come from them.
May not: read an abbreviation outside a result about response ("PR" is also progesterone receptor and the
PR interval), take "improved" for a category, or settle two categories of one day.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from hooks.facts.fact import Confidence, Conflicting, Fact, Known, Unknown, Why
from hooks.pathways.relapsed_neuroblastoma.facts import Criteria, Response, ResponseResult
from hooks.pathways.relapsed_neuroblastoma.knowledge.engineering import ENGINEERING
from hooks.pathways.relapsed_neuroblastoma.reading.chart_results import ChartResult, read_results
from hooks.pathways.relapsed_neuroblastoma.reading.clauses import Said, clauses
from hooks.pathways.relapsed_neuroblastoma.reading.timeline import WORST, Evaluation
from hooks.record import PatientRecord
from hooks.terminology.table import is_a

LOOKED_IN = ("status", "reports")
_WINDOW = timedelta(days=ENGINEERING.relapse_window_days.value)
_ABOUT_RESPONSE = re.compile(
    r"\bINRC\b|\bresponse\b|\bdisease status\b|\bremission status\b|\bre-?staging\b|\bdisease evaluation\b",
    re.IGNORECASE,
)
_OTHER_RESPONSE = re.compile(
    r"\b(?:auditory|brain-?stem|evoked|immune|vaccin\w*|antibody|pupil\w*|ventric\w*|cardiac|heart rate|cough|pain"
    r"|verbal|motor|eye|plantar|haematopoietic|transfusion|platelet|pathologic\w* complete)\W+(?:\w+\W+)?response"
    r"|\b(?:leuk[a]?emi|lymphom|sarcom|carcinom|gliom|melanom|medulloblastom|nephroblastom|wilms)\w*"
    r"|\bresponse to (?:vaccin|transfusion|pain|fluid|oxygen|bronchodilat)"
    r"|\b(?:primary|soft[- ]tissue|bone|marrow|m?ibg|metasta\w*|nod(?:e|al)|liver|cns)\b[^|]{0,20}\bresponse\b",
    re.IGNORECASE,
)
_PHRASES: tuple[tuple[re.Pattern[str], Response], ...] = (
    (re.compile(r"\bvery good partial (?:response|remission)\b", re.IGNORECASE), Response.PR),
    (re.compile(r"\b(?:complete|full) (?:response|remission)\b", re.IGNORECASE), Response.CR),
    (re.compile(r"\bpartial (?:response|remission)\b", re.IGNORECASE), Response.PR),
    (re.compile(r"\b(?:minor|mixed) response\b", re.IGNORECASE), Response.MR),
    (re.compile(r"\bstable disease\b", re.IGNORECASE), Response.SD),
    (
        re.compile(r"\bprogressive disease\b|\bdisease progression\b|\bprogression of disease\b", re.IGNORECASE),
        Response.PD,
    ),
)
_TRENDS: tuple[tuple[re.Pattern[str], Response], ...] = (
    (re.compile(r"\bcondition worsened\b", re.IGNORECASE), Response.PD),
    (re.compile(r"\bcondition stable\b", re.IGNORECASE), Response.SD),
)
_IMAGING = re.compile(
    r"\b(?:m?ibg|iobenguane|pet|ct|mri?|scan|spect)\b|scintigra|tomogra|magnetic resonance|imaging", re.IGNORECASE
)
_NEW_LESION = re.compile(
    r"\bnew\b(?:\W+\w+){0,4}\W+(?:lesions?|focus|foci|metastas[ei]s|sites? of disease|avid sites?)\b", re.IGNORECASE
)
_LETTERS = re.compile(
    r"\b(CR|VGPR|PR|MR|SD|PD)\b(?!\s*(?:interval|imag|scan|angio|spine|abdomen|brain|of the)|[+-]?\d)"
)
_CUE = re.compile(
    r"\b(?:response|INRC|status|remission|overall|category|assessment|achieved|in|with|is)\b|[:=(]", re.IGNORECASE
)
_MIXED = re.compile(r"\bmixed response\b", re.IGNORECASE)
_OVERALL = re.compile(r"\boverall\b", re.IGNORECASE)
_YEAR_2017 = re.compile(r"\bINRC\W{0,3}(?:criteria\W{0,2})?2017\b|\b2017\W{0,3}INRC\b", re.IGNORECASE)
_YEAR_1993 = re.compile(r"\bINRC\W{0,3}(?:criteria\W{0,2})?1993\b|\b1993\W{0,3}INRC\b", re.IGNORECASE)
_SHORT = 4
_SINCE_WHEN = re.compile(r"\s*(?:after|following|post|at|on|by|since)\b", re.IGNORECASE)
"""What follows a category that opens a clause: "SD after 4 cycles of induction"."""
_BY_LETTERS = {category.value: category for category in Response} | {"VGPR": Response.PR}


@dataclass(frozen=True, slots=True)
class Evaluations:
    """Everything read about response until `as_of`.

    usable: dated, one category each. disputed: dated results that name several categories at once.
    unusable: references of pending, undated or unreadable ones, with the reason of the last.
    """

    usable: tuple[Evaluation, ...] = ()
    disputed: tuple[tuple[date, tuple[ResponseResult, ...], str], ...] = ()
    unusable: tuple[tuple[str, Why], ...] = ()


@dataclass(frozen=True, slots=True)
class _Reading:
    """Categories of one result; trend: from a trend of the condition only."""

    categories: tuple[Response, ...]
    confidence: Confidence
    trend: bool = False


def read_evaluations(record: PatientRecord, as_of: date) -> Evaluations:
    """Return all response evaluations of the chart until `as_of`, in order of time."""
    return evaluations_in(read_results(record), as_of)


def evaluations_in(results: Iterable[ChartResult], as_of: date) -> Evaluations:
    """Return the evaluations among some results; a trend counts only on a day without a category."""
    usable: list[tuple[Evaluation, bool]] = []
    disputed: list[tuple[date, tuple[ResponseResult, ...], str]] = []
    unusable: list[tuple[str, Why]] = []
    for result in results:
        if result.on is not None and result.on > as_of:
            continue
        if not _is_about_response(result):
            if result.on is not None and result.usable and _is_progression_on_imaging(result):
                progression = ResponseResult(Response.PD, _criteria(result))
                usable.append((Evaluation(result.on, progression, result.reference, Confidence.TEXT), False))
            continue
        reading = _read(result) if result.usable else None
        criteria = _criteria(result)
        if reading is None or not reading.categories:
            if not result.usable or result.texts or result.codes:
                unusable.append((result.reference, Why.PENDING if result.pending else Why.INDETERMINATE))
        elif result.on is None:
            unusable.append((result.reference, Why.INDETERMINATE))
        elif len(reading.categories) > 1:
            several = tuple(ResponseResult(category, criteria) for category in reading.categories)
            disputed.append((result.on, several, result.reference))
        else:
            found = ResponseResult(reading.categories[0], criteria)
            usable.append((Evaluation(result.on, found, result.reference, reading.confidence), reading.trend))
    with_category = {item.on for item, trend in usable if not trend}
    kept = (item for item, trend in usable if not trend or item.on not in with_category)
    return Evaluations(tuple(sorted(kept, key=lambda item: item.on)), tuple(disputed), tuple(unusable))


def latest_response(
    evaluations: Evaluations, event_date: date | None, treated_from: date | None = None
) -> Fact[ResponseResult]:
    """Return the latest evaluation of the treatment of this event.

    treated_from: start of the first line against the event. Without one, an evaluation within the relapse
    window belongs to the event itself. Two categories on the latest day are Conflicting.
    """
    if event_date is None:
        seen = tuple(item.source for item in evaluations.usable)
        return Unknown(Why.INDETERMINATE if seen else Why.NOT_FOUND, LOOKED_IN, seen)
    after = treated_from if treated_from is not None else event_date + _WINDOW
    usable = [item for item in evaluations.usable if item.on > after]
    disputed = [item for item in evaluations.disputed if item[0] > after]
    days = [item.on for item in usable] + [item[0] for item in disputed]
    if not days:
        return _nothing(evaluations)
    return _of_day(max(days), usable, disputed)


def read_response(record: PatientRecord, as_of: date, event_date: date | None = None) -> Fact[ResponseResult]:
    """Return the latest response of the treatment of the event, from the record alone."""
    return latest_response(read_evaluations(record, as_of), event_date)


def _nothing(evaluations: Evaluations) -> Unknown:
    reasons = [why for _, why in evaluations.unusable]
    why = Why.PENDING if Why.PENDING in reasons else reasons[0] if reasons else Why.NOT_FOUND
    return Unknown(why, LOOKED_IN, tuple(source for source, _ in evaluations.unusable))


def _of_day(
    day: date, usable: Sequence[Evaluation], disputed: Sequence[tuple[date, tuple[ResponseResult, ...], str]]
) -> Fact[ResponseResult]:
    same = [item for item in usable if item.on == day]
    open_ones = [item for item in disputed if item[0] == day]
    results = [item.result for item in same] + [result for item in open_ones for result in item[1]]
    sources = tuple(dict.fromkeys([item.source for item in same] + [item[2] for item in open_ones]))
    if len({result.category for result in results}) > 1:
        return Conflicting(tuple(dict.fromkeys(results)), sources, day)
    stated = next((result for result in results if result.criteria is not Criteria.UNSTATED), results[0])
    return Known(stated, sources, day, min((item.confidence for item in same), key=WORST.index))


def _is_about_response(result: ChartResult) -> bool:
    if any(is_a(concept, "cancer_disease_status") for concept in result.concepts):
        return True
    return bool(_ABOUT_RESPONSE.search(result.title)) and not _OTHER_RESPONSE.search(result.title)


def _is_progression_on_imaging(result: ChartResult) -> bool:
    """True if an imaging report affirms progressive disease or a new lesion, which INRC counts as progression."""
    if not _IMAGING.search(result.title):
        return False
    return any(says_new_disease(clause) for clause, said in clauses(result.texts) if said is Said.AFFIRMED)


def says_new_disease(clause: str) -> bool:
    """True if a clause names progressive disease or a new lesion."""
    return bool(_NEW_LESION.search(clause)) or _in_words(clause) == (Response.PD,)


def category_of(result: ChartResult) -> Response | None:
    """Return the one category that a usable result about response states; a trend of the condition is none."""
    if not result.usable or not _is_about_response(result):
        return None
    reading = _read(result)
    return reading.categories[0] if len(reading.categories) == 1 and not reading.trend else None


def _read(result: ChartResult) -> _Reading:
    """Return the categories of a result: coded value, local code, words, then the trend of the condition."""
    certain = result.certain
    if coded := _phrases(result.values):
        known = any(is_a(concept, "disease_status.value") for concept in result.value_concepts)
        best = Confidence.CODED if known else Confidence.CODED_LOCAL
        return _Reading(coded, best if certain else Confidence.TEXT)
    letters = tuple(_BY_LETTERS[code] for code in result.codes if code in _BY_LETTERS)
    if local := tuple(dict.fromkeys((*letters, *_categories(result.values)))):
        return _Reading(local, Confidence.CODED_LOCAL if certain else Confidence.TEXT)
    if worded := _categories(result.words):
        return _Reading(worded, Confidence.TEXT)
    trends = tuple(category for pattern, category in _TRENDS if any(pattern.search(text) for text in result.values))
    return _Reading(trends, Confidence.TEXT, trend=True)


def _phrases(texts: Iterable[str]) -> tuple[Response, ...]:
    found = (category for clause, said in clauses(texts) if said is Said.AFFIRMED for category in _in_words(clause))
    return tuple(dict.fromkeys(found))


def _categories(texts: Iterable[str]) -> tuple[Response, ...]:
    """Return the categories that clauses affirm, in words or letters; an overall category speaks for all."""
    each = [(clause, _in_clause(clause)) for clause, said in clauses(texts) if said is Said.AFFIRMED]
    overall = [category for clause, found in each if _OVERALL.search(clause) for category in found]
    return tuple(dict.fromkeys(overall or [category for _, found in each for category in found]))


def _in_clause(clause: str) -> tuple[Response, ...]:
    return tuple(dict.fromkeys((*_in_words(clause), *_in_letters(clause))))


def _in_words(clause: str) -> tuple[Response, ...]:
    """Return the one category that a clause spells out, the longest phrase first."""
    found = (category for pattern, category in _PHRASES if pattern.search(clause))
    return tuple(itertools.islice(found, 1))


def _in_letters(clause: str) -> Iterator[Response]:
    """Yield categories from abbreviations: in a short clause, first in it, or after a word that announces one."""
    for found in _LETTERS.finditer(clause):
        before, behind = clause[: found.start()], clause[found.end() :]
        opens = not before.strip(" -") and _SINCE_WHEN.match(behind)
        if opens or len(clause.split()) <= _SHORT or _CUE.search(before):
            yield _BY_LETTERS[found[1]]


def _criteria(result: ChartResult) -> Criteria:
    """Return the version of the criteria that the result names; a mixed response belongs to the older ones."""
    texts = (result.title, *result.texts)
    if any(_YEAR_2017.search(text) for text in texts):
        return Criteria.INRC_2017
    if any(_YEAR_1993.search(text) or _MIXED.search(text) for text in texts):
        return Criteria.INRC_1993
    return Criteria.UNSTATED
