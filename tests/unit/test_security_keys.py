"""Public keys: only from registered addresses, within limits of size and time."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jwt
import pytest
import requests
import responses
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from cds_server.security.keys import MAX_JWKS_BYTES, MAX_KEYS, RETRY_AFTER_S, TIME_TO_LIVE_S, KeyStore
from cds_server.security.registry import EHR

ADDRESS = "https://ehr.example.org/jwks.json"
EC_KEY = ec.generate_private_key(ec.SECP384R1())
RSA_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)


def jwk(key_id: str, **more: Any) -> dict[str, Any]:
    return {**json.loads(jwt.algorithms.ECAlgorithm.to_jwk(EC_KEY.public_key())), "kid": key_id, **more}


@pytest.fixture
def ehr() -> EHR:
    return EHR(
        name="ehr", issuer="https://ehr.example.org", jwks_url=ADDRESS, fhir_bases=("https://ehr.example.org/r4",)
    )


class Clock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@responses.activate
def test_given_a_known_key_when_asked_twice_then_it_is_fetched_once(ehr: EHR, clock: Clock) -> None:
    responses.get(ADDRESS, json={"keys": [jwk("k1")]})
    store = KeyStore(clock)

    assert store.key(ehr, "k1", "ES384") is not None
    assert store.key(ehr, "k1", "ES384") is not None
    assert len(responses.calls) == 1


@responses.activate
@pytest.mark.req("JWT-04", "JWT-09")
def test_given_a_rotated_key_when_asked_for_then_one_refresh_is_made_per_minute(ehr: EHR, clock: Clock) -> None:
    responses.get(ADDRESS, json={"keys": [jwk("k1")]})
    store = KeyStore(clock)
    assert store.key(ehr, "k2", "ES384") is None
    responses.replace(responses.GET, ADDRESS, json={"keys": [jwk("k2")]})

    clock.now += RETRY_AFTER_S
    assert store.key(ehr, "k2", "ES384") is None
    clock.now += 1
    assert store.key(ehr, "k2", "ES384") is not None
    assert len(responses.calls) == 2


@responses.activate
def test_given_an_old_cache_when_the_address_fails_then_old_keys_are_no_longer_trusted(ehr: EHR, clock: Clock) -> None:
    responses.get(ADDRESS, json={"keys": [jwk("k1")]})
    store = KeyStore(clock)
    assert store.key(ehr, "k1", "ES384") is not None
    responses.replace(responses.GET, ADDRESS, status=503)

    clock.now += TIME_TO_LIVE_S
    assert store.key(ehr, "k1", "ES384") is not None
    clock.now += 1
    assert store.key(ehr, "k1", "ES384") is None


@responses.activate
def test_given_a_failing_refresh_when_the_cache_is_young_then_its_keys_stay(ehr: EHR, clock: Clock) -> None:
    responses.get(ADDRESS, json={"keys": [jwk("k1")]})
    store = KeyStore(clock)
    store.key(ehr, "k1", "ES384")
    responses.replace(responses.GET, ADDRESS, status=500)
    clock.now += RETRY_AFTER_S + 1

    assert store.key(ehr, "unknown", "ES384") is None
    assert store.key(ehr, "k1", "ES384") is not None


BAD_ANSWERS: dict[str, Callable[[], dict[str, Any]]] = {
    "a redirect": lambda: {"status": 302, "headers": {"Location": "https://evil.example.org/"}},
    "an error": lambda: {"status": 404},
    "no JSON": lambda: {"body": "<html>"},
    "a list": lambda: {"json": []},
    "no keys": lambda: {"json": {}},
    "keys that are no list": lambda: {"json": {"keys": {}}},
    "too many keys": lambda: {"json": {"keys": [jwk(str(n)) for n in range(MAX_KEYS + 1)]}},
    "too many bytes": lambda: {"body": " " * (MAX_JWKS_BYTES + 1)},
    "one id twice": lambda: {"json": {"keys": [jwk("k1"), jwk("k1")]}},
    "deep nesting": lambda: {"body": "[" * 100_000},
    "a broken connection": lambda: {"body": requests.ConnectionError("refused")},
}


@responses.activate
@pytest.mark.parametrize("case", BAD_ANSWERS)
def test_given_a_bad_answer_when_a_key_is_asked_for_then_there_is_none(ehr: EHR, clock: Clock, case: str) -> None:
    responses.get(ADDRESS, **BAD_ANSWERS[case]())

    assert KeyStore(clock).key(ehr, "k1", "ES384") is None
    assert len(responses.calls) == 1


@responses.activate
@pytest.mark.parametrize(
    ("entry", "algorithm"),
    [
        (jwk("k1", use="enc"), "ES384"),
        (jwk("k1", alg="ES256"), "ES384"),
        (jwk("k1"), "RS384"),
        (jwk("k1", x="!!"), "ES384"),
        ({"kid": "k1", "kty": "EC"}, "ES384"),
        ({"kid": 5, "kty": "EC"}, "ES384"),
        ("text", "ES384"),
    ],
)
def test_given_a_key_that_does_not_fit_when_asked_for_then_there_is_none(
    ehr: EHR, clock: Clock, entry: Any, algorithm: str
) -> None:
    responses.get(ADDRESS, json={"keys": [entry]})

    assert KeyStore(clock).key(ehr, "k1", algorithm) is None


@pytest.mark.req("JWT-08")
def test_given_a_file_when_a_key_is_asked_for_then_no_address_is_needed(tmp_path: Path, clock: Clock) -> None:
    path = tmp_path / "jwks.json"
    path.write_text(json.dumps({"keys": [jwk("k1")]}))
    ehr = EHR(name="e", issuer="i", jwks_file=path, fhir_bases=("https://ehr.example.org/r4",))

    assert KeyStore(clock).key(ehr, "k1", "ES384") is not None
    path.unlink()
    clock.now += TIME_TO_LIVE_S + 1
    assert KeyStore(clock).key(ehr, "k1", "ES384") is None
