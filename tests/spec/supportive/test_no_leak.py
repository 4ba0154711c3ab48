"""No item of one antibody is ever offered for another. Hazard: the three anti-GD2 antibodies are interchanged."""

from __future__ import annotations

from itertools import combinations, product

import pytest

from hooks.facts.fact import Confidence
from hooks.pathways.relapsed_neuroblastoma.rules.supportive_care import (
    SUPPORTIVE_CARE_RULES,
    SUPPORTIVE_SIGNING_RULES,
    SupportiveRule,
)
from hooks.recommendation import Fired, Recommendation, Silent
from hooks.rule import decide
from tests.spec.children import AS_OF, a_child
from tests.spec.supportive.boards import BOOK, BY_NAME, Orders, in_days, orders

PREFIX = {"dinutuximab": "di-", "dinutuximab_beta": "db-", "naxitamab": "nx-"}
RULES = [f"{name}_{group}" for name in PREFIX for group in ("premedication", "monitoring")]
STATES = ("selected", "drafted", "active")


def board(name: str, state: str) -> Orders:
    day_1 = in_days(1)
    match state:
        case "selected":
            return orders().selecting(name, day_1)
        case "drafted":
            return orders().drafting(name, start=day_1)
        case _:
            return orders().active(name, start=day_1)


def items_of(card: Recommendation) -> set[str]:
    return {*card.named_items, *(order.item for order in card.orders)}


def test_given_the_rules_of_the_antibodies_then_there_are_two_for_each() -> None:
    """Guard: the crossing below leaves no rule out."""
    assert set(RULES) | {"partner_supportive_care"} == set(BY_NAME)


@pytest.mark.parametrize(("name", "state", "rule"), list(product(PREFIX, STATES, RULES)))
def test_given_one_antibody_then_only_its_own_items_are_offered_or_named(name: str, state: str, rule: str) -> None:
    outcome = board(name, state).ask(rule)
    own = rule.rpartition("_")[0] == name

    if own:
        assert isinstance(outcome, Fired)
        assert {item[:3] for item in items_of(outcome.recommendation)} == {PREFIX[name]}
        assert outcome.recommendation.subject == name.replace("_", " ")
    else:
        assert isinstance(outcome, Silent)


@pytest.mark.parametrize(("name", "other"), [pair for pair in product(PREFIX, PREFIX) if pair[0] != pair[1]])
def test_given_another_antibody_in_the_past_then_only_the_selected_one_speaks(name: str, other: str) -> None:
    asked = board(name, "selected").past(other, start=in_days(-40))

    assert isinstance(asked.ask(f"{other}_premedication"), Silent)


@pytest.mark.parametrize(("one", "other"), list(combinations(PREFIX, 2)))
def test_given_two_antibodies_at_once_then_each_has_its_own_card_that_names_the_conflict(one: str, other: str) -> None:
    asked = orders().selecting(one, in_days(1)).selecting(other, in_days(1))

    for name in (one, other):
        card = asked.card(f"{name}_premedication")
        assert {item[:3] for item in items_of(card)} == {PREFIX[name]}
        assert "they are not interchangeable" in card.points[0]
        assert card.points[0].endswith(f"this card is for {name.replace('_', ' ')}.")


@pytest.mark.parametrize(("one", "other"), list(combinations(PREFIX, 2)))
def test_given_two_antibodies_at_once_then_monitoring_waits_until_one_is_chosen(one: str, other: str) -> None:
    """Missing items stand on two cards at most."""
    asked = orders().selecting(one, in_days(1)).selecting(other, in_days(1))

    for name in (one, other):
        outcome = asked.ask(f"{name}_monitoring")
        assert isinstance(outcome, Silent)
        assert "one has to be chosen first" in outcome.because


def test_given_two_antibodies_on_days_apart_then_each_stands_for_itself() -> None:
    asked = orders().selecting("dinutuximab", in_days(1)).selecting("naxitamab", in_days(60))

    for name in ("dinutuximab", "naxitamab"):
        card = asked.card(f"{name}_premedication")
        assert {item[:3] for item in items_of(card)} == {PREFIX[name]}
        assert not any("interchangeable" in point for point in card.points)


