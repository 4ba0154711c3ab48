"""Service orders, procedures, reports and imaging results: what was ordered or done, and when."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from hooks.facts.fact import Confidence
from hooks.facts.orders import OrderState, ServiceOrder
from hooks.facts.services import read_draft_services, read_services, read_undone
from hooks.record import PatientRecord

SNOMED = "http://snomed.info/sct"
LOINC = "http://loinc.org"
BIOPSY = {"coding": [{"system": SNOMED, "code": "277590007"}]}


def resource(kind: str, status: object, **more: Any) -> dict[str, Any]:
    return {"resourceType": kind, "id": "1", "status": status, "code": BIOPSY, **more}


def services(*resources: dict[str, Any]) -> tuple[ServiceOrder, ...]:
    kinds = {item["resourceType"] for item in resources}
    return read_services(
        PatientRecord("p1", {kind: tuple(item for item in resources if item["resourceType"] == kind) for kind in kinds})
    )


@pytest.mark.parametrize(
    ("kind", "status", "more", "state"),
    [
        ("ServiceRequest", "draft", {"intent": "proposal"}, OrderState.DRAFT),
        ("ServiceRequest", "active", {"intent": "order"}, OrderState.ACTIVE),
        ("ServiceRequest", "active", {"intent": "plan"}, OrderState.PROPOSED),
        ("ServiceRequest", "on-hold", {}, OrderState.ON_HOLD),
        ("ServiceRequest", "completed", {}, OrderState.COMPLETED),
        ("ProcedureRequest", "active", {}, OrderState.ACTIVE),
        ("DiagnosticOrder", "requested", {}, OrderState.ACTIVE),
        ("DiagnosticOrder", "proposed", {}, OrderState.PROPOSED),
        ("Procedure", "preparation", {}, OrderState.ACTIVE),
        ("Procedure", "completed", {}, OrderState.COMPLETED),
        ("Procedure", "aborted", {}, OrderState.STOPPED),
        ("DiagnosticReport", "partial", {}, OrderState.ACTIVE),
        ("DiagnosticReport", "Final ", {}, OrderState.COMPLETED),
    ],
)
def test_given_a_status_when_read_then_the_state_is_what_became_of_the_service(
    kind: str, status: str, more: dict[str, Any], state: OrderState
) -> None:
    (service,) = services(resource(kind, status, **more))

    assert service.state is state
    assert service.concepts == ("biopsy.procedure",)
    assert service.confidence is Confidence.CODED
    assert service.text == "Imaging guided biopsy (procedure)"


@pytest.mark.parametrize(
    ("kind", "status", "more"),
    [
        ("ServiceRequest", "revoked", {}),
        ("ServiceRequest", "entered-in-error", {}),
        ("ServiceRequest", "active", {"doNotPerform": True}),
        ("Procedure", "not-done", {}),
        ("Procedure", "completed", {"notDone": True}),
        ("DiagnosticReport", "cancelled", {}),
    ],
)
def test_given_what_is_not_to_be_done_or_was_not_when_read_then_there_is_no_service(
    kind: str, status: str, more: dict[str, Any]
) -> None:
    assert services(resource(kind, status, **more)) == ()


@pytest.mark.parametrize("status", [None, "unknown", 4])
def test_given_no_readable_status_when_read_then_the_service_is_on_hold_and_uncertain(status: object) -> None:
    (service,) = services(resource("ServiceRequest", status))

    assert service.state is OrderState.ON_HOLD
    assert service.confidence is Confidence.TEXT


@pytest.mark.parametrize(
    ("more", "when"),
    [
        ({"occurrenceDateTime": "2026-11-01", "authoredOn": "2026-10-01"}, date(2026, 11, 1)),
        ({"occurrencePeriod": {"start": "2026-11-01", "end": "2026-11-03"}}, date(2026, 11, 1)),
        ({"performedDateTime": "2026-11-01T09:00:00Z"}, date(2026, 11, 1)),
        ({"performedPeriod": {"start": "2026-11-01"}}, date(2026, 11, 1)),
        ({"effectiveDateTime": "2026-11-01", "issued": "2026-11-09"}, date(2026, 11, 1)),
        ({"issued": "2026-11-09T10:00:00Z"}, None),
        ({"authoredOn": "2026-10-01"}, date(2026, 10, 1)),
        ({"orderedOn": "2026-10-01"}, date(2026, 10, 1)),
        ({"performedString": "last week"}, None),
    ],
)
def test_given_dates_when_read_then_the_day_of_doing_goes_before_the_day_of_writing(
    more: dict[str, Any], when: date | None
) -> None:
    (service,) = services(resource("Procedure", "completed", **more))

    assert service.when == when


def test_given_local_words_when_read_then_text_and_body_site_are_kept() -> None:
    (service,) = services(
        resource("ServiceRequest", "active", code={"text": "Audiogram"}, bodySite=[{"text": "ear"}, {"text": "left"}])
    )

    assert service.concepts == ()
    assert service.text == "Audiogram"
    assert service.body_site == "ear | left"
    assert service.confidence is Confidence.TEXT


def test_given_a_diagnostic_order_of_dstu2_when_read_then_its_items_are_the_text() -> None:
    (service,) = services(
        resource("DiagnosticOrder", "requested", code=None, item=[{"code": {"text": "CBC"}}, {"code": {"text": "ECG"}}])
    )

    assert service.text == "CBC | ECG"


@pytest.mark.parametrize(
    ("observation", "counts"),
    [
        ({"code": {"coding": [{"system": LOINC, "code": "39841-2"}]}}, True),
        ({"code": {"text": "MIBG"}, "category": [{"coding": [{"system": "x", "code": "imaging"}]}]}, True),
        ({"code": {"text": "MIBG"}, "category": {"text": "Imaging"}}, True),
        ({"code": {"text": "MIBG"}, "category": [{"text": "laboratory"}]}, False),
        ({"code": {"coding": [{"system": LOINC, "code": "751-8"}]}}, False),
    ],
)
def test_given_observations_when_read_then_only_imaging_is_a_service(
    observation: dict[str, Any], *, counts: bool
) -> None:
    found = services({"resourceType": "Observation", "id": "1", "status": "final", **observation})

    assert bool(found) is counts


def test_given_drafts_of_the_hook_when_read_then_they_are_drafts_of_this_patient() -> None:
    sandbox = {
        "resourceType": "ServiceRequest",
        "id": "example-request-id",
        "status": "draft",
        "intent": "plan",
        "code": {"coding": [{}]},
        "subject": {"reference": "Patient/p1"},
        "reasonCode": [],
    }
    other = {**sandbox, "id": "x", "subject": {"reference": "Patient/p2"}}
    revoked = {**sandbox, "id": "y", "status": "revoked"}
    drug = {"resourceType": "MedicationRequest", "id": "m"}
    record = PatientRecord("p1", drafts=(sandbox, other, revoked, drug))

    (service,) = read_draft_services(record)

    assert service == ServiceOrder("ServiceRequest/example-request-id", OrderState.DRAFT, confidence=Confidence.TEXT)


@pytest.mark.parametrize(
    ("kind", "status", "more", "undone"),
    [
        ("Procedure", "not-done", {"statusReason": {"text": "coagulopathy"}}, True),
        ("Procedure", "completed", {"notDone": True}, True),
        ("ServiceRequest", "active", {"doNotPerform": True}, True),
        ("Procedure", "completed", {}, False),
        ("Procedure", None, {}, False),
        ("ServiceRequest", "revoked", {"doNotPerform": True}, False),
        ("Procedure", "entered-in-error", {"notDone": True}, False),
    ],
)
def test_given_what_was_not_done_when_read_then_it_is_told_and_never_counts_as_done(
    kind: str, status: str | None, more: dict[str, Any], undone: bool
) -> None:
    item = resource(kind, status, **more)

    assert [found.reference for found in read_undone(PatientRecord("p1", {kind: (item,)}))] == [f"{kind}/1"] * undone
    assert not (undone and services(item))
