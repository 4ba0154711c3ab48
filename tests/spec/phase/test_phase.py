"""Which phase of relapse treatment a child is in; when stable disease is insufficient; what failed is not repeated."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from hooks.facts.fact import Confidence, Conflicting, Known, Unknown, Why
from hooks.pathways.relapsed_neuroblastoma.facts import Criteria, Response, ResponseResult
from hooks.pathways.relapsed_neuroblastoma.knowledge import KNOWLEDGE
from hooks.pathways.relapsed_neuroblastoma.rules.phase import PhaseAnswer, phase_of
from tests.spec.children import EVALUATED, LINE_START, RELAPSE, Child, a_child, a_relapsed_child


def phase(child: Child) -> PhaseAnswer:
    return phase_of(child.facts(), KNOWLEDGE)


def kind(child: Child) -> str:
    return phase(child).kind.value


# ------------------------------------------------------------------ before treatment


def test_given_a_first_relapse_without_treatment_of_it_when_asked_then_it_is_reinduction() -> None:
    answer = phase(a_relapsed_child())

    assert answer.kind.value == "reinduction"
    assert answer.decided_by == ("disease_event", "event_date", "treatment_lines")


def test_given_no_treatment_on_record_at_all_when_asked_then_it_is_still_reinduction() -> None:
    """Table 8.1: missing prior lines make the card say so; they do not hide it."""
    assert kind(a_child().relapsed().high_risk()) == "reinduction"


@pytest.mark.parametrize("key", ["medications", "procedures"])
def test_given_orders_that_could_not_be_had_when_asked_then_no_treatment_is_denied_beyond_what_was_read(
    key: str,
) -> None:
    """Hazard: a child under treatment reads as untreated because the orders could not be retrieved."""
    answer = phase(a_relapsed_child().knowing(data_gaps=("allergies", key)))

    assert (
        answer.because
        == "Disease event: first relapse; no treatment directed at it is on record in what could be retrieved."
    )
    assert "in what could be retrieved" not in phase(a_relapsed_child().knowing(data_gaps=("allergies",))).because


@pytest.mark.parametrize("event", ["progression", "refractory"])
def test_given_progression_or_refractory_disease_untreated_when_asked_then_it_is_reinduction(event: str) -> None:
    """Table F: re-induction is entered from A4 to A7."""
    assert kind(a_relapsed_child().with_event(event)) == "reinduction"


def test_given_a_later_relapse_when_asked_then_it_is_salvage() -> None:
    """Row A7: BEACON2 part 2 or salvage."""
    assert kind(a_relapsed_child().relapsed_again()) == "salvage"


def test_given_progression_after_an_earlier_relapse_line_when_asked_then_it_is_salvage() -> None:
    child = a_relapsed_child().progressed().treated_with("temozolomide", start=date(2026, 3, 1))

    assert kind(child) == "salvage"


@pytest.mark.parametrize(("days_before", "expected"), [(28, "unknown"), (29, "salvage")])
def test_given_a_line_around_the_event_when_asked_then_28_days_divide_this_event_from_an_earlier_one(
    days_before: int, expected: str
) -> None:
    """Engineering choice: 28 days. Within them the line treats this event and its response is asked for."""
    child = a_relapsed_child().progressed().treated_with("topotecan", start=RELAPSE - timedelta(days=days_before))

    assert kind(child) == expected


def test_given_a_line_without_a_start_when_asked_then_it_counts_for_this_event() -> None:
    assert kind(a_relapsed_child().treated_with("topotecan", start=None)) == "unknown"


def test_given_an_undated_event_when_a_line_has_a_start_then_the_line_counts_for_it() -> None:
    assert kind(a_relapsed_child().relapsed(on=None).treated_with("topotecan")) == "unknown"


# ------------------------------------------------------------------ what the chart calls response


@pytest.mark.parametrize("category", ["PD", "SD"])
def test_given_pd_or_sd_around_the_event_without_treatment_when_asked_then_it_describes_the_event(
    category: str,
) -> None:
    assert kind(a_relapsed_child().responded(category, on=RELAPSE + timedelta(days=28))) == "reinduction"


def test_given_pd_long_after_the_event_without_treatment_when_asked_then_the_phase_is_asked_for() -> None:
    answer = phase(a_relapsed_child().responded("PD", on=RELAPSE + timedelta(days=29)))

    assert answer.kind.value == "unknown"
    assert answer.missing == ("treatment_lines",)


def test_given_an_undated_pd_without_treatment_when_asked_then_it_describes_the_event() -> None:
    assert kind(a_relapsed_child().responded("PD", on=None)) == "reinduction"


def test_given_pd_without_treatment_and_without_event_date_when_asked_then_it_describes_the_event() -> None:
    assert kind(a_relapsed_child().relapsed(on=None).responded("PD")) == "reinduction"


def test_given_a_response_after_the_event_without_treatment_on_record_when_asked_then_the_response_counts() -> None:
    assert kind(a_relapsed_child().responded("PR")) == "consolidation"


def test_given_an_undated_response_without_treatment_on_record_when_asked_then_it_does_not_count() -> None:
    assert kind(a_relapsed_child().responded("PR", on=None)) == "reinduction"


@pytest.mark.parametrize(("days", "expected"), [(0, "consolidation"), (-1, "reinduction")])
def test_given_a_remission_from_before_the_relapse_when_asked_then_it_does_not_count(days: int, expected: str) -> None:
    assert kind(a_relapsed_child().responded("CR", on=RELAPSE + timedelta(days=days))) == expected


@pytest.mark.parametrize(("days", "expected"), [(0, "salvage"), (-1, "on_treatment")])
def test_given_pd_from_before_the_present_line_when_asked_then_it_does_not_count(days: int, expected: str) -> None:
    child = a_relapsed_child().on_regimen("TOPOCY", cycles=1, since_evaluation=1)

    assert kind(child.responded("PD", on=LINE_START + timedelta(days=days))) == expected


def test_given_an_undated_pd_under_treatment_when_asked_then_it_is_salvage() -> None:
    answer = phase(a_relapsed_child().on_regimen("DB_TTO", cycles=2).responded("PD", on=None))

    assert (answer.kind.value, answer.because) == ("salvage", "Progressive disease on an unknown date.")


def test_given_contradicting_responses_under_treatment_when_asked_then_the_phase_is_asked_for() -> None:
    both = (ResponseResult(Response.PR), ResponseResult(Response.SD))
    child = a_relapsed_child().on_regimen("DB_TTO", cycles=2).conflicting("response", *both)

    answer = phase(child)

    assert answer.kind.value == "unknown"
    assert answer.missing == ("response",)


def test_given_contradicting_responses_from_before_the_line_when_asked_then_they_do_not_count() -> None:
    both = (ResponseResult(Response.PR), ResponseResult(Response.SD))
    old = Conflicting(both, (), LINE_START - timedelta(days=1))
    child = a_relapsed_child().on_regimen("DB_TTO", cycles=1, since_evaluation=1).knowing(response=old)

    assert kind(child) == "on_treatment"


def test_given_contradicting_responses_without_treatment_when_asked_then_it_is_reinduction() -> None:
    both = (ResponseResult(Response.PR), ResponseResult(Response.SD))

    assert kind(a_relapsed_child().conflicting("response", *both)) == "reinduction"


# ------------------------------------------------------------------ under treatment: evaluation every two cycles


@pytest.mark.parametrize(("cycles", "expected"), [(1, "on_treatment"), (2, "evaluation_due"), (3, "evaluation_due")])
def test_given_a_running_regimen_when_cycles_pass_then_the_evaluation_is_due_at_two(cycles: int, expected: str) -> None:
    """Table F: every 2 cycles; no-repeat rule."""
    assert kind(a_relapsed_child().on_regimen("DB_TTO", cycles, cycles)) == expected


def test_given_a_regimen_not_on_file_when_it_runs_then_it_is_not_named_by_its_state() -> None:
    answer = phase(a_relapsed_child().on_regimen("other", 1, 1))

    assert answer.because == "On the present treatment; the next evaluation is not due."


def test_given_no_count_since_evaluation_when_none_was_made_then_all_cycles_count() -> None:
    assert kind(a_relapsed_child().on_regimen("DB_TTO", cycles=2)) == "evaluation_due"
    assert kind(a_relapsed_child().on_regimen("DB_TTO", cycles=1)) == "on_treatment"


def test_given_neither_cycles_nor_response_when_a_regimen_runs_then_the_phase_is_asked_for() -> None:
    answer = phase(a_relapsed_child().on_regimen("DB_TTO"))

    assert answer.kind.value == "unknown"
    assert answer.missing == ("response", "cycles_since_evaluation")
    assert (
        answer.because
        == "Neither the cycles of Dinutuximab beta + topotecan + temozolomide nor its response are on record."
    )


def test_given_a_regimen_without_lines_on_record_when_it_runs_then_treatment_has_begun() -> None:
    child = a_child().relapsed().high_risk().knowing(active_regimen=Known("DB_TTO"))

    assert kind(child) == "unknown"


def test_given_an_ended_line_without_response_when_asked_then_the_response_is_asked_for() -> None:
    answer = phase(a_relapsed_child().treated_with("topotecan", "temozolomide", end=EVALUATED))

    assert answer.kind.value == "unknown"
    assert answer.missing == ("response",)


@pytest.mark.parametrize(("since", "expected"), [(1, "consolidation"), (2, "evaluation_due")])
def test_given_a_response_when_two_more_cycles_ran_then_the_evaluation_comes_first(since: int, expected: str) -> None:
    """No-repeat rule: evaluation due gives the evaluation card, not a regimen card."""
    child = a_relapsed_child().on_regimen("DB_TTO", cycles=4, since_evaluation=since).responded("PR")

    assert kind(child) == expected


def test_given_an_evaluated_line_that_has_ended_when_the_count_is_high_then_no_evaluation_is_due() -> None:
    child = a_relapsed_child().treated_with(regimen="DB_TTO").responded("PR").knowing(cycles_since_evaluation=Known(2))

    assert kind(child) == "consolidation"


# ------------------------------------------------------------------ after evaluation


@pytest.mark.parametrize(
    ("category", "expected"),
    [("CR", "consolidation"), ("PR", "consolidation"), ("MR", "salvage"), ("SD", "salvage"), ("PD", "salvage")],
)
def test_given_six_cycles_when_evaluated_then_only_cr_and_pr_lead_to_consolidation(
    category: str, expected: str
) -> None:
    """Table C: a minor response is not an objective response (engineering choice)."""
    child = a_relapsed_child().on_regimen("DB_TTO", cycles=6, since_evaluation=0).responded(category)

    assert kind(child) == expected


@pytest.mark.parametrize("category", ["SD", "MR"])
@pytest.mark.parametrize(
    ("cycles", "expected"),
    [
        (2, "on_treatment"),
        (3, "on_treatment"),
        (4, "alternatives"),
        (5, "alternatives"),
        (6, "salvage"),
        (7, "salvage"),
    ],
)
def test_given_stable_disease_when_cycles_pass_then_the_stop_rule_holds(
    category: str, cycles: int, expected: str
) -> None:
    """Stop rule: SD at 2 go on, at 4 show alternatives, at 6 insufficient; table F sends MR to the same rule."""
    child = a_relapsed_child().on_regimen("DB_TTO", cycles=cycles, since_evaluation=0).responded(category)

    assert kind(child) == expected


def test_given_stable_disease_when_the_cycles_are_unknown_then_they_are_asked_for() -> None:
    answer = phase(a_relapsed_child().on_regimen("DB_TTO").responded("SD"))

    assert answer.kind.value == "unknown"
    assert answer.missing == ("cycles_given",)
    assert answer.because == "SD on 2026-11-16; how many cycles were given is not on record."


def test_given_consolidation_under_way_when_evaluated_pr_then_the_child_stays_on_it() -> None:
    child = a_relapsed_child().on_regimen("DB_LTI", cycles=1, since_evaluation=0).responded("PR")

    assert kind(child) == "on_treatment"


@pytest.mark.parametrize("category", ["CR", "PR", "SD"])
def test_given_completed_consolidation_when_the_disease_is_held_then_it_is_maintenance(category: str) -> None:
    """Table F: maintenance from CR or PR (or SD) after consolidation."""
    child = a_relapsed_child().treated_with(regimen="DB_LTI").responded(category).having(consolidation_done="yes")

    assert kind(child) == "maintenance"


def test_given_completed_consolidation_when_the_disease_progresses_then_it_is_salvage() -> None:
    child = a_relapsed_child().treated_with(regimen="DB_LTI").responded("PD").having(consolidation_done="yes")

    assert kind(child) == "salvage"


@pytest.mark.parametrize("evaluated", [True, False])
def test_given_maintenance_under_way_when_asked_then_cycles_do_not_make_an_evaluation_due(evaluated: bool) -> None:
    """Table F: imaging in maintenance at the centre's interval."""
    child = a_relapsed_child().on_regimen("EFLORNITHINE", cycles=6, since_evaluation=6)
    child = child.responded("CR").having(consolidation_done="yes") if evaluated else child

    assert kind(child) == "on_treatment"


