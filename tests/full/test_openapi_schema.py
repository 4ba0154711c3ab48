"""The description is valid OpenAPI 3.1, and the real services take and answer what it describes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.contract.served import CHILDREN, Server, sample, serving, view

pytestmark = pytest.mark.full


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with serving(mode="demo") as running:
        yield running


@pytest.fixture(scope="module")
def document(server: Server) -> dict[str, Any]:
    described: dict[str, Any] = server.get("/openapi.json").json()
    return described


def test_given_the_description_when_held_against_the_schema_of_openapi_3_1_then_it_is_valid(
    document: dict[str, Any],
) -> None:
    import jsonschema_rs  # noqa: PLC0415 - the full run has it
    from schemathesis.specs.openapi.definitions import OPENAPI_31  # noqa: PLC0415 - the full run has it

    jsonschema_rs.validator_for(OPENAPI_31).validate(document)
    for schema in document["components"]["schemas"].values():
        jsonschema_rs.meta.validate(schema)


def test_given_real_calls_when_held_against_the_description_then_request_and_answer_are_as_described(
    server: Server, document: dict[str, Any]
) -> None:
    import jsonschema_rs  # noqa: PLC0415 - the full run has it

    def validator(name: str) -> Any:
        return jsonschema_rs.Draft202012Validator({"$ref": f"#/components/schemas/{name}", **document})

    request, response, discovery = (validator(name) for name in ("HookRequest", "CDSResponse", "Discovery"))

    for answered in sample(server):
        request.validate(answered.request)
        response.validate({"cards": list(answered.cards)})
    discovery.validate(server.get("/cds-services").json())
    for name, path in (("Health", "/health"), ("Readiness", "/health/ready"), ("Version", "/version")):
        validator(name).validate(server.get(path).json())
    explained = server.session.post(f"{server.url}/cds-services/relapse-workup/explain", json=view(CHILDREN[0]))
    validator("Explanation").validate(explained.json())
    assert not response.is_valid({"cards": [{"summary": "x"}]})
    assert not request.is_valid({"hook": "patient-view"})
