"""What a card carries for machines: `extension["relapse-cds.basis"]`, exactly as DESIGN.md section 5 says.

Place in the flow: `cards.compose` puts it on every card; memory, feedback reports and tests read it.
May not: carry an empty member, or Markdown.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from cards.plain import clean, plain
from hooks.knowledge import Citation, KnowledgeBase
from hooks.recommendation import MissingFact, Option, Recommendation, UsedFact

BASIS = "relapse-cds.basis"
"""Name of the extension."""

_REFERENCE_LIMIT = 300


def basis_of(recommendation: Recommendation, citations: Sequence[Citation], knowledge: KnowledgeBase) -> dict[str, Any]:
    """Return the basis of a card as JSON data, empty members left out."""
    said = recommendation
    return _filled(
        topic=str(said.topic),
        rule=str(said.rule),
        options=[_option(option) for option in said.options],
        items=_references((*(order.item for order in said.orders), *said.named_items)),
        used=[_used(fact) for fact in said.used],
        missing=[_missing(fact) for fact in said.missing],
        evidence=[citation.id for citation in citations],
        wouldChangeIf=[plain(sentence) for sentence in said.would_change_if],
        knowledge={
            "pathway": knowledge.pathway,
            "version": knowledge.version,
            "digest": knowledge.digest,
            "reviewed": knowledge.reviewed,
        },
    )


def _option(option: Option) -> dict[str, Any]:
    return _filled(
        regimen=clean(option.regimen),
        standing=str(option.standing),
        why=_sentences(option.why),
        against=_sentences(option.against),
        figures=_sentences(f"{figure.text} ({figure.evidence})" for figure in option.figures),
    )


def _sentences(sentences: Iterable[str]) -> list[str]:
    return [sentence for sentence in map(plain, sentences) if sentence]


def _used(fact: UsedFact) -> dict[str, Any]:
    return _filled(
        fact=fact.fact,
        state=plain(fact.state),
        confidence=str(fact.confidence),
        date=fact.date.isoformat() if fact.date else "",
        **{"from": sorted(_references(fact.sources))},  # an EHR may answer the same search in another order
    )


def _missing(fact: MissingFact) -> dict[str, Any]:
    return _filled(fact=fact.fact, why=plain(fact.why), lookedIn=_references(fact.looked_in))


def _references(sources: Sequence[str]) -> list[str]:
    cleaned = (clean(source, _REFERENCE_LIMIT) for source in sources)
    return list(dict.fromkeys(source for source in cleaned if source))


def _filled(**members: Any) -> dict[str, Any]:
    return {name: member for name, member in members.items() if member not in ("", [], None)}
