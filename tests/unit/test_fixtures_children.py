"""The synthetic children are valid, synthetic, coded from the table, and the same as their builder says."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from fhir_fixtures import ANCHOR, Child, children, load
from fhir_fixtures.building import write_bundles

ROOT = Path(__file__).parents[2]
ALL = pytest.mark.parametrize("child", children(), ids=lambda child: child.slug)
LOCAL_SYSTEM = re.compile(r"http://example\.org/")
UNCHECKED_SYSTEMS = re.compile(
    r"http://terminology\.hl7\.org/CodeSystem/(condition-|observation-|v2-0074|v3-|medicationrequest-|allergyintolerance-"
    r"|data-absent-reason)|http://unitsofmeasure\.org$|http://varnomen\.hgvs\.org$"
)
WORKUP_ITEMS = {
    "RELAPSE_BIOPSY",
    "MOLECULAR_PANEL",
    "MIBG_SCAN",
    "FDG_PET",
    "CROSS_SECTIONAL_IMAGING",
    "BONE_MARROW",
    "GD2_EXPRESSION",
    "TUMOUR_BOARD",
    "GENETICS_REFERRAL",
}


@lru_cache(maxsize=1)
def table() -> dict[tuple[str, str], str]:
    with (ROOT / "hooks/terminology/codes.csv").open(encoding="utf-8", newline="") as file:
        return {(row["system"], row["code"]): row["display"] for row in csv.DictReader(file)}


def resources(child: Child) -> list[dict[str, Any]]:
    return [entry["resource"] for entry in json.loads(child.bundle.read_text(encoding="utf-8"))["entry"]]


def codings(value: object) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        if isinstance(value.get("system"), str) and isinstance(value.get("code"), str):
            yield value
        for item in value.values():
            yield from codings(item)
    elif isinstance(value, list):
        for item in value:
            yield from codings(item)


def test_given_the_package_when_children_are_listed_then_there_are_enough_and_each_has_a_story() -> None:
    slugs = [child.slug for child in children()]

    assert len(slugs) >= 40
    assert sorted(slugs) == slugs
    assert all(child.story.is_file() and child.title for child in children())


def test_given_the_builder_when_bundles_are_written_again_then_they_are_the_committed_ones(tmp_path: Path) -> None:
    write_bundles(tmp_path)

    expected = {folder.name: (folder / "bundle.json").read_text(encoding="utf-8") for folder in tmp_path.iterdir()}
    committed = {child.slug: child.bundle.read_text(encoding="utf-8") for child in children()}
    assert committed == expected, "run python -m fhir_fixtures.building"


@ALL
def test_given_a_child_when_its_resources_are_validated_then_every_one_is_valid_r4(child: Child) -> None:
    for resource in resources(child):
        name = resource["resourceType"]
        model = getattr(import_module(f"fhir.resources.R4B.{name.lower()}"), name)

        model.model_validate(resource)


@ALL
def test_given_a_child_when_its_codes_are_looked_up_then_the_terminology_table_has_each(child: Child) -> None:
    """Hazard: a wrong code in a fixture teaches the readers a wrong meaning."""
    for coding in codings(resources(child)):
        system, code = coding["system"], coding["code"]
        known = table().get((system, code))
        if LOCAL_SYSTEM.match(system) or UNCHECKED_SYSTEMS.match(system):
            continue

        assert known is not None, f"{system} {code} stands in no row"
        assert known.lower().startswith(coding.get("display", known).lower()[:20]), f"{code} is {known}"


@ALL
def test_given_a_child_when_it_is_read_then_it_is_marked_synthetic_and_speaks_of_itself_only(child: Child) -> None:
    ids = {f"{r['resourceType']}/{r['id']}" for r in resources(child)}
    text = child.bundle.read_text(encoding="utf-8")

    references = set(re.findall(r'"reference": "([^"#][^"]*)"', text))

    assert all(r["meta"]["tag"][0]["code"] == "HTEST" for r in resources(child))
    assert resources(child)[0]["name"][0]["family"].startswith("Synthetic-")
    assert resources(child)[0]["id"] == child.slug
    assert {reference.split("/fhir/")[-1] for reference in references} <= ids
    assert all(re.fullmatch(r"[A-Za-z0-9\-.]{1,64}", r["id"]) for r in resources(child))


@ALL
def test_given_a_story_when_its_table_is_read_then_both_chart_services_or_a_reason_stand_there(child: Child) -> None:
    expected = child.expected

    assert expected, "a story says what at least one service answers"
    assert {row.service for row in expected} <= {"relapse-workup", "relapse-regimen"}
    assert all(bool(row.topic) == bool(row.indicator) for row in expected)
    assert all(set(row.shown) <= WORKUP_ITEMS for row in expected if row.topic == "RelapseBiopsy")


def test_given_all_children_when_ids_are_collected_then_no_two_resources_share_one() -> None:
    ids = [(r["resourceType"], r["id"]) for child in children() for r in resources(child)]

    assert len(ids) == len(set(ids))


def test_given_another_day_when_a_child_is_loaded_then_its_age_and_all_intervals_stay() -> None:
    slug = "mycn-amplified-at-relapse"
    days = 400
    later = date.fromordinal(ANCHOR.toordinal() + days)

    before = {r["id"]: r for r in (e["resource"] for e in load(slug, ANCHOR)["entry"])}
    after = {r["id"]: r for r in (e["resource"] for e in load(slug, later)["entry"])}

    def moved(key: str, element: str) -> int:
        old, new = before[key][element], after[key][element]
        return date.fromisoformat(new).toordinal() - date.fromisoformat(old).toordinal()

    assert moved(slug, "birthDate") == days
    assert moved(f"{slug}-relapse", "onsetDateTime") == days
    assert moved(f"{slug}-mycn", "effectiveDateTime") == days
    assert before[f"{slug}-mycn"]["code"] == after[f"{slug}-mycn"]["code"]


def test_given_an_unknown_slug_when_it_is_loaded_then_a_key_error_names_it() -> None:
    with pytest.raises(KeyError, match="nobody"):
        load("nobody", ANCHOR)
