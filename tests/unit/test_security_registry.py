"""The EHR registry: strict, unambiguous, and never the public sandbox."""

from __future__ import annotations

from pathlib import Path

import pytest

from cds_server.security.registry import EHR, Registry, read_registry
from hooks.errors import SettingsError

GOOD = """
ehrs:
  - name: main-hospital
    issuer: https://ehr.example.org/fhir
    jwks_url: https://ehr.example.org/jwks.json
    fhir_bases: [https://ehr.example.org/r4/]
    client_profile: epic
    allowed_origins: [https://chart.example.org]
    codes: {RELAPSE_BIOPSY: "4711"}
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "ehrs.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_given_a_good_file_when_read_then_the_ehr_is_typed_with_safe_defaults(tmp_path: Path) -> None:
    registry = read_registry(written(tmp_path, GOOD))
    (ehr,) = registry.ehrs

    assert ehr.algorithms == ("ES384", "RS384")
    assert ehr.fhir_bases == ("https://ehr.example.org/r4",)
    assert registry.origins == ("https://chart.example.org",)
    assert registry.find("https://ehr.example.org/fhir") is ehr
    assert registry.find("https://ehr.example.org/fhir/") is None
    assert registry.find(["https://ehr.example.org/fhir"]) is None


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("issuer: https://ehr.example.org/fhir", "issuer: https://sandbox.cds-hooks.org"),
        ("issuer: https://ehr.example.org/fhir", "issuer: https://SANDBOX.cds-hooks.org/"),
        ("jwks_url: https://ehr", "jwks_url: http://ehr"),
        ("jwks_url: https://ehr", "jwks_url: https://user@ehr"),
        ("    jwks_url: https://ehr.example.org/jwks.json\n", ""),
        ("    client_profile", "    jwks_file: keys.json\n    client_profile"),
        ("[https://ehr.example.org/r4/]", "[]"),
        ("[https://ehr.example.org/r4/]", "[http://ehr.example.org/r4]"),
        ("client_profile: epic", "client_profile: other"),
        ("client_profile: epic", "algorithms: [HS256]"),
        ("client_profile: epic", "algorithms: [none]"),
        ("client_profile: epic", "algorithms: []"),
        ("name: main-hospital", "name: Main Hospital"),
        ("client_profile: epic", "trust_all: true"),
        ("client_profile: epic", "client_profile: epic\n    client_profile: spec"),
        ("ehrs:", "others:"),
    ],
)
def test_given_a_bad_entry_when_read_then_the_server_does_not_start(tmp_path: Path, old: str, new: str) -> None:
    assert old in GOOD

    with pytest.raises(SettingsError, match="EHR registry"):
        read_registry(written(tmp_path, GOOD.replace(old, new)))


def test_given_one_issuer_twice_when_read_then_it_is_refused_and_two_tenants_are_not(tmp_path: Path) -> None:
    again = GOOD.split("ehrs:\n")[1].replace("main-hospital", "second")
    tenants = [text.replace("    jwks_url", f"    tenant: t{n}\n    jwks_url") for n, text in enumerate((GOOD, again))]

    with pytest.raises(SettingsError, match="twice"):
        read_registry(written(tmp_path, GOOD + again))
    with pytest.raises(SettingsError, match="twice"):
        read_registry(written(tmp_path, GOOD + tenants[1]))
    registry = read_registry(written(tmp_path, "".join(tenants)))
    found = registry.find("https://ehr.example.org/fhir", "t1")
    assert found is not None
    assert found.name == "second"
    assert registry.find("https://ehr.example.org/fhir") is None


def test_given_one_fhir_base_of_two_issuers_when_read_then_it_is_refused(tmp_path: Path) -> None:
    """Hazard: a token of one hospital is presented to another's server."""
    other = GOOD.split("ehrs:\n")[1].replace("main-hospital", "second").replace("org/fhir", "org/other")

    with pytest.raises(SettingsError, match="another issuer"):
        read_registry(written(tmp_path, GOOD + other))


def test_given_no_file_when_read_then_it_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="EHR registry"):
        read_registry(tmp_path / "none.yaml")


def test_given_nothing_registered_when_asked_then_nobody_is_found() -> None:
    assert Registry().find("anyone") is None
    assert Registry().origins == ()


def test_given_two_ehrs_with_one_origin_when_listed_then_it_stands_once() -> None:
    one = EHR(
        name="a",
        issuer="a",
        jwks_url="https://a.example.org/j",
        fhir_bases=("https://a.example.org/r4",),
        allowed_origins=("https://c.example.org/",),
    )

    assert Registry((one, one.model_copy(update={"issuer": "b"}))).origins == ("https://c.example.org",)
