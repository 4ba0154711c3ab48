"""What the lines of treatment say about exposure, failure, cycles and consolidation.

Place in the flow: called by `assemble` after `treatment`. May not: say NO about a drug when no line is on record,
or when a line with that drug has no date to set against a progression.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from hooks.facts.fact import Confidence, Fact, Known, Unknown, Why, YesNo
from hooks.facts.orders import OrderState
from hooks.pathways.relapsed_neuroblastoma.facts import OBJECTIVE_RESPONSES, StopReason, TreatmentLine
from hooks.pathways.relapsed_neuroblastoma.knowledge import KNOWLEDGE
from hooks.pathways.relapsed_neuroblastoma.reading.cycles import LONGEST_CYCLE
from hooks.pathways.relapsed_neuroblastoma.reading.signatures import SIGNATURES, Place
from hooks.pathways.relapsed_neuroblastoma.reading.stopping import stop_reason_in
from hooks.pathways.relapsed_neuroblastoma.reading.timeline import Timeline, worst
from hooks.pathways.relapsed_neuroblastoma.reading.treatment import (
    LOOKED_IN,
    Course,
    cycle_starts,
    cycles_of,
    is_relapse_directed,
    lines_of,
    stop_reason,
)
from hooks.terminology.drug_classes import members
from hooks.terminology.table import is_a

OTHER_REGIMEN = "other"
"""State of `active_regimen` for drugs that make up no regimen on file."""


@dataclass(frozen=True, slots=True)
class History:
    """The lines as read, against the timeline. complete: False when orders or procedures could not all be had."""

    courses: tuple[Course, ...]
    timeline: Timeline
    complete: bool = True

    def with_drug(self, *drugs: str) -> tuple[Course, ...]:
        """Return the lines that contain one of these concepts."""
        return tuple(course for course in self.courses if course.drugs & set(drugs))

    def relapse_directed(self) -> tuple[Course, ...]:
        """Return the lines that start on or after the disease event."""
        return tuple(c for c in self.courses if is_relapse_directed(c, self.timeline.event_date))


@dataclass(frozen=True, slots=True, kw_only=True)
class TreatmentFacts:
    """The fields of Facts on treatment so far, by the same names; the response stands apart."""

    treatment_lines: Fact[tuple[TreatmentLine, ...]]
    prior_anti_gd2: Fact[YesNo]
    progressed_on_anti_gd2: Fact[YesNo]
    failed_temozolomide: Fact[YesNo]
    failed_irinotecan: Fact[YesNo]
    failed_topotecan: Fact[YesNo]
    failed_etoposide: Fact[YesNo]
    failed_lorlatinib: Fact[YesNo]
    topotecan_exposed: Fact[YesNo]
    active_regimen: Fact[str]
    cycles_given: Fact[int]
    cycles_since_evaluation: Fact[int]
    consolidation_done: Fact[YesNo]


def treatment_facts(history: History) -> TreatmentFacts:
    """Return everything that the lines say."""
    return TreatmentFacts(
        treatment_lines=lines_of(history.courses, history.timeline),
        prior_anti_gd2=prior_anti_gd2(history),
        progressed_on_anti_gd2=progressed_on_anti_gd2(history),
        failed_temozolomide=failed(history, "drug.temozolomide"),
        failed_irinotecan=failed(history, "drug.irinotecan"),
        failed_topotecan=failed(history, "drug.topotecan"),
        failed_etoposide=failed(history, "drug.etoposide"),
        failed_lorlatinib=failed(history, "drug.lorlatinib"),
        topotecan_exposed=exposed_to(history, "drug.topotecan"),
        active_regimen=active_regimen(history),
        cycles_given=cycles_given(history),
        cycles_since_evaluation=cycles_since_evaluation(history),
        consolidation_done=consolidation_done(history),
    )


def exposed_to(history: History, *drugs: str) -> Fact[YesNo]:
    """Return whether one of the drugs was given; NO only when treatment is on record and none is among it."""
    return _yes_or_no(history, history.with_drug(*drugs))


def prior_anti_gd2(history: History) -> Fact[YesNo]:
    """Return whether an anti-GD2 antibody was ever given."""
    return exposed_to(history, *members("anti_gd2_antibody"))


def progressed_on_anti_gd2(history: History) -> Fact[YesNo]:
    """Return whether disease progressed during a line with an anti-GD2 antibody."""
    return failed(history, *members("anti_gd2_antibody"))


def failed(history: History, *drugs: str) -> Fact[YesNo]:
    """Return whether disease progressed during a line with one of the drugs, or a line was stopped for that.

    During means after its start and, with no newer line begun, up to four weeks after its end.
    """
    exposed = history.with_drug(*drugs)
    failures = tuple(course for course in exposed if _has_failed(course, history.timeline, drugs))
    if not failures and exposed and not _can_judge(exposed, history.timeline):
        return Unknown(Why.INDETERMINATE, LOOKED_IN, _sources(exposed))
    if failures:
        return _answer(YesNo.YES, failures, _progressed_on(failures, history.timeline))
    return _yes_or_no(history, (), deny_by=exposed)


def active_regimen(history: History) -> Fact[str]:
    """Return the regimen under way against this disease event; Unknown when none is seen to be under way."""
    active = [course for course in history.relapse_directed() if course.active]
    if not active:
        return Unknown(looked_in=LOOKED_IN)
    course = active[-1]
    return Known(course.regimen or OTHER_REGIMEN, course.sources, course.start, course.confidence)


def cycles_given(history: History) -> Fact[int]:
    """Return the cycles begun in the latest line against this disease event; 0 with only earlier lines on record."""
    if not history.courses or history.timeline.event_date is None:
        return Unknown(looked_in=LOOKED_IN)
    directed = history.relapse_directed()
    if not directed:
        return Known(0, _sources(history.courses), None, _confidence(history.courses))
    course = directed[-1]
    cycles = cycles_of(course, cycle_starts(course))
    if cycles is None or _is_one_order_of_many(course, cycles, history.timeline):
        return Unknown(Why.INDETERMINATE, LOOKED_IN, course.sources)
    return Known(cycles, course.sources, None, course.confidence)


def cycles_since_evaluation(history: History) -> Fact[int]:
    """Return the cycles of the latest line begun on or after its last evaluation (all of them when there was none)."""
    given = cycles_given(history)
    directed = history.relapse_directed()
    if not isinstance(given, Known) or not directed:
        return given
    course = directed[-1]
    evaluated = [item.on for item in history.timeline.evaluations if course.start and item.on > course.start]
    if not evaluated:
        return given
    starts = cycle_starts(course) or ()
    if len(starts) < given.value:
        return Unknown(Why.INDETERMINATE, LOOKED_IN, course.sources)
    return Known(sum(day >= max(evaluated) for day in starts), course.sources, max(evaluated), course.confidence)


def consolidation_done(history: History) -> Fact[YesNo]:
    """Return whether a consolidation (antibody alone, haploidentical transplant, CAR T cells) ran its course.

    YES: the last consolidation of this event is over, followed a response, did not end in progression or toxicity,
    and had the cycles that its schedule plans or is called completed. NO: one is under way, or none was begun.
    Otherwise Unknown.
    """
    if not history.courses or history.timeline.event_date is None:
        return Unknown(looked_in=LOOKED_IN)
    begun = [course for course in history.relapse_directed() if _place(course) is Place.CONSOLIDATION]
    if not begun:
        return _answer(YesNo.NO, history.courses)
    course = begun[-1]
    reason = stop_reason(course, history.timeline)
    if course.active or reason is StopReason.PROGRESSION:
        return _answer(YesNo.NO, (course,))
    if _lacks_its_antibody(course):
        return _answer(YesNo.NO, (course,))
    ran = reason is StopReason.COMPLETED or (reason is None and _had_planned_cycles(course))
    if ran and _after_response(course, history.timeline):
        return _answer(YesNo.YES, (course,), course.last_day)
    return Unknown(Why.INDETERMINATE, LOOKED_IN, course.sources)


def _is_one_order_of_many(course: Course, cycles: int, timeline: Timeline) -> bool:
    """True where one start says nothing of how often a cycle was given: an old single order, or a procedure alone."""
    if not any(is_a(drug, "drug") for drug in course.drugs):
        return True
    administered = any(order.state is OrderState.GIVEN for order in course.orders)
    since = timeline.as_of - course.start if course.start else LONGEST_CYCLE
    return cycles == 1 and not administered and since > LONGEST_CYCLE


def _lacks_its_antibody(course: Course) -> bool:
    """True for a transplant whose regimen goes on with an anti-GD2 antibody, where none was given yet."""
    antibodies = set(members("anti_gd2_antibody"))
    schedules = KNOWLEDGE.regimens.regimens[course.regimen].schedules if course.regimen else ()
    planned = {part.drug for schedule in schedules for part in schedule.components}
    return bool(planned & antibodies) and not course.drugs & antibodies


def _progressed_on(courses: Sequence[Course], timeline: Timeline) -> date | None:
    """Return the last progression owed to the lines, else the first one after the last of them began."""
    days = timeline.progressions()
    owed = [day for course in courses for day in days if course.covers(day)]
    starts = [course.start for course in courses if course.start]
    later = [day for day in days if starts and day > max(starts)]
    return max(owed, default=None) or min(later, default=None)


def _place(course: Course) -> Place | None:
    return SIGNATURES.regimens[course.regimen].place if course.regimen else None


def _had_planned_cycles(course: Course) -> bool:
    """True if the line had as many cycles as the shortest schedule plans, or no schedule on file plans a number."""
    schedules = KNOWLEDGE.regimens.regimens[course.regimen].schedules
    planned = min((schedule.max_cycles for schedule in schedules if schedule.max_cycles), default=0)
    return (cycles_of(course, cycle_starts(course)) or 0) >= planned


def _after_response(course: Course, timeline: Timeline) -> bool:
    """True if the line was begun in an objective response, or reached one until its limit."""
    ends = (course.start, course.limit or timeline.as_of)
    return any(_is_objective_on(day, timeline) for day in ends if day is not None)


def _is_objective_on(day: date, timeline: Timeline) -> bool:
    """True if the last evaluation until that day is an objective response."""
    before = [item for item in timeline.evaluations if item.on <= day]
    return bool(before) and max(before, key=lambda item: item.on).result.category in OBJECTIVE_RESPONSES


def _has_failed(course: Course, timeline: Timeline, drugs: Sequence[str]) -> bool:
    if stop_reason(course, timeline) is StopReason.PROGRESSION:
        return True
    own = (order for order in course.orders if set(drugs) & set(order.drugs))
    return any(stop_reason_in(order.stop_reason) is StopReason.PROGRESSION for order in own)


def _can_judge(courses: Sequence[Course], timeline: Timeline) -> bool:
    """True if every line has dates, and there is an event or an evaluation after treatment to set them against."""
    if any(course.start is None for course in courses):
        return False
    return timeline.event_date is not None or bool(timeline.evaluations)


def _yes_or_no(
    history: History, found: Sequence[Course], on: date | None = None, *, deny_by: Sequence[Course] = ()
) -> Fact[YesNo]:
    """Return YES for lines found; NO when lines are on record and the list is whole; Unknown otherwise.

    deny_by: the lines that a NO rests on, all of them where there are none.
    """
    if found:
        return _answer(YesNo.YES, found, on or max((c.last_day for c in found if c.last_day), default=None))
    if not history.courses:
        return Unknown(looked_in=LOOKED_IN)
    if not history.complete:
        return Unknown(Why.NOT_RETRIEVED, LOOKED_IN, _sources(history.courses))
    return _answer(YesNo.NO, deny_by or history.courses)


def _answer(value: YesNo, courses: Sequence[Course], on: date | None = None) -> Known[YesNo]:
    return Known(value, _sources(courses), on, _confidence(courses))


def _sources(courses: Sequence[Course]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(source for course in courses for source in course.sources))


def _confidence(courses: Sequence[Course]) -> Confidence:
    return worst(tuple(course.confidence for course in courses))
