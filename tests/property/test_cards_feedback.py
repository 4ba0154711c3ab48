"""Hazard: an odd feedback body ends a worker, or what it said is lost with it."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from cards.feedback import FeedbackItem, Outcome, parse_feedback
from hooks.errors import RequestRefused

json_values = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=8)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=6), inner, max_size=3)),
    max_leaves=8,
)
override = st.fixed_dictionaries(
    {},
    optional={
        "reason": st.one_of(json_values, st.fixed_dictionaries({"code": json_values, "system": json_values})),
        "extension": json_values,
        "userComment": json_values,
    },
)
item = st.fixed_dictionaries(
    {},
    optional={
        "card": st.one_of(st.just("123456"), json_values),
        "outcome": st.one_of(st.sampled_from(["accepted", "overridden"]), json_values),
        "acceptedSuggestions": st.one_of(st.just([{"id": "x"}]), json_values),
        "overrideReason": st.one_of(override, json_values),
        "overrideReasons": st.one_of(override, json_values),
        "outcomeTimestamp": st.one_of(
            st.just("2026-09-18T10:00:00Z"), st.datetimes().map(lambda when: f"{when.isoformat()}+14:00"), json_values
        ),
    },
)
bodies = st.one_of(json_values, st.fixed_dictionaries({"feedback": st.one_of(st.lists(item, max_size=3), json_values)}))


@settings(max_examples=400, deadline=None)
@given(bodies)
def test_given_any_json_when_parsed_then_it_is_taken_or_refused(body: Any) -> None:
    with suppress(RequestRefused):
        for parsed in parse_feedback(body):
            _is_storable(parsed)


def _is_storable(parsed: FeedbackItem) -> None:
    assert parsed.card
    assert parsed.at.tzinfo is UTC
    assert parsed.outcome is not Outcome.ACCEPTED or parsed.accepted
    reason = parsed.reason
    told = (
        parsed.card,
        parsed.comment,
        *parsed.accepted,
        *((reason.code, reason.system, reason.display) if reason else ()),
    )
    for text in told:
        assert "\x00" not in text
        text.encode("utf-8")
