"""Requests, prefetch and FHIR access of the real services: what clients may do, and what becomes of it."""

from __future__ import annotations

import random
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from fhir_fixtures.server import create_fixture_server, running
from tests.contract.served import AS_OF, Body, Server, filed, view
from tests.integration.fake_ehr import FakeEHR, Reply, fake_ehr

FAILED = {
    "resourceType": "OperationOutcome",
    "issue": [{"severity": "error", "code": "timeout", "diagnostics": "no answer"}],
}
EMPTY = {"resourceType": "Bundle", "type": "searchset", "total": 0}
CHILD = "mycn-amplified-at-relapse"
REQUIRED = ("patient", "conditions")


@pytest.fixture
def ehr() -> Iterator[FakeEHR]:
    with fake_ehr() as fake:
        yield fake


def without(body: Body, *keys: str) -> Body:
    return {**body, "prefetch": {key: value for key, value in body["prefetch"].items() if key not in keys}}


def with_key(body: Body, key: str, value: Any) -> Body:
    return {**body, "prefetch": {**body["prefetch"], key: value}}


def told(cards: list[Body]) -> list[tuple[str, str]]:
    return [(card["source"]["topic"]["code"], card["summary"]) for card in cards]


@pytest.mark.req("REQ-04", "FHIR-03")
def test_given_two_patients_in_calls_of_one_instance_when_answered_then_neither_answer_is_the_others(
    server: Server,
) -> None:
    """Hazard: a cache by hookInstance shows one child's cards for another."""
    first, second = view(CHILD), {**view("leukaemia"), "hookInstance": view(CHILD)["hookInstance"]}

    cards = [server.cards("relapse-regimen", body) for body in (first, second, first)]

    assert [bool(listed) for listed in cards] == [True, False, True]
    assert cards[0] == cards[2]


@pytest.mark.req("REQ-12")
def test_given_an_order_without_an_earlier_chart_opening_when_it_is_signed_then_it_is_checked_all_the_same(
    server: Server,
) -> None:
    assert server.cards("relapse-order-check", filed("order-sign-beta-anaphylaxis"))


@pytest.mark.req("REQ-11", "PF-06", "EXT-01", "HOOK-02")
@pytest.mark.parametrize(
    "more",
    [
        {"extension": {"com.example.site": {"deep": [{"er": None}]}}},
        {"extension": [1]},
        {"futureMember": {"a": 1}},
    ],
    ids=["extension", "odd extension", "future member"],
)
def test_given_members_that_nobody_agreed_on_when_a_service_is_called_then_the_cards_are_the_same(
    server: Server, more: Body
) -> None:
    body = view(CHILD)

    assert server.cards("relapse-regimen", {**body, **more}) == server.cards("relapse-regimen", body)


@pytest.mark.req("PF-06")
def test_given_keys_of_another_service_when_they_come_along_then_nothing_is_read_from_them(server: Server) -> None:
    body = view(CHILD)
    stranger = {"otherServiceLabs": body["prefetch"]["labs"], "-user": {"resourceType": "Practitioner"}, "x": 5}

    answered = server.cards("relapse-regimen", {**body, "prefetch": {**stranger, **body["prefetch"]}})

    assert answered == server.cards("relapse-regimen", body)


@pytest.mark.req("REQ-09", "PF-10", "PF-14", "RESP-04")
@pytest.mark.parametrize("prefetch", [None, {}, "absent"], ids=["null", "empty", "absent"])
def test_given_no_prefetch_and_no_server_when_a_service_is_called_then_the_answer_is_412(
    server: Server, prefetch: Any
) -> None:
    body = {**view(CHILD), "prefetch": prefetch}
    if prefetch == "absent":
        del body["prefetch"]

    assert server.post("relapse-workup", body).status_code == 412


@pytest.mark.req("PF-09", "PF-11", "PF-14")
@pytest.mark.parametrize("key", list(view(CHILD)["prefetch"]))
def test_given_an_outcome_with_an_error_under_a_key_when_a_service_is_called_then_it_is_a_gap_or_412(
    server: Server, ehr: FakeEHR, key: str
) -> None:
    """And the EHR, which has tried and failed, is not asked again."""
    answer = server.post("relapse-regimen", {**with_key(view(CHILD), key, FAILED), "fhirServer": ehr.base})

    assert ehr.paths() == []
    assert answer.status_code == (412 if key in REQUIRED else 200)


@pytest.mark.req("PF-12")
@pytest.mark.parametrize("key", [key for key in view(CHILD)["prefetch"] if key != "patient"])
def test_given_null_or_an_empty_bundle_under_a_key_when_a_service_is_called_then_both_mean_that_there_is_none(
    server: Server, ehr: FakeEHR, key: str
) -> None:
    bodies = [{**with_key(view(CHILD), key, value), "fhirServer": ehr.base} for value in (None, EMPTY)]

    null, empty = (server.cards("relapse-regimen", body) for body in bodies)

    assert null == empty
    assert ehr.paths() == []
    assert key != "conditions" or null == []


@pytest.mark.req("PF-04")
@pytest.mark.parametrize("seed", range(12))
def test_given_any_part_of_the_templates_satisfied_when_a_service_is_called_then_it_answers(
    server: Server, seed: int
) -> None:
    chance = random.Random(seed)  # noqa: S311 - repeatable, not secret
    body = view(CHILD)
    dropped = [key for key in body["prefetch"] if key not in REQUIRED and chance.random() < 0.5]

    cards = server.cards("relapse-regimen", without(body, *dropped))

    assert cards


