"""Which test shows which requirement of CDS Hooks: `python tests/contract/requirement_table.py` writes the table.

Requirements stand in docs/requirements.csv; tests name them by `@pytest.mark.req("CARD-02")`, on a function, a class
or a module. The source is read, not run, so that the table costs no second; an id that is no literal, or that
nobody knows, is an error.
"""

from __future__ import annotations

import ast
import csv
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

ROOT = Path(__file__).parents[2]
REQUIREMENTS = ROOT / "docs" / "requirements.csv"
TABLE = ROOT / "docs" / "conformance.md"
BINDING = ("SHALL", "SHALL NOT")

HEAD = """# Conformance with CDS Hooks

This server speaks CDS Hooks 2.0.1 and takes requests of 1.x to the ballot of 3.0. The tables say which test shows
which requirement; requirements on the client are listed where a server has to cope with them. They are written by
`python tests/contract/requirement_table.py` from [requirements.csv](requirements.csv) and from the marks on the
tests; a test fails when they are stale, and when a SHALL or SHALL NOT of the service has neither test nor reason.

Besides, every answer in every test run passes [checker.py](../tests/contract/checker.py), which shares no code with
the server. `full` stands beside tests that `make test-full` runs.
"""


@dataclass(frozen=True, slots=True)
class Requirement:
    """One row of requirements.csv. reason: why no test over HTTP can show it, "" where one can."""

    id: str
    versions: str
    actor: str
    strength: str
    area: str
    statement: str
    reason: str


@dataclass(frozen=True, slots=True, order=True)
class MarkedTest:
    """One test with the requirements it is marked with."""

    path: str
    name: str
    requirements: tuple[str, ...]
    is_full: bool = False


class MarkError(ValueError):
    """A mark that cannot be read."""


def read_requirements(path: Path = REQUIREMENTS) -> tuple[Requirement, ...]:
    """Return all requirements in order."""
    with path.open(encoding="utf-8", newline="") as lines:
        return tuple(Requirement(*row) for row in list(csv.reader(lines))[1:])


def marked_tests(folder: Path = ROOT / "tests") -> tuple[MarkedTest, ...]:
    """Return every test below a folder that carries the mark, by path."""
    paths = sorted(folder.rglob("test_*.py"))
    return tuple(
        test
        for path in paths
        for test in marks_in(path.read_text(encoding="utf-8"), path.relative_to(folder.parent).as_posix())
    )


def marks_in(source: str, path: str) -> Iterator[MarkedTest]:
    """Yield the marked tests of one module. Raises MarkError for a mark without literal ids."""
    tree = ast.parse(source)
    marks = [
        mark
        for statement in tree.body
        if isinstance(statement, ast.Assign | ast.AnnAssign) and statement.value is not None
        if "pytestmark" in {ast.unparse(target) for target in _targets(statement)}
        for mark in ast.walk(statement.value)
    ]
    yield from _within(tree.body, path, _ids(marks, path), is_full=_is_full(marks))


def _targets(statement: ast.Assign | ast.AnnAssign) -> Sequence[ast.expr]:
    return statement.targets if isinstance(statement, ast.Assign) else [statement.target]


def _within(body: Sequence[ast.stmt], path: str, inherited: tuple[str, ...], *, is_full: bool) -> Iterator[MarkedTest]:
    for statement in body:
        if not isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            continue
        marks = [node for decorator in statement.decorator_list for node in ast.walk(decorator)]
        ids = tuple(dict.fromkeys((*inherited, *_ids(marks, path))))
        full = is_full or _is_full(marks)
        if isinstance(statement, ast.ClassDef):
            if statement.name.startswith("Test"):
                yield from _within(statement.body, path, ids, is_full=full)
        elif not statement.name.startswith("test_"):
            if _ids(marks, path):
                raise MarkError(f"{path}: {statement.name} is marked but is no test")
        elif ids:
            yield MarkedTest(path, statement.name, ids, full)


