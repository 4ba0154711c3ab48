"""Children about whom the patient-view services say nothing, or only that they are not meant."""

from __future__ import annotations

from fhir_fixtures.building.chart import Chart, concept, hl7, quantity
from fhir_fixtures.building.histories import (
    blood,
    diagnosed,
    frontline,
    household,
    mibg,
    response,
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


def refuted_relapse() -> Chart:
    """A relapse entered in error, another refuted; the child is in remission."""
    chart = Chart("refuted-relapse", "Larkspur", "Lukas", "male", "2020-03-25")
    diagnosed(chart, "2023-09-14")
    for key, status in (("relapse", "entered-in-error"), ("second-relapse", "refuted")):
        code = concept("neuroblastoma", text="Neuroblastoma, first relapse")
        chart.condition(
            key, code, None if status == "entered-in-error" else "relapse", "2026-05-18", verification=status
        )
    daily(chart)
    return chart


def history_only() -> Chart:
    """A personal history of neuroblastoma, coded as history, in a long-term follow-up clinic."""
    chart = Chart("history-only", "Mimosa", "Mona", "female", "2012-09-02")
    chart.condition(
        "history", concept("icd-history", text="History of neuroblastoma, relapsed 2016, cured"), "active", "2020-01-10"
    )
    chart.condition("history-too", concept("history-of-cancer"), "active", "2020-01-10")
    daily(chart, 45.0, 152.0)
    return chart


def olfactory_neuroblastoma() -> Chart:
    """A recurrent olfactory neuroblastoma: another tumour with the same word in its name."""
    chart = Chart("olfactory-neuroblastoma", "Nasturtium", "Nick", "male", "2010-04-14")
    chart.condition(
        "tumour",
        concept("olfactory-neuroblastoma", text="Olfactory neuroblastoma, recurrence"),
        "recurrence",
        "2026-05-04",
    )
    daily(chart, 58.0, 171.0)
    return chart


def raised_catecholamines() -> Chart:
    """In remission, urinary catecholamines above the reference range, nothing else."""
    chart = Chart("raised-catecholamines", "Oleander", "Otis", "male", "2021-05-28")
    diagnosed(chart, "2024-05-06")
    for name, value in (("vma", 24.0), ("hva", 39.0)):
        chart.observation(
            name,
            concept(name),
            "2026-05-26",
            valueQuantity=quantity(value, "mg/g{creat}"),
            interpretation=[hl7("v3-ObservationInterpretation", "H", "High")],
        )
    mibg(chart, "2026-05-12", score=0)
    daily(chart)
    return chart


def sister_of_a_patient() -> Chart:
    """A healthy girl whose brother has a relapsed neuroblastoma; her chart says so."""
    chart = Chart("sister-of-a-patient", "Primrose", "Paula", "female", "2019-01-06")
    chart.add(
        "FamilyMemberHistory",
        "brother",
        status="completed",
        patient=chart.subject,
        relationship=hl7("v3-RoleCode", "BRO", "brother"),
        condition=[{"code": concept("neuroblastoma", text="Relapsed neuroblastoma")}],
    )
    chart.condition("asthma", concept(text="Asthma"), "active", "2024-02-02")
    daily(chart, 22.0, 118.0)
    return chart


def residual_mass() -> Chart:
    """A stable residual mass at the end of frontline treatment, never progressed."""
    chart = Chart("residual-mass", "Reed", "Rita", "female", "2021-12-19")
    diagnosed(chart, "2024-11-04", clinical="active")
    frontline(
        chart, "2024-11-11", surgery="2025-03-17", transplant="2025-05-05", immunotherapy=("2025-07-28", "2026-02-06")
    )
    chart.report(
        "mri",
        concept(text="MRI abdomen"),
        "2026-05-18",
        "RAD",
        "Residual mass in the adrenal bed, 15 mm, unchanged since 2025-06-10, no MIBG uptake.",
    )
    response(chart, "evaluation", "PR", "2026-05-20", " at the end of frontline treatment, residual mass stable")
    daily(chart)
    return chart


CHILDREN = (
    not_relapsed,
    ganglioneuroma,
    leukaemia,
    refuted_relapse,
    history_only,
    olfactory_neuroblastoma,
    raised_catecholamines,
    sister_of_a_patient,
    residual_mass,
)
