"""Gates that ask more than one yes or no: biopsy before bevacizumab, CNS, eflornithine, RAS-MAPK, one event."""

from __future__ import annotations

import pytest

from hooks.facts.fact import Known, Unknown, Why
from hooks.pathways.relapsed_neuroblastoma.facts import Altered, Molecular, StopReason, Tissue, WorkupItem, WorkupState
from hooks.pathways.relapsed_neuroblastoma.knowledge import KNOWLEDGE
from hooks.pathways.relapsed_neuroblastoma.rules.gates import gate_state, weigh
from tests.spec.children import Child, a_child, a_relapsed_child

LIBRARY = KNOWLEDGE.regimens


def state(code: str, child: Child) -> str:
    return gate_state(code, child.facts(), LIBRARY).value


def with_biopsy(child: Child, workup_state: str) -> Child:
    return child.knowing(workup={WorkupItem.BIOPSY: Known(WorkupState(workup_state))})


@pytest.mark.parametrize(("workup_state", "expected"), [("not_found", "met"), ("ordered", "met"), ("done", "not_met")])
def test_given_a_biopsy_of_the_event_when_not_done_then_bevacizumab_waits_for_it(
    workup_state: str, expected: str
) -> None:
    """Table D4: take the biopsy first (class knowledge)."""
    assert state("biopsy_due", with_biopsy(a_relapsed_child(), workup_state)) == expected
    assert state("biopsy_due", a_relapsed_child()) == "unknown"
    assert state("biopsy_due", a_relapsed_child().knowing(workup={WorkupItem.BIOPSY: Unknown()})) == "unknown"


@pytest.mark.parametrize(("why", "expected"), [(Why.NOT_RETRIEVED, "suspected"), (Why.NOT_FOUND, "unknown")])
def test_given_procedures_that_could_not_be_had_when_asked_then_bevacizumab_does_not_rise_by_it(
    why: Why, expected: str
) -> None:
    """Hazard: Procedures are refused by the EHR, and bevacizumab is preferred in a child who was operated on."""
    unread = Unknown(why, ("procedures",))
    child = a_relapsed_child()

    assert state("biopsy_due", child.knowing(workup={WorkupItem.BIOPSY: unread})) == expected
    assert state("biopsy_or_surgery_pending", child.knowing(biopsy_or_surgery_pending=unread)) == expected
    assert state("biopsy_or_surgery_pending", child.having(biopsy_or_surgery_pending="yes")) == "met"


def test_given_a_result_of_tissue_of_this_relapse_when_asked_then_the_biopsy_counts_as_taken() -> None:
    child = with_biopsy(a_relapsed_child(), "not_found")

    assert state("biopsy_due", child.with_mycn("not_amplified")) == "not_met"
    assert state("biopsy_due", child.with_alk("negative", confidence="text")) == "not_met"
    assert state("biopsy_due", child.with_mycn("amplified", timing="pre_relapse")) == "met"


@pytest.mark.parametrize("tissue", [Tissue.UNKNOWN, Tissue.MARROW, Tissue.BLOOD])
def test_given_a_result_of_another_specimen_when_asked_then_the_biopsy_is_still_to_be_taken(tissue: Tissue) -> None:
    """Hazard: bevacizumab drafted beside a card that asks for the biopsy (table D4)."""
    child = with_biopsy(a_relapsed_child(), "not_found")

    assert state("biopsy_due", child.with_alk("F1174", tissue=tissue)) == "met"
    assert state("biopsy_due", child.with_mycn("not_amplified", tissue=tissue)) == "met"


def test_given_an_undated_event_when_asked_then_nothing_shows_that_its_biopsy_was_taken() -> None:
    """Hazard: bevacizumab drafted beside a card that asks for the biopsy of an undated relapse."""
    assert state("biopsy_due", a_child().relapsed(on=None)) == "met"
    assert state("biopsy_due", a_child().relapsed(on=None).with_alk("F1174")) == "not_met"
    assert state("biopsy_due", a_child()) == "unknown"


def test_given_a_negative_alk_when_copies_or_fusion_were_not_tested_then_it_excludes_no_inhibitor() -> None:
    """NANT-REG: mutation, amplification or fusion. Hazard: half a test taken for a negative one."""
    assert state("alk_not_aberrant", a_relapsed_child().with_alk("negative")) == "met"
    assert state("alk_not_aberrant", a_relapsed_child().with_alk("negative", untested=("copy number",))) == "unknown"


@pytest.mark.parametrize(("fraction", "expected"), [(0.049, "met"), (0.05, "not_met"), (0.4, "not_met")])
def test_given_the_allele_fraction_of_an_alk_mutation_when_asked_then_below_five_per_cent_is_low(
    fraction: float, expected: str
) -> None:
    """ANBL1531: entry from an allele fraction of 5 %."""
    assert state("alk_low_fraction", a_child().with_alk("R1275Q", frequency=fraction)) == expected


