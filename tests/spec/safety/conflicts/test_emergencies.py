"""Fever with neutropenia or sepsis before a drug against the tumour (FN-2023); drafts that could not be read."""

from __future__ import annotations

import pytest

from hooks.recommendation import Indicator, Topic
from tests.spec.children import a_child
from tests.spec.safety.charts import ANTIBODIES, Chart, chart, says

RULE = "febrile_neutropenia_first"
DRAFTS = "drafts_unreadable"
TREATMENTS = (*ANTIBODIES, "lorlatinib", "irinotecan", "bevacizumab", "cyclophosphamide", "iobenguane_I131")


def signing(name: str) -> Chart:
    return chart().selecting(name, 1)


@pytest.mark.parametrize("name", TREATMENTS)
@pytest.mark.parametrize("kind", ["febrile_neutropenia", "sepsis"])
def test_given_an_emergency_coded_within_the_last_day_then_critical(name: str, kind: str) -> None:
    card = signing(name).finding(kind, ago=1).card(RULE)

    assert card.indicator is Indicator.CRITICAL
    assert card.topic is Topic.ORDER_SAFETY
    assert card.summary.startswith("Hold ")
    assert "2026-11-21" in card.summary
    assert card.evidence == ("FN-2023",)


@pytest.mark.parametrize("details", [{"ago": 2}, {"ago": 35}, {"ago": None}, {"ago": 0, "confidence": "text"}])
def test_given_an_older_undated_or_worded_one_then_a_warning_asks_whether_it_is_over(
    details: dict[str, object],
) -> None:
    card = signing("naxitamab").finding("febrile_neutropenia", **details).card(RULE)

    assert card.indicator is Indicator.WARNING
    assert says(card, "whether febrile neutropenia is over")


@pytest.mark.parametrize("details", [{"ago": 36}, {"ago": 0, "active": False}])
def test_given_one_that_is_over_or_long_ago_then_silence(details: dict[str, object]) -> None:
    signing("naxitamab").finding("febrile_neutropenia", **details).silent(RULE)


def test_given_fever_and_neutropenia_coded_apart_today_then_they_count_together() -> None:
    asked = signing("dinutuximab beta").finding("fever", ago=0).finding("neutropenia", ago=1)

    assert asked.card(RULE).indicator is Indicator.CRITICAL
    assert "fever and neutropenia" in asked.card(RULE).summary


def test_given_one_of_the_two_not_of_today_then_a_warning() -> None:
    asked = signing("dinutuximab beta").finding("fever", ago=0).finding("neutropenia", ago=5)

    assert asked.card(RULE).indicator is Indicator.WARNING


@pytest.mark.parametrize("kind", ["fever", "neutropenia"])
def test_given_fever_or_neutropenia_alone_then_silence(kind: str) -> None:
    """Fever is also an expected effect of the antibody; no emergency is concluded from it alone."""
    signing("dinutuximab beta").finding(kind, ago=0).silent(RULE)


def test_given_both_words_of_it_then_one_hit_speaks() -> None:
    asked = signing("naxitamab").finding("febrile_neutropenia", ago=0).finding("fever", ago=0)

    assert len(asked.finding("neutropenia", ago=0).card(RULE).why_now) == 1


@pytest.mark.parametrize("name", ["meropenem", "paracetamol", "ondansetron", "sargramostim"])
def test_given_the_treatment_of_the_fever_then_nobody_is_nagged(name: str) -> None:
    signing(name).finding("febrile_neutropenia", ago=0).silent(RULE)


def test_given_no_relapse_then_an_antibody_still_speaks_and_a_partner_drug_does_not() -> None:
    asked = signing("dinutuximab beta").of(a_child()).finding("sepsis", ago=0)

    asked.card(RULE)
    signing("irinotecan").of(a_child()).finding("sepsis", ago=0).silent(RULE)


def test_given_a_draft_that_could_not_be_read_then_it_is_named() -> None:
    """An antibody may be hidden behind it."""
    card = chart().unreadable("MedicationRequest/draft-1").card(DRAFTS)

    assert card.indicator is Indicator.INFO
    assert card.topic is Topic.ORDER_SAFETY
    assert card.summary == "Look at 1 draft order that could not be read: MedicationRequest/draft-1"
    assert card.evidence == ()


def test_given_drafts_about_somebody_else_then_only_their_number_is_told() -> None:
    card = chart().with_drafts_of_others(2).card(DRAFTS)

    assert card.summary == "Look at 2 draft orders about another patient"


def test_given_both_then_one_card_says_both_and_the_summary_stays_short() -> None:
    card = chart().unreadable(f"MedicationRequest/{'x' * 194}").with_drafts_of_others(1).card(DRAFTS)

    assert len(card.summary) < 140
    assert says(card, "Not checked, please look")
    assert says(card, "1 draft order about another patient")


def test_given_every_draft_readable_then_silence() -> None:
    chart().silent(DRAFTS)
