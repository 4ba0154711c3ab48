"""Consolidation after CR or PR to re-induction."""

from __future__ import annotations

from datetime import date

import pytest

from hooks.pathways.relapsed_neuroblastoma.rules.consolidation import consolidation_options
from hooks.recommendation import OrderKind, Standing, Topic
from tests.spec.children import Child, a_child, a_relapsed_child
from tests.spec.outcomes import drafted, fired, missing_names, option, says, silent, standings, undetermined, used_names


def responding(category: str = "PR", jurisdiction: str = "EU") -> Child:
    child = a_relapsed_child().in_jurisdiction(jurisdiction).with_sites("bone", "bone_marrow")
    return child.on_regimen("DB_TTO", cycles=6, since_evaluation=0).responded(category)


def offered(child: Child) -> dict[str, str]:
    return standings(fired(consolidation_options, child))


def test_given_pr_in_the_eu_when_consolidation_is_planned_then_dinutuximab_beta_is_preferred() -> None:
    """Row G15 (QARZIBA, NAXI-LABEL, FLAADT, CART)."""
    card = fired(consolidation_options, responding())

    assert card.topic is Topic.CONSOLIDATION_REGIMEN
    assert card.summary == "Plan consolidation: PR on 2026-11-16 after re-induction, first relapse of 2026-09-10"
    assert standings(card) == {
        "DB_LTI": "preferred",
        "NAXITAMAB_GMCSF": "alternative",
        "HAPLO_SCT_DB": "refer",
        "GD2_CART01": "refer",
    }
    assert says(card.points, "haploidentical transplantation and CAR T cells")
    assert says(card.points, "Palliative care")
    assert not says(card.not_when, "Active disease is not proven")
    assert {"response", "sites", "risk_group"} <= set(used_names(card))
    assert missing_names(card) == ["gd2", "prior_anti_gd2", "progressed_on_anti_gd2", "weight_kg", "height_cm"]


def test_given_pr_in_the_us_when_consolidation_is_planned_then_naxitamab_is_preferred() -> None:
    """9.1: naxitamab is licensed in the US, dinutuximab beta is not."""
    found = offered(responding(jurisdiction="US"))

    assert list(found.items())[:2] == [("NAXITAMAB_GMCSF", "preferred"), ("DB_LTI", "alternative")]


def test_given_pr_elsewhere_when_consolidation_is_planned_then_both_products_and_both_licences_are_shown() -> None:
    """9.1: without a jurisdiction both EU and US status stand."""
    card = fired(consolidation_options, responding(jurisdiction="other"))

    assert standings(card)["DB_LTI"] == standings(card)["NAXITAMAB_GMCSF"] == "preferred"
    antibody = option(card, "DB_LTI")
    assert says(antibody.why, "Licence in the EU: licensed; dinutuximab beta is licensed (2017")
    assert says(antibody.against, "Licence in the US: not licensed; dinutuximab beta has no US licence")


def test_given_one_jurisdiction_when_the_card_is_written_then_only_its_licence_stands() -> None:
    eu = option(fired(consolidation_options, responding()), "DB_LTI")
    us = option(fired(consolidation_options, responding(jurisdiction="US")), "DB_LTI")

    assert says(eu.why, "Licence in the EU")
    assert not says((*eu.why, *eu.against), "in the US")
    assert says(us.against, "Licence in the US")
    assert not says((*us.why, *us.against), "in the EU")
    assert "NICE" in eu.evidence
    assert "NICE" not in us.evidence


@pytest.mark.parametrize("sites", [(), ("cns",)])
def test_given_no_bone_or_marrow_on_record_when_planned_then_naxitamab_is_not_suggested(sites: tuple[str, ...]) -> None:
    """Table 8.1: do not assume metastatic; NAXI-LABEL: bone or bone marrow."""
    child = responding().with_sites(*sites) if sites else responding().not_knowing("sites")

    card = fired(consolidation_options, child)

    assert "NAXITAMAB_GMCSF" not in standings(card)
    assert says(card.points, "none is on record. (NAXI-LABEL)") is bool(sites)
    assert says(card.points, "sites of disease are not on record") is not bool(sites)


@pytest.mark.parametrize("site", ["bone", "bone_marrow"])
def test_given_bone_or_marrow_when_planned_then_naxitamab_is_offered(site: str) -> None:
    card = fired(consolidation_options, responding().with_sites(site))

    assert standings(card)["NAXITAMAB_GMCSF"] == "alternative"
    assert not says(card.points, "Naxitamab + GM-CSF is for disease of bone")


