"""Bevacizumab near a biopsy, an operation or an unhealed wound, and what else its label forbids.

Place in the flow: rules of order-select and order-sign, for relapsed, progressing or refractory neuroblastoma.
May not: call a needle biopsy major surgery, or an operation that stands in words proven.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from hooks.facts.fact import Confidence, Known, YesNo
from hooks.facts.orders import DrugOrder, OrderState, ServiceOrder
from hooks.pathways.relapsed_neuroblastoma.facts import Facts
from hooks.pathways.relapsed_neuroblastoma.knowledge.supportive_safety import Limit, SafetyItem
from hooks.pathways.relapsed_neuroblastoma.rules.safety_allergies import allergy_hits, unknown_allergies
from hooks.pathways.relapsed_neuroblastoma.rules.safety_cards import (
    Frame,
    Hit,
    SafetyKnowledge,
    Setting,
    capped,
    dated,
    fired,
    item_of,
    rests_on,
)
from hooks.pathways.relapsed_neuroblastoma.rules.safety_events import Drug, asks_about, hit_of, present_hits
from hooks.pathways.relapsed_neuroblastoma.rules.safety_interactions import drug_of, interaction_hits
from hooks.pathways.relapsed_neuroblastoma.rules.safety_orders import (
    is_active_disease,
    orders_of,
    orders_used,
    selected_orders,
    when_words,
)
from hooks.pathways.relapsed_neuroblastoma.rules.safety_speaking import of_hits, when_selected
from hooks.pathways.relapsed_neuroblastoma.rules.saying import used
from hooks.recommendation import Indicator, Outcome, Silent, Topic, UsedFact
from hooks.terminology.table import is_a

_BIOPSY = "biopsy"
_ORDERED = {OrderState.DRAFT: "drafted", OrderState.ACTIVE: "ordered", OrderState.ON_HOLD: "on hold"}
_MONTHS_A_YEAR = 12


def bevacizumab_forbidden(facts: Facts, knowledge: SafetyKnowledge, as_of: date) -> Outcome:
    """Bevacizumab is contraindicated with an allergy to it, to products of CHO cells or other recombinant antibodies.

    Evidence: BEV-LEAF
    """
    setting = Setting(facts, knowledge, as_of)

    def collect(drug: Drug) -> Iterator[Hit]:
        yield from allergy_hits(item_of(setting.library, "be-cho"), drug, setting)

    return when_selected("bevacizumab_forbidden", "bevacizumab", collect, setting, unknown_allergies(facts))


def bevacizumab_near_surgery(facts: Facts, knowledge: SafetyKnowledge, as_of: date) -> Outcome:
    """Bevacizumab is held for 28 days after major surgery, with an unhealed wound, and before a planned operation.

    Evidence: BEV-LEAF
    """
    setting = Setting(facts, knowledge, as_of)
    item = item_of(setting.library, "be-wound")
    if is_active_disease(facts) and not selected_orders(facts.orders, "drug.bevacizumab"):
        return _operation_selected(item, drug_of("bevacizumab", setting), setting)

    def collect(drug: Drug) -> Iterator[Hit]:
        yield from _wound_hits(item, drug, setting)
        yield from _done_surgery_hits(item, drug, setting)
        yield from planned_surgery_hits(item, drug, setting)

    return when_selected("bevacizumab_near_surgery", "bevacizumab", collect, setting)


def _operation_selected(item: SafetyItem, drug: Drug, setting: Setting) -> Outcome:
    """Return the card of an operation that is selected while bevacizumab stands, or was given within the days."""
    board = setting.facts.orders
    chosen = tuple(_surgery(board.selected_services, setting.facts))
    since = setting.as_of - timedelta(days=int(item.when.limits[Limit.WITHIN_DAYS]))
    lately = tuple(order for order in board.past if drug.concept in order.drugs and _lasts_since(order, since))
    own = orders_of(board, drug.concept) or lately
    if not chosen or not own:
        return Silent("No bevacizumab is selected, and no operation beside it.", ("orders",))
    hits = tuple(_beside_operation(service, own[0], item, drug) for service in chosen)
    used_orders = tuple(orders_used(own, board, setting.library))
    frame = Frame(rule="bevacizumab_near_surgery", topic=Topic.ORDER_SAFETY, subject=drug.name, used=used_orders)
    return fired(frame, hits)


def _lasts_since(order: DrugOrder, since: date) -> bool:
    last = order.end or order.start or order.authored
    return last is not None and last >= since


def _beside_operation(service: ServiceOrder, order: DrugOrder, item: SafetyItem, drug: Drug) -> Hit:
    words = _words(service)
    return Hit(
        ground=rests_on(item),
        indicator=Indicator.WARNING,
        headline=f"Plan the {words}{_planned(service.when)}: {drug.name} {when_words(order)}",
        used=(_used(service, words),),
        ask=f"the day of the last dose of {drug.name}, and the day of the {words}",
    )


def bevacizumab_cautions(facts: Facts, knowledge: SafetyKnowledge, as_of: date) -> Outcome:
    """Headache, seizure, visual change under bevacizumab may be PRES; review thrombosis, bleeding, antithrombotics.

    Evidence: BEV-LEAF
    """
    setting = Setting(facts, knowledge, as_of)
    drug = drug_of("bevacizumab", setting)

    def hits() -> Iterator[Hit]:
        yield from interaction_hits(drug, ("be-clot",), setting)
        if selected_orders(facts.orders, drug.concept):
            for item_id in ("be-pres", "be-clot"):
                yield from present_hits(item_of(setting.library, item_id), drug, setting)
            yield from _off_label(item_of(setting.library, "be-bone"), facts)

    return of_hits("bevacizumab_cautions", "bevacizumab", hits(), setting)


def _off_label(item: SafetyItem, facts: Facts) -> Iterator[Hit]:
    age = facts.age_months
    years = int(item.when.limits[Limit.AGE_BELOW_YEARS])
    if isinstance(age, Known) and age.value < years * _MONTHS_A_YEAR:
        headline = f"Off label: bevacizumab at {age.value // _MONTHS_A_YEAR} years, below {years}"
        yield Hit(ground=rests_on(item), indicator=item.indicator, headline=headline, used=used(facts, "age_months"))


def planned_surgery_hits(item: SafetyItem, drug: Drug, setting: Setting) -> Iterator[Hit]:
    """Yield a hit for every biopsy or operation that is ordered and not done; a plan is no proof."""
    board = setting.facts.orders
    since = setting.as_of - timedelta(days=setting.knowledge.engineering.surgery_recent_days.value)
    for service in _surgery((*board.services, *board.procedures), setting.facts):
        if service.state not in _ORDERED or (service.when is not None and service.when < since):
            continue
        words = _words(service)
        yield Hit(
            ground=rests_on(item),
            indicator=Indicator.WARNING,
            headline=f"Hold {drug.name}: {words} {_standing(service)}{_planned(service.when)}",
            used=(_used(service, words),),
            ask=f"the day of the {words}, and that it is still planned",
        )


def _wound_hits(item: SafetyItem, drug: Drug, setting: Setting) -> Iterator[Hit]:
    """Yield a hit for every wound that is on record as not healed, however old the record is."""
    for finding in setting.facts.orders.findings:
        if finding.kind in item.when.findings and finding.active:
            yield hit_of(item, drug, finding, setting, asks_about(item, drug, finding, setting))


def _done_surgery_hits(item: SafetyItem, drug: Drug, setting: Setting) -> Iterator[Hit]:
    """Yield a hit for surgery within the days that the item names; where no day is on record, a question."""
    since = setting.as_of - timedelta(days=int(item.when.limits[Limit.WITHIN_DAYS]))
    for service in _surgery(setting.facts.orders.procedures, setting.facts):
        if service.state is not OrderState.COMPLETED or (service.when is not None and service.when < since):
            continue
        words = _words(service)
        if service.when is None:
            yield _undated(service, words, item, drug)
            continue
        major = service.confidence is Confidence.CODED and words != _BIOPSY
        yield Hit(
            ground=rests_on(item),
            indicator=item.indicator if major else capped(item.indicator, Indicator.WARNING),
            headline=f"Hold {drug.name}: {words} of {service.when}",
            used=(_used(service, words),),
            ask="" if major else f"whether the {words} was major surgery and the wound has healed",
        )


def _undated(service: ServiceOrder, words: str, item: SafetyItem, drug: Drug) -> Hit:
    return Hit(
        ground=rests_on(item),
        indicator=Indicator.INFO,
        headline=f"Confirm before giving {drug.name}: {words} done, day not on record",
        used=(_used(service, words),),
        ask=f"the day of the {words}",
    )


def _surgery(services: tuple[ServiceOrder, ...], facts: Facts) -> Iterator[ServiceOrder]:
    """Yield the services that the chart's own reading calls a biopsy or an operation."""
    fact = facts.biopsy_or_surgery_pending
    sources = fact.sources if isinstance(fact, Known) and fact.value is YesNo.YES else ()
    known = facts.orders.operations
    for service in dict.fromkeys(services):
        if service.reference in sources or _is_biopsy(service) or service in known:
            yield service


def _is_biopsy(service: ServiceOrder) -> bool:
    return any(is_a(concept, _BIOPSY) for concept in service.concepts)


def _words(service: ServiceOrder) -> str:
    return _BIOPSY if _is_biopsy(service) or "biops" in service.text.lower() else "operation"


def _standing(service: ServiceOrder) -> str:
    return "not finished" if service.is_procedure else _ORDERED[service.state]


def _planned(day: date | None) -> str:
    return f" for {day}" if day else ", day not on the order"


def _used(service: ServiceOrder, words: str) -> UsedFact:
    """Return a service as a fact that a card names, without the words of the chart."""
    state = service.state.value.replace("_", " ")
    label = f"{words.capitalize()} ({state}){dated(service.when)}"
    return UsedFact("orders", words, label, service.confidence, service.when, (service.reference,))
