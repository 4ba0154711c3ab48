"""What the readers know of the disease, typed by hand from its sources, and that its citations resolve."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from hooks.errors import KnowledgeError
from hooks.knowledge import load_yaml
from hooks.pathways.relapsed_neuroblastoma.knowledge import disease
from hooks.pathways.relapsed_neuroblastoma.knowledge.disease import DISEASE, DiseaseKnowledge, HighRisk

FILE = Path(disease.__file__).parent / "disease.yaml"


def test_given_the_hot_spots_when_loaded_then_they_are_those_of_the_coding_notes() -> None:
    """Coding notes 2.3: F1174L/I/V/C/S, R1275Q/L, F1245C/V/L."""
    hotspots = DISEASE.alk_hotspots

    assert hotspots.f1174 == {"F1174L", "F1174I", "F1174V", "F1174C", "F1174S"}
    assert hotspots.r1275q == {"R1275Q"}
    assert hotspots.other == {"R1275L", "F1245C", "F1245V", "F1245L"}
    assert DISEASE.alk_amplified_above.copies == 10


def test_given_the_gene_groups_when_loaded_then_they_are_those_of_the_molecular_panel() -> None:
    """Relapse-pathway section 5, molecular panel."""
    genes = {name: group.genes for name, group in DISEASE.gene_groups.items()}

    assert genes == {
        "tp53_pathway": ("TP53", "MDM2", "CDKN2A", "CDK4"),
        "ras_mapk": ("NRAS", "KRAS", "HRAS", "NF1", "BRAF", "PTPN11", "FGFR1"),
        "tert": ("TERT",),
        "atrx": ("ATRX",),
    }
    assert DISEASE.segmental.complete == {"1p", "11q", "17q"}


@pytest.mark.parametrize(
    ("age_days", "amplified", "holds"),
    [(547, None, True), (546, None, False), (None, None, False), (600, True, True)],
)
def test_given_a_row_with_an_age_when_asked_then_the_boundary_day_is_inside(
    age_days: int | None,
    amplified: bool | None,
    *,
    holds: bool,
) -> None:
    row = HighRisk(stages=frozenset({"M"}), from_age_days=547, mycn_amplified=None, sources=("PDQ",))

    assert row.holds("M", age_days, amplified) is holds
    assert not row.holds("MS", age_days, amplified)


@pytest.mark.parametrize("amplified", [None, False])
def test_given_a_row_with_mycn_when_it_is_not_shown_then_the_row_does_not_hold(
    amplified: bool | None,
) -> None:
    row = HighRisk(stages=frozenset({"MS"}), from_age_days=None, mycn_amplified=True, sources=("PDQ",))

    assert not row.holds("MS", 600, amplified)
    assert row.holds("MS", None, mycn_amplified=True)


def test_given_an_unresolved_or_unused_source_when_loaded_then_the_file_is_refused() -> None:
    def changed(**parts: Any) -> dict[str, Any]:
        return {**load_yaml(FILE), **parts}

    unresolved = changed(alk_amplified_above={"source": "NOBODY", "copies": 10})
    unused = changed(alk_amplified_above={"source": "PDQ", "copies": 10})

    for document in (unresolved, unused):
        with pytest.raises(KnowledgeError):
            DiseaseKnowledge.model_validate(document)
