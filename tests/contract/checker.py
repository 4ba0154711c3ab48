"""An independent judge of what the server sends: it imports none of our code.

Every integration test passes each response through it. Each finding starts with the id of a requirement of the
CDS Hooks specification (CARD-02), or with DESIGN for a promise of this project. Functions raise `RequirementError`
with all findings at once. `check_json` returns the decoded body.
"""

from __future__ import annotations

import importlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import parse_qsl, quote, urlsplit
from uuid import UUID

from markdown_it import MarkdownIt

STANDINGS = {"trial", "preferred", "alternative", "provisional", "caution", "refer", "not_suitable"}
CONFIDENCES = {"coded", "coded_local", "text"}
REGIMEN_TOPICS = {"ReinductionRegimen", "ConsolidationRegimen", "MaintenanceRegimen", "SalvageRegimen"}
TOPICS = REGIMEN_TOPICS | {
    *("RelapseBiopsy", "MolecularReportUnreadable", "ResponseEvaluation", "OutOfScope", "AntiGD2SupportiveCare"),
    *("AntiGD2Safety", "TargetedTherapySafety", "PartnerSupportiveCare", "OrderSafety"),
}
LIMITS = {"critical": 1, "warning": 3, "info": 3}
CARD_MEMBERS = {
    *("uuid", "summary", "detail", "indicator", "source", "suggestions", "selectionBehavior", "overrideReasons"),
    *("links", "extension"),
}
BASIS_MEMBERS = {
    *("topic", "rule", "options", "items", "used", "missing", "evidence", "wouldChangeIf", "knowledge"),
}
SEARCH_PARAMETERS = {
    *("patient", "subject", "code", "category", "date", "status", "type", "_id", "_count", "_sort"),
}
TOKEN = re.compile(r"\{\{(context\.[A-Za-z]+|userPractitionerId|userPractitionerRoleId|userPatientId)\}\}")
MARKDOWN = MarkdownIt("gfm-like", {"html": True, "linkify": True})


class RequirementError(AssertionError):
    """What was sent breaks a requirement; the text lists every finding."""


def check_json(raw: bytes | str) -> Any:
    """Return the decoded body of a 2xx answer: strict JSON, nothing null or empty but cards and services."""
    body = decode(raw)
    _report(_empty_members(body, "$"))
    return body


def decode(raw: bytes | str) -> Any:
    """Return strict JSON: UTF-8, no NaN, no member twice."""
    try:
        text = raw.decode("utf-8") if isinstance(raw, bytes) else raw
        body = json.loads(text, object_pairs_hook=_no_duplicates, parse_constant=_no_constant)
        json.dumps(body, ensure_ascii=False).encode("utf-8")
    except ValueError as error:
        raise RequirementError(f"JSON-01: {error}") from None
    return body


def check_discovery(body: Any) -> None:
    """Judge the body of GET /cds-services."""
    services = body.get("services") if isinstance(body, dict) else None
    if not isinstance(services, list):
        raise RequirementError("DISC-02: no services array")
    found = [problem for service in services for problem in _service_problems(service)]
    ids = [service.get("id") for service in services if isinstance(service, dict)]
    if len(ids) != len(set(ids)):
        found.append("DISC-12: an id stands twice")
    _report(found)


def check_response(body: Any, request: Mapping[str, Any], profile: str = "spec") -> None:
    """Judge the body of a service's answer to `request`, as a client of this profile receives it."""
    cards = body.get("cards") if isinstance(body, dict) else None
    if not isinstance(cards, list) or not all(isinstance(card, dict) for card in cards):
        raise RequirementError("RESP-01: no cards array")
    found = [f"SYS-02: member {name}" for name in body if name != "cards"]
    found.extend(_empty_members(body, "$"))
    patient = str(request.get("context", {}).get("patientId", "")).removeprefix("Patient/")
    for number, card in enumerate(cards):
        found.extend(f"{problem} (card {number})" for problem in _card_problems(card, patient, profile))
    found.extend(_answer_problems(cards, str(request.get("hook", ""))))
    _report(found)


