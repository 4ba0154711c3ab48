"""One hook call, answered: what of prefetch and context arrives at the service, and when the answer is 412."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from tests.contract.checker import check_json
from tests.integration.live import Live, live_server
from tests.unit.toy_pathway import a_bundle, a_call, a_condition, a_full_prefetch, a_patient, an_observation

OUTCOME = {"resourceType": "OperationOutcome", "issue": [{"severity": "error", "code": "exception"}]}


def with_prefetch(hook: str = "patient-view", **keys: Any) -> dict[str, Any]:
    return a_call(hook, prefetch={**a_full_prefetch(), **keys})


@pytest.mark.req("RESP-01", "RESP-03", "JSON-02", "JSON-03", "SYS-02")
def test_given_a_patient_whom_no_pathway_concerns_when_a_service_is_called_then_the_answer_is_no_cards(
    live: Live,
) -> None:
    answer = live.post(with_prefetch(conditions=a_bundle(a_condition("measles"))))

    assert answer.status_code == 200
    assert answer.content == b'{"cards":[]}'
    assert answer.headers["Content-Type"] == "application/json"


@pytest.mark.req("RESP-01", "RESP-02", "JSON-01", "JSON-02", "JSON-03", "JSON-04", "EXT-01")
def test_given_a_patient_whom_the_pathway_concerns_when_a_service_is_called_then_the_answer_has_its_card(
    live: Live,
) -> None:
    answer = live.post(a_call())

    body = check_json(answer.content)
    assert list(body) == ["cards"]
    assert body["cards"][0]["source"]["topic"]["code"] == "OutOfScope"


def test_given_the_same_call_twice_when_it_is_answered_then_the_answers_are_equal_to_the_byte(live: Live) -> None:
    assert live.post(a_call()).content == live.post(a_call()).content


@pytest.mark.req("PF-04", "PF-12")
@pytest.mark.parametrize("value", [None, {"resourceType": "Bundle", "type": "searchset", "total": 0}])
def test_given_no_conditions_when_the_ehr_says_so_then_the_gate_is_silent(live: Live, value: Any) -> None:
    answer = live.post(with_prefetch(conditions=value))

    assert answer.json() == {"cards": []}


@pytest.mark.req("PF-11", "PF-14")
@pytest.mark.parametrize("key", ["patient", "conditions"])
@pytest.mark.parametrize("value", ["absent", OUTCOME, "text", 5, [], {}], ids=str)
def test_given_a_required_key_without_content_when_no_server_is_named_then_the_answer_is_412(
    live: Live, key: str, value: Any
) -> None:
    prefetch = {name: content for name, content in a_full_prefetch().items() if name != key}

    answer = live.post(a_call(prefetch=prefetch if value == "absent" else {**prefetch, key: value}))

    assert answer.status_code == 412
    assert f'"{key}"' in answer.json()["issue"][0]["diagnostics"]


def test_given_a_patient_that_the_ehr_does_not_have_when_the_gate_has_passed_then_the_answer_is_412(
    live: Live,
) -> None:
    assert live.post(with_prefetch(patient=None)).status_code == 412


def test_given_a_silent_gate_when_the_patient_is_absent_then_the_answer_is_no_cards(live: Live) -> None:
    answer = live.post(a_call(prefetch={"conditions": a_bundle(a_condition("measles"))}))

    assert answer.json() == {"cards": []}


@pytest.mark.req("FHIR-05")
@pytest.mark.parametrize("token_patient", ["p2", "Patient/p2", "https://ehr.example.org/Patient/p2"])
def test_given_a_token_for_somebody_else_when_a_service_is_called_then_the_answer_is_412(
    live: Live, token_patient: str
) -> None:
    """Hazard: one child's card rests on another child's data."""
    authorization = {"access_token": "t", "patient": token_patient}

    answer = live.post(a_call(fhirServer="http://127.0.0.1:9", fhirAuthorization=authorization))

    assert answer.status_code == 412
    assert answer.json()["issue"][0]["code"] == "conflict"
    assert "p2" not in answer.text


@pytest.mark.parametrize("concerned", [True, False], ids=["gate passes", "gate is silent"])
@pytest.mark.parametrize("wrap", [lambda patient: patient, a_bundle], ids=["bare", "in a Bundle"])
def test_given_the_patient_resource_of_somebody_else_when_a_service_is_called_then_the_answer_is_412(
    live: Live, concerned: bool, wrap: Any
) -> None:
    """Hazard: one child's card rests on another child's data; silence would be read as 'nothing to do'."""
    conditions = a_bundle(a_condition("toy" if concerned else "measles"))

    answer = live.post(with_prefetch(patient=wrap(a_patient("p2")), conditions=conditions))

    assert answer.status_code == 412


def test_given_resources_about_somebody_else_when_they_come_along_then_they_are_left_out(live: Live) -> None:
    """Hazard: one child's card rests on another child's data."""
    labs = a_bundle(an_observation(1), an_observation(2, "p2"), a_patient("p2"))

    summary = live.summary(with_prefetch(labs=labs))

    assert "Observation=1 Patient=1" in summary


def test_given_conditions_of_somebody_else_when_they_alone_name_the_disease_then_the_gate_is_silent(
    live: Live,
) -> None:
    answer = live.post(with_prefetch(conditions=a_bundle(a_condition("toy", "p2"))))

    assert answer.json() == {"cards": []}


def test_given_the_same_resource_under_two_keys_when_it_is_read_then_it_counts_once(live: Live) -> None:
    same = {"resourceType": "Observation", "subject": {"reference": "Patient/p1"}}

    by_id = live.summary(with_prefetch(labs=a_bundle(an_observation()), orders=a_bundle(an_observation())))
    without_id = live.summary(with_prefetch(labs=a_bundle(same), orders=a_bundle(same)))

    assert "Observation=1" in by_id
    assert "Observation=2" in without_id


def test_given_a_wrapped_value_when_a_client_before_1_0_sends_it_then_it_is_read(live: Live) -> None:
    wrapped = {"response": {"status": "200 OK"}, "resource": a_bundle(a_condition())}

    assert "Condition=1" in live.summary(with_prefetch(conditions=wrapped))


def test_given_a_page_of_prefetch_when_the_next_one_cannot_be_had_then_the_key_is_truncated(live: Live) -> None:
    link = [{"relation": "next", "url": "https://ehr.example.org/fhir?page=2"}]

    summary = live.summary(with_prefetch(labs={**a_bundle(an_observation()), "link": link}))

    assert "labs:truncated" in summary


def draft(number: str = "d1", patient: str | None = "p1") -> dict[str, Any]:
    subject = {"subject": {"reference": f"Patient/{patient}"}} if patient else {}
    return {"resourceType": "MedicationRequest", "id": number, "status": "draft", **subject}


DRAFTS: dict[str, tuple[Any, int]] = {
    "Bundle without type": ({"resourceType": "Bundle", "entry": [{"resource": draft()}]}, 1),
    "object with entries alone": ({"entry": [{"resource": draft()}]}, 1),
    "one resource": (draft(), 1),
    "without a subject": (a_bundle(draft(patient=None)), 1),
    "about somebody else": (a_bundle(draft(patient="p2"), draft("d2")), 1),
    "with a Medication": (a_bundle(draft(), {"resourceType": "Medication", "id": "m"}), 2),
    "194-character ids": (a_bundle(draft("e" * 194)), 1),
    "odd entries": (a_bundle(None, 5, "x", draft()), 1),
    "empty": ({}, 0),
    "older release": (
        a_bundle({"resourceType": "MedicationOrder", "id": "1", "patient": {"reference": "Patient/p1"}}),
        1,
    ),
}


@pytest.mark.parametrize("name", DRAFTS)
def test_given_draft_orders_in_any_dialect_when_they_are_signed_then_they_arrive(live: Live, name: str) -> None:
    orders, expected = DRAFTS[name]
    context = {"patientId": "p1", "userId": "Practitioner/1", "draftOrders": orders}

    assert f"drafts={expected} " in live.summary(a_call("order-sign", context=context), "toy-sign")


@pytest.mark.parametrize(("name", "left_out"), [("about somebody else", "1+0"), ("odd entries", "0+3")])
def test_given_drafts_that_are_left_out_when_they_are_signed_then_the_service_hears_of_them(
    live: Live, name: str, left_out: str
) -> None:
    """Hazard: an order of another child, or one that nobody can read, is signed as if it had been checked."""
    context = {"patientId": "p1", "userId": "Practitioner/1", "draftOrders": DRAFTS[name][0]}

    assert f"left_out={left_out} " in live.summary(a_call("order-sign", context=context), "toy-sign")


@pytest.mark.parametrize("missing", ["draftOrders", "selections"])
def test_given_an_order_hook_when_its_context_is_incomplete_then_the_answer_names_the_field(
    live: Live, missing: str
) -> None:
    call = a_call("order-select")
    del call["context"][missing]

    answer = live.post(call, "toy-select")

    assert answer.status_code == 400
    assert missing in answer.json()["issue"][0]["diagnostics"]


def test_given_selections_when_an_order_is_selected_then_they_arrive(live: Live) -> None:
    assert "selected=1" in live.summary(a_call("order-select"), "toy-select")


def test_given_a_fixed_day_and_a_jurisdiction_when_a_service_decides_then_it_is_given_both() -> None:
    with live_server(as_of="2026-09-20", jurisdiction="EU") as live:
        detail = live.post(a_call()).json()["cards"][0]["detail"]
        health = live.session.get(f"{live.url}/health", timeout=10).json()

    assert "Today is 2026-09-20, jurisdiction EU." in detail.replace("\\", "")
    assert health == {"status": "ok", "mode": "development", "authentication": "none", "asOf": "2026-09-20"}


def test_given_no_fixed_day_when_a_service_decides_then_it_is_today_in_the_time_zone(live: Live) -> None:
    before = datetime.now(UTC).date()

    detail = live.post(a_call()).json()["cards"][0]["detail"].replace("\\", "")

    assert any(f"Today is {day}" in detail for day in (before, datetime.now(UTC).date()))


@pytest.mark.parametrize(("profile", "behaviour"), [("spec", "at-most-one"), ("epic", "any")])
def test_given_a_client_profile_when_a_card_is_said_then_it_is_said_for_that_client(
    profile: str, behaviour: str
) -> None:
    with live_server(client_profile=profile) as live:
        card = live.post(a_call()).json()["cards"][0]

    assert card["selectionBehavior"] == behaviour


ITEM = {"card": "c-1", "outcome": "overridden", "outcomeTimestamp": "2026-09-20T10:00:00Z"}


@pytest.mark.req("FB-01", "FB-07", "FB-09")
def test_given_feedback_on_unknown_cards_when_it_is_sent_twice_then_it_is_taken_twice(live: Live) -> None:
    answers = [live.post({"feedback": [ITEM, ITEM]}, "toy-view/feedback") for _ in range(2)]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert check_json(answers[0].content) == {"received": 2}


@pytest.mark.req("FB-02", "FB-03", "FB-04", "FB-06")
@pytest.mark.parametrize(
    "body",
    [
        *(
            [],
            {},
            {"feedback": []},
            {"feedback": {}},
            {"feedback": [1]},
            {"feedback": [{**ITEM, "outcome": "ignored"}]},
        ),
        *({"feedback": [{**ITEM, "outcome": "accepted"}]}, {"feedback": [{**ITEM, "outcomeTimestamp": "now"}]}),
        *({"feedback": [{"outcome": "overridden"}]}, b"{", b'{"feedback":[],"feedback":[]}'),
    ],
)
def test_given_feedback_of_a_wrong_shape_when_it_is_sent_then_the_answer_is_400(live: Live, body: Any) -> None:
    answer = live.post(body, "toy-view/feedback")

    assert answer.status_code == 400
    assert answer.json()["resourceType"] == "OperationOutcome"
