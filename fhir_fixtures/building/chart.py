"""Chart: collects the FHIR R4 resources of one synthetic child in the shapes that real charts use.

Place in the flow: the modules beside it describe children with it; `python -m fhir_fixtures.building` writes the
bundles. May not: hold a code (codings.json does) or a dose (charts say "as in the protocol").
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

Resource = dict[str, Any]
CODINGS: dict[str, dict[str, str]] = json.loads((Path(__file__).parent / "codings.json").read_text(encoding="utf-8"))
TERMINOLOGY = "http://terminology.hl7.org/CodeSystem"
LOCAL = "http://example.org/fhir/CodeSystem"
UCUM = "http://unitsofmeasure.org"
SYNTHETIC = {
    "system": "http://terminology.hl7.org/CodeSystem/v3-ActReason",
    "code": "HTEST",
    "display": "test health data",
}


def coding(name: str) -> dict[str, str]:
    """Return the coding with this name in codings.json."""
    return dict(CODINGS[name])


def concept(*names: str, text: str = "") -> Resource:
    """Return a CodeableConcept with these codings; text alone if there are none."""
    coded: Resource = {"coding": [coding(name) for name in names]} if names else {}
    return {**coded, **({"text": text} if text else {})}


def local(code: str, display: str, system: str = "laboratory") -> Resource:
    """Return a CodeableConcept with a code of the house only."""
    return {"coding": [{"system": f"{LOCAL}/{system}", "code": code, "display": display}], "text": display}


def hl7(system: str, code: str, display: str = "") -> Resource:
    """Return a CodeableConcept of a terminology.hl7.org code system."""
    one = {"system": f"{TERMINOLOGY}/{system}", "code": code}
    return {"coding": [{**one, **({"display": display} if display else {})}]}


def quantity(value: float, unit: str, code: str = "") -> Resource:
    """Return a Quantity in UCUM."""
    return {"value": value, "unit": unit, "system": UCUM, "code": code or unit}


class Chart:
    """One child's resources, in order. Every method adds one and returns it, so that a child can bend it."""

    def __init__(self, slug: str, family: str, given: str, sex: str, born: str) -> None:
        self.slug = slug
        self.resources: list[Resource] = []
        self.patient = self.add(
            "Patient",
            "",
            active=True,
            identifier=[{"system": "http://example.org/fhir/synthetic-children", "value": slug}],
            name=[{"use": "official", "family": f"Synthetic-{family}", "given": [given]}],
            gender=sex,
            birthDate=born,
        )

    @property
    def subject(self) -> Resource:
        """The reference to the child."""
        return {"reference": f"Patient/{self.slug}"}

    def add(self, resource_type: str, key: str, **elements: Any) -> Resource:
        """Add a resource with the id "<slug>-<key>"; elements that are None are left out."""
        resource: Resource = {
            "resourceType": resource_type,
            "id": f"{self.slug}-{key}" if key else self.slug,
            "meta": {"tag": [dict(SYNTHETIC)]},
            **{name: value for name, value in elements.items() if value is not None},
        }
        self.resources.append(resource)
        return resource

    def bundle(self) -> Resource:
        """Return everything as a Bundle of type collection."""
        entries = [
            {"fullUrl": f"https://ehr.example.org/fhir/{r['resourceType']}/{r['id']}", "resource": r}
            for r in self.resources
        ]
        return {"resourceType": "Bundle", "type": "collection", "meta": {"tag": [dict(SYNTHETIC)]}, "entry": entries}

    def condition(self, key: str, code: Resource, clinical: str | None, onset: str | None, **more: Any) -> Resource:
        """Add a Condition; verificationStatus is confirmed unless given."""
        verification = more.pop("verification", "confirmed")
        return self.add(
            "Condition",
            key,
            clinicalStatus=hl7("condition-clinical", clinical) if clinical else None,
            verificationStatus=hl7("condition-ver-status", verification) if verification else None,
            category=[hl7("condition-category", more.pop("category", "problem-list-item"))],
            code=code,
            subject=self.subject,
            onsetDateTime=onset,
            recordedDate=more.pop("recordedDate", onset),
            **more,
        )

    def observation(
        self, key: str, code: Resource, when: str | None, category: str = "laboratory", **more: Any
    ) -> Resource:
        """Add an Observation; status is final unless given."""
        return self.add(
            "Observation",
            key,
            status=more.pop("status", "final"),
            category=[hl7("observation-category", category)],
            code=code,
            subject=self.subject,
            effectiveDateTime=when,
            **more,
        )

    def specimen(self, key: str, kind: str, collected: str | None, text: str = "") -> Resource:
        """Add a Specimen (tumour, marrow, blood) and return a reference to it."""
        self.add(
            "Specimen",
            key,
            status="available",
            type=concept(kind, text=text),
            subject=self.subject,
            collection={"collectedDateTime": collected} if collected else None,
        )
        return {"reference": f"Specimen/{self.slug}-{key}"}

    def mycn_fish(self, key: str, finding: str, when: str, specimen: Resource | None, **more: Any) -> Resource:
        """Add a MYCN FISH result as most laboratories send it: answer, interpretation and words."""
        answers = {"amplified": ("positive", "POS"), "not amplified": ("negative", "NEG")}
        value, interpretation = answers.get(finding, ("", ""))
        return self.observation(
            key,
            concept("mycn-fish", text="MYCN amplification (FISH)"),
            when,
            valueCodeableConcept=concept(*([value] if value else []), text=f"MYCN {finding}"),
            interpretation=[hl7("v3-ObservationInterpretation", interpretation)] if interpretation else None,
            specimen=specimen,
            **more,
        )

    def variant(self, key: str, gene: str, answer: str, when: str, specimen: Resource | None, **more: Any) -> Resource:
        """Add a genomics-reporting variant. Further components: p_hgvs, copies, gain, significance, vaf, source."""
        components = [{"code": concept("gene"), "valueCodeableConcept": concept(gene)}]
        if "p_hgvs" in more:
            protein = more.pop("p_hgvs")
            hgvs = {"system": "http://varnomen.hgvs.org", "code": protein, "display": protein}
            components.append({"code": concept("p-hgvs"), "valueCodeableConcept": {"coding": [hgvs], "text": protein}})
        if "copies" in more:
            components.append({"code": concept("copy-number"), "valueQuantity": quantity(more.pop("copies"), "1")})
        if "consequence" in more:
            value = concept(more.pop("consequence"))
            components.append({"code": concept("molecular-consequence"), "valueCodeableConcept": value})
        if "significance" in more:
            value = concept(more.pop("significance"))
            components.append({"code": concept("significance"), "valueCodeableConcept": value})
        if "vaf" in more:
            components.append({"code": concept("vaf"), "valueQuantity": quantity(more.pop("vaf"), "1")})
        source = concept(more.pop("source", "somatic"))
        components.append({"code": concept("source-class"), "valueCodeableConcept": source})
        return self.observation(
            key,
            concept("variant", text=more.pop("text", "")),
            when,
            valueCodeableConcept=concept(answer),
            method=concept("sequencing"),
            specimen=specimen,
            component=components,
            **more,
        )

    def report(
        self, key: str, code: Resource, when: str, category: str, conclusion: str | None, **more: Any
    ) -> Resource:
        """Add a DiagnosticReport; category is a code of HL7 table 0074 (GE, PAT, RAD, LAB)."""
        return self.add(
            "DiagnosticReport",
            key,
            status=more.pop("status", "final"),
            category=[hl7("v2-0074", category)],
            code=code,
            subject=self.subject,
            effectiveDateTime=when,
            issued=f"{when}T15:30:00+00:00",
            conclusion=conclusion,
            **more,
        )

    def medication(self, key: str, drug: str, status: str, start: str, end: str | None = None, **more: Any) -> Resource:
        """Add a MedicationRequest with a coded drug; `text` overrides the name, dosing is a pointer to the protocol."""
        text = more.pop("text", "") or CODINGS[drug]["display"]
        route = more.pop("route", "iv")
        words = more.pop("dosage", "Dose and schedule as in the treating protocol")
        bounds = {"start": start, **({"end": end} if end else {})}
        return self.add(
            "MedicationRequest",
            key,
            status=status,
            statusReason=more.pop("statusReason", None),
            intent=more.pop("intent", "order"),
            category=more.pop("category", [hl7("medicationrequest-category", "inpatient", "Inpatient")]),
            medicationCodeableConcept=more.pop("medication", concept(drug, text=text)),
            subject=self.subject,
            authoredOn=more.pop("authoredOn", start),
            dosageInstruction=[
                {"text": words, "timing": {"repeat": {"boundsPeriod": bounds}}, "route": concept(route, text=route)}
            ],
            **more,
        )

    def course(self, key: str, drugs: Sequence[str], start: str, end: str | None, **more: Any) -> None:
        """Add one MedicationRequest per drug of a course: completed, or active where `end` is None."""
        status = more.pop("status", "completed" if end else "active")
        oral = {"temozolomide", "lorlatinib", "isotretinoin", "eflornithine", "sirolimus", "dasatinib", "crizotinib"}
        for drug in drugs:
            route = "oral" if drug in oral else "iv"
            self.medication(f"{key}-{drug}", drug, status, start, end, route=route, **more)

    def procedure(self, key: str, code: Resource, when: str, **more: Any) -> Resource:
        """Add a completed Procedure."""
        status = more.pop("status", "completed")
        return self.add(
            "Procedure", key, status=status, code=code, subject=self.subject, performedDateTime=when, **more
        )

    def order(self, key: str, code: Resource, when: str, **more: Any) -> Resource:
        """Add an active ServiceRequest."""
        return self.add(
            "ServiceRequest",
            key,
            status=more.pop("status", "active"),
            intent="order",
            code=code,
            subject=self.subject,
            authoredOn=when,
            **more,
        )

    def allergy(self, key: str, code: Resource, when: str, **more: Any) -> Resource:
        """Add an AllergyIntolerance, active and confirmed."""
        return self.add(
            "AllergyIntolerance",
            key,
            clinicalStatus=hl7("allergyintolerance-clinical", "active"),
            verificationStatus=hl7("allergyintolerance-verification", "confirmed"),
            code=code,
            patient=self.subject,
            recordedDate=when,
            **more,
        )

    def vital(self, key: str, name: str, value: float, unit: str, when: str, code: str = "") -> Resource:
        """Add one vital sign."""
        return self.observation(key, concept(name), when, "vital-signs", valueQuantity=quantity(value, unit, code))

    def lab(self, key: str, name: str, value: float, unit: str, when: str) -> Resource:
        """Add one laboratory value."""
        return self.observation(key, concept(name), when, valueQuantity=quantity(value, unit))
