"""Words of relapse, progression and refractory disease that speak of something else, or that nobody here reads."""

from __future__ import annotations

from typing import Any

import pytest

from hooks.facts.fact import Known
from hooks.pathways.relapsed_neuroblastoma.facts import DiseaseEvent
from hooks.pathways.relapsed_neuroblastoma.reading.disease import read_disease
from hooks.terminology.table import normal_system
from tests.unit.reading_chart import AS_OF, ICD_CM, SNOMED, TBD, coded, condition, observation, record, said, worded

HAPPENED = {
    DiseaseEvent.FIRST_RELAPSE,
    DiseaseEvent.LATER_RELAPSE,
    DiseaseEvent.PROGRESSION,
    DiseaseEvent.REFRACTORY,
}


def event(*resources: dict[str, Any]) -> object:
    fact = read_disease(record(*resources), AS_OF).disease_event
    return fact.value if isinstance(fact, Known) else type(fact)


def named(words: str) -> dict[str, Any]:
    code = coded(SNOMED, "432328008", text=f"Neuroblastoma, {words}")
    return condition(code, "active", id="dx", onsetDateTime="2023-09-14", recordedDate="2023-09-14")


@pytest.mark.parametrize(
    "words",
    ["recurrent otitis media", "refractory nausea", "progressive scoliosis", "relapsing fever", "relapse prevention",
     "relapse surveillance", "relapse clinic visit", "exclude relapse", "to exclude recurrence", "kein relapse",
     "V.a. relapse", "sin progression", "pas de progression", "progression ausgeschlossen", "relapse: nein",
     "relapse: non", "relapse: see note", "Recurrence score"],
)  # fmt: skip
def test_given_words_of_something_else_when_read_then_nothing_happened(words: str) -> None:
    """Hazard: a relapse regimen for a child with recurrent otitis media or a relapse that was ruled out."""
    assert event(named(words)) not in HAPPENED


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("recurrent high-risk disease of the left adrenal", DiseaseEvent.FIRST_RELAPSE),
        ("recurrent metastatic neuroblastoma after transplant", DiseaseEvent.FIRST_RELAPSE),
        ("relapse confirmed in bone marrow", DiseaseEvent.FIRST_RELAPSE),
        ("progressive disease", DiseaseEvent.PROGRESSION),
        ("refractory to induction", DiseaseEvent.REFRACTORY),
        ("Recurrent MYCN-amplified neuroblastoma", DiseaseEvent.FIRST_RELAPSE),
        ("recurrent intra-abdominal bulky neuroblastoma", DiseaseEvent.FIRST_RELAPSE),
        ("recurrent MIBG-avid disease", DiseaseEvent.FIRST_RELAPSE),
        ("recurrent bone marrow infiltration", DiseaseEvent.FIRST_RELAPSE),
        ("refractory osteomedullary disease", DiseaseEvent.REFRACTORY),
        ("progressive leptomeningeal disease", DiseaseEvent.PROGRESSION),
        ("refractory stage 4", DiseaseEvent.REFRACTORY),
        ("refractory disease: less than partial response after induction", DiseaseEvent.REFRACTORY),
    ],
)
def test_given_words_of_the_tumour_when_read_then_it_happened(words: str, expected: DiseaseEvent) -> None:
    assert event(named(words)) is expected


def recurrence(value: dict[str, Any]) -> dict[str, Any]:
    return observation(coded(SNOMED, "277647002"), value, id="rc", on="2026-05-18")


@pytest.mark.parametrize("value", ["rule out", "surveillance", "complete remission", "relapse prevention"])
def test_given_a_coded_recurrence_whose_value_is_not_read_when_read_then_only_suspected(value: str) -> None:
    dx = condition(coded(SNOMED, "432328008"), "active", id="dx", onsetDateTime="2023-09-14")

    assert event(dx, recurrence(said(value))) is DiseaseEvent.SUSPECTED_RELAPSE


def test_given_a_coded_recurrence_with_its_site_when_read_then_a_relapse() -> None:
    dx = condition(coded(SNOMED, "432328008"), "active", id="dx", onsetDateTime="2023-09-14")

    assert event(dx, recurrence({"valueCodeableConcept": coded(SNOMED, "14016003")})) is DiseaseEvent.FIRST_RELAPSE


@pytest.mark.parametrize(
    ("verification", "expected"),
    [("confirmed", DiseaseEvent.SUSPECTED_RELAPSE), ("refuted", DiseaseEvent.NONE)],
)
def test_given_a_modified_condition_when_read_then_at_most_suspected(verification: str, expected: DiseaseEvent) -> None:
    """Hazard: a modifier that nobody understands says "not"."""
    dx = condition(coded(SNOMED, "432328008"), "active", id="dx", onsetDateTime="2023-09-14")
    modified = condition(
        coded(SNOMED, "432328008"),
        "relapse",
        id="rel",
        onsetDateTime="2026-05-18",
        verificationStatus=worded(verification),
        modifierExtension=[{"url": "http://x.example/not", "valueBoolean": True}],
    )

    assert event(dx, modified) is expected


@pytest.mark.parametrize("system", [TBD, ICD_CM])
def test_given_any_system_of_the_table_when_sent_with_another_scheme_or_case_then_it_is_that_system(
    system: str,
) -> None:
    assert normal_system(system.replace("http://", "https://").upper()) == system
