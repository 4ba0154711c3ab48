"""Drugs ordered again after they failed, MIBG therapy without uptake, eflornithine out of its place."""

from __future__ import annotations

import pytest

from hooks.facts.fact import Confidence, Known, YesNo
from hooks.recommendation import Indicator, Topic
from tests.spec.children import a_child, a_relapsed_child
from tests.spec.safety.charts import chart, in_days, missing, says

MIBG = "mibg_therapy_without_avidity"
NO_ANTIBODY = "eflornithine_without_antibody"
DIT = "eflornithine_with_dit"


@pytest.mark.parametrize("name", ["temozolomide", "irinotecan"])
def test_given_progression_on_a_drug_when_ordered_again_then_a_warning(name: str) -> None:
    """BIT-MSKCC; an engineering definition of failure."""
    failed = Known(YesNo.YES, ("MedicationRequest/line",), in_days(-40))
    child = a_relapsed_child().knowing(**{f"failed_{name}": failed})

    card = chart().selecting(name, 2).of(child).card(f"{name}_after_failure")

    assert card.indicator is Indicator.WARNING
    assert card.topic is Topic.ORDER_SAFETY
    assert card.subject == name
    assert card.summary == f"Review {name}: the disease progressed on it (2026-10-13)"
    assert card.evidence == ("BIT-MSKCC",)


@pytest.mark.parametrize("name", ["temozolomide", "irinotecan"])
def test_given_no_failure_or_another_drug_then_silence(name: str) -> None:
    other = {"temozolomide": "irinotecan", "irinotecan": "temozolomide"}[name]

    chart().selecting(name, 2).of(a_relapsed_child().having(**{f"failed_{name}": "no"})).silent(f"{name}_after_failure")
    asked = chart().selecting(other, 2).of(a_relapsed_child().having(**{f"failed_{name}": "yes"}))
    asked.silent(f"{name}_after_failure")


def test_given_an_unknown_history_then_it_is_a_gap_and_no_card() -> None:
    outcome = chart().selecting("temozolomide", 2).undetermined("temozolomide_after_failure")

    assert missing(outcome) == ["Progression on temozolomide: not found"]


def test_given_a_failure_in_words_then_the_card_asks() -> None:
    failed = Known(YesNo.YES, ("Condition/x",), None, Confidence.TEXT)
    child = a_relapsed_child().knowing(failed_temozolomide=failed)

    card = chart().selecting("temozolomide", 2).of(child).card("temozolomide_after_failure")

    assert says(card, "Please confirm: Progression on temozolomide, it is not coded")


def test_given_disease_without_uptake_then_mibg_therapy_is_questioned() -> None:
    """NANT: the trial asked for an avid site."""
    card = chart().selecting("iobenguane_I131", 2).of(a_relapsed_child().mibg("non_avid")).card(MIBG)

    assert card.indicator is Indicator.WARNING
    assert card.subject == "131I-MIBG"
    assert card.summary == "Review 131I-MIBG: the disease is not MIBG-avid (2026-09-10)"
    assert card.evidence == ("NANT",)


def test_given_avid_or_unknown_disease_then_no_card() -> None:
    chart().selecting("iobenguane_I131", 2).of(a_relapsed_child().mibg("avid")).silent(MIBG)
    assert missing(chart().selecting("iobenguane_I131", 2).undetermined(MIBG)) == ["MIBG avidity: not found"]


def test_given_eflornithine_without_an_earlier_antibody_then_a_warning() -> None:
    """IWILFIN."""
    card = chart().selecting("eflornithine", 2).of(a_relapsed_child().having(prior_anti_gd2="no")).card(NO_ANTIBODY)

    assert card.indicator is Indicator.WARNING
    assert card.summary == "Review eflornithine: no anti-GD2 antibody was given before"
    assert card.evidence == ("IWILFIN",)


def test_given_an_earlier_or_unknown_antibody_then_no_card() -> None:
    asked = chart().selecting("eflornithine", 2)

    asked.of(a_relapsed_child().having(prior_anti_gd2="yes")).silent(NO_ANTIBODY)
    assert missing(asked.undetermined(NO_ANTIBODY)) == ["Earlier anti-GD2 antibody: not found"]


@pytest.mark.parametrize("selected", ["eflornithine", "dinutuximab", "irinotecan", "temozolomide"])
def test_given_eflornithine_with_dit_then_a_warning_whichever_is_selected(selected: str) -> None:
    """ANBL1821: 57.4 v 61.4 %, hearing loss."""
    asked = chart().selecting(selected, 2)
    for name in {"eflornithine", "dinutuximab", "irinotecan", "temozolomide"} - {selected}:
        asked = asked.active(name, 1)

    card = asked.card(DIT)

    assert card.indicator is Indicator.WARNING
    assert card.subject == "eflornithine"
    assert says(card, "57.4 v 61.4 %")


@pytest.mark.parametrize("left_out", ["eflornithine", "dinutuximab", "irinotecan", "temozolomide"])
def test_given_one_of_the_four_missing_then_silence(left_out: str) -> None:
    asked = chart()
    for name in ("eflornithine", "dinutuximab", "irinotecan", "temozolomide"):
        asked = asked if name == left_out else asked.selecting(name, 2)

    asked.silent(DIT)


def test_given_dinutuximab_beta_instead_then_the_trial_is_not_about_it() -> None:
    asked = chart().selecting("eflornithine", 2).active("irinotecan").active("temozolomide").active("dinutuximab beta")

    asked.silent(DIT)


def test_given_all_four_only_active_then_nobody_is_nagged() -> None:
    asked = chart().selecting("ondansetron", 0)
    for name in ("eflornithine", "dinutuximab", "irinotecan", "temozolomide"):
        asked = asked.active(name, 1)

    asked.silent(DIT)


def test_given_no_active_disease_then_silence() -> None:

    chart().selecting("eflornithine", 2).of(a_child().having(prior_anti_gd2="no")).silent(NO_ANTIBODY)
    chart().selecting("eflornithine", 2).of(a_child()).silent(DIT)
