"""Bevacizumab near surgery, an unhealed wound, thrombosis or signs of PRES (BEV-LEAF)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hooks.facts.fact import Known, YesNo
from hooks.recommendation import Indicator
from tests.spec.children import a_relapsed_child
from tests.spec.safety.charts import Chart, chart, in_days, says

RULE = "bevacizumab_near_surgery"
CAUTIONS = "bevacizumab_cautions"


def selected(*sources: str, answer: str = "yes") -> Chart:
    """Bevacizumab selected; the chart's own reading calls these references a biopsy or an operation."""
    fact = Known(YesNo(answer), sources, in_days(-1))
    child = a_relapsed_child().knowing(biopsy_or_surgery_pending=fact) if sources else a_relapsed_child()
    return chart().selecting("bevacizumab", 0).of(child)


@pytest.mark.parametrize(("ago", "fires"), [(28, True), (29, False)])
def test_given_major_surgery_coded_and_dated_then_28_days_are_inside_and_29_are_not(ago: int, fires: bool) -> None:
    asked = selected("Procedure/p").done("Laparotomy", ago, confidence="coded")

    if fires:
        card = asked.card(RULE)
        assert card.indicator is Indicator.CRITICAL
        assert card.summary == "Hold bevacizumab: operation of 2026-10-25"
        assert card.named_items == ("be-wound",)
    else:
        asked.silent(RULE)


@pytest.mark.parametrize(
    ("text", "concept", "confidence"),
    [("Laparotomy", "", "text"), ("Core biopsy", "", "text"), ("Needle biopsy", "biopsy.procedure", "coded")],
)
def test_given_surgery_in_words_or_a_biopsy_then_a_warning_asks(text: str, concept: str, confidence: str) -> None:
    """A needle biopsy is no major surgery; words prove nothing."""
    asked = selected("Procedure/p").done(text, 3, concept=concept, confidence=confidence)

    card = asked.card(RULE)

    assert card.indicator is Indicator.WARNING
    assert says(card, "was major surgery and the wound has healed")


def test_given_surgery_without_a_date_then_its_day_is_asked() -> None:
    """Hazard: an operation of last week whose day nobody wrote is passed over."""
    card = selected("Procedure/p").done("Laparotomy", None).card(RULE)

    assert card.indicator is Indicator.INFO
    assert card.summary == "Confirm before giving bevacizumab: operation done, day not on record"
    assert says(card, "Please confirm: the day of the operation.")


def test_given_an_operation_that_is_not_finished_then_a_warning() -> None:
    card = selected("Procedure/p").done("Laparotomy", 0, state="active").card(RULE)

    assert card.summary == "Hold bevacizumab: operation not finished for 2026-11-22"


@pytest.mark.parametrize(("when", "fires"), [(-28, True), (-29, False)])
def test_given_an_open_order_of_a_biopsy_then_a_leftover_of_long_ago_is_no_plan(when: int, fires: bool) -> None:
    asked = selected().ordering("Core biopsy", when, concept="biopsy.procedure")

    if fires:
        asked.card(RULE)
    else:
        asked.silent(RULE)


def operation(*, selected: bool = True, when: int | None = 5) -> Chart:
    """An operation among the drafts, as the board knows it."""
    asked = chart().ordering("Port insertion", when, selected=selected, state="draft")
    return replace(asked, board=replace(asked.board, operations=asked.board.services))


@pytest.mark.parametrize("state", ["active", "draft"])
def test_given_an_operation_selected_while_bevacizumab_stands_then_a_warning(state: str) -> None:
    """Hazard: the operation is planned into the weeks of bevacizumab, and only the drug's order is looked at."""
    card = operation().active("bevacizumab", -20, 20, state=state).card(RULE)

    assert card.indicator is Indicator.WARNING
    assert card.summary.startswith("Plan the operation for 2026-11-27: bevacizumab")
    assert card.named_items == ("be-wound",)
    assert card.orders == ()


@pytest.mark.parametrize(("last", "fires"), [(-28, True), (-29, False)])
def test_given_an_operation_selected_then_bevacizumab_of_the_last_28_days_counts(last: int, fires: bool) -> None:
    asked = operation().past("bevacizumab", -60, last)

    if fires:
        assert says(asked.card(RULE), "the day of the last dose of bevacizumab")
    else:
        asked.silent(RULE)


def test_given_an_operation_that_nobody_selected_or_no_bevacizumab_then_silence() -> None:
    operation(selected=False).active("bevacizumab", -20, 20).silent(RULE)
    operation().past("bevacizumab").silent(RULE)
    operation().active("topotecan", -20, 20).silent(RULE)


