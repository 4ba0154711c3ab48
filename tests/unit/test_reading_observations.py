"""The gates of an Observation: status, subject, absent data, polarity, amounts."""

from __future__ import annotations

import math
from typing import Any

import pytest

from hooks.facts.amounts import Amount, amount_of
from hooks.facts.fact import Confidence, Why
from hooks.facts.observations import (
    Gate,
    absent_reason,
    answer_of,
    components_of,
    conditions_in_focus,
    gate_of,
    has_value,
    is_about_someone_else,
    note_of,
    value_text,
)
from hooks.facts.text import Polarity, Topic
from tests.unit.reading_chart import (
    ABSENT,
    ABSENT_ANSWER,
    LOINC,
    NEGATIVE,
    POSITIVE,
    PRESENT,
    SNOMED,
    coded,
    interpreted,
    observation,
    record,
    said,
    worded,
)

TEST = Topic(findings=frozenset({"amplified", "amplification"}), implied=True, normal=frozenset({"normal"}))


@pytest.mark.parametrize(
    ("status", "gate"),
    [
        *((status, Gate.USABLE) for status in ("final", "amended", "corrected", "appended", " Final ")),
        *((status, Gate.PENDING) for status in ("preliminary", "registered", "partial")),
        *((status, Gate.DROPPED) for status in ("cancelled", "entered-in-error")),
        ("unknown", Gate.TEXT_ONLY),
        *((status, Gate.UNSTATED) for status in ("finished", "", None, 3, ["final"])),
    ],
)
def test_given_a_status_when_gated_then_only_finished_results_are_usable(status: object, gate: Gate) -> None:
    """Hazard: a preliminary or withdrawn result that selects a drug. FHIR libraries accept "finished"."""
    assert gate_of({"status": status}) is gate


@pytest.mark.parametrize(
    ("value", "polarity", "confidence"),
    [
        (POSITIVE, Polarity.POSITIVE, Confidence.CODED),
        (PRESENT, Polarity.POSITIVE, Confidence.CODED),
        (NEGATIVE, Polarity.NEGATIVE, Confidence.CODED),
        (ABSENT_ANSWER, Polarity.NEGATIVE, Confidence.CODED),
        ({"valueBoolean": True}, Polarity.POSITIVE, Confidence.CODED),
        ({"valueBoolean": False}, Polarity.NEGATIVE, Confidence.CODED),
        ({"valueCodeableConcept": coded(LOINC, "LA18198-4")}, Polarity.UNKNOWN, Confidence.CODED),
        ({"valueCodeableConcept": coded(LOINC, "LA11884-6")}, Polarity.UNKNOWN, Confidence.CODED),
        (interpreted("POS"), Polarity.POSITIVE, Confidence.CODED),
        (interpreted("DET"), Polarity.POSITIVE, Confidence.CODED),
        (interpreted("NEG"), Polarity.NEGATIVE, Confidence.CODED),
        (interpreted("ND"), Polarity.NEGATIVE, Confidence.CODED),
        (interpreted("IND"), Polarity.UNKNOWN, Confidence.CODED),
        *((interpreted(code), Polarity.SILENT, Confidence.CODED) for code in ("A", "AA", "H", "N", "L")),
        ({"valueCodeableConcept": coded(SNOMED, "10828004", "Positive")}, Polarity.POSITIVE, Confidence.CODED),
        ({"valueCoding": {"system": "x", "code": "1", "display": "Not detected"}}, Polarity.NEGATIVE,
         Confidence.CODED_LOCAL),
        ({"valueCodeableConcept": worded("not amplified")}, Polarity.NEGATIVE, Confidence.TEXT),
        (said("Amplified"), Polarity.POSITIVE, Confidence.TEXT),
        ({"interpretation": worded("Positive")}, Polarity.POSITIVE, Confidence.TEXT),
        ({"note": [{"text": "amplified"}]}, Polarity.POSITIVE, Confidence.TEXT),
        ({}, Polarity.SILENT, Confidence.CODED),
    ],
)  # fmt: skip
def test_given_one_source_of_an_answer_when_read_then_polarity_and_confidence(
    value: dict[str, Any], polarity: Polarity, confidence: Confidence
) -> None:
    answer = answer_of(value, TEST)

    assert (answer.polarity, answer.confidence) == (polarity, confidence)


@pytest.mark.parametrize(
    "parts",
    [
        [POSITIVE, interpreted("NEG")],
        [{"valueCodeableConcept": coded(LOINC, "LA6576-8", "Positive", "Not amplified")}],
        [{"valueCodeableConcept": coded(LOINC, "LA6576-8", "Negative")}],
        [said("amplified; not amplified")],
        [POSITIVE, {"dataAbsentReason": coded(ABSENT, "unknown")}],
    ],
)
def test_given_sources_that_disagree_when_read_then_conflict(parts: list[dict[str, Any]]) -> None:
    """Hazard: one half of a contradiction taken for the answer."""
    element = {name: value for part in parts for name, value in part.items()}

    assert answer_of(element, TEST).polarity is Polarity.CONFLICT


