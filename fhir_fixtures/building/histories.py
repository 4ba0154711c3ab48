"""Pieces of a history that many children share: diagnosis, frontline treatment, relapse, scans, daily values.

Place in the flow: between `chart` and the modules that describe children. May not: differ from child to child.
"""

from __future__ import annotations

from fhir_fixtures.building.chart import Chart, Resource, concept, hl7, quantity

FRONTLINE = ("cisplatin", "carboplatin", "etoposide", "vincristine", "cyclophosphamide")
HIGH_RISK = "High-risk neuroblastoma, INRG stage M, left adrenal primary"


def stage_of(name: str, basis: str) -> list[Resource]:
    """Return Condition.stage with one INRGSS or INSS value."""
    return [{"summary": concept(name), "type": concept(basis)}]


def diagnosed(
    chart: Chart, when: str, *, clinical: str = "remission", stage: str = "stage-M", risk: str = "high"
) -> None:
    """Add the diagnosis with stage and risk group; the stage observation carries the same date."""
    words = {"stage-M": "M", "stage-L1": "L1", "stage-L2": "L2", "stage-MS": "MS"}[stage]
    chart.condition(
        "diagnosis",
        concept("neuroblastoma", text="Neuroblastoma" if risk == "high" else f"Neuroblastoma, {risk} risk"),
        clinical,
        when,
        stage=stage_of(stage, "inrgss"),
    )
    chart.observation(
        "stage", concept("inrgss"), when, "exam", valueCodeableConcept=concept(stage, text=f"INRG stage {words}")
    )
    if risk == "high":
        code = concept("high-risk-tumour", text="Neuroblastoma risk group at diagnosis")
        chart.observation("risk", code, when, "exam", valueCodeableConcept=concept("high-risk", text="High risk"))


def frontline(chart: Chart, start: str, *, surgery: str, transplant: str, immunotherapy: tuple[str, str]) -> None:
    """Add a finished frontline treatment: induction, surgery, high-dose with rescue, radiotherapy, antibody."""
    chart.course("induction", FRONTLINE, start, surgery)
    chart.procedure("resection", concept(text="Resection of adrenal primary tumour"), surgery)
    chart.course("high-dose", ("busulfan", "melphalan"), transplant, transplant)
    chart.procedure("transplant", concept("auto-sct", text="Autologous stem cell rescue"), transplant)
    chart.procedure("radiotherapy", concept(text="Radiotherapy to the primary site"), immunotherapy[0])
    chart.course("frontline-antibody", ("dinutuximab-beta",), *immunotherapy)
    chart.course("differentiation", ("isotretinoin",), *immunotherapy)


def relapsed(chart: Chart, when: str, *, text: str = "Neuroblastoma, first relapse", **more: object) -> Resource:
    """Add the Condition of a relapse, confirmed, with its own onset."""
    return chart.condition("relapse", concept("neuroblastoma", text=text), "relapse", when, **more)


def metastases(chart: Chart, when: str, *sites: str) -> None:
    """Add the sites of the event as secondary cancer conditions: bone, marrow, liver, brain."""
    codes = {
        "bone": concept("bone-metastasis", text="Bone metastases of neuroblastoma"),
        "marrow": concept("icd-marrow-metastasis", text="Bone marrow infiltration by neuroblastoma"),
        "liver": concept("liver-metastasis", text="Liver metastases of neuroblastoma"),
        "brain": concept("icd-brain-metastasis", text="Brain metastasis of neuroblastoma"),
    }
    for site in sites:
        chart.condition(f"{site}-metastasis", codes[site], "active", when)


def mibg(chart: Chart, when: str, *, avid: bool = True, score: int = 9, key: str = "mibg") -> None:
    """Add an I-123 MIBG scan as Observation and report."""
    words = f"MIBG-avid lesions, SIOPEN score {score}" if avid else "No MIBG uptake in the known lesions: non-avid"
    chart.observation(key, concept("mibg-scan", text="I-123 MIBG scan"), when, "imaging", valueString=words)
    chart.report(f"{key}-report", concept("mibg-scan", text="I-123 MIBG scan"), when, "RAD", f"{words}.")


