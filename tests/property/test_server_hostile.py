"""Whatever is posted, the answer is 200, 400, 412 or 415, in JSON, and never a fault of the server."""

from __future__ import annotations

import copy
import json
import os
from collections.abc import Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import fhir_fixtures
from cds_server.app import create_app
from cds_server.settings import read_settings
from hooks.pathways.relapsed_neuroblastoma.pathway import PATHWAY
from hooks.pathways.relapsed_neuroblastoma.prefetch import TEMPLATES
from tests.contract.checker import check_json
from tests.unit.toy_pathway import TOY, a_call

SERVICES = {"toy-view": "patient-view", "toy-select": "order-select", "toy-sign": "order-sign"}
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(10**30), 10**30)
    | st.floats()
    | st.text(max_size=12)
    | st.sampled_from(["Patient/p2", "Bundle", "OperationOutcome", "\u0000", "\u202e", "http://127.0.0.1:9/fhir", "p1"])
)
NAMES = st.sampled_from(["resourceType", "reference", "entry", "resource", "id", "link", "url", "x"]) | st.text(
    max_size=5
)
JSON = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=4), max_leaves=12
)


@pytest.fixture(scope="module")
def client() -> FlaskClient:
    return create_app(read_settings(log_level="ERROR"), (TOY,)).test_client()


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the path of every value inside, the whole included."""
    yield path
    if isinstance(value, dict):
        for key, member in value.items():
            yield from places(member, (*path, key))
    elif isinstance(value, list):
        for number, member in enumerate(value):
            yield from places(member, (*path, number))


def replaced(value: Any, path: tuple[Any, ...], by: Any) -> Any:
    """Return a copy in which the value at `path` is another one."""
    if not path:
        return by
    changed = copy.deepcopy(value)
    inner = changed
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = by
    return changed


def is_answered(client: FlaskClient, service: str, body: bytes) -> bool:
    """Post, and judge the answer."""
    answer = client.post(f"/cds-services/{service}", data=body, content_type="application/json")
    if answer.status_code == 200:
        assert isinstance(check_json(answer.data)["cards"], list)
    else:
        assert answer.json["resourceType"] == "OperationOutcome"
    return answer.status_code in {200, 400, 412}


@pytest.mark.req("PF-04", "REQ-10")
@settings(max_examples=600, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_given_any_value_at_any_place_when_a_service_is_called_then_it_answers(
    client: FlaskClient, data: st.DataObject
) -> None:
    service = data.draw(st.sampled_from(sorted(SERVICES)))
    call = a_call(SERVICES[service])
    for _ in range(data.draw(st.integers(1, 3))):
        call = replaced(call, data.draw(st.sampled_from(list(places(call)))), data.draw(JSON))

    assert is_answered(client, service, json.dumps(call).encode())


CHILDREN = [one.name for one in fhir_fixtures.hook_calls()]


@pytest.fixture(scope="module")
def whole() -> FlaskClient:
    """The server with its real pathway."""
    given = {"log_level": "ERROR", "as_of": fhir_fixtures.ANCHOR, "memory_days": 0}
    return create_app(read_settings(**given), (PATHWAY,)).test_client()


def is_answered_when_changed(whole: FlaskClient, data: st.DataObject) -> bool:
    """Change a filed call at one to three places, and post it."""
    filed = fhir_fixtures.hook_call(data.draw(st.sampled_from(CHILDREN)))
    call = fhir_fixtures.filed_request(filed.name, fhir_fixtures.ANCHOR, TEMPLATES)
    for _ in range(data.draw(st.integers(1, 3))):
        call = replaced(call, data.draw(st.sampled_from(list(places(call)))), data.draw(JSON))
    return is_answered(whole, filed.service, json.dumps(call).encode())


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_given_any_value_at_any_place_of_a_childs_call_when_a_service_is_called_then_it_answers(
    whole: FlaskClient, data: st.DataObject
) -> None:
    assert is_answered_when_changed(whole, data)


@pytest.mark.full
@settings(
    max_examples=int(os.environ.get("FULL_CALLS", "2000")), deadline=None, suppress_health_check=list(HealthCheck)
)
@given(data=st.data())
def test_given_thousands_of_changed_calls_when_a_service_is_called_then_it_answers(
    whole: FlaskClient, data: st.DataObject
) -> None:
    assert is_answered_when_changed(whole, data)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(position=st.integers(0, 900), removed=st.integers(0, 40), inserted=st.binary(max_size=12))
def test_given_broken_bytes_when_a_service_is_called_then_it_answers(
    client: FlaskClient, position: int, removed: int, inserted: bytes
) -> None:
    body = json.dumps(a_call()).encode()

    assert is_answered(client, "toy-view", body[:position] + inserted + body[position + removed :])


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=JSON)
def test_given_any_json_as_feedback_when_it_is_sent_then_it_answers(client: FlaskClient, body: Any) -> None:
    item = {"card": "c", "outcome": "overridden", "outcomeTimestamp": "2026-01-01T00:00:00Z", "overrideReason": body}

    answers = [
        client.post("/cds-services/toy-view/feedback", data=json.dumps(sent), content_type="application/json")
        for sent in (body, {"feedback": [item]})
    ]

    assert all(answer.status_code in {200, 400} for answer in answers)
