"""What comes before any drug: fever with neutropenia or sepsis today; and drafts that could not be read.

Place in the flow: the first and the last safety rules of order-select and order-sign. May not: conclude an emergency
from a temperature or a count of ours, or guess what an unreadable draft holds.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from hooks.facts.orders import DrugOrder
from hooks.pathways.relapsed_neuroblastoma.board import Finding, FindingKind
from hooks.pathways.relapsed_neuroblastoma.facts import Facts
from hooks.pathways.relapsed_neuroblastoma.knowledge.supportive import AgentKind
from hooks.pathways.relapsed_neuroblastoma.rules.safety_cards import (
    Frame,
    Ground,
    Hit,
    SafetyKnowledge,
    Setting,
    capped,
    dated,
    fired,
    item_of,
    rests_on,
)
from hooks.pathways.relapsed_neuroblastoma.rules.safety_events import (
    finding_used,
    finding_words,
    is_emergency,
    is_present,
)
from hooks.pathways.relapsed_neuroblastoma.rules.safety_orders import is_active_disease, names_of, orders_used
from hooks.recommendation import Indicator, Outcome, Silent, Topic
from hooks.terminology.drug_classes import in_class

_ALONE = frozenset({FindingKind.FEBRILE_NEUTROPENIA, FindingKind.SEPSIS})
_TOGETHER = (FindingKind.FEVER, FindingKind.NEUTROPENIA)


def febrile_neutropenia_first(facts: Facts, knowledge: SafetyKnowledge, as_of: date) -> Outcome:
    """Fever with neutropenia or sepsis is treated before an antibody or a drug against the tumour is given.

    Evidence: FN-2023
    """
    setting = Setting(facts, knowledge, as_of)
    orders = tuple(order for order in facts.orders.selected if _is_treatment(order, setting))
    if not orders:
        return Silent("No antibody or drug against the tumour is among the selected orders.", ("orders",))
    hits = tuple(_hits(names_of(orders, setting.library), setting))
    if not hits:
        return Silent("No febrile neutropenia or sepsis is on record as present.", ("findings",))
    own = tuple(orders_used(orders, facts.orders, setting.library))
    subject = names_of(orders, setting.library)
    frame = Frame(rule="febrile_neutropenia_first", topic=Topic.ORDER_SAFETY, subject=subject, used=own)
    return fired(frame, hits)


def drafts_unreadable(facts: Facts, knowledge: SafetyKnowledge, as_of: date) -> Outcome:
    """A draft that cannot be read, or is about another patient, is not checked, and it may be any drug.

    Evidence: none, a matter of reading the orders.
    """
    del knowledge, as_of
    named, others = facts.orders.unreadable, facts.orders.of_others
    hits = []
    if named:
        listed = ", ".join(named)
        words = f"Not checked, please look: the drug of {listed} could not be read."
        hits.append(_draft_hit(f"Look at {_count(len(named))} that could not be read: {listed}", words))
    if others:
        words = f"Not checked: {_count(others)} about another patient than the one whose chart is open."
        hits.append(_draft_hit(f"Look at {_count(others)} about another patient", words))
    if not hits:
        return Silent("Every draft could be read.", ("orders",))
    return fired(Frame(rule="drafts_unreadable", topic=Topic.ORDER_SAFETY, subject="drafts", not_when=()), hits)


def _count(number: int) -> str:
    return f"{number} draft order{'s' if number > 1 else ''}"


def _draft_hit(headline: str, words: str) -> Hit:
    return Hit(ground=Ground((words,), ()), indicator=Indicator.INFO, headline=headline)


def _is_treatment(order: DrugOrder, setting: Setting) -> bool:
    """True for an antibody, and in active disease for a partner drug, an ALK inhibitor or a cytotoxic drug."""
    library = setting.library
    antibodies = {library.agents[name].drug for name in library.of_kind(AgentKind.ANTIBODY)}
    if order.is_for(*filter(None, antibodies)):
        return True
    is_agent = any(library.agent_of(drug) for drug in order.drugs)
    return is_active_disease(setting.facts) and (is_agent or in_class(order.drugs, "cytotoxic"))


def _hits(names: str, setting: Setting) -> Iterator[Hit]:
    """Yield the emergency: certain when coded within the last day, else a question whether it is over."""
    present = tuple(finding for finding in setting.facts.orders.findings if is_present(finding, setting))
    both = tuple(next((f for f in present if f.kind == kind), None) for kind in _TOGETHER)
    for finding in present:
        if finding.kind in _ALONE:
            yield _hit(names, (finding,), setting)
    if None not in both and not any(finding.kind in _ALONE for finding in present):
        yield _hit(names, tuple(finding for finding in both if finding is not None), setting)


def _hit(names: str, findings: tuple[Finding, ...], setting: Setting) -> Hit:
    item = item_of(setting.library, "fever-neutropenia")
    words = " and ".join(map(finding_words, findings))
    certain = all(is_emergency(finding, setting) for finding in findings)
    verb = f"Hold {names}" if certain else f"Confirm before giving {names}"
    return Hit(
        ground=rests_on(item),
        indicator=item.indicator if certain else capped(item.indicator, Indicator.WARNING),
        headline=f"{verb}: {words}{dated(findings[0].date)}",
        used=tuple(finding_used(finding, setting) for finding in findings),
        ask="" if certain else f"whether {words} is over",
    )
