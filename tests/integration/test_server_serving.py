"""The real HTTP server as `cds-server serve` runs it: several processes, broken requests, a graceful stop."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
import requests

from cds_server.serving import port_to_listen_on
from hooks.errors import SettingsError
from tests.integration.fake_ehr import FakeEHR, Reply
from tests.unit.toy_pathway import a_call, a_full_prefetch

ROOT = Path(__file__).parents[2]
PROGRAM = "tests.integration.serve_toy"
CALL = json.dumps(a_call()).encode()


@dataclass(frozen=True, slots=True)
class Running:
    """A server process."""

    process: subprocess.Popen[str]
    port: int

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def exchange(self, sent: bytes) -> bytes:
        """Send bytes as they are; return everything until the server hangs up."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=20) as connection:
            connection.sendall(sent)
            received = b""
            while chunk := connection.recv(65536):
                received += chunk
            return received


@contextmanager
def serving(**variables: str) -> Iterator[Running]:
    """Run the server program until the block ends; it says on standard error when it is ready."""
    port = port_to_listen_on("127.0.0.1", 0)
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CDS_")}
    environment = {**kept, "CDS_PORT": str(port), "CDS_LOG_LEVEL": "ERROR", **variables}
    process = subprocess.Popen(
        [sys.executable, "-m", PROGRAM], cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True
    )
    assert process.stderr is not None
    try:
        line = process.stderr.readline()
        assert f"relapse-cds serves development at http://127.0.0.1:{port}/" in line, line
        yield Running(process, port)
    finally:
        process.terminate()
        process.communicate(timeout=40)


@pytest.fixture(scope="module")
def running() -> Iterator[Running]:
    with serving(CDS_MAX_BODY_BYTES="100000", CDS_WORKERS="2") as server:
        yield server


def post(body: bytes, *headers: bytes) -> bytes:
    lines = [
        b"POST /cds-services/toy-view HTTP/1.1",
        b"Host: x",
        b"Connection: close",
        b"Content-Type: application/json",
    ]
    return b"\r\n".join([*lines, *headers, b"", body])


def chunked(body: bytes) -> bytes:
    return b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body)


CHUNKED = b"Transfer-Encoding: chunked"
RAW: dict[str, tuple[bytes, bytes]] = {
    "with length": (post(CALL, b"Content-Length: %d" % len(CALL)), b"200"),
    "chunked": (post(chunked(CALL), CHUNKED), b"200"),
    "large": (post(CALL + b" " * 90_000, b"Content-Length: %d" % (len(CALL) + 90_000)), b"200"),
    "large and chunked": (post(chunked(CALL + b" " * 90_000), CHUNKED), b"200"),
    "chunked and too long": (post(chunked(CALL + b" " * 100_000), CHUNKED), b"413"),
    "announced too long": (post(b" " * 100_001, b"Content-Length: 100001"), b"413"),
    "broken chunk": (post(b"zzz\r\nfoo\r\n", CHUNKED), b"400"),
    "no HTTP": (b"GARBAGE\r\n\r\n", b"400"),
    "no HTTP version": (b"GET / HTTP/9.9\r\n\r\n", b"400"),
    "endless path": (b"GET /" + b"a" * 9000 + b" HTTP/1.1\r\nHost: x\r\n\r\n", b"414"),
    "endless header": (b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"a" * 20_000 + b"\r\n\r\n", b"431"),
    "bad header": (b"GET / HTTP/1.1\r\nHost x\r\n\r\n", b"400"),
    "two lengths": (post(b"{}", b"Content-Length: 2", b"Content-Length: 3"), b"400"),
}


@pytest.mark.parametrize("name", RAW)
def test_given_bytes_on_the_socket_when_they_are_no_good_request_then_the_answer_is_an_outcome_and_no_html(
    running: Running, name: str
) -> None:
    sent, status = RAW[name]

    head, _, body = running.exchange(sent).partition(b"\r\n\r\n")

    assert head.split(b" ", 2)[1] == status
    assert b"Content-Type: application/json" in head
    assert status == b"200" or json.loads(body)["resourceType"] == "OperationOutcome"


def test_given_a_client_that_hangs_up_early_when_others_call_then_they_are_answered(running: Running) -> None:
    for _ in range(20):
        with socket.create_connection(("127.0.0.1", running.port), timeout=5) as connection:
            connection.sendall(post(CALL[:40], b"Content-Length: %d" % len(CALL)))

    answer = requests.post(f"{running.url}/cds-services/toy-view", json=a_call(), timeout=10)

    assert answer.status_code == 200


def test_given_two_processes_when_metrics_are_asked_for_then_all_calls_are_counted_whoever_answers() -> None:
    with serving(CDS_WORKERS="2") as server:
        for _ in range(20):
            requests.post(f"{server.url}/cds-services/toy-view", json=a_call(), timeout=10)
        counts = {requests.get(f"{server.url}/metrics", timeout=10).text for _ in range(8)}

    assert all('cds_calls_total{service="toy-view",status="200"} 20.0' in text for text in counts)


def test_given_a_call_in_flight_when_the_server_is_stopped_then_the_call_is_answered_first(ehr: FakeEHR) -> None:
    ehr.answer("Observation", Reply(hold=True))
    prefetch = {key: value for key, value in a_full_prefetch().items() if key != "labs"}
    body = a_call(prefetch=prefetch, fhirServer=ehr.base)
    answers: list[int] = []

    with serving(CDS_CALL_DEADLINE_S="3") as server:
        caller = threading.Thread(
            target=lambda: answers.append(
                requests.post(f"{server.url}/cds-services/toy-view", json=body, timeout=20).status_code
            )
        )
        caller.start()
        while not ehr.asked:
            caller.join(0.02)
        server.process.send_signal(signal.SIGTERM)
        caller.join(20)
        status = server.process.wait(20)

    assert answers == [200]
    assert status == 0


def test_given_a_killed_worker_when_somebody_calls_then_another_answers() -> None:
    with serving(CDS_WORKERS="2") as server:
        listed = Path(f"/proc/{server.process.pid}/task/{server.process.pid}/children")
        while not (children := listed.read_text().split()):
            requests.get(f"{server.url}/health", timeout=10)
        os.kill(int(children[0]), signal.SIGKILL)

        statuses = set()
        for _ in range(10):
            with requests.Session() as session:
                session.mount("http://", requests.adapters.HTTPAdapter(max_retries=3))
                answer = session.get(f"{server.url}/health", timeout=10)
                statuses.add(answer.status_code)

    assert statuses == {200}


@pytest.mark.parametrize("arguments", [["serve", "--host", "0.0.0.0"], ["demo", "--host", "0.0.0.0"]])  # noqa: S104
def test_given_the_open_network_when_nobody_allowed_it_then_the_server_does_not_start(arguments: list[str]) -> None:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CDS_")}

    done = subprocess.run(
        [sys.executable, "-m", "cds_server", *arguments],
        cwd=ROOT, env=kept, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip

    assert done.returncode == 1
    assert "CDS_ALLOW_OPEN_NETWORK" in done.stderr
    assert "Traceback" not in done.stderr


def test_given_a_port_when_it_is_free_or_taken_or_the_host_unknown_then_it_is_said_before_the_start() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        with pytest.raises(SettingsError, match=f"127.0.0.1:{port} cannot be listened on: Address already in use"):
            port_to_listen_on("127.0.0.1", port)

    assert port_to_listen_on("127.0.0.1", port) == port
    with pytest.raises(SettingsError, match="cannot be listened on"):
        port_to_listen_on("999.1.1.1", 0)
