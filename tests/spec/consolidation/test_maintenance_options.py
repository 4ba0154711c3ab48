"""Maintenance after consolidation of a relapse."""

from __future__ import annotations

import pytest

from hooks.pathways.relapsed_neuroblastoma.rules.consolidation import maintenance_options
from hooks.recommendation import OrderKind, Standing, Topic
from tests.spec.children import Child, a_child, a_relapsed_child
from tests.spec.outcomes import drafted, fired, missing_names, option, says, silent, standings, undetermined


def consolidated(category: str = "CR", jurisdiction: str = "US") -> Child:
    child = a_relapsed_child().in_jurisdiction(jurisdiction).treated_with(regimen="DB_LTI").responded(category)
    return child.having(consolidation_done="yes", prior_anti_gd2="yes")


def offered(child: Child) -> dict[str, str]:
    return standings(fired(maintenance_options, child))


def test_given_cr_after_consolidation_in_the_us_when_planned_then_eflornithine_is_preferred() -> None:
    """Row G16 (IWILFIN): at least PR and an earlier anti-GD2 antibody."""
    card = fired(maintenance_options, consolidated())

    assert card.topic is Topic.MAINTENANCE_REGIMEN
    assert card.summary == ("Plan maintenance: consolidation completed, CR on 2026-11-16, first relapse of 2026-09-10")
    assert standings(card) == {"EFLORNITHINE": "preferred", "ISOTRETINOIN": "alternative", "METRONOMIC_5": "refer"}
    assert says(card.points, "not given together with dinutuximab, irinotecan, temozolomide")
    assert says(card.points, "Palliative care")
    assert missing_names(card) == ["hearing_loss", "weight_kg", "height_cm"]


@pytest.mark.parametrize(("jurisdiction", "standing"), [("EU", "alternative"), ("other", "preferred")])
def test_given_another_jurisdiction_when_planned_then_eflornithine_follows_its_licence(
    jurisdiction: str, standing: str
) -> None:
    """9.1: US only."""
    assert offered(consolidated(jurisdiction=jurisdiction))["EFLORNITHINE"] == standing


def test_given_no_antibody_ever_when_planned_then_eflornithine_is_named_as_not_suitable() -> None:
    """IWILFIN: earlier therapy including an anti-GD2 antibody."""
    card = fired(maintenance_options, consolidated().having(prior_anti_gd2="no"))

    assert option(card, "EFLORNITHINE").standing is Standing.NOT_SUITABLE
    assert says(option(card, "EFLORNITHINE").against, "no anti-GD2 antibody ever given (IWILFIN)")


def test_given_antibody_history_unknown_when_planned_then_eflornithine_asks_for_it() -> None:
    found = option(fired(maintenance_options, consolidated().not_knowing("prior_anti_gd2")), "EFLORNITHINE")

    assert found.standing is Standing.PREFERRED
    assert says(found.against, "Check, not on record: no anti-GD2 antibody ever given")


def test_given_sd_after_consolidation_when_planned_then_eflornithine_is_not_suitable_and_isotretinoin_is() -> None:
    """IWILFIN: at least PR."""
    found = offered(consolidated("SD"))

    assert (found["EFLORNITHINE"], found["ISOTRETINOIN"]) == ("not_suitable", "alternative")


@pytest.mark.parametrize("reason", ["hearing_loss", "renal_impairment"])
def test_given_a_caution_when_planned_then_eflornithine_is_lowered(reason: str) -> None:
    assert offered(consolidated().having(**{reason: "yes"}))["EFLORNITHINE"] == "caution"


def test_given_possible_pregnancy_when_planned_then_isotretinoin_asks_for_caution() -> None:
    assert offered(consolidated().having(pregnancy="yes"))["ISOTRETINOIN"] == "caution"


def test_given_vitamin_a_or_tetracycline_when_planned_then_isotretinoin_is_left_out() -> None:
    assert "ISOTRETINOIN" not in offered(consolidated().having(vitamin_a_or_tetracycline="yes"))


def test_given_weight_and_height_when_eflornithine_is_drafted_then_the_bands_are_quoted_not_chosen() -> None:
    """IWILFIN table 1: 768, 576, 384, 192 mg by body surface, twice daily."""
    (order,) = option(fired(maintenance_options, consolidated().weighing()), "EFLORNITHINE").orders

    assert (
        "Published dose: body surface above 1.5 m2: 768 mg per dose; body surface 0.75 to 1.5 m2: 576 mg per dose; "
        "body surface 0.5 to below 0.75 m2: 384 mg per dose; body surface 0.25 to below 0.5 m2: 192 mg per dose, "
        "by mouth, twice daily, at most 768 mg per dose (US label; IWILFIN)."
    ) in order.dosage_text
    assert order.codes[0].display == "eflornithine"


def test_given_weight_and_height_when_isotretinoin_is_drafted_then_both_halves_of_the_daily_dose_are_said() -> None:
    """9.2: 160 mg/m2/day = 80 mg/m2 twice daily. Hazard: doubling."""
    (order,) = option(fired(maintenance_options, consolidated().weighing()), "ISOTRETINOIN").orders

    assert "160 mg/m2 per day, by mouth, 14 days per course" in order.dosage_text
    assert "80 mg/m2 twice daily above 12 kg; 2.67 mg/kg twice daily up to 12 kg (HEMONC)" in order.dosage_text


def test_given_the_metronomic_combination_when_offered_then_it_is_referred_and_never_drafted() -> None:
    found = option(fired(maintenance_options, consolidated().weighing()), "METRONOMIC_5")

    assert [order.kind for order in found.orders] == [OrderKind.SERVICE_REQUEST]
    assert drafted(found) == []
    assert says(found.against, "leans towards palliative intent")


def test_given_a_relapse_in_remission_when_consolidation_is_done_then_maintenance_is_planned() -> None:
    """Row A9."""
    child = a_child().with_event("in_remission").high_risk().having(consolidation_done="yes")

    card = fired(maintenance_options, child)

    assert "response not on record" in card.summary
    assert "remission of the relapse of 2026-09-10" in card.summary
    assert "response" in missing_names(card)


def test_given_consolidation_under_way_when_asked_then_the_rule_is_silent() -> None:
    silent(maintenance_options, a_relapsed_child().on_regimen("DB_LTI", 1, 0).responded("CR"))


def test_given_progression_after_consolidation_when_asked_then_the_rule_is_silent() -> None:
    silent(maintenance_options, consolidated("PD"))


def test_given_no_risk_group_when_asked_then_only_the_gap_is_shown() -> None:
    answer = undetermined(maintenance_options, consolidated().not_knowing("risk_group"))

    assert answer.card is not None
    assert answer.card.options == ()
