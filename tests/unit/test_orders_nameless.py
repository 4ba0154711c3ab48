"""Orders whose Medication did not come with them: there, and not known for what."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from hooks.facts.fact import Unknown, Why
from hooks.facts.medications import read_drug_orders
from hooks.pathways.relapsed_neuroblastoma.facts import Facts
from hooks.pathways.relapsed_neuroblastoma.prefetch import TEMPLATES
from hooks.pathways.relapsed_neuroblastoma.reading.assemble import read_facts
from hooks.record import KeyState, PatientRecord
from hooks.service import Circumstances, Jurisdiction

ELSEWHERE = {"medicationReference": {"reference": "https://ehr.example.org/R4/Medication/m1"}}
MEDICATION = {"resourceType": "Medication", "id": "m1", "code": {"text": "irinotecan"}}


def an_order(status: str = "active", **drug: Any) -> dict[str, Any]:
    return {"resourceType": "MedicationRequest", "id": "o1", "status": status, "intent": "order", **drug}


def a_record(order: dict[str, Any], *medications: dict[str, Any]) -> PatientRecord:
    resources = {"MedicationRequest": (order,), "Medication": medications}
    return PatientRecord("p1", resources, keys=dict.fromkeys(TEMPLATES, KeyState.PRESENT))


def facts_of(record: PatientRecord) -> Facts:
    return read_facts(record, Circumstances(date(2026, 11, 22), Jurisdiction.EU))


@pytest.mark.parametrize(
    "drug",
    [
        {"medicationReference": {"reference": "Medication/m1", "display": "irinotecan"}},
        {"medicationCodeableConcept": {"text": "something local"}},
        {"medicationCodeableConcept": {"coding": [{"system": "urn:local", "code": "4711"}]}},
    ],
)
def test_given_a_code_or_a_word_when_read_then_the_order_is_named_whatever_it_means(drug: dict[str, Any]) -> None:
    record = a_record(an_order(**drug))

    assert [order.named for order in read_drug_orders(record)] == [True]
    assert facts_of(record).data_gaps == ()


@pytest.mark.parametrize("drug", [ELSEWHERE, {}, {"medicationCodeableConcept": {"coding": []}}])
def test_given_neither_when_read_then_the_orders_are_a_gap_and_deny_nothing(drug: dict[str, Any]) -> None:
    """Hazard: fourteen orders that refer to Medications nobody sent read as a child that was never treated."""
    facts = facts_of(a_record(an_order(**drug)))

    assert facts.data_gaps == ("medications",)
    assert facts.treatment_lines == Unknown(Why.NOT_RETRIEVED, ("medications", "procedures"))
    assert isinstance(facts.strong_cyp3a_inducer, Unknown)


def test_given_the_medication_beside_the_order_when_read_then_there_is_no_gap() -> None:
    facts = facts_of(a_record(an_order(**ELSEWHERE), MEDICATION))

    assert facts.data_gaps == ()


def test_given_an_order_that_was_entered_in_error_when_it_names_nothing_then_nobody_misses_it() -> None:
    assert facts_of(a_record(an_order("entered-in-error", **ELSEWHERE))).data_gaps == ()
