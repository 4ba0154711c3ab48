"""ALK inhibitors in a child: age by label and jurisdiction, contraception, the page for the family."""

from __future__ import annotations

import pytest

from hooks.recommendation import Indicator
from tests.spec.children import a_child, a_relapsed_child
from tests.spec.safety.charts import ALK_INHIBITORS, chart, missing, says

AGE = "alk_inhibitor_below_age"
CONTRACEPTION = "alk_inhibitor_contraception"
FAMILY = "alk_inhibitor_family_page"


@pytest.mark.parametrize(
    ("name", "months", "fires"),
    [
        ("lorlatinib", 215, True),
        ("lorlatinib", 216, False),
        ("crizotinib", 71, True),
        ("crizotinib", 72, False),
        ("alectinib", 215, True),
        ("alectinib", 216, False),
        ("ceritinib", 215, True),
        ("ceritinib", 216, False),
    ],
)
def test_given_an_age_then_the_limit_of_the_label_is_named_on_one_side_only(
    name: str, months: int, fires: bool
) -> None:
    """LOR-LEAF, ALE-LEAF, CER-LEAF: 18 years; CRZ-LEAF: 6 years."""
    asked = chart().selecting(name, 2).of(a_relapsed_child().aged(months))

    if fires:
        card = asked.card(AGE)
        assert card.indicator is Indicator.INFO
        assert card.summary.startswith(f"Off label: {name} at {months // 12} years")
    else:
        asked.silent(AGE)


def test_given_crizotinib_below_6_years_then_both_jurisdictions_are_shown() -> None:
    card = chart().selecting("crizotinib", 2).of(a_relapsed_child().aged(60)).card(AGE)

    assert says(card, "The EU leaflet read gives it from 6 years (CRZ-LEAF)")
    assert says(card, "Another source holds: the US label gives it from 1 year (CRZ-US2)")


def test_given_lorlatinib_in_a_child_then_eu_us_and_the_trial_are_named() -> None:
    card = chart().selecting("lorlatinib", 2).card(AGE)

    assert says(
        card, "Off label below 18 years in the EU and the US; the evidence in children is the trial NCT03107988"
    )


def test_given_an_unknown_age_then_it_is_a_gap_and_no_card() -> None:
    asked = chart().selecting("lorlatinib", 2).of(a_relapsed_child().not_knowing("age_months"))

    assert missing(asked.undetermined(AGE)) == ["Age: not found"]


@pytest.mark.parametrize(
    ("name", "item"),
    [("lorlatinib", "lo-contra"), ("crizotinib", "cz-contra"), ("alectinib", "al-contra"), ("ceritinib", "ce-contra")],
)
def test_given_a_hormonal_contraceptive_then_it_is_not_relied_on_alone(name: str, item: str) -> None:
    """LOR-US17, LOR-LEAF, CRZ-LEAF, ALE-LEAF, CER-LEAF."""
    card = chart().selecting(name, 2).active("levonorgestrel", -60).card(CONTRACEPTION)

    assert card.indicator is Indicator.WARNING
    assert card.summary == f"Do not rely on levonorgestrel alone with {name}"
    assert card.named_items == (item,)


@pytest.mark.parametrize("name", ALK_INHIBITORS)
def test_given_a_pregnancy_then_the_inhibitor_is_questioned(name: str) -> None:
    card = chart().selecting(name, 2).of(a_relapsed_child().having(pregnancy="yes")).card(CONTRACEPTION)

    assert card.indicator is Indicator.WARNING
    assert card.summary.startswith(f"Review {name}: pregnancy on record")


def test_given_neither_then_contraception_is_no_card() -> None:
    chart().selecting("lorlatinib", 2).silent(CONTRACEPTION)
    chart().active("lorlatinib", 2).active("levonorgestrel").silent(CONTRACEPTION)


@pytest.mark.parametrize(
    ("name", "item"),
    [("lorlatinib", "lo-family"), ("crizotinib", "cz-family"), ("alectinib", "al-family"), ("ceritinib", "ce-family")],
)
def test_given_an_alk_inhibitor_is_selected_then_a_page_for_the_family_is_linked(name: str, item: str) -> None:
    card = chart().selecting(name, 2).card(FAMILY)

    assert card.indicator is Indicator.INFO
    assert card.named_items == (item,)
    assert [(link.label, link.url) for link in card.links] == [(f"For the family: {name}", f"/family/{name}")]


def test_given_two_alk_inhibitors_then_one_card_names_both() -> None:
    card = chart().selecting("lorlatinib", 2).selecting("ceritinib", 2).card(FAMILY)

    assert card.subject == "lorlatinib, ceritinib"
    assert [link.url for link in card.links] == ["/family/lorlatinib", "/family/ceritinib"]


@pytest.mark.parametrize("rule", [AGE, CONTRACEPTION, FAMILY])
def test_given_no_active_disease_or_no_inhibitor_then_silence(rule: str) -> None:
    chart().selecting("lorlatinib", 2).active("levonorgestrel").of(a_child().with_event("in_remission")).silent(rule)
    chart().selecting("irinotecan", 2).active("levonorgestrel").silent(rule)
