"""What is offered first, by jurisdiction and by marker."""

from __future__ import annotations

from datetime import date

import pytest

from hooks.facts.fact import Known
from hooks.pathways.relapsed_neuroblastoma.facts import Stage
from hooks.pathways.relapsed_neuroblastoma.rules.reinduction import reinduction_options
from hooks.recommendation import OrderKind, Standing, Topic
from tests.spec.children import Child, a_child, a_relapsed_child
from tests.spec.outcomes import (
    by_standing,
    fired,
    missing_names,
    option,
    says,
    silent,
    standings,
    undetermined,
    used_names,
)


def offered(child: Child) -> dict[str, str]:
    return standings(fired(reinduction_options, child))


# ------------------------------------------------------------------ G1: no actionable marker


def test_given_no_marker_in_the_eu_when_reinduction_is_planned_then_antibody_and_bevacizumab_stand_side_by_side() -> (
    None
):
    """Row G1 (IMMUNO, BEACON): dinutuximab beta products by licence, bevacizumab beside; BEACON2 compares them."""
    card = fired(reinduction_options, a_relapsed_child().in_jurisdiction("EU"))

    assert standings(card) == {
        "ISRCTN12532102": "trial",
        "DB_TTO": "preferred",
        "BIT": "preferred",
        "DB_IT": "alternative",
        "BTTO": "alternative",
        "DIT_ANBL1221": "alternative",
        "HITS": "alternative",
        "TOTEM": "alternative",
        "TEMIRI": "alternative",
    }
    assert says(card.points, "BEACON2 compares them. (BEACON2)")


def test_given_no_marker_in_the_us_when_reinduction_is_planned_then_dinutuximab_stands_first() -> None:
    """Row G1, 9.1: dinutuximab beta has no US licence; US trials come before the others."""
    card = fired(reinduction_options, a_relapsed_child().in_jurisdiction("US"))

    assert by_standing(card, Standing.PREFERRED) == ["DIT_ANBL1221", "BIT"]
    assert by_standing(card, Standing.ALTERNATIVE) == ["HITS", "DB_TTO", "DB_IT", "BTTO", "TOTEM", "TEMIRI"]
    assert by_standing(card, Standing.TRIAL) == ["NCT07027748", "NCT03189706", "ISRCTN12532102"]


def test_given_no_marker_elsewhere_when_reinduction_is_planned_then_both_antibodies_are_preferred() -> None:
    card = fired(reinduction_options, a_relapsed_child())

    assert by_standing(card, Standing.PREFERRED) == ["DB_TTO", "DIT_ANBL1221", "BIT"]
    assert by_standing(card, Standing.ALTERNATIVE) == ["DB_IT", "HITS", "BTTO", "TOTEM", "TEMIRI"]


def test_given_any_child_when_the_card_is_written_then_it_says_that_nobody_agrees_and_names_palliative_care() -> None:
    """HERD: no superior re-induction, 6 to 64 %; row G18 (PDQ)."""
    card = fired(reinduction_options, a_relapsed_child())

    assert says(card.points, "ranged from 6 to 64 %. (HERD)")
    assert says(card.points, "Palliative care")
    assert says(card.points, "off-label")
    assert {"EJC2026", "HERD", "PDQ", "IMMUNO", "BEACON"} <= set(card.evidence)
    assert card.not_when == (
        "Active disease is not proven yet; a stable residual lesion may be maturation or scar. (COG0311584)",
        "The child is already treated in a trial; its protocol holds.",
        "Treatment intent is palliative; a coded palliative intent silences this service.",
    )


def test_given_any_child_when_the_card_is_written_then_its_summary_names_act_and_dated_event() -> None:
    card = fired(reinduction_options, a_relapsed_child().relapsed(date(2026, 11, 1)))

    assert card.topic is Topic.REINDUCTION_REGIMEN
    assert card.summary == "Choose re-induction, trial first: first relapse of 2026-11-01"
    assert card.why_now[-1:] == ("Disease event: first relapse; no treatment directed at it is on record.",)


