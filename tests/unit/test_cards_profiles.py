"""How one decision is said to each kind of client."""

from __future__ import annotations

import pytest

from cards.compose import compose
from cards.profiles import PROFILE_NAMES, profile_named
from cards.profiles.epic import read_site_codes
from hooks.errors import SettingsError
from hooks.recommendation import Decision, Standing
from hooks.terminology.table import TABLE
from tests.contract.checker import check_json, check_response
from tests.unit.cards_samples import CALL, PATHWAY, REQUEST, drug_order, option, regimen, said, service_order, workup

TWO_DRUGS = regimen(
    options=(
        option("DB_TTO", Standing.PREFERRED, orders=(drug_order(text="one"), drug_order(text="two")), label="Take it"),
        option("RIST", Standing.ALTERNATIVE),
        option("TEMIRI", Standing.NOT_SUITABLE),
    )
)
EVERYTHING: Decision = said(workup(orders=(service_order(), drug_order(recommended=True))), TWO_DRUGS)


@pytest.mark.parametrize("name", PROFILE_NAMES)
def test_given_any_profile_when_the_same_decision_is_said_then_the_checker_finds_nothing(name: str) -> None:
    body = check_json(compose(EVERYTHING, CALL, PATHWAY, profile_named(name)).to_json())

    check_response(body, REQUEST, name)


def test_given_every_profile_when_named_then_it_has_that_name_and_no_other_is_known() -> None:
    assert [profile_named(name).name for name in PROFILE_NAMES] == ["spec", "epic", "text_only"]
    with pytest.raises(SettingsError, match="expected one of spec, epic, text_only"):
        profile_named("cerner")


def test_given_the_spec_profile_when_orders_are_offered_then_each_is_one_suggestion_under_any() -> None:
    card = compose(EVERYTHING, CALL, PATHWAY, profile_named("spec")).to_wire()["cards"][0]

    assert card["selectionBehavior"] == "any"
    assert [len(suggestion["actions"]) for suggestion in card["suggestions"]] == [1, 1]
    assert [suggestion.get("isRecommended") for suggestion in card["suggestions"]] == [None, True]
    assert card["suggestions"][1]["actions"][0]["description"] == (
        "gabapentin. Start 2026-11-24. 10 mg/kg/day, verify against the protocol."
    )


def test_given_the_spec_profile_when_options_are_offered_then_each_is_one_suggestion_under_at_most_one() -> None:
    card = compose(EVERYTHING, CALL, PATHWAY, profile_named("spec")).to_wire()["cards"][1]

    assert card["selectionBehavior"] == "at-most-one"
    assert [suggestion["label"] for suggestion in card["suggestions"]] == ["Take it", "Regimen RIST"]
    assert [len(suggestion["actions"]) for suggestion in card["suggestions"]] == [2, 1]


def test_given_options_and_orders_on_one_card_when_said_then_at_most_one_and_nothing_recommended() -> None:
    both = workup(options=(option("X", Standing.PREFERRED),), orders=(drug_order(recommended=True),))

    card = compose(said(both), CALL, PATHWAY, profile_named("spec")).to_wire()["cards"][0]

    assert card["selectionBehavior"] == "at-most-one"
    assert all("isRecommended" not in suggestion for suggestion in card["suggestions"])


def test_given_the_same_item_twice_when_offered_then_the_suggestions_have_different_uuids() -> None:
    twice = workup(orders=(drug_order(text="one"), drug_order(text="two")))

    first, second = compose(said(twice), CALL, PATHWAY, profile_named("spec")).cards[0].suggestions

    assert first.uuid != second.uuid


def test_given_the_epic_profile_when_options_hold_several_orders_then_each_is_one_suggestion_under_any() -> None:
    card = compose(EVERYTHING, CALL, PATHWAY, profile_named("epic")).to_wire()["cards"][1]

    assert card["selectionBehavior"] == "any"
    assert [len(suggestion["actions"]) for suggestion in card["suggestions"]] == [1, 1, 1]
    assert card["suggestions"][0]["label"] == "Regimen DB_TTO: Draft: gabapentin"
    assert card["suggestions"][0]["actions"][0]["description"] == (
        "Regimen DB_TTO: one. Start 2026-11-24. 10 mg/kg/day, verify against the protocol."
    )


