"""An explanation as text and as JSON: every rule, its outcome, the deciding facts, what would flip it.

Place in the flow: the explain call and the command line print it. May not: be sent as a card.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from hooks.explain import Explanation


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


def as_text(explanations: Sequence[Explanation]) -> str:
    """Return the same for a reader at a terminal."""
    return "\n".join(line for item in explanations for line in _lines(item))


def _lines(item: Explanation) -> Iterator[str]:
    yield f"{item.rule}: {item.outcome.upper()}"
    yield f"  {item.clinical_sentence}"
    yield f"  because: {item.because}"
    for fact in item.decided_by:
        origin = f" [{', '.join(fact.sources)}]" if fact.sources else ""
        yield f"  read: {fact.label}{origin}"
    for gap in item.missing:
        yield f"  missing: {gap.label}"
    for flip in item.flips:
        yield f"  would change if: {flip.words}: {flip.effect}"


def _without_empty(members: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in members.items() if value not in ("", [], {})}
