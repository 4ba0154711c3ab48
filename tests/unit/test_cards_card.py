"""The wire models refuse what the specification refuses."""

from __future__ import annotations

import json
from typing import Any

import pydantic
import pytest

from cards.card import NO_CARDS, Action, Card, CDSResponse, Link, Source, Suggestion, TopicCoding, refuse_empty
from hooks.errors import InvalidOutput

UUIDS = [f"00000000-0000-4000-8000-00000000000{number}" for number in range(5)]
TOPIC = {"system": "urn:x", "code": "OutOfScope", "display": "Out of scope"}
ACTION = {"type": "create", "description": "Plan", "resource": {"resourceType": "ServiceRequest"}}
SUGGESTION = {"label": "Plan", "uuid": UUIDS[1], "actions": [ACTION]}
CARD = {
    "uuid": UUIDS[0],
    "summary": "Summary",
    "indicator": "info",
    "detail": "Detail",
    "source": {"label": "Guidance", "topic": TOPIC},
}


def card(**changes: Any) -> Card:
    """A card with changed members, as JSON would say them."""
    return Card.model_validate({**CARD, **changes})


def test_given_no_cards_when_serialised_then_the_array_is_present_and_empty() -> None:
    assert NO_CARDS.to_json() == '{"cards":[]}'


@pytest.mark.req("JSON-04")
def test_given_a_card_without_optional_members_when_serialised_then_they_are_absent() -> None:
    response = CDSResponse(cards=(card(),))

    assert json.loads(response.to_json()) == {"cards": [CARD]}


def test_given_a_full_card_when_serialised_then_names_are_camel_case_and_characters_stay() -> None:
    full = card(
        summary="Größe ≥ 5",
        suggestions=[{**SUGGESTION, "isRecommended": True}],
        selectionBehavior="any",
        overrideReasons=[{"system": "urn:x", "code": "y", "display": "z"}],
        links=[{"label": "Page", "url": "https://example.org/", "type": "absolute"}],
        extension={"x": {"reviewed": False}},
    )

    text = CDSResponse(cards=(full,)).to_json()

    assert "Größe ≥ 5" in text
    assert list(json.loads(text)["cards"][0]) == [
        "uuid",
        "summary",
        "indicator",
        "detail",
        "source",
        "suggestions",
        "selectionBehavior",
        "overrideReasons",
        "links",
        "extension",
    ]
    assert json.loads(text)["cards"][0]["suggestions"][0]["isRecommended"] is True


@pytest.mark.req("CARD-02")
@pytest.mark.parametrize("summary", ["x" * 139, "😀" * 69 + "x"])
def test_given_a_summary_of_139_units_when_validated_then_it_passes(summary: str) -> None:
    assert card(summary=summary).summary == summary


@pytest.mark.req("CARD-02")
@pytest.mark.parametrize("summary", ["", "x" * 140, "😀" * 70, "two\nlines", "two\u2028lines", "trailing\n\n", None, 5])
def test_given_a_summary_that_is_too_long_or_no_line_when_validated_then_it_is_refused(summary: object) -> None:
    with pytest.raises(pydantic.ValidationError):
        card(summary=summary)


