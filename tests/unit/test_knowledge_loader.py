"""The strict loader of knowledge files."""

from __future__ import annotations

from pathlib import Path

import pytest

from hooks.errors import KnowledgeError
from hooks.knowledge import Access, Citation, KnowledgeModel, check_citations, digest_of, load_model, load_yaml


class Thing(KnowledgeModel):
    """Something in a file."""

    name: str
    count: int


def written(folder: Path, text: str, name: str = "thing.yaml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_given_a_good_file_when_loaded_then_it_is_typed(tmp_path: Path) -> None:
    assert load_model(written(tmp_path, "name: a\ncount: 3\n"), Thing) == Thing(name="a", count=3)


def test_given_the_word_no_when_loaded_then_it_stays_a_word(tmp_path: Path) -> None:
    """YAML 1.1 readers turn NO into False."""
    assert load_yaml(written(tmp_path, "country: NO\n")) == {"country": "NO"}


@pytest.mark.parametrize(
    "text",
    [
        "name: a\ncount: 3\nextra: 1\n",
        "name: a\nname: b\ncount: 3\n",
        "name: a\n",
        "name: a\ncount: three\n",
        "name: [a\n",
        "",
    ],
)
def test_given_a_bad_file_when_loaded_then_it_is_refused_by_name(tmp_path: Path, text: str) -> None:
    with pytest.raises(KnowledgeError, match=r"thing\.yaml"):
        load_model(written(tmp_path, text), Thing)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("name: [a\n", "line 2, column 1: "),
        ("name: a\nname: b\n", "line 2, column 1: found duplicate key"),
        ("name: \0\n", "unacceptable character"),
    ],
)
def test_given_a_file_that_is_no_yaml_when_loaded_then_one_line_says_where(
    tmp_path: Path, text: str, said: str
) -> None:
    with pytest.raises(KnowledgeError, match=rf"thing\.yaml: cannot be read as YAML: {said}") as refusal:
        load_yaml(written(tmp_path, text))

    assert "\n" not in refusal.value.safe_text


def test_given_a_missing_or_binary_file_when_loaded_then_it_is_refused(tmp_path: Path) -> None:
    binary = tmp_path / "binary.yaml"
    binary.write_bytes(b"\xff\xfe\x00")

    for path in (tmp_path / "none.yaml", binary):
        with pytest.raises(KnowledgeError):
            load_yaml(path)


def citation(citation_id: str, via: str | None = None) -> Citation:
    return Citation(id=citation_id, title="t", access=Access.FULL, via=via)


def test_given_every_citation_used_and_known_when_checked_then_nothing_is_said() -> None:
    check_citations((citation("A"), citation("B", via="A")), [("B", "file: place")])


def test_given_an_unknown_citation_when_checked_then_its_place_is_named() -> None:
    with pytest.raises(KnowledgeError, match="file: place: citation X"):
        check_citations((citation("A"),), [("X", "file: place")])


def test_given_an_unused_citation_when_checked_then_it_is_refused() -> None:
    with pytest.raises(KnowledgeError, match="never used: B"):
        check_citations((citation("A"), citation("B")), [("A", "here")])


def test_given_a_quotation_through_an_unknown_source_when_checked_then_it_is_refused() -> None:
    with pytest.raises(KnowledgeError, match="via Z"):
        check_citations((citation("A", via="Z"),), [("A", "here")])


def test_given_a_doi_or_an_address_when_linked_then_the_doi_wins_and_none_stays_none() -> None:
    with_doi = Citation(id="A", title="t", access=Access.FULL, doi="10.1/x", url="https://example.org")

    assert with_doi.link == "https://doi.org/10.1/x"
    assert Citation(id="A", title="t", access=Access.FULL, url="https://example.org").link == "https://example.org"
    assert citation("A").link is None


def test_given_files_when_digested_then_name_and_content_count_and_order_does_not(tmp_path: Path) -> None:
    a, b = written(tmp_path, "1", "a.yaml"), written(tmp_path, "2", "b.yaml")
    before = digest_of((a, b))

    assert before == digest_of((b, a))
    written(tmp_path, "3", "b.yaml")
    assert before != digest_of((a, b))
