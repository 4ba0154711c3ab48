"""A production server over real sockets: who gets in, by which token, on which path; everybody else gets one 401."""

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

import pytest
import requests
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tests.integration.fake_ehr import fake_ehr
from tests.integration.production import ES384, PUBLIC, Process, production, signed, signed_by_other
from tests.unit.toy_pathway import a_call

SERVICE = "/cds-services/toy-view"
FEEDBACK = {"feedback": [{"card": "c", "outcome": "overridden", "outcomeTimestamp": "2026-11-22T10:00:00Z"}]}
PATHS: dict[str, tuple[str, Any]] = {
    "/cds-services": ("GET", None),
    SERVICE: ("POST", a_call()),
    f"{SERVICE}/feedback": ("POST", FEEDBACK),
    f"{SERVICE}/explain": ("POST", a_call()),
    "/feedback/report": ("GET", None),
}
"""Every path that asks who calls, as registered clients call it."""
ORIGIN = {"Origin": "https://chart.main.example.org"}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Process]:
    with production(tmp_path_factory.mktemp("production"), CDS_EXPLAIN="true") as running:
        yield running


def encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def forged(algorithm: str, path: str, sign: Callable[[bytes], bytes], **header: Any) -> str:
    """Return a token whose header says what the library would refuse to write."""
    now = int(time.time())
    head = {"alg": algorithm, "typ": "JWT", "kid": "main", **header}
    claims = {"iss": "https://main.example.org/oauth", "aud": f"{PUBLIC}{path}", "iat": now, "exp": now + 300}
    text = f"{encoded(json.dumps(head).encode())}.{encoded(json.dumps({**claims, 'jti': str(uuid.uuid4())}).encode())}"
    return f"Bearer {text}.{encoded(sign(text.encode()))}"


def by_public_key(data: bytes) -> bytes:
    pem = ES384.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    return hmac.new(pem, data, hashlib.sha384).digest()


STRANGER = ec.generate_private_key(ec.SECP384R1())
P256 = ec.generate_private_key(ec.SECP256R1())
BAD_TOKENS: dict[str, Callable[[str], str | None]] = {
    "no header": lambda _: None,
    "another scheme": lambda path: signed(path).replace("Bearer", "Basic"),
    "no token": lambda _: "Bearer ",
    "rubbish": lambda _: "Bearer a.b.c",
    "alg none": lambda path: forged("none", path, lambda _: b""),
    "alg None": lambda path: forged("None", path, lambda _: b""),
    "HS384 by the public key": lambda path: forged("HS384", path, by_public_key),
    "an algorithm that is not registered": lambda path: signed(path, P256, "ES256"),
    "a stranger's key": lambda path: signed(path, STRANGER),
    "the key of another EHR": lambda path: signed(path, header={"kid": "other"}),
    "the issuer of another EHR": lambda path: signed(path, iss="https://other.example.org/oauth"),
    "an unknown issuer": lambda path: signed(path, iss="https://evil.example.org"),
    "the public sandbox": lambda path: signed(path, iss="https://sandbox.cds-hooks.org"),
    "a path for a key": lambda path: signed(path, header={"kid": "../main.json"}),
    "no key": lambda path: signed(path, header={"kid": None}),
    "a key in the header": lambda path: forged("ES384", path, by_public_key, jwk={"kty": "EC"}),
    "an address of keys": lambda path: signed(path, header={"jku": "https://evil.example.org/keys"}),
    "no type": lambda path: signed(path, header={"typ": ""}),
    "the bare host": lambda path: signed(path, aud="https://cds.example.org"),
    "this process's own address": lambda path: signed(path, aud=f"http://127.0.0.1{path}"),
    "another service": lambda path: signed(path, aud=f"{PUBLIC}/cds-services/toy-sign"),
    "expired": lambda path: signed(path, iat=1_000_000_000, exp=1_000_000_300),
    "not yet issued": lambda path: signed(path, iat=int(time.time()) + 120, exp=int(time.time()) + 300),
    "good for too long": lambda path: signed(path, exp=int(time.time()) + 7200),
    **{
        f"no {claim}": lambda path, claim=claim: signed(path, **{claim: None})  # type: ignore[misc]
        for claim in ("iss", "aud", "iat", "exp", "jti")
    },
}


