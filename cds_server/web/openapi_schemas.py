"""JSON schemas of what is received and sent, made from the models that parse and emit it.

Place in the flow: `cds_server.web.openapi` puts them under components. May not: say more than the models do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from pydantic import BaseModel

from cards.card import CDSResponse
from cards.feedback import FEEDBACK_BODY
from hooks.request import CONTEXTS, Context, HookRequest

Schema = dict[str, Any]

REFERENCE = "#/components/schemas/"
TEXT: Schema = {"type": "string", "minLength": 1}
_NULL = {"type": "null"}

_OUTCOME: Schema = {
    "description": "FHIR R4 OperationOutcome with one error; never holds patient data.",
    "type": "object",
    "required": ["resourceType", "issue"],
    "properties": {
        "resourceType": {"const": "OperationOutcome"},
        "issue": {
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "object",
                "required": ["severity", "code"],
                "properties": {
                    "severity": {"enum": ["fatal", "error", "warning", "information"]},
                    "code": TEXT,
                    "diagnostics": TEXT,
                },
            },
        },
    },
}

_DISCOVERY: Schema = {
    "description": "The CDS services of this server.",
    "type": "object",
    "required": ["services"],
    "additionalProperties": False,
    "properties": {
        "services": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["hook", "id", "title", "description"],
                "properties": {
                    **dict.fromkeys(("hook", "id", "title", "description", "usageRequirements"), TEXT),
                    "version": {"type": "string", "pattern": r"^\d+\.\d+\.\d+$"},
                    "prefetch": {"type": "object", "minProperties": 1, "additionalProperties": TEXT},
                },
            },
        },
    },
}

_DAY: Schema = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\d$"}
_MODE: Schema = {"mode": TEXT, "authentication": TEXT, "asOf": _DAY}


def _object(properties: Schema, *optional: str, **more: Any) -> Schema:
    required = [name for name in properties if name not in optional]
    described = {"type": "object", "required": required, "additionalProperties": False, "properties": properties}
    return described | more


_DATABASE = _object({"state": TEXT, "failures": {"type": "integer"}, "lastError": TEXT}, "failures", "lastError")
_KNOWLEDGE = _object({"pathway": TEXT, "version": TEXT, "digest": TEXT, "reviewed": {"type": "boolean"}})
_RULE: Schema = {
    "type": "object",
    "required": ["rule", "sentence", "outcome"],
    "properties": dict.fromkeys(("rule", "sentence", "outcome", "because"), TEXT),
}
_ANSWERS: Mapping[str, Schema] = {
    "FeedbackTaken": _object({"received": {"type": "integer", "minimum": 1}}, description="How many items were taken."),
    "Explanation": _object(
        {"service": TEXT, "gate": {"enum": ["passed", "silent"]}, "rules": {"type": "array", "items": _RULE}},
        description="Every rule with its outcome and reasons.",
    ),
    "Health": _object({"status": {"const": "ok"}, **_MODE, "database": _DATABASE}, *_MODE, "database"),
    "Readiness": _object(
        {"status": {"const": "ready"}, "services": {"type": "integer"}, "database": _DATABASE, **_MODE}, *_MODE
    ),
    "Version": _object({"name": TEXT, "version": TEXT, "knowledge": {"type": "array", "items": _KNOWLEDGE}}),
}
"""What is answered besides discovery, cards and refusals."""


def schemas_for(hooks: Iterable[str]) -> dict[str, Schema]:
    """Return all schemas by name; a hook's request is named by `request_name`."""
    found: dict[str, Schema] = {"OperationOutcome": _OUTCOME, "Discovery": _DISCOVERY, **_ANSWERS}
    _add(found, "CDSResponse", CDSResponse)
    _add(found, "FeedbackRequest", FEEDBACK_BODY, prefix="Feedback")
    found["FeedbackRequest"].setdefault("description", "What became of one or more cards.")
    for hook in hooks:
        _add_request(found, hook)
    return found


def request_name(hook: str) -> str:
    """Return the schema name of a hook's request: "patient-view" -> "PatientViewRequest"."""
    return "".join(word.capitalize() for word in hook.split("-")) + "Request"


def _add_request(found: dict[str, Schema], hook: str) -> None:
    name = request_name(hook)
    context = name.replace("Request", "Context")
    _add(found, context, CONTEXTS.get(hook, Context))
    _add(found, name, HookRequest)
    found.pop("Context", None)
    found[name]["properties"] |= {"hook": {"const": hook}, "context": {"$ref": REFERENCE + context}}
    found[name]["dependentRequired"] = {"fhirAuthorization": ["fhirServer"]}


def _add(found: dict[str, Schema], name: str, model: type[BaseModel], prefix: str = "") -> None:
    """Add a model's schema and those it refers to. Members that may be left out are never described as null."""

    def renamed(inner: str) -> str:
        return prefix + inner.strip("_")

    schema = model.model_json_schema(ref_template=REFERENCE + "{model}")
    for inner, definition in schema.pop("$defs", {}).items():
        found[renamed(inner)] = _described(definition, renamed)
    found[name] = _described(schema, renamed)


def _described(value: Any, renamed: Callable[[str], str]) -> Any:
    if isinstance(value, list):
        return [_described(member, renamed) for member in value]
    if not isinstance(value, Mapping):
        return value
    alternatives = [option for option in value.get("anyOf", ()) if option != _NULL]
    if len(alternatives) == 1:
        rest = {name: member for name, member in value.items() if name != "anyOf"}
        return _described({**rest, **alternatives[0]}, renamed)
    described = {
        name: _described(member, renamed)
        for name, member in value.items()
        if name != "default" and not (name == "title" and isinstance(member, str))
    }
    if value.get("default") == [] and described.get("type") == "array":
        described.setdefault("minItems", 1)
    if "$ref" in described:
        described["$ref"] = REFERENCE + renamed(described["$ref"].removeprefix(REFERENCE))
    return described
