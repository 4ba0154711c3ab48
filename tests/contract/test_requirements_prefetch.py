"""Every prefetch key in every state that clients send, and what becomes of the call."""

from __future__ import annotations

from typing import Any

import pytest

from hooks.pathways.relapsed_neuroblastoma.prefetch import TEMPLATES
from tests.contract.served import Body, Server, filed, view

ERROR = {"resourceType": "OperationOutcome", "issue": [{"severity": "error", "code": "exception"}]}
WARNING_ENTRY = {
    "resourceType": "Bundle",
    "type": "searchset",
    "total": 0,
    "entry": [
        {
            "fullUrl": "urn:uuid:00000000-0000-4000-8000-000000000001",
            "resource": {
                "resourceType": "OperationOutcome",
                "issue": [{"severity": "warning", "code": "processing", "diagnostics": "returns no results"}],
            },
            "search": {"mode": "outcome"},
        }
    ],
}
EMPTY = {"resourceType": "Bundle", "type": "searchset", "total": 0}
STATES: dict[str, Any] = {
    "null": None,
    "missing": "missing",
    "error": ERROR,
    "warning entry": WARNING_ENTRY,
    "empty Bundle": EMPTY,
    "empty entry list": {"resourceType": "Bundle", "type": "searchset", "entry": []},
    "list": [],
    "number": 5,
    "text": "x",
    "object": {},
}
UNAVAILABLE = {"missing", "error", "list", "number", "text", "object"}
"""States in which a required key counts as not to be had; in the others the EHR says that there is none."""

SERVICES = {
    "relapse-workup": view("mycn-amplified-at-relapse"),
    "relapse-regimen": view("mycn-amplified-at-relapse"),
    "anti-gd2-supportive-care": filed("order-select-dinutuximab"),
    "relapse-order-check": filed("order-sign-beta-anaphylaxis"),
}


OPTIONAL_KEYS = [key for key in TEMPLATES if key not in {"patient", "conditions"}]


def in_state(body: Body, key: str, state: str) -> Body:
    prefetch = {name: value for name, value in body["prefetch"].items() if name != key}
    return {**body, "prefetch": prefetch if state == "missing" else {**prefetch, key: STATES[state]}}


@pytest.mark.req("PF-04", "PF-09", "PF-10", "PF-11", "PF-12", "PF-14")
@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize("turn", range(len(STATES)))
def test_given_optional_keys_each_in_another_state_when_a_service_is_called_then_it_is_answered(
    server: Server, service: str, turn: int
) -> None:
    """Over all turns every key has been in every state."""
    body = SERVICES[service]
    for number, key in enumerate(OPTIONAL_KEYS):
        body = in_state(body, key, list(STATES)[(number + turn) % len(STATES)])

    assert server.post(service, body).status_code == 200


@pytest.mark.full
@pytest.mark.req("PF-04", "PF-09", "PF-10", "PF-11", "PF-12", "PF-14")
@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize("state", STATES)
def test_given_one_optional_key_in_any_state_when_a_service_is_called_then_it_is_answered(
    server: Server, service: str, state: str
) -> None:
    for key in OPTIONAL_KEYS:
        assert server.post(service, in_state(SERVICES[service], key, state)).status_code == 200, key


@pytest.mark.req("PF-10", "PF-11", "PF-12", "PF-14")
@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize("state", STATES)
def test_given_conditions_in_any_state_when_a_service_is_called_then_none_means_silence_and_unknown_means_412(
    server: Server, service: str, state: str
) -> None:
    """Hazard: an EHR that could not answer is read as a child without disease."""
    answer = server.post(service, in_state(SERVICES[service], "conditions", state))

    if state in UNAVAILABLE:
        assert answer.status_code == 412
    else:
        assert answer.json() == {"cards": []}


@pytest.mark.req("PF-10", "PF-11", "PF-14")
@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize("state", STATES)
def test_given_the_patient_in_any_state_but_present_when_the_disease_is_there_then_the_answer_is_412(
    server: Server, service: str, state: str
) -> None:
    assert server.post(service, in_state(SERVICES[service], "patient", state)).status_code == 412


@pytest.mark.req("PF-12", "PF-14")
@pytest.mark.parametrize("state", sorted(UNAVAILABLE))
@pytest.mark.parametrize("key", ["variants", "labs"])
def test_given_a_key_that_could_not_be_had_when_answered_then_no_fact_of_it_is_read_as_negative(
    server: Server, state: str, key: str
) -> None:
    """Hazard: MYCN not looked at becomes MYCN not amplified."""
    (card,) = server.cards("relapse-regimen", in_state(SERVICES["relapse-regimen"], key, state))
    basis = card["extension"]["relapse-cds.basis"]

    states = {fact["fact"]: fact["state"] for fact in basis["used"]}
    gaps = {gap["fact"]: gap["why"] for gap in basis["missing"]}
    assert states.get("mycn") in {"amplified", None}
    assert ("mycn" in states) != ("mycn" in gaps)
