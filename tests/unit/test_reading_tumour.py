"""Which tumour a Condition names, and the gate (coding notes, section 2.1): exclusions win over inclusions."""

from __future__ import annotations

import time
from typing import Any

import pytest

from hooks.facts.fact import Confidence
from hooks.pathways.relapsed_neuroblastoma.facts import Diagnosis
from hooks.pathways.relapsed_neuroblastoma.reading.gate import concerns
from hooks.pathways.relapsed_neuroblastoma.reading.tumour import Tumour, tumour_of
from tests.unit.reading_chart import (
    ICD,
    ICD_CM,
    ICD_O,
    MORPHOLOGY,
    NCIT,
    ONCOTREE,
    SNOMED,
    coded,
    condition,
    neuroblastoma,
    worded,
)

GERMAN = "http://fhir.de/CodeSystem/bfarm/icd-10-gm"


def morphology(code: str, system: str = ICD_O, site: dict[str, Any] | None = None) -> dict[str, Any]:
    extension = [{"url": MORPHOLOGY, "valueCodeableConcept": coded(system, code)}]
    return condition(site or coded(ICD_CM, "C74.90"), extension=extension)


def named(resource: dict[str, Any]) -> Tumour | None:
    found = tumour_of(resource)
    return found[0] if found else None


@pytest.mark.parametrize(
    "resource",
    [
        condition(coded(SNOMED, "432328008")),
        condition(coded("urn:oid:2.16.840.1.113883.6.96", " 432328008 ")),
        condition(coded(SNOMED, "281562007")),
        condition(coded(SNOMED, "87364003")),
        condition(coded(ICD_O, "9500/3")),
        condition(coded(NCIT, "C3270")),
        condition(coded(NCIT, "C4827")),
        condition(coded(ONCOTREE, "NBL")),
        morphology("9500/3"),
        morphology("87364003", SNOMED),
        morphology("9500/3", site=coded(ICD_O, "C74.0")),
        condition(coded(ICD_O, "9500/3"), bodySite=[coded(ICD_O, "C74.9")]),
        condition(coded(SNOMED, "432328008"), bodySite=[coded(SNOMED, "12738006", "Brain structure")]),
        condition({"coding": [{"system": ICD_CM, "code": "C74.90"}, {"system": SNOMED, "code": "432328008"}]}),
        condition(coded(SNOMED, "432328008", text="Neuroblastoma matured to ganglioneuroma")),
    ],
)
def test_given_a_code_of_neuroblastoma_in_any_system_when_read_then_coded(resource: dict[str, Any]) -> None:
    assert named(resource) == Tumour(Diagnosis.NEUROBLASTOMA, Confidence.CODED)
    assert concerns([resource], "patient-view")


@pytest.mark.parametrize(
    ("resource", "diagnosis", "confidence"),
    [
        (condition(coded(SNOMED, "116381000119105")), Diagnosis.GANGLIONEUROBLASTOMA, Confidence.CODED),
        (condition(coded(SNOMED, "822950002")), Diagnosis.GANGLIONEUROBLASTOMA_NODULAR, Confidence.CODED),
        (condition(coded(SNOMED, "822951003")), Diagnosis.GANGLIONEUROBLASTOMA, Confidence.CODED),
        (condition(coded(NCIT, "C42058")), Diagnosis.GANGLIONEUROBLASTOMA_NODULAR, Confidence.CODED),
        (condition(coded(ICD_O, "9490/3", text="nodular")), Diagnosis.GANGLIONEUROBLASTOMA_NODULAR, Confidence.CODED),
        (condition(worded("Ganglioneuroblastoma, nodular")), Diagnosis.GANGLIONEUROBLASTOMA_NODULAR, Confidence.TEXT),
        (condition(worded("Ganglioneuroma or ganglioneuroblastoma")), Diagnosis.GANGLIONEUROBLASTOMA, Confidence.TEXT),
        (condition(worded("Neuroblastoma")), Diagnosis.NEUROBLASTOMA, Confidence.TEXT),
        (condition(worded("Neuroblastoma, CNS relapse")), Diagnosis.NEUROBLASTOMA, Confidence.TEXT),
        (condition(coded("http://local", "7", "Neuroblastoma")), Diagnosis.NEUROBLASTOMA, Confidence.CODED_LOCAL),
        *(
            (condition(coded(system, code, text="Neuroblastoma")), Diagnosis.NEUROBLASTOMA, Confidence.CODED_LOCAL)
            for system, code in [
                (ICD_CM, "C74.90"), (ICD_CM, "C7490"), (ICD_CM, "c74.12"), (ICD, "C74.9"), (ICD, "C47.1"),
                (GERMAN, "C74.9-"), (ICD_CM, "C47.9"), (ICD_CM, "C38.2"), (ICD, "C48.0"),
            ]
        ),
        (condition(coded(ICD_CM, "C74.90"), note=[{"text": "Histology: neuroblastoma"}]), Diagnosis.NEUROBLASTOMA,
         Confidence.TEXT),
    ],
)  # fmt: skip
def test_given_words_and_other_codes_when_read_then_kind_and_confidence(
    resource: dict[str, Any], diagnosis: Diagnosis, confidence: Confidence
) -> None:
    assert named(resource) == Tumour(diagnosis, confidence)
    assert concerns([resource], "patient-view")


