"""A drug of ours and another one on the same board: interactions by class and ingredient, as the labels list them.

Place in the flow: targeted and partner-drug rules ask here. May not: speak of two orders that nobody touched, or
call an interaction of an uncoded or undated order certain.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta

from hooks.facts.orders import DrugOrder, OrderState
from hooks.pathways.relapsed_neuroblastoma.knowledge.supportive_safety import Act, SafetyItem
from hooks.pathways.relapsed_neuroblastoma.rules.safety_cards import Hit, Setting, capped, item_of, rests_on
from hooks.pathways.relapsed_neuroblastoma.rules.safety_events import Drug
from hooks.pathways.relapsed_neuroblastoma.rules.safety_orders import (
    IsPartner,
    Pair,
    days_of,
    is_certain,
    names_of,
    orders_used,
    pair,
    partner_of,
    selected_orders,
    when_words,
)
from hooks.recommendation import Indicator

_HEADLINE = {
    Act.CONTRAINDICATED: "Do not give {own} with {other}",
    Act.AVOID: "Avoid {other} with {own}",
    Act.REVIEW: "Review {other} with {own}",
    Act.INFORM: "Note {other} with {own}",
}


_ANTIDOTE = "drug.naloxone"


def drug_of(name: str, setting: Setting) -> Drug:
    """Return an agent by name, with its ingredient."""
    return Drug(name, setting.library.agents[name].drug)


def interaction_hits(drug: Drug, item_ids: Iterable[str], setting: Setting) -> Iterator[Hit]:
    """Yield a hit for every item whose drugs or classes stand beside the agent, on days that the two may share."""
    for item_id in item_ids:
        item = item_of(setting.library, item_id)
        found = pair(setting.facts.orders, drug.concept, _no_antidote(partner_of(item.when, drug.concept)))
        if found is not None and (others := _at_once(found, item, setting)):
            yield _hit(drug, Pair(found.own, others), item, setting)


def _no_antidote(is_partner: IsPartner) -> IsPartner:
    """Return the test without naloxone as needed: it is kept for an emergency, beside every opioid."""
    return lambda order: is_partner(order) and (order.scheduled or not order.is_for(_ANTIDOTE))


def ended_hits(drug: Drug, item_id: str, setting: Setting) -> Iterator[Hit]:
    """Yield a question for every drug that the item forbids and that ended lately, is on hold, or has no last day.

    Its effect outlasts its last dose; for how many days was not read.
    """
    board, item = setting.facts.orders, item_of(setting.library, item_id)
    own, is_partner = selected_orders(board, drug.concept), partner_of(item.when, drug.concept)
    held = (order for order in board.active if order.state is OrderState.ON_HOLD)
    for order in (*board.past, *held) if own else ():
        if is_partner(order) and _ended_lately(order, setting):
            name = names_of((order,), setting.library)
            yield Hit(
                ground=rests_on(item),
                indicator=capped(item.indicator, Indicator.WARNING),
                headline=f"Confirm before giving {drug.name}: {name} {when_words(order)}",
                used=tuple(orders_used((*own, order), board, setting.library)),
                ask=f"the last day of {name}, and that its effect has passed",
            )


def _ended_lately(order: DrugOrder, setting: Setting) -> bool:
    limits = setting.knowledge.engineering
    last = order.end or (order.start if order.state is OrderState.GIVEN else None)
    if last is not None or order.state is OrderState.ON_HOLD:
        return last is None or last >= setting.as_of - timedelta(days=limits.inducer_recent_days.value)
    begun = order.start or order.authored
    return begun is None or begun >= setting.as_of - timedelta(days=limits.line_gap_days.value)


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
