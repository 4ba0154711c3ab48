"""MYCN from every encoding of the coding notes, section 2.2: gain is never amplified, present is neither."""

from __future__ import annotations

from typing import Any

import pytest

from hooks.facts.fact import Confidence, Conflicting, Fact, Known, Unknown, Why, value_of
from hooks.pathways.relapsed_neuroblastoma.facts import MYCN, Molecular
from hooks.pathways.relapsed_neuroblastoma.reading.molecular import read_molecular
from tests.unit.reading_chart import (
    ABSENT,
    ABSENT_ANSWER,
    HGNC,
    LOINC,
    NEGATIVE,
    POSITIVE,
    PRESENT,
    RELAPSE_DAY,
    coded,
    component,
    consequence,
    copies,
    fish,
    gene,
    interpreted,
    observation,
    protein,
    record,
    report,
    said,
    variant,
    worded,
)

RATIO, PER_NUCLEUS = coded(LOINC, "93797-9"), coded(LOINC, "93798-7")
MYCN_GENE = gene("HGNC:7559", "MYCN")


def mycn(*resources: dict[str, Any]) -> Fact[Molecular[MYCN]]:
    return read_molecular(record(*resources), RELAPSE_DAY).mycn


def quantity(value: float, **more: Any) -> dict[str, Any]:
    return {"valueQuantity": {"value": value, **more}}


@pytest.mark.parametrize(
    ("parts", "state", "confidence"),
    [
        ([POSITIVE], MYCN.AMPLIFIED, Confidence.CODED),
        ([PRESENT], MYCN.AMPLIFIED, Confidence.CODED),
        ([NEGATIVE], MYCN.NOT_AMPLIFIED, Confidence.CODED),
        ([ABSENT_ANSWER], MYCN.NOT_AMPLIFIED, Confidence.CODED),
        ([interpreted("POS")], MYCN.AMPLIFIED, Confidence.CODED),
        ([interpreted("ND")], MYCN.NOT_AMPLIFIED, Confidence.CODED),
        ([said("MYCN amplified")], MYCN.AMPLIFIED, Confidence.TEXT),
        ([said("MYCN NA")], MYCN.NOT_AMPLIFIED, Confidence.TEXT),
        ([said("MYCN heterogeneous amplification")], MYCN.HETEROGENEOUS, Confidence.TEXT),
        ([{"valueCodeableConcept": coded(LOINC, "LA6576-8", text="heterogeneous amplification")}],
         MYCN.HETEROGENEOUS, Confidence.CODED),
        ([said("MYCN gain (4 copies)")], MYCN.GAIN, Confidence.TEXT),
        ([said("MYCN gain but no amplification")], MYCN.NOT_AMPLIFIED, Confidence.TEXT),
        ([{"valueCodeableConcept": coded("http://local", "1", "Amplified")}], MYCN.AMPLIFIED, Confidence.CODED_LOCAL),
        ([POSITIVE, {"status": "unknown"}], MYCN.AMPLIFIED, Confidence.TEXT),
    ],
)  # fmt: skip
def test_given_the_qualitative_fish_when_read_then_state_and_confidence(
    parts: list[dict[str, Any]], state: MYCN, confidence: Confidence
) -> None:
    fact = mycn(fish(*parts))

    assert isinstance(fact, Known)
    assert (fact.value.state, fact.confidence) == (state, confidence)


