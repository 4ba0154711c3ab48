"""The door of a production server: a verified token of a registered EHR, or nothing.

Place in the flow: what `authentication_for` returns in production. May not: let anybody in for another reason.
"""

from __future__ import annotations

from dataclasses import dataclass

from flask import Request

from cds_server.fhir.address import is_listed
from cds_server.security import Client
from cds_server.security.registry import EHR
from cds_server.security.tokens import TokenVerifier


@dataclass(frozen=True, slots=True)
class RegisteredDoor:
    """Lets registered EHRs in. public_url: what clients call this server, for the audience of their tokens."""

    verifier: TokenVerifier
    public_url: str

    def authenticate(self, received: Request) -> Client:
        """Return the client that signed the call. Raises NotAuthenticated."""
        ehr = self.verifier.verify(received.headers.get("Authorization"), self._endpoints(received.path))
        return _client(ehr)

    def _endpoints(self, path: str) -> tuple[str, ...]:
        """Return the URLs that a token for this path may be made out to; feedback may name its service."""
        endpoint = f"{self.public_url}{path.rstrip('/')}"
        service = endpoint.removesuffix("/feedback").removesuffix("/explain")
        return (endpoint,) if service == endpoint else (endpoint, service)


def _client(ehr: EHR) -> Client:
    return Client(name=ehr.name, profile=ehr.client_profile, may_use=lambda base: is_listed(base, ehr.fhir_bases))
