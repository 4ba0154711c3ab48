"""Partial FHIR dates, and the date of a result: the specimen's collection, never the day of issue."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from hooks.facts.dates import (
    Interval,
    collected,
    first_day,
    last_day,
    period_of,
    read_date,
    read_period,
    read_timing,
    result_date,
    span,
    when,
)
from hooks.record import PatientRecord


def a_record(**resources: dict[str, Any]) -> PatientRecord:
    held: dict[str, tuple[dict[str, Any], ...]] = {}
    for resource in resources.values():
        held[resource["resourceType"]] = (*held.get(resource["resourceType"], ()), resource)
    return PatientRecord("p1", held)


@pytest.mark.parametrize(
    ("written", "first", "last"),
    [
        ("2026", date(2026, 1, 1), date(2026, 12, 31)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2026-05-12", date(2026, 5, 12), date(2026, 5, 12)),
        (" 2026-05-12 ", date(2026, 5, 12), date(2026, 5, 12)),
        ("2026-05-12T23:59:00", date(2026, 5, 12), date(2026, 5, 12)),
        ("2026-05-12T23:59:00-11:00", date(2026, 5, 12), date(2026, 5, 12)),
        ("2026-05-12 08:00", date(2026, 5, 12), date(2026, 5, 12)),
    ],
)
def test_given_a_written_date_when_read_then_it_is_exactly_as_precise_as_written(
    written: str, first: date, last: date
) -> None:
    interval = read_date(written)

    assert interval == Interval(first, last)


@pytest.mark.parametrize(
    "odd",
    [
        *(None, 2026, "", "26", "2026-13", "2026-02-30", "0000", "2026-5-1", "x026-01-01", "2026-05-123", [], {}),
        "２０２６",  # noqa: RUF001
        *("0001-01-01", "1899-12-30", "2200-01-01", "9999", "9999-12", "9999-12-31T23:59:59Z"),
    ],
)
def test_given_no_date_when_read_then_nothing_comes_back(odd: object) -> None:
    interval = read_date(odd)

    assert interval is None


@pytest.mark.parametrize(("start", "end"), [("2026-05-12", "9999-12-31"), ("2026-05-12", "2200-01-01")])
def test_given_a_period_to_the_end_of_time_when_read_then_it_is_open(start: str, end: str) -> None:
    """Hazard: an EHR that writes 9999-12-31 for "no end" gets an error instead of cards."""
    assert read_period({"start": start, "end": end}) == Interval(date(2026, 5, 12), None)
    assert read_period({"start": "0001-01-01", "end": start}) == Interval(None, date(2026, 5, 12))


def test_given_the_first_and_last_year_that_charts_mean_when_read_then_they_are_dates() -> None:
    assert read_date("1900-01-01") == Interval(date(1900, 1, 1), date(1900, 1, 1))
    assert read_date("2199-12-31") == Interval(date(2199, 12, 31), date(2199, 12, 31))


def test_given_a_year_only_when_a_window_is_asked_then_neither_before_nor_from() -> None:
    year = read_date("2026")
    relapse = date(2026, 6, 1)

    assert year is not None
    assert not year.is_from(relapse)
    assert not year.is_before(relapse)
    assert year.day is None


def test_given_full_days_when_a_window_is_asked_then_the_boundary_day_is_inside() -> None:
    on_the_day, day_before = Interval(date(2026, 5, 4), date(2026, 5, 4)), Interval(date(2026, 5, 3), date(2026, 5, 3))

    assert on_the_day.is_from(date(2026, 5, 4))
    assert not on_the_day.is_before(date(2026, 5, 4))
    assert day_before.is_before(date(2026, 5, 4))
    assert not day_before.is_from(date(2026, 5, 4))
    assert on_the_day.day == date(2026, 5, 4)


def test_given_two_intervals_when_compared_then_overlap_is_neither_earlier_nor_later() -> None:
    year, month = read_date("2026"), read_date("2026-05")
    older, open_end = read_date("2025-12-31"), Interval(date(2026, 3, 1), None)

    assert year is not None
    assert month is not None
    assert older is not None
    assert year.overlaps(month)
    assert open_end.overlaps(year)
    assert year.is_later_than(older)
    assert not older.is_later_than(year)
    assert not year.overlaps(older)
    assert not older.is_later_than(open_end)


@pytest.mark.parametrize(
    ("period", "expected"),
    [
        ({"start": "2026-05", "end": "2026-06-03"}, Interval(date(2026, 5, 1), date(2026, 6, 3))),
        ({"start": "2026-05-01"}, Interval(date(2026, 5, 1), None)),
        ({"end": "2026-05"}, Interval(None, date(2026, 5, 31))),
        ({"start": "2026-06", "end": "2026-05"}, None),
        ({}, None),
        ("2026-05", None),
    ],
)
def test_given_a_period_when_read_then_open_ends_stay_open(period: object, expected: Interval | None) -> None:
    assert read_period(period) == expected


@pytest.mark.parametrize(
    ("timing", "expected"),
    [
        ({"event": ["2026-05-01", "2026-05", 3]}, Interval(date(2026, 5, 1), date(2026, 5, 31))),
        ({"repeat": {"boundsPeriod": {"start": "2026-05-01"}}}, Interval(date(2026, 5, 1), None)),
        ({"event": "2026", "repeat": []}, None),
        ([], None),
    ],
)
def test_given_a_timing_when_read_then_events_come_before_bounds(timing: object, expected: Interval | None) -> None:
    assert read_timing(timing) == expected


def test_given_each_choice_type_when_read_then_the_same_day_comes_back() -> None:
    day = Interval(date(2026, 5, 12), date(2026, 5, 12))

    assert when({"effectiveDateTime": "2026-05-12"}, "effective") == day
    assert when({"effectiveInstant": "2026-05-12T01:02:03.456Z"}, "effective") == day
    assert when({"effectivePeriod": {"start": "2026-05-12", "end": "2026-05-12"}}, "effective") == day
    assert when({"effectiveTiming": {"event": ["2026-05-12"]}}, "effective") == day
    assert when({"onsetAge": {"value": 3}}, "onset") is None


def test_given_old_tissue_tested_late_when_dated_then_the_collection_counts_and_issue_never() -> None:
    """Hazard: stored tissue that is re-tested after the relapse would look like a relapse result."""
    specimen = {"resourceType": "Specimen", "id": "s1", "collection": {"collectedDateTime": "2024-03-05"}}
    result = {
        "resourceType": "Observation",
        "specimen": {"reference": "https://ehr.example/fhir/Specimen/s1"},
        "effectiveDateTime": "2026-06-01",
        "issued": "2026-06-02T00:00:00Z",
    }
    record = a_record(specimen=specimen)

    assert result_date(result, record) == read_date("2024-03-05")
    assert result_date({**result, "specimen": {"reference": "Specimen/none"}}, record) == read_date("2026-06-01")
    assert result_date({"resourceType": "Observation", "issued": "2026-06-02T00:00:00Z"}, record) is None


def test_given_contained_and_several_specimens_when_dated_then_the_interval_spans_them() -> None:
    report = {
        "resourceType": "DiagnosticReport",
        "contained": [
            {"resourceType": "Specimen", "id": "a", "collection": {"collectedPeriod": {"start": "2026-05-01"}}},
            {"resourceType": "Specimen", "id": "b", "collection": {"collectedDateTime": "2026-04-20"}},
            {"resourceType": "Specimen", "id": "c", "collection": "yesterday"},
            {"resourceType": "Device", "id": "d"},
        ],
        "specimen": [{"reference": f"#{name}"} for name in "abcd"],
    }

    interval = collected(report, a_record())

    assert interval == Interval(date(2026, 4, 20), None)
    assert span([]) is None


def test_given_a_partial_date_when_only_order_matters_then_its_ends_are_told_apart() -> None:
    assert (first_day("2026-05"), last_day("2026-05")) == (date(2026, 5, 1), date(2026, 5, 31))
    assert (first_day(None), last_day("soon")) == (None, None)
    assert period_of({"start": "2026-05"}) == (date(2026, 5, 1), None)
    assert period_of("2026-05") == (None, None)
