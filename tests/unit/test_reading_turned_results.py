"""Coded and local results that something beside the value turns: modifiers, notes, labels, units, significance."""

from __future__ import annotations

from typing import Any

import pytest

from hooks.facts.fact import Confidence, Conflicting, Fact, Known
from hooks.facts.genomics import Significance, read_variant
from hooks.facts.observations import Gate, gate_of
from hooks.pathways.relapsed_neuroblastoma.facts import ALK, MYCN, Molecular
from hooks.pathways.relapsed_neuroblastoma.reading.molecular import MolecularFacts, read_molecular
from tests.unit.reading_chart import (
    HGNC,
    LOINC,
    RELAPSE_DAY,
    SNOMED,
    alk,
    coded,
    component,
    copies,
    fish,
    gene,
    interpreted,
    observation,
    protein,
    record,
    said,
    variant,
    worded,
)

POSITIVE_FISH = fish({"valueBoolean": True})
GENE_MYCN = gene("HGNC:7559", "MYCN")


def read(*resources: dict[str, Any]) -> MolecularFacts:
    return read_molecular(record(*resources), RELAPSE_DAY)


def state(fact: Fact[Molecular[Any]]) -> object:
    return fact.value.state if isinstance(fact, Known) else type(fact)


def test_given_a_modifier_extension_when_read_then_the_result_is_open_and_an_error_stays_dropped() -> None:
    """Hazard: a modifier that nobody understands turns what the result means."""
    modified = {**POSITIVE_FISH, "modifierExtension": [{"url": "http://x.example/turned", "valueBoolean": True}]}

    assert not isinstance(read(modified).mycn, Known)
    assert gate_of({**modified, "status": "entered-in-error"}) is Gate.DROPPED
    assert gate_of({**POSITIVE_FISH, "modifierExtension": []}) is Gate.USABLE


def test_given_a_note_that_denies_the_value_when_read_then_a_contradiction() -> None:
    corrected = {**POSITIVE_FISH, "note": [{"text": "Correction: MYCN is not amplified"}]}
    commented = {**POSITIVE_FISH, "note": [{"text": "Negative control passed. Not detected in normal cells."}]}

    assert isinstance(read(corrected).mycn, Conflicting)
    assert state(read(commented).mycn) is MYCN.AMPLIFIED


@pytest.mark.parametrize(
    "label",
    ["MYCN FISH performed", "MYCN amplification test ordered", "MYCN amplification pending", "No MYCN amplification",
     "MYCN not amplified", "Absence of MYCN amplification", "MYCN amplification excluded", "MYCN FISH positive control",
     "Suspected MYCN amplification", "Family history of MYCN amplification", "Maternal MYCN amplification"],
)  # fmt: skip
@pytest.mark.parametrize("value", [{"valueBoolean": True}, said("Yes")])
def test_given_a_label_that_asks_for_something_else_when_affirmed_then_nothing_is_found(
    label: str, value: dict[str, Any]
) -> None:
    """Hazard: "MYCN not amplified: yes" and "MYCN FISH performed: true" read as amplification."""
    assert state(read(observation(worded(label), value)).mycn) is not MYCN.AMPLIFIED


def test_given_a_panel_about_a_relative_when_read_then_its_components_do_not_count() -> None:
    panel = observation(
        worded("Sibling testing"), component=[{"code": worded("MYCN amplification"), **said("Positive")}]
    )

    assert state(read(panel).mycn) is not MYCN.AMPLIFIED


@pytest.mark.parametrize(
    ("code", "value", "expected"),
    [
        ("93798-7", {"valueQuantity": {"value": 85, "unit": "%"}}, None),
        ("93797-9", {"valueQuantity": {"value": 40, "unit": "%"}}, None),
        ("93797-9", {"valueQuantity": {"value": 1.0, "unit": "%"}}, None),
        ("93798-7", {"valueRange": {"low": {"value": 2}, "high": {"value": 12}}}, None),
        ("93797-9", {"valueRange": {"low": {"value": 1.5}, "high": {"value": 5}}}, None),
        ("93797-9", {"valueRange": {"low": {"value": 1.0}, "high": {"value": 1.5}}}, MYCN.NOT_AMPLIFIED),
        ("93798-7", {"valueRange": {"low": {"value": 2}}}, None),
        ("93798-7", {"valueRange": {"low": {"unit": "copies"}}}, None),
        ("93798-7", said("20-50"), MYCN.AMPLIFIED),
        ("93797-9", said("1.0 \u2013 6.5"), None),
    ],
)
def test_given_a_percentage_or_a_range_when_read_then_it_is_no_more_certain_than_both_ends(
    code: str, value: dict[str, Any], expected: MYCN | None
) -> None:
    """Hazard: 85 % of cells read as 85 copies; two to twelve copies read as not amplified."""
    found = state(read(observation(coded(LOINC, code), value)).mycn)

    assert found is expected if expected else found not in set(MYCN)


