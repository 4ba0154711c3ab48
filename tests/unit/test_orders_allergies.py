"""Allergies: substance or class, severity, what does not stand, and how silence differs from none."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from hooks.facts.allergies import AllergyReading, read_allergies
from hooks.facts.fact import Confidence, Known, Unknown, Why
from hooks.pathways.relapsed_neuroblastoma.reading.orders import read_board
from hooks.record import KeyState, PatientRecord

SNOMED = "http://snomed.info/sct"
ATC = "http://www.whocc.no/atc"
BETA = {"coding": [{"system": ATC, "code": "L01FX06"}], "text": "dinutuximab beta"}


def allergy(code: object = BETA, **more: Any) -> dict[str, Any]:
    return {
        "resourceType": "AllergyIntolerance",
        "id": "a",
        "clinicalStatus": {"coding": [{"code": "active"}]},
        "verificationStatus": {"coding": [{"code": "confirmed"}]},
        "code": code,
        **more,
    }


def read(*resources: dict[str, Any]) -> tuple[AllergyReading, ...]:
    return read_allergies(PatientRecord("p1", {"AllergyIntolerance": resources}))


def test_given_a_coded_allergy_when_read_then_substance_reaction_and_date_are_known() -> None:
    (found,) = read(
        allergy(
            criticality="high",
            reaction=[{"manifestation": [{"coding": [{"system": SNOMED, "code": "39579001"}]}], "severity": "severe"}],
            recordedDate="2026-03-01",
        )
    )

    assert found == AllergyReading(
        source="AllergyIntolerance/a",
        concept="drug.dinutuximab_beta",
        text="dinutuximab beta",
        severe=True,
        anaphylaxis=True,
        date=date(2026, 3, 1),
        confidence=Confidence.CODED,
    )


@pytest.mark.parametrize(
    ("more", "severe", "anaphylaxis"),
    [
        ({}, False, False),
        ({"criticality": "high"}, True, False),
        ({"criticality": "CRITH"}, True, False),
        ({"criticality": "low"}, False, False),
        ({"reaction": [{"severity": "severe"}]}, True, False),
        ({"reaction": [{"severity": "mild", "manifestation": [{"text": "rash"}]}]}, False, False),
        ({"reaction": [{"manifestation": [{"text": "Anaphylactic shock"}]}]}, True, True),
        ({"reaction": {"manifestation": {"text": "anaphylaxis"}}}, True, True),
        ({"reaction": [{"manifestation": [{"concept": {"text": "anaphylaxis"}}]}]}, True, True),
        ({"reaction": [{"description": "anaphylaxis within minutes"}]}, True, True),
        ({"reaction": [None, 3, {"manifestation": 7, "description": 7}]}, False, False),
    ],
)
def test_given_a_reaction_when_read_then_severity_is_told(
    more: dict[str, Any], *, severe: bool, anaphylaxis: bool
) -> None:
    (found,) = read(allergy(**more))

    assert (found.severe, found.anaphylaxis) == (severe, anaphylaxis)


@pytest.mark.parametrize(
    "more",
    [
        {"clinicalStatus": {"coding": [{"code": "resolved"}]}},
        {"clinicalStatus": {"coding": [{"code": "inactive"}]}},
        {"clinicalStatus": {"text": "Inactive"}},
        {"verificationStatus": {"coding": [{"code": "refuted"}]}},
        {"verificationStatus": "entered-in-error"},
        {"status": "refuted", "clinicalStatus": None},
    ],
)
def test_given_an_allergy_that_does_not_stand_when_read_then_it_is_left_out(more: dict[str, Any]) -> None:
    assert read(allergy(**more)) == ()


@pytest.mark.parametrize(
    "text", ["No known allergies", "NKDA", "No Known Drug Allergy", "no drug allergies", "none known"]
)
def test_given_no_known_allergy_when_read_then_it_is_no_allergy(text: str) -> None:
    assert read(allergy({"coding": [{"system": SNOMED, "code": "716186003", "display": text}]})) == ()


@pytest.mark.parametrize(
    ("code", "concepts", "confidence"),
    [
        ({"text": "Qarziba"}, ["drug.dinutuximab_beta"], Confidence.TEXT),
        ({"text": "cephalosporins"}, ["cephalosporin"], Confidence.TEXT),
        ({"text": "sulfamethoxazole / codeine"}, ["drug.co_trimoxazole", "drug.codeine"], Confidence.TEXT),
        ({"text": "peanut"}, [""], Confidence.TEXT),
        ({"coding": [{"system": ATC, "code": "D10AD04"}]}, ["drug.isotretinoin"], Confidence.CODED),
        ({"coding": [{"system": "urn:local", "code": 5}, {"code": "X1"}]}, [""], Confidence.TEXT),
    ],
)
def test_given_a_substance_when_read_then_it_is_a_drug_a_class_or_words(
    code: dict[str, Any], concepts: list[str], confidence: Confidence
) -> None:
    """An allergy is to the substance: the local form of a drug counts here."""
    found = read(allergy(code))

    assert [item.concept for item in found] == concepts
    assert {item.confidence for item in found} == {confidence}
    assert all(item.text for item in found)


def test_given_an_unconfirmed_allergy_when_read_then_it_is_worth_a_text() -> None:
    (found,) = read(allergy(verificationStatus={"coding": [{"code": "unconfirmed"}]}))

    assert found.confidence is Confidence.TEXT


def test_given_only_a_day_of_each_reaction_when_read_then_the_last_one_dates_the_allergy() -> None:
    """Hazard: a dated anaphylaxis to the antibody is told as undated, and only asks."""
    reactions = [{"onset": "2023-01-02"}, {"onset": "2024-11-02"}, {"onset": None}, {}]

    (found,) = read(allergy(reaction=reactions))

    assert found.date == date(2024, 11, 2)


def test_given_the_shape_of_dstu2_when_read_then_substance_and_onset_are_found() -> None:
    old = {
        "resourceType": "AllergyIntolerance",
        "id": "old",
        "status": "active",
        "substance": {"text": "temozolomide"},
        "reaction": [{"substance": {"text": "dacarbazine"}}],
        "onsetDateTime": "2026-01-02",
    }

    found = read(old)

    assert [item.concept for item in found] == ["drug.temozolomide", "drug.dacarbazine"]
    assert found[0].date == date(2026, 1, 2)


@pytest.mark.parametrize(
    ("keys", "why"),
    [
        ({}, Why.NOT_FOUND),
        ({"allergies": KeyState.MISSING}, Why.NOT_RETRIEVED),
        ({"allergies": KeyState.FAILED}, Why.NOT_RETRIEVED),
        ({"allergies": KeyState.TRUNCATED}, Why.NOT_RETRIEVED),
    ],
)
def test_given_allergies_that_nobody_could_ask_for_when_read_then_they_are_unknown(
    keys: dict[str, KeyState], why: Why
) -> None:
    """Hazard: missing allergies are read as no allergies."""
    assert read_board(PatientRecord("p1", keys=keys), date(2026, 11, 22)).allergies == Unknown(why, ("allergies",))


def test_given_an_empty_answer_when_read_then_there_are_known_to_be_none() -> None:
    for state in (KeyState.EMPTY, KeyState.PRESENT):
        board = read_board(PatientRecord("p1", keys={"allergies": state}), date(2026, 11, 22))

        assert board.allergies == Known(())


def test_given_an_allergy_on_the_board_when_read_then_it_carries_what_was_read() -> None:
    record = PatientRecord("p1", {"AllergyIntolerance": (allergy(),)}, keys={"allergies": KeyState.TRUNCATED})

    fact = read_board(record, date(2026, 11, 22)).allergies

    assert isinstance(fact, Known)
    assert fact.sources == ("AllergyIntolerance/a",)
    assert fact.value[0].concept == "drug.dinutuximab_beta"
