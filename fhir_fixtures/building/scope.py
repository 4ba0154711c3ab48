"""Children at the borders of the pathway: age, site, number and certainty of the event, risk, intent."""

from __future__ import annotations

from typing import Any

from fhir_fixtures.building.chart import Chart, concept
from fhir_fixtures.building.decoys import daily
from fhir_fixtures.building.histories import (
    FRONTLINE,
    diagnosed,
    frontline,
    metastases,
    mibg,
    relapsed,
    response,
    typical,
)
from fhir_fixtures.building.relapse import biopsied
from fhir_fixtures.building.treatment import DB_TTO, cycles, worked_up

INTENT = "http://hl7.org/fhir/us/mcode/StructureDefinition/mcode-procedure-intent"


def standard_frontline(chart: Chart) -> None:
    """Add diagnosis in 2023 and a finished frontline treatment."""
    diagnosed(chart, "2023-09-14")
    frontline(
        chart, "2023-09-21", surgery="2024-01-22", transplant="2024-03-11", immunotherapy=("2024-06-03", "2024-11-20")
    )


def adult() -> Chart:
    """A first relapse at 22 years."""
    chart = Chart("adult", "Mallow", "Max", "male", "2004-02-12")
    typical(chart, weight_kg=68.0, height_cm=178.0)
    return chart


def infant() -> Chart:
    """Progression during induction at ten months, MYCN amplified at diagnosis."""
    chart = Chart("infant", "Narcissus", "Nora", "female", "2025-07-20")
    diagnosed(chart, "2026-01-12", clinical="active")
    first = chart.specimen("first-tumour", "tumour", "2026-01-10", "Primary tumour, biopsy at diagnosis")
    chart.mycn_fish("mycn", "amplified", "2026-01-16", first)
    for number, start in enumerate(("2026-01-19", "2026-02-16", "2026-03-16"), start=1):
        chart.course(f"induction-c{number}", FRONTLINE, start, f"{start[:8]}{int(start[8:]) + 4:02d}")
    chart.condition(
        "progression",
        concept("neuroblastoma", text="Neuroblastoma, first progression during frontline induction"),
        "active",
        "2026-05-18",
    )
    response(chart, "evaluation", "PD", "2026-05-18")
    metastases(chart, "2026-05-18", "bone", "liver")
    mibg(chart, "2026-05-18")
    daily(chart, 8.4, 71.0)
    return chart


def second_relapse() -> Chart:
    """A second relapse, fifteen months after the end of treatment of the first."""
    chart = Chart("second-relapse", "Orchid", "Oskar", "male", "2017-05-09")
    diagnosed(chart, "2020-03-02")
    frontline(
        chart, "2020-03-09", surgery="2020-07-13", transplant="2020-09-14", immunotherapy=("2020-12-07", "2021-06-18")
    )
    chart.condition(
        "relapse-1", concept("neuroblastoma", text="Neuroblastoma, first relapse"), "remission", "2024-06-10"
    )
    cycles(chart, "db-tto", DB_TTO, (("2024-07-01", "2024-07-07"), ("2024-07-29", "2024-08-04")))
    response(chart, "evaluation", "CR", "2024-08-26")
    relapsed(chart, "2026-05-18", text="Neuroblastoma, second relapse")
    metastases(chart, "2026-05-18", "bone")
    mibg(chart, "2026-05-19")
    daily(chart, 27.0, 131.0)
    return chart


def cns_relapse() -> Chart:
    """A single metastasis in the brain."""
    chart = Chart("cns-relapse", "Peony", "Paul", "male", "2020-01-15")
    standard_frontline(chart)
    relapsed(chart, "2026-05-18", text="Neuroblastoma, first relapse, central nervous system")
    metastases(chart, "2026-05-18", "brain")
    chart.report(
        "brain-mri", concept("brain-mri"), "2026-05-18", "RAD", "Solitary haemorrhagic metastasis, right parietal lobe."
    )
    mibg(chart, "2026-05-20")
    daily(chart)
    return chart


def local_relapse() -> Chart:
    """A relapse at the primary site only."""
    chart = Chart("local-relapse", "Rhubarb", "Ruth", "female", "2020-05-05")
    standard_frontline(chart)
    relapsed(
        chart,
        "2026-05-18",
        text="Neuroblastoma, first relapse, local recurrence at the primary site only",
        bodySite=[concept(text="Left adrenal bed, primary site")],
    )
    mibg(chart, "2026-05-19", score=0)
    chart.report(
        "ct",
        concept("abdomen-ct"),
        "2026-05-18",
        "RAD",
        "Soft tissue mass in the left adrenal bed, 24 mm. No other lesion: local recurrence only.",
    )
    chart.procedure("marrow", concept("marrow-aspiration", text="Bilateral marrow, no tumour"), "2026-05-20")
    daily(chart)
    return chart


def suspected_relapse() -> Chart:
    """A confirmed neuroblastoma in remission, a relapse suspected."""
    chart = Chart("suspected-relapse", "Sorrel", "Sami", "male", "2020-08-21")
    standard_frontline(chart)
    relapsed(chart, "2026-05-27", text="Suspected relapse of neuroblastoma", verification="provisional")
    daily(chart)
    return chart


