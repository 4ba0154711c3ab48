"""Which needed items no order satisfies.

Place in the flow: supportive-care rules turn what stands here into cards. May not: count an as-needed, prohibited,
held or finished order, another form than the one that is meant, or read an absent result as a bad one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from hooks.facts.fact import Known
from hooks.facts.orders import DrugOrder, OrderState, ServiceOrder
from hooks.pathways.relapsed_neuroblastoma.board import OrderBoard
from hooks.pathways.relapsed_neuroblastoma.knowledge.supportive import SupportiveLibrary
from hooks.pathways.relapsed_neuroblastoma.knowledge.supportive_items import Check, Courses, Match, OrderItem, Routine
from hooks.pathways.relapsed_neuroblastoma.rules.courses import IN_FORCE, Course, present_orders
from hooks.terminology.drug_classes import in_class
from hooks.terminology.table import is_a

_DONE = frozenset({OrderState.COMPLETED, OrderState.GIVEN})
_NOT_INJECTED = re.compile(
    r"\b(?:oral(?:ly)?|by mouth|po|p\.o\.|tablets?|capsules?|lozenges?|transdermal|patch(?:es)?|sublingual|buccal"
    r"|mucosal|nasal|intranasal|rectal|suppositor\w+|enteral|(?:naso)?gastric|gastrostomy|jejun\w+|inhal\w+)(?!\w)",
    re.IGNORECASE,
)
_INJECTED = re.compile(r"\b(?:iv|i\.v\.|intravenous\w*|inject\w+|infusion|pca)(?!\w)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Horizon:
    """What the search for missing items needs to know about days."""

    as_of: date
    order_days: int
    baseline_days: int


@dataclass(frozen=True, slots=True)
class MissingItem:
    """A needed item that nothing satisfies. checks: those of its checks that are missing. due: its first day.

    as_needed_only, not_injected, on_hold: orders that come near it, and why they do not count.
    """

    item: OrderItem
    due: date | None
    overdue: bool
    checks: tuple[str, ...] = ()
    as_needed_only: tuple[DrugOrder, ...] = ()
    not_injected: tuple[DrugOrder, ...] = ()
    on_hold: tuple[DrugOrder, ...] = ()


def is_needed(item: OrderItem, course: Course, board: OrderBoard) -> bool:
    """True if this course requires the item: first courses and companion drugs considered."""
    if item.routine is not Routine.NEEDED or (item.courses is Courses.FIRST and not course.first):
        return False
    present = tuple(present_orders(board))
    if any(order.is_for(*item.not_with) for order in present):
        return False
    return not item.only_with or any(order.is_for(*item.only_with) for order in present)


def missing_items(
    course: Course, items: Iterable[OrderItem], board: OrderBoard, library: SupportiveLibrary, horizon: Horizon
) -> tuple[MissingItem, ...]:
    """Return the needed items among `items` that nothing satisfies, by day, so that overdue ones come first.

    A course that is not selected shows only what starts within the horizon and is not over.
    """
    found = []
    for item in items:
        if not is_needed(item, course, board) or not _in_sight(item, course, horizon):
            continue
        checks = tuple(unsatisfied_checks(item, course, board, library, horizon))
        if checks or (item.is_drug and not _drug_satisfied(item, course, board, library, horizon)):
            due = course.due(item)
            overdue = due is not None and due < horizon.as_of
            near = tuple(_as_needed(item, board)), tuple(_not_injected(item, board)), tuple(_on_hold(item, board))
            found.append(MissingItem(item, due, overdue, checks, *near))
    return tuple(sorted(found, key=lambda entry: _days_from_day_1(entry, course)))


def _days_from_day_1(entry: MissingItem, course: Course) -> int:
    first = entry.item.start_day
    return course.agent.days_from_day_1(1 if first is None else first)


def _in_sight(item: OrderItem, course: Course, horizon: Horizon) -> bool:
    due = course.due(item)
    if course.selected or due is None:
        return True
    over = course.over(item)
    near = due <= horizon.as_of + timedelta(days=horizon.order_days)
    return near and (over is None or over >= horizon.as_of)


def _drug_satisfied(
    item: OrderItem, course: Course, board: OrderBoard, library: SupportiveLibrary, horizon: Horizon
) -> bool:
    """True if an order of the item's class, or of an alternative in its group, covers its first day still ahead."""
    due = course.due(item)
    day = None if due is None else max(due, horizon.as_of)
    matches = tuple(_matches_of(item, library))
    if any(_says_it(match, service.text) for match in matches for service in _ordered(board)):
        return True
    return any(
        _covers(order, day, horizon.as_of) and any(satisfies(order, match) for match in matches)
        for order in present_orders(board)
    )


