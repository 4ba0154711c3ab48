"""The card of a safety rule: what forbids, changes or questions an order, with both sides and what to confirm.

Place in the flow: safety rules collect hits; this says them as one card. May not: decide, draft a drug, or call
something certain that a rule could not prove.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Protocol, TypeVar

from hooks.pathways.relapsed_neuroblastoma.facts import Facts
from hooks.pathways.relapsed_neuroblastoma.knowledge.engineering import Engineering
from hooks.pathways.relapsed_neuroblastoma.knowledge.regimens import Cited, ForWhom, GateCode, RegimenLibrary
from hooks.pathways.relapsed_neuroblastoma.knowledge.statements import Statement
from hooks.pathways.relapsed_neuroblastoma.knowledge.supportive import SupportiveLibrary
from hooks.pathways.relapsed_neuroblastoma.knowledge.supportive_items import OrderItem
from hooks.pathways.relapsed_neuroblastoma.knowledge.supportive_safety import SafetyItem
from hooks.recommendation import (
    CardLink,
    CitationId,
    Fired,
    Indicator,
    MissingFact,
    Outcome,
    ProposedOrder,
    Recommendation,
    RuleId,
    Topic,
    UsedFact,
)

ItemT = TypeVar("ItemT")

SUMMARY_LENGTH = 139
_SEVERITY = (Indicator.CRITICAL, Indicator.WARNING, Indicator.INFO)
NOT_WHEN = (
    "The order belongs to a trial protocol that rules this point.",
    "The record is wrong or out of date; then correct it.",
)


class SafetyKnowledge(Protocol):
    """The part of the pathway's knowledge that safety rules read."""

    @property
    def supportive(self) -> SupportiveLibrary:
        """Order sets and safety rules."""

    @property
    def regimens(self) -> RegimenLibrary:
        """Regimens with their gates, for what the labels of supportive care do not say."""

    @property
    def engineering(self) -> Engineering:
        """Our own thresholds."""


@dataclass(frozen=True, slots=True)
class Ground:
    """What a hit rests on, in words with their sources. items: ids of the research items behind it."""

    points: tuple[str, ...]
    evidence: tuple[str, ...]
    items: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One thing that a rule found about an order.

    headline: the act, the drug and the dated datum, for the summary. ask: what to confirm, "" where certain.
    lines: computed dates and advice of ours, said after the ground.
    """

    ground: Ground
    indicator: Indicator
    headline: str
    used: tuple[UsedFact, ...] = ()
    ask: str = ""
    lines: tuple[str, ...] = ()
    missing: tuple[MissingFact, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """What all hits of one card share: rule, topic, the drug it is about, and what stays open beside them."""

    rule: str
    topic: Topic
    subject: str
    used: tuple[UsedFact, ...] = ()
    missing: tuple[MissingFact, ...] = ()
    orders: tuple[ProposedOrder, ...] = ()
    links: tuple[CardLink, ...] = ()
    not_when: tuple[str, ...] = NOT_WHEN


def rests_on(item: SafetyItem) -> Ground:
    """Return a safety item as a ground, the other side of a conflict beside it."""
    points = [cited(item.says, item.sources)]
    if item.other_side:
        points.append(f"Another source holds: {cited(item.other_side, item.other_sources, capital=False)}")
    if item.note:
        points.append(f"Note: {item.note}.")
    return Ground(tuple(points), tuple(item.citations()), () if item.own else (item.id,))


def rests_on_order_item(item: OrderItem) -> Ground:
    """Return an item of an order set, such as contraception or advice for the family, as a ground."""
    return Ground((cited(f"{item.name}: {item.timing}", item.sources),), item.sources, (item.id,))


def rests_on_cited(*lines: Cited) -> Ground:
    """Return sentences of the regimen knowledge as a ground."""
    return Ground(tuple(f"{line.text} ({line.citation})" for line in lines), tuple(line.citation for line in lines))


def meant_for(name: str, *lines: ForWhom) -> Ground:
    """Return for whom a drug is meant as a ground, said so that nobody reads it as the state of this child."""
    said = rests_on_cited(*lines)
    heads = (f"{name} {'was studied in' if line.studied else 'is meant for'}" for line in lines)
    points = (f"{head}: {_uncapital(point)}" for head, point in zip(heads, said.points, strict=True))
    return replace(said, points=tuple(points))


def _uncapital(sentence: str) -> str:
    """Return the sentence as the second half of another one; an abbreviation keeps its capitals."""
    return sentence if sentence[1].isupper() else f"{sentence[0].lower()}{sentence[1:]}"


def rests_on_gate(gate: GateCode) -> Ground:
    """Return a gate as a ground: its words and what they rest on; uncited where it is our own definition."""
    sources = (gate.citation,) if gate.citation else ()
    words = gate.basis if gate.basis.startswith(gate.words) else f"{gate.words}: {gate.basis}"
    return Ground((cited(words, sources),), sources)


def rests_on_statement(statement: Statement) -> Ground:
    """Return a statement of the regimen knowledge as a ground."""
    return Ground((statement.sentence,), statement.evidence)


def cited(text: str, sources: Sequence[str], *, capital: bool = True) -> str:
    """Return a sentence with its citation ids behind it."""
    start = f"{text[0].upper()}{text[1:]}" if capital else text
    return f"{start} ({', '.join(sources)})." if sources else f"{start}."


def item_of(library: SupportiveLibrary, item_id: str) -> SafetyItem:
    """Return one safety item. Raises KeyError for an id that no file has."""
    for rules in library.safety.values():
        for item in rules:
            if item.id == item_id:
                return item
    for item in library.interactions:
        if item.id == item_id:
            return item
    raise KeyError(item_id)


def items_of(library: SupportiveLibrary, *item_ids: str) -> tuple[SafetyItem, ...]:
    """Return safety items by id, in this order."""
    return tuple(item_of(library, item_id) for item_id in item_ids)


def order_item_of(library: SupportiveLibrary, agent: str, item_id: str) -> OrderItem:
    """Return one item of an agent's order set. Raises StopIteration for an id that the set has not."""
    return next(item for item in library.order_sets[agent] if item.id == item_id)


