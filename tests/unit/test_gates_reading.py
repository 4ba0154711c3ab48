"""Gates from findings, allergies, drugs and orders: met, not met, or nobody can say."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from hooks.facts.allergies import AllergyReading
from hooks.facts.fact import Confidence, Fact, Known, Unknown, Why, YesNo
from hooks.facts.orders import DrugOrder, OrderState, ServiceOrder
from hooks.pathways.relapsed_neuroblastoma.board import Finding, FindingKind
from hooks.pathways.relapsed_neuroblastoma.reading.gates import (
    biopsy_or_surgery_pending,
    gvhd_active,
    hypertension,
    severe_anti_gd2_reaction,
    takes_class,
    vitamin_a_or_tetracycline,
)

AS_OF = date(2026, 11, 22)
NOTHING: frozenset[str] = frozenset()
INDUCER, INHIBITOR = "cyp3a_strong_inducer", "cyp3a_strong_inhibitor"


def days_ago(days: int) -> date:
    return AS_OF - timedelta(days=days)


def finding(kind: FindingKind, grade: int | None = None, **more: Any) -> Finding:
    return Finding(kind, grade, **{"date": date(2026, 11, 1), "source": "Condition/f", **more})


def drug(name: str, state: OrderState = OrderState.ACTIVE, **more: Any) -> DrugOrder:
    return DrugOrder("MedicationRequest/d", state, (f"drug.{name}",), text=name, **more)


def value(fact: Fact[YesNo]) -> YesNo | Why:
    assert isinstance(fact, Known | Unknown)
    return fact.value if isinstance(fact, Known) else fact.why


@pytest.mark.parametrize(
    ("findings", "expected"),
    [
        ([], Why.NOT_FOUND),
        ([finding(FindingKind.ACUTE_GVHD, 3)], YesNo.YES),
        ([finding(FindingKind.ACUTE_GVHD, 4)], YesNo.YES),
        ([finding(FindingKind.GVHD, 3)], YesNo.YES),
        ([finding(FindingKind.CHRONIC_GVHD_EXTENSIVE)], YesNo.YES),
        ([finding(FindingKind.ACUTE_GVHD, 2)], YesNo.NO),
        ([finding(FindingKind.ACUTE_GVHD)], Why.INDETERMINATE),
        ([finding(FindingKind.GVHD)], Why.INDETERMINATE),
        ([finding(FindingKind.CHRONIC_GVHD)], Why.INDETERMINATE),
        ([finding(FindingKind.CHRONIC_GVHD, 3)], Why.INDETERMINATE),
        ([finding(FindingKind.CHRONIC_GVHD_LIMITED)], YesNo.NO),
        ([finding(FindingKind.CHRONIC_GVHD_LIMITED, 3)], YesNo.NO),
        ([finding(FindingKind.ACUTE_GVHD, 4, active=False)], YesNo.NO),
        ([finding(FindingKind.ACUTE_GVHD, 2), finding(FindingKind.CHRONIC_GVHD)], Why.INDETERMINATE),
        ([finding(FindingKind.SEPSIS, 4)], Why.NOT_FOUND),
    ],
)
def test_given_gvhd_on_record_when_read_then_only_severe_and_present_disease_meets_the_gate(
    findings: list[Finding], expected: YesNo | Why
) -> None:
    fact = gvhd_active(findings)

    assert value(fact) is expected


def test_given_severe_gvhd_from_text_when_read_then_the_confidence_and_date_are_kept() -> None:
    fact = gvhd_active([finding(FindingKind.ACUTE_GVHD, 3, confidence=Confidence.TEXT)])

    assert fact == Known(YesNo.YES, ("Condition/f",), date(2026, 11, 1), Confidence.TEXT)


def allergy(concept: str, *, severe: bool) -> AllergyReading:
    return AllergyReading(
        "AllergyIntolerance/a", concept, "", severe, anaphylaxis=False, date=None, confidence=Confidence.CODED
    )


def reaction(
    allergies: tuple[AllergyReading, ...] = (),
    findings: tuple[Finding, ...] = (),
    orders: tuple[DrugOrder, ...] = (),
    *,
    given: Fact[YesNo] | None = None,
    listed: bool = False,
) -> YesNo | Why:
    return value(severe_anti_gd2_reaction(allergies, findings, orders, given=given or Unknown(), listed=listed))


@pytest.mark.parametrize("antibody", ["drug.dinutuximab", "drug.dinutuximab_beta", "drug.naxitamab"])
def test_given_a_severe_allergy_to_an_antibody_when_read_then_met(antibody: str) -> None:
    assert reaction((allergy(antibody, severe=True),), listed=True) is YesNo.YES


def test_given_an_allergy_of_unstated_severity_when_read_then_unknown() -> None:
    assert reaction((allergy("drug.dinutuximab_beta", severe=False),), listed=True) is Why.INDETERMINATE


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (finding(FindingKind.ANAPHYLAXIS, drug="drug.dinutuximab_beta"), YesNo.YES),
        (finding(FindingKind.ANAPHYLAXIS, drug="drug.dinutuximab_beta", active=False), YesNo.YES),
        (finding(FindingKind.INFUSION_REACTION, 4, drug="drug.naxitamab"), YesNo.YES),
        (finding(FindingKind.INFUSION_REACTION, 3, drug="drug.naxitamab"), Why.INDETERMINATE),
        (finding(FindingKind.HYPERSENSITIVITY, drug="drug.naxitamab"), Why.INDETERMINATE),
        (finding(FindingKind.PAIN, 4, drug="drug.naxitamab"), Why.NOT_FOUND),
        (finding(FindingKind.ANAPHYLAXIS, drug="drug.carboplatin"), Why.NOT_FOUND),
        (finding(FindingKind.ANAPHYLAXIS), Why.NOT_FOUND),
    ],
)
def test_given_a_reaction_on_record_when_read_then_its_drug_and_grade_decide(
    found: Finding, expected: YesNo | Why
) -> None:
    assert reaction(findings=(found,)) is expected


@pytest.mark.parametrize(
    ("reason", "expected"),
    [("Anaphylaxis", YesNo.YES), ("Treatment not tolerated", Why.NOT_FOUND), ("", Why.NOT_FOUND)],
)
def test_given_an_antibody_that_was_stopped_when_read_then_anaphylaxis_meets_the_gate(
    reason: str, expected: YesNo | Why
) -> None:
    stopped = drug("dinutuximab_beta", OrderState.STOPPED, stop_reason=reason)

    assert reaction(orders=(stopped,)) is expected


def test_given_another_drug_stopped_for_anaphylaxis_when_read_then_not_met() -> None:
    stopped = drug("carboplatin", OrderState.STOPPED, stop_reason="Anaphylaxis")

    assert reaction(orders=(stopped,)) is Why.NOT_FOUND


def test_given_an_allergy_list_that_holds_entries_when_it_names_no_antibody_then_not_met() -> None:
    assert reaction((allergy("drug.carboplatin", severe=True),), listed=True) is YesNo.NO


def test_given_an_empty_allergy_list_when_read_then_unknown() -> None:
    """Hazard: an empty list is not a denial."""
    assert reaction() is Why.NOT_FOUND


def test_given_no_antibody_ever_given_when_read_then_not_met() -> None:
    assert reaction(given=Known(YesNo.NO, ("MedicationRequest/x",))) is YesNo.NO


def test_given_an_antibody_was_given_and_nothing_else_when_read_then_unknown() -> None:
    assert reaction(given=Known(YesNo.YES, ("MedicationRequest/x",))) is Why.NOT_FOUND


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        ([], Why.NOT_FOUND),
        ([finding(FindingKind.HYPERTENSION)], YesNo.YES),
        ([finding(FindingKind.UNCONTROLLED_HYPERTENSION)], YesNo.YES),
        ([finding(FindingKind.HYPERTENSION, active=False)], YesNo.NO),
        ([finding(FindingKind.HYPOTENSION)], Why.NOT_FOUND),
    ],
)
def test_given_blood_pressure_findings_when_read_then_hypertension(found: list[Finding], expected: YesNo | Why) -> None:
    assert value(hypertension(found)) is expected


@pytest.mark.parametrize(
    ("orders", "expected"),
    [
        ([], YesNo.NO),
        ([drug("ondansetron")], YesNo.NO),
        ([drug("rifampicin")], YesNo.YES),
        ([drug("rifampicin", start=AS_OF, end=AS_OF)], YesNo.YES),
        ([drug("rifampicin", prohibited=True)], YesNo.NO),
        ([drug("rifampicin", start=AS_OF + timedelta(days=1))], YesNo.NO),
        ([drug("rifampicin", OrderState.ON_HOLD)], Why.INDETERMINATE),
        ([drug("rifampicin", OrderState.STOPPED, end=days_ago(28))], Why.INDETERMINATE),
        ([drug("rifampicin", OrderState.STOPPED, end=days_ago(29))], YesNo.NO),
        ([drug("rifampicin", OrderState.STOPPED)], YesNo.NO),
        ([drug("rifampicin", start=days_ago(60), end=days_ago(1))], Why.INDETERMINATE),
        ([drug("rifampicin", OrderState.GIVEN, start=days_ago(28))], YesNo.YES),
        ([drug("rifampicin", OrderState.GIVEN, start=days_ago(29))], YesNo.NO),
        ([drug("rifampicin", OrderState.GIVEN)], YesNo.NO),
        ([drug("rifampicin", OrderState.DRAFT)], YesNo.NO),
        ([drug("clarithromycin")], YesNo.NO),
    ],
)
def test_given_a_list_of_drugs_when_read_then_a_strong_inducer_is_there_or_not(
    orders: list[DrugOrder], expected: YesNo | Why
) -> None:
    assert value(takes_class(orders, INDUCER, AS_OF, NOTHING)) is expected


def test_given_an_inhibitor_when_asked_for_inhibitors_then_met() -> None:
    assert value(takes_class([drug("clarithromycin")], INHIBITOR, AS_OF, NOTHING)) is YesNo.YES


def test_given_no_list_of_drugs_when_asked_then_unknown() -> None:
    """Hazard: a list that was not retrieved is not an empty list."""
    assert value(takes_class([], INDUCER, AS_OF, frozenset({"medications"}))) is Why.NOT_FOUND


def test_given_half_a_list_of_drugs_when_it_holds_an_inducer_then_met() -> None:
    assert value(takes_class([drug("rifampicin")], INDUCER, AS_OF, frozenset({"medications"}))) is YesNo.YES


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Vitamin A palmitate 5000 IU", YesNo.YES),
        ("doxycycline 100 mg", YesNo.YES),
        ("retinol", YesNo.YES),
        ("vitamin D3", YesNo.NO),
        ("cyclophosphamide", YesNo.NO),
    ],
)
def test_given_drug_names_when_read_then_vitamin_a_and_tetracyclines_are_found(text: str, expected: YesNo) -> None:
    order = DrugOrder("MedicationRequest/d", OrderState.ACTIVE, text=text)

    assert value(vitamin_a_or_tetracycline([order], AS_OF, NOTHING)) is expected


def test_given_a_tetracycline_that_ended_when_read_then_not_met() -> None:
    order = DrugOrder("MedicationRequest/d", OrderState.COMPLETED, text="doxycycline")

    assert value(vitamin_a_or_tetracycline([order], AS_OF, NOTHING)) is YesNo.NO


def test_given_no_list_of_drugs_when_asked_for_vitamin_a_then_unknown() -> None:
    assert value(vitamin_a_or_tetracycline([], AS_OF, frozenset({"medications"}))) is Why.NOT_FOUND


def service(text: str, state: OrderState, when: date | None = AS_OF, concept: str = "", **more: Any) -> ServiceOrder:
    reference = more.pop("reference", "ServiceRequest/s")
    return ServiceOrder(reference, state, (concept,) if concept else (), when=when, text=text, **more)


@pytest.mark.parametrize(
    ("one", "expected"),
    [
        (service("", OrderState.ACTIVE, concept="biopsy.procedure"), YesNo.YES),
        (service("Tumour resection", OrderState.DRAFT, None), YesNo.YES),
        (service("Surgery", OrderState.ON_HOLD, AS_OF + timedelta(days=10)), YesNo.YES),
        (service("Surgery", OrderState.ACTIVE, days_ago(29)), YesNo.NO),
        (service("Biopsy of lesion", OrderState.COMPLETED, days_ago(28)), YesNo.YES),
        (service("Biopsy of lesion", OrderState.COMPLETED, days_ago(29)), YesNo.NO),
        (service("Biopsy of lesion", OrderState.COMPLETED, None), YesNo.NO),
        (service("Biopsy of lesion", OrderState.STOPPED), YesNo.NO),
        (service("Bone marrow biopsy", OrderState.ACTIVE), YesNo.NO),
        (service("Biopsy", OrderState.ACTIVE, body_site="Bone marrow"), YesNo.NO),
        (service("Surgical pathology", OrderState.COMPLETED), YesNo.NO),
        (service("Biopsy report", OrderState.COMPLETED, reference="DiagnosticReport/d"), YesNo.NO),
        (service("MRI brain", OrderState.ACTIVE), YesNo.NO),
    ],
)
def test_given_services_when_read_then_a_biopsy_or_operation_is_pending_or_not(
    one: ServiceOrder, expected: YesNo
) -> None:
    assert value(biopsy_or_surgery_pending([one], AS_OF, NOTHING)) is expected


@pytest.mark.parametrize("key", ["orders", "procedures"])
def test_given_services_that_were_not_retrieved_when_read_then_unknown(key: str) -> None:
    assert value(biopsy_or_surgery_pending([], AS_OF, frozenset({key}))) is Why.NOT_FOUND
