"""The judge is judged: every way to break a response is caught, and named by its requirement."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.contract.checker import RequirementError, check_error, check_json, check_response

UUIDS = [f"00000000-0000-4000-8000-00000000000{number}" for number in range(9)]
REQUEST = {"hook": "order-sign", "context": {"patientId": "Patient/child-1"}}
DRAFT = {
    "resourceType": "ServiceRequest",
    "status": "draft",
    "intent": "proposal",
    "code": {"text": "Plan"},
    "subject": {"reference": "Patient/child-1"},
}
CARD = {
    "uuid": UUIDS[0],
    "summary": "Plan it",
    "detail": "**Why now**\n\n- a [source](https://example.org/)",
    "indicator": "info",
    "source": {
        "label": "Guidance",
        "url": "https://example.org/",
        "topic": {"system": "urn:x", "code": "RelapseBiopsy", "display": "Work-up"},
    },
    "suggestions": [
        {
            "label": "Plan",
            "uuid": UUIDS[1],
            "isRecommended": True,
            "actions": [{"type": "create", "description": "Plan", "resource": DRAFT}],
        },
        {"label": "Plan", "uuid": UUIDS[2], "actions": [{"type": "create", "description": "Plan", "resource": DRAFT}]},
    ],
    "selectionBehavior": "any",
    "overrideReasons": [{"system": "urn:x", "code": "y", "display": "z"}],
    "links": [{"label": "Page", "url": "https://example.org/p", "type": "absolute"}],
    "extension": {
        "relapse-cds.basis": {
            "topic": "RelapseBiopsy",
            "rule": "relapse_biopsy_due",
            "options": [{"regimen": "RIST", "standing": "preferred"}],
            "used": [{"fact": "mycn", "state": "amplified", "confidence": "coded"}],
            "missing": [{"fact": "gd2", "why": "not found"}],
            "knowledge": {"pathway": "x", "version": "1", "digest": "sha256:0", "reviewed": False},
        }
    },
}


def changed(change: Callable[[dict[str, Any]], object]) -> dict[str, Any]:
    """A response whose one card was changed."""
    card = copy.deepcopy(CARD)
    change(card)
    return {"cards": [card]}


def first_action(card: dict[str, Any]) -> dict[str, Any]:
    """The first action of the card."""
    action: dict[str, Any] = card["suggestions"][0]["actions"][0]
    return action


def basis(card: dict[str, Any]) -> dict[str, Any]:
    """The basis of the card."""
    found: dict[str, Any] = card["extension"]["relapse-cds.basis"]
    return found


def test_given_a_right_response_when_judged_then_nothing_is_found() -> None:
    check_response({"cards": []}, {})
    check_response({"cards": [CARD]}, REQUEST)


@pytest.mark.parametrize(
    ("requirement", "change"),
    [
        ("CARD: unknown", lambda card: card.update(systemActions=[1])),
        ("CARD-01", lambda card: card.pop("uuid")),
        ("CARD-01", lambda card: card.update(uuid="123456")),
        ("CARD-01: a uuid stands twice", lambda card: card["suggestions"][0].update(uuid=UUIDS[0])),
        ("CARD-02", lambda card: card.pop("summary")),
        ("CARD-02", lambda card: card.update(summary="x" * 140)),
        ("CARD-02", lambda card: card.update(summary="😀" * 70)),
        ("CARD-02", lambda card: card.update(summary="a\nb")),
        ("CARD-03", lambda card: card.pop("detail")),
        ("CARD-03", lambda card: card.update(detail="[x](/relative)")),
        ("CARD-04", lambda card: card.update(detail="<b>x</b>")),
        ("CARD-04", lambda card: card.update(detail="<div>\nx\n</div>")),
        ("CARD-04", lambda card: card.update(detail="![x](https://example.org/x.png)")),
        ("CARD-05", lambda card: card.update(indicator="hard-stop")),
        ("SRC-01", lambda card: card.pop("source")),
        ("SRC-01", lambda card: card["source"].pop("label")),
        ("SRC-02", lambda card: card["source"].update(url="example.org")),
        ("SRC-02", lambda card: card["source"].update(icon=5)),
        ("SRC-05", lambda card: card["source"].pop("topic")),
        ("SRC-05", lambda card: card["source"]["topic"].update(code="Biopsy")),
        ("CARD-07", lambda card: card.pop("selectionBehavior")),
        ("CARD-07", lambda card: card.pop("suggestions")),
        ("CARD-08", lambda card: card.update(selectionBehavior="all")),
        ("SUG-01", lambda card: card.update(suggestions="x")),
        ("SUG-01", lambda card: card["suggestions"].append("x")),
        ("SUG-01", lambda card: card["suggestions"][0].pop("label")),
        ("SUG-02", lambda card: card["suggestions"][0].pop("uuid")),
        ("SUG-03", lambda card: card["suggestions"][0].update(isRecommended="yes")),
        (
            "SUG-04",
            lambda card: (
                card.update(selectionBehavior="at-most-one"),
                card["suggestions"][1].update(isRecommended=True),
            ),
        ),
        ("SUG-07", lambda card: card["suggestions"][0].update(actionSelectionBehavior="all")),
        ("ACT-01", lambda card: card["suggestions"][0].pop("actions")),
        ("ACT-01", lambda card: first_action(card).update(type="update")),
        ("ACT-02", lambda card: first_action(card).pop("description")),
        ("ACT-03", lambda card: first_action(card).update(resourceId="ServiceRequest/1")),
        ("ACT-03: the draft", lambda card: first_action(card).update(resource={**DRAFT, "subject": {"display": "x"}})),
        ("JSON-05", lambda card: first_action(card).pop("resource")),
        ("JSON-05", lambda card: first_action(card).update(resource={**DRAFT, "resourceType": "Task"})),
        ("JSON-05", lambda card: first_action(card).update(resource={**DRAFT, "foo": 1})),
        ("DESIGN 6.2: not", lambda card: first_action(card).update(resource={**DRAFT, "status": "active"})),
        ("DESIGN 6.2: not", lambda card: first_action(card).update(resource={**DRAFT, "intent": "plan"})),
        ("DESIGN 6.3", lambda card: first_action(card).update(resource={**DRAFT, "doseAndRate": [1]})),
        (
            "DESIGN 6.2: a treatment",
            lambda card: card["source"]["topic"].update(code="SalvageRegimen"),
        ),
        ("OVR-02", lambda card: card["overrideReasons"][0].pop("display")),
        ("LNK-01", lambda card: card["links"][0].pop("label")),
        ("LNK-02", lambda card: card["links"][0].update(url="javascript:alert(1)")),
        ("LNK-03", lambda card: card["links"][0].update(type="relative")),
        ("LNK-04", lambda card: card["links"][0].update(appContext="x")),
        ("LNK-05", lambda card: card["links"][0].update(autolaunchable=False)),
        ("DESIGN 8: more than two links", lambda card: card.update(links=card["links"] * 3)),
        ("DESIGN 5: no basis", lambda card: card.pop("extension")),
        ("DESIGN 5: unknown", lambda card: basis(card).update(secret=1)),
        ("DESIGN 5: topic", lambda card: basis(card).update(topic="OutOfScope")),
        ("DESIGN 5: an option", lambda card: basis(card)["options"][0].update(standing="best")),
        ("DESIGN 5: a used", lambda card: basis(card)["used"][0].update(confidence="sure")),
        ("DESIGN 5: a missing", lambda card: basis(card)["missing"][0].pop("why")),
        ("DESIGN 5: knowledge", lambda card: basis(card)["knowledge"].pop("digest")),
        ("DESIGN 5: knowledge", lambda card: basis(card).update(knowledge=[])),
        ("JSON-02", lambda card: card["extension"].update(x=None)),
        ("JSON-03", lambda card: card["extension"].update(x=[" "])),
        ("JSON-03", lambda card: card.update(links=[])),
    ],
)
def test_given_a_broken_card_when_judged_then_the_requirement_is_named(
    requirement: str, change: Callable[[dict[str, Any]], object]
) -> None:
    with pytest.raises(RequirementError, match=f"(?m)^{requirement}"):
        check_response(changed(change), REQUEST)


@pytest.mark.parametrize(
    ("requirement", "body"),
    [
        ("RESP-01", []),
        ("RESP-01", {}),
        ("RESP-01", {"cards": {}}),
        ("RESP-01", {"cards": ["x"]}),
        ("SYS-02", {"cards": [], "systemActions": [{"type": "create"}]}),
        ("CARD-01", {"cards": [CARD, CARD]}),
        ("DESIGN 8: more than 1 critical", {"cards": [{**CARD, "indicator": "critical"}] * 2}),
        ("DESIGN 8: more than 3 warning", {"cards": [{**CARD, "indicator": "warning"}] * 4}),
        ("DESIGN 8: more than 3 info", {"cards": [CARD] * 4}),
    ],
)
def test_given_a_broken_response_when_judged_then_the_requirement_is_named(requirement: str, body: Any) -> None:
    with pytest.raises(RequirementError, match=f"(?m)^{requirement}"):
        check_response(body, REQUEST)


def test_given_a_warning_when_the_hook_is_patient_view_then_it_is_found() -> None:
    warning = {"cards": [{**CARD, "indicator": "warning"}]}

    check_response(warning, REQUEST)
    with pytest.raises(RequirementError, match="a warning on patient-view"):
        check_response(warning, {**REQUEST, "hook": "patient-view"})


def test_given_a_profile_when_the_card_is_said_in_another_one_then_it_is_found() -> None:
    at_most_one = changed(lambda card: card.update(selectionBehavior="at-most-one"))
    two_actions = changed(lambda card: card["suggestions"][0]["actions"].append(first_action(card)))

    check_response({"cards": [CARD]}, REQUEST, "epic")
    check_response(at_most_one, REQUEST)
    check_response(two_actions, REQUEST)
    with pytest.raises(RequirementError, match="epic takes any only"):
        check_response(at_most_one, REQUEST, "epic")
    with pytest.raises(RequirementError, match="one action per suggestion"):
        check_response(two_actions, REQUEST, "epic")
    with pytest.raises(RequirementError, match="takes none"):
        check_response({"cards": [CARD]}, REQUEST, "text_only")


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{",
        b'{"cards": [NaN]}',
        b'{"cards": [], "cards": []}',
        b"\xff",
        b'{"x": "\\ud800"}',
        '{"cards": [],}',
        "{} {}",
    ],
)
def test_given_no_strict_json_when_decoded_then_it_is_found(raw: bytes | str) -> None:
    with pytest.raises(RequirementError, match="JSON-01"):
        check_json(raw)


@pytest.mark.parametrize("raw", ['{"a": null}', '{"a": {"cards": []}}', "[]", "{}", '{"services": [""]}'])
def test_given_something_null_or_empty_when_decoded_then_it_is_found(raw: str) -> None:
    with pytest.raises(RequirementError, match="JSON-0"):
        check_json(raw)


@pytest.mark.parametrize("raw", ['{"cards": []}', b'{"services": []}', '{"a": [0, false]}'])
def test_given_strict_json_when_decoded_then_it_is_returned(raw: bytes | str) -> None:
    assert check_json(raw) == json.loads(raw)


OUTCOME = {
    "resourceType": "OperationOutcome",
    "issue": [{"severity": "error", "code": "invalid", "diagnostics": "hook is required"}],
}


def test_given_a_right_error_when_judged_then_it_is_returned() -> None:
    assert check_error(json.dumps(OUTCOME).encode(), ["Jane", ""]) == OUTCOME


@pytest.mark.parametrize(
    ("requirement", "body"),
    [
        ("JSON-05", {"error": "x"}),
        ("JSON-05", []),
        ("JSON-05", {"resourceType": "OperationOutcome"}),
        ("JSON-05", {**OUTCOME, "foo": 1}),
        ("JSON-03", {**OUTCOME, "id": ""}),
        ("RESP-06: an issue", {**OUTCOME, "issue": [{"severity": "bad", "code": "invalid"}]}),
        ("RESP-06: a secret", {**OUTCOME, "id": "Jane"}),
        ("RESP-06: a stack", {**OUTCOME, "id": "Traceback (most recent call last)"}),
    ],
)
def test_given_a_broken_error_when_judged_then_the_requirement_is_named(requirement: str, body: Any) -> None:
    with pytest.raises(RequirementError, match=f"(?m)^{requirement}"):
        check_error(json.dumps(body), ["Jane"])
