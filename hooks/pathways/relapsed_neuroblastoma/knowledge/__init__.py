"""YAML knowledge of this pathway and its typed loaders: everything the rules may quote, checked at import.

Place in the flow: loaded once; rules get `Knowledge` as an argument. May not: read a chart.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import RootModel

from hooks.knowledge import Citation, KnowledgeBase, check_citations, digest_of, load_model
from hooks.pathways.relapsed_neuroblastoma.knowledge.engineering import ENGINEERING, Engineering
from hooks.pathways.relapsed_neuroblastoma.knowledge.regimens import RegimenLibrary, load_regimens
from hooks.pathways.relapsed_neuroblastoma.knowledge.statements import STATEMENTS

FOLDER = Path(__file__).parent
VERSION = "0.1.0"


class Citations(RootModel[tuple[Citation, ...]]):
    """The list of citations of one file."""


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What every rule gets as its second argument."""

    regimens: RegimenLibrary
    engineering: Engineering
    citations: Mapping[str, Citation]
    base: KnowledgeBase
    supportive: Any = None


def load_knowledge(folder: Path = FOLDER) -> Knowledge:
    """Return all knowledge of the pathway. Raises KnowledgeError where a file breaks a rule."""
    regimens = load_regimens(folder)
    citations = load_model(folder / "citations.yaml", Citations).root
    check_citations(citations, (*regimens.citations_used(), *STATEMENTS.citations_used()))
    base = KnowledgeBase(
        pathway="relapsed-neuroblastoma",
        version=VERSION,
        digest=digest_of(folder.glob("*.yaml")),
        reviewed=False,
        counts={
            "regimens": len(regimens.regimens),
            "gates": len(regimens.gates),
            "trials": len(regimens.trials),
            "citations": len(citations),
        },
    )
    return Knowledge(regimens, ENGINEERING, {citation.id: citation for citation in citations}, base)


KNOWLEDGE = load_knowledge()
