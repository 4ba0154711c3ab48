"""An EHR that answers nothing, clients that send nothing: calls that need nothing of them are answered meanwhile."""

from __future__ import annotations

import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import Any

import requests

from tests.integration.fake_ehr import FakeEHR, Reply, fake_ehr
from tests.integration.test_server_serving import serving
from tests.unit.toy_pathway import a_call

HUNG = 40
"""Charts that are opened at once while the EHR hangs; each call waits for its whole deadline."""


def test_given_forty_calls_to_a_hung_ehr_when_a_silent_call_comes_then_it_does_not_wait_for_them(ehr: FakeEHR) -> None:
    """Hazard: one EHR that hangs keeps every other child's cards back for seconds."""
    ehr.answer("Condition", Reply(hold=True))
    waiting: dict[str, Any] = {**a_call(), "fhirServer": ehr.base, "prefetch": {}}
    silent = {**a_call(), "prefetch": {"conditions": None}}
    with serving(CDS_DATABASE_URL="") as server, ThreadPoolExecutor(HUNG) as callers:
        url = f"{server.url}/cds-services/toy-view"
        hung = [callers.submit(requests.post, url, json=waiting, timeout=20) for _ in range(HUNG)]
        deadline = time.monotonic() + 1
        while len(ehr.asked) < HUNG and time.monotonic() < deadline:
            threading.Event().wait(0.01)

        begun = time.monotonic()
        answers = [requests.post(url, json=silent, timeout=20) for _ in range(4)]
        took = time.monotonic() - begun

        assert [answer.json() for answer in answers] == [{"cards": []}] * 4
        assert sum(not call.done() for call in hung) > 0
        assert took < 1
        assert {call.result().status_code for call in hung} == {412}


def test_given_half_of_the_threads_waiting_for_one_ehr_when_it_is_named_again_then_the_answer_does_not_wait_for_it(
    ehr: FakeEHR,
) -> None:
    """Hazard: every chart opened at a hospital whose EHR hangs takes one more thread from all other hospitals."""
    ehr.answer("Condition", Reply(hold=True))
    waiting: dict[str, Any] = {**a_call(), "fhirServer": ehr.base, "prefetch": {}}
    with serving(CDS_DATABASE_URL="", CDS_WORKERS="1", CDS_THREADS="8") as server, fake_ehr() as other:
        other.answer("Condition", {"resourceType": "Bundle", "type": "searchset", "total": 0})
        url = f"{server.url}/cds-services/toy-view"
        with ThreadPoolExecutor(4) as callers:
            requests.post(url, json=waiting, timeout=20)
            hung = [callers.submit(requests.post, url, json=waiting, timeout=20) for _ in range(4)]
            deadline = time.monotonic() + 1.5
            while len(ehr.asked) < 5 and time.monotonic() < deadline:
                threading.Event().wait(0.01)

            begun = time.monotonic()
            refused = requests.post(url, json=waiting, timeout=20)
            elsewhere = requests.post(url, json={**waiting, "fhirServer": other.base}, timeout=20)
            took = time.monotonic() - begun

        assert (refused.status_code, elsewhere.status_code, len(other.asked)) == (412, 200, 1)
        assert took < 1
        assert {call.result().status_code for call in hung} == {412}
        assert len(ehr.asked) == 5
        assert requests.post(url, json=waiting, timeout=20).status_code == 412
        assert len(ehr.asked) == 6


def test_given_many_connections_that_send_nothing_when_a_call_comes_then_it_does_not_wait_for_them() -> None:
    """Hazard: connections that browsers and load balancers open in advance keep every thread for seconds each."""
    with serving(CDS_DATABASE_URL="", CDS_WORKERS="1", CDS_THREADS="2") as server, ExitStack() as idle:
        for _ in range(12):
            idle.enter_context(socket.create_connection(("127.0.0.1", server.port)))

        begun = time.monotonic()
        answer = requests.post(f"{server.url}/cds-services/toy-view", json=a_call(), timeout=200)

        assert answer.status_code == 200
        assert time.monotonic() - begun < 10