def response(chart: Chart, key: str, category: str, when: str, text: str = "") -> Resource:
    """Add a response evaluation by INRC 2017, as charts hold it: a trend code and the category in words."""
    trend = {"CR": "full-remission", "PR": "partial-remission", "SD": "stable", "PD": "worsened", "MR": "improved"}
    return chart.observation(
        key,
        concept("disease-status", text="Response evaluation (INRC 2017)"),
        when,
        "exam",
        valueCodeableConcept=concept(trend[category], text=f"{category} (INRC 2017){text}"),
    )


def size(chart: Chart, when: str, weight_kg: float, height_cm: float) -> None:
    """Add weight and height of one day."""
    chart.vital("weight", "weight", weight_kg, "kg", when)
    chart.vital("height", "height", height_cm, "cm", when)


def vitals(chart: Chart, when: str, *, systolic: float = 98, diastolic: float = 58, temperature: float = 36.8) -> None:
    """Add blood pressure, heart rate, temperature and oxygen saturation of one day."""
    chart.observation(
        "blood-pressure",
        concept("bp"),
        when,
        "vital-signs",
        component=[
            {"code": concept("sbp"), "valueQuantity": quantity(systolic, "mm[Hg]")},
            {"code": concept("dbp"), "valueQuantity": quantity(diastolic, "mm[Hg]")},
        ],
    )
    chart.vital("heart-rate", "heart-rate", 104, "/min", when)
    chart.vital("temperature", "temperature", temperature, "Cel", when)
    chart.vital("spo2", "spo2", 98, "%", when)


def blood(chart: Chart, when: str, *, anc: float = 1.8, platelets: float = 164) -> None:
    """Add a blood count and chemistry of one day."""
    values = (
        ("anc", anc, "10*3/uL"),
        ("platelets", platelets, "10*3/uL"),
        ("haemoglobin", 10.9, "g/dL"),
        ("leukocytes", max(0.4, anc + 1.6), "10*3/uL"),
        ("creatinine", 31.0, "umol/L"),
        ("alt", 24.0, "U/L"),
        ("bilirubin", 7.0, "umol/L"),
        ("sodium", 138.0, "mmol/L"),
        ("potassium", 4.1, "mmol/L"),
    )
    for name, value, unit in values:
        chart.lab(f"lab-{name}", name, value, unit, when)


def household(chart: Chart, when: str) -> None:
    """Add what every chart has and no rule reads: an encounter, a family history, a vaccine."""
    chart.add(
        "Encounter",
        "visit",
        status="finished",
        **{"class": hl7("v3-ActCode", "AMB", "ambulatory")["coding"][0]},
        subject=chart.subject,
        period={"start": when, "end": when},
    )
    chart.add(
        "FamilyMemberHistory",
        "mother",
        status="completed",
        patient=chart.subject,
        relationship=hl7("v3-RoleCode", "MTH", "mother"),
    )


def typical(
    chart: Chart,
    *,
    diagnosis: str = "2023-09-14",
    relapse: str = "2026-05-18",
    sites: tuple[str, ...] = ("bone", "marrow"),
    weight_kg: float = 19.0,
    height_cm: float = 112.0,
) -> None:
    """Add the usual beginning: high-risk diagnosis, frontline treatment, first relapse, avid scan, daily values."""
    diagnosed(chart, diagnosis)
    frontline(
        chart, "2023-09-21", surgery="2024-01-22", transplant="2024-03-11", immunotherapy=("2024-06-03", "2024-11-20")
    )
    relapsed(chart, relapse)
    metastases(chart, relapse, *sites)
    mibg(chart, relapse)
    size(chart, "2026-05-29", weight_kg, height_cm)
    vitals(chart, "2026-05-29")
    blood(chart, "2026-05-29")
    household(chart, "2026-05-29")
