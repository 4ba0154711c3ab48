"""Naxitamab: contraindications and events of the US label (DANY-51, DANY-MONO, DANY-MOD), PRES after irradiation."""

from __future__ import annotations

import pytest

from hooks.facts.fact import Confidence, Known, YesNo
from hooks.recommendation import Indicator
from tests.spec.children import a_relapsed_child
from tests.spec.safety.charts import Chart, chart, in_days, missing, says

RULE = "naxitamab_forbidden"
EVENTS = "naxitamab_events"


def selected() -> Chart:
    return chart().selecting("naxitamab", 2)


def pressure(confidence: str = "coded", ago: int | None = 1, source: str = "Condition/ht") -> Chart:
    on = None if ago is None else in_days(-ago)
    fact = Known(YesNo.YES, (source,), on, Confidence(confidence))
    return selected().of(a_relapsed_child().knowing(uncontrolled_hypertension=fact))


def test_given_uncontrolled_hypertension_coded_and_dated_then_critical() -> None:
    card = pressure().card(RULE)

    assert card.indicator is Indicator.CRITICAL
    assert card.summary == "Do not give naxitamab: uncontrolled hypertension of 2026-11-21"
    assert card.named_items == ("nx-htn",)


@pytest.mark.parametrize(("confidence", "ago"), [("text", 1), ("coded_local", 1), ("coded", None)])
def test_given_uncontrolled_hypertension_in_words_or_undated_then_a_warning_asks(
    confidence: str, ago: int | None
) -> None:
    card = pressure(confidence, ago).card(RULE)

    assert card.indicator is Indicator.WARNING
    assert card.summary.startswith("Confirm before giving naxitamab")


def test_given_a_coded_hypertension_whose_words_say_uncontrolled_then_critical() -> None:
    """No code says "uncontrolled"; the record itself is coded and dated."""
    card = pressure("text").finding("hypertension", ago=1, source="Condition/ht").card(RULE)

    assert card.indicator is Indicator.CRITICAL
    assert "Hypertension of 2026-11-21" in [fact.label for fact in card.used]


@pytest.mark.parametrize(
    "details",
    [{"source": "Condition/other"}, {"active": False}, {"ago": None}, {"confidence": "text"}],
)
def test_given_a_hypertension_that_proves_nothing_then_the_warning_stays(details: dict[str, object]) -> None:
    given = {"ago": 1, "source": "Condition/ht", **details}

    assert pressure("text").finding("hypertension", **given).card(RULE).indicator is Indicator.WARNING


def test_given_hypertension_of_unknown_control_then_it_is_a_gap_and_no_card() -> None:
    outcome = selected().of(a_relapsed_child().having(hypertension="yes")).undetermined(RULE)

    assert missing(outcome) == ["Uncontrolled hypertension: not found"]


def test_given_hypertension_under_control_then_silence() -> None:
    child = a_relapsed_child().having(hypertension="yes", uncontrolled_hypertension="no")

    selected().of(child).silent(RULE)


@pytest.mark.parametrize(
    ("kind", "value", "ago", "comparator", "fires"),
    [
        ("sbp", 140, 0, "", True),
        ("sbp", 139, 0, "", False),
        ("sbp", 140, 7, "", True),
        ("sbp", 140, 8, "", False),
        ("sbp", 140, None, "", False),
        ("sbp", 140, 0, "<", False),
        ("dbp", 90, 0, "", True),
        ("dbp", 89, 0, "", False),
    ],
)
def test_given_a_pressure_of_stage_2_at_any_age_then_a_warning_asks(
    kind: str, value: float, ago: int | None, comparator: str, fires: bool
) -> None:
    """AAP-BP: 140/90 or more. Hazard: a high pressure passes as the baseline that was asked for."""
    asked = selected().measured(kind, value, "mm[Hg]", ago, comparator=comparator).speaking()

    assert (RULE in asked) is fires
    if fires:
        assert asked[RULE].indicator is Indicator.WARNING
        assert asked[RULE].summary.startswith("Confirm before giving naxitamab: ")
        assert asked[RULE].named_items == ("nx-htn",)
        assert says(asked[RULE], "another reading")


def test_given_a_high_pressure_and_uncontrolled_hypertension_then_it_is_said_once() -> None:
    card = pressure().measured("sbp", 150, "mm[Hg]").card(RULE)

    assert card.summary == "Do not give naxitamab: uncontrolled hypertension of 2026-11-21"


@pytest.mark.parametrize("name", ["dinutuximab", "dinutuximab beta"])
def test_given_another_antibody_then_hypertension_forbids_nothing(name: str) -> None:
    """The contraindication is naxitamab's alone."""
    child = a_relapsed_child().having(uncontrolled_hypertension="yes")
    asked = chart().selecting(name, 2).of(child)

    assert not any("hypertension" in card.summary for card in asked.speaking().values())


