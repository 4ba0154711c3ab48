"""Response evaluations: where a category is believed, where it is not, and which one is the latest."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from hooks.facts.fact import Confidence, Conflicting, Known, Unknown, Why
from hooks.pathways.relapsed_neuroblastoma.facts import Criteria, Response, ResponseResult
from hooks.pathways.relapsed_neuroblastoma.reading.response import latest_response, read_evaluations, read_response
from hooks.record import PatientRecord

AS_OF = date(2026, 11, 22)
EVENT = date(2026, 6, 1)
SNOMED = "http://snomed.info/sct"
FULL_REMISSION, PARTIAL_REMISSION = "550991000124107", "551001000124108"
IMPROVED, STABLE, WORSENED, UNDETERMINED = "268910001", "359746009", "271299001", "709137006"


def observation(title: str = "INRC response", on: str | None = "2026-09-01", **more: Any) -> dict[str, Any]:
    resource = {"resourceType": "Observation", "id": more.pop("id", "r"), "status": "final", "code": {"text": title}}
    if on:
        resource["effectiveDateTime"] = on
    return {**resource, **more}


def disease_status(code: str, **more: Any) -> dict[str, Any]:
    coding = [{"system": "http://loinc.org", "code": "97509-4"}]
    value = {"coding": [{"system": SNOMED, "code": code}]}
    return observation(**{"code": {"coding": coding}, "valueCodeableConcept": value, **more})


def record(*resources: dict[str, Any]) -> PatientRecord:
    by_type: dict[str, tuple[dict[str, Any], ...]] = {}
    for resource in resources:
        by_type[resource["resourceType"]] = (*by_type.get(resource["resourceType"], ()), resource)
    return PatientRecord("p", by_type)


def only(*resources: dict[str, Any]) -> ResponseResult:
    fact = read_response(record(*resources), AS_OF, EVENT)
    assert isinstance(fact, Known), fact
    return fact.value


def nothing(*resources: dict[str, Any]) -> Unknown:
    fact = read_response(record(*resources), AS_OF, EVENT)
    assert isinstance(fact, Unknown), fact
    return fact


@pytest.mark.parametrize(
    ("words", "category"),
    [
        ("CR", Response.CR),
        ("VGPR", Response.PR),
        ("PR", Response.PR),
        ("MR", Response.MR),
        ("SD", Response.SD),
        ("PD", Response.PD),
        ("INRC 2017: PR", Response.PR),
        ("Overall response after 2 cycles of DIT was assessed as SD", Response.SD),
        ("complete response", Response.CR),
        ("Complete remission by INRC", Response.CR),
        ("Very good partial response", Response.PR),
        ("partial response", Response.PR),
        ("minor response", Response.MR),
        ("mixed response", Response.MR),
        ("stable disease", Response.SD),
        ("progressive disease", Response.PD),
        ("disease progression", Response.PD),
        ("No progressive disease; stable disease", Response.SD),
        ("Primary tumour PR, marrow SD, overall MR", Response.MR),
        ("previously PD, partial response", Response.PR),
    ],
)
def test_given_words_of_a_response_result_when_read_then_the_category_at_text_confidence(
    words: str, category: Response
) -> None:
    fact = read_response(record(observation(valueString=words)), AS_OF, EVENT)

    assert isinstance(fact, Known)
    assert fact.value.category is category
    assert fact.confidence is Confidence.TEXT


@pytest.mark.parametrize(
    "words",
    [
        "no progressive disease",
        "not in complete remission",
        "possible progressive disease",
        "partial response?",
        "previously PD",
        "no CR",
        "progression-free",
        "MR of the abdomen was done before the visit",
        "PR interval normal on the tracing of today at rest",
        "improved",
        "evaluation pending",
        "team discussed SD cards at length today",
    ],
)
def test_given_denied_doubtful_or_other_words_when_read_then_no_category(words: str) -> None:
    fact = nothing(observation(valueString=words))

    assert fact.why is Why.INDETERMINATE
    assert fact.sources == ("Observation/r",)


@pytest.mark.parametrize(
    "title",
    [
        "Progesterone receptor",
        "P-R interval",
        "Auditory brainstem response",
        "Immune response",
        "Bone marrow response",
        "MIBG response",
        "Response to vaccination",
        "MR abdomen",
    ],
)
def test_given_a_result_about_something_else_when_read_then_it_is_no_evaluation(title: str) -> None:
    """Hazard: "PR" is also progesterone receptor and the PR interval."""
    fact = nothing(observation(title, valueString="PR"))

    assert fact.why is Why.NOT_FOUND


@pytest.mark.parametrize(
    ("code", "category"), [(FULL_REMISSION, Response.CR), (PARTIAL_REMISSION, Response.PR)], ids=["full", "partial"]
)
def test_given_a_coded_remission_when_read_then_the_category_is_coded(code: str, category: Response) -> None:
    fact = read_response(record(disease_status(code)), AS_OF, EVENT)

    assert isinstance(fact, Known)
    assert fact.value.category is category
    assert fact.confidence is Confidence.CODED


@pytest.mark.parametrize(
    ("code", "category"), [(WORSENED, Response.PD), (STABLE, Response.SD)], ids=["worsened", "stable"]
)
def test_given_a_trend_of_the_condition_when_read_then_a_category_at_text_confidence(
    code: str, category: Response
) -> None:
    fact = read_response(record(disease_status(code)), AS_OF, EVENT)

    assert isinstance(fact, Known)
    assert fact.value.category is category
    assert fact.confidence is Confidence.TEXT


@pytest.mark.parametrize("code", [IMPROVED, UNDETERMINED], ids=["improved", "undetermined"])
def test_given_a_trend_that_is_no_category_when_read_then_unknown(code: str) -> None:
    fact = nothing(disease_status(code))

    assert fact.why is Why.INDETERMINATE


def test_given_a_trend_and_a_category_of_one_day_when_read_then_the_category_counts() -> None:
    result = only(disease_status(STABLE, id="t"), observation(valueString="PR"))

    assert result.category is Response.PR


@pytest.mark.parametrize(
    "value",
    [
        {"coding": [{"system": "urn:local", "code": "PR"}]},
        {"coding": [{"system": "urn:local", "code": "17", "display": "Partial response"}]},
        {"text": "PR"},
    ],
    ids=["code", "display", "text"],
)
def test_given_a_local_coded_value_when_read_then_local_confidence(value: dict[str, Any]) -> None:
    fact = read_response(record(observation(valueCodeableConcept=value)), AS_OF, EVENT)

    assert isinstance(fact, Known)
    assert fact.value.category is Response.PR
    assert fact.confidence is Confidence.CODED_LOCAL


def test_given_a_local_value_and_an_uncertain_status_when_read_then_text_confidence() -> None:
    resource = observation(valueCodeableConcept={"coding": [{"system": "urn:local", "code": "PR"}]}, status="unknown")

    fact = read_response(record(resource), AS_OF, EVENT)

    assert isinstance(fact, Known)
    assert fact.confidence is Confidence.TEXT


@pytest.mark.parametrize(
    ("title", "words", "criteria"),
    [
        ("INRC 2017 response", "PR", Criteria.INRC_2017),
        ("Response", "PR by 2017 INRC", Criteria.INRC_2017),
        ("Response (INRC criteria, 2017)", "PR", Criteria.INRC_2017),
        ("INRC 1993 response", "PR", Criteria.INRC_1993),
        ("Response", "mixed response", Criteria.INRC_1993),
        ("INRC response", "MR", Criteria.UNSTATED),
    ],
)
def test_given_a_criteria_version_when_read_then_it_is_kept(title: str, words: str, criteria: Criteria) -> None:
    result = only(observation(title, valueString=words))

    assert result.criteria is criteria


def test_given_a_report_about_restaging_when_read_then_its_conclusion_counts() -> None:
    report = {
        "resourceType": "DiagnosticReport",
        "id": "d",
        "status": "final",
        "code": {"text": "Restaging after cycle 4"},
        "effectivePeriod": {"start": "2026-09-01", "end": "2026-09-03"},
        "conclusion": "Partial response.",
    }

    fact = read_response(record(report), AS_OF, EVENT)

    assert isinstance(fact, Known)
    assert fact.date == date(2026, 9, 3)
    assert fact.sources == ("DiagnosticReport/d",)


def test_given_an_overall_component_when_read_then_it_is_the_evaluation() -> None:
    components = [
        {"code": {"text": "Bone marrow response"}, "valueString": "CR"},
        {"code": {"text": "Overall response"}, "valueString": "PR"},
        {"valueString": "SD"},
        "not an object",
    ]

    result = only(observation(component=components))

    assert result.category is Response.PR


def test_given_two_categories_in_one_result_when_read_then_conflicting() -> None:
    fact = read_response(record(observation(valueString="PR; SD")), AS_OF, EVENT)

    assert isinstance(fact, Conflicting)
    assert {result.category for result in fact.values} == {Response.PR, Response.SD}


def test_given_two_results_of_one_day_that_disagree_when_read_then_conflicting() -> None:
    results = (observation(id="a", valueString="PR"), observation(id="b", valueString="PD"))

    fact = read_response(record(*results), AS_OF, EVENT)

    assert isinstance(fact, Conflicting)
    assert fact.sources == ("Observation/a", "Observation/b")


def test_given_two_results_of_one_day_that_agree_when_read_then_the_stated_criteria_and_the_better_confidence() -> None:
    results = (observation("INRC 2017 response", id="a", valueString="PR"), disease_status(PARTIAL_REMISSION, id="b"))

    fact = read_response(record(*results), AS_OF, EVENT)

    assert isinstance(fact, Known)
    assert fact.value.criteria is Criteria.INRC_2017
    assert fact.confidence is Confidence.CODED


def test_given_several_evaluations_when_read_then_the_latest_counts() -> None:
    result = only(observation(id="a", valueString="SD"), observation(id="b", on="2026-10-20", valueString="PR"))

    assert result.category is Response.PR


def test_given_an_evaluation_of_today_when_read_then_it_counts() -> None:
    assert only(observation(on="2026-11-22", valueString="PR")).category is Response.PR


def test_given_a_disputed_evaluation_on_the_day_treatment_began_when_read_then_it_is_no_response() -> None:
    evaluations = read_evaluations(record(observation(on="2026-06-10", valueString="PR; SD")), AS_OF)

    assert isinstance(latest_response(evaluations, EVENT, date(2026, 6, 10)), Unknown)
    assert isinstance(latest_response(evaluations, EVENT, date(2026, 6, 9)), Conflicting)


def test_given_an_evaluation_dated_tomorrow_when_read_then_it_is_left_out() -> None:
    fact = nothing(observation(on="2026-11-23", valueString="PR"))

    assert fact.why is Why.NOT_FOUND


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"status": "preliminary"}, Why.PENDING),
        ({"status": "registered"}, Why.PENDING),
        ({"dataAbsentReason": {"text": "not performed"}}, Why.INDETERMINATE),
        ({"on": None}, Why.INDETERMINATE),
    ],
    ids=["preliminary", "registered", "absent", "undated"],
)
def test_given_an_evaluation_that_may_not_be_used_when_read_then_unknown_with_its_reason(
    more: dict[str, Any], why: Why
) -> None:
    fact = nothing(observation(valueString="CR", **more))

    assert fact.why is why
    assert fact.sources == ("Observation/r",)


@pytest.mark.parametrize("status", ["cancelled", "entered-in-error"])
def test_given_an_evaluation_that_was_withdrawn_when_read_then_it_is_not_there(status: str) -> None:
    fact = nothing(observation(valueString="CR", status=status))

    assert fact.why is Why.NOT_FOUND
    assert fact.sources == ()


def test_given_an_evaluation_without_any_value_when_read_then_it_is_not_there() -> None:
    fact = nothing(observation())

    assert fact.sources == ()


def test_given_the_evaluation_that_found_the_relapse_when_read_then_it_is_no_response_to_treatment() -> None:
    found_it = observation(on="2026-06-01", valueString="PD")

    fact = nothing(found_it)

    assert fact.why is Why.NOT_FOUND


@pytest.mark.parametrize(("on", "counts"), [("2026-06-29", False), ("2026-06-30", True)])
def test_given_no_line_on_record_when_read_then_an_evaluation_counts_after_the_relapse_window(
    on: str, counts: bool
) -> None:
    fact = read_response(record(observation(on=on, valueString="SD")), AS_OF, EVENT)

    assert isinstance(fact, Known) is counts


@pytest.mark.parametrize(("on", "counts"), [("2026-06-10", False), ("2026-06-11", True)])
def test_given_a_line_against_the_event_when_read_then_an_evaluation_counts_after_its_start(
    on: str, counts: bool
) -> None:
    evaluations = read_evaluations(record(observation(on=on, valueString="SD")), AS_OF)

    fact = latest_response(evaluations, EVENT, date(2026, 6, 10))

    assert isinstance(fact, Known) is counts


@pytest.mark.parametrize(
    ("resources", "why"), [((), Why.NOT_FOUND), ((observation(valueString="CR"),), Why.INDETERMINATE)]
)
def test_given_no_event_date_when_read_then_no_response_is_assigned(
    resources: tuple[dict[str, Any], ...], why: Why
) -> None:
    fact = read_response(record(*resources), AS_OF, None)

    assert isinstance(fact, Unknown)
    assert fact.why is why
