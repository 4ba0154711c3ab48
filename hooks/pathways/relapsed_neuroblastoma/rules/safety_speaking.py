"""From hits to an outcome, for rules about partner drugs and targeted drugs: who may speak, and of what.

Place in the flow: safety rules collect hits and end here. May not: speak outside relapsed, progressing or refractory
disease, or of an order that nobody touched.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from hooks.pathways.relapsed_neuroblastoma.rules.safety_cards import Frame, Hit, Setting, fired
from hooks.pathways.relapsed_neuroblastoma.rules.safety_events import Drug
from hooks.pathways.relapsed_neuroblastoma.rules.safety_interactions import drug_of, interaction_hits
from hooks.pathways.relapsed_neuroblastoma.rules.safety_orders import is_active_disease, orders_used, selected_orders
from hooks.recommendation import CardLink, MissingFact, Outcome, Silent, Topic, Undetermined

NO_ACTIVE_DISEASE = Silent("No relapsed, progressing or refractory disease is on record.", ("disease_event",))
Collect = Callable[[Drug], Iterable[Hit]]


def when_selected(
    rule: str, name: str, collect: Collect, setting: Setting, gaps: tuple[MissingFact, ...] = ()
) -> Outcome:
    """Return the card of a partner drug that is selected; undetermined where only a gap keeps it silent."""
    if not is_active_disease(setting.facts):
        return NO_ACTIVE_DISEASE
    drug, board = drug_of(name, setting), setting.facts.orders
    orders = selected_orders(board, drug.concept)
    if not orders:
        return Silent(f"No {name} is among the selected orders.", ("orders",))
    hits = tuple(collect(drug))
    if hits:
        own = tuple(orders_used(orders, board, setting.library))
        return fired(Frame(rule=rule, topic=Topic.ORDER_SAFETY, subject=name, used=own, missing=gaps), hits)
    if gaps:
        return Undetermined(gaps, because=f"Nothing on record speaks against {name}, but not everything is known.")
    return Silent(f"Nothing on record speaks against {name} here.", ("orders",))


def when_beside(
    rule: str,
    name: str,
    item_ids: Iterable[str],
    setting: Setting,
    topic: Topic = Topic.ORDER_SAFETY,
    links: tuple[CardLink, ...] = (),
) -> Outcome:
    """Return the card of a drug's interactions with the other orders, either side selected."""
    hits = interaction_hits(drug_of(name, setting), item_ids, setting)
    return of_hits(rule, name, hits, setting, topic, links)


def of_hits(
    rule: str,
    name: str,
    hits: Iterator[Hit],
    setting: Setting,
    topic: Topic = Topic.ORDER_SAFETY,
    links: tuple[CardLink, ...] = (),
) -> Outcome:
    """Return the card of what was found about a drug, silence where nothing was."""
    if not is_active_disease(setting.facts):
        return NO_ACTIVE_DISEASE
    found = tuple(hits)
    if not found:
        return Silent(f"Nothing stands beside {name} that its label names.", ("orders",))
    return fired(Frame(rule=rule, topic=topic, subject=name, links=links), found)
