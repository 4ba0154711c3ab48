"""Settings: defaults that work, refusals that name the setting."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from cards.profiles import PROFILE_NAMES
from cds_server.settings import Settings, is_loopback, markdown_table, read_settings, unknown_variables
from hooks.errors import SettingsError

PRODUCTION = {"mode": "production", "public_url": "https://cds.example.org"}


@pytest.fixture(autouse=True)
def _no_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in unknown_variables() + tuple(f"CDS_{field}".upper() for field in Settings.model_fields):
        monkeypatch.delenv(name, raising=False)


def test_given_nothing_when_settings_are_read_then_it_is_development_on_loopback() -> None:
    settings = read_settings()

    assert settings.mode == "development"
    assert settings.base_url == "http://127.0.0.1:8000"


@pytest.mark.parametrize("field", Settings.model_fields)
def test_given_any_setting_when_it_is_documented_then_it_has_a_description(field: str) -> None:
    assert Settings.model_fields[field].description


def test_given_the_profiles_when_the_setting_is_read_then_it_takes_each_of_them() -> None:
    taken = [read_settings(client_profile=name).client_profile for name in PROFILE_NAMES]

    assert taken == list(PROFILE_NAMES)


def test_given_environment_variables_when_settings_are_read_then_they_count_and_empty_ones_do_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("CDS_PORT", "9001")
    monkeypatch.setenv("CDS_AS_OF", "")
    monkeypatch.setenv("CDS_FHIR_SERVERS", "https://a.example.org/r4/, http://b.example.org")
    monkeypatch.setenv("CDS_LOG_LEVEL", "debug")

    settings = read_settings()

    assert settings.port == 9001
    assert settings.as_of is None
    assert settings.fhir_servers == ("https://a.example.org/r4", "http://b.example.org")
    assert settings.log_level == "DEBUG"


def test_given_an_empty_database_url_when_settings_are_read_then_nothing_is_kept(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Other empty variables are as good as none."""
    monkeypatch.setenv("CDS_DATABASE_URL", "")
    monkeypatch.setenv("CDS_PORT", "")

    settings = read_settings()

    assert settings.database_url == ""
    assert settings.port == 8000


def test_given_a_misspelt_variable_when_settings_are_read_then_it_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CDS_MODDE", "production")

    assert unknown_variables() == ("CDS_MODDE",)


REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "open network": ({"host": "0.0.0.0"}, "CDS_ALLOW_OPEN_NETWORK"),  # noqa: S104
    "a name": ({"host": "example.org"}, "CDS_ALLOW_OPEN_NETWORK"),
    "demo on the network": ({"mode": "demo", "host": "::"}, "CDS_ALLOW_OPEN_NETWORK"),
    "unknown mode": ({"mode": "test"}, "CDS_MODE"),
    "unknown setting": ({"colour": "red"}, "CDS_COLOUR"),
    "time zone": ({"timezone": "Mars/Olympus"}, "CDS_TIMEZONE"),
    "time zone with a path": ({"timezone": "../etc/passwd"}, "CDS_TIMEZONE"),
    "day": ({"as_of": "tomorrow"}, "CDS_AS_OF"),
    "profile": ({"client_profile": "other"}, "CDS_CLIENT_PROFILE"),
    "port": ({"port": 70000}, "CDS_PORT"),
    "public URL": ({"public_url": "cds.example.org"}, "CDS_PUBLIC_URL"),
    "public URL with a query": ({"public_url": "https://x.org/?a=b"}, "CDS_PUBLIC_URL"),
    "public URL with a bad port": ({"public_url": "https://x.org:port"}, "CDS_PUBLIC_URL"),
    "public URL with a user": ({"public_url": "https://u:p@x.org"}, "CDS_PUBLIC_URL"),
    "origin with a path": ({"allowed_origins": "https://x.org/a"}, "CDS_ALLOWED_ORIGINS"),
    "FHIR server": ({"fhir_servers": ("x",)}, "CDS_FHIR_SERVERS"),
    "deadline": ({"call_deadline_s": 0}, "CDS_CALL_DEADLINE_S"),
    "production with a fixed day": ({**PRODUCTION, "as_of": date(2026, 1, 1)}, "CDS_AS_OF"),
    "production without a URL": ({"mode": "production"}, "CDS_PUBLIC_URL"),
    "production over http": ({**PRODUCTION, "public_url": "http://x.org"}, "CDS_PUBLIC_URL"),
    "production with listed servers": ({**PRODUCTION, "fhir_servers": ("https://x.org",)}, "CDS_FHIR_SERVERS"),
    "production with a profile": ({**PRODUCTION, "client_profile": "epic"}, "CDS_CLIENT_PROFILE"),
    "no certificates": ({"fhir_ca_bundle": "/no/such.pem"}, "CDS_FHIR_CA_BUNDLE: there is no file"),
    "short retention": ({"retention_days": 5, "memory_days": 6}, "CDS_RETENTION_DAYS"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_given_a_wrong_setting_or_combination_when_settings_are_read_then_it_is_refused_by_name(name: str) -> None:
    given, named = REFUSED[name]

    with pytest.raises(SettingsError) as refused:
        read_settings(**given)

    assert named in refused.value.safe_text


@pytest.mark.parametrize(
    "given",
    [
        {"host": "0.0.0.0", "allow_open_network": True},  # noqa: S104
        {"host": "127.0.0.2"},
        {"host": "::1"},
        {"host": "localhost", "mode": "demo"},
        {**PRODUCTION, "host": "0.0.0.0"},  # noqa: S104
    ],
)
def test_given_a_loopback_host_or_the_word_for_it_when_settings_are_read_then_they_are_accepted(
    given: dict[str, Any],
) -> None:
    assert read_settings(**given).host == given["host"]


@pytest.mark.parametrize(
    ("timezone", "expected"),
    [("UTC", date(2026, 3, 1)), ("Pacific/Auckland", date(2026, 3, 2)), ("America/New_York", date(2026, 3, 1))],
)
def test_given_a_time_zone_when_a_call_arrives_late_in_the_day_then_the_day_is_that_of_the_zone(
    timezone: str, expected: date
) -> None:
    arrival = datetime(2026, 3, 1, 23, 30, tzinfo=UTC)

    assert read_settings(timezone=timezone).day_of(arrival) == expected


def test_given_a_fixed_day_when_a_call_arrives_then_the_day_is_the_fixed_one() -> None:
    settings = read_settings(as_of="2026-09-20")

    assert settings.day_of(datetime(2030, 1, 1, tzinfo=UTC)) == date(2026, 9, 20)


@pytest.mark.parametrize(
    ("host", "url"),
    [("::1", "http://[::1]:80"), ("0.0.0.0", "http://localhost:80"), ("::", "http://localhost:80")],  # noqa: S104
)
def test_given_a_host_when_the_base_url_is_asked_then_a_client_could_call_it(host: str, url: str) -> None:
    assert read_settings(host=host, port=80, allow_open_network=True).base_url == url


@pytest.mark.parametrize(("host", "expected"), [("127.1.2.3", True), ("10.0.0.1", False), ("2130706433", False)])
def test_given_a_host_when_it_is_asked_for_loopback_then_only_literals_count(host: str, *, expected: bool) -> None:
    assert is_loopback(host) is expected


def test_given_the_readme_when_its_table_of_settings_is_read_then_it_is_complete_and_current() -> None:
    readme = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")

    table = readme.partition("<!-- settings:begin -->")[2].partition("<!-- settings:end -->")[0]

    assert table.strip() == markdown_table()