def test_given_soft_tissue_beside_bone_when_planned_in_the_us_then_naxitamab_is_named_as_outside_its_indication() -> (
    None
):
    card = fired(consolidation_options, responding(jurisdiction="US").with_sites("bone", "lymph_node"))

    assert standings(card)["NAXITAMAB_GMCSF"] == "not_suitable"
    assert says(option(card, "NAXITAMAB_GMCSF").against, "Not suitable: soft-tissue disease, 2026-09-10 (NAXI-LABEL)")


def test_given_cr_when_planned_then_the_naxitamab_label_is_quoted_against_it() -> None:
    """NAXI-LABEL: PR, minor response or SD."""
    assert says(
        option(fired(consolidation_options, responding("CR")), "NAXITAMAB_GMCSF").against, "Outside the label in CR"
    )
    assert not says(
        option(fired(consolidation_options, responding("PR")), "NAXITAMAB_GMCSF").against, "Outside the label in CR"
    )
    assert not says(option(fired(consolidation_options, responding("CR")), "DB_LTI").against, "Outside the label in CR")


@pytest.mark.parametrize(("yes", "blocked"), [("hypertension", "caution"), ("uncontrolled_hypertension", None)])
def test_given_hypertension_when_planned_then_naxitamab_is_lowered_or_left_out(yes: str, blocked: str | None) -> None:
    """NAXI-LABEL: not with uncontrolled hypertension."""
    assert offered(responding().having(**{yes: "yes"})).get("NAXITAMAB_GMCSF") == blocked


def test_given_progression_on_an_antibody_when_planned_then_single_agent_antibody_is_not_suitable() -> None:
    """Row G12: single-agent antibody is blocked."""
    found = offered(responding(jurisdiction="other").having(progressed_on_anti_gd2="yes"))

    assert (found["DB_LTI"], found["NAXITAMAB_GMCSF"]) == ("not_suitable", "not_suitable")
    assert (found["HAPLO_SCT_DB"], found["GD2_CART01"]) == ("refer", "refer")


def test_given_gvhd_when_planned_then_dinutuximab_beta_and_haplo_are_barred() -> None:
    """QARZIBA: acute GvHD grade 3-4 or extensive chronic GvHD."""
    found = offered(responding().having(gvhd_active="yes"))

    assert found["DB_LTI"] == "not_suitable"
    assert found["HAPLO_SCT_DB"] == "not_suitable"
    assert found["GD2_CART01"] == "refer"


def test_given_a_gd2_negative_relapse_when_planned_then_no_gd2_directed_option_remains() -> None:
    """Row G13."""
    assert offered(responding().with_gd2("negative")) == {
        "DB_LTI": "not_suitable",
        "HAPLO_SCT_DB": "not_suitable",
    }


def test_given_referrals_when_offered_then_one_request_refers_and_no_dose_stands_anywhere() -> None:
    """Never drafted: transplant and CAR T cells."""
    card = fired(consolidation_options, responding().weighing())

    for regimen in ("HAPLO_SCT_DB", "GD2_CART01"):
        (order,) = option(card, regimen).orders
        assert order.kind is OrderKind.SERVICE_REQUEST
        assert order.label == f"Refer: {option(card, regimen).name}"
        assert order.text == f"Refer to a centre that gives it: {option(card, regimen).name}"
        assert order.dosage_text == ""


def test_given_weight_and_height_when_dinutuximab_beta_is_drafted_then_the_long_infusion_is_quoted() -> None:
    """QARZIBA 4.2: 10 mg/m2/day x 10 days, 35-day course. Never interleukin-2 by default."""
    antibody = option(fired(consolidation_options, responding().weighing()), "DB_LTI")

    (order,) = antibody.orders
    assert "10 mg/m2 per day, continuous intravenous infusion, over 240 hours, days 1 to 10," in order.dosage_text
    assert "cycle of 35 days" in order.dosage_text
    assert order.codes[0].display.startswith("dinutuximab beta")
    assert says(antibody.against, "interleukin-2")


def test_given_weight_and_height_when_naxitamab_is_drafted_then_cap_and_both_gmcsf_steps_are_quoted() -> None:
    """NAXI-LABEL 2.1: 3 mg/kg days 1, 3, 5, at most 150 mg a day; GM-CSF 250 then 500 mcg/m2."""
    product = option(fired(consolidation_options, responding().weighing()), "NAXITAMAB_GMCSF")

    assert drafted(product) == ["naxitamab", "sargramostim", "sargramostim"]
    naxitamab, before, during = (order.dosage_text for order in product.orders)
    assert "3 mg/kg per day, intravenous, days 1, 3, 5, at most 150 mg per day" in naxitamab
    assert "250 mcg/m2 per day, subcutaneous, days -4 to 0" in before
    assert "500 mcg/m2 per day, subcutaneous, days 1 to 5" in during


