"""Sites, age, refractory disease, earlier treatment and contraindications."""

from __future__ import annotations

from datetime import date

import pytest

from hooks.facts.fact import Known, YesNo
from hooks.pathways.relapsed_neuroblastoma.rules.reinduction import reinduction_options
from hooks.recommendation import OrderKind, Standing
from tests.spec.children import Child, a_child, a_relapsed_child
from tests.spec.outcomes import by_standing, fired, missing_names, option, says, standings, used_names

EU = a_relapsed_child().in_jurisdiction("EU")


def offered(child: Child) -> dict[str, str]:
    return standings(fired(reinduction_options, child))


# ------------------------------------------------------------------ G8, G9: sites


def test_given_a_local_relapse_when_planned_then_surgery_and_radiotherapy_stand_beside_systemic_treatment() -> None:
    """Row G8 (PDQ): local plan early, with systemic therapy."""
    card = fired(reinduction_options, EU.local_only())

    local = option(card, "LOCAL_THERAPY")
    assert by_standing(card, Standing.PREFERRED) == ["LOCAL_THERAPY", "DB_TTO", "BIT"]
    assert local.name == "Surgery and radiotherapy"
    assert says(local.why, "five-year OS 64 %, distant relapse 23 %. (PDQ)")
    assert says(local.why, "81 % locally")
    assert [(order.kind, order.label) for order in local.orders] == [
        (OrderKind.SERVICE_REQUEST, "Plan surgery and radiotherapy from its protocol")
    ]
    assert local.evidence == ("PDQ", "RT")
    assert says(card.points, "(6 of 22)")


def test_given_a_local_relapse_when_naxitamab_with_chemotherapy_is_listed_then_soft_tissue_asks_for_caution() -> None:
    """Gate soft_tissue_disease of HITS; 6 of 22 in soft tissue."""
    hits = option(fired(reinduction_options, EU.local_only()), "HITS")

    assert hits.standing is Standing.CAUTION
    assert says(hits.against, "Caution: soft-tissue disease, 2026-09-10 (NAXI-LABEL)")


def test_given_local_disease_that_is_denied_or_unknown_when_planned_then_no_local_option_is_shown() -> None:
    """Table 8.1: do not assume either."""
    assert "LOCAL_THERAPY" not in offered(EU)
    assert "LOCAL_THERAPY" not in offered(EU.having(local_only="no"))


def test_given_a_cns_relapse_when_planned_then_neurosurgery_and_radiotherapy_come_first() -> None:
    """Row G9 (PDQ, FLAADT-CNS); the antibody is not the only treatment of CNS disease."""
    card = fired(reinduction_options, EU.with_sites("cns"))

    local = option(card, "LOCAL_THERAPY")
    assert local.name == "Neurosurgery and radiotherapy"
    assert says(local.why, "craniospinal 18-21 Gy")
    assert says(card.points, "No lumbar puncture by reflex. (PDQ)")
    assert says(card.points, "expert centres (five-year OS 65 %, n=13). (FLAADT-CNS)")
    assert option(card, "HAPLO_SCT_DB").standing is Standing.REFER
    for regimen in ("DB_TTO", "DB_IT", "DIT_ANBL1221", "HITS"):
        assert says(option(card, regimen).against, "Not as the only treatment of CNS disease"), regimen
    for regimen in ("BIT", "BTTO"):
        assert option(card, regimen).standing is Standing.CAUTION
        assert says(option(card, regimen).against, "bleeding risk, and surgery is planned (class knowledge")
    for regimen in ("TOTEM", "TEMIRI"):
        assert option(card, regimen).standing is Standing.PREFERRED
        assert says(option(card, regimen).why, "temozolomide-containing chemotherapy beside neurosurgery")
        assert not says(option(card, regimen).against, "CNS"), regimen


def test_given_no_cns_disease_when_planned_then_nothing_is_said_about_it() -> None:
    card = fired(reinduction_options, EU.with_sites("bone"))

    assert not says(card.points, "lumbar")
    assert "HAPLO_SCT_DB" not in standings(card)
    assert "LOCAL_THERAPY" not in standings(card)


# ------------------------------------------------------------------ A13: infants


@pytest.mark.parametrize(("months", "blocked"), [(11, True), (12, False)])
def test_given_an_infant_when_planned_then_licensed_antibodies_and_beacon2_begin_at_twelve_months(
    months: int, blocked: bool
) -> None:
    """Row A13 (QARZIBA, NAXI-LABEL, BEACON2)."""
    card = fired(reinduction_options, EU.aged(months))
    found = standings(card)

    assert (found["DB_TTO"] == "not_suitable") is blocked
    assert ("HITS" not in found) is blocked
    assert ("ISRCTN12532102" not in found) is blocked
    assert says(card.points, "not licensed below 12 months") is blocked
    assert says(card.points, "no source read covers the other options at this age") is blocked
    assert found["BIT"] == "preferred"


