"""Whether an anti-GD2 antibody fits this child now: age, start criteria, GD2 on the tumour, pregnancy.

Place in the flow: rules of order-select and order-sign about a selected antibody, for any neuroblastoma. May not:
block on GD2, or take the start criteria of dinutuximab beta for another antibody's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from hooks.facts.fact import Known, Why, YesNo, is_coded, is_value
from hooks.facts.measurements import Measurement
from hooks.pathways.relapsed_neuroblastoma.facts import GD2, Facts, Timing
from hooks.pathways.relapsed_neuroblastoma.knowledge.supportive import AgentKind
from hooks.pathways.relapsed_neuroblastoma.knowledge.supportive_safety import Limit
from hooks.pathways.relapsed_neuroblastoma.rules.safety_antibody import BETA, NAXITAMAB
from hooks.pathways.relapsed_neuroblastoma.rules.safety_antibody_events import measured
from hooks.pathways.relapsed_neuroblastoma.rules.safety_cards import (
    Frame,
    Hit,
    SafetyKnowledge,
    Setting,
    bracketed,
    dated,
    fired,
    item_of,
    order_item_of,
    rests_on,
    rests_on_gate,
    rests_on_order_item,
)
from hooks.pathways.relapsed_neuroblastoma.rules.safety_events import Drug
from hooks.pathways.relapsed_neuroblastoma.rules.safety_interactions import drug_of
from hooks.pathways.relapsed_neuroblastoma.rules.safety_orders import (
    course_days,
    orders_used,
    selected_orders,
)
from hooks.pathways.relapsed_neuroblastoma.rules.saying import missing, used
from hooks.recommendation import Indicator, MissingFact, Outcome, Silent, Topic, Undetermined

_PREGNANCY = {"dinutuximab": "di-preg", BETA: "db-preg", NAXITAMAB: "nx-preg"}
Collect = Callable[[Drug], Iterator[Hit]]


@dataclass(frozen=True, slots=True)
class _Criterion:
    """One start criterion: the measurement, its item, its limit, what the limit is divided by to be in its unit.

    strict: the limit itself does not pass.
    """

    kind: str
    words: str
    item: str
    limit: Limit
    divisor: int
    strict: bool


_PER_UL_IN_10_9_PER_L = 1000
_CRITERIA = (
    _Criterion("spo2", "Oxygen saturation", "db-base-spo2", Limit.SPO2_ABOVE_PERCENT, 1, strict=True),
    _Criterion(
        "anc",
        "Neutrophils",
        "db-base-anc",
        Limit.NEUTROPHILS_AT_LEAST_PER_UL,
        _PER_UL_IN_10_9_PER_L,
        strict=False,
    ),
)


def antibody_below_age(facts: Facts, knowledge: SafetyKnowledge, as_of: date) -> Outcome:
    """Dinutuximab beta and naxitamab are not licensed below 12 months of age.

    Evidence: QZ-LEAF, QARZIBA
    """
    setting = Setting(facts, knowledge, as_of)
    age, gate = facts.age_months, knowledge.regimens.gate_codes["age_lt_12m"]
    item = item_of(setting.library, "db-age")
    limit = int(item.when.limits[Limit.AGE_BELOW_MONTHS])

    def collect(drug: Drug) -> Iterator[Hit]:
        if drug.name in {BETA, NAXITAMAB} and isinstance(age, Known) and age.value < limit:
            ground = rests_on(item) if drug.name == BETA else rests_on_gate(gate)
            headline = f"Avoid {drug.name} below {limit} months: this child is {age.value} months old"
            yield Hit(ground=ground, indicator=Indicator.WARNING, headline=headline, used=used(facts, "age_months"))

    return each_antibody("antibody_below_age", collect, setting, missing(facts, "age_months"))


def dinutuximab_beta_start_criteria(facts: Facts, knowledge: SafetyKnowledge, as_of: date) -> Outcome:
    """A course of dinutuximab beta starts with an oxygen saturation above 94 % and at least 500 neutrophils per uL.

    Evidence: QZ-SMPC-42
    """
    setting = Setting(facts, knowledge, as_of)
    drug = drug_of(BETA, setting)
    board = facts.orders
    orders = selected_orders(board, drug.concept)
    if not orders:
        return Silent(f"No {BETA} is among the selected orders.", ("orders",))
    day_1 = course_days(orders, setting.library.agents[BETA]).first or as_of
    if day_1 < as_of:
        return Silent("The course has begun.", ("orders",))
    since = as_of - timedelta(days=knowledge.engineering.baseline_max_age_days.value)
    judged = tuple(_judge(criterion, since, setting) for criterion in _CRITERIA)
    hits = tuple(entry for entry in judged if isinstance(entry, Hit))
    gaps = tuple(entry for entry in judged if isinstance(entry, MissingFact))
    if hits:
        own = tuple(orders_used(orders, board, setting.library))
        rule, topic = "dinutuximab_beta_start_criteria", Topic.ANTI_GD2_SAFETY
        return fired(Frame(rule=rule, topic=topic, subject=BETA, used=own, missing=gaps), hits)
    if gaps:
        return Undetermined(gaps, because="A start criterion was not measured lately.")
    return Silent("The start criteria that were read are met.", ("orders",))


def antibody_without_gd2(facts: Facts, knowledge: SafetyKnowledge, as_of: date) -> Outcome:
    """An anti-GD2 antibody needs GD2 on the tumour; a negative result is questioned and never blocks.

    Evidence: GD2REVIEW
    """
    gate = knowledge.regimens.gate_codes["gd2_negative"]

    def collect(drug: Drug) -> Iterator[Hit]:
        gd2 = facts.gd2
        if isinstance(gd2, Known) and gd2.value.state is GD2.NEGATIVE:
            at_relapse = gd2.value.timing is Timing.AT_RELAPSE
            proven = is_coded(gd2) and at_relapse
            yield Hit(
                ground=rests_on_gate(gate),
                indicator=Indicator.WARNING if at_relapse else Indicator.INFO,
                headline=f"Review {drug.name}: GD2 negative on the tumour{bracketed(gd2.date)}",
                used=used(facts, "gd2"),
                ask="" if proven else "GD2 on tissue of this relapse",
            )

    return each_antibody("antibody_without_gd2", collect, Setting(facts, knowledge, as_of))


def antibody_in_pregnancy(facts: Facts, knowledge: SafetyKnowledge, as_of: date) -> Outcome:
    """An anti-GD2 antibody may harm a fetus; a pregnancy on record asks for review.

    Evidence: UNI-SFX, QZ-LEAF, QZ-SMPC-45, DANY-PREG, DANY-MONO
    """
    setting = Setting(facts, knowledge, as_of)

    def collect(drug: Drug) -> Iterator[Hit]:
        if is_value(facts.pregnancy, YesNo.YES):
            yield Hit(
                ground=rests_on_order_item(order_item_of(setting.library, drug.name, _PREGNANCY[drug.name])),
                indicator=Indicator.WARNING,
                headline=f"Review {drug.name}: pregnancy on record{bracketed(facts.pregnancy.date)}",
                used=used(facts, "pregnancy"),
            )

    return each_antibody("antibody_in_pregnancy", collect, setting)


def each_antibody(rule: str, collect: Collect, setting: Setting, gaps: tuple[MissingFact, ...] = ()) -> Outcome:
    """Return one card over the selected antibodies; undetermined where only a gap keeps it silent."""
    board, library = setting.facts.orders, setting.library
    drugs = tuple(drug_of(name, setting) for name in library.of_kind(AgentKind.ANTIBODY))
    drugs = tuple(drug for drug in drugs if selected_orders(board, drug.concept))
    if not drugs:
        return Silent("No anti-GD2 antibody is among the selected orders.", ("orders",))
    found = {drug: tuple(collect(drug)) for drug in drugs}
    hits = tuple(hit for some in found.values() for hit in some)
    if not hits:
        if gaps:
            return Undetermined(gaps, because="A fact is missing.")
        return Silent("Nothing on record speaks against the antibody here.", ("orders",))
    named = tuple(drug for drug, some in found.items() if some)
    own = tuple(fact for drug in named for fact in orders_used(selected_orders(board, drug.concept), board, library))
    subject = ", ".join(drug.name for drug in named)
    return fired(Frame(rule=rule, topic=Topic.ANTI_GD2_SAFETY, subject=subject, used=own, missing=gaps), hits)


def _judge(criterion: _Criterion, since: date, setting: Setting) -> Hit | MissingFact | None:
    """Return a hit where the criterion failed, a gap where it was not measured lately, None where it is met."""
    fact = setting.facts.orders.measurements.get(criterion.kind)
    item = item_of(setting.library, criterion.item)
    lately = isinstance(fact, Known) and fact.date is not None and fact.date >= since
    limit = float(item.when.limits[criterion.limit]) / criterion.divisor
    met = _passes(fact.value, limit, strict=criterion.strict) if isinstance(fact, Known) and lately else None
    if isinstance(fact, Known) and met is False:
        return Hit(
            ground=rests_on(item),
            indicator=item.indicator,
            headline=f"Hold {BETA}: {criterion.words.lower()} {fact.value.words}{dated(fact.date)}",
            used=(measured(criterion.words, criterion.kind, fact),),
        )
    if met is None:
        why = Why.INDETERMINATE if lately else Why.STALE if isinstance(fact, Known) else Why.NOT_FOUND
        return MissingFact("measurements", str(why), f"{criterion.words} before the course: {why}", ("vitals", "labs"))
    return None


def _passes(value: Measurement, limit: float, *, strict: bool) -> bool | None:
    """Return whether a value reaches the limit; None where "<" or ">" leaves it open."""
    reaches = value.value > limit or (value.value == limit and not strict)
    if value.comparator.startswith("<"):
        return False if value.value < limit or (value.value == limit and (strict or value.comparator == "<")) else None
    if value.comparator.startswith(">"):
        return True if reaches or (value.value == limit and value.comparator == ">") else None
    return reaches