def test_given_first_line_dinutuximab_running_when_planned_then_it_is_named_as_outside_its_licence() -> None:
    """Row G15 (UNITUXIN): first line only; shown only because the chart asks."""
    child = a_relapsed_child().in_jurisdiction("US").on_regimen("DINUTUXIMAB_FIRSTLINE", 1, 0).responded("PR")
    child = child.with_sites("bone").having(consolidation_done="no")

    card = fired(consolidation_options, child)

    assert option(card, "DINUTUXIMAB_FIRSTLINE").standing is Standing.NOT_SUITABLE
    assert "DINUTUXIMAB_FIRSTLINE" not in offered(responding(jurisdiction="US"))


def test_given_an_infant_when_planned_then_the_antibodies_are_barred_and_it_says_why() -> None:
    card = fired(consolidation_options, responding().aged(11))

    assert standings(card)["DB_LTI"] == "not_suitable"
    assert says(card.points, "not licensed below 12 months")
    assert not says(fired(consolidation_options, responding().aged(12)).points, "not licensed below 12 months")


@pytest.mark.parametrize("category", ["SD", "MR", "PD"])
def test_given_less_than_pr_when_asked_then_the_rule_is_silent(category: str) -> None:
    silent(consolidation_options, responding(category))


def test_given_no_response_when_asked_then_the_rule_is_silent() -> None:
    silent(consolidation_options, a_relapsed_child())


def test_given_no_risk_group_when_asked_then_only_the_gap_is_shown() -> None:
    answer = undetermined(consolidation_options, responding().not_knowing("risk_group"))

    assert answer.card is not None
    assert answer.card.topic is Topic.CONSOLIDATION_REGIMEN


def test_given_a_response_whose_line_is_not_on_record_when_planned_then_the_card_says_so() -> None:
    child = a_child().relapsed().high_risk().responded("CR").with_sites("bone")

    card = fired(consolidation_options, child)

    assert says(card.points, "Earlier treatment is not on record")


TRANSPLANTED = (
    a_relapsed_child()
    .in_jurisdiction("EU")
    .relapsed(date(2026, 2, 1))
    .treated_with("topotecan", regimen="DB_TTO", start=date(2026, 3, 1))
    .treated_with(regimen="HAPLO_SCT_DB", start=date(2026, 9, 1))
    .responded("PR", date(2026, 7, 20))
)


def test_given_a_transplant_without_its_antibody_when_planned_then_evaluate_and_plan_dinutuximab_beta() -> None:
    """FLAADT, FLAADT-ASCO: antibody 60 to 180 days after transplant."""
    card = fired(consolidation_options, TRANSPLANTED)

    assert card.summary == (
        "After haplo-SCT (2026-09-01), PR on 2026-07-20: evaluate; dinutuximab beta is the planned next part"
    )
    assert standings(card) == {"HAPLO_SCT_DB": "refer"}
    assert says(option(card, "HAPLO_SCT_DB").why, "began 60 to 180 days after it (FLAADT-ASCO)")
    assert says(card.points, "check for GvHD")
    assert [order.item for order in card.orders] == ["MIBG_SCAN", "CROSS_SECTIONAL_IMAGING", "BONE_MARROW"]


def test_given_gvhd_after_the_transplant_when_planned_then_the_antibody_is_barred() -> None:
    """QARZIBA. Hazard: a summary that plans the antibody which the card bars."""
    barred = TRANSPLANTED.having(gvhd_active="yes")

    assert offered(barred) == {"HAPLO_SCT_DB": "not_suitable"}
    assert fired(consolidation_options, barred).summary == (
        "After haplo-SCT (2026-09-01), PR on 2026-07-20: evaluate; the planned dinutuximab beta is not suitable"
    )


def test_given_a_transplant_without_a_date_when_planned_then_no_date_is_made_up() -> None:
    child = a_relapsed_child().treated_with(regimen="HAPLO_SCT_DB", start=None).responded("PR")

    card = fired(consolidation_options, child)

    assert card.summary.startswith("After haplo-SCT, PR on 2026-11-16: evaluate")
    assert says(option(card, "HAPLO_SCT_DB").why, "Transplant done; in the trial")
