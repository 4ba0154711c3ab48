"""The real services behind a real socket, and what they answer about some of the synthetic children."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

import requests

import fhir_fixtures
from cds_server.app import create_app
from cds_server.settings import read_settings
from fhir_fixtures.server import running
from hooks.pathways.relapsed_neuroblastoma.prefetch import TEMPLATES
from tests.contract.checker import check_error, check_json, check_response

AS_OF = date(2026, 11, 22)
Body = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Server:
    """A running server. Every answer is judged before a test sees it."""

    url: str
    session: requests.Session

    def post(self, service: str, body: Body, **headers: str) -> requests.Response:
        """Post a hook call."""
        answer = self.session.post(f"{self.url}/cds-services/{service}", json=body, headers=headers, timeout=30)
        if answer.status_code == requests.codes.ok:
            check_response(check_json(answer.content), body)
        else:
            check_error(answer.content)
        return answer

    def cards(self, service: str, body: Body) -> list[Body]:
        """Return the cards about a hook call."""
        answer = self.post(service, body)
        assert answer.status_code == requests.codes.ok, answer.text
        cards: list[Body] = answer.json()["cards"]
        return cards

    def get(self, path: str, **headers: str) -> requests.Response:
        """Get a path."""
        return self.session.get(f"{self.url}{path}", headers=headers, timeout=30)


@contextmanager
def serving(**settings: Any) -> Iterator[Server]:
    """Run the server while the block lasts; nothing is stored."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)  # its line per request would bury a failure
    app = create_app(read_settings(**{"log_level": "ERROR", "database_url": "", "as_of": AS_OF, **settings}))
    with running(app) as url, requests.Session() as session:
        session.trust_env = False
        yield Server(url, session)


def view(slug: str) -> Body:
    """Return a patient-view call about a child, with prefetch for all keys."""
    return fhir_fixtures.hook_request(slug, "patient-view", AS_OF, TEMPLATES)


def filed(name: str) -> Body:
    """Return a hook call on file."""
    return fhir_fixtures.filed_request(name, AS_OF, TEMPLATES)


@dataclass(frozen=True, slots=True)
class Answered:
    """One call with the cards that came back."""

    service: str
    request: Body
    cards: tuple[Body, ...]


CHILDREN = (
    *("mycn-amplified-at-relapse", "first-relapse-untouched", "alk-f1174l", "adult", "risk-unknown"),
    *("evaluation-due", "remission-for-maintenance", "second-relapse", "molecular-report-pdf", "leukaemia"),
)
CALLS = (
    *("order-select-dinutuximab", "order-select-naxitamab", "order-sign-beta-anaphylaxis"),
    *("order-sign-lorlatinib-rifampicin", "spec-order-sign-beta-complete", "order-sign-beta-dexamethasone"),
)


def sample(server: Server) -> tuple[Answered, ...]:
    """Return the answers about some children and calls, of every service and indicator."""
    asked = [(service, view(slug)) for slug in CHILDREN for service in ("relapse-workup", "relapse-regimen")]
    asked += [(fhir_fixtures.hook_call(name).service, filed(name)) for name in CALLS]
    return tuple(Answered(service, body, tuple(server.cards(service, body))) for service, body in asked)
