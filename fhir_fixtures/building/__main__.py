"""Writes patients/<slug>/bundle.json for every child."""

from __future__ import annotations

from fhir_fixtures.building import PATIENTS, charts, written

for slug, chart in charts().items():
    folder = PATIENTS / slug
    folder.mkdir(exist_ok=True)
    (folder / "bundle.json").write_text(written(chart), encoding="utf-8")
