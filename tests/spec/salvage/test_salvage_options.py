"""What is offered after progression, an insufficient response or a further relapse."""

from __future__ import annotations

from datetime import date

import pytest

from hooks.facts.fact import Confidence, Known
from hooks.pathways.relapsed_neuroblastoma.facts import StopReason
from hooks.pathways.relapsed_neuroblastoma.rules.salvage import salvage_options
from hooks.recommendation import OrderKind, Standing, Topic
from tests.spec.children import Child, a_relapsed_child
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

EU = a_relapsed_child().in_jurisdiction("EU")


def progressing(regimen: str = "DB_TTO", cycles: int = 2) -> Child:
    return EU.on_regimen(regimen, cycles=cycles, since_evaluation=0).responded("PD")


def offered(child: Child) -> dict[str, str]:
    return standings(fired(salvage_options, child))


AFTER_TEMOZOLOMIDE = progressing("TEMIRI").having(
    failed_temozolomide="yes", failed_irinotecan="yes", failed_topotecan="no"
)
AFTER_BOTH = progressing("DB_TTO").having(
    failed_temozolomide="yes", failed_topotecan="yes", progressed_on_anti_gd2="yes", failed_irinotecan="no"
)


# ------------------------------------------------------------------ G7


def test_given_progression_on_temozolomide_when_salvage_is_planned_then_topotecan_cyclophosphamide_comes_first() -> (
    None
):
    """Row G7 (EJC2026): TopoCy with or without antibody, TVD, TCE, ICE, MIBG if avid, early-phase trial."""
    card = fired(salvage_options, AFTER_TEMOZOLOMIDE)

    assert card.topic is Topic.SALVAGE_REGIMEN
    assert card.summary == ("Choose salvage, trial first: PD on 2026-11-16 after 2 cycles, first relapse of 2026-09-10")
    assert standings(card) == {
        "ISRCTN12532102": "trial",
        "TOPOCY": "preferred",
        "DB_TOPOCY": "preferred",
        "TVD": "alternative",
        "TCE": "alternative",
        "HD_ICE": "alternative",
        "HITS": "caution",
        "MIBG_131I": "refer",
        "DB_N5N6": "refer",
        "DB_TTO": "not_suitable",
        "BIT": "not_suitable",
        "TEMIRI": "not_suitable",
    }
    assert says(card.points, "TVD, TCE, ICE, topotecan-cyclophosphamide, 131I-MIBG therapy and early-phase trials")
    assert says(card.points, "no temozolomide backbone is offered again")
    assert says(card.points, "An early-phase trial is an option")
    assert says(card.points, "Palliative care")
    assert says(card.not_when, "Active disease is not proven yet")
    assert {"response", "failed_temozolomide", "failed_topotecan"} <= set(used_names(card))


@pytest.mark.parametrize(
    ("cycles", "confidence", "words"),
    [
        (1, "coded", "PD on 2026-11-16 after 1 cycle,"),
        (2, "text", "PD on 2026-11-16,"),
        (0, "coded", "PD on 2026-11-16,"),
    ],
)
def test_given_cycles_when_salvage_is_summed_up_then_only_a_coded_number_is_quoted(
    cycles: int, confidence: str, words: str
) -> None:
    given = Known(cycles, ("MedicationRequest/line",), None, Confidence(confidence))

    assert words in fired(salvage_options, progressing().knowing(cycles_given=given)).summary


def test_given_the_failed_regimen_when_named_then_it_says_that_it_was_already_given() -> None:
    """No regimen is repeated."""
    found = option(fired(salvage_options, AFTER_TEMOZOLOMIDE), "TEMIRI")

    assert found.against[0] == "Not suitable: already given"
    assert found.orders == ()


def test_given_progression_on_topotecan_too_when_planned_then_ice_mibg_and_trial_come_before_topotecan() -> None:
    """Row G7 [E]: TopoCy, TVD and TCE all contain topotecan."""
    card = fired(salvage_options, AFTER_BOTH)

    assert standings(card) == {
        "ISRCTN12532102": "trial",
        "HD_ICE": "alternative",
        "MIBG_131I": "refer",
        "DB_N5N6": "refer",
        "TOPOCY": "caution",
        "DB_TOPOCY": "caution",
        "TVD": "caution",
        "TCE": "caution",
        "HITS": "caution",
        "DB_TTO": "not_suitable",
        "BIT": "not_suitable",
    }
    assert list(standings(card))[:4] == ["ISRCTN12532102", "HD_ICE", "MIBG_131I", "DB_N5N6"]
    assert says(card.points, "stand behind ICE, MIBG therapy and trials (engineering choice)")