def _ids(nodes: Sequence[ast.AST], path: str) -> tuple[str, ...]:
    found: list[str] = []
    for node in nodes:
        if isinstance(node, ast.Call) and ast.unparse(node.func) in {"pytest.mark.req", "mark.req"}:
            for argument in node.args:
                if not isinstance(argument, ast.Constant) or not isinstance(argument.value, str):
                    raise MarkError(f"{path}:{node.lineno}: the ids of a req mark are literal texts")
                found.append(argument.value)
    return tuple(found)


def _is_full(nodes: Sequence[ast.AST]) -> bool:
    return any(isinstance(node, ast.Attribute) and ast.unparse(node) == "pytest.mark.full" for node in nodes)


def shown_by(tests: Sequence[MarkedTest]) -> Mapping[str, tuple[MarkedTest, ...]]:
    """Return the tests of each requirement that has one."""
    return {
        name: tuple(test for test in tests if name in test.requirements)
        for name in dict.fromkeys(name for test in tests for name in test.requirements)
    }


def problems(requirements: Sequence[Requirement], tests: Sequence[MarkedTest]) -> Iterator[str]:
    """Yield what is wrong: unknown ids, and requirements that nothing shows and no reason excuses."""
    known = {requirement.id for requirement in requirements}
    shown = shown_by(tests)
    if len(known) != len(requirements):
        yield "a requirement stands twice"
    yield from (f"{name} is marked in {shown[name][0].path} but is no requirement" for name in shown.keys() - known)
    yield from (
        f"{requirement.id} ({requirement.actor}, {requirement.strength}) has neither a test nor a reason"
        for requirement in requirements
        if requirement.id not in shown and not requirement.reason
    )


def table(requirements: Sequence[Requirement], tests: Sequence[MarkedTest]) -> str:
    """Return the whole document."""
    shown = shown_by(tests)
    parts = [HEAD, _totals(requirements, shown)]
    for area, rows in groupby(requirements, key=lambda requirement: requirement.area):
        parts.append(f"## {area.replace('-', ' ').capitalize()}\n\n| id | who | strength | requirement | shown by |\n")
        parts[-1] += "|---|---|---|---|---|\n" + "".join(_row(row, shown.get(row.id, ())) for row in rows)
    return "\n".join(parts)


def _totals(requirements: Sequence[Requirement], shown: Mapping[str, Sequence[MarkedTest]]) -> str:
    strengths = ("SHALL", "SHALL NOT", "SHOULD", "SHOULD NOT", "MAY", "INFO")
    lines = ["| strength | requirements | shown by a test | not observable, with its reason |", "|---|---|---|---|"]
    for strength in (*strengths, "all"):
        rows = [row for row in requirements if strength in (row.strength, "all")]
        tested = [row for row in rows if row.id in shown]
        lines.append(f"| {strength} | {len(rows)} | {len(tested)} | {len(rows) - len(tested)} |")
    return "\n".join(lines) + "\n"


def _row(requirement: Requirement, tests: Sequence[MarkedTest]) -> str:
    links = [
        f"[{test.name.removeprefix('test_').replace('_', ' ')}](../{test.path}){' (full)' if test.is_full else ''}"
        for test in tests
    ]
    if requirement.reason:
        links.insert(0, f"*{requirement.reason}*")
    version = " (3.0)" if requirement.versions == "3.0.0-ballot" else ""
    cells = [requirement.id, f"{requirement.actor}", f"{requirement.strength}{version}", requirement.statement]
    return f"| {' | '.join(cells)} | {'<br>'.join(links)} |\n"


def main() -> int:
    """Write the table, or say what is wrong."""
    requirements, tests = read_requirements(), marked_tests()
    wrong = list(problems(requirements, tests))
    sys.stderr.writelines(f"{problem}\n" for problem in wrong)
    TABLE.write_text(table(requirements, tests), encoding="utf-8")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
