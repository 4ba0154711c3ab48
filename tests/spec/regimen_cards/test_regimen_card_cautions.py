"""What a regimen card must not pass over: biopsy, CNS, allergies, doubts of trials, open and contrary findings."""

from __future__ import annotations

from datetime import date

import pytest

from hooks.facts.fact import Confidence, Known, Unknown, Why
from hooks.pathways.relapsed_neuroblastoma.facts import MYCN, Altered, Molecular, WorkupItem, WorkupState
from hooks.pathways.relapsed_neuroblastoma.rules.consolidation import consolidation_options
from hooks.pathways.relapsed_neuroblastoma.rules.reinduction import reinduction_options
from hooks.pathways.relapsed_neuroblastoma.rules.salvage import salvage_options
from hooks.recommendation import OrderKind, Standing
from tests.spec.children import Child, a_relapsed_child
from tests.spec.outcomes import drafted, fired, option, says, standings, used_names

EU = a_relapsed_child().in_jurisdiction("EU")
US = a_relapsed_child().in_jurisdiction("US")
ALLERGIC_ON = date(2026, 5, 2)


def with_biopsy(child: Child, state: str) -> Child:
    return child.knowing(workup={WorkupItem.BIOPSY: Known(WorkupState(state))})


def allergic(child: Child, *concepts: str, confidence: Confidence = Confidence.CODED) -> Child:
    fact = Known(frozenset(concepts), ("AllergyIntolerance/a1",), ALLERGIC_ON, confidence)
    return child.knowing(severe_drug_allergies=fact)


# ------------------------------------------------------------------ bevacizumab: biopsy first, CNS


@pytest.mark.parametrize("state", ["not_found", "ordered"])
def test_given_a_biopsy_that_is_due_when_bevacizumab_is_offered_then_the_biopsy_comes_first(state: str) -> None:
    """Table D4 (class knowledge)."""
    found = option(fired(reinduction_options, with_biopsy(EU, state).weighing()), "BIT")

    assert found.standing is Standing.CAUTION
    assert says(found.against, "take the biopsy first, before bevacizumab (class knowledge")
    assert drafted(found) == []


def test_given_a_biopsy_that_was_taken_when_bevacizumab_is_offered_then_it_is_preferred_and_drafted() -> None:
    found = option(fired(reinduction_options, with_biopsy(EU, "done").weighing()), "BIT")

    assert found.standing is Standing.PREFERRED
    assert drafted(found) == ["bevacizumab", "irinotecan", "temozolomide"]


def test_given_procedures_that_could_not_be_had_when_bevacizumab_is_offered_then_nothing_is_drafted() -> None:
    """Hazard: bevacizumab drafted for a child whose operations the EHR did not tell."""
    unread = {WorkupItem.BIOPSY: Unknown(Why.NOT_RETRIEVED, ("procedures",))}

    found = option(fired(reinduction_options, EU.knowing(workup=unread).weighing()), "BIT")

    assert found.standing is Standing.CAUTION
    assert drafted(found) == []


def test_given_cns_disease_when_salvage_is_planned_then_temozolomide_chemotherapy_stays_in_sight() -> None:
    """Row G9 (PDQ)."""
    card = fired(salvage_options, EU.with_sites("cns").on_regimen("LORLATINIB", 2, 0).responded("PD"))

    assert (standings(card)["TEMIRI"], standings(card)["TOTEM"]) == ("alternative", "alternative")
    assert standings(card)["BIT"] == "caution"


# ------------------------------------------------------------------ severe allergies


def test_given_a_severe_allergy_to_a_component_when_offered_then_it_is_named_lowered_and_not_drafted() -> None:
    card = fired(reinduction_options, allergic(with_biopsy(EU, "done"), "drug.irinotecan").weighing())

    for regimen in ("BIT", "TEMIRI", "DB_IT"):
        found = option(card, regimen)
        assert found.standing is Standing.CAUTION, regimen
        assert found.against[0] == "Caution: severe allergy on record to irinotecan, 2026-05-02"
        assert [order.kind for order in found.orders] == [OrderKind.SERVICE_REQUEST]
    assert not says(option(card, "TOTEM").against, "allergy")
    assert says(option(card, "BIT").against, "No drug is drafted: severe allergy to a drug of this regimen")
    assert says(option(card, "ISRCTN12532102").against, "severe allergy on record to irinotecan")
    assert "severe_drug_allergies" in used_names(card)


