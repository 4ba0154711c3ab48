"""Partner drugs and ALK inhibitors: baselines, monitoring and drugs that their labels name."""

from __future__ import annotations

import pytest

from hooks.recommendation import Indicator, Silent, Topic
from tests.spec.children import a_child
from tests.spec.supportive.boards import LIBRARY, Orders, in_days, orders

RULE = "partner_supportive_care"

NEEDED = {
    "lorlatinib": ["lo-lipids", "lo-ecg", "lo-bp-glu", "lo-lft"],
    "crizotinib": ["cz-eye", "cz-ecg", "cz-lft", "cz-cbc"],
    "alectinib": ["al-lft", "al-cpk"],
    "ceritinib": ["ce-lft", "ce-panc-glu", "ce-ecg"],
    "sirolimus": ["si-tdm", "si-labs"],
    "dasatinib": ["da-hbv", "da-growth"],
    "irinotecan": [],
    "temozolomide": ["tz-cbc", "tz-hbv", "tz-antiemetic"],
    "bevacizumab": ["be-bp"],
    "iobenguane_I131": ["mi-ki", "mi-tsh"],
    "eflornithine": ["df-audio", "df-labs"],
}
"""By LOR-EU44, LOR-LEAF, CRZ-AIFA, CRZ-US2, CRZ-LEAF, ALE-LEAF, CER-LEAF, SIR-LEAF, DAS-LEAF, TMZ-LEAF, CINV-PED,
BEV-LEAF, MIBG-COMBI, MIBG-QUACH, DFMO-MONO."""


def selecting(name: str) -> Orders:
    return orders().selecting(name, in_days(2))


@pytest.mark.parametrize("name", sorted(NEEDED))
def test_given_a_partner_drug_and_nothing_ordered_then_its_needed_items_are_offered(name: str) -> None:
    assert selecting(name).missing(RULE) == NEEDED[name]


def test_given_the_list_above_then_it_names_every_partner_drug_and_alk_inhibitor() -> None:
    """Guard: no agent is left out of this chapter."""
    listed = {f"drug.{name}" for name in NEEDED}
    own = {agent.drug for agent in LIBRARY.agents.values() if agent.kind in {"partner", "alk_inhibitor"}}

    assert listed == own


@pytest.mark.parametrize("event", ["first_relapse", "later_relapse", "progression", "refractory"])
def test_given_active_disease_then_partner_drugs_speak(event: str) -> None:
    board = selecting("lorlatinib").of(a_child().with_event(event))

    assert board.card(RULE).topic is Topic.PARTNER_SUPPORTIVE_CARE


@pytest.mark.parametrize("event", ["none", "suspected_relapse", "residual_stable", "in_remission"])
def test_given_no_active_disease_then_partner_drugs_are_silent(event: str) -> None:
    assert isinstance(selecting("lorlatinib").of(a_child().with_event(event)).ask(RULE), Silent)


def test_given_an_unknown_event_then_partner_drugs_are_silent() -> None:
    assert isinstance(selecting("lorlatinib").of(a_child()).ask(RULE), Silent)


def test_given_an_antibody_and_no_relapse_then_the_antibody_still_speaks() -> None:
    """Antibody rules speak for any neuroblastoma."""
    board = orders().selecting("naxitamab", in_days(5)).of(a_child())

    assert board.missing("naxitamab_premedication")


def test_given_a_partner_drug_that_is_only_active_then_it_does_not_trigger() -> None:
    assert isinstance(orders().active("lorlatinib").ask(RULE), Silent)


def test_given_a_liposomal_or_topical_form_then_it_is_another_medicine() -> None:
    """Hazard: eflornithine cream, liposomal irinotecan or a diagnostic tracer opens the card of the treatment."""
    board = orders().selecting("eflornithine", in_days(2), interchangeable=False)

    assert isinstance(board.ask(RULE), Silent)


@pytest.mark.parametrize("name", ["lorlatinib", "crizotinib", "eflornithine", "iobenguane_I131", "temozolomide"])
def test_given_a_missing_baseline_that_cannot_be_made_up_or_a_missing_drug_then_the_card_warns(name: str) -> None:
    """Lipids, eye examination, audiogram, thyroid protection; a missing drug."""
    assert selecting(name).card(RULE).indicator is Indicator.WARNING


@pytest.mark.parametrize("name", ["alectinib", "ceritinib", "sirolimus", "dasatinib", "bevacizumab"])
def test_given_only_routine_tests_missing_then_the_card_informs(name: str) -> None:
    assert selecting(name).card(RULE).indicator is Indicator.INFO


