"""Golden cards: what the server says about each child, as JSON for machines and as text for a reviewer.

The JSON leaves `overrideReasons` out: one list of reasons is everybody's.

A person reads the difference. `UPDATE_GOLDEN=1 pytest tests/golden/test_golden_cards.py` writes them anew.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

import fhir_fixtures
from tests.golden.conftest import Answer, answers_of, filed, view

FOLDER = Path(__file__).parent / "cards"

CASES = [
    *((child.slug, service) for child in fhir_fixtures.children() for service in ("relapse-workup", "relapse-regimen")),
    *((f"call:{call.name}", call.service) for call in fhir_fixtures.hook_calls()),
]

PROFILED = [
    (case, service, profile)
    for profile in ("epic", "text_only")
    for case, service in (
        ("mycn-amplified-at-relapse", "relapse-workup"),
        ("alk-and-mycn", "relapse-regimen"),
        ("call:order-select-dinutuximab", "anti-gd2-supportive-care"),
        ("call:order-sign-beta-anaphylaxis", "relapse-order-check"),
    )
]
"""Some of the cases once more, as clients of the other profiles get them."""


def readable(cards: list[dict[str, Any]], profile: str = "spec") -> str:
    """Return the cards as a reviewer reads them; a suggestion as its client shows it."""
    if not cards:
        return "No card.\n"
    parts = []
    for card in cards:
        lines = [f"# [{card['indicator']}] {card['summary']}", "", card.get("detail", ""), ""]
        for suggestion in card.get("suggestions", []):
            shown = suggestion["actions"][0]["description"] if profile == "epic" else suggestion["label"]
            lines.append(f"- button: {shown}")
        parts.append("\n".join(lines).rstrip() + "\n")
    return "\n---\n\n".join(parts)


def for_machines(answered: dict[str, Any]) -> dict[str, Any]:
    """Return the answer without the list of override reasons."""
    return {"cards": [{k: v for k, v in card.items() if k != "overrideReasons"} for card in answered["cards"]]}


@pytest.mark.parametrize(("case", "service"), CASES, ids=[f"{service}-{case}" for case, service in CASES])
def test_given_a_golden_case_when_answered_then_the_cards_are_as_reviewed(
    answer: Answer, case: str, service: str
) -> None:
    compare(answer(service, body_of(case)), f"{service}/{file_name(case)}")


@pytest.mark.parametrize(("case", "service", "profile"), PROFILED)
def test_given_a_client_of_another_profile_when_answered_then_the_cards_are_as_reviewed(
    case: str, service: str, profile: str
) -> None:
    answered = answers_of(profile)(service, body_of(case))

    compare(answered, f"{service}/{file_name(case)}.{profile}", profile)


def body_of(case: str) -> dict[str, Any]:
    return filed(case.removeprefix("call:")) if case.startswith("call:") else view(case)


def file_name(case: str) -> str:
    return case.replace("call:", "call-")


def compare(answered: dict[str, Any], name: str, profile: str = "spec") -> None:
    data, text = FOLDER / f"{name}.json", FOLDER / f"{name}.md"
    if os.environ.get("UPDATE_GOLDEN"):
        data.parent.mkdir(parents=True, exist_ok=True)
        data.write_text(json.dumps(for_machines(answered), ensure_ascii=False) + "\n", encoding="utf-8")
        text.write_text(readable(answered["cards"], profile), encoding="utf-8")

    assert json.loads(data.read_text(encoding="utf-8")) == for_machines(answered)
    assert text.read_text(encoding="utf-8") == readable(answered["cards"], profile)


def test_given_the_golden_files_when_listed_then_none_is_left_over() -> None:
    wanted = {f"{service}/{file_name(case)}" for case, service in CASES}
    wanted |= {f"{service}/{file_name(case)}.{profile}" for case, service, profile in PROFILED}

    assert {f"{path.parent.name}/{path.stem}" for path in FOLDER.rglob("*.json")} == wanted
