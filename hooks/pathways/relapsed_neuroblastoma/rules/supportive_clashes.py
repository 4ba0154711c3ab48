"""What the label of a drug at hand says against a supportive drug that a card is about to offer.

Place in the flow: `supportive_cards` says these lines beside its drafts; the safety rules speak once such a drug is
ordered. May not: take an item off its card, or speak outside relapsed, progressing or refractory disease.
"""

from __future__ import annotations

from collections.abc import Iterator

from hooks.facts.fact import value_of
from hooks.pathways.relapsed_neuroblastoma.facts import ACTIVE_EVENTS, Facts
from hooks.pathways.relapsed_neuroblastoma.knowledge.supportive import SupportiveLibrary
from hooks.pathways.relapsed_neuroblastoma.knowledge.supportive_items import OrderItem
from hooks.pathways.relapsed_neuroblastoma.knowledge.supportive_safety import SafetyItem
from hooks.pathways.relapsed_neuroblastoma.rules.courses import present_orders
from hooks.terminology.drug_classes import in_class, members


def clashes(item: OrderItem, facts: Facts, library: SupportiveLibrary) -> Iterator[SafetyItem]:
    """Yield the interactions of drugs on the board that name the drug of this item, or one of its class."""
    if value_of(facts.disease_event) not in ACTIVE_EVENTS:
        return
    offered = tuple(_drugs_of(item))
    for rule in library.interactions:
        agent = library.agents[rule.agent].drug
        named = any(drug in rule.when.drugs or in_class((drug,), *rule.when.classes) for drug in offered)
        if named and rule.agent != item.agent and agent is not None and _stands(agent, facts):
            yield rule


def clash_line(item: OrderItem, rule: SafetyItem) -> str:
    """Return what speaks against an item, with the drug at hand and the source."""
    sources = ", ".join(rule.sources)
    name = item.name.partition(",")[0]
    return f"{name[0].upper()}{name[1:]} ({item.id}) beside {rule.agent}: {rule.says} ({sources})."


def _drugs_of(item: OrderItem) -> Iterator[str]:
    if item.drug is not None:
        yield item.drug
    elif item.satisfied_by is not None:
        yield from item.satisfied_by.drugs
        for name in item.satisfied_by.classes:
            yield from members(name)


def _stands(agent: str, facts: Facts) -> bool:
    return any(order.is_for(agent) and order.interchangeable for order in present_orders(facts.orders))
