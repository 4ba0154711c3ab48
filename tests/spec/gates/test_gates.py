"""Every gate of a regimen is met, not met or unknown; unknown never blocks, it asks to check."""

from __future__ import annotations

import pytest

from hooks.pathways.relapsed_neuroblastoma.knowledge import KNOWLEDGE
from hooks.pathways.relapsed_neuroblastoma.rules.gates import GATES, gate_state, weigh
from tests.spec.children import Child, a_child, a_relapsed_child

LIBRARY = KNOWLEDGE.regimens

YES_GATES = {
    "failed_temozolomide": "failed_temozolomide",
    "failed_irinotecan": "failed_irinotecan",
    "failed_topotecan": "failed_topotecan",
    "failed_etoposide": "failed_etoposide",
    "topotecan_exposed": "topotecan_exposed",
    "progressed_on_anti_gd2": "progressed_on_anti_gd2",
    "severe_anti_gd2_reaction": "severe_anti_gd2_reaction",
    "severe_reaction_any_antibody": "severe_anti_gd2_reaction",
    "gvhd_active": "gvhd_active",
    "gvhd_any_antibody": "gvhd_active",
    "failed_lorlatinib": "failed_lorlatinib",
    "strong_cyp3a_inducer": "strong_cyp3a_inducer",
    "strong_cyp3a_inducer_class": "strong_cyp3a_inducer",
    "anthracycline_limit": "anthracycline_limit_reached",
    "heart_disease": "heart_disease",
    "renal_impairment": "renal_impairment",
    "renal_function": "renal_impairment",
    "proteinuria": "proteinuria",
    "hypertension": "hypertension",
    "uncontrolled_hypertension": "uncontrolled_hypertension",
    "pregnancy": "pregnancy",
    "vitamin_a_or_tetracycline": "vitamin_a_or_tetracycline",
    "biopsy_or_surgery_pending": "biopsy_or_surgery_pending",
    "hearing_loss": "hearing_loss",
}
NO_GATES = {"no_prior_anti_gd2": "prior_anti_gd2", "no_stem_cells": "stem_cells_stored"}
OTHER_GATES = {
    "gd2_negative",
    "active_pd",
    "not_pr_or_better",
    "soft_tissue_disease",
    "alk_not_aberrant",
    "alk_not_r1275q",
    "alk_fusion_absent",
    "mycn_not_amplified",
    "strong_cyp3a_interaction",
    "mibg_non_avid",
    "age_lt_12m",
    "age_unread",
    "relapsed_disease",
    "outside_trial",
    "biopsy_due",
    "cns_bevacizumab",
    "eflornithine_active",
    "ras_mapk_altered",
    "alk_low_fraction",
    "single_event",
    "always",
}


def state(code: str, child: Child) -> str:
    return gate_state(code, child.facts(), LIBRARY).value


def test_given_the_knowledge_file_when_compared_then_every_gate_code_has_its_answer_and_its_test() -> None:
    assert set(GATES) == set(LIBRARY.gate_codes)
    assert set(GATES) == set(YES_GATES) | set(NO_GATES) | OTHER_GATES


@pytest.mark.parametrize(("code", "fact"), YES_GATES.items())
def test_given_a_finding_when_affirmed_denied_or_absent_then_the_gate_is_met_not_met_or_unknown(
    code: str, fact: str
) -> None:
    assert state(code, a_child().having(**{fact: "yes"})) == "met"
    assert state(code, a_child().having(**{fact: "no"})) == "not_met"
    assert state(code, a_child()) == "unknown"
    assert state(code, a_child().conflicting(fact, "yes", "no")) == "unknown"
    assert GATES[code].reads == (fact,)


@pytest.mark.parametrize(("code", "fact"), NO_GATES.items())
def test_given_a_gate_on_absence_when_the_chart_denies_then_it_is_met(code: str, fact: str) -> None:
    assert state(code, a_child().having(**{fact: "no"})) == "met"
    assert state(code, a_child().having(**{fact: "yes"})) == "not_met"
    assert state(code, a_child()) == "unknown"
    assert GATES[code].reads == (fact,)


