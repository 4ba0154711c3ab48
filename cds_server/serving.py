"""The HTTP server around the application: gunicorn with threads, the same in development and in production.

Place in the flow: `cds-server serve` and `demo` call `run`. May not: answer a malformed request with HTML, or write
what a request said into a log.
"""

from __future__ import annotations

import gc
import os
import shutil
import socket
import struct
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

import click
from flask import Flask
from gunicorn.app.base import BaseApplication  # type: ignore[import-untyped]  # gunicorn has no types
from gunicorn.http.errors import (  # type: ignore[import-untyped]  # gunicorn has no types
    LimitRequestHeaders,
    LimitRequestLine,
    ParseException,
)
from gunicorn.workers.gthread import ThreadWorker  # type: ignore[import-untyped]  # gunicorn has no types

from cds_server.security.tokens import MAX_TOKEN_LENGTH
from cds_server.settings import Settings
from cds_server.web.outcome import operation_outcome
from hooks.errors import SettingsError

MULTIPROCESS_DIR = "PROMETHEUS_MULTIPROC_DIR"
"""prometheus-client looks at this when it is first imported: set it before the application is."""
LONGEST_HEADER = MAX_TOKEN_LENGTH + 1024
"""Bytes of one header line: room for a token that carries its certificates (gunicorn's own limit is 8190)."""
SILENT_CLIENT_S = 15
"""Seconds without a byte after which a connection that owes us a request is given up."""
FIRST_BYTE_S = 0.05
"""Seconds for which a connection that has sent nothing may keep a thread; then it waits without one."""
IDLE_S = 10
"""Seconds for which a connection may wait for its next, or its first, request; it holds no thread meanwhile."""
EXCHANGE_S = 30.0
"""Seconds in which a request must have come and its answer gone, besides the time that the call itself may take."""


class Worker(ThreadWorker):  # type: ignore[misc]  # gunicorn has no types
    """A gunicorn worker whose own errors are OperationOutcomes, and that no slow client keeps waiting."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._given_up_at: dict[socket.socket, float] = {}

    def handle(self, conn: Any) -> Any:
        """Handle one request; give up on a client that stops sending, sends too slowly, or does not take its answer.

        A listener would hand the option down, but not to a client that came before it was set.
        """
        timeout = struct.pack("@ll", SILENT_CLIENT_S, 0)
        conn.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, timeout)
        if not conn.initialized:
            conn.wait_for_data = partial(_wait_for_first_byte, conn.wait_for_data)
        self._given_up_at[conn.sock] = time.monotonic() + EXCHANGE_S + self.app.call_deadline_s
        try:
            return super().handle(conn)
        finally:
            del self._given_up_at[conn.sock]

    def notify(self) -> None:
        """Tell that this process lives, as it does every second; shut what has taken too long."""
        super().notify()
        now = time.monotonic()
        for connected, end in self._given_up_at.copy().items():
            if now > end:
                with suppress(OSError):
                    connected.shutdown(socket.SHUT_RDWR)

    def handle_error(self, req: Any, client: socket.socket, addr: Any, exc: Exception) -> None:  # noqa: ARG002
        """Answer what is no HTTP request; log the kind of error alone."""
        status = _status_of(exc)
        self.log.warning("No HTTP request could be read: %s", type(exc).__name__)
        body = operation_outcome("invalid", "This is no HTTP request that this server can read.").encode()
        head = f"HTTP/1.1 {status}\r\nConnection: close\r\nContent-Type: application/json\r\n"
        try:
            client.sendall(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
        except OSError:
            self.log.debug("The client has gone.")


def _wait_for_first_byte(wait: Callable[[float], bool], timeout_s: float) -> bool:
    return wait(min(timeout_s, FIRST_BYTE_S))


def _status_of(error: Exception) -> str:
    match error:
        case LimitRequestLine():
            return "414 URI Too Long"
        case LimitRequestHeaders():
            return "431 Request Header Fields Too Large"
        case ParseException():
            return "400 Bad Request"
    return "500 Internal Server Error"


class _Server(BaseApplication):  # type: ignore[misc]  # gunicorn has no types
    def __init__(self, app: Flask, settings: Settings) -> None:
        self._app = app
        self._settings = settings
        self.call_deadline_s = settings.call_deadline_s
        super().__init__()

    def load_config(self) -> None:
        settings = self._settings
        host = f"[{settings.host}]" if ":" in settings.host else settings.host
        chosen = {
            "bind": f"{host}:{settings.port}",
            "workers": settings.workers,
            "threads": settings.threads,
            "worker_class": "cds_server.serving.Worker",
            "graceful_timeout": settings.graceful_stop_s,
            "keepalive": IDLE_S,
            "limit_request_field_size": LONGEST_HEADER,
            "worker_tmp_dir": _scratch_root(),
            "control_socket_disable": True,
            "loglevel": "warning",
            "when_ready": lambda _: click.echo(f"relapse-cds serves {settings.mode} at {settings.base_url}/", err=True),
        }
        for name, value in chosen.items():
            if name in self.cfg.settings:
                self.cfg.set(name, value)

    def load(self) -> Flask:
        return self._app


def run(app: Flask, settings: Settings) -> None:
    """Serve until stopped; calls in flight are finished first.

    What was loaded at start stays: the garbage collector need not walk it again and again (measured: half the time
    of a call about a patient without the disease), and worker processes share its memory.
    """
    gc.collect()
    gc.freeze()
    _Server(app, settings).run()


def port_to_listen_on(host: str, port: int) -> int:
    """Return the port if it is free now, a free one for 0. Raises SettingsError, before anything is started."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise SettingsError(f"{host}:{port} cannot be listened on: {error.strerror}") from None
        return int(probe.getsockname()[1])


class SharedMetrics:
    """While it lasts, the counters of several worker processes go to one directory."""

    def __init__(self, workers: int) -> None:
        self._wanted = workers > 1 and MULTIPROCESS_DIR not in os.environ
        self._owner = os.getpid()

    def __enter__(self) -> None:
        """Make the directory and tell prometheus-client."""
        if self._wanted:
            os.environ[MULTIPROCESS_DIR] = tempfile.mkdtemp(prefix="relapse-cds-", dir=_scratch_root())

    def __exit__(self, *_: object) -> None:
        """Remove it, in the process that made it (worker processes leave through here too)."""
        if self._wanted and os.getpid() == self._owner:
            shutil.rmtree(os.environ.pop(MULTIPROCESS_DIR), ignore_errors=True)


def _scratch_root() -> str | None:
    """Return a directory in memory where there is one, for a read-only file system has no other; else the default."""
    in_memory = Path("/dev/shm")  # noqa: S108 - names inside it are unpredictable
    return str(in_memory) if os.access(in_memory, os.W_OK) else None
