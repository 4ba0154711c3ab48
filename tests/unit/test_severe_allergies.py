"""Severe drug allergies of the chart become one fact; mild ones, doubts and gaps stay what they are."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from hooks.facts.fact import Confidence, Known, Unknown, Why
from hooks.pathways.relapsed_neuroblastoma.reading.assemble import read_facts
from hooks.record import KeyState, PatientRecord
from hooks.service import Circumstances, Jurisdiction

IRINOTECAN, CARBOPLATIN = "51499", "40048"


def allergy(name: str, drug: str, **more: Any) -> dict[str, Any]:
    return {
        "resourceType": "AllergyIntolerance",
        "id": name,
        "code": {"coding": [{"system": "http://www.nlm.nih.gov/research/umls/rxnorm", "code": drug}]},
        "recordedDate": "2026-05-02",
        **more,
    }


def severe_allergies(*resources: dict[str, Any], state: KeyState | None = KeyState.PRESENT) -> Any:
    keys = {} if state is None else {"allergies": state}
    record = PatientRecord(patient_id="p", resources={"AllergyIntolerance": resources}, keys=keys)
    return read_facts(record, Circumstances(date(2026, 11, 22), Jurisdiction.EU)).severe_drug_allergies


def test_given_a_severe_and_a_mild_allergy_when_read_then_only_the_severe_one_is_kept() -> None:
    found = severe_allergies(
        allergy("a1", IRINOTECAN, criticality="high"), allergy("a2", CARBOPLATIN, criticality="low")
    )

    assert found == Known(frozenset({"drug.irinotecan"}), ("AllergyIntolerance/a1",), date(2026, 5, 2))


def test_given_anaphylaxis_in_words_when_read_then_it_is_severe_and_from_text() -> None:
    found = severe_allergies(
        {"resourceType": "AllergyIntolerance", "id": "a1", "code": {"text": "Anaphylaxis to carboplatin"}}
    )

    assert found == Known(frozenset({"drug.carboplatin"}), ("AllergyIntolerance/a1",), None, Confidence.TEXT)


def test_given_no_allergy_when_it_was_looked_for_then_the_list_is_empty() -> None:
    assert severe_allergies(state=KeyState.EMPTY) == Known(frozenset())


@pytest.mark.parametrize(("state", "why"), [(None, Why.NOT_FOUND), (KeyState.FAILED, Why.NOT_RETRIEVED)])
def test_given_nobody_asked_or_the_ehr_failed_when_read_then_it_is_unknown(state: KeyState | None, why: Why) -> None:
    assert severe_allergies(state=state) == Unknown(why, ("allergies",))
