"""The demo page and its helpers over HTTP: safe headers, children, calls on file, Markdown, the mounted server."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from flask.testing import FlaskClient

import fhir_fixtures
from cds_server.app import create_app
from cds_server.demo.page import STATIC
from cds_server.settings import Mode, read_settings

AS_OF = date(2027, 1, 15)


@pytest.fixture(name="client", scope="module")
def _client() -> Iterator[FlaskClient]:
    app = create_app(read_settings(mode=Mode.DEMO, as_of=AS_OF, database_url="", log_level="ERROR"))
    with app.test_client() as client:
        yield client


def test_given_the_page_when_it_is_read_then_it_may_load_nothing_from_elsewhere(client: FlaskClient) -> None:
    with client.get("/") as answer:
        text = answer.get_data(as_text=True)

    policy = answer.headers["Content-Security-Policy"]
    assert answer.status_code == 200
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'")
    assert "unsafe" not in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert not re.search(r"<script(?![^>]*src=)|\son\w+=|style=", text)


def test_given_the_static_files_when_they_are_searched_then_no_other_host_is_named(client: FlaskClient) -> None:
    allowed = {"http://www.w3.org/2000/svg"}

    for path in STATIC.iterdir():
        found = set(re.findall(r"https?://[^\s\"'`)<>]+", path.read_text(encoding="utf-8")))
        assert found <= allowed, path.name
        with client.get(f"/demo/static/{path.name}") as answer:
            assert answer.status_code == 200


@pytest.mark.parametrize("path", ["/demo/static/nothing.js", "/demo/static/..%2fpage.py", "/demo/static/../page.py"])
def test_given_a_path_outside_the_folder_when_it_is_read_then_404(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_given_the_children_when_they_are_listed_then_each_has_title_story_and_its_calls(client: FlaskClient) -> None:
    listed = client.get("/demo/children").get_json()

    by_slug = {child["slug"]: child for child in listed["children"]}
    assert listed["asOf"] == "2027-01-15"
    assert set(by_slug) == {child.slug for child in fhir_fixtures.children()}
    assert "<table>" in by_slug["alk-f1174l"]["story"]
    assert ("spec-patient-view-regimen", "relapse-regimen") in {
        (call["name"], call["service"]) for call in by_slug["alk-f1174l"]["calls"]
    }
    assert by_slug["leukaemia"]["group"] == "No card expected"
    assert by_slug["beta-nothing-ordered"]["group"] == "Around an order"
    assert by_slug["alk-f1174l"]["group"] == "On opening the chart"
    assert all(draft["resource"]["resourceType"] == "MedicationRequest" for draft in listed["drafts"])


def test_given_a_call_on_file_when_it_is_read_then_its_dates_are_those_of_today(client: FlaskClient) -> None:
    call = client.get("/demo/calls/spec-order-select-beta").get_json()

    draft = call["context"]["draftOrders"]["entry"][0]["resource"]
    assert draft["authoredOn"] == "2027-01-15"
    assert call["prefetch"] == {}


@pytest.mark.parametrize("name", ["nothing", "..%2f..%2fdrafts", "%00"])
def test_given_no_call_of_that_name_when_it_is_read_then_404(client: FlaskClient, name: str) -> None:
    assert client.get(f"/demo/calls/{name}").status_code == 404


def test_given_markdown_when_it_is_posted_then_html_comes_back_in_order(client: FlaskClient) -> None:
    answer = client.post("/demo/render", json={"texts": ["**a**", "<b>"]})

    assert answer.get_json() == {"html": ["<p><strong>a</strong></p>\n", "<p>&lt;b&gt;</p>\n"]}


@pytest.mark.parametrize(
    "body",
    [
        *("", "[]", "7", '{"texts": "a"}', '{"texts": [1]}', '{"texts": [' + '"a",' * 200 + '"b"]}'),
        '{"texts": ' + "[" * 100_000 + "]" * 100_000 + "}",
    ],
)
def test_given_another_body_when_it_is_posted_then_400(client: FlaskClient, body: str) -> None:
    assert client.post("/demo/render", data=body, content_type="application/json").status_code == 400


def test_given_demo_mode_when_fhir_is_asked_then_children_come_with_moved_dates_and_read_only(
    client: FlaskClient,
) -> None:
    bundle = client.get("/fhir/Condition?patient=alk-f1174l&clinical-status=relapse").get_json()

    assert bundle["entry"][0]["resource"]["onsetDateTime"] == "2027-01-01"
    assert (
        client.put("/fhir/Patient/alk-f1174l", json={"resourceType": "Patient", "id": "alk-f1174l"}).status_code == 405
    )


def test_given_the_groups_of_children_when_the_script_lists_them_then_none_is_lost(client: FlaskClient) -> None:
    """Hazard: a child of a group that the script does not know can never be picked."""
    script = (STATIC / "app.js").read_text(encoding="utf-8")

    groups = {child["group"] for child in client.get("/demo/children").get_json()["children"]}

    assert set(re.findall(r'const GROUPS = \["([^"]*)", "([^"]*)", "([^"]*)"\]', script)[0]) == groups
    assert 'const FIRST = "first-relapse-untouched"' in script


def test_given_demo_mode_when_blueprints_are_listed_then_each_says_that_anybody_may_come(client: FlaskClient) -> None:
    access = client.application.extensions["access"]

    assert {name: str(access[name]) for name in ("demo", "fhir_fixtures")} == dict.fromkeys(
        ("demo", "fhir_fixtures"), "anybody"
    )


def test_given_the_package_when_it_is_built_then_page_files_lie_inside_it() -> None:
    names = {path.name for path in Path(STATIC).iterdir()}

    assert {"index.html", "style.css", "app.js", "cards.js", "chart.js", "hooks.js", "dom.js", "icon.svg"} <= names
