"""What questions an ALK inhibitor beside other drugs, by age, and where a pregnancy is possible.

Place in the flow: rules of order-select and order-sign, for relapsed, progressing or refractory neuroblastoma.
May not: judge the tumour's ALK status (`safety_alk` does), or an ECG by a limit of our own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from itertools import chain

from hooks.facts.fact import Known, YesNo, is_value
from hooks.pathways.relapsed_neuroblastoma.facts import Facts
from hooks.pathways.relapsed_neuroblastoma.knowledge.supportive import AgentKind
from hooks.pathways.relapsed_neuroblastoma.knowledge.supportive_safety import Limit
from hooks.pathways.relapsed_neuroblastoma.rules.courses import present_orders
from hooks.pathways.relapsed_neuroblastoma.rules.safety_cards import (
    Frame,
    Hit,
    SafetyKnowledge,
    Setting,
    bracketed,
    fired,
    item_of,
    order_item_of,
    rests_on,
    rests_on_order_item,
)
from hooks.pathways.relapsed_neuroblastoma.rules.safety_events import Drug
from hooks.pathways.relapsed_neuroblastoma.rules.safety_interactions import drug_of, ended_hits, interaction_hits
from hooks.pathways.relapsed_neuroblastoma.rules.safety_orders import (
    is_active_disease,
    names_of,
    orders_used,
    selected_orders,
)
from hooks.pathways.relapsed_neuroblastoma.rules.safety_speaking import NO_ACTIVE_DISEASE, of_hits, when_beside
from hooks.pathways.relapsed_neuroblastoma.rules.saying import missing, used
from hooks.recommendation import CardLink, Indicator, MissingFact, Outcome, Silent, Topic, Undetermined
from hooks.terminology.drug_classes import in_class

MONTHS_A_YEAR = 12
_AGE = {"lorlatinib": "lo-age", "crizotinib": "cz-age", "alectinib": "al-age", "ceritinib": "ce-age"}
_CONTRACEPTION = {
    "lorlatinib": "lo-contra",
    "crizotinib": "cz-contra",
    "alectinib": "al-contra",
    "ceritinib": "ce-contra",
}
_FAMILY = {"lorlatinib": "lo-family", "crizotinib": "cz-family", "alectinib": "al-family", "ceritinib": "ce-family"}
Collect = Callable[[Drug], Iterator[Hit]]


def lorlatinib_with_strong_inducer(facts: Facts, knowledge: SafetyKnowledge, as_of: date) -> Outcome:
    """Lorlatinib is contraindicated with a strong CYP3A inducer, which is stopped for three half-lives first.

    Evidence: LOR-LEAF, LOR-US7
    """
    setting = Setting(facts, knowledge, as_of)
    drug = drug_of("lorlatinib", setting)
    hits = chain(interaction_hits(drug, ("lo-cyp-ind",), setting), ended_hits(drug, "lo-cyp-ind", setting))
    topic = Topic.TARGETED_THERAPY_SAFETY
    return of_hits("lorlatinib_with_strong_inducer", drug.name, hits, setting, topic, family_links(drug.name))


def lorlatinib_interactions(facts: Facts, knowledge: SafetyKnowledge, as_of: date) -> Outcome:
    """CYP3A inducers and inhibitors change lorlatinib; it weakens fentanyl, sirolimus and hormonal contraceptives.

    Evidence: LOR-US7, LOR-LEAF
    """
    items = ("lo-cyp-mod", "lo-cyp-inh", "lo-substrate")
    return _beside("lorlatinib_interactions", "lorlatinib", items, Setting(facts, knowledge, as_of))


def crizotinib_interactions(facts: Facts, knowledge: SafetyKnowledge, as_of: date) -> Outcome:
    """Strong CYP3A inhibitors and inducers change crizotinib; it strengthens opioids, irinotecan and others.

    Evidence: CRZ-LEAF
    """
    items = ("cz-inh", "cz-ind", "cz-opioid", "cz-irino", "cz-substr")
    return _beside("crizotinib_interactions", "crizotinib", items, Setting(facts, knowledge, as_of))


def alectinib_interactions(facts: Facts, knowledge: SafetyKnowledge, as_of: date) -> Outcome:
    """Levels may change between alectinib and sirolimus, topotecan, digoxin or strong CYP3A inducers and inhibitors.

    Evidence: ALE-LEAF
    """
    return _beside("alectinib_interactions", "alectinib", ("al-int",), Setting(facts, knowledge, as_of))


def ceritinib_interactions(facts: Facts, knowledge: SafetyKnowledge, as_of: date) -> Outcome:
    """Ceritinib raises levels or QT with opioids, topotecan, sirolimus and others, and glucose with systemic steroids.

    Evidence: CER-LEAF
    """
    return _beside("ceritinib_interactions", "ceritinib", ("ce-int",), Setting(facts, knowledge, as_of))


def alk_inhibitor_below_age(facts: Facts, knowledge: SafetyKnowledge, as_of: date) -> Outcome:
    """ALK inhibitors are off label at most ages of childhood; the limits of the EU and the US text are named.

    Evidence: LOR-LEAF, GOLDSMITH, CRZ-LEAF, CRZ-US2, ALE-LEAF, CER-LEAF
    """
    setting = Setting(facts, knowledge, as_of)
    age = facts.age_months

    def collect(drug: Drug) -> Iterator[Hit]:
        item = item_of(setting.library, _AGE[drug.name])
        years = int(item.when.limits[Limit.AGE_BELOW_YEARS])
        if isinstance(age, Known) and age.value < years * MONTHS_A_YEAR:
            headline = f"Off label: {drug.name} at {age.value // MONTHS_A_YEAR} years, below {years}"
            yield Hit(
                ground=rests_on(item), indicator=item.indicator, headline=headline, used=used(facts, "age_months")
            )

    return _each_selected("alk_inhibitor_below_age", collect, setting, missing(facts, "age_months"))


def alk_inhibitor_contraception(facts: Facts, knowledge: SafetyKnowledge, as_of: date) -> Outcome:
    """Under an ALK inhibitor a hormonal contraceptive alone may fail, and a pregnancy on record asks for review.

    Evidence: LOR-US17, LOR-LEAF, CRZ-LEAF, ALE-LEAF, CER-LEAF
    """
    setting = Setting(facts, knowledge, as_of)
    pills = tuple(order for order in present_orders(facts.orders) if in_class(order.drugs, "hormonal_contraceptive"))

    def collect(drug: Drug) -> Iterator[Hit]:
        ground = rests_on_order_item(order_item_of(setting.library, drug.name, _CONTRACEPTION[drug.name]))
        if pills:
            headline = f"Do not rely on {names_of(pills, setting.library)} alone with {drug.name}"
            seen = tuple(orders_used(pills, facts.orders, setting.library))
            yield Hit(ground=ground, indicator=Indicator.WARNING, headline=headline, used=seen)
        if is_value(facts.pregnancy, YesNo.YES):
            headline = f"Review {drug.name}: pregnancy on record{bracketed(facts.pregnancy.date)}"
            yield Hit(ground=ground, indicator=Indicator.WARNING, headline=headline, used=used(facts, "pregnancy"))

    return _each_selected("alk_inhibitor_contraception", collect, setting)


def alk_inhibitor_family_page(facts: Facts, knowledge: SafetyKnowledge, as_of: date) -> Outcome:
    """A family that starts an ALK inhibitor is told how to take it and which changes to report.

    Evidence: LOR-LEAF, CRZ-LEAF, ALE-LEAF, CER-LEAF
    """
    setting = Setting(facts, knowledge, as_of)

    def collect(drug: Drug) -> Iterator[Hit]:
        ground = rests_on_order_item(order_item_of(setting.library, drug.name, _FAMILY[drug.name]))
        yield Hit(ground=ground, indicator=Indicator.INFO, headline=f"A page for the family on {drug.name} is at hand")

    return _each_selected("alk_inhibitor_family_page", collect, setting)


def family_links(*names: str) -> tuple[CardLink, ...]:
    """Return the links to the family pages of some agents."""
    return tuple(CardLink(label=f"For the family: {name}", url=f"/family/{name}") for name in names)


def _beside(rule: str, name: str, item_ids: tuple[str, ...], setting: Setting) -> Outcome:
    return when_beside(rule, name, item_ids, setting, Topic.TARGETED_THERAPY_SAFETY, family_links(name))


def _each_selected(rule: str, collect: Collect, setting: Setting, gaps: tuple[MissingFact, ...] = ()) -> Outcome:
    """Return one card over the selected ALK inhibitors; undetermined where a gap alone keeps it silent."""
    if not is_active_disease(setting.facts):
        return NO_ACTIVE_DISEASE
    board, library = setting.facts.orders, setting.library
    drugs = tuple(drug_of(name, setting) for name in library.of_kind(AgentKind.ALK_INHIBITOR))
    drugs = tuple(drug for drug in drugs if selected_orders(board, drug.concept))
    if not drugs:
        return Silent("No ALK inhibitor is among the selected orders.", ("orders",))
    hits = tuple(hit for drug in drugs for hit in collect(drug))
    if not hits:
        return Undetermined(gaps, because="A fact is missing.") if gaps else Silent("Nothing to say here.", ("orders",))
    names = tuple(drug.name for drug in drugs)
    own = tuple(fact for drug in drugs for fact in orders_used(selected_orders(board, drug.concept), board, library))
    topic = Topic.TARGETED_THERAPY_SAFETY
    frame = Frame(rule=rule, topic=topic, subject=", ".join(names), used=own, missing=gaps, links=family_links(*names))
    return fired(frame, hits)
