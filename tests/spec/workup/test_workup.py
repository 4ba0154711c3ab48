"""What is offered of the work-up, and when it is not offered again."""

from __future__ import annotations

import pytest

from hooks.facts.fact import Confidence, Known, Why
from hooks.pathways.relapsed_neuroblastoma.facts import (
    MYCN,
    Facts,
    Molecular,
    UnreadableReport,
    WorkupItem,
    WorkupState,
)
from hooks.pathways.relapsed_neuroblastoma.knowledge import KNOWLEDGE
from hooks.pathways.relapsed_neuroblastoma.rules.workup import molecular_report_unreadable, relapse_workup_due
from hooks.recommendation import Fired, Recommendation, Silent, Topic
from tests.spec.children import AS_OF, RELAPSE, Child, a_child, a_relapsed_child

READ = a_relapsed_child().with_mycn("not_amplified").with_alk("negative")
"""A child whose MYCN and ALK are read on tissue of this relapse."""
EVERYTHING = {item: Known(WorkupState.DONE) for item in WorkupItem}


def card(child: Child) -> Recommendation:
    outcome = relapse_workup_due(child.facts(), KNOWLEDGE, AS_OF)
    assert isinstance(outcome, Fired)
    return outcome.recommendation


def items(child: Child) -> list[str]:
    return [order.item for order in card(child).orders]


def workup(**states: WorkupState) -> dict[WorkupItem, Known[WorkupState]]:
    return {WorkupItem[name]: Known(state) for name, state in states.items()}


def test_given_an_untouched_first_relapse_when_the_workup_is_due_then_biopsy_comes_first_and_all_is_offered() -> None:
    """Table D, rows D1, D5, D6, D7 and the molecular panel; FDG-PET only if known not avid."""
    assert items(a_relapsed_child()) == [
        "RELAPSE_BIOPSY",
        "MOLECULAR_PANEL",
        "MIBG_SCAN",
        "CROSS_SECTIONAL_IMAGING",
        "BONE_MARROW",
        "GD2_EXPRESSION",
        "TUMOUR_BOARD",
    ]


def test_given_a_dated_relapse_when_the_card_is_written_then_the_summary_names_act_event_and_date() -> None:
    summary = card(a_relapsed_child()).summary

    assert summary == "Biopsy and characterise molecularly: first relapse of 2026-09-10"


def test_given_any_child_when_the_card_is_written_then_what_it_does_not_apply_to_is_said_as_a_condition() -> None:
    """Hazard: "does not apply when: not when ..." is read the wrong way round."""
    written = card(a_relapsed_child())

    assert [line.partition(";")[0].partition(":")[0] for line in written.not_when] == [
        "Tissue is out of reach",
        "The biopsy is not feasible",
    ]
    assert any(line.startswith("Palliative care should be considered") for line in written.points)


def test_given_an_undated_relapse_when_the_card_is_written_then_it_says_so_and_still_fires() -> None:
    """Table 8.1: an event without a date may fire the biopsy card."""
    found = card(a_child().relapsed(on=None).high_risk())

    assert "date not on record" in found.summary
    assert "event_date" in [gap.fact for gap in found.missing]


def test_given_refractory_disease_when_the_card_is_written_then_it_does_not_speak_of_relapse() -> None:
    """Row A6: do not write "relapse" for refractory disease."""
    found = card(a_child().refractory().high_risk())

    assert "refractory disease" in found.summary
    assert "relapse" not in found.summary


def test_given_a_non_avid_tumour_when_the_workup_is_due_then_pet_replaces_mibg() -> None:
    """Row D5."""
    offered = items(a_relapsed_child().mibg("non_avid"))

    assert "FDG_PET" in offered
    assert "MIBG_SCAN" not in offered


@pytest.mark.parametrize("state", [WorkupState.DONE, WorkupState.ORDERED])
def test_given_a_biopsy_done_or_ordered_when_the_workup_is_due_then_it_is_not_offered_again(state: WorkupState) -> None:
    child = a_relapsed_child().knowing(workup=workup(BIOPSY=state))

    assert "RELAPSE_BIOPSY" not in items(child)
    assert "olecular" in card(child).summary


def test_given_only_the_marrow_missing_when_the_workup_is_due_then_only_the_marrow_is_offered() -> None:
    child = READ.knowing(workup={k: v for k, v in EVERYTHING.items() if k is not WorkupItem.MARROW})

    assert items(child) == ["BONE_MARROW"]
    assert card(child).summary.startswith("Complete the work-up")


