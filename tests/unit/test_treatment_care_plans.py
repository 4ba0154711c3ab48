"""Treatment that a chart holds as a CarePlan."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from hooks.facts.fact import Confidence
from hooks.facts.orders import DrugOrder, OrderState
from hooks.pathways.relapsed_neuroblastoma.reading.care_plans import read_care_plans
from hooks.record import PatientRecord

RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"
TEMOZOLOMIDE = "37776"


def plans(**more: Any) -> tuple[DrugOrder, ...]:
    plan = {
        "resourceType": "CarePlan",
        "id": "cp",
        "status": "active",
        "intent": "plan",
        "title": "DIT cycle 3",
        "period": {"start": "2026-09-01", "end": "2026-09-21"},
        **more,
    }
    return read_care_plans(PatientRecord("p", {"CarePlan": (plan,)}))


def test_given_a_plan_that_names_a_regimen_when_read_then_its_drugs_at_text_confidence() -> None:
    (order,) = plans()

    assert set(order.drugs) == {"drug.dinutuximab", "drug.irinotecan", "drug.temozolomide"}
    assert order.confidence is Confidence.TEXT
    assert (order.start, order.end) == (date(2026, 9, 1), date(2026, 9, 21))
    assert order.reference == "CarePlan/cp"
    assert "cycle 3" in order.text


def test_given_a_plan_with_products_when_read_then_they_count_as_coded() -> None:
    product = {"coding": [{"system": RXNORM, "code": TEMOZOLOMIDE}]}

    (order,) = plans(activity=[{"detail": {"productCodeableConcept": product}}, {"detail": "odd"}, 3])

    assert order.drugs == ("drug.temozolomide",)
    assert order.confidence is Confidence.CODED


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("active", OrderState.ACTIVE),
        ("on-hold", OrderState.ON_HOLD),
        ("completed", OrderState.COMPLETED),
        ("revoked", OrderState.STOPPED),
    ],
)
def test_given_a_status_when_read_then_the_state_of_the_order(status: str, state: OrderState) -> None:
    (order,) = plans(status=status)

    assert order.state is state


@pytest.mark.parametrize(
    "more",
    [{"status": "draft"}, {"status": "entered-in-error"}, {"status": 5}, {"title": "Physiotherapy"}, {"title": None}],
    ids=["draft", "error", "odd", "other", "untitled"],
)
def test_given_a_plan_that_is_no_treatment_when_read_then_nothing(more: dict[str, Any]) -> None:
    assert plans(**more) == ()


def test_given_a_category_that_names_the_regimen_when_read_then_it_counts() -> None:
    (order,) = plans(title="Chemotherapy", category=[{"text": "RIST"}])

    assert "drug.dasatinib" in order.drugs


def test_given_a_product_the_table_knows_as_no_drug_when_read_then_it_is_left_out() -> None:
    biopsy = {"coding": [{"system": "http://snomed.info/sct", "code": "86273004"}]}

    assert plans(title="Plan", activity=[{"detail": {"productCodeableConcept": biopsy}}]) == ()
