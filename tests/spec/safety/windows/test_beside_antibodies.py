"""IL-2, immunoglobulin and vaccines beside an anti-GD2 antibody; two antibodies at once."""

from __future__ import annotations

import pytest

from hooks.recommendation import Indicator
from tests.spec.safety.charts import Chart, chart, missing, says


def beta() -> Chart:
    return chart().selecting("dinutuximab beta", 3, 12)


def test_given_il2_with_dinutuximab_beta_then_both_sides_are_shown_and_nothing_is_called_contraindicated() -> None:
    """LADENSTEIN, WIECZOREK, BARONE-T1 against QZ-SMPC-42."""
    card = beta().drafting("aldesleukin", 3, 7).card("il2_with_dinutuximab_beta")

    assert card.indicator is Indicator.WARNING
    assert says(card, "3 years, 60 % with and 56 % without, p = 0.76")
    assert says(card, "62 % against 87 %")
    assert says(card, "Another source holds: label text read (2021 to 2023) still combines it with IL-2")
    assert not says(card, "ontraindicat")
    assert card.orders == ()
    assert {"LADENSTEIN", "WIECZOREK", "BARONE-T1", "QZ-SMPC-42"} == set(card.evidence)


def test_given_dinutuximab_beta_alone_then_il2_is_never_suggested() -> None:
    cards = beta().speaking()

    assert not any("IL-2" in line for card in cards.values() for line in (*card.points, card.summary))


def test_given_il2_with_naxitamab_then_its_own_sentence_is_said() -> None:
    card = chart().selecting("naxitamab", 3, 7).active("aldesleukin", 0).card("il2_with_naxitamab")

    assert card.named_items == ("nx-il2",)
    assert card.evidence == ("DANY-21",)


def test_given_il2_with_dinutuximab_then_nothing_is_claimed() -> None:
    """di-il2 is not verified and not encoded."""
    assert chart().selecting("dinutuximab", 3).drafting("aldesleukin", 3, 7).speaking() == {}


def test_given_il2_selected_while_the_antibody_is_active_then_the_card_speaks() -> None:
    chart().active("dinutuximab beta", 0, 9).selecting("aldesleukin", 3).card("il2_with_dinutuximab_beta")
    chart().active("dinutuximab beta", 0, 9).active("aldesleukin", 3).silent("il2_with_dinutuximab_beta")


def test_given_immunoglobulin_with_dinutuximab_beta_then_a_warning_with_its_use_in_neurotoxicity() -> None:
    card = beta().drafting("immunoglobulin normal", 4, 5).card("immunoglobulin_with_dinutuximab_beta")

    assert card.indicator is Indicator.WARNING
    assert says(card, "not recommended with dinutuximab beta")
    assert says(card, "Another source holds: immunoglobulin is one of the treatments used for severe neurotoxicity")


@pytest.mark.parametrize(("start", "end", "fires"), [(0, 2, False), (0, 3, True), (12, 12, True), (13, 13, False)])
def test_given_immunoglobulin_then_only_days_of_the_course_count(start: int, end: int, fires: bool) -> None:
    """No window in days was read."""
    asked = beta().drafting("immunoglobulin normal", start, end)

    if fires:
        asked.card("immunoglobulin_with_dinutuximab_beta")
    else:
        asked.silent("immunoglobulin_with_dinutuximab_beta")


@pytest.mark.parametrize("name", ["dinutuximab", "naxitamab"])
def test_given_immunoglobulin_with_another_antibody_then_silence(name: str) -> None:
    assert chart().selecting(name, 3).drafting("immunoglobulin normal", 3, 3).speaking() == {}