def test_given_everything_done_when_the_workup_is_asked_for_then_it_is_silent() -> None:
    outcome = relapse_workup_due(READ.knowing(workup=EVERYTHING).facts(), KNOWLEDGE, AS_OF)

    assert isinstance(outcome, Silent)


def test_given_mycn_and_alk_read_at_relapse_when_the_workup_is_due_then_no_panel_is_offered() -> None:
    child = a_relapsed_child().with_mycn("not_amplified").with_alk("negative")

    assert "MOLECULAR_PANEL" not in items(child)
    assert card(child).summary.startswith("Biopsy an active lesion")


def test_given_alk_negative_before_relapse_when_the_workup_is_due_then_the_panel_is_offered_and_the_gap_named() -> None:
    """Hazard: a stale biomarker is taken for the present one."""
    child = a_relapsed_child().with_mycn("not_amplified").with_alk("negative", timing="pre_relapse")

    assert "MOLECULAR_PANEL" in items(child)
    assert [gap.label for gap in card(child).missing if gap.fact == "alk"] == [
        "ALK: negative, specimen taken before this relapse, 2026-09-18: confirm on current tissue"
    ]


def test_given_gd2_read_at_relapse_when_the_workup_is_due_then_gd2_is_not_offered() -> None:
    assert "GD2_EXPRESSION" not in items(a_relapsed_child().with_gd2("positive"))


def test_given_markers_read_from_text_only_when_the_workup_is_due_then_the_panel_is_still_offered() -> None:
    """Only a coded result may select a regimen, so the panel is suggested."""
    child = a_relapsed_child().with_mycn("amplified", confidence="text").with_alk("negative")

    assert "MOLECULAR_PANEL" in items(child)


def test_given_a_panel_done_with_mycn_in_words_when_the_workup_is_due_then_the_panel_is_offered_to_confirm() -> None:
    child = a_relapsed_child().knowing(workup=workup(MOLECULAR_PANEL=WorkupState.DONE))

    assert "MOLECULAR_PANEL" in items(child.with_mycn("amplified", confidence="text").with_alk("negative"))
    assert "MOLECULAR_PANEL" not in items(child.with_mycn("amplified").with_alk("negative"))


def test_given_a_panel_done_that_left_mycn_open_when_the_workup_is_due_then_the_panel_is_offered() -> None:
    child = a_relapsed_child().knowing(workup=workup(MOLECULAR_PANEL=WorkupState.DONE)).with_alk("negative")

    assert "MOLECULAR_PANEL" in items(child)
    assert "MOLECULAR_PANEL" not in items(child.not_knowing("mycn", why=Why.PENDING))
    assert "MOLECULAR_PANEL" not in items(child.not_knowing("mycn", why=Why.UNREAD))
    report = UnreadableReport("DiagnosticReport/pdf", RELAPSE)
    assert "MOLECULAR_PANEL" not in items(child.knowing(unreadable_reports=(report,)))


def test_given_molecular_results_that_disagree_when_the_workup_is_due_then_the_act_is_to_reconcile_them() -> None:
    """Hazard: conflicting MYCN results are settled silently."""
    both = (Molecular(MYCN.AMPLIFIED), Molecular(MYCN.NOT_AMPLIFIED))
    child = a_relapsed_child().with_alk("negative").conflicting("mycn", *both)

    assert card(child).summary.startswith("Molecular results disagree, reconcile them on current tissue")
    assert "MOLECULAR_PANEL" in items(child)


def test_given_a_biopsy_ordered_when_the_workup_is_due_then_the_panel_goes_with_it() -> None:
    found = card(a_relapsed_child().knowing(workup=workup(BIOPSY=WorkupState.ORDERED)))

    assert found.summary.startswith("Order the molecular panel with the biopsy that is ordered")


def test_given_progression_under_treatment_when_the_workup_is_due_then_the_whole_of_it_is_offered() -> None:
    """Row D7: GD2 at progression; imaging before MIBG therapy can be judged."""
    offered = items(a_relapsed_child().on_regimen("DB_TTO", cycles=2).responded("PD"))

    assert {"RELAPSE_BIOPSY", "MIBG_SCAN", "BONE_MARROW", "GD2_EXPRESSION"} <= set(offered)


