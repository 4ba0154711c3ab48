"""Steroids beside an anti-GD2 antibody: avoided with two of them, required before the first naxitamab (DANY-22).

CMN-DIN and UNI-EU for dinutuximab; QZ-SMPC-45 and QZ-LEAF for the window around dinutuximab beta.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from hooks.recommendation import Indicator
from tests.spec.safety.charts import Chart, chart, drug, in_days, says

BETA = "steroid_with_dinutuximab_beta"
DINUTUXIMAB = "steroid_with_dinutuximab"

STEROIDS = ("dexamethasone", "methylprednisolone", "prednisolone", "prednisone", "hydrocortisone", "betamethasone")


def beta() -> Chart:
    return chart().selecting("dinutuximab beta", 3, 12)


@pytest.mark.parametrize("name", STEROIDS)
def test_given_a_systemic_steroid_beside_dinutuximab_beta_then_a_warning(name: str) -> None:
    card = beta().active(name, 0, 5).card(BETA)

    assert card.indicator is Indicator.WARNING
    assert card.named_items[0] == "db-avoid-steroid"
    assert card.not_when[0] == "Exception of the source: life-threatening condition."


@pytest.mark.parametrize(("last", "fires"), [(-11, True), (-12, False)])
def test_given_a_steroid_that_ended_then_14_days_before_day_1_are_inside_and_15_are_not(last: int, fires: bool) -> None:
    asked = beta().past("prednisolone", -40, last)

    if fires:
        asked.card(BETA)
    else:
        asked.silent(BETA)


@pytest.mark.parametrize(("start", "fires"), [(19, True), (20, False)])
def test_given_a_steroid_after_the_course_then_7_days_after_are_inside_and_8_are_not(start: int, fires: bool) -> None:
    asked = beta().drafting("prednisolone", start, start)

    if fires:
        asked.card(BETA)
    else:
        asked.silent(BETA)


def test_given_dexamethasone_then_the_antiemetic_without_it_is_named() -> None:
    """The commonest way in which the rule is broken (CINV-PED, EMETO)."""
    card = beta().drafting("dexamethasone", 3, 5).card(BETA)

    assert says(card, "without dexamethasone a 5-HT3 antagonist with aprepitant is recommended (CINV-PED, EMETO)")
    assert card.named_items == ("db-avoid-steroid",)


def test_given_another_steroid_then_no_antiemetic_is_named() -> None:
    assert not says(beta().drafting("prednisolone", 3, 5).card(BETA), "aprepitant")


def test_given_dexamethasone_selected_while_the_antibody_is_drafted_then_a_warning() -> None:
    chart().drafting("dinutuximab beta", 3, 12).selecting("dexamethasone", 1, 2).card(BETA)


def test_given_a_rescue_steroid_as_needed_then_silence() -> None:
    """A steroid kept for a reaction is the exception of the source."""
    beta().drafting("hydrocortisone", 3, 12, scheduled=False).silent(BETA)


@pytest.mark.parametrize("words", ["as needed for nausea", "PRN vomiting", "anti-emetic"])
def test_given_an_as_needed_steroid_against_vomiting_then_a_warning(words: str) -> None:
    beta().drafting("dexamethasone", 3, 12, scheduled=False, dosage_text=words).card(BETA)


@pytest.mark.parametrize("words", ["Nausea", "chemotherapy-induced vomiting"])
def test_given_an_as_needed_steroid_whose_reason_is_vomiting_then_a_warning(words: str) -> None:
    beta().drafting("dexamethasone", 3, 12, scheduled=False, purpose=words).card(BETA)


def test_given_dexamethasone_as_needed_without_a_word_on_what_for_then_it_is_asked() -> None:
    """Hazard: the antiemetic that breaks the rule is taken for a rescue."""
    card = beta().drafting("dexamethasone", 3, 12, scheduled=False).card(BETA)

    assert card.indicator is Indicator.INFO
    assert card.summary.startswith("Confirm dexamethasone near dinutuximab beta")
    assert says(card, "Please confirm: whether dexamethasone as needed is kept for a life-threatening reaction alone.")


@pytest.mark.parametrize("words", ["anaphylaxis", "infusion reaction", "rescue", "allergic reaction"])
def test_given_dexamethasone_as_needed_against_a_reaction_then_silence(words: str) -> None:
    beta().drafting("dexamethasone", 3, 12, scheduled=False, purpose=words).silent(BETA)


@pytest.mark.parametrize(
    ("start", "end", "authored", "fires"),
    [(3, 5, 0, True), (19, 19, 0, True), (20, 20, 0, False), (None, None, -84, True), (None, None, -85, False)],
)
def test_given_a_steroid_that_is_only_planned_inside_the_window_then_it_is_asked(
    start: int | None, end: int | None, authored: int, *, fires: bool
) -> None:
    """Hazard: the antiemetic of a treatment plan is no order yet, and nobody asks about it."""
    asked = beta()
    plan = drug("dexamethasone", start, end, state="proposed", authored=in_days(authored))
    asked = replace(asked, board=replace(asked.board, planned=(plan,)))

    if fires:
        card = asked.card(BETA)
        assert card.indicator is Indicator.INFO
        assert card.summary.startswith("Confirm dexamethasone near dinutuximab beta: dexamethasone proposed")
        assert says(card, "Please confirm: whether the planned dexamethasone is to be given.")
    else:
        asked.silent(BETA)


@pytest.mark.parametrize("name", ["budesonide", "fludrocortisone", "methotrexate"])
def test_given_a_drug_of_another_class_then_silence(name: str) -> None:
    """Locally acting budesonide and replacement with fludrocortisone stand in no class of systemic steroids."""
    beta().active(name, 0).silent(BETA)


def test_given_a_prohibited_steroid_then_silence() -> None:
    beta().drafting("dexamethasone", 3, 5, prohibited=True).silent(BETA)


@pytest.mark.parametrize(
    ("start", "end", "fires"), [(0, 2, False), (0, 3, True), (6, 8, True), (7, 8, False), (None, None, True)]
)
def test_given_dinutuximab_then_only_its_own_days_count(start: int | None, end: int | None, fires: bool) -> None:
    """Four infusion days from day 1 (UNI-22); no window in days was read for dinutuximab."""
    asked = chart().selecting("dinutuximab", 3).drafting("dexamethasone", start, end)

    if fires:
        card = asked.card(DINUTUXIMAB)
        assert card.indicator is Indicator.WARNING
        assert card.named_items == ("di-steroid",)
        assert not says(card, "The window")
    else:
        asked.silent(DINUTUXIMAB)


def test_given_dinutuximab_then_steroids_of_the_past_are_no_matter() -> None:
    asked = chart().selecting("dinutuximab", 3)

    asked.past("dexamethasone", -5, -1).silent(DINUTUXIMAB)
    chart().past("dinutuximab", -6, -3).selecting("dexamethasone", 0).silent(DINUTUXIMAB)
    chart().selecting("dinutuximab").past("dexamethasone", -5, -1).silent(DINUTUXIMAB)
    chart().selecting("dinutuximab").past("dexamethasone").silent(DINUTUXIMAB)


@pytest.mark.parametrize("name", STEROIDS)
def test_given_naxitamab_then_no_safety_rule_speaks_of_its_steroid(name: str) -> None:
    """Hazard: the required premedication is warned against. DANY-22 asks for methylprednisolone before the first."""
    asked = chart().selecting("naxitamab", 3, 7).selecting(name, 3, 3)

    assert asked.speaking() == {}


def test_given_dinutuximab_then_the_rule_of_dinutuximab_beta_is_silent() -> None:
    chart().selecting("dinutuximab", 3).active("dexamethasone", 0).silent(BETA)
    beta().active("dexamethasone", 0).silent(DINUTUXIMAB)


@pytest.mark.parametrize(
    ("name", "route", "asked"),
    [
        ("hydrocortisone", "oral", True),
        ("hydrocortisone", "", True),
        ("hydrocortisone", "intravenous", False),
        ("prednisone", "oral", False),
    ],
)
def test_given_hydrocortisone_that_may_be_a_replacement_then_nobody_is_told_to_avoid_it(
    name: str, route: str, asked: bool
) -> None:
    """Hazard: a child without adrenal hormone loses it because a card says "avoid"."""
    card = beta().active(name, -30, route=route).card(BETA)

    assert card.indicator is Indicator.WARNING
    assert card.summary.startswith("Confirm" if asked else "Avoid")
    assert says(card, "replaces a missing hormone") is asked
