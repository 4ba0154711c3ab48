"""Builders of FHIR resources for the tests of the readers: one child, one laboratory, plain dictionaries."""

from __future__ import annotations

from datetime import date
from typing import Any

from hooks.record import PatientRecord

SNOMED = "http://snomed.info/sct"
LOINC = "http://loinc.org"
ICD_CM = "http://hl7.org/fhir/sid/icd-10-cm"
ICD = "http://hl7.org/fhir/sid/icd-10"
ICD_O = "http://terminology.hl7.org/CodeSystem/icd-o-3"
NCIT = "http://ncicb.nci.nih.gov/xml/owl/EVS/Thesaurus.owl"
ONCOTREE = "http://oncotree.mskcc.org"
HGNC = "http://www.genenames.org"
SO = "http://www.sequenceontology.org"
INTERPRETATION = "http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation"
ABSENT = "http://terminology.hl7.org/CodeSystem/data-absent-reason"
TBD = "http://hl7.org/fhir/uv/genomics-reporting/CodeSystem/tbd-codes-cs"
CLINICAL = "http://terminology.hl7.org/CodeSystem/condition-clinical"
VERIFICATION = "http://terminology.hl7.org/CodeSystem/condition-ver-status"
MORPHOLOGY = "http://hl7.org/fhir/us/mcode/StructureDefinition/mcode-histology-morphology-behavior"
INTENT = "http://hl7.org/fhir/us/mcode/StructureDefinition/mcode-procedure-intent"

RELAPSE_DAY = date(2026, 5, 18)
AS_OF = date(2026, 6, 1)

Json = dict[str, Any]


def record(*resources: Json) -> PatientRecord:
    """Return a record that holds these resources in this order."""
    held: dict[str, tuple[Json, ...]] = {}
    for resource in resources:
        held[resource["resourceType"]] = (*held.get(resource["resourceType"], ()), resource)
    return PatientRecord("p1", held)


def coded(system: str, code: str, display: str = "", text: str = "") -> Json:
    """Return a CodeableConcept of one coding."""
    coding = {"system": system, "code": code, **({"display": display} if display else {})}
    return {"coding": [coding], **({"text": text} if text else {})}


def worded(text: str) -> Json:
    """Return a CodeableConcept of text alone."""
    return {"text": text}


POSITIVE = {"valueCodeableConcept": coded(LOINC, "LA6576-8", "Positive")}
NEGATIVE = {"valueCodeableConcept": coded(LOINC, "LA6577-6", "Negative")}
PRESENT = {"valueCodeableConcept": coded(LOINC, "LA9633-4", "Present")}
ABSENT_ANSWER = {"valueCodeableConcept": coded(LOINC, "LA9634-2", "Absent")}


def said(text: str) -> Json:
    """Return a valueString."""
    return {"valueString": text}


def interpreted(code: str) -> Json:
    """Return an interpretation of one code."""
    return {"interpretation": [coded(INTERPRETATION, code)]}


def observation(code: Json, *parts: Json, id: str = "o1", on: str | None = "2026-05-20", **more: Any) -> Json:  # noqa: A002
    """Return a final Observation; `parts` and `more` override what is here."""
    found: Json = {"resourceType": "Observation", "id": id, "status": "final", "code": code}
    if on is not None:
        found["effectiveDateTime"] = on
    for part in parts:
        found.update(part)
    return {**found, **more}


def fish(*parts: Json, **more: Any) -> Json:
    """Return the qualitative MYCN FISH (LOINC 93796-1)."""
    return observation(coded(LOINC, "93796-1"), *parts, **more)


def component(code: str, value: Json, system: str = LOINC) -> Json:
    """Return one component."""
    return {"code": coded(system, code), **value}


def gene(identifier: str, display: str = "") -> Json:
    """Return the gene-studied component."""
    return component("48018-6", {"valueCodeableConcept": coded(HGNC, identifier, display)})


def protein(change: str) -> Json:
    """Return the p.HGVS component."""
    coding = {"system": "http://varnomen.hgvs.org", "code": change}
    return component("48005-3", {"valueCodeableConcept": {"coding": [coding]}})


def consequence(code: str, display: str = "", system: str = SO) -> Json:
    """Return the molecular-consequence component."""
    return component("molecular-consequence", {"valueCodeableConcept": coded(system, code, display)}, TBD)


def copies(value: float, **more: Any) -> Json:
    """Return the absolute copy number component."""
    return component("82155-3", {"valueQuantity": {"value": value, "system": "http://unitsofmeasure.org", **more}})


def variant(*components: Json, answer: Json = PRESENT, **more: Any) -> Json:
    """Return a genetic variant assessment (LOINC 69548-6)."""
    return observation(coded(LOINC, "69548-6"), answer, component=list(components), **more)


def alk(change: str | None = None, *components: Json, **more: Any) -> Json:
    """Return an ALK variant."""
    parts = [gene("HGNC:427", "ALK"), *([protein(change)] if change else []), *components]
    return variant(*parts, **more)


def specimen(taken: str | None, kind: Json, id: str = "s1") -> Json:  # noqa: A002
    """Return a Specimen of one type and day of collection."""
    collection = {"collection": {"collectedDateTime": taken}} if taken else {}
    return {"resourceType": "Specimen", "id": id, "type": kind, **collection}


TUMOUR = coded("http://terminology.hl7.org/CodeSystem/v2-0487", "TUMOR", "Tumor")
MARROW = coded("http://terminology.hl7.org/CodeSystem/v2-0487", "MAR", "Marrow")
BLOOD = coded("http://terminology.hl7.org/CodeSystem/v2-0487", "BLD", "Whole Blood")


def on_specimen(id: str = "s1") -> Json:  # noqa: A002
    """Return the reference of an Observation to its specimen."""
    return {"specimen": {"reference": f"Specimen/{id}"}}


def report(conclusion: str | None = None, id: str = "r1", **more: Any) -> Json:  # noqa: A002
    """Return a final genetics report."""
    found: Json = {
        "resourceType": "DiagnosticReport",
        "id": id,
        "status": "final",
        "code": coded(LOINC, "51969-4", "Genetic analysis report"),
        "effectiveDateTime": "2026-05-20",
    }
    return {**found, **({"conclusion": conclusion} if conclusion else {}), **more}


def condition(
    code: Json,
    clinical: str | None = "active",
    verification: str | None = "confirmed",
    id: str = "c1",  # noqa: A002
    **more: Any,
) -> Json:
    """Return a Condition."""
    found: Json = {"resourceType": "Condition", "id": id, "code": code}
    if clinical:
        found["clinicalStatus"] = coded(CLINICAL, clinical)
    if verification:
        found["verificationStatus"] = coded(VERIFICATION, verification)
    return {**found, **more}


def neuroblastoma(clinical: str | None = "active", text: str = "Neuroblastoma", **more: Any) -> Json:
    """Return a neuroblastoma Condition (SNOMED CT 432328008)."""
    return condition(coded(SNOMED, "432328008", text=text), clinical, **more)


def primary(**more: Any) -> Json:
    """Return the first diagnosis, in remission since."""
    return neuroblastoma("remission", id="dx", onsetDateTime="2023-09-14", **more)


def relapse(**more: Any) -> Json:
    """Return a relapse with a Condition of its own."""
    return neuroblastoma(**{"clinical": "relapse", "id": "rel", "onsetDateTime": "2026-05-18", **more})


def born(day: str = "2020-03-02", **more: Any) -> Json:
    """Return the Patient."""
    return {"resourceType": "Patient", "id": "p1", "birthDate": day, **more}
