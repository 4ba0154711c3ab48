"""The disease event and its date (relapse-pathway table A; coding notes, section 2.1)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from hooks.facts.fact import Confidence, Conflicting, Known, Unknown
from hooks.pathways.relapsed_neuroblastoma.facts import DiseaseEvent
from hooks.pathways.relapsed_neuroblastoma.reading.disease import DiseaseFacts, read_disease
from tests.unit.reading_chart import (
    ABSENT,
    ABSENT_ANSWER,
    AS_OF,
    ICD_CM,
    LOINC,
    PRESENT,
    SNOMED,
    coded,
    condition,
    neuroblastoma,
    observation,
    primary,
    record,
    relapse,
    said,
    worded,
)

RECURRENCE = coded(SNOMED, "277647002", "r - Tumor recurrence")
STATUS = coded(LOINC, "97509-4")
WORSENED = {"valueCodeableConcept": coded(SNOMED, "271299001")}
IN_REMISSION = {"valueCodeableConcept": coded(SNOMED, "550991000124107")}
OF_THE_TUMOUR = {"focus": [{"reference": "Condition/dx"}]}


def read(*resources: dict[str, Any]) -> DiseaseFacts:
    return read_disease(record(*resources), AS_OF)


def event(*resources: dict[str, Any]) -> tuple[DiseaseEvent, Confidence]:
    fact = read(*resources).disease_event
    assert isinstance(fact, Known)
    return fact.value, fact.confidence


def day(*resources: dict[str, Any]) -> tuple[date, Confidence]:
    fact = read(*resources).event_date
    assert isinstance(fact, Known)
    return fact.value, fact.confidence


@pytest.mark.parametrize("status", ["relapse", "recurrence"])
def test_given_a_relapse_of_its_own_when_read_then_first_relapse_coded_with_its_onset(status: str) -> None:
    chart = (primary(), relapse(clinical=status))

    assert event(*chart) == (DiseaseEvent.FIRST_RELAPSE, Confidence.CODED)
    assert day(*chart) == (date(2026, 5, 18), Confidence.CODED)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Relapsed neuroblastoma", DiseaseEvent.FIRST_RELAPSE),
        ("Neuroblastoma, first relapse", DiseaseEvent.FIRST_RELAPSE),
        ("Recurrent neuroblastoma", DiseaseEvent.FIRST_RELAPSE),
        ("Relapsed/refractory neuroblastoma", DiseaseEvent.FIRST_RELAPSE),
        ("Neuroblastoma, second relapse", DiseaseEvent.LATER_RELAPSE),
        ("Neuroblastoma, 2nd relapse", DiseaseEvent.LATER_RELAPSE),
        ("Neuroblastoma, multiple relapses", DiseaseEvent.LATER_RELAPSE),
        ("Multiply relapsed neuroblastoma", DiseaseEvent.LATER_RELAPSE),
        ("Neuroblastoma, re-relapse", DiseaseEvent.LATER_RELAPSE),
        ("Neuroblastoma, relapsed twice", DiseaseEvent.LATER_RELAPSE),
        ("Neuroblastoma, first progression during induction", DiseaseEvent.PROGRESSION),
        ("Progressive neuroblastoma", DiseaseEvent.PROGRESSION),
        ("Refractory neuroblastoma", DiseaseEvent.REFRACTORY),
    ],
)
@pytest.mark.parametrize("status", ["active", None])
def test_given_an_event_in_words_when_read_then_text(text: str, expected: DiseaseEvent, status: str | None) -> None:
    chart = (primary(), relapse(clinical=status, text=text))

    assert event(*chart) == (expected, Confidence.TEXT)
    assert day(*chart) == (date(2026, 5, 18), Confidence.TEXT)


def test_given_an_event_in_a_local_codes_display_when_read_then_coded_local() -> None:
    local = condition(coded("http://local", "7", "Refractory neuroblastoma"), id="rel", onsetDateTime="2026-05-18")

    assert event(primary(), local) == (DiseaseEvent.REFRACTORY, Confidence.CODED_LOCAL)


@pytest.mark.parametrize(
    "text",
    ["Neuroblastoma, no evidence of relapse", "Neuroblastoma, rule out relapse", "Neuroblastoma, high risk of relapse",
     "Neuroblastoma, relapse-free", "Neuroblastoma, surveillance for recurrence", "Neuroblastoma. Sister: relapse.",
     "High-risk neuroblastoma", "Neuroblastoma, MYCN status unknown"],
)  # fmt: skip
def test_given_a_denied_or_feared_relapse_when_read_then_no_event(text: str) -> None:
    """Hazard: chemotherapy for relapse offered to a child in remission."""
    assert event(neuroblastoma(text=text, onsetDateTime="2023-09-14")) == (DiseaseEvent.NONE, Confidence.CODED)


@pytest.mark.parametrize(
    "chart",
    [
        (primary(),),
        (neuroblastoma(onsetDateTime="2023-09-14"),),
        (primary(), relapse(verification="refuted")),
        (primary(), relapse(verification="entered-in-error")),
        (primary(), condition(coded(ICD_CM, "C91.02"), "relapse", onsetDateTime="2026-05-18")),
        (primary(), {"resourceType": "FamilyMemberHistory", "condition": [{"code": worded("Neuroblastoma relapse")}]}),
        (primary(), observation(coded(LOINC, "11146-8"), said("39"))),
    ],
)
def test_given_no_relapse_of_this_tumour_when_read_then_none(chart: tuple[dict[str, Any], ...]) -> None:
    assert event(*chart)[0] is DiseaseEvent.NONE
    assert isinstance(read(*chart).event_date, Unknown)


@pytest.mark.parametrize(
    "suspicion",
    [
        relapse(verification="provisional"),
        relapse(verification="differential"),
        relapse(clinical="active", text="Suspected relapse of neuroblastoma"),
        relapse(clinical="active", text="Neuroblastoma, relapse?"),
        relapse(clinical="active", text="Neuroblastoma, relapse not confirmed"),
        condition(RECURRENCE, "active", "provisional", id="rel", onsetDateTime="2026-05-18"),
        observation(RECURRENCE, said("possible recurrence"), id="rel", on="2026-05-18"),
    ],
)
def test_given_a_suspected_relapse_of_a_confirmed_tumour_when_read_then_suspected(suspicion: dict[str, Any]) -> None:
    assert event(primary(), suspicion)[0] is DiseaseEvent.SUSPECTED_RELAPSE
    assert day(primary(), suspicion)[0] == date(2026, 5, 18)


@pytest.mark.parametrize(
    "over",
    [
        relapse(clinical="remission", text="Neuroblastoma, first relapse"),
        relapse(clinical="resolved", text="Neuroblastoma, first relapse"),
        relapse(clinical="inactive", text="Neuroblastoma, first relapse"),
        relapse(abatementDateTime="2026-05-30"),
    ],
)
def test_given_a_relapse_that_is_over_when_read_then_in_remission(over: dict[str, Any]) -> None:
    assert event(primary(), over)[0] is DiseaseEvent.IN_REMISSION


def test_given_a_relapse_code_whose_own_words_deny_it_when_read_then_conflict() -> None:
    fact = read(primary(), relapse(text="Neuroblastoma, no evidence of relapse")).disease_event

    assert isinstance(fact, Conflicting)
    assert fact.values == (DiseaseEvent.FIRST_RELAPSE, DiseaseEvent.IN_REMISSION)


def test_given_two_relapses_well_apart_when_read_then_a_later_relapse_with_the_last_date() -> None:
    first = relapse(clinical="remission", id="r1", text="Neuroblastoma, relapse", onsetDateTime="2024-06-10")

    assert event(primary(), first, relapse()) == (DiseaseEvent.LATER_RELAPSE, Confidence.CODED)
    assert day(primary(), first, relapse()) == (date(2026, 5, 18), Confidence.CODED)


@pytest.mark.parametrize("onset", ["2026-05-18", "2026-05-01", "2026-04-20"])
def test_given_one_relapse_entered_twice_when_read_then_it_is_one(onset: str) -> None:
    again = relapse(id="r2", onsetDateTime=onset)

    assert event(primary(), again, relapse())[0] is DiseaseEvent.FIRST_RELAPSE


def test_given_the_words_first_relapse_on_the_last_entry_when_counted_then_they_settle_it() -> None:
    older = relapse(id="r1", onsetDateTime="2026-02-01")

    assert event(primary(), older, relapse(text="Neuroblastoma, first relapse"))[0] is DiseaseEvent.FIRST_RELAPSE
    assert event(primary(), older, relapse())[0] is DiseaseEvent.LATER_RELAPSE


def test_given_a_suspected_second_relapse_when_read_then_the_first_stays_the_event() -> None:
    suspicion = relapse(id="r2", verification="provisional", onsetDateTime="2026-05-28")

    assert event(primary(), relapse(), suspicion)[0] is DiseaseEvent.FIRST_RELAPSE


def test_given_a_suspicion_after_a_relapse_in_remission_when_read_then_suspected() -> None:
    over = relapse(clinical="remission", id="r1", text="Neuroblastoma, relapse", onsetDateTime="2024-06-10")

    assert event(primary(), over, relapse(verification="provisional"))[0] is DiseaseEvent.SUSPECTED_RELAPSE


def test_given_a_new_entry_well_after_a_closed_one_when_read_then_relapse_as_text() -> None:
    later = neuroblastoma(id="c2", onsetDateTime="2026-05-18")
    soon = neuroblastoma(id="c2", onsetDateTime="2024-03-01")

    assert event(primary(), later) == (DiseaseEvent.FIRST_RELAPSE, Confidence.TEXT)
    assert event(primary(), soon)[0] is DiseaseEvent.NONE
    assert event(primary(), neuroblastoma(id="c2"))[0] is DiseaseEvent.NONE


@pytest.mark.parametrize(
    ("began", "expected"), [("2024-03-19", DiseaseEvent.FIRST_RELAPSE), ("2024-03-18", DiseaseEvent.NONE)]
)
@pytest.mark.parametrize("code", [coded(SNOMED, "94222008"), coded(ICD_CM, "C79.52"), coded(SNOMED, "128462008")])
def test_given_a_metastasis_when_read_then_only_a_metachronous_one_points_to_relapse(
    code: dict[str, Any], began: str, expected: DiseaseEvent
) -> None:
    """More than six months after the first onset (coding notes 2.1; the six months are an engineering choice)."""
    chart = (neuroblastoma(onsetDateTime="2023-09-14"), condition(code, id="m", onsetDateTime=began))

    assert event(*chart)[0] is expected


def test_given_a_metastasis_found_after_a_dated_relapse_when_counted_then_it_is_no_second_relapse() -> None:
    spread = condition(coded(SNOMED, "94222008"), id="m", onsetDateTime="2026-08-20")

    assert event(primary(), relapse(), spread)[0] is DiseaseEvent.FIRST_RELAPSE
    assert day(primary(), relapse(), spread)[0] == date(2026, 5, 18)


def test_given_a_suspected_or_refuted_metastasis_when_read_then_it_is_a_suspicion_or_nothing() -> None:
    def spread(verification: str) -> dict[str, Any]:
        return condition(coded(SNOMED, "94222008"), "active", verification, id="m", onsetDateTime="2026-05-18")

    assert event(primary(), spread("provisional"))[0] is DiseaseEvent.SUSPECTED_RELAPSE
    assert event(primary(), spread("refuted"))[0] is DiseaseEvent.NONE


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ([OF_THE_TUMOUR], (DiseaseEvent.FIRST_RELAPSE, Confidence.CODED)),
        ([OF_THE_TUMOUR, PRESENT], (DiseaseEvent.FIRST_RELAPSE, Confidence.CODED)),
        ([OF_THE_TUMOUR, {"status": "unknown"}], (DiseaseEvent.FIRST_RELAPSE, Confidence.TEXT)),
        ([], (DiseaseEvent.FIRST_RELAPSE, Confidence.TEXT)),
        ([said("second relapse")], (DiseaseEvent.LATER_RELAPSE, Confidence.TEXT)),
        ([ABSENT_ANSWER], (DiseaseEvent.NONE, Confidence.CODED)),
        ([{"valueBoolean": False}], (DiseaseEvent.NONE, Confidence.CODED)),
        ([{"dataAbsentReason": coded(ABSENT, "unknown")}], (DiseaseEvent.NONE, Confidence.CODED)),
        ([{"status": "entered-in-error"}], (DiseaseEvent.NONE, Confidence.CODED)),
        ([{"status": "preliminary"}], (DiseaseEvent.NONE, Confidence.CODED)),
        ([{"focus": [{"reference": "Condition/other"}]}], (DiseaseEvent.NONE, Confidence.CODED)),
        ([{"focus": [{"reference": "RelatedPerson/m"}]}], (DiseaseEvent.NONE, Confidence.CODED)),
    ],
)
def test_given_an_observation_of_recurrence_when_read_then_coded_only_if_linked(
    parts: list[dict[str, Any]], expected: tuple[DiseaseEvent, Confidence]
) -> None:
    assert event(primary(), observation(RECURRENCE, *parts, on="2026-05-18")) == expected


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ({"extension": [{"url": "x", "valueReference": {"reference": "Condition/dx"}}]}, Confidence.CODED),
        ({"evidence": [{"detail": [{"reference": "Condition/dx"}]}]}, Confidence.CODED),
        ({}, Confidence.TEXT),
        ({"extension": [{"url": "x", "valueReference": {"reference": "Condition/other"}}]}, None),
        ({"verificationStatus": worded("refuted")}, None),
    ],
)
def test_given_a_condition_of_recurrence_when_read_then_coded_only_if_linked(
    parts: dict[str, Any], expected: Confidence | None
) -> None:
    chart = (primary(), condition(RECURRENCE, id="rec", recordedDate="2026-05-18", **parts))

    assert event(*chart)[0] is (DiseaseEvent.FIRST_RELAPSE if expected else DiseaseEvent.NONE)
    assert event(*chart)[1] is (expected or Confidence.CODED)
    if expected:
        assert day(*chart) == (date(2026, 5, 18), Confidence.TEXT)


def test_given_a_recurrence_qualifier_when_read_then_relapse_as_local_code() -> None:
    qualified = relapse(clinical="active", severity=coded(SNOMED, "255227004"))

    assert event(primary(), qualified) == (DiseaseEvent.FIRST_RELAPSE, Confidence.CODED_LOCAL)


def test_given_a_worsened_status_when_read_then_progression_as_text_never_relapse() -> None:
    worse = observation(STATUS, WORSENED, on="2026-05-18")

    assert event(primary(), worse) == (DiseaseEvent.PROGRESSION, Confidence.TEXT)
    assert day(primary(), worse) == (date(2026, 5, 18), Confidence.TEXT)


def test_given_a_worsened_status_beside_a_relapse_when_read_then_the_relapse_is_the_event() -> None:
    worse = observation(STATUS, WORSENED, on="2026-05-30")

    assert event(primary(), relapse(), worse)[0] is DiseaseEvent.FIRST_RELAPSE


def test_given_a_worsened_status_before_full_remission_when_read_then_in_remission() -> None:
    chart = (observation(STATUS, WORSENED, on="2024-01-02"), observation(STATUS, IN_REMISSION, id="o2"))

    assert event(primary(), *chart)[0] is DiseaseEvent.IN_REMISSION


def test_given_worsened_statuses_well_apart_or_undated_when_read_then_progression_without_a_date() -> None:
    apart = (observation(STATUS, WORSENED, on="2026-04-19"), observation(STATUS, WORSENED, id="o2", on="2026-05-18"))
    close = (observation(STATUS, WORSENED, on="2026-04-20"), observation(STATUS, WORSENED, id="o2", on="2026-05-18"))
    undated = (observation(STATUS, WORSENED, on=None), observation(STATUS, WORSENED, id="o2"))

    for chart in (apart, undated):
        assert event(primary(), *chart)[0] is DiseaseEvent.PROGRESSION
        assert isinstance(read(primary(), *chart).event_date, Unknown)
    assert day(primary(), *close)[0] == date(2026, 4, 20)


def test_given_a_status_in_words_when_read_then_relapse_or_refractory_without_a_date() -> None:
    relapsed = observation(STATUS, said("in relapse"))
    refractory = observation(STATUS, said("refractory after 5 induction cycles"))

    assert event(primary(), relapsed) == (DiseaseEvent.FIRST_RELAPSE, Confidence.TEXT)
    assert event(primary(), refractory) == (DiseaseEvent.REFRACTORY, Confidence.TEXT)
    assert isinstance(read(primary(), relapsed).event_date, Unknown)


@pytest.mark.parametrize(
    "chart",
    [
        (neuroblastoma(text="Neuroblastoma with stable residual mass"),),
        (primary(), observation(STATUS, said("PR, residual mass unchanged"))),
    ],
)
def test_given_a_stable_residual_mass_when_read_then_it_is_not_yet_a_relapse(chart: tuple[dict[str, Any], ...]) -> None:
    assert event(*chart) == (DiseaseEvent.RESIDUAL_STABLE, Confidence.TEXT)


@pytest.mark.parametrize(
    "chart",
    [
        (neuroblastoma(text="Neuroblastoma, no residual mass, stable"),),
        (neuroblastoma(text="Residual paresis. Neuroblastoma stable"),),
        (neuroblastoma(note=[{"text": "Options at relapse were explained. Residual mass stable."}]),),
        (primary(), observation(STATUS, said("PR"), note=[{"text": "relapse feared"}])),
    ],
)
def test_given_notes_and_other_residues_when_read_then_they_make_no_event(chart: tuple[dict[str, Any], ...]) -> None:
    """Hazard: a conversation about relapse, noted beside the diagnosis, read as a relapse."""
    assert event(*chart)[0] is DiseaseEvent.NONE


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Neuroblastoma, relapse 2024, now in remission", DiseaseEvent.IN_REMISSION),
        ("Relapsed neuroblastoma in second remission", DiseaseEvent.IN_REMISSION),
        ("Neuroblastoma, relapse after first remission", DiseaseEvent.FIRST_RELAPSE),
        ("Neuroblastoma, relapse, not in remission", DiseaseEvent.FIRST_RELAPSE),
    ],
)
def test_given_a_relapse_in_words_when_they_say_remission_too_then_only_present_remission_ends_it(
    text: str, expected: DiseaseEvent
) -> None:
    assert event(primary(), relapse(clinical="active", text=text))[0] is expected


def test_given_a_relapse_code_when_its_words_say_in_remission_then_conflict() -> None:
    assert isinstance(read(primary(), relapse(text="Neuroblastoma, in complete remission")).disease_event, Conflicting)


def test_given_words_of_relapse_and_full_remission_in_one_status_when_read_then_in_remission() -> None:
    status = observation(STATUS, {"valueCodeableConcept": coded(SNOMED, "103338009", text="after relapse")})

    assert event(primary(), status)[0] is DiseaseEvent.IN_REMISSION


def test_given_a_relapse_entered_at_every_visit_when_read_then_it_is_one_dated_by_the_first_entry() -> None:
    """Hazard: encounter diagnoses of one relapse counted as several."""
    visits = [neuroblastoma("relapse", id=f"v{month}", recordedDate=f"2026-0{month}-20") for month in (4, 2, 3)]

    assert event(primary(), *visits)[0] is DiseaseEvent.FIRST_RELAPSE
    assert day(primary(), *visits) == (date(2026, 2, 20), Confidence.TEXT)
    assert day(primary(), *visits, relapse(onsetDateTime="2026-02-11")) == (date(2026, 2, 11), Confidence.CODED)


def test_given_no_neuroblastoma_when_read_then_there_is_no_event_to_know() -> None:
    facts = read(condition(worded("Asthma"), "relapse"))

    assert isinstance(facts.disease_event, Unknown)
    assert isinstance(facts.event_date, Unknown)
