"""Children under or after treatment of their relapse: evaluation, consolidation, maintenance, salvage."""

from __future__ import annotations

from collections.abc import Iterable

from fhir_fixtures.building.chart import Chart, concept
from fhir_fixtures.building.histories import mibg, response, typical
from fhir_fixtures.building.relapse import biopsied

DB_TTO = ("dinutuximab-beta", "topotecan", "temozolomide")
TEMIRI = ("irinotecan", "temozolomide")


def cycles(chart: Chart, name: str, drugs: tuple[str, ...], starts: Iterable[tuple[str, str]]) -> None:
    """Add one completed course per (start, end)."""
    for number, (start, end) in enumerate(starts, start=1):
        chart.course(f"{name}-c{number}", drugs, start, end, dosage=f"Cycle {number}, dose as in the treating protocol")


def worked_up(chart: Chart, biopsy: str, result: str) -> None:
    """Add a complete molecular work-up without an actionable marker, and marrow."""
    tissue = biopsied(chart, biopsy)
    chart.mycn_fish("mycn", "not amplified", result, tissue)
    chart.variant("alk", "ALK", "absent", result, tissue)
    chart.observation(
        "gd2",
        concept(text="GD2 expression on tumour cells (immunohistochemistry)"),
        result,
        valueString="GD2 positive",
        specimen=tissue,
    )
    chart.procedure("marrow", concept("marrow-aspiration", text="Bilateral marrow aspirates and trephines"), biopsy)
    chart.report(
        "ct",
        concept("abdomen-ct", text="CT chest, abdomen and pelvis"),
        biopsy,
        "RAD",
        "Skeletal disease, no soft tissue mass.",
    )


def evaluation_due() -> Chart:
    """Two cycles of dinutuximab beta with topotecan and temozolomide since the baseline, none evaluated."""
    chart = Chart("evaluation-due", "Iris", "Ines", "female", "2020-10-14")
    typical(chart, relapse="2026-03-16")
    worked_up(chart, "2026-03-19", "2026-03-27")
    cycles(chart, "db-tto", DB_TTO, (("2026-04-06", "2026-04-12"), ("2026-05-04", "2026-05-10")))
    return chart


def on_fitting_regimen() -> Chart:
    """One cycle given, the next evaluation not due."""
    chart = Chart("on-fitting-regimen", "Juniper", "Jan", "male", "2021-02-27")
    typical(chart, relapse="2026-04-27")
    worked_up(chart, "2026-04-30", "2026-05-08")
    chart.course("db-tto-c1", DB_TTO, "2026-05-18", None, dosage="Cycle 1, dose as in the treating protocol")
    return chart


def progression_on_temozolomide() -> Chart:
    """Progressive disease under irinotecan and temozolomide."""
    chart = Chart("progression-on-temozolomide", "Kelp", "Kira", "female", "2019-07-21")
    typical(chart, relapse="2026-02-09")
    worked_up(chart, "2026-02-12", "2026-02-20")
    cycles(
        chart,
        "temiri",
        TEMIRI,
        (("2026-03-02", "2026-03-06"), ("2026-03-23", "2026-03-27"), ("2026-04-13", "2026-04-17")),
    )
    for drug in TEMIRI:
        chart.course(
            "temiri-c4",
            (drug,),
            "2026-05-04",
            "2026-05-08",
            status="stopped",
            statusReason=concept("no-response", text="Progressive disease under irinotecan-temozolomide"),
        )
    mibg(chart, "2026-05-22", score=24, key="mibg-evaluation")
    response(chart, "evaluation", "PD", "2026-05-25", ": new skeletal lesions under irinotecan-temozolomide")
    return chart


def partial_remission() -> Chart:
    """Partial response after four cycles of re-induction; bone and marrow disease only."""
    chart = Chart("partial-remission", "Larch", "Leo", "male", "2020-06-09")
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
    response(chart, "evaluation-1", "PR", "2026-03-26")
    mibg(chart, "2026-05-20", score=3, key="mibg-evaluation")
    response(chart, "evaluation-2", "PR", "2026-05-22")
    return chart


def remission_for_maintenance() -> Chart:
    """Complete response after re-induction and five courses of dinutuximab beta alone; nothing running."""
    chart = Chart("remission-for-maintenance", "Maple", "Mia", "female", "2019-02-17")
    typical(chart, relapse="2025-04-14")
    worked_up(chart, "2025-04-17", "2025-04-25")
    cycles(
        chart,
        "db-tto",
        DB_TTO,
        (
            ("2025-05-05", "2025-05-11"),
            ("2025-06-02", "2025-06-08"),
            ("2025-06-30", "2025-07-06"),
            ("2025-07-28", "2025-08-03"),
        ),
    )
    response(chart, "evaluation-1", "PR", "2025-08-25")
    cycles(
        chart,
        "db-lti",
        ("dinutuximab-beta",),
        (
            ("2025-09-08", "2025-09-18"),
            ("2025-10-13", "2025-10-23"),
            ("2025-11-17", "2025-11-27"),
            ("2025-12-22", "2026-01-01"),
            ("2026-01-26", "2026-02-05"),
        ),
    )
    mibg(chart, "2026-05-11", avid=True, score=0, key="mibg-evaluation")
    response(chart, "evaluation-2", "CR", "2026-05-13", " after consolidation with dinutuximab beta")
    return chart


