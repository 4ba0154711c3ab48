"""How the options of a regimen card are worded: trials, cautions, licences, reasons and orders, every word exact."""

from __future__ import annotations

from datetime import date

from hooks.pathways.relapsed_neuroblastoma.knowledge import KNOWLEDGE
from hooks.pathways.relapsed_neuroblastoma.rules.consolidation import consolidation_options, maintenance_options
from hooks.pathways.relapsed_neuroblastoma.rules.drafting import dosage_text, drug_codes
from hooks.pathways.relapsed_neuroblastoma.rules.reinduction import reinduction_options
from hooks.pathways.relapsed_neuroblastoma.rules.salvage import salvage_options
from hooks.recommendation import Standing
from tests.spec.children import a_relapsed_child
from tests.spec.outcomes import fired, missing_names, option, standings, used_names

EU = a_relapsed_child().in_jurisdiction("EU")
RESPONDING = EU.on_regimen("DB_TTO", 6, 0).responded("PR")
CONSOLIDATED = EU.treated_with(regimen="DB_LTI").responded("CR").having(consolidation_done="yes")


def test_given_a_trial_when_offered_then_every_word_of_it_is_exact() -> None:
    trial = option(fired(reinduction_options, EU), "ISRCTN12532102")

    assert trial.name == "BEACON2 part 1 (ISRCTN12532102)"
    assert trial.label == "Check eligibility: BEACON2 part 1"
    assert trial.why == (
        "Population: first relapse or progression, from 1 year of age (BEACON2)",
        "Compares bevacizumab + irinotecan + temozolomide with dinutuximab beta + irinotecan + temozolomide. (BEACON2)",
    )
    assert trial.against == ("Status in the registry copy of 2026-11: recruiting; verify it",)
    assert trial.evidence == ("BEACON2",)
    (order,) = trial.orders
    assert (order.item, order.label, order.text) == (
        "ISRCTN12532102",
        "Check eligibility: BEACON2 part 1 (ISRCTN12532102)",
        "Contact the trial centre and check eligibility and status: BEACON2 part 1 (ISRCTN12532102)",
    )


def test_given_a_trial_of_unknown_state_when_offered_then_it_says_that_it_is_to_be_checked() -> None:
    trial = option(fired(reinduction_options, EU.with_alk("F1174").not_knowing("age_months")), "NCT03107988")

    assert trial.against == ("Status in the registry copy of 2026-11: to be checked; verify it",)


def test_given_a_marker_that_is_not_proven_when_its_trial_is_offered_then_only_that_trial_asks_to_confirm() -> None:
    card = fired(reinduction_options, EU.with_alk("F1174", confidence="text"))

    assert option(card, "NCT03107988").against[1:] == ("ALK appears aberrant, please confirm on current tissue",)
    assert option(card, "ISRCTN12532102").against[1:] == ()


def test_given_contraindications_when_a_trial_is_offered_then_only_those_met_are_named() -> None:
    trial = option(
        fired(reinduction_options, EU.having(gvhd_active="yes", severe_anti_gd2_reaction="no")), "ISRCTN12532102"
    )

    assert trial.against[1:] == ("May not be eligible: acute GvHD grade 3-4 or extensive chronic GvHD (QARZIBA)",)


def test_given_reinduction_when_trials_are_shown_then_each_registry_is_linked_once() -> None:
    card = fired(reinduction_options, EU.with_alk("fusion"))

    assert [(link.label, link.url) for link in card.links] == [
        ("Verify status: ISRCTN12532102", "https://www.isrctn.com/ISRCTN12532102"),
        ("Verify status: NCT03107988", "https://clinicaltrials.gov/study/NCT03107988"),
        ("Verify status: NCT04774718", "https://clinicaltrials.gov/study/NCT04774718"),
    ]


def test_given_an_antibody_with_chemotherapy_when_offered_then_cautions_licence_and_questions_stand_in_order() -> None:
    child = EU.having(failed_topotecan="yes", failed_temozolomide="no", severe_anti_gd2_reaction="no")

    antibody = option(fired(reinduction_options, child.having(progressed_on_anti_gd2="no")), "DB_TTO")

    assert antibody.against == (
        "Caution: progression on topotecan (IMMUNO)",
        "Licence in the EU: off-label; dinutuximab beta is licensed in relapsed or refractory high-risk disease from "
        "12 months of age, not in this combination (QARZIBA)",
        "Check, not on record: GD2 absent on current tissue; acute GvHD grade 3-4 or extensive chronic GvHD",
    )
    assert antibody.evidence == ("IMMUNO", "QARZIBA")
    assert [(figure.text[:39], figure.evidence) for figure in antibody.figures] == [
        ("BEACON-Immuno (randomised phase 2), n=6", "IMMUNO")
    ]


