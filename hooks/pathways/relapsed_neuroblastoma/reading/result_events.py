"""Events of the tumour in results: progression by response criteria, a relapse that a report suspects.

Place in the flow: `disease` asks it. May not: prove a relapse by a report alone, or take a question to the
radiologist, a look back, or a finding that a later report takes back for a suspicion.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from hooks.facts.dates import Interval
from hooks.facts.fact import Confidence
from hooks.pathways.relapsed_neuroblastoma.facts import OBJECTIVE_RESPONSES, Response
from hooks.pathways.relapsed_neuroblastoma.knowledge.engineering import ENGINEERING
from hooks.pathways.relapsed_neuroblastoma.reading.chart_results import ChartResult
from hooks.pathways.relapsed_neuroblastoma.reading.clauses import Said, clauses
from hooks.pathways.relapsed_neuroblastoma.reading.event import WINDOW, DatedBy, Event, Kind
from hooks.pathways.relapsed_neuroblastoma.reading.response import category_of, says_new_disease

_LOOKS_FOR_DISEASE = re.compile(
    r"\b(?:m?ibg|iobenguane|pet|ct|mri?|scan|spect|marrow|trephine|biops\w+|ultrasound)\b"
    r"|scintigra|tomogra|magnetic resonance|imaging|patholog|histolog|cytolog",
    re.IGNORECASE,
)
_RELAPSE = re.compile(r"\b(?:relaps|recurren|recurr)\w*", re.IGNORECASE)
_SUSPICION = re.compile(
    r"\b(?:suspected|suspicio\w+|probable|probably|likely|concern\w*|suggest\w*|consistent with|compatible with)\b",
    re.IGNORECASE,
)
_NO_SUSPICION = re.compile(
    r"\b(?:no|not|without|nor)\b(?:\W+\w+){0,3}\W+(?:suspected|suspicio\w+|concern\w*|suggest\w*)", re.IGNORECASE
)
_BACKGROUND = re.compile(
    r"\b(?:indication|question|query|reason|clinical (?:information|details|history)|history|previous\w*|prior|past"
    r"|known|former\w*|initial\w*|diagnosis|surveillance|follow-?up|exclude|rule out|risk|treated|after|since)\b|\?",
    re.IGNORECASE,
)
_HARMLESS = re.compile(
    r"\b(?:physiolog\w*|benign|infecti\w+|inflamm\w+|post-?(?:operative|surgical|traumatic)|scar\w*|degenerat\w+"
    r"|fractures?|arte?ifact\w*|trauma\w*)\b",
    re.IGNORECASE,
)
_YEAR = re.compile(r"\b(?:19|20)\d{2}\b")
_DISEASE = re.compile(r"\b(?:relaps|recurren|disease|lesion|metasta|avid|uptake|infiltrat)\w*", re.IGNORECASE)
_INDUCTION = re.compile(r"(?<!re-)(?<!re )\binduction\b", re.IGNORECASE)
_CYCLES = re.compile(
    r"\b(\d{1,2}) (?:induction )?(?:cycles|courses|cycle|course)\b|\b(?:cycle|course)s? (?:no\.? |number )?(\d{1,2})\b",
    re.IGNORECASE,
)
_MOST_CYCLES = 12
"""A larger number in such a sentence counts something else."""
_LONGEST = 2000
_BELOW_PR = frozenset({Response.SD, Response.MR})
_MAX_AGE = timedelta(days=ENGINEERING.suspicion_max_age_days.value)


def events_in_results(results: Sequence[ChartResult], diagnosed: Interval | None, as_of: date) -> tuple[Event, ...]:
    """Return what results say happened. `diagnosed`: before it, and until a window after it, no lesion is a relapse."""
    dated = sorted((item for item in results if item.usable and item.on and item.on <= as_of), key=_day)
    return (*_progression(dated), *_suspicion(dated, diagnosed, as_of), *_insufficient(dated, as_of))


def _day(result: ChartResult) -> date:
    return result.on or date.min


def _progression(dated: Sequence[ChartResult]) -> Iterator[Event]:
    """Yield progression where the latest response evaluation is PD, dated by the first of an unbroken row of them."""
    row: list[ChartResult] = []
    for result in dated:
        category = category_of(result)
        if category is Response.PD:
            row.append(result)
        elif category is not None:
            row.clear()
    if row:
        yield Event(
            kind=Kind.PROGRESSION,
            source=row[0].reference,
            confidence=Confidence.TEXT,
            when=Interval(row[0].on, row[0].on),
            date_rank=DatedBy.SPREAD,
        )


def _suspicion(dated: Sequence[ChartResult], diagnosed: Interval | None, as_of: date) -> Iterator[Event]:
    """Yield the newest suspicion of a report that is not too old and that no later result takes back."""
    last: ChartResult | None = None
    for result in dated:
        if not _LOOKS_FOR_DISEASE.search(result.title):
            if category_of(result) in OBJECTIVE_RESPONSES:
                last = None
        elif _suspects(result, may_be_new=_is_after(_day(result), diagnosed)):
            last = result
        elif _clears(result):
            last = None
    if last is not None and as_of - _day(last) <= _MAX_AGE:
        yield Event(
            kind=Kind.RELAPSE,
            source=last.reference,
            confidence=Confidence.TEXT,
            when=Interval(last.on, last.on),
            date_rank=DatedBy.SPREAD,
            suspected=True,
        )


def _insufficient(dated: Sequence[ChartResult], as_of: date) -> Iterator[Event]:
    """Yield suspected refractory disease where the latest evaluation is below PR after enough cycles of induction.

    The evaluation itself must name the induction and its cycles (row A6); nobody here counts them from orders.
    """
    evaluated = [(result, category) for result in dated if (category := category_of(result)) is not None]
    for result, category in evaluated[-1:]:
        enough = any(_after_induction(text) for text in (*result.texts, *result.values))
        if category in _BELOW_PR and enough and as_of - _day(result) <= _MAX_AGE:
            yield Event(
                kind=Kind.REFRACTORY,
                source=result.reference,
                confidence=Confidence.TEXT,
                when=Interval(result.on, result.on),
                date_rank=DatedBy.SPREAD,
                suspected=True,
            )


def _after_induction(text: str) -> bool:
    """True for a sentence that names at least as many cycles of induction as make insufficient response refractory."""
    sentences = (part for part in text[:_LONGEST].split(".") if _INDUCTION.search(part))
    counted = (int(found[1] or found[2]) for part in sentences for found in _CYCLES.finditer(part))
    return any(ENGINEERING.refractory_induction_cycles.value <= cycles <= _MOST_CYCLES for cycles in counted)


def _is_after(day: date, diagnosed: Interval | None) -> bool:
    return diagnosed is not None and diagnosed.last is not None and day > diagnosed.last + WINDOW


def _suspects(result: ChartResult, *, may_be_new: bool) -> bool:
    """True if a clause of its own finds or suspects relapse, or, once it can be new, a new lesion."""
    found = [clause for clause, said in clauses(result.texts) if _is_finding(clause, said, _day(result))]
    if may_be_new and any(says_new_disease(clause) for clause in found):
        return True
    return any(_RELAPSE.search(clause) for clause in found) and not _clears(result)


def _is_finding(clause: str, said: Said, on: date) -> bool:
    """True for what the report itself affirms or suspects, not for background, the harmless or another year."""
    if _denies(clause, said) or _BACKGROUND.search(clause) or _HARMLESS.search(clause):
        return False
    if any(int(year) != on.year for year in _YEAR.findall(clause)):
        return False
    return said is Said.AFFIRMED or bool(_SUSPICION.search(clause))


def _clears(result: ChartResult) -> bool:
    """True if the report denies disease."""
    return any(_denies(clause, said) and _DISEASE.search(clause) for clause, said in clauses(result.texts))


def _denies(clause: str, said: Said) -> bool:
    """True for a denial, that of a suspicion included ("relapse is not suspected")."""
    return said is Said.DENIED or (said is Said.OPEN and bool(_NO_SUSPICION.search(clause)))
