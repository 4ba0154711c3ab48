"""What holds for every child whatever its facts: the regimen rules never draft, dose, rank or claim too much."""

from __future__ import annotations

import re
from datetime import date, timedelta
from itertools import chain

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hooks.facts.fact import Conflicting, Known, Unknown, YesNo
from hooks.pathways.relapsed_neuroblastoma.facts import ALK, GD2, MYCN, DiseaseEvent, Facts, Response, RiskGroup, Site
from hooks.pathways.relapsed_neuroblastoma.knowledge import KNOWLEDGE
from hooks.pathways.relapsed_neuroblastoma.knowledge.regimens import Status
from hooks.pathways.relapsed_neuroblastoma.rules.gates import GATES
from hooks.pathways.relapsed_neuroblastoma.rules.regimen_rules import REGIMEN_RULES
from hooks.recommendation import Fired, OrderKind, Recommendation, Silent, Standing, Undetermined
from hooks.rule import decide
from tests.spec.children import AS_OF, RELAPSE, Child, a_child

REGIMENS = KNOWLEDGE.regimens.regimens
YES_NO = sorted(
    {name for gate in GATES.values() for name in gate.reads if name.endswith(("reaction", "active", "reached"))}
    | {
        "failed_temozolomide",
        "failed_irinotecan",
        "failed_topotecan",
        "failed_lorlatinib",
        "progressed_on_anti_gd2",
        "prior_anti_gd2",
        "consolidation_done",
        "local_only",
        "strong_cyp3a_inducer",
        "stem_cells_stored",
    }
)
MOLECULAR = st.fixed_dictionaries(
    {
        "timing": st.sampled_from(["at_relapse", "pre_relapse", "timing_unknown"]),
        "confidence": st.sampled_from(["coded", "coded_local", "text"]),
        "on": st.none() | st.just(RELAPSE),
    }
)
DOSE = re.compile(r"\d\s*(?:mg|mcg|ug|g|IU|\[iU\]|mCi|MBq|mL)\b(?:/(?:m2|kg))?", re.IGNORECASE)
DATES = st.none() | st.dates(RELAPSE - timedelta(days=60), AS_OF)


@st.composite
def children(draw: st.DrawFn) -> Facts:
    child = a_child().in_jurisdiction(draw(st.sampled_from(["EU", "US", "other"])))
    child = child.with_event(draw(st.sampled_from([str(event) for event in DiseaseEvent])), on=draw(DATES))
    child = child.aged(draw(st.integers(0, 240))) if draw(st.booleans()) else child.not_knowing("age_months")
    child = child.with_risk(draw(st.sampled_from(list(RiskGroup)))) if draw(st.booleans()) else child
    child = child.with_mycn(draw(st.sampled_from(list(MYCN))), **draw(MOLECULAR)) if draw(st.booleans()) else child
    child = child.with_alk(draw(st.sampled_from(list(ALK))), **draw(MOLECULAR)) if draw(st.booleans()) else child
    child = child.with_gd2(draw(st.sampled_from(list(GD2))), **draw(MOLECULAR)) if draw(st.booleans()) else child
    child = child.with_sites(*draw(st.sets(st.sampled_from(list(Site))))) if draw(st.booleans()) else child
    child = child.weighing() if draw(st.booleans()) else child
    return _answered(draw, _treated(draw, child)).facts()


def _treated(draw: st.DrawFn, child: Child) -> Child:
    how = draw(st.sampled_from(["unknown", "none", "ended", "running"]))
    regimen = draw(st.sampled_from([*REGIMENS, "other"]))
    cycles = draw(st.none() | st.integers(0, 20))
    if how == "none":
        child = child.with_no_treatment_since_relapse()
    elif how == "ended":
        child = child.treated_with("topotecan", regimen=regimen, start=draw(DATES), cycles=cycles)
    elif how == "running":
        child = child.on_regimen(regimen, cycles, draw(st.none() | st.integers(0, 20)))
    if draw(st.booleans()):
        child = child.responded(draw(st.sampled_from(list(Response))), on=draw(DATES))
    return child


def _answered(draw: st.DrawFn, child: Child) -> Child:
    states = st.sampled_from([Unknown(), Known(YesNo.YES), Known(YesNo.NO), Conflicting((YesNo.YES, YesNo.NO))])
    return child.knowing(**{name: draw(states) for name in draw(st.sets(st.sampled_from(YES_NO)))})


def cards(facts: Facts) -> list[Recommendation]:
    outcomes = [rule(facts, KNOWLEDGE, AS_OF) for rule in REGIMEN_RULES]
    found = [outcome.recommendation for outcome in outcomes if isinstance(outcome, Fired)]
    return found + [outcome.card for outcome in outcomes if isinstance(outcome, Undetermined) and outcome.card]


@given(children())
def test_given_any_child_when_decided_then_at_most_one_rule_speaks(facts: Facts) -> None:
    assert len(cards(facts)) <= 1
    for rule in REGIMEN_RULES:
        outcome = rule(facts, KNOWLEDGE, AS_OF)
        assert not isinstance(outcome, Silent) or outcome.because


