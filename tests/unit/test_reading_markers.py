"""GD2, gene groups, segmental changes, and reports that nobody can read (coding notes, section 2.4)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from hooks.facts.fact import Confidence, Conflicting, Fact, Known, Unknown, Why
from hooks.pathways.relapsed_neuroblastoma.facts import GD2, Altered, Molecular, Timing, UnreadableReport
from hooks.pathways.relapsed_neuroblastoma.reading.molecular import MolecularFacts, read_molecular
from tests.unit.reading_chart import (
    ABSENT_ANSWER,
    BLOOD,
    LOINC,
    NEGATIVE,
    POSITIVE,
    PRESENT,
    RELAPSE_DAY,
    coded,
    component,
    consequence,
    copies,
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

LOOKED_IN = ("variants", "labs", "reports")
PDF = [{"contentType": "application/pdf", "title": "NGS panel"}]


def read(*resources: dict[str, Any]) -> MolecularFacts:
    return read_molecular(record(*resources), RELAPSE_DAY)


def state(fact: Fact[Molecular[Any]]) -> object:
    return fact.value.state if isinstance(fact, Known) else type(fact)


@pytest.mark.parametrize(
    ("resource", "expected", "confidence"),
    [
        (observation(worded("GD2 expression"), POSITIVE), GD2.POSITIVE, Confidence.CODED_LOCAL),
        (observation(worded("GD2 expression"), NEGATIVE), GD2.NEGATIVE, Confidence.CODED_LOCAL),
        (observation(coded("http://local", "1", "GD2 (flow)"), said("positive")), GD2.POSITIVE, Confidence.TEXT),
        (observation(worded("GD2"), said("dim")), GD2.DIM, Confidence.TEXT),
        (observation(worded("GD2"), said("weakly expressed, low")), GD2.DIM, Confidence.TEXT),
        (observation(worded("GD2"), said("lost")), GD2.NEGATIVE, Confidence.TEXT),
        (observation(worded("GD2"), said("loss of expression")), GD2.NEGATIVE, Confidence.TEXT),
        (report("Neuroblasts GD2 positive."), GD2.POSITIVE, Confidence.TEXT),
        (report("GD2+ tumour cells."), GD2.POSITIVE, Confidence.TEXT),
        (report("Loss of GD2 expression."), GD2.NEGATIVE, Confidence.TEXT),
        (report("Received anti-GD2 antibody. GD2 negative."), GD2.NEGATIVE, Confidence.TEXT),
    ],
)
def test_given_gd2_on_tumour_cells_when_read_then_state_and_confidence(
    resource: dict[str, Any], expected: GD2, confidence: Confidence
) -> None:
    fact = read(resource).gd2

    assert isinstance(fact, Known)
    assert (fact.value.state, fact.confidence) == (expected, confidence)


@pytest.mark.parametrize("code", ["58980-4", "59034-9", "63471-7", "82399-7", "82400-3", "82401-1"])
def test_given_an_anti_gd2_serum_antibody_when_read_then_it_is_no_expression(code: str) -> None:
    """Hazard: a neuropathy panel read as a drug target (coding notes, fact 3)."""
    assert read(observation(coded(LOINC, code, "Ganglioside GD2 Ab.IgG"), POSITIVE)).gd2 == Unknown(
        Why.NOT_FOUND, LOOKED_IN
    )


@pytest.mark.parametrize(
    "resource",
    [
        observation(worded("GD2 antibody IgM"), POSITIVE),
        observation(worded("Anti-GD2 antibody"), POSITIVE),
        observation(worded("GD2"), POSITIVE, **on_specimen()),
        observation(worded("GD2")),
        observation(worded("Pain"), said("anti-GD2 tolerated")),
        report("Anti-GD2 therapy tolerated, positive mood."),
        report("GD2 positive", **on_specimen()),
        variant(gene("HGNC:4117", "B4GALNT1")),
    ],
)
def test_given_antibodies_drugs_or_genes_when_read_then_they_are_no_expression(resource: dict[str, Any]) -> None:
    assert read(resource, specimen("2026-05-20", BLOOD)).gd2 == Unknown(Why.NOT_FOUND, LOOKED_IN)


@pytest.mark.parametrize(
    ("resource", "why"),
    [
        (observation(worded("GD2"), said("pending")), Why.PENDING),
        (observation(worded("GD2"), POSITIVE, status="preliminary"), Why.PENDING),
        (observation(worded("GD2"), status="registered"), Why.PENDING),
        (report("GD2 expression not tested"), Why.NOT_TESTED),
        (report("GD2 positive", status="partial"), Why.PENDING),
    ],
)
def test_given_no_answer_on_gd2_when_read_then_unknown_says_why(resource: dict[str, Any], why: Why) -> None:
    fact = read(resource).gd2

    assert isinstance(fact, Unknown)
    assert fact.why is why


def test_given_gd2_both_ways_when_read_then_conflict() -> None:
    assert isinstance(read(report("GD2 positive; GD2 negative.")).gd2, Conflicting)


def tp53(*components: dict[str, Any], **more: Any) -> dict[str, Any]:
    return variant(gene("HGNC:11998", "TP53"), *components, **more)


@pytest.mark.parametrize(
    ("resource", "fact", "name"),
    [
        (tp53(protein("p.Arg175His")), "tp53_pathway", "TP53 R175H"),
        (variant(gene("HGNC:1787", "CDKN2A"), consequence("SO:0001743"), copies(0)), "tp53_pathway", "CDKN2A"),
        (variant(gene("HGNC:7989", "NRAS"), protein("p.Q61K")), "ras_mapk", "NRAS Q61K"),
        (variant(gene("HGNC:11730", "TERT"), gene("HGNC:7029"), consequence("SO:1000044")), "tert", "TERT"),
        (observation(coded(LOINC, "53841-3"), POSITIVE), "atrx", "ATRX"),
        (observation(worded("TERT rearrangement"), POSITIVE), "tert", "TERT"),
        (observation(worded("TP53 sequencing"), said("R175H")), "tp53_pathway", "TP53 R175H"),
        (report("TERT promoter mutation."), "tert", "TERT"),
        (report("p53 mutation R175H."), "tp53_pathway", "TP53 R175H"),
        (report("RAS-MAPK pathway mutation detected."), "ras_mapk", ""),
        (report("11q loss; no 1p deletion."), "segmental_changes", "11q"),
        (report("Gain of 17q21."), "segmental_changes", "17q"),
        (report("Segmental chromosomal alterations detected."), "segmental_changes", ""),
        (observation(coded(LOINC, "45180-7"), PRESENT), "segmental_changes", "1p"),
        (observation(worded("1p36 deletion FISH"), POSITIVE), "segmental_changes", "1p"),
        (observation(worded("11q"), said("deleted")), "segmental_changes", "11q"),
        (observation(coded(LOINC, "62378-5"), said("17q gain")), "segmental_changes", "17q"),
    ],
)
def test_given_an_alteration_when_read_then_the_group_is_altered_and_names_it(
    resource: dict[str, Any], fact: str, name: str
) -> None:
    found = getattr(read(resource), fact)

    assert state(found) is Altered.ALTERED
    assert found.value.variant == name


@pytest.mark.parametrize(
    "components",
    [
        [protein("p.=")],
        [protein("p.R175H"), component("53037-8", {"valueCodeableConcept": coded(LOINC, "LA26333-7")})],
        [protein("p.R175H"), component("53037-8", {"valueCodeableConcept": coded(LOINC, "LA6675-8")})],
        [consequence("SO:0001742")],
        [copies(4)],
        [gene("HGNC:6973", "MDM2"), protein("p.R175H")],
    ],
)
def test_given_what_is_no_alteration_when_read_then_unknown(components: list[dict[str, Any]]) -> None:
    fact = read(tp53(*components)).tp53_pathway

    assert isinstance(fact, Unknown)
    assert fact.why is Why.INDETERMINATE


def all_absent(*identifiers: str, **more: Any) -> list[dict[str, Any]]:
    return [variant(gene(item), answer=ABSENT_ANSWER, id=item, **more) for item in identifiers]


def test_given_some_genes_of_a_group_normal_when_read_then_the_group_is_not_called_normal() -> None:
    some = read(*all_absent("11998", "6973")).tp53_pathway
    every = read(*all_absent("11998", "6973", "1787", "1773")).tp53_pathway

    assert some == Unknown(Why.IN_PART, LOOKED_IN, ("Observation/11998", "Observation/6973"), date(2026, 5, 20))
    assert state(every) is Altered.NOT_ALTERED


def test_given_one_gene_of_a_normal_group_from_before_when_read_then_the_whole_is_pre_relapse() -> None:
    older = all_absent("1773", on="2023-09-14")

    fact = read(*all_absent("11998", "6973", "1787"), *older).tp53_pathway

    assert isinstance(fact, Known)
    assert fact.value.timing is Timing.PRE_RELAPSE


@pytest.mark.parametrize(
    ("resource", "fact"),
    [
        (report("No RAS-MAPK pathway mutations."), "ras_mapk"),
        (report("TERT wild-type."), "tert"),
        (report("No segmental chromosomal alterations."), "segmental_changes"),
        (report("1p intact, 11q normal, 17q balanced."), "segmental_changes"),
        (report("No 1p deletion, no 11q loss, no 17q gain."), "segmental_changes"),
        (observation(coded(LOINC, "53841-3"), NEGATIVE), "atrx"),
        (observation(worded("ATRX mutation"), said("not detected")), "atrx"),
    ],
)
def test_given_a_denial_of_the_whole_group_when_read_then_not_altered(resource: dict[str, Any], fact: str) -> None:
    assert state(getattr(read(resource), fact)) is Altered.NOT_ALTERED


@pytest.mark.parametrize(
    ("resource", "fact"),
    [
        (tp53(protein("p.R175H"), answer=ABSENT_ANSWER), "tp53_pathway"),
        (observation(worded("ATRX protein IHC"), NEGATIVE), "atrx"),
        (observation(worded("1p, 11q FISH"), POSITIVE), "segmental_changes"),
        (report("Criteria met."), "ras_mapk"),
        (observation(coded(LOINC, "69548-6"), {}, component=[gene("HGNC:11998")]), "tp53_pathway"),
    ],
)
def test_given_nothing_said_of_the_group_when_read_then_not_found(resource: dict[str, Any], fact: str) -> None:
    assert getattr(read(resource), fact) == Unknown(Why.NOT_FOUND, LOOKED_IN)


def test_given_the_published_pertinent_negative_when_read_then_its_swapped_genes_are_a_conflict() -> None:
    """Published with mCODE 4.0.0: HGNC:6342 shown as NRAS, HGNC:7989 (NRAS) shown as KIT, BRAF as it should be."""
    swapped = variant(
        gene("HGNC:6342", "NRAS"), gene("HGNC:7989", "KIT"), gene("HGNC:1097", "BRAF"), answer=ABSENT_ANSWER
    )

    assert isinstance(read(swapped).ras_mapk, Conflicting)


def test_given_pending_results_of_a_group_when_read_then_the_group_is_pending() -> None:
    for resource in (
        tp53(protein("p.R175H"), status="preliminary"),
        observation(worded("TP53 mutation"), said("pending")),
        report("TP53 mutation pending"),
    ):
        fact = read(resource).tp53_pathway

        assert isinstance(fact, Unknown)
        assert fact.why is Why.PENDING


def test_given_an_altered_gene_beside_a_contradiction_when_read_then_the_alteration_leads() -> None:
    fact = read(
        variant(gene("HGNC:7989", "NRAS"), protein("p.Q61K"), id="a"),
        variant(gene("HGNC:1097", "BRAF"), id="b"),
        variant(gene("HGNC:1097", "BRAF"), id="c", answer=ABSENT_ANSWER),
    ).ras_mapk

    assert isinstance(fact, Known)
    assert fact.value.variant == "NRAS Q61K"


def test_given_two_altered_genes_when_read_then_the_one_found_at_relapse_leads() -> None:
    older = variant(gene("HGNC:7989", "NRAS"), protein("p.Q61K"), id="a", on="2023-09-14")
    newer = variant(gene("HGNC:1097", "BRAF"), protein("p.V600E"), id="b")

    fact = read(older, newer).ras_mapk

    assert isinstance(fact, Known)
    assert (fact.value.variant, fact.value.timing) == ("BRAF V600E", Timing.AT_RELAPSE)


def test_given_molecular_reports_that_only_attach_a_document_when_read_then_they_are_named_with_their_day() -> None:
    facts = read(
        report(id="r1", presentedForm=PDF),
        report(id="r2", presentedForm=PDF, effectiveDateTime="2023-09-14", issued="2026-05-20T00:00:00Z"),
        report(id="r3", presentedForm=PDF, conclusion="MYCN amplified"),
        report(id="r4", presentedForm=PDF, status="entered-in-error"),
        report(id="r5", presentedForm=[{"title": "Scan"}], code=worded("MRI abdomen")),
        report(id="r6", presentedForm=[{"url": "Binary/1"}], effectiveDateTime="soon"),
    )

    assert facts.unreadable_reports == (
        UnreadableReport("DiagnosticReport/r6", None, "Genetic analysis report"),
        UnreadableReport("DiagnosticReport/r2", date(2023, 9, 14), "NGS panel"),
        UnreadableReport("DiagnosticReport/r1", date(2026, 5, 20), "NGS panel"),
    )


def test_given_molecular_reports_whose_results_did_not_come_when_read_then_they_are_named_unless_they_say_more() -> (
    None
):
    elsewhere = [{"reference": "Observation/elsewhere", "display": "MYCN FISH"}]
    facts = read(
        report(id="r1", result=elsewhere),
        report(id="r2", result=elsewhere, conclusion="MYCN amplified"),
        report(id="r3", result=elsewhere, status="registered"),
        report(id="r4", result=elsewhere, status="entered-in-error"),
        report(id="r5", result=elsewhere, code=worded("MRI abdomen")),
        report(id="r6", result=[]),
        report(id="r7", result={"reference": "Observation/here"}),
        report(id="r8"),
        {**variant(gene("HGNC:7989", "NRAS"), protein("p.Q61K")), "id": "here"},
    )

    assert [(one.source, one.attached) for one in facts.unreadable_reports] == [("DiagnosticReport/r1", False)]


def document(title: str | None, **more: Any) -> dict[str, Any]:
    kind = {"type": worded("Molecular pathology report")} if title is None else {}
    described = {"description": title} if title is not None else {}
    return {"resourceType": "DocumentReference", "id": "d1", "status": "current", **kind, **described, **more}


def test_given_only_a_document_when_read_then_it_is_named_without_a_day_for_its_date_is_that_of_filing() -> None:
    assert read(document("NGS panel", date="2026-05-20T00:00:00Z")).unreadable_reports == (
        UnreadableReport("DocumentReference/d1", None, "NGS panel"),
    )
    assert read(document("", type=worded("Molecular pathology report"))).unreadable_reports == (
        UnreadableReport("DocumentReference/d1", None, "Molecular pathology report"),
    )
    assert read(document(None)).unreadable_reports == (
        UnreadableReport("DocumentReference/d1", None, "Molecular pathology report"),
    )


@pytest.mark.parametrize(
    "found",
    [
        document("Discharge letter"),
        document("NGS panel", status="entered-in-error"),
        document("NGS panel", docStatus="entered-in-error"),
        document("NGS panel", context={"related": [3, {"reference": "DiagnosticReport/r1"}]}),
    ],
)
def test_given_another_document_or_that_of_a_report_when_read_then_it_is_not_named(found: dict[str, Any]) -> None:
    assert read(found, report("MYCN amplified")).unreadable_reports == ()


def test_given_a_report_and_its_document_when_read_then_the_report_is_named_once() -> None:
    facts = read(document("NGS panel"), report(presentedForm=PDF))

    assert [item.source for item in facts.unreadable_reports] == ["DiagnosticReport/r1"]


def test_given_an_empty_record_when_read_then_every_marker_is_unknown_never_negative() -> None:
    facts = read()

    names = ("mycn", "alk", "gd2", "tp53_pathway", "ras_mapk", "tert", "atrx", "segmental_changes")
    assert {type(getattr(facts, name)) for name in names} == {Unknown}
    assert facts.unreadable_reports == ()
