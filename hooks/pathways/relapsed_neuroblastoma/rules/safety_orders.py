"""Orders as safety rules look at them: which are selected, which stand beside them, and on which days they run.

Place in the flow: safety rules ask here before they say anything. May not: let an order that nobody touched trigger
a rule, or guess a day that no order says.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from hooks.facts.fact import Confidence, Known, Why
from hooks.facts.orders import DrugOrder, OrderState
from hooks.pathways.relapsed_neuroblastoma.board import OrderBoard
from hooks.pathways.relapsed_neuroblastoma.facts import ACTIVE_EVENTS, Facts
from hooks.pathways.relapsed_neuroblastoma.knowledge.supportive import Agent, SupportiveLibrary
from hooks.pathways.relapsed_neuroblastoma.knowledge.supportive_safety import Trigger
from hooks.pathways.relapsed_neuroblastoma.rules.courses import IN_FORCE, present_orders
from hooks.recommendation import MissingFact, UsedFact
from hooks.terminology.drug_classes import in_class

_DOUBT = {
    Confidence.CODED: "",
    Confidence.CODED_LOCAL: ", from a local code, please confirm",
    Confidence.TEXT: ", from text, please confirm",
}
_WRITTEN = {"st johns wort": "St John's wort", "chinese hamster ovary": "Chinese hamster ovary cells"}
IsPartner = Callable[[DrugOrder], bool]


@dataclass(frozen=True, slots=True)
class Pair:
    """An agent and another drug that stand on the board together, at least one of them selected."""

    own: tuple[DrugOrder, ...]
    others: tuple[DrugOrder, ...]


def is_active_disease(facts: Facts) -> bool:
    """True for relapsed, progressing or refractory disease, the only one that partner-drug rules speak of."""
    return isinstance(facts.disease_event, Known) and facts.disease_event.value in ACTIVE_EVENTS


def selected_orders(board: OrderBoard, drug: str | None) -> tuple[DrugOrder, ...]:
    """Return the selected orders of this drug itself; other forms that only count as exposure are left out."""
    return tuple(order for order in board.selected if _is_own(order, drug) and order.state in IN_FORCE)


def orders_of(board: OrderBoard, drug: str | None) -> tuple[DrugOrder, ...]:
    """Return the selected, drafted and active orders of this drug itself."""
    return tuple(order for order in present_orders(board) if _is_own(order, drug))


def _is_own(order: DrugOrder, drug: str | None) -> bool:
    return drug in order.drugs and order.interchangeable and not order.prohibited


def pair(board: OrderBoard, drug: str | None, is_partner: IsPartner) -> Pair | None:
    """Return the drug's orders and the partner's, where both stand and one of all these orders is selected."""
    own = orders_of(board, drug)
    if not own:
        return None
    taken = frozenset(own)
    others = tuple(order for order in present_orders(board) if order not in taken and is_partner(order))
    if not others or not any(is_selected(board, order) for order in (*own, *others)):
        return None
    return Pair(own, others)


def is_selected(board: OrderBoard, order: DrugOrder) -> bool:
    """True if this order is one that the user selected or is about to sign."""
    return board.is_selected(order)


def partner_of(trigger: Trigger, *own: str | None) -> IsPartner:
    """Return the test for the drugs and classes that a trigger names; the agent itself is never its own partner."""
    return lambda order: (
        not order.is_for(*filter(None, own))
        and (order.is_for(*trigger.drugs) or in_class(order.drugs, *trigger.classes))
    )


def is_vaccine(drug: str) -> bool:
    """True for the concept of a vaccine."""
    return drug.startswith("vaccine.")


def is_vaccine_order(order: DrugOrder) -> bool:
    """True for an order of a vaccine, by its concept or, where none was read, by its words."""
    return any(map(is_vaccine, order.drugs)) or (not order.drugs and "vaccin" in order.text.lower())


@dataclass(frozen=True, slots=True)
class Days:
    """First and last day of an order or a course; None where no order says it."""

    first: date | None
    last: date | None

    def overlaps(self, other: Days) -> bool:
        """True unless the days on record keep the two apart. Unknown days keep nothing apart."""
        if self.last is not None and other.first is not None and self.last < other.first:
            return False
        return not (other.last is not None and self.first is not None and other.last < self.first)

    def widened(self, before: int, after: int) -> Days:
        """Return the days with that many more on either side."""
        return Days(
            None if self.first is None else self.first - timedelta(days=before),
            None if self.last is None else self.last + timedelta(days=after),
        )


def days_of(order: DrugOrder, as_of: date) -> Days:
    """Return the days of one order. An active order without a first day runs already; a past one has its days or none.

    A dose that was given counts for its day.
    """
    first = order.start
    if first is None and order.state is OrderState.ACTIVE:
        first = as_of
    last = order.end or (order.start if order.state is OrderState.GIVEN else None)
    return Days(first, last)


def course_days(orders: Iterable[DrugOrder], agent: Agent) -> Days:
    """Return the days of an agent's orders together: a last day that none says follows from its longest schedule."""
    listed = tuple(orders)
    first = min((order.start for order in listed if order.start), default=None)
    last = max((order.end for order in listed if order.end), default=None)
    if last is None and first is not None and agent.course_days is not None:
        last = first + timedelta(days=agent.course_days - 1)
    return Days(first, last)


