"""Lines of treatment from drug orders, administrations, statements and procedures.

Place in the flow: called by `assemble` with what `hooks.facts` read; `exposure` asks the lines further.
May not: read FHIR, or call a drug "never given" when no treatment is on record.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from hooks.facts.fact import Confidence, Fact, Known, Unknown
from hooks.facts.orders import DrugOrder, OrderState, ServiceOrder
from hooks.pathways.relapsed_neuroblastoma.facts import Response, StopReason, TreatmentLine
from hooks.pathways.relapsed_neuroblastoma.knowledge.engineering import ENGINEERING
from hooks.pathways.relapsed_neuroblastoma.reading.cycles import (
    CYCLE_WINDOW,
    LONGEST_CYCLE,
    RUNNING,
    Cycle,
    begun,
    drugs_of,
    is_broken,
    is_given,
    lines_of_cycles,
)
from hooks.pathways.relapsed_neuroblastoma.reading.signatures import SIGNATURES
from hooks.pathways.relapsed_neuroblastoma.reading.stopping import stop_reason_in
from hooks.pathways.relapsed_neuroblastoma.reading.timeline import Evaluation, Timeline, worst
from hooks.terminology.table import is_a

LOOKED_IN = ("medications", "procedures")
_AFTERMATH = timedelta(days=ENGINEERING.progression_after_line_days.value)
_CYCLE_NUMBER = re.compile(r"\b(?:cycle|course|zyklus|kurs)\s*(?:no\.?|nr\.?|#)?\s*(\d{1,2})\b", re.IGNORECASE)
_BEST_FIRST = tuple(Response)
_DONE = frozenset({OrderState.COMPLETED, OrderState.GIVEN})


@dataclass(frozen=True, slots=True)
class Course:
    """One line of treatment as read. cycles is empty where no order has a date."""

    orders: tuple[DrugOrder, ...]
    cycles: tuple[Cycle, ...] = ()
    limit: date | None = None
    active: bool = False

    @property
    def drugs(self) -> frozenset[str]:
        """Every concept of the line."""
        return drugs_of(self.orders)

    @property
    def regimen(self) -> str:
        """Id of the regimen that the whole line, or else its last cycle, makes up; "" for none."""
        last = self.cycles[-1].drugs if self.cycles else frozenset()
        return SIGNATURES.regimen_of(self.drugs) or SIGNATURES.regimen_of(last)

    @property
    def start(self) -> date | None:
        """Day of the first order."""
        return self.cycles[0].start if self.cycles else None

    @property
    def last_day(self) -> date | None:
        """The last day of which the chart says that something was given or began."""
        days = [day for order in self.orders for day in (begun(order), order.end) if day]
        return max(days, default=None)

    @property
    def confidence(self) -> Confidence:
        """The lowest confidence among the orders."""
        return worst(tuple(order.confidence for order in self.orders))

    @property
    def sources(self) -> tuple[str, ...]:
        """References of the orders, without repeats."""
        return tuple(dict.fromkeys(order.reference for order in self.orders))

    def covers(self, day: date) -> bool:
        """True if what was found on this day is owed to this line: after its start, up to its limit."""
        return self.start is not None and self.limit is not None and self.start < day <= self.limit


def treatment_lines(
    orders: Sequence[DrugOrder], procedures: Sequence[ServiceOrder], timeline: Timeline
) -> Fact[tuple[TreatmentLine, ...]]:
    """Return the lines in order of time; Unknown when no treatment is on record at all."""
    return lines_of(courses_of(orders, procedures, timeline), timeline)


def lines_of(courses: Sequence[Course], timeline: Timeline) -> Fact[tuple[TreatmentLine, ...]]:
    """Return courses as the rules see them; Unknown for none."""
    if not courses:
        return Unknown(looked_in=LOOKED_IN)
    return Known(
        tuple(_line(course, timeline) for course in courses),
        sources=tuple(dict.fromkeys(source for course in courses for source in course.sources)),
        confidence=worst(tuple(course.confidence for course in courses)),
    )


def courses_of(
    orders: Sequence[DrugOrder], procedures: Sequence[ServiceOrder], timeline: Timeline
) -> tuple[Course, ...]:
    """Group what was given until `as_of` into lines, in order of time; undated orders make one line at the front."""
    said = (*map(_with_drugs, orders), *_therapies(procedures))
    given = [order for order in said if is_given(order, timeline.as_of)]
    undated = tuple(order for order in given if begun(order) is None and drugs_of((order,)) & SIGNATURES.starters)
    dated = [
        Course(tuple(order for cycle in cycles for order in cycle.orders), tuple(cycles))
        for cycles in lines_of_cycles(given, timeline)
    ]
    followers = (*(course.start for course in dated[1:]), None)
    closed = tuple(_closed(course, after, timeline) for course, after in zip(dated, followers, strict=False))
    return ((Course(undated),) if undated else ()) + closed


def cycle_starts(course: Course) -> tuple[date, ...] | None:
    """Return the first days of the cycles given; None where the chart does not show cycles (continuous drugs)."""
    by_drug = [_starts_of(drug, course) for drug in course.drugs & SIGNATURES.starters]
    starts = max(by_drug, key=len, default=())
    if len(starts) == 1 and _is_continuous(course):
        return None
    return starts or None


def _with_drugs(order: DrugOrder) -> DrugOrder:
    """Return the order; one in which no drug was recognised gets the drugs of the regimen that its words name."""
    if order.drugs:
        return order
    return replace(order, drugs=SIGNATURES.drugs_of(SIGNATURES.named_in(order.text)), confidence=Confidence.TEXT)


def _therapies(procedures: Sequence[ServiceOrder]) -> Iterator[DrugOrder]:
    """Yield procedures that are treatment of the tumour (transplant, cells, radioligand, regimen) as orders."""
    for procedure in procedures:
        coded = tuple(concept for concept in procedure.concepts if is_a(concept, "hsct.allogeneic"))
        worded = SIGNATURES.therapy_in(procedure.text)
        concepts = coded or ((worded,) if worded else SIGNATURES.drugs_of(SIGNATURES.named_in(procedure.text)))
        if concepts and procedure.state in _DONE:
            yield DrugOrder(
                procedure.reference,
                OrderState.GIVEN,
                concepts,
                confidence=procedure.confidence if coded else Confidence.TEXT,
                start=procedure.when,
                text=procedure.text,
            )


def _closed(course: Course, follower: date | None, timeline: Timeline) -> Course:
    """Return the course with its limit (until when findings are owed to it) and whether it is under way."""
    last_start = course.cycles[-1].start
    active = follower is None and _is_active(course, timeline)
    ends = [order.end for order in course.orders if order.end]
    own = max([last_start + LONGEST_CYCLE, *(end + _AFTERMATH for end in ends)])
    limit = timeline.as_of if active else own
    return replace(course, active=active, limit=min(limit, follower) if follower else limit)


def _is_active(course: Course, timeline: Timeline) -> bool:
    """True if an order of the last line still runs, or its last cycle may still be under way."""
    as_of = timeline.as_of
    if any(order.state in RUNNING and (order.end is None or order.end >= as_of) for order in course.orders):
        return True
    last = course.cycles[-1]
    if last.start + LONGEST_CYCLE < as_of or is_broken(last.start, as_of, timeline):
        return False
    return not any(order.state is OrderState.STOPPED or order.stop_reason for order in last.orders)


def _line(course: Course, timeline: Timeline) -> TreatmentLine:
    starts = cycle_starts(course)
    owed = [item for item in timeline.evaluations if course.covers(item.on)]
    event = timeline.event_date
    return TreatmentLine(
        drugs=frozenset(drug for drug in course.drugs if is_a(drug, "drug")),
        start=course.start,
        end=None if course.active else course.last_day,
        regimen=course.regimen,
        cycles=cycles_of(course, starts),
        best_response=_best(owed),
        stop_reason=None if course.active else stop_reason(course, timeline),
        relapse_directed=is_relapse_directed(course, event),
        active=course.active,
        sources=course.sources,
    )


def is_relapse_directed(course: Course, event_date: date | None) -> bool:
    """True if the line starts on or after the disease event."""
    return event_date is not None and course.start is not None and course.start >= event_date


def cycles_of(course: Course, starts: tuple[date, ...] | None) -> int | None:
    """Return how many cycles were begun: counted starts, or a higher cycle number that an order's words give."""
    words = (f"{order.text} {order.dosage_text}" for order in course.orders)
    numbers = [int(number) for text in words for number in _CYCLE_NUMBER.findall(text)]
    counts = [*numbers, *([len(starts)] if starts else [])]
    return max(counts, default=None)


