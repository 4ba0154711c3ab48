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
    codes: {RELAPSE_BIOPSY: {code: "4711"}}
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
    assert ehr.site_codes["RELAPSE_BIOPSY"].code == "4711"
    assert registry.find("https://ehr.example.org/fhir") is ehr
    assert registry.find("https://ehr.example.org/fhir/") is None
    assert registry.find(["https://ehr.example.org/fhir"]) is None


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("issuer: https://ehr.example.org/fhir", "issuer: https://sandbox.cds-hooks.org"),
        ("issuer: https://ehr.example.org/fhir", "issuer: https://SANDBOX.cds-hooks.org/"),
        ("https://ehr.example.org/jwks.json", "https://sandbox.cds-hooks.org/.well-known/jwks.json"),
        ("jwks_url: https://ehr", "jwks_url: http://ehr"),
        ("jwks_url: https://ehr", "jwks_url: https://user@ehr"),
        ("    jwks_url: https://ehr.example.org/jwks.json\n", ""),
        ("    client_profile", "    jwks_file: keys.json\n    client_profile"),
        ("[https://ehr.example.org/r4/]", "[]"),
        ("[https://ehr.example.org/r4/]", "[http://ehr.example.org/r4]"),
        ("[https://ehr.example.org/r4/]", "['https://ehr.example.org/r4?x=1']"),
        ("[https://ehr.example.org/r4/]", "['https://ehr.example.org:x/r4']"),
        ("[https://ehr.example.org/r4/]", "[https://ehr.example.org/r4/../r5]"),
        ("[https://chart.example.org]", "[https://chart.example.org/page]"),
        ("[https://chart.example.org]", "[http://chart.example.org]"),
        ("client_profile: epic", "client_profile: text_only"),
        ('{code: "4711"}', '"4711"'),
        ('{code: "4711"}', '{code: "4711", kind: panel}'),
        ("jwks_url: https://ehr.example.org/jwks.json", "jwks_file: none.json"),
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


def entry(**changes: str) -> str:
    """Return another hospital's entry."""
    members = {
        "name": "second",
        "issuer": "https://second.example.org",
        "jwks_url": "https://second.example.org/jwks.json",
        "fhir_bases": "[https://second.example.org/r4]",
        **changes,
    }
    lines = "\n".join(f"    {name}: {value}" for name, value in members.items())
    return f"  -{lines[3:]}\n"


FIRST = {"issuer": "https://ehr.example.org/fhir", "fhir_bases": "[https://ehr.example.org/r4]"}


@pytest.mark.parametrize("is_first", [True, False])
@pytest.mark.parametrize("tenant", [{}, {"tenant": "t1"}])
def test_given_one_issuer_twice_when_its_tenants_do_not_tell_them_apart_then_it_is_refused(
    tmp_path: Path, tenant: dict[str, str], *, is_first: bool
) -> None:
    again = entry(**FIRST, **tenant)
    text = GOOD.replace("ehrs:\n", f"ehrs:\n{again}") if is_first else GOOD + again

    with pytest.raises(SettingsError, match="twice"):
        read_registry(written(tmp_path, text))


def test_given_two_tenants_of_one_issuer_when_read_then_each_is_found_by_its_tenant_alone(tmp_path: Path) -> None:
    text = GOOD.replace("    jwks_url", "    tenant: t0\n    jwks_url") + entry(**FIRST, tenant="t1")

    registry = read_registry(written(tmp_path, text))

    found = [registry.find("https://ehr.example.org/fhir", tenant) for tenant in ("t0", "t1", "t2", None)]
    assert [ehr.name if ehr else None for ehr in found] == ["main-hospital", "second", None, None]


def test_given_one_name_twice_when_read_then_it_is_refused(tmp_path: Path) -> None:
    """Hazard: two hospitals share keys and memory, which go by the name."""
    with pytest.raises(SettingsError, match="twice"):
        read_registry(written(tmp_path, GOOD + entry(name="main-hospital")))


@pytest.mark.parametrize(
    "base",
    [
        "https://ehr.example.org/r4",
        "https://EHR.example.org:443/r4/",
        "https://ehr.example.org",
        "https://ehr.example.org/r4/x",
    ],
)
def test_given_one_fhir_base_of_two_issuers_when_read_then_it_is_refused(tmp_path: Path, base: str) -> None:
    """Hazard: a token of one hospital is presented to another's server."""
    with pytest.raises(SettingsError, match="another issuer"):
        read_registry(written(tmp_path, GOOD + entry(fhir_bases=f"[{base}]")))


def test_given_bases_that_only_look_alike_when_read_then_both_are_registered(tmp_path: Path) -> None:
    registry = read_registry(written(tmp_path, GOOD + entry(fhir_bases="[https://ehr.example.org/r42]")))

    assert len(registry.ehrs) == 2


def test_given_a_key_file_when_read_then_it_stands_beside_the_registry(tmp_path: Path) -> None:
    (tmp_path / "keys.json").write_text("{}")
    text = GOOD.replace("jwks_url: https://ehr.example.org/jwks.json", "jwks_file: keys.json")

    (ehr,) = read_registry(written(tmp_path, text)).ehrs

    assert ehr.jwks_file == tmp_path / "keys.json"


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


@pytest.mark.parametrize("text", ["", "- ehrs\n", "nothing\n"])
def test_given_a_file_without_a_list_when_read_then_the_message_says_what_it_must_hold(
    tmp_path: Path, text: str
) -> None:
    with pytest.raises(SettingsError, match="must hold the list `ehrs`"):
        read_registry(written(tmp_path, text))
