"""The tumour, its relapse and its response in words: a doubt, a history or another tumour opens nothing."""

from __future__ import annotations

import pytest

from hooks.facts.fact import Known
from hooks.facts.spelling import MAX_LENGTH, named_by_a_change, spelled_alike
from hooks.pathways.relapsed_neuroblastoma.facts import DiseaseEvent
from hooks.pathways.relapsed_neuroblastoma.reading.clauses import Said, clauses
from hooks.pathways.relapsed_neuroblastoma.reading.disease import read_disease
from hooks.pathways.relapsed_neuroblastoma.reading.gate import concerns
from tests.unit.reading_chart import AS_OF, condition, neuroblastoma, record, worded


@pytest.mark.parametrize(
    "text",
    [
        "Neuroblastoma",
        "Metastatic neuroblastoma",
        "NEUROBLASTOMA STAGE 4",
        "Neuroblastoma, relapse in the brain",
        "High-risk neuroblastoma, screening MIBG done",
    ],
)
def test_given_the_tumour_in_words_when_the_gate_reads_then_it_opens(text: str) -> None:
    assert concerns([condition(worded(text), "relapse")], "patient-view")


@pytest.mark.parametrize(
    "text",
    [
        "Neuroblastoma of brain",
        "Neuroblastoma of the central nervous system",
        "Neuroblastoma of nasal cavity",
        "Sinonasal neuroblastoma",
        "Hx of neuroblastoma",
        "Neuroblastoma screening",
        "Neuroblastoma survivor",
        "Neuroblastoma vs Wilms tumour",
        "Adrenal mass, differential neuroblastoma",
        "neuroblastoma susceptibility",
        "Congenital neuroblastoma predisposition (PHOX2B carrier)",
        "PHOX2B carrier: neuroblastoma risk",
        "Neuroblastoma isn\u2019t likely",
    ],
)
def test_given_words_that_only_name_the_tumour_when_the_gate_reads_then_it_stays_shut(text: str) -> None:
    """Hazard: relapse cards for a child who does not have this tumour."""
    assert not concerns([condition(worded(text), "relapse")], "patient-view")


@pytest.mark.parametrize(
    ("text", "event"),
    [
        ("Neuroblastoma, hasn't relapsed", DiseaseEvent.NONE),
        ("Neuroblastoma, relapse ruled out", DiseaseEvent.NONE),
        ("Neuroblastoma, relapse cannot be ruled out", DiseaseEvent.SUSPECTED_RELAPSE),
        ("Neuroblastoma, relapse, not confirmed", DiseaseEvent.SUSPECTED_RELAPSE),
        ("Neuroblastoma, relapse (?)", DiseaseEvent.SUSPECTED_RELAPSE),
        ("Neuroblastoma\u00a0relapsed", DiseaseEvent.FIRST_RELAPSE),
        ("Neuroblastoma, relapse, confirmed", DiseaseEvent.FIRST_RELAPSE),
    ],
)
def test_given_a_relapse_in_words_when_read_then_a_doubt_is_only_suspected(text: str, event: DiseaseEvent) -> None:
    fact = read_disease(record(neuroblastoma(text=text, onsetDateTime="2023-09-14")), AS_OF).disease_event

    assert isinstance(fact, Known)
    assert fact.value is event


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("PD cannot be excluded", Said.OPEN),
        ("progressive disease isn\u2019t seen", Said.DENIED),
        ("unconfirmed CR", Said.OPEN),
        ("less than partial response", Said.DENIED),
        ("failed to achieve PR", Said.DENIED),
        ("loss of complete response", Said.OPEN),
        ("partial\u00a0 response", Said.AFFIRMED),
        ("loss of hearing", Said.AFFIRMED),
    ],
)
def test_given_a_clause_on_response_when_read_then_doubt_and_denial_are_heard(text: str, said: Said) -> None:
    assert [found for _, found in clauses((text,))] == [said]


def test_given_typographic_signs_when_spelled_alike_then_plain_ones_stand_and_the_length_is_bounded() -> None:
    assert spelled_alike("MYCN non\u2013amplified; ALK (\u2212) n/a; can\u2019t") == (
        "mycn non-amplified; alk  negative  unavailable; cannot"
    )
    assert spelled_alike("ﬁ" * MAX_LENGTH) == "fi" * (MAX_LENGTH // 2)
    assert named_by_a_change("ALK normal; CHEK2 I157T, TP53: p.(Arg175His)") == {"chek2", "tp53"}
