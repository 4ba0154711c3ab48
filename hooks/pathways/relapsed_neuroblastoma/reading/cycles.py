"""Cycles of treatment: which drug orders start together, and which cycles follow one another in one line.

Place in the flow: `treatment` makes lines of them. May not: know responses.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from hooks.facts.orders import DrugOrder, OrderState
from hooks.pathways.relapsed_neuroblastoma.knowledge.engineering import ENGINEERING
from hooks.pathways.relapsed_neuroblastoma.reading.signatures import SIGNATURES
from hooks.pathways.relapsed_neuroblastoma.reading.stopping import stopped_for_progression
from hooks.pathways.relapsed_neuroblastoma.reading.timeline import Timeline
from hooks.terminology.table import is_a

CYCLE_WINDOW = timedelta(days=ENGINEERING.cycle_window_days.value)
LONGEST_CYCLE = timedelta(days=ENGINEERING.cycle_max_days.value)
RUNNING = frozenset({OrderState.ACTIVE, OrderState.ON_HOLD})
_PAUSE = timedelta(days=ENGINEERING.line_gap_days.value)
_GIVEN = RUNNING | {OrderState.COMPLETED, OrderState.STOPPED, OrderState.GIVEN}


@dataclass(frozen=True, slots=True)
class Cycle:
    """Orders that start within one window. drugs: theirs, and those of earlier orders that still run."""

    start: date
    orders: tuple[DrugOrder, ...]
    drugs: frozenset[str]

    @property
    def starting(self) -> frozenset[str]:
        """The concepts that begin with this cycle."""
        return drugs_of(self.orders)


def begun(order: DrugOrder) -> date | None:
    """Return the day an order starts, else the day it was written."""
    return order.start or order.authored


def drugs_of(orders: Iterable[DrugOrder]) -> frozenset[str]:
    """Return the concepts of some orders that begin or join a line."""
    return frozenset(drug for order in orders for drug in order.drugs) & SIGNATURES.counted


def is_given(order: DrugOrder, as_of: date) -> bool:
    """True for an order of a counted drug that was given or is running, not planned, proposed or forbidden."""
    day = begun(order)
    begins_later = day is not None and day > as_of
    return order.state in _GIVEN and not order.prohibited and not begins_later and bool(drugs_of((order,)))


def lines_of_cycles(given: Sequence[DrugOrder], timeline: Timeline) -> list[list[Cycle]]:
    """Group dated orders into cycles and cycles into lines, in order of time."""
    lines: list[list[Cycle]] = []
    for cluster in _clusters(given, timeline):
        cycle = _cycle(cluster, lines[-1] if lines else [])
        if lines and _continues(lines[-1], cycle, timeline):
            lines[-1].append(cycle)
        else:
            lines.append([replace(cycle, drugs=cycle.starting)])
    return lines


def is_broken(after: date, until: date, timeline: Timeline) -> bool:
    """True if disease relapsed or progressed after the first day and until the second."""
    breaks = {*timeline.progressions(), *((timeline.event_date,) if timeline.event_date else ())}
    return any(after < day <= until for day in breaks)


def _clusters(given: Sequence[DrugOrder], timeline: Timeline) -> list[list[DrugOrder]]:
    """Group dated orders whose starts lie within one window; companions join the cycle that they go with."""
    dated = sorted((order for order in given if begun(order)), key=_in_time)
    clusters: list[list[DrugOrder]] = []
    companions: list[DrugOrder] = []
    for order in dated:
        if not drugs_of((order,)) & SIGNATURES.starters:
            companions.append(order)
        elif clusters and _same_cycle(clusters[-1], order, timeline):
            clusters[-1].append(order)
        else:
            clusters.append([order])
    for companion in companions:
        day = begun(companion) or date.min
        fitting = [c for c in clusters if _first(c) - CYCLE_WINDOW <= day <= _first(c) + LONGEST_CYCLE]
        if fitting:
            fitting[-1].append(companion)
    return clusters


def _in_time(order: DrugOrder) -> tuple[date, bool, tuple[str, ...], str, str]:
    """Sort by day; on one day drugs before transplants, then by what was given, so that arrival plays no part."""
    return begun(order) or date.min, _is_procedure(order), order.drugs, order.reference, order.state


def _is_procedure(order: DrugOrder) -> bool:
    return not all(is_a(concept, "drug") for concept in order.drugs)


def _first(cluster: Sequence[DrugOrder]) -> date:
    return begun(cluster[0]) or date.min


def _same_cycle(cluster: Sequence[DrugOrder], order: DrugOrder, timeline: Timeline) -> bool:
    """True if an order joins the cycle before it; a transplant or an infusion of cells never does."""
    day = begun(order) or date.min
    if day >= _first(cluster) + CYCLE_WINDOW or _is_procedure(order):
        return False
    return drugs_of((order,)) <= drugs_of(cluster) or not is_broken(_first(cluster), day, timeline)


def _cycle(cluster: Sequence[DrugOrder], line: Sequence[Cycle]) -> Cycle:
    """Return the cycle that a cluster makes within a line, with the drugs that still run."""
    start = _first(cluster)
    earlier = [order for cycle in line for order in cycle.orders if order.state is not OrderState.STOPPED]
    starting = drugs_of(cluster)
    bounded = starting | drugs_of(order for order in earlier if order.end is not None and order.end >= start)
    unbounded = bounded | drugs_of(order for order in earlier if order.end is None and order.state in RUNNING)
    return Cycle(start, tuple(cluster), unbounded if SIGNATURES.regimen_of(unbounded) else bounded)


def _continues(line: Sequence[Cycle], cycle: Cycle, timeline: Timeline) -> bool:
    """True if a cycle belongs to the line before it."""
    orders = [order for earlier in line for order in earlier.orders]
    known = drugs_of(orders)
    first, latest = line[0].start, line[-1].start
    ends = [order.end for order in orders if order.end] + [latest]
    same = cycle.starting <= known
    if is_broken(first, cycle.start, timeline) and not (same and cycle.start - latest <= CYCLE_WINDOW):
        return False
    if cycle.start - max(ends) > _PAUSE:
        return False
    if cycle.start - latest > CYCLE_WINDOW and any(map(stopped_for_progression, line[-1].orders)):
        return False
    places = {SIGNATURES.place_of(known), SIGNATURES.place_of(cycle.drugs)} - {None}
    if len(places) > 1:
        return False
    if same or SIGNATURES.regimen_of(known | cycle.drugs):
        return True
    before_event = timeline.event_date is None or cycle.start < timeline.event_date
    return before_event and (known | cycle.drugs) & SIGNATURES.starters <= SIGNATURES.frontline