def test_given_a_severe_allergy_in_words_when_offered_then_it_asks_to_confirm() -> None:
    card = fired(reinduction_options, allergic(EU, "drug.temozolomide", confidence=Confidence.TEXT))

    assert option(card, "TOTEM").against[0].endswith("to temozolomide, 2026-05-02, please confirm")


def test_given_a_severe_allergy_to_a_class_when_a_member_is_part_of_the_regimen_then_it_is_named() -> None:
    card = fired(reinduction_options, allergic(EU, "cephalosporin"))

    assert option(card, "TEMIRI").against[0] == "Caution: severe allergy on record to cefixime, 2026-05-02"


def test_given_a_severe_allergy_to_carboplatin_when_salvage_is_planned_then_ice_asks_for_caution() -> None:
    child = allergic(EU.on_regimen("LORLATINIB", 2, 0).responded("PD"), "drug.carboplatin")

    assert standings(fired(salvage_options, child))["HD_ICE"] == "caution"


def test_given_no_severe_allergy_when_offered_then_the_card_says_nothing_of_allergies() -> None:
    card = fired(reinduction_options, allergic(EU))

    assert "severe_drug_allergies" not in used_names(card)
    assert not any(says(found.against, "allergy") for found in card.options)


def test_given_an_allergy_without_a_date_when_offered_then_it_is_named_all_the_same() -> None:
    child = EU.knowing(severe_drug_allergies=Known(frozenset({"drug.topotecan"})))

    assert option(fired(reinduction_options, child), "TOTEM").against[0] == (
        "Caution: severe allergy on record to topotecan"
    )


# ------------------------------------------------------------------ doubts of trials


def test_given_progression_on_lorlatinib_when_its_trial_is_shown_then_the_doubt_is_named() -> None:
    """Row G6."""
    card = fired(reinduction_options, EU.with_alk("F1174").having(failed_lorlatinib="yes"))

    assert says(option(card, "NCT03107988").against, "May not be eligible: progression on lorlatinib")


@pytest.mark.parametrize(
    ("finding", "words"),
    [
        ("failed_temozolomide", "progression on temozolomide"),
        ("failed_irinotecan", "progression on irinotecan"),
        ("progressed_on_anti_gd2", "progression on an anti-GD2 antibody"),
    ],
)
@pytest.mark.parametrize("part", ["first", "later"])
def test_given_what_failed_when_beacon2_is_shown_then_the_doubt_is_named(part: str, finding: str, words: str) -> None:
    child, rule = (EU, reinduction_options) if part == "first" else (EU.relapsed_again(), salvage_options)

    assert says(
        option(fired(rule, child.having(**{finding: "yes"})), "ISRCTN12532102").against, f"May not be eligible: {words}"
    )


def test_given_stable_disease_after_one_relapse_when_beacon2_part_2_is_shown_then_the_mismatch_is_named() -> None:
    """BEACON2 part 2: more than one relapse or progression, or unfit for part 1."""
    stable = fired(salvage_options, EU.on_regimen("DB_TTO", 6, 0).responded("SD"))
    progressed = fired(salvage_options, EU.on_regimen("DB_TTO", 6, 0).responded("PD"))

    assert says(option(stable, "ISRCTN12532102").against, "one relapse or progression is on record")
    assert not says(option(progressed, "ISRCTN12532102").against, "one relapse or progression is on record")


# ------------------------------------------------------------------ antibody and what speaks against it


def test_given_eflornithine_running_when_dit_is_offered_then_it_asks_for_caution() -> None:
    """Row G16 (ANBL1821)."""
    child = US.treated_with("eflornithine", active=True, relapse_directed=False)

    found = option(fired(reinduction_options, child), "DIT_ANBL1221")

    assert found.standing is Standing.CAUTION
    assert says(
        found.against, "eflornithine at the same time as dinutuximab, irinotecan, temozolomide (response 57 v 61"
    )


def test_given_gvhd_when_planned_in_the_us_then_dinutuximab_and_naxitamab_ask_for_caution() -> None:
    """Row G13: the label line is that of dinutuximab beta; elsewhere an engineering choice."""
    card = fired(reinduction_options, US.having(gvhd_active="yes"))

    for regimen in ("DIT_ANBL1221", "HITS"):
        assert option(card, regimen).standing is Standing.CAUTION
        assert says(option(card, regimen).against, "for another anti-GD2 antibody an engineering choice")
    assert says(option(fired(reinduction_options, US), "HITS").against, "extensive chronic GvHD")