@pytest.mark.parametrize(("start", "fires"), [(82, True), (83, False)])
def test_given_a_vaccine_after_the_course_then_10_weeks_are_inside(start: int, fires: bool) -> None:
    """QZ-SMPC-45: the course ends in 12 days, 70 days later is day 82."""
    asked = beta().drafting("vaccine.live.measles_mumps_rubella", start, start)

    if fires:
        card = asked.card("vaccine_with_dinutuximab_beta")
        assert card.indicator is Indicator.INFO
        assert says(card, "Avoid measles mumps rubella vaccine near dinutuximab beta")
    else:
        asked.silent("vaccine_with_dinutuximab_beta")


def test_given_a_vaccine_after_the_last_course_then_the_same_window_holds() -> None:
    chart().past("dinutuximab beta", -80, -70).selecting("vaccine.live.varicella").card("vaccine_with_dinutuximab_beta")
    asked = chart().past("dinutuximab beta", -81, -71).selecting("vaccine.live.varicella")
    asked.silent("vaccine_with_dinutuximab_beta")


@pytest.mark.parametrize(
    ("name", "details"),
    [("vaccine.inactivated(NOT live)", {}), ("", {"text": "Influenza vaccine 0.5 mL"})],
)
def test_given_any_vaccine_by_code_or_words_then_it_is_recognised(name: str, details: dict[str, object]) -> None:
    card = beta().drafting(name, 5, 5, **details).card("vaccine_with_dinutuximab_beta")

    assert "Influenza" not in card.summary


def test_given_a_text_that_is_no_vaccine_then_silence() -> None:
    beta().drafting("", 5, 5, text="Mouth wash").silent("vaccine_with_dinutuximab_beta")


def test_given_a_vaccine_with_dinutuximab_then_the_oncologist_approves() -> None:
    card = chart().selecting("dinutuximab", 3).drafting("vaccine.live.varicella", 4, 4).card("vaccine_with_dinutuximab")

    assert card.indicator is Indicator.INFO
    assert card.summary.startswith("Review varicella vaccine near dinutuximab")


@pytest.mark.parametrize(
    ("one", "other"),
    [("dinutuximab", "dinutuximab beta"), ("dinutuximab", "naxitamab"), ("dinutuximab beta", "naxitamab")],
)
def test_given_two_antibodies_for_the_same_days_then_a_warning(one: str, other: str) -> None:
    card = chart().selecting(one, 3).active(other, 4).card("two_antibodies")

    assert card.indicator is Indicator.WARNING
    assert card.subject == f"{one}, {other}"
    assert says(card, "never interchanged")


def test_given_three_antibodies_for_the_same_days_then_all_are_named() -> None:
    card = chart().selecting("dinutuximab", 3).selecting("dinutuximab beta", 3).drafting("naxitamab", 3)

    said = card.card("two_antibodies")

    assert said.summary == "Review dinutuximab, dinutuximab beta and naxitamab: ordered for the same days"
    assert [fact.state for fact in said.used] == ["dinutuximab", "dinutuximab beta", "naxitamab"]


def test_given_two_antibodies_on_days_apart_then_silence() -> None:
    """Dinutuximab runs days 3 to 6 (UNI-22)."""
    chart().selecting("dinutuximab", 3).drafting("naxitamab", 7).silent("two_antibodies")
    chart().selecting("dinutuximab", 3).drafting("naxitamab", 6).card("two_antibodies")


def test_given_two_antibodies_that_nobody_selected_then_silence() -> None:
    chart().active("dinutuximab", 3).active("naxitamab", 4).selecting("ondansetron").silent("two_antibodies")


def test_given_an_antibody_without_days_then_nothing_keeps_two_apart() -> None:
    chart().selecting("dinutuximab").active("naxitamab").card("two_antibodies")


def test_given_no_day_1_with_il2_then_the_card_says_what_is_on_the_orders() -> None:
    card = chart().selecting("dinutuximab beta").active("aldesleukin").card("il2_with_dinutuximab_beta")

    assert missing(card) == []
    assert card.summary == "Review aldesleukin with dinutuximab beta: aldesleukin active, undated"