def _matches_of(item: OrderItem, library: SupportiveLibrary) -> Iterator[Match]:
    for other in library.order_sets[item.agent]:
        in_group = item.alternative_group and other.alternative_group == item.alternative_group
        if other.satisfied_by is not None and (other.id == item.id or in_group):
            yield other.satisfied_by


def _covers(order: DrugOrder, day: date | None, as_of: date) -> bool:
    if order.end is not None and order.end < (day or as_of):
        return False
    return order.start is None or day is None or order.start <= day


def satisfies(order: DrugOrder, match: Match) -> bool:
    """True if the order is of a class, ingredient or (when no drug was recognised) wording that the match names."""
    if not order.interchangeable or not order.scheduled or not _fits(order, match):
        return False
    return is_of(order, match)


def _fits(order: DrugOrder, match: Match) -> bool:
    """False for a drug that the match leaves out, and for a form or route that is not injected where that is meant.

    An order that says neither form nor route counts; a route that is stated outweighs the words.
    """
    if order.is_for(*match.not_drugs):
        return False
    said = order.route or f"{order.text} {order.dosage_text}"
    return not match.injected or _NOT_INJECTED.search(said) is None or _INJECTED.search(said) is not None


def is_of(order: DrugOrder, match: Match) -> bool:
    """True if the order's drug is what the match names, however it is scheduled."""
    if not order.drugs:
        said = f"{order.route} {order.dosage_text} {order.purpose}"
        return _says_it(match, order.text) and not _says(match.not_words, said)
    return in_class(order.drugs, *match.classes) or order.is_for(*match.drugs)


def _as_needed(item: OrderItem, board: OrderBoard) -> Iterator[DrugOrder]:
    """Yield the as-needed orders that would satisfy the item if they were scheduled."""
    for order in present_orders(board):
        if item.satisfied_by is not None and not order.scheduled and is_of(order, item.satisfied_by):
            yield order


def _not_injected(item: OrderItem, board: OrderBoard) -> Iterator[DrugOrder]:
    """Yield the scheduled orders of the item's class that are by mouth, on the skin or another way in."""
    match = item.satisfied_by
    for order in present_orders(board):
        if match is not None and order.scheduled and is_of(order, match) and not _fits(order, match):
            yield order


def _on_hold(item: OrderItem, board: OrderBoard) -> Iterator[DrugOrder]:
    """Yield the orders on hold that would satisfy the item if they were taken up again."""
    for order in board.active:
        held = order.state is OrderState.ON_HOLD and not order.prohibited
        if item.satisfied_by is not None and held and satisfies(order, item.satisfied_by):
            yield order


def unsatisfied_checks(
    item: OrderItem, course: Course, board: OrderBoard, library: SupportiveLibrary, horizon: Horizon
) -> Iterator[str]:
    """Yield the checks of the item that are neither ordered nor, for a baseline, done lately."""
    day = course.due(item) or horizon.as_of
    since = min(day, horizon.as_of) - timedelta(days=horizon.baseline_days)
    for name in item.checks:
        check = library.checks[name]
        if any(_is_check(service, check) for service in _ordered(board)):
            continue
        if item.baseline and (_done_since(check, board, since) or _measured_since(check, board, since)):
            continue
        yield name


def _ordered(board: OrderBoard) -> Iterator[ServiceOrder]:
    yield from (service for service in board.services if service.state in IN_FORCE)


def _is_check(service: ServiceOrder, check: Check) -> bool:
    return any(is_a(concept, *check.concepts) for concept in service.concepts) or _says(check.words, service.text)


def _done_since(check: Check, board: OrderBoard, since: date) -> bool:
    return any(
        service.state in _DONE and service.when is not None and service.when >= since and _is_check(service, check)
        for service in (*board.services, *board.procedures)
    )


def _measured_since(check: Check, board: OrderBoard, since: date) -> bool:
    facts = (board.measurements.get(name) for name in check.results)
    return any(isinstance(fact, Known) and fact.date is not None and fact.date >= since for fact in facts)


def _says_it(match: Match, text: str) -> bool:
    return _says(match.words, text) and not _says(match.not_words, text)


def _says(words: tuple[str, ...], text: str) -> bool:
    return bool(words) and _pattern(words).search(text) is not None


@lru_cache(maxsize=256)
def _pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    """Return one pattern for whole words; a trailing "*" stands for any ending."""
    parts = (re.escape(word.removesuffix("*")) + (r"\w*" if word.endswith("*") else "") for word in words)
    return re.compile(rf"(?<!\w)(?:{'|'.join(parts)})(?!\w)", re.IGNORECASE)
