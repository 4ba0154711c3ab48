"""What stands near a missing item and does not count: allergies, orders not to give it, as-needed and held orders.

Place in the flow: `supportive_cards` says these beside the item. May not: decide what is missing.
"""

from __future__ import annotations

from collections.abc import Iterator

from hooks.facts.fact import Known
from hooks.pathways.relapsed_neuroblastoma.facts import Facts
from hooks.pathways.relapsed_neuroblastoma.knowledge.supportive import SupportiveLibrary
from hooks.pathways.relapsed_neuroblastoma.knowledge.supportive_items import OrderItem
from hooks.pathways.relapsed_neuroblastoma.rules.courses import IN_FORCE
from hooks.pathways.relapsed_neuroblastoma.rules.needs import MissingItem
from hooks.pathways.relapsed_neuroblastoma.rules.safety_orders import drug_name, names_of
from hooks.terminology.drug_classes import classes_of, in_class


def objection_to(item: OrderItem, facts: Facts) -> str:
    """Return the words for what is on record against the item's drug: an allergy, an order not to give it; or "".

    An item that leaves the drug open is met by an allergy to its whole class alone.
    """
    if _allergens(facts) & _concepts_of(item):
        return "an allergy to it"
    barred = (order for order in facts.orders.prohibited if order.state in IN_FORCE)
    return "an order not to give it" if item.drug and any(order.is_for(item.drug) for order in barred) else ""


def kindred_allergies(item: OrderItem, facts: Facts, library: SupportiveLibrary) -> Iterator[str]:
    """Yield a word on every allergy to another member of the classes that would satisfy the item."""
    classes = item.satisfied_by.classes if item.satisfied_by else ()
    for concept in sorted(_allergens(facts) - _concepts_of(item)):
        if in_class((concept,), *classes):
            name = drug_name(concept, library)
            yield f"An allergy to {name} is on record; check it before {short(item.name)} is ordered."


def _allergens(facts: Facts) -> frozenset[str]:
    known = facts.orders.allergies
    return frozenset(allergy.concept for allergy in known.value) if isinstance(known, Known) else frozenset()


def _concepts_of(item: OrderItem) -> frozenset[str]:
    """Return the item's drug with its classes; of an item that leaves the drug open its classes alone."""
    if item.drug is not None:
        return frozenset({item.drug, *classes_of(item.drug)})
    return frozenset(item.satisfied_by.classes if item.satisfied_by else ())


def remarks(entry: MissingItem, library: SupportiveLibrary) -> Iterator[str]:
    """Yield a word on every order that comes near the item and does not count."""
    if entry.as_needed_only:
        needed = names_of(entry.as_needed_only, library) or short(entry.item.name)
        yield f"An as-needed order of {needed} is on record; the source asks for a scheduled one."
    if entry.not_injected:
        other = names_of(entry.not_injected, library) or "an opioid"
        yield f"An order of {other} that is not injected is on record; the source asks for an injected one."
    if entry.on_hold:
        held = names_of(entry.on_hold, library) or short(entry.item.name)
        yield f"An order of {held} is on hold; it is not counted until it is taken up again."


def short(name: str) -> str:
    """Return the first words of an item's name, up to a bracket or a comma."""
    return name.partition(" (")[0].partition(",")[0]