@pytest.mark.parametrize(
    ("code", "value", "state"),
    [
        (RATIO, quantity(1.99), MYCN.NOT_AMPLIFIED),
        (RATIO, quantity(2.0), None),
        (RATIO, quantity(3.99), None),
        (RATIO, quantity(4.0), MYCN.AMPLIFIED),
        (RATIO, quantity(4, comparator=">"), MYCN.AMPLIFIED),
        (RATIO, quantity(5, comparator="<"), None),
        (RATIO, quantity(2, comparator="<"), MYCN.NOT_AMPLIFIED),
        (RATIO, {"valueRatio": {"numerator": {"value": 60}, "denominator": {"value": 3}}}, MYCN.AMPLIFIED),
        (PER_NUCLEUS, quantity(2), MYCN.NOT_AMPLIFIED),
        (PER_NUCLEUS, quantity(2.5), None),
        (PER_NUCLEUS, quantity(3), MYCN.GAIN),
        (PER_NUCLEUS, quantity(9.9), MYCN.GAIN),
        (PER_NUCLEUS, quantity(10), MYCN.AMPLIFIED),
        (PER_NUCLEUS, quantity(4, comparator=">"), None),
        (PER_NUCLEUS, quantity(20, comparator=">="), MYCN.AMPLIFIED),
        (PER_NUCLEUS, {"valueRange": {"low": {"value": 8}, "high": {"value": 30}}}, MYCN.GAIN),
        (worded("MYCN/CEP2 ratio"), quantity(6), MYCN.AMPLIFIED),
        (worded("MYCN copy number"), quantity(6), MYCN.GAIN),
        (worded("MYCN"), quantity(60), None),
        (coded(LOINC, "93796-1"), quantity(60), None),
    ],
)
def test_given_a_bare_number_when_read_then_thresholds_at_text_confidence_and_a_grey_zone(
    code: dict[str, Any], value: dict[str, Any], state: MYCN | None
) -> None:
    """Ratio below 2 normal, from 4 amplified; copies from 10 amplified, 3 to 9 gain (engineering choices)."""
    fact = mycn(observation(code, value))

    if state is None:
        assert fact == Unknown(Why.INDETERMINATE, ("variants", "labs", "reports"), ("Observation/o1",), fact.date)
    else:
        assert isinstance(fact, Known)
        assert (fact.value.state, fact.confidence) == (state, Confidence.TEXT)


def test_given_a_number_with_the_laboratorys_interpretation_when_read_then_the_laboratory_decides() -> None:
    fact = mycn(observation(RATIO, quantity(3.0), interpreted("POS")))

    assert isinstance(fact, Known)
    assert (fact.value.state, fact.confidence) == (MYCN.AMPLIFIED, Confidence.CODED)


@pytest.mark.parametrize(
    ("components", "answer", "state", "confidence"),
    [
        ([consequence("SO:0001742")], PRESENT, MYCN.GAIN, Confidence.CODED),
        ([copies(25)], PRESENT, MYCN.AMPLIFIED, Confidence.TEXT),
        ([copies(25), consequence("SO:0001742")], PRESENT, MYCN.AMPLIFIED, Confidence.TEXT),
        ([copies(4)], PRESENT, MYCN.GAIN, Confidence.TEXT),
        ([copies(2)], PRESENT, MYCN.NOT_AMPLIFIED, Confidence.TEXT),
        ([copies(2)], ABSENT_ANSWER, MYCN.NOT_AMPLIFIED, Confidence.TEXT),
        ([component("82155-3", {"valueRange": {"low": {"value": 12}}})], PRESENT, MYCN.AMPLIFIED, Confidence.TEXT),
        ([component("81291-7", said("nuc ish amp(MYCN)"))], PRESENT, MYCN.AMPLIFIED, Confidence.TEXT),
        ([component("81291-7", said("nuc ish(MYCNx20~50)"))], PRESENT, MYCN.AMPLIFIED, Confidence.TEXT),
        ([component("81291-7", said("MYCNx4"))], PRESENT, MYCN.GAIN, Confidence.TEXT),
        ([component("81291-7", said("46,XX,dmin"))], PRESENT, MYCN.AMPLIFIED, Confidence.TEXT),
        ([component("81291-7", said("hsr(2)"))], PRESENT, MYCN.AMPLIFIED, Confidence.TEXT),
        ([component("81252-9", {"valueCodeableConcept": worded("MYCN amplification")})], PRESENT, MYCN.AMPLIFIED,
         Confidence.CODED_LOCAL),
        ([component("81252-9", {"valueCodeableConcept": worded("MYCN amplification")})], ABSENT_ANSWER,
         MYCN.NOT_AMPLIFIED, Confidence.TEXT),
    ],
)  # fmt: skip
def test_given_a_variant_of_mycn_when_read_then_state(
    components: list[dict[str, Any]], answer: dict[str, Any], state: MYCN, confidence: Confidence
) -> None:
    fact = mycn(variant(MYCN_GENE, *components, answer=answer))

    assert isinstance(fact, Known)
    assert (fact.value.state, fact.confidence) == (state, confidence)


