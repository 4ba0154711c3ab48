"""Drugs ordered again after they failed, 131I-MIBG on disease that takes up none, eflornithine out of its place.

Place in the flow: rules of order-select and order-sign, for relapsed, progressing or refractory neuroblastoma.
May not: block; an unknown history leaves the rule undetermined, never satisfied.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from hooks.facts.fact import Confidence, Fact, Known, YesNo
from hooks.pathways.relapsed_neuroblastoma.facts import Avidity, Facts
from hooks.pathways.relapsed_neuroblastoma.rules.safety_cards import (
    Frame,
    Hit,
    SafetyKnowledge,
    Setting,
    bracketed,
    fired,
    rests_on_cited,
    rests_on_gate,
)
from hooks.pathways.relapsed_neuroblastoma.rules.safety_events import Drug
from hooks.pathways.relapsed_neuroblastoma.rules.safety_orders import (
    is_active_disease,
    is_selected,
    orders_of,
    orders_used,
)
from hooks.pathways.relapsed_neuroblastoma.rules.safety_speaking import NO_ACTIVE_DISEASE, when_selected
from hooks.pathways.relapsed_neuroblastoma.rules.saying import NAMES, missing, used
from hooks.recommendation import Indicator, Outcome, Silent, Topic

_DIT = ("dinutuximab", "irinotecan", "temozolomide")


def temozolomide_after_failure(facts: Facts, knowledge: SafetyKnowledge, as_of: date) -> Outcome:
    """Temozolomide is questioned once the disease progressed on a temozolomide regimen.

    Evidence: BIT-MSKCC
    """
    return _failed("temozolomide_after_failure", "temozolomide", Setting(facts, knowledge, as_of))


def irinotecan_after_failure(facts: Facts, knowledge: SafetyKnowledge, as_of: date) -> Outcome:
    """Irinotecan is questioned once the disease progressed on an irinotecan regimen.

    Evidence: BIT-MSKCC
    """
    return _failed("irinotecan_after_failure", "irinotecan", Setting(facts, knowledge, as_of))


def mibg_therapy_without_avidity(facts: Facts, knowledge: SafetyKnowledge, as_of: date) -> Outcome:
    """131I-MIBG therapy needs disease that takes up MIBG on the present scan.

    Evidence: NANT
    """
    gate = knowledge.regimens.gate_codes["mibg_non_avid"]

    def collect(drug: Drug) -> Iterator[Hit]:
        avidity = facts.mibg_avidity
        if isinstance(avidity, Known) and avidity.value is Avidity.NON_AVID:
            yield Hit(
                ground=rests_on_gate(gate),
                indicator=Indicator.WARNING,
                headline=f"Review {drug.name}: the disease is not MIBG-avid{bracketed(avidity.date)}",
                used=used(facts, "mibg_avidity"),
                ask=_confirm(avidity, "mibg_avidity"),
            )

    gaps = missing(facts, "mibg_avidity")
    return when_selected("mibg_therapy_without_avidity", "131I-MIBG", collect, Setting(facts, knowledge, as_of), gaps)


def eflornithine_without_antibody(facts: Facts, knowledge: SafetyKnowledge, as_of: date) -> Outcome:
    """Eflornithine is labelled after treatment that included an anti-GD2 antibody.

    Evidence: IWILFIN
    """
    gate = knowledge.regimens.gate_codes["no_prior_anti_gd2"]

    def collect(drug: Drug) -> Iterator[Hit]:
        prior = facts.prior_anti_gd2
        if isinstance(prior, Known) and prior.value is YesNo.NO:
            yield Hit(
                ground=rests_on_gate(gate),
                indicator=Indicator.WARNING,
                headline=f"Review {drug.name}: no anti-GD2 antibody was given before",
                used=used(facts, "prior_anti_gd2"),
                ask=_confirm(prior, "prior_anti_gd2"),
            )

    gaps = missing(facts, "prior_anti_gd2")
    setting = Setting(facts, knowledge, as_of)
    return when_selected("eflornithine_without_antibody", "eflornithine", collect, setting, gaps)


def eflornithine_with_dit(facts: Facts, knowledge: SafetyKnowledge, as_of: date) -> Outcome:
    """Eflornithine together with dinutuximab, irinotecan and temozolomide gave no better response and cost hearing.

    Evidence: ANBL1821
    """
    setting = Setting(facts, knowledge, as_of)
    board, agents = facts.orders, setting.library.agents
    standing = {name: orders_of(board, agents[name].drug) for name in ("eflornithine", *_DIT)}
    listed = tuple(order for orders in standing.values() for order in orders)
    if not is_active_disease(facts):
        return NO_ACTIVE_DISEASE
    if not all(standing.values()) or not any(is_selected(board, order) for order in listed):
        return Silent(
            "Eflornithine is not ordered together with dinutuximab, irinotecan and temozolomide.", ("orders",)
        )
    hit = Hit(
        ground=rests_on_cited(*knowledge.regimens.regimens["DIT_DFMO"].against),
        indicator=Indicator.WARNING,
        headline="Review eflornithine: ordered together with dinutuximab, irinotecan and temozolomide",
    )
    own = tuple(orders_used(listed, board, setting.library))
    frame = Frame(rule="eflornithine_with_dit", topic=Topic.ORDER_SAFETY, subject="eflornithine", used=own)
    return fired(frame, (hit,))


def _failed(rule: str, name: str, setting: Setting) -> Outcome:
    """Return the card of a drug that is ordered although the disease progressed on it."""
    facts, fact_name = setting.facts, f"failed_{name}"
    failed: Fact[YesNo] = getattr(facts, fact_name)

    def collect(drug: Drug) -> Iterator[Hit]:
        if isinstance(failed, Known) and failed.value is YesNo.YES:
            yield Hit(
                ground=rests_on_gate(setting.knowledge.regimens.gate_codes[fact_name]),
                indicator=Indicator.WARNING,
                headline=f"Review {drug.name}: the disease progressed on it{bracketed(failed.date)}",
                used=used(facts, fact_name),
                ask=_confirm(failed, fact_name),
            )

    return when_selected(rule, name, collect, setting, missing(facts, fact_name))


def _confirm(fact: Known[YesNo] | Known[Avidity], name: str) -> str:
    """Return what is to be confirmed of a fact that no standard code gives."""
    words = NAMES[name]
    return "" if fact.confidence is Confidence.CODED else f"{words}, it is not coded"
