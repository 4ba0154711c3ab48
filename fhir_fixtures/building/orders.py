"""Children around an order: an antibody about to start, with and without what it needs, and what forbids it."""

from __future__ import annotations

from fhir_fixtures.building.chart import Chart, concept, hl7, quantity
from fhir_fixtures.building.histories import mibg, response, typical
from fhir_fixtures.building.relapse import biopsied
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


def american(chart: Chart) -> None:
    """Add a first relapse after American frontline treatment, worked up, no actionable marker."""
    typical(chart, relapse="2026-04-27")
    for resource in chart.resources:
        if resource["id"].endswith("frontline-antibody-dinutuximab-beta"):
            resource["medicationCodeableConcept"] = concept("dinutuximab-product")
    worked_up(chart, "2026-04-30", "2026-05-08")


def dinutuximab_nothing_ordered() -> Chart:
    """Dinutuximab with irinotecan and temozolomide planned as re-induction; nothing else is ordered."""
    chart = Chart("dinutuximab-nothing-ordered", "Sumac", "Sid", "male", "2019-08-28")
    american(chart)
    return chart


def naxitamab_nothing_ordered() -> Chart:
    """Naxitamab planned for residual bone marrow disease; nothing else is ordered."""
    chart = Chart("naxitamab-nothing-ordered", "Tansy", "Tess", "female", "2018-06-06")
    responded(chart)
    return chart


def naxitamab_hypertension() -> Chart:
    """Naxitamab planned; the blood pressure has been far too high on three days."""
    chart = Chart("naxitamab-hypertension", "Teasel", "Toni", "female", "2018-09-19")
    responded(chart)
    chart.condition(
        "hypertension", concept("hypertension", text="Uncontrolled arterial hypertension"), "active", "2026-05-28"
    )
    for number, day in enumerate(("2026-05-28", "2026-05-30", "2026-05-31"), start=1):
        chart.observation(
            f"high-pressure-{number}",
            concept("bp"),
            day,
            "vital-signs",
            component=[
                {"code": concept("sbp"), "valueQuantity": quantity(148, "mm[Hg]")},
                {"code": concept("dbp"), "valueQuantity": quantity(96, "mm[Hg]")},
            ],
        )
    return chart


def rist_then_antibody() -> Chart:
    """RIST under way after a relapse with amplified MYCN; dinutuximab beta is to follow in three days."""
    chart = Chart("rist-then-antibody", "Violet", "Vito", "male", "2020-08-08")
    typical(chart, relapse="2026-02-02")
    tissue = biopsied(chart, "2026-02-05")
    chart.mycn_fish("mycn", "amplified", "2026-02-12", tissue)
    chart.variant("alk", "ALK", "absent", "2026-02-12", tissue)
    cycles(chart, "rist", ("irinotecan", "temozolomide"), (("2026-02-23", "2026-02-27"), ("2026-03-23", "2026-03-27")))
    for drug in ("sirolimus", "dasatinib"):
        chart.medication(f"rist-{drug}", drug, "active", "2026-02-16", route="oral")
    response(chart, "evaluation", "PR", "2026-05-18")
    return chart


def lorlatinib_rifampicin() -> Chart:
    """ALK F1174L; rifampicin is running for a line infection."""
    chart = Chart("lorlatinib-rifampicin", "Wisteria", "Wanda", "female", "2019-05-01")
    typical(chart)
    tissue = biopsied(chart)
    chart.variant("alk", "ALK", "present", "2026-05-28", tissue, p_hgvs="p.F1174L", significance="pathogenic")
    chart.mycn_fish("mycn", "not amplified", "2026-05-28", tissue)
    chart.medication("rifampicin", "rifampicin", "active", "2026-05-22", "2026-06-19", route="oral")
    return chart


