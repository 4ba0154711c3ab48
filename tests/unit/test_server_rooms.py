"""Small rooms of the server: catalogue, errors that are ours, explanations from odd files."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from werkzeug.exceptions import Forbidden
from werkzeug.routing import RequestRedirect

from cds_server.app import create_app
from cds_server.catalogue import Catalogue
from cds_server.explaining import calls_from_file
from cds_server.security import Access
from cds_server.settings import Mode, read_settings
from cds_server.telemetry import Telemetry
from cds_server.web.errors import register_errors
from hooks.errors import CDSError, InvalidOutput, SettingsError, UnknownService
from tests.unit.toy_pathway import PREFETCH, TOY, a_patient, an_observation


def test_given_two_services_with_one_id_when_they_are_installed_then_the_server_does_not_start() -> None:
    with pytest.raises(SettingsError, match="toy-view"):
        Catalogue((TOY, TOY))


def test_given_an_id_when_it_is_looked_up_then_only_ours_are_found_or_named() -> None:
    catalogue = Catalogue((TOY,))

    assert catalogue.find("toy-sign").service.hook == "order-sign"
    assert catalogue.name_of("toy-sign") == "toy-sign"
    assert catalogue.name_of("elsewhere") == catalogue.name_of(None) == "unknown"
    with pytest.raises(UnknownService):
        catalogue.find("elsewhere")


@pytest.mark.req("DISC-03")
def test_given_no_pathway_when_discovery_is_asked_then_the_list_is_empty() -> None:
    client = create_app(read_settings(log_level="ERROR"), ()).test_client()

    assert client.get("/cds-services").json == {"services": []}


@pytest.mark.parametrize("mode", [Mode.DEVELOPMENT, Mode.DEMO])
def test_given_the_routes_when_they_are_listed_then_every_one_outside_the_demo_has_an_access_decision(
    mode: Mode,
) -> None:
    """Hazard: a route is added and nobody decides who may call it."""
    app = create_app(read_settings(log_level="ERROR", mode=mode), (TOY,))

    decided = set(app.extensions["access"]) | ({"demo", "fhir_fixtures"} if mode is Mode.DEMO else set())

    assert {rule.endpoint.rpartition(".")[0] for rule in app.url_map.iter_rules()} == decided
    assert app.extensions["access"]["services"] is app.extensions["access"]["feedback"] is Access.CLIENT
    assert app.extensions["access"]["discovery"] is Access.CLIENT


RAISED: dict[str, tuple[Exception, int, str]] = {
    "a defect of ours": (InvalidOutput("Card is not valid at Marked."), 500, "exception"),
    "an error of ours without a status": (CDSError("x"), 500, "exception"),
    "any other fault": (ZeroDivisionError("Marked"), 500, "exception"),
    "an HTTP error": (Forbidden("Marked"), 403, "forbidden"),
}


@pytest.mark.parametrize("name", RAISED)
def test_given_an_error_in_a_view_when_it_is_raised_then_the_answer_is_an_outcome_without_its_words(name: str) -> None:
    error, status, code = RAISED[name]

    answer = raising(error).get("/")

    assert answer.status_code == status
    assert answer.json["issue"][0]["code"] == code
    assert "Marked" not in answer.text


def test_given_a_redirect_in_a_view_when_it_is_raised_then_it_is_no_error() -> None:
    assert raising(RequestRedirect("/elsewhere")).get("/").status_code == 308


def raising(error: Exception) -> Any:
    """Return a client of an application whose one view raises this."""
    app = Flask(__name__)
    register_errors(app, Telemetry(read_settings(log_level="ERROR")))

    @app.get("/")
    def view() -> str:
        raise error

    return app.test_client()


def test_given_a_bundle_of_two_patients_when_one_is_chosen_then_the_call_is_about_that_one() -> None:
    other = {"resourceType": "Basic", "id": "b"}
    entries = [a_patient("p1"), a_patient("p2"), an_observation(), other]
    bundle = {"resourceType": "Bundle", "entry": [{"resource": resource} for resource in entries]}

    (call, served), *more = calls_from_file(bundle, Catalogue((TOY,)), "p2")

    assert more == []
    assert served.service.id == "toy-view"
    assert call.context.patient_id == "p2"
    assert [entry["resource"]["id"] for entry in call.prefetch["patient"]["entry"]] == ["p2"]
    assert call.prefetch["orders"]["entry"] == [{"resource": other}]
    assert list(call.prefetch) == list(PREFETCH)
