"""What a selected antibody or partner drug still needs: two cards per antibody, one for partner drugs.

Place in the flow: rules of order-select and order-sign. May not: say what forbids an order (the safety rules do),
or offer the items of one antibody for another.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date
from functools import wraps
from typing import NamedTuple, Protocol

from hooks.facts.fact import Why, value_of
from hooks.pathways.relapsed_neuroblastoma.facts import ACTIVE_EVENTS, Facts
from hooks.pathways.relapsed_neuroblastoma.knowledge.engineering import Engineering
from hooks.pathways.relapsed_neuroblastoma.knowledge.supportive import AgentKind, SupportiveLibrary
from hooks.pathways.relapsed_neuroblastoma.knowledge.supportive_items import OrderItem
from hooks.pathways.relapsed_neuroblastoma.rules.courses import Course, course_of
from hooks.pathways.relapsed_neuroblastoma.rules.needs import Horizon, missing_items
from hooks.pathways.relapsed_neuroblastoma.rules.safety_orders import Days, course_days, orders_of, when_words
from hooks.pathways.relapsed_neuroblastoma.rules.supportive_cards import Gap, card_of, named_beside
from hooks.pathways.relapsed_neuroblastoma.rules.supportive_orders import Setting
from hooks.recommendation import Fired, Indicator, MissingFact, Outcome, Silent, Topic, Undetermined


class SupportiveKnowledge(Protocol):
    """The part of the pathway's knowledge that these rules read."""

    @property
    def supportive(self) -> SupportiveLibrary:
        """Order sets and safety rules."""

    @property
    def engineering(self) -> Engineering:
        """Our own thresholds."""


SupportiveRule = Callable[[Facts, SupportiveKnowledge, date], Outcome]


class _Group(NamedTuple):
    """The items of an antibody that one rule speaks of: its drugs (WARNING) or its monitoring (INFO)."""

    rule: str
    name: str
    indicator: Indicator


_GROUPS = {
    name: _Group(name, agent, indicator)
    for name, agent, indicator in (
        ("dinutuximab_premedication", "dinutuximab", Indicator.WARNING),
        ("dinutuximab_monitoring", "dinutuximab", Indicator.INFO),
        ("dinutuximab_beta_premedication", "dinutuximab beta", Indicator.WARNING),
        ("dinutuximab_beta_monitoring", "dinutuximab beta", Indicator.INFO),
        ("naxitamab_premedication", "naxitamab", Indicator.WARNING),
        ("naxitamab_monitoring", "naxitamab", Indicator.INFO),
    )
}


def dinutuximab_premedication(facts: Facts, knowledge: SupportiveKnowledge, as_of: date) -> Outcome:
    """Each dinutuximab infusion needs saline before it, an opioid, an H1 antihistamine and paracetamol.

    Evidence: UNI-22, UNI-EU
    """
    return _antibody(_GROUPS["dinutuximab_premedication"], facts, knowledge, as_of)


def dinutuximab_monitoring(facts: Facts, knowledge: SupportiveKnowledge, as_of: date) -> Outcome:
    """Each dinutuximab course needs its organ functions before it and observation until 4 h after each infusion.

    Evidence: UNI-22, UNI-BOX, UNI-EU, CMN-DIN, SARG-LABEL
    """
    return _antibody(_GROUPS["dinutuximab_monitoring"], facts, knowledge, as_of)


def dinutuximab_beta_premedication(facts: Facts, knowledge: SupportiveKnowledge, as_of: date) -> Outcome:
    """Each dinutuximab beta course needs gabapentin from three days before, a non-opioid and an opioid.

    Evidence: QZ-SMPC-44, BARONE-T2
    """
    return _antibody(_GROUPS["dinutuximab_beta_premedication"], facts, knowledge, as_of)


def dinutuximab_beta_monitoring(facts: Facts, knowledge: SupportiveKnowledge, as_of: date) -> Outcome:
    """Each dinutuximab beta course needs its start criteria and blood tests, vital signs, fluid balance, pain scores.

    Evidence: QZ-LEAF, QZ-SMPC-42, GD2REVIEW
    """
    return _antibody(_GROUPS["dinutuximab_beta_monitoring"], facts, knowledge, as_of)


def naxitamab_premedication(facts: Facts, knowledge: SupportiveKnowledge, as_of: date) -> Outcome:
    """Each naxitamab cycle needs GM-CSF, gabapentin, an opioid, H1 and H2 antihistamines, paracetamol; first a steroid.

    Evidence: DANY-21, DANY-22, DANY-51
    """
    return _antibody(_GROUPS["naxitamab_premedication"], facts, knowledge, as_of)