@pytest.mark.parametrize(("months", "cautious"), [(11, True), (12, False)])
def test_given_an_infant_when_planned_then_dinutuximab_without_a_read_age_limit_is_never_preferred(
    months: int, cautious: bool
) -> None:
    """Row A13. Hazard: the silence of the sources on dinutuximab in an infant taken for a recommendation."""
    found = option(fired(reinduction_options, EU.aged(months)), "DIT_ANBL1221")

    assert (found.standing is Standing.CAUTION) is cautious
    assert says(found.against, "no source read covers dinutuximab at this age") is cautious


def test_given_no_age_when_planned_then_trial_and_antibody_ask_for_it() -> None:
    card = fired(reinduction_options, EU.not_knowing("age_months"))

    assert "Check the age: it is not on record" in option(card, "ISRCTN12532102").against
    assert says(option(card, "DB_TTO").against, "age under 12 months")
    assert option(card, "DB_TTO").standing is Standing.PREFERRED


# ------------------------------------------------------------------ G14, A6: refractory


def test_given_refractory_disease_when_planned_then_tvd_and_mibg_join_and_beacon2_part_1_does_not() -> None:
    """Row G14 (TVD, ANBL1221, BEACON2): TVD and MIBG evidence fits; BEACON2 part 1 takes relapse or progression."""
    card = fired(reinduction_options, EU.refractory())

    assert standings(card) == {
        "DB_TTO": "preferred",
        "BIT": "alternative",
        "DB_IT": "alternative",
        "BTTO": "alternative",
        "DIT_ANBL1221": "alternative",
        "HITS": "alternative",
        "TOTEM": "alternative",
        "TEMIRI": "alternative",
        "TVD": "alternative",
        "MIBG_131I": "refer",
    }
    assert says(card.points, "BEACON2 part 1 does not take refractory disease. (BEACON2)")
    assert says(card.points, "The disease is refractory")


def test_given_refractory_disease_when_the_card_is_written_then_neither_summary_nor_reason_speaks_of_relapse() -> None:
    """Row A6: do not write "relapse"."""
    card = fired(reinduction_options, EU.refractory(date(2026, 11, 1)))

    assert card.summary == "Choose re-induction, trial first: refractory disease of 2026-11-01"
    assert card.why_now[-1:] == ("Disease event: refractory; no treatment directed at it is on record.",)


def test_given_a_first_relapse_when_planned_then_tvd_and_mibg_are_not_first_line() -> None:
    assert not {"TVD", "MIBG_131I", "TOPOCY"} & set(offered(EU))


# ------------------------------------------------------------------ G7, G11 to G13: exposure and contraindications


def test_given_failed_temozolomide_when_planned_then_its_backbones_are_barred_and_others_offered() -> None:
    """Row G7; HITS stays with caution (12 of 34 responded after earlier irinotecan-temozolomide)."""
    card = fired(reinduction_options, EU.having(failed_temozolomide="yes"))

    assert standings(card) == {
        "ISRCTN12532102": "trial",
        "TOPOCY": "alternative",
        "DB_TOPOCY": "alternative",
        "TVD": "alternative",
        "TCE": "alternative",
        "HD_ICE": "alternative",
        "HITS": "caution",
        "MIBG_131I": "refer",
        "DB_TTO": "not_suitable",
        "BIT": "not_suitable",
    }
    assert says(option(card, "BIT").against, "Not suitable: progression on temozolomide (BIT-MSKCC)")
    assert option(card, "BIT").orders == ()
    assert option(card, "BIT").figures == ()
    assert says(card.points, "After progression on a temozolomide regimen")
    assert "failed_temozolomide" in used_names(card)


def test_given_failed_irinotecan_alone_when_planned_then_topotecan_backbones_stay() -> None:
    found = offered(EU.having(failed_irinotecan="yes"))

    assert (found["BIT"], found["DB_TTO"], found["TOTEM"]) == ("not_suitable", "preferred", "alternative")
    assert "TEMIRI" not in found
    assert "TOPOCY" not in found