def check_error(raw: bytes | str, secrets: Iterable[str] = ()) -> Any:
    """Judge the body of a non-2xx answer: an OperationOutcome that tells none of the secrets. Returns it."""
    body = decode(raw)
    text = raw.decode("utf-8") if isinstance(raw, bytes) else raw
    found = list(_fhir_problems(body, {"OperationOutcome"}))
    found.extend(_empty_members(body, "$"))
    issues = body.get("issue") if isinstance(body, dict) else None
    found.extend(
        "RESP-06: an issue without severity and code"
        for issue in (issues if isinstance(issues, list) else ())
        if issue.get("severity") not in {"fatal", "error", "warning", "information"} or not issue.get("code")
    )
    found.extend("RESP-06: a secret or patient data is told" for secret in secrets if secret and secret in text)
    if "Traceback" in text or 'File "' in text:
        found.append("RESP-06: a stack trace is told")
    _report(found)
    return body


def _report(found: Iterable[str]) -> None:
    listed = list(found)
    if listed:
        raise RequirementError("\n".join(listed))


def _no_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len({name for name, _ in pairs}) != len(pairs):
        raise ValueError("a member stands twice")
    return dict(pairs)


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON")


def _empty_members(value: Any, place: str) -> Iterator[str]:
    if place in {"$.cards", "$.services"} and value == []:
        return
    if value is None:
        yield f"JSON-02: {place} is null"
    elif value in ("", [], {}) or (isinstance(value, str) and not value.strip()):
        yield f"JSON-03: {place} is empty"
    elif isinstance(value, dict):
        for name, member in value.items():
            yield from _empty_members(member, f"{place}.{name}")
    elif isinstance(value, list):
        for number, member in enumerate(value):
            yield from _empty_members(member, f"{place}[{number}]")


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _is_url(value: Any) -> bool:
    parts = urlsplit(value) if isinstance(value, str) else urlsplit("")
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and not re.search(r"\s", value)


def _is_uuid(value: Any) -> bool:
    try:
        return isinstance(value, str) and str(UUID(value)) == value.lower()
    except ValueError:
        return False


def _dicts(value: Any) -> list[dict[str, Any]]:
    return [member for member in value if isinstance(member, dict)] if isinstance(value, list) else []


def _service_problems(service: Any) -> Iterator[str]:
    if not isinstance(service, dict):
        yield "DISC-02: a service is no object"
        return
    for name, requirement in (("hook", "DISC-04"), ("description", "DISC-05"), ("id", "DISC-06"), ("title", "DISC-07")):
        if not _is_text(service.get(name)):
            yield f"{requirement}: no {name}"
    identifier = str(service.get("id", ""))
    if quote(identifier, safe="") != identifier:
        yield f"DISC-06: {identifier!r} needs percent-encoding"
    if "usageRequirements" in service and not _is_text(service["usageRequirements"]):
        yield "DISC-09: usageRequirements is no text"
    if "version" in service and not re.fullmatch(r"\d+\.\d+\.\d+", str(service["version"])):
        yield "DISC-10: version is not semantic"
    prefetch = service.get("prefetch", {"patient": "Patient/{{context.patientId}}"})
    if not isinstance(prefetch, dict) or not prefetch:
        yield "DISC-08: prefetch is no object"
        return
    for key, template in prefetch.items():
        yield from (f"{problem} ({identifier}, {key})" for problem in template_problems(template))


def template_problems(template: Any) -> Iterator[str]:
    """Yield what is wrong with one prefetch template under the restricted query subset of 2.0.1."""
    if not _is_text(template):
        yield "DISC-08: a template is no text"
        return
    bare = TOKEN.sub("TOKEN", template)
    if "{{" in bare or "}}" in bare:
        yield "TOK-02: a token that 2.0.1 does not know"
    path, question, query = bare.partition("?")
    if "$" in path or "_history" in path or not re.fullmatch(r"[A-Z][A-Za-z]+(/TOKEN)?", path):
        yield "QRY-02: neither an instance read nor a search on a type"
    if question and "/" in path:
        yield "QRY-02: a read with parameters"
    pairs = parse_qsl(query, keep_blank_values=True)
    names = [name for name, _ in pairs]
    if len(names) != len(set(names)):
        yield "QRY-08: a parameter stands twice"
    for name, value in pairs:
        parameter, colon, modifier = name.partition(":")
        if parameter not in SEARCH_PARAMETERS:
            yield f"QRY-03: parameter {parameter}"
        if colon and modifier != "in":
            yield f"QRY-04: modifier {modifier}"
        if parameter == "date" and re.match(r"ne|sa|eb|ap", value):
            yield "QRY-05: date prefix"