def test_given_a_regimen_that_evidence_speaks_against_when_it_runs_then_the_options_are_shown() -> None:
    """ANBL1821: eflornithine together with dinutuximab, irinotecan, temozolomide."""
    answer = phase(a_relapsed_child().on_regimen("DIT_DFMO", 1, 1))

    assert answer.kind.value == "reinduction"
    assert answer.decided_by == ("active_regimen",)


# ------------------------------------------------------------------ in remission


def test_given_a_relapse_in_remission_when_consolidation_is_done_then_it_is_maintenance() -> None:
    """Row A9: maintenance and follow-up logic only."""
    assert kind(a_child().with_event("in_remission").high_risk().having(consolidation_done="yes")) == "maintenance"


def test_given_a_relapse_in_remission_when_consolidation_is_not_done_then_nothing_is_asked() -> None:
    assert kind(a_child().with_event("in_remission").high_risk().having(consolidation_done="no")) == "on_treatment"


def test_given_a_relapse_in_remission_when_consolidation_is_unknown_then_it_is_missing() -> None:
    answer = phase(a_child().with_event("in_remission").high_risk())

    assert (answer.kind.value, answer.missing) == ("unknown", ("consolidation_done",))


def test_given_a_relapse_in_remission_when_maintenance_runs_then_the_child_is_on_treatment() -> None:
    child = a_child().with_event("in_remission").high_risk().having(consolidation_done="yes")

    assert kind(child.knowing(active_regimen=Known("EFLORNITHINE"))) == "on_treatment"


