"""Days of the windows around an antibody: which orders stand inside, and which day 1 would leave the window free.

Place in the flow: `safety_windows` asks here. May not: let an unknown day keep two orders apart, or take the
14 days of dinutuximab beta for another antibody's.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from hooks.facts.orders import DrugOrder, OrderState
from hooks.pathways.relapsed_neuroblastoma.knowledge.supportive_safety import Limit, SafetyItem
from hooks.pathways.relapsed_neuroblastoma.rules.courses import IN_FORCE
from hooks.pathways.relapsed_neuroblastoma.rules.safety_cards import Setting
from hooks.pathways.relapsed_neuroblastoma.rules.safety_events import exposures
from hooks.pathways.relapsed_neuroblastoma.rules.safety_orders import (
    Days,
    course_days,
    days_of,
    is_selected,
    orders_of,
)

_DAYS_A_WEEK = 7


class Place(StrEnum):
    """Where an order stands against a window. OPEN: unknown days of an order in force do not keep it outside.

    LATELY: a past order, and day 1 is unknown; whether it was inside depends on that day. UNENDED: it was ended, or
    is on hold, and no last day is on record. PLANNED: nobody ordered it, but a plan puts it there.
    """

    INSIDE = "inside"
    OPEN = "open"
    LATELY = "lately"
    UNENDED = "unended"
    PLANNED = "planned"
    OUTSIDE = "outside"


@dataclass(frozen=True, slots=True)
class AntibodyCourse:
    """An antibody on the board, or what was given of it last.

    selected: one of its orders triggered the call. over: nothing stands any more. first: this course begins a
    treatment; what was given of it so long ago that it was another line of treatment does not count.
    """

    name: str
    orders: tuple[DrugOrder, ...]
    days: Days
    selected: bool
    over: bool
    first: bool


@dataclass(frozen=True, slots=True)
class Margins:
    """How many days a window begins before day 1 and ends after the last day; None where the source names none."""

    before: int | None
    after: int | None


def course_at_hand(name: str, setting: Setting) -> AntibodyCourse | None:
    """Return the antibody's course: selected orders, else those that stand, else what was given."""
    board, agent = setting.facts.orders, setting.library.agents[name]
    standing = orders_of(board, agent.drug)
    selected = tuple(order for order in standing if is_selected(board, order))
    given = tuple(order for order in board.past if agent.drug in order.drugs)
    orders = selected or standing or given
    if not orders:
        return None
    days = course_days(orders, agent)
    since = (days.first or setting.as_of) - timedelta(days=setting.knowledge.engineering.line_gap_days.value)
    before = any(
        (days.first is None or first < days.first) and (last or first) >= since
        for first, last in exposures(agent.drug, setting.facts)
    )
    return AntibodyCourse(name, orders, days, bool(selected), over=not standing, first=not before)


def margins_of(item: SafetyItem) -> Margins:
    """Return the margins that an item names, weeks as days."""
    limits = item.when.limits
    before, after = limits.get(Limit.BEFORE_DAYS), limits.get(Limit.AFTER_DAYS)
    weeks = limits.get(Limit.AFTER_WEEKS)
    if weeks is not None:
        after = weeks * _DAYS_A_WEEK
    return Margins(None if before is None else int(before), None if after is None else int(after))


def window_of(course: AntibodyCourse, margins: Margins) -> Days:
    """Return the first and last day of the window, both inside it."""
    return course.days.widened(margins.before or 0, margins.after or 0)


def place_of(order: DrugOrder, course: AntibodyCourse, margins: Margins, setting: Setting) -> Place:
    """Return where an order stands against the window of a course."""
    as_of = setting.as_of
    days, window = days_of(order, as_of), window_of(course, margins)
    if course.over:
        return _after_the_last(days, window, margins, as_of)
    if order.state is OrderState.PROPOSED:
        return _planned(order, days, window, setting)
    if order.state not in IN_FORCE:
        if days.last is None or _may_go_on(order, days.last, window, as_of):
            return _without_last_day(order, window, margins, setting)
        return _before_the_first(days.last, window, margins, as_of)
    if not days.overlaps(window):
        return Place.OUTSIDE
    begins_before = days.first is not None and window.first is not None and days.first < window.first
    unending = order.state is OrderState.DRAFT and days.last is None and begins_before
    return Place.OPEN if unending or None in (days.first, window.first) else Place.INSIDE


