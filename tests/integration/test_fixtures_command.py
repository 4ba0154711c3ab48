"""`fixtures list` and `fixtures load`, against the fixture server over a real socket."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
import requests
from click.testing import CliRunner

import fhir_fixtures
from cds_server.demo import fixtures_command
from cds_server.demo.fixtures_command import fixtures
from fhir_fixtures.faults import Fault, Faults
from fhir_fixtures.server import create_fixture_server, running

CHILD = "alk-r1275q"


@pytest.fixture(name="faults")
def _faults() -> Faults:
    return Faults()


@pytest.fixture(name="base")
def _base(faults: Faults) -> Iterator[str]:
    with running(create_fixture_server(date(2020, 1, 1), faults=faults)) as address:
        yield f"{address}/fhir"


def run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(fixtures, arguments)
    return result.exit_code, result.output


def test_given_list_when_it_runs_then_every_child_has_a_line() -> None:
    code, output = run("list")

    assert code == 0
    assert len(output.splitlines()) == len(fhir_fixtures.children())
    assert "ALK R1275Q on the relapse biopsy" in output


@pytest.mark.parametrize("option", [[], ["--one-by-one"]])
def test_given_a_server_when_one_child_is_loaded_then_its_dates_are_those_asked_for(
    base: str, option: list[str]
) -> None:
    code, output = run("load", f"{base}/", "--child", CHILD, "--as-of", "2026-06-01", *option)

    relapse = requests.get(f"{base}/Condition/{CHILD}-relapse", timeout=10).json()
    assert (code, output.split(":")[0]) == (0, CHILD)
    assert relapse["onsetDateTime"] == "2026-05-18"


def test_given_no_choice_when_loaded_then_all_children_go(base: str) -> None:
    code, output = run("load", base)

    assert code == 0
    assert len(output.splitlines()) == len(fhir_fixtures.children())


def test_given_one_by_one_when_loaded_then_references_come_after_what_they_name(base: str, faults: Faults) -> None:
    run("load", base, "--one-by-one", "--child", CHILD)

    types = [line.split("/fhir/")[1].split("/")[0] for line in faults.seen]
    assert types[0] == "Patient"
    assert types.index("Specimen") < types.index("Observation") < types.index("DiagnosticReport")


def test_given_an_unknown_child_when_loaded_then_the_mistake_is_named(base: str) -> None:
    code, output = run("load", base, "--child", "nobody")

    assert code == 2
    assert "there is no child nobody" in output


@pytest.mark.parametrize("url", ["nonsense", "ftp://127.0.0.1/fhir", "http://"])
def test_given_what_is_no_address_when_loaded_then_the_mistake_is_named(url: str) -> None:
    code, output = run("load", url)

    assert code == 1
    assert "it is no http address" in output


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (Fault(status=500), "it answered 500"),
        (Fault(drop=True), "it cannot be reached"),
        (Fault(truncate=True), "its answer is no JSON"),
        (Fault(body="{}"), "try --one-by-one"),
        (Fault(body='{"entry": [7]}'), "try --one-by-one"),
        (Fault(body="[]"), "try --one-by-one"),
    ],
    ids=["status", "drop", "truncated", "no-entries", "odd-entries", "list"],
)
def test_given_a_server_that_fails_when_loaded_then_the_command_says_so_and_ends(
    base: str, faults: Faults, fault: Fault, said: str
) -> None:
    faults.add(fault)

    code, output = run("load", base, "--child", CHILD)

    assert code == 1
    assert "did not take" in output
    assert said in output


def test_given_a_server_that_hangs_when_loaded_then_the_command_says_so_and_ends(
    base: str, faults: Faults, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fixtures_command, "TIMEOUT_S", 0.2)
    faults.add(Fault(delay_s=1.0))

    code, output = run("load", base, "--child", CHILD)

    assert code == 1
    assert "no answer within 0 seconds" in output
