"""Charts that are large, or dated as databases date what has no date: answered, and in time that grows with the chart.

Work is counted in calls of Python functions, which a busy machine does not change.
"""

from __future__ import annotations

import copy
import json
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from flask.testing import FlaskClient

import fhir_fixtures
from cds_server.app import create_app
from cds_server.settings import read_settings
from tests.contract.checker import check_error, check_json, check_response
from tests.contract.served import AS_OF, Body, filed, view

PATIENT_VIEW = ("relapse-workup", "relapse-regimen")
NO_DATES = ("9999-12-31", "0001-01-01T00:00:00Z", "2199-12-31", "1900-01-01", "2026-02-30", "2026-11-22T10:00:00+15:00")
"""What databases write for "none" or "for ever", the last days that charts can mean, and what is no date."""
DATE = re.compile(r'"\d{4}-\d\d(?:-\d\d(?:T[^"]*)?)?"')
END = re.compile(r'"(end|abatementDateTime|recordedDate|authoredOn)": "[^"]*"')


@pytest.fixture(scope="module")
def client() -> FlaskClient:
    return create_app(read_settings(log_level="ERROR", as_of=AS_OF, database_url="")).test_client()


def calls() -> Iterator[tuple[str, Body]]:
    """Yield service and body of every child and every call on file."""
    for child in fhir_fixtures.children():
        yield from ((service, view(child.slug)) for service in PATIENT_VIEW)
    for call in fhir_fixtures.hook_calls():
        yield call.service, filed(call.name)


def post(client: FlaskClient, service: str, text: str) -> int:
    answer = client.post(f"/cds-services/{service}", data=text, content_type="application/json")
    if answer.status_code == 200:
        check_response(check_json(answer.data), json.loads(text))
    else:
        check_error(answer.data)
    return int(answer.status_code)


@pytest.mark.parametrize("written", NO_DATES)
def test_given_a_date_that_means_none_when_it_stands_in_a_chart_then_the_call_is_answered(
    client: FlaskClient, written: str
) -> None:
    """Hazard: one order without an end, which its EHR ends in 9999, costs the child every card."""
    answered = set()
    for service, body in list(calls())[NO_DATES.index(written) :: len(NO_DATES)]:
        text = json.dumps(body)
        answered.add(post(client, service, DATE.sub(f'"{written}"', text)))
        answered.add(post(client, service, END.sub(rf'"\1": "{written}"', text)))

    assert answered == {200}


@dataclass(frozen=True, slots=True)
class Crowd:
    """A resource of a child's or a call's chart that stands there many times, each time under another id and day."""

    service: str
    chart: str
    key: str
    resource: str

    def body(self, number: int) -> Body:
        """Return the call with so many more of the resource."""
        known = {child.slug for child in fhir_fixtures.children()}
        body = view(self.chart) if self.chart in known else filed(self.chart)
        entries = body["prefetch"][self.key]["entry"]
        original = next(entry["resource"] for entry in entries if entry["resource"]["id"] == self.resource)
        entries += [{"resource": _another(original, index)} for index in range(number)]
        return body


def _another(original: Any, index: int) -> Any:
    text = DATE.sub(f'"{2000 + index % 26}-{1 + index % 12:02d}-{1 + index % 28:02d}"', json.dumps(original))
    linked = {"basedOn": [{"reference": f"{original['resourceType']}/more-{index + 1}"}]}
    if original["resourceType"] == "MedicationRequest":
        linked["medicationReference"] = {"reference": f"MedicationRequest/none-{index}"}
    return {**copy.deepcopy(json.loads(text)), **linked, "id": f"more-{index}"}


CROWDS = (
    Crowd("relapse-workup", "mcode-chart", "status", "mcode-chart-status"),
    Crowd("relapse-workup", "text-only-chart", "reports", "text-only-chart-pathology"),
    Crowd("relapse-workup", "text-only-chart", "conditions", "text-only-chart-relapse"),
    Crowd("relapse-regimen", "local-relapse", "conditions", "local-relapse-relapse"),
    Crowd("relapse-regimen", "negative-panel", "variants", "negative-panel-panel"),
    Crowd("relapse-regimen", "mycn-gain", "variants", "mycn-gain-mycn"),
    Crowd("relapse-order-check", "order-sign-beta-febrile-neutropenia", "conditions", "febrile-neutropenia-fever"),
    Crowd("relapse-order-check", "order-sign-beta-gvhd", "medications", "gvhd-after-haplo-tacrolimus"),
    Crowd("relapse-order-check", "order-sign-beta-after-sirolimus", "medications", "rist-then-antibody-rist-sirolimus"),
)