def test_given_progression_without_failed_temozolomide_when_planned_then_chemo_immunotherapy_stays_an_option() -> None:
    found = offered(progressing("LORLATINIB"))

    assert (found["TOPOCY"], found["DB_TTO"], found["BIT"]) == ("alternative", "alternative", "alternative")
    assert "preferred" not in found.values()


def test_given_active_progression_when_planned_then_high_dose_carboplatin_irinotecan_is_left_out() -> None:
    """Gate active_pd of HD_CARBO_IRI: progression on therapy."""
    assert "HD_CARBO_IRI" not in offered(AFTER_TEMOZOLOMIDE)
    assert offered(EU.relapsed_again())["HD_CARBO_IRI"] == "refer"


@pytest.mark.parametrize(
    ("reason", "regimen"), [("anthracycline_limit_reached", "TVD"), ("renal_impairment", "HD_ICE")]
)
def test_given_a_limit_when_planned_then_that_regimen_is_left_out(reason: str, regimen: str) -> None:
    assert regimen not in offered(AFTER_TEMOZOLOMIDE.having(**{reason: "yes"}))
    assert regimen in offered(AFTER_TEMOZOLOMIDE.having(**{reason: "no"}))


def test_given_heart_disease_when_planned_then_doxorubicin_asks_for_caution() -> None:
    """Hazard: doxorubicin planned for a child with an anthracycline cardiomyopathy."""
    card = fired(salvage_options, AFTER_TEMOZOLOMIDE.having(heart_disease="yes"))

    assert option(card, "TVD").standing is Standing.CAUTION
    assert says(option(card, "TVD").against, "heart failure or cardiomyopathy: check the heart before doxorubicin")
    assert offered(AFTER_TEMOZOLOMIDE.having(heart_disease="no"))["TVD"] == "alternative"


def test_given_no_stem_cells_when_planned_then_ice_asks_for_caution_and_mibg_is_left_out() -> None:
    found = offered(AFTER_TEMOZOLOMIDE.having(stem_cells_stored="no"))

    assert found["HD_ICE"] == "caution"
    assert "MIBG_131I" not in found


def test_given_weight_and_height_when_verified_regimens_are_drafted_then_only_tce_quotes_its_source() -> None:
    """TCE: phase 2 abstract. TVD: no days of vincristine and doxorubicin were read. ICE: a news report only."""
    card = fired(salvage_options, AFTER_TEMOZOLOMIDE.weighing())
    texts = {
        (found.regimen, order.codes[0].display): order.dosage_text
        for found in card.options
        for order in found.orders
        if order.kind is OrderKind.MEDICATION_REQUEST
    }

    assert set(texts) == {("TCE", "topotecan"), ("TCE", "cyclophosphamide"), ("TCE", "etoposide")}
    assert "1 mg/m2 per day, continuous intravenous infusion, over 168 hours" in texts["TCE", "topotecan"]
    for regimen in ("TVD", "HD_ICE"):
        assert [order.kind for order in option(card, regimen).orders] == [OrderKind.SERVICE_REQUEST]
        assert option(card, regimen).orders[0].label.startswith("Plan ")


# ------------------------------------------------------------------ G10: MIBG therapy


def test_given_avid_disease_when_planned_then_mibg_therapy_is_a_referral_and_never_drafted() -> None:
    """Row G10 (NANT)."""
    found = option(fired(salvage_options, AFTER_TEMOZOLOMIDE.mibg("avid").weighing()), "MIBG_131I")

    assert found.standing is Standing.REFER
    assert [order.label for order in found.orders] == ["Refer: 131I-MIBG therapy"]
    assert not says(found.against, "Only if avid")
    assert says(tuple(figure.text for figure in found.figures), "14 % alone, 32 % with vorinostat")


