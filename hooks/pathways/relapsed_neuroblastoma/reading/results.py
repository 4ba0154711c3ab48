"""Many molecular results of one marker become one fact.

Place in the flow: marker readers yield Results; `molecular` folds them with the date of the disease event.
May not: settle a contradiction, or let a marrow or blood negative override a tumour positive.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Generic, TypeVar

from hooks.facts.dates import Interval
from hooks.facts.fact import Confidence, Conflicting, Fact, Known, Unknown, Why
from hooks.facts.text import Moment
from hooks.pathways.relapsed_neuroblastoma.facts import Molecular, Timing, Tissue
from hooks.pathways.relapsed_neuroblastoma.knowledge.engineering import ENGINEERING

StateT = TypeVar("StateT", bound=StrEnum)

LOOKED_IN = ("variants", "labs", "reports")
"""Prefetch keys in which molecular results stand."""

_CLASSES: tuple[frozenset[Tissue], ...] = (
    frozenset({Tissue.TUMOUR, Tissue.UNKNOWN}),
    frozenset({Tissue.MARROW}),
    frozenset({Tissue.BLOOD}),
)
_RANK = (Confidence.CODED, Confidence.CODED_LOCAL, Confidence.TEXT)


@dataclass(frozen=True, slots=True)
class Sample:
    """What a result was measured on: where it stands, when the specimen was taken, which tissue it was."""

    source: str
    when: Interval | None = None
    tissue: Tissue = Tissue.UNKNOWN


@dataclass(frozen=True, slots=True, kw_only=True)
class Result(Generic[StateT]):
    """One statement on one marker.

    states: none, it was asked and not answered (`why` says why); several, it contradicts itself.
    aspect: results of different aspects (sequence, copies, fusion; one gene of a group) do not contradict each other.
    """

    sample: Sample
    states: tuple[StateT, ...] = ()
    confidence: Confidence = Confidence.CODED
    why: Why = Why.INDETERMINATE
    aspect: str = ""
    variant: str = ""
    germline: bool = False
    frequency: float | None = None
    moment: Moment = Moment.UNSTATED

    def timing(self, event: Interval | None) -> Timing:
        """Return when the specimen was taken against the disease event, by its collection date."""
        if self.moment is Moment.DIAGNOSIS:
            return Timing.PRE_RELAPSE
        if self.sample.when is None or event is None or event.first is None or event.last is None:
            return Timing.UNKNOWN
        window = timedelta(days=ENGINEERING.relapse_window_days.value)
        if self.sample.when.is_from(event.last - window):
            return Timing.AT_RELAPSE
        return Timing.PRE_RELAPSE if self.sample.when.is_before(event.first - window) else Timing.UNKNOWN


@dataclass(frozen=True, slots=True)
class Folding(Generic[StateT]):
    """How results of one marker are folded.

    negative: states that deny. marrow_speaks: a negative on marrow counts (the test is made on tumour cells).
    coexisting: states that may stand side by side in one tumour, the most telling first.
    """

    negative: frozenset[StateT]
    marrow_speaks: bool = False
    coexisting: tuple[StateT, ...] = ()

    def is_weak(self, result: Result[StateT]) -> bool:
        """True for a negative on marrow or blood: it says nothing about the tumour."""
        tissue = result.sample.tissue
        elsewhere = tissue is Tissue.BLOOD or (tissue is Tissue.MARROW and not self.marrow_speaks)
        return elsewhere and self.negative.issuperset(result.states)


def fold(
    results: Iterable[Result[StateT]], event: Interval | None, folding: Folding[StateT]
) -> Fact[Molecular[StateT]]:
    """Return the one fact: at the event before older, latest per tissue, an abnormal tissue before a normal one."""
    listed = tuple(results)
    strong = [result for result in listed if result.states and not folding.is_weak(result)]
    if not strong:
        return _unanswered(listed)
    at_event = [result for result in strong if result.timing(event) is Timing.AT_RELAPSE]
    tier = at_event or strong
    latest = {tissues: _latest(tier, tissues) for tissues in _CLASSES}
    abnormal = [
        tissues for tissues in _CLASSES if latest[tissues] and not folding.negative.issuperset(_states(latest[tissues]))
    ]
    present = [tissues for tissues in _CLASSES if latest[tissues]]
    chosen = latest[(abnormal or present)[0]]
    taken = frozenset(map(id, chosen))
    others = [result for result in listed if result.states and id(result) not in taken]
    return _fact(chosen, others, event, folding)


def _fact(
    chosen: Sequence[Result[StateT]],
    others: Sequence[Result[StateT]],
    event: Interval | None,
    folding: Folding[StateT],
) -> Fact[Molecular[StateT]]:
    sources = tuple(dict.fromkeys(result.sample.source for result in chosen))
    day = max((found for result in chosen if (found := _day(result))), default=None)
    timings = {result.timing(event) for result in chosen}
    timing = next(t for t in (Timing.AT_RELAPSE, Timing.PRE_RELAPSE, Timing.UNKNOWN) if t in timings)
    states = _states(chosen)
    together = frozenset(folding.coexisting).issuperset(states)
    if together:
        states = tuple(state for state in folding.coexisting if state in states)
    values = tuple(
        Molecular(
            state,
            timing=timing,
            tissue=_lead(chosen, state).sample.tissue,
            variant=_lead(chosen, state).variant,
            germline=any(result.germline for result in chosen if state in result.states),
            frequency=_lead(chosen, state).frequency,
            also=states[1:] if together else (),
            earlier=tuple(dict.fromkeys(_words(result) for result in others if state not in result.states)),
        )
        for state in states
    )
    if len(values) > 1 and not together:
        return Conflicting(values, sources, day)
    return Known(values[0], sources, day, _lead(chosen, states[0]).confidence)


def _lead(results: Sequence[Result[StateT]], state: StateT) -> Result[StateT]:
    """Return the result that says the state with the best confidence, one with a variant before one without."""
    saying = [result for result in results if state in result.states]
    return min(saying, key=lambda result: (_RANK.index(result.confidence), not result.variant))


def _unanswered(listed: Sequence[Result[StateT]]) -> Unknown:
    """Return why there is no usable answer: the latest open question, or negatives on marrow or blood alone."""
    if not listed:
        return Unknown(Why.NOT_FOUND, LOOKED_IN)
    last = max(listed, key=_last_day)
    why = Why.INDETERMINATE if last.states else last.why
    return Unknown(why, LOOKED_IN, tuple(dict.fromkeys(result.sample.source for result in listed)), _day(last))


def _latest(results: Sequence[Result[StateT]], tissues: frozenset[Tissue]) -> tuple[Result[StateT], ...]:
    """Return those results of a tissue class that are not certainly older than another; undated ones stay."""
    same = [result for result in results if result.sample.tissue in tissues]
    dated = [when for result in same if (when := _when(result)) is not None]
    newest = max(dated, key=lambda when: when.first or date.min, default=None)
    return tuple(result for result in same if not _is_older(result, newest))


def _is_older(result: Result[StateT], newest: Interval | None) -> bool:
    when = _when(result)
    return when is not None and newest is not None and newest.is_later_than(when)


def _when(result: Result[StateT]) -> Interval | None:
    """Return when the sample was taken; None for one of the diagnosis, which is compared with no other."""
    return None if result.moment is Moment.DIAGNOSIS else result.sample.when


def _states(results: Iterable[Result[StateT]]) -> tuple[StateT, ...]:
    return tuple(dict.fromkeys(state for result in results for state in result.states))


def _day(result: Result[StateT]) -> date | None:
    return result.sample.when.day if result.sample.when and result.moment is not Moment.DIAGNOSIS else None


def _last_day(result: Result[StateT]) -> date:
    when = result.sample.when
    return when.last if when is not None and when.last is not None else date.min


def _words(result: Result[StateT]) -> str:
    said = " or ".join(str(state).replace("_", " ") for state in result.states)
    variant = f" ({result.variant})" if result.variant and result.variant not in said else ""
    tissue = "" if result.sample.tissue is Tissue.UNKNOWN else f", {result.sample.tissue}"
    day = _day(result)
    at_diagnosis = "at diagnosis" if result.moment is Moment.DIAGNOSIS else "undated"
    return f"{said}{variant}{tissue}, {day.isoformat() if day else at_diagnosis}"
