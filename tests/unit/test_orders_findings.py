"""Findings: conditions, adverse events, observations and procedures that forbid or question an order."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from hooks.facts.fact import Confidence
from hooks.pathways.relapsed_neuroblastoma.board import Finding, FindingKind
from hooks.pathways.relapsed_neuroblastoma.reading.finding_words import findings_in
from hooks.pathways.relapsed_neuroblastoma.reading.orders import read_board
from hooks.record import PatientRecord

SNOMED = "http://snomed.info/sct"
LOINC = "http://loinc.org"
TODAY = date(2026, 11, 22)
FEBRILE_NEUTROPENIA = {"coding": [{"system": SNOMED, "code": "409089005"}]}


def read(*resources: dict[str, Any]) -> tuple[Finding, ...]:
    kinds = {item["resourceType"] for item in resources}
    chart = {kind: tuple(item for item in resources if item["resourceType"] == kind) for kind in kinds}
    return read_board(PatientRecord("p1", chart), TODAY).findings


def condition(code: object, **more: Any) -> dict[str, Any]:
    return {"resourceType": "Condition", "id": "c", "code": code, "onsetDateTime": "2026-11-20", **more}


def test_given_the_two_codes_of_icd_10_cm_when_read_then_fever_and_neutropenia_are_found() -> None:
    """Hazard: neutropenic fever has no single code in ICD-10-CM; chemotherapy is given into it."""
    icd = "http://hl7.org/fhir/sid/icd-10-cm"
    codes = [{"coding": [{"system": icd, "code": code}]} for code in ("D70.1", "R50.81")]

    found = read(*(condition(code, id=f"c{number}") for number, code in enumerate(codes)))

    assert {item.kind for item in found} == {FindingKind.FEVER, FindingKind.NEUTROPENIA}


def event(words: str, **more: Any) -> dict[str, Any]:
    return {
        "resourceType": "AdverseEvent",
        "id": "e",
        "actuality": "actual",
        "event": {"text": words},
        "date": "2026-11-20",
        **more,
    }


def observation(code: object, **more: Any) -> dict[str, Any]:
    return {
        "resourceType": "Observation",
        "id": "o",
        "status": "final",
        "code": code,
        "effectiveDateTime": "2026-11-20",
        **more,
    }


def test_given_a_code_of_the_table_when_read_then_the_finding_is_coded() -> None:
    found = {item.kind: item for item in read(condition(FEBRILE_NEUTROPENIA))}

    assert set(found) == {FindingKind.FEBRILE_NEUTROPENIA, FindingKind.NEUTROPENIA}
    assert found[FindingKind.FEBRILE_NEUTROPENIA] == Finding(
        FindingKind.FEBRILE_NEUTROPENIA,
        date=date(2026, 11, 20),
        source="Condition/c",
        text="Febrile neutropenia (disorder)",
    )


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("sensory and motor neuropathy", {FindingKind.SENSORY_NEUROPATHY, FindingKind.MOTOR_NEUROPATHY}),
        ("sensorimotor polyneuropathy", {FindingKind.SENSORY_NEUROPATHY, FindingKind.MOTOR_NEUROPATHY}),
        ("peripheral neuropathy", {FindingKind.NEUROPATHY}),
    ],
)
def test_given_a_neuropathy_when_read_then_its_kinds_are_told_apart(text: str, kinds: set[FindingKind]) -> None:
    assert {item.kind for item in read(condition({"text": text}))} == kinds


@pytest.mark.parametrize(
    ("text", "kind", "grade"),
    [
        ("Acute graft versus host disease, grade III", FindingKind.ACUTE_GVHD, 3),
        ("acute GvHD grade IV", FindingKind.ACUTE_GVHD, 4),
        ("extensive chronic GVHD", FindingKind.CHRONIC_GVHD_EXTENSIVE, None),
        ("limited chronic graft-versus-host disease", FindingKind.CHRONIC_GVHD_LIMITED, None),
        ("chronic GVHD", FindingKind.CHRONIC_GVHD, None),
        ("chronic GVHD after acute GVHD limited to the skin", FindingKind.CHRONIC_GVHD, None),
        ("GVHD", FindingKind.GVHD, None),
        ("Serum sickness", FindingKind.SERUM_SICKNESS, None),
        ("Transverse myelitis", FindingKind.TRANSVERSE_MYELITIS, None),
        ("Posterior reversible encephalopathy syndrome", FindingKind.PRES, None),
        ("PRES", FindingKind.PRES, None),
        ("Peripheral sensory neuropathy grade 4", FindingKind.SENSORY_NEUROPATHY, 4),
        ("Motor neuropathy, grade 2", FindingKind.MOTOR_NEUROPATHY, 2),
        ("Capillary leak syndrome grade 3", FindingKind.CAPILLARY_LEAK, 3),
        ("Infusion-related reaction grade 2", FindingKind.INFUSION_REACTION, 2),
        ("Urinary retention", FindingKind.URINARY_RETENTION, None),
        ("Bilateral vision loss", FindingKind.VISION_LOSS, None),
        ("Hyponatremia", FindingKind.HYPONATRAEMIA, None),
        ("Uncontrolled hypertension", FindingKind.UNCONTROLLED_HYPERTENSION, None),
        ("Hypertensive crisis", FindingKind.UNCONTROLLED_HYPERTENSION, None),
        ("Hypertension, poorly controlled", FindingKind.UNCONTROLLED_HYPERTENSION, None),
        ("Herpes zoster", FindingKind.VARICELLA_ZOSTER, None),
        ("HSV stomatitis", FindingKind.HERPES_SIMPLEX, None),
        ("Septic shock", FindingKind.SEPSIS, None),
        ("Wound dehiscence", FindingKind.UNHEALED_WOUND, None),
        ("Atypical hemolytic-uremic syndrome", FindingKind.HAEMOLYTIC_URAEMIC_SYNDROME, None),
    ],
)
def test_given_words_when_read_then_kind_and_grade_are_found_at_text_confidence(
    text: str, kind: FindingKind, grade: int | None
) -> None:
    found = {item.kind: item for item in read(condition({"text": text}))}

    assert found[kind].grade == grade
    assert found[kind].confidence is Confidence.TEXT


@pytest.mark.parametrize(
    "text",
    [
        "No evidence of sepsis",
        "rule out PRES",
        "PRES?",
        "Family history of neuropathy",
        "at risk of capillary leak",
        "varicella vaccination",
        "pulmonary hypertension",
        "impress",
        "press ulcer",
        "Neuroblastoma",
        "",
    ],
)
def test_given_what_is_denied_feared_or_something_else_when_read_then_there_is_no_finding(text: str) -> None:
    assert read(condition({"text": text})) == ()


def test_given_a_denied_and_an_affirmed_clause_when_read_then_each_speaks_for_itself() -> None:
    found = read(condition({"text": "No sepsis; capillary leak grade 4"}))

    assert [(item.kind, item.grade) for item in found] == [(FindingKind.CAPILLARY_LEAK, 4)]


@pytest.mark.parametrize("text", ["History of transverse myelitis", "previous PRES"])
def test_given_a_past_event_when_read_then_it_is_kept_as_not_active(text: str) -> None:
    (found,) = read(condition({"text": text}))

    assert not found.active
    assert found.confidence is Confidence.TEXT


def test_given_a_local_code_when_read_then_its_display_is_coded_local() -> None:
    code = {"coding": [{"system": "urn:icd", "code": "D89.810", "display": "Acute GVHD grade 3"}], "text": "GVHD"}

    found = {item.kind: item for item in read(condition(code))}

    assert found[FindingKind.ACUTE_GVHD].confidence is Confidence.CODED_LOCAL
    assert found[FindingKind.ACUTE_GVHD].grade == 3


def test_given_a_coded_finding_with_a_grade_in_words_when_read_then_it_is_worth_a_text() -> None:
    code = {"coding": [{"system": SNOMED, "code": "39579001"}], "text": "Anaphylaxis grade 4"}

    (found,) = read(condition(code))

    assert (found.grade, found.confidence) == (4, Confidence.TEXT)


@pytest.mark.parametrize(
    "more",
    [
        {"severity": {"coding": [{"code": "grade-4", "display": "Grade 4"}]}},
        {"stage": [{"summary": {"text": "CTCAE grade 4"}}]},
        {"extension": [{"url": "http://hl7.org/fhir/us/x/ctcae-grade", "valueCodeableConcept": {"text": "4"}}]},
        {"extension": [{"url": "urn:other", "valueInteger": 2}, {"url": "urn:grade", "valueInteger": 4}]},
    ],
)
def test_given_a_grade_as_data_when_read_then_the_finding_stays_coded(more: dict[str, Any]) -> None:
    (found,) = read(condition({"coding": [{"system": SNOMED, "code": "39579001"}]}, **more))

    assert (found.grade, found.confidence) == (4, Confidence.CODED)


@pytest.mark.parametrize(
    ("more", "count", "active", "confidence"),
    [
        ({"verificationStatus": {"coding": [{"code": "refuted"}]}}, 0, True, None),
        ({"verificationStatus": {"coding": [{"code": "entered-in-error"}]}}, 0, True, None),
        ({"verificationStatus": {"coding": [{"code": "provisional"}]}}, 1, True, Confidence.TEXT),
        ({"clinicalStatus": {"coding": [{"code": "resolved"}]}}, 1, False, Confidence.CODED),
        ({"clinicalStatus": "inactive"}, 1, False, Confidence.CODED),
        ({"abatementDateTime": "2026-11-21"}, 1, False, Confidence.CODED),
        ({"onsetDateTime": "2026-11-23"}, 0, True, None),
        ({"onsetDateTime": None, "recordedDate": "2026-11-22"}, 1, True, Confidence.CODED),
    ],
)
def test_given_the_state_of_a_condition_when_read_then_it_is_honoured(
    more: dict[str, Any], count: int, *, active: bool, confidence: Confidence | None
) -> None:
    found = read(condition({"coding": [{"system": SNOMED, "code": "39579001"}]}, **more))

    assert len(found) == count
    assert all(item.active is active and item.confidence is confidence for item in found)


def test_given_an_adverse_event_when_read_then_grade_suspect_and_outcome_are_known() -> None:
    order = {
        "resourceType": "MedicationAdministration",
        "id": "given",
        "status": "completed",
        "medicationCodeableConcept": {"text": "Qarziba"},
    }

    found = read(
        order,
        event(
            "Capillary leak syndrome",
            severity={"coding": [{"code": "3"}]},
            suspectEntity=[{"instance": {"reference": "MedicationAdministration/given"}}],
            outcome={"coding": [{"code": "resolved"}]},
        ),
    )

    assert found == (
        Finding(
            FindingKind.CAPILLARY_LEAK,
            grade=3,
            date=date(2026, 11, 20),
            active=False,
            drug="drug.dinutuximab_beta",
            confidence=Confidence.TEXT,
            source="AdverseEvent/e",
            text="Capillary leak syndrome",
        ),
    )


@pytest.mark.parametrize(
    ("suspect", "drug"),
    [
        ([{"instance": {"reference": "Medication/m"}}], "drug.naxitamab"),
        ([{"instance": {"display": "naxitamab"}}], "drug.naxitamab"),
        ([{"instanceReference": {"reference": "Medication/m"}}], "drug.naxitamab"),
        ([{"instance": {"reference": "Medication/gone"}}, 4], ""),
        (None, ""),
    ],
)
def test_given_a_suspect_when_read_then_it_is_resolved(suspect: object, drug: str) -> None:
    medication = {"resourceType": "Medication", "id": "m", "code": {"text": "naxitamab"}}

    (found,) = read(medication, event("Anaphylaxis", suspectEntity=suspect))

    assert found.drug == drug


def test_given_a_suspect_only_in_words_when_read_then_the_words_name_it() -> None:
    (found,) = read(event("Anaphylaxis to dinutuximab beta"))

    assert found.drug == "drug.dinutuximab_beta"


@pytest.mark.parametrize("more", [{"actuality": "potential"}, {"status": "entered-in-error"}])
def test_given_an_event_that_did_not_happen_when_read_then_there_is_no_finding(more: dict[str, Any]) -> None:
    assert read(event("Anaphylaxis", **more)) == ()


@pytest.mark.parametrize(
    ("resource", "expected"),
    [
        (observation({"text": "Capillary leak syndrome CTCAE grade"}, valueInteger=3), [("capillary_leak", 3)]),
        (observation({"text": "Sensory neuropathy grade"}, valueQuantity={"value": 4}), [("sensory_neuropathy", 4)]),
        (observation({"text": "Hypotension"}, valueString="Grade 2"), [("hypotension", 2)]),
        (
            observation(
                {"text": "Hyponatremia"},
                component=[{"code": {"text": "CTCAE grade"}, "valueCodeableConcept": {"text": "4"}}],
            ),
            [("hyponatraemia", 4)],
        ),
        (
            observation(
                {"text": "Adverse event"},
                valueCodeableConcept={"text": "Serum sickness"},
                component=[{"code": {"text": "Grade"}, "valueInteger": 3}],
            ),
            [("serum_sickness", 3)],
        ),
        (observation({"text": "CTCAE toxicity"}, valueString="Urinary retention"), [("urinary_retention", None)]),
        (observation({"text": "Fever"}, valueBoolean=True), [("fever", None)]),
        (
            observation({"coding": [{"system": LOINC, "code": "82810-3"}]}, valueCodeableConcept={"text": "Pregnant"}),
            [("pregnancy", None)],
        ),
        (observation({"text": "Pregnancy test"}, valueString="positive"), [("pregnancy", None)]),
        (observation({"text": "Pregnancy test"}, valueString="negative"), []),
        (observation({"text": "Pregnancy status"}, valueCodeableConcept={"text": "Not pregnant"}), []),
        (observation({"text": "Pain severity"}, valueInteger=4), []),
        (observation({"text": "Pain score"}, valueQuantity={"value": 3}), []),
        (observation({"text": "Fever"}, valueBoolean=False), []),
        (observation({"text": "Motor neuropathy grade"}, valueInteger=0), []),
        (observation({"text": "Motor neuropathy grade"}, valueInteger=9), []),
        (observation({"text": "Fever"}, valueBoolean=True, status="preliminary"), []),
        (observation({"text": "Fever"}, valueBoolean=True, status=None), []),
        (observation(None, valueBoolean=True), []),
    ],
)
def test_given_an_observation_when_read_then_only_an_affirmed_or_graded_finding_counts(
    resource: dict[str, Any], expected: list[tuple[str, int | None]]
) -> None:
    """Hazard: a pain score of 4 is taken for pain of CTCAE grade 4."""
    assert [(str(item.kind), item.grade) for item in read(resource)] == expected


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Whole brain radiotherapy", FindingKind.CRANIAL_IRRADIATION),
        ("Craniospinal irradiation 21 Gy", FindingKind.CRANIOSPINAL_IRRADIATION),
        ("Total body irradiation", FindingKind.TOTAL_BODY_IRRADIATION),
    ],
)
def test_given_irradiation_of_the_brain_when_done_then_it_is_a_finding(text: str, kind: FindingKind) -> None:
    done = {
        "resourceType": "Procedure",
        "id": "p",
        "status": "completed",
        "code": {"text": text},
        "performedDateTime": "2025-01-01",
    }

    (found,) = read(done)

    assert (found.kind, found.date, found.source) == (kind, date(2025, 1, 1), "Procedure/p")
    assert read({**done, "status": "on-hold"}) == ()


@pytest.mark.parametrize(
    "text",
    [
        *("anaphylactic", "serum sickness", "hypersensitivity", "allergic reaction", "infusion reaction", "pain"),
        *("motor neuropathy", "transverse myelitis", "reversible posterior", "RPLS", "severe CNS toxicity", "headache"),
        *("confusion", "convulsions", "visual loss", "loss of sight", "blindness", "impaired accommodation"),
        *("mydriasis", "dilated pupil", "retention of urine", "hyponatraemia", "hypotension", "hypertension"),
        *("capillary leak", "pleural effusion", "oedema", "fluid retention", "cardiac failure", "hemolytic uremic"),
        *("aHUS", "neutropenic fever", "pyrexia", "neutropenia", "septicemia", "bacteraemia", "fungemia", "HSV"),
        *("herpes simplex", "zoster", "chickenpox", "VZV", "shingles", "diarrhea", "pregnant", "open wound"),
        *("thrombosis", "pulmonary embolism", "bleeding", "haemorrhage", "thrombocytopenia", "graft versus host"),
    ],
)
def test_given_the_words_of_any_kind_when_read_then_the_first_question_lets_them_through(text: str) -> None:
    assert list(findings_in(text))


def test_given_a_very_long_text_when_read_then_only_its_beginning_is_examined() -> None:
    assert list(findings_in("x" * 3000 + " sepsis")) == []
