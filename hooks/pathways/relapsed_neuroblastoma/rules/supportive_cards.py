"""The card of missing supportive care: one draft order per missing item, everything else named in words.

Place in the flow: `supportive_care` decides what is missing; this says it. May not: decide, draft a conditional
item, preselect a drug, or draft a drug to which an allergy, or an order not
to give it, is on record.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from hooks.facts.fact import Confidence, Why
from hooks.pathways.relapsed_neuroblastoma.facts import Facts
from hooks.pathways.relapsed_neuroblastoma.knowledge.supportive import AgentKind
from hooks.pathways.relapsed_neuroblastoma.knowledge.supportive_items import OrderItem, OrderType, Routine
from hooks.pathways.relapsed_neuroblastoma.rules.courses import Course
from hooks.pathways.relapsed_neuroblastoma.rules.needs import MissingItem, is_needed
from hooks.pathways.relapsed_neuroblastoma.rules.saying import used
from hooks.pathways.relapsed_neuroblastoma.rules.supportive_clashes import clash_line, clashes
from hooks.pathways.relapsed_neuroblastoma.rules.supportive_doubts import (
    kindred_allergies,
    objection_to,
    remarks,
    short,
)
from hooks.pathways.relapsed_neuroblastoma.rules.supportive_orders import Setting, dose_of, order_of
from hooks.recommendation import (
    CitationId,
    Indicator,
    MissingFact,
    ProposedOrder,
    Recommendation,
    RuleId,
    Topic,
    UsedFact,
)

NOT_WHEN = (
    "The site's own order set or protocol already covers these items outside the orders that this service sees.",
    "The drug is given by a trial protocol that rules its supportive care.",
)

_NAMED = {
    OrderType.DRUG: "Drugs (as needed, on events or by risk)",
    OrderType.SERVICE: "Checks (as needed, on events or by risk)",
    OrderType.ADVICE: "Advice",
}


@dataclass(frozen=True, slots=True)
class Gap:
    """What one course lacks, and the items that are only named beside it (every order set has some).

    passed: drugs whose days of this course are over without them; named, never offered.
    """

    course: Course
    missing: tuple[MissingItem, ...]
    named: tuple[OrderItem, ...]
    passed: tuple[OrderItem, ...] = ()


@dataclass(slots=True)
class _Lines:
    """The parts of a card as they are collected over its courses."""

    orders: list[ProposedOrder] = field(default_factory=list)
    used: list[str] = field(default_factory=list)
    missing: list[MissingFact] = field(default_factory=list)
    points: list[str] = field(default_factory=list)
    named: list[str] = field(default_factory=list)
    evidence: list[str] = field(default_factory=list)
    watched: set[tuple[str, ...]] = field(default_factory=set)
    clashes: set[tuple[str, str | None]] = field(default_factory=set)


def card_of(
    rule: str, topic: Topic, indicator: Indicator, gaps: Sequence[Gap], setting: Setting, extra: Iterable[str] = ()
) -> Recommendation:
    """Return one card for all gaps. `extra` are further points, said first."""
    lines = _Lines(points=list(extra))
    for gap in gaps:
        _collect(lines, gap, setting)
    courses = tuple(gap.course for gap in gaps)
    return Recommendation(
        topic=topic,
        rule=RuleId(rule),
        indicator=indicator,
        summary=_summary(gaps, setting.facts),
        why_now=tuple(map(_why_now, gaps)),
        used=(*map(order_fact, courses), *used(setting.facts, *dict.fromkeys(lines.used))),
        missing=(*_open_questions(courses, setting.facts), *dict.fromkeys(lines.missing)),
        orders=tuple(lines.orders),
        points=tuple(dict.fromkeys(lines.points)),
        named_items=tuple(dict.fromkeys(lines.named)),
        not_when=NOT_WHEN,
        evidence=tuple(CitationId(source) for source in dict.fromkeys(lines.evidence)),
        subject=", ".join(course.name for course in courses),
    )


def _collect(lines: _Lines, gap: Gap, setting: Setting) -> None:
    for entry in gap.missing:
        item = entry.item
        lines.evidence.extend(item.sources)
        lines.points.extend(remarks(entry, setting.library))
        if words := objection_to(item, setting.facts):
            lines.points.append(f"{item.name} ({item.id}): {words} is on record; no order is drafted, choose another.")
            lines.named.append(item.id)
            continue
        lines.points.extend(kindred_allergies(item, setting.facts, setting.library))
        if entry.checks and entry.checks in lines.watched:
            lines.points.append(
                f"{short(item.name)} is needed for {gap.course.name} too ({item.id}); one order serves."
            )
            lines.named.append(item.id)
            continue
        lines.watched.add(entry.checks)
        for rule in clashes(item, setting.facts, setting.library):
            if (rule.id, item.drug) not in lines.clashes:
                lines.points.append(clash_line(item, rule))
                lines.evidence.extend(rule.sources)
            lines.clashes.add((rule.id, item.drug))
        dose = dose_of(item, setting)
        lines.used.extend(dose.used)
        lines.missing.extend(dose.missing)
        lines.orders.append(order_of(entry, gap.course, dose, setting))
    for item in gap.passed:
        lines.points.append(
            f"Missed: {item.name} ({item.id}; {item.timing}). Its days are over, it is not offered; ask how to go on."
        )
        lines.named.append(item.id)
    lines.points.extend(_named(gap))
    lines.named.extend(item.id for item in gap.named)
    lines.evidence.extend(source for item in gap.named for source in item.sources)


def named_beside(course: Course, items: Iterable[OrderItem], facts: Facts) -> tuple[OrderItem, ...]:
    """Return the items that are named and never count as missing in this course."""
    return tuple(
        item for item in items if item.routine is not Routine.SCHEDULE and not is_needed(item, course, facts.orders)
    )


def _summary(gaps: Sequence[Gap], facts: Facts) -> str:
    """Return the act on the first item that may be ordered; where an allergy is against each, what to replace."""
    names = [gap.course.name for gap in gaps]
    agents = ", ".join(names[:2]) + (f" and {len(names) - 2} more" if len(names) > 2 else "")
    missing = [entry for gap in gaps for entry in gap.missing]
    things = {entry.checks or entry.item.id for entry in missing}
    more = f" and {len(things) - 1} more" if len(things) > 1 else ""
    days = [gap.course.day_1 for gap in gaps if gap.course.day_1 is not None]
    when = f"day 1 is {min(days)}" if days else day_1_words(gaps[0].course)
    allowed = [entry for entry in missing if not objection_to(entry.item, facts)]
    if not allowed:
        words = objection_to(missing[0].item, facts).removesuffix(" to it")
        return f"Replace {short(missing[0].item.name)}{more} for {agents}, {words} is on record: {when}"
    lead = min(allowed, key=_is_second) if gaps[0].course.agent.kind is AgentKind.ANTIBODY else allowed[0]
    return f"Order {short(lead.item.name)}{more} for {agents}: {when}"


def _is_second(entry: MissingItem) -> bool:
    """True for monitoring: on the card of an antibody the summary names a drug, whatever is due before it."""
    return not entry.item.is_drug


def _why_now(gap: Gap) -> str:
    course, total = gap.course, len(gap.missing)
    overdue = sum(entry.overdue for entry in gap.missing)
    start = f"Day 1 of {course.name} is {course.day_1}" if course.day_1 else _no_day_1(course)
    late = f", {overdue} of them overdue" if overdue else ""
    verb = "is" if total == 1 else "are"
    return f"{start}; {total} required item{'s' if total > 1 else ''} {verb} not ordered{late}."


def day_1_words(course: Course) -> str:
    """Return why a course has no day 1, in short."""
    return f"the days on the order ended {course.last_day}" if course.passed else "day 1 not on the order"


def _no_day_1(course: Course) -> str:
    if course.passed:
        return f"The days of {course.name} on the order ended {course.last_day}; check them"
    return f"Day 1 of {course.name} is not on the order"


def order_fact(course: Course) -> UsedFact:
    """Return the agent's own orders as a fact that a card names."""
    state = "selected" if course.selected else course.orders[0].state.value
    when = f"day 1 {course.day_1}" if course.day_1 else day_1_words(course)
    text = any(order.confidence is Confidence.TEXT for order in course.orders)
    doubt = ", from text, please confirm" if text else ""
    sources = tuple(dict.fromkeys(order.reference for order in course.orders))
    confidence = Confidence.TEXT if text else Confidence.CODED
    label = f"Order of {course.name} ({state}), {when}{doubt}"
    return UsedFact("orders", course.name, label, confidence, course.day_1, sources)


def _open_questions(courses: Iterable[Course], facts: Facts) -> Iterator[MissingFact]:
    """Yield the days that no order says, and the drafts that could not be read: one of them may be what is missing."""
    for course in courses:
        if course.day_1 is None:
            why = Why.STALE if course.passed else Why.NOT_FOUND
            words = f"ended {course.last_day}, please check the dates" if course.passed else "not on the order"
            yield MissingFact("day_1", str(why), f"Day 1 of {course.name}: {words}", ("orders",))
    if facts.orders.unreadable:
        words = f"Draft orders: could not be read ({', '.join(facts.orders.unreadable)})"
        yield MissingFact("orders", str(Why.UNREADABLE), words, ("orders",))


def _named(gap: Gap) -> Iterator[str]:
    """Yield the items that are only named, drugs, checks and advice apart, for there may be twenty of them."""
    for kind, heading in _NAMED.items():
        if items := [item for item in gap.named if item.order is kind]:
            words = "; ".join(
                f"{item.name} ({item.why if item.routine is Routine.NEEDED else item.indication})" for item in items
            )
            yield f"{heading} named for {gap.course.name}, not counted as missing: {words}."
