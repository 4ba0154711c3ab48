"""Marked patient data, tokens and comments are fed in everywhere; none of it comes out of logs, errors or metrics."""

from __future__ import annotations

import json
from typing import Any

import pytest

from cds_server.app import create_app
from cds_server.settings import read_settings
from cds_server.telemetry.logs import ALLOWED_KEYS, open_log
from tests.integration.fake_ehr import FakeEHR, Reply
from tests.unit.toy_pathway import TOY, a_bundle, a_call, a_condition, a_full_prefetch, an_observation

MARK = "Marked"
"""Every value below that belongs to a patient or a person, and every token, holds this word."""


def marked_call(**more: Any) -> dict[str, Any]:
    call = a_call(**more)
    call["hookInstance"] = f"{MARK}-instance\r\n{MARK}: forged"
    call["extension"] = {f"{MARK}-extension": MARK}
    call["context"] = {**call["context"], "userId": f"Practitioner/{MARK}", "encounterId": MARK}
    return call


def outputs(capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture, client: Any) -> tuple[str, str]:
    captured = capsys.readouterr()
    return captured.out + captured.err + caplog.text, client.get("/metrics").text


BREAKING = a_bundle(an_observation(code={"text": "break"}))


@pytest.mark.req("PRIV-01", "PRIV-02", "FHIR-06")
def test_given_marked_data_when_calls_succeed_and_fail_then_no_log_error_or_metric_holds_it(
    capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture, ehr: FakeEHR
) -> None:
    """Hazard: what identifies a child leaves the chart through a side door."""
    caplog.set_level("DEBUG")
    app = create_app(read_settings(log_level="DEBUG", call_deadline_s=1), (TOY,))
    client = app.test_client()
    token = {"access_token": f"{MARK}-token", "patient": "p1"}
    ehr.answer("Observation", Reply(raw=f"<{MARK}>".encode(), headers={"X-Bad": f"{MARK}\r\nBad head {MARK}"}))
    prefetch = {key: value for key, value in a_full_prefetch().items() if key != "labs"}
    context = {"patientId": f"{MARK}/../x", "userId": MARK}
    other = {**token, "patient": f"{MARK}-other"}
    labelled = a_bundle(a_condition(MARK), {"resourceType": MARK})
    bodies = [
        marked_call(),
        marked_call(prefetch=prefetch, fhirServer=ehr.base, fhirAuthorization=token),
        marked_call(prefetch=prefetch, fhirServer=f"{ehr.base}/{MARK}", fhirAuthorization=token),
        marked_call(prefetch={}, fhirServer=f"http://{MARK}.example.org", fhirAuthorization=token),
        marked_call(prefetch={**a_full_prefetch(), "conditions": labelled}),
        marked_call(prefetch={**a_full_prefetch(), f"{MARK}-key": MARK}),
        marked_call(prefetch={**a_full_prefetch(), "labs": BREAKING}),
        marked_call(fhirServer=ehr.base, fhirAuthorization=other),
        {**marked_call(), "context": context},
        {**marked_call(), "hook": MARK},
        {**marked_call(), "prefetch": f"{MARK}"},
    ]

    answers = [client.post("/cds-services/toy-view", json=body) for body in bodies]
    answers.append(client.post(f"/cds-services/{MARK}?x={MARK}", json={}))
    answers.append(client.post(f"/{MARK}", data=MARK))
    answers.append(client.post("/cds-services/toy-view", data=f'{{"{MARK}": {MARK}', content_type="application/json"))
    answers.append(client.post("/cds-services/toy-view", data=MARK, content_type=f"text/{MARK}"))
    item = {"card": MARK, "outcome": "overridden", "outcomeTimestamp": "2026-01-01T00:00:00Z"}
    reason = {"reason": {"code": MARK, "system": MARK}, "userComment": MARK}
    answers.append(
        client.post("/cds-services/toy-view/feedback", json={"feedback": [{**item, "overrideReason": reason}]})
    )
    answers.append(client.post("/cds-services/toy-view/feedback", json={"feedback": [{**item, "outcome": MARK}]}))

    logs, metrics = outputs(capsys, caplog, client)
    assert [answer.status_code for answer in answers].count(500) == 1
    assert MARK not in logs
    assert MARK not in metrics
    assert not [answer.text for answer in answers if answer.status_code != 200 and MARK in answer.text]


