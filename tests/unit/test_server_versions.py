"""Several versions of one resource in one answer: the newest is the chart."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import pytest

from cds_server.fhir.versions import by_type


def a_condition(status: str, resource_id: str | None = "c1", **meta: Any) -> dict[str, Any]:
    named = {"id": resource_id} if resource_id else {}
    return {"resourceType": "Condition", **named, "verificationStatus": status, "meta": meta}


@pytest.mark.parametrize(
    ("older", "newer"),
    [
        ({"lastUpdated": "2026-05-01T10:00:00Z"}, {"lastUpdated": "2026-05-01T10:00:01Z"}),
        ({"lastUpdated": "2026-05-01T12:00:00+02:00"}, {"lastUpdated": "2026-05-01T10:30:00Z"}),
        ({"lastUpdated": "2026-05-01T10:00:00"}, {"lastUpdated": "2026-05-01T10:30:00Z"}),
        ({"lastUpdated": "2026-05-01T10:00:00Z", "versionId": "9"}, {"lastUpdated": "2026-05-02", "versionId": "1"}),
        ({"lastUpdated": "2026-05-01", "versionId": "9"}, {"lastUpdated": "2026-05-01", "versionId": "10"}),
        ({"versionId": "9"}, {"versionId": "10"}),
    ],
)
def test_given_two_versions_in_any_order_when_read_then_the_newer_one_is_the_chart(
    older: dict[str, str], newer: dict[str, str]
) -> None:
    versions = (a_condition("refuted", **older), a_condition("confirmed", **newer), a_condition("other", "c2"))

    for order in permutations(versions):
        kept = {resource["id"]: resource["verificationStatus"] for resource in by_type(order)["Condition"]}
        assert kept == {"c1": "confirmed", "c2": "other"}


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({}, {}),
        ({}, {"lastUpdated": "2026-05-01", "versionId": "2"}),
        ({"lastUpdated": 5, "versionId": 1}, {"lastUpdated": "2026-05-01", "versionId": 2}),
        ({"lastUpdated": "yesterday"}, {"lastUpdated": "2026-05-01"}),
        ({"lastUpdated": "0001-01-01T00:00:00+14:00"}, {"lastUpdated": "2026-05-01"}),
        ({"versionId": "a1"}, {"versionId": "a2"}),
        ({"versionId": "1"}, {"versionId": "9" * 5000}),
    ],
)
def test_given_versions_that_nothing_tells_apart_when_read_then_the_first_one_stays(
    first: dict[str, Any], second: dict[str, Any]
) -> None:
    assert by_type([a_condition("one", **first), a_condition("two", **second)]) == {
        "Condition": (a_condition("one", **first),)
    }


def test_given_odd_meta_when_read_then_the_first_one_stays() -> None:
    odd = {**a_condition("one"), "meta": "x"}

    assert by_type([odd, a_condition("two", versionId="2")]) == {"Condition": (odd,)}


def test_given_resources_without_an_id_when_read_then_each_of_them_stays() -> None:
    nameless = [a_condition("one", None), a_condition("two", None), {"resourceType": "Procedure", "id": "c1"}]

    assert by_type(nameless) == {"Condition": tuple(nameless[:2]), "Procedure": (nameless[2],)}
