"""Encodings of molecular results that laboratories send beside the standard ones: names, links, plain text."""

from __future__ import annotations

from base64 import b64encode
from datetime import date
from typing import Any

import pytest

from hooks.facts.fact import Confidence, Fact, Known, Unknown, Why
from hooks.facts.reports import conclusion_of, is_only_attached
from hooks.pathways.relapsed_neuroblastoma.facts import ALK, MYCN, Molecular, Timing, Tissue
from hooks.pathways.relapsed_neuroblastoma.reading.molecular import read_molecular
from tests.unit.reading_chart import (
    ABSENT,
    HGNC,
    LOINC,
    POSITIVE,
    RELAPSE_DAY,
    TBD,
    TUMOUR,
    alk,
    coded,
    component,
    fish,
    gene,
    observation,
    on_specimen,
    protein,
    record,
    report,
    said,
    specimen,
    variant,
    worded,
)

UUID = "2b1c3d4e-0000-4000-8000-000000000001"


def read_alk(*resources: dict[str, Any]) -> Fact[Molecular[ALK]]:
    return read_molecular(record(*resources), RELAPSE_DAY).alk


def read_mycn(*resources: dict[str, Any]) -> Fact[Molecular[MYCN]]:
    return read_molecular(record(*resources), RELAPSE_DAY).mycn


def attached(text: str, kind: str = "text/plain", **more: Any) -> dict[str, Any]:
    return {"presentedForm": [{"contentType": kind, "data": b64encode(text.encode()).decode(), **more}]}


@pytest.mark.parametrize(
    ("chart", "confidence"),
    [
        ([observation(worded("Genetic variant assessment"), said("Present"), component=[
            {"code": worded("Gene studied [ID]"), **said("ALK")},
            {"code": worded("Amino Acid Change (p.HGVS)"), **said("p.F1174L")}])], Confidence.TEXT),
        ([observation(worded("Targeted NGS panel"), said("ALK p.Phe1174Leu; MYCN amplified"))], Confidence.TEXT),
        ([observation(worded("Surgical pathology"), said("ALK F1174L detected"))], Confidence.TEXT),
        ([observation(coded("urn:lab", "7", "Tumour sequencing"), {"valueCodeableConcept": worded("ALK F1174L")})],
         Confidence.TEXT),
        ([report(None, **attached("Result: ALK F1174L detected."))], Confidence.TEXT),
        ([report(None, **attached("ALK F1174L", "Text/Plain; charset=utf-8"))], Confidence.TEXT),
        ([alk(None, id=UUID), observation(coded(TBD, "molecular-consequence"), id="mc",
          derivedFrom=[{"reference": f"urn:uuid:{UUID}"}], component=[protein("F1174L")])], Confidence.CODED),
    ],
)  # fmt: skip
def test_given_one_change_in_an_uncommon_encoding_when_read_then_it_is_that_change(
    chart: list[dict[str, Any]], confidence: Confidence
) -> None:
    fact = read_alk(*chart)

    assert isinstance(fact, Known)
    assert (fact.value.state, fact.value.variant, fact.confidence) == (ALK.F1174, "F1174L", confidence)


@pytest.mark.parametrize(
    "chart",
    [
        [observation(worded("Consult note"), said("ALK F1174L"))],
        [observation(coded(LOINC, "8302-2", "Pathology"), said("ALK F1174L"))],
        [report(None, **attached("ALK F1174L", "application/pdf"))],
        [report(None, **attached("ALK F1174L " + "x" * 24_000))],
        [report(None, presentedForm=[{"contentType": "text/plain", "data": "abcde"}])],
        [report(None, presentedForm=[{"contentType": "text/plain", "url": "Binary/1"}])],
        [report(None, presentedForm=[{"data": "QUxL"}])],
        [alk(None, id=UUID), observation(coded(TBD, "x"), id="mc", derivedFrom=[{"reference": "urn:uuid:other"}],
         component=[protein("F1174L")])],
        [variant(component("48018-6", {"valueCodeableConcept": coded(HGNC, "HGNC:427"),
         "dataAbsentReason": coded(ABSENT, "masked")}), protein("F1174L"))],
    ],
)  # fmt: skip
def test_given_what_is_no_molecular_text_when_read_then_no_change_is_found(chart: list[dict[str, Any]]) -> None:
    fact = read_alk(*chart)

    assert not (isinstance(fact, Known) and fact.value.state is ALK.F1174)


def test_given_an_attached_text_when_the_report_is_sorted_then_only_a_document_is_unreadable() -> None:
    assert not is_only_attached(report(None, **attached("MYCN amplified")), record())
    assert is_only_attached(report(None, **attached("MYCN amplified", "application/pdf")), record())
    assert conclusion_of(report("A", **attached(" B "))) == "A | B"