def stop_reason(course: Course, timeline: Timeline) -> StopReason | None:
    """Return why a line ended: progression before anything else, then what its last orders say."""
    last = course.cycles[-1].orders if course.cycles else course.orders
    reasons = [reason for order in last if (reason := stop_reason_in(order.stop_reason))]
    if StopReason.PROGRESSION in reasons or any(course.covers(day) for day in timeline.progressions()):
        return StopReason.PROGRESSION
    return reasons[0] if reasons else None


def _best(owed: Sequence[Evaluation]) -> Response | None:
    categories = [item.result.category for item in owed]
    return min(categories, key=_BEST_FIRST.index, default=None)


def _starts_of(drug: str, course: Course) -> tuple[date, ...]:
    """Return the first day of each cycle in which a drug begins anew, after a pause of half a window at least."""
    starts: list[date] = []
    previous: date | None = None
    for cycle in course.cycles:
        days = [begun(order) or cycle.start for order in cycle.orders if drug in order.drugs]
        if days and (previous is None or min(days) - previous >= CYCLE_WINDOW / 2):
            starts.append(min(days))
        previous = max(days, default=previous)
    return tuple(starts)


def _is_continuous(course: Course) -> bool:
    """True if one stretch of orders is longer than any cycle."""
    endless = course.active and any(order.end is None and order.state in RUNNING for order in course.orders)
    last = course.limit if endless else course.last_day
    return last is not None and last - course.cycles[0].start > LONGEST_CYCLE