@pytest.mark.parametrize(("months", "expected"), [(0, "met"), (11, "met"), (12, "not_met"), (13, "not_met")])
def test_given_an_age_when_around_twelve_months_then_the_licence_gate_turns_there(months: int, expected: str) -> None:
    """QARZIBA and NAXI-LABEL: from 12 months; of dinutuximab no lowest age was read."""
    assert state("age_lt_12m", a_child().aged(months)) == expected
    assert state("age_unread", a_child().aged(months)) == expected


def test_given_no_age_when_asked_then_the_licence_gate_is_unknown() -> None:
    assert state("age_lt_12m", a_child().not_knowing("age_months")) == "unknown"


@pytest.mark.parametrize(
    ("gd2", "details", "expected"),
    [
        ("negative", {}, "met"),
        ("dim", {}, "not_met"),
        ("positive", {}, "not_met"),
        ("negative", {"timing": "pre_relapse"}, "suspected"),
        ("negative", {"timing": "timing_unknown"}, "suspected"),
        ("negative", {"confidence": "text"}, "suspected"),
        ("negative", {"confidence": "coded_local"}, "suspected"),
        ("positive", {"timing": "pre_relapse"}, "unknown"),
    ],
)
def test_given_a_gd2_result_when_asked_then_only_a_coded_one_of_this_relapse_excludes(
    gd2: str, details: dict[str, str], expected: str
) -> None:
    assert state("gd2_negative", a_child().with_gd2(gd2, **details)) == expected
    assert state("gd2_negative", a_child()) == "unknown"


@pytest.mark.parametrize(
    ("category", "progressing", "below_pr"),
    [
        ("CR", "not_met", "not_met"),
        ("PR", "not_met", "not_met"),
        ("MR", "not_met", "met"),
        ("SD", "not_met", "met"),
        ("PD", "met", "met"),
    ],
)
def test_given_a_response_when_asked_then_progression_and_less_than_pr_are_told_apart(
    category: str, progressing: str, below_pr: str
) -> None:
    child = a_child().responded(category)

    assert (state("active_pd", child), state("not_pr_or_better", child)) == (progressing, below_pr)


def test_given_no_response_when_asked_then_both_response_gates_are_unknown() -> None:
    assert (state("active_pd", a_child()), state("not_pr_or_better", a_child())) == ("unknown", "unknown")


@pytest.mark.parametrize("site", ["soft_tissue", "lymph_node", "liver", "lung", "skin", "primary_site"])
def test_given_a_soft_tissue_site_when_asked_then_the_indication_gate_is_met(site: str) -> None:
    assert state("soft_tissue_disease", a_child().with_sites("bone", site)) == "met"


@pytest.mark.parametrize("site", ["bone", "bone_marrow", "cns"])
def test_given_no_soft_tissue_among_the_sites_when_asked_then_the_gate_is_not_met(site: str) -> None:
    assert state("soft_tissue_disease", a_child().with_sites(site)) == "not_met"


def test_given_no_sites_on_record_when_asked_then_soft_tissue_is_unknown() -> None:
    assert state("soft_tissue_disease", a_child()) == "unknown"


@pytest.mark.parametrize(
    ("alk", "not_aberrant", "not_r1275q", "no_fusion"),
    [
        ("F1174", "not_met", "met", "met"),
        ("R1275Q", "not_met", "not_met", "met"),
        ("other_activating", "not_met", "met", "met"),
        ("amplified", "not_met", "met", "met"),
        ("fusion", "not_met", "met", "not_met"),
        ("vus", "unknown", "unknown", "unknown"),
        ("negative", "met", "met", "met"),
    ],
)
def test_given_an_alk_result_of_this_relapse_when_asked_then_each_alk_gate_answers(
    alk: str, not_aberrant: str, not_r1275q: str, no_fusion: str
) -> None:
    child = a_child().with_alk(alk)

    assert state("alk_not_aberrant", child) == not_aberrant
    assert state("alk_not_r1275q", child) == not_r1275q
    assert state("alk_fusion_absent", child) == no_fusion


@pytest.mark.parametrize("code", ["alk_not_aberrant", "alk_not_r1275q", "alk_fusion_absent"])
@pytest.mark.parametrize("details", [{"timing": "pre_relapse"}, {"timing": "timing_unknown"}, {"confidence": "text"}])
def test_given_a_negative_alk_that_is_not_proven_at_relapse_when_asked_then_nothing_is_excluded(
    code: str, details: dict[str, str]
) -> None:
    """Hazard: a negative ALK of old tissue withholds lorlatinib, although 18 % are altered at relapse (ROSSWOG)."""
    assert state(code, a_child().with_alk("negative", **details)) == "unknown"


