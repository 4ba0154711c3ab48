"""Exposure and failure: what lines of treatment prove, what they do not, and when nobody can say."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from hooks.facts.fact import Confidence, Fact, Known, Unknown, Why, YesNo, is_value
from hooks.facts.orders import DrugOrder, OrderState, ServiceOrder
from hooks.pathways.relapsed_neuroblastoma.facts import Response, ResponseResult
from hooks.pathways.relapsed_neuroblastoma.reading.exposure import (
    History,
    active_regimen,
    consolidation_done,
    cycles_given,
    cycles_since_evaluation,
    exposed_to,
    failed,
    prior_anti_gd2,
    progressed_on_anti_gd2,
)
from hooks.pathways.relapsed_neuroblastoma.reading.timeline import Evaluation, Timeline
from hooks.pathways.relapsed_neuroblastoma.reading.treatment import courses_of

AS_OF = date(2026, 10, 1)
EVENT = date(2026, 6, 1)
TEMOZOLOMIDE = "drug.temozolomide"


def order(drugs: str, start: date | None, state: OrderState = OrderState.COMPLETED, **more: object) -> DrugOrder:
    concepts = tuple(f"drug.{name}" for name in drugs.split())
    return DrugOrder(f"MedicationRequest/{drugs}-{start}", state, concepts, start=start, **more)  # type: ignore[arg-type]


def cycles(drugs: str, first: date, count: int, every: int = 21) -> list[DrugOrder]:
    starts = [first + timedelta(days=every * number) for number in range(count)]
    return [order(name, start) for start in starts for name in drugs.split()]


def history(
    orders: list[DrugOrder],
    *evaluations: tuple[date, Response],
    event: date | None = EVENT,
    relapsed_on: tuple[date, ...] | None = None,
    complete: bool = True,
    procedures: tuple[ServiceOrder, ...] = (),
) -> History:
    read = tuple(Evaluation(day, ResponseResult(category), "Observation/r") for day, category in evaluations)
    events = relapsed_on if relapsed_on is not None else ((event,) if event else ())
    timeline = Timeline(AS_OF, event, events, read)
    return History(courses_of(orders, procedures, timeline), timeline, complete)


def test_given_no_treatment_on_record_when_asked_then_nothing_is_said() -> None:
    """Hazard: an empty medication list must never read as "no earlier antibody"."""
    nothing = history([])

    facts: list[Fact[YesNo]] = [
        prior_anti_gd2(nothing),
        progressed_on_anti_gd2(nothing),
        failed(nothing, TEMOZOLOMIDE),
        exposed_to(nothing, "drug.topotecan"),
        consolidation_done(nothing),
    ]
    numbers: list[Fact[int]] = [cycles_given(nothing), cycles_since_evaluation(nothing)]

    assert all(isinstance(fact, Unknown) for fact in [*facts, *numbers])
    assert isinstance(active_regimen(nothing), Unknown)


@pytest.mark.parametrize("antibody", ["dinutuximab", "dinutuximab_beta", "naxitamab"])
def test_given_an_antibody_on_record_when_asked_then_earlier_anti_gd2_is_known(antibody: str) -> None:
    fact = prior_anti_gd2(history([order(antibody, date(2025, 3, 1))]))

    assert is_value(fact, YesNo.YES)


def test_given_other_treatment_on_record_when_asked_then_no_anti_gd2_with_the_confidence_of_the_lines() -> None:
    fact = prior_anti_gd2(history([order("cisplatin", date(2025, 3, 1), confidence=Confidence.TEXT)]))

    assert isinstance(fact, Known)
    assert fact.value is YesNo.NO
    assert fact.confidence is Confidence.TEXT


def test_given_a_list_cut_short_when_asked_then_absence_is_not_believed() -> None:
    fact = prior_anti_gd2(history([order("cisplatin", date(2025, 3, 1))], complete=False))

    assert isinstance(fact, Unknown)
    assert fact.why is Why.NOT_RETRIEVED


def test_given_progression_during_a_line_when_asked_then_its_drugs_have_failed() -> None:
    read = history(cycles("irinotecan temozolomide", date(2026, 6, 5), 4), (date(2026, 8, 15), Response.PD))

    fact = failed(read, TEMOZOLOMIDE)

    assert isinstance(fact, Known)
    assert fact.value is YesNo.YES
    assert fact.date == date(2026, 8, 15)
    assert is_value(failed(read, "drug.topotecan"), YesNo.NO)


@pytest.mark.parametrize(("days_after_end", "answer"), [(28, YesNo.YES), (29, YesNo.NO)])
def test_given_progression_after_the_end_when_no_newer_line_began_then_four_weeks_count(
    days_after_end: int, answer: YesNo
) -> None:
    end = date(2026, 8, 1)
    orders = [order("irinotecan temozolomide", date(2026, 6, 5), end=end, state=OrderState.STOPPED)]

    fact = failed(history(orders, (end + timedelta(days=days_after_end), Response.PD)), TEMOZOLOMIDE)

    assert is_value(fact, answer)


def test_given_progression_after_a_newer_line_began_when_asked_then_the_newer_line_failed() -> None:
    orders = cycles("irinotecan temozolomide", date(2026, 6, 5), 1) + cycles(
        "ifosfamide carboplatin etoposide", date(2026, 6, 26), 1
    )
    read = history(orders, (date(2026, 7, 10), Response.PD))

    facts = (failed(read, TEMOZOLOMIDE), failed(read, "drug.etoposide"))

    assert is_value(facts[0], YesNo.NO)
    assert is_value(facts[1], YesNo.YES)


def test_given_a_line_stopped_for_no_response_when_asked_then_it_failed() -> None:
    orders = [order("lorlatinib", date(2026, 6, 5), OrderState.STOPPED, stop_reason="No response to treatment")]

    fact = failed(history(orders), "drug.lorlatinib")

    assert is_value(fact, YesNo.YES)


def test_given_one_drug_of_an_earlier_cycle_stopped_for_progression_when_asked_then_it_failed() -> None:
    orders = [order("topotecan", date(2026, 6, 5), OrderState.STOPPED, stop_reason="progression")]
    orders += [order("topotecan temozolomide", date(2026, 7, 5))]

    read = history(orders)

    assert is_value(failed(read, "drug.topotecan"), YesNo.YES)
    assert is_value(failed(read, TEMOZOLOMIDE), YesNo.NO)


def test_given_a_line_stopped_for_toxicity_when_asked_then_it_did_not_fail() -> None:
    orders = [order("irinotecan temozolomide", date(2026, 6, 5), OrderState.STOPPED, stop_reason="not tolerated")]

    fact = failed(history(orders), TEMOZOLOMIDE)

    assert is_value(fact, YesNo.NO)


def test_given_relapse_on_antibody_maintenance_when_asked_then_progressed_on_it() -> None:
    read = history(cycles("dinutuximab_beta isotretinoin", date(2026, 3, 1), 3, every=35))

    fact = progressed_on_anti_gd2(read)

    assert is_value(fact, YesNo.YES)


def test_given_refractory_disease_when_asked_then_its_date_is_no_progression() -> None:
    read = history(cycles("cisplatin etoposide", date(2026, 3, 1), 4), relapsed_on=())

    fact = failed(read, "drug.etoposide")

    assert is_value(fact, YesNo.NO)


def test_given_relapse_long_after_the_antibody_when_asked_then_not_progressed_on_it() -> None:
    read = history(cycles("dinutuximab_beta", date(2024, 3, 1), 5, every=35))

    fact = progressed_on_anti_gd2(read)

    assert is_value(fact, YesNo.NO)


def test_given_an_undated_line_when_asked_whether_it_failed_then_nobody_can_say() -> None:
    fact = failed(history([order("temozolomide", None)]), TEMOZOLOMIDE)

    assert isinstance(fact, Unknown)
    assert fact.why is Why.INDETERMINATE


def test_given_neither_event_nor_evaluation_when_asked_whether_a_line_failed_then_nobody_can_say() -> None:
    fact = failed(history(cycles("temozolomide", EVENT, 2), event=None), TEMOZOLOMIDE)

    assert isinstance(fact, Unknown)


def test_given_a_regimen_under_way_when_asked_then_its_id() -> None:
    fact = active_regimen(history(cycles("irinotecan temozolomide", AS_OF - timedelta(days=20), 1)))

    assert is_value(fact, "TEMIRI")


def test_given_drugs_of_no_regimen_under_way_when_asked_then_other() -> None:
    fact = active_regimen(history(cycles("irinotecan cisplatin", AS_OF - timedelta(days=20), 1)))

    assert is_value(fact, "other")


def test_given_only_maintenance_from_before_the_event_when_asked_then_no_regimen_is_under_way() -> None:
    running = order("isotretinoin", EVENT - timedelta(days=3), OrderState.ACTIVE)

    fact = active_regimen(history([running]))

    assert isinstance(fact, Unknown)


def test_given_only_frontline_treatment_when_asked_then_no_cycle_against_the_event() -> None:
    fact = cycles_given(history(cycles("cisplatin", date(2025, 1, 1), 3)))

    assert is_value(fact, 0)


def test_given_no_event_date_when_asked_for_cycles_then_unknown() -> None:
    fact = cycles_given(history(cycles("irinotecan temozolomide", EVENT, 3), event=None))

    assert isinstance(fact, Unknown)


def test_given_a_continuous_drug_when_asked_for_cycles_then_unknown() -> None:
    fact = cycles_given(history([order("lorlatinib", EVENT, OrderState.ACTIVE)]))

    assert isinstance(fact, Unknown)
    assert fact.why is Why.INDETERMINATE


def test_given_two_lines_since_the_event_when_asked_for_cycles_then_those_of_the_latest() -> None:
    orders = cycles("irinotecan temozolomide", date(2026, 6, 5), 4) + cycles(
        "topotecan cyclophosphamide", date(2026, 9, 1), 2
    )

    fact = cycles_given(history(orders))

    assert is_value(fact, 2)


def test_given_an_evaluation_between_cycles_when_asked_then_the_cycles_since_it() -> None:
    read = history(cycles("irinotecan temozolomide", date(2026, 7, 1), 4), (date(2026, 8, 10), Response.SD))

    fact = cycles_since_evaluation(read)

    assert isinstance(fact, Known)
    assert fact.value == 2
    assert fact.date == date(2026, 8, 10)


def test_given_a_cycle_on_the_day_of_the_evaluation_when_asked_then_it_comes_after_it() -> None:
    read = history(cycles("irinotecan temozolomide", date(2026, 7, 1), 3), (date(2026, 8, 12), Response.SD))

    fact = cycles_since_evaluation(read)

    assert is_value(fact, 1)


@pytest.mark.parametrize(
    "evaluations", [(), ((date(2026, 7, 1), Response.SD),)], ids=["none", "before the first cycle"]
)
def test_given_no_evaluation_of_the_line_when_asked_then_all_its_cycles(
    evaluations: tuple[tuple[date, Response], ...],
) -> None:
    read = history(cycles("irinotecan temozolomide", date(2026, 7, 1), 3), *evaluations)

    fact = cycles_since_evaluation(read)

    assert is_value(fact, 3)


def test_given_no_line_against_the_event_when_asked_for_cycles_since_evaluation_then_none() -> None:
    fact = cycles_since_evaluation(history(cycles("cisplatin", date(2025, 1, 1), 3)))

    assert is_value(fact, 0)


def test_given_cycles_known_only_by_a_number_in_words_when_evaluated_then_those_since_are_unknown() -> None:
    orders = [order("irinotecan temozolomide", date(2026, 9, 1), text="cycle 4", end=date(2026, 9, 5))]

    fact = cycles_since_evaluation(history(orders, (date(2026, 9, 20), Response.SD)))

    assert isinstance(fact, Unknown)


def antibody_until(today: date, count: int) -> list[DrugOrder]:
    return cycles("dinutuximab_beta", today - timedelta(days=100 + 35 * (count - 1)), count, every=35)


def test_given_five_courses_of_antibody_after_a_response_when_asked_then_consolidation_is_done() -> None:
    """Dinutuximab beta: 5 courses of 35 days (QARZIBA)."""
    read = history(antibody_until(AS_OF, 5), (date(2026, 1, 20), Response.CR), event=date(2025, 12, 1))

    fact = consolidation_done(read)

    assert isinstance(fact, Known)
    assert fact.value is YesNo.YES
    assert fact.date == AS_OF - timedelta(days=100)


@pytest.mark.parametrize("since", [Response.SD, Response.MR, Response.CR])
def test_given_five_courses_begun_in_response_when_evaluated_after_then_consolidation_stays_done(
    since: Response,
) -> None:
    """Table F: maintenance follows consolidation with CR, PR or SD; what it led to does not undo what was given."""
    seen = ((date(2026, 1, 20), Response.PR), (AS_OF - timedelta(days=60), since))
    read = history(antibody_until(AS_OF, 5), *seen, event=date(2025, 12, 1))

    assert is_value(consolidation_done(read), YesNo.YES)


def test_given_four_courses_of_antibody_when_asked_then_nobody_can_say() -> None:
    read = history(antibody_until(AS_OF, 4), (date(2026, 1, 20), Response.CR), event=date(2025, 12, 1))

    assert isinstance(consolidation_done(read), Unknown)


def test_given_four_courses_called_completed_when_asked_then_consolidation_is_done() -> None:
    orders = antibody_until(AS_OF, 3)
    orders.append(order("dinutuximab_beta", AS_OF - timedelta(days=100), stop_reason="planned course completed"))
    read = history(orders, (date(2026, 1, 20), Response.CR), event=date(2025, 12, 1))

    assert is_value(consolidation_done(read), YesNo.YES)


def test_given_antibody_ended_without_a_response_on_record_when_asked_then_unknown() -> None:
    fact = consolidation_done(history(cycles("dinutuximab_beta", date(2026, 7, 15), 1)))

    assert isinstance(fact, Unknown)


def test_given_antibody_stopped_for_toxicity_when_asked_then_unknown() -> None:
    orders = [order("dinutuximab_beta", date(2026, 7, 15), OrderState.STOPPED, stop_reason="anaphylaxis")]

    fact = consolidation_done(history(orders, (date(2026, 7, 14), Response.CR)))

    assert isinstance(fact, Unknown)


@pytest.mark.parametrize(
    "orders",
    [
        cycles("dinutuximab_beta", date(2026, 9, 15), 1),
        cycles("irinotecan temozolomide", date(2026, 6, 15), 1),
    ],
    ids=["under way", "never begun"],
)
def test_given_no_consolidation_over_when_asked_then_not_done(orders: list[DrugOrder]) -> None:
    fact = consolidation_done(history(orders, (date(2026, 7, 14), Response.CR)))

    assert is_value(fact, YesNo.NO)


def test_given_progression_on_consolidation_when_asked_then_not_done() -> None:
    orders = cycles("dinutuximab_beta", date(2026, 7, 15), 1)

    fact = consolidation_done(history(orders, (date(2026, 7, 14), Response.CR), (date(2026, 8, 1), Response.PD)))

    assert is_value(fact, YesNo.NO)


def test_given_car_t_cells_after_a_response_when_asked_then_consolidation_is_done() -> None:
    cells = ServiceOrder("Procedure/c", OrderState.COMPLETED, when=date(2026, 7, 20), text="GD2 CAR-T infusion")

    fact = consolidation_done(history([], (date(2026, 7, 14), Response.PR), procedures=(cells,)))

    assert is_value(fact, YesNo.YES)


def test_given_one_old_order_without_administrations_when_cycles_are_asked_then_nobody_can_say() -> None:
    """Hazard: "after 1 cycles" as a false number in the first sentence of a card."""
    old = history([order("topotecan", date(2026, 7, 1))])
    given = history([order("topotecan", date(2026, 7, 1), OrderState.GIVEN)])
    fresh = history([order("topotecan", date(2026, 9, 10))])

    assert isinstance(cycles_given(old), Unknown)
    assert is_value(cycles_given(given), 1)
    assert is_value(cycles_given(fresh), 1)


def test_given_a_transplant_alone_when_asked_then_it_is_no_cycle_and_no_completed_consolidation() -> None:
    """HAPLO_SCT_DB goes on with dinutuximab beta (FLAADT)."""
    done = ServiceOrder("Procedure/haplo", OrderState.COMPLETED, (), when=date(2026, 8, 1), text="Haploidentical SCT")
    after = history([], (date(2026, 7, 20), Response.PR), procedures=(done,))

    assert isinstance(cycles_given(after), Unknown)
    assert not is_value(consolidation_done(after), YesNo.YES)


def test_given_a_stop_for_progression_when_dated_then_it_is_the_day_of_progression_not_of_the_drug() -> None:
    stopped = order("temozolomide", date(2026, 6, 20), OrderState.STOPPED, stop_reason="progressive disease")
    later = failed(history([stopped], (date(2026, 9, 28), Response.PD)), TEMOZOLOMIDE)
    never = failed(history([stopped]), TEMOZOLOMIDE)

    assert isinstance(later, Known)
    assert later.date == date(2026, 9, 28)
    assert isinstance(never, Known)
    assert (never.value, never.date) == (YesNo.YES, None)
