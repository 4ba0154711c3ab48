"""The text_only profile: for clients that show cards but take no suggestions.

Place in the flow: no suggestions; the detail carries every order in words. May not: lose a part of an order.
"""

from __future__ import annotations

from dataclasses import dataclass

from cards.card import SelectionBehavior, Suggestion
from cards.offers import offers_of
from hooks.recommendation import Recommendation


@dataclass(frozen=True, slots=True)
class TextOnlyProfile:
    """Clients that show text only."""

    name: str = "text_only"
    tells_orders_in_full: bool = True

    def suggest(
        self, recommendation: Recommendation, *_: str
    ) -> tuple[tuple[Suggestion, ...], SelectionBehavior | None]:
        """Return nothing, after the same refusals as for every other client."""
        offers_of(recommendation)
        return (), None
