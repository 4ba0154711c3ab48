"""Rows, links, dates and tissues of a laboratory; what reports conclude and what they only attach."""

from __future__ import annotations

from typing import Any

import pytest

from hooks.facts.dates import read_date
from hooks.facts.laboratory import Laboratory
from hooks.facts.reports import (
    conclusion_of,
    is_about_tissue,
    is_molecular,
    is_only_attached,
    title_of,
)
from hooks.facts.specimens import SpecimenClass, specimen_class
from tests.unit.reading_chart import (
    BLOOD,
    LOINC,
    MARROW,
    POSITIVE,
    SNOMED,
    TBD,
    TUMOUR,
    alk,
    coded,
    fish,
    gene,
    observation,
    on_specimen,
    protein,
    record,
    report,
    said,
    specimen,
    worded,
)

V2 = "http://terminology.hl7.org/CodeSystem/v2-0074"
PDF = [{"contentType": "application/pdf", "url": "Binary/1", "title": "NGS panel"}]


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ([specimen("2026-05-20", TUMOUR)], SpecimenClass.TUMOUR),
        ([specimen("2026-05-20", MARROW)], SpecimenClass.MARROW),
        ([specimen("2026-05-20", BLOOD)], SpecimenClass.BLOOD),
        ([specimen("2026-05-20", worded("Bone marrow biopsy"))], SpecimenClass.MARROW),
        ([specimen("2026-05-20", worded("FFPE tissue"))], SpecimenClass.TUMOUR),
        ([specimen("2026-05-20", worded("plasma ctDNA"))], SpecimenClass.BLOOD),
        ([specimen("2026-05-20", worded("aliquot"))], SpecimenClass.UNKNOWN),
        ([], SpecimenClass.UNKNOWN),
    ],
)
def test_given_a_specimen_when_classed_then_code_then_words(
    parts: list[dict[str, Any]], expected: SpecimenClass
) -> None:
    assert specimen_class([fish(on_specimen())], record(*parts)) is expected


def test_given_no_specimen_when_classed_then_body_site_and_display_tell() -> None:
    by_site = observation(worded("x"), bodySite=coded(SNOMED, "14016003"))
    by_display = observation(worded("x"), specimen=[{"display": "tumour biopsy"}, 3])
    taken_at = specimen(None, worded("aliquot"))
    taken_at["collection"] = {"bodySite": coded(SNOMED, "14016003")}

    assert specimen_class([by_site], record()) is SpecimenClass.MARROW
    assert specimen_class([by_display], record()) is SpecimenClass.TUMOUR
    assert specimen_class([fish(on_specimen())], record(taken_at)) is SpecimenClass.MARROW
    assert specimen_class([observation(worded("x")), by_display], record()) is SpecimenClass.TUMOUR


def test_given_a_panel_of_components_when_rowed_then_each_row_carries_both_labels() -> None:
    panel = observation(
        worded("Neuroblastoma FISH"),
        component=[
            {"code": worded("MYCN"), **said("amplified")},
            {"code": worded("ALK"), **said("normal")},
            gene("HGNC:427"),
        ],
    )

    rows = Laboratory(record(panel)).rows

    assert [row.label for row in rows] == [
        "Neuroblastoma FISH",
        "MYCN | Neuroblastoma FISH",
        "ALK | Neuroblastoma FISH",
    ]
    assert [row.symbols for row in rows] == [(), ("MYCN",), ("ALK",)]
    assert "fish" in rows[1].words


def test_given_a_component_without_a_panel_label_when_rowed_then_its_own_label_stands_alone() -> None:
    rows = Laboratory(record(observation({}, component=[{"code": worded("MYCN")}]))).rows

    assert [row.label for row in rows] == ["", "MYCN"]


def test_given_dropped_results_and_relatives_when_rowed_then_they_are_gone() -> None:
    resources = (
        fish(POSITIVE, id="a", status="entered-in-error"),
        fish(POSITIVE, id="b", focus=[{"reference": "RelatedPerson/m"}]),
        fish(POSITIVE, id="c"),
        report("x", status="cancelled"),
    )

    laboratory = Laboratory(record(*resources))

    assert [item["id"] for item in laboratory.observations] == ["c"]
    assert laboratory.reports == ()


def test_given_contained_observations_when_read_then_source_date_and_tissue_are_the_containers() -> None:
    inner = {k: v for k, v in fish(POSITIVE, id="o9").items() if k != "effectiveDateTime"}
    holder = report(contained=[inner, {"resourceType": "Specimen", "id": "s"}, 3], result=[{"reference": "#o9"}],
                    specimen=[{"reference": "Specimen/s1"}])  # fmt: skip

    laboratory = Laboratory(record(holder, specimen("2026-05-19", TUMOUR)))
    (found,) = laboratory.observations

    assert laboratory.source_of(found) == "DiagnosticReport/r1"
    assert laboratory.date_of(found) == read_date("2026-05-19")
    assert laboratory.tissue_of(found) is SpecimenClass.TUMOUR


