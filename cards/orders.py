"""ProposedOrder -> draft FHIR R4 resource, validated before it leaves.

Place in the flow: profiles put the drafts into suggestions; `words_of_order` says the same for people.
May not: sign, dose or schedule anything: status draft, intent proposal, no doseAndRate, a dose only as
quoted text (DESIGN.md section 6).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import pydantic
from fhir.resources.R4B.medicationrequest import MedicationRequest
from fhir.resources.R4B.servicerequest import ServiceRequest

from cards.card import refuse_empty
from cards.lettering import tall
from cards.markdown import text as markdown_text
from cards.plain import clean, plain
from hooks.errors import InvalidOutput
from hooks.recommendation import OrderKind, ProposedOrder
from hooks.terminology.codes import Code, RxNormCode

_MODELS: Mapping[str, Any] = {"ServiceRequest": ServiceRequest, "MedicationRequest": MedicationRequest}
_REASONS = {
    OrderKind.SERVICE_REQUEST: ("Condition", "Observation", "DiagnosticReport", "DocumentReference"),
    OrderKind.MEDICATION_REQUEST: ("Condition", "Observation"),
}
"""What reasonReference may point at, by FHIR R4's definitions."""

_REFERENCE = re.compile(r"(?P<type>[A-Z][A-Za-z]{1,63})/[!-~]{1,256}")
_TERM_TYPE = re.compile(r"\s*\((?:IN|PIN|MIN|BN|SCD|SBD|GPCK|BPCK)(?:;[^()]*)?\)$")
"""RxNorm's term type, which the terminology table keeps at the end of a display."""

_ENDS = ".!?:;…"

Resource = dict[str, Any]


def draft_of(order: ProposedOrder, patient_id: str, site_code: Code | None = None) -> Resource:
    """Return the draft resource of an order. A site's own code, where there is one, comes first.

    Raises InvalidOutput if the resource is not valid FHIR or not a bare draft.
    """
    resource = _service_request(order, site_code) if _is_service(order) else _medication_request(order, site_code)
    reasons, further = _split_references(order)
    resource["subject"] = {"reference": f"Patient/{patient_id}"}
    resource["category"] = [{"coding": [_coding(code)]} for code in order.category]
    resource["reasonReference"] = reasons
    resource["supportingInfo" if _is_service(order) else "supportingInformation"] = further
    resource["note"] = [{"text": note} for note in (_note(order),) if note]
    present = {name: member for name, member in resource.items() if member}
    refuse_unsafe(present)
    return present


def words_of_order(order: ProposedOrder, *, with_note: bool = True) -> str:
    """Return the order in words, for clients and people that see no resource; not escaped."""
    note = order.note if with_note else ""
    parts = (_sentence(order.text), _start(order), _sentence(order.dosage_text), _sentence(note))
    return " ".join(part for part in parts if part)


def refuse_unsafe(resource: Mapping[str, Any]) -> None:
    """Raise InvalidOutput unless this is a valid R4 ServiceRequest or MedicationRequest, a draft without a dose."""
    model = _MODELS.get(str(resource.get("resourceType")))
    if model is None:
        raise InvalidOutput("A draft order is neither a ServiceRequest nor a MedicationRequest.")
    if resource.get("status") != "draft" or resource.get("intent") != "proposal":
        raise InvalidOutput("A draft order is not a draft proposal.")
    if any(name == "doseAndRate" for name in _names(resource)):
        raise InvalidOutput("A draft order holds a dose.")
    refuse_empty(resource, "draft order")
    try:
        model.model_validate(resource)
    except pydantic.ValidationError as error:
        place = ".".join(str(part) for part in error.errors(include_input=False)[0]["loc"])
        raise InvalidOutput(f"A draft order is not valid FHIR R4 at {place}.") from None


def _is_service(order: ProposedOrder) -> bool:
    return order.kind is OrderKind.SERVICE_REQUEST


def _service_request(order: ProposedOrder, site_code: Code | None) -> Resource:
    return {
        "resourceType": "ServiceRequest",
        "status": "draft",
        "intent": "proposal",
        "category": [],
        "code": _concept(order, site_code),
        "subject": {},
        "occurrenceDateTime": order.occurrence.isoformat() if order.occurrence else "",
    }


def _medication_request(order: ProposedOrder, site_code: Code | None) -> Resource:
    dosage = plain(tall(" ".join(part for part in (_start(order), order.dosage_text) if part)))
    return {
        "resourceType": "MedicationRequest",
        "status": "draft",
        "intent": "proposal",
        "category": [],
        "medicationCodeableConcept": _concept(order, site_code),
        "subject": {},
        "dosageInstruction": [{"text": dosage}] if dosage else [],
    }


def _concept(order: ProposedOrder, site_code: Code | None) -> Resource:
    codes = (site_code, *order.codes) if site_code else order.codes
    text = plain(order.text) or plain(order.label)
    return {"coding": [_coding(code) for code in codes], "text": text} if codes else {"text": text}


def _coding(code: Code) -> Resource:
    display = _TERM_TYPE.sub("", code.display) if isinstance(code, RxNormCode) else code.display
    coding = {"system": code.system, "code": code.code, "display": plain(display)}
    return {name: member for name, member in coding.items() if member}


def _note(order: ProposedOrder) -> str:
    """Return the annotation, which FHIR R4 defines as Markdown. A service has no other place for a dose text."""
    parts = (order.dosage_text if _is_service(order) else "", order.note)
    return markdown_text(" ".join(part for part in parts if part))


def _split_references(order: ProposedOrder) -> tuple[list[Resource], list[Resource]]:
    """Return reasons and further information; what is no reference, or of a type that is not allowed, moves or goes."""
    reasons: list[Resource] = []
    further: list[Resource] = []
    for reference in dict.fromkeys((*order.reason, *order.supporting)):
        found = _REFERENCE.fullmatch(reference)
        if found is None:
            continue
        is_reason = reference in order.reason and found["type"] in _REASONS[order.kind]
        (reasons if is_reason else further).append({"reference": reference})
    return reasons, further


def _start(order: ProposedOrder) -> str:
    return f"Start {order.occurrence.isoformat()}." if order.occurrence else ""


def _sentence(words: str) -> str:
    tidy = clean(words)
    return f"{tidy}." if tidy and tidy[-1] not in _ENDS else tidy


def _names(value: object) -> Iterable[str]:
    if isinstance(value, Mapping):
        for name, member in value.items():
            yield name
            yield from _names(member)
    elif isinstance(value, (list, tuple)):
        for member in value:
            yield from _names(member)


def _warm_up() -> None:
    """Build each model once: the first validation resolves its types and costs about 10 ms, the next 0.2 ms."""
    for kind in OrderKind:
        draft_of(
            ProposedOrder(
                kind=kind,
                item="warm-up",
                label="Warm-up",
                text="Warm-up",
                codes=(Code("urn:warm-up", "1", "Warm-up"),),
                category=(Code("urn:warm-up", "1", "Warm-up"),),
                dosage_text="Warm-up",
                note="Warm-up",
                occurrence=date(2026, 1, 1),
                reason=("Condition/1",),
                supporting=("Procedure/1",),
            ),
            "warm-up",
        )


_warm_up()