def test_given_a_licence_without_a_source_when_printed_then_no_source_is_invented() -> None:
    us = option(fired(reinduction_options, EU.in_jurisdiction("US")), "DB_TTO")

    assert "Licence in the US: not licensed; dinutuximab beta has no US licence" in us.against


def test_given_an_investigational_strategy_when_printed_then_the_word_stands_once() -> None:
    card = fired(consolidation_options, RESPONDING.in_jurisdiction("US"))

    assert "Licence in the US: investigational" in option(card, "GD2_CART01").against


def test_given_plain_off_label_use_when_offered_then_it_stands_on_the_card_and_not_at_each_option() -> None:
    bit = option(fired(reinduction_options, EU), "BIT")

    assert not [line for line in (*bit.why, *bit.against) if line.startswith("Licence")]


def test_given_an_undrafted_verified_regimen_when_offered_then_it_says_what_is_needed() -> None:
    totem = option(fired(reinduction_options, EU), "TOTEM")

    assert totem.against == (
        "Check, not on record: progression on temozolomide; progression on topotecan",
        "No drug is drafted: weight and height with their dates are not on record",
    )


def test_given_a_caution_without_a_source_when_printed_then_no_source_is_invented() -> None:
    child = EU.relapsed_again().having(failed_etoposide="yes")

    assert option(fired(salvage_options, child), "TCE").against[0] == "Caution: progression on etoposide"


def test_given_a_regimen_that_is_not_suitable_when_named_then_reason_name_and_source_stand() -> None:
    found = option(fired(reinduction_options, EU.having(failed_temozolomide="yes")), "DB_TTO")

    assert (found.name, found.label) == ("Dinutuximab BETA (Qarziba) + topotecan + temozolomide",) * 2
    assert found.against == ("Not suitable: progression on temozolomide (BIT-MSKCC)",)
    assert found.evidence == ("BIT-MSKCC",)


def test_given_local_treatment_when_offered_then_its_order_is_a_plan() -> None:
    local = option(fired(reinduction_options, EU.local_only()), "LOCAL_THERAPY")

    assert local.label == "Plan surgery and radiotherapy"
    assert [(order.item, order.text) for order in local.orders] == [
        ("LOCAL_THERAPY", "Plan from its protocol: surgery and radiotherapy")
    ]


def test_given_a_referral_when_offered_then_its_order_names_the_regimen() -> None:
    (order,) = option(fired(consolidation_options, RESPONDING), "HAPLO_SCT_DB").orders

    assert order.item == "HAPLO_SCT_DB"


def test_given_a_marker_to_confirm_when_offered_then_the_order_has_its_reason() -> None:
    (order,) = option(fired(reinduction_options, EU.with_mycn("amplified", timing="pre_relapse")), "RIST").orders

    assert order.reason == ("Condition/nb1",)


def test_given_gd2_to_measure_when_offered_then_the_order_has_its_reason() -> None:
    (order,) = fired(reinduction_options, EU.having(progressed_on_anti_gd2="yes")).orders

    assert order.reason == ("Condition/nb1",)


def test_given_an_old_result_when_listed_as_missing_then_it_is_called_too_old() -> None:
    card = fired(reinduction_options, EU.with_mycn("amplified", timing="pre_relapse"))

    assert [(gap.why, gap.label) for gap in card.missing if gap.fact == "mycn"] == [
        (
            "too old",
            "MYCN: amplified, specimen taken before this relapse, 2026-09-18: confirm on current tissue",
        )
    ]


def test_given_a_result_of_unknown_timing_when_listed_as_missing_then_it_is_not_called_too_old() -> None:
    """Table 8.1: without a date of the event every molecular result counts as "timing unknown"."""
    card = fired(reinduction_options, EU.with_mycn("amplified", timing="timing_unknown"))

    assert [gap.why for gap in card.missing if gap.fact == "mycn"] == ["timing unknown"]
    assert any("MYCN (perhaps not of current tissue)" in line for line in card.why_now)


