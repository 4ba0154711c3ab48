"""Every safety rule speaks of its own drug alone. Hazard: the rules of one antibody are held against another."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import pytest

from hooks.pathways.relapsed_neuroblastoma import rules
from hooks.pathways.relapsed_neuroblastoma.board import FindingKind
from hooks.pathways.relapsed_neuroblastoma.knowledge import KNOWLEDGE
from hooks.pathways.relapsed_neuroblastoma.rules.order_rules import ORDER_SELECT_RULES, ORDER_SIGN_RULES
from hooks.pathways.relapsed_neuroblastoma.rules.safety_cards import item_of
from hooks.recommendation import OrderKind, Recommendation, Topic
from hooks.rule import rule_id
from tests.spec.children import Child, a_relapsed_child
from tests.spec.safety.charts import ALK_INHIBITORS, ALL_RULES, ANTIBODIES, Chart, chart

PREFIX = {
    "dinutuximab": "di-",
    "dinutuximab beta": "db-",
    "naxitamab": "nx-",
    "lorlatinib": "lo-",
    "crizotinib": "cz-",
    "alectinib": "al-",
    "ceritinib": "ce-",
}
NOT_SPOKEN = {
    "da-dose": "information without a question; weight bands of another disease are never shown beside RIST",
    "nx-expect": "frequencies of the trial; no card of their own",
    "nx-missed": "a missed dose stands in no chart",
    "ra-catechol": "said by the work-up and the response evaluation",
}
"""Items that no safety rule says, and why."""


def difficult(child: Child) -> Child:
    """A child with everything on record that a rule may read."""
    return (
        child.aged(10)
        .with_alk("negative")
        .with_gd2("negative")
        .mibg("non_avid")
        .responded("PD")
        .having(
            uncontrolled_hypertension="yes",
            severe_anti_gd2_reaction="yes",
            failed_temozolomide="yes",
            failed_irinotecan="yes",
            prior_anti_gd2="no",
            pregnancy="yes",
        )
    )


def difficult_board(board: Chart) -> Chart:
    """Every finding at every grade, every allergy, and a drug of every class, none of them selected."""
    for kind, grade in product(FindingKind, (None, 1, 2, 3, 4)):
        board = board.finding(kind, grade, ago=1)
    for name in (*ANTIBODIES, "sirolimus", "bevacizumab", "temozolomide", "cefixime", "sargramostim"):
        board = board.allergic_to(name, anaphylaxis=True)
    for name in (
        "dexamethasone",
        "tacrolimus",
        "immunoglobulin_normal",
        "aldesleukin",
        "rifampicin",
        "voriconazole",
        "fentanyl",
        "ondansetron",
        "omeprazole",
        "warfarin",
        "sennosides",
        "labetalol",
        "levonorgestrel",
        "vaccine.live.varicella",
    ):
        board = board.active(name, 0, 30)
    return board.ordering("Core biopsy", 3, concept="biopsy.procedure").ordering("MIBG scan", 3)


def cards_with(*selected: str) -> list[Recommendation]:
    board = difficult_board(chart()).of(difficult(a_relapsed_child()))
    for name in selected:
        board = board.selecting(name, 0, 5)
    return list(board.speaking().values())


@pytest.mark.parametrize("name", ANTIBODIES)
def test_given_one_antibody_and_everything_on_record_then_only_its_own_items_are_named(name: str) -> None:
    cards = [card for card in cards_with(name) if card.topic is Topic.ANTI_GD2_SAFETY]

    assert cards
    assert {card.subject for card in cards} == {name}
    named = {item for card in cards for item in card.named_items}
    assert {item[:3] for item in named - {"si-gd2"}} == {PREFIX[name]}


@pytest.mark.parametrize("name", ALK_INHIBITORS)
def test_given_one_alk_inhibitor_and_everything_on_record_then_only_its_own_items_are_named(name: str) -> None:
    cards = [card for card in cards_with(name) if card.topic is Topic.TARGETED_THERAPY_SAFETY]

    assert cards
    assert {card.subject for card in cards} == {name}
    assert {item[:3] for card in cards for item in card.named_items} == {PREFIX[name]}


@pytest.mark.parametrize(("name", "topic"), [*((n, Topic.TARGETED_THERAPY_SAFETY) for n in ANTIBODIES)])
def test_given_an_antibody_then_no_card_is_about_an_alk_inhibitor(name: str, topic: Topic) -> None:
    assert not [card for card in cards_with(name) if card.topic is topic]


def test_given_nothing_selected_then_no_rule_speaks_whatever_is_on_record() -> None:
    """Nobody is nagged by orders they did not touch."""
    board = difficult_board(chart()).of(difficult(a_relapsed_child()))
    for name in (*ANTIBODIES, *ALK_INHIBITORS, "sirolimus", "dasatinib", "irinotecan", "temozolomide", "bevacizumab"):
        board = board.active(name, 0, 5)

    assert board.speaking() == {}


def test_given_everything_selected_then_no_card_drafts_a_drug_or_preselects_anything() -> None:
    cards = cards_with(*PREFIX, "sirolimus", "dasatinib", "irinotecan", "bevacizumab", "eflornithine", "cefixime")

    orders = [order for card in cards for order in card.orders]
    assert all(order.kind is OrderKind.SERVICE_REQUEST for order in orders)
    assert not any(order.recommended for order in orders)
    assert not any(order.dosage_text for order in orders)


def test_given_the_rules_then_each_has_a_clinical_sentence_and_cites_sources_that_exist() -> None:
    for rule in ALL_RULES:
        lines = (rule.__doc__ or "").strip().splitlines()
        evidence = lines[-1].strip()
        assert lines[0].endswith(".")
        assert evidence.startswith("Evidence: ")
        cited = evidence.removeprefix("Evidence: ").split(", ")
        if not evidence.startswith("Evidence: none"):
            assert set(cited) <= set(KNOWLEDGE.citations), rule.__name__


def test_given_any_card_then_its_evidence_is_among_what_its_rule_cites() -> None:
    everything = cards_with(*PREFIX, "sirolimus", "dasatinib", "irinotecan", "temozolomide", "bevacizumab", "cefixime")
    by_name = {rule.__name__: rule for rule in ALL_RULES}

    for card in everything:
        cited = (by_name[card.rule].__doc__ or "").rpartition("Evidence: ")[2].strip().split(", ")
        assert set(card.evidence) <= set(cited), card.rule


def test_given_the_services_then_they_run_every_safety_rule_once() -> None:
    """Guard: no rule is written and then forgotten; the family's page is for selection alone."""
    select = [rule_id(rule) for rule in ORDER_SELECT_RULES]
    sign = [rule_id(rule) for rule in ORDER_SIGN_RULES]
    names = {rule.__name__ for rule in ALL_RULES}

    assert len(select) == len(set(select))
    assert len(sign) == len(set(sign))
    assert names <= set(select)
    assert names - set(sign) == {"alk_inhibitor_family_page"}


def test_given_the_safety_items_then_a_rule_says_each_or_a_reason_stands_here() -> None:
    """Guard: nothing verified is encoded and never said."""
    source = "".join(path.read_text() for path in Path(rules.__path__[0]).glob("safety_*.py"))
    numbered = {f"di-stop-{number:02}" for number in range(1, 12)}
    items = (
        *(item for listed in KNOWLEDGE.supportive.safety.values() for item in listed),
        *KNOWLEDGE.supportive.interactions,
    )

    silent = {item.id for item in items if f'"{item.id}"' not in source} - numbered

    assert silent == set(NOT_SPOKEN)


def test_given_an_item_that_no_file_has_then_the_rule_that_asks_is_a_defect() -> None:
    with pytest.raises(KeyError):
        item_of(KNOWLEDGE.supportive, "db-nonsense")
