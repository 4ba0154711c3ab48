"""Equivalence: one child said in every encoding is one child; what only looks like the finding never is it."""

from __future__ import annotations

from datetime import date
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from hooks.facts.fact import Conflicting, Known, Unknown
from hooks.pathways.relapsed_neuroblastoma.facts import ALK, MYCN, DiseaseEvent
from hooks.pathways.relapsed_neuroblastoma.reading.disease import read_disease
from hooks.pathways.relapsed_neuroblastoma.reading.molecular import read_molecular
from tests.unit.reading_chart import (
    ABSENT,
    ABSENT_ANSWER,
    AS_OF,
    HGNC,
    ICD_CM,
    ICD_O,
    INTERPRETATION,
    LOINC,
    MORPHOLOGY,
    NCIT,
    ONCOTREE,
    RELAPSE_DAY,
    SNOMED,
    TUMOUR,
    coded,
    component,
    condition,
    consequence,
    fish,
    interpreted,
    neuroblastoma,
    observation,
    record,
    relapse,
    report,
    said,
    specimen,
    variant,
    worded,
)

F1174L = st.sampled_from(
    ["NP_004295.2:p.Phe1174Leu", "p.(Phe1174Leu)", "p.Phe1174Leu", "p.F1174L", "F1174L", "ALK F1174L", " p.F1174L "]
)
ALK_GENE = st.sampled_from(
    [
        coded(HGNC, "HGNC:427", "ALK"),
        coded(HGNC, "427"),
        coded("http://www.genenames.org/geneId", "HGNC:427"),
        coded("https://www.ncbi.nlm.nih.gov/gene", "238", "ALK"),
    ]
)
PRESENT_SOMEHOW = st.sampled_from(
    [{"valueCodeableConcept": coded(LOINC, "LA9633-4")}, {"valueCodeableConcept": coded(f"{LOINC}/", "la6576-8")},
     {"valueBoolean": True}, interpreted("POS")]
)  # fmt: skip
REFERENCES = st.sampled_from(["Specimen/s1", "https://ehr.example/fhir/Specimen/s1", "Specimen/s1/_history/3"])


@settings(deadline=None, max_examples=80)
@given(F1174L, ALK_GENE, PRESENT_SOMEHOW, REFERENCES, st.booleans(), st.randoms(use_true_random=False))
def test_given_one_alk_variant_in_any_encoding_when_read_then_the_same_fact(
    change: str, gene: dict[str, Any], answer: dict[str, Any], reference: str, in_code: bool, random: Any
) -> None:
    spelled = {"coding": [{"system": "http://varnomen.hgvs.org", "code": change}]} if in_code else worded(change)
    components = [
        component("48018-6", {"valueCodeableConcept": gene}),
        component("48005-3", {"valueCodeableConcept": spelled}),
    ]
    random.shuffle(components)
    chart = [
        variant(*components, answer=answer, specimen={"reference": reference}, issued="2026-06-01T00:00:00Z"),
        specimen("2026-05-20", TUMOUR),
    ]
    random.shuffle(chart)

    fact = read_molecular(record(*chart), RELAPSE_DAY).alk

    assert fact == read_molecular(record(*reversed(chart)), RELAPSE_DAY).alk
    assert isinstance(fact, Known)
    assert (fact.value.state, fact.value.variant, fact.date) == (ALK.F1174, "F1174L", date(2026, 5, 20))


DIAGNOSES = st.sampled_from(
    [
        coded(SNOMED, "432328008"),
        coded("urn:oid:2.16.840.1.113883.6.96", "432328008"),
        coded(NCIT, "C3270"),
        coded(ONCOTREE, "NBL"),
        coded(ICD_O, "9500/3"),
        coded(ICD_CM, "C74.90", text="Neuroblastoma"),
        worded("Neuroblastoma"),
    ]
)
RELAPSES = st.sampled_from(
    [
        {"clinicalStatus": worded("relapse")},
        {"clinicalStatus": "recurrence"},
        {"clinicalStatus": {"coding": [{"code": "relapse"}]}},
    ]
)


