"""A FHIR server behind TLS: its certificate counts, the deadline holds there too."""

from __future__ import annotations

import ssl
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.integration.fake_ehr import FakeEHR, Reply, fake_ehr
from tests.integration.live import live_server
from tests.unit.toy_pathway import a_bundle, a_call, a_full_prefetch, an_observation


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with a fresh key and a certificate for localhost that nobody signed but itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path_factory.mktemp("tls") / "ehr.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file.write_bytes(private + signed.public_bytes(serialization.Encoding.PEM))
    return file


@pytest.fixture
def secure_ehr(certificate: Path) -> Iterator[FakeEHR]:
    """A fake EHR with that certificate."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with fake_ehr(context) as running:
        yield running


def asking(ehr: FakeEHR) -> dict[str, object]:
    prefetch = {key: value for key, value in a_full_prefetch().items() if key != "labs"}
    return a_call(prefetch=prefetch, fhirServer=ehr.base, fhirAuthorization={"access_token": "t"})


@pytest.mark.req("REQ-06", "TLS-01")
def test_given_a_certificate_of_a_known_authority_when_data_is_missing_then_it_is_fetched(
    secure_ehr: FakeEHR, certificate: Path
) -> None:
    secure_ehr.answer("Observation", a_bundle(an_observation()))

    with live_server(fhir_ca_bundle=certificate) as live:
        summary = live.summary(asking(secure_ehr))

    assert "labs:present" in summary


@pytest.mark.req("TLS-01")
def test_given_a_certificate_of_nobody_when_data_is_missing_then_no_token_is_sent(secure_ehr: FakeEHR) -> None:
    """Hazard: the access token reaches somebody who pretends to be the EHR."""
    with live_server() as live:
        summary = live.summary(asking(secure_ehr))

    assert "labs:failed" in summary
    assert secure_ehr.asked == []


def test_given_a_dripping_server_behind_tls_when_the_deadline_passes_then_the_answer_comes(
    secure_ehr: FakeEHR, certificate: Path
) -> None:
    secure_ehr.answer("Observation", Reply(a_bundle(*[an_observation(n) for n in range(50)]), drip=True))
    start = time.monotonic()

    with live_server(fhir_ca_bundle=certificate, call_deadline_s=1) as live:
        summary = live.summary(asking(secure_ehr))

    assert "labs:failed" in summary
    assert time.monotonic() - start < 2.5