def test_given_a_percentage_as_a_copy_number_of_alk_when_read_then_it_is_no_amplification() -> None:
    assert state(read(alk(None, copies(40, code="%"))).alk) is not ALK.AMPLIFIED
    assert state(read(alk(None, copies(40))).alk) is ALK.AMPLIFIED


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("Uncertain significance", Significance.UNCERTAIN),
        ("VUS", Significance.UNCERTAIN),
        ("Likely benign", Significance.BENIGN),
        ("Conflicting interpretations", Significance.CONFLICTING),
        ("Likely pathogenic", Significance.PATHOGENIC),
        ("not pathogenic", Significance.UNCERTAIN),
        ("Benign / pathogenic", Significance.CONFLICTING),
        ("see comment", Significance.UNSTATED),
    ],
)
def test_given_a_significance_in_words_when_read_then_as_its_code_would_be(words: str, expected: Significance) -> None:
    """Hazard: a hot-spot change that the laboratory calls benign in words selects an ALK inhibitor."""
    reading = read_variant(alk("F1174L", component("53037-8", {"valueCodeableConcept": worded(words)})))

    assert reading.significance is expected


def test_given_a_coded_significance_when_words_stand_beside_it_then_the_code_counts() -> None:
    value = {"valueCodeableConcept": coded(LOINC, "LA6668-3", "Pathogenic", "Not benign")}

    assert read_variant(alk("F1174L", component("53037-8", value))).significance is Significance.PATHOGENIC


@pytest.mark.parametrize("change", ["p. F 1174 L", "ALK_F1174L", "\uff50.\uff26\uff11\uff11\uff17\uff14\uff2c"])
def test_given_an_odd_spelling_of_a_change_when_read_then_the_same_change(change: str) -> None:
    assert state(read(alk(change)).alk) is ALK.F1174


def test_given_words_that_deny_a_fusion_when_read_then_a_present_variant_is_none() -> None:
    denied = component("81252-9", {"valueCodeableConcept": worded("ALK amplification; no TERT rearrangement")})

    assert state(read(alk(None, denied)).alk) is ALK.AMPLIFIED


@pytest.mark.parametrize("code", ["48005-3", "81252-9"])
def test_given_a_component_as_a_result_of_its_own_when_read_then_as_words(code: str) -> None:
    fact = read(observation(coded(LOINC, code), said("ALK p.F1174L"))).alk

    assert isinstance(fact, Known)
    assert (fact.value.state, fact.confidence) == (ALK.F1174, Confidence.TEXT)


def test_given_a_summary_whose_data_is_absent_when_read_then_its_words_do_not_count() -> None:
    absent = observation(coded(LOINC, "51968-6"), said("MYCN amplification"), dataAbsentReason=worded("error"))

    assert not isinstance(read(absent).mycn, Known)


@pytest.mark.parametrize("iscn", ["nuc ish(MYCN amp)[150/200]", "nuc ish(MYCNx>20)[200]", "nuc ish(MYCN\u00d730)[200]"])
def test_given_amplification_as_iscn_when_read_then_amplified(iscn: str) -> None:
    assert state(read(variant(GENE_MYCN, component("81291-7", said(iscn)))).mycn) is MYCN.AMPLIFIED


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (coded(SNOMED, "260373001"), MYCN.AMPLIFIED),
        (coded(SNOMED, "10828004"), MYCN.AMPLIFIED),
        (coded(SNOMED, "52101004"), MYCN.AMPLIFIED),
        (coded(SNOMED, "260415000"), MYCN.NOT_AMPLIFIED),
        (coded(SNOMED, "260385009"), MYCN.NOT_AMPLIFIED),
        (coded(SNOMED, "2667000"), MYCN.NOT_AMPLIFIED),
        (coded("2.16.840.1.113883.6.1", "LA6576-8"), MYCN.AMPLIFIED),
    ],
)
def test_given_an_answer_of_another_code_system_when_read_then_it_is_coded(
    answer: dict[str, Any], expected: MYCN
) -> None:
    fact = read(fish({"valueCodeableConcept": answer})).mycn

    assert isinstance(fact, Known)
    assert (fact.value.state, fact.confidence) == (expected, Confidence.CODED)


@pytest.mark.parametrize(
    "system",
    [
        "http://hl7.org/fhir/v2/0078",
        "http://hl7.org/fhir/v3/ObservationInterpretation",
        "urn:oid:2.16.840.1.113883.5.83",
    ],
)
def test_given_an_older_address_of_the_interpretations_when_read_then_the_same(system: str) -> None:
    sent = interpreted("POS")["interpretation"][0]["coding"][0]

    assert state(read(fish(interpretation=[{"coding": [{**sent, "system": system}]}])).mycn) is MYCN.AMPLIFIED


def test_given_the_object_identifier_of_hgnc_when_read_then_the_gene_is_coded() -> None:
    by_oid = component("48018-6", {"valueCodeableConcept": coded("urn:oid:2.16.840.1.113883.6.281", "HGNC:427")})
    by_url = component("48018-6", {"valueCodeableConcept": coded(HGNC, "HGNC:427")})

    assert read(variant(by_oid, protein("F1174L"))).alk == read(variant(by_url, protein("F1174L"))).alk