@pytest.mark.req("AUTH-01", "AUTH-03", "JWT-03", "JWT-08", "FB-09")
@pytest.mark.parametrize("path", PATHS)
def test_given_a_token_made_out_to_a_path_when_it_is_called_then_the_registered_ehr_comes_in(
    server: Process, path: str
) -> None:
    method, body = PATHS[path]

    answer = server.ask(method, path, signed(path), body, **ORIGIN)

    assert answer.status_code == 200, answer.text
    assert answer.headers["Access-Control-Allow-Origin"] == ORIGIN["Origin"]


@pytest.mark.parametrize("path", [f"{SERVICE}/feedback", f"{SERVICE}/explain"])
def test_given_a_token_made_out_to_a_service_when_its_feedback_is_sent_then_it_is_taken(
    server: Process, path: str
) -> None:
    method, body = PATHS[path]

    assert server.ask(method, path, signed(SERVICE), body).status_code == 200
    assert server.ask(method, f"{path}/", signed(f"{SERVICE}/"), body).status_code == 200


@pytest.mark.req("AUTH-02", "JWT-01", "JWT-02", "JWT-04", "JWT-05", "JWT-06", "JWT-11", "CORS-01")
@pytest.mark.parametrize("path", PATHS)
def test_given_any_bad_token_when_a_path_is_called_then_every_answer_is_the_same_to_the_byte(
    server: Process, path: str
) -> None:
    """Hazard: the answer tells an attacker how near he is."""
    method, body = PATHS[path]

    answers = {case: server.ask(method, path, make(path), body, **ORIGIN) for case, make in BAD_TOKENS.items()}

    assert {case for case, answer in answers.items() if answer.status_code != 401} == set()
    assert len({answer.content for answer in answers.values()}) == 1
    assert len({tuple(sorted(told(answer).items())) for answer in answers.values()}) == 1
    assert told(next(iter(answers.values()))) == {
        "Access-Control-Allow-Origin": ORIGIN["Origin"],
        "Content-Type": "application/json",
        "WWW-Authenticate": "Bearer",
    }


def told(answer: requests.Response) -> dict[str, str]:
    names = ("Access-Control-Allow-Origin", "Content-Type", "WWW-Authenticate", "Allow", "Location", "Set-Cookie")
    return {name: answer.headers[name] for name in names if name in answer.headers}


@pytest.mark.req("JWT-03")
def test_given_a_token_for_one_path_when_another_is_called_then_it_does_not_open(server: Process) -> None:
    """Only feedback and explanations take the token of their service."""
    opened = {
        (made_for, path)
        for made_for in PATHS
        for path, (method, body) in PATHS.items()
        if server.ask(method, path, signed(made_for), body).status_code == 200
    }

    assert opened - {(path, path) for path in PATHS} == {
        (SERVICE, f"{SERVICE}/feedback"),
        (SERVICE, f"{SERVICE}/explain"),
    }


def test_given_a_token_that_carries_its_certificates_when_it_comes_then_only_one_beyond_all_use_is_refused(
    server: Process,
) -> None:
    long, longer = (signed(SERVICE, header={"x5c": ["A" * length]}) for length in (9_000, 11_500))

    assert len(long) > 12_000
    assert server.call(a_call(), long).status_code == 200
    assert len(longer) < 16_384
    assert server.call(a_call(), longer).status_code == 200
    assert server.call(a_call(), signed(SERVICE, header={"x5c": ["A" * 12_200]})).status_code == 401


@pytest.mark.req("JWT-10")
def test_given_a_used_token_when_it_comes_again_to_any_worker_or_after_a_restart_then_it_is_refused(
    tmp_path: Path,
) -> None:
    once, never_used = signed(SERVICE), signed(SERVICE)
    with production(tmp_path, CDS_WORKERS="3") as server:
        first = server.call(a_call(), once)
        again = [server.ask("POST", SERVICE, once, a_call(), Connection="close").status_code for _ in range(12)]
    with production(tmp_path, CDS_WORKERS="1") as server:
        restarted = server.call(a_call(), once)
        fresh = server.call(a_call(), never_used)

    assert (first.status_code, set(again), restarted.status_code, fresh.status_code) == (200, {401}, 401, 200)


