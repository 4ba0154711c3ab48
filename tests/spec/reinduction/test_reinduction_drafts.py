"""What may be drafted from an option: published doses quoted, nothing computed."""

from __future__ import annotations

import pytest

from hooks.pathways.relapsed_neuroblastoma.rules.reinduction import reinduction_options
from hooks.recommendation import OrderKind, Standing
from tests.spec.children import AS_OF, Child, a_relapsed_child
from tests.spec.outcomes import drafted, fired, missing_names, option, says

WEIGHED = a_relapsed_child().in_jurisdiction("EU").weighing()


def dosage(child: Child, regimen: str) -> dict[str, str]:
    return {
        order.codes[0].display: order.dosage_text for order in option(fired(reinduction_options, child), regimen).orders
    }


def test_given_totem_when_drafted_then_each_drug_quotes_the_published_dose_with_its_source() -> None:
    """TOTEM (10.1016/j.ejca.2013.08.012): temozolomide 150 mg/m2 x 5, topotecan 0.75 mg/m2 x 5, 28 days."""
    said = dosage(WEIGHED, "TOTEM")

    assert said == {
        "temozolomide": (
            "Published dose: 150 mg/m2 per day, by mouth, 5 consecutive days, cycle of 28 days "
            "(ITCC-SIOPEN phase 2 schedule; TOTEM). Verify against the protocol; no dose is computed here."
        ),
        "topotecan": (
            "Published dose: 0.75 mg/m2 per day, intravenous, 5 consecutive days, after temozolomide, "
            "cycle of 28 days (ITCC-SIOPEN phase 2 schedule; TOTEM). Verify against the protocol; "
            "no dose is computed here."
        ),
    }


def test_given_irinotecan_temozolomide_when_drafted_then_only_the_all_oral_schedule_is_used() -> None:
    """NANT-ORAL: irinotecan 60 mg/m2 x 10, temozolomide 75 mg/m2 x 5; the COG schedule has no route."""
    said = dosage(WEIGHED, "TEMIRI")

    assert list(said) == ["irinotecan", "temozolomide"]
    assert "60 mg/m2 per day, by mouth, days 1 to 5, 8 to 12" in said["irinotecan"]
    assert "75 mg/m2 per day, by mouth, days 1 to 5, reduced from 100 to 75" in said["temozolomide"]


def test_given_cefixime_without_a_dose_when_drafted_then_it_is_named_in_a_note_and_not_ordered() -> None:
    orders = option(fired(reinduction_options, WEIGHED), "TEMIRI").orders

    assert all("cefixime" in order.note for order in orders)
    assert len(orders) == 2


def test_given_bevacizumab_irinotecan_temozolomide_when_drafted_then_it_says_whose_schedule_it_is() -> None:
    """BIT-MSKCC: 15 mg/kg days 1, 15; 50 and 150 mg/m2 days 4-8. The doses of BEACON were not read."""
    said = dosage(WEIGHED, "BIT")

    assert list(said) == ["bevacizumab", "irinotecan", "temozolomide"]
    assert "15 mg/kg per dose, intravenous, days 1, 15" in said["bevacizumab"]
    assert "50 mg/m2 per day, intravenous, days 4 to 8" in said["irinotecan"]
    assert "150 mg/m2 per day, by mouth, days 4 to 8" in said["temozolomide"]
    assert all("(MSKCC phase 2 schedule (not that of BEACON); BIT-MSKCC)" in text for text in said.values())


@pytest.mark.parametrize("regimen", ["DB_TTO", "DB_IT", "BTTO", "DIT_ANBL1221", "HITS", "LORLATINIB"])
def test_given_a_dose_or_frequency_not_read_when_offered_then_one_plan_request_stands_for_it(regimen: str) -> None:
    """Hazard: a dose of the same drugs carried over from another trial, or 115 mg/m2 of lorlatinib given too often.

    LORLA: how often a day children took it was not read; the adult schedule is never used for them.
    """
    found = option(fired(reinduction_options, WEIGHED.with_alk("F1174")), regimen)

    (order,) = found.orders
    assert (order.kind, order.item, order.dosage_text, order.codes) == (
        OrderKind.SERVICE_REQUEST,
        regimen,
        "",
        (),
    )
    assert order.label == f"Plan {found.name} from its protocol"
    assert order.text == f"Plan from its protocol: {found.name}"
    assert found.label == order.label
    assert not any(character.isdigit() for character in order.text)


