"""Code systems and titles as senders write them: editions, schemes, OIDs, prefixes, a status by its name."""

from __future__ import annotations

from typing import Any

import pytest

from hooks.facts.fact import Confidence, Known
from hooks.pathways.relapsed_neuroblastoma.facts import DiseaseEvent, Stage
from hooks.pathways.relapsed_neuroblastoma.reading.disease import read_disease
from hooks.pathways.relapsed_neuroblastoma.reading.gate import concerns
from hooks.terminology.table import TABLE, normal_system
from tests.unit.reading_chart import (
    AS_OF,
    ICD_O,
    LOINC,
    NCIT,
    SNOMED,
    coded,
    condition,
    neuroblastoma,
    observation,
    record,
    said,
    worded,
)


@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        ("https://snomed.info/sct", SNOMED),
        ("http://snomed.info/sct/731000124108/version/20250901", SNOMED),
        (" HTTPS://www.loinc.org/ ", LOINC),
        ("urn:oid:2.16.840.1.113883.3.26.1.1", NCIT),
        ("https://hl7.org/fhir/sid/icd-o-3", ICD_O),
        ("http://snomed.info/sctx", "http://snomed.info/sctx"),
        ("urn:lab", "urn:lab"),
    ],
)
def test_given_a_code_system_as_senders_write_it_when_normalised_then_one_address(written: str, canonical: str) -> None:
    assert normal_system(written) == canonical


@pytest.mark.parametrize("code", ["9500/3", "M9500/3", "m-9500/3"])
def test_given_a_morphology_with_its_letter_when_the_gate_reads_then_it_is_the_same(code: str) -> None:
    assert TABLE.concept_of(ICD_O, code) == TABLE.concept_of(ICD_O, "9500/3")
    assert concerns([condition(coded(ICD_O, code), "relapse")], "patient-view")


@pytest.mark.parametrize(
    ("observed", "event"),
    [
        (observation(worded("Disease status"), said("First relapse")), DiseaseEvent.FIRST_RELAPSE),
        (observation(coded("urn:lab", "7", "Tumour status"), said("refractory")), DiseaseEvent.REFRACTORY),
        (observation(worded("Smoking status"), said("relapsed")), DiseaseEvent.NONE),
        (observation(coded(LOINC, "8302-2", "Disease status"), said("relapse")), DiseaseEvent.NONE),
        (observation(worded("Disease status"), said("relapse"), status="preliminary"), DiseaseEvent.NONE),
    ],
)
def test_given_a_status_by_its_title_when_read_then_its_words_count_as_text(
    observed: dict[str, Any], event: DiseaseEvent
) -> None:
    fact = read_disease(record(neuroblastoma(id="dx", onsetDateTime="2023-09-14"), observed), AS_OF).disease_event

    assert isinstance(fact, Known)
    assert fact.value is event
    assert fact.confidence is Confidence.TEXT or event is DiseaseEvent.NONE


def test_given_a_stage_as_a_number_when_read_then_it_is_the_stage() -> None:
    staged = observation(worded("INSS stage"), {"valueInteger": 4}, on="2023-09-20")

    fact = read_disease(record(neuroblastoma(onsetDateTime="2023-09-14"), staged), AS_OF).stage

    assert isinstance(fact, Known)
    assert (fact.value, fact.confidence) == (Stage.INSS_4, Confidence.TEXT)
