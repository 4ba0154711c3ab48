"""The question that comes before any option: whether an old event was treated elsewhere.

Place in the flow: regimen cards put it first. May not: silence a card, or take silence of the chart for "untreated".
"""

from __future__ import annotations

from datetime import date, timedelta

from hooks.facts.fact import value_of
from hooks.pathways.relapsed_neuroblastoma.facts import Facts
from hooks.pathways.relapsed_neuroblastoma.knowledge import Knowledge
from hooks.pathways.relapsed_neuroblastoma.rules.markers import SUMMARY_ROOM
from hooks.pathways.relapsed_neuroblastoma.rules.phase import has_begun


def treated_elsewhere(facts: Facts, knowledge: Knowledge, as_of: date | None) -> tuple[str, ...]:
    """Return the question for an event that is some weeks old and has no treatment on record; empty otherwise."""
    event_date = value_of(facts.event_date)
    if event_date is None or as_of is None or has_begun(facts, knowledge):
        return ()
    weeks = knowledge.engineering.untreated_event_weeks.value
    if as_of - event_date < timedelta(weeks=weeks):
        return ()
    return (
        f"Ask first: treated elsewhere? The event is {weeks} weeks old or older and no treatment of it is on record "
        f"here (asked from {weeks} weeks on, an engineering choice).",
    )


def asking_first(summary: str, question: tuple[str, ...]) -> str:
    """Return the summary with the question in front, where there is room for both."""
    asked = f"Treated elsewhere? If not: {summary[:1].lower()}{summary[1:]}"
    return asked if question and len(asked) < SUMMARY_ROOM else summary