def _answer_problems(cards: list[dict[str, Any]], hook: str) -> Iterator[str]:
    uuids = [card.get("uuid") for card in cards]
    uuids.extend(suggestion.get("uuid") for card in cards for suggestion in _dicts(card.get("suggestions")))
    if len(uuids) != len(set(map(str, uuids))):
        yield "CARD-01: a uuid stands twice"
    for indicator, most in LIMITS.items():
        if sum(card.get("indicator") == indicator for card in cards) > most:
            yield f"DESIGN 8: more than {most} {indicator}"
    if hook == "patient-view" and any(card.get("indicator") == "warning" for card in cards):
        yield "DESIGN 8: a warning on patient-view"


def _card_problems(card: dict[str, Any], patient: str, profile: str) -> Iterator[str]:
    yield from (f"CARD: unknown member {name}" for name in card if name not in CARD_MEMBERS)
    if not _is_uuid(card.get("uuid")):
        yield "CARD-01: uuid"
    yield from _text_problems(card)
    if card.get("indicator") not in LIMITS:
        yield "CARD-05: indicator"
    yield from _source_problems(card.get("source"))
    yield from _suggestions_problems(card, patient, profile)
    for reason in _list_of(card, "overrideReasons"):
        if not all(_is_text(reason.get(name)) for name in ("system", "code", "display")):
            yield "OVR-02: an override reason without system, code and display"
    yield from _link_problems(card)
    yield from _basis_problems(card)


def _text_problems(card: dict[str, Any]) -> Iterator[str]:
    summary = card.get("summary")
    if not _is_text(summary):
        yield "CARD-02: no summary"
    elif len(summary) >= 140 or len(summary.encode("utf-16-le")) >= 280 or len(summary.splitlines()) != 1:
        yield "CARD-02: summary is not one line of less than 140 characters"
    if not _is_text(card.get("detail")):
        yield "CARD-03: no detail"
        return
    for token in MARKDOWN.parse(card["detail"]):
        for part in (token, *(token.children or ())):
            if part.type in {"html_block", "html_inline", "image"}:
                yield f"CARD-04: {part.type} in the detail"
            if part.type == "link_open" and not _is_url(part.attrGet("href")):
                yield "CARD-03: a link in the detail is not absolute"


def _source_problems(source: Any) -> Iterator[str]:
    if not isinstance(source, dict) or not _is_text(source.get("label")):
        yield "SRC-01: no source label"
        return
    for name in ("url", "icon"):
        if name in source and not _is_url(source[name]):
            yield f"SRC-02: {name} is not absolute"
    topic = source.get("topic")
    if not isinstance(topic, dict) or not _is_text(topic.get("system")) or not _is_text(topic.get("display")):
        yield "SRC-05: no topic with system and display"
    elif topic.get("code") not in TOPICS:
        yield "SRC-05: topic code is not one of ours"


def _list_of(owner: dict[str, Any], name: str) -> list[dict[str, Any]]:
    """Return the objects of an optional list; a wrong shape becomes an object that fails every check."""
    value = owner.get(name, [])
    if not isinstance(value, list):
        return [{}]
    return [member if isinstance(member, dict) else {} for member in value]


def _suggestions_problems(card: dict[str, Any], patient: str, profile: str) -> Iterator[str]:
    suggestions = _list_of(card, "suggestions")
    behavior = card.get("selectionBehavior")
    if bool(suggestions) != ("selectionBehavior" in card):
        yield "CARD-07: selectionBehavior goes with suggestions"
    if suggestions and behavior not in {"at-most-one", "any"}:
        yield "CARD-08: selectionBehavior"
    recommended = [suggestion for suggestion in suggestions if suggestion.get("isRecommended") is True]
    if behavior == "at-most-one" and len(recommended) > 1:
        yield "SUG-04: more than one recommended"
    if recommended and _topic(card) in REGIMEN_TOPICS:
        yield "DESIGN 6.2: a treatment of the cancer is recommended"
    if profile == "text_only" and suggestions:
        yield "DESIGN: suggestions for a client that takes none"
    if profile == "epic" and suggestions and behavior != "any":
        yield "DESIGN: epic takes any only"
    for suggestion in suggestions:
        yield from _suggestion_problems(suggestion, patient, profile)