def names_of(orders: Iterable[DrugOrder], library: SupportiveLibrary) -> str:
    """Return the drugs of some orders by name, each once ("dexamethasone and sirolimus")."""
    names = list(dict.fromkeys(drug_name(drug, library) for order in orders for drug in order.drugs))
    return " and ".join((", ".join(names[:-1]), names[-1]) if len(names) > 1 else names)


def drug_name(drug: str, library: SupportiveLibrary) -> str:
    """Return the name of a drug concept: the agent's own name, else the last part of the concept in words."""
    words = drug.partition("(")[0].rpartition(".")[2].replace("_", " ")
    words = _WRITTEN.get(words, words)
    return library.agent_of(drug) or (f"{words} vaccine" if is_vaccine(drug) else words)


def order_used(order: DrugOrder, board: OrderBoard, library: SupportiveLibrary) -> UsedFact:
    """Return an order as a fact that a card names: drug, state, days; never the words of the chart."""
    name = names_of((order,), library) or "another drug"
    state = "selected" if is_selected(board, order) else order.state.value.replace("_", " ")
    label = f"Order of {name} ({state}), {_days_words(order)}{_DOUBT[order.confidence]}"
    return UsedFact("orders", name, label, order.confidence, order.start or order.authored, (order.reference,))


def _days_words(order: DrugOrder) -> str:
    if order.start and order.end:
        return f"from {order.start} to {order.end}" if order.start != order.end else f"on {order.start}"
    if order.start or order.end:
        return f"from {order.start}" if order.start else f"until {order.end}"
    return f"written {order.authored}, days not on the order" if order.authored else "days not on the order"


def orders_used(orders: Iterable[DrugOrder], board: OrderBoard, library: SupportiveLibrary) -> Iterator[UsedFact]:
    """Yield each order as a used fact."""
    yield from (order_used(order, board, library) for order in orders)


def when_words(order: DrugOrder) -> str:
    """Return state and days in short ("active, from 2026-11-12 to 2026-11-30"), for a summary."""
    state = order.state.value.replace("_", " ")
    return f"{state}, {_days_words(order) if order.start or order.end else 'undated'}"


def is_certain(order: DrugOrder) -> bool:
    """True for a coded order with a date: a draft is of today, any other order says a day of its own."""
    dated = order.state is OrderState.DRAFT or order.start or order.end or order.authored
    return order.confidence is Confidence.CODED and bool(dated)


def no_day_1(name: str, days: Days) -> tuple[MissingFact, ...]:
    """Return the gap of a course whose first day no order says."""
    if days.first is not None:
        return ()
    return (MissingFact("day_1", str(Why.NOT_FOUND), f"Day 1 of {name}: not on the order", ("orders",)),)
