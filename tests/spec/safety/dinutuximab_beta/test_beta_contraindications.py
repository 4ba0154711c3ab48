"""Dinutuximab beta: contraindications of the EU label (QZ-SMPC-44, QZ-LEAF): GvHD and hypersensitivity."""

from __future__ import annotations

import pytest

from hooks.recommendation import Indicator, Topic
from tests.spec.safety.charts import Chart, chart, missing, says

RULE = "dinutuximab_beta_forbidden"


def selected() -> Chart:
    return chart().selecting("dinutuximab beta", 3)


@pytest.mark.parametrize("grade", [3, 4])
def test_given_coded_dated_acute_gvhd_of_grade_3_or_4_then_critical(grade: int) -> None:
    """Hazard: an antibody after haploidentical transplantation in severe GvHD."""
    card = selected().finding("acute_gvhd", grade, ago=4).card(RULE)

    assert card.indicator is Indicator.CRITICAL
    assert card.topic is Topic.ANTI_GD2_SAFETY
    assert card.subject == "dinutuximab beta"
    assert card.summary == f"Do not give dinutuximab beta: acute GvHD grade {grade} of 2026-11-18"
    assert card.named_items == ("db-ci-gvhd",)
    assert card.evidence == ("QZ-SMPC-44", "QZ-LEAF")


@pytest.mark.parametrize("grade", [1, 2])
def test_given_acute_gvhd_of_a_lower_grade_then_silence(grade: int) -> None:
    selected().finding("acute_gvhd", grade).silent(RULE)


def test_given_extensive_chronic_gvhd_then_critical_whatever_its_grade() -> None:
    assert selected().finding("chronic_gvhd_extensive").card(RULE).indicator is Indicator.CRITICAL


@pytest.mark.parametrize("kind", ["acute_gvhd", "chronic_gvhd_extensive", "chronic_gvhd", "gvhd"])
def test_given_gvhd_that_is_over_then_silence(kind: str) -> None:
    """Resolved disease is not on the list of the label."""
    selected().finding(kind, 4, active=False).silent(RULE)


@pytest.mark.parametrize("kind", ["acute_gvhd", "gvhd"])
def test_given_gvhd_without_a_grade_then_it_is_asked_and_nothing_is_blocked(kind: str) -> None:
    """Unknown is not false: no block, no warning."""
    card = selected().finding(kind).card(RULE)

    assert card.indicator is Indicator.INFO
    assert says(card, "Please confirm: its grade, coded")


def test_given_limited_chronic_gvhd_then_silence() -> None:
    """The label names the extensive form alone; a question for the extent that is on record is noise."""
    selected().finding("chronic_gvhd_limited").silent(RULE)
    selected().finding("chronic_gvhd_limited", 3).silent(RULE)


def test_given_chronic_gvhd_of_unstated_extent_then_it_is_asked() -> None:
    card = selected().finding("chronic_gvhd", 3).card(RULE)

    assert card.indicator is Indicator.INFO
    assert says(card, "Please confirm: its extent")


def test_given_gvhd_of_unstated_kind_and_grade_3_then_a_warning_asks() -> None:
    card = selected().finding("gvhd", 3).card(RULE)

    assert card.indicator is Indicator.WARNING
    assert says(card, "whether it is acute, or chronic and extensive")


@pytest.mark.parametrize("details", [{"confidence": "text"}, {"confidence": "coded_local"}, {"ago": None}])
def test_given_severe_gvhd_in_words_or_undated_then_a_warning_asks(details: dict[str, object]) -> None:
    card = selected().finding("acute_gvhd", 3, **details).card(RULE)

    assert card.indicator is Indicator.WARNING
    assert card.summary.startswith("Confirm before giving dinutuximab beta: acute GvHD grade 3")


def test_given_an_allergy_to_it_then_it_is_contraindicated() -> None:
    card = selected().allergic_to("dinutuximab beta").card(RULE)

    assert card.indicator is Indicator.CRITICAL
    assert card.summary == "Do not give dinutuximab beta: allergy to dinutuximab beta of 2025-10-18"


@pytest.mark.parametrize("grade", [None, 3, 4])
def test_given_anaphylaxis_put_down_to_it_then_it_is_contraindicated(grade: int | None) -> None:
    """Anaphylaxis to the same antibody, coded and dated; milder hypersensitivity leaves later courses possible."""
    card = selected().finding("anaphylaxis", grade, under="dinutuximab beta").card(RULE)

    assert card.indicator is Indicator.CRITICAL
    assert card.named_items == ("db-ci-hyp",)
    selected().finding("hypersensitivity", 3, under="dinutuximab beta").silent(RULE)


@pytest.mark.parametrize(("ago", "fires"), [(50, True), (49, False)])
def test_given_anaphylaxis_of_unknown_cause_then_a_day_of_the_antibody_makes_it_a_question(
    ago: int, fires: bool
) -> None:
    asked = selected().past("dinutuximab beta", -59, -50).finding("anaphylaxis", 4, ago=ago)

    if fires:
        card = asked.card(RULE)
        assert card.indicator is Indicator.WARNING
        assert says(card, "whether anaphylaxis grade 4 came under dinutuximab beta")
    else:
        asked.silent(RULE)


@pytest.mark.parametrize(("kind", "under"), [("anaphylaxis", "naxitamab"), ("anaphylaxis", "")])
def test_given_anaphylaxis_to_another_drug_or_of_unknown_cause_then_silence(kind: str, under: str) -> None:
    selected().finding(kind, 4, under=under).silent(RULE)


@pytest.mark.parametrize("text", ["Histidine", "allergic to sucrose", "Polysorbate 20 (E432)"])
def test_given_an_allergy_to_an_excipient_in_words_then_a_warning_asks(text: str) -> None:
    card = selected().allergic_to(text=text, confidence="text").card(RULE)

    assert card.indicator is Indicator.WARNING
    assert says(card, "the allergy to")
    assert text not in card.used[1].label


@pytest.mark.parametrize("other", ["dinutuximab", "naxitamab", "bevacizumab"])
def test_given_an_allergy_to_another_antibody_then_this_rule_is_silent(other: str) -> None:
    selected().allergic_to(other, anaphylaxis=True).silent(RULE)


def test_given_an_allergy_to_something_else_in_words_then_silence() -> None:
    selected().allergic_to(text="Latex", confidence="text").silent(RULE)


def test_given_an_unknown_allergy_list_beside_gvhd_then_it_is_a_line_of_that_card() -> None:
    card = selected().with_unknown_allergies().finding("acute_gvhd", 3).card(RULE)

    assert missing(card) == ["Allergies: could not be retrieved"]


def test_given_stop_events_of_dinutuximab_then_dinutuximab_beta_does_not_take_them_over() -> None:
    """Hazard: the rules of one antibody are held against another."""
    selected().finding("serum_sickness", 4, under="dinutuximab beta").silent(RULE)
    selected().finding("urinary_retention", under="dinutuximab beta").silent(RULE)
