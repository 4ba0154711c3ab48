"""How much text of one key is read: what stays, what is left out, and that the state of the key says so."""

from __future__ import annotations

from typing import Any

import pytest

from cds_server.fhir.content import Content
from cds_server.fhir.legible import READ_PER_KEY, RESOURCE, legible
from hooks.facts.spelling import MAX_LENGTH
from hooks.record import KeyState


def a_condition(number: int, **more: Any) -> dict[str, Any]:
    return {"resourceType": "Condition", "id": f"c{number}", "code": {"text": "Neuroblastoma"}, **more}


def noted(number: int, length: int) -> dict[str, Any]:
    return a_condition(number, note=[{"text": "n" * length}])


def ids(content: Content) -> list[Any]:
    return [resource["id"] for resource in content.resources]


def present(*resources: dict[str, Any]) -> Content:
    return Content(KeyState.PRESENT, resources)


def test_given_an_ordinary_chart_when_it_is_weighed_then_it_stays_as_it_came() -> None:
    content = present(*(noted(number, 300) for number in range(200)))

    assert legible(content) is content


def test_given_more_text_than_is_read_when_it_is_weighed_then_the_oldest_are_left_out_and_the_key_says_so() -> None:
    """Hazard: a chart of many long notes keeps a worker busy for minutes, or hides the one that names the relapse."""
    long = [noted(number, MAX_LENGTH) | {"recordedDate": f"{2010 + number}-05-01"} for number in range(10)]

    read = legible(present(noted(98, MAX_LENGTH), *long, a_condition(99)))

    assert ids(read) == ["c3", "c4", "c5", "c6", "c7", "c8", "c9", "c99"]
    assert (read.state, read.unreadable) == (KeyState.TRUNCATED, 4)


def test_given_a_text_that_is_longer_than_is_examined_when_it_is_weighed_then_it_counts_as_unreadable() -> None:
    """Hazard: the end of a long report says the opposite of its beginning, and nobody learns that it was not read."""
    read = legible(present(noted(1, MAX_LENGTH + 1), noted(2, MAX_LENGTH)))

    assert ids(read) == ["c1", "c2"]
    assert (read.state, read.unreadable) == (KeyState.PRESENT, 1)


def test_given_resources_without_text_when_there_are_very_many_then_some_are_left_out() -> None:
    number = READ_PER_KEY // RESOURCE

    assert len(legible(present(*map(a_condition, range(number)))).resources) == number
    assert legible(present(*map(a_condition, range(number + 1)))).state is KeyState.TRUNCATED


@pytest.mark.parametrize(
    ("kind", "state"), [("application/pdf", KeyState.PRESENT), ("text/plain; charset=utf-8", KeyState.TRUNCATED)]
)
def test_given_attachments_when_they_are_weighed_then_only_plain_text_counts(kind: str, state: KeyState) -> None:
    form = {"contentType": kind, "data": "QUxL" * 5000}

    read = legible(present(*(a_condition(number, presentedForm=[form]) for number in range(9))))

    assert read.state is state


def test_given_a_narrative_when_it_is_weighed_then_it_does_not_count_because_nobody_reads_it() -> None:
    content = present(*(a_condition(number, text={"div": "d" * MAX_LENGTH * 2}) for number in range(10)))

    assert legible(content) is content
