"""What orders and reports refer to: which of it is asked for."""

from __future__ import annotations

from typing import Any

import pytest

from cds_server.fhir.address import FHIRBase
from cds_server.fhir.referred import queries_for_referred

BASE = FHIRBase("https", "ehr.example.org", 443, "/R4")


def an_order(reference: Any, **more: Any) -> dict[str, Any]:
    return {"resourceType": "MedicationRequest", "medicationReference": {"reference": reference}, **more}


def a_report(*references: Any) -> dict[str, Any]:
    return {"resourceType": "DiagnosticReport", "result": [{"reference": reference} for reference in references]}


@pytest.mark.parametrize(
    "reference", ["Medication/m1", "https://ehr.example.org/R4/Medication/m1", "Medication/m1/_history/2"]
)
def test_given_an_order_that_only_refers_when_asked_then_its_medication_is_wanted_once(reference: str) -> None:
    orders = [an_order(reference), an_order(reference), an_order("Medication/m2")]

    assert queries_for_referred(orders, BASE) == {"Medication": "Medication?_id=m1,m2"}


@pytest.mark.parametrize(
    "orders",
    [
        [{"resourceType": "Condition", "id": "c1"}],
        [an_order("Medication/m1"), {"resourceType": "Medication", "id": "m1"}],
        [{**an_order(""), "medicationReference": {"reference": "Medication/m1", "display": "irinotecan"}}],
        [an_order("Medication/m1", medicationCodeableConcept={"text": "irinotecan"})],
        [an_order("#m1")],
        [an_order("urn:uuid:m1")],
        [an_order("https://evil.example/R4/Medication/m1")],
        [an_order("https://ehr.example.org/R4/../Medication/m1")],
        [an_order("Substance/m1")],
        [an_order("Medication/m1,m2")],
        [an_order("Medication/" + "m" * 257)],
        [an_order(None)],
        [an_order(5)],
        [{"resourceType": "MedicationRequest", "medicationReference": "Medication/m1"}],
        [a_report("Observation/o1", "Observation/o2"), {"resourceType": "Observation", "id": "o2"}],
        [{**a_report("Observation/o1"), "resourceType": "Condition"}],
        [{"resourceType": "DiagnosticReport", "result": {"reference": "Observation/o1"}}],
        [{"resourceType": "DiagnosticReport", "result": ["Observation/o1", None]}],
    ],
)
def test_given_nothing_that_the_ehr_could_add_when_asked_then_there_is_no_query(orders: list[dict[str, Any]]) -> None:
    assert queries_for_referred(orders, BASE) == {}


@pytest.mark.parametrize(("length", "asked"), [(10, 50), (194, 30)])
def test_given_very_many_when_asked_then_the_query_stays_one_that_servers_take(length: int, asked: int) -> None:
    query = queries_for_referred([an_order(f"Medication/{n:0{length}}") for n in range(300)], BASE)["Medication"]

    assert query.count(",") + 1 == asked
    assert len(query) < 6200


def test_given_more_than_one_query_holds_when_asked_then_orders_that_ended_come_last() -> None:
    """Hazard: fifty old orders keep an active dexamethasone from being named beside an antibody."""
    ended = [an_order(f"Medication/old{n}", status="completed") for n in range(60)]

    query = queries_for_referred([*ended, an_order("Medication/now", status="active")], BASE)["Medication"]

    assert query.startswith("Medication?_id=now,old0,")


def test_given_reports_without_any_of_their_results_when_asked_then_these_are_wanted_beside_the_medications() -> None:
    resources = [a_report("Observation/o1", "Observation/o2"), an_order("Medication/m1"), a_report("Observation/o2")]

    assert queries_for_referred(resources, BASE) == {
        "Observation": "Observation?_id=o1,o2",
        "Medication": "Medication?_id=m1",
    }