def work(client: FlaskClient, service: str, body: Body) -> int:
    """Return the number of calls of Python functions that an answer takes."""
    text = json.dumps(body)
    counted = 0

    def count(_: object, event: str, __: object) -> None:
        nonlocal counted
        counted += event == "call"

    sys.setprofile(count)
    try:
        answer = client.post(f"/cds-services/{service}", data=text, content_type="application/json")
    finally:
        sys.setprofile(None)
    assert answer.status_code == 200
    return counted


@pytest.mark.full
@pytest.mark.parametrize("crowd", CROWDS, ids=lambda crowd: f"{crowd.chart}-{crowd.key}")
def test_given_twice_as_many_resources_when_they_are_read_then_they_take_twice_the_work(
    client: FlaskClient, crowd: Crowd
) -> None:
    """Hazard: a long history, or somebody who means harm, keeps a worker busy for minutes."""
    alone, once, twice = (work(client, crowd.service, crowd.body(number)) for number in (0, 200, 400))

    assert twice - once < 1.1 * (once - alone)


def signing(number: int) -> Body:
    """Return a call about to sign so many drafts more, each of a drug that some check speaks of."""
    body = filed("order-sign-beta-dexamethasone")
    drugs = ("dinutuximab beta", "dexamethasone", "sirolimus", "rifampicin", "temozolomide", "lorlatinib", "morphine")
    body["context"]["draftOrders"]["entry"] += [
        {
            "resource": {
                "resourceType": "MedicationRequest",
                "id": f"more-{index}",
                "status": "draft",
                "intent": "order",
                "subject": {"reference": f"Patient/{body['context']['patientId']}"},
                "medicationCodeableConcept": {"text": drugs[index % len(drugs)]},
            }
        }
        for index in range(number)
    ]
    return body


def test_given_twice_as_many_drafts_when_they_are_signed_then_they_take_twice_the_work(client: FlaskClient) -> None:
    """Hazard: an order set of thousands of lines, or somebody who means harm, keeps a worker busy for half a minute."""
    alone, once, twice = (work(client, "relapse-order-check", signing(number)) for number in (0, 280, 560))

    assert twice - once < 1.1 * (once - alone)


CHATTER = "MYCN amplified, no ALK F1174L. Relapse of neuroblastoma; GD2 positive, progression was not seen in 2025.\n"
CHATTY = {
    "conditions": lambda text: {"resourceType": "Condition", "code": {"text": text}},
    "reports": lambda text: {
        "resourceType": "DiagnosticReport",
        "status": "final",
        "code": {"text": "Molecular pathology"},
        "conclusion": text,
    },
}


def chattering(key: str, number: int) -> Body:
    """Return the call of a relapsed child with so many long texts more under one key."""
    body = view("first-relapse-untouched")
    subject = {"reference": "Patient/first-relapse-untouched"}
    texts = [CHATTER * 170] * number
    body["prefetch"][key]["entry"] += [
        {"resource": {**CHATTY[key](text), "id": f"chat-{index}", "subject": subject}}
        for index, text in enumerate(texts)
    ]
    return body


@pytest.mark.full
@pytest.mark.parametrize("key", CHATTY)
def test_given_megabytes_of_text_when_they_are_read_then_they_take_no_more_work_than_is_bounded(
    client: FlaskClient, key: str
) -> None:
    """Hazard: one chart of long notes takes a worker for half a minute, and the other children's cards with it."""
    some, many = (work(client, "relapse-workup", chattering(key, number)) for number in (10, 100))

    assert many < 1.1 * some


@pytest.mark.parametrize("key", CHATTY)
def test_given_more_text_than_is_read_when_a_card_comes_then_it_names_the_key(client: FlaskClient, key: str) -> None:
    answer = client.post("/cds-services/relapse-workup", json=chattering(key, 20))

    (card,) = answer.get_json()["cards"]
    missing = card["extension"]["relapse-cds.basis"]["missing"]
    assert key in {looked_in for gap in missing for looked_in in gap.get("lookedIn", [gap["fact"]])}