def test_given_undated_findings_of_several_words_when_summarised_then_they_read_as_words() -> None:
    card = fired(reinduction_options, EU.with_alk("other_activating", on=None))

    assert card.summary.endswith(", ALK other activating")
    assert option(card, "LORLATINIB_TOPOCY").why[0] == "ALK other activating on current tissue"


def test_given_an_undated_relapse_when_alk_and_gd2_are_known_then_their_timing_is_unknown_too() -> None:
    """Table 8.1."""
    card = fired(reinduction_options, EU.relapsed(on=None).with_alk("F1174").with_gd2("negative"))

    assert option(card, "LORLATINIB").standing is Standing.PROVISIONAL
    assert option(card, "DB_TTO").standing is Standing.CAUTION
    assert {"alk", "gd2"} <= set(missing_names(card))


def test_given_a_remission_from_before_the_relapse_when_the_card_is_written_then_it_is_not_used() -> None:
    child = EU.with_sites("cns").responded("CR", on=date(2026, 1, 1))

    card = fired(reinduction_options, child)

    assert "response" not in used_names(card)
    assert any("response below PR" in line for line in option(card, "HAPLO_SCT_DB").against)


def test_given_nothing_that_could_be_drafted_when_the_card_is_written_then_weight_and_height_are_not_asked_for() -> (
    None
):
    card = fired(consolidation_options, RESPONDING.with_gd2("negative"))

    assert standings(card) == {"DB_LTI": "not_suitable", "HAPLO_SCT_DB": "not_suitable"}
    assert not {"weight_kg", "height_cm"} & set(missing_names(card))


def test_given_two_preferred_antibodies_when_consolidating_then_the_licensed_one_of_the_eu_is_listed_first() -> None:
    child = RESPONDING.with_sites("bone")

    assert list(standings(fired(consolidation_options, child.in_jurisdiction("other"))))[:2] == [
        "DB_LTI",
        "NAXITAMAB_GMCSF",
    ]


def test_given_no_antibody_ever_in_the_eu_when_maintaining_then_eflornithine_is_still_named() -> None:
    """The reader will look for it: G16 asks for the antibody history."""
    card = fired(maintenance_options, CONSOLIDATED.having(prior_anti_gd2="no"))

    assert option(card, "EFLORNITHINE").standing is Standing.NOT_SUITABLE


def test_given_an_ended_line_when_salvage_is_planned_then_its_regimen_is_not_offered_again() -> None:
    child = EU.treated_with("topotecan", regimen="TVD").responded("PD")

    card = fired(salvage_options, child)

    assert "Not suitable: already given" in option(card, "TVD").against


def test_given_progression_on_lorlatinib_when_named_then_both_forms_are_barred_and_give_their_marker() -> None:
    card = fired(reinduction_options, EU.with_alk("F1174").having(failed_lorlatinib="yes"))

    for regimen in ("LORLATINIB", "LORLATINIB_TOPOCY"):
        assert "Not suitable: progression on lorlatinib" in option(card, regimen).against


def test_given_a_drug_without_rxnorm_when_coded_then_atc_stands_alone() -> None:
    """Dinutuximab beta has no RxNorm ingredient; ATC L01FX06."""
    assert [code.code for code in drug_codes("drug.dinutuximab_beta")] == ["L01FX06"]


def test_given_a_schedule_with_two_notes_when_drafted_then_they_are_two_sentences() -> None:
    child = RESPONDING.with_sites("bone").weighing()

    note = option(fired(consolidation_options, child), "NAXITAMAB_GMCSF").orders[0].note

    assert note == (
        "Every 4 weeks until CR or PR, then 5 more cycles; later cycles may follow every 8 weeks. "
        "A missed antibody dose is given the next week, by day 10."
    )


def test_given_a_dose_read_second_hand_when_quoted_then_the_origin_says_so() -> None:
    (schedule,) = KNOWLEDGE.regimens.regimens["HD_ICE"].schedules

    text = dosage_text(schedule, schedule.components[0])

    assert text.endswith(
        "(MSKCC schedule, as a news report of the paper gives it; ICE; second-hand, the paper itself was not opened). "
        "Verify against the protocol; no dose is computed here."
    )
