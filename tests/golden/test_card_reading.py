"""What every regimen card must give a reader with little time, over all synthetic children."""

from __future__ import annotations

import re
from typing import Any

import pytest

import fhir_fixtures
from hooks.pathways.relapsed_neuroblastoma.knowledge import KNOWLEDGE
from tests.golden.conftest import Answer, view

HEAD = 1_200
"""Characters within which trials and first choices stand."""

LONGEST = 12_500
"""Longest detail in characters, addresses included; text for a client without suggestions may be longer."""


def regimen_cards(answer: Answer, slug: str) -> list[dict[str, Any]]:
    cards = answer("relapse-regimen", view(slug))["cards"]
    return [card for card in cards if card["source"]["topic"]["code"].endswith("Regimen")]


def cited_in(body: str) -> set[str]:
    parts = (part for words in re.findall(r"\(([^()]*)\)", body) for part in re.split(r"[,;] ?", words))
    return {part for part in parts if part in KNOWLEDGE.citations}


@pytest.mark.parametrize("slug", [child.slug for child in fhir_fixtures.children()])
def test_given_a_regimen_card_when_read_then_head_length_and_sources_serve_the_reader(
    answer: Answer, slug: str
) -> None:
    """Hazard: the first choice, or the source of a figure, is lost in a long text."""
    for card in regimen_cards(answer, slug):
        detail = card["detail"]
        body, _, evidence = detail.partition("**Evidence**")
        options = card["extension"]["relapse-cds.basis"].get("options", ())
        preferred = [option for option in options if option["standing"] == "preferred"]

        assert len(detail) <= LONGEST
        assert not preferred or "- First choices: " in detail[:HEAD]
        assert all(re.search(rf"(?<![\w-]){re.escape(cited)}(?![\w-])", evidence) for cited in cited_in(body))
        assert all({"why", "against", "figures"} & option.keys() for option in options)
