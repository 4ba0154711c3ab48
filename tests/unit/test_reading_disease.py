"""Diagnosis, verification, dates, age, death and palliative intent."""

from __future__ import annotations

from dataclasses import fields
from datetime import date
from typing import Any

import pytest

from hooks.facts.fact import Confidence, Known, Unknown, Why, YesNo
from hooks.pathways.relapsed_neuroblastoma.facts import Diagnosis, Facts, Verification
from hooks.pathways.relapsed_neuroblastoma.reading.disease import DiseaseFacts, read_disease
from hooks.pathways.relapsed_neuroblastoma.reading.molecular import MolecularFacts
from tests.unit.reading_chart import (
    AS_OF,
    ICD_CM,
    INTENT,
    SNOMED,
    born,
    coded,
    condition,
    neuroblastoma,
    primary,
    record,
    relapse,
    worded,
)

GANGLIONEUROMA = condition(coded(SNOMED, "116371000119107"), id="gn")
SITE_ONLY = condition(coded(ICD_CM, "C74.90"), id="site")
PALLIATIVE, CURATIVE = coded(SNOMED, "363676003"), coded(SNOMED, "373808002")


def read(*resources: dict[str, Any], as_of: date = AS_OF) -> DiseaseFacts:
    return read_disease(record(*resources), as_of)


def intent(value: dict[str, Any], kind: str = "ServiceRequest", **more: Any) -> dict[str, Any]:
    extension = [{"url": INTENT, "valueCodeableConcept": value}]
    return {"resourceType": kind, "id": "i1", "status": "active", "extension": extension, **more}


def test_given_the_facts_of_the_readers_when_listed_then_their_names_are_those_of_facts() -> None:
    known = {field.name for field in fields(Facts)}

    assert {field.name for field in fields(DiseaseFacts)} <= known
    assert {field.name for field in fields(MolecularFacts)} <= known


@pytest.mark.parametrize(
    ("chart", "diagnosis", "sources", "confidence"),
    [
        ((primary(), relapse()), Diagnosis.NEUROBLASTOMA, ("Condition/dx", "Condition/rel"), Confidence.CODED),
        ((GANGLIONEUROMA, neuroblastoma()), Diagnosis.NEUROBLASTOMA, ("Condition/c1",), Confidence.CODED),
        ((condition(worded("Neuroblastoma")), GANGLIONEUROMA), Diagnosis.NEUROBLASTOMA, ("Condition/c1",),
         Confidence.TEXT),
        ((GANGLIONEUROMA, SITE_ONLY), Diagnosis.GANGLIONEUROMA, ("Condition/gn",), Confidence.CODED),
        ((SITE_ONLY,), Diagnosis.POSSIBLE, ("Condition/site",), Confidence.TEXT),
        ((condition(coded(SNOMED, "822950002")),), Diagnosis.GANGLIONEUROBLASTOMA_NODULAR, ("Condition/c1",),
         Confidence.CODED),
        ((neuroblastoma(verification="provisional"), condition(worded("Neuroblastoma"), id="c2")),
         Diagnosis.NEUROBLASTOMA, ("Condition/c2",), Confidence.TEXT),
    ],
)  # fmt: skip
def test_given_several_conditions_when_read_then_exclusions_work_per_condition(
    chart: tuple[dict[str, Any], ...], diagnosis: Diagnosis, sources: tuple[str, ...], confidence: Confidence
) -> None:
    fact = read(*chart).diagnosis

    assert isinstance(fact, Known)
    assert (fact.value, fact.sources, fact.confidence) == (diagnosis, sources, confidence)


@pytest.mark.parametrize(
    ("chart", "expected"),
    [
        ((neuroblastoma(),), Known(Verification.CONFIRMED, ("Condition/c1",))),
        ((neuroblastoma(verification=None),),
         Known(Verification.CONFIRMED, ("Condition/c1",), None, Confidence.TEXT)),
        ((neuroblastoma(verification="provisional"),), Known(Verification.SUSPECTED, ("Condition/c1",))),
        ((primary(), relapse(verification="provisional")), Known(Verification.CONFIRMED, ("Condition/dx",))),
        ((GANGLIONEUROMA,), Unknown(looked_in=("conditions",))),
        ((), Unknown(looked_in=("conditions",))),
    ],
)  # fmt: skip
def test_given_verifications_when_read_then_one_confirmed_condition_confirms(
    chart: tuple[dict[str, Any], ...], expected: object
) -> None:
    assert read(*chart).verification == expected