def fired(frame: Frame, hits: Iterable[Hit]) -> Outcome:
    """Return one card that says all hits, the most severe first; its indicator is theirs."""
    listed = sorted(hits, key=lambda hit: _SEVERITY.index(hit.indicator))
    return Fired(
        Recommendation(
            topic=frame.topic,
            rule=RuleId(frame.rule),
            summary=_summary([hit.headline for hit in listed]),
            indicator=listed[0].indicator,
            why_now=_once(line for hit in listed for line in _reasons(hit, alone=len(listed) == 1)),
            used=_once((*frame.used, *(fact for hit in listed for fact in hit.used))),
            missing=_once((*(fact for hit in listed for fact in hit.missing), *frame.missing)),
            points=_once(point for hit in listed for point in _points(hit)),
            orders=frame.orders,
            named_items=_once(item for hit in listed for item in hit.ground.items),
            not_when=frame.not_when,
            evidence=_once(CitationId(source) for hit in listed for source in hit.ground.evidence),
            links=frame.links,
            subject=frame.subject,
        )
    )


def _reasons(hit: Hit, *, alone: bool) -> Iterator[str]:
    """Yield what was found, unless the summary says it already, and what the source asks for then."""
    if not alone:
        yield f"{hit.headline}."
    yield from hit.ground.points[:1]


def _points(hit: Hit) -> Iterator[str]:
    yield from hit.ground.points[1:]
    yield from hit.lines
    if hit.ask:
        yield f"Please confirm: {hit.ask}."


def _summary(headlines: Sequence[str]) -> str:
    distinct = tuple(dict.fromkeys(headlines))
    more = f" (and {len(distinct) - 1} more)" if len(distinct) > 1 else ""
    return fitted(distinct[0], SUMMARY_LENGTH - len(more)) + more


def fitted(text: str, length: int) -> str:
    """Return the text, cut at a word with dots where it is longer."""
    if len(text) <= length:
        return text
    return f"{text[: length - 3].rpartition(' ')[0].rstrip(',;:')}..."


def _once(items: Iterable[ItemT]) -> tuple[ItemT, ...]:
    return tuple(dict.fromkeys(items))


def dated(day: date | None) -> str:
    """Return " of 2026-11-10", or ", undated"."""
    return f" of {day}" if day else ", undated"


def bracketed(day: date | None) -> str:
    """Return " (2026-11-10)", or " (undated)", behind a whole sentence."""
    return f" ({day or 'undated'})"


def capped(indicator: Indicator, ceiling: Indicator) -> Indicator:
    """Return the milder of the two."""
    return max(indicator, ceiling, key=_SEVERITY.index)


@dataclass(frozen=True, slots=True)
class Setting:
    """What every safety rule is asked with."""

    facts: Facts
    knowledge: SafetyKnowledge
    as_of: date

    @property
    def library(self) -> SupportiveLibrary:
        """Order sets and safety rules."""
        return self.knowledge.supportive
