"""Which FHIR addresses may be used, and how a template becomes a query for one patient and nobody else."""

from __future__ import annotations

import pytest

from cds_server.fhir.address import is_listed, parse_base
from cds_server.fhir.belonging import bare_id, is_about, is_other_patient
from cds_server.fhir.templates import fill, without_wishes
from hooks.pathways.relapsed_neuroblastoma.prefetch import TEMPLATES
from hooks.request import PatientViewContext

BASE = "https://ehr.example.org/r4"


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("https://ehr.example.org/r4/", BASE),
        ("HTTPS://EHR.example.org:443/r4", BASE),
        ("http://127.0.0.1:8101/fhir", "http://127.0.0.1:8101/fhir"),
        ("http://[::1]:80", "http://[::1]"),
    ],
)
def test_given_a_base_url_when_it_is_read_then_spellings_of_the_same_are_the_same(text: str, url: str) -> None:
    base = parse_base(text)

    assert base is not None
    assert base.url == url


@pytest.mark.parametrize(
    "text",
    [
        *(None, "", "ehr.example.org", "ftp://ehr.example.org", "https://", "https://user@ehr.example.org/r4"),
        *("https://good.example.org@evil.example.org/", "https://ehr.example.org/r4?x=1", "https://ehr.example.org/#x"),
        *("https://ehr.example.org:port/", "https://ehr.example.org:99999", "https://ehr.example.org\\@evil.org/"),
        *("https://ehr.example.org/r4/../admin", "https://ehr.example.org/%2e%2E/x", "https://ehr .example.org"),
        *("https://ehr.example.org/\r\nX: y", "https://[::1", "https://exämple.org/", "file:///etc/passwd"),
    ],
)
def test_given_an_odd_base_url_when_it_is_read_then_it_is_none(text: str | None) -> None:
    """Hazard: the access token or a request reaches a host that was not meant (SSRF)."""
    assert parse_base(text) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        *(("http://127.0.0.1/", True), ("http://localhost:1/x", True), ("http://[::1]/", True)),
        *(("http://127.0.0.1.evil.org/", False), ("http://2130706433/", False), ("http://0x7f.1/", False)),
        *(("http://[::ffff:10.0.0.1]/", False), ("http://169.254.169.254/", False), ("http://localhost./", False)),
    ],
)
def test_given_a_host_when_it_is_asked_for_loopback_then_only_plain_spellings_count(text: str, expected: bool) -> None:
    base = parse_base(text)

    assert base is not None
    assert base.is_loopback is expected


def test_given_a_list_of_bases_when_one_is_looked_up_then_the_whole_of_it_counts() -> None:
    allowed = ("https://ehr.example.org/r4",)

    listed = [
        text
        for text in (f"{BASE}/", "https://ehr.example.org", f"{BASE}/x", "http://ehr.example.org/r4", f"{BASE}5")
        if (base := parse_base(text)) and is_listed(base, allowed)
    ]

    assert listed == [f"{BASE}/"]


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        (f"{BASE}/Observation?page=2", f"{BASE}/Observation?page=2"),
        (f"{BASE}?_getpages=1", f"{BASE}?_getpages=1"),
        ("Observation?page=2", f"{BASE}/Observation?page=2"),
        ("?page=2", f"{BASE}/?page=2"),
        ("https://ehr.example.org:443/r4/x", "https://ehr.example.org:443/r4/x"),
        ("/r4/Observation", f"{BASE}/Observation"),
        ("/Observation", None),
        ("https://ehr.example.org/r4x/Observation", None),
        ("https://ehr.example.org/r4/../x", None),
        ("../x", None),
        ("../r4/Observation", f"{BASE}/Observation"),
        ("https://ehr.example.org/r4/..;/x", None),
        ("https://ehr.example.org/r4/..%2fx", None),
        ("https://ehr.example.org/r4/x%5C..%5Cx", None),
        ("https://ehr.example.org/r4/%252e%252e/x", None),
        ("https://ehr.example.org/r4/..x", "https://ehr.example.org/r4/..x"),
        ("https://ehr.example.org:0/r4/x", None),
        ("\\\\evil.example.org\\x", None),
        ("data:x", None),
        ("http://ehr.example.org/r4/Observation", None),
        ("//evil.example.org/r4/Observation", None),
        ("https://evil.example.org/r4", None),
        ("https://ehr.example.org:8443/r4/x", None),
        ("https://[bad", None),
    ],
)
def test_given_a_next_link_when_it_is_followed_then_it_stays_under_the_base(link: str, expected: str | None) -> None:
    """Hazard: the access token reaches a host that was not meant."""
    base = parse_base(BASE)

    assert base is not None
    assert base.follow(link) == expected


CONTEXT = PatientViewContext(patientId="p1", userId="Practitioner/u1", encounterId="e1")  # type: ignore[call-arg]  # alias