def test_given_no_allele_fraction_when_asked_then_it_is_open_for_a_mutation_and_not_asked_of_copies() -> None:
    assert state("alk_low_fraction", a_child()) == "unknown"
    assert state("alk_low_fraction", a_child().with_alk("F1174")) == "unknown"
    assert state("alk_low_fraction", a_child().with_alk("amplified")) == "not_met"


def test_given_sites_when_asked_then_cns_disease_is_told_from_none_and_from_unknown() -> None:
    assert state("cns_bevacizumab", a_child().with_sites("cns", "bone")) == "met"
    assert state("cns_bevacizumab", a_child().with_sites("bone")) == "not_met"
    assert state("cns_bevacizumab", a_child()) == "unknown"


def test_given_eflornithine_when_running_then_it_is_told_from_a_completed_line() -> None:
    """ANBL1821: not together with dinutuximab, irinotecan, temozolomide."""
    assert state("eflornithine_active", a_child().treated_with("eflornithine", active=True)) == "met"
    assert state("eflornithine_active", a_child().treated_with("eflornithine", active=False)) == "not_met"
    assert state("eflornithine_active", a_child().treated_with("topotecan", active=True)) == "not_met"
    assert state("eflornithine_active", a_child()) == "unknown"


def test_given_ras_mapk_when_altered_normal_or_unknown_then_the_gate_follows() -> None:
    assert state("ras_mapk_altered", a_child().knowing(ras_mapk=Known(Molecular(Altered.ALTERED)))) == "met"
    assert state("ras_mapk_altered", a_child().knowing(ras_mapk=Known(Molecular(Altered.NOT_ALTERED)))) == "not_met"
    assert state("ras_mapk_altered", a_child()) == "unknown"


def test_given_one_event_when_the_treatment_does_not_progress_then_it_stays_one_event() -> None:
    """BEACON2 part 2: more than one relapse or progression, or unfit for part 1."""
    one = a_relapsed_child().treated_with("topotecan", stop_reason=None)

    assert state("single_event", one.responded("SD")) == "met"
    assert state("single_event", one.responded("PD")) == "not_met"
    assert state("single_event", a_relapsed_child().relapsed_again().responded("SD")) == "not_met"
    assert state("single_event", one) == "unknown"


def test_given_a_line_that_ended_in_progression_when_asked_then_it_was_more_than_one_event() -> None:
    child = a_relapsed_child().treated_with("topotecan", stop_reason=StopReason.PROGRESSION).responded("SD")

    assert state("single_event", child) == "not_met"


GVHD_CAUTIONS = ("DIT_ANBL1221", "HITS", "NAXITAMAB_GMCSF")


@pytest.mark.parametrize("regimen", GVHD_CAUTIONS)
def test_given_gvhd_when_another_antibody_is_weighed_then_it_asks_for_caution(regimen: str) -> None:
    """Row G13: the line is the label of dinutuximab beta; for another antibody a caution (engineering choice)."""
    assert "gvhd_any_antibody" in weigh(regimen, a_child().having(gvhd_active="yes").facts(), LIBRARY).cautions
    assert "gvhd_any_antibody" in weigh(regimen, a_child().facts(), LIBRARY).to_check
    assert "engineering choice" in LIBRARY.gate_codes["gvhd_any_antibody"].words


@pytest.mark.parametrize(
    ("regimen", "finding", "code"),
    [
        ("BTTO", "proteinuria", "proteinuria"),
        ("BTTO", "hypertension", "hypertension"),
        ("DB_N5N6", "progressed_on_anti_gd2", "progressed_on_anti_gd2"),
        ("DB_N5N6", "renal_impairment", "renal_function"),
        ("HD_CARBO_IRI", "renal_impairment", "renal_function"),
        ("TVD", "renal_impairment", "renal_function"),
        ("TCE", "renal_impairment", "renal_function"),
        ("DB_TOPOCY", "topotecan_exposed", "topotecan_exposed"),
        ("CERITINIB", "strong_cyp3a_inducer", "strong_cyp3a_inducer_class"),
        ("CRIZOTINIB", "strong_cyp3a_inducer", "strong_cyp3a_inducer_class"),
    ],
)
def test_given_a_finding_when_the_regimen_is_weighed_then_it_asks_for_caution(
    regimen: str, finding: str, code: str
) -> None:
    assert code in weigh(regimen, a_child().having(**{finding: "yes"}).facts(), LIBRARY).cautions
    assert code not in weigh(regimen, a_child().having(**{finding: "no"}).facts(), LIBRARY).cautions


@pytest.mark.parametrize("regimen", ["DIT_ANBL1221", "HITS", "NAXITAMAB_GMCSF"])
def test_given_a_severe_antibody_reaction_when_another_antibody_is_barred_then_no_foreign_label_is_cited(
    regimen: str,
) -> None:
    weighing = weigh(regimen, a_child().having(severe_anti_gd2_reaction="yes").facts(), LIBRARY)

    assert "severe_reaction_any_antibody" in weighing.blocked_by
    assert LIBRARY.gate_codes["severe_reaction_any_antibody"].citation is None
    assert "engineering choice" in LIBRARY.gate_codes["severe_reaction_any_antibody"].words
