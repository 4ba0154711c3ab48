"""An explanation as text and as JSON: every rule, its outcome, the deciding facts, what would flip it.

Place in the flow: the explain call and the command line print it. May not: be sent as a card.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from typing import Any

from hooks.explain import Explanation

WIDTH = 100
"""Columns of a text whose reader's window is not known."""

_MOST_SOURCES = 2


def as_json(explanations: Sequence[Explanation]) -> list[dict[str, Any]]:
    """Return one object per rule; empty members are left out."""
    return [
        _without_empty(
            {
                "rule": item.rule,
                "sentence": item.clinical_sentence,
                "outcome": item.outcome,
                "because": item.because,
                "decidedBy": [
                    _without_empty(
                        {
                            "fact": fact.fact,
                            "state": fact.state,
                            "confidence": str(fact.confidence),
                            "date": fact.date.isoformat() if fact.date else "",
                            "from": list(fact.sources),
                        }
                    )
                    for fact in item.decided_by
                ],
                "missing": [
                    _without_empty({"fact": gap.fact, "why": gap.why, "lookedIn": list(gap.looked_in)})
                    for gap in item.missing
                ],
                "wouldChangeIf": [{"fact": flip.fact, "if": flip.words, "then": flip.effect} for flip in item.flips],
            }
        )
        for item in explanations
    ]


def as_text(explanations: Sequence[Explanation], width: int = WIDTH) -> str:
    """Return the same for a reader at a terminal of so many columns: one block per rule, an empty line between."""
    return "\n\n".join("\n".join(_folded(line, width) for line in _lines(item)) for item in explanations)


def _folded(line: str, width: int) -> str:
    """Return a line folded at blanks; what follows stands deeper than its first word."""
    deeper = " " * (len(line) - len(line.lstrip()) + 4)
    return textwrap.fill(
        line, width, subsequent_indent=deeper, break_long_words=False, break_on_hyphens=False, drop_whitespace=True
    )


def _lines(item: Explanation) -> Iterator[str]:
    yield f"{item.rule}: {item.outcome.upper()}"
    yield f"  {item.clinical_sentence}"
    yield f"  because: {item.because}"
    for fact in item.decided_by:
        yield f"  read: {fact.label}{_origin(fact.sources)}"
    for gap in item.missing:
        yield f"  missing: {gap.label}"
    for flip in item.flips:
        yield f"  would change if: {flip.words}: {flip.effect}"


def _origin(sources: Sequence[str]) -> str:
    """Return the first resources that a fact was read from; JSON names all of them."""
    more = f" and {len(sources) - _MOST_SOURCES} more" if len(sources) > _MOST_SOURCES else ""
    return f" [{', '.join(sources[:_MOST_SOURCES])}{more}]" if sources else ""


def _without_empty(members: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in members.items() if value not in ("", [], {})}