def naxitamab_monitoring(facts: Facts, knowledge: SupportiveKnowledge, as_of: date) -> Outcome:
    """Each naxitamab cycle needs blood pressure before it and observation until 2 h after each infusion.

    Evidence: DANY-51, DANY-MONO
    """
    return _antibody(_GROUPS["naxitamab_monitoring"], facts, knowledge, as_of)


def partner_supportive_care(facts: Facts, knowledge: SupportiveKnowledge, as_of: date) -> Outcome:
    """Partner drugs and ALK inhibitors at relapse need the baselines, monitoring and drugs that their labels name.

    Each item carries its own further source.

    Evidence: LOR-EU44, CRZ-AIFA, ALE-LEAF, CER-LEAF, SIR-LEAF, DAS-LEAF, TMZ-LEAF, BEV-LEAF, MIBG-COMBI, DFMO-MONO
    """
    if value_of(facts.disease_event) not in ACTIVE_EVENTS:
        return Silent("No relapsed, progressing or refractory disease is on record.", ("disease_event",))
    library = knowledge.supportive
    courses = _partner_courses(facts, knowledge, as_of)
    if not courses:
        return Silent("No partner drug or ALK inhibitor is among the selected orders.", ("orders",))
    gaps = _partner_gaps(facts, knowledge, as_of)
    if not gaps:
        return Silent("Everything that the selected partner drugs need is ordered.", ("orders",))
    if len(_antibodies_that_lack(facts, knowledge, as_of)) > 1:
        return Silent("What the partner drugs lack stands on the card of the first antibody.", ("orders",))
    urgent = any(
        entry.item.is_drug or entry.item.indicator is not Indicator.INFO for gap in gaps for entry in gap.missing
    )
    return Fired(
        card_of(
            "partner_supportive_care",
            Topic.PARTNER_SUPPORTIVE_CARE,
            Indicator.WARNING if urgent else Indicator.INFO,
            gaps,
            Setting(facts, library, knowledge.engineering, as_of),
        )
    )


def _partner_courses(facts: Facts, knowledge: SupportiveKnowledge, as_of: date) -> tuple[Course, ...]:
    library = knowledge.supportive
    names = library.of_kind(AgentKind.ALK_INHIBITOR, AgentKind.PARTNER)
    found = (course_of(name, library.agents[name], facts, as_of) for name in names)
    return tuple(course for course in found if course is not None and course.selected)


def _partner_gaps(facts: Facts, knowledge: SupportiveKnowledge, as_of: date) -> tuple[Gap, ...]:
    """Return what the selected partner drugs lack, in active disease."""
    if value_of(facts.disease_event) not in ACTIVE_EVENTS:
        return ()
    courses = _partner_courses(facts, knowledge, as_of)
    return tuple(gap for course in courses if (gap := _gap(course, None, facts, knowledge, as_of)).missing)


def _antibodies_that_lack(facts: Facts, knowledge: SupportiveKnowledge, as_of: date) -> tuple[str, ...]:
    """Return the antibodies of which a card of missing items speaks."""
    library = knowledge.supportive
    names = library.of_kind(AgentKind.ANTIBODY)
    found = (course_of(name, library.agents[name], facts, as_of) for name in names)
    courses = (course for course in found if course is not None and (course.selected or course.day_1 is not None))
    lacking = ((course, True if _beside(course, facts, library, as_of) else None) for course in courses)
    return tuple(course.name for course, drugs in lacking if _gap(course, drugs, facts, knowledge, as_of).missing)


def _antibody(
    group: _Group, facts: Facts, knowledge: SupportiveKnowledge, as_of: date, *, at_once: bool = False
) -> Outcome:
    """Return what one group of items says: drugs on the warning card, monitoring on the informing one.

    Beside a card of partner drugs or of another antibody, and at signing, both groups stand on one card: two cards
    are the most that one call gets of missing items. Beside two antibodies the partner drugs join the first of them.
    """
    rule, name, indicator = group
    library = knowledge.supportive
    course = course_of(name, library.agents[name], facts, as_of)
    if course is None:
        return Silent(f"No {name} is among the orders.", ("orders",))
    if indicator is Indicator.INFO and (others := _beside(course, facts, library, as_of)):
        return Silent(
            f"{name} and {' and '.join(others)} are ordered together; one has to be chosen first.", ("orders",)
        )
    if course.day_1 is None and not course.selected:
        gap = MissingFact("day_1", str(Why.NOT_FOUND), f"Day 1 of {name}: not on the order", ("orders",))
        return Undetermined((gap,), because=f"{name} is not selected, and its day 1 is not on the order.")
    lacks = _gap(course, indicator is Indicator.WARNING, facts, knowledge, as_of)
    lacking = _antibodies_that_lack(facts, knowledge, as_of)
    if lacks.missing and (at_once or len(lacking) > 1 or _with_partners(facts, knowledge, as_of)):
        if indicator is Indicator.INFO and _gap(course, True, facts, knowledge, as_of).missing:
            return Silent(f"What {name} lacks stands on one card.", ("orders",))
        if indicator is Indicator.WARNING and not _beside(course, facts, library, as_of):
            lacks = _gap(course, None, facts, knowledge, as_of)
    if not lacks.missing:
        return Silent(f"Everything that {name} needs now is ordered.", ("orders",))
    setting = Setting(facts, library, knowledge.engineering, as_of)
    extra = (*_ordered_twice(course, setting), *_other_antibodies(course, setting))
    joined = _partner_gaps(facts, knowledge, as_of) if lacking[1:] and lacking[0] == name else ()
    return Fired(card_of(rule, Topic.ANTI_GD2_SUPPORTIVE_CARE, indicator, (lacks, *joined), setting, extra))


