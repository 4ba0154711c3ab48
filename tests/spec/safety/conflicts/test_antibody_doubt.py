"""A draft that names two anti-GD2 antibodies, or does not say which one, is clarified before anything else."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hooks.pathways.relapsed_neuroblastoma.knowledge import KNOWLEDGE
from hooks.pathways.relapsed_neuroblastoma.rules.order_rules import ORDER_SELECT_RULES, ORDER_SIGN_RULES
from hooks.recommendation import Indicator, Topic
from hooks.rule import decide
from tests.spec.children import AS_OF
from tests.spec.safety.charts import Chart, chart, drug, says

RULE = "antibody_in_doubt"
BOTH = ("drug.dinutuximab", "drug.dinutuximab_beta")


def doubtful(*drugs: str, **details: object) -> Chart:
    asked = chart()
    order = drug("", 3, drugs=drugs, reference="MedicationRequest/two", **details)
    return replace(asked, board=replace(asked.board, doubtful=(order,)))


def test_given_code_and_words_of_two_antibodies_then_a_warning_names_both() -> None:
    """Hazard: one antibody is given with the dose and the supportive care of the other."""
    card = doubtful(*BOTH).card(RULE)

    assert (card.topic, card.indicator) == (Topic.ANTI_GD2_SAFETY, Indicator.WARNING)
    assert card.summary == (
        "Clarify the antibody before it is signed: one draft names dinutuximab and dinutuximab beta"
    )
    assert says(card, "never interchanged")
    assert says(card, "Neither its supportive care nor its contraindications were checked")
    assert says(card, "which antibody MedicationRequest/two is meant to be")
    assert card.used[0].sources == ("MedicationRequest/two",)


def test_given_an_antibody_that_nobody_names_then_a_warning_asks_which_one() -> None:
    card = doubtful().card(RULE)

    assert card.summary == (
        "Clarify the antibody before it is signed: a draft does not say which anti-GD2 antibody it is"
    )


@pytest.mark.parametrize("rules", [ORDER_SELECT_RULES, ORDER_SIGN_RULES])
@pytest.mark.parametrize("drugs", [BOTH, ()])
def test_given_an_antibody_in_doubt_then_no_order_set_is_offered(rules: tuple, drugs: tuple[str, ...]) -> None:
    """Hazard: the order set of the wrong antibody."""
    cards = decide(rules, doubtful(*drugs).facts(), KNOWLEDGE, AS_OF).recommendations

    assert [card.rule for card in cards] == [RULE]
    assert cards[0].orders == ()


def test_given_a_prohibition_or_nothing_in_doubt_then_silence() -> None:
    doubtful(*BOTH, prohibited=True).silent(RULE)
    chart().selecting("dinutuximab", 3).silent(RULE)
