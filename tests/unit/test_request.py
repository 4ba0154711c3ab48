"""The hook call as received."""

from __future__ import annotations

from typing import Any

import pytest

from hooks.errors import RequestRefused
from hooks.request import OrderSelectContext, OrderSignContext, PatientViewContext, parse_request


def call(**changes: Any) -> dict[str, Any]:
    body: dict[str, Any] = {
        "hook": "patient-view",
        "hookInstance": "d1577c69-dfbe-44ad-ba6d-3e05e953b2ea",
        "context": {"patientId": "p1", "userId": "Practitioner/u1"},
    }
    body.update(changes)
    return body


def test_given_a_minimal_call_when_parsed_then_everything_optional_is_absent() -> None:
    request = parse_request(call())

    assert isinstance(request.context, PatientViewContext)
    assert (request.fhir_server, request.fhir_authorization, request.prefetch) == (None, None, {})


def test_given_nulls_for_optional_members_when_parsed_then_they_are_as_absent() -> None:
    request = parse_request(call(fhirServer=None, fhirAuthorization=None, prefetch=None))

    assert request.prefetch == {}


def test_given_unknown_members_anywhere_when_parsed_then_they_are_ignored() -> None:
    body = call(extension={"com.example.vendor": {"a": 1}}, vendor=[1])
    body["context"]["com.example.more"] = {"b": 2}

    assert parse_request(body).hook == "patient-view"


def test_given_a_null_prefetch_value_when_parsed_then_it_is_kept_as_null() -> None:
    assert parse_request(call(prefetch={"conditions": None})).prefetch == {"conditions": None}


@pytest.mark.parametrize("instance", ["00000000-0000-1000-8000-000000000000", "NOT-A-UUID", "x" * 500])
def test_given_any_non_empty_hook_instance_when_parsed_then_it_is_accepted(instance: str) -> None:
    assert parse_request(call(hookInstance=instance)).hook_instance == instance


@pytest.mark.parametrize("body", [[], "text", 1, None, True])
def test_given_a_body_that_is_no_object_when_parsed_then_it_is_refused(body: object) -> None:
    with pytest.raises(RequestRefused):
        parse_request(body)


@pytest.mark.parametrize(
    "changes",
    [
        {"hook": ""},
        {"hook": 3},
        {"hook": None},
        {"hook": "encounter-start"},
        {"hookInstance": ""},
        {"hookInstance": None},
        {"hookInstance": 7},
        {"context": None},
        {"context": []},
        {"context": {}},
        {"context": {"patientId": "p1"}},
        {"context": {"patientId": 1, "userId": "Practitioner/u1"}},
        {"context": {"patientId": "", "userId": "Practitioner/u1"}},
        {"fhirAuthorization": {"access_token": "t"}},
        {"fhirServer": "http://127.0.0.1/fhir", "fhirAuthorization": {"scope": "x"}},
        {"fhirServer": 5},
        {"prefetch": []},
    ],
)
def test_given_a_required_member_missing_or_wrong_when_parsed_then_it_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(RequestRefused):
        parse_request(call(**changes))


@pytest.mark.parametrize("patient_id", ["a/b", "a?b", "a#b", "a%2eb", "a b", "a&b", "..", ".", "x" * 257, "a\nb"])
def test_given_an_id_that_could_leave_its_place_in_a_url_when_parsed_then_it_is_refused(patient_id: str) -> None:
    """Hazard: path or query injection through the patient id."""
    with pytest.raises(RequestRefused):
        parse_request(call(context={"patientId": patient_id, "userId": "Practitioner/u1"}))


def test_given_a_leading_patient_and_a_long_id_when_parsed_then_the_bare_id_remains() -> None:
    long_id = "e" * 194
    request = parse_request(call(context={"patientId": f"Patient/{long_id}", "userId": "PractitionerRole/u1"}))

    assert request.context.patient_id == long_id


def test_given_refused_input_when_the_error_is_read_then_it_names_the_place_and_never_the_value() -> None:
    """Hazard: patient data in an error body."""
    with pytest.raises(RequestRefused) as refused:
        parse_request(call(context={"patientId": "SECRET/1", "userId": "Practitioner/u1"}))

    assert refused.value.safe_text == "context.patientId: has the wrong type or value"


def test_given_a_missing_member_when_the_error_is_read_then_it_says_required() -> None:
    with pytest.raises(RequestRefused) as refused:
        parse_request({key: value for key, value in call().items() if key != "hookInstance"})

    assert refused.value.safe_text == "hookInstance: is required"


def test_given_order_select_when_parsed_then_selections_and_drafts_are_required() -> None:
    context = {
        "patientId": "p1",
        "userId": "Practitioner/u1",
        "selections": ["MedicationRequest/1"],
        "draftOrders": {"entry": []},
    }
    request = parse_request(call(hook="order-select", context=context))

    assert isinstance(request.context, OrderSelectContext)
    assert request.context.selections == ("MedicationRequest/1",)
    for name in ("selections", "draftOrders"):
        with pytest.raises(RequestRefused, match=f"context.{name}: is required"):
            parse_request(call(hook="order-select", context={k: v for k, v in context.items() if k != name}))


def test_given_order_sign_when_parsed_then_drafts_are_required() -> None:
    context = {"patientId": "p1", "userId": "Practitioner/u1", "draftOrders": {}, "encounterId": 7}
    request = parse_request(call(hook="order-sign", context=context))

    assert isinstance(request.context, OrderSignContext)
    assert request.context.encounter_id is None


@pytest.mark.parametrize("token", ["abc", "Bearer abc", "bearer  abc"])
def test_given_a_token_with_or_without_bearer_when_read_then_the_bare_token_comes_back(token: str) -> None:
    body = call(
        fhirServer="http://127.0.0.1/fhir",
        fhirAuthorization={"access_token": token, "expires_in": "300", "token_type": 5, "patient": "p1"},
    )
    authorization = parse_request(body).fhir_authorization

    assert authorization is not None
    assert authorization.bearer == "abc"
    assert (authorization.expires_in, authorization.token_type, authorization.patient) == (None, None, "p1")


def test_given_a_token_when_the_request_is_printed_then_it_does_not_show() -> None:
    body = call(fhirServer="http://127.0.0.1/fhir", fhirAuthorization={"access_token": "TOPSECRET", "expires_in": 300})

    assert "TOPSECRET" not in repr(parse_request(body))
