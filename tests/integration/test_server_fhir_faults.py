"""An EHR's FHIR server that fails in every way: the call is still answered, in time, with a gap or with 412."""

from __future__ import annotations

import gzip
import socket
import threading
import time
from typing import Any

import pytest
import requests

from cds_server.fhir.address import parse_base
from cds_server.fhir.client import FHIRCall
from cds_server.settings import read_settings
from tests.integration.fake_ehr import FakeEHR, Reply
from tests.integration.live import Live, live_server
from tests.unit.toy_pathway import a_bundle, a_call, a_condition, a_full_prefetch, a_patient, an_observation

SLOWEST_S = 2.5
"""Deadline of the fixture (1 s) and room for a busy machine."""

FAULTS: dict[str, Reply] = {
    "401": Reply({}, 401),
    "403": Reply({}, 403),
    "404": Reply({"resourceType": "OperationOutcome"}, 404),
    "410": Reply({}, 410),
    "500": Reply({"resourceType": "OperationOutcome"}, 500),
    "503": Reply({}, 503, {"Retry-After": "1"}),
    "redirect": Reply({}, 302, {"Location": "http://127.0.0.1:9/"}),
    "HTML": Reply(raw=b"<html>Log in</html>", headers={"Content-Type": "text/html"}),
    "no JSON": Reply(raw=b"{"),
    "empty body": Reply(raw=b""),
    "no UTF-8": Reply(raw=b'{"resourceType": "Bundle", "id": "\xff"}'),
    "NaN": Reply(raw=b'{"resourceType": "Bundle", "total": NaN}'),
    "too deep": Reply(raw=b'{"resourceType":"Bundle","x":' + b"[" * 100_000 + b"]" * 100_000 + b"}"),
    "a list": Reply([]),
    "an object": Reply({}),
    "error outcome": Reply({"resourceType": "OperationOutcome", "issue": [{"severity": "error"}]}),
    "dropped": Reply(drop=True),
    "cut off": Reply({"resourceType": "Bundle", "entry": []}, cut=True),
    "bad gzip": Reply(raw=b"nonsense", headers={"Content-Encoding": "gzip"}),
    "bad head": Reply(raw=b"", headers={"Content-Length": "abc"}),
    "silent": Reply(hold=True),
    "dripping body": Reply(a_bundle(*[an_observation(n) for n in range(20)]), drip=True),
    "dripping head": Reply(a_bundle(), drip_head=True, headers={"X-Long": "a" * 2000}),
}


def asking(ehr: FakeEHR, *missing: str) -> dict[str, Any]:
    prefetch = {key: value for key, value in a_full_prefetch().items() if key not in missing}
    return a_call(prefetch=prefetch, fhirServer=ehr.base, fhirAuthorization={"access_token": "t"})


@pytest.mark.req("PRIV-03", "PF-10")
@pytest.mark.parametrize("fault", FAULTS)
def test_given_a_failing_server_when_an_optional_key_is_missing_then_the_answer_names_the_gap_in_time(
    live: Live, ehr: FakeEHR, fault: str
) -> None:
    ehr.answer("Observation", FAULTS[fault])
    start = time.monotonic()

    summary = live.summary(asking(ehr, "labs"))

    assert "labs:failed" in summary
    assert time.monotonic() - start < SLOWEST_S


@pytest.mark.req("PF-14", "RESP-04")
@pytest.mark.parametrize("missing", ["patient", "conditions"])
@pytest.mark.parametrize("fault", FAULTS)
def test_given_a_failing_server_when_a_required_key_is_missing_then_the_answer_is_412_in_time(
    live: Live, ehr: FakeEHR, fault: str, missing: str
) -> None:
    ehr.answer("Patient", FAULTS[fault])
    ehr.answer("Condition", FAULTS[fault])
    start = time.monotonic()

    answer = live.post(asking(ehr, missing))

    assert answer.status_code == 412
    assert answer.json()["issue"][0]["code"] == "incomplete"
    assert time.monotonic() - start < SLOWEST_S


def test_given_nobody_listens_when_a_required_key_is_missing_then_the_answer_is_412(live: Live) -> None:
    call = a_call(prefetch={}, fhirServer="http://127.0.0.1:9/fhir", fhirAuthorization={"access_token": "t"})

    answer = live.post(call)

    assert answer.status_code == 412


def test_given_several_slow_keys_when_the_deadline_passes_then_it_passes_once_for_all(live: Live, ehr: FakeEHR) -> None:
    ehr.answer("Observation", Reply(hold=True))
    ehr.answer("ServiceRequest", Reply(hold=True))
    start = time.monotonic()

    summary = live.summary(asking(ehr, "labs", "orders"))

    assert "labs:failed orders:failed" in summary
    assert time.monotonic() - start < SLOWEST_S


def test_given_a_second_page_that_fails_when_pages_are_followed_then_the_first_one_is_used(
    live: Live, ehr: FakeEHR
) -> None:
    link = [{"relation": "next", "url": f"{ehr.base}/Observation?page=2"}]
    ehr.answer("Observation", {**a_bundle(an_observation()), "link": link}, Reply({}, 500))

    summary = live.summary(asking(ehr, "labs"))

    assert "Observation=1" in summary
    assert "labs:truncated" in summary


