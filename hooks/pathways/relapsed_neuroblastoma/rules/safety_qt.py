"""Crizotinib or ceritinib beside another drug that lengthens QT: ECG and electrolytes.

Place in the flow: rules of order-select and order-sign, for relapsed, progressing or refractory neuroblastoma.
May not: judge a QTc or an electrolyte by a limit of our own; no source with one for children was read.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from hooks.facts.fact import Known
from hooks.pathways.relapsed_neuroblastoma.facts import Facts
from hooks.pathways.relapsed_neuroblastoma.rules.courses import course_of
from hooks.pathways.relapsed_neuroblastoma.rules.needs import Horizon, unsatisfied_checks
from hooks.pathways.relapsed_neuroblastoma.rules.safety_antibody_events import measured
from hooks.pathways.relapsed_neuroblastoma.rules.safety_cards import (
    Frame,
    SafetyKnowledge,
    Setting,
    fired,
    order_item_of,
)
from hooks.pathways.relapsed_neuroblastoma.rules.safety_interactions import drug_of, interaction_hits
from hooks.pathways.relapsed_neuroblastoma.rules.safety_orders import is_active_disease, selected_orders
from hooks.pathways.relapsed_neuroblastoma.rules.safety_speaking import NO_ACTIVE_DISEASE
from hooks.pathways.relapsed_neuroblastoma.rules.safety_targeted import family_links
from hooks.recommendation import Indicator, OrderKind, Outcome, ProposedOrder, Silent, Topic, UsedFact

_TRACED = {"qtc": "QTc", "potassium": "Potassium", "magnesium": "Magnesium", "calcium": "Calcium"}


def crizotinib_with_qt_drug(facts: Facts, knowledge: SafetyKnowledge, as_of: date) -> Outcome:
    """Crizotinib beside another drug that lengthens QT asks for ECG, potassium, magnesium and calcium.

    Evidence: CRZ-LEAF
    """
    return _lengthening("crizotinib_with_qt_drug", "crizotinib", ("cz-qt", "cz-ecg"), Setting(facts, knowledge, as_of))


def ceritinib_with_qt_drug(facts: Facts, knowledge: SafetyKnowledge, as_of: date) -> Outcome:
    """Ceritinib beside another drug that lengthens QT asks for ECG and heart rate.

    Evidence: CER-LEAF
    """
    return _lengthening("ceritinib_with_qt_drug", "ceritinib", ("ce-qt", "ce-ecg"), Setting(facts, knowledge, as_of))


def _lengthening(rule: str, name: str, items: tuple[str, str], setting: Setting) -> Outcome:
    """Return the card: a warning while a check is open, informing once all were done within the last days."""
    if not is_active_disease(setting.facts):
        return NO_ACTIVE_DISEASE
    hits = tuple(interaction_hits(drug_of(name, setting), items[:1], setting))
    if not hits:
        return Silent(f"{name} and another drug that lengthens QT are not ordered together.", ("orders",))
    open_checks = _open_checks(name, items[1], setting)
    if not open_checks:
        hits = tuple(replace(hit, indicator=Indicator.INFO) for hit in hits)
    own_card = bool(selected_orders(setting.facts.orders, drug_of(name, setting).concept))
    frame = Frame(
        rule=rule,
        topic=Topic.TARGETED_THERAPY_SAFETY,
        subject=name,
        used=_tracings(setting),
        orders=() if own_card or not open_checks else (_order(items[1], name, open_checks, setting),),
        links=family_links(name),
    )
    return fired(frame, hits)


def _open_checks(name: str, item_id: str, setting: Setting) -> tuple[str, ...]:
    """Return the names of the checks of the label that are neither ordered nor done within the last days."""
    library, limits = setting.library, setting.knowledge.engineering
    course = course_of(name, library.agents[name], setting.facts, setting.as_of)
    if course is None:
        return ()
    horizon = Horizon(setting.as_of, limits.order_horizon_days.value, limits.baseline_max_age_days.value)
    item = order_item_of(library, name, item_id)
    return tuple(
        library.checks[check].name for check in unsatisfied_checks(item, course, setting.facts.orders, library, horizon)
    )


def _tracings(setting: Setting) -> tuple[UsedFact, ...]:
    """Return QTc and electrolytes of the last days, as read."""
    since = setting.as_of - timedelta(days=setting.knowledge.engineering.baseline_max_age_days.value)
    found = []
    for kind, words in _TRACED.items():
        fact = setting.facts.orders.measurements.get(kind)
        if isinstance(fact, Known) and fact.date is not None and fact.date >= since:
            found.append(measured(words, kind, fact))
    return tuple(found)


def _order(item_id: str, name: str, checks: tuple[str, ...], setting: Setting) -> ProposedOrder:
    """Return one draft for the open checks. With a selected agent the card of its supportive care offers them."""
    listed = ", ".join(checks)
    reference = setting.facts.diagnosis_reference
    return ProposedOrder(
        kind=OrderKind.SERVICE_REQUEST,
        item=item_id,
        label=f"Order {listed}",
        text=listed,
        note=f"For {name} beside another drug that lengthens QT.",
        occurrence=setting.as_of,
        reason=(reference,) if reference else (),
    )
