"""Which antibody or partner drug is at hand, and on which days.

Place in the flow: order rules ask here first. May not: take one agent for another, or guess a day 1.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from hooks.facts.fact import Known
from hooks.facts.orders import DrugOrder, OrderState
from hooks.pathways.relapsed_neuroblastoma.board import OrderBoard
from hooks.pathways.relapsed_neuroblastoma.facts import Facts
from hooks.pathways.relapsed_neuroblastoma.knowledge.supportive import Agent
from hooks.pathways.relapsed_neuroblastoma.knowledge.supportive_items import OrderItem

IN_FORCE = frozenset({OrderState.DRAFT, OrderState.ACTIVE})
"""States in which an order stands. An order on hold, proposed, completed or stopped does not."""


@dataclass(frozen=True, slots=True)
class Course:
    """One agent at hand.

    selected: the order is what triggered the call. day_1: earliest start on its orders, None when none says it.
    last_day: end of the orders, else by the longest schedule of the source; None for drugs without an end.
    first: no earlier course of this agent is on record. passed: it is selected, and its days on the order are over;
    day_1 is None then, for nobody starts a course in the past.
    """

    name: str
    agent: Agent
    orders: tuple[DrugOrder, ...]
    selected: bool
    day_1: date | None
    last_day: date | None
    first: bool
    passed: bool = False

    def due(self, item: OrderItem) -> date | None:
        """Return the day on which the item starts; None while day 1 is unknown."""
        if self.day_1 is None or item.start_day is None:
            return None
        return self.agent.date_of(item.start_day, self.day_1)

    def over(self, item: OrderItem) -> date | None:
        """Return the item's last day; None where it has none or while day 1 is unknown."""
        if self.passed:
            return None
        if item.end_day is None or self.day_1 is None:
            return self.last_day
        return self.agent.date_of(item.end_day, self.day_1)


def present_orders(board: OrderBoard) -> Iterator[DrugOrder]:
    """Yield every drafted or active order that asks for its drug, each once."""
    seen: set[tuple[str, OrderState]] = set()
    for order in (*board.selected, *board.drafts, *board.active):
        key = (order.reference, order.state)
        if order.state in IN_FORCE and not order.prohibited and key not in seen:
            seen.add(key)
            yield order


def course_of(name: str, agent: Agent, facts: Facts, as_of: date) -> Course | None:
    """Return the course of this agent that is at hand, or None. Selected orders count before all others."""
    selected = tuple(_of_agent(facts.orders.selected, agent))
    if selected:
        course = _course(name, agent, facts, selected, selected=True)
        passed = course.last_day is not None and course.last_day < as_of
        return replace(course, day_1=None, passed=True) if passed else course
    present = tuple(_of_agent(present_orders(facts.orders), agent))
    running = tuple(order for order in present if order.end is None or order.end >= as_of)
    if not running:
        return None
    course = _course(name, agent, facts, running, selected=False)
    return None if course.last_day is not None and course.last_day < as_of else course


def _of_agent(orders: Iterable[DrugOrder], agent: Agent) -> Iterator[DrugOrder]:
    for order in orders:
        if agent.drug in order.drugs and order.interchangeable and not order.prohibited and order.state in IN_FORCE:
            yield order


def _course(name: str, agent: Agent, facts: Facts, orders: tuple[DrugOrder, ...], *, selected: bool) -> Course:
    day_1 = min((order.start for order in orders if order.start is not None), default=None)
    last_day = max((order.end for order in orders if order.end is not None), default=None)
    if last_day is None and day_1 is not None and agent.course_days is not None:
        last_day = day_1 + timedelta(days=agent.course_days - 1)
    return Course(name, agent, orders, selected, day_1, last_day, first=not _given_before(agent, facts, day_1))


def _given_before(agent: Agent, facts: Facts, day_1: date | None) -> bool:
    if any(agent.drug in order.drugs for order in facts.orders.past):
        return True
    lines = facts.treatment_lines.value if isinstance(facts.treatment_lines, Known) else ()
    return any(
        agent.drug in line.drugs and line.start is not None and (day_1 is None or line.start < day_1) for line in lines
    )
