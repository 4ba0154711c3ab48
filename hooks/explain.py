"""Why a card, why no card, what would change it: computed by running the rules again.

Place in the flow: pathways add counterfactuals to a decision; the explain call prints the trace.
May not: know a disease, or hold a reason written by hand.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Generic, TypeVar

from hooks.recommendation import (
    Decision,
    Fired,
    MissingFact,
    Outcome,
    Recommendation,
    Silent,
    Standing,
    Undetermined,
    UsedFact,
)
from hooks.rule import Rule, decide, rule_id

FactsT = TypeVar("FactsT")
KnowledgeT = TypeVar("KnowledgeT")

MAX_LINES = 6
"""Counterfactual lines on one card; explain shows all of them."""


@dataclass(frozen=True, slots=True)
class Alternative(Generic[FactsT]):
    """One thing that could be otherwise: the fact, the state in words, and the facts with it changed."""

    fact: str
    words: str
    change: Callable[[FactsT], FactsT]
    holds: Callable[[FactsT], bool]


@dataclass(frozen=True, slots=True)
class Run(Generic[FactsT, KnowledgeT]):
    """Everything one decision was made of, so that it can be made again with one thing changed."""

    rules: Sequence[Rule[FactsT, KnowledgeT]]
    facts: FactsT
    knowledge: KnowledgeT
    as_of: date
    alternatives: Sequence[Alternative[FactsT]]

    def decide(self) -> Decision:
        """Return what the rules say together."""
        return decide(self.rules, self.facts, self.knowledge, self.as_of)

    def flips(self, rule_name: str, now: Outcome) -> Iterator[Flip]:
        """Yield what would change one rule's outcome `now`, one alternative at a time."""
        rule = next(rule for rule in self.rules if rule_id(rule) == rule_name)
        for alternative in self.alternatives:
            if alternative.holds(self.facts):
                continue
            effect = _effect(now, rule(alternative.change(self.facts), self.knowledge, self.as_of))
            if effect:
                yield Flip(alternative.fact, alternative.words, effect)


@dataclass(frozen=True, slots=True)
class Flip:
    """What one alternative would do to one rule's outcome."""

    fact: str
    words: str
    effect: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """One rule's outcome in one call: what it said, the facts that decided, what would flip it."""

    rule: str
    clinical_sentence: str
    outcome: str
    because: str
    decided_by: tuple[UsedFact, ...] = ()
    missing: tuple[MissingFact, ...] = ()
    flips: tuple[Flip, ...] = ()


NameFacts = Callable[[Sequence[str]], tuple[tuple[UsedFact, ...], tuple[MissingFact, ...]]]
"""A pathway's way of naming facts: the known and the missing ones of the given names."""


def explain(run: Run[FactsT, KnowledgeT], name_facts: NameFacts) -> tuple[Explanation, ...]:
    """Return every rule of the run with its reasons and all its flips."""
    found = []
    for entry in run.decide().trace:
        name, because, used, gaps = _reasons(entry.outcome, name_facts)
        turns = tuple(run.flips(entry.rule, entry.outcome))
        found.append(Explanation(entry.rule, entry.clinical_sentence, name, because, used, gaps, turns))
    return tuple(found)


def _reasons(outcome: Outcome, name_facts: NameFacts) -> tuple[str, str, tuple[UsedFact, ...], tuple[MissingFact, ...]]:
    if isinstance(outcome, Fired):
        card = outcome.recommendation
        return "fired", card.summary, card.used, card.missing
    if isinstance(outcome, Silent):
        return "silent", outcome.because, *name_facts(outcome.decided_by)
    return "undetermined", outcome.because or "Facts are missing.", (), outcome.missing


def with_counterfactuals(run: Run[FactsT, KnowledgeT]) -> Decision:
    """Return the run's decision with `would_change_if` on the card of every rule that fired."""
    decision = run.decide()
    outcomes = {entry.rule: entry.outcome for entry in decision.trace}

    def explained(card: Recommendation) -> Recommendation:
        lines = dict.fromkeys(f"{flip.words}: {flip.effect}" for flip in run.flips(card.rule, outcomes[card.rule]))
        return replace(card, would_change_if=tuple(lines)[:MAX_LINES])

    return replace(decision, recommendations=tuple(explained(card) for card in decision.recommendations))


def _card(outcome: Outcome) -> Recommendation | None:
    if isinstance(outcome, Fired):
        return outcome.recommendation
    return outcome.card if isinstance(outcome, Undetermined) else None


def _effect(now: Outcome, then: Outcome) -> str:
    """Return in words how the second outcome differs from the first; "" where a reader would see no difference."""
    before, after = _card(now), _card(then)
    if after is None:
        reason = then.because if isinstance(then, (Silent, Undetermined)) else ""
        return f"this card goes away ({reason.rstrip('.')})" if before is not None and reason else ""
    if before is None:
        return f"a card appears ({after.summary})"
    if isinstance(then, Undetermined) and isinstance(now, Fired):
        return f"advice is withheld ({after.summary})"
    if isinstance(now, Undetermined) and isinstance(then, Fired):
        return f"advice is given ({after.summary})"
    return _difference(before, after)


_SUITABLE = frozenset(Standing) - {Standing.NOT_SUITABLE}


def _difference(before: Recommendation, after: Recommendation) -> str:
    """Return the most telling difference between two cards of one rule."""
    for describe in (_first_option, _options, _orders, _indicator):
        if words := describe(before, after):
            return words
    return ""


def _first_option(before: Recommendation, after: Recommendation) -> str:
    old, new = (
        next((o for o in card.options if o.standing in _SUITABLE and o.standing is not Standing.TRIAL), None)
        for card in (before, after)
    )
    if new is None or (old is not None and old.regimen == new.regimen):
        return ""
    return f"{new.name} moves first"


def _options(before: Recommendation, after: Recommendation) -> str:
    old = {option.regimen: option for option in before.options}
    new = {option.regimen: option for option in after.options}
    parts = [f"{new[key].name} is added" for key in new if key not in old]
    parts += [f"{old[key].name} is no longer listed" for key in old if key not in new]
    parts += [
        f"{new[key].name} becomes {new[key].standing.replace('_', ' ')}"
        for key in new
        if key in old and new[key].standing is not old[key].standing
    ]
    return "; ".join(parts[:3])


def _orders(before: Recommendation, after: Recommendation) -> str:
    old: Mapping[str, str] = {order.item: order.label for order in before.orders}
    new: Mapping[str, str] = {order.item: order.label for order in after.orders}
    parts = [f"{new[key]} is added" for key in new if key not in old]
    parts += [f"{old[key]} is no longer offered" for key in old if key not in new]
    return "; ".join(parts[:3])


def _indicator(before: Recommendation, after: Recommendation) -> str:
    return f"the card becomes {after.indicator}" if before.indicator is not after.indicator else ""