def _after_the_last(days: Days, window: Days, margins: Margins, as_of: date) -> Place:
    if margins.after is None or window.last is None:
        return Place.OUTSIDE
    return Place.INSIDE if (days.first or as_of) <= window.last else Place.OUTSIDE


def _planned(order: DrugOrder, days: Days, window: Days, setting: Setting) -> Place:
    """Return PLANNED where the days do not keep it outside; an undated plan of long ago is of another treatment."""
    since = setting.as_of - timedelta(days=setting.knowledge.engineering.line_gap_days.value)
    old = order.start is None and order.authored is not None and order.authored < since
    return Place.PLANNED if days.overlaps(window) and not old else Place.OUTSIDE


def _may_go_on(order: DrugOrder, last: date, window: Days, as_of: date) -> bool:
    """True for what is on hold with a planned end that would let it run into the window."""
    reaches = window.first is None or last >= window.first
    return order.state is OrderState.ON_HOLD and last >= as_of and reaches


def _without_last_day(order: DrugOrder, window: Days, margins: Margins, setting: Setting) -> Place:
    """Return UNENDED, unless the order ended before the window opens or began so long ago that it was another line.

    What is on hold may be taken again, however long ago it began.
    """
    if window.first is None and margins.before is None:
        return Place.OUTSIDE
    if order.state is OrderState.ON_HOLD:
        return Place.UNENDED
    begun = order.start or order.authored
    since = setting.as_of - timedelta(days=setting.knowledge.engineering.line_gap_days.value)
    if (window.first is not None and window.first > setting.as_of) or (begun is not None and begun < since):
        return Place.OUTSIDE
    return Place.UNENDED


def _before_the_first(last: date, window: Days, margins: Margins, as_of: date) -> Place:
    if window.first is None:
        reach = last + timedelta(days=margins.before or 0)
        return Place.LATELY if margins.before is not None and reach >= as_of else Place.OUTSIDE
    return Place.INSIDE if last >= window.first else Place.OUTSIDE


def earliest_day_1(order: DrugOrder, course: AntibodyCourse, margins: Margins, as_of: date) -> date | None:
    """Return the first day 1 that leaves the window free, with an order that says no end ending today.

    None for a later course of a running treatment, and where the source names no days before.
    """
    if margins.before is None or course.over or not course.first:
        return None
    return (days_of(order, as_of).last or as_of) + timedelta(days=margins.before + 1)


def day_lines(order: DrugOrder, drug: str, course: AntibodyCourse, margins: Margins, as_of: date) -> Iterator[str]:
    """Yield what follows for the calendar: the window, the earliest day 1, or the last day that leaves it free."""
    window, name = window_of(course, margins), course.name
    if margins.after is not None and window.last is not None:
        yield f"The window stays open until {window.last}, {margins.after} days after the last day of this course."
    if margins.before is None or course.over:
        return
    earliest = earliest_day_1(order, course, margins, as_of)
    if earliest is None:
        yield f"{name} was given before in this treatment: the window stays open between its courses."
        return
    last = days_of(order, as_of).last
    verb = "ends" if order.state in IN_FORCE else "ended by"
    ends = f"{drug} ends {last}" if last else f"if {drug} {verb} today, {as_of}"
    yield f"Earliest day 1 of {name} by this window: {earliest} ({ends})."
    if last is None and course.days.first is not None:
        last_free = course.days.first - timedelta(days=margins.before + 1)
        yield f"For day 1 on {course.days.first} the last day of {drug} is {last_free} or earlier."