def test_given_a_second_page_that_never_comes_when_the_deadline_passes_then_the_first_one_is_used(
    live: Live, ehr: FakeEHR
) -> None:
    link = [{"relation": "next", "url": f"{ehr.base}/Observation?page=2"}]
    ehr.answer("Observation", {**a_bundle(an_observation()), "link": link}, Reply(hold=True))

    summary = live.summary(asking(ehr, "labs"))

    assert "Observation=1" in summary
    assert "labs:truncated" in summary


HUGE = b'{"resourceType":"Bundle","x":"' + b"a" * 20_000_000 + b'"}'


@pytest.mark.parametrize(
    "reply",
    [Reply(raw=HUGE), Reply(raw=gzip.compress(HUGE), headers={"Content-Encoding": "gzip"})],
    ids=["plain", "compressed a thousandfold"],
)
def test_given_a_huge_answer_when_the_byte_limit_is_reached_then_the_key_has_failed_and_the_rest_is_there(
    ehr: FakeEHR, reply: Reply
) -> None:
    ehr.answer("Observation", reply)

    with live_server(fhir_max_bytes=1_000_000) as live:
        summary = live.summary(asking(ehr, "labs"))

    assert "labs:failed" in summary
    assert "Condition=1" in summary


def test_given_a_kept_alive_connection_that_the_server_closed_when_it_is_used_again_then_the_request_is_repeated(
    live: Live, ehr: FakeEHR
) -> None:
    ehr.answer("Observation", Reply(drop=True), Reply(a_bundle(an_observation())))

    summary = live.summary(asking(ehr, "labs"))

    assert "labs:present" in summary


def test_given_a_token_that_cannot_stand_in_a_header_when_data_is_missing_then_nobody_is_asked(
    live: Live, ehr: FakeEHR
) -> None:
    call = asking(ehr, "labs")
    call["fhirAuthorization"]["access_token"] = "a\r\nX-Evil: 1"

    summary = live.summary(call)

    assert "labs:missing" in summary
    assert ehr.asked == []


def test_given_many_dripping_servers_when_calls_have_been_answered_then_later_calls_are_fast(
    live: Live, ehr: FakeEHR
) -> None:
    """Hazard: threads that wait for a dead EHR keep the server from answering for a living one."""
    ehr.answer("Observation", Reply(hold=True))
    for _ in range(3):
        live.post(asking(ehr, "labs"))
    ehr.answer("Observation", a_bundle(an_observation()))
    start = time.monotonic()

    summary = live.summary(asking(ehr, "labs"))

    assert "labs:present" in summary
    assert time.monotonic() - start < 1.0


def test_given_a_dripping_server_when_the_deadline_has_passed_then_no_thread_goes_on_reading(
    live: Live, ehr: FakeEHR
) -> None:
    """Hazard: an EHR that drips ties up one thread per call until the process has none left."""
    ehr.answer("Observation", FAULTS["dripping head"])

    live.post(asking(ehr, "labs"))

    readers = [thread for thread in threading.enumerate() if thread.name.startswith("fhir")]
    for reader in readers:
        reader.join(2)
    assert not any(reader.is_alive() for reader in readers)


def test_given_a_patient_from_the_server_when_it_is_somebody_else_then_the_answer_is_412(
    live: Live, ehr: FakeEHR
) -> None:
    ehr.answer("Patient", a_patient("p2"))

    answer = live.post(asking(ehr, "patient"))

    assert answer.status_code == 412
    assert answer.json()["issue"][0]["code"] == "conflict"


def test_given_resources_from_the_server_when_some_are_about_somebody_else_then_they_are_left_out(
    live: Live, ehr: FakeEHR
) -> None:
    ehr.answer("Condition", a_bundle(a_condition(), a_condition(patient="p2", number=2)))

    summary = live.summary(asking(ehr, "conditions"))

    assert "Condition=1" in summary


def test_given_a_deadline_spent_on_conditions_when_other_keys_are_missing_then_they_have_failed_at_once(
    live: Live, ehr: FakeEHR
) -> None:
    call = asking(ehr, "labs")
    link = [{"relation": "next", "url": f"{ehr.base}/Condition?page=2"}]
    call["prefetch"]["conditions"] = {**a_bundle(a_condition()), "link": link}
    ehr.answer("Condition", Reply(hold=True))
    start = time.monotonic()

    summary = live.summary(call)

    assert "conditions:truncated labs:failed" in summary
    assert time.monotonic() - start < SLOWEST_S


def test_given_a_connection_that_comes_after_the_deadline_when_it_is_to_be_read_then_it_is_shut() -> None:
    base = parse_base("http://127.0.0.1:9/fhir")
    assert base is not None
    ours, theirs = socket.socketpair()
    with requests.Session() as session, ours, theirs:
        call = FHIRCall(session, base, read_settings())
        call._is_over = True

        call._watch(ours)

        assert theirs.recv(1) == b""
