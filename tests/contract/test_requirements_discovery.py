"""Discovery of the real services, requirement by requirement: areas discovery, tokens, queries, hooks."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl, quote

import pytest

from cds_server.app import create_app
from cds_server.settings import read_settings
from tests.contract.checker import check_discovery, check_json
from tests.contract.served import Answered, Server

SERVICES = {
    "relapse-workup": "patient-view",
    "relapse-regimen": "patient-view",
    "anti-gd2-supportive-care": "order-select",
    "relapse-order-check": "order-sign",
}
TOKENS_OF_HOOKS = {"context.patientId", "context.userId", "context.encounterId"}
"""The context fields that patient-view, order-select and order-sign all mark as prefetch tokens."""
USER_TOKENS = {"userPractitionerId", "userPractitionerRoleId", "userPatientId", "userRelatedPersonId"}


@pytest.fixture(scope="module")
def services(server: Server) -> list[dict[str, Any]]:
    answer = server.get("/cds-services")
    assert answer.status_code == 200
    listed: list[dict[str, Any]] = check_json(answer.content)["services"]
    return listed


def templates(services: list[dict[str, Any]]) -> Iterator[str]:
    for service in services:
        yield from service["prefetch"].values()


def parameters(services: list[dict[str, Any]]) -> Iterator[tuple[str, str]]:
    for template in templates(services):
        yield from parse_qsl(template.partition("?")[2], keep_blank_values=True, strict_parsing="?" in template)


@pytest.mark.req("DISC-01", "DISC-02", "DISC-13", "JSON-01", "JSON-02", "JSON-03")
def test_given_the_real_services_when_discovery_is_asked_then_the_independent_checker_finds_nothing(
    server: Server,
) -> None:
    answer = server.get("/cds-services")

    check_discovery(check_json(answer.content))
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("application/json")


@pytest.mark.req("DISC-04", "DISC-06", "DISC-12", "HOOK-01")
def test_given_the_real_services_when_listed_then_each_has_its_own_id_and_a_published_hook(
    services: list[dict[str, Any]],
) -> None:
    assert {service["id"]: service["hook"] for service in services} == SERVICES
    assert all(quote(service["id"], safe="") == service["id"] for service in services)


@pytest.mark.req("DISC-06")
@pytest.mark.parametrize("service", SERVICES)
def test_given_an_id_of_discovery_when_it_is_posted_to_then_there_is_an_endpoint(server: Server, service: str) -> None:
    answer = server.post(service, {"hook": SERVICES[service]})

    assert answer.status_code == 400


@pytest.mark.req("DISC-05", "DISC-07", "DISC-08", "DISC-09", "DISC-10")
def test_given_the_real_services_when_listed_then_each_says_to_people_what_it_does_and_needs(
    services: list[dict[str, Any]],
) -> None:
    for service in services:
        assert all(len(service[name].split()) >= least for name, least in (("title", 1), ("description", 5)))
        assert "FHIR R4" in service["usageRequirements"]
        assert service["version"] == "2.0.1"
        assert all(isinstance(key, str) and isinstance(query, str) for key, query in service["prefetch"].items())


@pytest.mark.req("DISC-11")
def test_given_the_real_services_when_listed_then_a_hook_version_is_the_published_one_or_absent(
    services: list[dict[str, Any]],
) -> None:
    assert all(service.get("hookVersion", "1.0") == "1.0" for service in services)


@pytest.mark.req("DISC-03")
def test_given_a_server_without_services_when_discovery_is_asked_then_it_lists_none() -> None:
    client = create_app(read_settings(log_level="ERROR", database_url=""), ()).test_client()

    answer = client.get("/cds-services")

    assert (answer.status_code, json.loads(answer.data)) == (200, {"services": []})


@pytest.mark.req("TOK-01", "TOK-02", "TOK-03", "TOK-05")
def test_given_all_templates_when_read_then_every_token_is_a_simple_field_of_every_hook(
    services: list[dict[str, Any]],
) -> None:
    for template in templates(services):
        tokens = re.findall(r"\{\{([^{}]*)\}\}", template)

        assert set(tokens) <= TOKENS_OF_HOOKS | USER_TOKENS
        assert all(re.fullmatch(r"context\.[A-Za-z]+", token) for token in tokens if token not in USER_TOKENS)
        assert not re.search(r"[{}]", re.sub(r"\{\{[^{}]*\}\}", "", template))


@pytest.mark.req("TOK-04", "TOK-06", "DISC-15")
def test_given_all_templates_when_read_then_none_uses_fhirpath_or_another_key(services: list[dict[str, Any]]) -> None:
    for template in templates(services):
        assert not [sign for sign in ("ofType", "resolve", "today(", "{{%") if sign in template]


@pytest.mark.req("QRY-01", "QRY-02")
def test_given_all_templates_when_read_then_each_reads_one_resource_or_searches_one_type(
    services: list[dict[str, Any]],
) -> None:
    for template in templates(services):
        assert re.fullmatch(r"[A-Z][A-Za-z]+(/\{\{context\.patientId\}\}|\?[^?]+)", template)
        assert "$" not in template


@pytest.mark.req("QRY-01", "QRY-03", "QRY-04", "QRY-05", "QRY-06", "QRY-07", "QRY-08")
def test_given_all_parameters_when_read_then_they_stay_within_the_restricted_subset(
    services: list[dict[str, Any]],
) -> None:
    """Without chains, modifiers, prefixes beyond five, or underscores beyond two."""
    for name, value in parameters(services):
        assert "." not in name
        assert ":" not in name or name.endswith(":in")
        assert not name.startswith("_") or name in {"_count", "_sort"}
        assert name != "date" or re.match(r"(eq|lt|gt|ge|le)?\d", value)


@pytest.mark.req("QRY-01")
def test_given_a_template_when_read_then_it_names_no_parameter_twice(services: list[dict[str, Any]]) -> None:
    """The public sandbox would join two values by a comma, which means "or"."""
    for template in templates(services):
        names = [name for name, _ in parse_qsl(template.partition("?")[2])]

        assert len(names) == len(set(names))


@pytest.mark.req("PF-02")
def test_given_the_keys_in_which_facts_were_looked_for_when_compared_then_discovery_publishes_them(
    services: list[dict[str, Any]], answers: tuple[Answered, ...]
) -> None:
    published = {service["id"]: set(service["prefetch"]) for service in services}

    for answered in answers:
        for card in answered.cards:
            for missing in card["extension"]["relapse-cds.basis"].get("missing", []):
                assert set(missing.get("lookedIn", [])) <= published[answered.service]


@pytest.mark.req("PF-02")
def test_given_the_real_services_when_listed_then_all_share_one_set_of_templates_with_the_required_ones_first(
    services: list[dict[str, Any]],
) -> None:
    first = services[0]["prefetch"]

    assert list(first)[:2] == ["patient", "conditions"]
    assert all(list(service["prefetch"].items()) == list(first.items()) for service in services)
