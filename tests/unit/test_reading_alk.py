"""ALK from every encoding of the coding notes, section 2.3."""

from __future__ import annotations

from typing import Any

import pytest

from hooks.facts.fact import Confidence, Conflicting, Fact, Known, Unknown, Why
from hooks.pathways.relapsed_neuroblastoma.facts import ALK, Molecular, Timing, Tissue
from hooks.pathways.relapsed_neuroblastoma.reading.molecular import read_molecular
from tests.unit.reading_chart import (
    ABSENT,
    ABSENT_ANSWER,
    LOINC,
    NEGATIVE,
    POSITIVE,
    PRESENT,
    RELAPSE_DAY,
    TBD,
    TUMOUR,
    alk,
    coded,
    component,
    consequence,
    copies,
    fish,
    gene,
    interpreted,
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

REARRANGED = coded(LOINC, "78205-2")


def read(*resources: dict[str, Any]) -> Fact[Molecular[ALK]]:
    return read_molecular(record(*resources), RELAPSE_DAY).alk


def known(*resources: dict[str, Any]) -> Known[Molecular[ALK]]:
    fact = read(*resources)
    assert isinstance(fact, Known)
    return fact


def significance(answer: str) -> dict[str, Any]:
    return component("53037-8", {"valueCodeableConcept": coded(LOINC, answer)})


@pytest.mark.parametrize(
    ("change", "state"),
    [
        *((f"p.F1174{letter}", ALK.F1174) for letter in "LIVCS"),
        ("p.Arg1275Gln", ALK.R1275Q),
        ("p.R1275L", ALK.OTHER_ACTIVATING),
        *((f"F1245{letter}", ALK.OTHER_ACTIVATING) for letter in "CVL"),
        ("p.Ala100Val", ALK.VUS),
        ("p.F1174K", ALK.VUS),
    ],
)
def test_given_a_coded_variant_when_read_then_hot_spots_by_the_list_and_the_rest_is_uncertain(
    change: str, state: ALK
) -> None:
    fact = known(alk(change))

    assert (fact.value.state, fact.confidence) == (state, Confidence.CODED)
    assert fact.value.variant


@pytest.mark.parametrize(
    ("resource", "state", "confidence"),
    [
        (alk("F1174L", significance("LA26333-7")), ALK.VUS, Confidence.CODED),
        (alk("F1174L", significance("LA6675-8")), ALK.VUS, Confidence.CODED),
        (alk("F1174L", significance("LA6668-3")), ALK.F1174, Confidence.CODED),
        (alk("A100V", significance("LA6668-3")), ALK.OTHER_ACTIVATING, Confidence.CODED_LOCAL),
        (alk("A100V", significance("LA26332-9")), ALK.OTHER_ACTIVATING, Confidence.CODED_LOCAL),
        (alk(None, component("48004-6", said("c.3522C>A")), significance("LA6668-3")), ALK.OTHER_ACTIVATING,
         Confidence.CODED_LOCAL),
        (variant(component("81252-9", {"valueCodeableConcept": worded("ALK F1174L")})), ALK.F1174, Confidence.TEXT),
        (alk(None, component("48019-4", {"valueCodeableConcept": worded("amplification")})), ALK.AMPLIFIED,
         Confidence.CODED_LOCAL),
        (alk(None), ALK.VUS, Confidence.CODED),
        (alk(None, component("81252-9", {"valueCodeableConcept": worded("ALK F1174L")})), ALK.F1174,
         Confidence.CODED_LOCAL),
        (variant(component("48018-6", said("ALK")), protein("F1174L")), ALK.F1174, Confidence.TEXT),
        (alk("F1174L", status="unknown"), ALK.F1174, Confidence.TEXT),
        (alk(None, consequence("SO:0001565")), ALK.FUSION, Confidence.CODED),
        (alk(None, consequence("SO:1000044")), ALK.FUSION, Confidence.CODED),
        (alk(None, component("48019-4", {"valueCodeableConcept": coded("x", "1", "complex rearrangement")})),
         ALK.FUSION, Confidence.CODED_LOCAL),
        (variant(gene("HGNC:7029", "MET"), gene("HGNC:427", "ALK"), consequence("SO:0001565")), ALK.FUSION,
         Confidence.CODED),
        (alk(None, copies(11)), ALK.AMPLIFIED, Confidence.TEXT),
        (alk(None, answer=ABSENT_ANSWER), ALK.NEGATIVE, Confidence.CODED),
        (observation(REARRANGED, POSITIVE), ALK.FUSION, Confidence.CODED),
        (observation(REARRANGED, interpreted("POS")), ALK.FUSION, Confidence.CODED),
    ],
)  # fmt: skip
def test_given_coded_results_when_read_then_state_and_confidence(
    resource: dict[str, Any], state: ALK, confidence: Confidence
) -> None:
    fact = known(resource)

    assert (fact.value.state, fact.confidence) == (state, confidence)


@pytest.mark.parametrize(
    ("resource", "state", "change"),
    [
        (observation(worded("ALK sequencing"), said("p.Phe1174Leu")), ALK.F1174, "F1174L"),
        (observation(worded("ALK"), said("F1174L detected")), ALK.F1174, "F1174L"),
        (observation(worded("ALK mutation"), NEGATIVE), ALK.NEGATIVE, ""),
        (observation(worded("ALK mutation analysis"), said("No mutation detected")), ALK.NEGATIVE, ""),
        (observation(worded("ALK"), said("wild type")), ALK.NEGATIVE, ""),
        (observation(worded("ALK mutation"), POSITIVE), ALK.VUS, ""),
        (observation(worded("ALK"), said("A100V variant, pathogenic")), ALK.OTHER_ACTIVATING, "A100V"),
        (observation(worded("ALK amplification"), POSITIVE), ALK.AMPLIFIED, ""),
        (observation(worded("ALK break-apart FISH"), POSITIVE), ALK.FUSION, ""),
        (observation(worded("Panel"), component=[{"code": worded("ALK"), **said("R1275Q")}]), ALK.R1275Q, "R1275Q"),
        (report("ALK F1174L mutation detected."), ALK.F1174, "F1174L"),
        (report("ALK R1275Q and F1174L."), ALK.F1174, "F1174L"),
        (report("ALK amplification."), ALK.AMPLIFIED, ""),
        (report("ALK rearrangement detected."), ALK.FUSION, ""),
        (report("No ALK mutation."), ALK.NEGATIVE, ""),
        (report("ALK mutation detected."), ALK.VUS, ""),
        (report("ALK F1174L not detected; R1275Q detected."), ALK.R1275Q, "R1275Q"),
    ],
)
def test_given_local_codes_and_words_when_read_then_text_confidence(
    resource: dict[str, Any], state: ALK, change: str
) -> None:
    fact = known(resource)

    assert (fact.value.state, fact.value.variant, fact.confidence) == (state, change, Confidence.TEXT)


@pytest.mark.parametrize(
    "resource",
    [
        alk("p.Phe1174="),
        alk("p.="),
        alk("p.?"),
        variant(protein("F1174L")),
        variant(gene("HGNC:7989", "NRAS"), protein("F1174L")),
        observation(worded("ALK protein IHC"), POSITIVE),
        observation(worded("ALK")),
        observation(worded("NRAS"), said("F1174L")),
        observation(coded(LOINC, "69548-6"), {}, component=[gene("HGNC:427")]),
        report("F1174L detected."),
        report("Mother: ALK R1275Q."),
    ],
)
def test_given_a_residue_without_its_gene_or_no_finding_when_read_then_nothing(resource: dict[str, Any]) -> None:
    """A residue alone proves nothing; a silent change is none; the protein is not the gene."""
    assert read(resource) == Unknown(Why.NOT_FOUND, ("variants", "labs", "reports"))


@pytest.mark.parametrize(
    ("resource", "why"),
    [
        (observation(REARRANGED, NEGATIVE), Why.PARTLY_TESTED),
        (observation(worded("ALK amplification"), NEGATIVE), Why.PARTLY_TESTED),
        (
            alk(None, answer=ABSENT_ANSWER, method=worded("Fluorescence in situ hybridization (FISH)")),
            Why.PARTLY_TESTED,
        ),
        (alk(None, answer=ABSENT_ANSWER, method=worded("SNP array")), Why.PARTLY_TESTED),
        (alk(None, answer=ABSENT_ANSWER, method=worded("Immunohistochemistry")), Why.NOT_FOUND),
        (observation(worded("ALK"), POSITIVE), Why.INDETERMINATE),
        (observation(worded("ALK FISH"), NEGATIVE), Why.INDETERMINATE),
        (observation(worded("ALK"), POSITIVE, status="preliminary"), Why.PENDING),
        (observation(worded("ALK"), status="registered"), Why.PENDING),
        (observation(worded("ALK mutation"), status="registered"), Why.PENDING),
        (variant(gene("HGNC:427", "ALK"), answer={}, status="registered"), Why.PENDING),
        (observation(coded(LOINC, "69548-6"), {}, component=[gene("HGNC:427"), protein("F1174L")]), Why.INDETERMINATE),
        (alk(None, {**protein("F1174L"), "dataAbsentReason": coded(ABSENT, "unknown")}), Why.INDETERMINATE),
        (alk(None, component("48004-6", said("NM_004304.5:c.3522C>A"))), Why.UNTRANSLATED),
        (alk(None, component("81290-9", said("NC_000002.12:g.29220829G>T"))), Why.UNTRANSLATED),
        (report("ALK c.3522C>A detected"), Why.UNTRANSLATED),
        (report("No ALK c.3522C>A"), Why.UNTRANSLATED),
        (report("ALK VUS"), Why.INDETERMINATE),
        (alk("F1174L", answer=ABSENT_ANSWER), Why.INDETERMINATE),
        (alk(None, copies(10)), Why.INDETERMINATE),
        (alk(None, copies(20, comparator="<")), Why.INDETERMINATE),
        (alk("F1174L", answer={"valueCodeableConcept": coded(LOINC, "LA18198-4")}), Why.INDETERMINATE),
        (variant(gene("HGNC:427", "ALK"), gene("HGNC:7559", "MYCN"), protein("F1174L")), Why.INDETERMINATE),
        (alk("F1174L", status="preliminary"), Why.PENDING),
        (report("ALK mutation pending"), Why.PENDING),
        (observation(worded("ALK mutation"), said("failed")), Why.FAILED),
    ],
)
def test_given_no_answer_on_mutations_when_read_then_unknown_says_why(resource: dict[str, Any], why: Why) -> None:
    """Hazard: a negative rearrangement test, or one change that was not found, read as "no ALK mutation"."""
    fact = read(resource)

    assert isinstance(fact, Unknown)
    assert fact.why is why


@pytest.mark.parametrize(
    "resources",
    [
        [alk("F1174L"), alk(None, id="o2", answer=ABSENT_ANSWER)],
        [alk("F1174L", interpretation=[]), report("No ALK mutation.")],
        [variant(gene("HGNC:427", "MYCN"), protein("F1174L"))],
        [alk("F1174L", **interpreted("NEG"))],
        [report("ALK mutated; ALK wild type.")],
    ],
)
def test_given_positive_and_negative_of_one_day_when_read_then_conflict(resources: list[dict[str, Any]]) -> None:
    fact = read(*resources)

    assert isinstance(fact, Conflicting)
    assert {value.state for value in fact.values} >= {ALK.NEGATIVE}


def test_given_mutation_and_amplification_when_read_then_both_are_told() -> None:
    fact = known(alk("F1174L"), alk(None, copies(30), id="o2"))

    assert (fact.value.state, fact.value.also) == (ALK.F1174, (ALK.AMPLIFIED,))
    assert fact.sources == ("Observation/o1", "Observation/o2")


def test_given_two_variants_of_one_sample_when_read_then_the_hot_spot_leads() -> None:
    fact = known(alk("A100V", id="o2"), alk("F1174L"))

    assert (fact.value.state, fact.value.variant, fact.value.also) == (ALK.F1174, "F1174L", (ALK.VUS,))


def test_given_an_older_amplification_and_a_negative_sequence_when_read_then_the_older_finding_is_not_lost() -> None:
    fact = known(alk(None, copies(30), on="2024-01-02"), alk(None, id="o2", answer=ABSENT_ANSWER))

    assert (fact.value.state, fact.value.timing) == (ALK.AMPLIFIED, Timing.PRE_RELAPSE)


def test_given_a_mutation_at_relapse_and_an_older_fusion_when_read_then_the_fusion_stands_in_earlier() -> None:
    fact = known(alk("F1174L"), alk(None, consequence("SO:0001565"), id="o2", on="2024-01-02"))

    assert fact.value.also == ()
    assert fact.value.earlier == ("fusion, 2024-01-02",)


@pytest.mark.parametrize(("change", "told"), [("A100V", "vus (A100V), 2023-09-14"), ("R1275Q", "R1275Q, 2023-09-14")])
def test_given_an_older_change_and_a_negative_at_relapse_when_read_then_the_change_is_named_once(
    change: str, told: str
) -> None:
    fact = known(alk(change, on="2023-09-14"), alk(None, id="o2", answer=ABSENT_ANSWER))

    assert (fact.value.state, fact.value.earlier) == (ALK.NEGATIVE, (told,))


def test_given_an_older_fusion_without_a_day_when_joined_then_it_is_undated() -> None:
    fact = known(alk("F1174L"), alk(None, consequence("SO:0001565"), id="o2", on="2024"))

    assert fact.value.earlier == ("fusion, undated",)


def test_given_a_contradiction_on_fusion_beside_a_mutation_when_read_then_the_mutation_stands() -> None:
    fact = read(alk("F1174L"), observation(REARRANGED, POSITIVE, interpreted("NEG"), id="o2"))

    assert isinstance(fact, Known)
    assert fact.value.state is ALK.F1174


def test_given_a_contradiction_on_mutations_beside_an_amplification_when_read_then_both_are_told() -> None:
    fact = known(alk(None, copies(30), id="o2"), alk("F1174L", **interpreted("NEG")))

    assert (fact.value.state, fact.value.earlier) == (ALK.AMPLIFIED, ("sequence: sources disagree",))


def test_given_a_pending_sequence_beside_a_negative_amplification_when_read_then_pending() -> None:
    fact = read(alk("F1174L", status="preliminary"), observation(worded("ALK amplification"), NEGATIVE, id="o2"))

    assert isinstance(fact, Unknown)
    assert fact.why is Why.PENDING


@pytest.mark.parametrize(
    ("resource", "germline"),
    [
        (alk("R1275Q", component("48002-0", {"valueCodeableConcept": coded(LOINC, "LA6683-2")})), True),
        (alk("R1275Q", component("48002-0", {"valueCodeableConcept": coded(LOINC, "LA6684-0")})), False),
        (report("Germline ALK R1275Q detected."), True),
        (report("ALK R1275Q detected, not germline."), False),
        (alk("R1275Q"), False),
    ],
)
def test_given_the_origin_when_read_then_germline_is_marked(resource: dict[str, Any], *, germline: bool) -> None:
    assert known(resource).value.germline is germline


def test_given_germline_on_blood_beside_the_tumour_when_read_then_it_is_marked_with_the_tumours_result() -> None:
    germline = component("48002-0", {"valueCodeableConcept": coded(LOINC, "LA6683-2")})
    chart = (alk("R1275Q"), alk("R1275Q", germline, id="o2", on="2023-09-14"))

    assert known(*chart).value.germline


def test_given_the_change_in_a_linked_observation_when_read_then_it_is_the_variants() -> None:
    linked = observation(
        coded(TBD, "molecular-consequence"),
        id="m",
        component=[protein("NP_004295.2:p.Phe1174Leu")],
        derivedFrom=[{"reference": "Observation/o1"}],
    )

    fact = known(alk(None, **on_specimen()), linked, specimen("2026-05-19", TUMOUR))

    assert (fact.value.state, fact.value.tissue, fact.value.timing) == (ALK.F1174, Tissue.TUMOUR, Timing.AT_RELAPSE)


def test_given_other_results_of_the_laboratory_when_read_then_they_do_not_disturb() -> None:
    assert read(fish(POSITIVE), observation(worded("Sodium"), PRESENT)) == Unknown(
        Why.NOT_FOUND, ("variants", "labs", "reports")
    )


def test_given_an_allele_fraction_when_read_then_it_stands_with_the_finding() -> None:
    fraction = component("81258-6", {"valueQuantity": {"value": 0.03}})

    assert known(alk("p.Phe1245Cys", fraction)).value.frequency == 0.03
    assert known(alk("p.Phe1245Cys")).value.frequency is None
    assert known(report("ALK p.F1174L detected at VAF 0.8 %.")).value.frequency == pytest.approx(0.008)


@pytest.mark.parametrize(
    ("conclusion", "untested"),
    [
        ("ALK: no pathogenic variant detected. ALK amplification not assessed.", ("copy number", "fusion")),
        ("ALK: no mutation. No ALK amplification.", ("fusion",)),
        ("ALK wild type (no SNV, no amplification, no fusion).", ()),
        ("ALK p.F1174L detected.", ()),
    ],
)
def test_given_a_negative_of_one_aspect_when_read_then_the_others_stand_as_untested(
    conclusion: str, untested: tuple[str, ...]
) -> None:
    """Hazard: a negative sequence read as a negative ALK although its copies were not counted."""
    assert known(report(conclusion)).value.untested == untested


@pytest.mark.parametrize(
    ("more", "untested"),
    [
        ({}, ("copy number", "fusion")),
        ({"method": worded("Sanger sequencing")}, ("copy number", "fusion")),
        ({"method": worded("NGS panel with copy number")}, ("fusion",)),
        ({"method": worded("ALK sequencing, copy number and fusion")}, ()),
        ({"method": worded("ALK sequencing, copy number not assessed")}, ("copy number", "fusion")),
    ],
)
def test_given_a_coded_absence_when_read_then_its_method_and_label_say_on_what(
    more: dict[str, Any], untested: tuple[str, ...]
) -> None:
    """Hazard: "absent" from a test that saw one half stands for the whole gene."""
    result = known(alk(None, answer=ABSENT_ANSWER, **more))

    assert result.value.state is ALK.NEGATIVE
    assert result.value.untested == untested
