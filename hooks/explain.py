"""Why a card, why no card, what would change it: computed by running the rules again.

Place in the flow: pathways add counterfactuals to a decision; the explain call prints the trace.
May not: know a disease, or hold a reason written by hand.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Generic, TypeVar

from hooks.recommendation import (
    Decision,
    Fired,
    MissingFact,
    Option,
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

_FAMILY = 3
"""From so many alternatives of one family on, its own words stand for them."""

_ALWAYS = "workup"
"""The one fact that no card names and that may change every one: what was done or ordered."""


def _anywhere(_facts: object, _rule: str) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Alternative(Generic[FactsT]):
    """One thing that could be otherwise: the fact, the state in words, and the facts with it changed.

    family: words for all alternatives of one kind together ("any activating ALK change").
    matters: whether asking makes sense for these facts and this rule; no response before treatment began.
    may_change: true of what the next visit may find otherwise; a card asks about other facts only while they are open.
    """

    fact: str
    words: str
    change: Callable[[FactsT], FactsT]
    holds: Callable[[FactsT], bool]
    family: str = ""
    matters: Callable[[FactsT, str], bool] = _anywhere
    may_change: bool = True


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

    def flips(self, rule_name: str, outcomes: Mapping[str, Outcome]) -> Iterator[Flip]:
        """Yield what would change one rule's outcome, one alternative at a time. `outcomes`: what all rules say."""
        rule = next(rule for rule in self.rules if rule_id(rule) == rule_name)
        for alternative in self.alternatives:
            if alternative.holds(self.facts) or not alternative.matters(self.facts, rule_name):
                continue
            facts = alternative.change(self.facts)
            now, then = outcomes[rule_name], rule(facts, self.knowledge, self.as_of)
            effect = self._replaced(outcomes, facts) if _goes_away(now, then) else ""
            if effect := effect or _effect(now, then):
                yield Flip(alternative.fact, alternative.words, effect, alternative.family)

    def _replaced(self, outcomes: Mapping[str, Outcome], facts: FactsT) -> str:
        """Return which card of another rule takes over with these facts; "" if none does."""
        for rule in self.rules:
            after = _card(rule(facts, self.knowledge, self.as_of))
            if after is not None and _card(outcomes[rule_id(rule)]) is None:
                return f"another card takes over: {_topic_words(after)}"
        return ""


@dataclass(frozen=True, slots=True)
class Flip:
    """What one alternative would do to one rule's outcome. family: as in Alternative."""

    fact: str
    words: str
    effect: str
    family: str = ""


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
    trace = run.decide().trace
    outcomes: dict[str, Outcome] = {entry.rule: entry.outcome for entry in trace}
    for entry in trace:
        name, because, used, gaps = _reasons(entry.outcome, name_facts)
        turns = tuple(run.flips(entry.rule, outcomes))
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
    outcomes: dict[str, Outcome] = {entry.rule: entry.outcome for entry in decision.trace}

    def explained(card: Recommendation) -> Recommendation:
        open_facts = {gap.fact for gap in card.missing}
        named = {_ALWAYS, *(fact.fact for fact in card.used)}
        asked = [each for each in run.alternatives if each.fact in open_facts]
        asked += [each for each in run.alternatives if each.may_change and each.fact in named - open_facts]
        flips = replace(run, alternatives=asked).flips(card.rule, outcomes)
        return replace(card, would_change_if=tuple(_grouped(flips))[:MAX_LINES])

    return replace(decision, recommendations=tuple(explained(card) for card in decision.recommendations))


def _grouped(flips: Iterable[Flip]) -> Iterator[str]:
    """Yield one line per effect: "MYCN gain or not amplified on current tissue; or GD2 dim: X becomes preferred".

    Where work that is done has the effect, it is the cause of it; a result only implies that the work was done.
    """
    by_effect: dict[str, dict[str, list[Flip]]] = {}
    for flip in flips:
        by_effect.setdefault(flip.effect, {}).setdefault(flip.fact, []).append(flip)
    for effect, by_fact in by_effect.items():
        causes = [by_fact[_ALWAYS]] if _ALWAYS in by_fact else list(by_fact.values())
        yield f"{'; or '.join(_joined(tuple(_named(same))) for same in causes)}: {effect}"


