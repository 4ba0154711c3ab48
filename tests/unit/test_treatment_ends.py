"""Lines of treatment: what is under way, how lines end, and what comes from procedures and words."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from hooks.facts.fact import Confidence, Known, Unknown
from hooks.facts.orders import DrugOrder, OrderState, ServiceOrder
from hooks.pathways.relapsed_neuroblastoma.facts import Response, ResponseResult, StopReason, TreatmentLine
from hooks.pathways.relapsed_neuroblastoma.reading.stopping import stop_reason_in
from hooks.pathways.relapsed_neuroblastoma.reading.timeline import Evaluation, Timeline
from hooks.pathways.relapsed_neuroblastoma.reading.treatment import treatment_lines

AS_OF = date(2026, 10, 1)
EVENT = date(2026, 6, 1)
NO_PROCEDURES: tuple[ServiceOrder, ...] = ()


def order(drugs: str, start: date | None, state: OrderState = OrderState.COMPLETED, **more: object) -> DrugOrder:
    concepts = tuple(f"drug.{name}" for name in drugs.split())
    reference = f"MedicationRequest/{drugs.replace(' ', '-')}-{start}"
    return DrugOrder(reference, state, concepts, start=start, **more)  # type: ignore[arg-type]


def cycles(drugs: str, first: date, count: int, every: int = 21) -> list[DrugOrder]:
    starts = [first + timedelta(days=every * number) for number in range(count)]
    return [order(name, start) for start in starts for name in drugs.split()]


def timeline(event: date | None = EVENT, *evaluations: tuple[date, Response]) -> Timeline:
    read = tuple(Evaluation(day, ResponseResult(category), "Observation/r") for day, category in evaluations)
    return Timeline(AS_OF, event, (event,) if event else (), read)


def lines(orders: list[DrugOrder], when: Timeline | None = None) -> tuple[TreatmentLine, ...]:
    fact = treatment_lines(orders, NO_PROCEDURES, when or timeline())
    assert isinstance(fact, Known)
    return fact.value


def test_given_an_undated_order_when_read_then_its_line_has_no_dates() -> None:
    (line,) = lines([order("temozolomide", None)])

    assert (line.start, line.end, line.cycles, line.active) == (None, None, None, False)
    assert line.drugs == {"drug.temozolomide"}


def test_given_an_order_without_start_when_read_then_the_day_it_was_written_counts() -> None:
    (line,) = lines([order("temozolomide", None, authored=date(2026, 6, 5))])

    assert line.start == date(2026, 6, 5)


def test_given_a_running_order_when_read_then_the_line_is_active_and_has_no_end() -> None:
    (line,) = lines([order("lorlatinib", EVENT, OrderState.ACTIVE)])

    assert line.active
    assert line.end is None
    assert line.cycles is None


def test_given_a_continuous_drug_reported_daily_when_read_then_no_cycles_are_counted() -> None:
    days = [EVENT + timedelta(days=day) for day in range(50)]

    (line,) = lines([order("lorlatinib", day, OrderState.GIVEN) for day in days])

    assert line.cycles is None


def test_given_a_young_open_ended_order_when_read_then_one_cycle() -> None:
    (line,) = lines([order("irinotecan temozolomide", AS_OF - timedelta(days=20), OrderState.ACTIVE)])

    assert line.cycles == 1


@pytest.mark.parametrize(("days_ago", "active"), [(42, True), (43, False)])
def test_given_completed_cycles_when_the_last_is_recent_then_the_line_is_under_way(days_ago: int, active: bool) -> None:
    (line,) = lines(cycles("irinotecan temozolomide", AS_OF - timedelta(days=days_ago), 1))

    assert line.active is active


def test_given_an_active_order_past_its_end_when_read_then_it_no_longer_runs() -> None:
    start, end = AS_OF - timedelta(days=60), AS_OF - timedelta(days=50)

    (line,) = lines([order("irinotecan temozolomide", start, OrderState.ACTIVE, end=end)])

    assert not line.active
    assert line.end == end


def test_given_a_stopped_cycle_when_read_then_the_line_is_over() -> None:
    (line,) = lines([order("irinotecan temozolomide", AS_OF - timedelta(days=5), OrderState.STOPPED)])

    assert not line.active


def test_given_progression_after_the_last_cycle_when_read_then_the_line_is_over_for_progression() -> None:
    orders = cycles("irinotecan temozolomide", date(2026, 8, 1), 2)

    (line,) = lines(orders, timeline(EVENT, (date(2026, 9, 10), Response.PD)))

    assert not line.active
    assert line.stop_reason is StopReason.PROGRESSION


def test_given_evaluations_during_a_line_when_read_then_the_best_of_them_stands() -> None:
    orders = cycles("irinotecan temozolomide", date(2026, 6, 5), 6)
    when = timeline(
        EVENT, (date(2026, 6, 5), Response.CR), (date(2026, 7, 15), Response.PR), (date(2026, 8, 20), Response.SD)
    )

    (line,) = lines(orders, when)

    assert line.best_response is Response.PR


def test_given_an_evaluation_on_the_first_day_of_the_next_line_when_read_then_the_line_before_owns_it() -> None:
    orders = cycles("irinotecan temozolomide", date(2026, 6, 5), 2) + cycles(
        "topotecan cyclophosphamide", date(2026, 7, 20), 1
    )

    first, second = lines(orders, timeline(EVENT, (date(2026, 7, 20), Response.PD)))

    assert first.best_response is Response.PD
    assert second.best_response is None


def test_given_a_higher_cycle_number_in_words_when_read_then_it_counts() -> None:
    (line,) = lines([order("irinotecan temozolomide", EVENT, text="TEMIRI cycle 4 of 6")])

    assert line.cycles == 4


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ("", None),
        ("No response to treatment (situation)", StopReason.PROGRESSION),
        ("progressive disease", StopReason.PROGRESSION),
        ("Treatment not tolerated (situation)", StopReason.TOXICITY),
        ("anaphylaxis", StopReason.TOXICITY),
        ("planned course completed", StopReason.COMPLETED),
        ("no progression, family moved", StopReason.OTHER),
        ("Refusal of treatment by patient (situation)", StopReason.OTHER),
    ],
)
def test_given_a_stop_reason_in_words_when_read_then_it_is_sorted(words: str, reason: StopReason | None) -> None:
    read = stop_reason_in(words)

    assert read is reason


def test_given_a_stop_reason_on_the_last_cycle_when_read_then_the_line_carries_it() -> None:
    orders = [order("dinutuximab_beta", date(2026, 7, 1), OrderState.STOPPED, stop_reason="not tolerated")]

    (line,) = lines(orders)

    assert line.stop_reason is StopReason.TOXICITY


@pytest.mark.parametrize(
    ("text", "regimen"),
    [
        ("Haploidentical stem cell transplantation", "HAPLO_SCT_DB"),
        ("GD2 CAR-T cell infusion", "GD2_CART01"),
        ("131I-MIBG therapy, second course", "MIBG_131I"),
    ],
)
def test_given_a_procedure_that_is_treatment_when_read_then_it_is_a_line(text: str, regimen: str) -> None:
    done = ServiceOrder("Procedure/p", OrderState.COMPLETED, when=date(2026, 8, 1), text=text)

    fact = treatment_lines([], [done], timeline())

    assert isinstance(fact, Known)
    assert fact.value[0].regimen == regimen
    assert fact.confidence is Confidence.TEXT


@pytest.mark.parametrize("text", ["123I-MIBG scan", "autologous stem cell transplantation", "car trip"])
def test_given_another_procedure_when_read_then_it_is_no_line(text: str) -> None:
    done = ServiceOrder("Procedure/p", OrderState.COMPLETED, when=date(2026, 8, 1), text=text)

    fact = treatment_lines([], [done], timeline())

    assert isinstance(fact, Unknown)


def test_given_a_transplant_soon_after_a_cycle_when_read_then_it_is_a_line_of_its_own() -> None:
    haplo = ServiceOrder("Procedure/h", OrderState.COMPLETED, ("hsct.allogeneic",), when=date(2026, 7, 5))

    fact = treatment_lines(cycles("dinutuximab_beta topotecan temozolomide", date(2026, 6, 28), 1), [haplo], timeline())

    assert isinstance(fact, Known)
    assert [line.regimen for line in fact.value] == ["DB_TTO", "HAPLO_SCT_DB"]


def test_given_conditioning_before_a_transplant_when_read_then_both_are_one_line() -> None:
    haplo = ServiceOrder("Procedure/h", OrderState.COMPLETED, ("hsct.allogeneic",), when=date(2026, 7, 5))

    fact = treatment_lines(cycles("melphalan thiotepa", date(2026, 6, 28), 1), [haplo], timeline())

    assert isinstance(fact, Known)
    assert [line.regimen for line in fact.value] == ["HAPLO_SCT_DB"]


@pytest.mark.parametrize("text", ["TEMIRI", "TEMIRI cycle 2", "Chemotherapy (TEMIRI), day 1"])
def test_given_an_order_or_procedure_that_only_names_a_regimen_when_read_then_its_drugs_were_given(text: str) -> None:
    worded = DrugOrder("MedicationRequest/t", OrderState.COMPLETED, text=text, start=date(2026, 7, 5))
    done = ServiceOrder("Procedure/t", OrderState.COMPLETED, when=date(2026, 7, 5), text=text)

    facts = (treatment_lines([worded], [], timeline()), treatment_lines([], [done], timeline()))

    for fact in facts:
        assert isinstance(fact, Known)
        assert fact.value[0].regimen == "TEMIRI"
        assert fact.confidence is Confidence.TEXT


@pytest.mark.parametrize("text", ["BIT OF SUPPORT", "HITS LIST", "DIT", ""])
def test_given_capitals_that_may_be_anything_when_read_then_only_a_name_alone_counts(text: str) -> None:
    worded = DrugOrder("MedicationRequest/t", OrderState.COMPLETED, text=text, start=date(2026, 7, 5))

    fact = treatment_lines([worded], [], timeline())

    assert isinstance(fact, Known) is (text == "DIT")


def test_given_a_transplant_only_planned_when_read_then_it_is_no_line() -> None:
    planned = ServiceOrder("ServiceRequest/p", OrderState.ACTIVE, ("hsct.allogeneic",), when=date(2026, 8, 1))

    fact = treatment_lines([], [planned], timeline())

    assert isinstance(fact, Unknown)


def test_given_orders_read_from_text_when_read_then_the_lines_are_text() -> None:
    fact = treatment_lines([order("temozolomide", EVENT, confidence=Confidence.TEXT)], NO_PROCEDURES, timeline())

    assert isinstance(fact, Known)
    assert fact.confidence is Confidence.TEXT
