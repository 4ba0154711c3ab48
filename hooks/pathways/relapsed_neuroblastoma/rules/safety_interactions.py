"""A drug of ours and another one on the same board: interactions by class and ingredient, as the labels list them.

Place in the flow: targeted and partner-drug rules ask here. May not: speak of two orders that nobody touched, or
call an interaction of an uncoded or undated order certain.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from hooks.facts.orders import DrugOrder
from hooks.pathways.relapsed_neuroblastoma.knowledge.supportive_safety import Act, SafetyItem
from hooks.pathways.relapsed_neuroblastoma.rules.safety_cards import Hit, Setting, capped, item_of, rests_on
from hooks.pathways.relapsed_neuroblastoma.rules.safety_events import Drug
from hooks.pathways.relapsed_neuroblastoma.rules.safety_orders import (
    Pair,
    days_of,
    is_certain,
    names_of,
    orders_used,
    pair,
    partner_of,
    when_words,
)
from hooks.recommendation import Indicator

_HEADLINE = {
    Act.CONTRAINDICATED: "Do not give {own} with {other}",
    Act.AVOID: "Avoid {other} with {own}",
    Act.REVIEW: "Review {other} with {own}",
    Act.INFORM: "Note {other} with {own}",
}


def drug_of(name: str, setting: Setting) -> Drug:
    """Return an agent by name, with its ingredient."""
    return Drug(name, setting.library.agents[name].drug)


def interaction_hits(drug: Drug, item_ids: Iterable[str], setting: Setting) -> Iterator[Hit]:
    """Yield a hit for every item whose drugs or classes stand beside the agent, on days that the two may share."""
    for item_id in item_ids:
        item = item_of(setting.library, item_id)
        found = pair(setting.facts.orders, drug.concept, partner_of(item.when, drug.concept))
        if found is not None and (others := _at_once(found, item, setting)):
            yield _hit(drug, Pair(found.own, others), item, setting)


def _at_once(found: Pair, item: SafetyItem, setting: Setting) -> tuple[DrugOrder, ...]:
    """Return the partners whose days may meet the agent's; of a contraindication all, its effect outlasts the drug."""
    if item.act is Act.CONTRAINDICATED:
        return found.others
    own = tuple(days_of(order, setting.as_of) for order in found.own)
    return tuple(order for order in found.others if any(days_of(order, setting.as_of).overlaps(days) for days in own))


def _hit(drug: Drug, found: Pair, item: SafetyItem, setting: Setting) -> Hit:
    other = names_of(found.others, setting.library)
    certain = any(map(is_certain, found.own)) and any(map(is_certain, found.others))
    ask = "" if certain or item.indicator is not Indicator.CRITICAL else f"{drug.name} and {other}, with their days"
    headline = _HEADLINE[item.act].format(own=drug.name, other=other)
    return Hit(
        ground=rests_on(item),
        indicator=capped(item.indicator, Indicator.WARNING) if ask else item.indicator,
        headline=f"{headline} ({when_words(found.others[0])})",
        used=tuple(orders_used((*found.own, *found.others), setting.facts.orders, setting.library)),
        ask=ask,
    )
