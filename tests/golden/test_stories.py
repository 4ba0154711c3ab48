"""Every child's story says what the clinical documents ask for; the running application answers that.

The stories were written from the documents, not from the answers. Each answer also passes the independent checker.
"""

from __future__ import annotations

from typing import Any

import pytest

import fhir_fixtures
from fhir_fixtures import Expected
from tests.contract.checker import check_response
from tests.golden.conftest import Answer, filed, view

OPEN = {"trial", "preferred", "alternative", "refer"}
PATIENT_VIEW = ("relapse-workup", "relapse-regimen")


def basis(card: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = card["extension"]["relapse-cds.basis"]
    return found


def offered(card: dict[str, Any]) -> set[str]:
    """Return what a card offers, with whatever standing but not_suitable."""
    options = {o["regimen"] for o in basis(card).get("options", []) if o["standing"] != "not_suitable"}
    return options | set(basis(card).get("items", []))


def open_choices(card: dict[str, Any]) -> set[str]:
    """Return what a card offers as an open choice."""
    options = {o["regimen"] for o in basis(card).get("options", []) if o["standing"] in OPEN}
    return options | set(basis(card).get("items", []))


def compare(rows: list[Expected], answered: dict[str, Any]) -> None:
    """Compare one service's answer with the rows of a story."""
    cards = answered["cards"]
    if all(not row.topic for row in rows):
        assert answered == {"cards": []}, [card["summary"] for card in cards]
        return
    for row in rows:
        topics = row.topic.split(" or ")
        if "no card" in topics and answered == {"cards": []}:
            continue
        matching = [
            card
            for card in cards
            if card["source"]["topic"]["code"] in topics and card["indicator"] in row.indicator.split(" or ")
        ]
        told = [(c["indicator"], c["source"]["topic"]["code"], c["summary"]) for c in cards]
        assert matching, f"wanted {row.topic} ({row.indicator}); got {told}"
        shown = set().union(*(offered(card) for card in matching))
        assert set(row.shown) <= shown, f"{row.topic}: missing {set(row.shown) - shown}; offered {sorted(shown)}"
        wrongly_open = set(row.closed) & set().union(*(open_choices(card) for card in matching))
        assert not wrongly_open, f"{row.topic}: open although closed: {wrongly_open}"


def told_rows(service: str, rows: tuple[Expected, ...]) -> list[Expected]:
    return [row for row in rows if row.service == service]


CHILDREN = [
    pytest.param(child.slug, service, id=f"{child.slug}-{service}")
    for child in fhir_fixtures.children()
    for service in PATIENT_VIEW
]


@pytest.mark.parametrize(("slug", "service"), CHILDREN)
def test_given_a_child_when_the_chart_is_opened_then_the_answer_is_what_the_story_says(
    answer: Answer, slug: str, service: str
) -> None:
    body = view(slug)

    answered = answer(service, body)

    check_response(answered, body)
    rows = told_rows(service, fhir_fixtures.child(slug).expected)
    if rows:
        compare(rows, answered)


@pytest.mark.parametrize("name", [call.name for call in fhir_fixtures.hook_calls()])
def test_given_a_hook_call_on_file_when_sent_then_the_answer_is_what_it_says(answer: Answer, name: str) -> None:
    call = fhir_fixtures.hook_call(name)
    body = filed(name)

    answered = answer(call.service, body)

    check_response(answered, body)
    rows = told_rows(call.service, call.expected)
    if rows:
        compare(rows, answered)