def test_given_a_response_from_text_when_asked_then_it_counts_like_a_coded_one() -> None:
    """Response may be text; the card then asks to confirm it."""
    read = Known(ResponseResult(Response.PR, Criteria.UNSTATED), (), EVALUATED, Confidence.TEXT)

    assert kind(a_relapsed_child().on_regimen("DB_TTO", 4, 0).knowing(response=read)) == "consolidation"


def test_given_a_response_that_could_not_be_read_when_a_line_ended_then_it_is_asked_for() -> None:
    child = a_relapsed_child().treated_with("topotecan").not_knowing("response", why=Why.UNREADABLE)

    assert kind(child) == "unknown"


@pytest.mark.parametrize(("category", "expected"), [("SD", "reinduction"), ("PR", "consolidation")])
def test_given_a_regimen_that_should_not_run_when_it_was_evaluated_then_only_a_response_moves_on(
    category: str, expected: str
) -> None:
    assert kind(a_relapsed_child().on_regimen("DIT_DFMO", 2, 0).responded(category)) == expected


# ------------------------------------------------------------------ on treatment, transplant


def test_given_stable_disease_when_no_regimen_runs_then_going_on_is_not_assumed() -> None:
    stopped = a_relapsed_child().treated_with("topotecan").after(2).responded("SD")

    assert kind(stopped) == "unknown"
    assert phase(stopped).missing == ("active_regimen",)
    assert kind(a_relapsed_child().on_regimen("DB_TTO", 2, 0).responded("SD")) == "on_treatment"