def test_given_gd2_negative_in_words_when_ranked_then_no_antibody_stands_above_bevacizumab_or_chemotherapy() -> None:
    """Row G13 (engineering choice for GD2)."""
    child = with_biopsy(EU.with_gd2("negative", confidence="text"), "not_found")

    card = fired(reinduction_options, child)
    order = [found.regimen for found in card.options]

    first_antibody = min(order.index(name) for name in ("DB_TTO", "DB_IT", "DIT_ANBL1221", "HITS"))
    assert all(order.index(name) < first_antibody for name in ("BIT", "BTTO", "TOTEM", "TEMIRI"))
    assert card.summary.endswith("; GD2 appears negative, confirm before any antibody")


def test_given_a_long_summary_when_gd2_appears_negative_then_the_word_is_shortened_and_stays() -> None:
    child = EU.with_gd2("negative", timing="pre_relapse").with_mycn("amplified").with_alk("F1174")

    summary = fired(reinduction_options, child).summary

    assert summary.endswith("; GD2 negative? Confirm")
    assert len(summary) < 140


def test_given_gd2_positive_in_words_when_an_antibody_is_offered_then_it_asks_to_confirm_not_to_measure() -> None:
    found = option(fired(reinduction_options, EU.with_gd2("positive", confidence="text")), "DB_TTO")

    assert "GD2 on tumour cells: positive, 2026-09-18, from text, please confirm" in found.against
    assert not says(found.against, "GD2 absent")


def test_given_an_earlier_positive_gd2_when_an_antibody_is_offered_then_it_is_to_be_confirmed() -> None:
    found = option(fired(reinduction_options, EU.with_gd2("positive", timing="pre_relapse")), "DB_TTO")

    assert any(line.startswith("GD2 on tumour cells: positive") and "confirm" in line for line in found.against)


def test_given_sources_that_disagree_on_a_gate_when_offered_then_the_disagreement_is_said() -> None:
    child = EU.conflicting("gd2", Molecular("positive"), Molecular("negative"))

    assert says(option(fired(reinduction_options, child), "DB_TTO").against, "sources disagree")


def test_given_anaphylaxis_to_an_antibody_when_consolidation_is_planned_then_haplo_is_named_with_its_reason() -> None:
    child = EU.on_regimen("DB_TTO", 6, 0).responded("PR").with_sites("bone").having(severe_anti_gd2_reaction="yes")

    card = fired(consolidation_options, child)

    assert standings(card)["HAPLO_SCT_DB"] == "not_suitable"
    naxitamab = option(fired(consolidation_options, child.in_jurisdiction("US")), "NAXITAMAB_GMCSF")
    assert not says(naxitamab.against, "QARZIBA")
    assert says(naxitamab.against, "engineering choice: it speaks against every antibody against GD2")


def test_given_complete_response_when_consolidation_is_planned_in_the_us_then_naxitamab_is_outside_its_label() -> None:
    """NAXI-LABEL: PR, minor response or SD."""
    complete = US.on_regimen("DIT_ANBL1221", 6, 0).responded("CR").with_sites("bone")

    found = option(fired(consolidation_options, complete), "NAXITAMAB_GMCSF")
    partial = option(fired(consolidation_options, complete.responded("PR")), "NAXITAMAB_GMCSF")

    assert found.standing is Standing.ALTERNATIVE
    assert not says(found.why, "Licence in the US")
    assert says(found.against, "Outside the label in CR")
    assert partial.standing is Standing.PREFERRED
    assert says(partial.why, "Licence in the US: licensed")


# ------------------------------------------------------------------ markers


def test_given_results_on_mycn_that_disagree_when_planned_then_it_asks_to_reconcile_first() -> None:
    child = EU.conflicting("mycn", Molecular(MYCN.AMPLIFIED), Molecular(MYCN.NOT_AMPLIFIED))

    card = fired(reinduction_options, child)

    assert "MYCN results disagree" in card.summary
    assert says(card.points, "reconcile them before choosing, because RIST depends on amplification")
    assert [order.item for order in card.orders] == ["TUMOUR_BOARD", "MOLECULAR_PANEL"]
    assert card.orders[1].label == "Reconcile MYCN: confirm on current tissue"


