"""ALK inhibitors against the ALK status of the tumour (NANT-REG, ROSSWOG, CRIZ, LORLA, ALEC-REG).

Unknown is not negative.
"""

from __future__ import annotations

import pytest

from hooks.facts.fact import Known, Why
from hooks.pathways.relapsed_neuroblastoma.facts import ALK, Molecular, Timing, WorkupItem, WorkupState
from hooks.recommendation import Indicator, Topic
from tests.spec.children import Child, a_child, a_relapsed_child
from tests.spec.safety.charts import ALK_INHIBITORS, Chart, chart, in_days, missing, says

WITHOUT = "alk_inhibitor_without_aberration"
RESISTANT = "crizotinib_on_resistant_variant"
FUSION = "alectinib_without_fusion"


def taking(name: str, child: Child) -> Chart:
    return chart().selecting(name, 2).of(child)


@pytest.mark.parametrize("name", [*ALK_INHIBITORS, "brigatinib", "ensartinib"])
def test_given_alk_negative_coded_on_this_relapse_then_a_warning(name: str) -> None:
    card = taking(name, a_relapsed_child().with_alk("negative")).card(WITHOUT)

    assert card.indicator is Indicator.WARNING
    assert card.topic is Topic.TARGETED_THERAPY_SAFETY
    assert card.subject == name
    assert card.summary == f"Review {name}: ALK negative of 2026-09-18"
    assert card.evidence == ("NANT-REG",)
    assert card.orders == ()


@pytest.mark.parametrize("details", [{"timing": "pre_relapse"}, {"timing": "timing_unknown"}, {"confidence": "text"}])
def test_given_a_negative_result_that_proves_nothing_now_then_it_only_informs_and_asks(
    details: dict[str, str],
) -> None:
    """A negative ALK result on older tissue never excludes an ALK inhibitor (ROSSWOG)."""
    card = taking("lorlatinib", a_relapsed_child().with_alk("negative", **details)).card(WITHOUT)

    assert card.indicator is Indicator.INFO
    assert says(card, "not proven on this relapse")
    assert says(card, "Please confirm: the ALK status on tissue of this relapse")
    assert card.evidence == ("ROSSWOG",)


@pytest.mark.parametrize(
    ("timing", "half"), [("at_relapse", "copy number and fusion"), ("pre_relapse", "the ALK status")]
)
def test_given_a_negative_result_on_one_half_then_it_only_informs_and_asks_for_the_other(
    timing: str, half: str
) -> None:
    """Hazard: "no mutation, amplification or fusion" stands on a card although mutations alone were looked for."""
    alk = Molecular(ALK.NEGATIVE, Timing(timing), untested=("copy number", "fusion"))
    child = a_relapsed_child().knowing(alk=Known(alk, ("Observation/alk",), in_days(-60)))

    card = taking("lorlatinib", child).card(WITHOUT)

    assert card.indicator is Indicator.INFO
    assert [order.item for order in card.orders] == ["MOLECULAR_PANEL"]
    assert ("copy number and fusion not tested or not told" in card.summary) is (timing == "at_relapse")
    assert says(card, f"{half} on tissue of this relapse")
    assert card.evidence == (("NANT-REG",) if timing == "at_relapse" else ("ROSSWOG",))


@pytest.mark.parametrize(
    ("why", "words"),
    [
        (Why.NOT_FOUND, "ALK not found"),
        (Why.PARTLY_TESTED, "ALK tested only in part"),
        (Why.PENDING, "ALK pending"),
    ],
)
def test_given_alk_unknown_then_it_says_so_and_offers_the_panel(why: Why, words: str) -> None:
    card = taking("lorlatinib", a_relapsed_child().not_knowing("alk", why=why)).card(WITHOUT)

    assert card.indicator is Indicator.INFO
    assert words in card.summary
    assert missing(card) == [f"ALK: {why}"]
    assert [order.item for order in card.orders] == ["MOLECULAR_PANEL"]
    assert not any(order.recommended for order in card.orders)


@pytest.mark.parametrize(("state", "offered"), [("done", False), ("ordered", False), ("not_found", True)])
def test_given_a_panel_that_is_ordered_or_done_then_it_is_not_offered_again(state: str, offered: bool) -> None:
    known = Known(WorkupState(state), ("ServiceRequest/panel",))
    child = a_relapsed_child().knowing(workup={WorkupItem.MOLECULAR_PANEL: known})

    assert bool(taking("lorlatinib", child).card(WITHOUT).orders) is offered


def test_given_a_variant_of_uncertain_significance_then_it_selects_nothing_and_excludes_nothing() -> None:
    card = taking("lorlatinib", a_relapsed_child().with_alk("vus")).card(WITHOUT)

    assert card.indicator is Indicator.INFO
    assert "uncertain significance" in card.summary


@pytest.mark.parametrize("state", ["F1174", "R1275Q", "other_activating", "amplified", "fusion"])
@pytest.mark.parametrize("confidence", ["coded", "text"])
def test_given_an_aberration_on_record_then_silence(state: str, confidence: str) -> None:
    child = a_relapsed_child().with_alk(state, confidence=confidence)

    assert taking("lorlatinib", child).silent(WITHOUT).because == "ALK is aberrant."


