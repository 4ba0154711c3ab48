"""Settings: every knob of the server, from arguments or from environment variables with the prefix CDS_.

Place in the flow: read once, at start, by `create_app` and the command line. May not: change afterwards, or hold
clinical choices (those stand in the knowledge files).
"""

from __future__ import annotations

import ipaddress
import os
from collections.abc import Iterable
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import pydantic
from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from hooks.errors import SettingsError
from hooks.service import Jurisdiction

PREFIX = "CDS_"
_EVERYWHERE = ("0.0.0.0", "::")  # noqa: S104 - addresses to listen on that nobody can call
MIN_KEY_LENGTH = 32


class Mode(StrEnum):
    """How much is trusted (DESIGN.md section 6)."""

    DEVELOPMENT = "development"
    DEMO = "demo"
    PRODUCTION = "production"


ListOfText = Annotated[tuple[str, ...], NoDecode]
"""A list in one environment variable, separated by commas or blanks."""


class Settings(BaseSettings):
    """All settings, with defaults under which `cds-server serve` works with no configuration at all."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="forbid", env_ignore_empty=True)

    mode: Mode = Field(
        Mode.DEVELOPMENT,
        description="development: open, loopback only. demo: development plus the demo page and /fhir. "
        "production: client JWT required, registered EHRs only, https.",
    )
    host: str = Field("127.0.0.1", description="Address to listen on.")
    port: Annotated[int, Field(ge=0, le=65535)] = Field(8000, description="Port to listen on; 0 takes a free one.")
    allow_open_network: bool = Field(
        default=False,
        description="Says in as many words that development or demo mode may listen beyond loopback, "
        "as it must inside a container. No effect in production.",
    )
    public_url: str | None = Field(
        None,
        description="Base URL under which clients reach this server, for links and the JWT audience. A path in it is "
        "understood in requests. Required in production, where it is https; else http://host:port.",
    )
    timezone: str = Field("UTC", description="IANA name of the time zone whose calendar day is 'today'.")
    as_of: date | None = Field(None, description="Fixes 'today' (YYYY-MM-DD). Shown by /health. Refused in production.")
    jurisdiction: Jurisdiction = Field(
        Jurisdiction.OTHER, description="Whose approvals the wording follows: EU, US, or other (shows both)."
    )
    client_profile: Literal["spec", "epic", "text_only"] = Field(
        "spec",
        description="How cards are said in development: spec, epic or text_only. "
        "In production each registered EHR has its own.",
    )
    allowed_origins: ListOfText = Field(
        (),
        description="Browser origins that may call (CORS), besides loopback and the public CDS Hooks Sandbox, "
        "which only development and demo allow.",
    )
    fhir_servers: ListOfText = Field(
        (),
        description="Base URLs that a call's fhirServer may name, besides loopback addresses. "
        "Development and demo only; in production the registered EHRs' bases count.",
    )
    fhir_ca_bundle: Path | None = Field(
        None,
        description="PEM file of certificate authorities for FHIR servers and EHRs' key addresses; "
        "else the usual public ones.",
    )
    ehr_registry: Path | None = Field(
        None, description="YAML file of the registered EHRs. Production without it lets nobody in."
    )
    database_url: str = Field(
        "sqlite:///relapse-cds.db",
        description="Where shown cards, feedback and used token ids are kept: SQLite, or postgresql+psycopg://...; "
        "empty keeps nothing. A database that fails costs nobody the cards.",
    )
    fingerprint_key: SecretStr | None = Field(
        None,
        description="Secret under which patients and facts are fingerprinted before they are stored, at least 32 "
        "characters. Without it a new one is made at every start, and answered cards come back after it.",
    )
    memory_days: Annotated[int, Field(ge=0, le=3650)] = Field(
        90, description="Days for which an answered card stays away while its facts stay the same; 0 never hides one."
    )
    retention_days: Annotated[int, Field(ge=1, le=3650)] = Field(
        365, description="Days after which shown cards and feedback are deleted; at least CDS_MEMORY_DAYS."
    )
    keep_comments: bool = Field(
        default=False, description="Stores the free-text comment of feedback, which may identify a patient."
    )
    explain: bool = Field(
        default=False, description="Offers POST /cds-services/{id}/explain; always on in development and demo."
    )
    call_deadline_s: Annotated[float, Field(gt=0, le=60)] = Field(
        2.0, description="Seconds that one hook call may spend on FHIR requests, all together."
    )
    fhir_parallel: Annotated[int, Field(ge=1, le=32)] = Field(
        8, description="FHIR requests in flight at once for one hook call."
    )
    fhir_page_limit: Annotated[int, Field(ge=1, le=1000)] = Field(
        10, description="Pages read per prefetch key before the result counts as truncated."
    )
    fhir_max_bytes: Annotated[int, Field(ge=1024)] = Field(
        20 * 1024 * 1024, description="Bytes read from the FHIR server for one hook call, all together."
    )
    max_body_bytes: Annotated[int, Field(ge=1024)] = Field(
        10 * 1024 * 1024, description="Size limit of a request body; more is answered 413."
    )
    workers: Annotated[int, Field(ge=1, le=64)] = Field(2, description="Worker processes.")
    threads: Annotated[int, Field(ge=1, le=64)] = Field(
        32, description="Calls served at once by each worker process; at most half of them wait for one EHR that hangs."
    )
    graceful_stop_s: Annotated[int, Field(ge=1, le=600)] = Field(
        30, description="Seconds that calls in flight may take to finish when the server is stopped."
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        "INFO", description="Lowest level of log lines written; the audit line of a call is INFO."
    )

    @pydantic.field_validator("allowed_origins", "fhir_servers", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return tuple(value.replace(",", " ").split()) if isinstance(value, str) else value

    @pydantic.field_validator("fingerprint_key")
    @classmethod
    def _long_enough(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and len(value.get_secret_value()) < MIN_KEY_LENGTH:
            raise ValueError(f"needs at least {MIN_KEY_LENGTH} characters")
        return value

    @pydantic.field_validator("log_level", mode="before")
    @classmethod
    def _upper(cls, value: object) -> object:
        return value.upper() if isinstance(value, str) else value

    @pydantic.field_validator("timezone")
    @classmethod
    def _zone_exists(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise ValueError("is no IANA time zone") from None
        return value

    @pydantic.field_validator("fhir_ca_bundle")
    @classmethod
    def _is_file(cls, value: Path | None) -> Path | None:
        if value is not None and not value.is_file():
            raise ValueError(f"there is no file {value}")
        return value

    @pydantic.field_validator("public_url")
    @classmethod
    def _is_base(cls, value: str | None) -> str | None:
        return value if value is None else _base_url(value)

    @pydantic.field_validator("fhir_servers")
    @classmethod
    def _are_bases(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(_base_url(base) for base in value)

    @pydantic.field_validator("allowed_origins")
    @classmethod
    def _are_origins(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for origin in value:
            if urlsplit(_base_url(origin)).path:
                raise ValueError("an origin has no path")
        return tuple(origin.rstrip("/") for origin in value)

    @pydantic.model_validator(mode="after")
    def _fits_together(self) -> Self:
        if self.retention_days < self.memory_days:
            raise ValueError("CDS_RETENTION_DAYS may not be less than CDS_MEMORY_DAYS")
        problems = self._production_problems() if self.mode is Mode.PRODUCTION else self._open_problems()
        for problem in problems:
            raise ValueError(problem)
        return self

    def _production_problems(self) -> Iterable[str]:
        if self.as_of is not None:
            yield "CDS_AS_OF may not be fixed in production"
        if self.public_url is None or not self.public_url.startswith("https://"):
            yield "production needs CDS_PUBLIC_URL, with https"
        if self.fhir_servers:
            yield "CDS_FHIR_SERVERS is for development; in production register the EHR"
        if self.client_profile != "spec":
            yield "CDS_CLIENT_PROFILE is for development; in production each registered EHR has its own"

    def _open_problems(self) -> Iterable[str]:
        if not is_loopback(self.host) and not self.allow_open_network:
            yield (
                f"{self.mode} mode asks nobody who they are: listening beyond loopback "
                "needs CDS_ALLOW_OPEN_NETWORK=true"
            )

    @property
    def base_url(self) -> str:
        """Where clients reach this server; no trailing slash."""
        host = "localhost" if self.host in _EVERYWHERE else self.host
        return self.public_url or f"http://{f'[{host}]' if ':' in host else host}:{self.port}"

    def day_of(self, arrival: datetime) -> date:
        """Return the calendar day of a request's arrival (an aware time): `as_of` unless it is fixed."""
        return self.as_of or arrival.astimezone(ZoneInfo(self.timezone)).date()


