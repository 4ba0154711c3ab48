"""Writes the bundles of all children."""

from __future__ import annotations

from fhir_fixtures.building import PATIENTS, write_bundles

write_bundles(PATIENTS)