def test_given_everything_ordered_or_lately_done_then_there_is_no_card() -> None:
    board = (
        selecting("lorlatinib")
        .watching("Lipid panel", "12-lead ECG", "Lipase", "Amylase")
        .measured("sbp", 100, "mm[Hg]", in_days(0))
        .measured("glucose", 5.0, "mmol/L", in_days(-3))
    )

    assert isinstance(board.ask(RULE), Silent)


def test_given_a_lipid_panel_alone_then_only_the_rest_is_missing() -> None:
    assert selecting("lorlatinib").watching("Lipid panel").missing(RULE) == ["lo-ecg", "lo-bp-glu", "lo-lft"]


def test_given_an_order_of_two_things_then_it_carries_words_and_no_code_of_one_of_them() -> None:
    codes = {order.item: order.codes for order in selecting("lorlatinib").card(RULE).orders}

    assert codes["lo-bp-glu"] == ()
    assert [code.code for code in codes["lo-ecg"]] == ["164847006"]


def test_given_a_panel_of_electrolytes_and_an_ecg_then_crizotinib_needs_no_more_of_them() -> None:
    assert "cz-ecg" not in selecting("crizotinib").watching("ECG", "Electrolytes").missing(RULE)


def test_given_only_potassium_then_magnesium_calcium_and_the_ecg_are_still_offered() -> None:
    card = selecting("crizotinib").watching("", concept="lab_vital.potassium").card(RULE)
    offered = {order.item: order.text for order in card.orders}

    assert offered["cz-ecg"] == "ECG, magnesium, calcium"


@pytest.mark.parametrize("when", [-7, 0])
def test_given_an_audiogram_of_the_last_week_then_it_counts_as_the_baseline(when: int) -> None:
    assert selecting("eflornithine").done("Pure tone audiometry", in_days(when)).missing(RULE) == ["df-labs"]


def test_given_an_audiogram_of_eight_days_ago_or_without_a_date_then_it_is_offered() -> None:
    old = selecting("eflornithine").done("Pure tone audiometry", in_days(-8)).missing(RULE)
    undated = selecting("eflornithine").done("Pure tone audiometry", None).missing(RULE)

    assert old == undated == ["df-audio", "df-labs"]


def test_given_a_finished_test_that_is_to_be_repeated_then_it_does_not_count() -> None:
    """ALE-LEAF: creatine kinase every 2 weeks in the first month is monitoring, not a baseline."""
    assert "al-cpk" in selecting("alectinib").done("Creatine kinase", in_days(-1)).missing(RULE)


def test_given_four_drugs_of_rist_then_one_card_offers_each_test_once() -> None:
    board = selecting("irinotecan").selecting("temozolomide", in_days(2))
    board = board.selecting("sirolimus", in_days(0)).selecting("dasatinib", in_days(0))

    card = board.card(RULE)

    assert [order.item for order in card.orders] == [
        "si-tdm",
        "si-labs",
        "da-hbv",
        "da-growth",
        "tz-cbc",
        "tz-antiemetic",
    ]
    assert "tz-hbv" in card.named_items
    assert card.subject == "sirolimus, dasatinib, temozolomide"


def test_given_an_earlier_temozolomide_line_then_hepatitis_b_is_not_asked_for_again() -> None:
    board = selecting("temozolomide").past("temozolomide", start=in_days(-60))

    assert board.missing(RULE) == ["tz-cbc", "tz-antiemetic"]


def test_given_potassium_iodide_then_thyroid_protection_is_satisfied() -> None:
    """MIBG-COMBI, MIBG-QUACH: with perchlorate, or with thyroxine and methimazole."""
    board = selecting("iobenguane_I131").drafting("potassium_iodide", start=in_days(1))

    assert board.missing(RULE) == ["mi-tsh"]


def test_given_irinotecan_alone_then_its_conditional_items_never_make_a_card() -> None:
    """IRI-POGO: cefixime after significant diarrhoea, loperamide at the first loose stool."""
    assert isinstance(selecting("irinotecan").ask(RULE), Silent)


def test_given_items_that_are_only_named_then_drugs_checks_and_advice_stand_apart() -> None:
    """LOR-US: statins; LOR-LEAF: what the family is told. Hazard: a warning sign drowns among twenty items."""
    points = selecting("lorlatinib").card(RULE).points

    named = {point.partition(" ")[0]: point for point in points if "named for lorlatinib, not counted" in point}
    assert list(named) == ["Drugs", "Checks", "Advice"]
    assert "pitavastatin" in named["Drugs"]
    assert "echocardiogram" in named["Checks"]
    assert "for the family" in named["Advice"]
    assert "pitavastatin" not in named["Checks"] + named["Advice"]
