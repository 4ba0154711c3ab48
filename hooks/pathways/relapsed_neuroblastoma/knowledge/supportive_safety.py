"""The safety side of supportive-care knowledge: what forbids, changes or questions an order.

Place in the flow: read by `supportive.load_supportive`; safety rules look items up by id and take limits,
classes and words from them. May not: decide when an item applies; that is Python in `rules`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from enum import StrEnum
from typing import Self

from pydantic import Field, model_validator

from hooks.knowledge import KnowledgeModel
from hooks.recommendation import Indicator
from hooks.terminology.drug_classes import members
from hooks.terminology.table import TABLE


class SafetyCategory(StrEnum):
    """What kind of rule an item is."""

    CONTRAINDICATION = "contraindication"
    AVOID = "avoid"
    DOSE_MODIFICATION = "dose_modification"
    INTERACTION = "interaction"
    INFORMATION = "information"


class Act(StrEnum):
    """What the source asks for, strongest first."""

    CONTRAINDICATED = "contraindicated"
    STOP_FOR_GOOD = "stop_for_good"
    STOP_FOR_CYCLE = "stop_for_cycle"
    STOP_FOR_DAY = "stop_for_day"
    HOLD = "hold"
    INTERRUPT = "interrupt"
    REDUCE_RATE = "reduce_rate"
    AVOID = "avoid"
    REVIEW = "review"
    INFORM = "inform"


class Limit(StrEnum):
    """Names of the numbers in a trigger; the unit stands in the name."""

    AGE_BELOW_MONTHS = "age_below_months"
    AGE_BELOW_YEARS = "age_below_years"
    BEFORE_DAYS = "before_days"
    AFTER_DAYS = "after_days"
    AFTER_WEEKS = "after_weeks"
    WITHIN_HOURS = "within_hours"
    WITHIN_DAYS = "within_days"
    WITHIN_WEEKS = "within_weeks"
    LONGER_THAN_DAYS = "longer_than_days"
    SYSTOLIC_BELOW_MMHG = "systolic_below_mmhg"
    SYSTOLIC_AT_LEAST_MMHG = "systolic_at_least_mmhg"
    DIASTOLIC_AT_LEAST_MMHG = "diastolic_at_least_mmhg"
    SYSTOLIC_FALL_ABOVE_PERCENT = "systolic_fall_above_percent"
    BY_CYCLE_DAY = "by_cycle_day"
    SPO2_ABOVE_PERCENT = "spo2_above_percent"
    NEUTROPHILS_AT_LEAST_PER_UL = "neutrophils_at_least_per_ul"


class Trigger(KnowledgeModel):
    """Which data an item is about; everything given must hold, any entry of a tuple does.

    drugs, classes: another drug on the board. allergies: drug concepts, or words for what is no drug.
    findings: the rule files' own words for an adverse finding, a condition or a plan. grades: CTCAE grades.
    limits: numbers with their unit in the name.
    """

    drugs: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
    allergies: tuple[str, ...] = ()
    findings: tuple[str, ...] = ()
    grades: tuple[int, ...] = ()
    procedures: tuple[str, ...] = ()
    vaccines: bool = False
    limits: Mapping[Limit, Decimal] = Field(default_factory=dict)
    unless: str = ""

    @model_validator(mode="after")
    def _names_exist(self) -> Self:
        for name in self.classes:
            members(name)
        for concept in (*self.drugs, *(word for word in self.allergies if word.startswith("drug."))):
            if not TABLE.codes(concept):
                raise ValueError(f"{concept} is not in the terminology table")
        return self


class SafetyItem(KnowledgeModel):
    """One rule of an agent as data. says: what the source asks for; other_side: what another holds against it.

    own: the id is this project's, made for a statement that stands elsewhere in the sources.
    """

    id: str
    agent: str
    category: SafetyCategory
    when: Trigger = Trigger()
    act: Act
    says: str
    other_side: str = ""
    other_sources: tuple[str, ...] = ()
    indicator: Indicator
    sources: tuple[str, ...] = Field(min_length=1)
    verified: bool
    note: str = ""
    own: bool = False

    @property
    def is_interaction(self) -> bool:
        """True for a rule about another drug on the board."""
        return self.category is SafetyCategory.INTERACTION

    @model_validator(mode="after")
    def _other_side_is_cited(self) -> Self:
        if bool(self.other_side) != bool(self.other_sources):
            raise ValueError(f"{self.id}: the other side needs its sources, and they need its words")
        return self

    def citations(self) -> Iterator[str]:
        """Yield the citation ids of both sides."""
        yield from self.sources
        yield from self.other_sources


class SafetyFile(KnowledgeModel):
    """`supportive_safety.yaml`."""

    rules: Mapping[str, tuple[SafetyItem, ...]]

    @model_validator(mode="before")
    @classmethod
    def _name_agents(cls, data: object) -> object:
        """Write the agent into each rule, so that the file says it once, as the heading of the set."""
        return named_by_heading(data, "rules")

    @model_validator(mode="after")
    def _ids_are_unique(self) -> Self:
        ids = [rule.id for rules in self.rules.values() for rule in rules]
        if len(ids) != len(set(ids)):
            raise ValueError("an id stands twice")
        return self


def named_by_heading(data: object, key: str) -> object:
    """Return the file's data with each entry of `key` told the heading it stands under, as `agent`."""
    if not isinstance(data, dict) or not isinstance(data.get(key), dict):
        return data
    named = {
        agent: [{**entry, "agent": agent} if isinstance(entry, dict) else entry for entry in entries]
        if isinstance(entries, list)
        else entries
        for agent, entries in data[key].items()
    }
    return {**data, key: named}
