"""Whether an antibody fits the child now: age, start criteria, GD2, progression, pregnancy, earlier reaction."""

from __future__ import annotations

from datetime import date

import pytest

from hooks.facts.fact import Confidence, Known
from hooks.pathways.relapsed_neuroblastoma.facts import Response, ResponseResult
from hooks.recommendation import Indicator
from tests.spec.children import a_child, a_relapsed_child
from tests.spec.safety.charts import ANTIBODIES, Chart, chart, in_days, missing, says

AGE = "antibody_below_age"
START = "dinutuximab_beta_start_criteria"
GD2 = "antibody_without_gd2"
ALONE = "antibody_alone_in_progression"
REACTION = "antibody_after_reaction_to_another"


def beta(start: int | None = 3) -> Chart:
    return chart().selecting("dinutuximab beta", start)


@pytest.mark.parametrize("name", ["dinutuximab beta", "naxitamab"])
@pytest.mark.parametrize(("months", "fires"), [(11, True), (12, False)])
def test_given_an_infant_then_below_12_months_is_questioned(name: str, months: int, fires: bool) -> None:
    """QZ-LEAF for dinutuximab beta; the same limit for naxitamab (A13)."""
    asked = chart().selecting(name, 3).of(a_relapsed_child().aged(months))

    if fires:
        card = asked.card(AGE)
        assert card.indicator is Indicator.WARNING
        assert card.summary == f"Avoid {name} below 12 months: this child is 11 months old"
    else:
        asked.silent(AGE)


def test_given_an_infant_and_dinutuximab_then_no_limit_was_read() -> None:
    chart().selecting("dinutuximab", 3).of(a_relapsed_child().aged(6)).silent(AGE)


def test_given_an_unknown_age_then_it_is_a_gap_and_no_card() -> None:
    assert missing(beta().of(a_relapsed_child().not_knowing("age_months")).undetermined(AGE)) == ["Age: not found"]


@pytest.mark.parametrize(("value", "fires"), [(94, True), (94.5, False), (95, False), (80, True)])
def test_given_an_oxygen_saturation_then_above_94_starts_a_course(value: float, fires: bool) -> None:
    """QZ-SMPC-42: more than 94 %."""
    asked = beta().measured("spo2", value, "%").measured("anc", 1.2, "10*9/L")

    if fires:
        card = asked.card(START)
        assert card.indicator is Indicator.WARNING
        assert card.named_items == ("db-base-spo2",)
    else:
        asked.silent(START)


@pytest.mark.parametrize(("value", "fires"), [(0.49, True), (0.5, False)])
def test_given_a_neutrophil_count_then_500_per_ul_start_a_course(value: float, fires: bool) -> None:
    """QZ-SMPC-42: at least 500/uL, 0.5 x 10*9/L."""
    asked = beta().measured("anc", value, "10*9/L").measured("spo2", 99, "%")

    if fires:
        card = asked.card(START)
        assert card.summary == "Hold dinutuximab beta: neutrophils 0.49 x 10^9/L of 2026-11-22"
        assert card.named_items == ("db-base-anc",)
    else:
        asked.silent(START)


@pytest.mark.parametrize(
    ("value", "comparator", "expected"),
    [
        (0.5, "<", "fires"),
        (0.5, "<=", "open"),
        (0.7, "<", "open"),
        (0.1, "<=", "fires"),
        (0.1, ">", "open"),
        (0.5, ">", "met"),
        (0.4, ">=", "open"),
        (0.5, ">=", "met"),
    ],
)
def test_given_a_count_that_is_a_bound_then_only_what_it_proves_counts(
    value: float, comparator: str, expected: str
) -> None:
    asked = beta().measured("anc", value, "10*9/L", comparator=comparator).measured("spo2", 99, "%")

    if expected == "fires":
        asked.card(START)
    elif expected == "met":
        asked.silent(START)
    else:
        assert missing(asked.undetermined(START)) == ["Neutrophils before the course: indeterminate"]


@pytest.mark.parametrize(
    ("value", "comparator", "expected"), [(94, "<=", "fires"), (94, ">", "met"), (94, ">=", "open"), (95, "<", "open")]
)
def test_given_a_saturation_that_is_a_bound_then_94_itself_does_not_pass(
    value: float, comparator: str, expected: str
) -> None:
    asked = beta().measured("spo2", value, "%", comparator=comparator).measured("anc", 1, "10*9/L")

    if expected == "fires":
        asked.card(START)
    elif expected == "met":
        asked.silent(START)
    else:
        asked.undetermined(START)


@pytest.mark.parametrize(("ago", "fires"), [(7, True), (8, False), (None, False)])
def test_given_a_failed_criterion_then_only_one_of_the_last_7_days_counts(ago: int | None, fires: bool) -> None:
    asked = beta().measured("anc", 0.1, "10*9/L", ago=ago).measured("spo2", 99, "%")

    if fires:
        asked.card(START)
    else:
        assert missing(asked.undetermined(START)) == ["Neutrophils before the course: too old"]