def test_given_an_interpretation_normal_when_its_display_reads_normal_then_it_is_still_no_polarity() -> None:
    element = {
        "interpretation": [coded("http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation", "N", "Normal")]
    }

    assert answer_of(element, TEST).polarity is Polarity.SILENT


@pytest.mark.parametrize(
    ("code", "why"),
    [
        ("not-performed", Why.NOT_TESTED),
        ("temp-unknown", Why.PENDING),
        ("masked", Why.MASKED),
        ("error", Why.FAILED),
        ("unknown", Why.NOT_FOUND),
        ("not-a-code", Why.NOT_FOUND),
    ],
)
def test_given_absent_data_when_read_then_unknown_with_its_reason_never_negative(code: str, why: Why) -> None:
    answer = answer_of({"dataAbsentReason": coded(ABSENT, code)}, TEST)

    assert (answer.polarity, answer.why) == (Polarity.UNKNOWN, why)


def test_given_no_reason_when_asked_then_none_and_an_odd_coding_is_a_reason_without_a_name() -> None:
    assert absent_reason({}) is None
    assert absent_reason({"dataAbsentReason": {"coding": [{"system": 1, "code": None}]}}) is Why.NOT_FOUND


def test_given_an_indeterminate_code_beside_a_decided_one_when_read_then_the_decided_one_answers() -> None:
    element = {**POSITIVE, **interpreted("IND")}

    assert answer_of(element, TEST).polarity is Polarity.POSITIVE


@pytest.mark.parametrize(
    ("focus", "elsewhere"),
    [
        ([{"reference": "RelatedPerson/mother"}], True),
        ({"reference": "Patient/other"}, True),
        ([{"reference": "https://ehr.example/fhir/Patient/other"}], True),
        ([{"reference": "Patient/p1"}], False),
        ([{"reference": "Condition/c1"}], False),
        ([{"reference": "#fetus"}], True),
        ([{"reference": "#nobody"}], False),
        (["RelatedPerson/mother"], True),
        ([{"type": "RelatedPerson", "identifier": {"value": "x"}}], True),
        ([{"type": "Patient", "identifier": {"value": "x"}}], False),
        (None, False),
        ([3, {"reference": 4}], False),
    ],
)
def test_given_a_focus_when_asked_whose_result_it_is_then_relatives_are_somebody_else(
    focus: object, *, elsewhere: bool
) -> None:
    """Hazard: the mother's or the sibling's variant read as the child's."""
    resource = observation(worded("ALK"), focus=focus, contained=[{"resourceType": "Patient", "id": "fetus"}])

    assert is_about_someone_else(resource, record()) is elsewhere


def test_given_a_focus_when_asked_for_conditions_then_only_they_come_back() -> None:
    focus = [{"reference": "https://x/Condition/c1/_history/2"}, "Condition/c2", {"reference": "Specimen/s"}, None]

    assert conditions_in_focus({"focus": focus}) == {"Condition/c1", "Condition/c2"}


@pytest.mark.parametrize(
    ("element", "expected"),
    [
        ({"valueQuantity": {"value": 4.5, "unit": "1"}}, Amount(4.5, "", "1")),
        ({"valueQuantity": {"value": 20, "comparator": ">", "code": "{copies}", "unit": "copies"}},
         Amount(20.0, ">", "{copies}")),
        ({"valueQuantity": {"value": 2, "comparator": "about"}}, Amount(2.0)),
        ({"valueRange": {"low": {"value": 10}, "high": {"value": 30}}}, Amount(10.0, upper=30.0)),
        ({"valueRatio": {"numerator": {"value": 12, "comparator": ">"}, "denominator": {"value": 2}}},
         Amount(6.0, ">")),
        ({"valueRatio": {"numerator": {"value": 12}, "denominator": {"value": 0}}}, None),
        ({"valueRatio": {"numerator": 12}}, None),
        ({"valueInteger": 3}, Amount(3.0)),
        (said(" >= 4.5 "), Amount(4.5, ">=")),
        (said("12"), Amount(12.0)),
        (said("about 12"), None),
        (said("1" * 40), None),
        ({"valueQuantity": {"value": True}}, None),
        ({"valueQuantity": {"value": "4"}}, None),
        ({"valueQuantity": {"value": math.nan}}, None),
        ({"valueInteger": 10**400}, None),
        ({"valueRange": {"high": {"value": 3}}}, None),
        ({}, None),
    ],
)  # fmt: skip
def test_given_a_number_in_any_form_when_read_then_value_comparator_and_unit(
    element: dict[str, Any], expected: Amount | None
) -> None:
    assert amount_of(element) == expected


def test_given_components_notes_and_values_when_read_then_odd_shapes_are_left_out() -> None:
    assert list(components_of({"component": [1, {"code": {}}, None]})) == [{"code": {}}]
    assert list(components_of({"component": {"code": {}}})) == [{"code": {}}]
    assert note_of({"note": {"text": "a"}, "comment": "b"}) == "a | b"
    assert note_of({"note": [{"text": 1}, 2]}) == ""
    assert value_text({"valueCodeableConcept": [worded("a"), 1], "valueString": 2}) == "a"
    assert has_value({"valueString": "x"})
    assert not has_value({"valueString": "", "code": {}})
