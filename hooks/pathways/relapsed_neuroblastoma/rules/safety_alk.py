"""An ALK inhibitor against the tumour's ALK status.

Place in the flow: rules of order-select and order-sign, for relapsed, progressing or refractory neuroblastoma.
May not: read an untested, old or uncertain result as negative: only a coded one on tissue of this relapse is.
"""

from __future__ import annotations

from datetime import date

from hooks.facts.fact import Conflicting, Known, Unknown, is_coded
from hooks.facts.orders import DrugOrder
from hooks.pathways.relapsed_neuroblastoma.facts import ABERRANT_ALK, ALK, Facts, Timing, WorkupItem, WorkupState
from hooks.pathways.relapsed_neuroblastoma.rules.courses import IN_FORCE
from hooks.pathways.relapsed_neuroblastoma.rules.safety_cards import (
    Frame,
    Ground,
    Hit,
    SafetyKnowledge,
    Setting,
    dated,
    fired,
    meant_for,
    rests_on_cited,
    rests_on_gate,
    rests_on_statement,
)
from hooks.pathways.relapsed_neuroblastoma.rules.safety_orders import (
    is_active_disease,
    names_of,
    orders_used,
    selected_orders,
)
from hooks.pathways.relapsed_neuroblastoma.rules.safety_speaking import NO_ACTIVE_DISEASE
from hooks.pathways.relapsed_neuroblastoma.rules.safety_targeted import family_links
from hooks.pathways.relapsed_neuroblastoma.rules.saying import missing, used
from hooks.pathways.relapsed_neuroblastoma.rules.workup_orders import ORDERS
from hooks.recommendation import Indicator, Outcome, ProposedOrder, Silent, Topic
from hooks.terminology.drug_classes import in_class

_CLASS = "alk_inhibitor"


def alk_inhibitor_without_aberration(facts: Facts, knowledge: SafetyKnowledge, as_of: date) -> Outcome:
    """An ALK inhibitor rests on an ALK aberration of the tumour; without a result on this relapse, test first.

    Evidence: NANT-REG, ROSSWOG
    """
    setting = Setting(facts, knowledge, as_of)
    orders = tuple(
        order
        for order in facts.orders.selected
        if in_class(order.drugs, _CLASS) and order.state in IN_FORCE and not order.prohibited
    )
    if not is_active_disease(facts):
        return NO_ACTIVE_DISEASE
    if not orders:
        return Silent("No ALK inhibitor is among the selected orders.", ("orders",))
    states = states_of(facts)
    if states & ABERRANT_ALK:
        return Silent("ALK is aberrant.", ("alk",))
    name = names_of(orders, setting.library)
    proven = states == {ALK.NEGATIVE} and _is_proven(facts)
    hit = Hit(
        ground=_ground(states, facts, proven=proven, knowledge=knowledge),
        indicator=Indicator.WARNING if proven else Indicator.INFO,
        headline=f"Review {name}: {_status_words(facts, states)}",
        used=used(facts, "alk"),
        ask="" if proven else _ask(facts),
        missing=missing(facts, "alk"),
    )
    panel = () if proven else _panel(facts)
    return fired(_frame("alk_inhibitor_without_aberration", name, orders, setting, panel), (hit,))


def crizotinib_on_resistant_variant(facts: Facts, knowledge: SafetyKnowledge, as_of: date) -> Outcome:
    """Crizotinib had its responses in ALK R1275Q alone; every F1174L progressed in the first cycle.

    Evidence: CRIZ, LORLA
    """
    setting = Setting(facts, knowledge, as_of)
    orders = selected_orders(facts.orders, setting.library.agents["crizotinib"].drug)
    if not is_active_disease(facts):
        return NO_ACTIVE_DISEASE
    if not orders:
        return Silent("No crizotinib is among the selected orders.", ("orders",))
    aberrant = states_of(facts) & ABERRANT_ALK
    if not aberrant or aberrant == {ALK.R1275Q}:
        return Silent("No ALK change that resists crizotinib is on record.", ("alk",))
    resistant = ALK.F1174 in aberrant
    library = knowledge.regimens
    built_for = library.regimens["LORLATINIB"].for_whom[1:2] if resistant else ()
    hit = Hit(
        ground=rests_on_cited(*library.regimens["CRIZOTINIB"].against, *built_for),
        indicator=Indicator.WARNING if resistant else Indicator.INFO,
        headline=f"Review crizotinib: ALK {_named(facts)}{dated(_date(facts))}",
        used=used(facts, "alk"),
        ask="" if is_coded(facts.alk) else "the ALK result, it is not coded",
    )
    return fired(_frame("crizotinib_on_resistant_variant", "crizotinib", orders, setting), (hit,))


