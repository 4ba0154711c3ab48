"""Sites of active disease, local relapse, MIBG avidity: believed, denied, former, too old."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from hooks.facts.fact import Confidence, Conflicting, Fact, Known, Unknown, YesNo, is_value
from hooks.pathways.relapsed_neuroblastoma.facts import Site
from hooks.pathways.relapsed_neuroblastoma.reading.chart_results import read_results
from hooks.pathways.relapsed_neuroblastoma.reading.site_words import sites_affirmed
from hooks.pathways.relapsed_neuroblastoma.reading.sites import read_local_only, read_sites, staging_of
from hooks.record import PatientRecord

AS_OF = date(2026, 11, 22)
EVENT = date(2026, 9, 10)
SNOMED, ICD10CM = "http://snomed.info/sct", "http://hl7.org/fhir/sid/icd-10-cm"
BONE_METASTASIS, LIVER_METASTASIS, SECONDARY, MARROW_STRUCTURE = "94222008", "94381002", "128462008", "14016003"


def condition(code: dict[str, Any], on: str | None = "2026-09-10", **more: Any) -> dict[str, Any]:
    resource = {
        "resourceType": "Condition",
        "id": more.pop("id", "c"),
        "code": code,
        "clinicalStatus": {"coding": [{"code": more.pop("clinical", "active")}]},
        "verificationStatus": {"coding": [{"code": more.pop("verification", "confirmed")}]},
    }
    if on:
        resource["onsetDateTime"] = on
    return {**resource, **more}


def coded(system: str, code: str) -> dict[str, Any]:
    return {"coding": [{"system": system, "code": code}]}


def relapse(**more: Any) -> dict[str, Any]:
    code = more.pop("code", {"text": "Neuroblastoma, relapsed"})
    return condition(code, **{"clinical": "relapse", "id": "nb", **more})


def report(title: str, conclusion: str, on: str = "2026-09-12", **more: Any) -> dict[str, Any]:
    return {
        "resourceType": "DiagnosticReport",
        "id": more.pop("id", "r"),
        "status": "final",
        "code": {"text": title},
        "effectiveDateTime": on,
        "conclusion": conclusion,
        **more,
    }


def record(*resources: dict[str, Any]) -> PatientRecord:
    by_type: dict[str, tuple[dict[str, Any], ...]] = {}
    for resource in resources:
        by_type[resource["resourceType"]] = (*by_type.get(resource["resourceType"], ()), resource)
    return PatientRecord("p", by_type)


def sites(*resources: dict[str, Any], event: date | None = EVENT) -> Fact[frozenset[Site]]:
    chart = record(*resources)
    return read_sites(staging_of(chart, read_results(chart), event, AS_OF))


def local_only(*resources: dict[str, Any]) -> Fact[YesNo]:
    chart = record(*resources)
    staging = staging_of(chart, read_results(chart), EVENT, AS_OF)
    return read_local_only(staging, read_sites(staging))


def test_given_no_statement_on_sites_when_read_then_unknown_and_never_metastatic() -> None:
    chart = relapse()

    facts = (sites(chart), local_only(chart))

    assert all(isinstance(fact, Unknown) for fact in facts)


@pytest.mark.parametrize(
    ("code", "site", "confidence"),
    [
        (coded(SNOMED, BONE_METASTASIS), Site.BONE, Confidence.CODED),
        (coded(SNOMED, LIVER_METASTASIS), Site.LIVER, Confidence.CODED),
        (coded(ICD10CM, "C79.51"), Site.BONE, Confidence.CODED),
        (coded(ICD10CM, "C7952"), Site.MARROW, Confidence.CODED),
        (coded(ICD10CM, "C79.31"), Site.CNS, Confidence.CODED),
        (coded(ICD10CM, "C79.49"), Site.CNS, Confidence.TEXT),
        (coded(ICD10CM, "C77.9"), Site.LYMPH_NODE, Confidence.CODED),
        (coded(ICD10CM, "C79.2"), Site.SKIN, Confidence.CODED),
        ({**coded(SNOMED, SECONDARY), "text": "Pulmonary metastasis"}, Site.LUNG, Confidence.TEXT),
        ({"text": "Metastasis to bone"}, Site.BONE, Confidence.TEXT),
        ({**coded("urn:local", "77"), "text": "Bone metastasis"}, Site.BONE, Confidence.TEXT),
    ],
)
def test_given_a_secondary_cancer_when_read_then_its_site(
    code: dict[str, Any], site: Site, confidence: Confidence
) -> None:
    fact = sites(condition(code))

    assert isinstance(fact, Known)
    assert fact.value == {site}
    assert fact.confidence is confidence
    assert fact.date == EVENT


def test_given_bone_marrow_when_read_then_it_is_not_bone() -> None:
    fact = sites(condition(coded(ICD10CM, "C79.52")))

    assert is_value(fact, frozenset({Site.MARROW}))


@pytest.mark.parametrize(
    ("body_site", "confidence"),
    [(coded(SNOMED, MARROW_STRUCTURE), Confidence.CODED), ({"text": "bone marrow"}, Confidence.CODED_LOCAL)],
    ids=["coded", "text"],
)
def test_given_a_body_site_of_the_relapse_when_read_then_it_counts(
    body_site: dict[str, Any], confidence: Confidence
) -> None:
    fact = sites(relapse(bodySite=[body_site]))

    assert isinstance(fact, Known)
    assert fact.value == {Site.MARROW}
    assert fact.confidence is confidence


def test_given_a_relapse_named_after_the_origin_of_the_tumour_when_read_then_the_origin_is_no_site() -> None:
    adrenal = {"coding": [{"system": SNOMED, "code": "281562007", "display": "Neuroblastoma of adrenal gland"}]}

    assert isinstance(sites(relapse(code=adrenal)), Unknown)
    assert is_value(sites(relapse(code={"text": "Neuroblastoma, local relapse in adrenal"})), frozenset({Site.PRIMARY}))


def test_given_a_body_site_of_another_disease_when_read_then_it_does_not_count() -> None:
    fact = sites(condition({"text": "Fracture"}, bodySite=[{"text": "femur"}]))

    assert isinstance(fact, Unknown)


@pytest.mark.parametrize(
    "more",
    [
        {"verification": "refuted"},
        {"verification": "entered-in-error"},
        {"clinical": "resolved"},
        {"clinical": "remission"},
        {"abatementDateTime": "2026-10-01"},
        {"on": "2026-08-12"},
        {"on": "2026-11-23"},
        {"on": None},
    ],
    ids=["refuted", "error", "resolved", "remission", "abated", "too old", "future", "undated"],
)
def test_given_a_secondary_cancer_that_does_not_count_when_read_then_unknown(more: dict[str, Any]) -> None:
    fact = sites(condition(coded(SNOMED, BONE_METASTASIS), **more))

    assert isinstance(fact, Unknown)


@pytest.mark.parametrize("on", ["2026-08-13", "2026-11-22"])
def test_given_a_site_just_within_the_window_when_read_then_it_counts(on: str) -> None:
    fact = sites(condition(coded(SNOMED, BONE_METASTASIS), on=on))

    assert isinstance(fact, Known)


def test_given_no_event_date_when_read_then_no_site_is_assigned() -> None:
    fact = sites(condition(coded(SNOMED, BONE_METASTASIS)), event=None)

    assert isinstance(fact, Unknown)


@pytest.mark.parametrize(
    ("title", "words", "expected"),
    [
        ("MIBG scan", "New avid lesions in femur and skull.", {Site.BONE}),
        ("PET-CT", "bone, marrow and liver metastases", {Site.BONE, Site.MARROW, Site.LIVER}),
        ("MRI abdomen", "Soft tissue mass at the primary site.", {Site.SOFT_TISSUE, Site.PRIMARY}),
        ("MRI brain", "Leptomeningeal metastases", {Site.CNS}),
        ("Bone marrow aspirate", "Infiltration by neuroblastoma, 30 %", {Site.MARROW}),
        ("Bone marrow aspirate", "positive", {Site.MARROW}),
        ("CT chest", "Pleural nodules. No lymph node involvement.", {Site.LUNG}),
        ("MIBG scan", "Multiple avid skeletal lesions without marrow involvement", {Site.BONE}),
        ("Restaging", "Right side clear; left adrenal mass", {Site.PRIMARY}),
    ],
)
def test_given_a_report_that_affirms_disease_when_read_then_its_sites(
    title: str, words: str, expected: set[Site]
) -> None:
    fact = sites(report(title, words))

    assert isinstance(fact, Known)
    assert fact.value == expected
    assert fact.confidence is Confidence.TEXT


@pytest.mark.parametrize(
    ("title", "words"),
    [
        ("MRI whole body", "No bone, marrow or CNS disease."),
        ("Bone marrow aspirate", "No tumour cells."),
        ("Bone marrow aspirate", "negative"),
        ("MIBG scan", "Previously avid femur lesions, resolved."),
        ("MIBG scan", "Physiological uptake in the liver."),
        ("MRI brain", "CNS normal"),
        ("PET", "possible bone lesions?"),
        ("CT abdomen", "liver metastases at diagnosis"),
        ("Clinic letter", "Bone metastases."),
        ("MIBG scan", "bone"),
    ],
)
def test_given_a_report_that_denies_or_doubts_when_read_then_no_site(title: str, words: str) -> None:
    fact = sites(report(title, words))

    assert isinstance(fact, Unknown)


@pytest.mark.parametrize(
    "more",
    [{"status": "preliminary"}, {"on": "2026-08-12"}, {"on": "2026-11-23"}],
    ids=["preliminary", "old", "future"],
)
def test_given_a_report_that_may_not_be_used_when_read_then_no_site(more: dict[str, Any]) -> None:
    fact = sites(report("MIBG scan", "Avid lesions in femur.", **more))

    assert isinstance(fact, Unknown)


def test_given_one_site_coded_and_in_words_when_read_then_the_better_confidence_counts() -> None:
    fact = sites(condition(coded(SNOMED, BONE_METASTASIS)), report("MIBG scan", "Avid lesions in femur."))

    assert isinstance(fact, Known)
    assert fact.confidence is Confidence.CODED
    assert fact.date == date(2026, 9, 12)


@pytest.mark.parametrize(
    "chart",
    [
        relapse(code={"text": "Neuroblastoma, isolated local relapse"}),
        relapse(note=[{"text": "Locoregional recurrence."}, {"text": 7}]),
        report("Restaging", "Local relapse"),
    ],
    ids=["name", "note", "report"],
)
def test_given_local_relapse_in_words_when_read_then_local_only(chart: dict[str, Any]) -> None:
    fact = local_only(chart)

    assert isinstance(fact, Known)
    assert fact.value is YesNo.YES
    assert fact.confidence is Confidence.TEXT


@pytest.mark.parametrize(
    "words",
    ["Combined local and metastatic relapse", "no local relapse", "local anaesthesia", "possible local relapse"],
)
def test_given_other_words_when_read_then_not_local_only(words: str) -> None:
    fact = local_only(report("Restaging", words))

    assert isinstance(fact, Unknown)


def test_given_a_primary_mass_and_no_distant_disease_when_read_then_local_only() -> None:
    fact = local_only(report("MIBG restaging", "Avid mass at the primary site. No distant metastases."))

    assert is_value(fact, YesNo.YES)


def test_given_no_distant_disease_without_a_primary_mass_when_read_then_unknown() -> None:
    fact = local_only(report("MIBG restaging", "No distant metastases."))

    assert isinstance(fact, Unknown)


def test_given_a_distant_site_when_read_then_not_local_only() -> None:
    fact = local_only(condition(coded(SNOMED, BONE_METASTASIS)))

    assert isinstance(fact, Known)
    assert fact.value is YesNo.NO
    assert fact.confidence is Confidence.CODED


def test_given_local_relapse_in_words_and_a_distant_site_when_read_then_conflicting() -> None:
    fact = local_only(condition(coded(SNOMED, BONE_METASTASIS)), report("Restaging", "Local relapse"))

    assert isinstance(fact, Conflicting)


@pytest.mark.parametrize("text", ["New liver lesion, not seen previously", "New liver lesion, not seen at diagnosis"])
def test_given_a_lesion_that_was_not_there_earlier_when_read_then_it_is_a_site_now(text: str) -> None:
    """Hazard: what is new is taken for absent."""
    assert sites_affirmed((text,)) == (Site.LIVER,)