@pytest.mark.parametrize(
    ("chart", "expected"),
    [
        ((primary(), relapse()), Known(date(2023, 9, 14), ("Condition/dx",), date(2023, 9, 14))),
        ((neuroblastoma(onsetDateTime="2023-09"),), Unknown(Why.IMPRECISE, ("conditions",), ("Condition/c1",))),
        ((neuroblastoma(recordedDate="2023-09-20"), neuroblastoma(id="c2", recordedDate="2023-09-16")),
         Known(date(2023, 9, 16), ("Condition/c2",), date(2023, 9, 16), Confidence.TEXT)),
        ((neuroblastoma(recordedDate="2023"),), Unknown(looked_in=("conditions",))),
        ((relapse(text="Neuroblastoma, relapse"),), Unknown(looked_in=("conditions",))),
        ((), Unknown(looked_in=("conditions",))),
    ],
)  # fmt: skip
def test_given_onsets_when_read_then_the_diagnosis_is_dated_by_its_own_condition(
    chart: tuple[dict[str, Any], ...], expected: object
) -> None:
    assert read(*chart).diagnosis_date == expected


@pytest.mark.parametrize(
    ("chart", "reference"),
    [
        ((primary(), relapse()), "Condition/rel"),
        ((primary(),), "Condition/dx"),
        ((neuroblastoma(verification="provisional"),), ""),
        ((primary(), relapse(text="Neuroblastoma, no relapse")), "Condition/rel"),
        ((), ""),
    ],
)
def test_given_the_conditions_when_a_reason_is_needed_then_the_events_condition_first(
    chart: tuple[dict[str, Any], ...], reference: str
) -> None:
    assert read(*chart).diagnosis_reference == reference


@pytest.mark.parametrize(
    ("birth", "expected"),
    [
        ("2020-06-01", Known(72, ("Patient/p1",))),
        ("2020-06-02", Known(71, ("Patient/p1",))),
        ("2026-06-01", Known(0, ("Patient/p1",))),
        ("2020", Known(65, ("Patient/p1",), None, Confidence.TEXT)),
        ("2008", Unknown(looked_in=("patient",), sources=("Patient/p1",))),
        ("2008-06-01", Known(216, ("Patient/p1",))),
        ("2008-06-02", Known(215, ("Patient/p1",))),
        ("2026", Known(0, ("Patient/p1",), None, Confidence.TEXT)),
        ("2027-01-01", Unknown(looked_in=("patient",), sources=("Patient/p1",))),
        ("soon", Unknown(looked_in=("patient",))),
    ],
)
def test_given_a_birth_date_when_read_then_completed_months_and_no_false_precision(
    birth: str, expected: object
) -> None:
    """A birth year that leaves open whether the patient is 18 makes the age unknown."""
    assert read(born(birth)).age_months == expected


@pytest.mark.parametrize(
    ("element", "expected"),
    [
        ({"deceasedBoolean": True}, Known(YesNo.YES, ("Patient/p1",))),
        ({"deceasedBoolean": False}, Known(YesNo.NO, ("Patient/p1",))),
        ({"deceasedDateTime": "2026-05-30"}, Known(YesNo.YES, ("Patient/p1",), date(2026, 5, 30))),
        ({"deceasedDateTime": "2026"}, Known(YesNo.YES, ("Patient/p1",))),
        ({"deceasedDateTime": "in May"}, Known(YesNo.YES, ("Patient/p1",))),
        ({"deceasedBoolean": "yes"}, Unknown(looked_in=("patient",))),
        ({}, Unknown(looked_in=("patient",))),
    ],
)
def test_given_a_patient_when_read_then_death_is_known_only_if_said(element: dict[str, Any], expected: object) -> None:
    assert read(born(**element)).deceased == expected