def _named(same: Sequence[Flip]) -> dict[str, None]:
    """Return the words of the flips, a family said in one word where most of it is there."""
    size = Counter(flip.family for flip in same)
    return dict.fromkeys(flip.family if flip.family and size[flip.family] >= _FAMILY else flip.words for flip in same)


def _joined(words: Sequence[str]) -> str:
    """Return the words with "or" between them; what they begin and end with alike is said once."""
    split = [item.split(" ") for item in words]
    shortest = min(map(len, split)) - 1
    head = _alike(split, shortest)
    tail = _alike([item[::-1] for item in split], shortest - head)
    middles = (" ".join(item[head : len(item) - tail]) for item in split)
    return " ".join((*split[0][:head], " or ".join(middles), *split[0][len(split[0]) - tail :]))


def _alike(split: Sequence[Sequence[str]], most: int) -> int:
    """Return how many words all begin with, at most `most`."""
    return next((place for place in range(most) if len({item[place] for item in split}) > 1), most)


def _card(outcome: Outcome) -> Recommendation | None:
    if isinstance(outcome, Fired):
        return outcome.recommendation
    return outcome.card if isinstance(outcome, Undetermined) else None


def _goes_away(now: Outcome, then: Outcome) -> bool:
    return _card(now) is not None and _card(then) is None


def _topic_words(card: Recommendation) -> str:
    """Return the topic as a title ("Salvage regimen")."""
    first, *rest = re.findall(r"[A-Z]+[a-z0-9]*", card.topic)
    return " ".join((first, *(word.lower() for word in rest)))


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


MOST_PARTS = 2
"""Options or orders named in one effect."""

_STANDING_WORDS = {
    Standing.REFER: "by referral",
    Standing.NOT_SUITABLE: "not suitable",
    Standing.CAUTION: "with caution",
}


def _difference(before: Recommendation, after: Recommendation) -> str:
    """Return the most telling difference between two cards of one rule."""
    for describe in (_options, _orders, _indicator):
        if words := describe(before, after):
            return words
    return ""


def _options(before: Recommendation, after: Recommendation) -> str:
    """Return which option then comes first, or else which come, change or go, each with its resulting standing."""
    first = _first(after)
    if first is not None and first.regimen != getattr(_first(before), "regimen", ""):
        return f"{first.name} comes first ({_standing(first)})"
    old = {option.regimen: option for option in before.options}
    new = {option.regimen: option for option in after.options}
    parts = [f"{option.name} is added ({_standing(option)})" for key, option in new.items() if key not in old]
    parts += [
        f"{option.name} {_becoming(option)}"
        for key, option in new.items()
        if key in old and option.standing is not old[key].standing
    ]
    parts += [f"{old[key].name} is no longer listed" for key in old if key not in new]
    return _some(parts)


def _first(card: Recommendation) -> Option | None:
    """Return the option that a reader meets first beside the trials, if nothing asks for caution there."""
    return next((option for option in card.options if option.standing in _FIRST), None)


_FIRST = frozenset({Standing.PREFERRED, Standing.ALTERNATIVE, Standing.PROVISIONAL})


def _standing(option: Option) -> str:
    return _STANDING_WORDS.get(option.standing, str(option.standing))


def _becoming(option: Option) -> str:
    if option.standing is Standing.CAUTION:
        return "then needs caution"
    return "is then by referral" if option.standing is Standing.REFER else f"becomes {_standing(option)}"


def _orders(before: Recommendation, after: Recommendation) -> str:
    """Return which orders come and which they replace; a result that only makes its own order needless says nothing."""
    old: Mapping[str, str] = {order.item: order.label for order in before.orders}
    new: Mapping[str, str] = {order.item: order.label for order in after.orders}
    parts = [f"{new[key]} is added" for key in new if key not in old]
    if parts:
        parts += [f"{old[key]} is no longer offered" for key in old if key not in new]
    return _some(parts)


def _some(parts: Sequence[str]) -> str:
    more = f"; and {len(parts) - MOST_PARTS} more" if len(parts) > MOST_PARTS else ""
    return f"{'; '.join(parts[:MOST_PARTS])}{more}"


def _indicator(before: Recommendation, after: Recommendation) -> str:
    return f"the card becomes {after.indicator}" if before.indicator is not after.indicator else ""