@pytest.mark.req("TOK-01", "TOK-02", "TOK-05")
@pytest.mark.parametrize(
    ("template", "query"),
    [
        ("Patient/{{context.patientId}}", "Patient/p1"),
        ("Condition?patient={{context.patientId}}&_count=9", "Condition?patient=p1&_count=9"),
        ("Encounter/{{ context.encounterId }}", "Encounter/e1"),
        ("{{context.userId}}", "Practitioner/u1"),
        ("Practitioner/{{userPractitionerId}}", "Practitioner/u1"),
        ("PractitionerRole/{{userPractitionerRoleId}}", None),
        ("Observation?code={{context.unknown}}", None),
        ("Observation?code=http://loinc.org|8302-2", "Observation?code=http://loinc.org|8302-2"),
    ],
)
def test_given_a_template_when_it_is_filled_then_tokens_become_values_or_the_key_is_left_out(
    template: str, query: str | None
) -> None:
    assert fill(template, CONTEXT) == query


@pytest.mark.parametrize("user", ["u1", "Practitioner/u1/x", "Practitioner/u1?x=y", "practitioner/u1"])
def test_given_an_odd_user_when_a_template_asks_for_it_then_the_key_is_left_out(user: str) -> None:
    context = PatientViewContext(patientId="p1", userId=user)  # type: ignore[call-arg]  # alias

    assert fill("{{context.userId}}", context) is None


@pytest.mark.parametrize(
    ("patient", "in_query"),
    [("a,b", r"a%5C%2Cb"), ("a$b", r"a%5C%24b"), ("a+b=c:d", "a%2Bb%3Dc%3Ad"), ("a!'()*~@", "a%21%27%28%29%2A~%40")],
)
def test_given_an_id_with_signs_when_it_is_put_into_a_query_then_it_stays_one_value(
    patient: str, in_query: str
) -> None:
    """Hazard: "a,b" in a search means patient a or patient b."""
    context = PatientViewContext(patientId=patient, userId="u")  # type: ignore[call-arg]  # alias

    assert fill("Condition?patient={{context.patientId}}", context) == f"Condition?patient={in_query}"


@pytest.mark.parametrize(
    ("resource", "expected"),
    [
        ({"resourceType": "Patient", "id": "p1"}, True),
        ({"resourceType": "Patient", "id": "p2"}, False),
        ({"resourceType": "Patient"}, True),
        ({"subject": {"reference": "Patient/p1"}}, True),
        ({"subject": {"reference": "https://ehr.example.org/r4/Patient/p1"}}, True),
        ({"subject": {"reference": "https://ehr.example.org/r4/Patient/p1/_history/3"}}, True),
        ({"subject": {"reference": "Patient/p2"}}, False),
        ({"subject": {"reference": "https://ehr.example.org/r4/Patient/p2"}}, False),
        ({"patient": {"reference": "Patient/p2"}}, False),
        ({"subject": {"reference": "Patient/p1"}, "patient": {"reference": "Patient/p2"}}, False),
        ({"subject": [{"reference": "Patient/p1"}, {"reference": "Patient/p2"}]}, False),
        ({"subject": "Patient/p2"}, False),
        ({"subject": {"reference": "Group/p1"}}, False),
        ({"subject": {"reference": "p2"}}, False),
        ({"subject": {"reference": "p1"}}, True),
        ({"subject": {"reference": "urn:uuid:8f1"}}, True),
        ({"subject": {"reference": "#child"}}, True),
        ({"subject": {"identifier": {"value": "x"}}}, True),
        ({"subject": {"display": "Mother of the patient"}}, False),
        ({"subject": {"display": "Synthetic-Dogwood, Dan"}}, True),
        ({"subject": {"reference": 5}}, True),
        ({"subject": None, "patient": []}, True),
        ({}, True),
    ],
)
def test_given_a_subject_of_any_shape_when_it_names_somebody_else_then_only_then_the_resource_is_not_ours(
    resource: dict[str, object], expected: bool
) -> None:
    """Hazard: a card about one child rests on another child's data."""
    assert is_about("p1", resource) is expected


def test_given_resources_when_somebody_elses_patient_is_looked_for_then_only_a_patient_is_one() -> None:
    assert is_other_patient("p1", {"resourceType": "Patient", "id": "p2"})
    assert not is_other_patient("p1", {"resourceType": "Condition", "subject": {"reference": "Patient/p2"}})


@pytest.mark.parametrize("text", ["p1", "Patient/p1", "https://ehr.example.org/r4/Patient/p1"])
def test_given_a_reference_or_an_id_when_the_bare_id_is_asked_then_it_is_the_last_part(text: str) -> None:
    assert bare_id(text) == "p1"


@pytest.mark.parametrize("key", [key for key, template in TEMPLATES.items() if "?" in template])
def test_given_a_template_of_ours_when_nothing_is_wished_for_then_only_its_criteria_are_left(key: str) -> None:
    query = TEMPLATES[key].replace("{{context.patientId}}", "p1")

    left = without_wishes(f"https://ehr.example.org/fhir/{query}")

    assert left == f"https://ehr.example.org/fhir/{query.replace('&_sort=-date', '').partition('&_count=')[0]}"


@pytest.mark.parametrize(
    "address",
    ["https://e.org/Patient/1", "https://e.org/Observation?patient=1&_count=100&page=2", "https://e.org?_p=1"],
)
def test_given_an_address_that_is_no_first_search_when_nothing_is_wished_for_then_it_stays(address: str) -> None:
    assert without_wishes(address) == address