@pytest.mark.parametrize("kind", ["ServiceRequest", "Procedure", "MedicationRequest", "CarePlan"])
def test_given_a_coded_palliative_intent_when_read_then_yes_coded(kind: str) -> None:
    fact = read(primary(), intent(PALLIATIVE, kind)).palliative_intent

    assert fact == Known(YesNo.YES, (f"{kind}/i1",))


@pytest.mark.parametrize(
    ("resources", "expected"),
    [
        ([{"resourceType": "CarePlan", "id": "i1", "status": "active", "category": [PALLIATIVE],
           "period": {"start": "2026-05-20"}}], Known(YesNo.YES, ("CarePlan/i1",), date(2026, 5, 20))),
        ([{"resourceType": "CarePlan", "id": "i1", "status": "active", "category": [PALLIATIVE],
           "period": {"end": "2026-05-20"}}], Known(YesNo.YES, ("CarePlan/i1",))),
        ([intent(CURATIVE, authoredOn="2026-05-20")], Known(YesNo.NO, ("ServiceRequest/i1",), date(2026, 5, 20))),
        ([intent(PALLIATIVE, authoredOn="2024-01-02"), intent(CURATIVE, id="i2", authoredOn="2026-05-20")],
         Known(YesNo.NO, ("ServiceRequest/i2",), date(2026, 5, 20))),
        ([intent(CURATIVE), intent(PALLIATIVE, "Procedure", id="i2", performedDateTime="2026-05-20")],
         Known(YesNo.YES, ("Procedure/i2",), date(2026, 5, 20))),
        ([intent(coded(SNOMED, "399707004"))], None),
        ([intent(PALLIATIVE, status="entered-in-error")], None),
        ([intent(PALLIATIVE, status="stopped")], None),
        ([intent(PALLIATIVE, status="draft")], None),
    ],
)  # fmt: skip
def test_given_coded_intents_when_read_then_the_latest_that_stands(
    resources: list[dict[str, Any]], expected: object
) -> None:
    fact = read(primary(), *resources).palliative_intent

    assert fact == (expected or Unknown(looked_in=("procedures", "orders", "medications", "conditions")))


@pytest.mark.parametrize(
    ("resource", "yes"),
    [
        (neuroblastoma(text="Neuroblastoma, palliative intent"), True),
        ({"resourceType": "CarePlan", "id": "i1", "title": "Treatment with palliative intent"}, True),
        ({"resourceType": "CarePlan", "id": "i1", "description": "Best supportive care only"}, True),
        ({"resourceType": "ServiceRequest", "id": "i1", "reasonCode": [worded("palliative in intent"), 3]}, True),
        ({"resourceType": "ServiceRequest", "id": "i1", "code": worded("Palliative care consultation")}, False),
        ({"resourceType": "CarePlan", "id": "i1", "title": "not with palliative intent"}, False),
        ({"resourceType": "CarePlan", "id": "i1", "title": "Palliative intent", "status": "revoked"}, False),
        (neuroblastoma(text="Neuroblastoma", note=[{"text": "Comfort care only."}]), True),
        (condition(worded("Palliative care")), True),
        (condition(worded("Encounter for palliative care")), True),
        (condition(worded("No palliative care")), False),
        (condition(worded("Enrolled in hospice")), True),
        ({"resourceType": "ServiceRequest", "id": "i1", "code": worded("Referral to hospice")}, True),
        (condition(worded("Palliative care"), clinical="resolved"), False),
        (condition(worded("Palliative care"), verification="refuted"), False),
        (condition(worded("Bone pain"), note=[{"text": "Palliative care team informed"}]), False),
    ],
)
def test_given_palliative_intent_in_words_when_read_then_text_which_silences_nothing(
    resource: dict[str, Any], *, yes: bool
) -> None:
    fact = read(neuroblastoma(id="other"), resource).palliative_intent

    assert isinstance(fact, Known) is yes
    if isinstance(fact, Known):
        assert (fact.value, fact.confidence) == (YesNo.YES, Confidence.TEXT)
