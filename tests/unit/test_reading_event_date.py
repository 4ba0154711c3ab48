"""The date of the disease event: never the onset of the first diagnosis, never more precise than the chart."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from hooks.facts.fact import Confidence, Known, Unknown, Why
from hooks.pathways.relapsed_neuroblastoma.facts import DiseaseEvent
from hooks.pathways.relapsed_neuroblastoma.reading.disease import DiseaseFacts, read_disease
from tests.unit.reading_chart import (
    AS_OF,
    LOINC,
    SNOMED,
    coded,
    condition,
    neuroblastoma,
    observation,
    primary,
    record,
    relapse,
)

RECURRENCE = coded(SNOMED, "277647002", "r - Tumor recurrence")


def read(*resources: dict[str, Any]) -> DiseaseFacts:
    return read_disease(record(*resources), AS_OF)


def day(*resources: dict[str, Any]) -> tuple[date, Confidence]:
    fact = read(*resources).event_date
    assert isinstance(fact, Known)
    return fact.value, fact.confidence


def test_given_one_condition_flipped_to_relapse_when_dated_then_its_onset_is_the_diagnosis() -> None:
    """Hazard: a biopsy of the first diagnosis taken for a biopsy of the relapse."""
    facts = read(neuroblastoma("relapse", onsetDateTime="2023-09-14", recordedDate="2023-09-20"))

    assert isinstance(facts.disease_event, Known)
    assert facts.disease_event.value is DiseaseEvent.FIRST_RELAPSE
    assert facts.event_date == Unknown(looked_in=("conditions", "status"))
    assert isinstance(facts.diagnosis_date, Known)
    assert facts.diagnosis_date.value == date(2023, 9, 14)


ASSERTED = [{"url": "http://hl7.org/fhir/StructureDefinition/condition-assertedDate", "valueDateTime": "2026-05-19"}]


@pytest.mark.parametrize(
    ("parts", "others", "expected"),
    [
        ({"extension": ASSERTED}, [], (date(2026, 5, 19), Confidence.TEXT)),
        ({"note": [{"text": "Relapse 2026-05-17 in bone"}]}, [], (date(2026, 5, 17), Confidence.TEXT)),
        ({"recordedDate": "2026-05-20"}, [], (date(2026, 5, 20), Confidence.TEXT)),
        ({}, [observation(RECURRENCE, {"focus": [{"reference": "Condition/c1"}]}, on="2026-05-18")],
         (date(2026, 5, 18), Confidence.CODED)),
        ({}, [condition(coded(SNOMED, "94222008"), id="m", onsetDateTime="2026-05-16")],
         (date(2026, 5, 16), Confidence.TEXT)),
        ({"recordedDate": "2026-05-20"}, [observation(RECURRENCE, on="2026-05-18")],
         (date(2026, 5, 18), Confidence.TEXT)),
    ],
)  # fmt: skip
def test_given_a_flipped_condition_when_other_evidence_dates_the_relapse_then_that_date_counts(
    parts: dict[str, Any], others: list[dict[str, Any]], expected: tuple[date, Confidence]
) -> None:
    assert day(neuroblastoma("relapse", onsetDateTime="2023-09-14", **parts), *others) == expected


@pytest.mark.parametrize(
    "trace",
    [
        observation(coded(SNOMED, "409720004"), id="stage", on="2023-09-20"),
        observation(coded(LOINC, "93796-1"), id="fish", on="2023-09-20"),
        {"resourceType": "Procedure", "id": "t", "code": coded(SNOMED, "425983008"), "performedDateTime": "2024-05-05"},
    ],
)
def test_given_results_from_before_the_onset_when_dated_then_the_onset_is_the_relapses(trace: dict[str, Any]) -> None:
    assert day(neuroblastoma("relapse", onsetDateTime="2026-05-18"), trace) == (date(2026, 5, 18), Confidence.CODED)


@pytest.mark.parametrize(
    "parts",
    [
        {"onsetDateTime": "2026-05-18", "recordedDate": "2023-09-20"},
        {"onsetDateTime": "2026-05-18", "text": "Neuroblastoma, relapse"},
    ],
)
def test_given_an_entry_older_than_its_onset_or_named_after_the_event_when_dated_then_the_onset_counts(
    parts: dict[str, Any],
) -> None:
    assert day(neuroblastoma("relapse", **parts))[0] == date(2026, 5, 18)


def test_given_the_first_diagnosis_renamed_after_the_relapse_when_dated_then_its_onset_stays_the_diagnosis() -> None:
    renamed = neuroblastoma(
        "relapse", text="Relapsed neuroblastoma", onsetDateTime="2023-09-14", recordedDate="2026-05-20"
    )

    assert day(renamed) == (date(2026, 5, 20), Confidence.TEXT)
    diagnosed = read(renamed).diagnosis_date
    assert isinstance(diagnosed, Known)
    assert diagnosed.value == date(2023, 9, 14)


def test_given_a_stage_of_the_same_weeks_when_dated_then_the_onset_stays_the_diagnosis() -> None:
    stage = observation(coded(SNOMED, "409720004"), id="stage", on="2023-09-20")

    assert isinstance(read(neuroblastoma("relapse", onsetDateTime="2023-09-14"), stage).event_date, Unknown)
    assert isinstance(read(neuroblastoma("relapse"), stage).event_date, Unknown)


def test_given_only_a_recorded_date_when_dated_then_it_counts_as_text() -> None:
    late = neuroblastoma("relapse", id="rel", recordedDate="2026-05-18")

    assert day(primary(), late) == (date(2026, 5, 18), Confidence.TEXT)


def test_given_a_month_only_when_dated_then_the_day_is_unknown_not_its_first() -> None:
    facts = read(primary(), relapse(onsetDateTime="2026-05"))

    assert facts.event_date == Unknown(Why.IMPRECISE, ("conditions", "status"), ("Condition/rel",))


def test_given_a_month_and_a_day_for_one_relapse_when_dated_then_the_day_counts() -> None:
    assert day(primary(), relapse(onsetDateTime="2026-05"), observation(RECURRENCE, on="2026-05-18")) == (
        date(2026, 5, 18),
        Confidence.TEXT,
    )


def test_given_a_date_in_the_future_when_dated_then_implausible() -> None:
    facts = read(primary(), relapse(onsetDateTime="2026-06-03"))

    assert isinstance(facts.event_date, Unknown)
    assert facts.event_date.why is Why.IMPLAUSIBLE
    assert day(primary(), relapse(onsetDateTime="2026-06-02"))[0] == date(2026, 6, 2)


def test_given_two_days_in_the_words_when_dated_then_neither() -> None:
    words = [{"text": "Relapse 2026-05-17, relapse 2026-01-02"}]

    assert isinstance(read(neuroblastoma("relapse", onsetDateTime="2023-09-14", note=words)).event_date, Unknown)


def test_given_the_tumour_of_the_diagnosis_called_refractory_when_dated_then_its_onset_is_not_the_event() -> None:
    """Hazard: induction read as treatment of the event, results of the diagnosis as results of now (row A6)."""
    tumour = {**primary(), "clinicalStatus": coded("x", "active"), "onsetDateTime": "2026-03-01"}
    tumour["code"] = {**tumour["code"], "text": "Neuroblastoma stage M, refractory to induction"}
    tumour.pop("recordedDate", None)

    facts = read(tumour)

    assert isinstance(facts.disease_event, Known)
    assert facts.disease_event.value is DiseaseEvent.REFRACTORY
    assert isinstance(facts.event_date, Unknown)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Neuroblastoma, relapsed 2026-05-18", Known(date(2026, 5, 18), ("Condition/c1",), date(2026, 5, 18),
         Confidence.TEXT)),
        ("Neuroblastoma, relapsed in May 2026", Unknown(Why.IMPRECISE, ("conditions", "status"), ("Condition/c1",))),
    ],
)  # fmt: skip
def test_given_the_first_diagnosis_dated_later_by_its_words_when_read_then_its_onset_is_no_relapse(
    text: str, expected: Known[date] | Unknown
) -> None:
    """Hazard: treatment of the first disease counted as treatment of the relapse."""
    facts = read(neuroblastoma(text=text, onsetDateTime="2023-09-14"))

    assert facts.event_date == expected
    assert isinstance(facts.diagnosis_date, Known)
    assert facts.diagnosis_date.value == date(2023, 9, 14)


@pytest.mark.parametrize(
    "text",
    [
        "Neuroblastoma stage 4, third relapse (09/2026)",
        "Neuroblastoma, 3rd relapse 9/2026",
        "Neuroblastoma diagnosed 03/2018; third relapse Sep 2026",
        "Neuroblastoma, third relapse September 2026",
    ],
)
def test_given_a_month_in_the_words_when_dated_then_the_onset_is_the_diagnosis_and_the_event_of_that_month(
    text: str,
) -> None:
    """Hazard: the day of the first diagnosis told as the day of the relapse."""
    named = neuroblastoma(text=text, onsetDateTime="2018-03-01")

    facts = read_disease(record(named), date(2026, 11, 1))

    assert facts.event_date == Unknown(Why.IMPRECISE, ("conditions", "status"), ("Condition/c1",))
    assert isinstance(facts.diagnosis_date, Known)
    assert facts.diagnosis_date.value == date(2018, 3, 1)


@pytest.mark.parametrize("text", ["relapsed 18 May 2026", "relapsed May 18, 2026", "relapse on 18th-May-2026"])
def test_given_a_day_of_a_named_month_in_the_words_when_dated_then_it_counts_as_text(text: str) -> None:
    named = neuroblastoma(text=f"Neuroblastoma, {text}", onsetDateTime="2023-09-14")

    assert day(named) == (date(2026, 5, 18), Confidence.TEXT)


@pytest.mark.parametrize("text", ["relapsed 05/06/2026", "relapsed 5/18/2026", "relapsed 3 May 4 2026"])
def test_given_a_date_that_means_two_days_when_dated_then_at_most_its_year_counts(text: str) -> None:
    named = neuroblastoma(text=f"Neuroblastoma, {text}", onsetDateTime="2023-09-14")

    assert isinstance(read(named).event_date, Unknown)


def test_given_the_month_of_may_when_read_then_it_is_no_doubt() -> None:
    facts = read(primary(), neuroblastoma(text="Neuroblastoma, relapsed in May 2026", id="rel"))

    assert isinstance(facts.disease_event, Known)
    assert facts.disease_event.value is DiseaseEvent.FIRST_RELAPSE
