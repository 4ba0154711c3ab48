"""Which door a server has, and what it says when nobody could come in."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from cds_server.app import create_app
from cds_server.settings import read_settings
from hooks.errors import SettingsError
from tests.integration.production import write_registry
from tests.unit.toy_pathway import TOY

PRODUCTION: dict[str, Any] = {"mode": "production", "public_url": "https://cds.example.org", "log_level": "ERROR"}


def test_given_production_without_a_database_when_started_then_it_does_not(tmp_path: Path) -> None:
    """Hazard: a token that somebody overheard opens the door as often as he likes."""
    settings = read_settings(**PRODUCTION, ehr_registry=write_registry(tmp_path), database_url="")

    with pytest.raises(SettingsError, match="CDS_DATABASE_URL"):
        create_app(settings, (TOY,))


def test_given_production_with_a_wrong_registry_when_started_then_it_does_not(tmp_path: Path) -> None:
    (tmp_path / "ehrs.yaml").write_text("ehrs: []")

    with pytest.raises(SettingsError, match="EHR registry"):
        create_app(read_settings(**PRODUCTION, ehr_registry=tmp_path / "ehrs.yaml"), (TOY,))


def test_given_no_services_when_asked_whether_it_is_ready_then_it_lives_and_is_not() -> None:
    client = create_app(read_settings(log_level="ERROR"), ()).test_client()

    assert client.get("/health").status_code == 200
    assert client.get("/health/ready").status_code == 503


def test_given_a_server_that_keeps_nothing_when_asked_whether_it_is_ready_then_it_is() -> None:
    client = create_app(read_settings(log_level="ERROR", database_url=""), (TOY,)).test_client()

    assert client.get("/health/ready").get_json()["database"] == {"state": "none"}


@pytest.mark.parametrize("path", ["/cds-services", "/feedback/report"])
def test_given_an_open_server_when_called_with_any_token_then_the_token_is_not_read(path: str) -> None:
    client = create_app(read_settings(log_level="ERROR"), (TOY,)).test_client()

    assert client.get(path, headers={"Authorization": "Bearer nonsense"}).status_code == 200
