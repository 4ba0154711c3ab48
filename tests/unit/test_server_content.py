"""One prefetch value or FHIR answer of every shape: what it holds, and that nothing makes the reader raise."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cds_server.fhir.content import Content, join, read_content, truncated
from hooks.record import KeyState

CONDITION = {"resourceType": "Condition", "id": "c1"}
ERROR = {"resourceType": "OperationOutcome", "issue": [{"severity": "error", "code": "timeout"}]}
FATAL = {"resourceType": "OperationOutcome", "issue": [{"severity": "warning"}, {"severity": "fatal"}]}
WARNING = {"resourceType": "OperationOutcome", "issue": [{"severity": "warning", "code": "not-found"}]}


def a_bundle(*entries: Any, **more: Any) -> dict[str, Any]:
    return {"resourceType": "Bundle", "type": "searchset", "entry": list(entries), **more}


SHAPES: dict[str, tuple[Any, KeyState, int, int]] = {
    "null": (None, KeyState.EMPTY, 0, 0),
    "empty searchset": ({"resourceType": "Bundle", "type": "searchset", "total": 0}, KeyState.EMPTY, 0, 0),
    "entry null": (a_bundle() | {"entry": None}, KeyState.EMPTY, 0, 0),
    "entry an object": (a_bundle() | {"entry": {"resource": CONDITION}}, KeyState.PRESENT, 1, 0),
    "entry a text": (a_bundle() | {"entry": "none"}, KeyState.FAILED, 0, 1),
    "answer to a batch": (
        a_bundle({"resource": a_bundle({"resource": CONDITION}), "response": {"status": "200"}}),
        KeyState.PRESENT,
        1,
        0,
    ),
    "answer to a batch that found nothing": (
        a_bundle({"resource": a_bundle(), "response": {"status": "200"}}, {"response": {"status": "404"}}),
        KeyState.EMPTY,
        0,
        0,
    ),
    "answer to a batch that failed": (a_bundle({"response": {"status": "500"}}), KeyState.FAILED, 0, 0),
    "answer to a batch that failed in part": (
        a_bundle({"resource": a_bundle({"resource": CONDITION})}, {"response": {"status": "500"}}),
        KeyState.TRUNCATED,
        1,
        0,
    ),
    "Bundle within that has more pages": (
        a_bundle({"resource": a_bundle({"resource": CONDITION}, link=[{"relation": "next", "url": "b"}])}),
        KeyState.TRUNCATED,
        1,
        0,
    ),
    "Bundle within that has pages but nothing on the first": (
        a_bundle({"resource": a_bundle(link=[{"relation": "next", "url": "b"}])}),
        KeyState.FAILED,
        0,
        0,
    ),
    "searchset": (a_bundle({"resource": CONDITION}), KeyState.PRESENT, 1, 0),
    "Bundle without type": ({"resourceType": "Bundle", "entry": [{"resource": CONDITION}]}, KeyState.PRESENT, 1, 0),
    "Bundle without resourceType": ({"entry": [{"resource": CONDITION}]}, KeyState.PRESENT, 1, 0),
    "one resource where a Bundle is expected": (CONDITION, KeyState.PRESENT, 1, 0),
    "included types": (
        a_bundle(
            {"resource": CONDITION}, {"resource": {"resourceType": "Practitioner"}, "search": {"mode": "include"}}
        ),
        KeyState.PRESENT,
        2,
        0,
    ),
    "warning that nothing was found": (
        a_bundle({"resource": WARNING, "search": {"mode": "outcome"}}, total=0),
        KeyState.EMPTY,
        0,
        0,
    ),
    "matches and a warning": (a_bundle({"resource": CONDITION}, {"resource": WARNING}), KeyState.PRESENT, 1, 0),
    "matches and an error": (a_bundle({"resource": CONDITION}, {"resource": ERROR}), KeyState.TRUNCATED, 1, 0),
    "only an error": (a_bundle({"resource": ERROR}), KeyState.FAILED, 0, 0),
    "bare error": (ERROR, KeyState.FAILED, 0, 0),
    "bare fatal": (FATAL, KeyState.FAILED, 0, 0),
    "bare warning": (WARNING, KeyState.EMPTY, 0, 0),
    "outcome without issues": ({"resourceType": "OperationOutcome"}, KeyState.FAILED, 0, 0),
    "outcome with odd issues": ({"resourceType": "OperationOutcome", "issue": ["x"]}, KeyState.FAILED, 0, 0),
    "odd entries beside a resource": (
        a_bundle(None, 5, {}, {"resource": []}, {"resource": CONDITION}),
        KeyState.PRESENT,
        1,
        4,
    ),
    "odd entries alone": (a_bundle({"resource": {"id": "x"}}), KeyState.FAILED, 0, 1),
    "resourceType of another type": (a_bundle({"resource": {"resourceType": 5}}), KeyState.FAILED, 0, 1),
    "wrapped": (
        {"response": {"status": "200 OK"}, "resource": a_bundle({"resource": CONDITION})},
        KeyState.PRESENT,
        1,
        0,
    ),
    "wrapped, nothing found": ({"response": {"status": "404 Not Found"}}, KeyState.EMPTY, 0, 0),
    "wrapped, nothing there": ({"response": {"status": "200"}, "resource": None}, KeyState.EMPTY, 0, 0),
    "wrapped, failed": ({"response": {"status": "500"}}, KeyState.FAILED, 0, 0),
    "wrapped, odd": ({"response": "no"}, KeyState.FAILED, 0, 0),
    "empty object": ({}, KeyState.MISSING, 0, 0),
    "object without type": ({"id": "x"}, KeyState.MISSING, 0, 0),
    "type that is a number": ({"resourceType": 1}, KeyState.MISSING, 0, 0),
    "list": ([CONDITION], KeyState.MISSING, 0, 0),
    "string": ("Condition", KeyState.MISSING, 0, 0),
    "number": (0, KeyState.MISSING, 0, 0),
    "false": (False, KeyState.MISSING, 0, 0),
}


@pytest.mark.req("PF-11", "PF-12", "REQ-10")
@pytest.mark.parametrize("name", SHAPES)
def test_given_a_value_of_any_shape_when_it_is_read_then_its_state_is_that_of_the_table(name: str) -> None:
    value, state, resources, unreadable = SHAPES[name]

    content = read_content(value)

    assert (content.state, len(content.resources), content.unreadable) == (state, resources, unreadable)


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        ([{"relation": "self", "url": "a"}, {"relation": "next", "url": "b"}], "b"),
        ([None, {"relation": "next", "url": 5}], ""),
        ({"relation": "next", "url": "b"}, "b"),
        ({"relation": "last", "url": "b"}, ""),
        ("b", ""),
        (None, ""),
    ],
)
def test_given_links_of_any_shape_when_a_bundle_is_read_then_only_a_next_address_counts(
    link: Any, expected: str
) -> None:
    assert read_content(a_bundle({"resource": CONDITION}, link=link)).next_link == expected


PRESENT = Content(KeyState.PRESENT, (CONDITION,), 1, "next")
EMPTY = Content(KeyState.EMPTY)


@pytest.mark.parametrize(
    ("first", "second", "state", "count"),
    [
        (PRESENT, PRESENT, KeyState.PRESENT, 2),
        (PRESENT, EMPTY, KeyState.PRESENT, 1),
        (EMPTY, EMPTY, KeyState.EMPTY, 0),
        (PRESENT, Content(KeyState.FAILED), KeyState.TRUNCATED, 1),
        (truncated(PRESENT), PRESENT, KeyState.TRUNCATED, 2),
        (PRESENT, truncated(PRESENT), KeyState.TRUNCATED, 2),
        (EMPTY, Content(KeyState.FAILED), KeyState.FAILED, 0),
        (Content(KeyState.FAILED), PRESENT, KeyState.TRUNCATED, 1),
        (truncated(EMPTY), EMPTY, KeyState.FAILED, 0),
    ],
)
def test_given_two_pages_when_they_are_joined_then_the_whole_is_complete_only_if_both_are(
    first: Content, second: Content, state: KeyState, count: int
) -> None:
    joined = join(first, second)

    assert (joined.state, len(joined.resources)) == (state, count)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                ["resourceType", "entry", "resource", "issue", "severity", "link", "relation", "url", "response"]
            ),
            inner | st.sampled_from(["Bundle", "OperationOutcome", "next", "error"]),
            max_size=5,
        )
    ),
    max_leaves=20,
)


@given(JSON)
def test_given_any_json_when_it_is_read_then_nothing_raises_and_resources_have_a_type(value: Any) -> None:
    content = read_content(value)

    assert all(isinstance(resource["resourceType"], str) for resource in content.resources)


@pytest.mark.parametrize(
    ("address", "named"),
    [("urn:uuid:m1", "m1"), ("https://ehr.example.org/R4/Medication/m1", None), (5, None), (None, None)],
)
def test_given_an_entry_without_an_id_when_read_then_it_takes_that_of_its_urn(address: Any, named: str | None) -> None:
    """Hazard: a draft points at its drug by the fullUrl, the drug is not found, and nothing is checked."""
    bare, own = {"resourceType": "Medication"}, {"resourceType": "Medication", "id": "own"}
    content = read_content(a_bundle({"fullUrl": address, "resource": bare}, {"fullUrl": address, "resource": own}))

    assert [resource.get("id") for resource in content.resources] == [named, "own"]
