"""Service orders and what was done: ServiceRequests, Procedures, reports and imaging Observations.

Place in the flow: work-up items, earlier procedures and monitoring orders are read from here.
May not: know a disease, or call an order done.

Read: R4 ServiceRequest, Procedure, DiagnosticReport, Observations of imaging; ProcedureRequest of STU3 and DSTU2,
DiagnosticOrder of DSTU2. Revoked, cancelled, not done, prohibited and entered in error are dropped. Dates: when it
was done or is planned, for requests else when it was written; never when a report was issued.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from hooks.facts.dates import first_day, period_of
from hooks.facts.fact import Confidence
from hooks.facts.orders import OrderState, ServiceOrder
from hooks.facts.subject import is_about
from hooks.facts.wording import mappings_in, said_by
from hooks.record import PatientRecord, Resource, once_per_record, reference_to
from hooks.terminology.table import codings_of, concepts_of, is_a

REQUESTS = ("ServiceRequest", "ProcedureRequest", "DiagnosticOrder")
"""Resource types that are service orders; the last two are names of earlier versions."""

CHART_TYPES = (*REQUESTS, "Procedure", "DiagnosticReport", "Observation")

_DROPPED = frozenset({"entered-in-error", "cancelled", "revoked", "not-done", "rejected", "declined"})
_STATES: Mapping[str, Mapping[str, OrderState]] = {
    "request": {
        "draft": OrderState.DRAFT,
        "active": OrderState.ACTIVE,
        "on-hold": OrderState.ON_HOLD,
        "suspended": OrderState.ON_HOLD,
        "completed": OrderState.COMPLETED,
        "proposed": OrderState.PROPOSED,
        "planned": OrderState.PROPOSED,
        "requested": OrderState.ACTIVE,
        "received": OrderState.ACTIVE,
        "accepted": OrderState.ACTIVE,
        "in-progress": OrderState.ACTIVE,
    },
    "Procedure": {
        "preparation": OrderState.ACTIVE,
        "in-progress": OrderState.ACTIVE,
        "on-hold": OrderState.ON_HOLD,
        "suspended": OrderState.ON_HOLD,
        "stopped": OrderState.STOPPED,
        "aborted": OrderState.STOPPED,
        "completed": OrderState.COMPLETED,
    },
    "result": {
        "registered": OrderState.ACTIVE,
        "partial": OrderState.ACTIVE,
        "preliminary": OrderState.ACTIVE,
        "final": OrderState.COMPLETED,
        "amended": OrderState.COMPLETED,
        "corrected": OrderState.COMPLETED,
        "appended": OrderState.COMPLETED,
    },
}
_NO_ORDER_INTENTS = frozenset({"proposal", "plan", "option"})
_IMAGING = ("imaging", "MIBG")
_IMAGING_CATEGORY = "imaging"


@once_per_record
def read_services(record: PatientRecord) -> tuple[ServiceOrder, ...]:
    """Return the chart's service orders, procedures, reports and imaging results; drafts of the hook left out."""
    found = (_service(resource, None) for resource in record.of_type(*CHART_TYPES) if _is_service(resource))
    return tuple(service for service in found if service is not None)


def read_draft_services(record: PatientRecord) -> tuple[ServiceOrder, ...]:
    """Return the service orders of this patient among the drafts of the hook, whatever their status and intent."""
    drafts = (resource for resource in record.drafts if resource.get("resourceType") in REQUESTS)
    found = (_service(resource, OrderState.DRAFT) for resource in drafts if is_about(resource, record))
    return tuple(service for service in found if service is not None)


@once_per_record
def read_undone(record: PatientRecord) -> tuple[ServiceOrder, ...]:
    """Return what the chart says was not done, or is not to be: Procedures not-done, requests not to perform."""
    undone = (resource for resource in record.of_type(*REQUESTS, "Procedure") if _is_undone(resource))
    return tuple(_described(resource, OrderState.STOPPED, certain=True) for resource in undone)


def _is_undone(resource: Resource) -> bool:
    status = resource.get("status")
    status = status.strip().lower() if isinstance(status, str) else ""
    if status in {"entered-in-error", "cancelled", "revoked"}:
        return False
    return status == "not-done" or resource.get("notDone") is True or resource.get("doNotPerform") is True


def _is_service(resource: Resource) -> bool:
    """True for everything but Observations that are no imaging result."""
    if resource.get("resourceType") != "Observation":
        return True
    if any(is_a(concept, *_IMAGING) for concept in concepts_of(resource.get("code"))):
        return True
    category = resource.get("category")
    codes = [coding.get("code") for coding in codings_of(category)]
    return any(isinstance(word, str) and word.lower() == _IMAGING_CATEGORY for word in (*codes, said_by(category)))


def _service(resource: Resource, draft: OrderState | None) -> ServiceOrder | None:
    state, certain = _state(resource)
    if state is None or resource.get("doNotPerform") is True or resource.get("notDone") is True:
        return None
    return _described(resource, draft or state, certain=certain)


def _described(resource: Resource, state: OrderState, *, certain: bool) -> ServiceOrder:
    concepts = concepts_of(resource.get("code"))
    return ServiceOrder(
        reference=reference_to(resource),
        state=state,
        concepts=concepts,
        confidence=Confidence.CODED if concepts and certain else Confidence.TEXT,
        when=_when(resource),
        text=_text(resource),
        body_site=said_by(resource.get("bodySite")) or said_by(resource.get("bodySiteCodeableConcept")),
    )


def _state(resource: Resource) -> tuple[OrderState | None, bool]:
    """Return the state (None for what is dropped) and whether the chart stated it."""
    status = resource.get("status")
    status = status.strip().lower() if isinstance(status, str) else ""
    if status in _DROPPED:
        return None, True
    resource_type = resource.get("resourceType")
    kind = "request" if resource_type in REQUESTS else "Procedure" if resource_type == "Procedure" else "result"
    state = _STATES[kind].get(status)
    intent = resource.get("intent")
    proposes = isinstance(intent, str) and intent.strip().lower() in _NO_ORDER_INTENTS
    if kind == "request" and state is not OrderState.DRAFT and proposes:
        return OrderState.PROPOSED, state is not None
    return state or OrderState.ON_HOLD, state is not None


def _text(resource: Resource) -> str:
    """Return the words of the code, else of what DSTU2 puts into the items of a DiagnosticOrder."""
    items = (item.get("code") for item in mappings_in(resource.get("item")))
    return said_by(resource.get("code")) or " | ".join(filter(None, (said_by(code) for code in items)))


def _when(resource: Resource) -> date | None:
    for name in ("occurrence", "performed", "effective", "scheduled"):
        day = first_day(resource.get(f"{name}DateTime")) or period_of(resource.get(f"{name}Period"))[0]
        if day is not None:
            return day
    return next(filter(None, (first_day(resource.get(name)) for name in ("authoredOn", "orderedOn"))), None)