@pytest.mark.parametrize(
    ("components", "answer"),
    [
        ([MYCN_GENE], PRESENT),
        ([MYCN_GENE], ABSENT_ANSWER),
        ([MYCN_GENE, protein("p.Pro44Leu")], PRESENT),
        ([MYCN_GENE, copies(25)], {"valueCodeableConcept": coded(LOINC, "LA18198-4")}),
        ([MYCN_GENE, gene("HGNC:427", "ALK"), copies(25)], PRESENT),
        ([MYCN_GENE, consequence("SO:0001742")], ABSENT_ANSWER),
    ],
)
def test_given_presence_alone_or_a_point_mutation_when_read_then_unknown_never_amplified(
    components: list[dict[str, Any]], answer: dict[str, Any]
) -> None:
    """Hazard: HL7's own MYCN example says "present" and is a gain."""
    assert mycn(variant(*components, answer=answer)) == Unknown(
        Why.INDETERMINATE, ("variants", "labs", "reports"), ("Observation/o1",), mycn(variant(*components)).date
    )


def test_given_the_published_mcode_example_when_read_then_gain_and_amplification_not_shown() -> None:
    """Published with mCODE 4.0.0: Observation-gx-genomic-variant-somatic-mycn.json (CC0)."""
    published = variant(
        component("48018-6", {"valueCodeableConcept": {"coding": [
            {"system": HGNC, "code": "HGNC:7559", "display": "MYCN"},
            {"system": "https://www.ncbi.nlm.nih.gov/gene", "code": "4613", "display": "MYCN"},
        ]}}),
        component("48002-0", {"valueCodeableConcept": coded(LOINC, "LA6684-0", "Somatic")}),
        consequence("SO:0001742", "copy_number_gain", "http://www.sequenceontology.org/"),
        component("62374-4", {"valueCodeableConcept": coded(LOINC, "LA14029-5", "GRCh37")}),
    )  # fmt: skip

    fact = value_of(mycn(published))

    assert fact is not None
    assert fact.state is MYCN.GAIN


@pytest.mark.parametrize(
    "resource",
    [
        fish(POSITIVE, interpreted("NEG")),
        fish(said("amplified at diagnosis; not amplified at relapse")),
        fish(POSITIVE, dataAbsentReason=coded(ABSENT, "unknown")),
        report("MYCN-amplified at diagnosis; not amplified at relapse"),
        variant(gene("HGNC:7559", "ALK"), copies(25)),
    ],
)
def test_given_a_contradiction_when_read_then_it_is_shown_not_settled(resource: dict[str, Any]) -> None:
    fact = mycn(resource)

    assert isinstance(fact, Conflicting)
    assert {value.state for value in fact.values} == {MYCN.AMPLIFIED, MYCN.NOT_AMPLIFIED}


def test_given_a_positive_code_beside_the_word_gain_when_read_then_conflict() -> None:
    fact = mycn(fish({"valueCodeableConcept": coded(LOINC, "LA6576-8", text="MYCN gain")}))

    assert isinstance(fact, Conflicting)
    assert [value.state for value in fact.values] == [MYCN.AMPLIFIED, MYCN.GAIN]