def test_given_failed_topotecan_when_planned_then_topotecan_asks_for_caution_only() -> None:
    """Gate failed_topotecan: caution, BEACON-Immuno let patients cross over."""
    card = fired(reinduction_options, EU.having(failed_topotecan="yes"))

    assert by_standing(card, Standing.CAUTION) == ["DB_TTO", "BTTO", "TOTEM"]
    assert by_standing(card, Standing.PREFERRED) == ["BIT"]
    assert says(card.points, "After progression on topotecan")


@pytest.mark.parametrize("reason", ["severe_anti_gd2_reaction", "gvhd_active"])
def test_given_a_contraindication_of_the_antibody_when_planned_then_bevacizumab_and_chemotherapy_remain(
    reason: str,
) -> None:
    """Row G13 (QARZIBA)."""
    card = fired(reinduction_options, EU.having(**{reason: "yes"}))
    found = standings(card)

    assert (found["DB_TTO"], found["BIT"], found["TOTEM"]) == ("not_suitable", "preferred", "alternative")
    assert says(option(card, "ISRCTN12532102").against, "May not be eligible:")


def test_given_a_gd2_negative_relapse_when_planned_then_no_anti_gd2_antibody_is_offered() -> None:
    """Row G13: GD2-negative tumour."""
    card = fired(reinduction_options, EU.with_gd2("negative"))

    assert standings(card) == {
        "ISRCTN12532102": "trial",
        "BIT": "preferred",
        "BTTO": "alternative",
        "TOTEM": "alternative",
        "TEMIRI": "alternative",
        "DB_TTO": "not_suitable",
    }
    assert says(option(card, "DB_TTO").against, "GD2 absent on current tissue, 2026-09-18 (GD2REVIEW)")


@pytest.mark.parametrize(
    ("details", "words"),
    [
        ({"confidence": "text"}, "GD2 absent on current tissue, 2026-09-18"),
        (
            {"timing": "pre_relapse"},
            "GD2 on tumour cells: negative, specimen taken before this relapse, 2026-09-18",
        ),
        (
            {"timing": "timing_unknown", "confidence": "text"},
            "GD2 on tumour cells: negative, date of the specimen against the relapse unknown, 2026-09-18, from text",
        ),
    ],
)
def test_given_a_gd2_negative_that_is_not_proven_when_planned_then_antibodies_ask_for_confirmation(
    details: dict[str, str], words: str
) -> None:
    """Unproven never blocks; GD2 has no LOINC term, so a loss usually comes in local words."""
    card = fired(reinduction_options, EU.with_gd2("negative", **details))

    assert by_standing(card, Standing.CAUTION) == ["DB_TTO", "DB_IT", "DIT_ANBL1221", "HITS"]
    antibody = option(card, "DB_TTO")
    assert antibody.against[0] == f"Caution, please confirm: {words} (GD2REVIEW)"
    assert "GD2REVIEW" in antibody.evidence
    assert not any("Check" in line and "GD2 absent" in line for line in antibody.against)
    assert says(option(card, "ISRCTN12532102").against, f"May not be eligible, please confirm: {words}")


def test_given_progression_on_an_antibody_when_planned_then_combinations_ask_for_caution_and_gd2_is_measured() -> None:
    """Row G12: GD2 first, antibody only with chemotherapy, bevacizumab otherwise."""
    card = fired(reinduction_options, EU.having(progressed_on_anti_gd2="yes"))

    assert by_standing(card, Standing.CAUTION) == ["DB_TTO", "DB_IT", "DIT_ANBL1221", "HITS"]
    assert by_standing(card, Standing.PREFERRED) == ["BIT"]
    assert [order.item for order in card.orders] == ["GD2_EXPRESSION"]
    assert says(card.points, "measure GD2 first")


def test_given_progression_on_an_antibody_when_gd2_of_this_relapse_is_known_then_it_is_not_asked_again() -> None:
    card = fired(reinduction_options, EU.having(progressed_on_anti_gd2="yes").with_gd2("positive"))

    assert card.orders == ()


@pytest.mark.parametrize(("measured", "asked"), [(date(2026, 9, 19), True), (date(2026, 9, 20), False), (None, False)])
def test_given_gd2_from_before_the_progression_on_antibody_when_planned_then_it_is_measured_again(
    measured: date | None, asked: bool
) -> None:
    """Row D7: before re-treatment and at progression; density can change after therapy."""
    failed = Known(YesNo.YES, ("MedicationRequest/ab",), date(2026, 9, 20))
    child = EU.knowing(progressed_on_anti_gd2=failed).with_gd2("positive", on=measured)

    card = fired(reinduction_options, child)

    assert [order.item for order in card.orders] == (["GD2_EXPRESSION"] if asked else [])


