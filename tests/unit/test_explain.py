"""Why a card, why none, what would change it: computed by running toy rules again."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from cards.explanation import as_json, as_text
from hooks.explain import MAX_LINES, Alternative, Run, explain, with_counterfactuals
from hooks.facts.fact import Confidence
from hooks.recommendation import (
    Fired,
    Indicator,
    MissingFact,
    Option,
    OrderKind,
    Outcome,
    ProposedOrder,
    Recommendation,
    RuleId,
    Silent,
    Standing,
    Topic,
    Undetermined,
    UsedFact,
)

DAY = date(2026, 11, 22)
GAP = MissingFact("risk", "not found", "Risk: not found in conditions", ("conditions",))
STATE = UsedFact("state", "a", "State: a", Confidence.CODED, DAY, ("Observation/1",))
CARD = Recommendation(topic=Topic.REINDUCTION_REGIMEN, rule=RuleId("toy"), summary="Do it", used=(STATE,))


def option(name: str, standing: Standing = Standing.ALTERNATIVE) -> Option:
    return Option(regimen=name, name=name.upper(), standing=standing)


def order(item: str) -> ProposedOrder:
    return ProposedOrder(kind=OrderKind.SERVICE_REQUEST, item=item, label=f"Order {item}", text=item)


TRIAL = option("t", Standing.TRIAL)
BASE = replace(CARD, options=(TRIAL, option("x"), option("y")), orders=(order("i"),))

OUTCOMES: dict[str, Outcome] = {
    "a": Fired(BASE),
    "asks": Fired(replace(BASE, used=(STATE, replace(STATE, fact="other")), missing=(GAP,))),
    "same": Fired(replace(BASE, summary="Do it, said otherwise")),
    "silent": Silent("No event.", ("state",)),
    "first": Fired(replace(BASE, options=(TRIAL, option("y"), option("x")))),
    "options": Fired(replace(BASE, options=(TRIAL, option("x"), option("z"), option("t2", Standing.NOT_SUITABLE)))),
    "standing": Fired(replace(BASE, options=(TRIAL, option("x"), option("y", Standing.NOT_SUITABLE)))),
    "careful": Fired(replace(BASE, options=(TRIAL, option("x"), option("y", Standing.CAUTION)))),
    "referral": Fired(replace(BASE, options=(TRIAL, option("x"), option("y", Standing.REFER)))),
    "orders": Fired(replace(BASE, orders=(order("j"),))),
    "fewer": Fired(replace(BASE, orders=())),
    "caution": Fired(replace(BASE, options=(TRIAL,))),
    "warning": Fired(replace(BASE, indicator=Indicator.WARNING)),
    "gap": Undetermined((GAP,), replace(CARD, summary="Ask"), "Risk is not on record."),
    "quiet": Undetermined((GAP,)),
}
EFFECTS = {
    "asks": "",
    "same": "",
    "silent": "this card goes away (No event)",
    "first": "Y comes first (alternative)",
    "options": "Z is added (alternative); T2 is added (not suitable); and 1 more",
    "standing": "Y becomes not suitable",
    "careful": "Y then needs caution",
    "referral": "Y is then by referral",
    "orders": "Order j is added; Order i is no longer offered",
    "fewer": "",
    "caution": "X is no longer listed; Y is no longer listed",
    "warning": "the card becomes warning",
    "gap": "advice is withheld (Ask)",
    "quiet": "",
}


def toy(facts: str, knowledge: None, as_of: date) -> Outcome:
    """The toy sentence.

    Evidence: NONE
    """
    return OUTCOMES[facts]


def to(state: str) -> Alternative[str]:
    return Alternative("state", f"State {state}", lambda _: state, lambda facts: facts == state)


def run(facts: str, *states: str) -> Run[str, None]:
    return Run((toy,), facts, None, DAY, tuple(to(state) for state in states or OUTCOMES))


@pytest.mark.parametrize("state", EFFECTS)
def test_given_one_thing_otherwise_when_the_rule_runs_again_then_the_difference_is_said(state: str) -> None:
    found = [flip.effect for flip in run("a", state).flips("toy", {"toy": OUTCOMES["a"]})]

    assert found == ([EFFECTS[state]] if EFFECTS[state] else [])


@pytest.mark.parametrize(
    ("now", "then", "effect"),
    [
        ("silent", "a", "a card appears (Do it)"),
        ("gap", "a", "advice is given (Do it)"),
        ("silent", "silent", ""),
        ("quiet", "silent", ""),
    ],
)
def test_given_no_card_now_when_the_rule_runs_again_then_what_appears_is_said(now: str, then: str, effect: str) -> None:
    alternative = Alternative("state", "otherwise", lambda _: then, lambda _: False)
    flips = Run((toy,), now, None, DAY, (alternative,)).flips("toy", {"toy": OUTCOMES[now]})

    assert [flip.effect for flip in flips] == ([effect] if effect else [])


def test_given_only_a_trial_and_unsuitable_options_when_they_come_first_then_nothing_moves() -> None:
    none = Fired(replace(BASE, options=(TRIAL,), orders=()))
    OUTCOMES["none"] = none
    try:
        found = [flip.effect for flip in run("a", "none").flips("toy", {"toy": OUTCOMES["a"]})]
        back = [flip.effect for flip in run("none", "a").flips("toy", {"toy": none})]
    finally:
        del OUTCOMES["none"]

    assert found == ["X is no longer listed; Y is no longer listed"]
    assert back == ["X comes first (alternative)"]


def test_given_a_fired_rule_when_decided_then_its_card_says_what_would_change_it() -> None:
    decision = with_counterfactuals(run("a"))
    (card,) = decision.recommendations

    assert card.would_change_if[0] == "State silent: this card goes away (No event)"
    assert len(card.would_change_if) == MAX_LINES


def other(facts: str, knowledge: None, as_of: date) -> Outcome:
    """The other sentence.

    Evidence: NONE
    """
    return Fired(replace(CARD, topic=Topic.SALVAGE_REGIMEN)) if facts == "silent" else Silent("Not now.")


def test_given_another_rule_that_takes_over_when_a_card_goes_away_then_its_topic_is_said() -> None:
    outcomes: dict[str, Outcome] = {"toy": OUTCOMES["a"], "other": Silent("Not now.")}
    both = Run((toy, other), "a", None, DAY, (to("silent"), to("first")))

    assert [flip.effect for flip in both.flips("toy", outcomes)] == [
        "another card takes over: Salvage regimen",
        "Y comes first (alternative)",
    ]


def test_given_alternatives_of_one_effect_when_said_then_they_share_a_line() -> None:
    def change(fact: str, words: str, state: str, family: str = "", *, lasting: bool = False) -> Alternative[str]:
        return Alternative(fact, words, lambda _: state, lambda _: False, family, may_change=not lasting)

    alternatives = (
        change("state", "MYCN gain on current tissue", "first"),
        change("state", "MYCN lost on current tissue", "first"),
        *(change("risk", f"ALK {place} here", "orders", "ALK any change here") for place in range(3)),
        *(change("risk", f"ALK {place} there", "warning", "ALK other") for place in range(2)),
        change("state", "Answered for good", "silent", lasting=True),
        change("risk", "Open still", "silent", lasting=True),
        change("state", "State caution", "caution"),
        change("other", "Risk caution", "caution"),
        change("unread", "Nobody reads this", "silent"),
        change("workup", "Biopsy done", "first"),
    )
    decision = with_counterfactuals(Run((toy,), "asks", None, DAY, alternatives))

    assert decision.recommendations[0].would_change_if == (
        "ALK any change here: Order j is added; Order i is no longer offered",
        "ALK 0 or 1 there: the card becomes warning",
        "Open still: this card goes away (No event)",
        "Biopsy done: Y comes first (alternative)",
        "State caution; or Risk caution: X is no longer listed; Y is no longer listed",
    )


def test_given_a_question_without_sense_for_these_facts_when_asked_then_it_is_left_out() -> None:
    senseless = Alternative("state", "State first", lambda _: "first", lambda _: False, "", lambda _facts, _rule: False)

    assert not list(Run((toy,), "a", None, DAY, (senseless,)).flips("toy", {"toy": OUTCOMES["a"]}))


def test_given_a_run_when_explained_then_every_rule_has_outcome_reason_and_flips() -> None:
    names = lambda asked: ((STATE,), (GAP,)) if "state" in asked else ((), ())  # noqa: E731  # a toy in one line
    fired, silent, gap, quiet = (
        explain(run(state, "a", "silent"), names)[0] for state in ("a", "silent", "gap", "quiet")
    )

    assert (fired.outcome, fired.because, fired.decided_by) == ("fired", "Do it", (STATE,))
    assert (silent.outcome, silent.decided_by, silent.missing) == ("silent", (STATE,), (GAP,))
    assert (gap.outcome, gap.because, gap.missing) == ("undetermined", "Risk is not on record.", (GAP,))
    assert quiet.because == "Facts are missing."
    assert [flip.words for flip in silent.flips] == ["State a"]


def test_given_an_explanation_when_printed_then_text_and_json_name_fact_source_and_flip() -> None:
    undated = replace(STATE, date=None, sources=())
    (item,) = explain(run("silent", "a"), lambda _: ((STATE, undated), (GAP,)))

    (data,) = as_json([item])
    text = as_text([item])

    assert data["decidedBy"] == [
        {"fact": "state", "state": "a", "confidence": "coded", "date": "2026-11-22", "from": ["Observation/1"]},
        {"fact": "state", "state": "a", "confidence": "coded"},
    ]
    assert data["missing"] == [{"fact": "risk", "why": "not found", "lookedIn": ["conditions"]}]
    assert data["wouldChangeIf"] == [{"fact": "state", "if": "State a", "then": "a card appears (Do it)"}]
    assert "toy: SILENT" in text
    assert "  read: State: a [Observation/1]" in text
    assert "  missing: Risk: not found in conditions" in text
    assert "  would change if: State a: a card appears (Do it)" in text


def test_given_many_sources_and_two_rules_when_printed_then_two_are_named_and_a_blank_line_divides_the_rules() -> None:
    many = replace(STATE, sources=("Observation/1", "Observation/2", "Observation/3", "Observation/4"))
    (item,) = explain(run("silent", "a"), lambda _: ((many,), ()))

    text = as_text([item, item], 40)

    assert "[Observation/1," in text
    assert "and 2 more]" in text
    assert "Observation/3" not in text
    assert "\n\ntoy: SILENT\n" in text
    assert all(len(line) <= 40 for line in text.splitlines())
