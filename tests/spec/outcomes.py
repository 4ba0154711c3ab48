"""Asking one regimen rule about one child, and reading its answer, in spec tests."""

from __future__ import annotations

from hooks.pathways.relapsed_neuroblastoma.facts import Facts
from hooks.pathways.relapsed_neuroblastoma.knowledge import KNOWLEDGE, Knowledge
from hooks.recommendation import Fired, Option, OrderKind, Recommendation, Silent, Standing, Undetermined
from hooks.rule import Rule
from tests.spec.children import AS_OF, Child

RegimenRule = Rule[Facts, Knowledge]


def fired(rule: RegimenRule, child: Child) -> Recommendation:
    """The card of a rule that speaks for this child."""
    outcome = rule(child.facts(), KNOWLEDGE, AS_OF)
    assert isinstance(outcome, Fired), outcome
    return outcome.recommendation


def silent(rule: RegimenRule, child: Child) -> Silent:
    """The silence of a rule."""
    outcome = rule(child.facts(), KNOWLEDGE, AS_OF)
    assert isinstance(outcome, Silent), outcome
    return outcome


def undetermined(rule: RegimenRule, child: Child) -> Undetermined:
    """What a rule is missing."""
    outcome = rule(child.facts(), KNOWLEDGE, AS_OF)
    assert isinstance(outcome, Undetermined), outcome
    return outcome


def option(card: Recommendation, regimen: str) -> Option:
    """The one option of that id."""
    (found,) = (item for item in card.options if item.regimen == regimen)
    return found


def standings(card: Recommendation) -> dict[str, str]:
    """Standing by regimen id, in the order of the card."""
    return {item.regimen: item.standing.value for item in card.options}


def by_standing(card: Recommendation, standing: Standing) -> list[str]:
    """Regimen ids of one standing, in order."""
    return [item.regimen for item in card.options if item.standing is standing]


def drafted(item: Option) -> list[str]:
    """Display of the first code of each drug drafted by an option."""
    return [order.codes[0].display for order in item.orders if order.kind is OrderKind.MEDICATION_REQUEST]


def says(lines: tuple[str, ...], words: str) -> bool:
    """True if one of the lines contains the words."""
    return any(words in line for line in lines)


def missing_names(card: Recommendation) -> list[str]:
    """Names of the facts that the card says are missing."""
    return [gap.fact for gap in card.missing]


def used_names(card: Recommendation) -> list[str]:
    """Names of the facts that the card rests on."""
    return [fact.fact for fact in card.used]