@pytest.mark.parametrize(
    ("resource", "diagnosis"),
    [
        (condition(coded(SNOMED, "116371000119107")), Diagnosis.GANGLIONEUROMA),
        (condition(coded(ICD_O, "9490/0")), Diagnosis.GANGLIONEUROMA),
        (condition(coded(NCIT, "C3049")), Diagnosis.GANGLIONEUROMA),
        (condition(coded(ONCOTREE, "GN")), Diagnosis.GANGLIONEUROMA),
        (condition(worded("Ganglioneuroma")), Diagnosis.GANGLIONEUROMA),
        (condition(coded(SNOMED, "432328008", text="Ganglioneuroma")), Diagnosis.GANGLIONEUROMA),
        (condition(coded(SNOMED, "422886007")), Diagnosis.OTHER),
        (condition(coded(ICD_O, "9522/3")), Diagnosis.OTHER),
        (condition(worded("Olfactory neuroblastoma")), Diagnosis.OTHER),
        (condition(worded("Esthesioneuroblastoma")), Diagnosis.OTHER),
        (condition(coded(SNOMED, "281560004")), Diagnosis.OTHER),
        (condition(worded("CNS neuroblastoma, FOXR2-activated")), Diagnosis.OTHER),
        (condition(worded("Cerebral neuroblastoma")), Diagnosis.OTHER),
        (condition(worded("Neuroblastoma-like schwannoma, recurrent")), Diagnosis.OTHER),
        (morphology("9500/3", site=coded(ICD_CM, "C71.9")), Diagnosis.OTHER),
        (morphology("9500/3", site=coded(ICD_CM, "C71.3")), Diagnosis.OTHER),
        (morphology("9500/3", site=coded(ICD_O, "C71.0")), Diagnosis.OTHER),
        (
            condition({"coding": [coded(ICD_O, "9500/3")["coding"][0], coded(ICD_O, "C710")["coding"][0]]}),
            Diagnosis.OTHER,
        ),
        (condition(coded(ICD_O, "9500/3"), bodySite=[coded(ICD_O, "C71.0")]), Diagnosis.OTHER),
        (condition(coded(ICD_O, "9500/3"), bodySite=coded(ICD, "C71.9")), Diagnosis.OTHER),
        (condition(coded(SNOMED, "443333004")), Diagnosis.OTHER),
        (condition(worded("Medulloblastoma")), Diagnosis.OTHER),
        (condition(coded(ICD_CM, "C74.01", text="Neuroblastoma")), Diagnosis.OTHER),
        (condition(coded(ICD, "C74.0")), Diagnosis.OTHER),
        (condition(coded(ICD_CM, "C30.0", text="Neuroblastoma")), Diagnosis.OTHER),
        (condition(coded(ICD_CM, "D36.17", text="Neuroblastoma")), Diagnosis.OTHER),
    ],
)
def test_given_an_excluded_tumour_when_read_then_the_exclusion_wins(
    resource: dict[str, Any], diagnosis: Diagnosis
) -> None:
    """Hazard: chemotherapy for relapsed neuroblastoma offered to a child with another or a benign tumour."""
    found = named(resource)

    assert found is not None
    assert (found.diagnosis, found.counts) == (diagnosis, False)
    assert not concerns([resource], "patient-view")
    assert not concerns([resource], "order-select")


