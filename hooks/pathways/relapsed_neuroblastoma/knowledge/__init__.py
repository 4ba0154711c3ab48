"""YAML knowledge of this pathway and its typed loaders: everything the rules may quote, checked at import.

Place in the flow: loaded once; rules get `Knowledge` as an argument. May not: read a chart.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from pydantic import RootModel

from hooks.errors import KnowledgeError
from hooks.knowledge import Citation, KnowledgeBase, check_citations, digest_of, load_model
from hooks.pathways.relapsed_neuroblastoma.knowledge.engineering import ENGINEERING, Engineering
from hooks.pathways.relapsed_neuroblastoma.knowledge.regimens import RegimenLibrary, load_regimens
from hooks.pathways.relapsed_neuroblastoma.knowledge.statements import STATEMENTS
from hooks.pathways.relapsed_neuroblastoma.knowledge.supportive import SupportiveLibrary, load_supportive

FOLDER = Path(__file__).parent
VERSION = "0.1.0"


class Citations(RootModel[tuple[Citation, ...]]):
    """The list of citations of one file."""


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What every rule gets as its second argument."""

    regimens: RegimenLibrary
    supportive: SupportiveLibrary
    engineering: Engineering
    citations: Mapping[str, Citation]
    base: KnowledgeBase


def load_knowledge(folder: Path = FOLDER) -> Knowledge:
    """Return all knowledge of the pathway. Raises KnowledgeError where a file breaks a rule."""
    regimens = load_regimens(folder)
    supportive = load_supportive(folder)
    citations = tuple(citation for name in _CITATION_FILES for citation in load_model(folder / name, Citations).root)
    by_id = {citation.id: citation for citation in citations}
    if len(by_id) != len(citations):
        raise KnowledgeError("citations: one id stands twice")
    used = (regimens.citations_used(), supportive.citations_used(), STATEMENTS.citations_used())
    check_citations(citations, chain.from_iterable(used))
    base = KnowledgeBase(
        pathway="relapsed-neuroblastoma",
        version=VERSION,
        digest=digest_of(folder.glob("*.yaml")),
        reviewed=False,
        counts={
            "regimens": len(regimens.regimens),
            "gates": len(regimens.gates),
            "trials": len(regimens.trials),
            "supportive-care items": sum(len(items) for items in supportive.order_sets.values()),
            "safety items": sum(len(items) for items in supportive.safety.values()),
            "citations": len(citations),
        },
    )
    return Knowledge(regimens, supportive, ENGINEERING, by_id, base)


_CITATION_FILES = ("citations.yaml", "supportive_citations.yaml")
KNOWLEDGE = load_knowledge()
