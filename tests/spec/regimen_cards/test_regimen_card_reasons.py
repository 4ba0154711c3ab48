"""Why a regimen card speaks or stays away: its rule, its gaps and the reason of the phase, every word exact."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hooks.facts.fact import Why
from hooks.pathways.relapsed_neuroblastoma.facts import Response
from hooks.pathways.relapsed_neuroblastoma.knowledge import KNOWLEDGE
from hooks.pathways.relapsed_neuroblastoma.rules.consolidation import consolidation_options, maintenance_options
from hooks.pathways.relapsed_neuroblastoma.rules.evaluation import response_evaluation_due
from hooks.pathways.relapsed_neuroblastoma.rules.phase import is_objective, phase_of
from hooks.pathways.relapsed_neuroblastoma.rules.reinduction import reinduction_options
from hooks.pathways.relapsed_neuroblastoma.rules.salvage import salvage_options
from tests.spec.children import Child, a_child, a_relapsed_child
from tests.spec.outcomes import RegimenRule, fired, missing_names, silent, undetermined, used_names

EU = a_relapsed_child().in_jurisdiction("EU")
RESPONDING = EU.on_regimen("DB_TTO", 6, 0).responded("PR")
CONSOLIDATED = EU.treated_with(regimen="DB_LTI").responded("CR").having(consolidation_done="yes")
SPEAKING: list[tuple[RegimenRule, Child]] = [
    (reinduction_options, EU),
    (consolidation_options, RESPONDING),
    (maintenance_options, CONSOLIDATED),
    (salvage_options, EU.relapsed_again()),
    (response_evaluation_due, EU.on_regimen("DB_TTO", 2, 2)),
]


@pytest.mark.parametrize(("rule", "child"), SPEAKING, ids=lambda item: getattr(item, "__name__", ""))
def test_given_a_card_when_it_is_traced_then_it_names_the_rule_that_wrote_it(rule: RegimenRule, child: Child) -> None:
    assert fired(rule, child).rule == rule.__name__


@pytest.mark.parametrize(("rule", "child"), SPEAKING[:4], ids=lambda item: getattr(item, "__name__", ""))
def test_given_a_gap_card_when_it_is_traced_then_it_names_the_rule_that_wrote_it(
    rule: RegimenRule, child: Child
) -> None:
    card = undetermined(rule, child.not_knowing("risk_group")).card

    assert card is not None
    assert card.rule == rule.__name__


# ------------------------------------------------------------------ the gap: risk group


def test_given_no_risk_group_when_the_gap_is_written_then_every_word_of_it_is_exact() -> None:
    answer = undetermined(reinduction_options, EU.not_knowing("risk_group"))
    because = (
        "Risk group at diagnosis not on record: the regimens of this pathway are for originally high-risk disease."
    )

    assert answer.because == because
    assert answer.card is not None
    assert answer.card.why_now == (because, "Disease event: first relapse; no treatment directed at it is on record.")
    assert used_names(answer.card) == ["diagnosis", "disease_event"]
    assert answer.card.evidence == ("PDQ",)
    assert [gap.why for gap in answer.missing] == [Why.NOT_FOUND]


def test_given_stage_and_diagnosis_date_when_the_risk_group_is_missing_then_they_are_shown() -> None:
    """A wrong or missing risk group is best met with the facts that lead to it (table B)."""
    child = EU.not_knowing("risk_group").conflicting("stage", "M", "MS")

    card = undetermined(reinduction_options, child).card

    assert card is not None
    assert [(gap.fact, gap.why) for gap in card.missing] == [
        ("risk_group", "not found"),
        ("stage", "conflicting"),
        ("diagnosis_date", "not found"),
    ]


def test_given_the_phase_question_when_it_is_written_then_every_word_of_it_is_exact() -> None:
    answer = undetermined(response_evaluation_due, EU.on_regimen("DB_TTO").mibg("avid"))

    assert answer.card is not None
    assert answer.card.rule == "response_evaluation_due"
    assert answer.card.why_now == (
        "Neither the cycles of Dinutuximab beta + topotecan + temozolomide nor its response are on record.",
        "Re-induction, consolidation, maintenance or salvage cannot be told apart without it.",
    )
    assert used_names(answer.card) == [
        "diagnosis",
        "disease_event",
        "event_date",
        "treatment_lines",
        "active_regimen",
    ]
    assert missing_names(answer.card) == ["response", "cycles_since_evaluation"]
    assert answer.card.evidence == ("INRC", "TOTEM", "ANBL1221-UTSW", "PDQ")
    assert len(answer.card.points) == 2


# ------------------------------------------------------------------ reasons of the phase


@pytest.mark.parametrize(
    ("child", "because", "decided_by"),
    [
        (
            EU.on_regimen("DB_TTO", 2, 2),
            "2 cycles of Dinutuximab beta + topotecan + temozolomide since the last evaluation.",
            ("active_regimen", "cycles_since_evaluation", "cycles_given"),
        ),
        (RESPONDING, "PR on 2026-11-16 after re-induction.", ("response",)),
        (CONSOLIDATED, "Consolidation is completed; CR on 2026-11-16.", ("response", "consolidation_done")),
        (
            EU.on_regimen("DB_TTO", 6, 0).responded("SD"),
            "Insufficient response: SD on 2026-11-16, after 6 cycles.",
            ("response", "cycles_given"),
        ),
        (
            EU.on_regimen("DB_TTO", 4, 0).responded("SD"),
            "SD on 2026-11-16, after 4 cycles.",
            ("response", "cycles_given"),
        ),
        (
            EU.on_regimen("DB_TTO", 2, 0).responded("SD"),
            "SD on 2026-11-16, after 2 cycles: go on and evaluate again.",
            ("response", "cycles_given"),
        ),
        (
            EU.relapsed_again(),
            "The disease came back or progressed after treatment of an earlier relapse (later relapse).",
            ("disease_event", "event_date", "treatment_lines"),
        ),
        (
            EU.treated_with("topotecan"),
            "Treatment of this event is on record, its response is not.",
            ("response",),
        ),
        (
            EU.on_regimen("DB_TTO").conflicting("response", "PR", "SD"),
            "The chart's statements on response contradict each other.",
            ("response",),
        ),
        (
            EU.responded("PD"),
            "A response is on record but no treatment of this event.",
            ("treatment_lines",),
        ),
        (
            a_child().with_event("in_remission").having(consolidation_done="yes"),
            "The relapse is in remission and consolidation is completed.",
            ("disease_event", "consolidation_done"),
        ),
        (
            a_child().with_event("in_remission").having(consolidation_done="no"),
            "The relapse is in remission; consolidation is not completed.",
            ("disease_event", "consolidation_done"),
        ),
        (
            a_child().with_event("in_remission"),
            "The relapse is in remission; whether consolidation was given is not on record.",
            ("consolidation_done",),
        ),
    ],
)
def test_given_a_phase_when_it_is_explained_then_reason_and_deciding_facts_are_exact(
    child: Child, because: str, decided_by: tuple[str, ...]
) -> None:
    answer = phase_of(child.facts(), KNOWLEDGE)

    assert (answer.because, answer.decided_by) == (because, decided_by)


@pytest.mark.parametrize("rule", [reinduction_options, consolidation_options, maintenance_options, salvage_options])
def test_given_another_phase_when_a_rule_is_silent_then_it_says_what_decided(rule: RegimenRule) -> None:
    answer = silent(rule, EU.on_regimen("DB_TTO", 1, 1))

    assert answer.because == "On Dinutuximab beta + topotecan + temozolomide; the next evaluation is not due."
    assert answer.decided_by == ("active_regimen", "cycles_since_evaluation")


def test_given_the_evaluation_rule_when_it_is_silent_then_it_says_what_decided() -> None:
    answer = silent(response_evaluation_due, RESPONDING)

    assert (answer.because, answer.decided_by) == ("PR on 2026-11-16 after re-induction.", ("response",))


def test_given_fewer_cycles_since_evaluation_than_given_when_not_yet_evaluated_then_the_count_holds() -> None:
    assert phase_of(EU.on_regimen("DB_TTO", 3, 1).facts(), KNOWLEDGE).kind == "on_treatment"


@pytest.mark.parametrize(("choice", "objective"), [(0, False), (1, True)])
def test_given_the_engineering_choice_on_minor_response_when_it_is_turned_then_mr_follows(
    choice: int, objective: bool
) -> None:
    """Table C: MR not objective by default."""
    turned = KNOWLEDGE.engineering.minor_response_is_objective.model_copy(update={"value": choice})
    engineering = KNOWLEDGE.engineering.model_copy(update={"minor_response_is_objective": turned})

    assert is_objective(Response.MR, replace(KNOWLEDGE, engineering=engineering)) is objective


def test_given_a_regimen_that_should_not_run_when_it_brought_a_minor_response_then_the_options_are_shown() -> None:
    assert phase_of(EU.on_regimen("DIT_DFMO", 2, 0).responded("MR").facts(), KNOWLEDGE).kind == "reinduction"
