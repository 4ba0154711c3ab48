"""Feedback as clients send it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from cards.feedback import FeedbackItem, Outcome, ReasonGiven, parse_feedback
from hooks.errors import RequestRefused

OVERRIDDEN = {
    "card": "9368d37b-283f-44a0-93ea-547cebab93ed",
    "outcome": "overridden",
    "outcomeTimestamp": "2020-12-11T00:00:00Z",
}
ACCEPTED = {
    **OVERRIDDEN,
    "outcome": "accepted",
    "acceptedSuggestions": [{"id": "e56e1945-20b3-4393-8503-a1a20fd73152"}],
}


def parse_one(item: dict[str, Any]) -> FeedbackItem:
    """The single item of a body."""
    return parse_feedback({"feedback": [item]})[0]


@pytest.mark.req("FB-02", "FB-03", "FB-04")
def test_given_the_specifications_accepted_example_when_parsed_then_card_and_suggestion_are_read() -> None:
    item = parse_one(ACCEPTED)

    assert item == FeedbackItem(
        card="9368d37b-283f-44a0-93ea-547cebab93ed",
        outcome=Outcome.ACCEPTED,
        at=datetime(2020, 12, 11, tzinfo=UTC),
        accepted=("e56e1945-20b3-4393-8503-a1a20fd73152",),
    )


@pytest.mark.req("FB-05")
def test_given_the_specifications_override_example_when_parsed_then_reason_and_comment_are_read() -> None:
    override = {
        "reason": {"code": "d7ecf885", "system": "https://example.com/cds-hooks/override-reason-system"},
        "userComment": "A comment entered by the clinician.",
    }

    item = parse_one({**OVERRIDDEN, "overrideReason": override})

    assert item.reason == ReasonGiven("d7ecf885", "https://example.com/cds-hooks/override-reason-system")
    assert item.comment == "A comment entered by the clinician."


def test_given_an_override_without_reason_when_parsed_then_it_is_taken() -> None:
    item = parse_one({**OVERRIDDEN, "overrideReason": None, "acceptedSuggestions": None})

    assert (item.outcome, item.reason, item.comment, item.accepted) == (Outcome.OVERRIDDEN, None, "", ())


def test_given_the_other_name_with_a_coding_when_parsed_then_the_reason_is_read() -> None:
    override = {"reason": {"code": "contraindicated", "display": "bad", "system": "http: //example.org/x"}}

    item = parse_one({**OVERRIDDEN, "card": "123456", "overrideReason": None, "overrideReasons": override})

    assert item.card == "123456"
    assert item.reason == ReasonGiven("contraindicated", "http: //example.org/x", "bad")


def test_given_the_other_name_with_an_extension_when_parsed_then_the_category_is_the_reason() -> None:
    prefix = "com.epic.cdshooks.feedback.overrideReason."
    extension = {f"{prefix}reasonCategory": "45", f"{prefix}reasonTitle": "Does not meet criteria", "other": 1}

    item = parse_one({**OVERRIDDEN, "overrideReasons": {"extension": extension, "userComment": "free text"}})

    assert item.reason == ReasonGiven("45", f"{prefix}reasonCategory", "Does not meet criteria")
    assert item.comment == "free text"


@pytest.mark.parametrize(
    "override",
    [{}, {"reason": None}, {"reason": "busy"}, {"reason": {"code": 5}}, {"extension": []}, {"userComment": 7}],
)
def test_given_an_odd_reason_when_parsed_then_the_override_counts_without_it(override: Any) -> None:
    item = parse_one({**OVERRIDDEN, "overrideReason": override})

    assert (item.reason, item.comment) == (None, "")


@pytest.mark.req("FB-06")
@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("1985-04-12T23:20:50.52Z", datetime(1985, 4, 12, 23, 20, 50, 520000, tzinfo=UTC)),
        ("2026-09-18T10:00:00+00:00", datetime(2026, 9, 18, 10, tzinfo=UTC)),
        ("2026-09-18T12:00:00+02:00", datetime(2026, 9, 18, 10, tzinfo=UTC)),
        ("2026-09-18t10:00:00z", datetime(2026, 9, 18, 10, tzinfo=UTC)),
        ("2026-09-18T10:00:00.123456789Z", datetime(2026, 9, 18, 10, 0, 0, 123456, tzinfo=UTC)),
    ],
)
def test_given_a_timestamp_of_rfc_3339_when_parsed_then_it_is_in_utc(said: str, meant: datetime) -> None:
    assert parse_one({**OVERRIDDEN, "outcomeTimestamp": said}).at == meant


@pytest.mark.parametrize(
    "timestamp",
    [
        None,
        "",
        0,
        "2026-09-18",
        "2026-09-18T10:00:00",
        "yesterday",
        "2026-13-01T10:00:00Z",
        "0001-01-01T00:00:00+10:00",
    ],
)
def test_given_another_timestamp_when_parsed_then_it_is_refused(timestamp: object) -> None:
    with pytest.raises(RequestRefused, match=r"feedback\.0\.outcomeTimestamp"):
        parse_one({**OVERRIDDEN, "outcomeTimestamp": timestamp})


@pytest.mark.parametrize(
    "body",
    [None, [], "x", {}, {"feedback": []}, {"feedback": None}, {"feedback": {}}, {"feedback": "x"}, {"feedback": [1]}],
)
def test_given_a_body_of_another_shape_when_parsed_then_it_is_refused(body: object) -> None:
    with pytest.raises(RequestRefused):
        parse_feedback(body)


@pytest.mark.parametrize(
    "item",
    [
        {**OVERRIDDEN, "card": ""},
        {**OVERRIDDEN, "card": 5},
        {**OVERRIDDEN, "card": "\u200b"},
        {**OVERRIDDEN, "outcome": "ignored"},
        {**OVERRIDDEN, "outcome": None},
        {**ACCEPTED, "acceptedSuggestions": []},
        {**ACCEPTED, "acceptedSuggestions": None},
        {**ACCEPTED, "acceptedSuggestions": [{}]},
        {**ACCEPTED, "acceptedSuggestions": ["x"]},
        {**OVERRIDDEN, "overrideReason": "busy"},
    ],
)
def test_given_an_item_that_says_too_little_when_parsed_then_the_whole_body_is_refused(item: dict[str, Any]) -> None:
    with pytest.raises(RequestRefused):
        parse_feedback({"feedback": [OVERRIDDEN, item]})


def test_given_a_refusal_when_read_then_it_quotes_nothing_of_the_body() -> None:
    with pytest.raises(RequestRefused) as refused:
        parse_one({**OVERRIDDEN, "outcome": "Jane Doe", "overrideReason": {"userComment": "Jane Doe"}})

    assert refused.value.safe_text == "feedback.0.outcome: has the wrong type or value"


def test_given_a_missing_card_when_parsed_then_the_refusal_says_required() -> None:
    with pytest.raises(RequestRefused, match=r"feedback\.0\.card: is required"):
        parse_one({"outcome": "overridden", "outcomeTimestamp": "2020-12-11T00:00:00Z"})


@pytest.mark.req("FB-07")
def test_given_a_batch_with_repeats_when_parsed_then_every_item_comes_out_in_order() -> None:
    items = parse_feedback({"feedback": [ACCEPTED, OVERRIDDEN, ACCEPTED], "extension": {"x": 1}})

    assert [item.outcome for item in items] == [Outcome.ACCEPTED, Outcome.OVERRIDDEN, Outcome.ACCEPTED]


def test_given_characters_that_a_database_cannot_keep_when_parsed_then_they_are_gone() -> None:
    item = parse_one({**OVERRIDDEN, "card": "a\ud800b", "overrideReason": {"userComment": "x\x00\u202ey" + "z" * 5000}})

    assert item.card == "ab"
    assert item.comment.startswith("xyz")
    assert len(item.comment) == 2000
