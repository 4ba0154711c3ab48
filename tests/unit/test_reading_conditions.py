"""Conditions as read, whatever the disease: statuses folded, words and codes apart, dates and relations."""

from __future__ import annotations

from typing import Any

import pytest

from hooks.facts.conditions import Clinical, ConditionReading, Verified, read_condition
from hooks.facts.dates import read_date
from tests.unit.reading_chart import ICD_CM, ICD_O, MORPHOLOGY, SNOMED, coded, condition, worded

SITE = {"coding": [{"system": SNOMED, "code": "14016003", "display": "Bone marrow"}], "text": "marrow"}


@pytest.mark.parametrize(
    ("status", "folded", "stands"),
    [
        ("active", Clinical.ACTIVE, True),
        ("relapse", Clinical.RELAPSE, True),
        ("recurrence", Clinical.RELAPSE, True),
        ("inactive", Clinical.INACTIVE, False),
        ("remission", Clinical.REMISSION, False),
        ("resolved", Clinical.INACTIVE, False),
        ("gone", Clinical.UNSTATED, True),
        (None, Clinical.UNSTATED, True),
    ],
)
def test_given_a_clinical_status_when_read_then_relapse_is_a_child_of_active(
    status: str | None, folded: Clinical, *, stands: bool
) -> None:
    reading = read_condition(condition(worded("x"), status))

    assert (reading.clinical, reading.stands) == (folded, stands)


@pytest.mark.parametrize(
    ("status", "folded"),
    [
        ("confirmed", Verified.CONFIRMED),
        *((status, Verified.SUSPECTED) for status in ("provisional", "differential", "unconfirmed")),
        *((status, Verified.DROPPED) for status in ("refuted", "entered-in-error")),
        (None, Verified.UNSTATED),
    ],
)
def test_given_a_verification_when_read_then_doubt_is_suspected_and_refutation_drops(
    status: str | None, folded: Verified
) -> None:
    assert read_condition(condition(worded("x"), verification=status)).verified is folded


@pytest.mark.parametrize(
    "status", ["relapse", {"text": "Relapse"}, [{"coding": [{"display": "RELAPSE"}]}], {"code": "relapse"}]
)
def test_given_a_status_in_an_older_or_odd_form_when_read_then_it_is_the_same(status: object) -> None:
    assert read_condition({"clinicalStatus": status}).clinical is Clinical.RELAPSE


def test_given_two_statuses_when_read_then_the_more_telling_and_the_more_cautious_one() -> None:
    both = {"coding": [{"code": "active"}, {"code": "recurrence"}]}
    doubted = {"coding": [{"code": "confirmed"}, {"code": "provisional"}]}

    reading = read_condition({"clinicalStatus": both, "verificationStatus": doubted})

    assert (reading.clinical, reading.verified) == (Clinical.RELAPSE, Verified.SUSPECTED)


@pytest.mark.parametrize(
    ("element", "abated"),
    [
        ({"abatementDateTime": "2024-01-01"}, True),
        ({"abatementString": "long ago"}, True),
        ({"abatementBoolean": True}, True),
        ({"abatementBoolean": False}, False),
        ({"abatementAge": {}}, False),
    ],
)
def test_given_an_abatement_when_read_then_the_condition_does_not_stand(
    element: dict[str, Any], *, abated: bool
) -> None:
    reading = read_condition(condition(worded("x"), "relapse", **element))

    assert reading.abated is abated
    assert reading.stands is not abated


def test_given_a_full_condition_when_read_then_every_part_has_its_place() -> None:
    resource = condition(
        {
            "coding": [
                {"system": ICD_CM, "code": "C74.90", "display": "Adrenal gland, unspecified"},
                {"system": "http://local", "code": "NB-R", "display": "Relapsed neuroblastoma"},
                {"code": 3},
            ],
            "text": "NB relapse",
        },
        onsetDateTime="2026-05",
        recordedDate="2026-05-20",
        note=[{"text": "seen"}, {"text": 3}, "x"],
        bodySite=[SITE, "spine"],
        extension=[
            {"url": MORPHOLOGY, "valueCodeableConcept": coded(ICD_O, "9500/3")},
            {"url": "x", "extension": [{"valueCoding": {"system": SNOMED, "code": "723509005"}}]},
            {"url": "http://hl7.org/fhir/StructureDefinition/condition-assertedDate", "valueDateTime": "2026-05-19"},
            {
                "url": "http://hl7.org/fhir/StructureDefinition/condition-related",
                "valueReference": {"reference": "Condition/c0"},
            },
            "odd",
        ],
        evidence=[{"detail": [{"reference": "Observation/o1"}, {"reference": 3}]}, {"detail": 4}],
    )

    reading = read_condition(resource)

    assert reading == ConditionReading(
        source="Condition/c1",
        concepts=("neuroblastoma.site.icd(nonspecific:needs histology/text/child)",),
        extra_concepts=("neuroblastoma.morphology", "high_risk.qualifier", "body_site.bone_marrow"),
        codings=((ICD_CM, "C74.90"), ("http://local", "NB-R"), (ICD_O, "9500/3"), (SNOMED, "723509005")),
        site_codings=((SNOMED, "14016003"),),
        text="NB relapse | Adrenal gland, unspecified",
        local="Relapsed neuroblastoma",
        notes="seen",
        clinical=Clinical.ACTIVE,
        verified=Verified.CONFIRMED,
        onset=read_date("2026-05"),
        recorded=read_date("2026-05-20"),
        asserted=read_date("2026-05-19"),
        body_site="marrow | Bone marrow",
        related=("Condition/c0", "Observation/o1"),
    )
    assert reading.words == "NB relapse | Adrenal gland, unspecified | Relapsed neuroblastoma | seen"


def test_given_an_older_condition_when_read_then_its_own_names_for_dates_count() -> None:
    reading = read_condition({"dateRecorded": "2026-05-20", "assertedDate": "2026-05-19"})

    assert (reading.recorded, reading.asserted) == (read_date("2026-05-20"), read_date("2026-05-19"))
    assert reading.source == "Resource"