def test_given_any_option_when_drafted_then_nothing_is_preselected_and_the_diagnosis_is_the_reason() -> None:
    """DESIGN 6.2: never recommended."""
    card = fired(reinduction_options, WEIGHED.with_alk("F1174").with_mycn("amplified"))

    orders = [order for found in card.options for order in found.orders]
    assert orders
    assert not any(order.recommended for order in orders)
    assert all(order.reason == ("Condition/nb1",) for order in orders)


def test_given_no_reference_of_the_diagnosis_when_drafted_then_there_is_no_reason() -> None:
    card = fired(reinduction_options, WEIGHED.knowing(diagnosis_reference=""))

    assert {order.reason for found in card.options for order in found.orders} == {()}


def test_given_a_draft_when_written_then_it_carries_ingredient_codes_and_the_measurements_behind_it() -> None:
    """RxNorm 37776 and ATC L01AX03 are temozolomide."""
    (temozolomide, _topotecan) = option(fired(reinduction_options, WEIGHED), "TOTEM").orders

    assert [(code.code, code.display) for code in temozolomide.codes] == [
        ("37776", "temozolomide"),
        ("L01AX03", "temozolomide"),
    ]
    assert temozolomide.kind is OrderKind.MEDICATION_REQUEST
    assert temozolomide.item == "TOTEM"
    assert temozolomide.label == "Draft temozolomide, ITCC-SIOPEN phase 2 schedule"
    assert temozolomide.text == "temozolomide, as part of Topotecan + temozolomide"
    assert temozolomide.supporting == ("Observation/weight", "Observation/height")


def test_given_a_drafted_option_when_labelled_then_the_button_says_how_many_drugs() -> None:
    assert option(fired(reinduction_options, WEIGHED), "TOTEM").label == "Draft Topotecan + temozolomide (2 drugs)"


@pytest.mark.parametrize("unknown", ["weight_kg", "height_cm"])
def test_given_no_weight_or_height_when_offered_then_nothing_is_drafted_and_the_card_says_why(unknown: str) -> None:
    """Table 8.1: weight and height with date, else no draft order."""
    card = fired(reinduction_options, WEIGHED.not_knowing(unknown))

    assert drafted(option(card, "TOTEM")) == []
    assert option(card, "TOTEM").label == "Plan Topotecan + temozolomide from its protocol"
    assert says(option(card, "TOTEM").against, "No drug is drafted: weight and height")
    assert not says(option(card, "DB_TTO").against, "No drug is drafted")
    assert unknown in missing_names(card)


def test_given_an_undated_weight_when_offered_then_nothing_is_drafted() -> None:
    undated = WEIGHED.weighing(on=None)

    assert drafted(option(fired(reinduction_options, undated), "TOTEM")) == []


def test_given_weight_and_height_when_offered_then_they_are_not_called_missing() -> None:
    card = fired(reinduction_options, WEIGHED.weighing(on=AS_OF))

    assert not {"weight_kg", "height_cm"} & set(missing_names(card))
    assert not says(option(card, "TOTEM").against, "No drug is drafted")


def test_given_a_caution_when_a_verified_regimen_is_offered_then_it_may_still_be_drafted() -> None:
    totem = option(fired(reinduction_options, WEIGHED.having(failed_topotecan="yes")), "TOTEM")

    assert totem.standing is Standing.CAUTION
    assert drafted(totem) == ["temozolomide", "topotecan"]
    assert says(totem.against, "Caution: progression on topotecan (IMMUNO)")
