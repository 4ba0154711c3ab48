"""Nothing stands in a knowledge file or among the settings that no code reads."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from cds_server.settings import Settings
from hooks.pathways.relapsed_neuroblastoma.knowledge import KNOWLEDGE
from hooks.pathways.relapsed_neuroblastoma.knowledge.engineering import Engineering
from hooks.pathways.relapsed_neuroblastoma.knowledge.statements import STATEMENTS

ROOT = Path(__file__).parents[2]


def code_of(folder: str, *without: str) -> str:
    """Return the Python text of a folder, save these files."""
    paths = [path for path in (ROOT / folder).rglob("*.py") if path.name not in without]
    return "\n".join(path.read_text(encoding="utf-8") for path in paths)


HOOKS = code_of("hooks", "engineering.py")
SERVER = code_of("cds_server")


@pytest.mark.parametrize("name", Engineering.model_fields)
def test_given_an_engineering_choice_when_searched_then_a_reader_or_a_rule_takes_its_value(name: str) -> None:
    assert re.search(rf"\.{name}\b", HOOKS)


@pytest.mark.parametrize("name", [*STATEMENTS.root, *KNOWLEDGE.regimens.statements.root])
def test_given_a_statement_when_searched_then_a_rule_names_it(name: str) -> None:
    assert re.search(rf"""["']{name}["']""", HOOKS)


@pytest.mark.parametrize("name", Settings.model_fields)
def test_given_a_setting_when_searched_then_the_server_reads_it(name: str) -> None:
    assert re.search(rf"(?:settings|self)\.{name}\b", SERVER)
