"""When the response is evaluated, and the phase that is asked for instead of guessed."""

from __future__ import annotations

import pytest

from hooks.facts.fact import Known, Unknown, Why
from hooks.pathways.relapsed_neuroblastoma.facts import WorkupItem, WorkupState
from hooks.pathways.relapsed_neuroblastoma.rules.evaluation import response_evaluation_due
from hooks.recommendation import OrderKind, Topic
from tests.spec.children import EVALUATED, Child, a_child, a_relapsed_child
from tests.spec.outcomes import fired, missing_names, says, silent, undetermined, used_names

TWO_CYCLES = a_relapsed_child().on_regimen("DB_TTO", cycles=2, since_evaluation=2)


def items(child: Child) -> list[str]:
    return [order.item for order in fired(response_evaluation_due, child).orders]


def test_given_two_cycles_when_the_evaluation_is_due_then_scan_imaging_and_marrow_are_offered() -> None:
    """Table F: every 2 cycles (TOTEM; ANBL1221 after 2, 4, 6)."""
    card = fired(response_evaluation_due, TWO_CYCLES)

    assert card.topic is Topic.RESPONSE_EVALUATION
    assert (
        card.summary
        == "Evaluate response: 2 cycles of Dinutuximab beta + topotecan + temozolomide since the last evaluation"
    )
    assert card.why_now == ("2 cycles of Dinutuximab beta + topotecan + temozolomide since the last evaluation.",)
    assert [order.item for order in card.orders] == ["MIBG_SCAN", "CROSS_SECTIONAL_IMAGING", "BONE_MARROW"]
    assert {order.kind for order in card.orders} == {OrderKind.SERVICE_REQUEST}
    assert {order.reason for order in card.orders} == {("Condition/nb1",)}
    assert card.options == ()
    assert card.evidence == ("INRC", "TOTEM", "ANBL1221-UTSW", "PDQ")
    assert says(card.points, "catecholamines do not count")
    assert says(card.points, "Palliative care")
    assert {"active_regimen", "cycles_given", "cycles_since_evaluation"} <= set(used_names(card))
    assert missing_names(card) == ["mibg_avidity"]


def test_given_a_regimen_with_a_long_name_when_the_evaluation_is_due_then_the_summary_keeps_its_room() -> None:
    child = (
        a_relapsed_child().on_regimen("DINUTUXIMAB_FIRSTLINE", cycles=2, since_evaluation=2).responded("CR", on=None)
    )

    assert fired(response_evaluation_due, child).summary == (
        "Evaluate response: 2 cycles of the present treatment since the last evaluation (CR on an unknown date)"
    )


def test_given_one_cycle_when_asked_then_the_rule_is_silent() -> None:
    answer = silent(response_evaluation_due, a_relapsed_child().on_regimen("DB_TTO", 1, 1))

    assert answer.decided_by == ("active_regimen", "cycles_since_evaluation")


def test_given_an_earlier_evaluation_when_the_next_is_due_then_the_summary_names_it() -> None:
    child = a_relapsed_child().on_regimen("DB_TTO", cycles=4, since_evaluation=2).responded("PR")

    summary = fired(response_evaluation_due, child).summary

    assert summary == (
        "Evaluate response: 2 cycles of Dinutuximab beta + topotecan + temozolomide since the last evaluation "
        "(PR on 2026-11-16)"
    )


def test_given_disease_that_is_not_avid_when_the_evaluation_is_due_then_fdg_replaces_mibg() -> None:
    """Row D5 (PDQ)."""
    assert items(TWO_CYCLES.mibg("non_avid")) == ["FDG_PET", "CROSS_SECTIONAL_IMAGING", "BONE_MARROW"]
    assert items(TWO_CYCLES.mibg("avid"))[0] == "MIBG_SCAN"


@pytest.mark.parametrize(("state", "offered"), [(WorkupState.ORDERED, False), (WorkupState.DONE, True)])
def test_given_a_scan_when_it_is_ordered_then_it_is_not_offered_again_but_an_old_one_is_repeated(
    state: WorkupState, offered: bool
) -> None:
    child = TWO_CYCLES.knowing(workup={WorkupItem.MIBG_SCAN: Known(state)})

    assert ("MIBG_SCAN" in items(child)) is offered


