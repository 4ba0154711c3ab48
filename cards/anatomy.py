"""The detail of a card, for people: its sections in a fixed order, every word of a chart escaped.

Place in the flow: `cards.compose` calls `detail_of` once per card. May not: leave out a section because it is
inconvenient; an empty one is not printed, an overlong one says how much it leaves out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from cards.markdown import Markdown, bold, bullets, document, lines, link, text, words
from cards.orders import words_of_order
from cards.plain import utf16_length
from hooks.knowledge import Access, Citation, KnowledgeBase
from hooks.recommendation import Figure, MissingFact, Option, ProposedOrder, Recommendation, Standing, UsedFact

SECTION_LIMIT = 24_000
"""Longest section in UTF-16 units: three times the longest of our own, far below what clients take."""

INTENDED_USE = (
    "Not a medical device. Options and drafts for a clinician, who verifies them and decides; nothing here is an order."
)

_STANDING_WORDS = {
    Standing.TRIAL: "clinical trial",
    Standing.PREFERRED: "preferred",
    Standing.ALTERNATIVE: "alternative",
    Standing.PROVISIONAL: "provisional, please confirm",
    Standing.CAUTION: "with caution",
    Standing.REFER: "by referral to a specialist centre",
    Standing.NOT_SUITABLE: "not suitable",
}
_ACCESS_WORDS = {
    Access.FULL: "",
    Access.SECTIONS: "sections read",
    Access.TABLE: "one table read",
    Access.ABSTRACT: "abstract read",
    Access.EXCERPT: "excerpt read",
    Access.QUOTED: "not opened",
}


def detail_of(
    recommendation: Recommendation, citations: Sequence[Citation], knowledge: KnowledgeBase, *, orders_in_full: bool
) -> Markdown:
    """Return the whole detail. `citations`: those the card rests on. `orders_in_full`: notes of orders included."""
    said = recommendation
    sections = (
        ("Why now", _texts(said.why_now)),
        ("Read in the chart", map(_used, said.used)),
        ("Missing or too old", map(_missing, said.missing)),
        ("Options", (_option(option, in_full=orders_in_full) for option in said.options)),
        ("Orders to consider", (_order(order, in_full=orders_in_full) for order in said.orders)),
        ("Cautions", _texts(said.points)),
        ("Would change if", _texts(said.would_change_if)),
        ("Does not apply when", _texts(said.not_when)),
        ("Evidence", map(_citation, citations)),
    )
    drawn = (_section(title, items) for title, items in sections)
    return document((*drawn, _knowledge_line(knowledge), text(INTENDED_USE)))


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


def _used(fact: UsedFact) -> Markdown:
    when = fact.date.isoformat() if fact.date else ""
    return text(fact.label if when in fact.label else f"{fact.label} ({when})")


def _missing(fact: MissingFact) -> Markdown:
    return text(fact.label)


def _option(option: Option, *, in_full: bool) -> Markdown:
    """Return one option: its standing, what speaks for it and against it, its figures, its drafts."""
    head = words(bold(text(option.name)), text(f"({_STANDING_WORDS[option.standing]})"))
    below = (
        *(text(f"For: {reason}") for reason in option.why),
        *(text(f"Against: {reason}") for reason in option.against),
        *(_figure(figure) for figure in option.figures),
        *(text(f"Draft: {words_of_order(order, with_note=in_full)}") for order in option.orders),
        *((text(f"Evidence: {', '.join(option.evidence)}"),) if option.evidence else ()),
    )
    return lines(head, bullets(below))


def _figure(figure: Figure) -> Markdown:
    return text(f"{figure.text} ({figure.evidence})")


def _order(order: ProposedOrder, *, in_full: bool) -> Markdown:
    return text(words_of_order(order, with_note=in_full))


def title_of(citation: Citation) -> str:
    """Return the title with its year, unless the title already says the year."""
    if citation.year is None or str(citation.year) in citation.title:
        return citation.title
    return f"{citation.title} ({citation.year})"


def _citation(citation: Citation) -> Markdown:
    """Return a source with its year, its address and how much of it was read."""
    titled = title_of(citation)
    read = _ACCESS_WORDS[citation.access]
    quoted = f"quoted by {citation.via}" if citation.via else ""
    remarks = ", ".join(remark for remark in (read, quoted) if remark)
    return words(
        text(f"{citation.id}:"),
        link(titled, citation.link) if citation.link else text(titled),
        text(f"({remarks})") if remarks else Markdown(""),
    )


def _knowledge_line(knowledge: KnowledgeBase) -> Markdown:
    review = "clinically reviewed" if knowledge.reviewed else "not clinically reviewed"
    return text(f"Knowledge: {knowledge.pathway} {knowledge.version}, {knowledge.digest[:19]}, {review}.")
