"""What a card of missing supportive care says, and what it may never say."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest

from hooks.facts.fact import Unknown, Why
from hooks.pathways.relapsed_neuroblastoma.rules.supportive_care import SUPPORTIVE_CARE_RULES, SUPPORTIVE_SIGNING_RULES
from hooks.recommendation import Fired, Indicator, Topic
from hooks.rule import clinical_sentence, decide, rule_id
from tests.spec.children import AS_OF
from tests.spec.supportive.boards import BOOK, LIBRARY, Orders, drug, in_days, orders

DRUGS = "dinutuximab_beta_premedication"
AGENTS = [agent.drug.removeprefix("drug.") for agent in LIBRARY.agents.values() if agent.drug]


def beta(days: int = 3) -> Orders:
    return orders().selecting("dinutuximab_beta", in_days(days))


def test_given_the_card_then_its_summary_says_the_act_and_the_day() -> None:
    assert beta().card(DRUGS).summary == "Order gabapentin and 5 more for dinutuximab beta: day 1 is 2026-11-25"


def test_given_one_missing_item_then_the_summary_speaks_of_it_alone() -> None:
    card = beta().drafting("gabapentin", "morphine").card(DRUGS)

    assert card.summary == "Order paracetamol for dinutuximab beta: day 1 is 2026-11-25"
    assert card.why_now == ("Day 1 of dinutuximab beta is 2026-11-25; 1 required item is not ordered.",)


@pytest.mark.parametrize(("agent", "dated"), list(product(AGENTS, [True, False])))
def test_given_any_agent_then_every_summary_stays_under_140_characters(agent: str, dated: bool) -> None:
    board = orders().selecting(agent, in_days(1) if dated else None)
    cards = decide(SUPPORTIVE_CARE_RULES, board.facts(), BOOK, AS_OF).recommendations

    assert all(len(card.summary) < 140 for card in cards)
    assert all(card.evidence for card in cards)


def test_given_every_partner_drug_at_once_then_there_is_one_card_with_a_short_summary() -> None:
    board = orders()
    for agent in AGENTS[3:]:
        board = board.selecting(agent, in_days(1))
    (card,) = decide(SUPPORTIVE_CARE_RULES, board.facts(), BOOK, AS_OF).recommendations

    assert card.summary == (
        "Order total cholesterol and triglycerides and 19 more for lorlatinib, crizotinib and 8 more: "
        "day 1 is 2026-11-23"
    )
    assert len(card.orders) == 20


def test_given_a_fresh_start_then_drugs_and_monitoring_make_two_cards() -> None:
    cards = decide(SUPPORTIVE_CARE_RULES, beta().facts(), BOOK, AS_OF).recommendations

    assert [(card.indicator, len(card.orders)) for card in cards] == [(Indicator.WARNING, 6), (Indicator.INFO, 7)]


def test_given_order_sign_then_the_same_gaps_are_one_warning_of_required_items() -> None:
    cards = decide(SUPPORTIVE_SIGNING_RULES, beta().facts(), BOOK, AS_OF).recommendations

    assert [(card.indicator, len(card.orders)) for card in cards] == [(Indicator.WARNING, 13)]


def test_given_order_sign_then_the_summary_counts_drugs_and_monitoring_together() -> None:
    (card,) = decide(SUPPORTIVE_SIGNING_RULES, beta().facts(), BOOK, AS_OF).recommendations

    assert card.summary == "Order gabapentin and 12 more for dinutuximab beta: day 1 is 2026-11-25"
    assert card.why_now == ("Day 1 of dinutuximab beta is 2026-11-25; 13 required items are not ordered.",)


def test_given_monitoring_that_is_due_before_the_drugs_then_the_summary_still_names_a_drug() -> None:
    (card,) = decide(
        SUPPORTIVE_SIGNING_RULES, orders().selecting("dinutuximab", in_days(3)).facts(), BOOK, AS_OF
    ).recommendations

    assert card.summary.startswith("Order sodium chloride 0.9 % and ")
    assert card.orders[0].item == "di-base"


@pytest.mark.parametrize("rules", [SUPPORTIVE_CARE_RULES, SUPPORTIVE_SIGNING_RULES])
@pytest.mark.parametrize("agent", ["dinutuximab", "dinutuximab_beta", "naxitamab"])
def test_given_an_antibody_and_its_partner_drugs_then_missing_items_stand_on_two_cards(agent: str, rules: Any) -> None:
    board = orders().selecting(agent, in_days(3)).selecting("temozolomide", in_days(3)).selecting("irinotecan")
    cards = decide(rules, board.facts(), BOOK, AS_OF).recommendations

    assert [card.topic for card in cards] == [Topic.ANTI_GD2_SUPPORTIVE_CARE, Topic.PARTNER_SUPPORTIVE_CARE]


def test_given_partner_drugs_and_all_drugs_of_the_antibody_then_its_monitoring_informs() -> None:
    board = beta().selecting("temozolomide", in_days(3)).drafting("gabapentin", "paracetamol", "morphine")
    cards = decide(SUPPORTIVE_CARE_RULES, board.facts(), BOOK, AS_OF).recommendations

    assert [(card.topic, card.indicator) for card in cards] == [
        (Topic.PARTNER_SUPPORTIVE_CARE, Indicator.WARNING),
        (Topic.ANTI_GD2_SUPPORTIVE_CARE, Indicator.INFO),
    ]


def test_given_order_sign_with_nothing_missing_then_its_rules_are_silent_too() -> None:
    assert decide(SUPPORTIVE_SIGNING_RULES, orders().facts(), BOOK, AS_OF).recommendations == ()


def test_given_the_two_services_then_their_rules_have_the_same_names_and_sentences() -> None:
    for select, sign in zip(SUPPORTIVE_CARE_RULES, SUPPORTIVE_SIGNING_RULES, strict=True):
        assert rule_id(select) == rule_id(sign)
        assert clinical_sentence(select) == clinical_sentence(sign)
        assert len(clinical_sentence(select)) > 40


def test_given_an_allergy_to_the_drug_then_no_order_of_it_is_drafted() -> None:
    """Hazard: a drug is drafted against a recorded allergy."""
    card = beta().allergic_to("drug.gabapentin").card(DRUGS)

    assert not any("gabapentin" in order.text for order in card.orders)
    assert {"db-gabapentin-1", "db-gabapentin-2", "db-gabapentin-3"} <= set(card.named_items)
    assert any("allergy to it is on record; no order is drafted" in point for point in card.points)


def test_given_an_allergy_to_the_class_then_no_order_of_it_is_drafted() -> None:
    card = beta().allergic_to("opioid").card(DRUGS)

    assert not any("morphine" in order.text for order in card.orders)


def test_given_an_allergy_to_the_first_item_then_the_summary_asks_to_order_another_one() -> None:
    """Hazard: the summary asks for the drug to which an allergy is on record."""
    assert beta().allergic_to("drug.gabapentin").card(DRUGS).summary.startswith("Order paracetamol and 5 more")


def test_given_an_allergy_to_everything_that_is_missing_then_the_summary_asks_to_replace_it() -> None:
    ordered = beta().drafting("gabapentin", "paracetamol").allergic_to("drug.morphine")

    assert ordered.card(DRUGS).summary == (
        "Replace morphine infusion and 1 more for dinutuximab beta, an allergy is on record: day 1 is 2026-11-25"
    )


@pytest.mark.parametrize(("state", "drafted"), [("active", False), ("draft", False), ("completed", True)])
def test_given_an_order_not_to_give_the_drug_then_no_order_of_it_is_drafted(state: str, drafted: bool) -> None:
    """Hazard: a drug is drafted beside an order that forbids it."""
    barred = drug("gabapentin", state=state, prohibited=True)
    card = beta()._with(prohibited=(barred,)).card(DRUGS)

    assert any("gabapentin" in order.text for order in card.orders) is drafted
    assert (
        any("an order not to give it is on record; no order is drafted" in line for line in card.points) is not drafted
    )


def test_given_an_allergy_to_a_drug_of_the_same_class_then_the_card_names_it() -> None:
    """Hazard: "paracetamol (or ibuprofen)" is offered to a child who is allergic to ibuprofen, without a word."""
    card = beta().allergic_to("drug.ibuprofen", "drug.codeine", "laxative").card(DRUGS)

    assert "An allergy to ibuprofen is on record; check it before paracetamol is ordered." in card.points
    assert "An allergy to codeine is on record; check it before morphine infusion is ordered." in card.points
    assert "laxative" not in " ".join(card.points)
    assert any("paracetamol" in order.text for order in card.orders)


@pytest.mark.parametrize(("allergen", "drafted"), [("opioid", False), ("drug.morphine", True), ("laxative", True)])
def test_given_an_item_that_leaves_the_drug_open_then_only_an_allergy_to_its_whole_class_is_against_it(
    allergen: str, drafted: bool
) -> None:
    """DANY-22 names an oral opioid without a drug."""
    card = orders().selecting("naxitamab", in_days(3)).allergic_to(allergen).card("naxitamab_premedication")

    assert ("nx-opioid-oral" in [order.item for order in card.orders]) is drafted


def test_given_another_allergy_then_the_orders_stand() -> None:
    assert len(beta().allergic_to("drug.cefixime").card(DRUGS).orders) == 6


def test_given_no_recent_weight_then_the_dose_is_quoted_and_the_weight_is_asked_for() -> None:
    board = beta()
    card = board.of(board.child.knowing(weight_kg=Unknown(Why.NOT_FOUND, ("vitals",)))).card(DRUGS)

    assert [gap.fact for gap in card.missing] == ["weight_kg"]
    assert card.orders[1].dosage_text.startswith(
        "10 mg/kg twice daily, at most 300 mg per dose. Not multiplied out: weight needed."
    )


def test_given_drafts_that_could_not_be_read_then_the_card_names_them() -> None:
    """One of them may be what is missing; unknown is not absent."""
    card = beta()._with(unreadable=("MedicationRequest/odd", "MedicationRequest/2")).card(DRUGS)

    assert card.missing[0].label == "Draft orders: could not be read (MedicationRequest/odd, MedicationRequest/2)"
    assert card.missing[0].why == "exists but cannot be read"


def test_given_a_weight_that_was_used_then_the_card_lists_it_with_its_date() -> None:
    labels = [fact.label for fact in beta().card(DRUGS).used]

    assert labels == ["Order of dinutuximab beta (selected), day 1 2026-11-25", "Weight: 18 kg, 2026-11-22"]


def test_given_a_card_then_every_draft_names_its_sources_reason_and_the_order_it_belongs_to() -> None:
    checks = beta().card("dinutuximab_beta_monitoring").orders

    for order in (*beta().card(DRUGS).orders, *checks):
        assert (order.dosage_text + order.note).count("Source: ") == 1
        assert order.reason == ("Condition/nb1",)
        assert order.supporting == ("MedicationRequest/dinutuximab_beta-draft",)


def test_given_no_reference_to_the_diagnosis_then_a_draft_goes_without_a_reason() -> None:
    board = beta()

    assert board.of(board.child.knowing(diagnosis_reference="")).card(DRUGS).orders[0].reason == ()


def test_given_a_draft_for_one_thing_then_it_carries_its_code_and_a_composite_one_only_words() -> None:
    orders_of = {order.item: order for order in beta().card("dinutuximab_beta_monitoring").orders}

    assert [code.code for code in orders_of["db-base-spo2"].codes] == ["59408-5"]
    assert [code.code for code in orders_of["db-vitals"].codes] == ["85353-1"]
    assert orders_of["db-labs"].codes == ()
    assert [code.code for code in orders_of["db-labs"].category] == ["laboratory"]


def test_given_an_active_order_then_the_card_says_so() -> None:
    card = orders().active("naxitamab", start=in_days(2)).card("naxitamab_premedication")

    assert card.used[0].label == "Order of naxitamab (active), day 1 2026-11-24"


@pytest.mark.parametrize("agent", AGENTS)
def test_given_any_agent_then_no_drug_is_preselected_and_no_agent_is_offered(agent: str) -> None:
    """Hazard: an opioid or an anticancer drug is placed because it was preselected."""
    board = orders().selecting(agent, in_days(1))
    own = {drug for drug in (a.drug for a in LIBRARY.agents.values()) if drug}
    for rule in SUPPORTIVE_CARE_RULES:
        outcome = board.ask(rule)
        if not isinstance(outcome, Fired):
            continue
        for order in outcome.recommendation.orders:
            item = next(i for items in LIBRARY.order_sets.values() for i in items if i.id == order.item)
            assert item.drug not in own
            assert not (item.is_drug and order.recommended)


@pytest.mark.parametrize(
    ("details", "named"),
    [
        ({"start": in_days(3), "end": in_days(12)}, True),
        ({"start": in_days(-7), "end": in_days(3)}, True),
        ({"start": in_days(-7), "end": in_days(2)}, False),
        ({"start": in_days(13)}, False),
        ({"start": in_days(-20)}, False),
        ({}, False),
    ],
)
def test_given_the_same_antibody_active_for_the_same_days_then_the_card_asks_whether_it_is_ordered_twice(
    details: dict[str, Any], named: bool
) -> None:
    """Hazard: a course is drafted that already runs, and the child gets it twice. Ten days: QZ-LEAF."""
    points = beta().active("dinutuximab_beta", **details).card(DRUGS).points

    assert any("check that one course is not ordered twice" in point for point in points) is named


def test_given_no_day_on_the_draft_then_an_active_course_is_not_called_the_same() -> None:
    board = orders().selecting("dinutuximab_beta").active("dinutuximab_beta", start=in_days(3))

    assert not any("ordered twice" in point for point in board.card(DRUGS).points)


@pytest.mark.parametrize(("last", "over"), [(-1, True), (0, False)])
def test_given_a_selected_course_whose_days_are_over_then_its_day_1_is_asked_and_nothing_is_dated(
    last: int, over: bool
) -> None:
    """Hazard: a copied order with the dates of the last course gets its premedication for today."""
    board = orders().selecting("dinutuximab_beta", in_days(last - 4), end=in_days(last))

    card = board.card(DRUGS)
    assert all((order.occurrence is None) is over for order in card.orders)
    assert any(line.startswith("Missed") for line in card.points) is not over
    if over:
        assert (
            card.summary == "Order gabapentin and 5 more for dinutuximab beta: the days on the order ended 2026-11-21"
        )
        assert card.why_now[0].startswith("The days of dinutuximab beta on the order ended 2026-11-21; check them;")
        assert card.used[0].label.startswith("Order of dinutuximab beta (selected), the days on the order ended")
        assert card.missing[0].label == "Day 1 of dinutuximab beta: ended 2026-11-21, please check the dates"
