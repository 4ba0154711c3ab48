"""The terminology table: every code once, with its source, its check digit and one concept."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from hooks.errors import KnowledgeError
from hooks.terminology.codes import HGNCCode, LoincCode, RxNormCode, SnomedCode
from hooks.terminology.table import (
    TABLE,
    Table,
    code_for,
    code_named,
    codings_of,
    concepts_of,
    is_a,
    text_of,
)

ROOT = Path(__file__).parents[2]
SNOMED = "http://snomed.info/sct"


def verhoeff_is_valid(number: str) -> bool:
    """Verhoeff check of a SNOMED CT identifier; tables of the dihedral group D5."""
    multiply = [[0, 1, 2, 3, 4, 5, 6, 7, 8, 9]]
    multiply += [[1, 2, 3, 4, 0, 6, 7, 8, 9, 5], [2, 3, 4, 0, 1, 7, 8, 9, 5, 6], [3, 4, 0, 1, 2, 8, 9, 5, 6, 7]]
    multiply += [[4, 0, 1, 2, 3, 9, 5, 6, 7, 8], [5, 9, 8, 7, 6, 0, 4, 3, 2, 1], [6, 5, 9, 8, 7, 1, 0, 4, 3, 2]]
    multiply += [[7, 6, 5, 9, 8, 2, 1, 0, 4, 3], [8, 7, 6, 5, 9, 3, 2, 1, 0, 4], [9, 8, 7, 6, 5, 4, 3, 2, 1, 0]]
    permute = [[0, 1, 2, 3, 4, 5, 6, 7, 8, 9], [1, 5, 7, 6, 2, 8, 3, 0, 9, 4]]
    permute += [[permute[-1][permute[1][n]] for n in range(10)]]
    while len(permute) < 8:
        permute.append([permute[-1][permute[1][n]] for n in range(10)])
    check = 0
    for place, digit in enumerate(reversed(number)):
        check = multiply[check][permute[place % 8][int(digit)]]
    return check == 0


def loinc_is_valid(code: str) -> bool:
    """Mod-10 check digit of a LOINC number."""
    digits, _, check = code.partition("-")
    doubled = "".join(str(int(d) * (2 if n % 2 == 0 else 1)) for n, d in enumerate(reversed(digits)))
    return (10 - sum(map(int, doubled)) % 10) % 10 == int(check)


def codes_of(kind: type) -> list[str]:
    return [c.code for concept in TABLE.concepts() for c in TABLE.codes(concept) if isinstance(c, kind)]


def test_given_every_snomed_code_when_checked_then_its_verhoeff_digit_holds() -> None:
    codes = codes_of(SnomedCode)

    assert len(codes) == 142
    assert [code for code in codes if not verhoeff_is_valid(code)] == []
    assert not verhoeff_is_valid("432328009")


def test_given_every_loinc_number_when_checked_then_its_digit_holds() -> None:
    codes = [code for code in codes_of(LoincCode) if re.fullmatch(r"\d+-\d", code)]

    assert len(codes) > 100
    assert [code for code in codes if not loinc_is_valid(code)] == []
    assert not loinc_is_valid("30571-8")


def test_given_the_table_when_counted_then_all_verified_rows_are_there() -> None:
    assert sum(len(TABLE.codes(concept)) for concept in TABLE.concepts()) == 6381


@pytest.mark.parametrize(
    ("system", "code", "concept"),
    [
        (SNOMED, "432328008", "neuroblastoma"),
        (" http://SNOMED.info/sct/ ", "432328008 ", "neuroblastoma"),
        ("urn:oid:2.16.840.1.113883.6.96", "432328008", "neuroblastoma"),
        (
            "http://hl7.org/fhir/sid/icd-10-cm",
            "c7410",
            "neuroblastoma.site.icd(nonspecific:needs histology/text/child)",
        ),
        ("http://www.genenames.org", "HGNC:427", "gene.ALK"),
        ("http://www.genenames.org/geneId", "427", "gene.ALK"),
        ("http://www.sequenceontology.org/", "SO_0001742", "so.copy_number_gain"),
    ],
)
def test_given_a_code_in_any_spelling_when_looked_up_then_its_concept_is_found(
    system: str, code: str, concept: str
) -> None:
    assert TABLE.concept_of(system, code) == concept


@pytest.mark.parametrize(("system", "code"), [(None, "1"), (SNOMED, None), (SNOMED, "1"), (5, 5), ("x", "")])
def test_given_anything_else_when_looked_up_then_there_is_no_concept(system: object, code: object) -> None:
    assert TABLE.concept_of(system, code) is None


def test_given_a_codeable_concept_when_read_then_every_known_coding_counts_once() -> None:
    coding = {"system": SNOMED, "code": "432328008"}

    assert concepts_of({"coding": [coding, coding, {"code": "x"}, None]}) == ("neuroblastoma",)
    assert concepts_of([{"coding": coding}, coding]) == ("neuroblastoma",)
    assert concepts_of("text") == ()
    assert list(codings_of({"text": "only"})) == []


def test_given_a_concept_name_when_compared_then_only_whole_parts_count() -> None:
    assert is_a("neuroblastoma.adrenal", "neuroblastoma")
    assert is_a("neuroblastoma", "ganglioneuroblastoma", "neuroblastoma")
    assert not is_a("drug.dinutuximab_beta", "drug.dinutuximab")


def test_given_a_concept_when_a_code_is_asked_for_then_it_is_of_the_system_asked() -> None:
    assert code_for("drug.dinutuximab", RxNormCode).code == "1606274"
    assert code_for("gene.MYCN", HGNCCode).code == "HGNC:7559"
    with pytest.raises(KnowledgeError):
        code_for("drug.dinutuximab_beta", RxNormCode)


def test_given_a_display_when_a_code_is_named_then_exactly_one_must_match() -> None:
    assert code_named("biopsy.procedure", SnomedCode, "imaging guided").code == "277590007"
    with pytest.raises(KnowledgeError):
        code_named("biopsy.procedure", SnomedCode, "no such")


def test_given_text_and_displays_when_joined_then_each_stands_once() -> None:
    assert text_of({"text": " A ", "coding": [{"display": "A"}, {"display": "B"}, {"display": 5}]}) == "A | B"
    assert text_of({"text": 5}) == text_of(None) == ""


@pytest.mark.parametrize(
    "row",
    [
        {"concept": "", "system": SNOMED, "code": "1", "display": "d", "source": "S"},
        {"concept": "c", "system": SNOMED, "code": "", "display": "d", "source": "S"},
        {"concept": "c", "system": SNOMED, "code": "1", "display": "d", "source": "?"},
    ],
)
def test_given_a_row_without_concept_code_or_source_when_loaded_then_it_is_refused(row: dict[str, str]) -> None:
    with pytest.raises(KnowledgeError):
        Table(iter([row]), {"S": "source"})


def test_given_a_code_twice_when_loaded_then_it_is_refused() -> None:
    row = {"concept": "c", "system": SNOMED, "code": "1", "display": "d", "source": "S"}

    with pytest.raises(KnowledgeError, match="twice"):
        Table(iter([row, {**row, "concept": "d"}]), {"S": "source"})


CODE_SHAPES = re.compile(
    r"""["'](\d{6,18}|\d{3,5}-\d|LA\d+-\d|HGNC:\d+|SO:\d{7}|C\d{2}\.\d+|L\d{2}[A-Z]{2}\d{2}|\d{4}/\d)["']"""
)


def test_given_our_python_when_searched_then_no_code_literal_stands_outside_the_table() -> None:
    """Every code literal in code exists in the table."""
    known = {c.code for concept in TABLE.concepts() for c in TABLE.codes(concept)}
    found = [
        (path.relative_to(ROOT), literal)
        for room in ("hooks", "cards", "cds_server")
        for path in (ROOT / room).rglob("*.py")
        for literal in CODE_SHAPES.findall(path.read_text(encoding="utf-8"))
        if literal not in known
    ]

    assert found == []
