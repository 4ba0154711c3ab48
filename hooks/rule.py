"""Running rules: from a list of rules to one Decision, with the outcome of every rule kept.

Place in the flow: pathways list their rules per service and call `decide`. May not: know a disease.

A rule is a function `(facts, knowledge, as_of) -> Outcome`. Its name is its id; the first line of its
docstring is the clinical sentence; the last line is "Evidence: <citation ids>".
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import TypeVar

from hooks.recommendation import (
    Decision,
    Fired,
    Indicator,
    Outcome,
    Recommendation,
    RuleId,
    RuleTrace,
    Undetermined,
)

FactsT = TypeVar("FactsT")
KnowledgeT = TypeVar("KnowledgeT")
Rule = Callable[[FactsT, KnowledgeT, date], Outcome]

MAX_CRITICAL = 1
MAX_WARNING = 3
MAX_INFO = 3
"""Cards per answer (DESIGN.md section 8)."""

_SUMMARY_LENGTH = 140
_SEVERITY = (Indicator.CRITICAL, Indicator.WARNING, Indicator.INFO)
_LIMIT = {Indicator.CRITICAL: MAX_CRITICAL, Indicator.WARNING: MAX_WARNING, Indicator.INFO: MAX_INFO}


def rule_id(rule: Rule[FactsT, KnowledgeT]) -> RuleId:
    """Return the id of a rule: the name of its function."""
    return RuleId(rule.__name__)


def clinical_sentence(rule: Rule[FactsT, KnowledgeT]) -> str:
    """Return the first line of the rule's docstring, the sentence that a clinician can sign."""
    return (rule.__doc__ or "").strip().split("\n", 1)[0]


def decide(rules: Sequence[Rule[FactsT, KnowledgeT]], facts: FactsT, knowledge: KnowledgeT, as_of: date) -> Decision:
    """Return what the rules say together: their cards, joined and limited, and the trace of all of them."""
    trace = tuple(RuleTrace(rule_id(rule), clinical_sentence(rule), rule(facts, knowledge, as_of)) for rule in rules)
    return Decision(recommendations=limit(behind_critical(join(said(trace)))), trace=trace)


def said(trace: Iterable[RuleTrace]) -> tuple[Recommendation, ...]:
    """Return the recommendations of fired rules, and the gap cards of undetermined ones."""
    found = []
    for entry in trace:
        if isinstance(entry.outcome, Fired):
            found.append(entry.outcome.recommendation)
        elif isinstance(entry.outcome, Undetermined) and entry.outcome.card is not None:
            found.append(entry.outcome.card)
    return tuple(found)


def join(cards: Iterable[Recommendation]) -> tuple[Recommendation, ...]:
    """Return one recommendation per (topic, indicator, subject), which is what a card's uuid is made of."""
    joined: dict[tuple[str, str, str], Recommendation] = {}
    for card in cards:
        key = (card.topic, card.indicator, card.subject)
        joined[key] = merge(joined[key], card) if key in joined else card
    return tuple(joined.values())


def behind_critical(cards: Iterable[Recommendation]) -> tuple[Recommendation, ...]:
    """Return the cards; one that offers orders for a drug which a critical card is about says so first.

    None of its orders is preselected, so that nobody orders for a drug that must not be given.
    """
    listed = tuple(cards)
    critical = {name: card for card in listed if card.indicator is Indicator.CRITICAL for name in _names(card.subject)}
    return tuple(_behind(card, critical) if card.orders else card for card in listed)


def _behind(card: Recommendation, critical: Mapping[str, Recommendation]) -> Recommendation:
    names = _names(card.subject)
    against = _once(tuple(critical[name] for name in names if name in critical))
    if card.indicator is Indicator.CRITICAL or not against:
        return card
    lines = tuple(f'First settle the critical card on {other.subject}: "{other.summary}".' for other in against)
    summary = f"After the critical card is settled: {card.summary[0].lower()}{card.summary[1:]}"
    wholly = critical.keys() >= set(names) and len(summary) < _SUMMARY_LENGTH
    return replace(
        card,
        summary=summary if wholly else card.summary,
        why_now=(*lines, *card.why_now),
        orders=tuple(replace(order, recommended=False) for order in card.orders),
    )


def _names(subject: str) -> tuple[str, ...]:
    """Return the drugs of a card's subject, which lists them with commas or "and"."""
    return tuple(filter(None, subject.replace(" and ", ", ").split(", ")))


def merge(first: Recommendation, second: Recommendation) -> Recommendation:
    """Return one card that says both; the second's summary becomes its first sentence of why now.

    Orders of another subject are named for it, so that nothing of one drug is read as another's.
    """
    if first.subject != second.subject:
        first, second = _orders_named(first), _orders_named(second)
    return replace(
        first,
        why_now=_once(first.why_now, (second.summary,), second.why_now),
        used=_once(first.used, second.used),
        missing=_once(first.missing, second.missing),
        options=_once(first.options, second.options),
        orders=_once(first.orders, second.orders),
        points=_once(first.points, second.points),
        named_items=_once(first.named_items, second.named_items),
        not_when=_once(first.not_when, second.not_when),
        evidence=_once(first.evidence, second.evidence),
        would_change_if=_once(first.would_change_if, second.would_change_if),
        links=_once(first.links, second.links),
    )


def _orders_named(card: Recommendation) -> Recommendation:
    prefix = f"For {card.subject}: "
    if not card.subject:
        return card
    named = (
        order if order.label.startswith(prefix) else replace(order, label=f"{prefix}{order.label}")
        for order in card.orders
    )
    return replace(card, orders=tuple(named))


def limit(cards: Iterable[Recommendation]) -> tuple[Recommendation, ...]:
    """Return the cards most severe first, within the limits; what exceeds one is said inside the last card kept.

    Nothing is dropped: a surplus card of the same severity is merged into the last one of that severity.
    """
    ordered: list[Recommendation] = []
    listed = tuple(cards)
    for indicator in _SEVERITY:
        same = [card for card in listed if card.indicator is indicator]
        kept = same[: _LIMIT[indicator]]
        over = same[_LIMIT[indicator] :]
        for surplus in over:
            kept[-1] = merge(kept[-1], surplus)
        if over:
            kept[-1] = replace(kept[-1], summary=f"{kept[-1].summary} (and {len(over)} more)")
        ordered.extend(kept)
    return tuple(ordered)


ItemT = TypeVar("ItemT")


def _once(*parts: Iterable[ItemT]) -> tuple[ItemT, ...]:
    return tuple(dict.fromkeys(item for part in parts for item in part))