def test_given_progression_on_lorlatinib_when_alk_is_older_then_new_tissue_is_asked_for() -> None:
    """Row G6: compound ALK, RAS and TP53 changes on new tissue or ctDNA."""
    done = workup(BIOPSY=WorkupState.DONE, MOLECULAR_PANEL=WorkupState.DONE)
    child = a_relapsed_child().with_mycn("gain").with_alk("F1174").having(failed_lorlatinib="yes").knowing(workup=done)

    assert {"RELAPSE_BIOPSY", "MOLECULAR_PANEL"} <= set(items(child.responded("PD")))
    newer = child.responded("PD").with_alk("F1174", on=AS_OF)
    assert not {"RELAPSE_BIOPSY", "MOLECULAR_PANEL"} & set(items(newer))
    assert not {"RELAPSE_BIOPSY", "MOLECULAR_PANEL"} & set(items(child))
    undated = child.responded("PD", on=None)
    assert "MOLECULAR_PANEL" in items(undated)


def test_given_labels_when_listed_in_a_sentence_then_acronyms_keep_their_capitals() -> None:
    (first, *_) = card(a_relapsed_child()).why_now

    assert "GD2 expression" in first
    assert "CT or MRI" in first
    assert "image-guided biopsy" in first


def test_given_a_germline_alk_variant_when_the_workup_is_due_then_genetics_is_offered() -> None:
    assert "GENETICS_REFERRAL" in items(a_relapsed_child().with_alk("R1275Q", germline=True))
    assert "GENETICS_REFERRAL" not in items(a_relapsed_child().with_alk("R1275Q"))


@pytest.mark.parametrize("category", ["CR", "PR"])
def test_given_an_objective_response_when_the_workup_is_asked_for_then_it_is_silent(category: str) -> None:
    outcome = relapse_workup_due(a_relapsed_child().responded(category).facts(), KNOWLEDGE, AS_OF)

    assert isinstance(outcome, Silent)


def test_given_treatment_under_way_when_the_workup_is_due_then_only_tissue_and_panel_are_asked_for() -> None:
    assert items(a_relapsed_child().on_regimen("DB_TTO", cycles=1)) == ["RELAPSE_BIOPSY", "MOLECULAR_PANEL"]


def test_given_treatment_under_way_and_markers_known_when_the_workup_is_asked_for_then_it_is_silent() -> None:
    child = a_relapsed_child().on_regimen("DB_TTO", cycles=1).with_mycn("gain").with_alk("negative")
    outcome = relapse_workup_due(child.facts(), KNOWLEDGE, AS_OF)

    assert isinstance(outcome, Silent)


@pytest.mark.parametrize("event", ["suspected_relapse", "residual_stable"])
def test_given_an_unproven_relapse_when_the_workup_is_due_then_the_biopsy_comes_before_staging(event: str) -> None:
    """Row A8: maturation or scar is possible."""
    child = a_child().high_risk().with_event(event)

    assert items(child) == ["RELAPSE_BIOPSY", "MOLECULAR_PANEL"]
    assert any("maturation" in point for point in card(child).points)


@pytest.mark.parametrize("event", ["none", "in_remission"])
def test_given_no_active_event_when_the_workup_is_asked_for_then_it_is_silent(event: str) -> None:
    outcome = relapse_workup_due(a_child().high_risk().with_event(event).facts(), KNOWLEDGE, AS_OF)

    assert isinstance(outcome, Silent)


def test_given_a_diagnosis_reference_when_an_order_is_drafted_then_it_carries_the_reason() -> None:
    assert card(a_relapsed_child()).orders[0].reason == ("Condition/nb1",)


def test_given_no_diagnosis_reference_when_an_order_is_drafted_then_it_has_no_reason() -> None:
    assert card(a_relapsed_child().knowing(diagnosis_reference="")).orders[0].reason == ()


def test_given_a_relapse_read_from_text_when_the_card_is_written_then_it_asks_for_confirmation() -> None:
    event = a_relapsed_child().facts().disease_event
    assert isinstance(event, Known)
    worded = Known(event.value, event.sources, event.date, Confidence.TEXT)

    labels = [fact.label for fact in card(a_relapsed_child().knowing(disease_event=worded)).used]

    assert "Disease event: first relapse, 2026-09-10, from text, please confirm" in labels


def unreadable(facts: Facts) -> Fired | Silent:
    outcome = molecular_report_unreadable(facts, KNOWLEDGE, AS_OF)
    assert isinstance(outcome, Fired | Silent)
    return outcome


