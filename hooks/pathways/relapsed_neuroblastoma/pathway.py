"""Relapsed, progressing or refractory high-risk neuroblastoma in children.

Place in the flow: `cds_server` runs `PATHWAY`; nothing else of this folder is imported from outside.
"""

from __future__ import annotations

from collections.abc import Sequence

from hooks.knowledge import Citation, KnowledgeBase
from hooks.pathways.relapsed_neuroblastoma.knowledge import KNOWLEDGE
from hooks.pathways.relapsed_neuroblastoma.reading.gate import concerns
from hooks.pathways.relapsed_neuroblastoma.services import SERVICES
from hooks.record import Resource
from hooks.service import CDSService


class RelapsedNeuroblastoma:
    """The pathway as `hooks.service.Pathway` wants it."""

    id = "relapsed-neuroblastoma"

    @property
    def knowledge(self) -> KnowledgeBase:
        """Version, digest and review state."""
        return KNOWLEDGE.base

    @property
    def services(self) -> Sequence[CDSService]:
        """The four services."""
        return SERVICES

    def concerns(self, conditions: Sequence[Resource], hook: str) -> bool:
        """Pass a patient whose Conditions name a neuroblastoma that this hook's services speak of."""
        return concerns(conditions, hook)

    def citation(self, citation_id: str) -> Citation:
        """Return one citation. Raises KeyError for an unknown id."""
        return KNOWLEDGE.citations[citation_id]


PATHWAY = RelapsedNeuroblastoma()
