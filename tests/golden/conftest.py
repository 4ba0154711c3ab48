"""One server in this process, on a fixed day, and what it answers about the synthetic children."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import lru_cache
from typing import Any

import pytest
from flask.testing import FlaskClient

import fhir_fixtures
from cds_server.app import create_app
from cds_server.settings import Settings
from hooks.pathways.relapsed_neuroblastoma.prefetch import TEMPLATES

AS_OF = date(2026, 11, 22)

Answer = Callable[[str, dict[str, Any]], dict[str, Any]]


@pytest.fixture(scope="session")
def client() -> FlaskClient:
    return create_app(Settings(as_of=AS_OF)).test_client()


@pytest.fixture(scope="session")
def answer(client: FlaskClient) -> Answer:
    """Post one body to one service; every answer must be 200."""
    return _posting_to(client)


@lru_cache
def answers_of(profile: str) -> Answer:
    """Return the same for a server whose clients have another profile."""
    return _posting_to(create_app(Settings(as_of=AS_OF, client_profile=profile, database_url="")).test_client())  # type: ignore[arg-type]  # pydantic reads the text


def _posting_to(client: FlaskClient) -> Answer:
    def post(service: str, body: dict[str, Any]) -> dict[str, Any]:
        response = client.post(f"/cds-services/{service}", json=body)
        assert response.status_code == 200, response.get_data(as_text=True)
        answered: dict[str, Any] = response.get_json()
        return answered

    return post


def view(slug: str) -> dict[str, Any]:
    """Return a patient-view call about a child."""
    return fhir_fixtures.hook_request(slug, "patient-view", AS_OF, TEMPLATES)


def filed(name: str) -> dict[str, Any]:
    """Return a hook call on file."""
    return fhir_fixtures.filed_request(name, AS_OF, TEMPLATES)
