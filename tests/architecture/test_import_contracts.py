"""The import contracts hold, and a planted violation is caught."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROOMS = ("hooks", "cards", "cds_server", "fhir_fixtures")
LINT = Path(sys.executable).parent / "lint-imports"


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [LINT, "--no-cache"], cwd=folder, capture_output=True, text=True, check=False, env={"PYTHONPATH": str(folder)}
    )


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the code, to be broken."""
    for room in ROOMS:
        shutil.copytree(ROOT / room, tmp_path / room, ignore=shutil.ignore_patterns("__pycache__", "*.json", "*.csv"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def test_given_the_code_as_it_is_when_linted_then_every_contract_is_kept(copy: Path) -> None:
    result = lint(copy)

    assert result.returncode == 0, result.stdout


@pytest.mark.parametrize(
    ("where", "line", "contract"),
    [
        ("hooks/record.py", "import cards.card", "Imports point inwards"),
        ("cards/compose.py", "import cds_server.settings", "Imports point inwards"),
        ("hooks/rule.py", "import requests", "no input or output"),
        ("cards/compose.py", "import logging", "no input or output"),
        ("fhir_fixtures/server.py", "import hooks.record", "imports none of the others"),
        ("cds_server/pipeline.py", "import fhir_fixtures", "Only cds_server.demo"),
        (
            "hooks/pathways/relapsed_neuroblastoma/rules/scope.py",
            "import hooks.record",
            "Rules see facts and knowledge",
        ),
    ],
)
def test_given_a_planted_violation_when_linted_then_its_contract_is_broken(
    copy: Path, where: str, line: str, contract: str
) -> None:
    planted = copy / where
    planted.write_text(f"{planted.read_text(encoding='utf-8')}\n{line}\n", encoding="utf-8")

    result = lint(copy)

    assert result.returncode == 1
    assert any(contract in text and "BROKEN" in text for text in result.stdout.splitlines()), result.stdout
