"""A supportive drug that is offered beside a drug whose label speaks against it."""

from __future__ import annotations

import pytest

from tests.spec.children import a_child
from tests.spec.supportive.boards import Orders, in_days, orders


def clashing(asked: Orders, rule: str) -> list[str]:
    return [point for point in asked.card(rule).points if " beside " in point]


def test_given_crizotinib_then_the_card_that_offers_morphine_says_what_its_leaflet_holds_against_it() -> None:
    """CRZ-LEAF lists morphine among drugs to avoid. Hazard: the server itself proposes the interacting opioid."""
    asked = orders().selecting("dinutuximab beta", in_days(3)).active("crizotinib")

    (line,) = clashing(asked, "dinutuximab_beta_premedication")

    assert line.startswith("Morphine infusion (db-morphine-pre) beside crizotinib: the leaflet lists fentanyl")
    assert line.endswith("(CRZ-LEAF).")
    assert "CRZ-LEAF" in asked.card("dinutuximab_beta_premedication").evidence
    assert "db-morphine-pre" in [order.item for order in asked.card("dinutuximab_beta_premedication").orders]


def test_given_dasatinib_then_the_h2_antagonist_before_naxitamab_is_questioned() -> None:
    """DAS-LEAF: not with H2 antagonists; DANY-51 asks for one."""
    asked = orders().selecting("naxitamab", in_days(3)).active("dasatinib")

    assert any(
        line.startswith("H2 antagonist (nx-h2) beside dasatinib") for line in clashing(asked, "naxitamab_premedication")
    )


@pytest.mark.parametrize("state", ["on_hold", "proposed"])
def test_given_a_drug_that_does_not_stand_then_nothing_is_said(state: str) -> None:
    asked = orders().selecting("dinutuximab beta", in_days(3)).active("crizotinib", state=state)

    assert clashing(asked, "dinutuximab_beta_premedication") == []


def test_given_another_drug_or_no_active_disease_then_nothing_is_said() -> None:
    plain = orders().selecting("dinutuximab beta", in_days(3))

    assert clashing(plain.active("alectinib"), "dinutuximab_beta_premedication") == []
    assert clashing(plain.active("crizotinib").of(a_child().weighing()), "dinutuximab_beta_premedication") == []


def test_given_everything_ordered_then_a_clash_alone_makes_no_card() -> None:
    asked = orders().selecting("eflornithine", in_days(3)).watching("audiogram", "blood count", "liver function")

    assert asked.active("crizotinib").missing("partner_supportive_care") == []