def test_given_results_that_disagree_then_an_aberration_among_them_counts() -> None:
    child = a_relapsed_child().conflicting("alk", Molecular(ALK.NEGATIVE), Molecular(ALK.F1174))

    taking("lorlatinib", child).silent(WITHOUT)


def test_given_results_that_disagree_without_an_aberration_then_they_prove_nothing() -> None:
    child = a_relapsed_child().conflicting("alk", Molecular(ALK.NEGATIVE), Molecular(ALK.VUS))

    card = taking("lorlatinib", child).card(WITHOUT)

    assert card.indicator is Indicator.INFO
    assert missing(card)[0].startswith("ALK: sources disagree")


def test_given_an_alk_inhibitor_that_is_only_active_then_nobody_is_nagged() -> None:
    chart().active("lorlatinib", -5).of(a_relapsed_child().with_alk("negative")).silent(WITHOUT)
    chart().selecting("lorlatinib", 2, prohibited=True).silent(WITHOUT)
    chart().selecting("lorlatinib", 2, state="on_hold").silent(WITHOUT)


@pytest.mark.parametrize("rule", [WITHOUT, RESISTANT, FUSION])
def test_given_no_active_disease_then_silence(rule: str) -> None:
    asked = chart().selecting("crizotinib", 2).selecting("alectinib", 2).of(a_child().with_event("in_remission"))

    assert asked.silent(rule).decided_by == ("disease_event",)


@pytest.mark.parametrize("details", [{}, {"variant": "F1174L"}, {"timing": "pre_relapse"}])
def test_given_crizotinib_on_f1174_then_a_warning_names_the_failures_and_lorlatinib(details: dict[str, str]) -> None:
    """CRIZ: all three F1174L progressed in cycle 1. LORLA: lorlatinib was built for variants that resist."""
    card = taking("crizotinib", a_relapsed_child().with_alk("F1174", **details)).card(RESISTANT)

    assert card.indicator is Indicator.WARNING
    assert card.summary == f"Review crizotinib: ALK {details.get('variant', 'F1174')} of 2026-09-18"
    assert says(card, "all three F1174L progressed in cycle 1")
    assert says(card, "Lorlatinib was built for variants that resist crizotinib")
    assert card.evidence == ("CRIZ", "LORLA")
    assert card.orders == ()


def test_given_f1174_beside_another_change_then_it_still_warns() -> None:
    child = a_relapsed_child().with_alk("R1275Q", also=("F1174",))

    assert taking("crizotinib", child).card(RESISTANT).indicator is Indicator.WARNING


def test_given_f1174_in_words_then_the_card_asks() -> None:
    child = a_relapsed_child().with_alk("F1174", confidence="text")

    assert says(taking("crizotinib", child).card(RESISTANT), "Please confirm: the ALK result, it is not coded")


def test_given_crizotinib_on_r1275q_then_silence() -> None:
    """CRIZ: every response was in R1275Q."""
    taking("crizotinib", a_relapsed_child().with_alk("R1275Q")).silent(RESISTANT)


@pytest.mark.parametrize("state", ["amplified", "fusion", "other_activating"])
def test_given_crizotinib_on_another_change_then_it_informs(state: str) -> None:
    card = taking("crizotinib", a_relapsed_child().with_alk(state)).card(RESISTANT)

    assert card.indicator is Indicator.INFO
    assert card.evidence == ("CRIZ",)


@pytest.mark.parametrize("state", ["negative", "vus"])
def test_given_no_aberration_then_this_rule_leaves_it_to_the_other(state: str) -> None:
    taking("crizotinib", a_relapsed_child().with_alk(state)).silent(RESISTANT)
    taking("crizotinib", a_relapsed_child()).silent(RESISTANT)


@pytest.mark.parametrize("name", ["lorlatinib", "alectinib", "ceritinib"])
def test_given_another_alk_inhibitor_on_f1174_then_silence(name: str) -> None:
    taking(name, a_relapsed_child().with_alk("F1174")).silent(RESISTANT)


def test_given_results_that_disagree_then_the_states_are_named() -> None:
    child = a_relapsed_child().conflicting("alk", Molecular(ALK.F1174), Molecular(ALK.NEGATIVE))

    assert taking("crizotinib", child).card(RESISTANT).summary == "Review crizotinib: ALK F1174, undated"


@pytest.mark.parametrize(("state", "fires"), [("F1174", True), ("amplified", True), ("fusion", False), ("vus", False)])
def test_given_alectinib_then_anything_but_a_fusion_is_named(state: str, fires: bool) -> None:
    asked = taking("alectinib", a_relapsed_child().with_alk(state))

    if fires:
        assert asked.card(FUSION).indicator is Indicator.INFO
        assert asked.card(FUSION).evidence == ("ALEC-REG",)
    else:
        asked.silent(FUSION)


def test_given_a_fusion_beside_another_change_then_alectinib_is_not_questioned() -> None:
    taking("alectinib", a_relapsed_child().with_alk("amplified", also=("fusion",))).silent(FUSION)


def test_given_no_alectinib_then_its_rule_is_silent() -> None:
    taking("lorlatinib", a_relapsed_child().with_alk("F1174")).silent(FUSION)
