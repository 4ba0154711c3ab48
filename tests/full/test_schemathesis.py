"""Everything that /openapi.json describes is fuzzed: no fault of the server, and every refusal an OperationOutcome."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.contract.served import serving

pytestmark = pytest.mark.full

HERE = Path(__file__).parent
CHECKS = (
    *("not_a_server_error", "status_code_conformance", "content_type_conformance", "response_schema_conformance"),
    *("response_headers_conformance", "unsupported_method", "allow_header_conformance"),
    "refusals_are_operation_outcomes",
)
"""Without the checks that want every body outside the schema refused: this server is lenient where clients are odd."""


@pytest.fixture
def url() -> Iterator[str]:
    with serving(mode="demo", call_deadline_s=0.2) as server:
        yield server.url


@pytest.mark.req("RESP-01", "RESP-05", "RESP-06", "DISC-02", "FB-01", "JSON-01")
def test_given_everything_that_is_described_when_it_is_fuzzed_then_all_checks_pass(
    url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    command = [
        *(sys.executable, "-m", "schemathesis.cli", "run", f"{url}/openapi.json", "--url", url, "--no-color"),
        *("--phases", "examples,coverage,fuzzing", "--max-examples", "60", "--seed", "20261122"),
        *("--generation-deterministic", "--request-timeout", "20"),
        *("--checks", ",".join(CHECKS), "--continue-on-failure", "--warnings", "off"),
    ]
    environment = {**os.environ, "SCHEMATHESIS_HOOKS": "schemathesis_checks", "PYTHONPATH": f"{HERE}:{HERE.parents[1]}"}

    done = subprocess.run(command, cwd=HERE, env=environment, capture_output=True, text=True, timeout=600, check=False)

    with capsys.disabled():
        print("\n" + done.stdout[-1500:])  # noqa: T201
    assert done.returncode == 0, done.stdout[-20_000:] + done.stderr[-2000:]
