"""An event of some weeks without treatment on record: the card asks first whether it is treated elsewhere."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from hooks.pathways.relapsed_neuroblastoma.rules.reinduction import reinduction_options
from hooks.pathways.relapsed_neuroblastoma.rules.salvage import salvage_options
from tests.spec.children import AS_OF, a_relapsed_child
from tests.spec.outcomes import fired, says

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