def test_given_disease_that_is_not_avid_when_planned_then_mibg_therapy_is_named_as_not_suitable() -> None:
    found = option(fired(salvage_options, AFTER_TEMOZOLOMIDE.mibg("non_avid")), "MIBG_131I")

    assert found.standing is Standing.NOT_SUITABLE
    assert found.against == (
        "Not suitable: no MIBG-avid site on the present scan, 2026-09-10 (NANT)",
        *found.against[1:],
    )


def test_given_no_scan_when_planned_then_mibg_therapy_is_named_only_if_avid() -> None:
    """Table 8.1."""
    card = fired(salvage_options, AFTER_TEMOZOLOMIDE)

    assert says(option(card, "MIBG_131I").against, "Only if avid: no MIBG scan is on record")
    assert says(card.points, "MIBG therapy only if the disease is avid")
    assert "mibg_avidity" in missing_names(card)


def test_given_a_scan_when_planned_then_the_card_does_not_ask_for_one() -> None:
    assert not says(fired(salvage_options, AFTER_TEMOZOLOMIDE.mibg("avid")).points, "only if the disease is avid")


def test_given_earlier_mibg_therapy_when_planned_then_the_dose_limits_of_the_centre_are_named() -> None:
    """It may be repeated; the centre's limits decide."""
    found = option(fired(salvage_options, progressing("MIBG_131I").mibg("avid")), "MIBG_131I")

    assert found.standing is Standing.REFER
    assert says(found.against, "Already given: mind the dose limits of the centre")


# ------------------------------------------------------------------ A7: later relapse


def test_given_a_later_relapse_when_planned_then_beacon2_part_2_comes_first() -> None:
    """Row A7 (BEACON2 part 2: more than one relapse)."""
    card = fired(salvage_options, EU.relapsed_again(date(2026, 11, 1)))

    (trial,) = (item for item in card.options if item.standing is Standing.TRIAL)
    assert trial.name == "BEACON2 part 2 (ISRCTN12532102)"
    assert says(trial.why, "more than one relapse or progression, or unfit for part 1")
    assert says(card.points, "the evidence from first relapse no longer fits")
    assert card.summary == "Choose salvage, trial first: later relapse of 2026-11-01 after earlier relapse treatment"
    assert [(link.label, link.url) for link in card.links] == [
        ("Verify status: ISRCTN12532102", "https://www.isrctn.com/ISRCTN12532102")
    ]


@pytest.mark.parametrize(
    ("regimen", "standing"), [("TVD", "caution"), ("HD_ICE", "caution"), ("MIBG_131I", "refer"), ("DB_TTO", "caution")]
)
def test_given_a_regimen_on_which_an_earlier_relapse_progressed_when_planned_then_it_asks_for_caution(
    regimen: str, standing: str
) -> None:
    """Hazard: the regimen that failed at the last relapse as the only alternative at this one."""
    failed = {"start": date(2025, 3, 1), "relapse_directed": False, "stop_reason": StopReason.PROGRESSION}
    found = option(fired(salvage_options, EU.treated_with(regimen=regimen, **failed).relapsed_again()), regimen)

    assert found.standing.value == standing
    assert found.against[0] == "Caution: given before this event, and the disease progressed on it"


def test_given_a_regimen_from_an_earlier_relapse_when_planned_then_it_is_offered_with_a_word_of_it() -> None:
    child = EU.treated_with(regimen="TVD", start=date(2025, 3, 1), relapse_directed=False).relapsed_again()

    assert says(option(fired(salvage_options, child), "TVD").against, "Already given before this event")
    assert not says(option(fired(salvage_options, child), "TCE").against, "Already given")


def test_given_refractory_disease_that_progresses_when_planned_then_no_relapse_trial_is_offered() -> None:
    card = fired(salvage_options, EU.refractory().on_regimen("TVD", 2, 0).responded("PD"))

    assert by_standing(card, Standing.TRIAL) == []
    assert says(card.points, "The disease is refractory")


# ------------------------------------------------------------------ markers, sites, age


