"""Synthetic order boards for the chapters on supportive care: what is selected, drafted, active, past.

`orders()` is an empty board of a relapsed child who was weighed today; every method returns another one.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from hooks.facts.fact import Known
from hooks.facts.measurements import Measurement
from hooks.facts.orders import DrugOrder, OrderState, ServiceOrder
from hooks.pathways.relapsed_neuroblastoma import knowledge
from hooks.pathways.relapsed_neuroblastoma.board import Allergy, OrderBoard
from hooks.pathways.relapsed_neuroblastoma.facts import Facts
from hooks.pathways.relapsed_neuroblastoma.knowledge.engineering import ENGINEERING, Engineering
from hooks.pathways.relapsed_neuroblastoma.knowledge.supportive import SupportiveLibrary, load_supportive
from hooks.pathways.relapsed_neuroblastoma.rules.supportive_care import SUPPORTIVE_CARE_RULES, SupportiveRule
from hooks.recommendation import Fired, Outcome, Recommendation
from tests.spec.children import AS_OF, Child, a_relapsed_child

LIBRARY: SupportiveLibrary = load_supportive(Path(knowledge.__file__).parent)
BY_NAME = {rule.__name__: rule for rule in SUPPORTIVE_CARE_RULES}


@dataclass(frozen=True, slots=True)
class Book:
    """What the rules read of the pathway's knowledge."""

    supportive: SupportiveLibrary = LIBRARY
    engineering: Engineering = ENGINEERING


BOOK = Book()


def in_days(days: int) -> date:
    """The day of the call, moved."""
    return AS_OF + timedelta(days=days)


def drug(name: str, **details: Any) -> DrugOrder:
    """One drug order from a plain name; details are fields of DrugOrder. `text="..."` alone: not recognised."""
    drugs = (f"drug.{name.replace(' ', '_')}",) if name else ()
    state = OrderState(details.pop("state", "draft"))
    reference = details.pop("reference", f"MedicationRequest/{name or 'text'}-{state}".replace(" ", "-"))
    return DrugOrder(reference, state, details.pop("drugs", drugs), **details)


@dataclass(frozen=True, slots=True)
class Orders:
    """A board in the making, over one child."""

    board: OrderBoard = field(default_factory=OrderBoard)
    child: Child = field(default_factory=lambda: a_relapsed_child().weighing())

    def selecting(self, name: str, day_1: date | None = None, **details: Any) -> Orders:
        """A draft that triggered the call."""
        order = drug(name, start=day_1, **details)
        return self._with(selected=(*self.board.selected, order), drafts=(*self.board.drafts, order))

    def drafting(self, *names: str, **details: Any) -> Orders:
        """Further drafts."""
        return self._with(drafts=(*self.board.drafts, *(drug(name, **details) for name in names)))

    def active(self, *names: str, **details: Any) -> Orders:
        """Active orders of the chart; `state="on_hold"` for another state."""
        given = {"state": "active", **details}
        return self._with(active=(*self.board.active, *(drug(name, **given) for name in names)))

    def past(self, *names: str, **details: Any) -> Orders:
        """Completed or stopped orders of the chart."""
        given = {"state": "completed", **details}
        return self._with(past=(*self.board.past, *(drug(name, **given) for name in names)))

    def watching(self, *texts: str, state: str = "active", when: date | None = None, concept: str = "") -> Orders:
        """Service orders by their text, or by one concept."""
        concepts = (concept,) if concept else ()
        added = tuple(ServiceOrder("ServiceRequest/s", OrderState(state), concepts, when=when, text=t) for t in texts)
        return self._with(services=(*self.board.services, *added))

    def done(self, text: str, when: date | None) -> Orders:
        """A procedure that was done."""
        order = ServiceOrder("Procedure/p", OrderState.COMPLETED, when=when, text=text)
        return self._with(procedures=(*self.board.procedures, order))

    def measured(self, name: str, value: float, unit: str, on: date | None) -> Orders:
        """A laboratory value or vital sign."""
        fact = Known(Measurement(value, unit), (f"Observation/{name}",), on)
        return self._with(measurements={**self.board.measurements, name: fact})

    def allergic_to(self, *concepts: str) -> Orders:
        """Allergies on record, and no others."""
        return self._with(allergies=Known(tuple(Allergy(concept, severe=False) for concept in concepts)))

    def of(self, child: Child) -> Orders:
        """Another child."""
        return replace(self, child=child)

    def facts(self) -> Facts:
        """What the rules see."""
        return self.child.knowing(orders=self.board).facts()

    def ask(self, rule: str | SupportiveRule, as_of: date = AS_OF) -> Outcome:
        """The outcome of one rule, by name."""
        asked = BY_NAME[rule] if isinstance(rule, str) else rule
        return asked(self.facts(), BOOK, as_of)

    def card(self, rule: str | SupportiveRule, as_of: date = AS_OF) -> Recommendation:
        """The card of a rule that must fire."""
        outcome = self.ask(rule, as_of)
        assert isinstance(outcome, Fired), outcome
        return outcome.recommendation

    def missing(self, rule: str, as_of: date = AS_OF) -> list[str]:
        """The ids of the items that the rule offers, in order; none where it does not fire."""
        outcome = self.ask(rule, as_of)
        return [order.item for order in outcome.recommendation.orders] if isinstance(outcome, Fired) else []

    def _with(self, **changes: Any) -> Orders:
        return replace(self, board=replace(self.board, **changes))


def orders() -> Orders:
    """An empty board of a relapsed child of 18 kg and 108 cm, measured today."""
    return Orders()
