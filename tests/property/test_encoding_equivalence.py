"""Equivalence of decisions: one child said in every equivalent encoding gets the same options; look-alikes never do."""

from __future__ import annotations

from datetime import date
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from hooks.pathways.relapsed_neuroblastoma.services import SERVICES
from hooks.record import KeyState, PatientRecord
from hooks.service import Circumstances
from tests.unit.reading_chart import (
    ABSENT,
    CLINICAL,
    HGNC,
    ICD_CM,
    ICD_O,
    LOINC,
    MORPHOLOGY,
    NCIT,
    ONCOTREE,
    SNOMED,
    TUMOUR,
    alk,
    born,
    coded,
    component,
    condition,
    copies,
    fish,
    gene,
    interpreted,
    observation,
    protein,
    record,
    report,
    said,
    specimen,
    variant,
    worded,
)

AS_OF = date(2026, 6, 1)
RXNORM, ATC = "http://www.nlm.nih.gov/research/umls/rxnorm", "http://www.whocc.no/atc"
PATIENT_VIEW = [service for service in SERVICES if service.hook == "patient-view"]
Json = dict[str, Any]


def decided(chart: list[Json]) -> tuple[Any, ...]:
    """Return what the patient-view services offer: topics, options with their standing, items, drugs drafted."""
    keys = dict.fromkeys(PATIENT_VIEW[0].prefetch, KeyState.PRESENT)
    held = record(*chart)
    chart_record = PatientRecord("p1", held.resources, keys=keys)
    decisions = [service.decide(chart_record, Circumstances(AS_OF)) for service in PATIENT_VIEW]
    return tuple(
        (
            said.topic,
            said.summary,
            tuple((option.regimen, option.standing, option.why, len(option.orders)) for option in said.options),
        )
        for decision in decisions
        for said in decision.recommendations
    )


DIAGNOSIS = st.sampled_from(
    [
        coded(SNOMED, "432328008"),
        coded("urn:oid:2.16.840.1.113883.6.96", "432328008"),
        coded("https://snomed.info/sct", "432328008"),
        coded("http://snomed.info/sct/731000124108", " 432328008 "),
        coded(NCIT, "C3270"),
        coded("urn:oid:2.16.840.1.113883.3.26.1.1", "C3270"),
        coded(ONCOTREE, "nbl"),
        coded(ICD_O, "9500/3"),
        coded("urn:oid:2.16.840.1.113883.6.43.1", "M9500/3"),
        coded("http://hl7.org/fhir/sid/icd-o-3", "M-9500/3"),
        {**coded(ICD_CM, "C7490"), "morphology": True},
    ]
)
RELAPSED = st.sampled_from(
    [
        coded(CLINICAL, "relapse"),
        coded(CLINICAL, "recurrence"),
        coded(f"{CLINICAL}/", "Relapse"),
        {"coding": [{"code": "relapse"}]},
        "relapse",
        worded("recurrence"),
    ]
)
AMPLIFIED = st.sampled_from(
    [
        fish({"valueCodeableConcept": coded(LOINC, "LA6576-8", "Positive")}),
        fish({"valueCodeableConcept": [coded("urn:oid:2.16.840.1.113883.6.1", "LA6576-8")]}),
        fish({"valueCodeableConcept": coded("http://www.loinc.org", "la9633-4")}),
        fish({"valueCoding": {"system": LOINC, "code": "LA6576-8"}}),
        fish({"valueBoolean": True}),
        fish(interpreted("POS")),
        fish(interpreted("det")),
        observation(worded("Panel"), component=[component("93796-1", {"valueBoolean": True})]),
        fish({"valueBoolean": True}, status=" Final "),
        fish({"valueBoolean": True}, status="corrected"),
    ]
)
CHANGE = st.sampled_from(
    ["NP_004295.2:p.Phe1174Leu", "p.(Phe1174Leu)", "p.[Phe1174Leu]", "P.PHE1174LEU", "p.F1174L", "ALK F1174L", "f1174l",
     "NP_004295.2:p.(F1174L)", "p.\u200bPhe1174Leu\u00a0"]
)  # fmt: skip
GENE = st.sampled_from(
    [
        coded(HGNC, "HGNC:427", "ALK"),
        coded(HGNC, "427"),
        coded("https://www.genenames.org/geneId/", "hgnc:427"),
        coded("https://www.ncbi.nlm.nih.gov/gene", "238", "ALK"),
    ]
)
IRINOTECAN = st.sampled_from(
    [
        {"medicationCodeableConcept": coded(RXNORM, "51499")},
        {"medicationCodeableConcept": coded("urn:oid:2.16.840.1.113883.6.88", "51499", "CPT")},
        {"medicationCodeableConcept": coded(ATC, "L01CE02")},
        {"medicationCodeableConcept": coded(ATC, "l01xx19")},
        {"medicationCodeableConcept": coded("http://fhir.de/CodeSystem/bfarm/atc", "L01CE02")},
        {"medicationReference": {"reference": "#in"}, "contained": [{"resourceType": "Medication", "id": "in",
         "code": coded(RXNORM, "51499")}]},
        {"medicationReference": {"reference": "Medication/md"}},
        {"medicationReference": {"reference": "https://ehr.example/fhir/Medication/md/_history/2"}},
        {"medicationReference": {"reference": "urn:uuid:md"}},
        {"medicationReference": {"reference": "Medication/made"}},
        {"medication": {"concept": coded(RXNORM, "51499")}},
    ]
)  # fmt: skip
MEDICATIONS = [
    {"resourceType": "Medication", "id": "md", "code": coded(RXNORM, "51499")},
    {"resourceType": "Medication", "id": "made", "ingredient": [{"itemReference": {"reference": "Medication/md"}}]},
]
TISSUE = st.sampled_from(
    [
        ["Specimen/s1"],
        ["https://ehr.example/fhir/Specimen/s1"],
        ["urn:uuid:s1"],
        ["Specimen/slide", {"reference": "Specimen/s1"}],
    ]
)


