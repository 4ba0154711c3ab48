"""An answered card over HTTP, with real charts: it stays away for this patient, topic and client until news come."""

from __future__ import annotations

import copy
import json
import sqlite3
import time
import uuid
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.contract.checker import check_error
from tests.contract.served import AS_OF, Body, Server, filed, serving, view

REGIMEN, WORKUP = "relapse-regimen", "relapse-workup"
CHILD = "mycn-amplified-at-relapse"
KEY = "k" * 32


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'cds.db'}"


@pytest.fixture
def server(url: str) -> Iterator[Server]:
    with serving(database_url=url, fingerprint_key=KEY) as running:
        yield running


def again(body: Body, **changes: Any) -> Body:
    """Return the same call as another one: with a hook instance of its own."""
    return {**copy.deepcopy(body), "hookInstance": str(uuid.uuid4()), **changes}


def overridden(card: Body, **more: Any) -> Body:
    return {"card": card["uuid"], "outcome": "overridden", "outcomeTimestamp": "2026-11-22T10:00:00Z", **more}


def accepted(card: Body) -> Body:
    suggestions = [{"id": card["suggestions"][0]["uuid"]}] if "suggestions" in card else [{"id": "none"}]
    return {**overridden(card), "outcome": "accepted", "acceptedSuggestions": suggestions}


def answer(server: Server, service: str, *items: Body) -> int:
    url = f"{server.url}/cds-services/{service}/feedback"
    return server.session.post(url, json={"feedback": list(items)}, timeout=30).status_code


def topics(cards: list[Body]) -> list[str]:
    return [card["source"]["topic"]["code"] for card in cards]


@pytest.mark.parametrize("outcome", [overridden, accepted])
def test_given_an_answered_card_when_the_chart_is_opened_again_then_the_card_is_gone_and_no_other(
    server: Server, outcome: Any
) -> None:
    """Hazard: alert fatigue; and a card set aside in one service takes another topic with it."""
    body = view(CHILD)
    (card,) = server.cards(REGIMEN, body)
    assert answer(server, REGIMEN, outcome(card)) == 200

    assert server.cards(REGIMEN, again(body)) == []
    assert topics(server.cards(WORKUP, again(body))) == ["RelapseBiopsy"]
    assert topics(server.cards(REGIMEN, view("mycn-gain"))) == ["ReinductionRegimen"]


def test_given_an_unanswered_card_when_the_chart_is_opened_again_then_it_is_there(server: Server) -> None:
    body = view(CHILD)
    server.cards(REGIMEN, body)

    assert topics(server.cards(REGIMEN, again(body))) == ["ReinductionRegimen"]


@pytest.mark.parametrize("prefix", ["", "Patient/"])
def test_given_a_patient_named_in_two_ways_when_a_card_was_answered_then_it_is_the_same_patient(
    server: Server, prefix: str
) -> None:
    body = view(CHILD)
    patient = body["context"]["patientId"]
    (card,) = server.cards(REGIMEN, {**body, "context": {**body["context"], "patientId": f"Patient/{patient}"}})
    answer(server, REGIMEN, overridden(card))

    named = {**body["context"], "patientId": f"{prefix}{patient}"}
    assert server.cards(REGIMEN, again(body, context=named)) == []


def test_given_an_answered_card_when_a_result_is_withdrawn_then_it_is_back_and_says_what_changed(
    server: Server,
) -> None:
    body = view(CHILD)
    (card,) = server.cards(REGIMEN, body)
    answer(server, REGIMEN, overridden(card))
    changed = again(body)
    for bundle in changed["prefetch"].values():
        if bundle.get("entry"):
            bundle["entry"] = [one for one in bundle["entry"] if "MYCN" not in json.dumps(one)]

    (back,) = server.cards(REGIMEN, changed)

    assert "Shown again although it was answered:" in back["detail"]
    assert "mycn" in back["detail"].partition("changed since")[0].rpartition("answered:")[2]
    assert topics([back]) == ["ReinductionRegimen"]


@pytest.mark.parametrize("days", [1, 7, 14])
@pytest.mark.parametrize("child", [CHILD, "alk-f1174l", "first-relapse-untouched", "risk-unknown", "adult"])
def test_given_an_answered_card_when_only_time_has_passed_then_it_stays_away(url: str, child: str, days: int) -> None:
    """The children are a fortnight older, some of them a month by count; nothing was learnt about them."""
    body = view(child)
    with serving(database_url=url, fingerprint_key=KEY) as server:
        cards = {service: server.cards(service, body) for service in (REGIMEN, WORKUP)}
        assert any(cards.values())
        for service, shown in cards.items():
            assert not shown or answer(server, service, *map(overridden, shown)) == 200

    with serving(database_url=url, fingerprint_key=KEY, as_of=AS_OF + timedelta(days=days)) as server:
        assert [topics(server.cards(service, again(body))) for service in (REGIMEN, WORKUP)] == [[], []]


