"""The fixture server fails on demand, so that a client's manners can be tested over a real socket."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import requests

from fhir_fixtures import ANCHOR
from fhir_fixtures.faults import Fault, Faults
from fhir_fixtures.server import create_fixture_server, running

CHILD = "first-relapse-untouched"


@pytest.fixture(name="faults")
def _faults() -> Faults:
    return Faults()


@pytest.fixture(name="base")
def _base(faults: Faults) -> Iterator[str]:
    with running(create_fixture_server(ANCHOR, faults=faults)) as address:
        yield f"{address}/fhir"


def test_given_a_status_fault_for_two_times_when_asked_thrice_then_the_third_answer_is_right(
    faults: Faults, base: str
) -> None:
    faults.add(Fault(match="/Patient/", status=503, times=2))

    answers = [requests.get(f"{base}/Patient/{CHILD}", timeout=10) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [503, 503, 200]
    assert answers[0].json()["resourceType"] == "OperationOutcome"


def test_given_a_fault_for_another_path_when_asked_then_the_answer_is_right(faults: Faults, base: str) -> None:
    faults.add(Fault(match="Observation", status=500))

    assert requests.get(f"{base}/Patient/{CHILD}", timeout=10).status_code == 200


def test_given_a_drop_when_asked_then_the_connection_ends_without_an_answer(faults: Faults, base: str) -> None:
    faults.add(Fault(drop=True))

    with pytest.raises(requests.ConnectionError):
        requests.get(f"{base}/Patient/{CHILD}", timeout=10)


def test_given_a_delay_when_the_client_is_impatient_then_it_times_out(faults: Faults, base: str) -> None:
    faults.add(Fault(delay_s=0.6))

    with pytest.raises(requests.ReadTimeout):
        requests.get(f"{base}/Patient/{CHILD}", timeout=0.2)


def test_given_truncation_when_asked_then_the_json_ends_in_the_middle(faults: Faults, base: str) -> None:
    faults.add(Fault(truncate=True))

    answer = requests.get(f"{base}/Patient/{CHILD}", timeout=10)

    assert answer.status_code == 200
    with pytest.raises(requests.JSONDecodeError):
        answer.json()


def test_given_a_lure_when_searched_then_next_names_the_other_host(faults: Faults, base: str) -> None:
    faults.add(Fault(match="Condition", next_link="http://elsewhere.example.org/Condition?page=2"))

    bundle = requests.get(f"{base}/Condition?patient={CHILD}", timeout=10).json()

    assert [link["url"] for link in bundle["link"] if link["relation"] == "next"] == [
        "http://elsewhere.example.org/Condition?page=2"
    ]


def test_given_a_body_when_asked_then_exactly_this_text_comes(faults: Faults, base: str) -> None:
    faults.add(Fault(body="[1, 2"))

    assert requests.get(f"{base}/metadata", timeout=10).text == "[1, 2"


def test_given_requests_when_they_are_over_then_the_server_tells_them_until_cleared(faults: Faults, base: str) -> None:
    requests.get(f"{base}/Condition?patient={CHILD}", timeout=10)
    requests.post(f"{base}/Observation/_search", data={"patient": CHILD}, timeout=10)

    seen = faults.seen
    faults.clear()

    assert seen == (
        f"GET /fhir/Condition?patient={CHILD}",
        f"POST /fhir/Observation/_search?patient={CHILD}",
    )
    assert faults.seen == ()
