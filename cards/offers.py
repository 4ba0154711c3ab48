"""What a recommendation offers to take: one order each, or one option with all its orders.

Place in the flow: profiles turn offers into suggestions, each in its client's way.
May not: offer what is not suitable, or recommend (preselect) a treatment of the cancer.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from hooks.errors import InvalidOutput
from hooks.recommendation import ProposedOrder, Recommendation, Standing, Topic

ANTICANCER_TOPICS = frozenset(
    {Topic.REINDUCTION_REGIMEN, Topic.CONSOLIDATION_REGIMEN, Topic.MAINTENANCE_REGIMEN, Topic.SALVAGE_REGIMEN}
)
"""Topics whose orders treat the cancer: nothing on their cards is ever recommended (DESIGN.md section 6)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """One thing to take. key: unique on the card, part of the suggestion's uuid. option: name of the option, or ""."""

    key: str
    label: str
    orders: tuple[ProposedOrder, ...]
    option: str = ""
    recommended: bool = False


def offers_of(recommendation: Recommendation) -> tuple[Offer, ...]:
    """Return the options, then the single orders. Raises InvalidOutput if one that treats cancer is recommended."""
    _refuse_recommended(recommendation)
    found = [
        Offer(key=option.regimen, label=option.label or option.name, orders=option.orders, option=option.name)
        for option in recommendation.options
        if option.orders and option.standing is not Standing.NOT_SUITABLE
    ]
    found.extend(
        Offer(key=order.item, label=order.label, orders=(order,), recommended=order.recommended)
        for order in recommendation.orders
    )
    return _with_unique_keys(found)


def _refuse_recommended(recommendation: Recommendation) -> None:
    of_options = any(order.recommended for option in recommendation.options for order in option.orders)
    alone = recommendation.topic in ANTICANCER_TOPICS and any(order.recommended for order in recommendation.orders)
    if of_options or alone:
        raise InvalidOutput(f"{recommendation.topic}: a treatment of the cancer is never recommended.")


def _with_unique_keys(offers: list[Offer]) -> tuple[Offer, ...]:
    seen: Counter[str] = Counter()
    unique = []
    for offer in offers:
        seen[offer.key] += 1
        again = f"#{seen[offer.key]}" if seen[offer.key] > 1 else ""
        unique.append(
            Offer(
                key=f"{offer.key}{again}",
                label=offer.label,
                orders=offer.orders,
                option=offer.option,
                recommended=offer.recommended,
            )
        )
    return tuple(unique)
