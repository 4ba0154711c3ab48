"""Clauses of chart text, and results of the chart after their gates."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest

from hooks.pathways.relapsed_neuroblastoma.reading.chart_results import ChartResult, read_results
from hooks.pathways.relapsed_neuroblastoma.reading.clauses import Said, affirmed, clauses
from hooks.record import PatientRecord

YES, NO, OPEN = Said.AFFIRMED, Said.DENIED, Said.OPEN


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("stable disease", [YES]),
        ("no progression", [NO]),
        ("possible progression", [OPEN]),
        ("no progression; stable disease", [NO, YES]),
        ("no progression but stable disease", [NO, YES]),
        ("no hearing loss, tinnitus, vertigo", [NO, NO, NO]),
        ("no hearing loss, now tinnitus", [NO, YES]),
        ("not tested", [OPEN]),
        ("hearing normal, tinnitus", [NO, YES]),
        ("", []),
    ],
)
def test_given_a_text_when_read_in_clauses_then_each_has_its_polarity(text: str, expected: list[Said]) -> None:
    assert [said for _, said in clauses([text])] == expected


def test_given_two_patterns_when_asked_then_one_clause_must_affirm_both() -> None:
    loss, severe = re.compile("loss"), re.compile("severe")

    assert affirmed(["severe hearing loss"], loss, severe)
    assert not affirmed(["hearing loss; severe pain"], loss, severe)


def one(**more: Any) -> ChartResult:
    resource = {"resourceType": "Observation", "id": "o", "status": "final", "code": {"text": "Creatinine"}, **more}
    (result,) = read_results(PatientRecord("p", {"Observation": (resource,)}))
    return result


INTERPRETATION = "http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation"


def quantity(value: float, **more: Any) -> dict[str, Any]:
    return {"valueQuantity": {"value": value, **more}}


@pytest.mark.parametrize(
    ("more", "high"),
    [
        ({}, None),
        ({"interpretation": [{"coding": [{"system": INTERPRETATION, "code": "H"}]}]}, True),
        ({"interpretation": [{"coding": [{"system": INTERPRETATION, "code": "HH"}]}]}, True),
        ({"interpretation": [{"coding": [{"system": INTERPRETATION, "code": "N"}]}]}, False),
        ({"interpretation": [{"text": "Low"}]}, False),
        ({"interpretation": [{"text": "see note"}]}, None),
        ({**quantity(1.1), "referenceRange": [{"high": {"value": 1.0}}]}, True),
        ({**quantity(1.0), "referenceRange": [{"high": {"value": 1.0}}]}, False),
        ({**quantity(1.1, comparator="<"), "referenceRange": [{"high": {"value": 1.0}}]}, None),
        ({**quantity(1.1), "referenceRange": [{"high": {"value": 1.0}}, {"high": {"value": 2.0}}]}, None),
        ({**quantity(1.1), "referenceRange": [{"low": {"value": 1.0}}]}, None),
        (quantity(1.1), None),
    ],
)
def test_given_a_value_when_read_then_high_is_what_the_sender_says(more: dict[str, Any], high: bool | None) -> None:
    assert one(**more).high is high


def test_given_a_specimen_when_read_then_its_day_of_collection_is_kept() -> None:
    specimen = {"resourceType": "Specimen", "id": "s", "collection": {"collectedDateTime": "2026-09-18"}}
    observation = {
        "resourceType": "Observation",
        "status": "final",
        "code": {"text": "Panel"},
        "specimen": {"reference": "Specimen/s"},
    }

    (result,) = read_results(PatientRecord("p", {"Observation": (observation,), "Specimen": (specimen,)}))

    assert result.collected == date(2026, 9, 18)


def test_given_a_result_about_a_relative_when_read_then_it_is_left_out() -> None:
    resource = {
        "resourceType": "Observation",
        "status": "final",
        "code": {"text": "Audiogram"},
        "focus": [{"reference": "RelatedPerson/mother"}],
    }

    assert read_results(PatientRecord("p", {"Observation": (resource,)})) == ()