def test_given_an_operation_on_the_board_then_bevacizumab_waits_for_it() -> None:
    assert operation(selected=False).selecting("bevacizumab", 0).card(RULE).indicator is Indicator.WARNING


def test_given_surgery_that_was_stopped_then_silence() -> None:
    selected("Procedure/p").done("Laparotomy", 3, state="stopped").silent(RULE)


@pytest.mark.parametrize(("when", "words"), [(4, "for 2026-11-26"), (None, "day not on the order")])
def test_given_a_planned_biopsy_then_a_warning_holds_bevacizumab(when: int | None, words: str) -> None:
    """The relapse biopsy comes first; a plan is a question, not a proven contraindication."""
    card = selected().ordering("Core biopsy", when, concept="biopsy.procedure").card(RULE)

    assert card.indicator is Indicator.WARNING
    assert words in card.summary
    assert card.orders == ()


@pytest.mark.parametrize(("state", "words"), [("draft", "drafted"), ("on_hold", "on hold")])
def test_given_a_biopsy_in_another_state_then_it_says_which(state: str, words: str) -> None:
    card = selected().ordering("Core biopsy", 4, concept="biopsy.procedure", state=state).card(RULE)

    assert card.summary == f"Hold bevacizumab: biopsy {words} for 2026-11-26"


def test_given_a_biopsy_that_is_only_proposed_then_silence() -> None:
    selected().ordering("Core biopsy", 4, concept="biopsy.procedure", state="proposed").silent(RULE)


def test_given_a_planned_operation_by_the_charts_reading_then_a_warning() -> None:
    card = selected("ServiceRequest/s").ordering("Port insertion", 4).card(RULE)

    assert card.summary == "Hold bevacizumab: operation ordered for 2026-11-26"


@pytest.mark.parametrize("answer", ["no", ""])
def test_given_a_service_that_is_no_surgery_then_silence(answer: str) -> None:
    asked = selected("ServiceRequest/s", answer="no") if answer else selected()

    asked.ordering("Audiogram", 4).silent(RULE)


@pytest.mark.parametrize("ago", [0, 5, 60])
def test_given_an_unhealed_wound_coded_and_dated_then_critical_until_it_has_healed(ago: int) -> None:
    assert selected().finding("unhealed_wound", ago=ago).card(RULE).indicator is Indicator.CRITICAL


@pytest.mark.parametrize("details", [{"confidence": "text"}, {"ago": None}])
def test_given_an_unhealed_wound_in_words_or_undated_then_a_warning_asks(
    details: dict[str, object],
) -> None:
    given = {"ago": 0, **details}

    assert selected().finding("unhealed_wound", **given).card(RULE).indicator is Indicator.WARNING


def test_given_a_wound_that_has_healed_then_silence() -> None:
    selected().finding("unhealed_wound", ago=3, active=False).silent(RULE)


@pytest.mark.parametrize("kind", ["headache", "seizure", "confusion", "visual_disturbance"])
@pytest.mark.parametrize(("ago", "indicator"), [(1, Indicator.CRITICAL), (2, Indicator.WARNING)])
def test_given_a_sign_of_pres_then_the_last_day_is_an_emergency(kind: str, ago: int, indicator: Indicator) -> None:
    card = selected().finding(kind, ago=ago).card(CAUTIONS)

    assert card.indicator is indicator
    assert "be-pres" in card.named_items


@pytest.mark.parametrize("kind", ["thrombosis", "bleeding"])
def test_given_thrombosis_or_bleeding_then_a_warning(kind: str) -> None:
    card = selected().finding(kind, ago=3).card(CAUTIONS)

    assert card.indicator is Indicator.WARNING
    assert "be-clot" in card.named_items


@pytest.mark.parametrize(("months", "fires"), [(215, True), (216, False)])
def test_given_an_age_below_18_years_then_off_label_is_information(months: int, fires: bool) -> None:
    asked = chart().selecting("bevacizumab", 0).of(a_relapsed_child().aged(months))

    if fires:
        assert asked.card(CAUTIONS).indicator is Indicator.INFO
    else:
        asked.silent(CAUTIONS)


def test_given_an_unknown_age_then_nothing_is_claimed() -> None:
    chart().selecting("bevacizumab", 0).of(a_relapsed_child().not_knowing("age_months")).silent(CAUTIONS)


def test_given_bevacizumab_that_is_only_active_then_findings_nag_nobody() -> None:
    chart().active("bevacizumab", 0).finding("headache", ago=0).silent(CAUTIONS)
