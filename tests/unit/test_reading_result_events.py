"""Events in results: progression by response criteria, and a relapse that only a report suspects (rows A5, A8)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from hooks.facts.fact import Confidence, Known
from hooks.pathways.relapsed_neuroblastoma.facts import DiseaseEvent
from hooks.pathways.relapsed_neuroblastoma.reading.disease import DiseaseFacts, read_disease
from tests.unit.reading_chart import neuroblastoma, observation, primary, record, relapse, report, said, worded

AS_OF = date(2026, 11, 22)
CLEAN = "No MIBG-avid disease. No evidence of relapse."


def read(*resources: dict[str, Any], as_of: date = AS_OF) -> DiseaseFacts:
    return read_disease(record(*resources), as_of)


def event(*resources: dict[str, Any], as_of: date = AS_OF) -> DiseaseEvent:
    fact = read(*resources, as_of=as_of).disease_event
    assert isinstance(fact, Known)
    return fact.value


def scan(conclusion: str, on: str = "2026-11-12", title: str = "123I-MIBG scan", **more: Any) -> dict[str, Any]:
    return report(conclusion, id=f"scan-{on}", code=worded(title), effectiveDateTime=on, **more)


def evaluated(category: str, on: str) -> dict[str, Any]:
    return observation(worded("INRC overall response"), said(category), id=f"inrc-{on}", on=on)


@pytest.mark.parametrize(
    ("title", "conclusion"),
    [
        ("123I-MIBG scan", "New MIBG-avid lesions in the pelvis and right humerus, consistent with relapse."),
        ("FDG PET-CT", "New focal uptake right femur, suspicious for relapse."),
        ("CT abdomen", "Recurrence in the left adrenal bed."),
        ("MRI spine", "Suspected recurrent disease at L2."),
        ("Bone marrow trephine", "Infiltration by neuroblastoma cells. Findings indicate relapse."),
        ("MIBG scan", "Progressive disease."),
        ("MIBG scan", "New avid focus in the femur. No soft-tissue disease."),
        ("MIBG scan", "Relapse 2026 in the skull."),
    ],
)
def test_given_a_report_that_finds_or_suspects_relapse_when_read_then_it_is_suspected_on_that_day(
    title: str, conclusion: str
) -> None:
    """A suspected relapse of a confirmed neuroblastoma opens the biopsy only; a report proves none."""
    facts = read(primary(), scan(conclusion, title=title))

    assert isinstance(facts.disease_event, Known)
    assert facts.disease_event.value is DiseaseEvent.SUSPECTED_RELAPSE
    assert facts.disease_event.confidence is Confidence.TEXT
    assert facts.disease_event.sources == ("DiagnosticReport/scan-2026-11-12",)
    assert isinstance(facts.event_date, Known)
    assert facts.event_date.value == date(2026, 11, 12)


@pytest.mark.parametrize(
    ("title", "conclusion"),
    [
        ("MRI abdomen", "Indication: suspected relapse. No evidence of recurrence."),
        ("MRI abdomen", "Relapse? No lesion."),
        ("MIBG scan", "Relapse surveillance. No evidence of disease."),
        ("MIBG scan", "Previous relapse in the skull, now clear."),
        ("MIBG scan", "Relapse of 2024 in complete remission."),
        ("MIBG scan", "Relapse in complete remission. No avid lesion."),
        ("MIBG scan", "New focus of physiological uptake."),
        ("MIBG scan", "Possible relapse."),
        ("CT chest", "New benign lesion of the rib."),
        ("CT chest", "No new lesions."),
        ("Urinary catecholamines", "Relapse likely."),
        ("CT chest", "Relapse not suspected."),
        ("CT chest", "No finding suspicious for relapse."),
    ],
)
def test_given_a_report_that_finds_none_when_read_then_nothing_is_suspected(title: str, conclusion: str) -> None:
    """Hazard: the question to the radiologist, or a look back, read as a relapse."""
    assert event(primary(), scan(conclusion, title=title)) is DiseaseEvent.NONE


def test_given_a_new_lesion_when_found_within_a_month_of_the_diagnosis_then_it_is_part_of_it() -> None:
    new = "New avid lesion in the femur."

    assert event(neuroblastoma(onsetDateTime="2026-10-15"), scan(new)) is DiseaseEvent.NONE
    assert event(neuroblastoma(onsetDateTime="2026-10-14"), scan(new)) is DiseaseEvent.SUSPECTED_RELAPSE
    assert event(neuroblastoma(), scan(new)) is DiseaseEvent.NONE
    assert event(neuroblastoma(), scan("Relapse in the femur.")) is DiseaseEvent.SUSPECTED_RELAPSE


@pytest.mark.parametrize(
    ("later", "expected"),
    [
        (scan(CLEAN, "2026-11-20"), DiseaseEvent.NONE),
        (evaluated("Complete response", "2026-11-20"), DiseaseEvent.NONE),
        (evaluated("Stable disease", "2026-11-20"), DiseaseEvent.SUSPECTED_RELAPSE),
        (scan(CLEAN, "2026-11-02"), DiseaseEvent.SUSPECTED_RELAPSE),
        (scan(CLEAN, "2026-11-20", status="preliminary"), DiseaseEvent.SUSPECTED_RELAPSE),
        (scan("Fracture of the rib.", "2026-11-20"), DiseaseEvent.SUSPECTED_RELAPSE),
        (scan("Relapse is no longer suspected.", "2026-11-20"), DiseaseEvent.NONE),
    ],
)
def test_given_a_suspicion_when_a_later_result_denies_it_then_it_is_gone(
    later: dict[str, Any], expected: DiseaseEvent
) -> None:
    assert event(primary(), scan("Recurrence in the left adrenal bed."), later) is expected


def test_given_an_old_or_future_suspicion_when_read_then_nothing() -> None:
    """Engineering choice: 90 days."""
    found = scan("Recurrence in the left adrenal bed.", "2026-08-24")

    assert event(primary(), found) is DiseaseEvent.SUSPECTED_RELAPSE
    assert event(primary(), found, as_of=date(2026, 11, 23)) is DiseaseEvent.NONE
    assert event(primary(), found, as_of=date(2026, 8, 23)) is DiseaseEvent.NONE


def test_given_a_relapse_in_remission_when_a_later_scan_suspects_another_then_that_counts() -> None:
    over = relapse(clinical="remission", text="Relapse of neuroblastoma")

    assert event(primary(), over, scan("Recurrence in the skull.")) is DiseaseEvent.SUSPECTED_RELAPSE
    assert event(primary(), over, scan("Recurrence in the skull.", "2026-05-25"), as_of=date(2026, 6, 1)) is (
        DiseaseEvent.IN_REMISSION
    )
    assert event(primary(), relapse(), scan("Recurrence in the skull.")) is DiseaseEvent.FIRST_RELAPSE


def test_given_progressive_disease_by_criteria_when_no_event_is_recorded_then_it_is_progression_of_its_first_day() -> (
    None
):
    """Row A5: first progression during frontline therapy."""
    facts = read(
        neuroblastoma(onsetDateTime="2026-03-01"),
        evaluated("Partial response", "2026-08-01"),
        evaluated("Progressive disease", "2026-10-01"),
        evaluated("PD", "2026-11-10"),
    )

    assert isinstance(facts.disease_event, Known)
    assert facts.disease_event.value is DiseaseEvent.PROGRESSION
    assert isinstance(facts.event_date, Known)
    assert facts.event_date.value == date(2026, 10, 1)


@pytest.mark.parametrize("category", ["Partial response", "Stable disease", "CR"])
def test_given_a_later_category_when_read_then_the_progression_is_over(category: str) -> None:
    resources = (evaluated("Progressive disease", "2026-10-01"), evaluated(category, "2026-11-10"))

    assert event(primary(), *resources) is DiseaseEvent.NONE
    assert event(primary(), evaluated("see letter", "2026-11-10"), resources[0]) is DiseaseEvent.PROGRESSION


@pytest.mark.parametrize(
    "observed",
    [
        observation(worded("Response of the leukaemia"), said("Progressive disease"), on="2026-11-10"),
        observation(
            worded("INRC overall response"),
            said("Progressive disease"),
            on="2026-11-10",
            focus=[{"reference": "Condition/other"}],
        ),
    ],
)
def test_given_progression_of_another_disease_when_read_then_nothing(observed: dict[str, Any]) -> None:
    """Hazard: a leukaemia that progresses read as progression of a neuroblastoma in remission."""
    assert event(primary(), observed) is DiseaseEvent.NONE


def test_given_progression_in_focus_of_the_tumour_when_read_then_it_counts() -> None:
    focus = [{"reference": "Condition/dx"}]
    observed = observation(worded("INRC overall response"), said("PD"), on="2026-11-10", focus=focus)

    assert event(primary(), observed) is DiseaseEvent.PROGRESSION


@pytest.mark.parametrize(
    ("words", "suspected"),
    [
        ("SD after 4 cycles of induction", True),
        ("SD after 3 cycles of induction", False),
        ("Stable disease after cycle 5 of induction", True),
        ("Minor response after 6 induction cycles", True),
        ("PR after 6 induction cycles", False),
        ("CR after 6 induction cycles", False),
        ("SD after 6 cycles of re-induction", False),
        ("SD after 6 cycles", False),
        ("SD after induction. Next evaluation in 6 cycles", False),
        ("SD after induction, 20 cycles", False),
    ],
)
def test_given_less_than_pr_after_cycles_of_induction_when_read_then_refractory_disease_is_suspected(
    words: str, suspected: bool
) -> None:
    """Row A6 (ANBL1221-UTSW): less than PR after at least 4 induction cycles; no entry calls it refractory."""
    found = event(primary(), evaluated(words, "2026-11-12"))

    assert found is (DiseaseEvent.SUSPECTED_REFRACTORY if suspected else DiseaseEvent.NONE)


def test_given_a_later_or_an_old_evaluation_when_read_then_refractory_disease_is_no_longer_suspected() -> None:
    poor = evaluated("SD after 5 cycles of induction", "2026-08-24")

    assert event(primary(), poor) is DiseaseEvent.SUSPECTED_REFRACTORY
    assert event(primary(), poor, as_of=date(2026, 11, 23)) is DiseaseEvent.NONE
    assert event(primary(), poor, evaluated("PR", "2026-11-01")) is DiseaseEvent.NONE
    assert event(primary(), poor, evaluated("PD", "2026-11-01")) is DiseaseEvent.PROGRESSION


def test_given_a_suspected_relapse_beside_it_when_read_then_the_relapse_is_the_suspicion() -> None:
    poor = evaluated("SD after 5 cycles of induction", "2026-11-01")

    assert event(primary(), poor, scan("Recurrence in the skull.")) is DiseaseEvent.SUSPECTED_RELAPSE
    assert event(primary(), relapse(), poor) is DiseaseEvent.FIRST_RELAPSE