@given(children())
def test_given_any_child_when_a_card_is_written_then_summary_evidence_and_palliative_line_hold(facts: Facts) -> None:
    for card in cards(facts):
        assert len(card.summary) < 140, card.summary
        assert card.indicator == "info"
        assert any("alliative" in line for line in card.points)
        assert set(card.evidence) <= set(KNOWLEDGE.citations)
        assert set(chain(*(option.evidence for option in card.options))) <= set(card.evidence)
        assert len(set(card.evidence)) == len(card.evidence)
        quoted = {figure.evidence for option in card.options for figure in option.figures}
        assert quoted <= set(card.evidence)


@given(children())
def test_given_any_child_when_options_are_shown_then_each_stands_once_and_in_order(facts: Facts) -> None:
    for card in cards(facts):
        ids = [(option.regimen, option.name) for option in card.options]
        assert len(ids) == len(set(ids))
        standings = [option.standing for option in card.options]
        assert standings == sorted(standings, key=lambda standing: standing is Standing.NOT_SUITABLE)
        trials = [standing is Standing.TRIAL for standing in standings]
        assert trials == sorted(trials, reverse=True)
        assert all(option.label for option in card.options)


@given(children())
def test_given_any_child_when_orders_are_drafted_then_the_limits_of_drafting_hold(facts: Facts) -> None:
    """DESIGN 6.2, 6.3: nothing recommended, doses only from complete schedules of suggested regimens."""
    for option in chain(*(card.options for card in cards(facts))):
        kinds = {order.kind for order in option.orders}
        assert not any(order.recommended for order in option.orders)
        if option.standing is Standing.NOT_SUITABLE:
            assert option.orders == ()
        elif OrderKind.MEDICATION_REQUEST in kinds:
            assert kinds == {OrderKind.MEDICATION_REQUEST}
            assert REGIMENS[option.regimen].status is Status.SUGGEST
            assert REGIMENS[option.regimen].draft_schedule is not None
            assert option.standing not in {Standing.PROVISIONAL, Standing.REFER, Standing.TRIAL}
            assert all("Verify against the protocol" in order.dosage_text for order in option.orders)
            assert all(order.codes for order in option.orders)
        else:
            (order,) = option.orders
            assert order.dosage_text == ""


@given(children())
def test_given_any_child_when_nothing_is_drafted_then_no_dose_stands_anywhere(facts: Facts) -> None:
    """DESIGN 6.3: the doses of an option that is planned or referred are nowhere."""
    for card in cards(facts):
        planned = [option for option in card.options if not any(order.dosage_text for order in option.orders)]
        for option in planned:
            figures = (figure.text for figure in option.figures)
            orders = (f"{order.label} {order.text} {order.note}" for order in option.orders)
            said = " ".join((option.name, option.label, *option.why, *option.against, *figures, *orders))
            assert not DOSE.search(said), said
        assert not DOSE.search(" ".join((card.summary, *card.why_now, *card.points, *card.not_when)))


@given(children())
def test_given_any_child_when_markers_are_not_proven_then_they_select_nothing(facts: Facts) -> None:
    """Hazard: a regimen chosen from text, old tissue or a gain."""
    for card in cards(facts):
        found = {option.regimen: option.standing for option in card.options}
        for fact, proof, regimens in (
            (facts.mycn, {MYCN.AMPLIFIED}, ("RIST",)),
            (facts.alk, set(ALK) - {ALK.VUS, ALK.NEGATIVE}, ("LORLATINIB", "LORLATINIB_TOPOCY")),
        ):
            coded = isinstance(fact, Known) and fact.confidence == "coded" and fact.value.timing == "at_relapse"
            selects = coded and fact.value.state in proof
            assert selects or not {found.get(regimen) for regimen in regimens} & {
                Standing.PREFERRED,
                Standing.ALTERNATIVE,
                Standing.CAUTION,
            }


@given(children())
def test_given_any_child_when_decided_twice_then_the_answer_is_the_same(facts: Facts) -> None:
    first = decide(REGIMEN_RULES, facts, KNOWLEDGE, AS_OF)

    assert first == decide(REGIMEN_RULES, facts, KNOWLEDGE, AS_OF + timedelta(days=1))
    assert first.trace[0].clinical_sentence


@pytest.mark.parametrize("rule", REGIMEN_RULES, ids=lambda rule: rule.__name__)
def test_given_a_rule_when_its_docstring_is_read_then_it_ends_with_sources_that_exist(rule: object) -> None:
    """STYLE 8: the last line is "Evidence: <citation ids>"."""
    last = (rule.__doc__ or "").strip().splitlines()[-1].strip()

    assert last.startswith("Evidence: ")
    assert set(last.removeprefix("Evidence: ").split(", ")) <= set(KNOWLEDGE.citations)


def test_given_a_day_when_used_as_argument_then_no_rule_reads_a_clock() -> None:
    """STYLE 14: time is an argument; on both days the event is old enough for the question of treatment elsewhere."""
    facts = a_child().relapsed().high_risk().facts()

    assert [rule(facts, KNOWLEDGE, date(2031, 1, 1)) for rule in REGIMEN_RULES] == [
        rule(facts, KNOWLEDGE, AS_OF) for rule in REGIMEN_RULES
    ]