def test_given_a_critical_card_when_it_was_set_aside_then_it_is_shown_all_the_same(server: Server) -> None:
    """Hazard: a contraindication that was clicked away once is never seen again."""
    body = filed("order-sign-beta-anaphylaxis")
    cards = server.cards("relapse-order-check", body)
    critical = [card for card in cards if card["indicator"] == "critical"]
    assert critical
    answer(server, "relapse-order-check", *map(overridden, cards))

    back = server.cards("relapse-order-check", again(body))

    assert [card["indicator"] for card in back] == ["critical"] * len(critical)


def test_given_a_memory_of_no_days_when_a_card_was_answered_then_it_is_shown(url: str) -> None:
    with serving(database_url=url, memory_days=0) as server:
        body = view(CHILD)
        (card,) = server.cards(REGIMEN, body)
        answer(server, REGIMEN, overridden(card))

        assert topics(server.cards(REGIMEN, again(body))) == ["ReinductionRegimen"]


@pytest.mark.parametrize(("key", "is_kept"), [(KEY, True), ("another key, of thirty-two letters", False)])
def test_given_a_restart_when_the_key_is_the_same_then_what_was_answered_stays_away(
    url: str, key: str, *, is_kept: bool
) -> None:
    body = view(CHILD)
    with serving(database_url=url, fingerprint_key=KEY) as server:
        (card,) = server.cards(REGIMEN, body)
        answer(server, REGIMEN, overridden(card))
    with serving(database_url=url, fingerprint_key=key) as server:
        assert (server.cards(REGIMEN, again(body)) == []) is is_kept


EPIC_REASON = {
    "reason": None,
    "extension": {
        "com.epic.cdshooks.feedback.overrideReason.reasonCategory": "3",
        "com.epic.cdshooks.feedback.overrideReason.reasonDisplay": "Not appropriate",
    },
    "userComment": "no",
}


@pytest.mark.req("FB-05")
@pytest.mark.parametrize(
    "more",
    [
        {"overrideReasons": EPIC_REASON},
        {"overrideReason": {"reason": {"code": "on-trial", "system": "urn:relapse-cds:override-reason"}}},
        {"overrideReason": {"userComment": "no"}},
        {},
    ],
    ids=["epic", "coded", "comment", "none"],
)
def test_given_feedback_in_any_shape_when_a_card_is_set_aside_then_it_stays_away(
    server: Server, more: dict[str, Any]
) -> None:
    body = view(CHILD)
    (card,) = server.cards(REGIMEN, body)

    assert answer(server, REGIMEN, overridden(card, **more)) == 200
    assert server.cards(REGIMEN, again(body)) == []


@pytest.mark.req("FB-01", "FB-07")
def test_given_feedback_in_a_batch_again_and_about_unknown_cards_when_sent_then_each_event_is_kept_once(
    server: Server, tmp_path: Path
) -> None:
    body = view(CHILD)
    (card,) = server.cards(REGIMEN, body)
    unknown = {**overridden(card), "card": "123456"}
    stranger = {**overridden(card), "card": str(uuid.uuid4())}

    statuses = [answer(server, REGIMEN, overridden(card), unknown, stranger, overridden(card)) for _ in range(3)]

    assert statuses == [200, 200, 200]
    with sqlite3.connect(tmp_path / "cds.db") as connection:
        assert connection.execute("SELECT count(*) FROM feedback").fetchone() == (3,)
    connection.close()


@pytest.mark.req("FB-02")
def test_given_thousands_of_items_when_sent_at_once_then_the_call_is_refused_in_no_time(server: Server) -> None:
    item = {"outcome": "overridden", "outcomeTimestamp": "2026-11-22T10:00:00Z"}
    items = [{**item, "card": str(number)} for number in range(10_000)]

    assert answer(server, REGIMEN, *items[:1000]) == 200
    start = time.perf_counter()
    refused = server.session.post(f"{server.url}/cds-services/{REGIMEN}/feedback", json={"feedback": items}, timeout=30)
    assert time.perf_counter() - start < 5
    check_error(refused.content)
    assert refused.status_code == 413


def test_given_an_open_server_when_discovery_is_read_then_every_service_says_so(server: Server) -> None:
    services = server.get("/cds-services").json()["services"]

    assert services
    assert all("OPEN SERVER in development mode" in service["usageRequirements"] for service in services)
