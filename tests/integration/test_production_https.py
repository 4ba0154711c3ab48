"""A production server that fetches keys and charts over TLS: from registered addresses, with the right token, only."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.integration.fake_ehr import FakeEHR, Reply
from tests.integration.production import ES384, Process, production, public_key, signed
from tests.integration.tls_ehr import tls_ehr, write_certificates
from tests.unit.toy_pathway import a_bundle, a_call, a_condition, a_patient, an_observation

SERVICE = "/cds-services/toy-view"
RS384 = rsa.generate_private_key(public_exponent=65537, key_size=2048)
REGISTRY = """
ehrs:
  - name: main
    issuer: https://main.example.org/oauth
    jwks_url: {keys}/jwks.json
    fhir_bases: ["{base}"]
"""
ENTRY = """
  - name: {name}
    issuer: https://{name}.example.org
    jwks_url: {keys}/keys-of-{name}
    fhir_bases: ["https://{name}.example.org"]
"""
BAD_KEYS = {
    "redirecting": Reply(status=302, headers={"Location": "/fhir/jwks.json"}),
    "endless": Reply(raw=b" " * 300_000),
    "html": Reply(raw=b"<html>"),
    "silent": Reply(drop=True),
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("https")
    write_certificates(folder)
    return folder


@pytest.fixture(scope="module")
def registered(folder: Path) -> Iterator[FakeEHR]:
    """The registered EHR: its keys and its charts."""
    with tls_ehr(folder / "server.pem") as running:
        running.answer("jwks.json", {"keys": [public_key(ES384, "main"), public_key(RS384, "rsa")]})
        for name, reply in BAD_KEYS.items():
            running.answer(f"keys-of-{name}", reply)
        running.answer("Patient", a_patient())
        running.answer("Condition", a_bundle(a_condition()))
        yield running


@pytest.fixture
def ehr(registered: FakeEHR) -> FakeEHR:
    """The registered EHR, which has seen nothing but requests for keys."""
    registered.asked[:] = [asked for asked in registered.asked if asked.path.endswith("jwks.json")]
    return registered


@pytest.fixture
def evil(folder: Path) -> Iterator[FakeEHR]:
    """A server that anybody may name, under the same certificate authority."""
    with tls_ehr(folder / "server.pem") as running:
        yield running


@pytest.fixture(scope="module")
def server(folder: Path, registered: FakeEHR) -> Iterator[Process]:
    entries = "".join(ENTRY.format(name=name, keys=registered.base) for name in BAD_KEYS)
    (folder / "ehrs.yaml").write_text(REGISTRY.format(keys=registered.base, base=registered.base) + entries)
    with production(folder, CDS_FHIR_CA_BUNDLE=str(folder / "authority.pem"), CDS_WORKERS="1") as running:
        yield running


def a_fetching_call(base: str) -> dict[str, Any]:
    return a_call(prefetch={}, fhirServer=base, fhirAuthorization={"access_token": "the-access-token"})


def tokens_seen(ehr: FakeEHR) -> set[str]:
    return {asked.headers.get("Authorization", "") for asked in ehr.asked if not asked.path.startswith("jwks")}


@pytest.mark.req("JWT-04", "JWT-07", "JWT-09")
def test_given_keys_at_a_registered_address_when_tokens_come_then_they_are_fetched_once_and_nothing_else_is(
    server: Process, ehr: FakeEHR, evil: FakeEHR
) -> None:
    jku = {"jku": f"{ehr.base}/jwks.json"}
    statuses = [
        server.call(a_call(), token).status_code
        for token in (
            signed(SERVICE),
            signed(SERVICE, header=jku),
            signed(SERVICE, RS384, "RS384", header={"kid": "rsa"}),
            signed(SERVICE, header={"jku": f"{evil.base}/jwks.json"}),
            signed(SERVICE, header={"jku": f"{ehr.base}/other.json"}),
            signed(SERVICE, header={"kid": "unknown"}),
            signed(SERVICE, header={"kid": "unknown too"}),
        )
    ]

    assert statuses == [200, 200, 200, 401, 401, 401, 401]
    assert ehr.paths() == ["jwks.json"]
    assert evil.asked == []


@pytest.mark.req("JWT-09", "JWT-11")
@pytest.mark.parametrize("name", BAD_KEYS)
def test_given_keys_that_cannot_be_had_when_a_token_comes_then_it_is_refused_like_any_other(
    server: Process, ehr: FakeEHR, name: str
) -> None:
    answer = server.call(a_call(), signed(SERVICE, iss=f"https://{name}.example.org"))

    assert answer.status_code == 401
    assert set(ehr.paths()) - {"jwks.json"} == {f"keys-of-{name}"}


@pytest.mark.req("PRIV-02", "REQ-06")
def test_given_a_registered_base_when_data_is_fetched_then_the_token_goes_there_and_nowhere_else(
    server: Process, ehr: FakeEHR, evil: FakeEHR
) -> None:
    """Hazard: a next link or a reference in a chart carries the EHR's token to a stranger."""
    next_page = {"relation": "next", "url": f"{evil.base}/Observation?page=2"}
    ehr.answer("Observation", {**a_bundle(an_observation()), "link": [next_page]})

    answer = server.call(a_fetching_call(ehr.base))

    assert answer.status_code == 200
    assert tokens_seen(ehr) == {"Bearer the-access-token"}
    assert evil.asked == []


@pytest.mark.req("PRIV-02", "REQ-06")
@pytest.mark.parametrize("form", ["{evil}", "{base}@127.0.0.1", "{base}/..", "{base}x", "{base}/Patient", "{http}"])
def test_given_a_base_that_is_not_the_registered_one_when_it_is_named_then_nobody_is_asked(
    server: Process, ehr: FakeEHR, evil: FakeEHR, form: str
) -> None:
    named = form.format(evil=evil.base, base=ehr.base, http=ehr.base.replace("https:", "http:"))

    answer = server.call(a_fetching_call(named))

    assert answer.status_code == 412
    assert tokens_seen(ehr) == set()
    assert evil.asked == []


def test_given_a_certificate_that_nobody_vouches_for_when_keys_are_needed_then_no_token_opens(
    tmp_path: Path, ehr: FakeEHR
) -> None:
    (tmp_path / "ehrs.yaml").write_text(REGISTRY.format(keys=f"{ehr.base}/unknown", base=ehr.base))
    with production(tmp_path, CDS_WORKERS="1") as server:
        assert server.call(a_call()).status_code == 401
    assert "unknown/jwks.json" not in ehr.paths()


def test_given_production_when_nobody_switched_explanations_on_then_there_are_none(server: Process) -> None:
    answer = server.ask("POST", f"{SERVICE}/explain", signed(f"{SERVICE}/explain"), a_call())

    assert answer.status_code == 404