def _suggestion_problems(suggestion: dict[str, Any], patient: str, profile: str) -> Iterator[str]:
    yield from (
        f"SUG-07: member {name}" for name in suggestion if name not in {"label", "uuid", "isRecommended", "actions"}
    )
    if not _is_text(suggestion.get("label")):
        yield "SUG-01: no label"
    if not _is_uuid(suggestion.get("uuid")):
        yield "SUG-02: uuid"
    if "isRecommended" in suggestion and not isinstance(suggestion["isRecommended"], bool):
        yield "SUG-03: isRecommended"
    actions = _list_of(suggestion, "actions")
    if not actions:
        yield "ACT-01: no actions"
    if profile == "epic" and len(actions) != 1:
        yield "DESIGN: epic takes one action per suggestion"
    for action in actions:
        yield from _action_problems(action, patient)


def _action_problems(action: dict[str, Any], patient: str) -> Iterator[str]:
    if action.get("type") != "create":
        yield "ACT-01: an action that is no create"
    if not _is_text(action.get("description")):
        yield "ACT-02: no description"
    yield from (f"ACT-03: member {name}" for name in action if name not in {"type", "description", "resource"})
    resource = action.get("resource")
    yield from _fhir_problems(resource, {"ServiceRequest", "MedicationRequest"})
    if not isinstance(resource, dict):
        return
    if resource.get("status") != "draft" or resource.get("intent") not in {"proposal", "order"}:
        yield "DESIGN 6.2: not a draft proposal"
    if "doseAndRate" in json.dumps(resource):
        yield "DESIGN 6.3: a dose in a resource"
    if patient and resource.get("subject", {}).get("reference") != f"Patient/{patient}":
        yield "ACT-03: the draft is about somebody else"


def _fhir_problems(resource: Any, types: set[str]) -> Iterator[str]:
    name = resource.get("resourceType") if isinstance(resource, dict) else None
    if name not in types:
        yield f"JSON-05: expected {' or '.join(sorted(types))}"
        return
    model = getattr(importlib.import_module(f"fhir.resources.R4B.{name.lower()}"), name)
    try:
        model.model_validate(resource)
    except ValueError as error:
        yield f"JSON-05: not valid FHIR: {error}"


def _link_problems(card: dict[str, Any]) -> Iterator[str]:
    links = _list_of(card, "links")
    if len(links) > 2:
        yield "DESIGN 8: more than two links"
    for link in links:
        if not _is_text(link.get("label")):
            yield "LNK-01: no label"
        if not _is_url(link.get("url")):
            yield "LNK-02: url"
        if link.get("type") not in {"absolute", "smart"}:
            yield "LNK-03: type"
        if "appContext" in link and link.get("type") != "smart":
            yield "LNK-04: appContext"
        if "autolaunchable" in link:
            yield "LNK-05: autolaunchable"


def _topic(card: dict[str, Any]) -> Any:
    source = card.get("source")
    topic = source.get("topic") if isinstance(source, dict) else None
    return topic.get("code") if isinstance(topic, dict) else None


def _basis_problems(card: dict[str, Any]) -> Iterator[str]:
    extension = card.get("extension")
    basis = extension.get("relapse-cds.basis") if isinstance(extension, dict) else None
    if not isinstance(basis, dict):
        yield "DESIGN 5: no basis"
        return
    yield from (f"DESIGN 5: unknown member {name}" for name in basis if name not in BASIS_MEMBERS)
    if basis.get("topic") != _topic(card) or not _is_text(basis.get("rule")):
        yield "DESIGN 5: topic or rule"
    for option in _list_of(basis, "options"):
        if not _is_text(option.get("regimen")) or option.get("standing") not in STANDINGS:
            yield "DESIGN 5: an option without regimen or standing"
    for fact in _list_of(basis, "used"):
        if not _is_text(fact.get("fact")) or fact.get("confidence") not in CONFIDENCES:
            yield "DESIGN 5: a used fact without name or confidence"
    for fact in _list_of(basis, "missing"):
        if not _is_text(fact.get("fact")) or not _is_text(fact.get("why")):
            yield "DESIGN 5: a missing fact without name or reason"
    knowledge = basis.get("knowledge")
    if not isinstance(knowledge, dict) or set(knowledge) != {"pathway", "version", "digest", "reviewed"}:
        yield "DESIGN 5: knowledge"