def alectinib_without_fusion(facts: Facts, knowledge: SafetyKnowledge, as_of: date) -> Outcome:
    """The paediatric trial of alectinib takes ALK fusions only.

    Evidence: ALEC-REG
    """
    setting = Setting(facts, knowledge, as_of)
    orders = selected_orders(facts.orders, setting.library.agents["alectinib"].drug)
    if not is_active_disease(facts):
        return NO_ACTIVE_DISEASE
    if not orders:
        return Silent("No alectinib is among the selected orders.", ("orders",))
    aberrant = states_of(facts) & ABERRANT_ALK
    if not aberrant or ALK.FUSION in aberrant:
        return Silent("No ALK change other than a fusion is on record.", ("alk",))
    hit = Hit(
        ground=meant_for("Alectinib", *knowledge.regimens.regimens["ALECTINIB"].for_whom),
        indicator=Indicator.INFO,
        headline=f"Review alectinib: ALK {_named(facts)}{dated(_date(facts))}, no fusion",
        used=used(facts, "alk"),
    )
    return fired(_frame("alectinib_without_fusion", "alectinib", orders, setting), (hit,))


def states_of(facts: Facts) -> frozenset[ALK]:
    """Return every ALK state on record, whatever its confidence and timing; of a conflict all of them."""
    fact = facts.alk
    results = (fact.value,) if isinstance(fact, Known) else fact.values if isinstance(fact, Conflicting) else ()
    return frozenset(state for result in results for state in (result.state, *result.also))


def _is_proven(facts: Facts) -> bool:
    """True for a coded result on this relapse that answers on mutation, copies and fusion alike."""
    fact = facts.alk
    whole = isinstance(fact, Known) and not fact.value.untested
    return whole and is_coded(fact) and _is_of_this_relapse(facts)


def _is_of_this_relapse(facts: Facts) -> bool:
    return isinstance(facts.alk, Known) and facts.alk.value.timing is Timing.AT_RELAPSE


def _untested(facts: Facts) -> str:
    """Return the halves of the test that no result answers ("copy number and fusion"), or ""."""
    return " and ".join(facts.alk.value.untested) if isinstance(facts.alk, Known) else ""


def _ask(facts: Facts) -> str:
    half = _untested(facts) if _is_of_this_relapse(facts) else ""
    return f"ALK {half} on tissue of this relapse" if half else "the ALK status on tissue of this relapse"


def _named(facts: Facts) -> str:
    """Return the variant, else the states."""
    variant = facts.alk.value.variant if isinstance(facts.alk, Known) else ""
    return variant or " and ".join(sorted(state.replace("_", " ") for state in states_of(facts) & ABERRANT_ALK))


def _date(facts: Facts) -> date | None:
    return facts.alk.date


def _status_words(facts: Facts, states: frozenset[ALK]) -> str:
    fact = facts.alk
    if isinstance(fact, Unknown):
        return f"ALK {fact.why}"
    if ALK.VUS in states:
        return f"ALK variant of uncertain significance{dated(fact.date)}"
    if half := _untested(facts) if _is_of_this_relapse(facts) else "":
        return f"ALK negative{dated(fact.date)}, {half} not tested or not told"
    return f"ALK negative{dated(fact.date)}{'' if _is_proven(facts) else ', not proven on this relapse'}"


def _ground(states: frozenset[ALK], facts: Facts, *, proven: bool, knowledge: SafetyKnowledge) -> Ground:
    library = knowledge.regimens
    half_tested = _is_of_this_relapse(facts) and bool(_untested(facts))
    if proven:
        return rests_on_gate(library.gate_codes["alk_not_aberrant"])
    if ALK.NEGATIVE in states and not half_tested:
        return rests_on_statement(library.statements.root["alk_old_negative"])
    if ALK.VUS in states:
        return rests_on_statement(library.statements.root["alk_vus"])
    return meant_for("Lorlatinib", *library.regimens["LORLATINIB"].for_whom[:1])


def _panel(facts: Facts) -> tuple[ProposedOrder, ...]:
    """Return the molecular panel as a draft, unless it is ordered or done."""
    state = facts.workup.get(WorkupItem.MOLECULAR_PANEL)
    known = isinstance(state, Known) and state.value in {WorkupState.DONE, WorkupState.ORDERED}
    return () if known else (ORDERS[WorkupItem.MOLECULAR_PANEL],)


def _frame(
    rule: str, name: str, orders: tuple[DrugOrder, ...], setting: Setting, panel: tuple[ProposedOrder, ...] = ()
) -> Frame:
    pages = [agent for drug in orders for concept in drug.drugs if (agent := setting.library.agent_of(concept))]
    return Frame(
        rule=rule,
        topic=Topic.TARGETED_THERAPY_SAFETY,
        subject=name,
        used=tuple(orders_used(orders, setting.facts.orders, setting.library)),
        orders=panel,
        links=family_links(*dict.fromkeys(pages)),
    )