@pytest.mark.req("PRIV-01")
def test_given_a_call_when_it_has_been_answered_then_one_audit_line_says_what_was_done(
    capsys: pytest.CaptureFixture[str],
) -> None:
    client = create_app(read_settings(), (TOY,)).test_client()
    capsys.readouterr()

    client.post("/cds-services/toy-view", json=a_call())

    (line,) = capsys.readouterr().err.splitlines()
    audit = json.loads(line)
    assert set(audit) <= ALLOWED_KEYS
    assert (audit["event"], audit["service"], audit["hook"], audit["status"]) == (
        "call",
        "toy-view",
        "patient-view",
        200,
    )
    assert audit["cards"] == {"OutOfScope": 1}
    assert audit["keys"] == {"patient": "present", "conditions": "present", "labs": "present", "orders": "empty"}
    assert (audit["gate"], audit["client"], audit["profile"]) == ("passed", "development", "spec")
    assert audit["hook_instance"] == a_call()["hookInstance"]


def test_given_a_log_when_it_is_given_a_key_that_is_not_listed_then_the_key_is_not_written(
    capsys: pytest.CaptureFixture[str],
) -> None:
    open_log("INFO", on_failure=lambda: None).info("call", patient=MARK, service="toy")

    assert json.loads(capsys.readouterr().err).keys() == {"event", "level", "timestamp", "service"}


def test_given_line_breaks_in_a_value_when_it_is_written_then_the_log_stays_one_line(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Hazard: a forged audit line."""
    open_log("INFO", on_failure=lambda: None).info("call", service='a\r\n{"event": "forged"}\u2028b')

    assert len(capsys.readouterr().err.splitlines()) == 1


def test_given_a_fault_of_ours_when_it_happens_then_the_answer_is_500_and_the_log_says_where(
    capsys: pytest.CaptureFixture[str],
) -> None:
    client = create_app(read_settings(), (TOY,)).test_client()
    body = a_call(prefetch={**a_full_prefetch(), "labs": BREAKING})

    answer = client.post("/cds-services/toy-view", json=body, headers={"Origin": "http://localhost"})

    fault = next(line for line in map(json.loads, capsys.readouterr().err.splitlines()) if line["event"] == "fault")
    assert answer.status_code == 500
    assert answer.json["issue"][0]["code"] == "exception"
    assert answer.headers["Access-Control-Allow-Origin"] == "http://localhost"
    assert fault["error"] == "RuntimeError"
    assert any(place.startswith("toy_pathway.py") for place in fault["at"])
    assert "cds_faults_total 1.0" in client.get("/metrics").text


def test_given_calls_when_metrics_are_asked_for_then_they_count_calls_cards_keys_and_feedback() -> None:
    client = create_app(read_settings(log_level="ERROR"), (TOY,)).test_client()
    item = {"card": "x", "outcome": "overridden", "outcomeTimestamp": "2026-01-01T00:00:00Z"}
    client.post("/cds-services/toy-view", json=a_call())
    client.post("/cds-services/unheard-of", json=a_call())
    client.post("/cds-services/toy-view/feedback", json={"feedback": [item]})

    lines = client.get("/metrics").text.splitlines()

    assert 'cds_calls_total{service="toy-view",status="200"} 1.0' in lines
    assert 'cds_calls_total{service="unknown",status="404"} 1.0' in lines
    assert 'cds_cards_total{indicator="info",service="toy-view",topic="OutOfScope"} 1.0' in lines
    assert 'cds_prefetch_keys_total{key="orders",state="empty"} 1.0' in lines
    assert 'cds_feedback_total{outcome="overridden",service="toy-view"} 1.0' in lines


def test_given_an_answer_when_it_is_sent_then_server_timing_tells_the_steps() -> None:
    client = create_app(read_settings(log_level="ERROR"), (TOY,)).test_client()

    timing = client.post("/cds-services/toy-view", json=a_call()).headers["Server-Timing"]

    assert [part.split(";")[0] for part in timing.split(", ")] == [
        "parse", "gate", "chart", "decide", "recall", "say", "remember", "total",
    ]  # fmt: skip