def test_given_nothing_measured_then_both_are_lines_and_no_card() -> None:
    assert missing(beta().undetermined(START)) == [
        "Oxygen saturation before the course: not found",
        "Neutrophils before the course: not found",
    ]


def test_given_one_failed_and_one_not_measured_then_the_gap_is_a_line_of_the_card() -> None:
    card = beta().measured("spo2", 90, "%").card(START)

    assert missing(card) == ["Neutrophils before the course: not found"]


def test_given_a_course_that_has_begun_then_start_criteria_are_over() -> None:
    assert beta(-1).measured("anc", 0.1, "10*9/L").silent(START).because == "The course has begun."
    beta(0).measured("anc", 0.1, "10*9/L").card(START)


def test_given_no_day_1_then_the_criteria_are_asked_today() -> None:
    beta(None).measured("anc", 0.1, "10*9/L").card(START)


@pytest.mark.parametrize("name", ["dinutuximab", "naxitamab"])
def test_given_another_antibody_then_these_criteria_are_not_its_own(name: str) -> None:
    chart().selecting(name, 3).measured("anc", 0.1, "10*9/L").silent(START)


@pytest.mark.parametrize("name", ANTIBODIES)
def test_given_gd2_negative_on_this_relapse_then_the_antibody_is_questioned_and_not_blocked(name: str) -> None:
    card = chart().selecting(name, 3).of(a_relapsed_child().with_gd2("negative")).card(GD2)

    assert card.indicator is Indicator.WARNING
    assert card.summary == f"Review {name}: GD2 negative on the tumour (2026-09-18)"
    assert not any("Please confirm" in point for point in card.points)


def test_given_gd2_negative_in_words_of_the_house_then_the_card_asks() -> None:
    """LOINC has no term for GD2 on tumour."""
    child = a_relapsed_child().with_gd2("negative", confidence="coded_local")

    card = beta().of(child).card(GD2)

    assert card.indicator is Indicator.WARNING
    assert says(card, "Please confirm: GD2 on tissue of this relapse")


def test_given_gd2_negative_before_this_relapse_then_it_only_informs() -> None:
    child = a_relapsed_child().with_gd2("negative", timing="pre_relapse")

    assert beta().of(child).card(GD2).indicator is Indicator.INFO


@pytest.mark.parametrize("state", ["positive", "dim"])
def test_given_gd2_on_the_tumour_then_silence(state: str) -> None:
    beta().of(a_relapsed_child().with_gd2(state)).silent(GD2)


def test_given_gd2_unknown_then_nothing_is_claimed() -> None:
    beta().silent(GD2)


@pytest.mark.parametrize(
    ("name", "source"),
    [("dinutuximab", "UNITUXIN"), ("dinutuximab beta", "QARZIBA"), ("naxitamab", "NAXI-LABEL")],
)
def test_given_progressive_disease_and_an_antibody_alone_then_its_own_label_speaks(name: str, source: str) -> None:
    card = chart().selecting(name, 3).of(a_relapsed_child().responded("PD")).card(ALONE)

    assert card.indicator is Indicator.WARNING
    assert card.evidence == (source,)
    assert card.summary == f"Review {name} alone: progressive disease of 2026-11-16"


@pytest.mark.parametrize("response", ["CR", "PR", "MR", "SD"])
def test_given_another_response_then_silence(response: str) -> None:
    beta().of(a_relapsed_child().responded(response)).silent(ALONE)


@pytest.mark.parametrize("state", ["drafted", "active", "selected"])
def test_given_chemotherapy_on_the_board_then_the_antibody_is_not_alone(state: str) -> None:
    asked = beta().of(a_relapsed_child().responded("PD"))
    board = {
        "drafted": asked.drafting("temozolomide", 3),
        "active": asked.active("topotecan", 0),
        "selected": asked.selecting("cyclophosphamide", 3),
    }[state]

    board.silent(ALONE)


@pytest.mark.parametrize(("start", "alone"), [(-14, False), (-15, True), (None, True)])
def test_given_chemotherapy_begun_lately_then_it_belongs_to_the_same_cycle(start: int | None, alone: bool) -> None:
    asked = beta().of(a_relapsed_child().responded("PD")).past("irinotecan", start)

    if alone:
        asked.card(ALONE)
    else:
        asked.silent(ALONE)


def test_given_a_partner_that_is_no_chemotherapy_then_the_antibody_is_still_alone() -> None:
    beta().of(a_relapsed_child().responded("PD")).drafting("isotretinoin", 3).card(ALONE)


