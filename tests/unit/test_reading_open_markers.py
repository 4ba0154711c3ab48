"""Hazard: a finding counted as nought, a title or a mere mention is taken for a finding, or for nothing at all."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from hooks.facts.fact import Confidence, Conflicting, Fact, Known, Unknown, Why
from hooks.pathways.relapsed_neuroblastoma.facts import ALK, GD2, MYCN, Altered, Molecular, Timing
from hooks.pathways.relapsed_neuroblastoma.reading.molecular import read_molecular
from tests.unit.reading_chart import (
    RELAPSE_DAY,
    VERIFICATION,
    coded,
    condition,
    neuroblastoma,
    observation,
    record,
    report,
    said,
    worded,
)


def read(name: str, *resources: dict[str, Any]) -> Fact[Molecular[Any]]:
    found: Fact[Molecular[Any]] = getattr(read_molecular(record(*resources), RELAPSE_DAY), name)
    return found


def state(fact: Fact[Molecular[Any]]) -> object:
    assert isinstance(fact, Known)
    return fact.value.state


def why(fact: Fact[Molecular[Any]]) -> Why:
    assert isinstance(fact, Unknown)
    return fact.why


@pytest.mark.parametrize(
    ("text", "marker"),
    [
        ("MYCN amplification (0 %)", "mycn"),
        ("MYCN amplification (0/200 nuclei)", "mycn"),
        ("MYCN amplification, 0 of 200 cells", "mycn"),
        ("0 of 200 cells with MYCN amplification", "mycn"),
        ("MYCN amplification detected in 0/200 nuclei", "mycn"),
        ("MYCN amplified nuclei: 0/100", "mycn"),
        ("MYCN-amplified cells 0.0 %", "mycn"),
        ("Number of MYCN amplified cells: zero", "mycn"),
        ("MYCN amplification: nought", "mycn"),
        ("FISH: 0/200 nuclei MYCN amplified", "mycn"),
        ("ALK F1174L detected (VAF 0 %)", "alk"),
        ("ALK mutation detected in 0/350 reads", "alk"),
        ("ALK amplification 0/200 nuclei", "alk"),
        ("TP53 R175H VAF 0.0", "tp53_pathway"),
        ("MDM2 amplification (0 %)", "tp53_pathway"),
        ("ATRX deletion in 0/100 nuclei", "atrx"),
        ("11q loss in 0 out of 200 nuclei", "segmental_changes"),
        ("GD2 positive in 0 % of tumour cells", "gd2"),
        ("GD2 negative in 0 % of tumour cells", "gd2"),
    ],
)
def test_given_a_finding_counted_as_nought_when_read_then_it_is_neither_found_nor_denied(
    text: str, marker: str
) -> None:
    assert why(read(marker, report(text))) is Why.INDETERMINATE


@pytest.mark.parametrize(
    ("text", "marker", "expected"),
    [
        ("MYCN amplification (100 % of nuclei)", "mycn", MYCN.AMPLIFIED),
        ("MYCN amplification detected in 10/200 nuclei", "mycn", MYCN.AMPLIFIED),
        ("MYCN amplification in 0.5 % of cells", "mycn", MYCN.AMPLIFIED),
        ("MYCN amplified, marrow infiltration 0 %", "mycn", MYCN.AMPLIFIED),
        ("MYCN amplified. 0/200 nuclei with 1p loss", "mycn", MYCN.AMPLIFIED),
        ("MYCN not amplified (0/200 nuclei)", "mycn", MYCN.NOT_AMPLIFIED),
        ("MYCN amplification seen in no cells", "mycn", MYCN.NOT_AMPLIFIED),
        ("GD2 expression: 95 %", "gd2", GD2.POSITIVE),
    ],
)
def test_given_a_count_of_more_or_of_something_else_when_read_then_the_finding_stands(
    text: str, marker: str, expected: object
) -> None:
    assert state(read(marker, report(text))) is expected


@pytest.mark.parametrize(
    ("text", "marker"),
    [
        ("MYCN amplification:", "mycn"),
        ("MYCN amplification: see comment", "mycn"),
        ("MYCN amplification see comment", "mycn"),
        ("MYCN amplification: 2 copies per nucleus", "mycn"),
        ("MYCN amplification by FISH: 1.2", "mycn"),
        ("MYCN amplification ratio 0.9", "mycn"),
        ("ALK rearrangement: see addendum", "alk"),
        ("ALK mutation: see comment", "alk"),
        ("TP53 mutation: is reported separately", "tp53_pathway"),
        ("GD2 expression: see flow report", "gd2"),
    ],
)
def test_given_the_title_of_a_finding_without_its_answer_when_read_then_the_question_is_open(
    text: str, marker: str
) -> None:
    assert why(read(marker, report(text))) in {Why.UNREAD, Why.INDETERMINATE}


@pytest.mark.parametrize(
    ("text", "marker", "expected"),
    [
        ("MYCN amplification: present", "mycn", MYCN.AMPLIFIED),
        ("MYCN amplification: high level", "mycn", MYCN.AMPLIFIED),
        ("MYCN amplification: none", "mycn", MYCN.NOT_AMPLIFIED),
        ("Amplifications: MYCN", "mycn", MYCN.AMPLIFIED),
        ("ALK mutation: F1174L", "alk", ALK.F1174),
        ("MYCN amplified, see comment", "mycn", MYCN.AMPLIFIED),
        ("No MYCN amplification see comment", "mycn", MYCN.NOT_AMPLIFIED),
        ("Losses: 1p, 11q", "segmental_changes", Altered.ALTERED),
    ],
)
def test_given_a_title_with_its_answer_when_read_then_the_answer_counts(
    text: str, marker: str, expected: object
) -> None:
    assert state(read(marker, report(text))) is expected


NAMING = ("mycn", "alk", "gd2", "tp53_pathway", "ras_mapk", "tert", "atrx")


@pytest.mark.parametrize("marker", NAMING)
def test_given_a_report_that_names_a_marker_and_says_nothing_of_it_when_read_then_it_points_there(marker: str) -> None:
    text = "MYCN, ALK, TP53, NRAS, TERT and ATRX: enclosed. GD2: enclosed."

    fact = read(marker, report(text))

    assert isinstance(fact, Unknown)
    assert (fact.why, fact.sources, fact.date) == (Why.UNREAD, ("DiagnosticReport/r1",), date(2026, 5, 20))


@pytest.mark.parametrize("marker", NAMING)
@pytest.mark.parametrize(("status", "expected"), [("registered", Why.PENDING), ("final", Why.UNREAD)])
def test_given_a_report_of_a_title_alone_when_read_then_it_is_awaited_or_unread(
    marker: str, status: str, expected: Why
) -> None:
    title = worded("MYCN FISH, ALK, TP53, NRAS, TERT and ATRX sequencing, GD2 flow cytometry")

    fact = read(marker, report(code=title, status=status))

    assert isinstance(fact, Unknown)
    assert (fact.why, fact.sources) == (expected, ("DiagnosticReport/r1",))


@pytest.mark.parametrize(
    ("text", "marker"),
    [
        ("Mother: MYCN amplified.", "mycn"),
        ("MYCN protein positive by IHC", "mycn"),
        ("Criteria met.", "mycn"),
        ("Screening for MYCN", "mycn"),
        ("Segmental resection of the liver", "segmental_changes"),
    ],
)
def test_given_a_text_on_something_else_when_read_then_it_points_nowhere(text: str, marker: str) -> None:
    assert why(read(marker, report(text))) is Why.NOT_FOUND


def test_given_an_imaging_report_whose_title_names_a_marker_when_read_then_it_points_nowhere() -> None:
    radiology = {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/v2-0074", "code": "RAD"}]}

    assert why(read("gd2", report(code=worded("GD2 targeted PET"), category=[radiology]))) is Why.NOT_FOUND


def test_given_a_label_with_a_gene_beside_the_name_of_its_group_when_read_then_it_speaks_of_the_gene_alone() -> None:
    assert why(read("ras_mapk", observation(worded("RAS mutation: NRAS"), said("not detected")))) is Why.IN_PART


def test_given_an_answer_beside_a_mere_mention_when_read_then_the_answer_counts() -> None:
    mention = report("MYCN: enclosed.", id="r2", effectiveDateTime="2026-05-25")

    assert state(read("mycn", report("MYCN not amplified."), mention)) is MYCN.NOT_AMPLIFIED


@pytest.mark.parametrize("label", ["TP53", "ATRX", "TERT", "NRAS"])
def test_given_a_result_of_one_gene_that_nobody_understands_when_read_then_it_points_there(label: str) -> None:
    marker = {"TP53": "tp53_pathway", "NRAS": "ras_mapk"}.get(label, label.lower())

    fact = read(marker, observation(worded(label), said("vide infra")))

    assert isinstance(fact, Unknown)
    assert (fact.why, fact.sources) == (Why.UNREAD, ("Observation/o1",))


@pytest.mark.parametrize(
    ("resource", "marker"),
    [
        (report("ATRX intact"), "atrx"),
        (report("TERT: no rearrangement"), "tert"),
        (report("RAS pathway: no mutation"), "ras_mapk"),
        (report("p53 pathway intact"), "tp53_pathway"),
        (report("TP53/MDM2 pathway: no alteration"), "tp53_pathway"),
        (report("No mutations in NRAS, KRAS, HRAS, NF1, BRAF, PTPN11, FGFR1"), "ras_mapk"),
        (observation(worded("RAS/MAPK panel"), said("no mutation detected")), "ras_mapk"),
        (observation(worded("p53 pathway"), said("intact")), "tp53_pathway"),
        (observation(worded("Segmental chromosomal aberrations"), said("none")), "segmental_changes"),
    ],
)
def test_given_words_that_deny_a_whole_group_when_read_then_not_altered(resource: dict[str, Any], marker: str) -> None:
    fact = read(marker, resource)

    assert state(fact) is Altered.NOT_ALTERED
    assert isinstance(fact, Known)
    assert fact.date == date(2026, 5, 20)


@pytest.mark.parametrize("text", ["RAS", "Segmental"])
def test_given_a_word_that_may_stand_for_other_things_when_its_value_is_not_understood_then_nothing(text: str) -> None:
    marker = "ras_mapk" if text == "RAS" else "segmental_changes"

    assert why(read(marker, observation(worded(text), said("vide infra")))) is Why.NOT_FOUND


def test_given_one_normal_gene_of_a_group_when_read_then_the_group_is_told_in_part() -> None:
    fact = read("tp53_pathway", report("TP53 wild type"))

    assert fact == Unknown(Why.IN_PART, ("variants", "labs", "reports"), ("DiagnosticReport/r1",), date(2026, 5, 20))


def test_given_findings_listed_by_gene_when_read_then_each_gene_has_its_own() -> None:
    text = "Amplification of MYCN, ALK; TERT wild type"

    assert state(read("mycn", report(text))) is MYCN.AMPLIFIED
    assert state(read("alk", report(text))) is ALK.AMPLIFIED
    assert not isinstance(read("tert", report(text)), Conflicting)


@pytest.mark.parametrize(
    ("text", "marker", "expected"),
    [
        ("High-risk neuroblastoma, INRGSS M, MYCN amplified", "mycn", MYCN.AMPLIFIED),
        ("Neuroblastoma stage 4, MYCN non-amplified, ALK F1174L", "mycn", MYCN.NOT_AMPLIFIED),
        ("Neuroblastoma stage 4, MYCN non-amplified, ALK F1174L", "alk", ALK.F1174),
        ("Neuroblastoma, ATRX mutated", "atrx", Altered.ALTERED),
    ],
)
def test_given_a_problem_whose_name_tells_a_marker_when_read_then_it_is_text_of_unknown_timing(
    text: str, marker: str, expected: object
) -> None:
    other = condition(worded("Otitis media"), id="c2")

    fact = read(marker, neuroblastoma(text=text, onsetDateTime="2023-09-14"), other)

    assert state(fact) is expected
    assert isinstance(fact, Known)
    assert (fact.confidence, fact.value.timing, fact.date) == (Confidence.TEXT, Timing.UNKNOWN, None)
    assert fact.sources == ("Condition/c1",)


@pytest.mark.parametrize("verified", ["refuted", "entered-in-error", "provisional"])
def test_given_a_problem_that_is_doubted_or_dropped_when_read_then_its_name_tells_no_marker(verified: str) -> None:
    problem = neuroblastoma(text="Neuroblastoma, MYCN amplified", verificationStatus=coded(VERIFICATION, verified))

    assert why(read("mycn", problem)) is Why.NOT_FOUND


def test_given_a_result_of_now_when_a_problem_tells_otherwise_then_the_result_counts_and_both_are_told() -> None:
    problem = neuroblastoma(text="Neuroblastoma, MYCN amplified", onsetDateTime="2023-09-14")

    fact = read("mycn", problem, report("MYCN not amplified."))

    assert state(fact) is MYCN.NOT_AMPLIFIED
    assert isinstance(fact, Known)
    assert fact.value.earlier == ("amplified, undated",)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("MYCN not amplified, ALK F1174L", True),
        ("MYCN non amplified, ALK F1174L", True),
        ("MYCN amplification not detected, ALK F1174L", True),
        ("We did not detect MYCN amplification, ALK F1174L or TERT rearrangement", False),
        ("No MYCN amplification, ALK F1174L or TERT rearrangement", False),
        ("Not detected: MYCN amplification, ALK F1174L", False),
    ],
)
def test_given_a_denied_marker_before_another_when_read_then_only_a_denied_list_denies_both(
    text: str, found: bool
) -> None:
    fact = read("alk", report(text))

    assert (isinstance(fact, Known) and fact.value.state is ALK.F1174) is found
    assert state(read("mycn", report(text))) is MYCN.NOT_AMPLIFIED