@pytest.mark.parametrize(
    ("resource", "why"),
    [
        (fish(dataAbsentReason=coded(ABSENT, "not-performed")), Why.NOT_TESTED),
        (fish(dataAbsentReason=coded(ABSENT, "masked")), Why.MASKED),
        (fish(said("amplification pending")), Why.PENDING),
        (fish(said("quantity not sufficient")), Why.FAILED),
        (fish(POSITIVE, status="preliminary"), Why.PENDING),
        (fish(status="registered"), Why.PENDING),
        (observation(worded("MYCN FISH"), status="preliminary"), Why.PENDING),
        (variant(MYCN_GENE, answer={}, status="registered"), Why.PENDING),
        (observation(worded("MYCN stain"), status="registered"), Why.NOT_FOUND),
        (fish(POSITIVE, status="finished"), Why.INDETERMINATE),
        (fish(said("suspected amplification")), Why.INDETERMINATE),
        (fish(interpreted("A")), Why.INDETERMINATE),
        (fish(interpreted("N")), Why.INDETERMINATE),
        (observation(worded("MYCN FISH"), said("see report")), Why.UNREAD),
        (variant(MYCN_GENE, {**copies(25), "dataAbsentReason": coded(ABSENT, "unknown")}), Why.INDETERMINATE),
        (report("MYCN amplification pending"), Why.PENDING),
        (report("MYCN amplified", status="partial"), Why.PENDING),
        (variant(MYCN_GENE, copies(25), status="registered"), Why.PENDING),
    ],
)
def test_given_no_answer_yet_when_read_then_unknown_says_why(resource: dict[str, Any], why: Why) -> None:
    fact = mycn(resource)

    assert isinstance(fact, Unknown)
    assert fact.why is why


@pytest.mark.parametrize(
    ("resource", "state"),
    [
        (observation(worded("MYCN amplification (FISH)"), POSITIVE), MYCN.AMPLIFIED),
        (observation(coded("http://local", "99", "N-MYC FISH"), said("not detected")), MYCN.NOT_AMPLIFIED),
        (observation(worded("MYCN"), said("Amplified")), MYCN.AMPLIFIED),
        (observation(worded("MYCN gain"), PRESENT), MYCN.GAIN),
        (observation(worded("MYCN copy number gain"), said("gain detected")), MYCN.GAIN),
        (observation(worded("MYCN, ALK FISH"), said("MYCN amplified, ALK normal")), MYCN.AMPLIFIED),
        (observation(worded("Panel"), component=[{"code": worded("MYCN amplification"), **POSITIVE}]), MYCN.AMPLIFIED),
        (observation(worded("MYCN FISH"), component=[{"code": worded("Result"), **said("not amplified")}]),
         MYCN.NOT_AMPLIFIED),
        (report("No MYCN or ALK amplification."), MYCN.NOT_AMPLIFIED),
        (report("MYCN gain (4 copies)."), MYCN.GAIN),
        (report("hetMNA"), MYCN.HETEROGENEOUS),
        (report(None, conclusionCode=[worded("MYCN amplified")]), MYCN.AMPLIFIED),
        (observation(coded(LOINC, "51968-6"), said("MYCN amplified")), MYCN.AMPLIFIED),
        (variant(component("81291-7", said("amp(MYCN)"))), MYCN.AMPLIFIED),
    ],
)  # fmt: skip
def test_given_local_codes_and_words_when_read_then_text_confidence(resource: dict[str, Any], state: MYCN) -> None:
    fact = mycn(resource)

    assert isinstance(fact, Known)
    assert (fact.value.state, fact.confidence) == (state, Confidence.TEXT)


@pytest.mark.parametrize(
    "resource",
    [
        observation(worded("MYCN protein, IHC"), POSITIVE),
        observation(worded("MYCN"), said("protein positive by IHC")),
        observation(worded("MYCN gain"), NEGATIVE),
        observation(worded("MYCN, ALK FISH"), said("positive")),
        fish(),
        report("Amplification of MDM2. Mother MYCN amplified."),
        report("no MYCN gain"),
        report("MYCN amplified", code=worded("MRI abdomen")),
        variant(component("81291-7", said("dmin"))),
        observation(coded(LOINC, "69548-6"), {}, component=[MYCN_GENE]),
        fish(POSITIVE, status="entered-in-error"),
        fish(POSITIVE, focus=[{"reference": "RelatedPerson/mother"}]),
    ],
)
def test_given_what_says_nothing_of_amplification_when_read_then_nothing_is_found(resource: dict[str, Any]) -> None:
    assert mycn(resource) == Unknown(Why.NOT_FOUND, ("variants", "labs", "reports"))
