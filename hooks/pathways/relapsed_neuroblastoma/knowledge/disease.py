"""What the readers must know of the disease: hot spots, gene groups, risk groups by stage; typed and cited.

Place in the flow: loaded once; `reading/` takes it from here. May not: hold a treatment.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import pydantic

from hooks.knowledge import Citation, KnowledgeModel, check_citations, load_model


class Hotspots(KnowledgeModel):
    """ALK protein changes, one-letter, by the state that they are read as."""

    source: str
    f1174: frozenset[str]
    r1275q: frozenset[str]
    other: frozenset[str]


class Copies(KnowledgeModel):
    """A copy number."""

    source: str
    copies: int


class Fraction(KnowledgeModel):
    """A variant allele fraction between 0 and 1."""

    source: str
    fraction: float


class GeneGroup(KnowledgeModel):
    """The genes of one molecular fact; `words` name the whole group in chart text."""

    source: str
    genes: tuple[str, ...]
    words: frozenset[str] = frozenset()


class Segmental(KnowledgeModel):
    """Chromosome arms, and those that must all be normal to deny a segmental change."""

    source: str
    arms: tuple[str, ...]
    complete: frozenset[str]


class HighRisk(KnowledgeModel):
    """One row of the risk table: stage, age at diagnosis from which it holds (days), MYCN; null asks for neither."""

    stages: frozenset[str]
    from_age_days: int | None
    mycn_amplified: bool | None
    sources: tuple[str, ...]

    def holds(self, stage: str, age_days: int | None, mycn_amplified: bool | None) -> bool:
        """True if everything that the row asks for is known and met."""
        old_enough = self.from_age_days is None or (age_days is not None and age_days >= self.from_age_days)
        amplified = self.mycn_amplified is None or self.mycn_amplified is mycn_amplified
        return stage in self.stages and old_enough and amplified


class DiseaseKnowledge(KnowledgeModel):
    """The whole of `disease.yaml`; its citations resolve inside the file."""

    alk_hotspots: Hotspots
    alk_amplified_above: Copies
    alk_clonal_above: Fraction
    gene_groups: Mapping[str, GeneGroup]
    segmental: Segmental
    high_risk: tuple[HighRisk, ...]
    sources: tuple[Citation, ...]

    @pydantic.model_validator(mode="after")
    def _sources_resolve(self) -> DiseaseKnowledge:
        check_citations(self.sources, self.citations_used())
        return self

    def citations_used(self) -> Iterator[tuple[str, str]]:
        """Yield (citation id, where) of every entry."""
        yield self.alk_hotspots.source, "disease.yaml: alk_hotspots"
        yield self.alk_amplified_above.source, "disease.yaml: alk_amplified_above"
        yield self.alk_clonal_above.source, "disease.yaml: alk_clonal_above"
        yield self.segmental.source, "disease.yaml: segmental"
        for name, group in self.gene_groups.items():
            yield group.source, f"disease.yaml: gene_groups.{name}"
        for row in self.high_risk:
            yield from ((source, "disease.yaml: high_risk") for source in row.sources)


DISEASE = load_model(Path(__file__).parent / "disease.yaml", DiseaseKnowledge)
