"""Marked patient data, tokens and comments go through a whole production server; none is in logs, answers or files."""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.integration.production import KEY, Process, production, signed, signed_by_other
from tests.unit.toy_pathway import a_bundle, a_call, a_condition, a_full_prefetch, an_observation

MARK = "Zyxmark"
"""Stands in every value of a patient, a person and a secret."""
PATIENT = f"{MARK}-4711"
SERVICE = "/cds-services/toy-view"


def marked_prefetch() -> dict[str, Any]:
    identifier = [{"system": "urn:mrn", "value": f"{MARK}-MRN"}]
    name = [{"family": MARK, "given": [f"{MARK}-given"]}]
    note = [{"text": f"{MARK} told us"}]
    patient = {"resourceType": "Patient", "id": PATIENT, "identifier": identifier, "name": name}
    observation = an_observation(patient=PATIENT, note=note, valueString=f"{MARK} value")
    condition = {**a_condition(patient=PATIENT), "note": note, "identifier": identifier}
    return {**a_full_prefetch(), "patient": patient, "conditions": a_bundle(condition), "labs": a_bundle(observation)}


def marked_call(**more: Any) -> dict[str, Any]:
    context = {"patientId": PATIENT, "userId": f"Practitioner/{MARK}", "encounterId": f"{MARK}-encounter"}
    authorization = {"access_token": f"{MARK}-access-token", "subject": MARK, "patient": PATIENT}
    return a_call(
        hookInstance=f"{MARK}-{uuid.uuid4()}",
        context=context,
        prefetch=marked_prefetch(),
        fhirServer=f"https://{MARK}.example.org/r4",
        fhirAuthorization=authorization,
        extension={MARK: MARK},
        **more,
    )


def marked_items(card: str, suggestion: str) -> list[dict[str, Any]]:
    item = {"outcome": "overridden", "outcomeTimestamp": "2026-11-22T10:00:00Z"}
    reason = {"reason": {"code": MARK, "system": f"urn:{MARK}", "display": MARK}, "userComment": f"{MARK} comment"}
    epic = "com.epic.cdshooks.feedback.overrideReason."
    extension = {f"{epic}reason{name}": f"{MARK}-{name}" for name in ("Category", "Display", "Title")}
    return [
        {**item, "card": card, "overrideReason": reason},
        {**item, "card": f"{MARK}-unknown", "overrideReason": reason},
        {**item, "card": card, "overrideReasons": {"extension": extension}, "outcomeTimestamp": "2026-11-22T10:00:01Z"},
        {**item, "card": card, "outcome": "accepted", "acceptedSuggestions": [{"id": suggestion}, {"id": MARK}]},
    ]


@dataclass(slots=True)
class Told:
    """Everything that came out of a server: its files and log, and the answers that are no cards."""

    log: str
    answers: list[requests.Response]
    files: dict[str, bytes]
    secrets: list[str]


def go_through(server: Process, folder: Path, *, secrets: list[str]) -> list[requests.Response]:
    """Send marked calls, good and bad ones, and feedback; return the answers that hold no card."""

    def token(path: str, **changes: Any) -> str:
        made = signed(path, jti=f"{MARK}-{uuid.uuid4()}", sub=MARK, **changes)
        secrets.extend(made.removeprefix("Bearer ").split("."))
        return made

    cards = server.call(marked_call(), token(SERVICE)).json()["cards"]
    uuids = cards[0]["uuid"], cards[0]["suggestions"][0]["uuid"]
    again = server.call(marked_call(), token(SERVICE))
    assert again.status_code == 200
    broken = {**marked_prefetch(), "labs": a_bundle(an_observation(patient=PATIENT, code={"text": "break"}))}
    feedback = f"{SERVICE}/feedback"
    return [
        server.ask("POST", feedback, token(feedback), {"feedback": marked_items(*uuids)}),
        server.ask("POST", feedback, token(feedback), {"feedback": [{"card": MARK, "outcome": MARK}]}),
        server.ask("POST", feedback, token(feedback), {MARK: [MARK]}),
        server.call({**marked_call(), "prefetch": broken}, token(SERVICE)),
        server.call({**marked_call(), "prefetch": {}}, token(SERVICE)),
        server.call({**marked_call(), "hook": MARK}, token(SERVICE)),
        server.call({**marked_call(), "context": {"patientId": f"../{MARK}"}}, token(SERVICE)),
        server.call(marked_call(), token(SERVICE, aud=MARK)),
        server.call(marked_call(), token(SERVICE, iss=f"https://{MARK}.example.org")),
        server.call(marked_call(), f"Bearer {MARK}"),
        server.ask("POST", f"/cds-services/{MARK}", token(f"/cds-services/{MARK}"), marked_call()),
        server.ask("GET", f"/{MARK}?{MARK}={MARK}", Cookie=f"session={MARK}"),
        server.ask("GET", "/metrics"),
        server.ask("GET", "/health"),
        server.ask("GET", "/health/ready"),
        server.ask("GET", "/feedback/report", token("/feedback/report")),
        server.ask("GET", "/feedback/report", signed_by_other("/feedback/report")),
    ]


def run(folder: Path, **variables: str) -> Told:
    secrets = [MARK, f"{MARK}-access-token", KEY]
    with production(folder, CDS_WORKERS="2", CDS_LOG_LEVEL="DEBUG", **variables) as server:
        answers = go_through(server, folder, secrets=secrets)
        while_running = {path.name: path.read_bytes() for path in folder.glob("cds.db*")}
    afterwards = {f"{path.name} at rest": path.read_bytes() for path in folder.glob("cds.db*")}
    return Told("".join(server.log), answers, {**while_running, **afterwards}, secrets)


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Told:
    return run(tmp_path_factory.mktemp("privacy"))


@pytest.mark.req("PRIV-01", "PRIV-02", "JWT-11")
def test_given_marked_data_when_it_went_through_then_no_log_line_and_no_answer_without_cards_holds_it(
    told: Told,
) -> None:
    """Hazard: what identifies a child leaves the chart through a side door."""
    statuses = [answer.status_code for answer in told.answers]
    assert statuses == [200, 400, 400, 500, 412, 400, 400, 401, 401, 401, 404, 404, 200, 200, 200, 200, 200]
    assert [json.loads(line)["event"] for line in told.log.splitlines() if line.startswith("{")].count("call") >= 9
    for secret in told.secrets:
        assert secret not in told.log
        assert not [answer.url for answer in told.answers if secret in answer.text or secret in str(answer.headers)]


@pytest.mark.req("PRIV-01", "PRIV-02")
def test_given_marked_data_when_it_went_through_then_no_byte_of_the_database_holds_it(told: Told) -> None:
    """Neither while the server runs, with its write-ahead log, nor afterwards. Comments are off by default."""
    assert {"cds.db", "cds.db-wal", "cds.db at rest"} <= told.files.keys()
    whole = b"".join(told.files.values())
    assert b"toy-view" in whole
    assert b"OutOfScope" in whole
    for secret in told.secrets:
        assert secret.encode() not in whole
        assert secret.encode("utf-16-le") not in whole


def test_given_a_setting_that_keeps_comments_when_feedback_comes_then_the_comment_alone_is_stored(
    tmp_path: Path,
) -> None:
    kept = b"".join(run(tmp_path, CDS_KEEP_COMMENTS="true").files.values())

    assert f"{MARK} comment".encode() in kept
    assert MARK.encode() not in kept.replace(f"{MARK} comment".encode(), b"")
