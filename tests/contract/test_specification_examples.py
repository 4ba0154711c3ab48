"""The examples of the CDS Hooks specification and of its hook library pass through our models both ways.

Rebuilt with data of our own after HL7/cds-hooks and HL7/cds-hooks-library, input/pagecontent (CC0-1.0): the same
members in the same shapes. What an example holds that this server never sends is refused by the model that sends.
"""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from cards.card import CDSResponse
from cards.feedback import parse_feedback
from hooks.errors import RequestRefused
from hooks.request import parse_request
from tests.contract.checker import check_discovery, check_error, check_json
from tests.contract.served import Body, Server

EXAMPLES: dict[str, Any] = json.loads(
    (Path(__file__).parent / "specification_examples.json").read_text(encoding="utf-8")
)
CARD = EXAMPLES["responses"][2]["body"]["cards"][0]


def told(kind: str) -> list[Any]:
    return [pytest.param(example, id=example["about"]) for example in EXAMPLES[kind]]


@pytest.mark.req("REQ-02", "REQ-03", "REQ-08", "REQ-10", "FHIR-04")
@pytest.mark.parametrize("example", told("requests"))
def test_given_a_request_of_the_specification_when_parsed_and_written_again_then_it_is_the_same(example: Body) -> None:
    body = example["body"]

    call = parse_request(body)

    context = call.context.model_dump(mode="json", by_alias=True, exclude_none=True)
    assert context == body["context"]
    assert (call.hook, call.hook_instance) == (body["hook"], body["hookInstance"])
    assert (call.fhir_server, dict(call.prefetch)) == (body.get("fhirServer"), body["prefetch"])
    if call.fhir_authorization is not None:
        kept = call.fhir_authorization.model_dump(exclude_none=True)
        assert kept.items() <= body["fhirAuthorization"].items()
        assert {"access_token", "token_type", "expires_in"} <= kept.keys()


@pytest.mark.req("REQ-01", "REQ-10", "PF-14", "RESP-01")
@pytest.mark.parametrize("example", told("requests"))
def test_given_a_request_of_the_specification_when_posted_then_it_is_answered(server: Server, example: Body) -> None:
    answer = server.post(example["service"], example["body"])

    assert answer.status_code == example["status"], answer.text
    assert answer.status_code != 200 or answer.json() == {"cards": []}


@pytest.mark.req("REQ-02", "REQ-08", "RESP-05", "RESP-06")
@pytest.mark.parametrize("example", told("incomplete"))
def test_given_an_example_that_is_no_call_of_ours_when_posted_then_the_answer_names_what_is_wrong(
    server: Server, example: Body
) -> None:
    answer = server.post(example["service"], example["body"])

    assert answer.status_code == 400
    assert example["names"] in answer.json()["issue"][0]["diagnostics"]
    with pytest.raises(RequestRefused):
        parse_request(example["body"])


@pytest.mark.req("RESP-01", "CARD-09", "OVR-02", "LNK-01", "LNK-02", "ACT-03", "SUG-01")
@pytest.mark.parametrize("example", told("responses"))
def test_given_a_response_of_the_specification_when_parsed_and_written_again_then_it_is_the_same(example: Body) -> None:
    response = CDSResponse.model_validate(example["body"])

    assert check_json(response.to_json()) == example["body"]


def with_other(place: str, value: Any) -> Body:
    card = copy.deepcopy(CARD)
    body: Body = {"cards": [card]}
    if place == "systemActions":
        body[place] = value
    elif place == "action":
        card["suggestions"][0]["actions"] = [value]
    else:
        card[place] = value
    return body


@pytest.mark.req("LNK-04", "LNK-05", "SYS-02", "ACT-04", "ACT-05", "CARD-01", "CARD-05", "SRC-05")
@pytest.mark.parametrize("example", told("never_sent"))
def test_given_what_this_server_never_sends_when_it_is_to_be_sent_then_the_model_refuses_it(example: Body) -> None:
    CDSResponse.model_validate({"cards": [CARD]})

    with pytest.raises(ValidationError):
        CDSResponse.model_validate(with_other(example["place"], example["value"]))


@pytest.mark.req("FB-02", "FB-03", "FB-04", "FB-05", "FB-06")
@pytest.mark.parametrize("example", told("feedback"))
def test_given_feedback_of_the_specification_when_parsed_then_nothing_of_it_is_lost(example: Body) -> None:
    (item,) = parse_feedback(example["body"])

    reason = item.reason.code if item.reason else None
    read = [item.card, str(item.outcome), item.at.isoformat(), list(item.accepted), reason, item.comment]
    assert read == example["read"]


@pytest.mark.req("FB-01", "FB-07")
@pytest.mark.parametrize("example", told("feedback"))
def test_given_feedback_of_the_specification_when_posted_twice_then_it_is_taken_twice(
    server: Server, example: Body
) -> None:
    url = f"{server.url}/cds-services/relapse-workup/feedback"

    answers = [server.session.post(url, json=example["body"], timeout=10) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert all(check_json(answer.content) for answer in answers)


def test_given_the_other_examples_when_judged_then_the_independent_checker_agrees_with_the_specification() -> None:
    """A checker that refuses the specification's own examples would be wrong."""
    for discovery in EXAMPLES["discovery"]:
        check_discovery(discovery)
    assert check_error(json.dumps(EXAMPLES["outcome"])) == EXAMPLES["outcome"]
