"""Supportive-care knowledge: what each antibody or partner drug needs, and what forbids or questions it.

Place in the flow: loaded once from `supportive_care.yaml` (orders) and `supportive_safety.yaml` (rules);
order rules read it. May not: hold an item without a source, or a dose that was not read in one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Self

from pydantic import Field, model_validator

from hooks.errors import KnowledgeError
from hooks.knowledge import KnowledgeModel, load_model
from hooks.pathways.relapsed_neuroblastoma.knowledge.supportive_items import Check, OrderItem, Routine
from hooks.pathways.relapsed_neuroblastoma.knowledge.supportive_safety import SafetyFile, SafetyItem, named_by_heading


class AgentKind(StrEnum):
    """What a set of items belongs to."""

    ANTIBODY = "antibody"
    ALK_INHIBITOR = "alk_inhibitor"
    PARTNER = "partner"
    ASSESSMENT = "assessment"


class Agent(KnowledgeModel):
    """One antibody or partner drug, and how its source counts days.

    day_zero: the source's days run -1, 0, 1 (so day -4 is five days before day 1); otherwise -1, 1.
    course_days: the last day of infusion in the longest schedule of the source; None for continuous drugs.
    """

    drug: str | None
    kind: AgentKind
    day_zero: bool = False
    course_days: int | None = Field(default=None, ge=1)

    def days_from_day_1(self, day: int) -> int:
        """Return how many days the source's `day` lies after day 1 (negative: before)."""
        return day - 1 if self.day_zero or day > 0 else day

    def date_of(self, day: int, day_1: date) -> date:
        """Return the calendar day of the source's `day`."""
        return day_1 + timedelta(days=self.days_from_day_1(day))


class Range(KnowledgeModel):
    """The plausible values of a size, both ends included."""

    low: Decimal
    high: Decimal

    def holds(self, value: Decimal) -> bool:
        """True if the value is plausible."""
        return self.low <= value <= self.high


class Sizes(KnowledgeModel):
    """What a dose may be multiplied with; body surface by the formula of the cited source."""

    weight_kg: Range
    height_cm: Range
    body_surface_m2: Range
    body_surface_divisor: Decimal
    sources: tuple[str, ...] = Field(min_length=1)


class SupportiveFile(KnowledgeModel):
    """`supportive_care.yaml`."""

    sizes: Sizes
    agents: Mapping[str, Agent]
    checks: Mapping[str, Check]
    order_sets: Mapping[str, tuple[OrderItem, ...]]

    @model_validator(mode="before")
    @classmethod
    def _name_agents(cls, data: object) -> object:
        """Write the agent into each item, so that the file says it once, as the heading of the set."""
        return named_by_heading(data, "order_sets")

    @model_validator(mode="after")
    def _hangs_together(self) -> Self:
        seen: set[str] = set()
        for agent, items in self.order_sets.items():
            if agent not in self.agents:
                raise ValueError(f"order_sets: {agent} is not among the agents")
            for item in items:
                if item.id in seen:
                    raise ValueError(f"{item.id}: stands twice")
                seen.add(item.id)
                self._check_item(self.agents[agent], item)
        return self

    def _check_item(self, agent: Agent, item: OrderItem) -> None:
        for check in item.checks:
            if check not in self.checks:
                raise ValueError(f"{item.id}: there is no check {check}")
        own = {other.drug for other in self.agents.values()} - {None}
        if item.drug in own and item.routine is not Routine.SCHEDULE:
            raise ValueError(f"{item.id}: a drug that is an agent itself is never offered")
        if not agent.day_zero and 0 in (item.start_day, item.end_day):
            raise ValueError(f"{item.id}: the source of this agent has no day 0")


@dataclass(frozen=True, slots=True)
class SupportiveLibrary:
    """All supportive-care knowledge of the pathway.

    safety: rules by agent; those of category interaction stand in `interactions` instead.
    """

    sizes: Sizes
    agents: Mapping[str, Agent]
    checks: Mapping[str, Check]
    order_sets: Mapping[str, tuple[OrderItem, ...]]
    safety: Mapping[str, tuple[SafetyItem, ...]]
    interactions: tuple[SafetyItem, ...]

    def agent_of(self, drug: str) -> str | None:
        """Return the name of the agent with this ingredient concept, compared whole; None for any other drug."""
        return next((name for name, agent in self.agents.items() if agent.drug == drug), None)

    def of_kind(self, *kinds: AgentKind) -> tuple[str, ...]:
        """Return the names of the agents of these kinds, in file order."""
        return tuple(name for name, agent in self.agents.items() if agent.kind in kinds)

    def citations_used(self) -> Iterator[tuple[str, str]]:
        """Yield (citation id, where) for the loader's check."""
        yield from ((source, "supportive_care.yaml: sizes") for source in self.sizes.sources)
        for items in self.order_sets.values():
            for item in items:
                yield from ((source, f"supportive_care.yaml: {item.id}") for source in item.sources)
        for rule in (*(rule for rules in self.safety.values() for rule in rules), *self.interactions):
            yield from ((source, f"supportive_safety.yaml: {rule.id}") for source in rule.citations())


def load_supportive(folder: Path) -> SupportiveLibrary:
    """Return the supportive-care knowledge of a folder. Raises KnowledgeError where a file breaks a rule."""
    care = load_model(folder / "supportive_care.yaml", SupportiveFile)
    safety = load_model(folder / "supportive_safety.yaml", SafetyFile)
    if unknown := sorted(set(safety.rules) - set(care.agents)):
        raise KnowledgeError(f"supportive_safety.yaml: not among the agents: {', '.join(unknown)}")
    return SupportiveLibrary(
        sizes=care.sizes,
        agents=care.agents,
        checks=care.checks,
        order_sets=care.order_sets,
        safety={
            agent: tuple(rule for rule in rules if not rule.is_interaction) for agent, rules in safety.rules.items()
        },
        interactions=tuple(rule for rules in safety.rules.values() for rule in rules if rule.is_interaction),
    )
