"""The client JWT: one acceptable token, and every forged one refused in the same words."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jwt
import pytest
import requests
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from cds_server.security.keys import KeyStore
from cds_server.security.registry import EHR, Registry
from cds_server.security.tokens import MAX_TOKEN_LENGTH, TokenVerifier
from hooks.errors import NotAuthenticated

NOW = 1_790_000_000
ENDPOINT = "https://cds.example.org/cds-services/relapse-workup"
ISSUER = "https://ehr.example.org/fhir"

EC_KEY = ec.generate_private_key(ec.SECP384R1())
EC256_KEY = ec.generate_private_key(ec.SECP256R1())
RSA_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
STRANGER = ec.generate_private_key(ec.SECP384R1())


def jwk(key: Any, key_id: str, **more: str) -> dict[str, Any]:
    algorithm = jwt.algorithms.RSAAlgorithm if isinstance(key, rsa.RSAPrivateKey) else jwt.algorithms.ECAlgorithm
    return {**json.loads(algorithm.to_jwk(key.public_key())), "kid": key_id, **more}


class Once:
    """A replay guard in memory."""

    def __init__(self) -> None:
        self.seen: set[tuple[str, str]] = set()
        self.until: list[int] = []

    def first_use(self, issuer: str, token_id: str, expires_at: int) -> bool:
        known = (issuer, token_id) in self.seen
        self.seen.add((issuer, token_id))
        self.until.append(expires_at)
        return not known


@pytest.fixture
def verifier(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> TokenVerifier:
    keys = [jwk(EC_KEY, "ec=/1"), jwk(RSA_KEY, "rsa"), jwk(EC256_KEY, "ec256"), jwk(EC_KEY, "enc", use="enc")]
    keys.append(jwk(EC_KEY, "other-alg", alg="ES256"))
    path = tmp_path / "jwks.json"
    path.write_text(json.dumps({"keys": keys}))
    monkeypatch.setattr("jwt.api_jwt.datetime", _FixedClock)
    ehr = EHR(name="ehr", issuer=ISSUER, jwks_file=path, fhir_bases=("https://ehr.example.org/fhir",), audiences=("x",))
    return TokenVerifier(Registry((ehr,)), KeyStore(lambda: 0.0, requests.Session()), Once())


class _FixedClock:
    """Stands in for PyJWT's datetime so that `exp` and `iat` are judged at NOW."""

    @staticmethod
    def now(tz: Any = None) -> Any:
        from datetime import datetime  # noqa: PLC0415  # the module's own name is replaced

        return datetime.fromtimestamp(NOW, tz)


def token(key: Any = EC_KEY, algorithm: str = "ES384", kid: str | None = "ec=/1", **changes: Any) -> str:
    claims: dict[str, Any] = {
        "iss": ISSUER,
        "aud": ENDPOINT,
        "iat": NOW,
        "exp": NOW + 300,
        "jti": "j1",
        "sub": "client",
        "nbf": NOW - 300,
    }
    header = {"typ": "JWT", "kid": kid} | changes.pop("header", {})
    claims |= changes
    return jwt.encode(
        {name: value for name, value in claims.items() if value is not None},
        key,
        algorithm,
        {name: value for name, value in header.items() if value is not None},
    )


def unsigned(algorithm: str, claims: dict[str, Any]) -> str:
    """A token without a signature, written by hand."""

    def part(data: dict[str, Any]) -> str:
        return base64.urlsafe_b64encode(json.dumps(data).encode()).rstrip(b"=").decode()

    return f"{part({'alg': algorithm, 'typ': 'JWT', 'kid': 'rsa'})}.{part(claims)}."


CLAIMS = {"iss": ISSUER, "aud": ENDPOINT, "iat": NOW, "exp": NOW + 300, "jti": "j"}
PUBLIC_PEM = RSA_KEY.public_key().public_bytes(
    serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
)

ACCEPTED: dict[str, Callable[[], str]] = {
    "ES384": token,
    "RS384": lambda: token(RSA_KEY, "RS384", "rsa"),
    "audience as a list": lambda: token(aud=["https://other.example.org", ENDPOINT]),
    "audience with a trailing slash": lambda: token(aud=f"{ENDPOINT}/"),
    "a registered further audience": lambda: token(aud="x"),
    "issued half a second ahead": lambda: token(iat=NOW + 0.5),
    "issued within the leeway": lambda: token(iat=NOW + 59),
    "expired within the leeway": lambda: token(iat=NOW - 300, exp=NOW - 59),
    "typ in lower case": lambda: token(header={"typ": "jwt"}),
    "further claims": lambda: token(tenant="t", extra={"a": 1}),
    "a vendor's fifteen minutes": lambda: token(exp=NOW + 900),
}

