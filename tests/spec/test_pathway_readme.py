"""The pathway's README is current, leaves nothing out, and lists every fact and state that a card can carry."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_type_hints

import pytest

from hooks.pathways.relapsed_neuroblastoma.facts import MYCN, Facts
from hooks.pathways.relapsed_neuroblastoma.knowledge import KNOWLEDGE
from hooks.pathways.relapsed_neuroblastoma.rules.saying import NAMES
from hooks.pathways.relapsed_neuroblastoma.services import RULES
from tests.spec import pathway_facts
from tests.spec.chapters import CHAPTERS
from tests.spec.pathway_readme import README, ROOT, SPEC, document, hazard_in, readable, sections_of

DOCUMENT = document()
SECTIONS = [section for chapter in CHAPTERS for section in sections_of(chapter)]


def test_given_the_specification_when_the_readme_is_written_then_it_is_the_one_on_file() -> None:
    """Write it anew with `python tests/spec/pathway_readme.py`."""
    assert README.read_text(encoding="utf-8") == DOCUMENT


def test_given_the_folders_of_the_specification_when_compared_then_each_is_a_chapter() -> None:
    folders = {path.relative_to(SPEC).parts[0] for path in SPEC.rglob("*/test_*.py")}

    assert {chapter.folder for chapter in CHAPTERS} == folders


def test_given_the_rules_of_all_services_when_compared_then_each_stands_in_one_chapter() -> None:
    told = [rule.__name__ for chapter in CHAPTERS for _, rules in chapter.groups for rule in rules]

    assert sorted(told) == sorted({rule.__name__ for rules in RULES.values() for rule in rules})


@pytest.mark.parametrize("section", SECTIONS, ids=lambda section: section.path)
def test_given_a_file_of_tests_when_told_then_it_says_what_it_is_about_and_has_sentences(section: Any) -> None:
    assert section.about.endswith(".")
    assert section.sentences
    assert all(re.match(r"Given .+, then .+\.$", sentence.words) for sentence in section.sentences)


def test_given_a_name_when_read_then_acronyms_and_commas_stand_where_a_person_writes_them() -> None:
    name = "test_given_mycn_gain_in_the_eu_when_planned_then_gm_csf_is_named"

    assert readable(name) == "Given MYCN gain in the EU, when planned, then GM-CSF is named."
    assert readable("test_given_pr_then_it_counts") == "Given PR, then it counts."
    assert readable("test_it_counts") == "It counts."


def test_given_a_docstring_when_it_names_a_hazard_then_the_hazard_is_told() -> None:
    assert hazard_in("Row X. Hazard: gain is\nread as amplified. More.") == "gain is read as amplified"
    assert not hazard_in("Nothing of the kind.")


def test_given_all_citations_when_the_readme_is_read_then_each_is_listed_with_how_far_it_was_read() -> None:
    listed = set(
        re.findall(r"^\| ([^ |]+) \| .+ \| (?:whole text|sections|a table|abstract|excerpt|not opened)", DOCUMENT, re.M)
    )

    assert listed == set(KNOWLEDGE.citations)


def test_given_all_facts_when_listed_then_every_one_that_a_card_can_name_has_its_states() -> None:
    listed = [name for _, names in pathway_facts.grouped() for name in names]

    assert sorted(listed) == sorted(NAMES)
    assert pathway_facts.states_of(get_type_hints(Facts)["mycn"]) == ", ".join(f"`{state}`" for state in MYCN)
    assert pathway_facts.states_of(get_type_hints(Facts)["sites"]).startswith("`bone`, `bone_marrow`")


def _facts_on(node: Any) -> Iterator[tuple[str, str | None]]:
    """Yield every fact that a golden card names, with its state; None where it is missing."""
    if isinstance(node, list):
        for item in node:
            yield from _facts_on(item)
    elif isinstance(node, dict):
        basis = node.get("relapse-cds.basis", {})
        yield from ((used["fact"], used["state"]) for used in basis.get("used", ()))
        yield from ((gap["fact"], None) for gap in basis.get("missing", ()))
        yield from (pair for value in node.values() for pair in _facts_on(value))


def test_given_all_golden_cards_when_read_then_every_fact_and_state_on_them_is_listed() -> None:
    rows = re.findall(r"^\| `(\w+)` \| .*? \| (.+) \|$", pathway_facts.text().replace("| |", "| - |"), re.M)
    states = {name: set(re.findall(r"`(\w+)`", said)) if said.startswith("`") else None for name, said in rows}
    cards = [json.loads(path.read_text(encoding="utf-8")) for path in Path(ROOT, "tests/golden/cards").rglob("*.json")]
    carried = {pair for card in cards for pair in _facts_on(card)}

    assert len(carried) > 100
    assert {name for name, _ in carried} <= states.keys()
    for name, state in carried:
        if state is not None and (known := states[name]):
            assert set(state.split(", ")) <= known, name