def test_given_links_between_observations_when_followed_then_members_origin_and_derived_come_back() -> None:
    consequence = observation(coded(TBD, "molecular-consequence"), id="m", component=[protein("F1174L")],
                              derivedFrom=[{"reference": "Observation/v"}])  # fmt: skip
    member = observation(worded("part"), id="part")
    pending = observation(worded("late"), id="late", status="preliminary", derivedFrom={"reference": "Observation/v"})
    found = alk(
        id="v", hasMember=[{"reference": "Observation/part"}, {"reference": "Observation/none"}, "Observation/v", 3]
    )

    laboratory = Laboratory(record(found, consequence, member, pending))

    assert [item["id"] for item in laboratory.linked_to(found)] == ["m", "part"]
    assert laboratory.variants[0][1].changes == ("F1174L",)


def test_given_a_panel_or_report_that_holds_a_result_when_dated_then_collection_beats_any_effective() -> None:
    result = alk("F1174L", id="v", on="2026-06-01")
    panel = observation(worded("Panel"), id="p", hasMember=[{"reference": "Observation/v"}], on=None, **on_specimen())
    holder = report(result=[{"reference": "https://x/DiagnosticReport/../Observation/v"}])

    laboratory = Laboratory(record(result, panel, holder, specimen("2024-01-02", TUMOUR)))

    assert laboratory.date_of(result) == read_date("2024-01-02")
    assert laboratory.date_of(panel) == read_date("2024-01-02")
    assert laboratory.tissue_of(result) is SpecimenClass.TUMOUR
    assert {item["id"] for item in laboratory.holders_of(result)} == {"p", "r1"}


def test_given_a_report_on_old_tissue_when_dated_then_it_is_as_old_as_the_tissue_of_its_results() -> None:
    """Hazard: the conclusion of a re-test of stored tissue dated to the day of the re-test."""
    result = alk("F1174L", id="v", **on_specimen())
    holder = report("ALK F1174L", result=[{"reference": "Observation/v"}, {"reference": "Observation/none"}])

    laboratory = Laboratory(record(result, holder, specimen("2023-09-14", MARROW)))

    assert laboratory.date_of(holder) == read_date("2023-09-14")
    assert laboratory.tissue_of(holder) is SpecimenClass.MARROW


def test_given_summaries_and_reports_when_asked_then_both_conclude() -> None:
    summary = observation(coded(LOINC, "51968-6"), said("MYCN amplified"))

    laboratory = Laboratory(
        record(
            summary,
            report("ALK F1174L"),
            report(None, id="r2"),
            report("x", id="r3", code={}, category=coded(V2, "RAD")),
        )
    )

    assert [conclusion.text for conclusion in laboratory.conclusions] == ["ALK F1174L", "MYCN amplified"]


@pytest.mark.parametrize(
    ("more", "molecular", "tissue"),
    [
        ({}, True, True),
        ({"code": {}, "category": [coded(V2, "GE")]}, True, True),
        ({"code": {}, "category": [coded(V2, "CG")]}, True, True),
        ({"code": coded(SNOMED, "405825005")}, True, True),
        ({"code": worded("Cytogenetics FISH")}, True, True),
        ({"code": worded("MYCN")}, True, True),
        ({"code": worded("Basic metabolic panel")}, False, False),
        ({"code": worded("Molecular imaging"), "category": coded(V2, "RAD")}, False, False),
        ({"code": worded("Surgical pathology")}, False, True),
        ({"code": coded(SNOMED, "108257001")}, False, True),
        ({"code": worded("Blood count"), "category": coded(V2, "LAB")}, False, True),
        ({"code": worded("MIBG scan")}, False, False),
        ({"code": {}}, False, False),
    ],
)
def test_given_a_report_when_sorted_then_imaging_is_no_source_of_molecular_results(
    more: dict[str, Any], *, molecular: bool, tissue: bool
) -> None:
    """Hazard: "clinical history: MYCN-amplified neuroblastoma" in an imaging report taken for a result of that day."""
    found = report("x", **more)

    assert (is_molecular(found), is_about_tissue(found)) == (molecular, tissue)


def test_given_a_conclusion_in_text_and_codes_when_read_then_both() -> None:
    assert (
        conclusion_of(report("MYCN amplified", conclusionCode=[worded("ALK mutated"), 3]))
        == "MYCN amplified | ALK mutated"
    )
    assert conclusion_of({"conclusion": 3, "conclusionCode": worded("x")}) == "x"


@pytest.mark.parametrize(
    ("more", "attached"),
    [
        ({"presentedForm": PDF}, True),
        ({"presentedForm": PDF[0]}, True),
        ({"presentedForm": PDF, "result": [{"reference": "Observation/missing"}]}, True),
        ({"presentedForm": PDF, "result": [{"reference": "Observation/o1"}]}, False),
        ({"presentedForm": PDF, "conclusion": "MYCN amplified"}, False),
        ({"presentedForm": [{}]}, False),
        ({}, False),
    ],
)
def test_given_a_report_when_asked_then_only_a_bare_document_is_unreadable(
    more: dict[str, Any], *, attached: bool
) -> None:
    assert is_only_attached(report(**more), record(fish(POSITIVE))) is attached


def test_given_an_attachment_when_titled_then_its_title_else_the_code() -> None:
    assert title_of(report(presentedForm=PDF)) == "NGS panel"
    assert title_of(report(presentedForm=[{"title": " "}, {"title": 3}])) == "Genetic analysis report"