@settings(deadline=None, max_examples=80)
@given(DIAGNOSES, DIAGNOSES, RELAPSES, st.randoms(use_true_random=False))
def test_given_one_relapse_in_any_encoding_when_read_then_the_same_event_and_date(
    first: dict[str, Any], second: dict[str, Any], status: dict[str, Any], random: Any
) -> None:
    chart = [
        condition(first, "remission", id="dx", onsetDateTime="2023-09-14"),
        condition(second, id="rel", onsetDateTime="2026-05-18", **status),
        condition(coded(ICD_CM, "C79.51"), id="m", onsetDateTime="2026-05-18"),
    ]
    random.shuffle(chart)

    facts = read_disease(record(*chart), AS_OF)

    assert isinstance(facts.disease_event, Known)
    assert isinstance(facts.event_date, Known)
    assert (facts.disease_event.value, facts.event_date.value) == (DiseaseEvent.FIRST_RELAPSE, RELAPSE_DAY)


# --- what never gives the positive fact

POSITIVE_FISH = fish({"valueCodeableConcept": coded(LOINC, "LA6576-8", "Positive")})
NEVER_AMPLIFIED = st.sampled_from(
    [
        {**POSITIVE_FISH, "status": "preliminary"},
        {**POSITIVE_FISH, "status": "entered-in-error"},
        {**POSITIVE_FISH, "status": "finished"},
        {**POSITIVE_FISH, "dataAbsentReason": coded(ABSENT, "unknown")},
        {**POSITIVE_FISH, "focus": [{"reference": "RelatedPerson/mother"}]},
        {**POSITIVE_FISH, "interpretation": [coded(INTERPRETATION, "NEG")]},
        fish(ABSENT_ANSWER),
        fish(said("MYCN gain")),
        fish(said("no evidence of amplification")),
        fish(said("amplification pending")),
        fish(said("mother: MYCN amplified")),
        variant(component("48018-6", {"valueCodeableConcept": coded(HGNC, "HGNC:7559")}), consequence("SO:0001742")),
        variant(component("48018-6", {"valueCodeableConcept": coded(HGNC, "HGNC:7559")})),
        report("MYCN protein positive by IHC. Amplification of MDM2."),
        observation(worded("MYCN immunohistochemistry"), said("positive")),
    ]
)


@settings(deadline=None, max_examples=100)
@given(st.lists(NEVER_AMPLIFIED, max_size=4))
def test_given_only_what_is_not_amplified_when_read_then_mycn_is_never_amplified(chart: list[dict[str, Any]]) -> None:
    """Hazard: RIST offered first to a child whose tumour is not MYCN-amplified."""
    fact = read_molecular(record(*({**item, "id": f"o{i}"} for i, item in enumerate(chart))), RELAPSE_DAY).mycn

    assert not (isinstance(fact, Known) and fact.value.state in {MYCN.AMPLIFIED, MYCN.HETEROGENEOUS})
    assert isinstance(fact, Known | Unknown | Conflicting)


NEVER_RELAPSED = st.sampled_from(
    [
        neuroblastoma(text="Neuroblastoma, no evidence of relapse", onsetDateTime="2023-09-14"),
        neuroblastoma(text="High-risk neuroblastoma, relapse-free", onsetDateTime="2023-09-14"),
        relapse(verification="refuted"),
        relapse(verification="entered-in-error"),
        relapse(clinical="remission"),
        condition(worded("Sister with relapsed neuroblastoma"), "relapse", id="sis"),
        condition(coded(SNOMED, "116371000119107"), "relapse", id="gn"),
        condition(worded("Olfactory neuroblastoma"), "recurrence", id="on"),
        observation(coded(SNOMED, "277647002"), ABSENT_ANSWER),
        observation(coded(LOINC, "97509-4"), {"valueCodeableConcept": coded(SNOMED, "268910001")}),
    ]
)
EXTENSION = [{"url": MORPHOLOGY, "valueCodeableConcept": coded(ICD_O, "9500/3")}]


@settings(deadline=None, max_examples=100)
@given(st.lists(NEVER_RELAPSED, max_size=5))
def test_given_only_what_is_no_relapse_when_read_then_there_is_none(chart: list[dict[str, Any]]) -> None:
    coded_only = condition(
        coded(ICD_CM, "C74.90"), "remission", id="dx", extension=EXTENSION, onsetDateTime="2023-09-14"
    )

    fact = read_disease(
        record(coded_only, *({**item, "id": f"c{i}"} for i, item in enumerate(chart))), AS_OF
    ).disease_event

    assert isinstance(fact, Known)
    assert fact.value is DiseaseEvent.NONE
