"""When what happened: the disease event, the response evaluations, the days of progression.

Place in the flow: `response` fills it, `treatment` and `exposure` read it. May not: hold FHIR.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from hooks.facts.fact import Confidence
from hooks.pathways.relapsed_neuroblastoma.facts import Response, ResponseResult

WORST = (Confidence.CODED, Confidence.CODED_LOCAL, Confidence.TEXT)
"""Confidences from best to worst."""


@dataclass(frozen=True, slots=True)
class Evaluation:
    """One response evaluation with its day and its resource."""

    on: date
    result: ResponseResult
    source: str = ""
    confidence: Confidence = Confidence.CODED


@dataclass(frozen=True, slots=True)
class Timeline:
    """The dates against which treatment is read.

    event_date: the current disease event. relapsed_on: days on which disease relapsed or progressed
    as an event of its own (the current one included, unless it is refractory disease).
    """

    as_of: date
    event_date: date | None = None
    relapsed_on: tuple[date, ...] = ()
    evaluations: tuple[Evaluation, ...] = ()

    def progressions(self) -> tuple[date, ...]:
        """Return every day of progression, evaluated or recorded as an event, in order of time."""
        evaluated = {item.on for item in self.evaluations if item.result.category is Response.PD}
        return tuple(sorted(evaluated | set(self.relapsed_on)))


def worst(confidences: tuple[Confidence, ...]) -> Confidence:
    """Return the lowest of several confidences; CODED for none."""
    return max(confidences, key=WORST.index, default=Confidence.CODED)
