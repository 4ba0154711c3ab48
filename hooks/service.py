"""What a pathway folder must export: its CDS services, its disease gate, its decision.

Place in the flow: `cds_server` finds pathways here and runs them; it knows no disease.
May not: depend on a pathway.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Protocol

from hooks.explain import Explanation
from hooks.knowledge import Citation, KnowledgeBase
from hooks.recommendation import Decision
from hooks.record import PatientRecord, Resource


class Jurisdiction(StrEnum):
    """Whose approvals the wording and ranking follow. OTHER shows both."""

    EU = "EU"
    US = "US"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What a decision depends on besides the record: the day of the call and the site's jurisdiction."""

    as_of: date
    jurisdiction: Jurisdiction = Jurisdiction.OTHER


@dataclass(frozen=True, slots=True, kw_only=True)
class CDSService:
    """One CDS Hooks service as discovery shows it, and the function that decides.

    prefetch: key -> query template, in order of importance. required: keys without which 412.
    decide: called only after the pathway's gate passed. explain: every rule of the service with its reasons.
    """

    id: str
    hook: str
    title: str
    description: str
    usage_requirements: str
    prefetch: Mapping[str, str]
    required: tuple[str, ...]
    decide: Callable[[PatientRecord, Circumstances], Decision]
    explain: Callable[[PatientRecord, Circumstances], tuple[Explanation, ...]]


class Pathway(Protocol):
    """One disease. A module-level object in `hooks.pathways.<disease>` satisfies it."""

    @property
    def id(self) -> str:
        """Stable identifier, such as "relapsed-neuroblastoma"."""

    @property
    def knowledge(self) -> KnowledgeBase:
        """Version, digest, review state and citations of what the rules rest on."""

    @property
    def services(self) -> Sequence[CDSService]:
        """The services in the order in which discovery lists them."""

    def concerns(self, conditions: Sequence[Resource], hook: str) -> bool:
        """Return whether a patient with these Conditions may get any card from this hook's services (disease gate).

        Reads Conditions only; costs next to nothing for everyone else.
        """

    def citation(self, citation_id: str) -> Citation:
        """The citation with this id. Raises KeyError for an id that no knowledge file has."""
