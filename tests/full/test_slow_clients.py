"""A client that stops in the middle of its request is given up, and the next one is served."""

from __future__ import annotations

import socket
import time
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from cds_server.serving import SILENT_CLIENT_S
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