def palliative_intent() -> Chart:
    """A second relapse, treated with palliative intent."""
    chart = Chart("palliative-intent", "Thyme", "Tilda", "female", "2016-11-30")
    standard_frontline(chart)
    relapsed(chart, "2026-02-02")
    metastases(chart, "2026-02-02", "bone", "marrow")
    palliative: list[dict[str, Any]] = [{"url": INTENT, "valueCodeableConcept": concept("palliative")}]
    chart.medication(
        "etoposide",
        "etoposide",
        "active",
        "2026-05-04",
        route="oral",
        dosage="Metronomic, at home",
        extension=palliative,
    )
    chart.medication("morphine", "morphine", "active", "2026-05-04", route="oral", dosage="As needed for pain")
    chart.order("palliative-care", concept(text="Palliative home care"), "2026-05-04", extension=palliative)
    daily(chart, 22.0, 121.0)
    return chart


def deceased() -> Chart:
    """A child who died after a relapse."""
    chart = Chart("deceased", "Umbel", "Udo", "male", "2018-03-03")
    typical(chart, relapse="2026-01-12")
    chart.patient["deceasedDateTime"] = "2026-05-20T04:10:00+00:00"
    return chart


def low_risk_original() -> Chart:
    """A relapse of what was low-risk local disease."""
    chart = Chart("low-risk-original", "Verbena", "Vera", "female", "2022-06-14")
    diagnosed(chart, "2024-02-05", stage="stage-L1", risk="low")
    chart.procedure("resection", concept(text="Complete resection of the primary tumour"), "2024-02-19")
    relapsed(chart, "2026-05-18", text="Neuroblastoma, first relapse, local")
    mibg(chart, "2026-05-19", score=2)
    daily(chart, 15.0, 99.0)
    return chart


def risk_unknown() -> Chart:
    """A relapse after treatment elsewhere; stage and risk group are not on record."""
    chart = Chart("risk-unknown", "Willow", "Wim", "male", "2020-12-01")
    chart.condition("diagnosis", concept("neuroblastoma", text="Neuroblastoma, treated abroad"), "remission", "2023")
    relapsed(chart, "2026-05-18")
    metastases(chart, "2026-05-18", "bone")
    mibg(chart, "2026-05-19")
    daily(chart)
    return chart


def mibg_non_avid() -> Chart:
    """A first relapse whose lesions take up no MIBG."""
    chart = Chart("mibg-non-avid", "Xylia", "Xenia", "female", "2020-09-09")
    standard_frontline(chart)
    relapsed(chart, "2026-05-18")
    metastases(chart, "2026-05-18", "bone", "liver")
    mibg(chart, "2026-05-19", avid=False)
    daily(chart)
    return chart


def ganglioneuroblastoma() -> Chart:
    """A first relapse of a nodular ganglioneuroblastoma that was classified and treated as high risk."""
    chart = Chart("ganglioneuroblastoma", "Yarrow", "Yara", "female", "2019-08-17")
    standard_frontline(chart)
    for resource in chart.resources:
        if resource["id"].endswith("-diagnosis"):
            resource["code"] = concept("ganglioneuroblastoma-nodular", text="Ganglioneuroblastoma, nodular")
    chart.condition(
        "relapse",
        concept("ganglioneuroblastoma-nodular", text="Ganglioneuroblastoma, nodular, first relapse"),
        "relapse",
        "2026-05-18",
    )
    metastases(chart, "2026-05-18", "bone")
    mibg(chart, "2026-05-19")
    daily(chart)
    return chart


def relapse_in_remission() -> Chart:
    """The problem list says that the relapse is in remission; consolidation is done."""
    chart = Chart("relapse-in-remission", "Zinnia", "Zoe", "female", "2018-12-12")
    standard_frontline(chart)
    chart.condition("relapse", concept("neuroblastoma", text="Neuroblastoma, first relapse"), "remission", "2025-04-14")
    worked_up(chart, "2025-04-17", "2025-04-25")
    cycles(chart, "db-tto", DB_TTO, (("2025-05-05", "2025-05-11"), ("2025-06-02", "2025-06-08")))
    response(chart, "evaluation-1", "PR", "2025-06-30")
    courses = (("2025-07-14", "2025-07-24"), ("2025-08-18", "2025-08-28"), ("2025-09-22", "2025-10-02"))
    cycles(
        chart, "db-lti", ("dinutuximab-beta",), (*courses, ("2025-10-27", "2025-11-06"), ("2025-12-01", "2025-12-11"))
    )
    response(chart, "evaluation-2", "CR", "2026-05-13", " after consolidation with dinutuximab beta")
    mibg(chart, "2026-05-12", score=0)
    daily(chart, 24.0, 122.0)
    return chart


def biopsy_ordered() -> Chart:
    """A first relapse whose biopsy is ordered for the end of the week."""
    chart = Chart("biopsy-ordered", "Alder", "Anouk", "female", "2020-10-28")
    typical(chart)
    chart.order(
        "biopsy-order",
        concept("biopsy", text="CT-guided core biopsy of a relapse lesion"),
        "2026-05-29",
        occurrenceDateTime="2026-06-05",
    )
    return chart


def biopsied_only() -> Chart:
    """A first relapse, biopsied, results outstanding."""
    chart = Chart("biopsied-only", "Beech", "Bruno", "male", "2020-07-07")
    typical(chart)
    biopsied(chart)
    chart.order("panel-order", concept("molecular-test", text="Molecular panel on the relapse biopsy"), "2026-05-22")
    return chart


CHILDREN = (
    adult,
    infant,
    second_relapse,
    cns_relapse,
    local_relapse,
    suspected_relapse,
    palliative_intent,
    deceased,
    low_risk_original,
    risk_unknown,
    mibg_non_avid,
    ganglioneuroblastoma,
    relapse_in_remission,
    biopsy_ordered,
    biopsied_only,
)