@pytest.mark.req("JWT-10")
def test_given_a_broken_database_when_a_token_is_used_twice_then_its_worker_still_refuses_it(tmp_path: Path) -> None:
    with production(tmp_path, CDS_WORKERS="1") as server:
        for file in tmp_path.glob("cds.db*"):
            file.unlink()
        once = signed(SERVICE)

        assert [server.call(a_call(), once).status_code for _ in range(2)] == [200, 401]


def test_given_two_ehrs_when_both_call_then_each_is_answered_in_its_own_dialect_with_its_own_codes(
    server: Process,
) -> None:
    spec = server.call(a_call()).json()["cards"][0]
    epic = server.call(a_call(), signed_by_other(SERVICE)).json()["cards"][0]

    assert spec["selectionBehavior"] == "at-most-one"
    assert epic["selectionBehavior"] == "any"
    (suggestion,) = epic["suggestions"]
    (action,) = suggestion["actions"]
    assert action["resource"]["code"]["coding"][0]["code"] == "4711"
    assert "4711" not in json.dumps(spec)


@pytest.mark.req("CORS-01")
@pytest.mark.parametrize(
    ("token", "origin", "is_allowed"),
    [
        (signed, "https://chart.main.example.org", True),
        (signed, "https://CHART.main.example.org", False),
        (signed, "https://chart.other.example.org", False),
        (signed_by_other, "https://chart.other.example.org", True),
        (signed_by_other, "https://chart.main.example.org", False),
        (signed, "https://sandbox.cds-hooks.org", False),
        (signed, "http://localhost", False),
    ],
)
def test_given_the_page_of_an_ehr_when_it_calls_then_only_that_ehr_s_answers_are_readable_there(
    server: Process, token: Callable[[str], str], origin: str, *, is_allowed: bool
) -> None:
    answer = server.ask("POST", SERVICE, token(SERVICE), a_call(), Origin=origin)

    assert answer.status_code == 200
    assert answer.headers.get("Access-Control-Allow-Origin") == (origin if is_allowed else None)


@pytest.mark.req("CORS-01")
def test_given_a_preflight_when_it_comes_from_a_registered_page_then_no_token_is_asked(server: Process) -> None:
    wanted = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization,content-type"}

    mine = server.ask("OPTIONS", SERVICE, **ORIGIN, **wanted)
    evil = server.ask("OPTIONS", SERVICE, Origin="https://evil.example.org", **wanted)

    assert mine.headers["Access-Control-Allow-Origin"] == ORIGIN["Origin"]
    assert "Access-Control-Allow-Origin" not in evil.headers


@pytest.mark.req("REQ-06", "PRIV-02")
def test_given_a_fhir_server_that_is_not_registered_when_data_is_missing_then_it_sees_no_connection(
    server: Process,
) -> None:
    """Hazard: whoever can send a hook call has our server call any address, with the EHR's token."""
    with fake_ehr() as ehr:
        for base in (ehr.base, ehr.base.replace("http:", "https:"), "https://main.example.org@127.0.0.1/r4"):
            body = a_call(prefetch={}, fhirServer=base, fhirAuthorization={"access_token": "secret"})
            answer = server.call(body)
            assert answer.status_code == 412
            assert "secret" not in answer.text
        assert ehr.asked == []


@pytest.mark.req("PRIV-02")
def test_given_the_base_of_another_ehr_when_it_is_named_then_it_is_as_if_absent(server: Process) -> None:
    body = a_call(prefetch={}, fhirServer="https://other.example.org/r4", fhirAuthorization={"access_token": "secret"})

    answer = server.call(body)

    assert answer.status_code == 412
    assert json.loads(answer.content)["issue"][0]["code"] == "incomplete"


def test_given_production_when_asked_how_it_is_then_health_needs_no_token_and_hides_no_mode(server: Process) -> None:
    assert server.ask("GET", "/health").json() == {"status": "ok", "mode": "production"}
    assert server.ask("GET", "/health/ready").json() == {
        "status": "ready",
        "services": 3,
        "database": {"state": "ok", "failures": 0},
        "mode": "production",
    }


def test_given_production_when_discovery_is_asked_then_no_service_calls_itself_open(server: Process) -> None:
    services = server.ask("GET", "/cds-services", signed("/cds-services")).json()["services"]

    assert {service["usageRequirements"] for service in services} == {"FHIR R4."}
