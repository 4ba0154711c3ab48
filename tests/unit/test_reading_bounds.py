"""Texts that nobody writes but somebody may send: they are read in bounded time, and what is not read is no denial."""

from __future__ import annotations

import time
from typing import Any

import pytest

from hooks.facts.quantities import ReadingState, readings_of
from hooks.facts.spelling import MAX_LENGTH
from hooks.facts.text import Polarity, Topic, read_text
from hooks.pathways.relapsed_neuroblastoma.reading.gate import concerns
from hooks.record import PatientRecord
from tests.unit.reading_chart import condition, worded

AMPLIFIED = Topic(findings=frozenset({"amplified"}), subjects=frozenset({"mycn"}))


@pytest.mark.parametrize("blank", ["\n", " ", "\t"])
def test_given_a_result_of_blanks_when_a_number_is_looked_for_then_it_takes_no_time(blank: str) -> None:
    """Hazard: five such results keep a worker busy for twenty seconds."""
    value: Any = {"resourceType": "Observation", "id": "o", "status": "final", "code": {"text": "ANC"}}
    record = PatientRecord("p", {"Observation": ({**value, "valueString": blank * MAX_LENGTH + "x"},)})

    start = time.process_time()
    (reading,) = readings_of(record)

    assert reading.state is ReadingState.UNREADABLE
    assert time.process_time() - start < 1


@pytest.mark.parametrize(("times", "polarity"), [(50, Polarity.POSITIVE), (51, Polarity.UNKNOWN)])
def test_given_a_clause_that_repeats_a_finding_when_it_is_judged_then_beyond_fifty_it_stays_open(
    times: int, polarity: Polarity
) -> None:
    assert read_text("MYCN" + " amplified" * times, AMPLIFIED).polarity is polarity


@pytest.mark.parametrize(("number", "opens"), [(5, False), (6, True)])
def test_given_more_denials_than_are_read_when_the_gate_reads_then_it_opens(number: int, *, opens: bool) -> None:
    """Hazard: what stands behind long notes is taken for absent."""
    denial = "no neuroblastoma, ".ljust(20) * (MAX_LENGTH // 20)

    denials = [condition(worded(denial.strip().ljust(MAX_LENGTH, ".")), str(index)) for index in range(number)]

    assert concerns(denials, "patient-view") is opens
