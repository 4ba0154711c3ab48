"""What a card drafts comes back as a FHIR resource and satisfies its item: this service never asks twice."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from cards.orders import draft_of
from hooks.facts.fact import Known
from hooks.pathways.relapsed_neuroblastoma.facts import DiseaseEvent, Facts
from hooks.pathways.relapsed_neuroblastoma.knowledge import KNOWLEDGE
from hooks.pathways.relapsed_neuroblastoma.reading.orders import read_board
from hooks.pathways.relapsed_neuroblastoma.rules.supportive_care import SUPPORTIVE_CARE_RULES
from hooks.record import PatientRecord
from hooks.rule import decide
from hooks.terminology.table import TABLE
from tests.spec.supportive.boards import LIBRARY

AS_OF = date(2026, 11, 22)
AGENTS = [agent.drug for agent in LIBRARY.agents.values() if agent.drug]


def agent_draft(drug: str, day_1: str) -> dict[str, Any]:
    code = TABLE.codes(drug)[0]
    return {
        "resourceType": "MedicationRequest",
        "id": "agent",
        "status": "draft",
        "intent": "order",
        "subject": {"reference": "Patient/p1"},
        "medicationCodeableConcept": {"coding": [{"system": code.system, "code": code.code}]},
        "dosageInstruction": [{"timing": {"repeat": {"boundsPeriod": {"start": day_1}}}}],
    }


def facts_with(drafts: list[dict[str, Any]]) -> Facts:
    record = PatientRecord("p1", drafts=tuple(drafts), selected=("MedicationRequest/agent",))
    board = read_board(record, AS_OF)
    return Facts(patient_id="p1", disease_event=Known(DiseaseEvent.FIRST_RELAPSE), orders=board)


@pytest.mark.parametrize("drug", AGENTS)
def test_given_every_suggestion_of_a_card_was_accepted_then_the_next_answer_is_empty(drug: str) -> None:
    drafts = [agent_draft(drug, "2026-11-29")]
    first = decide(SUPPORTIVE_CARE_RULES, facts_with(drafts), KNOWLEDGE, AS_OF)
    for card in first.recommendations:
        for number, order in enumerate(card.orders):
            drafts.append({**draft_of(order, "p1"), "id": f"{card.indicator}-{number}"})

    second = decide(SUPPORTIVE_CARE_RULES, facts_with(drafts), KNOWLEDGE, AS_OF)

    assert bool(first.recommendations) is (drug != "drug.irinotecan")
    assert second.recommendations == ()
