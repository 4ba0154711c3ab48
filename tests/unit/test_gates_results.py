"""Gates from results and problems: hearing, kidneys, urine protein, stem cells, blood pressure, pregnancy."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from hooks.facts.conditions import Clinical, ConditionReading
from hooks.facts.fact import Confidence, Fact, Known, Unknown, Why, YesNo
from hooks.facts.observations import Gate
from hooks.facts.orders import OrderState, ServiceOrder
from hooks.pathways.relapsed_neuroblastoma.board import Finding, FindingKind
from hooks.pathways.relapsed_neuroblastoma.reading.chart_results import ChartResult
from hooks.pathways.relapsed_neuroblastoma.reading.gate_results import (
    anthracycline_limit_reached,
    hearing_loss,
    heart_disease,
    pregnancy,
    proteinuria,
    renal_impairment,
    stem_cells_stored,
    uncontrolled_hypertension,
)

AS_OF = date(2026, 11, 22)


def days_ago(days: int) -> date:
    return AS_OF - timedelta(days=days)


def problem(text: str, **more: Any) -> ConditionReading:
    return ConditionReading(source="Condition/c", concepts=(), text=text, **more)


def result(title: str, *texts: str, **more: Any) -> ChartResult:
    reference = more.pop("reference", "Observation/o")
    return ChartResult(reference, title, **{"title": title, "on": AS_OF, "words": texts, **more})


def value(fact: Fact[YesNo]) -> YesNo | Why:
    assert isinstance(fact, Known | Unknown)
    return fact.value if isinstance(fact, Known) else fact.why


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Severe sensorineural hearing loss", YesNo.YES),
        ("Hearing loss, bilateral hearing aids", YesNo.YES),
        ("Deafness", YesNo.YES),
        ("Hearing loss grade 3", YesNo.YES),
        ("Hearing loss", Why.INDETERMINATE),
        ("Ototoxicity, mild", Why.INDETERMINATE),
        ("No hearing loss", Why.NOT_FOUND),
        ("Neuroblastoma", Why.NOT_FOUND),
    ],
)
def test_given_a_problem_when_read_then_only_severe_hearing_loss_meets_the_gate(
    text: str, expected: YesNo | Why
) -> None:
    assert value(hearing_loss([problem(text)], [], AS_OF)) is expected


def test_given_hearing_loss_that_is_over_when_read_then_not_met_by_it() -> None:
    assert value(hearing_loss([problem("Deafness", clinical=Clinical.INACTIVE)], [], AS_OF)) is Why.NOT_FOUND


@pytest.mark.parametrize(
    ("one", "expected"),
    [
        (result("Audiogram", "normal hearing"), YesNo.NO),
        (result("Audiogram", "no hearing loss"), YesNo.NO),
        (result("Audiogram", "severe hearing loss above 4 kHz"), YesNo.YES),
        (result("Audiogram", "hearing loss above 4 kHz"), Why.INDETERMINATE),
        (result("Audiogram", "test done"), Why.NOT_FOUND),
        (result("Audiogram", "normal hearing", on=days_ago(91)), Why.NOT_FOUND),
        (result("Audiogram", "normal hearing", on=None), Why.NOT_FOUND),
        (result("Audiogram", "normal hearing", gate=Gate.PENDING), Why.NOT_FOUND),
        (result("Blood count", "normal"), Why.NOT_FOUND),
    ],
)
def test_given_a_hearing_test_when_read_then_its_words_decide(one: ChartResult, expected: YesNo | Why) -> None:
    assert value(hearing_loss([], [one], AS_OF)) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Anthracycline-induced cardiomyopathy", YesNo.YES),
        ("Heart failure", YesNo.YES),
        ("Left ventricular systolic dysfunction", YesNo.YES),
        ("No heart failure", Why.NOT_FOUND),
        ("Innocent heart murmur", Why.NOT_FOUND),
    ],
)
def test_given_a_problem_of_the_heart_when_read_then_only_failure_and_cardiomyopathy(
    text: str, expected: YesNo | Why
) -> None:
    assert value(heart_disease([problem(text)])) is expected
    assert value(heart_disease([replace(problem(text), clinical=Clinical.INACTIVE)])) is Why.NOT_FOUND


@pytest.mark.parametrize("text", ["Chronic kidney disease stage 3", "Renal impairment", "Acute kidney injury"])
def test_given_a_kidney_problem_when_read_then_renal_impairment(text: str) -> None:
    assert value(renal_impairment([problem(text)], [], AS_OF)) is YesNo.YES


def creatinine(*, high: bool | None, **more: Any) -> ChartResult:
    return result("Creatinine", concepts=("lab_vital.creatinine",), high=high, **more)


@pytest.mark.parametrize(
    ("results", "expected"),
    [
        ([creatinine(high=False)], YesNo.NO),
        ([creatinine(high=True)], Why.INDETERMINATE),
        ([creatinine(high=None)], Why.NOT_FOUND),
        ([creatinine(high=True, on=days_ago(5)), creatinine(high=False)], YesNo.NO),
        ([creatinine(high=False, on=days_ago(91))], Why.NOT_FOUND),
        ([result("Urea", concepts=("lab_vital.urea",), high=True)], Why.NOT_FOUND),
    ],
)
def test_given_a_creatinine_when_read_then_only_what_the_laboratory_calls_normal_denies(
    results: list[ChartResult], expected: YesNo | Why
) -> None:
    assert value(renal_impairment([], results, AS_OF)) is expected


def test_given_a_kidney_problem_and_a_normal_creatinine_when_read_then_the_problem_counts() -> None:
    assert value(renal_impairment([problem("Renal failure")], [creatinine(high=False)], AS_OF)) is YesNo.YES


@pytest.mark.parametrize(
    ("results", "expected"),
    [
        ([result("Protein in urine", "2+")], YesNo.YES),
        ([result("Urine dipstick protein", "+++")], YesNo.YES),
        ([result("Protein in urine", "1+")], YesNo.NO),
        ([result("Protein in urine", "negative")], YesNo.NO),
        ([result("Protein in urine", "see note")], Why.NOT_FOUND),
        ([result("Protein in urine", "3+", on=days_ago(3)), result("Protein in urine", "1+")], YesNo.NO),
        ([result("Protein in serum", "2+")], Why.NOT_FOUND),
        ([result("Protein in urine", "2+", on=days_ago(91))], Why.NOT_FOUND),
    ],
)
def test_given_a_urine_protein_when_read_then_two_plus_meets_the_gate(
    results: list[ChartResult], expected: YesNo | Why
) -> None:
    """BEACON: a dipstick of 2+ or more needed a protein/creatinine ratio."""
    assert value(proteinuria([], results, AS_OF)) is expected


def test_given_proteinuria_as_a_problem_when_read_then_met() -> None:
    assert value(proteinuria([problem("Proteinuria")], [], AS_OF)) is YesNo.YES


def service(text: str, state: OrderState = OrderState.COMPLETED) -> ServiceOrder:
    return ServiceOrder("Procedure/p", state, when=date(2024, 5, 1), text=text)


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["Autologous stem cells stored, 8 x 10^6/kg"], YesNo.YES),
        (["PBSC cryopreserved"], YesNo.YES),
        (["No stem cells stored"], YesNo.NO),
        (["Stem cells not available"], YesNo.NO),
        (["Leukapheresis"], Why.INDETERMINATE),
        (["Peripheral stem cell collection"], Why.INDETERMINATE),
        (["Donor stem cells available"], Why.NOT_FOUND),
        (["Stem cells stored", "No stem cells available"], Why.INDETERMINATE),
        (["Leukapheresis", "No stem cells stored"], YesNo.NO),
        (["Tumour resection"], Why.NOT_FOUND),
    ],
)
def test_given_words_on_stem_cells_when_read_then_a_collection_alone_proves_no_store(
    texts: list[str], expected: YesNo | Why
) -> None:
    assert value(stem_cells_stored([], [service(text) for text in texts], [])) is expected


def test_given_a_planned_collection_when_read_then_nothing_is_known() -> None:
    assert value(stem_cells_stored([], [service("Leukapheresis", OrderState.ACTIVE)], [])) is Why.NOT_FOUND


def test_given_a_result_or_a_problem_on_stem_cells_when_read_then_it_counts() -> None:
    told = result("Stem cell storage", "stem cells in storage: two bags")

    assert value(stem_cells_stored([], [], [told])) is YesNo.YES
    assert value(stem_cells_stored([problem("Stem cells stored")], [], [])) is YesNo.YES
    assert value(stem_cells_stored([], [], [result("Autologous stem cells stored")])) is YesNo.YES


@pytest.mark.parametrize("answer", ["No", "None", "No stem cells in storage"])
def test_given_a_title_on_stored_stem_cells_when_its_answer_denies_them_then_none_are_stored(answer: str) -> None:
    """Hazard: the title of the question read as its answer."""
    asked = result("Autologous stem cells stored", answer)
    in_category = replace(
        asked, title="Autologous stem cells stored | Laboratory", name="Autologous stem cells | stored"
    )

    assert value(stem_cells_stored([], [], [asked])) is YesNo.NO
    assert value(stem_cells_stored([], [], [in_category])) is YesNo.NO


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Cumulative anthracycline limit reached", YesNo.YES),
        ("Anthracycline limit not reached", Why.NOT_FOUND),
        ("Anthracycline given", Why.NOT_FOUND),
    ],
)
def test_given_words_on_anthracyclines_when_read_then_only_a_reached_limit_counts(
    text: str, expected: YesNo | Why
) -> None:
    assert value(anthracycline_limit_reached([], [result("Oncology note", text)])) is expected
    assert value(anthracycline_limit_reached([problem(text)], [])) is expected


def pressure(number: int, *, high: bool | None, on: date = AS_OF) -> ChartResult:
    return result("Systolic", reference=f"Observation/{number}", concepts=("lab_vital.sbp",), high=high, on=on)


@pytest.mark.parametrize(
    ("results", "expected"),
    [
        ([pressure(1, high=True), pressure(2, high=True)], YesNo.YES),
        ([pressure(1, high=True), pressure(1, high=True)], Why.NOT_FOUND),
        ([pressure(1, high=True)], Why.NOT_FOUND),
        ([pressure(1, high=True), pressure(2, high=False)], Why.NOT_FOUND),
        ([pressure(1, high=False)], YesNo.NO),
        ([pressure(1, high=None)], Why.NOT_FOUND),
        ([pressure(1, high=True), pressure(2, high=True, on=days_ago(8))], Why.NOT_FOUND),
        ([pressure(1, high=True), pressure(2, high=True, on=days_ago(7))], YesNo.YES),
    ],
)
def test_given_blood_pressures_when_read_then_repeated_high_readings_of_now_meet_the_gate(
    results: list[ChartResult], expected: YesNo | Why
) -> None:
    assert value(uncontrolled_hypertension([], results, AS_OF)) is expected


@pytest.mark.parametrize(("active", "expected"), [(True, YesNo.YES), (False, Why.NOT_FOUND)])
def test_given_uncontrolled_hypertension_as_a_finding_when_read_then_it_counts_while_active(
    active: bool, expected: YesNo | Why
) -> None:
    found = Finding(FindingKind.UNCONTROLLED_HYPERTENSION, active=active, source="Condition/c")

    assert value(uncontrolled_hypertension([found], [], AS_OF)) is expected


@pytest.mark.parametrize(
    ("results", "male", "expected"),
    [
        ([], False, Why.NOT_FOUND),
        ([], True, YesNo.NO),
        ([result("Pregnancy test", "negative")], False, YesNo.NO),
        ([result("hCG in urine", value_concepts=("answer.negative",))], False, YesNo.NO),
        ([result("hCG in urine", value_concepts=("answer.positive",))], False, YesNo.YES),
        ([result("Pregnancy status", "not pregnant")], False, YesNo.NO),
        ([result("Pregnancy test", "negative", on=days_ago(29))], False, Why.NOT_FOUND),
        ([result("Pregnancy test", "unclear")], False, Why.NOT_FOUND),
    ],
)
def test_given_a_pregnancy_test_when_read_then_a_recent_answer_counts(
    results: list[ChartResult], male: bool, expected: YesNo | Why
) -> None:
    assert value(pregnancy([], results, AS_OF, male=male)) is expected


def test_given_a_pregnancy_when_read_then_met() -> None:
    found = Finding(FindingKind.PREGNANCY, source="Condition/c")

    assert value(pregnancy([found], [], AS_OF, male=False)) is YesNo.YES


def test_given_a_coded_answer_when_read_then_the_confidence_is_coded() -> None:
    fact = pregnancy([], [result("hCG", value_concepts=("answer.negative",))], AS_OF, male=False)

    assert isinstance(fact, Known)
    assert fact.confidence is Confidence.CODED