def child(parts: dict[str, Any], molecular: list[Json]) -> list[Json]:
    """Return the chart: high-risk disease in remission, a relapse, earlier irinotecan, and molecular results."""
    extension = [{"url": MORPHOLOGY, "valueCodeableConcept": coded(ICD_O, "9500/3")}]
    code = {key: value for key, value in parts["diagnosis"].items() if key != "morphology"}
    return [
        born(),
        condition(coded(SNOMED, "432328008"), "remission", id="dx", onsetDateTime="2023-09-14"),
        condition(code, None, id="rel", clinicalStatus=parts["relapsed"], onsetDateTime="2026-05-18",
                  **({"extension": extension} if "morphology" in parts["diagnosis"] else {})),
        observation(worded("Neuroblastoma risk group"), {"valueCodeableConcept": coded(SNOMED, "723509005")},
                    id="risk", on="2023-09-20"),
        {"resourceType": "MedicationRequest", "id": "m1", "status": "completed", "intent": "order",
         "authoredOn": "2024-01-10", **parts["irinotecan"]},
        *MEDICATIONS,
        *molecular,
    ]  # fmt: skip


PLAIN = {
    "diagnosis": coded(SNOMED, "432328008"),
    "relapsed": coded(CLINICAL, "relapse"),
    "irinotecan": {"medicationCodeableConcept": coded(RXNORM, "51499")},
}
CHILD = st.fixed_dictionaries({"diagnosis": DIAGNOSIS, "relapsed": RELAPSED, "irinotecan": IRINOTECAN})


def tissue(links: list[Any]) -> tuple[Json, list[Json]]:
    """Return the reference of a result to its specimen, and the specimens."""
    slide = {"resourceType": "Specimen", "id": "slide", "type": TUMOUR, "parent": links[1:]}
    return {"specimen": {"reference": links[0]}}, [specimen("2026-05-20", TUMOUR), slide]


def results(mycn: Json, change: str, of_gene: Json, links: list[Any]) -> list[Json]:
    """Return an amplified MYCN and an ALK F1174L on the same tissue."""
    reference, specimens = tissue(links)
    parts = [component("48018-6", {"valueCodeableConcept": of_gene}), protein(change)]
    return [{**mycn, **reference, "id": "o1"}, variant(*parts, id="o2", **reference), *specimens]


