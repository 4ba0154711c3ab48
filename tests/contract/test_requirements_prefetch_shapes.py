"""Prefetch values and draft orders in shapes that nobody asked for: what is in them is read, or said to be missing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.contract.served import Body, Server, filed, view
from tests.integration.fake_ehr import fake_ehr

CHILD = "mycn-amplified-at-relapse"
ERROR = {"resourceType": "OperationOutcome", "issue": [{"severity": "error", "code": "exception"}]}
ELSEWHERE = [{"relation": "next", "url": "https://ehr.example.org/fhir?page=2"}]


def a_bundle(*resources: Any, **more: Any) -> Body:
    entries = [{"resource": resource} for resource in resources]
    return {"resourceType": "Bundle", "type": "searchset", "entry": entries, **more}


def resources_of(value: Body) -> list[Body]:
    return [entry["resource"] for entry in value["entry"]]


def with_key(body: Body, key: str, value: Any) -> Body:
    return {**body, "prefetch": {**body["prefetch"], key: value}}


def gaps(cards: list[Body]) -> set[str]:
    missing = [gap for card in cards for gap in card["extension"]["relapse-cds.basis"].get("missing", [])]
    return {gap["lookedIn"][0] for gap in missing if gap["fact"] == "chart"}


SAME: dict[str, Callable[[Body], Any]] = {
    "a collection": lambda value: a_bundle(*resources_of(value), type="collection"),
    "the answer to a batch": lambda value: a_bundle(value, type="batch-response"),
    "the answer to a batch, one search each": lambda value: a_bundle(
        *(a_bundle(resource) for resource in resources_of(value)), type="batch-response"
    ),
    "Bundles within, each with an object for its array": lambda value: a_bundle(
        *({"resourceType": "Bundle", "entry": {"resource": resource}} for resource in resources_of(value))
    ),
}


@pytest.mark.req("PF-04", "PF-05")
@pytest.mark.parametrize("shape", SAME)
@pytest.mark.parametrize("key", ["conditions", "variants", "labs", "medications"])
def test_given_a_bundle_of_another_shape_when_read_then_the_cards_are_the_same(
    server: Server, key: str, shape: str
) -> None:
    """Hazard: a relapse that stands one level deeper is no relapse."""
    body = view(CHILD)

    answered = server.cards("relapse-regimen", with_key(body, key, SAME[shape](body["prefetch"][key])))

    assert answered == server.cards("relapse-regimen", body)


@pytest.mark.req("PF-05")
@pytest.mark.parametrize("step", [1, -1])
def test_given_older_versions_in_the_same_bundle_when_read_then_the_newest_decides(server: Server, step: int) -> None:
    """Hazard: a relapse confirmed since is silenced by its older version, or one withdrawn since still speaks."""
    body = view(CHILD)
    old = {"meta": {"versionId": "1"}, "verificationStatus": {"coding": [{"code": "refuted"}]}}
    now = resources_of(body["prefetch"]["conditions"])
    versions = [one for r in now for one in ({**r, **old}, {**r, "meta": {"versionId": "2"}})[::step]]

    answered = server.cards("relapse-regimen", with_key(body, "conditions", a_bundle(*versions)))

    assert answered == server.cards("relapse-regimen", body) != []


def apart(orders: list[Body]) -> tuple[list[Body], list[Body]]:
    """Return the orders with nothing but a reference to their drug, and the Medications these lead to."""
    referring = [
        {name: value for name, value in order.items() if name != "medicationCodeableConcept"}
        | {"medicationReference": {"reference": f"Medication/{order['id']}"}}
        for order in orders
    ]
    drugs = [
        {"resourceType": "Medication", "id": order["id"], "code": order["medicationCodeableConcept"]}
        for order in orders
    ]
    return referring, drugs


@pytest.mark.req("PF-13", "FHIR-01")
def test_given_orders_whose_drugs_stand_elsewhere_when_a_fhir_server_is_named_then_they_are_fetched(
    server: Server,
) -> None:
    body = view(CHILD)
    orders, drugs = apart(resources_of(body["prefetch"]["medications"]))
    with fake_ehr() as ehr:
        ehr.answer("Medication?_id=", a_bundle(*drugs, {"resourceType": "OperationOutcome"}))

        called = {**with_key(body, "medications", a_bundle(*orders)), "fhirServer": ehr.base}
        answered = server.cards("relapse-regimen", called)

        assert ehr.paths() == [f"Medication?_id={','.join(drug['id'] for drug in drugs)}"]
    whole = server.cards("relapse-regimen", body)
    assert [card["detail"] for card in answered] == [card["detail"] for card in whole] != []


@pytest.mark.req("PF-13", "FHIR-01")
def test_given_a_report_whose_results_no_query_of_ours_found_when_a_fhir_server_is_named_then_they_are_fetched(
    server: Server,
) -> None:
    """Hazard: a MYCN amplification with a local code is in the chart, and the card asks for the test."""
    body = with_key(view(CHILD), "labs", None)
    results = resources_of(body["prefetch"]["variants"])
    report = {
        "resourceType": "DiagnosticReport",
        "id": "r1",
        "status": "final",
        "subject": results[0]["subject"],
        "code": {"text": "Tumour sequencing"},
        "result": [{"reference": f"Observation/{one['id']}"} for one in results],
    }
    moved = with_key(with_key(body, "variants", None), "reports", a_bundle(report))
    with fake_ehr() as ehr:
        ehr.answer("Observation?_id=", a_bundle(*results))

        (card,) = server.cards("relapse-regimen", {**moved, "fhirServer": ehr.base})

        assert len(ehr.paths()) == 1
    used = {fact["fact"]: fact.get("state") for fact in card["extension"]["relapse-cds.basis"]["used"]}
    assert used["mycn"] == "amplified"


@pytest.mark.req("PF-10")
def test_given_orders_whose_drugs_stand_elsewhere_when_nobody_can_be_asked_then_the_card_names_the_gap(
    server: Server,
) -> None:
    """Hazard: a child with fourteen orders reads as one that was never treated."""
    body = view(CHILD)
    orders, _ = apart(resources_of(body["prefetch"]["medications"]))

    assert gaps(server.cards("relapse-regimen", with_key(body, "medications", a_bundle(*orders)))) == {"medications"}


CONDITIONS = view(CHILD)["prefetch"]["conditions"]
NO_CONDITIONS: dict[str, Any] = {
    "another type": {"resourceType": "Practitioner", "id": "x"},
    "the results of another query": view(CHILD)["prefetch"]["labs"],
    "a List": {"resourceType": "List", "entry": [{"item": {"reference": "Condition/1"}}]},
    "Parameters": {"resourceType": "Parameters", "parameter": [{"name": "return", "resource": CONDITIONS}]},
    "contained": {"resourceType": "Basic", "contained": resources_of(CONDITIONS)},
    "a type misspelt": {**CONDITIONS, "resourceType": "bundle"},
    "a batch that failed": {"resourceType": "Bundle", "type": "batch-response", "entry": [{"response": {}}]},
    "an empty first page": a_bundle(link=ELSEWHERE),
}


@pytest.mark.req("PF-11", "PF-14", "RESP-04")
@pytest.mark.parametrize("shape", NO_CONDITIONS)
def test_given_something_without_a_condition_under_conditions_when_a_service_is_called_then_the_answer_is_412(
    server: Server, shape: str
) -> None:
    """Hazard: what cannot be read is taken for a child without disease."""
    answer = server.post("relapse-regimen", with_key(view(CHILD), "conditions", NO_CONDITIONS[shape]))

    assert answer.status_code == 412


@pytest.mark.req("PF-07", "PF-14")
def test_given_a_part_of_the_conditions_without_the_disease_when_a_service_is_called_then_the_answer_is_412(
    server: Server,
) -> None:
    """Hazard: the relapse stands on the second page. A whole list without the disease is silence."""
    body = view("leukaemia")
    part = {**body["prefetch"]["conditions"], "link": ELSEWHERE}

    assert server.post("relapse-regimen", with_key(body, "conditions", part)).status_code == 412
    assert server.cards("relapse-regimen", body) == []


@pytest.mark.req("PF-07", "PF-14")
def test_given_the_relapse_on_a_page_that_cannot_be_had_when_a_service_is_called_then_it_is_not_silent(
    server: Server,
) -> None:
    """Hazard: the first page says neuroblastoma, the second says that it is back."""
    body = view("not-relapsed")
    part = {**body["prefetch"]["conditions"], "link": ELSEWHERE}

    assert server.post("relapse-regimen", with_key(body, "conditions", part)).status_code == 412
    assert server.cards("relapse-regimen", body) == []


@pytest.mark.req("PF-11", "RESP-03")
@pytest.mark.parametrize("slug", ["leukaemia", "not-relapsed"])
def test_given_an_entry_that_is_no_resource_among_conditions_without_the_relapse_when_answered_then_it_is_silent(
    server: Server, slug: str
) -> None:
    body = view(slug)
    value = body["prefetch"]["conditions"]

    cards = server.cards("relapse-regimen", with_key(body, "conditions", {**value, "entry": [*value["entry"], None]}))

    assert cards == []


@pytest.mark.req("PF-14")
def test_given_another_resource_for_the_patient_when_a_service_is_called_then_the_answer_is_412(
    server: Server,
) -> None:
    answer = server.post("relapse-regimen", with_key(view(CHILD), "patient", NO_CONDITIONS["another type"]))

    assert answer.status_code == 412


@pytest.mark.req("PF-11", "RESP-01")
@pytest.mark.parametrize("more", [{"link": ELSEWHERE}, {"entry": "error"}], ids=["pages", "error"])
def test_given_a_patient_who_is_not_all_there_when_a_service_is_called_then_the_card_says_so(
    server: Server, more: Body
) -> None:
    body = view(CHILD)
    patient = body["prefetch"]["patient"]
    value = a_bundle(patient, ERROR) if "entry" in more else a_bundle(patient, **more)

    cards = server.cards("relapse-regimen", with_key(body, "patient", value))

    assert gaps(cards) == {"patient"}


@pytest.mark.req("PF-05", "PF-11")
@pytest.mark.parametrize("key", ["variants", "medications", "procedures"])
def test_given_the_results_of_another_query_under_a_key_when_answered_then_the_card_names_the_gap(
    server: Server, key: str
) -> None:
    """Hazard: a template typed wrong answers "none" for ever."""
    body = view(CHILD)

    cards = server.cards("relapse-regimen", with_key(body, key, a_bundle({"resourceType": "Group", "id": "g"})))

    assert gaps(cards) == {key}


@pytest.mark.req("REQ-10")
@pytest.mark.parametrize(("key", "name"), [("medications", "MedicationOrder"), ("orders", "ProcedureRequest")])
def test_given_a_type_by_the_name_of_an_earlier_release_when_answered_then_there_is_no_gap(
    server: Server, key: str, name: str
) -> None:
    body = view(CHILD)

    old = {"resourceType": name, "id": "old", "medicationCodeableConcept": {"text": "paracetamol"}}
    cards = server.cards("relapse-regimen", with_key(body, key, a_bundle(old)))

    assert gaps(cards) == set()


@pytest.mark.req("PF-11")
@pytest.mark.parametrize("entry", [None, {"fullUrl": "https://ehr.example.org/x"}, {"resource": {"id": "x"}}])
def test_given_an_entry_that_cannot_be_read_when_answered_then_the_rest_is_used_and_the_gap_named(
    server: Server, entry: Any
) -> None:
    body = view(CHILD)
    value = body["prefetch"]["medications"]

    cards = server.cards("relapse-regimen", with_key(body, "medications", {**value, "entry": [*value["entry"], entry]}))

    assert gaps(cards) == {"medications"}


@pytest.mark.req("PF-13", "PF-14")
@pytest.mark.parametrize(("fetched", "status"), [(CONDITIONS, 200), (NO_CONDITIONS["another type"], 412)])
def test_given_something_else_under_a_key_when_a_fhir_server_is_named_then_its_query_is_asked(
    server: Server, fetched: Body, status: int
) -> None:
    with fake_ehr() as ehr:
        ehr.answer("Condition", fetched)
        body = with_key(view(CHILD), "conditions", NO_CONDITIONS["another type"])

        answer = server.post("relapse-regimen", {**body, "fhirServer": ehr.base})

        assert ehr.paths()[0].startswith("Condition?patient=")
        assert answer.status_code == status


@pytest.mark.req("REQ-08", "REQ-10")
def test_given_draft_orders_one_level_deeper_when_they_are_signed_then_they_are_checked(server: Server) -> None:
    body = filed("order-sign-beta-anaphylaxis")
    deeper = {**body, "context": {**body["context"], "draftOrders": a_bundle(body["context"]["draftOrders"])}}

    cards = server.cards("relapse-order-check", deeper)

    assert cards == server.cards("relapse-order-check", body) != []


@pytest.mark.req("RESP-04", "REQ-08")
@pytest.mark.parametrize("drafts", [ERROR, a_bundle(ERROR), a_bundle({"id": "no type"})])
def test_given_draft_orders_that_cannot_be_read_when_they_are_signed_then_the_answer_is_412(
    server: Server, drafts: Body
) -> None:
    """Hazard: orders that nobody could read count as checked."""
    body = filed("order-sign-beta-anaphylaxis")
    unreadable = {**body, "context": {**body["context"], "draftOrders": drafts}}

    assert server.post("relapse-order-check", unreadable).status_code == 412
