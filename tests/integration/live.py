"""The application behind a real socket on 127.0.0.1, inside the test's process."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import requests
from werkzeug.serving import WSGIRequestHandler, make_server

from cds_server.app import create_app
from cds_server.settings import read_settings
from hooks.service import Pathway
from tests.contract.checker import check_error, check_json, check_response
from tests.unit.toy_pathway import TOY


class _Silent(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"

    def log(self, *_: object) -> None:
        """Say nothing."""


@dataclass(frozen=True, slots=True)
class Live:
    """A running server and a session to talk to it."""

    url: str
    session: requests.Session
    profile: str = "spec"

    def post(self, body: Any, service: str = "toy-view", **more: Any) -> requests.Response:
        """POST a hook call; bytes go as they are. The independent checker sees every answer before the test does."""
        given = {"data": body} if isinstance(body, bytes) else {"json": body}
        headers = {"Content-Type": "application/json", **more.pop("headers", {})}
        url = f"{self.url}/cds-services/{service}"
        answer = self.session.post(url, headers=headers, timeout=20, **given, **more)
        if answer.status_code >= requests.codes.bad_request:
            check_error(answer.content)
        elif isinstance(body, dict) and "/" not in service:
            check_response(check_json(answer.content), body, self.profile)
        return answer

    def summary(self, body: Any, service: str = "toy-view") -> str:
        """Return the summary of the one card that the toy pathway answers, which tells what arrived."""
        answer = self.post(body, service)
        assert answer.status_code == 200, answer.text
        return str(answer.json()["cards"][0]["summary"])


@contextmanager
def live_server(pathways: Sequence[Pathway] = (TOY,), **settings: Any) -> Iterator[Live]:
    """Run a server, with the toy pathway unless told otherwise, while the block lasts."""
    read = read_settings(log_level="ERROR", **settings)
    app = create_app(read, pathways)
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=_Silent)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        with requests.Session() as session:
            session.trust_env = False
            yield Live(f"http://127.0.0.1:{server.server_port}", session, read.client_profile)
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