def read_settings(**given: Any) -> Settings:
    """Return the settings from the environment, `given` ones first. Raises SettingsError naming the setting.

    An empty variable is as good as none, save that of the database, where it means that nothing is kept.
    """
    if os.environ.get(f"{PREFIX}DATABASE_URL") == "":
        given.setdefault("database_url", "")
    try:
        return Settings(**given)
    except pydantic.ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        names = " ".join(f"{PREFIX}{part}".upper() for part in first["loc"][:1])
        message = first["msg"].removeprefix("Value error, ")
        raise SettingsError(f"{names or 'settings'}: {message}") from None


def unknown_variables() -> tuple[str, ...]:
    """Return the names of environment variables with our prefix that are no setting: probably misspelt."""
    known = {f"{PREFIX}{name}".upper() for name in Settings.model_fields}
    return tuple(sorted(name for name in os.environ if name.startswith(PREFIX) and name not in known))


def markdown_table() -> str:
    """Return all settings as a Markdown table, for the README."""
    rows = ["| variable | default | what it does |", "|---|---|---|"]
    for name, field in Settings.model_fields.items():
        default = field.get_default()
        shown = "" if default in (None, ()) else f"`{str(default).lower() if isinstance(default, bool) else default}`"
        rows.append(f"| `{PREFIX}{name.upper()}` | {shown} | {field.description} |")
    return "\n".join(rows)


def is_loopback(host: str) -> bool:
    """True for "localhost" and literal loopback addresses; a name is never looked up."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _base_url(value: str) -> str:
    """Return an absolute http address without a trailing slash. Raises ValueError."""
    try:
        parts = urlsplit(value)
        hostname, _ = parts.hostname, parts.port
    except ValueError:
        raise ValueError("is no address") from None
    if parts.scheme not in {"http", "https"} or not hostname:
        raise ValueError("is no http address")
    if "@" in parts.netloc or parts.query or parts.fragment or any(sign.isspace() for sign in value):
        raise ValueError("may not hold a user name, a query or a fragment")
    return value.rstrip("/")
