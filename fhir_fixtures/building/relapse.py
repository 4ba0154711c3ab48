"""Children whose relapse or refractory disease has not been treated yet, and the markers that steer the choice."""

from __future__ import annotations

from fhir_fixtures.building.chart import Chart, concept
from fhir_fixtures.building.histories import (
    FRONTLINE,
    blood,
    diagnosed,
    household,
    metastases,
    mibg,
    response,
    size,
    typical,
    vitals,
)

BIOPSY_DAY = "2026-05-21"
RESULT_DAY = "2026-05-28"


def biopsied(chart: Chart, day: str = BIOPSY_DAY) -> dict[str, str]:
    """Add a biopsy of the relapse and its tumour specimen; return the reference to the specimen."""
    chart.procedure("biopsy", concept("biopsy", text="CT-guided core biopsy of a relapse lesion"), day)
    return chart.specimen("relapse-tumour", "tumour", day, "Core biopsy, relapse lesion")


def first_relapse_untouched() -> Chart:
    """First relapse, work-up not begun; the only molecular result is from diagnosis."""
    chart = Chart("first-relapse-untouched", "Aster", "Ada", "female", "2020-08-03")
    typical(chart)
    old = chart.specimen("first-tumour", "tumour", "2023-09-12", "Primary tumour, biopsy at diagnosis")
    chart.mycn_fish("mycn-at-diagnosis", "not amplified", "2023-09-20", old)
    return chart


def mycn_amplified_at_relapse() -> Chart:
    """MYCN amplified and ALK without alteration, both on the relapse biopsy."""
    chart = Chart("mycn-amplified-at-relapse", "Birch", "Bo", "male", "2021-01-19")
    typical(chart)
    tissue = biopsied(chart)
    chart.mycn_fish("mycn", "amplified", RESULT_DAY, tissue)
    chart.variant("alk", "ALK", "absent", RESULT_DAY, tissue, text="ALK sequencing, copy number and fusion: none found")
    return chart


def alk_f1174l() -> Chart:
    """ALK F1174L on the relapse biopsy, MYCN not amplified."""
    chart = Chart("alk-f1174l", "Cedar", "Cleo", "female", "2020-03-02")
    typical(chart)
    tissue = biopsied(chart)
    chart.variant(
        "alk",
        "ALK",
        "present",
        RESULT_DAY,
        tissue,
        p_hgvs="NP_004295.2:p.Phe1174Leu",
        significance="pathogenic",
        vaf=0.38,
    )
    chart.mycn_fish("mycn", "not amplified", RESULT_DAY, tissue)
    return chart


def alk_and_mycn() -> Chart:
    """ALK F1174L and MYCN amplification together on the relapse biopsy."""
    chart = Chart("alk-and-mycn", "Dogwood", "Dan", "male", "2021-06-25")
    typical(chart)
    tissue = biopsied(chart)
    chart.variant(
        "alk", "ALK", "present", RESULT_DAY, tissue, p_hgvs="p.(Phe1174Leu)", significance="pathogenic", vaf=0.41
    )
    chart.mycn_fish("mycn", "amplified", RESULT_DAY, tissue)
    return chart


def alk_r1275q() -> Chart:
    """ALK R1275Q on the relapse biopsy, MYCN not amplified."""
    chart = Chart("alk-r1275q", "Elm", "Ewa", "female", "2019-11-11")
    typical(chart)
    tissue = biopsied(chart)
    chart.variant("alk", "ALK", "present", RESULT_DAY, tissue, p_hgvs="p.R1275Q", significance="pathogenic", vaf=0.29)
    chart.mycn_fish("mycn", "not amplified", RESULT_DAY, tissue)
    return chart


def mycn_gain() -> Chart:
    """MYCN copy number gain, said as HL7's own mCODE example says it: present, gene MYCN, copy_number_gain."""
    chart = Chart("mycn-gain", "Fir", "Finn", "male", "2020-12-24")
    typical(chart)
    tissue = biopsied(chart)
    chart.variant("mycn", "MYCN", "present", RESULT_DAY, tissue, consequence="gain", text="Copy number variant in MYCN")
    chart.variant("alk", "ALK", "absent", RESULT_DAY, tissue)
    return chart


def mycn_heterogeneous() -> Chart:
    """Heterogeneous MYCN amplification on the relapse biopsy."""
    chart = Chart("mycn-heterogeneous", "Gorse", "Greta", "female", "2020-05-30")
    typical(chart)
    tissue = biopsied(chart)
    chart.mycn_fish("mycn", "heterogeneous amplification", RESULT_DAY, tissue)
    chart.variant("alk", "ALK", "absent", RESULT_DAY, tissue)
    return chart


def refractory() -> Chart:
    """Less than a partial response after five induction cycles, never progressed."""
    chart = Chart("refractory", "Hazel", "Hugo", "male", "2022-04-08")
    diagnosed(chart, "2025-11-03", clinical="active")
    for cycle, start in enumerate(("2025-11-10", "2025-12-08", "2026-01-05", "2026-02-02", "2026-03-02"), start=1):
        chart.course(f"induction-c{cycle}", FRONTLINE, start, f"{start[:8]}{int(start[8:]) + 4:02d}")
    response(chart, "end-of-induction", "SD", "2026-04-14", ", refractory after 5 induction cycles")
    chart.condition(
        "refractory",
        concept("neuroblastoma", text="Refractory neuroblastoma: less than partial response after induction"),
        "active",
        "2026-04-14",
    )
    metastases(chart, "2025-11-03", "bone", "marrow")
    mibg(chart, "2026-04-10", score=21)
    size(chart, "2026-05-29", 15.2, 99.0)
    vitals(chart, "2026-05-29")
    blood(chart, "2026-05-29")
    household(chart, "2026-05-29")
    return chart


CHILDREN = (
    first_relapse_untouched,
    mycn_amplified_at_relapse,
    alk_f1174l,
    alk_and_mycn,
    alk_r1275q,
    mycn_gain,
    mycn_heterogeneous,
    refractory,
)
