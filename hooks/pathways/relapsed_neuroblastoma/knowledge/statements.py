"""Clinical statements as data: the sentence that a card prints and the sources that say it.

Place in the flow: loaded once; rules print them. May not: be built from chart text.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from pydantic import RootModel

from hooks.knowledge import KnowledgeModel, load_model
from hooks.recommendation import CitationId


class Statement(KnowledgeModel):
    """One sentence or two, in our words; `evidence` is empty for what is no clinical claim."""

    text: str
    evidence: tuple[str, ...]

    @property
    def sentence(self) -> str:
        """The text with its citation ids behind it."""
        return f"{self.text} ({', '.join(self.evidence)})" if self.evidence else self.text


class Statements(RootModel[Mapping[str, Statement]]):
    """All statements by name."""

    def say(self, *names: str) -> tuple[str, ...]:
        """Return the sentences with their citations. Raises KeyError for an unknown name."""
        return tuple(self.root[name].sentence for name in names)

    def evidence(self, *names: str) -> tuple[CitationId, ...]:
        """Return the citation ids of the named statements, each once, in order."""
        return tuple(dict.fromkeys(CitationId(item) for name in names for item in self.root[name].evidence))

    def citations_used(self) -> Iterator[tuple[str, str]]:
        """Yield (citation id, where) for the loader's check."""
        for name, statement in self.root.items():
            yield from ((item, f"statements.yaml: {name}") for item in statement.evidence)


STATEMENTS = load_model(Path(__file__).parent / "statements.yaml", Statements)
