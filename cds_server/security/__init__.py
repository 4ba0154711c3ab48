"""Who calls, and what that client may have us do: the door of the server.

Place in the flow: `cds_server.web` asks before a protected view runs. May not: tell a caller why it was refused,
or read the Authorization header in development and demo mode.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from flask import Blueprint, Request, g, request

from cds_server.fhir.address import FHIRBase, is_listed
from cds_server.settings import Settings
from hooks.errors import NotAuthenticated
from hooks.terminology.codes import Code


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """One caller.

    name: ours (never the caller's words). may_use: which FHIR bases it may name. site_codes: its own order codes.
    origins: the browser pages that may read its answers; None for all that CORS allows at all.
    """

    name: str
    profile: str
    may_use: Callable[[FHIRBase], bool]
    site_codes: Mapping[str, Code] = field(default_factory=dict)
    origins: tuple[str, ...] | None = None


class Authentication(Protocol):
    """Turns a request into the client that sent it."""

    def authenticate(self, received: Request) -> Client:
        """Return the client. Raises NotAuthenticated, always with the same text."""


class Access(StrEnum):
    """What a blueprint asks of its callers; every blueprint declares one."""

    CLIENT = "client"
    ANYBODY = "anybody"


class OpenDoor:
    """Development and demo: everybody comes in; no header is read. Loopback and listed FHIR bases only."""

    def __init__(self, settings: Settings) -> None:
        self._client = Client(
            name=settings.mode,
            profile=settings.client_profile,
            may_use=lambda base: base.is_loopback or is_listed(base, settings.fhir_servers),
        )

    def authenticate(self, received: Request) -> Client:  # noqa: ARG002 - that it is not read is the point
        """Return the one client of this mode."""
        return self._client


class LockedDoor:
    """Production without a registered EHR: nobody comes in."""

    def authenticate(self, received: Request) -> Client:  # noqa: ARG002 - nothing could make it acceptable
        """Raise NotAuthenticated."""
        raise NotAuthenticated


def declare(blueprint: Blueprint, access: Access, authentication: Authentication) -> None:
    """Put a blueprint's access on record, and have it enforced before its views (never on a CORS preflight)."""
    blueprint.record(lambda state: state.app.extensions.setdefault("access", {}).update({blueprint.name: access}))
    if access is Access.CLIENT:

        @blueprint.before_request
        def _authenticate() -> None:
            if request.method != "OPTIONS":
                g.client = authentication.authenticate(request)