def test_given_alk_never_tested_when_asked_then_nothing_is_excluded() -> None:
    assert state("alk_not_aberrant", a_child()) == "unknown"


def test_given_r1275q_beside_amplification_when_asked_then_it_is_not_r1275q_alone() -> None:
    """CRIZ: none of two amplified responded."""
    assert state("alk_not_r1275q", a_child().with_alk("R1275Q", also=["amplified"])) == "met"


def test_given_r1275q_beside_a_variant_of_uncertain_significance_when_asked_then_it_stays_r1275q() -> None:
    assert state("alk_not_r1275q", a_child().with_alk("R1275Q", also=["vus"])) == "not_met"


@pytest.mark.parametrize(
    ("mycn", "expected"),
    [("amplified", "not_met"), ("gain", "met"), ("not_amplified", "met"), ("heterogeneous", "unknown")],
)
def test_given_a_mycn_result_when_asked_then_gain_is_not_amplified_and_heterogeneous_is_not_mapped(
    mycn: str, expected: str
) -> None:
    assert state("mycn_not_amplified", a_child().with_mycn(mycn)) == expected
    assert state("mycn_not_amplified", a_child()) == "unknown"


@pytest.mark.parametrize(
    ("inducer", "inhibitor", "expected"),
    [
        ("yes", "no", "met"),
        ("no", "yes", "met"),
        ("no", "no", "not_met"),
        (None, "no", "unknown"),
        (None, "yes", "met"),
    ],
)
def test_given_cyp3a_drugs_when_asked_then_either_kind_meets_the_interaction_gate(
    inducer: str | None, inhibitor: str, expected: str
) -> None:
    child = a_child().having(strong_cyp3a_inhibitor=inhibitor)
    child = child.having(strong_cyp3a_inducer=inducer) if inducer else child

    assert state("strong_cyp3a_interaction", child) == expected


@pytest.mark.parametrize(("avidity", "expected"), [("avid", "not_met"), ("non_avid", "met")])
def test_given_an_mibg_scan_when_asked_then_non_avid_disease_meets_the_gate(avidity: str, expected: str) -> None:
    assert state("mibg_non_avid", a_child().mibg(avidity)) == expected
    assert state("mibg_non_avid", a_child()) == "unknown"


def test_given_a_disease_event_when_asked_then_relapse_is_outside_the_first_line_licence() -> None:
    """UNITUXIN: licensed for first line only."""
    assert state("relapsed_disease", a_relapsed_child()) == "met"
    assert state("relapsed_disease", a_child().with_event("none")) == "not_met"
    assert state("relapsed_disease", a_child()) == "unknown"


def test_given_fixed_gates_when_asked_then_they_are_always_met() -> None:
    assert state("outside_trial", a_child()) == "met"
    assert state("always", a_child()) == "met"


def test_given_a_regimen_when_weighed_then_blocks_cautions_and_open_questions_are_kept_apart() -> None:
    """Gates of DB_TTO: five block, two ask for caution."""
    child = a_child().having(gvhd_active="yes", failed_topotecan="yes", failed_temozolomide="no")

    weighing = weigh("DB_TTO", child.facts(), LIBRARY)

    assert weighing.blocked_by == ("gvhd_active",)
    assert weighing.cautions == ("failed_topotecan",)
    assert weighing.suspected == ()
    assert weighing.to_check == ("severe_anti_gd2_reaction", "gd2_negative", "progressed_on_anti_gd2")


def test_given_a_gd2_loss_in_local_words_when_weighed_then_it_is_suspected_and_not_merely_open() -> None:
    """GD2 on tumour has no LOINC term, so a loss comes in words: caution, please confirm."""
    weighing = weigh("DB_TTO", a_child().with_gd2("negative", confidence="text").facts(), LIBRARY)

    assert weighing.suspected == ("gd2_negative",)
    assert "gd2_negative" not in (*weighing.to_check, *weighing.blocked_by)
