"""Children whose molecular results are hard to read: old, uncertain, contradictory, pending, in words, in a PDF."""

from __future__ import annotations

from fhir_fixtures.building.chart import Chart, concept, hl7, local
from fhir_fixtures.building.histories import typical
from fhir_fixtures.building.relapse import RESULT_DAY, biopsied

NGS = "Sequencing of tumour tissue, cancer gene panel"
PDF = "JVBERi0xLjQKJSBzeW50aGV0aWMsIG5vIGNvbnRlbnQK"
"""A few bytes that begin as a PDF does and hold nothing."""


def alk_negative_before_relapse() -> Chart:
    """ALK without alteration on tissue of the diagnosis; the relapse was never tested."""
    chart = Chart("alk-negative-before-relapse", "Acacia", "Abel", "male", "2020-07-13")
    typical(chart)
    old = chart.specimen("first-tumour", "tumour", "2023-09-12", "Primary tumour, biopsy at diagnosis")
    chart.variant("alk", "ALK", "absent", "2026-05-27", old, text="ALK re-tested on the archived primary tumour")
    return chart


def alk_fusion() -> Chart:
    """An ALK fusion on the relapse biopsy."""
    chart = Chart("alk-fusion", "Bamboo", "Bela", "female", "2018-10-02")
    typical(chart)
    tissue = biopsied(chart)
    chart.variant(
        "alk",
        "ALK",
        "present",
        RESULT_DAY,
        tissue,
        consequence="gene-fusion",
        significance="pathogenic",
        text="ALK gene fusion",
    )
    chart.mycn_fish("mycn", "not amplified", RESULT_DAY, tissue)
    return chart


def alk_germline() -> Chart:
    """ALK R1275Q in the germline."""
    chart = Chart("alk-germline", "Camellia", "Carl", "male", "2022-01-28")
    typical(chart)
    tissue = biopsied(chart)
    blood = chart.specimen("blood", "blood", "2026-05-22", "Peripheral blood, germline")
    for key, specimen, source in (("alk", tissue, "somatic"), ("alk-germline", blood, "germline")):
        chart.variant(
            key,
            "ALK",
            "present",
            RESULT_DAY,
            specimen,
            p_hgvs="p.Arg1275Gln",
            significance="pathogenic",
            source=source,
        )
    chart.mycn_fish("mycn", "not amplified", RESULT_DAY, tissue)
    return chart


def alk_uncertain() -> Chart:
    """A missense change in ALK of uncertain significance, not one of the hot spots."""
    chart = Chart("alk-uncertain", "Daphne", "Dora", "female", "2019-12-05")
    typical(chart)
    tissue = biopsied(chart)
    chart.variant("alk", "ALK", "present", RESULT_DAY, tissue, p_hgvs="p.Gly881Asp", significance="uncertain")
    chart.mycn_fish("mycn", "not amplified", RESULT_DAY, tissue)
    return chart


def molecular_report_pdf() -> Chart:
    """The panel of the relapse came back as a PDF and nothing else."""
    chart = Chart("molecular-report-pdf", "Edelweiss", "Edda", "female", "2021-04-16")
    typical(chart)
    biopsied(chart)
    form = {"contentType": "application/pdf", "data": PDF, "title": "Molecular report of the relapse biopsy"}
    chart.report("panel", concept("genetic-report", text=NGS), RESULT_DAY, "GE", None, presentedForm=[form])
    chart.add(
        "DocumentReference",
        "panel-document",
        status="current",
        type=concept("genetic-report", text="Molecular pathology report"),
        subject=chart.subject,
        date=f"{RESULT_DAY}T16:00:00+00:00",
        content=[{"attachment": {"contentType": "application/pdf", "title": "Molecular report of the relapse biopsy"}}],
    )
    return chart


def mycn_text_only() -> Chart:
    """MYCN amplification stands in the words of a pathology report, nowhere coded."""
    chart = Chart("mycn-text-only", "Fuchsia", "Fritz", "male", "2020-02-20")
    typical(chart)
    tissue = biopsied(chart)
    words = (
        "Relapse of a poorly differentiated neuroblastoma. N-MYC AMPLIFIED (>20 copies). No evidence of ALK mutation."
    )
    chart.report(
        "pathology", concept(text="Pathology report, relapse biopsy"), RESULT_DAY, "PAT", words, specimen=[tissue]
    )
    return chart