def test_given_a_progression_and_no_response_since_then_the_card_asks() -> None:
    child = a_child().progressed()

    card = beta().of(child).card(ALONE)

    assert says(card, "Please confirm: the response since the progression")
    assert missing(card) == ["Response: not found"]


def test_given_a_relapse_and_no_response_then_it_is_a_gap_and_no_card() -> None:
    assert missing(beta().undetermined(ALONE)) == ["Response: not found"]


def test_given_an_uncoded_progression_then_the_card_asks() -> None:
    progression = Known(ResponseResult(Response.PD), ("Observation/r",), in_days(-6), Confidence.TEXT)
    child = a_relapsed_child().knowing(response=progression)

    assert says(beta().of(child).card(ALONE), "Please confirm: the progression, it is not coded")


def test_given_no_active_disease_then_silence() -> None:
    beta().of(a_child().with_event("in_remission").responded("PD")).silent(ALONE)


@pytest.mark.parametrize("name", ["dinutuximab", "naxitamab"])
def test_given_a_severe_reaction_to_another_antibody_then_a_question_and_no_contraindication(name: str) -> None:
    """Hazard: the antibodies are interchanged."""
    child = a_relapsed_child().having(severe_anti_gd2_reaction="yes")
    asked = chart().selecting(name, 3).of(child).allergic_to("dinutuximab beta", anaphylaxis=True)

    card = asked.card(REACTION)

    assert card.indicator is Indicator.WARNING
    assert {name for name, found in asked.speaking().items() if found.indicator is Indicator.CRITICAL} == set()
    assert says(card, f"which antibody it was, and whether {name} is to be given")
    assert "Allergy to dinutuximab beta (anaphylaxis) of 2025-10-18" in [fact.label for fact in card.used]


@pytest.mark.parametrize("name", ANTIBODIES)
def test_given_the_reaction_was_to_this_antibody_then_its_own_rule_speaks(name: str) -> None:
    child = a_relapsed_child().having(severe_anti_gd2_reaction="yes")
    asked = chart().selecting(name, 3).of(child).allergic_to(name, anaphylaxis=True)

    asked.silent(REACTION)
    assert asked.card(f"{name.replace(' ', '_')}_forbidden").indicator is Indicator.CRITICAL


@pytest.mark.parametrize(
    ("name", "kind", "own"),
    [
        ("dinutuximab", "anaphylaxis", True),
        ("naxitamab", "anaphylaxis", True),
        ("dinutuximab beta", "anaphylaxis", True),
        ("dinutuximab", "infusion_reaction", True),
        ("naxitamab", "infusion_reaction", True),
        ("dinutuximab beta", "infusion_reaction", False),
    ],
)
def test_given_a_finding_put_down_to_this_antibody_then_a_label_without_a_rule_leaves_the_question(
    name: str, kind: str, own: bool
) -> None:
    """No row on infusion reactions of dinutuximab beta was read (QZ-DOSEMOD), so the question stays."""
    child = a_relapsed_child().having(severe_anti_gd2_reaction="yes")
    asked = chart().selecting(name, 3).of(child).finding(kind, 4, under=name)

    if own:
        asked.silent(REACTION)
    else:
        labels = [fact.label for fact in asked.allergic_to("latex").finding("pain", 2).card(REACTION).used]
        assert "Infusion reaction grade 4, under dinutuximab beta of 2026-10-23" in labels


@pytest.mark.parametrize("state", ["no", None])
def test_given_no_or_an_unknown_reaction_then_silence(state: str | None) -> None:
    child = a_relapsed_child().having(severe_anti_gd2_reaction=state) if state else a_relapsed_child()

    beta().of(child).silent(REACTION)


@pytest.mark.parametrize(
    ("name", "item"), [("dinutuximab", "di-preg"), ("dinutuximab beta", "db-preg"), ("naxitamab", "nx-preg")]
)
def test_given_a_pregnancy_then_the_antibody_is_questioned_with_its_own_advice(name: str, item: str) -> None:
    card = chart().selecting(name, 3).of(a_relapsed_child().having(pregnancy="yes")).card("antibody_in_pregnancy")

    assert card.indicator is Indicator.WARNING
    assert card.named_items == (item,)


def test_given_no_pregnancy_on_record_then_silence() -> None:
    beta().silent("antibody_in_pregnancy")
    beta().of(a_relapsed_child().having(pregnancy="no")).silent("antibody_in_pregnancy")


def test_given_two_selected_antibodies_then_only_the_one_concerned_is_named() -> None:
    asked = chart().selecting("dinutuximab", 3).selecting("naxitamab", 40).of(a_relapsed_child().aged(6))

    assert asked.card(AGE).subject == "naxitamab"


def test_given_a_day_of_the_builder_then_it_is_the_day_of_the_call() -> None:
    """Guard: every boundary above is counted from 22 November 2026."""
    order = beta().board.selected[0]

    assert order.start == date(2026, 11, 25)