REFUSED: dict[str, Callable[[], str]] = {
    "alg none": lambda: unsigned("none", CLAIMS),
    "alg None": lambda: unsigned("None", CLAIMS),
    "HS256 with the public key as secret": lambda: _hmac("HS256"),
    "HS384 with the public key as secret": lambda: _hmac("HS384"),
    "an algorithm that is not registered": lambda: token(EC256_KEY, "ES256", "ec256"),
    "RS256 where RS384 is registered": lambda: token(RSA_KEY, "RS256", "rsa"),
    "a key of the other type": lambda: token(RSA_KEY, "RS384", "ec=/1"),
    "a stranger's signature": lambda: token(STRANGER),
    "an unknown key id": lambda: token(kid="other"),
    "a key id that is a path": lambda: token(kid="../../etc/passwd"),
    "no key id": lambda: token(kid=None),
    "a key for encryption": lambda: token(kid="enc"),
    "a key bound to another algorithm": lambda: token(kid="other-alg"),
    "no typ": lambda: token(header={"typ": ""}),
    "another typ": lambda: token(header={"typ": "at+jwt"}),
    "a jku outside the registry": lambda: token(header={"jku": "https://evil.example.org/jwks.json"}),
    "critical extensions": lambda: token(header={"crit": ["b64"], "b64": True}),
    "an unknown issuer": lambda: token(iss="https://sandbox.cds-hooks.org"),
    "the issuer with a trailing slash": lambda: token(iss=f"{ISSUER}/"),
    "another service's audience": lambda: token(aud="https://cds.example.org/cds-services/relapse-regimen"),
    "the bare host as audience": lambda: token(aud="https://cds.example.org"),
    "no issuer": lambda: token(iss=None),
    "no audience": lambda: token(aud=None),
    "no expiry": lambda: token(exp=None),
    "no issue time": lambda: token(iat=None),
    "no token id": lambda: token(jti=None),
    "an empty token id": lambda: token(jti=""),
    "expired": lambda: token(iat=NOW - 400, exp=NOW - 61),
    "issued in the future": lambda: token(iat=NOW + 61),
    "not yet valid": lambda: token(nbf=NOW + 61),
    "a life of more than the limit": lambda: token(exp=NOW + 1801),
    "an expiry beyond all time": lambda: token(exp=10**30),
    "an expiry that is no number": lambda: token(exp="soon"),
    "an issue time that is true": lambda: token(iat=True),
    "an issuer that is a list": lambda: unsigned("ES384", {**CLAIMS, "iss": [ISSUER]}),
    "not a token": lambda: "abc",
    "two parts": lambda: "abc.def",
    "a broken signature": lambda: token()[:-4] + "AAAA",
    "longer than any token": lambda: "a" * (MAX_TOKEN_LENGTH + 1),
}


def _hmac(algorithm: str) -> str:
    """Sign with the public key as HMAC secret, which PyJWT itself refuses to do."""
    import hashlib  # noqa: PLC0415  # used by the forgery alone
    import hmac  # noqa: PLC0415

    head, body, _ = unsigned(algorithm, CLAIMS).split(".")
    digest = hashlib.sha256 if algorithm == "HS256" else hashlib.sha384
    signature = hmac.new(PUBLIC_PEM, f"{head}.{body}".encode(), digest).digest()
    return f"{head}.{body}.{base64.urlsafe_b64encode(signature).rstrip(b'=').decode()}"


@pytest.mark.req("JWT-03", "JWT-07", "JWT-08")
@pytest.mark.parametrize("case", ACCEPTED)
def test_given_an_acceptable_token_when_verified_then_its_ehr_comes_back(verifier: TokenVerifier, case: str) -> None:
    assert verifier.verify(f"Bearer {ACCEPTED[case]()}", (ENDPOINT,)).name == "ehr"


@pytest.mark.req("JWT-01", "JWT-02", "JWT-04", "JWT-05", "JWT-06")
@pytest.mark.parametrize("case", REFUSED)
def test_given_a_forged_or_stale_token_when_verified_then_it_is_refused_without_a_reason(
    verifier: TokenVerifier, case: str
) -> None:
    with pytest.raises(NotAuthenticated) as refused:
        verifier.verify(f"Bearer {REFUSED[case]()}", (ENDPOINT,))

    assert refused.value.safe_text == "Not authenticated."


@pytest.mark.req("AUTH-02")
@pytest.mark.parametrize("header", [None, "", "Bearer", "Bearer ", "Basic abc", "token"])
def test_given_no_bearer_token_when_verified_then_it_is_refused(verifier: TokenVerifier, header: str | None) -> None:
    with pytest.raises(NotAuthenticated):
        verifier.verify(header, (ENDPOINT,))


@pytest.mark.req("JWT-10")
def test_given_the_same_token_twice_when_verified_then_the_second_is_a_replay(verifier: TokenVerifier) -> None:
    once = token()
    verifier.verify(f"Bearer {once}", (ENDPOINT,))

    with pytest.raises(NotAuthenticated):
        verifier.verify(f"Bearer {once}", (ENDPOINT,))


def test_given_a_forged_token_when_refused_then_its_id_is_not_used_up(verifier: TokenVerifier) -> None:
    """Otherwise a stranger could burn the ids of tokens he has seen claimed."""
    with pytest.raises(NotAuthenticated):
        verifier.verify(f"Bearer {token(STRANGER)}", (ENDPOINT,))

    assert verifier.verify(f"Bearer {token()}", (ENDPOINT,)).name == "ehr"


def test_given_an_accepted_token_when_its_id_is_kept_then_for_its_life_and_the_leeway(verifier: TokenVerifier) -> None:
    verifier.verify(f"Bearer {token()}", (ENDPOINT,))

    assert isinstance(verifier.replay, Once)
    assert verifier.replay.until == [NOW + 300 + 60]


def test_given_a_tenant_in_the_registry_when_the_token_lacks_it_then_it_is_refused(
    verifier: TokenVerifier, tmp_path: Path
) -> None:
    ehr = verifier.registry.ehrs[0].model_copy(update={"tenant": "t1"})
    strict = TokenVerifier(Registry((ehr,)), verifier.keys, Once())

    assert strict.verify(f"Bearer {token(tenant='t1')}", (ENDPOINT,)).tenant == "t1"
    with pytest.raises(NotAuthenticated):
        strict.verify(f"Bearer {token(jti='j2')}", (ENDPOINT,))
