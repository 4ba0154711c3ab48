"""`cds-server ehr check`: what an analyst learns about a registry before the server starts."""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner

from cds_server.cli import main
from tests.integration.production import write_registry


def check(file: Path) -> tuple[int, str]:
    result = CliRunner().invoke(main, ["ehr", "check", str(file)], catch_exceptions=False)
    return result.exit_code, result.output


def test_given_a_good_registry_when_checked_then_it_says_who_may_call_about_what_with_which_keys(
    tmp_path: Path,
) -> None:
    status, told = check(write_registry(tmp_path))

    assert status == 0
    assert "main: issuer https://main.example.org/oauth, spec, 0 site codes\n" in told
    assert "other: issuer https://other.example.org/oauth, epic, 1 site codes\n" in told
    assert "  about https://other.example.org/r4\n" in told
    assert f"  keys at {tmp_path / 'main.json'}: main (ES384, RS384)\n" in told


def test_given_keys_that_cannot_be_had_when_checked_then_it_says_whose_and_fails(tmp_path: Path) -> None:
    file = write_registry(tmp_path)
    file.write_text(
        file.read_text().replace("jwks_file: other.json", "tenant: t\n    jwks_url: https://127.0.0.1:9/keys")
    )

    status, told = check(file)

    assert status == 1
    assert "other: issuer https://other.example.org/oauth tenant t, epic" in told
    assert "  keys at https://127.0.0.1:9/keys: none that can be had (ES384, RS384)\n" in told
    assert told.endswith("Error: an EHR without keys cannot call.\n")


def test_given_a_wrong_registry_when_checked_then_one_line_says_where(tmp_path: Path) -> None:
    file = write_registry(tmp_path)
    file.write_text(file.read_text().replace("client_profile: epic", "client_profile: epicc"))

    status, told = check(file)

    assert status == 1
    assert told.startswith("Error: EHR registry: ehrs.yaml: ehrs.1.client_profile: ")
    assert len(told.splitlines()) == 1
