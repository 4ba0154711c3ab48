"""Dinutuximab: contraindication and stop events of the US label (UNI-BOX, UNI-T3), coded, dated and of known cause."""

from __future__ import annotations

from datetime import date

import pytest

from hooks.recommendation import Indicator, Topic
from tests.spec.children import a_relapsed_child
from tests.spec.safety.charts import Chart, chart, missing, says

RULE = "dinutuximab_forbidden"

STOPS = [
    ("anaphylaxis", 3, "di-stop-01"),
    ("anaphylaxis", 4, "di-stop-01"),
    ("serum_sickness", 3, "di-stop-02"),
    ("serum_sickness", 4, "di-stop-02"),
    ("sensory_neuropathy", 4, "di-stop-04"),
    ("motor_neuropathy", 2, "di-stop-06"),
    ("motor_neuropathy", 3, "di-stop-06"),
    ("motor_neuropathy", 4, "di-stop-06"),
    ("transverse_myelitis", None, "di-stop-08"),
    ("pres", None, "di-stop-09"),
    ("vision_loss", None, "di-stop-10"),
]
"""UNI-T3: events without an exception that a chart cannot tell."""

BELOW = [("anaphylaxis", 2), ("serum_sickness", 2), ("sensory_neuropathy", 2), ("motor_neuropathy", 1)]
"""One grade below; sensory neuropathy of grade 3 stops only after more than 14 days."""

EXCEPTIONS = [
    ("pain", 3, "di-stop-03", "it responds to maximum supportive measures"),
    ("urinary_retention", None, "di-stop-07", "it ends with the opioids"),
    ("hyponatraemia", 4, "di-stop-11", "fluid management corrects it"),
]


def selected() -> Chart:
    return chart().selecting("dinutuximab", 3)


@pytest.mark.parametrize(("kind", "grade", "item"), STOPS)
def test_given_a_coded_dated_event_under_dinutuximab_when_ordered_again_then_critical(
    kind: str, grade: int | None, item: str
) -> None:
    card = selected().finding(kind, grade, under="dinutuximab").card(RULE)

    assert card.indicator is Indicator.CRITICAL
    assert card.topic is Topic.ANTI_GD2_SAFETY
    assert card.subject == "dinutuximab"
    assert item in card.named_items
    assert card.summary.startswith("Do not give dinutuximab")
    assert "2026-10-23" in card.summary
    assert not any("Please confirm" in point for point in card.points)
    assert {fact.fact for fact in card.used} == {"orders", "findings"}


@pytest.mark.parametrize(("kind", "grade"), BELOW)
def test_given_one_grade_less_then_the_label_does_not_end_it(kind: str, grade: int) -> None:
    found = selected().finding(kind, grade, ago=5)

    found.silent(RULE)


@pytest.mark.parametrize(("kind", "grade", "item", "exception"), EXCEPTIONS)
def test_given_an_event_with_an_exception_then_the_card_warns_and_asks_for_it(
    kind: str, grade: int | None, item: str, exception: str
) -> None:
    """Whether the event gave way to treatment stands in no chart."""
    card = selected().finding(kind, grade, under="dinutuximab").card(RULE)

    assert card.indicator is Indicator.WARNING
    assert item in card.named_items
    assert says(card, f"whether {exception} (then this does not hold)")


@pytest.mark.parametrize(("kind", "grade"), [("pain", 2), ("hyponatraemia", 3)])
def test_given_an_excepted_event_of_a_lower_grade_then_silence(kind: str, grade: int) -> None:
    selected().finding(kind, grade, under="dinutuximab").silent(RULE)


@pytest.mark.parametrize(("ago", "fires"), [(14, False), (15, True)])
def test_given_sensory_neuropathy_of_grade_3_then_more_than_14_days_end_it(ago: int, fires: bool) -> None:
    found = selected().finding("sensory_neuropathy", 3, ago=ago, under="dinutuximab")

    if fires:
        assert found.card(RULE).indicator is Indicator.CRITICAL
    else:
        found.silent(RULE)