@pytest.mark.parametrize(
    ("fraction", "standing", "subclonal"),
    [(0.03, "caution", True), (0.2, "preferred", True), (0.21, "preferred", False)],
)
def test_given_an_alk_mutation_in_a_part_of_the_tumour_when_planned_then_the_card_says_so(
    fraction: float, standing: str, subclonal: bool
) -> None:
    """BELLINI: clonal above 20 %. ANBL1531: entry from 5 %. Hazard: an ALK inhibitor first for a small subclone."""
    card = fired(reinduction_options, EU.with_alk("F1174", variant="F1174L", frequency=fraction))

    assert option(card, "LORLATINIB").standing.value == standing
    assert says(card.points, "The ALK variant is subclonal (allele fraction up to 20 %)") is subclonal
    assert ("TUMOUR_BOARD" in [order.item for order in card.orders]) is subclonal
    (read,) = (fact.label for fact in card.used if fact.fact == "alk")
    assert f"ALK: F1174L (allele fraction {fraction * 100:g} %)" in read


def test_given_a_negative_alk_of_one_aspect_when_read_out_then_the_card_says_what_was_not_tested() -> None:
    card = fired(reinduction_options, EU.with_alk("negative", untested=("copy number", "fusion")))

    (read,) = (fact.label for fact in card.used if fact.fact == "alk")
    assert read.startswith("ALK: negative (not tested or not told: copy number, fusion)")


def test_given_a_negative_alk_with_a_fraction_when_planned_then_nothing_is_called_subclonal() -> None:
    card = fired(reinduction_options, EU.with_alk("negative", frequency=0.03))

    assert not says(card.points, "subclonal")


def test_given_ras_beside_alk_when_planned_then_lorlatinib_asks_for_caution_and_the_tumour_board_is_asked() -> None:
    """PDQ: RAS or TP53 changes at progression on lorlatinib."""
    ras = Known(Molecular(Altered.ALTERED), ("Observation/ras",), date(2026, 9, 18))

    card = fired(reinduction_options, EU.with_alk("F1174").knowing(ras_mapk=ras))

    assert option(card, "LORLATINIB").standing is Standing.CAUTION
    assert says(option(card, "LORLATINIB").against, "RAS-MAPK altered: such changes came with resistance to lorlatinib")
    assert says(card.points, "RAS-MAPK is altered beside ALK")
    assert "TUMOUR_BOARD" in [order.item for order in card.orders]
    assert "ras_mapk" in used_names(card)


def test_given_an_inducer_when_a_second_alk_inhibitor_is_offered_then_it_is_cautioned_and_not_drafted() -> None:
    child = EU.with_alk("R1275Q").having(strong_cyp3a_inducer="yes").weighing()

    card = fired(reinduction_options, child)

    for regimen in ("CERITINIB", "CRIZOTINIB"):
        assert option(card, regimen).standing is Standing.CAUTION
        assert says(option(card, regimen).against, "class knowledge without a source read")
        assert drafted(option(card, regimen)) == []


# ------------------------------------------------------------------ order of options


def test_given_progression_on_an_antibody_when_salvage_is_planned_then_bevacizumab_leads_the_alternatives() -> None:
    """Row G12: the anti-VEGF arm otherwise."""
    child = EU.on_regimen("DB_TOPOCY", 2, 0).responded("PD").having(progressed_on_anti_gd2="yes")

    order = [found.regimen for found in fired(salvage_options, child).options]

    assert order.index("BIT") < min(order.index(name) for name in ("TOPOCY", "TVD", "TCE", "HD_ICE"))
    assert order.count("BIT") == 1


def test_given_refractory_disease_when_planned_then_tvd_follows_the_antibody_options() -> None:
    """Row G14 (TVD, ANBL1221)."""
    order = [found.regimen for found in fired(reinduction_options, EU.refractory()).options]

    assert order[:3] == ["DB_TTO", "DB_IT", "TVD"]
    assert order.index("MIBG_131I") < len(order)


def test_given_refractory_disease_with_cautions_when_planned_then_mibg_therapy_stands_before_them() -> None:
    order = [found.regimen for found in fired(reinduction_options, EU.refractory().having(proteinuria="yes")).options]

    assert order.index("MIBG_131I") < order.index("BIT")


def test_given_an_infant_when_a_regimen_per_m2_is_offered_then_it_is_planned_and_not_drafted() -> None:
    card = fired(reinduction_options, EU.aged(11).weighing())

    found = option(card, "TOTEM")
    assert drafted(found) == []
    assert says(found.against, "dose by the protocol's infant rule (engineering choice)")
    assert drafted(option(fired(reinduction_options, EU.aged(12).weighing()), "TOTEM")) == ["temozolomide", "topotecan"]
