"""The default profile: CDS Hooks 2.0.1 as written.

Place in the flow: one suggestion per order under `any`, one per option under `at-most-one`.
May not: recommend where only one may be taken.
"""

from __future__ import annotations

from dataclasses import dataclass

from cards.card import Action, SelectionBehavior, Suggestion
from cards.identity import suggestion_uuid
from cards.lettering import tall
from cards.offers import Offer, offers_of
from cards.orders import draft_of, words_of_order
from cards.plain import plain
from hooks.recommendation import Recommendation


@dataclass(frozen=True, slots=True)
class SpecProfile:
    """Clients that do what the specification says."""

    name: str = "spec"
    tells_orders_in_full: bool = False

    def suggest(
        self, recommendation: Recommendation, card: str, patient_id: str
    ) -> tuple[tuple[Suggestion, ...], SelectionBehavior | None]:
        """Return one suggestion per offer; with options among them, at most one may be taken."""
        offers = offers_of(recommendation)
        if not offers:
            return (), None
        alternatives = any(offer.option for offer in offers)
        return (
            tuple(_suggestion(offer, card, patient_id, recommended=not alternatives) for offer in offers),
            SelectionBehavior.AT_MOST_ONE if alternatives else SelectionBehavior.ANY,
        )


def _suggestion(offer: Offer, card: str, patient_id: str, *, recommended: bool) -> Suggestion:
    return Suggestion(
        label=plain(tall(offer.label)),
        uuid=suggestion_uuid(card, offer.key),
        is_recommended=recommended and offer.recommended,
        actions=tuple(
            Action(
                type="create",
                description=plain(tall(words_of_order(order, with_note=False))),
                resource=draft_of(order, patient_id),
            )
            for order in offer.orders
        ),
    )
