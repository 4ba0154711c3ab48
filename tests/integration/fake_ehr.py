"""A FHIR server that does what a test tells it, over a real socket, and remembers what it was asked.

Answers are looked up by resource type ("Condition"), the most specific path that starts the request first; a list
is used up one by one, its last one stays. `Reply` says how: status, headers, raw bytes, dripping, dropping.
"""

from __future__ import annotations

import json
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(slots=True)
class Reply:
    """One answer. raw: bytes instead of JSON. drip: one byte at a time, of the head too if drip_head."""

    body: Any = None
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    raw: bytes | None = None
    drip: bool = False
    drip_head: bool = False
    drop: bool = False
    cut: bool = False
    hold: bool = False


@dataclass(slots=True)
class Asked:
    """One request as it came."""

    path: str
    headers: dict[str, str]


class FakeEHR:
    """The server's memory and instructions."""

    def __init__(self) -> None:
        self.base = ""
        self.answers: dict[str, list[Reply]] = {}
        self.asked: list[Asked] = []
        self.closing = threading.Event()
        self._lock = threading.Lock()

    def answer(self, start: str, *replies: Any) -> None:
        """Say what requests whose path (below the base) starts with `start` get; plain JSON or Reply."""
        self.answers[start] = [reply if isinstance(reply, Reply) else Reply(reply) for reply in replies]

    def paths(self) -> list[str]:
        """Return the paths asked for, below the base."""
        return [asked.path for asked in self.asked]

    def reply_to(self, path: str, headers: dict[str, str]) -> Reply:
        """Return the next answer; an empty searchset where none was given."""
        with self._lock:
            self.asked.append(Asked(path, headers))
            for start in sorted(self.answers, key=len, reverse=True):
                if path.startswith(start):
                    listed = self.answers[start]
                    return listed.pop(0) if len(listed) > 1 else listed[0]
        return Reply({"resourceType": "Bundle", "type": "searchset", "total": 0})


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    ehr: FakeEHR

    def do_GET(self) -> None:
        reply = self.ehr.reply_to(self.path.removeprefix("/fhir/"), dict(self.headers.items()))
        if reply.hold:
            self.ehr.closing.wait(20)
        if reply.drop or reply.hold:
            self.close_connection = True
            return
        body = reply.raw if reply.raw is not None else json.dumps(reply.body).encode()
        head = f"HTTP/1.1 {reply.status} Told\r\n"
        headers = {"Content-Type": "application/fhir+json", "Content-Length": str(len(body)), **reply.headers}
        head += "".join(f"{name}: {value}\r\n" for name, value in headers.items()) + "\r\n"
        try:
            self._write(head.encode(), drip=reply.drip_head)
            self._write(body[: len(body) // 2] if reply.cut else body, drip=reply.drip)
        except OSError:
            self.close_connection = True
        self.close_connection = self.close_connection or reply.cut

    def _write(self, data: bytes, *, drip: bool) -> None:
        if not drip:
            self.wfile.write(data)
            return
        for number in range(len(data)):
            self.wfile.write(data[number : number + 1])
            self.wfile.flush()
            if self.ehr.closing.wait(0.05):
                return

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def handle_error(self, *_: object) -> None:
        """Say nothing: a client that has hung up is what some tests are about."""


@contextmanager
def fake_ehr(tls: ssl.SSLContext | None = None) -> Iterator[FakeEHR]:
    """Run a fake EHR on 127.0.0.1 while the block lasts; with TLS at https://localhost."""
    ehr = FakeEHR()
    server = _Server(("127.0.0.1", 0), type("Handler", (_Handler,), {"ehr": ehr}))
    ehr.base = f"http://127.0.0.1:{server.server_address[1]}/fhir"
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
        ehr.base = f"https://localhost:{server.server_address[1]}/fhir"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield ehr
    finally:
        ehr.closing.set()
        server.shutdown()
        server.server_close()
        thread.join()