def test_given_missing_data_when_the_card_is_written_then_gaps_and_used_facts_are_named() -> None:
    card = fired(reinduction_options, a_relapsed_child())

    assert missing_names(card) == ["mycn", "alk", "gd2", "sites", "weight_kg", "height_cm"]
    assert used_names(card) == [
        "diagnosis",
        "disease_event",
        "event_date",
        "treatment_lines",
        "risk_group",
        "age_months",
    ]


# ------------------------------------------------------------------ G3, G5: MYCN


def test_given_amplified_mycn_when_reinduction_is_planned_then_rist_is_offered_first() -> None:
    """Row G3 (EJC2026, PDQ); no dose of RIST was read, so it is planned, not drafted."""
    card = fired(reinduction_options, a_relapsed_child().with_mycn("amplified").weighing())

    assert by_standing(card, Standing.PREFERRED) == ["RIST", "DB_TTO", "DIT_ANBL1221", "BIT"]
    assert card.summary.endswith(", MYCN amplified (2026-09-18)")
    rist = option(card, "RIST")
    assert rist.why[0] == "MYCN amplified (2026-09-18) on current tissue"
    assert [(order.kind, order.dosage_text) for order in rist.orders] == [(OrderKind.SERVICE_REQUEST, "")]
    assert says(tuple(figure.text for figure in rist.figures), "6 v 2 months, HR 0.45, P=.012")


@pytest.mark.parametrize("state", ["gain", "not_amplified", "heterogeneous"])
def test_given_mycn_that_is_not_amplified_when_reinduction_is_planned_then_rist_is_not_offered(state: str) -> None:
    """Row G5. Hazard: MYCN gain read as amplification."""
    assert "RIST" not in offered(a_relapsed_child().with_mycn(state))


def test_given_mycn_gain_when_the_card_is_written_then_it_says_that_a_gain_does_not_select_rist() -> None:
    assert says(fired(reinduction_options, a_relapsed_child().with_mycn("gain")).points, "gain of MYCN is not")
    assert not says(fired(reinduction_options, a_relapsed_child()).points, "gain of MYCN is not")


def test_given_heterogeneous_mycn_when_the_card_is_written_then_it_is_shown_and_the_tumour_board_is_offered() -> None:
    card = fired(reinduction_options, a_relapsed_child().with_mycn("heterogeneous"))

    assert says(card.points, "Heterogeneous MYCN amplification is a category of its own")
    assert [order.item for order in card.orders] == ["TUMOUR_BOARD"]
    assert card.orders[0].reason == ("Condition/nb1",)


@pytest.mark.parametrize(
    "details",
    [{"timing": "pre_relapse"}, {"timing": "timing_unknown"}, {"confidence": "text"}, {"confidence": "coded_local"}],
)
def test_given_amplified_mycn_that_is_not_proven_when_reinduction_is_planned_then_rist_is_provisional(
    details: dict[str, str],
) -> None:
    """DESIGN 3: only a coded result of this relapse selects; the panel is suggested instead."""
    card = fired(reinduction_options, a_relapsed_child().with_mycn("amplified", **details))

    rist = option(card, "RIST")
    assert rist.standing is Standing.PROVISIONAL
    assert rist.why[0] == "MYCN appears amplified (2026-09-18), please confirm"
    assert [order.item for order in rist.orders] == ["MOLECULAR_PANEL"]
    assert rist.label == "Confirm on current tissue before Sirolimus + irinotecan + dasatinib + temozolomide"
    assert card.summary.endswith(", MYCN to confirm")
    assert says(card.points, "MYCN appears amplified, please confirm")


def test_given_amplified_mycn_when_the_relapse_has_no_date_then_its_timing_is_unknown_and_rist_provisional() -> None:
    """Table 8.1: event without date, all molecular results count as timing unknown."""
    card = fired(reinduction_options, a_relapsed_child().relapsed(on=None).with_mycn("amplified"))

    assert option(card, "RIST").standing is Standing.PROVISIONAL
    assert "event_date" in missing_names(card)
    assert says(tuple(gap.label for gap in card.missing), "MYCN: amplified, date of the specimen against the relapse")


def test_given_amplified_mycn_when_refractory_disease_has_no_date_then_rist_is_still_preferred() -> None:
    """Row A6: no relapse date is needed."""
    card = fired(reinduction_options, a_relapsed_child().refractory(on=None).with_mycn("amplified"))

    assert option(card, "RIST").standing is Standing.PREFERRED
    assert "event_date" not in missing_names(card)


