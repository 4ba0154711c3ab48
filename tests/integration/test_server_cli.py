"""The command line: check, explain and what they say when something is wrong."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

import fhir_fixtures
from cds_server.cli import main
from cds_server.serving import port_to_listen_on
from cds_server.settings import Settings
from hooks.pathways.relapsed_neuroblastoma.pathway import PATHWAY
from tests.integration.fake_ehr import FakeEHR

CHILD = "mycn-amplified-at-relapse"
AS_OF = ["--as-of", fhir_fixtures.ANCHOR.isoformat()]


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, list(arguments), catch_exceptions=False)


@pytest.fixture(autouse=True)
def _no_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(f"CDS_{name}".upper(), raising=False)


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    """A file with everything about one child."""
    file = tmp_path / "bundle.json"
    file.write_text(json.dumps(fhir_fixtures.load(CHILD, fhir_fixtures.ANCHOR)))
    return file


def write(tmp_path: Path, content: Any) -> str:
    file = tmp_path / "given.json"
    file.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
    return str(file)


def test_given_the_knowledge_when_it_is_checked_then_version_digest_review_and_counts_are_printed() -> None:
    result = run("check")

    assert result.exit_code == 0
    assert f"{PATHWAY.knowledge.pathway} {PATHWAY.knowledge.version}, not clinically reviewed" in result.output
    assert PATHWAY.knowledge.digest in result.output
    assert all(f"service {service.id} ({service.hook})" in result.output for service in PATHWAY.services)


def test_given_the_command_when_help_is_asked_for_then_every_command_is_listed() -> None:
    result = run("--help")

    assert all(name in result.output for name in ("serve", "demo", "check", "explain", "fixtures"))


def test_given_the_command_when_help_is_asked_for_then_the_server_is_not_loaded_for_it() -> None:
    script = (
        "import sys; from click.testing import CliRunner; from cds_server.cli import main; "
        "CliRunner().invoke(main, ['--help'], catch_exceptions=False); print({'flask', 'pydantic'} & {*sys.modules})"
    )

    printed = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True).stdout

    assert printed.strip() == "set()"


def test_given_a_bundle_when_it_is_explained_then_each_rule_has_its_outcome_and_reason(bundle: Path) -> None:
    result = run("explain", str(bundle), *AS_OF, "--service", "relapse-regimen")

    assert result.exit_code == 0
    assert result.output.startswith("== relapse-regimen\n")
    assert "reinduction_options: FIRED" in result.output
    assert "SILENT" in result.output
    assert "because: " in result.output
    assert "relapse-workup" not in result.output


def test_given_a_bundle_when_it_is_explained_as_json_then_every_patient_view_service_is_there(bundle: Path) -> None:
    result = run("explain", str(bundle), *AS_OF, "--json")

    told = json.loads(result.output)
    assert [one["service"] for one in told] == ["relapse-workup", "relapse-regimen"]
    assert {rule["outcome"] for one in told for rule in one["rules"]} <= {"fired", "silent", "undetermined"}


def test_given_a_bundle_with_drafts_when_it_is_explained_then_the_order_services_are_there_too(
    tmp_path: Path,
) -> None:
    chart = fhir_fixtures.load("beta-nothing-ordered", fhir_fixtures.ANCHOR)
    draft = {"resourceType": "ServiceRequest", "id": "d1", "status": "draft"}
    chart = {**chart, "entry": [*chart["entry"], {"resource": draft}]}

    told = json.loads(run("explain", write(tmp_path, chart), *AS_OF, "--json").output)

    assert [one["service"] for one in told] == [service.id for service in PATHWAY.services]


def test_given_a_hook_call_when_it_is_explained_then_the_services_of_its_hook_are(tmp_path: Path) -> None:
    templates = PATHWAY.services[0].prefetch
    call = fhir_fixtures.hook_request(CHILD, "patient-view", fhir_fixtures.ANCHOR, templates)

    told = json.loads(run("explain", write(tmp_path, call), *AS_OF, "--json").output)

    assert [(one["service"], one["gate"]) for one in told] == [
        ("relapse-workup", "passed"),
        ("relapse-regimen", "passed"),
    ]


def test_given_a_child_without_this_disease_when_it_is_explained_then_the_gate_is_said_to_be_shut(
    tmp_path: Path,
) -> None:
    file = write(tmp_path, fhir_fixtures.load("leukaemia", fhir_fixtures.ANCHOR))

    text = run("explain", file, *AS_OF).output
    told = json.loads(run("explain", file, *AS_OF, "--json").output)

    assert "The disease gate stays shut" in text
    assert told == [
        {"service": "relapse-workup", "gate": "silent"},
        {"service": "relapse-regimen", "gate": "silent"},
    ]


def test_given_a_fhir_server_when_a_patient_on_it_is_explained_then_the_rules_speak_of_its_resources(
    ehr: FakeEHR,
) -> None:
    chart = [entry["resource"] for entry in fhir_fixtures.load(CHILD, fhir_fixtures.ANCHOR)["entry"]]
    for kind in {resource["resourceType"] for resource in chart}:
        found = [{"resource": resource} for resource in chart if resource["resourceType"] == kind]
        ehr.answer(f"{kind}?", {"resourceType": "Bundle", "type": "searchset", "entry": found})
    ehr.answer("Patient/", next(resource for resource in chart if resource["resourceType"] == "Patient"))

    result = run("explain", "--fhir", ehr.base, "--patient", CHILD, *AS_OF)

    assert "reinduction_options: FIRED" in result.output
    assert f"Patient/{CHILD}" in ehr.paths()


MISTAKES: dict[str, tuple[Any, list[str], str]] = {
    "no JSON": (b"{", [], "is not well-formed JSON"),
    "a list": ([], [], "must hold a hook call or a Bundle"),
    "no entries": ({"resourceType": "Bundle"}, [], "must hold a hook call or a Bundle"),
    "no patient": ({"resourceType": "Bundle", "entry": [{}, {"resource": {}}]}, [], "holds no Patient."),
    "another patient": (
        {"resourceType": "Bundle", "entry": []},
        ["--patient", "p9"],
        "holds no Patient with the id p9",
    ),
    "incomplete call": ({"hook": "patient-view"}, [], "context must be an object"),
    "a call without data": (
        {"hook": "patient-view", "hookInstance": "1", "context": {"patientId": "p", "userId": "u"}},
        [],
        'key "conditions" is required',
    ),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_given_a_file_that_cannot_be_explained_when_it_is_given_then_one_line_says_why(
    tmp_path: Path, name: str
) -> None:
    content, options, said = MISTAKES[name]

    result = run("explain", write(tmp_path, content), *options)

    assert result.exit_code == 1
    assert said in result.output
    assert "Traceback" not in result.output


def test_given_an_unknown_service_when_explaining_then_the_known_ones_are_named(tmp_path: Path) -> None:
    result = run("explain", write(tmp_path, {"resourceType": "Bundle", "entry": []}), "--service", "x")

    assert result.exit_code == 2
    assert "there is no service x, only relapse-workup, relapse-regimen," in result.output


@pytest.mark.parametrize("arguments", [[], ["--fhir", "http://x"], ["--patient", "p"]])
def test_given_neither_a_file_nor_a_server_with_a_patient_when_explaining_then_the_usage_is_printed(
    arguments: list[str],
) -> None:
    result = run("explain", *arguments)

    assert result.exit_code == 2
    assert "Give either FILE, or --fhir together with --patient" in result.output


def test_given_a_base_that_is_no_address_when_explaining_then_it_is_refused() -> None:
    result = run("explain", "--fhir", "nonsense", "--patient", "p1")

    assert result.exit_code == 2
    assert "is no http address of a FHIR server" in result.output


def test_given_a_server_that_does_not_answer_when_explaining_then_it_is_named() -> None:
    base = f"http://127.0.0.1:{port_to_listen_on('127.0.0.1', 0)}"

    result = run("explain", "--fhir", base, "--patient", "p1")

    assert result.exit_code == 1
    assert "the server did not give Patient/p1" in result.output


def test_given_a_server_without_the_patient_when_explaining_then_it_says_so(ehr: FakeEHR) -> None:
    """Hazard: a mistyped id reads as a patient about whom there is nothing to say."""
    result = run("explain", "--fhir", ehr.base, "--patient", "p1")

    assert result.exit_code == 1
    assert "did not give Patient/p1" in result.output


@pytest.mark.parametrize(("columns", "most"), [("80", 80), ("120", 120), ("20", 60), ("500", 120)])
def test_given_a_window_when_a_bundle_is_explained_then_the_lines_fit_it(
    bundle: Path, columns: str, most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A single word, such as a reference, is never broken."""
    monkeypatch.setenv("COLUMNS", columns)

    lines = run("explain", str(bundle), *AS_OF, "--service", "relapse-regimen").output.splitlines()

    assert all(len(line) <= most or " " not in line.strip() for line in lines)
    assert max(map(len, lines)) > most - 20
