"""Stage and risk group at diagnosis (coding notes 2.1 and 2.5, relapse-pathway table B)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from hooks.facts.fact import Confidence, Conflicting, Known, Unknown
from hooks.pathways.relapsed_neuroblastoma.facts import RiskGroup, Stage
from hooks.pathways.relapsed_neuroblastoma.reading.disease import read_disease
from hooks.pathways.relapsed_neuroblastoma.reading.staging import risk_in_text, stage_in_text, stage_of_codes
from tests.unit.reading_chart import (
    ABSENT,
    AS_OF,
    LOINC,
    NCIT,
    POSITIVE,
    SNOMED,
    born,
    coded,
    fish,
    neuroblastoma,
    observation,
    primary,
    record,
    relapse,
    said,
    worded,
)

INSS, INRGSS, HIGH_RISK = coded(SNOMED, "409720004"), coded(NCIT, "C133427"), coded(SNOMED, "258270003")
HIGH = {"valueCodeableConcept": coded(SNOMED, "723509005", "High risk")}
SNOMED_STAGES = [
    ("409722007", Stage.INSS_1), ("409723002", Stage.INSS_2A), ("409724008", Stage.INSS_2B),
    ("409725009", Stage.INSS_3), ("409726005", Stage.INSS_4), ("409727001", Stage.INSS_4S),
]  # fmt: skip
NCIT_STAGES = [("C133428", Stage.L1), ("C133429", Stage.L2), ("C133430", Stage.M), ("C133431", Stage.MS)]
ALL_STAGES = [*((SNOMED, *pair) for pair in SNOMED_STAGES), *((NCIT, *pair) for pair in NCIT_STAGES)]


def stage(*resources: dict[str, Any]) -> Any:
    return read_disease(record(*resources), AS_OF).stage


def risk(*resources: dict[str, Any]) -> Any:
    return read_disease(record(*resources), AS_OF).risk_group


def staged(
    code: str, system: str = NCIT, *, on: str | None = "2023-09-20", name: str = "stage", **more: Any
) -> dict[str, Any]:
    return observation(
        INRGSS if system == NCIT else INSS, {"valueCodeableConcept": coded(system, code)}, on=on, id=name, **more
    )


@pytest.mark.parametrize(("system", "code", "expected"), ALL_STAGES)
def test_given_a_coded_stage_when_read_then_exactly_that_stage(system: str, code: str, expected: Stage) -> None:
    """MS is not M and 4S is not 4: no prefix matching."""
    for chart in (
        (primary(), staged(code, system)),
        (primary(stage=[{"summary": coded(system, code)}]),),
        (primary(stage={"summary": coded(system, f" {code.lower()} ")}),),
    ):
        fact = stage(*chart)

        assert isinstance(fact, Known)
        assert (fact.value, fact.confidence) == (expected, Confidence.CODED)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Neuroblastoma stage M", Stage.M),
        ("stage MS", Stage.MS),
        ("INSS stage 4", Stage.INSS_4),
        ("INSS 4S", Stage.INSS_4S),
        ("stage 4-S", Stage.INSS_4S),
        ("stage IV", Stage.INSS_4),
        ("stage IV-S", Stage.INSS_4S),
        ("Stage III", Stage.INSS_3),
        ("stage 2a", Stage.INSS_2A),
        ("INRGSS L2", Stage.L2),
        ("stage 4 at diagnosis, restaged as stage 3", None),
        ("stage 9", None),
        ("stage", None),
        ("M", None),
    ],
)
def test_given_a_stage_in_words_when_read_then_only_whole_words_count(text: str, expected: Stage | None) -> None:
    assert stage_in_text(text) is expected


def test_given_a_stage_alone_in_its_own_element_when_read_then_the_bare_letter_counts() -> None:
    assert stage_in_text("MS", alone=True) is Stage.MS
    assert stage_in_text("M disease", alone=True) is None
    for chart in ((primary(), observation(INRGSS, said("M"))), (primary(stage=[{"summary": worded("M")}, 3]),)):
        fact = stage(*chart)
        assert isinstance(fact, Known)
        assert (fact.value, fact.confidence) == (Stage.M, Confidence.TEXT)


def test_given_words_of_the_diagnosis_when_read_then_stage_as_text() -> None:
    fact = stage(primary(text="High-risk neuroblastoma stage M"))

    assert isinstance(fact, Known)
    assert (fact.value, fact.confidence) == (Stage.M, Confidence.TEXT)


@pytest.mark.parametrize(
    ("chart", "expected"),
    [
        ((staged("C133428"), staged("C133430", on="2026-05-20", name="s2")), Stage.L1),
        ((staged("C133429"), staged("C133430", on="2023-12-01", name="s2")), Stage.L2),
        ((staged("409725009", SNOMED), staged("C133430", name="s2")), Stage.M),
        ((staged("C133430"), observation(INRGSS, said("L1"), id="s2", on="2023-09-14")), Stage.M),
    ],
)
def test_given_several_stages_when_read_then_the_one_of_the_diagnosis(
    chart: tuple[dict[str, Any], ...], expected: Stage
) -> None:
    fact = stage(primary(), relapse(), *chart)

    assert isinstance(fact, Known)
    assert fact.value is expected


@pytest.mark.parametrize(
    "observed",
    [
        staged("C133430", on="2026-05-20"),
        staged("C133430", status="preliminary"),
        staged("C133430", dataAbsentReason=coded(ABSENT, "unknown")),
        staged("C133430", focus=[{"reference": "Condition/other"}]),
        staged("C133430", focus=[{"reference": "RelatedPerson/m"}]),
        observation(worded("Fall risk"), said("stage M")),
        observation(worded("Tanner stage"), said("4")),
        observation(worded("Stage of chronic kidney disease"), said("stage 4")),
        observation(worded("Neuroblastoma group"), said("4")),
        observation(INRGSS, said("not assessed")),
    ],
)
def test_given_a_stage_at_relapse_or_of_somebody_else_when_read_then_unknown(observed: dict[str, Any]) -> None:
    assert stage(primary(), relapse(), observed) == Unknown(looked_in=("status", "conditions"))


@pytest.mark.parametrize(
    "title", ["INRGSS stage", "INSS", "Stage at diagnosis", "Tumour staging", "Neuroblastoma stage"]
)
def test_given_a_stage_under_a_title_in_words_when_read_then_text(title: str) -> None:
    fact = stage(primary(), observation(worded(title), said("4S"), on="2023-09-16"))

    assert isinstance(fact, Known)
    assert (fact.value, fact.confidence) == (Stage.INSS_4S, Confidence.TEXT)


def test_given_two_stages_of_one_day_when_read_then_conflict() -> None:
    assert isinstance(stage(primary(), staged("C133428"), staged("C133430", name="s2")), Conflicting)


def test_given_a_status_unknown_when_read_then_text() -> None:
    fact = stage(primary(), staged("C133430", status="unknown"))

    assert isinstance(fact, Known)
    assert fact.confidence is Confidence.TEXT


@pytest.mark.parametrize(
    ("chart", "expected", "confidence"),
    [
        ([observation(HIGH_RISK, HIGH)], RiskGroup.HIGH, Confidence.CODED),
        ([observation(INRGSS, HIGH)], RiskGroup.HIGH, Confidence.CODED),
        ([observation(worded("Risk group"), HIGH, focus=[{"reference": "Condition/dx"}])], RiskGroup.HIGH,
         Confidence.CODED),
        ([observation(worded("Neuroblastoma risk"), HIGH)], RiskGroup.HIGH, Confidence.CODED),
        ([observation(worded("INRG risk group"), said("intermediate risk"))], RiskGroup.INTERMEDIATE,
         Confidence.TEXT),
        ([observation(HIGH_RISK, {"valueCodeableConcept": coded(SNOMED, "723505004", "Low risk")})], RiskGroup.LOW,
         Confidence.CODED_LOCAL),
        ([observation(HIGH_RISK, HIGH, status="unknown")], RiskGroup.HIGH, Confidence.TEXT),
        ([observation(worded("Risk group at diagnosis"), HIGH)], RiskGroup.HIGH, Confidence.CODED),
        ([observation(worded("Risk group"), said("Low risk"))], RiskGroup.LOW, Confidence.TEXT),
        ([observation(worded("Risk stratification"), said("Intermediate"))], RiskGroup.INTERMEDIATE, Confidence.TEXT),
    ],
)  # fmt: skip
def test_given_a_stated_risk_group_when_read_then_it_counts(
    chart: list[dict[str, Any]], expected: RiskGroup, confidence: Confidence
) -> None:
    fact = risk(primary(), *chart)

    assert isinstance(fact, Known)
    assert (fact.value, fact.confidence) == (expected, confidence)


def test_given_the_risk_in_the_condition_when_read_then_coded_or_text() -> None:
    by_code = risk(primary(severity=coded(SNOMED, "723509005")))
    by_words = risk(primary(text="Neuroblastoma, low risk"))

    assert isinstance(by_code, Known)
    assert isinstance(by_words, Known)
    assert (by_code.value, by_code.confidence) == (RiskGroup.HIGH, Confidence.CODED)
    assert (by_words.value, by_words.confidence) == (RiskGroup.LOW, Confidence.TEXT)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("High-risk neuroblastoma", RiskGroup.HIGH),
        ("high risk", RiskGroup.HIGH),
        ("Relapsed high-risk neuroblastoma", RiskGroup.HIGH),
        ("not high-risk", None),
        ("high risk of infection", None),
        ("high risk for relapse", None),
        ("low risk or high risk", None),
        ("risk unknown", None),
    ],
)
def test_given_a_risk_group_in_words_when_read_then_only_an_affirmed_one(text: str, expected: RiskGroup | None) -> None:
    assert risk_in_text(text) is expected


@pytest.mark.parametrize(
    "observed",
    [
        observation(worded("Risk of falling"), HIGH),
        observation(worded("Fall risk group"), HIGH),
        observation(worded("Risk of disease"), HIGH),
        observation(worded("Risk group"), said("higher")),
        observation(worded("Initial group"), HIGH),
        observation(worded("Neuroblastoma"), HIGH),
        observation(HIGH_RISK, said("see report")),
        observation(HIGH_RISK, HIGH, status="cancelled"),
    ],
)
def test_given_another_risk_when_read_then_the_risk_group_is_unknown(observed: dict[str, Any]) -> None:
    """Hazard: a high risk of falling read as high-risk neuroblastoma."""
    assert risk(primary(), observed) == Unknown(looked_in=("status", "conditions"))


# Table B: only what every system with that stage agrees on. The child is diagnosed on 2023-09-14.
@pytest.mark.parametrize(
    ("born_on", "code", "system", "amplified", "high"),
    [
        ("2022-03-16", "C133430", NCIT, False, True),
        ("2022-03-17", "C133430", NCIT, False, False),
        ("2023-03-01", "C133430", NCIT, True, True),
        ("2022-03-15", "409726005", SNOMED, False, True),
        ("2022-03-16", "409726005", SNOMED, False, False),
        ("2023-03-01", "409726005", SNOMED, True, True),
        ("2023-03-01", "409727001", SNOMED, True, True),
        ("2023-03-01", "409723002", SNOMED, True, True),
        ("2023-03-01", "409722007", SNOMED, True, False),
        ("2020-03-01", "C133431", NCIT, False, False),
        ("2020-03-01", "C133431", NCIT, True, True),
        ("2020-03-01", "C133429", NCIT, True, True),
        ("2020-03-01", "C133429", NCIT, False, False),
        ("2020-03-01", "C133428", NCIT, True, False),
        ("2022", "C133430", NCIT, False, False),
        ("2021", "C133430", NCIT, False, True),
        (None, "C133430", NCIT, False, False),
    ],
)
def test_given_stage_age_and_mycn_at_diagnosis_when_derived_then_high_only_by_a_row_of_the_table(
    born_on: str | None, code: str, system: str, *, amplified: bool, high: bool
) -> None:
    """COG version 2 and HR-NBL2 for INRGSS (547 days), NCT00808899 for INSS (over 547 days)."""
    chart = [primary(), relapse(), staged(code, system)]
    chart.extend([born(born_on)] if born_on else [])
    chart.extend([fish(POSITIVE, on="2023-09-15")] if amplified else [])

    fact = risk(*chart)

    if high:
        assert isinstance(fact, Known)
        assert (fact.value, fact.confidence) == (RiskGroup.HIGH, Confidence.CODED)
    else:
        assert fact == Unknown(looked_in=("status", "conditions"))


def test_given_mycn_amplified_only_at_relapse_when_derived_then_it_says_nothing_of_the_diagnosis() -> None:
    chart = [primary(), relapse(), staged("C133429"), born("2020-03-01")]

    assert isinstance(risk(*chart, fish(POSITIVE, on="2026-05-20")), Unknown)
    assert isinstance(risk(primary(), staged("C133429"), fish(POSITIVE, on="2023-09-20")), Known)


def test_given_words_for_a_part_when_derived_then_the_weakest_part_gives_the_confidence() -> None:
    fact = risk(primary(), relapse(), staged("C133429"), fish(said("amplified"), on="2023-09-15"))

    assert isinstance(fact, Known)
    assert (fact.confidence, fact.sources) == (Confidence.TEXT, ("Observation/stage", "Observation/o1"))


def test_given_a_stated_group_against_the_derived_one_when_read_then_conflict() -> None:
    chart = (primary(text="Neuroblastoma, low risk"), staged("C133430"), born("2020-03-01"))

    fact = risk(*chart)

    assert isinstance(fact, Conflicting)
    assert fact.values == (RiskGroup.LOW, RiskGroup.HIGH)
    assert risk(primary(text="High-risk neuroblastoma"), *chart[1:]).value is RiskGroup.HIGH


def test_given_two_stated_groups_of_equal_confidence_when_read_then_conflict() -> None:
    other = neuroblastoma(text="Neuroblastoma, intermediate risk", id="c2")

    assert isinstance(risk(primary(text="Neuroblastoma, low risk"), other), Conflicting)
    assert risk(primary(text="Neuroblastoma, low risk"), other, observation(HIGH_RISK, HIGH)).value is RiskGroup.HIGH


def test_given_no_neuroblastoma_when_read_then_neither_stage_nor_risk() -> None:
    facts = read_disease(record(staged("C133430"), observation(HIGH_RISK, HIGH), born()), AS_OF)

    assert isinstance(facts.stage, Unknown)
    assert isinstance(facts.risk_group, Unknown)


def test_given_a_dated_stage_when_read_then_its_day_is_kept() -> None:
    assert stage(primary(), staged("C133430")).date == date(2023, 9, 20)
    assert stage(primary(), staged("C133430", on=None)).date is None
    assert (
        stage(primary(), observation(coded(LOINC, "21908-9"), {"valueCodeableConcept": coded(NCIT, "C133430")})).value
        is Stage.M
    )


def test_given_odd_codings_before_the_stage_when_read_then_they_are_passed_over() -> None:
    odd = {"coding": [{"system": 1}, {"system": NCIT, "code": None}, {"system": NCIT, "code": "C133431"}]}

    assert stage_of_codes(odd) is Stage.MS
    assert stage_of_codes({"coding": [{"system": NCIT, "code": "C1"}]}) is None