TRANSPLANTED = (
    a_relapsed_child()
    .treated_with("topotecan", regimen="DB_TTO", start=date(2026, 3, 1))
    .relapsed(date(2026, 2, 1))
    .treated_with(regimen="HAPLO_SCT_DB", start=date(2026, 9, 1))
)


def test_given_a_response_before_a_transplant_when_asked_then_consolidation_goes_on() -> None:
    """FLAADT-ASCO: the antibody began 60 to 180 days after transplant."""
    answer = phase(TRANSPLANTED.responded("PR", date(2026, 7, 20)))

    assert answer.kind.value == "consolidation"
    assert answer.because == (
        "Haploidentical transplant of 2026-09-01; PR on 2026-07-20; no antibody after it is on record."
    )


def test_given_a_transplant_when_its_antibody_was_given_then_consolidation_may_be_completed() -> None:
    child = TRANSPLANTED.treated_with("dinutuximab beta", regimen="DB_LTI", start=date(2026, 11, 10))
    child = child.responded("PR", date(2026, 11, 20)).having(consolidation_done="yes")

    assert kind(child) == "maintenance"


def test_given_a_transplant_without_a_date_when_asked_then_the_sentence_has_none() -> None:
    child = a_relapsed_child().treated_with(regimen="HAPLO_SCT_DB", start=None).responded("PR")

    assert phase(child).because.startswith("Haploidentical transplant; PR")


def test_given_a_transplant_and_stable_disease_when_asked_then_it_is_no_consolidation_by_that() -> None:
    assert kind(TRANSPLANTED.responded("SD", date(2026, 7, 20)).after(2)) == "unknown"


def test_given_a_consolidation_that_may_be_over_when_there_is_a_response_then_the_phase_is_asked() -> None:
    """Hazard: a child after its consolidation is told to plan one, as after re-induction."""
    given = Unknown(Why.INDETERMINATE, ("medications",), ("MedicationRequest/naxitamab",))
    child = a_relapsed_child().treated_with("naxitamab").responded("CR")

    answer = phase(child.knowing(consolidation_done=given))

    assert (answer.kind.value, answer.missing) == ("unknown", ("consolidation_done",))
    assert kind(child.not_knowing("consolidation_done")) == "consolidation"
    assert kind(child.having(consolidation_done="no")) == "consolidation"