@pytest.mark.parametrize(
    "resource",
    [
        condition(worded("no neuroblastoma")),
        condition(worded("Family history of neuroblastoma")),
        condition(worded("Brother with neuroblastoma")),
        condition(worded("History of neuroblastoma")),
        condition(worded("Rule out neuroblastoma")),
        condition(coded(ICD_CM, "Z85.858", text="Neuroblastoma")),
        condition(coded(SNOMED, "266987004", text="Neuroblastoma")),
        condition(coded(SNOMED, "94222008", text="Bone metastases of neuroblastoma")),
        condition(coded(ICD_CM, "C74.90", text="no neuroblastoma")),
        condition(coded(ICD_CM, "C38.2")),
        condition(coded(ICD_CM, "C91.02", "Acute lymphoblastic leukaemia, in relapse")),
        condition(worded("Retinoblastoma")),
        condition(worded("Asthma")),
        neuroblastoma(verification="refuted"),
        neuroblastoma(verification="entered-in-error"),
        {"resourceType": "Condition"},
        {"resourceType": "Condition", "code": "neuroblastoma"},
    ],
)
def test_given_no_present_neuroblastoma_when_read_then_nothing(resource: dict[str, Any]) -> None:
    assert named(resource) is None
    assert not concerns([resource], "order-sign")


@pytest.mark.parametrize("code", ["C74.90", "C74.1", "C47.3"])
def test_given_a_site_code_alone_when_read_then_possible_and_it_opens_nothing(code: str) -> None:
    resource = condition(coded(ICD_CM, code))

    assert named(resource) == Tumour(Diagnosis.POSSIBLE, Confidence.TEXT, suspected=True)
    assert not concerns([resource], "patient-view")
    assert not concerns([resource], "order-select")


@pytest.mark.parametrize(
    "resource",
    [
        neuroblastoma(verification="provisional"),
        neuroblastoma(verification="differential"),
        neuroblastoma(verification="unconfirmed"),
        condition(worded("Suspected neuroblastoma")),
        condition(worded("Neuroblastoma?")),
        condition(coded(ICD_CM, "C74.90", text="Neuroblastoma not confirmed")),
    ],
)
def test_given_a_suspected_neuroblastoma_when_gated_then_only_order_services_may_speak(
    resource: dict[str, Any],
) -> None:
    found = named(resource)

    assert found is not None
    assert found.suspected
    assert not concerns([resource], "patient-view")
    assert concerns([resource], "order-select")
    assert concerns([resource], "order-sign")


def test_given_an_old_ganglioneuroma_beside_a_neuroblastoma_when_gated_then_the_neuroblastoma_opens() -> None:
    assert concerns([condition(coded(SNOMED, "116371000119107")), neuroblastoma()], "patient-view")


def test_given_odd_entries_when_gated_then_they_are_passed_over() -> None:
    odd: list[Any] = [None, 3, {}, {"code": [1]}, {"code": {"coding": {"code": 7, "display": 8}}, "extension": 4}]

    assert not concerns(odd, "patient-view")


def test_given_a_display_of_its_name_alone_when_gated_then_it_is_read() -> None:
    assert concerns([condition({"coding": [{"display": "Neuroblastoma"}]})], "patient-view")


def test_given_two_hundred_other_conditions_when_gated_then_it_takes_milliseconds() -> None:
    others = [condition(coded(SNOMED, "44054006", "Diabetes mellitus type 2"), id=str(i)) for i in range(200)]
    started = time.perf_counter()

    assert not concerns(others, "patient-view")
    assert time.perf_counter() - started < 0.1