SAME = decided(
    child(PLAIN, results(fish({"valueBoolean": True}), "p.F1174L", coded(HGNC, "HGNC:427"), ["Specimen/s1"]))
)


def test_given_the_plain_child_when_decided_then_markers_do_select() -> None:
    """Without this the properties below could hold of empty answers."""
    standings = {option: standing for _, _, options in SAME for option, standing, _, _ in options}

    assert standings["RIST"] == standings["LORLATINIB_TOPOCY"] == "preferred"


@settings(deadline=None, max_examples=60)
@given(CHILD, AMPLIFIED, CHANGE, GENE, TISSUE, st.randoms(use_true_random=False))
def test_given_one_child_in_any_encoding_when_decided_then_the_same_answer(
    parts: dict[str, Any], mycn: Json, change: str, of_gene: Json, links: list[Any], random: Any
) -> None:
    """Hazard: the regimen depends on which system wrote the chart."""
    chart = child(parts, results(mycn, change, of_gene, links))
    random.shuffle(chart)

    assert decided(chart) == SAME


GENE_MYCN = gene("HGNC:7559", "MYCN")
POSITIVE_FISH = fish({"valueBoolean": True})
NOT_POSITIVE = st.sampled_from(
    [
        {**POSITIVE_FISH, "status": "preliminary"},
        {**POSITIVE_FISH, "status": "registered"},
        {**POSITIVE_FISH, "status": "cancelled"},
        {**POSITIVE_FISH, "status": "entered-in-error"},
        {**POSITIVE_FISH, "dataAbsentReason": coded(ABSENT, "unknown")},
        {**POSITIVE_FISH, "focus": [{"display": "mother"}]},
        {**POSITIVE_FISH, "focus": [{"reference": "RelatedPerson/r"}]},
        {"resourceType": "FamilyMemberHistory", "id": "f", "note": [{"text": "MYCN amplified, ALK F1174L"}]},
        fish(interpreted("A")),
        fish(said("MYCN gain, not amplified")),
        fish(said("MYCN isn\u2019t amplified")),
        fish(said("amplification ruled out")),
        fish(said("No tumour cells present")),
        variant(GENE_MYCN),
        variant(GENE_MYCN, copies(5)),
        variant(GENE_MYCN, {**copies(40), "dataAbsentReason": coded(ABSENT, "error")}),
        alk("F1174L", status="preliminary"),
        alk("F1174L", answer={"valueCodeableConcept": coded(LOINC, "LA9634-2")}),
        alk("F1174L", answer={"valueCodeableConcept": coded(LOINC, "LA11884-6")}),
        alk("F1174L", dataAbsentReason=coded(ABSENT, "masked")),
        alk("F1174L", component("53037-8", {"valueCodeableConcept": coded(LOINC, "LA26333-7")})),
        alk(None, component("48004-6", said("NM_004304.5:c.3522C>A"))),
        alk("p.Phe1174="),
        variant(protein("F1174L")),
        report("Mother: MYCN amplified, ALK F1174L. Brother: ALK R1275Q."),
        report("MYCN amplification\nNot detected\nALK F1174L\nNot detected"),
        report("Patients with MYCN amplification fare worse; ALK F1174L in the control sample."),
        report("MYCN amplified, ALK F1174L", status="preliminary"),
        report("MYCN amplification and ALK F1174L cannot be excluded"),
        report("MYCN amplification, ALK F1174L and TERT rearrangement are not detected"),
    ]
)


@settings(deadline=None, max_examples=80)
@given(CHILD, st.lists(NOT_POSITIVE, max_size=4))
def test_given_only_look_alikes_when_decided_then_no_marker_selects_a_regimen(
    parts: dict[str, Any], chart: list[Json]
) -> None:
    """Hazard: RIST or an ALK inhibitor preferred, or even provisional, on a result that nobody found."""
    answer = decided(child(parts, [{**item, "id": f"x{position}"} for position, item in enumerate(chart)]))
    standings = {option: standing for _, _, options in answer for option, standing, _, _ in options}

    assert not {"preferred", "provisional"} & {standings.get("RIST"), standings.get("LORLATINIB_TOPOCY")}