@pytest.mark.parametrize(
    ("alk", "expected"),
    [("R1275Q", ["CRIZOTINIB", "CERITINIB"]), ("F1174", ["CERITINIB"]), ("amplified", ["CERITINIB"])],
)
def test_given_aberrant_alk_when_planned_then_second_choices_follow_lorlatinib(alk: str, expected: list[str]) -> None:
    """Row G2 (CRIZ: R1275Q only; CERI: second choice)."""
    card = fired(salvage_options, AFTER_TEMOZOLOMIDE.with_alk(alk))

    assert by_standing(card, Standing.PREFERRED)[:2] == ["LORLATINIB_TOPOCY", "LORLATINIB"]
    found = by_standing(card, Standing.ALTERNATIVE)
    assert [regimen for regimen in found if regimen in {"CRIZOTINIB", "CERITINIB"}] == expected
    assert says(option(card, "CERITINIB").against, "Second choice: responses were mostly at R1275. (CERI)")


def test_given_r1275q_beside_amplification_when_planned_then_crizotinib_is_left_out() -> None:
    """CRIZ: none of two amplified responded."""
    assert "CRIZOTINIB" not in offered(AFTER_TEMOZOLOMIDE.with_alk("R1275Q", also=["amplified"]))


def test_given_alk_that_only_appears_aberrant_when_planned_then_no_second_choice_is_offered() -> None:
    found = offered(AFTER_TEMOZOLOMIDE.with_alk("R1275Q", timing="pre_relapse"))

    assert found["LORLATINIB"] == "provisional"
    assert not {"CRIZOTINIB", "CERITINIB"} & set(found)


def test_given_progression_on_lorlatinib_when_planned_then_no_alk_inhibitor_follows_by_reflex() -> None:
    """Row G6 (PDQ)."""
    child = progressing("LORLATINIB").with_alk("R1275Q").having(failed_lorlatinib="yes")

    card = fired(salvage_options, child)

    assert standings(card)["LORLATINIB"] == "not_suitable"
    assert not {"CRIZOTINIB", "CERITINIB"} & set(standings(card))
    assert says(card.points, "compound ALK changes on fresh tissue or circulating tumour DNA")
    assert [order.item for order in card.orders] == ["TUMOUR_BOARD"]


def test_given_amplified_mycn_when_temozolomide_failed_then_rist_is_named_as_not_suitable() -> None:
    """Row G7: all temozolomide backbones, RIST included."""
    assert offered(AFTER_TEMOZOLOMIDE.with_mycn("amplified"))["RIST"] == "not_suitable"
    assert offered(progressing("TOPOCY").with_mycn("amplified"))["RIST"] == "preferred"


def test_given_progression_on_an_antibody_when_gd2_is_unknown_then_it_is_ordered() -> None:
    """Row G12."""
    card = fired(salvage_options, AFTER_BOTH)

    assert [order.item for order in card.orders] == ["GD2_EXPRESSION"]
    assert says(option(card, "DB_TOPOCY").against, "Caution: progression on an anti-GD2 antibody (HITS2018)")


def test_given_a_cns_site_when_planned_then_local_treatment_is_offered() -> None:
    assert option(fired(salvage_options, AFTER_BOTH.with_sites("cns")), "LOCAL_THERAPY").standing is Standing.PREFERRED


@pytest.mark.parametrize(("months", "said"), [(11, True), (12, False)])
def test_given_an_infant_when_planned_then_the_antibody_licence_is_named(months: int, said: bool) -> None:
    card = fired(salvage_options, AFTER_TEMOZOLOMIDE.aged(months))

    assert says(card.points, "not licensed below 12 months") is said
    assert ("ISRCTN12532102" in standings(card)) is not said


# ------------------------------------------------------------------ when it may not speak


def test_given_an_untreated_first_relapse_when_asked_then_the_rule_is_silent() -> None:
    silent(salvage_options, EU)


def test_given_a_response_when_asked_then_the_rule_is_silent() -> None:
    silent(salvage_options, EU.on_regimen("DB_TTO", 2, 0).responded("PR"))


def test_given_no_risk_group_when_asked_then_only_the_gap_is_shown() -> None:
    answer = undetermined(salvage_options, AFTER_BOTH.not_knowing("risk_group"))

    assert answer.card is not None
    assert answer.card.topic is Topic.SALVAGE_REGIMEN
    assert answer.card.options == ()


def test_given_an_undated_evaluation_without_a_count_when_planned_then_the_summary_claims_neither() -> None:
    child = EU.treated_with("temozolomide").responded("PD", on=None)

    assert fired(salvage_options, child).summary == (
        "Choose salvage, trial first: PD on an unknown date, first relapse of 2026-09-10"
    )
