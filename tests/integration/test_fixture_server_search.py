"""The fixture FHIR server over a real socket: read, search, paging, batch, writing, errors."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import requests
from fhir.resources.R4B.capabilitystatement import CapabilityStatement

from fhir_fixtures import ANCHOR
from fhir_fixtures.server import create_fixture_server, running

CHILD = "mycn-amplified-at-relapse"


@pytest.fixture(scope="module")
def base() -> Iterator[str]:
    with running(create_fixture_server(ANCHOR)) as address:
        yield f"{address}/fhir"


def get(address: str, **more: Any) -> requests.Response:
    return requests.get(address, timeout=10, **more)


def ids(bundle: dict[str, Any]) -> list[str]:
    return [entry["resource"]["id"] for entry in bundle.get("entry", ())]


def test_given_a_child_when_the_patient_is_read_then_it_comes_as_fhir_json_for_any_origin(base: str) -> None:
    answer = get(f"{base}/Patient/{CHILD}", headers={"Origin": "https://sandbox.cds-hooks.org"})

    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/fhir+json"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.json()["id"] == CHILD


@pytest.mark.parametrize("who", [CHILD, f"Patient/{CHILD}", f"http://elsewhere.example.org/Patient/{CHILD}"])
def test_given_a_patient_in_any_spelling_when_conditions_are_searched_then_only_this_childs_come(
    base: str, who: str
) -> None:
    bundle = get(f"{base}/Condition", params={"patient": who}).json()

    assert bundle["type"] == "searchset"
    assert bundle["total"] == len(ids(bundle)) == 4
    assert all(one.startswith(CHILD) for one in ids(bundle))
    assert bundle["entry"][0]["search"] == {"mode": "match"}
    assert bundle["entry"][0]["fullUrl"] == f"{base}/Condition/{ids(bundle)[0]}"


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("http://loinc.org|93796-1", [f"{CHILD}-mycn"]),
        ("http://loinc.org|93796-1,http://loinc.org|69548-6", [f"{CHILD}-mycn", f"{CHILD}-alk"]),
        ("93796-1", [f"{CHILD}-mycn"]),
        ("http://snomed.info/sct|93796-1", []),
        ("|93796-1", []),
    ],
)
def test_given_codes_when_observations_are_searched_then_system_and_or_lists_count(
    base: str, code: str, found: list[str]
) -> None:
    bundle = get(f"{base}/Observation", params={"patient": CHILD, "code": code}).json()

    assert ids(bundle) == found


def test_given_a_system_alone_when_it_is_searched_then_every_code_of_it_comes(base: str) -> None:
    bundle = get(f"{base}/Observation", params={"subject": CHILD, "code": "http://loinc.org|"}).json()

    assert f"{CHILD}-mycn" in ids(bundle)
    assert f"{CHILD}-risk" not in ids(bundle)


def test_given_a_category_when_observations_are_searched_newest_first_then_they_come_in_that_order(base: str) -> None:
    bundle = get(f"{base}/Observation", params={"patient": CHILD, "category": "laboratory", "_sort": "-date"}).json()

    days = [entry["resource"]["effectiveDateTime"] for entry in bundle["entry"]]
    assert days == sorted(days, reverse=True)
    assert {entry["resource"]["category"][0]["coding"][0]["code"] for entry in bundle["entry"]} == {"laboratory"}


def test_given_a_small_page_when_next_is_followed_then_every_resource_comes_once(base: str) -> None:
    everything = ids(get(f"{base}/Observation", params={"patient": CHILD, "_count": "200"}).json())
    address = f"{base}/Observation?patient={CHILD}&_count=7&_sort=_id"

    seen: list[str] = []
    while address:
        bundle = get(address).json()
        seen += ids(bundle)
        links = {link["relation"]: link["url"] for link in bundle["link"]}
        address = links.get("next", "")

    assert len(everything) > 14
    assert sorted(seen) == sorted(everything)
    assert len(seen) == len(set(seen))


def test_given_a_form_when_it_is_posted_to_search_then_it_answers_as_get_does(base: str) -> None:
    form = {"patient": CHILD, "_count": "2"}

    posted = requests.post(f"{base}/Observation/_search", data=form, timeout=10).json()

    assert posted == get(f"{base}/Observation", params=form).json()


def test_given_ids_when_they_are_searched_then_those_resources_come(base: str) -> None:
    bundle = get(f"{base}/Observation", params={"_id": f"{CHILD}-mycn,{CHILD}-alk,nothing"}).json()

    assert sorted(ids(bundle)) == [f"{CHILD}-alk", f"{CHILD}-mycn"]


def test_given_a_status_when_it_is_searched_without_a_system_then_it_counts(base: str) -> None:
    found = get(f"{base}/MedicationRequest", params={"patient": "beta-all-ordered", "status": "active"}).json()

    assert sorted(ids(found)) == [
        f"beta-all-ordered-{key}"
        for key in ("albumin", "cetirizine", "epinephrine", "gabapentin", "morphine", "paracetamol")
    ]


def test_given_requests_by_reference_when_medications_are_included_then_each_comes_once_beside_them(base: str) -> None:
    parameters = {"patient": "medication-forms", "_include": "MedicationRequest:medication", "_count": "200"}

    bundle = get(f"{base}/MedicationRequest", params=parameters).json()

    beside = [entry["resource"]["id"] for entry in bundle["entry"] if entry["search"]["mode"] == "include"]
    assert beside == ["medication-forms-irinotecan-product"]
    assert bundle["total"] == len(bundle["entry"]) - 1


def test_given_count_zero_when_it_is_searched_then_only_the_total_comes(base: str) -> None:
    bundle = get(f"{base}/Condition", params={"patient": CHILD, "_count": "0"}).json()

    assert bundle["total"] == 4
    assert "entry" not in bundle


def test_given_an_unknown_parameter_when_handling_is_strict_then_400_else_it_is_ignored(base: str) -> None:
    address = f"{base}/Condition?patient={CHILD}&favourite-colour=green"

    lenient, strict = get(address), get(address, headers={"Prefer": "handling=strict"})

    assert lenient.json()["total"] == 4
    assert strict.status_code == 400
    assert strict.json()["resourceType"] == "OperationOutcome"


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/Patient/nobody", 404),
        ("GET", "/Unicorn", 404),
        ("GET", "/Unicorn/1", 404),
        ("GET", "/", 404),
        ("GET", "/Patient/x/_history/1", 404),
        ("DELETE", f"/Patient/{CHILD}", 405),
        ("PATCH", f"/Patient/{CHILD}", 405),
        ("POST", "/", 400),
        ("POST", "/Patient", 400),
        ("POST", "/Patient/_search/again", 405),
        ("PUT", "/Patient/other", 400),
        ("PUT", "/Patient", 405),
    ],
)
def test_given_a_wrong_address_or_body_when_it_is_asked_then_the_answer_is_an_operation_outcome(
    base: str, method: str, path: str, status: int
) -> None:
    body = {"resourceType": "Patient", "id": "x"} if method == "PUT" else {"resourceType": "Unicorn"}

    answer = requests.request(method, base + path, json=body, timeout=10)

    assert answer.status_code == status
    assert answer.json()["issue"][0]["severity"] == "error"


def test_given_a_preflight_when_it_is_asked_then_headers_are_allowed_and_nothing_is_said(base: str) -> None:
    answer = requests.options(f"{base}/Patient/{CHILD}", timeout=10)

    assert (answer.status_code, answer.content) == (204, b"")
    assert "Authorization" in answer.headers["Access-Control-Allow-Headers"]


@pytest.mark.parametrize("asked", ["patient:Patient", "subject:Patient", "patient"])
def test_given_the_type_of_a_reference_when_it_is_searched_then_only_this_childs_come(base: str, asked: str) -> None:
    assert get(f"{base}/Condition", params={asked: CHILD}).json()["total"] == 4


@pytest.mark.parametrize("asked", ["code:text", "status:not", "patient:identifier", "_id:missing"])
def test_given_a_modifier_that_is_not_known_when_it_is_searched_then_400_and_not_everybody(
    base: str, asked: str
) -> None:
    """FHIR R4 search, 3.1.1.5.4: a server shall reject a modifier that it does not support."""
    answer = get(f"{base}/Condition", params={asked: CHILD})

    assert answer.status_code == 400
    assert asked in answer.json()["issue"][0]["diagnostics"]


def test_given_parameters_that_nobody_knows_when_searched_then_self_names_only_those_taken_in(base: str) -> None:
    bundle = get(f"{base}/Condition", params={"patient": CHILD, "colour": "blue", "_summary": "count"}).json()
    everybody = get(f"{base}/Patient", params={"colour": "blue"}).json()

    assert bundle["link"] == [{"relation": "self", "url": f"{base}/Condition?patient={CHILD}&_summary=count"}]
    assert (bundle["total"], ids(bundle)) == (4, [])
    assert everybody["link"][0]["url"] == f"{base}/Patient"


def test_given_a_search_whose_body_is_no_form_when_posted_then_415_and_not_everybody(base: str) -> None:
    answer = requests.post(f"{base}/Condition/_search", json={"patient": CHILD}, timeout=10)
    bare = requests.post(f"{base}/Condition/_search?patient={CHILD}", timeout=10)

    assert answer.status_code == 415
    assert answer.json()["resourceType"] == "OperationOutcome"
    assert bare.json()["total"] == 4


@pytest.mark.parametrize("slash", ["", "/"])
def test_given_a_batch_when_it_is_posted_to_the_base_then_it_is_answered_there(base: str, slash: str) -> None:
    entry = {"request": {"method": "GET", "url": f"Patient/{CHILD}"}}
    bundle = {"resourceType": "Bundle", "type": "batch", "entry": [entry]}

    answer = requests.post(f"{base}{slash}", json=bundle, timeout=10, allow_redirects=False)

    assert answer.status_code == 200
    assert answer.json()["entry"][0]["resource"]["id"] == CHILD


def test_given_metadata_when_it_is_read_then_it_is_a_capability_statement_of_r4(base: str) -> None:
    statement = get(f"{base}/metadata").json()

    CapabilityStatement.model_validate(statement)
    assert statement["fhirVersion"] == "4.0.1"
    assert statement["implementation"]["url"] == base


def test_given_a_batch_when_it_is_posted_then_each_entry_gets_its_own_answer(base: str) -> None:
    wanted = [
        {"request": {"method": "GET", "url": f"Patient/{CHILD}"}},
        {"request": {"method": "GET", "url": f"Condition?patient={CHILD}"}},
        {"request": {"method": "GET", "url": "Patient/nobody"}},
        {"request": {"method": "DELETE", "url": f"Patient/{CHILD}"}},
        {"resource": {}},
        7,
    ]

    answer = requests.post(base, json={"resourceType": "Bundle", "type": "batch", "entry": wanted}, timeout=10).json()

    assert answer["type"] == "batch-response"
    assert [e["response"]["status"] for e in answer["entry"]] == ["200", "200", "404", "405", "400", "400"]
    assert answer["entry"][1]["resource"]["total"] == 4


def test_given_a_new_resource_when_it_is_put_posted_and_in_a_transaction_then_it_can_be_read_back() -> None:
    patient = {"resourceType": "Patient", "id": "someone-new"}
    entry = {"resource": patient, "request": {"method": "PUT", "url": "Patient/someone-new"}}
    bundle = {"resourceType": "Bundle", "type": "transaction", "entry": [entry]}
    with running(create_fixture_server(ANCHOR)) as address:
        put = requests.put(f"{address}/fhir/Patient/someone-new", json=patient, timeout=10)
        again = requests.post(f"{address}/fhir", json=bundle, timeout=10)
        posted = requests.post(f"{address}/fhir/Patient", json=patient, timeout=10)

        read = get(f"{address}/fhir/Patient/{posted.json()['id']}")

    assert (put.status_code, posted.status_code) == (201, 201)
    assert again.json()["entry"][0]["response"]["status"] == "200"
    assert read.status_code == 200
    assert read.json()["id"] != "someone-new"


def test_given_a_read_only_server_when_something_is_written_then_405_and_nothing_changes() -> None:
    patient = {"resourceType": "Patient", "id": CHILD, "active": False}
    with running(create_fixture_server(ANCHOR, writable=False)) as address:
        answer = requests.put(f"{address}/fhir/Patient/{CHILD}", json=patient, timeout=10)

        kept = get(f"{address}/fhir/Patient/{CHILD}").json()
        gone = requests.delete(f"{address}/fhir/Patient/{CHILD}", timeout=10).json()
        (offered,) = get(f"{address}/fhir/metadata").json()["rest"]

    assert answer.status_code == 405
    assert gone["issue"][0]["diagnostics"] == "This server reads and searches."
    assert [each["code"] for each in offered["resource"][0]["interaction"]] == ["read", "search-type"]
    assert kept["active"] is True
