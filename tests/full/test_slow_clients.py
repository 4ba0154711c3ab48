"""A client that stops, drips or does not take its answers is given up, and the next one is served."""

from __future__ import annotations

import socket
import threading
import time
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests

from cds_server.serving import EXCHANGE_S, SILENT_CLIENT_S
from tests.integration.production import serving
from tests.unit.toy_pathway import a_call

pytestmark = pytest.mark.full

HEAD = b"POST /cds-services/toy-view HTTP/1.1\r\nHost: x\r\n"
SILENT = {
    "in the head": HEAD,
    "before the body": HEAD + b"Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n",
    "in the body": HEAD + b'Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n{"hook": ',
    "in a chunk": HEAD + b"Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nff\r\n{",
}


@pytest.mark.parametrize("where", SILENT)
def test_given_a_client_that_falls_silent_when_its_time_is_over_then_the_only_thread_serves_another(
    tmp_path: Path, where: str
) -> None:
    """Hazard: as many silent clients as threads, and no chart in the hospital gets an answer."""
    with serving(tmp_path, CDS_WORKERS="1", CDS_THREADS="1") as server:
        address = urlsplit(server.url)
        start = time.perf_counter()
        with socket.create_connection((address.hostname, address.port), timeout=2 * SILENT_CLIENT_S) as silent:
            silent.sendall(SILENT[where])

            assert server.call(a_call()).status_code == 200
            assert time.perf_counter() - start < SILENT_CLIENT_S + 10
            silent.recv(65536)


@pytest.mark.parametrize("start", [HEAD + b"X: ", SILENT["in the body"] + b'"'], ids=["in the head", "in the body"])
def test_given_a_client_that_drips_when_its_time_is_over_then_the_only_thread_serves_another(
    tmp_path: Path, start: bytes
) -> None:
    """Hazard: a byte now and then from as many clients as threads, without a token, and no chart gets an answer."""
    with serving(tmp_path, CDS_WORKERS="1", CDS_THREADS="1") as server:
        address = urlsplit(server.url)
        begun = time.perf_counter()
        over = threading.Event()
        with socket.create_connection((address.hostname, address.port), timeout=2 * EXCHANGE_S) as dripping:
            dripping.sendall(start)
            drip = threading.Thread(target=_drip, args=(dripping, over))
            drip.start()

            assert requests.get(f"{server.url}/health", timeout=EXCHANGE_S + 20).status_code == 200
            assert EXCHANGE_S - 1 < time.perf_counter() - begun < EXCHANGE_S + 10
            over.set()
            drip.join()


def test_given_a_client_that_takes_no_answer_when_its_time_is_over_then_the_only_thread_serves_another(
    tmp_path: Path,
) -> None:
    """Hazard: as many clients as threads that ask and never read, and no chart gets an answer any more."""
    with serving(tmp_path, CDS_WORKERS="1", CDS_THREADS="1") as server, socket.socket() as deaf:
        address = urlsplit(server.url)
        deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
        deaf.connect((address.hostname, address.port))
        deaf.settimeout(2)
        with suppress(TimeoutError):
            deaf.sendall(b"GET /openapi.json HTTP/1.1\r\nHost: x\r\n\r\n" * 10_000)

        waits = (
            requests.get(f"{server.url}/health", timeout=EXCHANGE_S + 20).elapsed.total_seconds() for _ in range(10_000)
        )

        assert next(seconds for seconds in waits if seconds > 2) < EXCHANGE_S + 10


def _drip(connection: socket.socket, over: threading.Event) -> None:
    with suppress(OSError):
        while not over.wait(1):
            connection.sendall(b"x")
