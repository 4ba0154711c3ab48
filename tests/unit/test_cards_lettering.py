"""Dinutuximab beta and dinutuximab are told apart at a glance, wherever a person reads them."""

from __future__ import annotations

import pytest

from cards.compose import compose
from cards.lettering import tall
from cards.profiles import profile_named
from hooks.terminology.codes import RxNormCode
from tests.unit.cards_samples import CALL, PATHWAY, drug_order, said, workup

BETA = "dinutuximab beta"
CODE = RxNormCode(RxNormCode.SYSTEM, "25480", BETA)


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("Hold dinutuximab beta: fever", "Hold dinutuximab BETA: fever"),
        ("DINUTUXIMAB Beta, Dinutuximab beta", "DINUTUXIMAB BETA, Dinutuximab BETA"),
        (
            "dinutuximab (Unituxin), beta-lactam, dinutuximab betas",
            "dinutuximab (Unituxin), beta-lactam, dinutuximab betas",
        ),
    ],
)
def test_given_names_that_look_alike_when_lettered_then_only_the_telling_word_is_tall(written: str, shown: str) -> None:
    assert tall(written) == shown


@pytest.mark.parametrize("profile", ["spec", "epic", "text_only"])
def test_given_an_antibody_when_said_then_people_read_tall_letters_and_machines_the_name(profile: str) -> None:
    """Hazard: dinutuximab given for dinutuximab beta, or the other way round."""
    order = drug_order(label=f"With {BETA}", text="gabapentin", dosage_text=f"Before {BETA}", codes=(CODE,))
    full = workup(summary=f"Order for {BETA}", points=(f"About {BETA}.",), orders=(order,), subject=BETA)

    card = compose(said(full), CALL, PATHWAY, profile_named(profile)).cards[0]

    assert card.summary == "Order for dinutuximab BETA"
    assert BETA not in card.detail
    for suggestion in card.suggestions:
        action = suggestion.actions[0]
        assert suggestion.label == "With dinutuximab BETA"
        assert "Before dinutuximab BETA" in action.description
        assert "Before dinutuximab BETA" in action.resource["dosageInstruction"][0]["text"]
        assert action.resource["medicationCodeableConcept"]["coding"][0]["display"] == BETA
