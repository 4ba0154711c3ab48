"""A production server with one registered EHR, over HTTP: who gets in, and where its tokens may go."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from cds_server.settings import read_settings
from cds_server.store.database import Database, create_engine_for
from hooks.errors import SettingsError
from tests.contract.checker import check_discovery, check_error, check_json
from tests.contract.served import Server, serving, view
from tests.integration.fake_ehr import fake_ehr

PUBLIC = "https://cds.example.org"
ISSUER = "https://ehr.example.org/oauth"
SERVICE = "relapse-regimen"
ENDPOINT = f"{PUBLIC}/cds-services/{SERVICE}"
CHILD = "mycn-amplified-at-relapse"
ELLIPTIC = ec.generate_private_key(ec.SECP384R1())
RSA = rsa.generate_private_key(public_exponent=65537, key_size=2048)
STRANGER = ec.generate_private_key(ec.SECP384R1())
REGISTRY = """
ehrs:
  - name: hospital
    issuer: https://ehr.example.org/oauth
    jwks_file: {keys}
    fhir_bases: [https://ehr.example.org/r4]
"""


def public_key(key: Any, key_id: str) -> dict[str, Any]:
    kind = jwt.algorithms.RSAAlgorithm if isinstance(key, rsa.RSAPrivateKey) else jwt.algorithms.ECAlgorithm
    return {**json.loads(kind.to_jwk(key.public_key())), "kid": key_id}


@pytest.fixture(scope="module")
def production(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder: Path = tmp_path_factory.mktemp("trust")
    (folder / "keys.json").write_text(json.dumps({"keys": [public_key(ELLIPTIC, "e"), public_key(RSA, "r")]}))
    (folder / "ehrs.yaml").write_text(REGISTRY.format(keys=folder / "keys.json"))
    database_url = f"sqlite:///{folder / 'memory.db'}"
    Database(create_engine_for(database_url), time.monotonic).upgrade()
    settings = {
        "mode": "production",
        "public_url": PUBLIC,
        "as_of": None,
        "ehr_registry": folder / "ehrs.yaml",
        "database_url": database_url,
        "fingerprint_key": "k" * 32,
    }
    with serving(**settings) as server:
        yield server


def token(key: Any = ELLIPTIC, algorithm: str = "ES384", *, kid: str = "e", **changes: Any) -> str:
    now = int(time.time())
    claims = {"iss": ISSUER, "aud": ENDPOINT, "iat": now, "exp": now + 300, "jti": str(uuid.uuid4())}
    header = {"typ": "JWT", "kid": kid, **changes.pop("header", {})}
    kept = {name: value for name, value in {**claims, **changes}.items() if value is not None}
    return jwt.encode(kept, key, algorithm, {name: value for name, value in header.items() if value is not None})


def forged(algorithm: str, sign: Callable[[bytes], bytes]) -> str:
    """A token whose header says what the library would refuse to write."""

    def part(data: bytes) -> str:
        return base64.urlsafe_b64encode(data).rstrip(b"=").decode()

    now = int(time.time())
    header = json.dumps({"alg": algorithm, "typ": "JWT", "kid": "r"}).encode()
    claims = {"iss": ISSUER, "aud": ENDPOINT, "iat": now, "exp": now + 300, "jti": str(uuid.uuid4())}
    signed = f"{part(header)}.{part(json.dumps(claims).encode())}"
    return f"{signed}.{part(sign(signed.encode()))}"


def hmac_by_public_key(data: bytes) -> bytes:
    pem = RSA.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    return hmac.new(pem, data, hashlib.sha256).digest()


@pytest.mark.req("AUTH-03", "JWT-07", "JWT-08", "AUTH-01")
@pytest.mark.parametrize(
    "made",
    [token, lambda: token(RSA, "RS384", kid="r"), lambda: token(aud=["https://other.example.org", ENDPOINT])],
    ids=["ES384", "RS384", "audience in a list"],
)
def test_given_a_signed_token_of_a_registered_ehr_when_a_service_is_called_then_it_answers(
    production: Server, made: Callable[[], str]
) -> None:
    """Its keys were exchanged as a file: no address is asked."""
    answer = production.post(SERVICE, view(CHILD), Authorization=f"Bearer {made()}")

    assert answer.status_code == 200


@pytest.mark.req("AUTH-02", "FB-09")
def test_given_a_token_for_each_endpoint_when_called_then_discovery_and_feedback_let_it_in_too(
    production: Server,
) -> None:
    discovery = f"{PUBLIC}/cds-services"
    body = {"feedback": [{"card": "c", "outcome": "overridden", "outcomeTimestamp": "2026-11-22T10:00:00Z"}]}
    url = f"{production.url}/cds-services/{SERVICE}/feedback"

    listed = production.get("/cds-services", Authorization=f"Bearer {token(aud=discovery)}")
    answers = [
        production.session.post(url, json=body, headers={"Authorization": f"Bearer {token(aud=aud)}"}, timeout=10)
        for aud in (f"{ENDPOINT}/feedback", ENDPOINT)
    ]

    check_discovery(check_json(listed.content))
    assert [answer.status_code for answer in answers] == [200, 200]


REFUSED: dict[str, Callable[[], str]] = {
    "none at all": lambda: "",
    "no scheme": token,
    "alg none": lambda: f"Bearer {forged('none', lambda _: b'')}",
    "HS256 by the public key": lambda: f"Bearer {forged('HS256', hmac_by_public_key)}",
    "a stranger's key": lambda: f"Bearer {token(STRANGER)}",
    "an unknown issuer": lambda: f"Bearer {token(iss='https://evil.example.org')}",
    "another key address": lambda: f"Bearer {token(header={'jku': 'https://evil.example.org/keys'})}",
    "another endpoint": lambda: f"Bearer {token(aud=PUBLIC)}",
    "expired": lambda: f"Bearer {token(iat=1_000_000_000, exp=1_000_000_300)}",
    "no typ": lambda: f"Bearer {token(header={'typ': ''})}",
    "no kid": lambda: f"Bearer {token(header={'kid': None})}",
    **{
        f"no {claim}": lambda claim=claim: f"Bearer {token(**{claim: None})}"
        for claim in ("iss", "aud", "exp", "iat", "jti")  # type: ignore[misc]
    },
}


@pytest.mark.req("AUTH-01", "AUTH-02", "AUTH-03", "DISC-14")
@pytest.mark.req("JWT-01", "JWT-02", "JWT-03", "JWT-04", "JWT-05", "JWT-06", "JWT-11")
@pytest.mark.parametrize("case", REFUSED)
def test_given_no_acceptable_token_when_a_service_is_called_then_one_constant_401_says_no_reason(
    production: Server, case: str
) -> None:
    answer = production.post(SERVICE, view(CHILD), Authorization=REFUSED[case]())

    body = check_error(answer.content)
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert body["issue"] == [{"severity": "error", "code": "login", "diagnostics": "Not authenticated."}]


@pytest.mark.req("JWT-10")
def test_given_a_token_that_was_used_when_it_comes_again_then_it_is_refused(production: Server) -> None:
    once = token()

    answers = [production.post(SERVICE, view(CHILD), Authorization=f"Bearer {once}") for _ in range(2)]

    assert [answer.status_code for answer in answers] == [200, 401]


@pytest.mark.req("REQ-06", "PRIV-02")
@pytest.mark.parametrize("form", ["http", "with a user", "another host"])
def test_given_a_fhir_server_without_https_or_registration_when_data_is_missing_then_it_never_sees_the_token(
    production: Server, form: str
) -> None:
    with fake_ehr() as ehr:
        server = {
            "http": ehr.base,
            "with a user": "https://ehr.example.org@127.0.0.1/r4",
            "another host": "https://127.0.0.1:9/r4",
        }[form]
        body = {**view(CHILD), "prefetch": {}, "fhirServer": server, "fhirAuthorization": {"access_token": "opaque"}}

        answer = production.post(SERVICE, body, Authorization=f"Bearer {token()}")

        assert answer.status_code == 412
        assert ehr.asked == []
        assert "opaque" not in answer.text


@pytest.mark.req("TLS-01", "AUTH-01")
@pytest.mark.parametrize("address", [None, "http://cds.example.org"])
def test_given_production_without_an_https_address_when_it_is_configured_then_it_does_not_start(
    address: str | None,
) -> None:
    with pytest.raises(SettingsError, match="https"):
        read_settings(mode="production", public_url=address, fingerprint_key="k" * 32)
