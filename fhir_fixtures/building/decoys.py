"""Children about whom the patient-view services say nothing, or only that they are not meant."""

from __future__ import annotations

from fhir_fixtures.building.chart import Chart, concept
from fhir_fixtures.building.histories import (
    blood,
    diagnosed,
    frontline,
    household,
    mibg,
    size,
    vitals,
)


def daily(chart: Chart, weight_kg: float = 18.0, height_cm: float = 108.0) -> None:
    """Add a recent size, vital signs, blood values and the household."""
    size(chart, "2026-05-29", weight_kg, height_cm)
    vitals(chart, "2026-05-29")
    blood(chart, "2026-05-29")
    household(chart, "2026-05-29")


def not_relapsed() -> Chart:
    """High-risk neuroblastoma in first remission after frontline treatment."""
    chart = Chart("not-relapsed", "Nettle", "Nils", "male", "2021-09-05")
    diagnosed(chart, "2024-05-06")
    frontline(
        chart, "2024-05-13", surgery="2024-09-16", transplant="2024-11-04", immunotherapy=("2025-01-20", "2025-07-10")
    )
    mibg(chart, "2026-05-12", score=0)
    daily(chart)
    return chart


def ganglioneuroma() -> Chart:
    """A benign ganglioneuroma, resected."""
    chart = Chart("ganglioneuroma", "Oak", "Olga", "female", "2018-01-30")
    chart.condition("tumour", concept("ganglioneuroma", text="Ganglioneuroma, retroperitoneal"), "active", "2025-12-02")
    chart.procedure("resection", concept(text="Resection of retroperitoneal ganglioneuroma"), "2026-01-14")
    daily(chart, 24.0, 128.0)
    return chart


def leukaemia() -> Chart:
    """Acute lymphoblastic leukaemia in relapse: another disease."""
    chart = Chart("leukaemia", "Poppy", "Pia", "female", "2019-05-19")
    chart.condition(
        "leukaemia",
        concept("icd-all-relapse", text="Acute lymphoblastic leukaemia, in relapse"),
        "relapse",
        "2026-05-11",
    )
    chart.course("continuation", ("vincristine", "prednisolone"), "2026-05-18", None)
    daily(chart)
    return chart


CHILDREN = (not_relapsed, ganglioneuroma, leukaemia)
