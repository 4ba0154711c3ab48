"""The questions that come before any option: palliative intent in words, an old event treated elsewhere.

Place in the flow: work-up and regimen cards put them first. May not: silence a card, or take silence of the
chart for "untreated".
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from hooks.facts.fact import YesNo, is_coded, is_value, value_of
from hooks.pathways.relapsed_neuroblastoma.facts import Facts
from hooks.pathways.relapsed_neuroblastoma.knowledge import Knowledge
from hooks.pathways.relapsed_neuroblastoma.rules.markers import SUMMARY_ROOM
from hooks.pathways.relapsed_neuroblastoma.rules.phase import has_begun


@dataclass(frozen=True, slots=True)
class Question:
    """ahead: how a summary asks it. line: the question with what raises it."""

    ahead: str
    line: str


def questions_first(facts: Facts, knowledge: Knowledge, as_of: date | None) -> tuple[Question, ...]:
    """Return every question that comes before the advice of a card, the gravest first."""
    return (*palliative_question(facts), *_treated_elsewhere(facts, knowledge, as_of))


def palliative_question(facts: Facts) -> Iterator[Question]:
    """Yield the question where only words speak of palliative treatment; a coded intent silences the services."""
    intent = facts.palliative_intent
    if is_value(intent, YesNo.YES) and not is_coded(intent):
        line = "Ask first: is the intent palliative? Words of the chart say so; if it is, this card does not apply."
        yield Question("Palliative intent?", line)


def _treated_elsewhere(facts: Facts, knowledge: Knowledge, as_of: date | None) -> Iterator[Question]:
    """Yield the question for an event that is some weeks old and has no treatment on record."""
    event_date = value_of(facts.event_date)
    if event_date is None or as_of is None or has_begun(facts, knowledge):
        return
    weeks = knowledge.engineering.untreated_event_weeks.value
    if as_of - event_date >= timedelta(weeks=weeks):
        line = (
            f"Ask first: treated elsewhere? The event is {weeks} weeks old or older and no treatment of it is on "
            f"record here (asked from {weeks} weeks on, an engineering choice)."
        )
        yield Question("Treated elsewhere?", line)


def asking_first(summary: str, questions: Sequence[Question]) -> str:
    """Return the summary with the first question in front, where there is room for both."""
    if not questions:
        return summary
    asked = f"{questions[0].ahead} If not: {summary[:1].lower()}{summary[1:]}"
    return asked if len(asked) < SUMMARY_ROOM else summary