def test_given_sensory_neuropathy_of_grade_3_that_is_over_then_the_card_asks_how_long_it_lasted() -> None:
    card = selected().finding("sensory_neuropathy", 3, ago=60, under="dinutuximab", active=False).card(RULE)

    assert card.indicator is Indicator.WARNING
    assert says(card, "how long sensory neuropathy grade 3 lasted")


def test_given_an_undated_neuropathy_of_grade_3_then_the_card_asks_for_its_date() -> None:
    card = selected().finding("sensory_neuropathy", 3, ago=None, under="dinutuximab").card(RULE)

    assert card.indicator is Indicator.WARNING
    assert says(card, "the date of sensory neuropathy grade 3")


@pytest.mark.parametrize("confidence", ["text", "coded_local"])
def test_given_an_event_that_no_standard_code_says_then_a_warning_asks(confidence: str) -> None:
    card = selected().finding("transverse_myelitis", under="dinutuximab", confidence=confidence).card(RULE)

    assert card.indicator is Indicator.WARNING
    assert card.summary.startswith("Confirm before giving dinutuximab")
    assert says(card, "Please confirm: transverse myelitis stands in the chart, from")
    assert "please confirm" in card.used[1].label


def test_given_an_event_without_cause_then_a_warning_asks_for_it() -> None:
    card = selected().finding("transverse_myelitis").card(RULE)

    assert card.indicator is Indicator.WARNING
    assert says(card, "whether transverse myelitis came under dinutuximab")


def test_given_an_event_put_down_to_another_drug_then_silence() -> None:
    """Hazard: an anaphylaxis to carboplatin stops the antibody."""
    selected().finding("anaphylaxis", 4, under="carboplatin").silent(RULE)


def test_given_an_event_under_dinutuximab_beta_then_the_label_of_dinutuximab_is_silent() -> None:
    selected().finding("transverse_myelitis", under="dinutuximab beta").silent(RULE)


def test_given_an_event_after_dinutuximab_was_begun_then_it_is_put_down_to_it() -> None:
    found = selected().past("dinutuximab", -60, -57).finding("transverse_myelitis", ago=50)

    assert found.card(RULE).indicator is Indicator.CRITICAL


def test_given_an_event_before_dinutuximab_was_begun_then_its_cause_is_asked() -> None:
    found = selected().past("dinutuximab", -60, -57).finding("transverse_myelitis", ago=61)

    assert says(found.card(RULE), "whether transverse myelitis came under dinutuximab")


@pytest.mark.parametrize(("ago", "indicator"), [(57, Indicator.CRITICAL), (56, Indicator.WARNING)])
def test_given_an_anaphylaxis_without_cause_then_only_the_days_of_the_antibody_count(
    ago: int, indicator: Indicator
) -> None:
    """Another drug is as likely: the last infusion day against the day after it."""
    found = selected().past("dinutuximab", -60, -57).finding("anaphylaxis", 4, ago=ago)

    assert found.card(RULE).indicator is indicator


def test_given_an_anaphylaxis_in_an_endless_order_then_it_is_put_down_to_it() -> None:
    found = selected().active("dinutuximab", -5).finding("anaphylaxis", 4, ago=3)

    assert found.card(RULE).indicator is Indicator.CRITICAL


def test_given_a_line_of_treatment_with_dinutuximab_then_it_counts_as_exposure() -> None:
    child = a_relapsed_child().treated_with("dinutuximab", "irinotecan", start=date(2026, 9, 28))

    card = selected().of(child).finding("pres", ago=10).card(RULE)

    assert card.indicator is Indicator.CRITICAL


def test_given_an_undated_line_or_order_then_it_proves_no_cause() -> None:
    child = a_relapsed_child().treated_with("dinutuximab", start=None)

    card = selected().past("dinutuximab").of(child).finding("pres", ago=10).card(RULE)

    assert card.indicator is Indicator.WARNING


def test_given_unknown_treatment_lines_then_the_cause_is_asked() -> None:
    child = a_relapsed_child().not_knowing("treatment_lines")

    assert says(selected().of(child).finding("pres", ago=10).card(RULE), "whether PRES came under dinutuximab")


