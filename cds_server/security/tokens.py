"""Verification of the client JWT that every call to a production server carries.

Place in the flow: before the body is read. May not: say why a token is refused, log a token, or touch the
network for an issuer that is not registered.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

import jwt

from cds_server.security.keys import KeyStore
from cds_server.security.registry import EHR, Registry
from hooks.errors import NotAuthenticated

MAX_TOKEN_LENGTH = 16 * 1024
REQUIRED_CLAIMS = ("iss", "aud", "exp", "iat", "jti")


class ReplayGuard(Protocol):
    """Remembers token ids until they expire, across workers and restarts."""

    def first_use(self, issuer: str, token_id: str, expires_at: int) -> bool:
        """True the first time this id is seen; False for a replay."""


@dataclass(frozen=True, slots=True)
class TokenVerifier:
    """Everything a verification needs."""

    registry: Registry
    keys: KeyStore
    replay: ReplayGuard

    def verify(self, authorization: str | None, endpoints: tuple[str, ...]) -> EHR:
        """Return the EHR that signed the token for one of these endpoint URLs. Raises NotAuthenticated."""
        token = _bearer(authorization)
        try:
            return self._verify(token, endpoints)
        except (jwt.PyJWTError, ValueError, TypeError, OverflowError, RecursionError):
            raise NotAuthenticated from None

    def _verify(self, token: str, endpoints: tuple[str, ...]) -> EHR:
        header = jwt.get_unverified_header(token)
        algorithm, key_id, kind = header.get("alg"), header.get("kid"), header.get("typ")
        claimed = jwt.decode(token, options={"verify_signature": False})
        ehr = self.registry.find(claimed.get("iss"), claimed.get("tenant"))
        if ehr is None or algorithm not in ehr.algorithms or not isinstance(key_id, str):
            raise NotAuthenticated
        if not isinstance(kind, str) or kind.upper() != "JWT" or "crit" in header:
            raise NotAuthenticated
        if "jku" in header and header["jku"] != ehr.jwks_url:
            raise NotAuthenticated
        key = self.keys.key(ehr, key_id, algorithm)
        if key is None:
            raise NotAuthenticated
        claims = self._claims(token, key, ehr, algorithm, endpoints)
        if not self.replay.first_use(ehr.issuer, claims["jti"], int(claims["exp"]) + ehr.leeway_s):
            raise NotAuthenticated
        return ehr

    def _claims(self, token: str, key: Any, ehr: EHR, algorithm: str, endpoints: tuple[str, ...]) -> dict[str, Any]:
        """Return the verified claims. Raises PyJWTError or NotAuthenticated."""
        accepted = [address for endpoint in endpoints for address in (endpoint, f"{endpoint}/")]
        claims: dict[str, Any] = jwt.decode(
            token,
            key=key,
            algorithms=[algorithm],
            issuer=ehr.issuer,
            audience=[*accepted, *ehr.audiences],
            leeway=ehr.leeway_s,
            options={"require": list(REQUIRED_CLAIMS), "strict_aud": False},
        )
        times = (claims["iat"], claims["exp"])
        if not all(isinstance(time, int | float) and not isinstance(time, bool) for time in times):
            raise NotAuthenticated
        if (
            claims["exp"] - claims["iat"] > ehr.max_lifetime_s
            or not isinstance(claims["jti"], str)
            or not claims["jti"]
        ):
            raise NotAuthenticated
        return claims


def _bearer(authorization: str | None) -> str:
    scheme, _, token = (authorization or "").partition(" ")
    token = token.strip()
    if scheme.lower() != "bearer" or not token or len(token) > MAX_TOKEN_LENGTH:
        raise NotAuthenticated
    return token
