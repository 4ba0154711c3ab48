"""The detail of a card, for people: its sections in a fixed order, every word of a chart escaped.

Place in the flow: `cards.compose` calls `detail_of` once per card. May not: leave out a section because it is
inconvenient; an empty one is not printed, an overlong one says how much it leaves out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeVar

from cards.markdown import Markdown, bold, bullets, document, link, text, words
from cards.options import options_folded, options_in_full
from cards.orders import words_of_order
from cards.plain import utf16_length
from hooks.knowledge import Access, Citation, KnowledgeBase
from hooks.recommendation import MissingFact, ProposedOrder, Recommendation, UsedFact

SECTION_LIMIT = 24_000
"""Longest section in UTF-16 units: three times the longest of our own, far below what clients take."""

INTENDED_USE = (
    "Not a medical device. Options and drafts for a clinician, who verifies them and decides; nothing here is an order."
)

FactT = TypeVar("FactT", UsedFact, MissingFact)

_ACCESS_WORDS = {
    Access.FULL: "",
    Access.SECTIONS: "sections read",
    Access.TABLE: "one table read",
    Access.ABSTRACT: "abstract read",
    Access.EXCERPT: "excerpt read",
    Access.QUOTED: "not opened",
}


def detail_of(
    recommendation: Recommendation, citations: Sequence[Citation], knowledge: KnowledgeBase, *, in_full: bool
) -> Markdown:
    """Return the whole detail. `citations`: those the card rests on.

    in_full: for clients without suggestions, every option and order whole; else what is not a first choice is folded,
    and sources that only the folded parts cite are left to `relapse-cds.basis`.
    """
    said = recommendation
    options = options_in_full(said.options) if in_full else options_folded(said.options)
    sections = (
        ("Why now", _texts(said.why_now)),
        ("Read in the chart", _facts(said.used, _used)),
        ("Missing or too old", _facts(said.missing, _missing)),
        ("Options", options),
        ("Orders to consider", (_order(order, in_full=in_full) for order in said.orders)),
        ("Cautions", _texts(said.points)),
        ("Would change if", _texts(said.would_change_if)),
        ("Does not apply when", _texts(said.not_when)),
    )
    drawn = [_section(title, items) for title, items in sections]
    if in_full or not said.options:
        sources: Iterable[Markdown] = map(_citation, citations)
    else:
        sources = _compact_sources(citations, "\n".join(drawn))
    return document((*drawn, _section("Evidence", sources), _knowledge_line(knowledge), text(INTENDED_USE)))


def _section(title: str, items: Iterable[Markdown]) -> Markdown:
    """Return the title above its list, or nothing for an empty list."""
    kept: list[Markdown] = []
    length = 0
    left_out = 0
    for item in items:
        length += utf16_length(item)
        if length > SECTION_LIMIT:
            left_out += 1
        else:
            kept.append(item)
    if left_out:
        kept.append(text(f"({left_out} more, not shown here)"))
    return document((bold(text(title)), bullets(kept))) if kept else Markdown("")


def _texts(sentences: Iterable[str]) -> Iterator[Markdown]:
    return (text(sentence) for sentence in sentences)


def _facts(facts: Sequence[FactT], draw: Callable[[FactT], Markdown]) -> Iterator[Markdown]:
    """Yield one line per fact; facts that share a line stand together, where the first of them stands."""
    shared: dict[str, list[str]] = {}
    for fact in facts:
        if fact.shared is not None and fact.shared.item:
            shared.setdefault(fact.shared.head, []).append(fact.shared.item)
    for fact in facts:
        if fact.shared is None:
            yield draw(fact)
        elif items := shared.pop(fact.shared.head, []):
            yield text(f"{fact.shared.head}: {', '.join(items)}")


def _used(fact: UsedFact) -> Markdown:
    when = fact.date.isoformat() if fact.date else ""
    return text(fact.label if when in fact.label else f"{fact.label} ({when})")


def _missing(fact: MissingFact) -> Markdown:
    return text(fact.label)


def _order(order: ProposedOrder, *, in_full: bool) -> Markdown:
    return text(words_of_order(order, with_note=in_full))


def title_of(citation: Citation) -> str:
    """Return the title with its year, unless the title already says the year."""
    if citation.year is None or str(citation.year) in citation.title:
        return citation.title
    return f"{citation.title} ({citation.year})"


def _citation(citation: Citation) -> Markdown:
    """Return a source with its year, its address and how much of it was read."""
    remarks = _remarks(citation)
    titled = title_of(citation)
    return words(
        text(f"{citation.id}:"),
        link(titled, citation.link) if citation.link else text(titled),
        text(f"({remarks})") if remarks else Markdown(""),
    )


def _remarks(citation: Citation) -> str:
    read = _ACCESS_WORDS[citation.access]
    quoted = f"quoted by {citation.via}" if citation.via else ""
    return ", ".join(remark for remark in (read, quoted) if remark)


def _compact_sources(citations: Iterable[Citation], body: str) -> Iterator[Markdown]:
    """Yield every source that the body cites, by id with its address; one without an address keeps its title."""
    by_access: dict[str, list[Markdown]] = {}
    for citation in citations:
        if not _is_cited(citation.id, body):
            continue
        if citation.link:
            by_access.setdefault(_remarks(citation) or "read", []).append(link(citation.id, citation.link))
        else:
            yield _citation(citation)
    for access, ids in by_access.items():
        yield words(text(f"{access[0].upper()}{access[1:]}:"), Markdown(", ".join(ids)))


def _is_cited(citation_id: str, body: str) -> bool:
    return re.search(rf"(?<![\w-]){re.escape(text(citation_id))}(?![\w-])", body) is not None


def _knowledge_line(knowledge: KnowledgeBase) -> Markdown:
    review = "clinically reviewed" if knowledge.reviewed else "not clinically reviewed"
    return text(f"Knowledge: {knowledge.pathway} {knowledge.version}, {knowledge.digest[:19]}, {review}.")
