"""Progression that only an imaging report states is progression; a report without it states nothing."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from hooks.facts.fact import Confidence, Conflicting, Known, Unknown
from hooks.pathways.relapsed_neuroblastoma.facts import Response
from hooks.pathways.relapsed_neuroblastoma.reading.response import read_response
from hooks.record import PatientRecord

AS_OF = date(2026, 11, 22)
EVENT = date(2026, 6, 1)


def report(conclusion: str, on: str | None = "2026-11-12", title: str = "MIBG scan") -> dict[str, Any]:
    dated = {"effectiveDateTime": on} if on else {}
    return {
        "resourceType": "DiagnosticReport",
        "id": f"d{on}",
        "status": "final",
        "code": {"text": title},
        "conclusion": conclusion,
        **dated,
    }


def response(*reports: dict[str, Any]) -> object:
    evaluated = {
        "resourceType": "Observation",
        "id": "r",
        "status": "final",
        "code": {"text": "INRC response"},
        "valueString": "PR",
        "effectiveDateTime": "2026-08-20",
    }
    return read_response(PatientRecord("p", {"Observation": (evaluated,), "DiagnosticReport": reports}), AS_OF, EVENT)


@pytest.mark.parametrize(
    "conclusion",
    ["New avid lesion right humerus. Progressive disease.", "Two new bone lesions", "Disease progression in the liver"],
)
def test_given_progression_in_the_newest_scan_when_read_then_it_is_the_response_at_text_confidence(
    conclusion: str,
) -> None:
    """Hazard: an old partial response opens consolidation while the disease progresses."""
    fact = response(report(conclusion))

    assert isinstance(fact, Known)
    assert (fact.value.category, fact.date, fact.confidence) == (Response.PD, date(2026, 11, 12), Confidence.TEXT)


@pytest.mark.parametrize(
    ("conclusion", "title"),
    [
        ("No new lesions.", "MIBG scan"),
        ("No evidence of progressive disease", "CT abdomen"),
        ("New central line in place", "CT chest"),
        ("Progressive disease of the teeth", "Dental note"),
        ("Stable uptake", "MIBG scan"),
    ],
)
def test_given_no_progression_on_imaging_when_read_then_the_evaluation_stands(conclusion: str, title: str) -> None:
    fact = response(report(conclusion, title=title))

    assert isinstance(fact, Known)
    assert fact.value.category is Response.PR


def test_given_an_undated_scan_when_read_then_it_changes_nothing() -> None:
    fact = response(report("Progressive disease", on=None))

    assert isinstance(fact, Known)
    assert fact.value.category is Response.PR


def test_given_progression_on_the_day_of_a_partial_response_when_read_then_the_sources_disagree() -> None:
    assert isinstance(response(report("New lesion in the femur", on="2026-08-20")), Conflicting)


def test_given_new_lesions_at_the_event_itself_when_read_then_they_are_not_a_response() -> None:
    only = PatientRecord("p", {"DiagnosticReport": (report("New avid lesions", on="2026-06-01"),)})

    assert isinstance(read_response(only, AS_OF, EVENT), Unknown)