@pytest.mark.parametrize("apart", [1, 60])
@pytest.mark.parametrize("rules", [SUPPORTIVE_CARE_RULES, SUPPORTIVE_SIGNING_RULES])
def test_given_two_antibodies_and_a_partner_drug_then_two_cards_are_the_most(
    apart: int, rules: tuple[SupportiveRule, ...]
) -> None:
    """Nothing is lost: what the partner drug lacks joins the card of the first antibody."""
    asked = orders().selecting("dinutuximab", in_days(1)).selecting("naxitamab", in_days(apart))
    asked = asked.selecting("temozolomide", in_days(1))

    fired = [outcome.recommendation for rule in rules if isinstance(outcome := asked.ask(rule), Fired)]
    assert [card.subject for card in fired] == ["dinutuximab, temozolomide", "naxitamab"]
    assert "tz-cbc" in {order.item for order in fired[0].orders} | set(fired[0].named_items)


def test_given_two_antibodies_of_which_one_lacks_nothing_then_the_partner_drug_keeps_its_card() -> None:
    asked = orders().selecting("dinutuximab", in_days(1)).selecting("naxitamab", in_days(1))
    asked = asked.selecting("temozolomide", in_days(1)).watching("Vital signs", "CBC, hepatic panel, creatinine, SpO2")
    asked = asked.drafting("morphine", "diphenhydramine", "paracetamol").drafting("", text="saline bolus")

    assert isinstance(asked.ask("dinutuximab_premedication"), Silent)
    assert asked.card("partner_supportive_care").subject == "temozolomide"


def test_given_no_active_disease_then_no_partner_item_joins_the_card_of_an_antibody() -> None:
    asked = orders().of(a_child().with_event("in_remission").weighing()).selecting("dinutuximab", in_days(1))
    asked = asked.selecting("naxitamab", in_days(60)).selecting("temozolomide", in_days(1))

    assert asked.card("dinutuximab_premedication").subject == "dinutuximab"


def test_given_one_antibody_then_no_conflict_is_named() -> None:
    assert not any("interchangeable" in point for point in board("naxitamab", "selected").card(RULES[4]).points)


@pytest.mark.parametrize("state", ["on_hold", "completed", "stopped", "proposed", "given"])
def test_given_an_antibody_order_that_does_not_stand_then_no_rule_speaks(state: str) -> None:
    asked = orders().active("dinutuximab_beta", state=state, start=in_days(1))

    assert isinstance(asked.ask("dinutuximab_beta_premedication"), Silent)


@pytest.mark.parametrize(("end", "fires"), [(0, True), (-1, False)])
def test_given_an_active_antibody_then_it_counts_through_the_last_day_of_its_order(end: int, fires: bool) -> None:
    asked = orders().active("dinutuximab_beta", start=in_days(-5), end=in_days(end))

    assert isinstance(asked.ask("dinutuximab_beta_premedication"), Fired) is fires


def test_given_a_prohibited_antibody_then_no_rule_speaks() -> None:
    """DoNotPerform is a prohibition, not an order."""
    asked = orders().selecting("dinutuximab_beta", in_days(1), prohibited=True)

    assert isinstance(asked.ask("dinutuximab_beta_premedication"), Silent)


def test_given_no_antibody_at_all_then_every_rule_is_silent_and_says_why() -> None:
    decision = decide(SUPPORTIVE_CARE_RULES, orders().drafting("paracetamol").facts(), BOOK, AS_OF)

    assert decision.recommendations == ()
    assert [type(entry.outcome) for entry in decision.trace] == [Silent] * 7
    assert decision.trace[2].outcome == Silent("No dinutuximab beta is among the orders.", ("orders",))


def test_given_the_antibody_under_its_text_alone_then_the_card_asks_to_confirm_it() -> None:
    card = orders().selecting("naxitamab", in_days(5), confidence=Confidence.TEXT).card("naxitamab_premedication")

    assert card.used[0].label == "Order of naxitamab (selected), day 1 2026-11-27, from text, please confirm"
