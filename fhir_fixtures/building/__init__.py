"""The children in words of Python. `python -m fhir_fixtures.building` writes their bundles.

Place in the flow: run by hand after a change; a test says that the committed bundles are its output.
May not: be imported by the server or by `fhir_fixtures` itself.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path

from fhir_fixtures.building import decoys, encodings, molecular, orders, relapse, scope, treatment
from fhir_fixtures.building.chart import Chart

PATIENTS = Path(__file__).parents[1] / "patients"


def charts() -> Mapping[str, Chart]:
    """Return every child's chart by slug. Raises ValueError where two children share a slug."""
    makers: tuple[Callable[[], Chart], ...] = (
        *relapse.CHILDREN,
        *molecular.CHILDREN,
        *encodings.CHILDREN,
        *scope.CHILDREN,
        *treatment.CHILDREN,
        *orders.CHILDREN,
        *decoys.CHILDREN,
    )
    made = [make() for make in makers]
    found = {chart.slug: chart for chart in made}
    if len(found) != len(made):
        raise ValueError("two children share a slug")
    return found


def written(chart: Chart) -> str:
    """Return the text of a child's bundle.json: one resource a line, so that a change shows as one line."""
    bundle = chart.bundle()
    entries = ",\n".join(json.dumps(entry, ensure_ascii=False) for entry in bundle.pop("entry"))
    head = json.dumps(bundle, ensure_ascii=False).removesuffix("}")
    return f'{head}, "entry": [\n{entries}\n]}}\n'


def write_bundles(patients: Path) -> None:
    """Write patients/<slug>/bundle.json for every child."""
    for slug, chart in charts().items():
        folder = patients / slug
        folder.mkdir(exist_ok=True)
        (folder / "bundle.json").write_text(written(chart), encoding="utf-8")