# ------------------------------------------------------------------ G2: ALK


@pytest.mark.parametrize("state", ["F1174", "R1275Q", "other_activating", "amplified", "fusion"])
def test_given_aberrant_alk_when_reinduction_is_planned_then_lorlatinib_stands_beside_the_first_choice(
    state: str,
) -> None:
    """Row G2 (LORLA); ceritinib is second choice, crizotinib second choice for R1275Q only; alectinib trial only."""
    card = fired(reinduction_options, a_relapsed_child().with_alk(state))

    assert by_standing(card, Standing.PREFERRED) == [
        "LORLATINIB_TOPOCY",
        "LORLATINIB",
        "DB_TTO",
        "DIT_ANBL1221",
        "BIT",
    ]
    second = ["CRIZOTINIB", "CERITINIB"] if state == "R1275Q" else ["CERITINIB"]
    assert by_standing(card, Standing.ALTERNATIVE)[-len(second) :] == second
    assert not ({"CRIZOTINIB", "ALECTINIB", "RIST"} - set(second)) & set(standings(card))


def test_given_aberrant_alk_when_the_card_is_written_then_the_response_definition_stands_beside_each_rate() -> None:
    """LORLA: CR+PR 13 % alone in children, 30 % only counting minor responses."""
    figures = option(fired(reinduction_options, a_relapsed_child().with_alk("F1174")), "LORLATINIB").figures

    assert says(tuple(figure.text for figure in figures), "CR+PR 13 %; 30 % only if minor responses count")


@pytest.mark.parametrize(
    ("state", "trials"),
    [("F1174", ["ISRCTN12532102", "NCT03107988"]), ("fusion", ["ISRCTN12532102", "NCT03107988", "NCT04774718"])],
)
def test_given_aberrant_alk_when_trials_are_listed_then_each_takes_only_its_own_population(
    state: str, trials: list[str]
) -> None:
    """Table E: the alectinib trial takes fusions only."""
    card = fired(reinduction_options, a_relapsed_child().in_jurisdiction("EU").with_alk(state))

    assert by_standing(card, Standing.TRIAL) == trials


@pytest.mark.parametrize("details", [{"timing": "pre_relapse"}, {"confidence": "text"}])
def test_given_aberrant_alk_that_is_not_proven_when_reinduction_is_planned_then_lorlatinib_is_provisional(
    details: dict[str, str],
) -> None:
    card = fired(reinduction_options, a_relapsed_child().in_jurisdiction("EU").with_alk("R1275Q", **details))

    assert by_standing(card, Standing.PROVISIONAL) == ["LORLATINIB_TOPOCY", "LORLATINIB"]
    assert option(card, "LORLATINIB").why[0] == "ALK appears R1275Q (2026-09-18), please confirm"
    assert says(card.points, "ALK appears aberrant, please confirm")
    assert says(option(card, "NCT03107988").against, "please confirm on current tissue")


@pytest.mark.parametrize("details", [{}, {"timing": "pre_relapse"}])
def test_given_no_alk_change_found_when_reinduction_is_planned_then_lorlatinib_is_not_offered(
    details: dict[str, str],
) -> None:
    assert "LORLATINIB" not in offered(a_relapsed_child().with_alk("negative", **details))


def test_given_a_negative_alk_of_old_tissue_when_the_card_is_written_then_it_says_that_this_excludes_nothing() -> None:
    """Hazard: old negative ALK taken as final (ROSSWOG)."""
    old = fired(reinduction_options, a_relapsed_child().with_alk("negative", timing="pre_relapse"))
    new = fired(reinduction_options, a_relapsed_child().with_alk("negative"))

    assert says(old.points, "does not exclude one now")
    assert "alk" in missing_names(old)
    assert not says(new.points, "does not exclude one now")
    assert "alk" not in missing_names(new)


def test_given_an_alk_variant_of_uncertain_significance_when_planned_then_the_tumour_board_is_asked() -> None:
    card = fired(reinduction_options, a_relapsed_child().with_alk("vus"))

    assert "LORLATINIB" not in standings(card)
    assert says(card.points, "uncertain significance does not select")
    assert [order.item for order in card.orders] == ["TUMOUR_BOARD"]


