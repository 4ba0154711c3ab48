"""The documents hold what they say: links resolve, sections, rows and sources that others name stand in them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from hooks.pathways.relapsed_neuroblastoma.knowledge import KNOWLEDGE

ROOT = Path(__file__).parents[2]
WRITTEN = ("hooks", "cards", "cds_server", "fhir_fixtures", "tests", "docs")
DOCUMENTS = sorted(
    path
    for path in (*ROOT.glob("*.md"), *(path for folder in WRITTEN for path in (ROOT / folder).rglob("*.md")))
    if "node_modules" not in path.parts and "cards" not in path.relative_to(ROOT).parts
)
TABLES = (ROOT / "docs" / "decision-tables.md").read_text(encoding="utf-8")
DESIGN = (ROOT / "docs" / "DESIGN.md").read_text(encoding="utf-8")


def sources() -> str:
    """Return all Python and story text of the project."""
    paths = [path for folder in WRITTEN for kind in ("*.py", "story.md") for path in (ROOT / folder).rglob(kind)]
    return "\n".join(path.read_text(encoding="utf-8") for path in paths if "node_modules" not in path.parts)


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_given_a_document_when_its_links_are_followed_then_each_file_is_there(path: Path) -> None:
    links = re.findall(r"\]\((?!https?:|#|mailto:)([^)\s#]+)", path.read_text(encoding="utf-8"))

    assert [link for link in links if not (path.parent / link).exists()] == []


def test_given_the_picture_of_a_card_when_measured_then_a_readme_can_carry_it() -> None:
    assert (ROOT / "docs" / "card.png").stat().st_size < 400_000


def test_given_a_section_of_the_design_when_the_code_names_it_then_it_exists() -> None:
    named = {int(number) for number in re.findall(r"DESIGN(?:\.md)?,? (?:section )?(\d)", sources())}

    assert named
    assert named <= {int(number) for number in re.findall(r"^## (\d)\.", DESIGN, re.MULTILINE)}


def test_given_a_row_of_the_decision_tables_when_a_rule_test_or_story_names_it_then_it_exists() -> None:
    spoken = re.findall(r"\b[Rr]ows? ((?:[A-G]\d{1,2}(?:, | to | and )?)+)", sources())
    named = {row for text in spoken for row in re.findall(r"[A-G]\d{1,2}", text)}
    rows = set(re.findall(r"^\| ([A-G]\d{1,2}) \|", TABLES, re.MULTILINE))

    assert len(named) > 20
    assert named <= rows


def test_given_the_decision_tables_when_they_name_a_source_then_it_is_one_that_was_read() -> None:
    cited = {
        source
        for line in TABLES.splitlines()
        if re.match(r"\| [A-G]\d", line)
        for source in re.findall(r"\b[A-Z][\w-]*[A-Z0-9][\w-]*", line.split("|")[-2])
    }

    assert len(cited) > 25
    assert cited - {"GD2", "GD2-negative"} <= set(KNOWLEDGE.citations)


def test_given_the_source_attributes_when_they_say_that_something_is_not_read_then_no_reader_asks_for_it() -> None:
    code = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "hooks").rglob("*.py"))

    asked = re.findall(
        r"us-core-(?:race|ethnicity|genderIdentity|sex)|\"(?:communication|maritalStatus|language|sdoh)\"", code
    )
    assert asked == []
    assert code.count('"gender"') == 1
    assert re.findall(r"\"(lansky|karnofsky|ecog)", code) == ["lansky", "karnofsky", "ecog"]
