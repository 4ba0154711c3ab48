"""The OpenAPI description tells all that is served and nothing else, and what is served is as it tells."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask

from cds_server.app import create_app
from cds_server.settings import read_settings
from cds_server.web.openapi_operations import FHIR_OPERATIONS, OPERATIONS
from tests.contract.checker import check_error
from tests.unit.toy_pathway import TOY, a_call

NEVER_DESCRIBED = {"HEAD", "OPTIONS"}
PRODUCTION = {
    "mode": "production",
    "public_url": "https://cds.example.org",
    "fingerprint_key": "k" * 32,
    "explain": True,
}


def an_app(**settings: Any) -> Flask:
    return create_app(read_settings(log_level="ERROR", database_url="", **settings), (TOY,))


def described(app: Flask) -> dict[str, Any]:
    answer = app.test_client().get("/openapi.json")
    assert answer.status_code == 200
    document: dict[str, Any] = json.loads(answer.data)
    return document


@pytest.fixture(scope="module")
def demo() -> Flask:
    return an_app(mode="demo")


@pytest.fixture(scope="module")
def document(demo: Flask) -> dict[str, Any]:
    return described(demo)


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


@pytest.mark.parametrize("settings", [{}, {"mode": "demo"}, PRODUCTION], ids=["development", "demo", "production"])
def test_given_the_routes_of_the_application_when_described_then_none_is_left_out_and_none_is_invented(
    settings: dict[str, Any],
) -> None:
    app = an_app(**settings)
    served = {
        (re.sub(r"<([a-z]+:)?([a-z_]+)>", r"{\2}", rule.rule).rstrip("/") or "/", method.lower())
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - NEVER_DESCRIBED
    }

    told = {(path, method) for path, method, _ in operations(described(app))}

    assert told == served


def test_given_all_descriptions_when_compared_with_all_views_then_none_describes_what_is_gone(demo: Flask) -> None:
    served = {(rule.endpoint, method) for rule in demo.url_map.iter_rules() for method in (rule.methods or set())}
    fixture_server = {("fhir_fixtures.everything", method) for method in FHIR_OPERATIONS}

    assert served >= OPERATIONS.keys() | fixture_server


def test_given_a_route_that_nobody_described_when_described_then_it_is_left_out_and_so_found() -> None:
    app = an_app()
    app.add_url_rule("/undescribed", "some.view", lambda: "")

    assert "/undescribed" not in described(app)["paths"]


def references(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        yield from (member for name, member in value.items() if name == "$ref")
        for member in value.values():
            yield from references(member)
    elif isinstance(value, list):
        for member in value:
            yield from references(member)


def test_given_the_description_when_read_then_every_reference_leads_somewhere_and_every_schema_is_used(
    document: dict[str, Any],
) -> None:
    used = {reference.removeprefix("#/components/schemas/") for reference in references(document)}

    assert used == document["components"]["schemas"].keys()


def test_given_the_description_when_read_then_it_has_what_openapi_asks_for(document: dict[str, Any]) -> None:
    """The official schema of OpenAPI 3.1 is asked in the full run."""
    assert document["openapi"] == "3.1.0"
    assert {"title", "version"} <= document["info"].keys()
    for path, method, operation in operations(document):
        names = set(re.findall(r"{([a-z_]+)}", path))
        assert {parameter["name"] for parameter in operation.get("parameters", [])} == names
        assert operation["summary"]
        assert "200" in operation["responses"]
        assert all(answer["description"] for answer in operation["responses"].values())
        assert ("requestBody" in operation) <= (method == "post")


def test_given_the_models_when_described_then_nothing_may_be_null_and_no_title_is_made_up(
    document: dict[str, Any],
) -> None:
    text = json.dumps(document["components"])

    assert '"null"' not in text
    assert '"default"' not in text
    assert '"Overridereasons"' not in text


def test_given_the_services_when_described_then_each_hook_has_its_request_and_each_id_is_listed(
    document: dict[str, Any],
) -> None:
    schemas = document["components"]["schemas"]
    parameter = document["paths"]["/cds-services/{service_id}"]["post"]["parameters"][0]

    assert parameter["schema"]["enum"] == ["toy-view", "toy-select", "toy-sign"]
    assert [one["$ref"].rpartition("/")[2] for one in schemas["HookRequest"]["oneOf"]] == [
        "PatientViewRequest",
        "OrderSelectRequest",
        "OrderSignRequest",
    ]
    assert schemas["OrderSelectRequest"]["properties"]["hook"] == {"const": "order-select"}
    assert set(schemas["OrderSelectContext"]["required"]) == {"patientId", "userId", "draftOrders", "selections"}
    assert schemas["PatientViewRequest"]["dependentRequired"] == {"fhirAuthorization": ["fhirServer"]}
    assert schemas["Card"]["properties"]["suggestions"]["minItems"] == 1
    assert schemas["FeedbackItem"]["required"] == ["card", "outcome", "outcomeTimestamp"]


def test_given_production_when_described_then_what_asks_for_a_token_says_so_and_nothing_else_does() -> None:
    document = described(an_app(**PRODUCTION))

    protected = {path for path, _, operation in operations(document) if "security" in operation}

    assert document["servers"] == [{"url": "https://cds.example.org"}]
    assert protected == {path for path in document["paths"] if path.startswith(("/cds-services", "/feedback"))}


def test_given_development_when_described_then_nothing_asks_for_a_token(document: dict[str, Any]) -> None:
    assert not [path for path, _, operation in operations(document) if "security" in operation]


def test_given_a_server_without_services_when_described_then_there_is_still_a_description() -> None:
    app = create_app(read_settings(log_level="ERROR", database_url=""), ())

    assert described(app)["components"]["schemas"]["HookRequest"] == {"oneOf": [{}]}


@pytest.mark.req("RESP-06")
def test_given_the_demo_page_when_it_refuses_then_that_is_an_operation_outcome_too(demo: Flask) -> None:
    client = demo.test_client()

    answers = [client.get("/demo/calls/none"), client.post("/demo/render", json=[]), client.get("/demo/static/none")]

    assert [answer.status_code for answer in answers] == [404, 400, 404]
    assert all(check_error(answer.data) for answer in answers)


def test_given_a_call_when_answered_then_the_answer_has_only_members_that_are_described(
    demo: Flask, document: dict[str, Any]
) -> None:
    card = demo.test_client().post("/cds-services/toy-view", json=a_call()).get_json()["cards"][0]
    schema = document["components"]["schemas"]["Card"]

    assert set(schema["required"]) <= card.keys() <= schema["properties"].keys()
    assert schema["additionalProperties"] is False


def test_given_answers_other_than_cards_when_given_then_each_has_only_members_that_are_described(
    demo: Flask, document: dict[str, Any]
) -> None:
    client = demo.test_client()
    item = {"card": "c", "outcome": "overridden", "outcomeTimestamp": "2026-11-22T10:00:00Z"}
    answers = {
        "Health": client.get("/health"),
        "Readiness": client.get("/health/ready"),
        "Version": client.get("/version"),
        "Explanation": client.post("/cds-services/toy-view/explain", json=a_call()),
        "FeedbackTaken": client.post("/cds-services/toy-view/feedback", json={"feedback": [item]}),
    }

    for name, answer in answers.items():
        schema = document["components"]["schemas"][name]
        assert answer.status_code == 200
        assert set(schema["required"]) <= answer.get_json().keys() <= schema["properties"].keys()


def test_given_the_operations_when_described_then_only_the_demo_answers_json_without_a_schema(
    document: dict[str, Any],
) -> None:
    undescribed = {
        path
        for path, _, operation in operations(document)
        if operation["responses"]["200"]["content"].get("application/json", {"schema": "x"}) == {"schema": {}}
    }

    assert all(path.startswith(("/demo", "/openapi.json")) for path in undescribed)
