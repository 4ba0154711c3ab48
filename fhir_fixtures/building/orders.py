"""Children around an order: an antibody about to start, with and without what it needs, and what forbids it."""

from __future__ import annotations

from fhir_fixtures.building.chart import Chart, concept, hl7
from fhir_fixtures.building.histories import mibg, response, typical
from fhir_fixtures.building.treatment import DB_TTO, cycles, worked_up

DAY_1 = "2026-06-04"
"""First day of the antibody in every request: three days after the anchor."""


def responded(chart: Chart) -> None:
    """Add a relapse treated to partial response, ready for an antibody as consolidation."""
    typical(chart, relapse="2026-01-12")
    worked_up(chart, "2026-01-15", "2026-01-23")
    cycles(
        chart,
        "db-tto",
        DB_TTO,
        (
            ("2026-02-02", "2026-02-08"),
            ("2026-03-02", "2026-03-08"),
            ("2026-03-30", "2026-04-05"),
            ("2026-04-27", "2026-05-03"),
        ),
    )
    mibg(chart, "2026-05-20", score=3, key="mibg-evaluation")
    response(chart, "evaluation", "PR", "2026-05-22")


def beta_nothing_ordered() -> Chart:
    """Dinutuximab beta is to start in three days; nothing of its supportive care is ordered."""
    chart = Chart("beta-nothing-ordered", "Quince", "Quinn", "male", "2020-04-01")
    responded(chart)
    return chart


def beta_all_ordered() -> Chart:
    """Dinutuximab beta is to start in three days; everything every course requires is ordered."""
    chart = Chart("beta-all-ordered", "Rowan", "Rosa", "female", "2020-09-23")
    responded(chart)
    chart.medication(
        "gabapentin", "gabapentin", "active", "2026-06-01", "2026-06-14", route="oral", authoredOn="2026-05-29"
    )
    chart.medication(
        "paracetamol", "paracetamol", "active", "2026-06-04", "2026-06-14", route="oral", authoredOn="2026-05-29"
    )
    chart.medication(
        "morphine",
        "morphine",
        "active",
        "2026-06-04",
        "2026-06-14",
        authoredOn="2026-05-29",
        dosage="Continuous infusion started before the antibody, as in the treating protocol",
    )
    chart.medication(
        "cetirizine", "cetirizine", "active", "2026-06-04", "2026-06-14", route="oral", authoredOn="2026-05-29"
    )
    chart.medication("albumin", "albumin-human", "active", "2026-06-04", "2026-06-14", authoredOn="2026-05-29")
    chart.medication(
        "epinephrine",
        "epinephrine",
        "active",
        "2026-06-04",
        "2026-06-14",
        authoredOn="2026-05-29",
        dosage="At the bedside, as needed for anaphylaxis",
    )
    services = {
        "resuscitation": "Resuscitation capability at the place of infusion",
        "vital-signs": "Vital signs with oxygen saturation during and after the infusion",
        "weight-fluid": "Body weight, urine output and fluid balance",
        "laboratory": "Blood count, liver function, renal function and electrolytes before the course",
        "eye": "Eye examination with pupils and accommodation, baseline",
        "neuro": "Neurological examination, baseline and daily",
        "pain-score": "Age-appropriate pain score during the infusion",
        "oximetry": "Pulse oximetry on room air before the course",
        "neutrophils": "Absolute neutrophil count before the course",
        "start-criteria": "Platelets, haemoglobin, ALT, AST and creatinine clearance before the course",
        "pregnancy": "Pregnancy test and contraception counselling, where applicable",
    }
    for key, text in services.items():
        chart.order(
            key,
            concept(text=text),
            "2026-05-29",
            occurrenceDateTime="2026-06-03",
            category=[hl7("observation-category", "exam")],
        )
    return chart


CHILDREN = (beta_nothing_ordered, beta_all_ordered)