def test_given_no_cycles_and_no_response_when_asked_then_the_phase_is_asked_for() -> None:
    """Table 8.1: phase unknown, show the phase question, not a guess."""
    answer = undetermined(response_evaluation_due, a_relapsed_child().on_regimen("DB_TTO"))

    assert [gap.fact for gap in answer.missing] == ["response", "cycles_since_evaluation"]
    assert answer.card is not None
    assert answer.card.topic is Topic.RESPONSE_EVALUATION
    assert answer.card.summary == (
        "Which phase of treatment? Response or cycles are not on record: first relapse of 2026-09-10"
    )
    assert answer.card.options == ()
    assert answer.card.orders == ()
    assert says(
        answer.card.why_now,
        "Neither the cycles of Dinutuximab beta + topotecan + temozolomide nor its response are on record.",
    )
    assert says(answer.card.points, "Palliative care")
    assert (
        answer.because
        == "Neither the cycles of Dinutuximab beta + topotecan + temozolomide nor its response are on record."
    )


def test_given_contradicting_responses_when_asked_then_the_contradiction_is_the_gap() -> None:
    child = a_relapsed_child().on_regimen("DB_TTO", 2).conflicting("response", "PR", "SD")

    answer = undetermined(response_evaluation_due, child)

    assert [(gap.fact, gap.why) for gap in answer.missing] == [("response", "conflicting")]

    assert answer.card is not None
    assert answer.card.summary == (
        "Which phase of treatment? Statements on response disagree, confirm: first relapse of 2026-09-10"
    )


@pytest.mark.parametrize(
    ("category", "criteria", "words"),
    [
        ("MR", "unstated", "minor or mixed response"),
        ("MR", "INRC 2017", "minor response"),
        ("SD", "unstated", "stable disease"),
    ],
)
def test_given_a_response_without_cycles_when_the_phase_is_asked_then_the_response_is_not_called_missing(
    category: str, criteria: str, words: str
) -> None:
    child = a_relapsed_child().on_regimen("DB_TTO").responded(category, criteria=criteria)

    card = undetermined(response_evaluation_due, child).card

    assert card is not None
    assert card.summary == (
        f"Which phase of treatment? {words} on 2026-11-16; cycles not on record: first relapse of 2026-09-10"
    )


def test_given_stable_disease_and_nothing_running_when_asked_then_the_running_treatment_is_the_question() -> None:
    child = a_relapsed_child().treated_with("topotecan").after(1).responded("SD")

    card = undetermined(response_evaluation_due, child).card

    assert card is not None
    assert "no running treatment on record" in card.summary
    assert says(card.why_now, "SD on 2026-11-16, after 1 cycle; no treatment is seen to run")


def test_given_a_response_and_no_treatment_when_the_phase_is_asked_then_its_treatment_is_the_question() -> None:
    card = undetermined(response_evaluation_due, a_relapsed_child().responded("SD")).card

    assert card is not None
    assert "stable disease on 2026-11-16; its treatment is not on record" in card.summary


def test_given_a_consolidation_that_may_be_over_when_the_phase_is_asked_then_that_is_the_question() -> None:
    given = Unknown(Why.INDETERMINATE, ("medications",), ("MedicationRequest/naxitamab",))
    child = a_relapsed_child().treated_with("naxitamab").responded("CR").knowing(consolidation_done=given)

    card = undetermined(response_evaluation_due, child).card

    assert card is not None
    assert "complete response on 2026-11-16; whether its consolidation ran its course is open" in card.summary


def test_given_a_relapse_in_remission_when_consolidation_is_unknown_then_no_card_is_shown() -> None:
    """Row A9: follow-up only; a gap is no card at every opening of the chart."""
    answer = undetermined(response_evaluation_due, a_child().with_event("in_remission").high_risk())

    assert answer.card is None
    assert [gap.fact for gap in answer.missing] == ["consolidation_done"]


@pytest.mark.parametrize("event", ["suspected_relapse", "residual_stable", "none"])
def test_given_no_active_relapse_when_asked_then_the_rule_is_silent(event: str) -> None:
    silent(response_evaluation_due, TWO_CYCLES.with_event(event))


def test_given_an_untreated_relapse_when_asked_then_the_rule_is_silent() -> None:
    silent(response_evaluation_due, a_relapsed_child())


def test_given_no_risk_group_when_the_evaluation_is_due_then_it_is_still_said() -> None:
    """Table 8.1 withholds regimens, not the evaluation."""
    assert items(TWO_CYCLES.not_knowing("risk_group")) == ["MIBG_SCAN", "CROSS_SECTIONAL_IMAGING", "BONE_MARROW"]


def test_given_an_evaluation_without_date_when_the_next_is_due_then_the_summary_says_so() -> None:
    child = a_relapsed_child().on_regimen("DB_TTO", cycles=4, since_evaluation=2).responded("PR", on=None)

    assert fired(response_evaluation_due, child).summary.endswith("(PR on an unknown date)")


def test_given_an_evaluation_of_today_when_asked_then_nothing_is_due() -> None:
    child = a_relapsed_child().on_regimen("DB_TTO", cycles=4, since_evaluation=0).responded("SD", on=EVALUATED)

    silent(response_evaluation_due, child)