@pytest.mark.parametrize(
    "changes",
    [
        {"uuid": "123456"},
        {"uuid": ""},
        {"indicator": "hard-stop"},
        {"detail": ""},
        {"source": {"topic": TOPIC}},
        {"source": {"label": "x"}},
        {"source": {"label": "x", "topic": {**TOPIC, "code": "Out of scope"}}},
        {"source": {"label": "x", "topic": {**TOPIC, "code": "x" * 101}}},
        {"source": {"label": "x", "topic": TOPIC, "url": "/relative"}},
        {"source": {"label": "x", "topic": TOPIC, "url": "ftp://example.org"}},
        {"source": {"label": "x", "topic": TOPIC, "url": "https://"}},
        {"source": {"label": "x", "topic": TOPIC, "url": "https://example.org/a b"}},
        {"selectionBehavior": "any"},
        {"suggestions": [SUGGESTION]},
        {"suggestions": [SUGGESTION], "selectionBehavior": "all"},
        {"suggestions": [{**SUGGESTION, "actions": []}], "selectionBehavior": "any"},
        {"suggestions": [{**SUGGESTION, "label": ""}], "selectionBehavior": "any"},
        {"overrideReasons": [{"system": "urn:x", "code": "y"}]},
        {"links": [{"label": "x", "url": "https://e.org", "type": "smart"}]},
        {"links": [{"label": "x", "url": "https://e.org"}]},
        {"links": [{"label": "x", "url": "https://e.org", "type": "absolute"}] * 3},
        {"systemActions": []},
        {"unknown": 1},
    ],
)
def test_given_a_card_that_breaks_a_rule_when_validated_then_it_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(pydantic.ValidationError):
        card(**changes)


@pytest.mark.req("SUG-04")
def test_given_two_recommended_when_only_one_may_be_taken_then_the_card_is_refused() -> None:
    two = [{**SUGGESTION, "isRecommended": True}, {**SUGGESTION, "uuid": UUIDS[2], "isRecommended": True}]

    assert len(card(suggestions=two, selectionBehavior="any").suggestions) == 2
    with pytest.raises(pydantic.ValidationError):
        card(suggestions=two, selectionBehavior="at-most-one")


@pytest.mark.parametrize("kind", ["update", "delete", None])
def test_given_another_action_than_create_when_validated_then_it_is_refused(kind: object) -> None:
    """Hazard: another clinician's order is changed or deleted."""
    with pytest.raises(pydantic.ValidationError):
        Action.model_validate({**ACTION, "type": kind})


def test_given_a_response_when_it_has_system_actions_then_it_is_refused() -> None:
    with pytest.raises(pydantic.ValidationError):
        CDSResponse.model_validate({"cards": [], "systemActions": []})


def test_given_one_uuid_twice_when_validated_then_the_response_is_refused() -> None:
    with pytest.raises(pydantic.ValidationError):
        CDSResponse(cards=(card(), card()))
    with pytest.raises(pydantic.ValidationError):
        CDSResponse(cards=(card(suggestions=[{**SUGGESTION, "uuid": UUIDS[0]}], selectionBehavior="any"),))


def test_given_a_model_when_changed_then_it_refuses() -> None:
    with pytest.raises(pydantic.ValidationError):
        card().summary = "other"  # type: ignore[misc]  # this is what is tested


def test_given_a_uuid_in_capitals_when_validated_then_it_is_sent_in_one_form() -> None:
    assert card(uuid="AAAAAAAA-0000-4000-8000-000000000000").uuid == "aaaaaaaa-0000-4000-8000-000000000000"


@pytest.mark.req("JSON-02", "JSON-03")
@pytest.mark.parametrize("empty", [None, "", " ", [], {}, [{"x": ""}], {"x": [None]}, {"x": ({},)}])
def test_given_something_empty_inside_when_serialised_then_it_is_refused(empty: object) -> None:
    response = CDSResponse(cards=(card(extension={"x": {"y": empty}}),))

    with pytest.raises(InvalidOutput, match=r"cards\[0\]\.extension\.x\.y"):
        response.to_json()


def test_given_values_that_only_look_empty_when_guarded_then_they_pass() -> None:
    refuse_empty({"a": False, "b": 0, "c": [0], "d": {"e": "0"}}, "x")


def test_given_models_built_by_hand_when_named_in_python_then_they_are_the_same() -> None:
    suggestion = Suggestion(label="Plan", uuid=UUIDS[1], actions=(Action(**ACTION),))  # type: ignore[arg-type]  # one dict
    source = Source(label="Guidance", topic=TopicCoding(**TOPIC))

    assert suggestion.is_recommended is False
    assert source.url is None
    assert Link(label="x", url="http://localhost:8080/x", type="absolute").url == "http://localhost:8080/x"
