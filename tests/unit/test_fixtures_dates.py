"""Dates move together, partial ones as their middle would, and nothing that only looks like a date moves."""

from __future__ import annotations

import pytest

from fhir_fixtures.dates import shifted, shifted_date


@pytest.mark.parametrize(
    ("text", "days", "expected"),
    [
        ("2026-06-01", 1, "2026-06-02"),
        ("2026-02-28", 1, "2026-03-01"),
        ("2024-02-28", 1, "2024-02-29"),
        ("2026-01-01", -1, "2025-12-31"),
        ("2026-06-01T08:15:00+02:00", 30, "2026-07-01T08:15:00+02:00"),
        ("2026-06", 10, "2026-06"),
        ("2026-06", 20, "2026-07"),
        ("2026", 100, "2026"),
        ("2026", 200, "2027"),
        ("yesterday", 3, "yesterday"),
        ("", 3, ""),
    ],
)
def test_given_a_fhir_date_when_it_is_moved_then_its_precision_time_and_zone_stay(
    text: str, days: int, expected: str
) -> None:
    assert shifted_date(text, days) == expected


def test_given_a_resource_when_it_is_moved_then_only_dates_change_and_the_original_stays() -> None:
    resource = {
        "effectiveDateTime": "2026-05-01",
        "code": {"coding": [{"code": "4179", "system": "http://example.org/2026-01-01"}]},
        "valueQuantity": {"value": 2026},
        "period": {"start": "2026-05-01", "end": None},
        "note": [{"text": "biopsy of 2026-05-01, block 12-2026-05-012"}],
        "collected": ["2026-05-01", 7, True],
    }

    moved = shifted(resource, 2)

    assert moved == {
        "effectiveDateTime": "2026-05-03",
        "code": {"coding": [{"code": "4179", "system": "http://example.org/2026-01-01"}]},
        "valueQuantity": {"value": 2026},
        "period": {"start": "2026-05-03", "end": None},
        "note": [{"text": "biopsy of 2026-05-03, block 12-2026-05-012"}],
        "collected": ["2026-05-01", 7, True],
    }
    assert resource["effectiveDateTime"] == "2026-05-01"
