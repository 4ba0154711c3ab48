"""What a card asks before its advice: palliative intent in words, an untreated event of some weeks."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from hooks.facts.fact import Confidence, Known, YesNo
from hooks.pathways.relapsed_neuroblastoma.rules.evaluation import response_evaluation_due
from hooks.pathways.relapsed_neuroblastoma.rules.reinduction import reinduction_options
from hooks.pathways.relapsed_neuroblastoma.rules.salvage import salvage_options
from hooks.pathways.relapsed_neuroblastoma.rules.workup import relapse_workup_due
from tests.spec.children import AS_OF, Child, a_relapsed_child
from tests.spec.outcomes import RegimenRule, fired, says

EU = a_relapsed_child().in_jurisdiction("EU")


@pytest.mark.parametrize(("days", "asked"), [(55, False), (56, True), (660, True)])
def test_given_an_untreated_event_when_it_is_eight_weeks_old_then_the_question_comes_first(
    days: int, asked: bool
) -> None:
    """Engineering choice: 8 weeks."""
    card = fired(reinduction_options, EU.relapsed(AS_OF - timedelta(days=days)))

    assert card.why_now[0].startswith("Ask first: treated elsewhere?") is asked
    assert card.summary.startswith("Treated elsewhere? If not: choose re-induction") is asked
    assert says(card.why_now, "(asked from 8 weeks on, an engineering choice)") is asked


def test_given_an_old_later_relapse_without_treatment_when_salvage_is_planned_then_it_asks_too() -> None:
    assert fired(salvage_options, EU.relapsed_again(date(2025, 1, 20))).why_now[0] == (
        "Ask first: treated elsewhere? The event is 8 weeks old or older and no treatment of it is on record "
        "here (asked from 8 weeks on, an engineering choice)."
    )


def test_given_a_treated_event_when_salvage_is_planned_then_nothing_is_asked() -> None:
    card = fired(salvage_options, EU.on_regimen("DB_TTO", 2, 0).responded("PD"))

    assert not says(card.why_now, "treated elsewhere")


def test_given_no_date_of_the_event_when_planned_then_nothing_is_asked() -> None:
    assert not says(fired(reinduction_options, EU.relapsed(on=None)).why_now, "treated elsewhere")


def test_given_a_long_summary_when_the_question_has_no_room_then_it_stands_in_the_reasons_alone() -> None:
    card = fired(reinduction_options, EU.with_mycn("amplified").with_alk("F1174"))

    assert card.summary.startswith("Choose re-induction")
    assert says(card.why_now, "treated elsewhere")


IN_WORDS = Known(YesNo.YES, ("Condition/palliative",), None, Confidence.TEXT)
RULES = (
    (relapse_workup_due, EU),
    (reinduction_options, EU),
    (salvage_options, EU.relapsed_again()),
    (response_evaluation_due, EU.on_regimen("DB_TTO", 2, 2)),
)


@pytest.mark.parametrize(("rule", "child"), RULES)
def test_given_palliative_intent_in_words_when_advised_then_every_card_asks_it_first(
    rule: RegimenRule, child: Child
) -> None:
    """Hazard: chemotherapy and biopsies advised for a child in palliative care; only a coded intent silences."""
    card = fired(rule, child.knowing(palliative_intent=IN_WORDS))

    assert card.summary.startswith("Palliative intent? If not: ")
    assert card.why_now[0].startswith("Ask first: is the intent palliative? Words of the chart say so")
    assert "Palliative intent: yes, from text, please confirm" in [read.label for read in card.used]


@pytest.mark.parametrize(("rule", "child"), RULES)
def test_given_no_or_a_curative_intent_when_advised_then_nobody_asks(rule: RegimenRule, child: Child) -> None:
    for asked in (child, child.knowing(palliative_intent=Known(YesNo.NO))):
        card = fired(rule, asked)

        assert not says(card.why_now, "palliative")
        assert "palliative_intent" not in [read.fact for read in card.used]