@pytest.mark.req("PF-05")
@pytest.mark.parametrize(
    ("service", "slug"),
    [
        (service, slug)
        for service in ("relapse-workup", "relapse-regimen")
        for slug in (CHILD, "alk-f1174l", "second-relapse", "evaluation-due", "remission-for-maintenance", "refractory")
    ],
)
def test_given_a_search_result_in_another_order_and_without_totals_when_read_then_the_cards_are_the_same(
    server: Server, service: str, slug: str
) -> None:
    """An EHR's data is the same whatever it does with _sort and total."""
    body = view(slug)
    shuffled = {**body, "prefetch": {key: rearranged(value) for key, value in body["prefetch"].items()}}

    assert server.cards(service, shuffled) == server.cards(service, body)


def rearranged(value: Any) -> Any:
    if not isinstance(value, dict) or "entry" not in value:
        return value
    entries = [{"resource": entry["resource"]} for entry in reversed(value["entry"])]
    return {"resourceType": "Bundle", "entry": entries}


@pytest.mark.req("PF-03", "PF-08", "PF-13", "FHIR-01")
@pytest.mark.parametrize("slug", [CHILD, "evaluation-due", "molecular-report-pdf", "first-relapse-untouched"])
def test_given_no_prefetch_when_the_server_has_the_data_then_the_cards_are_those_of_prefetch(
    server: Server, slug: str
) -> None:
    body = view(slug)
    with running(create_fixture_server(AS_OF)) as url:
        fetching = {name: value for name, value in body.items() if name != "prefetch"} | {"fhirServer": f"{url}/fhir"}
        fetched = server.cards("relapse-regimen", fetching)

    assert fetched == server.cards("relapse-regimen", body)


def gaps(cards: list[Body]) -> set[str]:
    missing = [gap for card in cards for gap in card["extension"]["relapse-cds.basis"].get("missing", [])]
    return {gap["lookedIn"][0] for gap in missing if gap["fact"] == "chart"}


@pytest.mark.req("PF-07")
@pytest.mark.parametrize("key", ["conditions", "variants", "labs", "medications"])
def test_given_a_first_page_that_cannot_be_followed_when_read_then_the_card_says_that_there_may_be_more(
    server: Server, key: str
) -> None:
    """Hazard: an amplification on the second page is missed, and nobody knows."""
    body = view(CHILD)
    page = {**body["prefetch"][key], "link": [{"relation": "next", "url": "https://ehr.example.org/fhir?p=2"}]}

    (card,) = server.cards("relapse-regimen", with_key(body, key, page))

    assert gaps([card]) == {key}
    assert "Could not be retrieved, or not all of it" in card["detail"]


@pytest.mark.req("PF-10", "PF-11", "STALE-02")
def test_given_keys_that_failed_or_were_not_sent_when_answered_then_every_card_names_them(server: Server) -> None:
    body = with_key(without(view(CHILD), "imaging", "documents"), "labs", FAILED)

    cards = server.cards("relapse-workup", body)

    assert gaps(cards) == {"labs", "imaging"}
    assert gaps(server.cards("relapse-workup", view(CHILD))) == set()


@pytest.mark.req("FHIR-02", "FHIR-04", "FHIR-08")
@pytest.mark.parametrize(
    "authorization",
    [
        {"token_type": "Bearer", "expires_in": 300, "scope": "user/Patient.read", "subject": "cds"},
        {"token_type": "bearer", "expires_in": "300", "scope": "patient/Observation.rs"},
        {"scope": 'EPIC.SCOPE (with "words")', "subject": None},
        {},
    ],
    ids=["STU1 scopes", "SMART 2 scopes", "vendor scopes", "token alone"],
)
def test_given_scopes_of_any_age_when_data_is_fetched_then_the_token_is_presented(
    server: Server, ehr: FakeEHR, authorization: Body
) -> None:
    body = without(view(CHILD), "labs", "vitals")
    body |= {"fhirServer": ehr.base, "fhirAuthorization": {"access_token": "opaque", **authorization}}

    assert server.cards("relapse-regimen", body)
    assert len(ehr.asked) == 2
    assert {asked.headers["Authorization"] for asked in ehr.asked} == {"Bearer opaque"}


@pytest.mark.req("FHIR-07")
def test_given_an_answered_call_when_time_passes_then_its_token_is_not_used_again(server: Server) -> None:
    """Hazard: a token outlives the call it was made for."""
    with fake_ehr() as ehr:
        ehr.answer("Observation", Reply(hold=True))
        body = {**without(view(CHILD), "labs", "vitals", "reports"), "fhirServer": ehr.base}
        server.post("relapse-regimen", {**body, "fhirAuthorization": {"access_token": "opaque"}})
        asked = len(ehr.asked)
        for thread in [one for one in threading.enumerate() if one.name.startswith("fhir")]:
            thread.join(2)

        assert len(ehr.asked) == asked


@pytest.mark.req("REQ-10")
@pytest.mark.parametrize("resource_type", ["MedicationOrder", "ProcedureRequest", "DiagnosticOrder", "Zzz"])
def test_given_drafts_of_another_fhir_release_when_they_are_signed_then_the_call_is_answered(
    server: Server, resource_type: str
) -> None:
    body = filed("order-sign-beta-anaphylaxis")
    other = {"resourceType": resource_type, "id": "old", "category": {"coding": [{}]}, "status": "draft"}
    body["context"]["draftOrders"]["entry"].append({"resource": other})

    assert server.cards("relapse-order-check", body)


@pytest.mark.req("HOOK-02")
def test_given_fields_that_a_hook_may_get_one_day_when_they_are_sent_then_the_cards_are_the_same(
    server: Server,
) -> None:
    body = filed("order-select-dinutuximab")
    later = {**body, "context": {**body["context"], "appointments": [], "locale": "de", "tasks": {"x": None}}}

    assert server.cards("anti-gd2-supportive-care", later) == server.cards("anti-gd2-supportive-care", body)