def gvhd_after_haplo() -> Chart:
    """Acute graft-versus-host disease after a haploidentical transplant; the chart has it in words only."""
    chart = Chart("gvhd-after-haplo", "Woodruff", "Wolf", "male", "2017-12-27")
    responded(chart)
    chart.procedure(
        "haplo", concept("allo-sct", text="Haploidentical stem cell transplant, father as donor"), "2026-05-06"
    )
    chart.condition(
        "gvhd", concept(text="Acute graft-versus-host disease grade III, skin and gut"), "active", "2026-05-25"
    )
    chart.medication("prednisolone", "prednisolone", "active", "2026-05-25", route="oral")
    chart.medication("tacrolimus", "tacrolimus", "active", "2026-05-04", route="oral")
    return chart


def anaphylaxis_to_beta() -> Chart:
    """An anaphylaxis to dinutuximab beta is on record as an allergy."""
    chart = Chart("anaphylaxis-to-beta", "Yew", "Yuna", "female", "2019-11-26")
    responded(chart)
    chart.allergy(
        "beta",
        concept("dinutuximab-beta"),
        "2024-08-15",
        criticality="high",
        type="allergy",
        category=["medication"],
        reaction=[
            {
                "manifestation": [concept("anaphylaxis", text="Anaphylaxis grade 4")],
                "severity": "severe",
                "onset": "2024-08-15",
            }
        ],
    )
    return chart


def febrile_neutropenia() -> Chart:
    """Fever and no neutrophils today, three days before an antibody course."""
    chart = Chart("febrile-neutropenia", "Zelkova", "Zora", "female", "2020-02-02")
    responded(chart)
    chart.condition("fever", concept("febrile-neutropenia"), "active", "2026-06-01", recordedDate="2026-06-01")
    chart.lab("anc-today", "anc", 0.1, "10*3/uL", "2026-06-01T06:30:00+00:00")
    chart.vital("temperature-today", "temperature", 39.4, "Cel", "2026-06-01T05:50:00+00:00")
    return chart


def beta_with_dexamethasone() -> Chart:
    """Dexamethasone is running as an antiemetic while dinutuximab beta is planned."""
    chart = Chart("beta-with-dexamethasone", "Arnica", "Arne", "male", "2019-07-30")
    responded(chart)
    chart.medication(
        "dexamethasone", "dexamethasone", "active", "2026-05-30", "2026-06-10", route="oral", dosage="Against nausea"
    )
    return chart


def cephalosporin_allergy() -> Chart:
    """A severe allergy to ceftriaxone; irinotecan with cefixime is planned."""
    chart = Chart("cephalosporin-allergy", "Borage", "Bente", "female", "2020-05-12")
    american(chart)
    chart.allergy(
        "ceftriaxone",
        concept("ceftriaxone"),
        "2025-01-20",
        criticality="high",
        type="allergy",
        category=["medication"],
        reaction=[{"manifestation": [concept("anaphylaxis")], "severity": "severe"}],
    )
    return chart


def no_earlier_antibody() -> Chart:
    """Complete response after a relapse, never an antibody; eflornithine is about to be ordered."""
    chart = Chart("no-earlier-antibody", "Clover", "Claas", "male", "2018-08-15")
    typical(chart, relapse="2025-06-02")
    chart.resources = [r for r in chart.resources if "frontline-antibody" not in r["id"]]
    worked_up(chart, "2025-06-05", "2025-06-13")
    cycles(
        chart,
        "totem",
        ("topotecan", "temozolomide"),
        (
            ("2025-06-23", "2025-06-27"),
            ("2025-07-21", "2025-07-25"),
            ("2025-08-18", "2025-08-22"),
            ("2025-09-15", "2025-09-19"),
        ),
    )
    response(chart, "evaluation", "CR", "2026-05-12")
    return chart


CHILDREN = (
    beta_nothing_ordered,
    beta_all_ordered,
    dinutuximab_nothing_ordered,
    naxitamab_nothing_ordered,
    naxitamab_hypertension,
    rist_then_antibody,
    lorlatinib_rifampicin,
    gvhd_after_haplo,
    anaphylaxis_to_beta,
    febrile_neutropenia,
    beta_with_dexamethasone,
    cephalosporin_allergy,
    no_earlier_antibody,
)
