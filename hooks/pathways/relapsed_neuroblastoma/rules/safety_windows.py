"""What may not be given beside or near an anti-GD2 antibody: steroids, immunosuppressants, immunoglobulin, IL-2.

Place in the flow: rules of order-select and order-sign; they speak when the antibody or the other drug is selected.
May not: hold the window of dinutuximab beta against another antibody (naxitamab needs a steroid before its first
infusion), block immunoglobulin, or suggest IL-2.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from hooks.facts.orders import DrugOrder, OrderState
from hooks.pathways.relapsed_neuroblastoma.board import OrderBoard
from hooks.pathways.relapsed_neuroblastoma.facts import Facts
from hooks.pathways.relapsed_neuroblastoma.knowledge.supportive_safety import Act, SafetyItem
from hooks.pathways.relapsed_neuroblastoma.rules.courses import present_orders
from hooks.pathways.relapsed_neuroblastoma.rules.safety_antibody import BETA, DINUTUXIMAB, NAXITAMAB
from hooks.pathways.relapsed_neuroblastoma.rules.safety_cards import (
    NOT_WHEN,
    Frame,
    Ground,
    Hit,
    SafetyKnowledge,
    Setting,
    fired,
    item_of,
    rests_on,
)
from hooks.pathways.relapsed_neuroblastoma.rules.safety_orders import (
    is_vaccine_order,
    names_of,
    no_day_1,
    order_used,
    orders_used,
    pair,
    partner_of,
    when_words,
)
from hooks.pathways.relapsed_neuroblastoma.rules.safety_window_days import (
    AntibodyCourse,
    Place,
    course_at_hand,
    day_lines,
    earliest_day_1,
    margins_of,
    place_of,
    window_of,
)
from hooks.recommendation import Indicator, Outcome, Silent, Topic

_EMESIS = re.compile(r"\b(?:nausea|vomit\w*|emesis|anti-?emetic\w*)\b", re.IGNORECASE)
_REACTION = re.compile(r"\b(?:anaphyla\w*|allerg\w*|hypersensitiv\w*|reaction\w*|rescue|emergency)\b", re.IGNORECASE)
_DEXAMETHASONE = "drug.dexamethasone"
_SIROLIMUS = "drug.sirolimus"
_HYDROCORTISONE = "drug.hydrocortisone"
_VERB = {Act.AVOID: "Avoid", Act.REVIEW: "Review"}


def steroid_with_dinutuximab(facts: Facts, knowledge: SafetyKnowledge, as_of: date) -> Outcome:
    """Systemic steroids are avoided with dinutuximab, life-threatening allergy excepted.

    Evidence: CMN-DIN, UNI-EU
    """
    setting = Setting(facts, knowledge, as_of)
    return _in_window("steroid_with_dinutuximab", DINUTUXIMAB, item_of(setting.library, "di-steroid"), setting)


def steroid_with_dinutuximab_beta(facts: Facts, knowledge: SafetyKnowledge, as_of: date) -> Outcome:
    """Systemic steroids are avoided from 14 days before the first course of dinutuximab beta until 7 after the last.

    Evidence: QZ-SMPC-45, QZ-LEAF, CINV-PED, EMETO
    """
    setting = Setting(facts, knowledge, as_of)
    item = item_of(setting.library, "db-avoid-steroid")
    return _in_window("steroid_with_dinutuximab_beta", BETA, item, setting)


def immunosuppressant_with_dinutuximab_beta(facts: Facts, knowledge: SafetyKnowledge, as_of: date) -> Outcome:
    """Immunosuppressants end 14 days before the first course of dinutuximab beta; the earliest day 1 is computed.

    Evidence: QZ-LEAF
    """
    setting = Setting(facts, knowledge, as_of)
    item = item_of(setting.library, "db-avoid-immunosupp")
    return _in_window("immunosuppressant_with_dinutuximab_beta", BETA, item, setting)


def immunoglobulin_with_dinutuximab_beta(facts: Facts, knowledge: SafetyKnowledge, as_of: date) -> Outcome:
    """Intravenous immunoglobulin is not recommended with dinutuximab beta, but treats severe neurotoxicity.

    Evidence: QZ-SMPC-45, WIECZOREK-T3
    """
    setting = Setting(facts, knowledge, as_of)
    item = item_of(setting.library, "db-avoid-ivig")
    return _in_window("immunoglobulin_with_dinutuximab_beta", BETA, item, setting)


def il2_with_dinutuximab_beta(facts: Facts, knowledge: SafetyKnowledge, as_of: date) -> Outcome:
    """IL-2 added to dinutuximab beta gained no event-free survival, while label text still combines the two.

    Evidence: LADENSTEIN, WIECZOREK, BARONE-T1, QZ-SMPC-42
    """
    return _together("il2_with_dinutuximab_beta", BETA, "db-il2", Setting(facts, knowledge, as_of))


def il2_with_naxitamab(facts: Facts, knowledge: SafetyKnowledge, as_of: date) -> Outcome:
    """IL-2 is not part of the schedule in the label of naxitamab.

    Evidence: DANY-21
    """
    return _together("il2_with_naxitamab", NAXITAMAB, "nx-il2", Setting(facts, knowledge, as_of))


def vaccine_with_dinutuximab(facts: Facts, knowledge: SafetyKnowledge, as_of: date) -> Outcome:
    """Vaccines during dinutuximab need the oncologist's approval.

    Evidence: CMN-DIN
    """
    setting = Setting(facts, knowledge, as_of)
    return _in_window("vaccine_with_dinutuximab", DINUTUXIMAB, item_of(setting.library, "di-vaccine"), setting)


def vaccine_with_dinutuximab_beta(facts: Facts, knowledge: SafetyKnowledge, as_of: date) -> Outcome:
    """No vaccination is given during dinutuximab beta and for 10 weeks after its last course.

    Evidence: QZ-SMPC-45, QZ-LEAF
    """
    setting = Setting(facts, knowledge, as_of)
    return _in_window("vaccine_with_dinutuximab_beta", BETA, item_of(setting.library, "db-avoid-vaccine"), setting)


def _together(rule: str, name: str, item_id: str, setting: Setting) -> Outcome:
    """Return the card of an antibody and a drug that stand on the board together, whatever their days."""
    item, agent, board = item_of(setting.library, item_id), setting.library.agents[name], setting.facts.orders
    found = pair(board, agent.drug, partner_of(item.when, agent.drug))
    if found is None:
        return Silent(f"{name} and the other drug are not ordered together.", ("orders",))
    other = names_of(found.others, setting.library)
    headline = f"{_VERB[item.act]} {other} with {name}: {other} {when_words(found.others[0])}"
    hit = Hit(ground=rests_on(item), indicator=item.indicator, headline=headline)
    own = tuple(orders_used((*found.own, *found.others), board, setting.library))
    return fired(Frame(rule=rule, topic=Topic.ANTI_GD2_SAFETY, subject=name, used=own), (hit,))


def _in_window(rule: str, name: str, item: SafetyItem, setting: Setting) -> Outcome:
    """Return the card of the drugs that stand in the window which an item of an antibody opens."""
    board = setting.facts.orders
    course = course_at_hand(name, setting)
    if course is None:
        return Silent(f"No {name} is ordered or was given.", ("orders",))
    is_partner = is_vaccine_order if item.when.vaccines else partner_of(item.when, setting.library.agents[name].drug)
    orders = tuple(order for order in _candidates(course, board) if is_partner(order) and not _is_rescue(order))
    hits = tuple(hit for order in orders for hit in _hits(order, course, item, setting))
    if not hits:
        return Silent(f"No such drug stands in the window of {name}.", ("orders",))
    frame = Frame(
        rule=rule,
        topic=Topic.ANTI_GD2_SAFETY,
        subject=name,
        used=tuple(orders_used(course.orders, board, setting.library)),
        missing=no_day_1(name, course.days),
        not_when=(f"Exception of the source: {item.when.unless}.", *NOT_WHEN) if item.when.unless else NOT_WHEN,
    )
    return fired(frame, hits)


def _candidates(course: AntibodyCourse, board: OrderBoard) -> Iterator[DrugOrder]:
    """Yield the orders that may be named: with a selected antibody every one on record, else the selected alone."""
    yield from present_orders(board) if course.selected else board.selected
    if course.selected:
        yield from board.past
        yield from board.planned
        yield from (order for order in board.active if order.state is OrderState.ON_HOLD)


def _is_rescue(order: DrugOrder) -> bool:
    """True for an as-needed order, kept for a reaction; as needed against vomiting is no rescue.

    Dexamethasone is more often kept against vomiting: as needed without a word on what for, it is asked about.
    """
    said = f"{order.dosage_text} {order.text} {order.purpose}"
    if order.scheduled or _EMESIS.search(said):
        return False
    return not _is_unexplained(order)


def _is_unexplained(order: DrugOrder) -> bool:
    said = f"{order.dosage_text} {order.text} {order.purpose}"
    known = order.scheduled or _EMESIS.search(said) or _REACTION.search(said)
    return order.is_for(_DEXAMETHASONE) and not known


def _may_replace(order: DrugOrder) -> bool:
    """True for scheduled hydrocortisone that is not injected: more often a replacement than a treatment."""
    return order.is_for(_HYDROCORTISONE) and order.scheduled and order.route != "intravenous"


def _hits(order: DrugOrder, course: AntibodyCourse, item: SafetyItem, setting: Setting) -> Iterator[Hit]:
    """Yield the hit of one order in the window; only informing where day 1 would have to be known."""
    margins = margins_of(item)
    place = place_of(order, course, margins, setting)
    if place is Place.OUTSIDE:
        return
    name = names_of((order,), setting.library) or "a vaccine"
    earliest = earliest_day_1(order, course, margins, setting.as_of)
    day_1 = f"; day 1 {course.days.first}" if course.days.first and not course.over else ""
    day_1 += f", earliest {earliest}" if earliest else ""
    inside = _is_inside(order, place, window_of(course, margins).first)
    sure = (inside or place is Place.LATELY) and not _may_replace(order)
    verb = _VERB[item.act] if sure else "Confirm"
    yield Hit(
        ground=_ground(order, item, setting),
        indicator=item.indicator if inside else Indicator.INFO,
        headline=f"{verb} {name} near {course.name}: {name} {when_words(order)}{day_1}",
        used=(order_used(order, setting.facts.orders, setting.library),),
        ask="; ".join(_asks(order, name, place, course)),
        lines=tuple(day_lines(order, name, course, margins, setting.as_of)),
    )


def _is_inside(order: DrugOrder, place: Place, opens: date | None) -> bool:
    """True unless only an unknown day or purpose puts the order into the window."""
    if _is_unexplained(order):
        return False
    if place is not Place.UNENDED:
        return place in {Place.INSIDE, Place.OPEN}
    begun = order.start or order.authored
    return order.state is not OrderState.ON_HOLD and opens is not None and begun is not None and begun >= opens


def _asks(order: DrugOrder, name: str, place: Place, course: AntibodyCourse) -> Iterator[str]:
    if place is Place.OPEN:
        yield f"the days of {name} and of {course.name}"
    if place is Place.UNENDED:
        more = ", and whether it is taken again" if order.state is OrderState.ON_HOLD else ""
        yield f"the last day of {name}{more}"
    if _may_replace(order):
        yield f"whether {name} replaces a missing hormone; what was read says nothing of replacement"
    if place is Place.PLANNED:
        yield f"whether the planned {name} is to be given"
    if _is_unexplained(order):
        yield f"whether {name} as needed is kept for a life-threatening reaction alone"


def _ground(order: DrugOrder, item: SafetyItem, setting: Setting) -> Ground:
    """Return the item, with what else is sourced about dexamethasone or sirolimus near dinutuximab beta."""
    beside = {
        ("db-avoid-steroid", _DEXAMETHASONE): "db-without-dexamethasone",
        ("db-avoid-immunosupp", _SIROLIMUS): "si-gd2",
    }
    own = rests_on(item)
    for (item_id, drug), other in beside.items():
        if item_id == item.id and drug in order.drugs:
            more = rests_on(item_of(setting.library, other))
            return Ground((*own.points, *more.points), (*own.evidence, *more.evidence), (*own.items, *more.items))
    return own
