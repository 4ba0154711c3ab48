"""MIBG avidity: what a scan says, on which day, and what is no scan of now."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from hooks.facts.fact import Conflicting, Fact, Known, Unknown, Why
from hooks.pathways.relapsed_neuroblastoma.facts import Avidity
from hooks.pathways.relapsed_neuroblastoma.reading.avidity import read_mibg_avidity
from hooks.pathways.relapsed_neuroblastoma.reading.chart_results import read_results
from hooks.record import PatientRecord

AS_OF = date(2026, 11, 22)
EVENT = date(2026, 9, 10)
LOINC = "http://loinc.org"
I123_SCAN, I131_SCAN = "82136-3", "39698-6"
PRESENT, ABSENT, POSITIVE, NEGATIVE = "LA9633-4", "LA9634-2", "LA6576-8", "LA6577-6"


def scan(words: str | None = None, on: str | None = "2026-09-12", **more: Any) -> dict[str, Any]:
    resource: dict[str, Any] = {
        "resourceType": "Observation",
        "id": more.pop("id", "m"),
        "status": "final",
        "code": {"coding": [{"system": LOINC, "code": I123_SCAN}]},
    }
    if words:
        resource["valueString"] = words
    if on:
        resource["effectiveDateTime"] = on
    return {**resource, **more}


def avidity(*resources: dict[str, Any], event: date | None = EVENT) -> Fact[Avidity]:
    return read_mibg_avidity(read_results(PatientRecord("p", {"Observation": resources})), event, AS_OF)


@pytest.mark.parametrize(
    "words",
    [
        "MIBG-avid lesions in femur and skull",
        "Multiple avid bone lesions; primary not avid",
        "Intense uptake in the left adrenal",
        "Curie score 4",
        "SIOPEN score: 12",
        "MIBG: avid. FDG: not avid.",
        "M-IBG avid disease",
    ],
)
def test_given_uptake_in_words_when_read_then_avid_with_the_date_of_the_scan(words: str) -> None:
    fact = avidity(scan(words))

    assert isinstance(fact, Known)
    assert fact.value is Avidity.AVID
    assert fact.date == date(2026, 9, 12)
    assert fact.sources == ("Observation/m",)


@pytest.mark.parametrize(
    "words",
    [
        "non-avid",
        "nonavid disease",
        "not MIBG avid",
        "No abnormal uptake",
        "Curie score 0",
        "no avid lesion, FDG avid mass",
    ],
)
def test_given_denied_uptake_when_read_then_non_avid(words: str) -> None:
    fact = avidity(scan(words))

    assert isinstance(fact, Known)
    assert fact.value is Avidity.NON_AVID


@pytest.mark.parametrize(
    "words",
    [
        "Physiological uptake in the liver",
        "previously avid lesions",
        "FDG-avid mass",
        "study of good quality",
        "avid lesions, Curie score 0",
    ],
)
def test_given_words_that_say_nothing_of_mibg_uptake_now_when_read_then_unknown(words: str) -> None:
    fact = avidity(scan(words))

    assert isinstance(fact, Unknown)
    assert fact.why is Why.INDETERMINATE


@pytest.mark.parametrize(
    ("answer", "expected"),
    [(PRESENT, Avidity.AVID), (POSITIVE, Avidity.AVID), (ABSENT, Avidity.NON_AVID), (NEGATIVE, Avidity.NON_AVID)],
    ids=["present", "positive", "absent", "negative"],
)
def test_given_a_coded_answer_when_read_then_it_counts(answer: str, expected: Avidity) -> None:
    value = {"coding": [{"system": LOINC, "code": answer}]}

    fact = avidity(scan(valueCodeableConcept=value))

    assert isinstance(fact, Known)
    assert fact.value is expected


@pytest.mark.parametrize(
    "more",
    [{"valueQuantity": {"value": 7}}, {"valueString": "7"}],
    ids=["quantity", "string"],
)
def test_given_a_score_by_title_when_read_then_above_zero_is_avid(more: dict[str, Any]) -> None:
    fact = avidity(scan(code={"text": "Curie score"}, **more))

    assert isinstance(fact, Known)
    assert fact.value is Avidity.AVID


@pytest.mark.parametrize("words", ["<1", "\N{SUPERSCRIPT TWO}", "7 mm", "n/a"])
def test_given_other_words_under_the_title_of_a_score_when_read_then_they_are_no_score(words: str) -> None:
    assert isinstance(avidity(scan(words, code={"text": "Curie score"})), Unknown)


def test_given_a_scan_of_today_when_read_then_it_counts() -> None:
    assert isinstance(avidity(scan("avid", on="2026-11-22")), Known)


def test_given_a_score_of_zero_by_title_when_read_then_non_avid() -> None:
    fact = avidity(scan(code={"text": "SIOPEN score"}, valueQuantity={"value": 0}))

    assert isinstance(fact, Known)
    assert fact.value is Avidity.NON_AVID


def test_given_an_i131_scan_by_code_when_read_then_it_counts() -> None:
    fact = avidity(scan("avid", code={"coding": [{"system": LOINC, "code": I131_SCAN}]}))

    assert isinstance(fact, Known)


def test_given_a_report_that_names_mibg_in_words_when_read_then_it_counts() -> None:
    fact = avidity(scan("MIBG avid lesions", code={"text": "Nuclear medicine report"}))

    assert isinstance(fact, Known)


@pytest.mark.parametrize("title", ["131I-MIBG therapy", "FDG-PET"])
def test_given_a_result_that_is_no_mibg_scan_when_read_then_its_uptake_is_not_mibg(title: str) -> None:
    fact = avidity(scan("intense uptake", code={"text": title}))

    assert isinstance(fact, Unknown)
    assert fact.why is Why.NOT_FOUND


def test_given_two_scans_when_read_then_the_latest_counts() -> None:
    fact = avidity(scan("avid", id="a"), scan("non-avid", on="2026-10-12", id="b"))

    assert isinstance(fact, Known)
    assert fact.value is Avidity.NON_AVID
    assert fact.sources == ("Observation/b",)


def test_given_two_results_of_one_day_that_disagree_when_read_then_conflicting() -> None:
    fact = avidity(scan("avid", id="a"), scan("non-avid", id="b"))

    assert isinstance(fact, Conflicting)
    assert fact.sources == ("Observation/a", "Observation/b")


def test_given_only_an_older_scan_when_read_then_stale_with_its_date() -> None:
    fact = avidity(scan("avid", on="2024-02-01"))

    assert isinstance(fact, Unknown)
    assert fact.why is Why.STALE
    assert fact.date == date(2024, 2, 1)


def test_given_no_event_date_when_read_then_no_scan_is_the_present_one() -> None:
    fact = avidity(scan("avid"), event=None)

    assert isinstance(fact, Unknown)
    assert fact.why is Why.INDETERMINATE


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"status": "preliminary"}, Why.PENDING),
        ({"dataAbsentReason": {"text": "x"}}, Why.INDETERMINATE),
        ({"on": None}, Why.INDETERMINATE),
        ({"on": "2026-11-23"}, Why.NOT_FOUND),
        ({"status": "entered-in-error"}, Why.NOT_FOUND),
    ],
    ids=["preliminary", "absent", "undated", "future", "error"],
)
def test_given_a_scan_that_may_not_be_used_when_read_then_unknown_with_its_reason(
    more: dict[str, Any], why: Why
) -> None:
    fact = avidity(scan("avid", **more))

    assert isinstance(fact, Unknown)
    assert fact.why is why
