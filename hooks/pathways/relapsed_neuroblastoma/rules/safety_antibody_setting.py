"""An anti-GD2 antibody in its setting: alone in progression, after a reaction to another one, beside another one.

Place in the flow: rules of order-select and order-sign about a selected antibody. May not: hold a reaction to one
antibody as a contraindication of another; it is a question.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import combinations

from hooks.facts.fact import Confidence, Known, YesNo, is_value
from hooks.facts.orders import DrugOrder
from hooks.pathways.relapsed_neuroblastoma.board import FindingKind
from hooks.pathways.relapsed_neuroblastoma.facts import DiseaseEvent, Facts, Response
from hooks.pathways.relapsed_neuroblastoma.knowledge.supportive import AgentKind
from hooks.pathways.relapsed_neuroblastoma.rules.courses import present_orders
from hooks.pathways.relapsed_neuroblastoma.rules.safety_allergies import allergies_of, allergy_used
from hooks.pathways.relapsed_neuroblastoma.rules.safety_antibody import BETA, DINUTUXIMAB, NAXITAMAB
from hooks.pathways.relapsed_neuroblastoma.rules.safety_antibody_fit import each_antibody
from hooks.pathways.relapsed_neuroblastoma.rules.safety_cards import (
    Frame,
    Ground,
    Hit,
    SafetyKnowledge,
    Setting,
    bracketed,
    dated,
    fired,
    meant_for,
    rests_on_cited,
    rests_on_gate,
)
from hooks.pathways.relapsed_neuroblastoma.rules.safety_events import Drug, finding_used
from hooks.pathways.relapsed_neuroblastoma.rules.safety_orders import (
    course_days,
    drug_name,
    is_active_disease,
    is_selected,
    orders_of,
    orders_used,
)
from hooks.pathways.relapsed_neuroblastoma.rules.safety_speaking import NO_ACTIVE_DISEASE
from hooks.pathways.relapsed_neuroblastoma.rules.saying import missing, used
from hooks.recommendation import Indicator, MissingFact, Outcome, Silent, Topic, UsedFact
from hooks.terminology.drug_classes import in_class

_CYTOTOXIC = "cytotoxic"
_ANTIBODY = "anti_gd2_antibody"
_THREE_PRODUCTS = Ground(
    (
        "dinutuximab, dinutuximab beta and naxitamab are three products with doses of their own and are never "
        "interchanged; each label gives one of them (UNI-22, QZ-LEAF, DANY-21).",
    ),
    ("UNI-22", "QZ-LEAF", "DANY-21"),
)


def antibody_alone_in_progression(facts: Facts, knowledge: SafetyKnowledge, as_of: date) -> Outcome:
    """Progressing disease is stabilised first; an anti-GD2 antibody alone does not treat it.

    Evidence: QARZIBA, NAXI-LABEL, UNITUXIN
    """
    setting = Setting(facts, knowledge, as_of)
    if not is_active_disease(facts):
        return NO_ACTIVE_DISEASE
    if _is_with_chemotherapy(setting):
        return Silent("The antibody is ordered together with chemotherapy.", ("orders",))

    def collect(drug: Drug) -> Iterator[Hit]:
        response = facts.response
        if isinstance(response, Known) and response.value.category is Response.PD:
            ask = "" if response.confidence is Confidence.CODED else "the progression, it is not coded"
            yield _in_progression(drug, setting, f"progressive disease{dated(response.date)}", "response", ask)
        elif not isinstance(response, Known) and is_value(facts.disease_event, DiseaseEvent.PROGRESSION):
            words = f"progression{dated(facts.disease_event.date)}"
            yield _in_progression(drug, setting, words, "disease_event", "the response since the progression")

    return each_antibody("antibody_alone_in_progression", collect, setting, _gaps(facts))


def antibody_after_reaction_to_another(facts: Facts, knowledge: SafetyKnowledge, as_of: date) -> Outcome:
    """After a life-threatening reaction to one anti-GD2 antibody another one is questioned.

    Evidence: QARZIBA
    """
    setting = Setting(facts, knowledge, as_of)
    gate = knowledge.regimens.gate_codes["severe_anti_gd2_reaction"]
    reaction = facts.severe_anti_gd2_reaction

    def collect(drug: Drug) -> Iterator[Hit]:
        if isinstance(reaction, Known) and reaction.value is YesNo.YES and not _has_own_rule(drug, facts):
            yield Hit(
                ground=rests_on_gate(gate),
                indicator=Indicator.WARNING,
                headline=f"Confirm before giving {drug.name}: severe reaction to an antibody{bracketed(reaction.date)}",
                used=(*used(facts, "severe_anti_gd2_reaction"), *_named_reactions(setting)),
                ask=f"which antibody it was, and whether {drug.name} is to be given",
            )

    return each_antibody("antibody_after_reaction_to_another", collect, setting)


def two_antibodies(facts: Facts, knowledge: SafetyKnowledge, as_of: date) -> Outcome:
    """Two anti-GD2 antibodies are not given at once; they are not interchangeable.

    Evidence: UNI-22, QZ-LEAF, DANY-21
    """
    setting = Setting(facts, knowledge, as_of)
    board, agents = facts.orders, setting.library.agents
    standing = {name: orders_of(board, agents[name].drug) for name in setting.library.of_kind(AgentKind.ANTIBODY)}
    together: dict[str, tuple[DrugOrder, ...]] = {}
    for one, other in combinations([name for name, orders in standing.items() if orders], 2):
        orders = (*standing[one], *standing[other])
        apart = not course_days(standing[one], agents[one]).overlaps(course_days(standing[other], agents[other]))
        if not apart and any(is_selected(board, order) for order in orders):
            together |= {one: standing[one], other: standing[other]}
    if not together:
        return Silent("No two anti-GD2 antibodies are ordered for the same days.", ("orders",))
    listed = " and ".join((", ".join(tuple(together)[:-1]), tuple(together)[-1]))
    headline = f"Review {listed}: ordered for the same days"
    hit = Hit(ground=_THREE_PRODUCTS, indicator=Indicator.WARNING, headline=headline)
    own = tuple(orders_used((order for orders in together.values() for order in orders), board, setting.library))
    subject = ", ".join(together)
    return fired(Frame(rule="two_antibodies", topic=Topic.ANTI_GD2_SAFETY, subject=subject, used=own), (hit,))


def antibody_in_doubt(facts: Facts, knowledge: SafetyKnowledge, as_of: date) -> Outcome:
    """An order that names two anti-GD2 antibodies, or leaves open which one, is clarified before anything else.

    Evidence: UNI-22, QZ-LEAF, DANY-21
    """
    setting = Setting(facts, knowledge, as_of)
    hits = tuple(_doubt(order, setting) for order in facts.orders.doubtful if not order.prohibited)
    if not hits:
        return Silent("Every draft of an anti-GD2 antibody says which one it is.", ("orders",))
    topic = Topic.ANTI_GD2_SAFETY
    return fired(Frame(rule="antibody_in_doubt", topic=topic, subject="anti-GD2 antibody", not_when=()), hits)


def _doubt(order: DrugOrder, setting: Setting) -> Hit:
    names = " and ".join(drug_name(drug, setting.library) for drug in order.drugs)
    words = f"one draft names {names}" if names else "a draft does not say which anti-GD2 antibody it is"
    name = names or "an anti-GD2 antibody"
    label = f"Draft order of {name}, as its code and words say together"
    return Hit(
        ground=_THREE_PRODUCTS,
        indicator=Indicator.WARNING,
        headline=f"Clarify the antibody before it is signed: {words}",
        used=(UsedFact("orders", name, label, Confidence.TEXT, order.start or order.authored, (order.reference,)),),
        ask=f"which antibody {order.reference} is meant to be",
        lines=("Neither its supportive care nor its contraindications were checked, and no order is drafted for it.",),
    )


def _in_progression(drug: Drug, setting: Setting, words: str, fact: str, ask: str) -> Hit:
    library = setting.knowledge.regimens
    ground = {
        DINUTUXIMAB: lambda: rests_on_cited(*library.regimens["DINUTUXIMAB_FIRSTLINE"].against),
        BETA: lambda: rests_on_gate(library.gate_codes["active_pd"]),
        NAXITAMAB: lambda: meant_for("Naxitamab", *library.regimens["NAXITAMAB_GMCSF"].for_whom),
    }[drug.name]()
    headline = f"Review {drug.name} alone: {words}"
    return Hit(ground=ground, indicator=Indicator.WARNING, headline=headline, used=used(setting.facts, fact), ask=ask)


def _is_with_chemotherapy(setting: Setting) -> bool:
    """True if a cytotoxic drug stands on the board, or was begun within the days of one cycle."""
    since = setting.as_of - timedelta(days=setting.knowledge.engineering.cycle_window_days.value)
    board = setting.facts.orders
    begun = (order for order in board.past if order.start is not None and order.start >= since)
    return any(_is_cytotoxic(order) for order in (*present_orders(board), *begun))


def _is_cytotoxic(order: DrugOrder) -> bool:
    return in_class(order.drugs, _CYTOTOXIC)


def _gaps(facts: Facts) -> tuple[MissingFact, ...]:
    return missing(facts, "response")


def _named_reactions(setting: Setting) -> Iterator[UsedFact]:
    """Yield what the chart says of reactions to an anti-GD2 antibody, so that the card names which it was."""
    for allergy in allergies_of(setting.facts):
        if in_class((allergy.concept,), _ANTIBODY):
            yield allergy_used(allergy, drug_name(allergy.concept, setting.library))
    for finding in setting.facts.orders.findings:
        if in_class((finding.drug,), _ANTIBODY):
            yield finding_used(finding, setting)


def _has_own_rule(drug: Drug, facts: Facts) -> bool:
    """True if the reaction was to this very antibody and a rule of its own label speaks of it."""
    allergic = any(allergy.concept == drug.concept for allergy in allergies_of(facts))
    put_down = {finding.kind for finding in facts.orders.findings if finding.drug == drug.concept}
    return allergic or FindingKind.ANAPHYLAXIS in put_down or (bool(put_down) and drug.name != BETA)
