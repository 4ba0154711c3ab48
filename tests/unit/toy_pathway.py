"""A pathway without medicine: it passes patients with a condition "toy" and says how many resources it was given."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from cards.plain import plain
from hooks.explain import Explanation
from hooks.knowledge import Citation, KnowledgeBase
from hooks.recommendation import (
    Decision,
    Option,
    OrderKind,
    ProposedOrder,
    Recommendation,
    RuleId,
    Standing,
    Topic,
    UsedFact,
)
from hooks.record import PatientRecord, Resource
from hooks.service import CDSService, Circumstances

PREFETCH = {
    "patient": "Patient/{{context.patientId}}",
    "conditions": "Condition?patient={{context.patientId}}&_count=100",
    "labs": "Observation?patient={{context.patientId}}&category=laboratory",
    "orders": "ServiceRequest?patient={{context.patientId}}",
}


def told(record: PatientRecord) -> str:
    """Return the record as one line: what arrived, in which state."""
    counts = " ".join(f"{name}={len(resources)}" for name, resources in sorted(record.resources.items()))
    states = " ".join(f"{key}:{state}" for key, state in record.keys.items())
    left_out = f" left_out={len(record.drafts_of_others)}+{record.unreadable_drafts}"
    shown = left_out if record.drafts_of_others or record.unreadable_drafts else ""
    return f"{counts} drafts={len(record.drafts)}{shown} selected={len(record.selected)} {states}"


def decide(record: PatientRecord, circumstances: Circumstances) -> Decision:
    """Say what arrived and which day it is."""
    if any(resource.get("code") == {"text": "break"} for resource in record.of_type("Observation")):
        raise RuntimeError("Marked-Name in a message")
    order = ProposedOrder(kind=OrderKind.SERVICE_REQUEST, item="toy", label="Plan the toy", text="Plan the toy")
    said = Recommendation(
        topic=Topic.OUT_OF_SCOPE,
        rule=RuleId("toy"),
        summary=plain(told(record), 130),
        why_now=(f"Today is {circumstances.as_of}, jurisdiction {circumstances.jurisdiction}.",),
        used=(UsedFact("toy", "present", "A toy"),),
        options=(Option(regimen="toy", name="Toy", standing=Standing.ALTERNATIVE, orders=(order,)),),
    )
    return Decision(recommendations=(said,))


def explain(record: PatientRecord, circumstances: Circumstances) -> tuple[Explanation, ...]:
    """Say the same as an explanation."""
    return (Explanation("toy", "A child with a toy is told so.", "fired", f"{told(record)} on {circumstances.as_of}"),)


def service(service_id: str, hook: str) -> CDSService:
    """Return one service of the toy pathway."""
    return CDSService(
        id=service_id,
        hook=hook,
        title=f"Toy {hook}",
        description="Says what arrived.",
        usage_requirements="FHIR R4.",
        prefetch=PREFETCH,
        required=("patient", "conditions"),
        decide=decide,
        explain=explain,
    )


class ToyPathway:
    """Satisfies hooks.service.Pathway."""

    id = "toy"
    knowledge = KnowledgeBase(pathway="toy", version="0.0.1", digest="sha256:toy", reviewed=False, counts={"toys": 1})
    services: Sequence[CDSService] = (
        service("toy-view", "patient-view"),
        service("toy-select", "order-select"),
        service("toy-sign", "order-sign"),
    )

    def concerns(self, conditions: Sequence[Resource], hook: str) -> bool:  # noqa: ARG002 - the protocol has it
        """Pass a patient one of whose Conditions has the text "toy"."""
        return any(condition.get("code") == {"text": "toy"} for condition in conditions)

    def citation(self, citation_id: str) -> Citation:
        """Raise KeyError: nothing is cited."""
        raise KeyError(citation_id)


TOY = ToyPathway()


def a_bundle(*resources: Any) -> dict[str, Any]:
    """Return a searchset."""
    return {"resourceType": "Bundle", "type": "searchset", "entry": [{"resource": item} for item in resources]}


def a_condition(text: str = "toy", patient: str = "p1", number: int = 1) -> dict[str, Any]:
    """Return a Condition; "toy" passes the gate."""
    subject = {"reference": f"Patient/{patient}"}
    return {"resourceType": "Condition", "id": f"c{number}", "code": {"text": text}, "subject": subject}


def an_observation(number: int = 1, patient: str = "p1", **more: Any) -> dict[str, Any]:
    """Return an Observation."""
    subject = {"reference": f"Patient/{patient}"}
    return {"resourceType": "Observation", "id": f"o{number}", "status": "final", "subject": subject, **more}


def a_patient(patient: str = "p1") -> dict[str, Any]:
    """Return a Patient."""
    return {"resourceType": "Patient", "id": patient, "name": [{"family": "Marked-Name"}]}


def a_full_prefetch() -> dict[str, Any]:
    """Return prefetch for all keys of a patient with a toy."""
    return {
        "patient": a_patient(),
        "conditions": a_bundle(a_condition()),
        "labs": a_bundle(an_observation()),
        "orders": None,
    }


def a_call(hook: str = "patient-view", **more: Any) -> dict[str, Any]:
    """Return a hook call with prefetch for all keys; `more` replaces members, None leaves them out."""
    context: dict[str, Any] = {"patientId": "p1", "userId": "Practitioner/1"}
    if hook != "patient-view":
        draft = {"resourceType": "ServiceRequest", "id": "d1", "subject": {"reference": "Patient/p1"}}
        context["draftOrders"] = a_bundle(draft)
    if hook == "order-select":
        context["selections"] = ["ServiceRequest/d1"]
    call: dict[str, Any] = {
        "hook": hook,
        "hookInstance": "d1577c69-dfbe-44ad-ba6d-3e05e953b2ea",
        "context": context,
        "prefetch": a_full_prefetch(),
    }
    call.update(more)
    return {name: value for name, value in call.items() if value is not None}