@pytest.mark.parametrize(("severe", "indicator"), [(True, Indicator.CRITICAL), (False, Indicator.WARNING)])
def test_given_an_allergy_to_naxitamab_then_severity_decides(severe: bool, indicator: Indicator) -> None:
    assert selected().allergic_to("naxitamab", severe=severe).card(RULE).indicator is indicator


@pytest.mark.parametrize(("kind", "grade"), [("anaphylaxis", None), ("hypersensitivity", 3), ("hypersensitivity", 4)])
def test_given_severe_hypersensitivity_put_down_to_it_then_critical(kind: str, grade: int | None) -> None:
    card = selected().finding(kind, grade, under="naxitamab").card(RULE)

    assert card.indicator is Indicator.CRITICAL
    assert "nx-ci" in card.named_items


def test_given_hypersensitivity_of_grade_2_then_silence() -> None:
    selected().finding("hypersensitivity", 2, under="naxitamab").silent(RULE)


@pytest.mark.parametrize(
    ("kind", "grade"), [("infusion_reaction", 4), ("anaphylaxis", 3), ("anaphylaxis", 4), ("pres", None)]
)
def test_given_a_stop_event_of_its_label_then_critical(kind: str, grade: int | None) -> None:
    card = selected().finding(kind, grade, under="naxitamab").card(RULE)

    assert card.indicator is Indicator.CRITICAL
    assert card.summary.startswith("Do not give naxitamab")


def test_given_pain_of_grade_3_then_the_card_warns_and_asks() -> None:
    card = selected().finding("pain", 3, under="naxitamab").card(RULE)

    assert card.indicator is Indicator.WARNING
    assert says(card, "whether it responds to maximum supportive measures")


@pytest.mark.parametrize("kind", ["transverse_myelitis", "motor_neuropathy", "urinary_retention"])
def test_given_an_event_whose_row_was_not_read_then_nothing_is_claimed(kind: str) -> None:
    """nx-tm and nx-other stand unverified in the research: not encoded."""
    selected().finding(kind, 4, under="naxitamab").silent(RULE)


@pytest.mark.parametrize(
    ("grade", "ago", "indicator", "item"),
    [
        (2, 1, Indicator.WARNING, "nx-irr-2"),
        (3, 1, Indicator.CRITICAL, "nx-irr-3"),
        (3, 2, Indicator.WARNING, "nx-irr-3"),
    ],
)
def test_given_an_infusion_reaction_then_its_grade_decides(
    grade: int, ago: int, indicator: Indicator, item: str
) -> None:
    card = selected().finding("infusion_reaction", grade, ago=ago, under="naxitamab").card(EVENTS)

    assert card.indicator is indicator
    assert card.named_items == (item,)


def test_given_an_infusion_reaction_of_grade_1_then_silence() -> None:
    selected().finding("infusion_reaction", 1, ago=0, under="naxitamab").silent(EVENTS)


@pytest.mark.parametrize("kind", ["cranial_irradiation", "craniospinal_irradiation", "total_body_irradiation"])
def test_given_earlier_irradiation_of_the_brain_then_a_warning_names_pres(kind: str) -> None:
    """PRES-3F8: 11.5 % against 1.1 %, with the murine parent of naxitamab."""
    card = selected().finding(kind, ago=500, active=False, confidence="text").card(EVENTS)

    assert card.indicator is Indicator.WARNING
    assert says(card, "11.5 % after brain irradiation and in 1.1 % without")


@pytest.mark.parametrize("grade", [3, 4])
def test_given_severe_hypotension_on_a_day_of_naxitamab_then_it_is_asked_whether_it_was_a_reaction(grade: int) -> None:
    """Hazard: the label counts hypotension among the infusion reactions (DANY-51), and no card speaks of it."""
    running = selected().active("naxitamab", -1, 3)

    card = running.finding("hypotension", grade, ago=0).card(EVENTS)
    assert card.indicator is Indicator.WARNING
    assert card.evidence == ("DANY-51", "DANY-MOD")
    assert says(card, "was a reaction to the infusion of naxitamab")
    running.finding("hypotension", 2, ago=0).silent(EVENTS)
    running.finding("hypotension", grade, ago=2).silent(EVENTS)
    running.finding("hypotension", grade, ago=0, active=False).silent(EVENTS)
    running.finding("hypotension", grade, ago=0, under="dinutuximab").silent(EVENTS)
    selected().finding("hypotension", grade, ago=0).silent(EVENTS)
    selected().finding("hypotension", grade, ago=0, under="naxitamab").card(EVENTS)
