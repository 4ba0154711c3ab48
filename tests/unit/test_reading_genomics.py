"""Genes, HGVS spellings and variants, whatever the disease."""

from __future__ import annotations

from typing import Any

import pytest

from hooks.facts.amounts import Amount
from hooks.facts.genomics import Genes, Significance, gene_symbols, genes_of, is_variant, read_variant
from hooks.facts.hgvs import is_silent, protein_changes, told_frequency
from hooks.facts.text import Polarity
from tests.unit.reading_chart import (
    ABSENT_ANSWER,
    HGNC,
    LOINC,
    SO,
    TBD,
    alk,
    coded,
    component,
    consequence,
    copies,
    gene,
    observation,
    protein,
    said,
    variant,
    worded,
)

NCBI = "https://www.ncbi.nlm.nih.gov/gene"


@pytest.mark.parametrize(
    "written",
    ["NP_004295.2:p.Phe1174Leu", "p.(Phe1174Leu)", "p.Phe1174Leu", "p.F1174L", "ALK F1174L", "F1174L", "f1174l",
     "NM_004304.5:c.3522C>A (p.Phe1174Leu)"],
)  # fmt: skip
def test_given_any_spelling_of_one_change_when_normalised_then_they_are_one(written: str) -> None:
    assert protein_changes(written) == ("F1174L",)


@pytest.mark.parametrize(
    "written", ["p.=", "p.Phe1174=", "p.(=)", "p.?", "p.(Phe1174=)", "p.F1174F", "c.3522C>A", "p.Glu1020ArgfsTer10",
                "p.Phe1174", "exon 23", "X1174L", "p.Foo1174Leu", ""],
)  # fmt: skip
def test_given_no_substitution_when_normalised_then_nothing(written: str) -> None:
    assert protein_changes(written) == ()


def test_given_several_changes_and_a_stop_when_normalised_then_each_once_in_order() -> None:
    assert protein_changes("R1275Q and F1245C, again R1275Q; p.Arg1275Ter p.R213*") == (
        "R1275Q", "F1245C", "R1275*", "R213*",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("written", "silent"), [("p.=", True), ("p.Phe1174=", True), ("p.?", True), ("p.Phe1174Leu", False), ("", False)]
)
def test_given_a_silent_or_unknown_change_when_asked_then_it_is_no_finding(written: str, *, silent: bool) -> None:
    assert is_silent(written) is silent


@pytest.mark.parametrize(
    "value",
    [
        {"valueCodeableConcept": coded(HGNC, "HGNC:427", "ALK")},
        {"valueCodeableConcept": coded(HGNC, "427", "ALK")},
        {"valueCodeableConcept": coded("http://www.genenames.org/geneId", "HGNC:427")},
        {"valueCodeableConcept": coded(NCBI, "238", "ALK")},
        {"valueCoding": {"system": NCBI, "code": " 238 "}},
        {"valueCodeableConcept": {"coding": [{"system": HGNC, "code": "HGNC:427"}, {"system": NCBI, "code": "238"}]}},
    ],
)
def test_given_a_gene_in_any_code_system_when_read_then_it_is_one_coded_gene(value: dict[str, Any]) -> None:
    assert genes_of(value) == Genes(("ALK",), (), coded=True)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (said("ALK"), Genes(("ALK",))),
        ({"valueCodeableConcept": worded("N-MYC")}, Genes(("MYCN",))),
        ({"valueCodeableConcept": coded("http://local", "7", "ALK gene")}, Genes(("ALK",))),
        ({"valueCodeableConcept": coded(HGNC, "HGNC:999999", "FOO")}, Genes()),
        ({"valueCodeableConcept": coded(NCBI, "999999")}, Genes()),
        ({"valueCodeableConcept": {"coding": [{"system": HGNC, "code": 427}]}}, Genes()),
        ({}, Genes()),
    ],
)
def test_given_a_gene_without_a_known_code_when_read_then_its_name_counts_as_text(
    value: dict[str, Any], expected: Genes
) -> None:
    assert genes_of(value) == expected


@pytest.mark.parametrize(
    ("value", "in_conflict"),
    [
        ({"valueCodeableConcept": coded(HGNC, "HGNC:7989", "KIT / ALK")}, ("NRAS", "ALK")),
        ({"valueCodeableConcept": coded(HGNC, "HGNC:6342", "NRAS")}, ("NRAS",)),
        ({"valueCodeableConcept": [coded(HGNC, "HGNC:427"), coded(HGNC, "HGNC:7559")]}, ("ALK", "MYCN")),
    ],
)  # fmt: skip
def test_given_code_and_display_of_different_genes_when_read_then_conflict_not_a_finding(
    value: dict[str, Any], in_conflict: tuple[str, ...]
) -> None:
    """Hazard: HL7's own example shows HGNC:6342 as NRAS and HGNC:7989 as KIT (coding notes, fact 2)."""
    assert genes_of(value) == Genes((), in_conflict, coded=True)


@pytest.mark.parametrize(
    ("text", "symbols"),
    [
        ("MYCN, ALK and TERT", ("MYCN", "ALK", "TERT")),
        ("N-MYC / nmyc", ("MYCN",)),
        ("MET-ALK fusion", ("MET", "ALK")),
        ("walking, ALKaline", ()),
        (None, ()),
    ],
)
def test_given_text_when_asked_for_genes_then_only_whole_words_count(text: object, symbols: tuple[str, ...]) -> None:
    assert gene_symbols(text) == symbols


def test_given_several_gene_components_when_read_then_all_of_them_count() -> None:
    reading = read_variant(
        variant(gene("HGNC:1097", "BRAF"), gene("HGNC:6342", "NRAS"), gene("427"), answer=ABSENT_ANSWER)
    )

    assert reading.genes == Genes(("BRAF", "ALK"), ("NRAS",), coded=True)
    assert reading.answer.polarity is Polarity.NEGATIVE


