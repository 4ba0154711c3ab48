"""The hook calls on file: about a known child, in the hook of their service, in the dialects that clients speak."""

from __future__ import annotations

import csv
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from fhir_fixtures import (
    ANCHOR,
    HookCall,
    children,
    drafts,
    filed_request,
    hook_call,
    hook_calls,
    hook_request,
    prefetched,
)

ROOT = Path(__file__).parents[2]
ALL = pytest.mark.parametrize("call", hook_calls(), ids=lambda call: call.name)
HOOKS = {
    "relapse-workup": "patient-view",
    "relapse-regimen": "patient-view",
    "anti-gd2-supportive-care": "order-select",
    "relapse-order-check": "order-sign",
}
TEMPLATES = {
    "patient": "Patient/{{context.patientId}}",
    "conditions": "Condition?patient={{context.patientId}}&_count=200",
    "variants": "Observation?patient={{ context.patientId }}&code=http://loinc.org|93796-1&_count=100",
    "goals": "Goal?patient={{context.patientId}}",
    "nobody": "Patient/nobody",
}


def codings(value: object) -> list[dict[str, Any]]:
    found = []
    if isinstance(value, dict):
        if isinstance(value.get("system"), str) and isinstance(value.get("code"), str):
            found.append(value)
        found += [one for item in value.values() for one in codings(item)]
    elif isinstance(value, list):
        found += [one for item in value for one in codings(item)]
    return found


@ALL
def test_given_a_call_on_file_when_it_is_read_then_child_hook_context_and_expectation_fit(call: HookCall) -> None:
    body = filed_request(call.name, ANCHOR, TEMPLATES)

    assert call.child in {child.slug for child in children()}
    assert body["hook"] == HOOKS[call.service]
    assert body["context"]["patientId"] == call.child
    assert ("draftOrders" in body["context"]) == (call.service in {"anti-gd2-supportive-care", "relapse-order-check"})
    assert ("selections" in body["context"]) == (call.service == "anti-gd2-supportive-care")
    assert call.about
    assert call.expected
    assert {"patient", "conditions"} <= set(body["prefetch"])


@ALL
def test_given_a_call_on_file_when_its_codes_are_looked_up_then_the_table_has_each(call: HookCall) -> None:
    with (ROOT / "hooks/terminology/codes.csv").open(encoding="utf-8", newline="") as file:
        known = {(row["system"], row["code"]) for row in csv.DictReader(file)}
    systems = {"http://snomed.info/sct", "http://loinc.org", "http://www.nlm.nih.gov/research/umls/rxnorm"}
    systems.add("http://www.whocc.no/atc")

    used = {(one["system"], one["code"]) for one in codings([call.body, drafts(ANCHOR)]) if one["system"] in systems}

    assert used <= known


def test_given_the_calls_on_file_when_dialects_are_counted_then_each_known_deviation_is_there() -> None:
    """Hazard: a client's dialect is met for the first time in a hospital."""
    texts = {call.name: json.dumps(call.body) for call in hook_calls()}

    epic = hook_call("epic-order-select").body
    draft = epic["context"]["draftOrders"]["entry"][0]["resource"]
    assert len(draft["id"]) == 194
    assert isinstance(draft["category"], dict)
    assert draft["subject"]["reference"].startswith("https://")
    assert "medicationCodeableConcept" not in draft
    assert epic["prefetch"]["allergies"]["entry"][0]["resource"]["resourceType"] == "OperationOutcome"
    assert '"MedicationOrder"' in texts["dstu2-medication-order"]
    assert '"intent"' not in texts["sandbox-order-select-no-intent"]
    assert '"type"' not in texts["sandbox-order-select-no-intent"]
    text_only = hook_call("text-only-drug").body["context"]["draftOrders"]["entry"][0]["resource"]
    assert set(text_only["medicationCodeableConcept"]) == {"text"}
    assert '"#med"' in texts["contained-medication"]


def test_given_templates_when_a_call_is_built_then_every_key_we_hold_is_there_and_nothing_of_others() -> None:
    body = hook_request("alk-f1174l", "patient-view", ANCHOR, TEMPLATES)

    assert body["context"] == {"userId": "Practitioner/synthetic-oncologist", "patientId": "alk-f1174l"}
    assert body["prefetch"]["patient"]["id"] == "alk-f1174l"
    assert [e["resource"]["id"] for e in body["prefetch"]["variants"]["entry"]] == ["alk-f1174l-mycn"]
    assert set(body["prefetch"]) == {"patient", "conditions", "variants"}


def test_given_the_same_arguments_when_a_call_is_built_twice_then_it_is_the_same_and_else_not() -> None:
    one = hook_request("alk-f1174l", "patient-view", ANCHOR, {})
    again = hook_request("alk-f1174l", "patient-view", ANCHOR, {})
    other = hook_request("alk-f1174l", "order-sign", ANCHOR, {}, {"draftOrders": {"resourceType": "Bundle"}})

    assert one == again
    assert other["hookInstance"] != one["hookInstance"]
    assert other["context"]["draftOrders"] == {"resourceType": "Bundle"}


def test_given_a_search_without_a_match_when_prefetched_then_an_empty_searchset_comes() -> None:
    found = prefetched("leukaemia", date(2026, 7, 1), {"variants": TEMPLATES["variants"]})

    assert found == {"variants": {"resourceType": "Bundle", "type": "searchset", "total": 0}}


def test_given_an_unknown_call_when_it_is_asked_for_then_a_key_error_names_it() -> None:
    with pytest.raises(KeyError, match="nothing"):
        hook_call("nothing")