def test_given_the_epic_profile_when_an_order_names_its_option_then_the_name_is_not_said_twice() -> None:
    """That client shows the description alone: it is read out whole for each of a dozen options."""
    planned = option(
        "RIST", Standing.PREFERRED, orders=(service_order(label="Plan regimen rist", text="Plan Regimen RIST"),)
    )

    card = compose(said(regimen(options=(planned,))), CALL, PATHWAY, profile_named("epic")).to_wire()["cards"][0]

    (suggestion,) = card["suggestions"]
    assert suggestion["label"] == "Plan regimen rist"
    assert suggestion["actions"][0]["description"].startswith("Plan Regimen RIST. Start")


def test_given_the_epic_profile_when_an_order_has_a_note_then_the_description_says_it() -> None:
    """Hazard: that client shows no detail of the resource, so what is not in the description is lost."""
    card = compose(EVERYTHING, CALL, PATHWAY, profile_named("epic")).to_wire()["cards"][0]

    assert card["suggestions"][0]["actions"][0]["description"] == (
        "Image-guided biopsy of the relapse. Start 2026-11-23. Fresh, frozen and fixed tissue."
    )


def test_given_site_codes_when_an_item_or_a_concept_has_one_then_it_comes_first_and_the_rest_is_unchanged() -> None:
    concept = TABLE.concept_of("http://snomed.info/sct", "277590007") or ""
    codes = read_site_codes({"db-gabapentin-1": {"code": "GAB10"}, concept: {"code": "BX", "kind": "orderset-item"}})

    bare = compose(EVERYTHING, CALL, PATHWAY, profile_named("epic")).to_wire()["cards"][0]["suggestions"]
    coded = compose(EVERYTHING, CALL, PATHWAY, profile_named("epic", codes)).to_wire()["cards"][0]["suggestions"]

    biopsy, gabapentin = (suggestion["actions"][0]["resource"] for suggestion in coded)
    assert biopsy["code"]["coding"].pop(0) == {
        "system": "urn:com.epic.cdshooks.action.code.system.orderset-item",
        "code": "BX",
    }
    assert gabapentin["medicationCodeableConcept"]["coding"].pop(0) == {
        "system": "urn:com.epic.cdshooks.action.code.system.preference-list-item",
        "code": "GAB10",
    }
    assert coded == bare


def test_given_an_order_set_code_for_a_drug_when_drafted_then_it_is_left_out() -> None:
    codes = read_site_codes({"db-gabapentin-1": {"code": "SET", "kind": "orderset-item", "display": "Set"}})

    cards = compose(EVERYTHING, CALL, PATHWAY, profile_named("epic", codes)).to_json()

    assert "orderset-item" not in cards


@pytest.mark.parametrize(
    "data",
    [
        None,
        [],
        {"x": "GAB"},
        {"x": {"code": ""}},
        {"x": {"code": 5}},
        {"x": {"code": "a", "kind": "smartset"}},
        {"x": {"code": "a", "y": 1}},
    ],
)
def test_given_a_wrong_dictionary_when_read_then_the_server_does_not_start(data: object) -> None:
    with pytest.raises(SettingsError, match="site codes"):
        read_site_codes(data)


def test_given_the_text_only_profile_when_orders_are_offered_then_the_detail_says_all_of_them() -> None:
    first, second = compose(EVERYTHING, CALL, PATHWAY, profile_named("text_only")).to_wire()["cards"]

    assert "suggestions" not in first
    assert "selectionBehavior" not in first
    assert (
        "- Image-guided biopsy of the relapse. Start 2026-11-23. Fresh, frozen and fixed tissue.\n" in first["detail"]
    )
    assert "- gabapentin. Start 2026-11-24. 10 mg/kg/day, verify against the protocol.\n" in first["detail"]
    assert "  - Draft: one. Start 2026-11-24. 10 mg/kg/day, verify against the protocol.\n" in second["detail"]
    assert first["overrideReasons"]


@pytest.mark.parametrize("name", PROFILE_NAMES)
def test_given_any_profile_when_a_card_offers_nothing_then_it_has_no_suggestions(name: str) -> None:
    card = compose(said(workup(orders=())), CALL, PATHWAY, profile_named(name)).to_wire()["cards"][0]

    assert "suggestions" not in card
    assert "selectionBehavior" not in card


def test_given_an_option_that_is_not_suitable_when_it_holds_orders_then_none_is_offered() -> None:
    """Hazard: a regimen that is named as unsuitable is ordered by one click."""
    for name in PROFILE_NAMES:
        wire = compose(EVERYTHING, CALL, PATHWAY, profile_named(name)).to_wire()["cards"][1]

        assert "TEMIRI" not in str(wire.get("suggestions"))
