"""Why a clinician may set a card aside, as codes: HL7's non-adherence reasons, and a few of our own.

Place in the flow: `cards.compose` puts them on every card that recommends or warns; feedback names one of them.
May not: ask for a reason where nothing was recommended.
"""

from __future__ import annotations

from pathlib import Path

from cards.card import Coding
from hooks.knowledge import KnowledgeModel, load_model
from hooks.recommendation import Indicator, Recommendation, Topic


class Reason(KnowledgeModel):
    """One reason. topics: the cards that offer it; none named: all of them."""

    code: str
    display: str
    topics: tuple[Topic, ...] = ()


class ReasonList(KnowledgeModel):
    """The reasons of one code system, in the order in which they are shown."""

    system: str
    reasons: tuple[Reason, ...]


class OverrideReasons(KnowledgeModel):
    """The whole file."""

    lists: tuple[ReasonList, ...]


OVERRIDE_REASONS = load_model(Path(__file__).parent / "override_reasons.yaml", OverrideReasons)


def override_reasons_for(recommendation: Recommendation) -> tuple[Coding, ...]:
    """Return the reasons that a card offers; none for one that only informs."""
    only_informs = (
        recommendation.indicator is Indicator.INFO and not recommendation.orders and not recommendation.options
    )
    return () if only_informs else _BY_TOPIC[recommendation.topic]


def _reasons_on(topic: Topic) -> tuple[Coding, ...]:
    return tuple(
        Coding(system=listed.system, code=reason.code, display=reason.display)
        for listed in OVERRIDE_REASONS.lists
        for reason in listed.reasons
        if not reason.topics or topic in reason.topics
    )


_BY_TOPIC = {topic: _reasons_on(topic) for topic in Topic}