@pytest.mark.parametrize(
    "links",
    [
        [{"specimen": {"reference": "Specimen/slide"}}, {"parent": [{"reference": "Specimen/s1"}]}],
        [{"specimen": {"reference": "Specimen/slide"}}, {"parent": {"reference": "https://ehr/Specimen/s1"}}],
    ],
)
def test_given_a_slide_from_an_old_block_when_read_then_the_result_is_as_old_as_the_block(
    links: list[dict[str, Any]],
) -> None:
    """Hazard: a test of stored tissue from the diagnosis taken for one of the relapse."""
    slide = {"resourceType": "Specimen", "id": "slide", **links[1]}

    fact = read_mycn(fish(POSITIVE, links[0]), slide, specimen("2023-09-10", TUMOUR))

    assert isinstance(fact, Known)
    assert (fact.date, fact.value.timing, fact.value.tissue) == (
        date(2023, 9, 10), Timing.PRE_RELAPSE, Tissue.TUMOUR,
    )  # fmt: skip


@pytest.mark.parametrize(
    "parents", [[], [{"reference": "Specimen/s2"}, {"reference": "Specimen/s3"}], [{"reference": "Specimen/s1"}]]
)
def test_given_no_single_origin_when_read_then_the_day_of_the_test_stands(parents: list[dict[str, Any]]) -> None:
    """A specimen that names itself as its origin, or several, ends the search."""
    slide = {**specimen(None, worded("Slide")), "parent": parents}

    fact = read_mycn(fish(POSITIVE, on_specimen()), slide)

    assert isinstance(fact, Known)
    assert fact.date == date(2026, 5, 20)


@pytest.mark.parametrize(("value", "germline"), [("Germline", True), ("not germline", False), ("somatic", False)])
def test_given_the_source_class_in_words_when_read_then_only_germline_alone_counts(value: str, germline: bool) -> None:
    fact = read_alk(alk("R1275Q", component("48002-0", said(value))))

    assert isinstance(fact, Known)
    assert fact.value.germline is germline


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("12:1", MYCN.AMPLIFIED), ("12.5 ratio", MYCN.AMPLIFIED), ("\u2265 10", MYCN.AMPLIFIED),
        ("8,0-fold", MYCN.AMPLIFIED), ("1.1", MYCN.NOT_AMPLIFIED),
    ],
)  # fmt: skip
def test_given_a_fish_ratio_in_words_when_read_then_it_is_the_number(text: str, state: MYCN) -> None:
    fact = read_mycn(observation(coded(LOINC, "93797-9"), said(text)))

    assert isinstance(fact, Known)
    assert (fact.value.state, fact.confidence) == (state, Confidence.TEXT)


@pytest.mark.parametrize("text", ["2 to 12", "12 of 200 cells", "12 mg", "ratio 12 in 2 areas", "1234567"])
def test_given_more_than_a_number_when_a_ratio_is_read_then_nobody_guesses(text: str) -> None:
    fact = read_mycn(observation(coded(LOINC, "93797-9"), said(text)))

    assert isinstance(fact, Unknown)
    assert fact.why is Why.INDETERMINATE


@pytest.mark.parametrize("focus", [{"display": "Mother"}, {"display": "the patient\u2019s brother"}])
def test_given_a_relative_in_focus_by_name_when_read_then_the_result_is_not_this_childs(focus: dict[str, str]) -> None:
    assert isinstance(read_mycn(fish(POSITIVE, focus=[focus])), Unknown)
    assert isinstance(read_mycn(fish(POSITIVE, focus=[{"display": "Relapse lesion"}])), Known)


def test_given_a_karyotype_in_words_when_read_then_copies_and_amplification_are_seen() -> None:
    for resource in (report("nuc ish(MYCNx30~100)"), fish(said("amp(MYCN)")), report("FISH: MYCNx20")):
        fact = read_mycn(resource)

        assert isinstance(fact, Known)
        assert (fact.value.state, fact.confidence) == (MYCN.AMPLIFIED, Confidence.TEXT)


@pytest.mark.parametrize(
    "resource",
    [
        observation(worded("TP53 mutation"), said("Variant of uncertain significance")),
        observation(worded("TP53 mutation"), said("benign variant")),
        variant(gene("HGNC:11998"), {**protein("R175H"), "dataAbsentReason": coded(ABSENT, "unknown")}),
    ],
)
def test_given_a_harmless_or_unsettled_variant_of_another_gene_when_read_then_nobody_calls_it_altered(
    resource: dict[str, Any],
) -> None:
    fact = read_molecular(record(resource), RELAPSE_DAY).tp53_pathway

    assert isinstance(fact, Unknown)
    assert (fact.why, fact.sources) == (Why.INDETERMINATE, ("Observation/o1",))


def test_given_gd2_as_a_share_of_cells_when_read_then_it_is_seen_and_left_open() -> None:
    percent = observation(worded("GD2 expression"), {"valueQuantity": {"value": 95, "unit": "%"}})

    fact = read_molecular(record(percent), RELAPSE_DAY).gd2

    assert isinstance(fact, Unknown)
    assert (fact.why, fact.sources) == (Why.INDETERMINATE, ("Observation/o1",))
