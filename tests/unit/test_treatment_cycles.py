"""Boundaries of cycles and lines: windows, pauses, running orders, what joins and what does not."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from hooks.facts.fact import Known
from hooks.facts.orders import DrugOrder, OrderState
from hooks.pathways.relapsed_neuroblastoma.facts import TreatmentLine
from hooks.pathways.relapsed_neuroblastoma.reading.timeline import Timeline
from hooks.pathways.relapsed_neuroblastoma.reading.treatment import treatment_lines

AS_OF = date(2026, 10, 1)
EVENT = date(2026, 3, 1)
START = date(2026, 6, 1)


def order(drugs: str, start: date, state: OrderState = OrderState.COMPLETED, end: date | None = None) -> DrugOrder:
    concepts = tuple(f"drug.{name}" for name in drugs.split())
    return DrugOrder(f"MedicationRequest/{drugs}-{start}", state, concepts, start=start, end=end)


def lines(*orders: DrugOrder, event: date | None = EVENT) -> tuple[TreatmentLine, ...]:
    fact = treatment_lines(orders, (), Timeline(AS_OF, event, (event,) if event else ()))
    return fact.value if isinstance(fact, Known) else ()


def after(days: int) -> date:
    return START + timedelta(days=days)


def test_given_an_order_that_starts_today_when_read_then_it_is_treatment() -> None:
    assert len(lines(order("irinotecan", AS_OF, OrderState.ACTIVE))) == 1


@pytest.mark.parametrize(("days", "regimen"), [(-14, "RIST"), (-15, ""), (42, "RIST"), (43, "")])
def test_given_a_companion_around_a_cycle_when_read_then_it_joins_within_the_windows(days: int, regimen: str) -> None:
    backbone = order("dasatinib irinotecan temozolomide", START)

    (line,) = lines(backbone, order("sirolimus", after(days)))

    assert line.regimen == regimen


def test_given_a_companion_between_two_cycles_when_read_then_it_joins_the_later_one() -> None:
    cycles = [order("dasatinib irinotecan temozolomide", after(days)) for days in (0, 28)]

    (line,) = lines(*cycles, order("sirolimus", after(20)))

    assert line.regimen == "RIST"


@pytest.mark.parametrize("event", [None, date(2026, 9, 1)], ids=["no event", "before the event"])
def test_given_alternating_frontline_blocks_when_read_then_one_line(event: date | None) -> None:
    blocks = (order("cisplatin etoposide", START), order("vincristine ifosfamide", after(21)))

    assert len(lines(*blocks, event=event)) == 1


@pytest.mark.parametrize("event", [EVENT, after(21)], ids=["after the event", "on its day"])
def test_given_alternating_blocks_after_the_event_when_read_then_two_lines(event: date) -> None:
    blocks = (order("cisplatin etoposide", START), order("vincristine ifosfamide", after(21)))

    assert len(lines(*blocks, event=event)) == 2


def test_given_another_kind_of_drug_before_the_event_when_read_then_it_is_no_frontline_block() -> None:
    orders = (order("cisplatin etoposide", START), order("lorlatinib", after(21)))

    assert len(lines(*orders, event=None)) == 2


ANTIBODY = (order("dinutuximab_beta", START), order("dinutuximab_beta", after(28)))
"""Two courses of antibody; whether the second is consolidation depends on what else still runs."""


@pytest.mark.parametrize(("end", "regimens"), [(28, ["DB_TTO"]), (27, ["DB_TTO", "DB_LTI"])])
def test_given_an_order_with_an_end_when_the_next_cycle_starts_then_it_runs_until_that_day(
    end: int, regimens: list[str]
) -> None:
    read = lines(*ANTIBODY, order("topotecan temozolomide", START, end=after(end)))

    assert [line.regimen for line in read] == regimens


def test_given_a_stopped_order_when_the_next_cycle_starts_then_it_no_longer_runs() -> None:
    read = lines(*ANTIBODY, order("topotecan temozolomide", START, OrderState.STOPPED, after(60)))

    assert [line.regimen for line in read] == ["DB_TTO", "DB_LTI"]


@pytest.mark.parametrize(
    ("state", "regimens"),
    [(OrderState.ACTIVE, ["DB_TTO"]), (OrderState.COMPLETED, ["DB_TTO", "DB_LTI"])],
)
def test_given_an_open_ended_order_when_the_next_cycle_starts_then_it_runs_only_while_active(
    state: OrderState, regimens: list[str]
) -> None:
    read = lines(*ANTIBODY, order("topotecan temozolomide", START, state))

    assert [line.regimen for line in read] == regimens


@pytest.mark.parametrize(("pause", "count"), [(84, 1), (85, 2)])
def test_given_a_long_order_when_the_drugs_return_then_the_pause_counts_from_its_end(pause: int, count: int) -> None:
    long = order("irinotecan temozolomide", date(2026, 3, 1), end=date(2026, 6, 1))
    again = order("irinotecan temozolomide", date(2026, 6, 1) + timedelta(days=pause))

    assert len(lines(long, again, event=None)) == count


@pytest.mark.parametrize(("gap", "directed"), [(14, False), (15, True)])
def test_given_the_same_drug_across_the_event_when_it_goes_on_without_a_pause_then_it_is_no_treatment_of_it(
    gap: int, directed: bool
) -> None:
    orders = (order("isotretinoin", START), order("isotretinoin", after(gap)))

    read = lines(*orders, event=after(3))

    assert read[-1].relapse_directed is directed


def test_given_a_second_drug_within_the_window_after_the_event_when_read_then_it_begins_a_line() -> None:
    orders = (order("isotretinoin", START), order("irinotecan", after(5)))

    assert [line.relapse_directed for line in lines(*orders, event=after(5))] == [False, True]
    assert len(lines(*orders, event=after(6))) == 1


@pytest.mark.parametrize(("length", "cycles"), [(42, 1), (43, None)])
def test_given_one_long_order_when_read_then_longer_than_any_cycle_it_shows_no_cycles(
    length: int, cycles: int | None
) -> None:
    (line,) = lines(order("irinotecan temozolomide", START, end=after(length)))

    assert line.cycles == cycles


@pytest.mark.parametrize(("days", "cycles"), [((0, 8, 15), 2), ((0, 9, 15), 1)])
def test_given_doses_a_week_apart_when_read_then_a_new_cycle_needs_half_a_window_of_pause(
    days: tuple[int, ...], cycles: int
) -> None:
    (line,) = lines(*(order("irinotecan", after(day), OrderState.GIVEN) for day in days))

    assert line.cycles == cycles


@pytest.mark.parametrize(("end", "active"), [(AS_OF, True), (AS_OF - timedelta(days=1), False)])
def test_given_an_active_order_that_ends_when_read_then_it_runs_through_its_last_day(end: date, active: bool) -> None:
    (line,) = lines(order("lorlatinib", START, OrderState.ACTIVE, end))

    assert line.active is active


def test_given_a_completed_order_without_an_end_when_a_later_one_runs_then_the_line_is_not_endless() -> None:
    (line,) = lines(order("irinotecan", AS_OF - timedelta(days=30)), order("irinotecan", AS_OF, OrderState.ACTIVE))

    assert line.cycles == 2
