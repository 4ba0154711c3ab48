"""Which door a server has: open in development and demo; in production a verified token of a registered EHR.

Place in the flow: `create_app` asks once. May not: let anybody into a production server for another reason.
"""

from __future__ import annotations

import time

from flask import Request

from cds_server.fhir.client import open_session
from cds_server.security import Authentication, Client, LockedDoor, OpenDoor
from cds_server.security.keys import KeyStore
from cds_server.security.registry import EHR, Registry
from cds_server.security.tokens import TokenVerifier
from cds_server.settings import Mode, Settings
from cds_server.store.database import Database
from cds_server.store.replay import StoredReplayGuard
from hooks.errors import SettingsError


class RegisteredDoor:
    """Lets registered EHRs in. public_url: what clients call this server, for the audience of their tokens."""

    def __init__(self, registry: Registry, verifier: TokenVerifier, public_url: str) -> None:
        self._verifier = verifier
        self._public_url = public_url
        self._clients = {ehr.name: _client(ehr) for ehr in registry.ehrs}

    def authenticate(self, received: Request) -> Client:
        """Return the client that signed the call. Raises NotAuthenticated."""
        ehr = self._verifier.verify(received.headers.get("Authorization"), self._endpoints(received.path))
        return self._clients[ehr.name]

    def _endpoints(self, path: str) -> tuple[str, ...]:
        """Return the URLs that a token for this path may be made out to; feedback may name its service."""
        endpoint = f"{self._public_url}{path.rstrip('/')}"
        service = endpoint.removesuffix("/feedback").removesuffix("/explain")
        return (endpoint,) if service == endpoint else (endpoint, service)


def _client(ehr: EHR) -> Client:
    bases = ehr.bases
    return Client(
        name=ehr.name,
        profile=ehr.client_profile,
        may_use=lambda base: base in bases,
        site_codes=ehr.site_codes,
        origins=ehr.allowed_origins,
    )


def authentication_for(settings: Settings, registry: Registry, database: Database | None) -> Authentication:
    """Return how callers prove who they are. Raises SettingsError for production without a database."""
    if settings.mode is not Mode.PRODUCTION:
        return OpenDoor(settings)
    if not registry.ehrs:
        return LockedDoor()
    if database is None:
        raise SettingsError("CDS_DATABASE_URL: production needs a database to refuse replayed tokens")
    replay = StoredReplayGuard(database, time.time)
    keys = KeyStore(time.monotonic, open_session(settings))
    return RegisteredDoor(registry, TokenVerifier(registry, keys, replay), settings.base_url)