def _with_partners(facts: Facts, knowledge: SupportiveKnowledge, as_of: date) -> bool:
    return isinstance(partner_supportive_care(facts, knowledge, as_of), Fired)


def _gap(course: Course, drugs: bool | None, facts: Facts, knowledge: SupportiveKnowledge, as_of: date) -> Gap:
    """Return what the course lacks: of its drugs (True), of its monitoring (False), or of both (None)."""
    library, limits = knowledge.supportive, knowledge.engineering
    items: Iterable[OrderItem] = library.order_sets[course.name]
    chosen = tuple(item for item in items if drugs is None or item.is_drug is drugs)
    horizon = Horizon(as_of, limits.order_horizon_days.value, limits.baseline_max_age_days.value)
    missing = missing_items(course, chosen, facts.orders, library, horizon)
    passed = tuple(entry.item for entry in missing if _is_over(entry.item, course, as_of))
    still = tuple(entry for entry in missing if entry.item not in passed)
    return Gap(course, still, named_beside(course, chosen, facts), passed)


def _is_over(item: OrderItem, course: Course, as_of: date) -> bool:
    """True for a drug whose last day of this course has passed: given late, it would double the step that follows."""
    last = course.over(item)
    return item.is_drug and item.end_day is not None and last is not None and last < as_of


def _beside(course: Course, facts: Facts, library: SupportiveLibrary, as_of: date) -> tuple[str, ...]:
    """Return the other antibodies whose days on record do not keep them apart from this course."""
    names = (name for name in library.of_kind(AgentKind.ANTIBODY) if name != course.name)
    found = (course_of(name, library.agents[name], facts, as_of) for name in names)
    return tuple(other.name for other in found if other is not None and _overlap(course, other))


def _overlap(one: Course, other: Course) -> bool:
    return Days(one.day_1, one.last_day).overlaps(Days(other.day_1, other.last_day))


def _ordered_twice(course: Course, setting: Setting) -> tuple[str, ...]:
    """Return the words for orders of the same antibody that nobody selected and that run on days of this course."""
    own = Days(course.day_1, course.last_day)
    again = (
        order
        for order in orders_of(setting.facts.orders, course.agent.drug)
        if order not in course.orders and order.start is not None and own.overlaps(course_days((order,), course.agent))
    )
    return tuple(
        f"{course.name} stands on another order for the same days ({when_words(order)}); "
        "check that one course is not ordered twice."
        for order in again
        if course.day_1 is not None
    )


def _other_antibodies(course: Course, setting: Setting) -> tuple[str, ...]:
    others = _beside(course, setting.facts, setting.library, setting.as_of)
    if not others:
        return ()
    listed = " and ".join((course.name, *others))
    return (f"{listed} are on the orders together; they are not interchangeable, and this card is for {course.name}.",)


SUPPORTIVE_CARE_RULES: tuple[SupportiveRule, ...] = (
    dinutuximab_premedication,
    dinutuximab_monitoring,
    dinutuximab_beta_premedication,
    dinutuximab_beta_monitoring,
    naxitamab_premedication,
    naxitamab_monitoring,
    partner_supportive_care,
)
"""Rules of order-select."""


def at_signing(rule: SupportiveRule) -> SupportiveRule:
    """Return the rule as order-sign runs it: a required item that is missing is a warning, whichever it is.

    What an antibody lacks stands on one card, drugs and monitoring together.
    """

    @wraps(rule)
    def signed(facts: Facts, knowledge: SupportiveKnowledge, as_of: date) -> Outcome:
        group = _GROUPS.get(rule.__name__)
        outcome = (
            rule(facts, knowledge, as_of) if group is None else _antibody(group, facts, knowledge, as_of, at_once=True)
        )
        if isinstance(outcome, Fired):
            return Fired(replace(outcome.recommendation, indicator=Indicator.WARNING))
        return outcome

    return signed


SUPPORTIVE_SIGNING_RULES: tuple[SupportiveRule, ...] = tuple(at_signing(rule) for rule in SUPPORTIVE_CARE_RULES)
"""The same rules for order-sign, under the same names."""