def test_given_a_report_only_as_a_document_when_asked_then_it_is_named_and_nothing_is_concluded() -> None:
    report = UnreadableReport("DiagnosticReport/pdf", RELAPSE, "Tumour NGS")
    outcome = unreadable(a_relapsed_child().knowing(unreadable_reports=(report,)).facts())

    assert isinstance(outcome, Fired)
    assert outcome.recommendation.topic is Topic.MOLECULAR_REPORT_UNREADABLE
    assert "DiagnosticReport/pdf, 2026-09-10: Tumour NGS" in outcome.recommendation.why_now[0]
    assert {gap.fact for gap in outcome.recommendation.missing} == {"mycn", "alk"}


def test_given_an_undated_untitled_document_when_asked_then_the_card_says_so() -> None:
    report = UnreadableReport("DocumentReference/d", None)
    outcome = unreadable(a_relapsed_child().knowing(unreadable_reports=(report,)).facts())

    assert isinstance(outcome, Fired)
    assert "undated: no title" in outcome.recommendation.why_now[0]
    assert outcome.recommendation.summary.startswith("Molecular report exists only as a document")


def test_given_a_report_without_its_results_when_asked_then_the_card_says_where_to_read_them() -> None:
    """Hazard: a finished panel whose results no query found reads as a panel that was never done."""
    reports = (UnreadableReport("DiagnosticReport/r", RELAPSE, "Tumour NGS", attached=False),)
    outcome = unreadable(a_relapsed_child().knowing(unreadable_reports=reports).facts())

    assert isinstance(outcome, Fired)
    assert outcome.recommendation.summary == (
        "Molecular report of 2026-09-10 came without its results: read MYCN and ALK there before they inform the choice"
    )


def test_given_readable_markers_when_a_document_exists_too_then_it_is_silent() -> None:
    report = UnreadableReport("DiagnosticReport/pdf", RELAPSE)
    child = a_relapsed_child().with_mycn("gain").with_alk("negative").knowing(unreadable_reports=(report,))

    assert isinstance(unreadable(child.facts()), Silent)


def test_given_no_document_or_no_event_when_asked_then_it_is_silent() -> None:
    report = UnreadableReport("DiagnosticReport/pdf", RELAPSE)

    assert isinstance(unreadable(a_relapsed_child().facts()), Silent)
    assert isinstance(unreadable(a_child().knowing(unreadable_reports=(report,)).facts()), Silent)


@pytest.mark.parametrize(("timing", "why"), [("pre_relapse", "too old"), ("timing_unknown", "timing unknown")])
def test_given_a_marker_not_of_this_relapse_when_listed_then_too_old_is_said_only_of_what_is(
    timing: str, why: str
) -> None:
    found = card(READ.with_mycn("not_amplified", timing=timing))

    assert [gap.why for gap in found.missing if gap.fact == "mycn"] == [why]


def test_given_a_biopsy_called_not_feasible_when_it_is_due_then_the_card_names_where_that_was_said() -> None:
    """Table D, row D3: no source lists contraindications; the clinician says why."""
    said = Known(WorkupState.NOT_FOUND, ("Observation/mdt",), None, Confidence.TEXT)
    line = (
        "Called not done, deferred, declined or not feasible in Observation/mdt: "
        "where that still holds, override this card with that reason."
    )

    assert line in card(a_relapsed_child().knowing(workup={WorkupItem.BIOPSY: said})).why_now
    done = {WorkupItem.BIOPSY: Known(WorkupState.DONE, ("Procedure/b",))}
    again = a_relapsed_child().treated_with(regimen="LORLATINIB").responded("PD").having(failed_lorlatinib="yes")
    assert "RELAPSE_BIOPSY" in items(again.knowing(workup=done))
    assert not any("Called not done, deferred" in why for why in card(again.knowing(workup=done)).why_now)
    silent = {WorkupItem.BIOPSY: Known(WorkupState.NOT_FOUND)}
    assert not any(
        "Called not done, deferred" in why for why in card(a_relapsed_child().knowing(workup=silent)).why_now
    )


def test_given_refractory_disease_that_is_only_suspected_when_due_then_the_card_asks_and_never_says_relapse() -> None:
    """Row A6 (ANBL1221-UTSW): less than PR after at least 4 induction cycles; the chart does not call it so."""
    found = card(a_relapsed_child().with_event("suspected_refractory"))

    assert "suspected refractory disease of" in found.summary
    assert "relapse" not in found.summary
    assert any("at least 4 induction cycles" in point and "please confirm" in point for point in found.points)
    assert items(a_relapsed_child().with_event("suspected_refractory")) == ["RELAPSE_BIOPSY", "MOLECULAR_PANEL"]
    assert not any("induction cycles" in point for point in card(a_relapsed_child()).points)