def failed(chart: Chart, name: str, drugs: tuple[str, ...], start: str, end: str, words: str) -> None:
    """Add a course that was stopped because the disease progressed under it."""
    reason = concept("no-response", text=words)
    chart.course(name, drugs, start, end, status="stopped", statusReason=reason)


def stable_after_two_cycles() -> Chart:
    """Stable disease at the first evaluation."""
    chart = Chart("stable-after-two-cycles", "Myrtle", "Mats", "male", "2020-11-17")
    typical(chart, relapse="2026-03-09")
    worked_up(chart, "2026-03-12", "2026-03-20")
    cycles(chart, "db-tto", DB_TTO, (("2026-03-30", "2026-04-05"), ("2026-04-27", "2026-05-03")))
    response(chart, "evaluation", "SD", "2026-05-26")
    return chart


def stable_after_six_cycles() -> Chart:
    """Stable disease after six cycles of re-induction."""
    chart = Chart("stable-after-six-cycles", "Nutmeg", "Nele", "female", "2019-06-24")
    typical(chart, relapse="2025-11-10")
    worked_up(chart, "2025-11-13", "2025-11-21")
    starts = ("2025-12-01", "2025-12-29", "2026-01-26", "2026-02-23", "2026-03-23", "2026-04-20")
    ends = ("2025-12-07", "2026-01-04", "2026-02-01", "2026-03-01", "2026-03-29", "2026-04-26")
    cycles(chart, "db-tto", DB_TTO, zip(starts, ends, strict=True))
    for number, day in enumerate(("2026-01-22", "2026-03-19", "2026-05-18"), start=1):
        response(chart, f"evaluation-{number}", "SD", day)
    return chart


def progression_on_antibody() -> Chart:
    """Progression during consolidation with dinutuximab beta alone; temozolomide never failed."""
    chart = Chart("progression-on-antibody", "Olive", "Ole", "male", "2019-03-13")
    typical(chart, relapse="2025-09-08")
    worked_up(chart, "2025-09-11", "2025-09-19")
    cycles(
        chart,
        "topocy",
        ("topotecan", "cyclophosphamide"),
        (
            ("2025-09-29", "2025-10-03"),
            ("2025-10-20", "2025-10-24"),
            ("2025-11-10", "2025-11-14"),
            ("2025-12-01", "2025-12-05"),
        ),
    )
    response(chart, "evaluation-1", "PR", "2026-01-05")
    cycles(chart, "db-lti", ("dinutuximab-beta",), (("2026-01-19", "2026-01-29"), ("2026-02-23", "2026-03-05")))
    failed(
        chart,
        "db-lti-c3",
        ("dinutuximab-beta",),
        "2026-03-30",
        "2026-04-09",
        "Progressive disease under dinutuximab beta",
    )
    mibg(chart, "2026-05-20", score=17, key="mibg-evaluation")
    response(chart, "evaluation-2", "PD", "2026-05-22", " under dinutuximab beta")
    return chart


def progression_on_topotecan() -> Chart:
    """Progression under topotecan and temozolomide: both partners have failed."""
    chart = Chart("progression-on-topotecan", "Poplar", "Petra", "female", "2020-01-09")
    typical(chart, relapse="2026-01-19")
    worked_up(chart, "2026-01-22", "2026-01-30")
    cycles(chart, "totem", ("topotecan", "temozolomide"), (("2026-02-09", "2026-02-13"), ("2026-03-09", "2026-03-13")))
    failed(
        chart,
        "totem-c3",
        ("topotecan", "temozolomide"),
        "2026-04-06",
        "2026-04-10",
        "Progressive disease under topotecan-temozolomide",
    )
    response(chart, "evaluation", "PD", "2026-05-04", " under topotecan-temozolomide")
    return chart


def lorlatinib_failed() -> Chart:
    """ALK F1174L, progression under lorlatinib with topotecan and cyclophosphamide."""
    chart = Chart("lorlatinib-failed", "Sage", "Selma", "female", "2019-09-03")
    typical(chart, relapse="2025-12-08")
    tissue = biopsied(chart, "2025-12-11")
    chart.variant(
        "alk", "ALK", "present", "2025-12-19", tissue, p_hgvs="NP_004295.2:p.Phe1174Leu", significance="pathogenic"
    )
    chart.mycn_fish("mycn", "not amplified", "2025-12-19", tissue)
    cycles(
        chart,
        "lorla-topocy",
        ("lorlatinib", "topotecan", "cyclophosphamide"),
        (("2026-01-05", "2026-01-25"), ("2026-01-26", "2026-02-15"), ("2026-02-16", "2026-03-08")),
    )
    failed(
        chart,
        "lorla-topocy-c4",
        ("lorlatinib", "topotecan", "cyclophosphamide"),
        "2026-03-09",
        "2026-05-11",
        "Progressive disease under lorlatinib with topotecan and cyclophosphamide",
    )
    mibg(chart, "2026-05-12", score=19, key="mibg-evaluation")
    response(chart, "evaluation", "PD", "2026-05-13", " under lorlatinib")
    return chart


CHILDREN = (
    evaluation_due,
    on_fitting_regimen,
    progression_on_temozolomide,
    partial_remission,
    remission_for_maintenance,
    stable_after_two_cycles,
    stable_after_six_cycles,
    progression_on_antibody,
    progression_on_topotecan,
    lorlatinib_failed,
)
