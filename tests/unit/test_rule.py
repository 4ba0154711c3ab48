"""From rules to one decision: joining, limits, traces."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from hooks.recommendation import (
    Fired,
    Indicator,
    MissingFact,
    OrderKind,
    Outcome,
    ProposedOrder,
    Recommendation,
    RuleId,
    Silent,
    Topic,
    Undetermined,
)
from hooks.rule import behind_critical, clinical_sentence, decide, join, limit, merge, rule_id, said

DAY = date(2026, 11, 22)
GAP = MissingFact("risk_group", "not found", "Risk group: not found")


def card(
    topic: Topic = Topic.ORDER_SAFETY, indicator: Indicator = Indicator.WARNING, subject: str = "", text: str = "one"
) -> Recommendation:
    return Recommendation(
        topic=topic, rule=RuleId("r"), summary=text, indicator=indicator, subject=subject, points=(text,)
    )


def fires(facts: str, knowledge: str, as_of: date) -> Outcome:
    """A sentence that a clinician can sign.

    Evidence: NONE
    """
    return Fired(card(text=f"{facts} {knowledge} {as_of.isoformat()}"))


def is_silent(facts: str, knowledge: str, as_of: date) -> Outcome:
    return Silent("nothing of the kind")


def has_a_gap(facts: str, knowledge: str, as_of: date) -> Outcome:
    return Undetermined((GAP,), card(Topic.REINDUCTION_REGIMEN, Indicator.INFO, text="gap"))


def has_a_quiet_gap(facts: str, knowledge: str, as_of: date) -> Outcome:
    return Undetermined((GAP,))


def test_given_rules_of_every_outcome_when_decided_then_each_is_traced_and_two_speak() -> None:
    decision = decide((fires, is_silent, has_a_gap, has_a_quiet_gap), "facts", "knowledge", DAY)

    assert [entry.rule for entry in decision.trace] == ["fires", "is_silent", "has_a_gap", "has_a_quiet_gap"]
    assert [found.summary for found in decision.recommendations] == ["facts knowledge 2026-11-22", "gap"]
    assert [found.summary for found in said(decision.trace)] == ["facts knowledge 2026-11-22", "gap"]


def test_given_a_rule_when_named_then_id_and_sentence_come_from_the_function() -> None:
    assert rule_id(fires) == "fires"
    assert clinical_sentence(fires) == "A sentence that a clinician can sign."
    assert clinical_sentence(is_silent) == ""


def test_given_two_cards_of_one_topic_indicator_and_subject_when_joined_then_one_says_both() -> None:
    (joined,) = join((card(text="one"), card(text="two")))

    assert joined.summary == "one"
    assert joined.why_now == ("two",)
    assert joined.points == ("one", "two")


@pytest.mark.parametrize("other", [card(subject="naxitamab"), card(indicator=Indicator.CRITICAL)])
def test_given_another_subject_or_indicator_when_joined_then_the_cards_stay_apart(other: Recommendation) -> None:
    assert len(join((card(), other))) == 2


def test_given_more_cards_than_allowed_when_limited_then_none_is_lost() -> None:
    """At most one critical and three warnings; what is over is said inside the last card kept."""
    topics = tuple(Topic)
    cards = [card(topic, Indicator.WARNING, text=f"w{n}") for n, topic in enumerate(topics[:5])]
    cards += [card(topic, Indicator.CRITICAL, text=f"c{n}") for n, topic in enumerate(topics[:2])]

    limited = limit(cards)

    assert [found.summary for found in limited] == ["c0 (and 1 more)", "w0", "w1", "w2 (and 2 more)"]
    assert limited[0].why_now == ("c1",)
    assert limited[3].why_now == ("w3", "w4")


def test_given_orders_of_two_drugs_on_one_card_when_merged_then_each_button_names_its_drug() -> None:
    """Hazard: the items of one antibody are read as another's."""
    one, two = (
        replace(
            card(subject=name), orders=(ProposedOrder(kind=OrderKind.SERVICE_REQUEST, item=name, label="X", text=""),)
        )
        for name in ("naxitamab", "dinutuximab beta")
    )
    unnamed = replace(one, subject="")

    assert [order.label for order in merge(one, two).orders] == ["For naxitamab: X", "For dinutuximab beta: X"]
    assert merge(merge(one, two), one).orders[0].label == "For naxitamab: X"
    assert [order.label for order in merge(unnamed, two).orders] == ["X", "For dinutuximab beta: X"]
    assert [order.label for order in merge(one, one).orders] == ["X"]


ORDER = ProposedOrder(kind=OrderKind.SERVICE_REQUEST, item="i", label="l", text="t", recommended=True)
AGAINST = card(indicator=Indicator.CRITICAL, subject="lorlatinib", text="Do not give lorlatinib")


def offers(subject: str, text: str = "Order ECG") -> Recommendation:
    return replace(card(Topic.PARTNER_SUPPORTIVE_CARE, subject=subject, text=text), orders=(ORDER,))


def test_given_a_critical_card_when_orders_for_its_drug_are_offered_then_they_say_so_first() -> None:
    """Hazard: "do not give" is overlooked because the next card offers all that the drug needs."""
    critical, offered = behind_critical((AGAINST, offers("lorlatinib")))

    assert critical == AGAINST
    assert offered.summary == "After the critical card is settled: order ECG"
    assert offered.why_now == ('First settle the critical card on lorlatinib: "Do not give lorlatinib".',)
    assert [order.recommended for order in offered.orders] == [False]


@pytest.mark.parametrize("against", ["crizotinib and lorlatinib", "lorlatinib, crizotinib"])
def test_given_a_critical_card_on_several_drugs_then_each_of_them_is_meant(against: str) -> None:
    (_, offered) = behind_critical((replace(AGAINST, subject=against), offers("lorlatinib")))

    assert offered.summary.startswith("After the critical card is settled")


def test_given_orders_for_several_drugs_when_one_is_forbidden_then_the_reason_says_which() -> None:
    (_, offered) = behind_critical((AGAINST, offers("lorlatinib, irinotecan")))

    assert offered.summary == "Order ECG"
    assert offered.why_now[0].startswith("First settle the critical card on lorlatinib")


def test_given_a_summary_that_would_grow_too_long_then_it_stays_as_it_is() -> None:
    (_, offered) = behind_critical((AGAINST, offers("lorlatinib", "O" * 110)))

    assert offered.summary == "O" * 110


@pytest.mark.parametrize(
    "other",
    [
        offers("irinotecan"),
        offers(""),
        card(subject="lorlatinib"),
        replace(offers("lorlatinib"), indicator=Indicator.CRITICAL, topic=Topic.ANTI_GD2_SAFETY),
    ],
)
def test_given_another_drug_no_orders_or_a_critical_card_then_nothing_is_added(other: Recommendation) -> None:
    assert behind_critical((AGAINST, other)) == (AGAINST, other)


def test_given_rules_when_decided_then_what_a_critical_card_forbids_is_said_on_the_other_cards() -> None:
    def forbids(facts: str, knowledge: str, as_of: date) -> Outcome:
        return Fired(AGAINST)

    def needs(facts: str, knowledge: str, as_of: date) -> Outcome:
        return Fired(offers("lorlatinib"))

    decision = decide((forbids, needs), "facts", "knowledge", DAY)

    assert [entry.summary for entry in decision.recommendations] == [
        "Do not give lorlatinib",
        "After the critical card is settled: order ECG",
    ]