def test_given_an_earlier_antibody_without_progression_when_planned_then_it_does_not_speak_against_another() -> None:
    """Row G11 (HITS: 14 of 36 after earlier antibody)."""
    card = fired(reinduction_options, EU.having(prior_anti_gd2="yes", progressed_on_anti_gd2="no"))

    assert says(card.points, "14 of 36 responded after earlier antibody. (HITS2018)")
    assert option(card, "DB_TTO").standing is Standing.PREFERRED


def test_given_progression_on_the_earlier_antibody_when_planned_then_only_that_is_said() -> None:
    card = fired(reinduction_options, EU.having(prior_anti_gd2="yes", progressed_on_anti_gd2="yes"))

    assert not says(card.points, "does not speak against giving it again")


# ------------------------------------------------------------------ G6, G17: lorlatinib


def test_given_a_strong_cyp3a_inducer_when_alk_is_aberrant_then_lorlatinib_is_named_and_not_ordered() -> None:
    """Row G17 (LORLA-LABEL): stop or replace the inducer first; no draft."""
    card = fired(reinduction_options, EU.with_alk("F1174").having(strong_cyp3a_inducer="yes").weighing())

    for regimen in ("LORLATINIB", "LORLATINIB_TOPOCY"):
        assert option(card, regimen).standing is Standing.NOT_SUITABLE
        assert option(card, regimen).orders == ()
    assert says(option(card, "LORLATINIB").against, "strong CYP3A inducer among current drugs (LORLA-LABEL)")
    assert says(card.points, "Stop or replace the strong CYP3A inducer first")


def test_given_progression_on_lorlatinib_when_alk_is_aberrant_then_no_other_inhibitor_is_offered_by_reflex() -> None:
    """Row G6 (PDQ): look for RAS, TP53 and compound ALK changes."""
    card = fired(reinduction_options, EU.with_alk("F1174").having(failed_lorlatinib="yes"))

    assert says(option(card, "LORLATINIB").against, "Not suitable: progression on lorlatinib")
    assert not {"CRIZOTINIB", "CERITINIB"} & set(standings(card))
    assert says(card.points, "RAS, TP53 and compound ALK")
    assert [order.item for order in card.orders] == ["TUMOUR_BOARD"]


# ------------------------------------------------------------------ table 8.1: inputs that are missing


def test_given_no_earlier_treatment_on_record_when_planned_then_the_card_says_so_and_nothing_is_barred() -> None:
    card = fired(reinduction_options, a_child().relapsed().high_risk().in_jurisdiction("EU"))

    assert "treatment_lines" in missing_names(card)
    assert says(card.points, "Earlier treatment is not on record")
    assert "not_suitable" not in standings(card).values()


def test_given_earlier_treatment_on_record_when_planned_then_its_absence_is_not_claimed() -> None:
    assert not says(fired(reinduction_options, EU).points, "Earlier treatment is not on record")


def test_given_open_gates_when_planned_then_each_is_a_line_to_check_and_none_blocks() -> None:
    antibody = option(fired(reinduction_options, EU), "DB_TTO")

    assert antibody.standing is Standing.PREFERRED
    (line,) = [line for line in antibody.against if line.startswith("Check, not on record: ")]
    assert "acute GvHD grade 3-4 or extensive chronic GvHD" in line
    assert "age under 12 months" not in line


def test_given_every_gate_answered_no_when_planned_then_there_is_nothing_to_check() -> None:
    child = EU.with_gd2("positive").having(
        failed_temozolomide="no",
        failed_topotecan="no",
        severe_anti_gd2_reaction="no",
        gvhd_active="no",
        progressed_on_anti_gd2="no",
    )

    assert not says(option(fired(reinduction_options, child), "DB_TTO").against, "Check, not on record")


# ------------------------------------------------------------------ a regimen that should not run


def test_given_eflornithine_with_dit_running_when_asked_then_it_is_named_with_its_reason() -> None:
    """ANBL1821: no better response, hearing loss."""
    card = fired(reinduction_options, EU.on_regimen("DIT_DFMO", 1, 1))

    assert option(card, "DIT_DFMO").standing is Standing.NOT_SUITABLE
    assert says(option(card, "DIT_DFMO").against, "57.4 v 61.4 %")
    assert option(card, "DIT_DFMO").evidence == ("ANBL1821",)
    assert card.why_now[-1:] == (
        "Dinutuximab + irinotecan + temozolomide + sargramostim + eflornithine is running and should not be.",
    )
    assert "active_regimen" in used_names(card)