# ------------------------------------------------------------------ G4: both


def test_given_alk_and_mycn_when_reinduction_is_planned_then_both_are_shown_and_nobody_ranks_them() -> None:
    """Row G4: both options, tumour board, "no source ranks them" (BELLINI)."""
    card = fired(reinduction_options, a_relapsed_child().with_alk("amplified").with_mycn("amplified"))

    assert by_standing(card, Standing.PREFERRED)[:3] == ["RIST", "LORLATINIB_TOPOCY", "LORLATINIB"]
    assert says(card.points, "no source ranks one above the other")
    assert [order.item for order in card.orders] == ["TUMOUR_BOARD"]


@pytest.mark.parametrize("marker", ["alk", "mycn"])
def test_given_only_one_of_the_two_when_planned_then_nothing_is_said_about_both(marker: str) -> None:
    child = a_relapsed_child()
    child = child.with_alk("amplified") if marker == "alk" else child.with_mycn("amplified")

    card = fired(reinduction_options, child)

    assert not says(card.points, "no source ranks")
    assert card.orders == ()


# ------------------------------------------------------------------ when it may not speak


@pytest.mark.parametrize("group", ["low", "intermediate"])
def test_given_another_original_risk_when_asked_then_the_rule_is_silent(group: str) -> None:
    assert silent(reinduction_options, a_relapsed_child().with_risk(group)).decided_by == (
        "risk_group",
        "disease_event",
    )


@pytest.mark.parametrize("event", ["suspected_relapse", "residual_stable", "in_remission", "none"])
def test_given_no_active_relapse_when_asked_then_the_rule_is_silent(event: str) -> None:
    silent(reinduction_options, a_relapsed_child().with_event(event))


def test_given_a_running_regimen_when_the_evaluation_is_not_due_then_the_rule_is_silent() -> None:
    """No-repeat rule."""
    answer = silent(reinduction_options, a_relapsed_child().on_regimen("DB_TTO", 1, 1))

    assert answer.because == "On Dinutuximab beta + topotecan + temozolomide; the next evaluation is not due."


def test_given_no_risk_group_when_asked_then_only_the_gap_is_shown() -> None:
    """Table 8.1, row A11: "risk group not on record", no options."""
    answer = undetermined(reinduction_options, a_child().relapsed().with_no_treatment_since_relapse())

    assert [gap.fact for gap in answer.missing] == ["risk_group"]
    assert answer.card is not None
    assert answer.card.summary == "Risk group not on record: no regimen is suggested for first relapse of 2026-09-10"
    assert answer.card.options == ()
    assert missing_names(answer.card) == ["risk_group", "stage", "diagnosis_date"]
    assert says(answer.card.points, "Palliative care")


@pytest.mark.parametrize(
    ("stage", "infant"), [(Stage.MS, True), (Stage.INSS_4S, True), (Stage.L1, False), (None, False)]
)
def test_given_no_risk_group_when_asked_then_the_gap_says_what_lower_risk_would_mean(
    stage: Stage | None, infant: bool
) -> None:
    """Row A10: local, metastatic; an infant's 4S pattern is observed. Hazard: an infant overtreated."""
    child = a_child().relapsed().knowing(**({"stage": Known(stage)} if stage else {}))

    card = undetermined(reinduction_options, child).card

    assert card is not None
    assert says(card.points, "Local relapse of originally low- or intermediate-risk disease is treated with surgery")
    assert says(card.points, "treated as newly diagnosed high-risk disease")
    assert says(card.points, "4S pattern within three months of diagnosis may be observed") is infant


def test_given_contradicting_risk_groups_when_asked_then_only_the_gap_is_shown() -> None:
    answer = undetermined(reinduction_options, a_relapsed_child().conflicting("risk_group", "high", "low"))

    assert [(gap.fact, gap.why) for gap in answer.missing] == [("risk_group", "conflicting")]
    assert answer.card is not None
    assert answer.card.summary.startswith("Risk groups on record disagree: no regimen is suggested for first relapse")
    assert answer.because.startswith("Risk group at diagnosis disputed")