def test_given_pres_then_both_sides_are_shown() -> None:
    """PRES-CASE: one child tolerated later cycles; the stop of the label stands."""
    card = selected().finding("pres", under="dinutuximab").card(RULE)

    assert says(card, "PRES) ends dinutuximab for good (UNI-T3)")
    assert says(card, "Another source holds: one child with PRES tolerated later cycles (PRES-CASE)")
    assert {"UNI-T3", "PRES-CASE"} <= set(card.evidence)


def test_given_an_ungraded_event_under_dinutuximab_then_its_grade_is_a_line_and_no_card() -> None:
    outcome = selected().finding("motor_neuropathy", under="dinutuximab", ago=9).undetermined(RULE)

    assert missing(outcome) == ["Grade of motor neuropathy of 2026-11-13: not coded"]


def test_given_an_ungraded_event_of_another_time_then_nothing_is_asked() -> None:
    selected().finding("pain", ago=None).silent(RULE)


def test_given_an_ungraded_event_beside_a_stop_event_then_it_is_a_line_of_that_card() -> None:
    found = selected().finding("motor_neuropathy", under="dinutuximab").finding("pres", under="dinutuximab")

    assert missing(found.card(RULE)) == ["Grade of motor neuropathy of 2026-10-23: not coded"]


def test_given_an_allergy_with_anaphylaxis_then_it_is_contraindicated() -> None:
    """UNI-BOX."""
    card = selected().allergic_to("dinutuximab", anaphylaxis=True).card(RULE)

    assert card.indicator is Indicator.CRITICAL
    assert card.summary == "Do not give dinutuximab: allergy to dinutuximab of 2025-10-18"
    assert card.used[1].label == "Allergy to dinutuximab (anaphylaxis) of 2025-10-18"


@pytest.mark.parametrize(
    ("details", "asked"),
    [
        ({}, "whether the reaction was an anaphylaxis"),
        ({"anaphylaxis": True, "ago": None}, "since when the allergy to dinutuximab is known"),
        ({"anaphylaxis": True, "confidence": "text"}, "the allergy to dinutuximab is read from text"),
    ],
)
def test_given_an_allergy_that_leaves_something_open_then_a_warning_asks(
    details: dict[str, object], asked: str
) -> None:
    card = selected().allergic_to("dinutuximab", **details).card(RULE)

    assert card.indicator is Indicator.WARNING
    assert says(card, asked)


def test_given_an_ungraded_anaphylaxis_put_down_to_dinutuximab_then_it_is_contraindicated() -> None:
    card = selected().finding("anaphylaxis", under="dinutuximab").card(RULE)

    assert card.indicator is Indicator.CRITICAL
    assert "di-ci-anaph" in card.named_items


@pytest.mark.parametrize("other", ["dinutuximab beta", "naxitamab", "carboplatin"])
def test_given_an_allergy_to_another_drug_then_silence(other: str) -> None:
    """Hazard: the antibodies are interchanged."""
    selected().allergic_to(other, anaphylaxis=True).silent(RULE)


def test_given_an_unknown_allergy_list_then_it_is_a_gap_and_no_card() -> None:
    assert missing(selected().with_unknown_allergies().undetermined(RULE)) == ["Allergies: could not be retrieved"]


def test_given_dinutuximab_only_drafted_or_active_then_nobody_is_nagged() -> None:
    chart().drafting("dinutuximab", 3).active("dinutuximab", 0).finding("pres", under="dinutuximab").silent(RULE)


def test_given_a_prohibition_or_a_form_that_is_no_order_then_silence() -> None:
    for details in ({"prohibited": True}, {"interchangeable": False}, {"state": "on_hold"}):
        chart().selecting("dinutuximab", 3, **details).finding("pres", under="dinutuximab").silent(RULE)


def test_given_several_events_then_one_card_says_all_of_them() -> None:
    card = selected().finding("pres", under="dinutuximab").finding("vision_loss", under="dinutuximab").card(RULE)

    assert card.summary.endswith("(and 1 more)")
    assert says(card, "vision loss of 2026-10-23")
    assert says(card, "PRES of 2026-10-23")


def test_given_nothing_on_record_then_silence() -> None:
    assert selected().silent(RULE).because == "Nothing on record speaks against dinutuximab here."
