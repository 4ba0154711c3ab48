"""PatientRecord and references."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hooks.record import PatientRecord, local_reference, once_per_record, reference_to

MEDICATION = {"resourceType": "Medication", "id": "m1"}
DRAFT = {"resourceType": "MedicationRequest", "id": "d1", "contained": [{"resourceType": "Medication", "id": "in"}]}


@pytest.fixture
def record() -> PatientRecord:
    return PatientRecord("p1", {"Medication": (MEDICATION,)}, drafts=(DRAFT,))


@pytest.mark.parametrize(
    "reference",
    [
        "Medication/m1",
        {"reference": "Medication/m1"},
        "http://ehr.example.org/R4/Medication/m1",
        "Medication/m1/_history/3",
    ],
)
def test_given_a_reference_in_any_form_when_resolved_then_the_resource_is_found(
    record: PatientRecord, reference: object
) -> None:
    assert record.find(reference) is MEDICATION


def test_given_a_uuid_when_resolved_then_the_one_resource_with_this_id_is_found(record: PatientRecord) -> None:
    twice = PatientRecord("p1", {"Medication": (MEDICATION,)}, drafts=({"resourceType": "Device", "id": "m1"},))

    assert record.find("urn:uuid:m1") is MEDICATION
    assert twice.find("urn:uuid:m1") is None


def test_given_a_contained_reference_when_resolved_then_it_is_found_inside_its_resource(record: PatientRecord) -> None:
    assert record.find("#in", within=DRAFT) == {"resourceType": "Medication", "id": "in"}
    assert record.find("#out", within=DRAFT) is None
    assert record.find("#in") is None


def test_given_a_reference_to_a_draft_when_resolved_then_the_draft_is_found(record: PatientRecord) -> None:
    assert record.find("MedicationRequest/d1") is DRAFT


@pytest.mark.parametrize(
    "reference", ["", None, 5, {}, {"reference": 7}, "urn:uuid:1", "Medication/", "x", "Medication/m2"]
)
def test_given_what_is_no_reference_of_ours_when_resolved_then_nothing_is_found(
    record: PatientRecord, reference: object
) -> None:
    assert record.find(reference) is None


@pytest.mark.parametrize("contained", [None, {}, "text", [None, 5]])
def test_given_an_odd_contained_list_when_resolved_then_nothing_is_found(contained: object) -> None:
    assert PatientRecord("p1").find("#a", within={"contained": contained}) is None


def test_given_types_when_asked_for_then_they_come_in_the_order_of_the_question(record: PatientRecord) -> None:
    assert list(record.of_type("Condition", "Medication")) == [MEDICATION]


@pytest.mark.parametrize(
    ("resource", "expected"),
    [
        ({"resourceType": "Patient", "id": "p1"}, "Patient/p1"),
        ({"resourceType": "Patient"}, "Patient"),
        ({"id": "p1"}, "Resource/p1"),
        ({"resourceType": 5, "id": ""}, "Resource"),
    ],
)
def test_given_a_resource_when_named_then_type_and_id_are_used_as_far_as_they_go(
    resource: dict[str, object], expected: str
) -> None:
    assert reference_to(resource) == expected


def test_given_a_lower_case_type_when_made_local_then_it_is_no_reference() -> None:
    assert local_reference("http://example.org/fhir/x") is None


def test_given_a_reader_when_several_ask_then_each_record_and_question_is_read_once(record: PatientRecord) -> None:
    asked: list[tuple[str, int]] = []

    @once_per_record
    def read_something(of: PatientRecord, number: int) -> int:
        asked.append((of.patient_id, number))
        return number

    answers = [read_something(record, 1), read_something(record, 1), read_something(record, 2)]
    read_something(replace(record, patient_id="p2"), 1)

    assert answers == [1, 1, 2]
    assert asked == [("p1", 1), ("p1", 2), ("p2", 1)]


def test_given_a_resource_without_an_id_when_another_is_named_by_its_uuid_then_that_one_is_found() -> None:
    named = {"resourceType": "Specimen", "id": "7d6a0a4c"}
    record = PatientRecord("p1", {"Specimen": ({"resourceType": "Specimen"}, named)})

    assert record.find("urn:uuid:7d6a0a4c") is named


@pytest.mark.parametrize("resource_id", ["<script>alert(1)</script>", 'a"', "a`b", "a\nb"])
def test_given_an_id_with_markup_when_it_is_referred_to_then_only_the_type_is_quoted(resource_id: str) -> None:
    """Hazard: what an EHR is made to store as an id runs in the page of a client that shows a draft."""
    assert reference_to({"resourceType": "Condition", "id": resource_id}) == "Condition"
