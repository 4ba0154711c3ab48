"""Public keys: only from registered addresses, within limits of size and time."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jwt
import pytest
import requests
import responses
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from cds_server.fhir.client import open_session
from cds_server.security import keys
from cds_server.security.keys import (
    EMPTY_RETRY_S,
    MAX_JWKS_BYTES,
    MAX_KEYS,
    REFRESH_AFTER_S,
    RETRY_AFTER_S,
    TIME_TO_LIVE_S,
    KeyStore,
)
from cds_server.security.registry import EHR
from cds_server.settings import Settings
from tests.integration.fake_ehr import FakeEHR, Reply, fake_ehr

ADDRESS = "https://ehr.example.org/jwks.json"
SESSION = open_session(Settings())
EC_KEY = ec.generate_private_key(ec.SECP384R1())
RSA_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)


def jwk(key_id: str, **more: Any) -> dict[str, Any]:
    return {**json.loads(jwt.algorithms.ECAlgorithm.to_jwk(EC_KEY.public_key())), "kid": key_id, **more}


WEAK_RSA_KEY = rsa.generate_private_key(public_exponent=65537, key_size=1024)  # noqa: S505 - that is the point
WEAK_RSA = {**json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(WEAK_RSA_KEY.public_key())), "kid": "k1"}


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
    store = KeyStore(clock, SESSION)

    assert store.key(ehr, "k1", "ES384") is not None
    assert store.key(ehr, "k1", "ES384") is not None
    assert len(responses.calls) == 1


@responses.activate
@pytest.mark.req("JWT-04", "JWT-09")
def test_given_a_rotated_key_when_asked_for_then_one_refresh_is_made_per_minute(ehr: EHR, clock: Clock) -> None:
    responses.get(ADDRESS, json={"keys": [jwk("k1")]})
    store = KeyStore(clock, SESSION)
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
    store = KeyStore(clock, SESSION)
    assert store.key(ehr, "k1", "ES384") is not None
    responses.replace(responses.GET, ADDRESS, status=503)

    clock.now += TIME_TO_LIVE_S
    assert store.key(ehr, "k1", "ES384") is not None
    clock.now += 1
    assert store.key(ehr, "k1", "ES384") is None


@responses.activate
def test_given_keys_older_than_an_hour_when_asked_for_then_they_are_read_anew_and_a_removed_one_is_gone(
    ehr: EHR, clock: Clock
) -> None:
    """Hazard: a key that an EHR withdrew opens the door for as long as this process lives."""
    responses.get(ADDRESS, json={"keys": [jwk("k1")]})
    store = KeyStore(clock, SESSION)
    assert store.key(ehr, "k1", "ES384") is not None
    responses.replace(responses.GET, ADDRESS, json={"keys": [jwk("k2")]})

    clock.now += REFRESH_AFTER_S
    assert store.key(ehr, "k1", "ES384") is not None
    clock.now += 1
    assert store.key(ehr, "k1", "ES384") is None
    assert store.key(ehr, "k2", "ES384") is not None
    assert len(responses.calls) == 2


@responses.activate
def test_given_no_key_at_all_when_the_address_is_back_then_it_is_tried_after_seconds(ehr: EHR, clock: Clock) -> None:
    responses.get(ADDRESS, status=503)
    store = KeyStore(clock, SESSION)
    assert store.key(ehr, "k1", "ES384") is None
    responses.replace(responses.GET, ADDRESS, json={"keys": [jwk("k1")]})

    clock.now += EMPTY_RETRY_S
    assert store.key(ehr, "k1", "ES384") is None
    clock.now += 1
    assert store.key(ehr, "k1", "ES384") is not None


@responses.activate
def test_given_a_failing_refresh_when_the_cache_is_young_then_its_keys_stay(ehr: EHR, clock: Clock) -> None:
    responses.get(ADDRESS, json={"keys": [jwk("k1")]})
    store = KeyStore(clock, SESSION)
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

    assert KeyStore(clock, SESSION).key(ehr, "k1", "ES384") is None
    assert len(responses.calls) == 1


@responses.activate
@pytest.mark.parametrize(
    ("entry", "algorithm"),
    [
        (jwk("k1", use="enc"), "ES384"),
        (jwk("k1", alg="ES256"), "ES384"),
        (jwk("k1"), "RS384"),
        (jwk("k1", x="!!"), "ES384"),
        (jwk("k1", crv="secp999"), "ES384"),
        (WEAK_RSA, "RS384"),
        ({"kid": "k1", "kty": "EC"}, "ES384"),
        ({"kid": 5, "kty": "EC"}, "ES384"),
        ("text", "ES384"),
    ],
)
def test_given_a_key_that_does_not_fit_when_asked_for_then_there_is_none(
    ehr: EHR, clock: Clock, entry: Any, algorithm: str
) -> None:
    responses.get(ADDRESS, json={"keys": [entry]})

    assert KeyStore(clock, SESSION).key(ehr, "k1", algorithm) is None


@pytest.mark.req("JWT-08")
def test_given_a_file_when_a_key_is_asked_for_then_no_address_is_needed(tmp_path: Path, clock: Clock) -> None:
    path = tmp_path / "jwks.json"
    path.write_text(json.dumps({"keys": [jwk("k1")]}))
    ehr = EHR(name="e", issuer="i", jwks_file=path, fhir_bases=("https://ehr.example.org/r4",))

    assert KeyStore(clock, SESSION).key(ehr, "k1", "ES384") is not None
    path.unlink()
    clock.now += TIME_TO_LIVE_S + 1
    assert KeyStore(clock, SESSION).key(ehr, "k1", "ES384") is None


def of_server(name: str, server: FakeEHR) -> EHR:
    """Return an EHR whose keys stand on a fake server; only a test may leave https out."""
    good = EHR(name=name, issuer=name, jwks_url=ADDRESS, fhir_bases=("https://ehr.example.org/r4",))
    return good.model_copy(update={"jwks_url": f"{server.base}/{name}"})


@pytest.mark.parametrize("reply", [{"drip": True}, {"drip_head": True}])
def test_given_a_dripping_key_server_when_a_key_is_asked_for_then_the_wait_ends(
    clock: Clock, monkeypatch: pytest.MonkeyPatch, reply: dict[str, bool]
) -> None:
    """A time limit from byte to byte would never be reached."""
    monkeypatch.setattr(keys, "FETCH_TIMEOUT_S", 0.3)
    with fake_ehr() as server:
        server.answer("e", Reply({"keys": [jwk("k1")]}, **reply))  # type: ignore[arg-type]  # two flags

        assert KeyStore(clock, SESSION).key(of_server("e", server), "k1", "ES384") is None
        assert not server.closing.is_set()


def test_given_a_hanging_key_server_when_other_keys_are_asked_for_then_nobody_else_waits(clock: Clock) -> None:
    """Neither another EHR, nor a call whose key is at hand."""
    with fake_ehr() as server:
        hanging, well = of_server("hanging", server), of_server("well", server)
        server.answer("hanging", Reply({"keys": [jwk("k1")]}), Reply(hold=True))
        server.answer("well", Reply({"keys": [jwk("k1")]}))
        store = KeyStore(clock, SESSION)
        assert store.key(hanging, "k1", "ES384") is not None
        clock.now += REFRESH_AFTER_S + 1
        waiting = threading.Thread(target=store.key, args=(hanging, "k1", "ES384"))
        waiting.start()
        while len(server.asked) < 2:
            waiting.join(0.01)

        assert store.key(hanging, "k1", "ES384") is not None
        assert store.key(well, "k1", "ES384") is not None
        assert waiting.is_alive()
    waiting.join()


def test_given_many_calls_with_no_key_at_hand_when_they_come_together_then_one_fetch_serves_all(clock: Clock) -> None:
    with fake_ehr() as server:
        ehr = of_server("e", server)
        server.answer("e", Reply({"keys": [jwk("k1")]}))
        store = KeyStore(clock, SESSION)
        together = threading.Barrier(8)
        found: list[object] = []

        def ask() -> None:
            together.wait(10)
            found.append(store.key(ehr, "k1", "ES384"))

        threads = [threading.Thread(target=ask) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert len(server.asked) == 1
        assert None not in found
