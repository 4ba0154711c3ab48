"""The table of requirements is current and complete, and its reader finds every mark."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.contract.requirement_table import (
    BINDING,
    TABLE,
    MarkedTest,
    MarkError,
    Requirement,
    marked_tests,
    marks_in,
    problems,
    read_requirements,
    shown_by,
    table,
)

REQUIREMENTS = read_requirements()
TESTS = marked_tests()
ROW = Requirement("X-01", "2.0.1", "service", "SHALL", "x", "It is so.", "")


def test_given_the_marks_on_all_tests_when_the_table_is_written_then_it_is_the_one_on_file() -> None:
    """Write it anew with `python tests/contract/requirement_table.py`."""
    assert TABLE.read_text(encoding="utf-8") == table(REQUIREMENTS, TESTS)


def test_given_all_requirements_when_compared_with_the_marks_then_none_is_left_without_a_test_or_a_reason() -> None:
    assert not list(problems(REQUIREMENTS, TESTS))


@pytest.mark.parametrize("strength", BINDING)
def test_given_what_binds_the_service_when_counted_then_only_encryption_is_shown_by_no_test(strength: str) -> None:
    """The proxy encrypts; every other SHALL and SHALL NOT of the service is shown by a test."""
    binding = {row.id for row in REQUIREMENTS if row.strength == strength and row.actor != "client"}

    assert binding - shown_by(TESTS).keys() <= {"TLS-01"}


def test_given_the_requirements_when_read_then_every_cell_is_one_of_those_that_mean_something() -> None:
    assert len(REQUIREMENTS) == 157
    assert {row.actor for row in REQUIREMENTS} == {"service", "client", "both"}
    assert {row.strength for row in REQUIREMENTS} == {"SHALL", "SHALL NOT", "SHOULD", "SHOULD NOT", "MAY", "INFO"}
    assert all(row.statement and row.versions and row.area and "|" not in row.statement for row in REQUIREMENTS)


def test_given_marks_in_every_form_when_a_module_is_read_then_all_are_found() -> None:
    source = """
import pytest
pytestmark = [pytest.mark.req("A-01"), pytest.mark.full]

@pytest.mark.req("B-01", "B-02")
@pytest.mark.parametrize("x", [1])
def test_one(x): ...

class TestMore:
    @pytest.mark.req("C-01")
    def test_two(self): ...
    def helper(self): ...

async def test_three(): ...
def not_a_test(): ...
"""

    found = list(marks_in(source, "tests/test_x.py"))

    assert [(test.name, test.requirements, test.is_full) for test in found] == [
        ("test_one", ("A-01", "B-01", "B-02"), True),
        ("test_two", ("A-01", "C-01"), True),
        ("test_three", ("A-01",), True),
    ]


@pytest.mark.parametrize(
    "source",
    [
        "import pytest\n@pytest.mark.req(NAME)\ndef test_one(): ...",
        "import pytest\n@pytest.mark.req(*NAMES)\ndef test_one(): ...",
        "import pytest\n@pytest.mark.req('A-01')\ndef helper(): ...",
    ],
)
def test_given_a_mark_that_shows_nothing_when_a_module_is_read_then_it_is_an_error(source: str) -> None:
    with pytest.raises(MarkError):
        list(marks_in(source, "tests/test_x.py"))


@pytest.mark.parametrize(
    ("requirement", "marks", "problem"),
    [
        (ROW, (), "X-01 (service, SHALL) has neither"),
        (ROW, ("X-01",), ""),
        (replace(ROW, reason="Paper."), (), ""),
        (ROW, ("X-01", "Y-01"), "Y-01 is marked in tests/a.py"),
    ],
)
def test_given_a_requirement_and_marks_when_compared_then_the_gap_is_named(
    requirement: Requirement, marks: tuple[str, ...], problem: str
) -> None:
    found = list(problems([requirement], [MarkedTest("tests/a.py", "test_a", marks)] if marks else []))

    assert len(found) == bool(problem)
    assert not found or found[0].startswith(problem)


def test_given_a_requirement_that_stands_twice_when_compared_then_it_is_found() -> None:
    assert "a requirement stands twice" in list(problems([ROW, ROW], []))
