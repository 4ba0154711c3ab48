"""Children whose charts say the usual things in other ways: ICD-10, NCIt, one Condition, words, odd medications."""

from __future__ import annotations

from fhir_fixtures.building.chart import Chart, Resource, concept
from fhir_fixtures.building.decoys import daily
from fhir_fixtures.building.histories import mibg, response, stage_of, typical
from fhir_fixtures.building.treatment import worked_up

MORPHOLOGY = "http://hl7.org/fhir/us/mcode/StructureDefinition/mcode-histology-morphology-behavior"


def icd10_chart() -> Chart:
    """ICD-10-CM site codes with words, INSS stage in SNOMED CT; the relapse stands in the text."""
    chart = Chart("icd10-chart", "Chestnut", "Cora", "female", "2019-04-04")
    chart.condition(
        "diagnosis",
        concept("icd-adrenal-medulla", text="Neuroblastoma, left adrenal gland, high risk"),
        "resolved",
        "2023-02-20",
        stage=stage_of("inss-4", "inss"),
    )
    chart.observation("stage", concept("inss"), "2023-02-20", "exam", valueCodeableConcept=concept("inss-4"))
    chart.condition(
        "relapse", concept("icd-adrenal-medulla", text="Relapsed high-risk neuroblastoma"), "active", "2026-05-18"
    )
    chart.condition("bone", concept("icd-bone-metastasis"), "active", "2026-05-18")
    chart.condition("marrow", concept("icd-marrow-metastasis"), "active", "2026-05-18")
    mibg(chart, "2026-05-19")
    daily(chart)
    return chart


def ncit_chart() -> Chart:
    """NCIt and OncoTree codes, INRGSS as NCIt, one Condition with status recurrence."""
    chart = Chart("ncit-chart", "Damson", "Dirk", "male", "2020-02-29")
    chart.condition(
        "neuroblastoma",
        concept("ncit-neuroblastoma", "oncotree-neuroblastoma", text="Neuroblastoma, high risk"),
        "recurrence",
        "2023-06-05",
        stage=stage_of("stage-M", "inrgss"),
        recordedDate="2026-05-18",
    )
    chart.observation(
        "recurrence",
        concept("tumour-recurrence", text="First relapse"),
        "2026-05-18",
        "exam",
        focus=[{"reference": "Condition/ncit-chart-neuroblastoma"}],
        valueString="Recurrence in bone and marrow",
    )
    mibg(chart, "2026-05-19")
    daily(chart)
    return chart


def mcode_chart() -> Chart:
    """An mCODE primary cancer condition: site code, morphology extension, status relapse, status observation."""
    chart = Chart("mcode-chart", "Elder", "Ella", "female", "2020-11-21")
    chart.condition(
        "primary",
        concept("icd-adrenal"),
        "relapse",
        "2023-08-07",
        extension=[{"url": MORPHOLOGY, "valueCodeableConcept": concept("icdo-neuroblastoma")}],
        stage=stage_of("stage-M", "inrgss"),
        recordedDate="2026-05-18",
    )
    chart.observation(
        "risk", concept("high-risk-tumour"), "2023-08-07", "exam", valueCodeableConcept=concept("high-risk")
    )
    chart.condition("secondary", concept("bone-metastasis"), "active", "2026-05-18")
    chart.observation(
        "status",
        concept("disease-status"),
        "2026-05-18",
        "exam",
        valueCodeableConcept=concept("worsened", text="First relapse"),
        focus=[{"reference": "Condition/mcode-chart-primary"}],
    )
    mibg(chart, "2026-05-19")
    daily(chart)
    return chart


def text_only_chart() -> Chart:
    """Nothing is coded but the status fields."""
    chart = Chart("text-only-chart", "Fern", "Felix", "male", "2020-06-01")
    chart.condition("diagnosis", concept(text="High-risk neuroblastoma stage M"), "remission", "2023-05")
    chart.condition(
        "relapse", concept(text="First relapse of high-risk neuroblastoma, bone and marrow"), "active", "2026-05-18"
    )
    for number, name in enumerate(("Rapid COJEC", "Busulfan/melphalan with autologous rescue", "Dinutuximab beta")):
        chart.medication(
            f"line-{number}", "busulfan", "completed", "2023-06-01", "2024-06-01", medication=concept(text=name)
        )
    chart.report(
        "mibg",
        concept(text="123I-MIBG scan"),
        "2026-05-19",
        "RAD",
        "Intense uptake in femur and spine, SIOPEN score 11.",
    )
    chart.report(
        "pathology",
        concept(text="Histopathology"),
        "2026-05-27",
        "PAT",
        "Relapse biopsy of 2026-05-21: neuroblastoma. MYCN not amplified. ALK F1174L mutation detected.",
    )
    daily(chart)
    return chart


def medication_forms() -> Chart:
    """Irinotecan and temozolomide in five forms: product, ATC, contained, referenced with ingredient, words."""
    chart = Chart("medication-forms", "Ginkgo", "Gesa", "female", "2019-10-10")
    typical(chart, relapse="2026-02-09")
    worked_up(chart, "2026-02-12", "2026-02-20")
    chart.medication("product", "temozolomide-product", "completed", "2026-03-02", "2026-03-06", route="oral")
    chart.medication("atc", "irinotecan-atc", "completed", "2026-03-02", "2026-03-06")
    contained: Resource = {"resourceType": "Medication", "id": "med", "code": concept("temozolomide")}
    request = chart.medication(
        "contained", "temozolomide", "completed", "2026-03-23", "2026-03-27", route="oral", contained=[contained]
    )
    del request["medicationCodeableConcept"]
    request["medicationReference"] = {"reference": "#med"}
    chart.add(
        "Medication",
        "irinotecan-product",
        code=concept(text="CPT-11 hospital preparation"),
        ingredient=[{"itemCodeableConcept": concept("irinotecan")}],
    )
    request = chart.medication("referenced", "irinotecan", "completed", "2026-03-23", "2026-03-27")
    del request["medicationCodeableConcept"]
    request["medicationReference"] = {"reference": "Medication/medication-forms-irinotecan-product"}
    chart.medication(
        "words",
        "temozolomide",
        "stopped",
        "2026-04-13",
        "2026-04-17",
        route="oral",
        medication=concept(text="Temodal 5 mg capsules"),
        statusReason=concept("no-response"),
    )
    chart.medication(
        "words-irinotecan",
        "irinotecan",
        "stopped",
        "2026-04-13",
        "2026-04-17",
        medication=concept(text="Irinotecan i.v."),
        statusReason=concept("no-response"),
    )
    response(chart, "evaluation", "PD", "2026-05-11")
    return chart


CHILDREN = (icd10_chart, ncit_chart, mcode_chart, text_only_chart, medication_forms)