@pytest.mark.parametrize("system", [SO, f"{SO}/", SO.upper()])
@pytest.mark.parametrize("code", ["SO:0001742", "SO_0001742", " so:0001742 "])
def test_given_a_sequence_ontology_term_in_any_spelling_when_read_then_it_is_one(system: str, code: str) -> None:
    reading = read_variant(variant(gene("HGNC:7559"), consequence(code, system=system)))

    assert reading.consequences == {"so.copy_number_gain"}
    assert reading.is_copy_change


def test_given_a_full_variant_when_read_then_every_component_has_its_place() -> None:
    reading = read_variant(
        alk(
            "NP_004295.2:p.(Phe1174Leu)",
            component("48004-6", {"valueCodeableConcept": coded("http://varnomen.hgvs.org", "NM_004304.5:c.3522C>A")}),
            component("53037-8", {"valueCodeableConcept": coded(LOINC, "LA26332-9")}),
            component("48002-0", {"valueCodeableConcept": coded(LOINC, "LA6683-2", "Germline")}),
            component("81258-6", {"valueQuantity": {"value": 44, "unit": "%"}}),
            component("81291-7", said("t(2;5)")),
            copies(2),
        )
    )

    assert reading.genes == Genes(("ALK",), (), coded=True)
    assert reading.changes == ("F1174L",)
    assert reading.named_change
    assert reading.coding_change
    assert reading.significance is Significance.PATHOGENIC
    assert reading.germline
    assert reading.frequency == pytest.approx(0.44)
    assert reading.karyotype == "t(2;5)"
    assert reading.copies == Amount(2.0)
    assert not reading.is_fusion


@pytest.mark.parametrize(
    ("quantity", "fraction"),
    [
        ({"value": 0.066}, 0.066),
        ({"value": 6.6, "code": "%"}, 0.066),
        ({"value": 6.6, "unit": "decimal"}, None),
        ({"value": "x"}, None),
    ],
)
def test_given_an_allele_frequency_when_read_then_per_cent_only_if_the_unit_says_so(
    quantity: dict[str, Any], fraction: float | None
) -> None:
    reading = read_variant(alk("F1174L", component("81258-6", {"valueQuantity": quantity})))

    assert reading.frequency == (fraction if fraction is None else pytest.approx(fraction))


def test_given_both_origins_or_two_significances_when_read_then_neither_is_chosen() -> None:
    both = [component("48002-0", {"valueCodeableConcept": coded(LOINC, answer)}) for answer in ("LA6683-2", "LA6684-0")]
    two = [component("53037-8", {"valueCodeableConcept": coded(LOINC, answer)}) for answer in ("LA6668-3", "LA6675-8")]

    reading = read_variant(alk("F1174L", *both, *two))

    assert not reading.germline
    assert reading.significance is Significance.CONFLICTING


def test_given_the_change_only_in_a_description_when_read_then_it_is_not_a_named_change() -> None:
    reading = read_variant(
        variant(gene("HGNC:427"), component("81252-9", {"valueCodeableConcept": worded("ALK F1174L")}))
    )

    assert (reading.changes, reading.named_change) == (("F1174L",), False)


def test_given_a_consequence_in_its_own_observation_when_linked_then_it_belongs_to_the_variant() -> None:
    linked = observation(coded(TBD, "molecular-consequence"), component=[protein("NP_004295.2:p.Phe1174Leu")])

    reading = read_variant(alk(), [linked])

    assert reading.changes == ("F1174L",)


def test_given_fusions_in_code_and_in_words_when_read_then_they_are_told_apart() -> None:
    by_code = read_variant(alk(None, consequence("SO:0001565")))
    by_words = read_variant(alk(None, consequence("SO:0002062", "complex chromosomal rearrangement")))

    assert (by_code.is_fusion, by_words.is_fusion) == (True, False)
    assert "complex chromosomal rearrangement" in by_words.told


def test_given_observations_when_asked_then_a_variant_code_or_a_gene_component_makes_a_variant() -> None:
    assert is_variant(variant())
    assert is_variant(observation(worded("x"), component=[gene("HGNC:427")]))
    assert not is_variant(observation(worded("x"), component=[protein("F1174L")]))
    assert read_variant(variant(protein("p.="))).silent
    assert not read_variant(variant(protein("p.= and F1174L"))).silent


def test_given_components_without_a_value_when_read_then_they_say_nothing() -> None:
    reading = read_variant(variant(component("48005-3", {"valueCodeableConcept": {"coding": [{"code": 3}]}})))

    assert (reading.changes, reading.told) == ((), " | ")


@pytest.mark.parametrize(
    ("text", "fraction"),
    [
        ("ALK p.F1174L detected at VAF 0.8 %", 0.008),
        ("ALK p.Phe1174Leu (VAF 3%), NRAS Q61K (VAF 40%)", 0.03),
        ("F1174L, allele frequency: 12.5%", 0.125),
        ("ALK F1174L detected, NRAS Q61K VAF 12 %", None),
        ("ALK F1174L detected. NRAS VAF 12 %", None),
        ("ALK F1174L VAF 0.12", None),
        ("ALK F1174L VAF 120 %", None),
        ("ALK R1275Q VAF 12 %", None),
        ("no change", None),
    ],
)
def test_given_an_allele_fraction_in_words_when_read_then_only_that_of_the_change(
    text: str, fraction: float | None
) -> None:
    found = told_frequency(text, "F1174L")

    assert found == (fraction if fraction is None else pytest.approx(fraction))
