"""Synthetic order boards for the chapters on safety: orders, findings, allergies and measurements over one child.

`chart()` is the empty board of a relapsed child of five years; every method returns another one. The list of
allergies is known and empty unless a method says otherwise.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from hooks.facts.fact import Confidence, Known, Unknown, Why
from hooks.facts.measurements import Measurement
from hooks.facts.orders import DrugOrder, OrderState, ServiceOrder
from hooks.pathways.relapsed_neuroblastoma.board import Allergy, Finding, OrderBoard
from hooks.pathways.relapsed_neuroblastoma.facts import Facts
from hooks.pathways.relapsed_neuroblastoma.knowledge import KNOWLEDGE
from hooks.pathways.relapsed_neuroblastoma.rules.safety_rules import (
    ANTIBODY_RULES,
    EMERGENCY_RULES,
    FAMILY_RULES,
    PARTNER_RULES,
    TARGETED_RULES,
    UNREADABLE_RULES,
    SafetyRule,
)
from hooks.recommendation import Fired, Outcome, Recommendation, Silent, Undetermined
from tests.spec.children import AS_OF, Child, a_relapsed_child

ALL_RULES: tuple[SafetyRule, ...] = (
    *EMERGENCY_RULES,
    *ANTIBODY_RULES,
    *TARGETED_RULES,
    *PARTNER_RULES,
    *UNREADABLE_RULES,
    *FAMILY_RULES,
)
BY_NAME = {rule.__name__: rule for rule in ALL_RULES}
ANTIBODIES = ("dinutuximab", "dinutuximab beta", "naxitamab")
ALK_INHIBITORS = ("lorlatinib", "crizotinib", "alectinib", "ceritinib")


def in_days(days: int) -> date:
    """The day of the call, moved."""
    return AS_OF + timedelta(days=days)


def concept(name: str) -> str:
    """The concept of a drug from its plain name; a name with a dot stands as it is."""
    return name if "." in name else f"drug.{name.replace(' ', '_')}"


def drug(name: str, start: int | None = None, end: int | None = None, **details: Any) -> DrugOrder:
    """One drug order from a plain name, with its days counted from the day of the call."""
    state = OrderState(details.pop("state", "draft"))
    drugs = (concept(name),) if name else ()
    return DrugOrder(
        details.pop("reference", f"MedicationRequest/{name or 'text'}-{state}-{start}-{end}".replace(" ", "-")),
        state,
        details.pop("drugs", drugs),
        start=None if start is None else in_days(start),
        end=None if end is None else in_days(end),
        **details,
    )


@dataclass(frozen=True, slots=True)
class Chart:
    """A board in the making, over one child."""

    board: OrderBoard = field(default_factory=lambda: OrderBoard(allergies=Known(())))
    child: Child = field(default_factory=a_relapsed_child)

    def selecting(self, name: str, start: int | None = None, end: int | None = None, **details: Any) -> Chart:
        """A draft that triggered the call."""
        order = drug(name, start, end, **details)
        return self._with(selected=(*self.board.selected, order), drafts=(*self.board.drafts, order))

    def drafting(self, name: str, start: int | None = None, end: int | None = None, **details: Any) -> Chart:
        """A draft that nobody selected."""
        return self._with(drafts=(*self.board.drafts, drug(name, start, end, **details)))

    def active(self, name: str, start: int | None = None, end: int | None = None, **details: Any) -> Chart:
        """An active order of the chart."""
        order = drug(name, start, end, state=details.pop("state", "active"), **details)
        return self._with(active=(*self.board.active, order))

    def past(self, name: str, start: int | None = None, end: int | None = None, **details: Any) -> Chart:
        """A completed order of the chart; `state="given"` for a dose."""
        order = drug(name, start, end, state=details.pop("state", "completed"), **details)
        return self._with(past=(*self.board.past, order))

    def finding(self, kind: str, grade: int | None = None, ago: int | None = 30, **details: Any) -> Chart:
        """An adverse finding, coded and active unless the details say otherwise."""
        confidence = Confidence(details.pop("confidence", "coded"))
        under = details.pop("under", "")
        found = Finding(
            kind,
            grade,
            None if ago is None else in_days(-ago),
            drug=concept(under) if under else "",
            confidence=confidence,
            source=details.pop("source", f"Condition/{kind}-{len(self.board.findings)}"),
            **details,
        )
        return self._with(findings=(*self.board.findings, found))

    def allergic_to(self, what: str = "", ago: int | None = 400, **details: Any) -> Chart:
        """An allergy to a drug or class, coded and severe unless the details say otherwise; `text` for a substance."""
        known = self.board.allergies
        listed = known.value if isinstance(known, Known) else ()
        found = Allergy(
            details.pop("concept", concept(what) if what else ""),
            severe=details.pop("severe", True),
            date=None if ago is None else in_days(-ago),
            confidence=Confidence(details.pop("confidence", "coded")),
            source=f"AllergyIntolerance/{len(listed)}",
            **details,
        )
        return self._with(allergies=Known((*listed, found)))

    def with_unknown_allergies(self) -> Chart:
        """Nobody retrieved the allergies."""
        return self._with(allergies=Unknown(Why.NOT_RETRIEVED, ("allergies",)))

    def measured(self, kind: str, value: float, unit: str, ago: int | None = 0, **details: Any) -> Chart:
        """A vital sign or laboratory value."""
        measurement = Measurement(value, unit, details.pop("comparator", ""))
        confidence = Confidence(details.pop("confidence", "coded"))
        day = None if ago is None else in_days(-ago)
        fact = Known(measurement, (f"Observation/{kind}",), day, confidence)
        return self._with(measurements={**self.board.measurements, kind: fact})

    def ordering(self, text: str, when: int | None = None, *, selected: bool = False, **details: Any) -> Chart:
        """A service order, active unless the details say otherwise."""
        order = service(text, when, **details)
        chosen = (*self.board.selected_services, order) if selected else self.board.selected_services
        return self._with(services=(*self.board.services, order), selected_services=chosen)

    def done(self, text: str, ago: int | None, **details: Any) -> Chart:
        """A procedure that was done."""
        given = {"state": "completed", "reference": "Procedure/p", **details}
        order = service(text, None if ago is None else -ago, **given)
        return self._with(procedures=(*self.board.procedures, order))

    def unreadable(self, *references: str) -> Chart:
        """Drafts that could not be read."""
        return self._with(unreadable=references)

    def with_drafts_of_others(self, number: int) -> Chart:
        """Drafts about another patient."""
        return self._with(of_others=number)

    def of(self, child: Child) -> Chart:
        """Another child."""
        return replace(self, child=child)

    def facts(self) -> Facts:
        """What the rules see."""
        return self.child.knowing(orders=self.board).facts()

    def ask(self, rule: str) -> Outcome:
        """The outcome of one rule, by name."""
        return BY_NAME[rule](self.facts(), KNOWLEDGE, AS_OF)

    def card(self, rule: str) -> Recommendation:
        """The card of a rule that must fire."""
        outcome = self.ask(rule)
        assert isinstance(outcome, Fired), outcome
        return outcome.recommendation

    def silent(self, rule: str) -> Silent:
        """The silence of a rule."""
        outcome = self.ask(rule)
        assert isinstance(outcome, Silent), outcome
        return outcome

    def undetermined(self, rule: str) -> Undetermined:
        """What a rule is missing; such a rule makes no card of its own."""
        outcome = self.ask(rule)
        assert isinstance(outcome, Undetermined), outcome
        assert outcome.card is None
        return outcome

    def speaking(self) -> dict[str, Recommendation]:
        """The cards of all safety rules that fire, by rule."""
        outcomes = {rule.__name__: rule(self.facts(), KNOWLEDGE, AS_OF) for rule in ALL_RULES}
        return {name: outcome.recommendation for name, outcome in outcomes.items() if isinstance(outcome, Fired)}

    def _with(self, **changes: Any) -> Chart:
        return replace(self, board=replace(self.board, **changes))


def service(text: str, when: int | None = None, **details: Any) -> ServiceOrder:
    """One service order by its text, or by one concept."""
    named = details.pop("concept", "")
    return ServiceOrder(
        details.pop("reference", "ServiceRequest/s"),
        OrderState(details.pop("state", "active")),
        (named,) if named else (),
        Confidence(details.pop("confidence", "text")),
        None if when is None else in_days(when),
        text,
    )


def chart() -> Chart:
    """The empty board of a child at first relapse, with no allergy on record."""
    return Chart()


def says(card: Recommendation, words: str) -> bool:
    """True if a point, a reason or the summary of a card holds these words."""
    return any(words in line for line in (card.summary, *card.why_now, *card.points))


def missing(card: Recommendation | Undetermined) -> list[str]:
    """The labels of what a card or an undetermined rule is missing."""
    return [fact.label for fact in card.missing]