def mycn_conflict() -> Chart:
    """Two final MYCN results on the same relapse tissue that contradict each other."""
    chart = Chart("mycn-conflict", "Gentian", "Gil", "male", "2020-11-03")
    typical(chart)
    tissue = biopsied(chart)
    chart.mycn_fish("mycn", "amplified", RESULT_DAY, tissue)
    chart.mycn_fish("mycn-second-laboratory", "not amplified", RESULT_DAY, tissue)
    chart.variant("alk", "ALK", "absent", RESULT_DAY, tissue)
    return chart


def mycn_pending() -> Chart:
    """A preliminary MYCN result and a sequencing report still registered."""
    chart = Chart("mycn-pending", "Heather", "Hanne", "female", "2021-08-08")
    typical(chart)
    tissue = biopsied(chart)
    chart.mycn_fish("mycn", "amplified", RESULT_DAY, tissue, status="preliminary")
    chart.report("panel", concept("genetic-report", text=NGS), RESULT_DAY, "GE", None, status="registered")
    return chart


def mycn_not_performed() -> Chart:
    """A coded MYCN test that could not be done: gene and code are there, the answer is a reason for its absence."""
    chart = Chart("mycn-not-performed", "Indigo", "Ivo", "male", "2019-09-29")
    typical(chart)
    tissue = biopsied(chart)
    chart.observation(
        "mycn",
        concept("mycn-fish", text="MYCN amplification (FISH)"),
        RESULT_DAY,
        specimen=tissue,
        dataAbsentReason=hl7("data-absent-reason", "not-performed", "Not Performed"),
    )
    return chart


def gd2_negative() -> Chart:
    """GD2 lost on the tumour cells of the relapse, after an antibody in frontline treatment."""
    chart = Chart("gd2-negative", "Jasmine", "Juno", "female", "2020-04-27")
    typical(chart)
    tissue = biopsied(chart)
    chart.observation(
        "gd2",
        local("GD2-IHC", "GD2 expression on tumour cells"),
        RESULT_DAY,
        valueString="negative, GD2 lost",
        specimen=tissue,
    )
    chart.mycn_fish("mycn", "not amplified", RESULT_DAY, tissue)
    chart.variant("alk", "ALK", "absent", RESULT_DAY, tissue)
    return chart


def gd2_serum_antibody() -> Chart:
    """A serum antibody against GD2, ordered for a neuropathy: not GD2 on the tumour."""
    chart = Chart("gd2-serum-antibody", "Kalmia", "Kurt", "male", "2021-03-31")
    typical(chart)
    tissue = biopsied(chart)
    chart.observation(
        "gd2-antibody", concept("gd2-antibody"), RESULT_DAY, valueCodeableConcept=concept("negative", text="Negative")
    )
    chart.mycn_fish("mycn", "not amplified", RESULT_DAY, tissue)
    chart.variant("alk", "ALK", "absent", RESULT_DAY, tissue)
    return chart


def negative_panel() -> Chart:
    """One Observation says that ALK, NRAS and TP53 are without alteration; MYCN is not amplified."""
    chart = Chart("negative-panel", "Lavender", "Lina", "female", "2020-06-18")
    typical(chart)
    tissue = biopsied(chart)
    genes = [{"code": concept("gene"), "valueCodeableConcept": concept(gene)} for gene in ("ALK", "NRAS", "TP53")]
    chart.observation(
        "panel",
        concept("variant", text="Pertinent negative: ALK, NRAS, TP53"),
        RESULT_DAY,
        valueCodeableConcept=concept("absent"),
        method=concept("sequencing"),
        specimen=tissue,
        component=genes,
    )
    chart.mycn_fish("mycn", "not amplified", RESULT_DAY, tissue)
    return chart


CHILDREN = (
    alk_negative_before_relapse,
    alk_fusion,
    alk_germline,
    alk_uncertain,
    molecular_report_pdf,
    mycn_text_only,
    mycn_conflict,
    mycn_pending,
    mycn_not_performed,
    gd2_negative,
    gd2_serum_antibody,
    negative_panel,
)
