"""Supportive drugs that need a look themselves: GM-CSF, cefixime, and what lowers the uptake of MIBG.

Place in the flow: rules of order-select and order-sign. GM-CSF goes with an antibody, so its rules speak for any
neuroblastoma. May not: tell hours apart where orders give days.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta

from hooks.facts.orders import DrugOrder, ServiceOrder
from hooks.pathways.relapsed_neuroblastoma.board import Allergy
from hooks.pathways.relapsed_neuroblastoma.facts import Facts
from hooks.pathways.relapsed_neuroblastoma.knowledge.supportive_safety import SafetyItem
from hooks.pathways.relapsed_neuroblastoma.rules.courses import IN_FORCE, present_orders
from hooks.pathways.relapsed_neuroblastoma.rules.safety_allergies import (
    allergies_of,
    allergy_hits,
    allergy_used,
    unknown_allergies,
)
from hooks.pathways.relapsed_neuroblastoma.rules.safety_cards import (
    Frame,
    Ground,
    Hit,
    SafetyKnowledge,
    Setting,
    dated,
    fired,
    item_of,
    order_item_of,
    rests_on,
)
from hooks.pathways.relapsed_neuroblastoma.rules.safety_events import Drug, present_hits
from hooks.pathways.relapsed_neuroblastoma.rules.safety_orders import (
    drug_name,
    is_active_disease,
    is_selected,
    names_of,
    orders_of,
    orders_used,
    partner_of,
    selected_orders,
    when_words,
)
from hooks.pathways.relapsed_neuroblastoma.rules.safety_speaking import NO_ACTIVE_DISEASE, when_beside
from hooks.recommendation import Indicator, Outcome, Silent, Topic, Undetermined, UsedFact
from hooks.terminology.drug_classes import classes_of, in_class
from hooks.terminology.table import is_a

_GM_CSF = Drug("sargramostim", "drug.sargramostim")
_CEPHALOSPORIN = "cephalosporin"
_RADIOTHERAPY = re.compile(r"\b(?:radiotherap\w*|irradiation|radiation (?:therapy|treatment))\b", re.IGNORECASE)
_MIBG = re.compile(r"\bm-?ibg\b|\biobenguane\b", re.IGNORECASE)
_BETA_LACTAM = re.compile(r"\b(?:beta|\N{GREEK SMALL LETTER BETA})[- ]?lactam\w*", re.IGNORECASE)
"""Cephalosporins are beta-lactams (ATC J01D), so an allergy that says no more may be to them."""
_LONGEST_DAYS = 366


def gm_csf_forbidden(facts: Facts, knowledge: SafetyKnowledge, as_of: date) -> Outcome:
    """Sargramostim is contraindicated with an allergy to it or to products from yeast; it may worsen fluid retention.

    Evidence: SARG-WARN
    """
    setting = Setting(facts, knowledge, as_of)
    orders = selected_orders(facts.orders, _GM_CSF.concept)
    if not orders:
        return Silent("No sargramostim is among the selected orders.", ("orders",))
    hits = (
        *allergy_hits(item_of(setting.library, "di-gmcsf-ci"), _GM_CSF, setting),
        *present_hits(item_of(setting.library, "di-gmcsf-fluid"), _GM_CSF, setting),
    )
    gaps = unknown_allergies(facts)
    if hits:
        own = tuple(orders_used(orders, facts.orders, setting.library))
        frame = Frame(rule="gm_csf_forbidden", topic=Topic.ORDER_SAFETY, subject=_GM_CSF.name, used=own, missing=gaps)
        return fired(frame, hits)
    if gaps:
        return Undetermined(gaps, because="The allergies are not known.")
    return Silent("Nothing on record speaks against sargramostim.", ("orders",))


def gm_csf_near_chemotherapy(facts: Facts, knowledge: SafetyKnowledge, as_of: date) -> Outcome:
    """GM-CSF is not given within 24 hours before or after chemotherapy or radiotherapy.

    Evidence: SARG-LABEL
    """
    setting = Setting(facts, knowledge, as_of)
    hits = tuple(_same_day_hits(setting))
    if not hits:
        return Silent("No day of GM-CSF is a day of chemotherapy or radiotherapy.", ("orders",))
    own = tuple(orders_used(orders_of(facts.orders, _GM_CSF.concept), facts.orders, setting.library))
    frame = Frame(rule="gm_csf_near_chemotherapy", topic=Topic.ORDER_SAFETY, subject=_GM_CSF.name, used=own)
    return fired(frame, hits)


def cefixime_with_cephalosporin_allergy(facts: Facts, knowledge: SafetyKnowledge, as_of: date) -> Outcome:
    """Cefixime against diarrhoea from irinotecan is not given with an allergy to a cephalosporin.

    Evidence: IRI-POGO, IRI-FURMAN
    """
    return _cefixime("cefixime_with_cephalosporin_allergy", "cefixime", Setting(facts, knowledge, as_of))


def irinotecan_without_cefixime(facts: Facts, knowledge: SafetyKnowledge, as_of: date) -> Outcome:
    """With an allergy to a cephalosporin irinotecan goes without cefixime; another plan against diarrhoea is needed.

    Evidence: IRI-POGO, IRI-FURMAN
    """
    return _cefixime("irinotecan_without_cefixime", "irinotecan", Setting(facts, knowledge, as_of))


def mibg_therapy_with_uptake_drug(facts: Facts, knowledge: SafetyKnowledge, as_of: date) -> Outcome:
    """Labetalol, tricyclic antidepressants and others may lower the uptake of 131I-MIBG.

    Evidence: MIBG-DRUGS
    """
    setting = Setting(facts, knowledge, as_of)
    return when_beside("mibg_therapy_with_uptake_drug", "131I-MIBG", ("mi-drugs",), setting)


def mibg_scan_with_uptake_drug(facts: Facts, knowledge: SafetyKnowledge, as_of: date) -> Outcome:
    """Labetalol, tricyclic antidepressants and sympathomimetics can make an MIBG scan falsely negative.

    Evidence: MIBG-DRUGS
    """
    setting = Setting(facts, knowledge, as_of)
    if not is_active_disease(facts):
        return NO_ACTIVE_DISEASE
    board, item = facts.orders, item_of(setting.library, "ra-interfere")
    scans = tuple(service for service in board.services if service.state in IN_FORCE and _is_mibg(service))
    touched = any(scan in board.selected_services for scan in scans)
    drugs = tuple(filter(partner_of(item.when), present_orders(board)))
    found = tuple(order for order in drugs if touched or is_selected(board, order))
    if not scans or not found:
        return Silent("No MIBG scan is ordered beside a drug that lowers its uptake.", ("orders",))
    names = names_of(found, setting.library)
    hit = Hit(
        ground=rests_on(item),
        indicator=item.indicator,
        headline=f"Tell nuclear medicine before the MIBG scan: {names} {when_words(found[0])}",
        used=(*orders_used(found, board, setting.library), *(_service_used(scan, "MIBG scan") for scan in scans)),
    )
    return fired(Frame(rule="mibg_scan_with_uptake_drug", topic=Topic.ORDER_SAFETY, subject="MIBG scan"), (hit,))


def _same_day_hits(setting: Setting) -> Iterator[Hit]:
    """Yield a hit for each chemotherapy or radiotherapy order that shares a day with GM-CSF, either side selected.

    Where GM-CSF or the chemotherapy has no first day, the days are asked.
    """
    board, item = setting.facts.orders, item_of(setting.library, "di-gmcsf-chemo")
    own = orders_of(board, _GM_CSF.concept)
    days = frozenset(day for order in own for day in _days(order))
    touched = any(is_selected(board, order) for order in own)
    has_days = any(order.start for order in own)
    for order in present_orders(board):
        is_meant = in_class(order.drugs, *item.when.classes) and (touched or is_selected(board, order))
        if is_meant and (shared := days.intersection(_days(order))):
            facts_of = tuple(orders_used((order,), board, setting.library))
            yield _moved(item, names_of((order,), setting.library), min(shared), facts_of)
        elif is_meant and own and not (has_days and order.start):
            yield _undated(
                item, names_of((order,), setting.library), tuple(orders_used((order,), board, setting.library))
            )
    for service in board.services:
        is_meant = service.state in IN_FORCE and _RADIOTHERAPY.search(service.text) is not None
        if is_meant and service.when in days and (touched or service in board.selected_services):
            yield _moved(item, "radiotherapy", service.when, (_service_used(service, "radiotherapy"),))


def _days(order: DrugOrder) -> Iterator[date]:
    """Yield the days that an order is known to run, its first day alone where it has no last one."""
    if order.start is not None:
        last = order.end or order.start
        for number in range(min((last - order.start).days, _LONGEST_DAYS) + 1):
            yield order.start + timedelta(days=number)


def _cefixime(rule: str, name: str, setting: Setting) -> Outcome:
    """Return the card of a cephalosporin allergy: a warning on cefixime itself, a word beside irinotecan."""
    if not is_active_disease(setting.facts):
        return NO_ACTIVE_DISEASE
    board, itself = setting.facts.orders, name == "cefixime"
    orders = selected_orders(board, f"drug.{name}")
    allergies = tuple(filter(_is_cephalosporin, allergies_of(setting.facts)))
    if not orders or not allergies:
        gaps = unknown_allergies(setting.facts) if orders else ()
        because = f"No selected {name}, or no allergy to a cephalosporin."
        return Undetermined(gaps, because=because) if gaps else Silent(because, ("orders",))
    item = order_item_of(setting.library, "irinotecan", "ir-cefixime")
    first = allergies[0]
    substance = _substance(first, setting)
    act = "Do not add cefixime to irinotecan" if not itself else "Review cefixime"
    words = f"The sources read name cefixime ({item.timing}) {item.indication} ({', '.join(item.sources)})."
    hit = Hit(
        ground=Ground((words,), item.sources, (item.id,) if itself else ()),
        indicator=Indicator.WARNING if itself else Indicator.INFO,
        headline=f"{act}: allergy to {substance}{dated(first.date)}",
        used=tuple(allergy_used(allergy, _substance(allergy, setting)) for allergy in allergies),
        lines=(
            "Choose another plan against diarrhoea with the pharmacist; the sources read name no other antibiotic.",
        ),
    )
    topic = Topic.ORDER_SAFETY if itself else Topic.PARTNER_SUPPORTIVE_CARE
    own = tuple(orders_used(orders, board, setting.library))
    return fired(Frame(rule=rule, topic=topic, subject=name, used=own), (hit,))


def _moved(item: SafetyItem, other: str, shared: date, used: tuple[UsedFact, ...]) -> Hit:
    return Hit(
        ground=rests_on(item),
        indicator=item.indicator,
        headline=f"Move the days of sargramostim: {other} is ordered on {shared} too",
        used=used,
        lines=("Orders give days, not hours: a dose on the day before or after is not weighed here.",),
    )


def _undated(item: SafetyItem, other: str, used: tuple[UsedFact, ...]) -> Hit:
    return Hit(
        ground=rests_on(item),
        indicator=Indicator.INFO,
        headline=f"Check the days of sargramostim beside {other}: not on the orders",
        used=used,
    )


def _is_cephalosporin(allergy: Allergy) -> bool:
    if not allergy.concept:
        return _BETA_LACTAM.search(allergy.text) is not None
    return allergy.concept == _CEPHALOSPORIN or _CEPHALOSPORIN in classes_of(allergy.concept)


def _substance(allergy: Allergy, setting: Setting) -> str:
    return drug_name(allergy.concept, setting.library) if allergy.concept else "beta-lactam antibiotics"


def _is_mibg(service: ServiceOrder) -> bool:
    return any(is_a(concept, "MIBG") for concept in service.concepts) or _MIBG.search(service.text) is not None


def _service_used(service: ServiceOrder, words: str) -> UsedFact:
    """Return a service as a fact that a card names, without the words of the chart."""
    state = service.state.value.replace("_", " ")
    label = f"{words[0].upper()}{words[1:]} ({state}){dated(service.when)}"
    return UsedFact("orders", words, label, service.confidence, service.when, (service.reference,))
