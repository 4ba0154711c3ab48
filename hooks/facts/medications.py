"""Drug orders: MedicationRequests, administrations, statements and dispenses as one kind of fact.

Place in the flow: order rules, exposure and treatment lines read what stands here; which drug it is comes from
`hooks.facts.drug_reading`. May not: know a disease, compute a dose, or take a proposal for an order.

Read: R4 MedicationRequest, -Administration, -Statement, -Dispense; STU3 and DSTU2 shapes of the same and
MedicationOrder. Entered in error, cancelled, not given and not taken are dropped. A status that is absent or
unknown makes an order on hold at text confidence: it exists, it satisfies nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from hooks.facts.dates import exact_period_of, first_day, last_day, period_of
from hooks.facts.dosage import Dosage, Span, joined, read_dosage
from hooks.facts.drug_reading import DrugReading, read_drug
from hooks.facts.fact import Confidence
from hooks.facts.orders import DrugOrder, OrderState
from hooks.facts.subject import is_about
from hooks.facts.wording import mappings_in, said_by
from hooks.record import PatientRecord, Resource, local_reference, once_per_record, reference_to
from hooks.terminology.drug_names import given_by

REQUESTS = ("MedicationRequest", "MedicationOrder")
"""Resource types that are orders; MedicationOrder is the DSTU2 name."""

CHART_TYPES = (*REQUESTS, "MedicationAdministration", "MedicationStatement", "MedicationDispense")

_DROPPED = frozenset({"entered-in-error", "cancelled", "not-done", "not-taken", "declined", "revoked"})
_NO_DRAFT = _DROPPED | {"stopped", "completed", "ended"}
"""A draft of such a status takes an order back."""
_REQUEST_STATES: Mapping[str, OrderState] = {
    "draft": OrderState.DRAFT,
    "active": OrderState.ACTIVE,
    "on-hold": OrderState.ON_HOLD,
    "completed": OrderState.COMPLETED,
    "stopped": OrderState.STOPPED,
    "ended": OrderState.STOPPED,
    "intended": OrderState.PROPOSED,
    "in-progress": OrderState.ACTIVE,
    "preparation": OrderState.ACTIVE,
}
_NO_ORDER_INTENTS = frozenset({"proposal", "plan", "option"})
_NOT_GIVEN_FLAGS = (("notGiven", True), ("wasNotGiven", True), ("wasNotTaken", True), ("taken", "n"))


@once_per_record
def read_drug_orders(record: PatientRecord) -> tuple[DrugOrder, ...]:
    """Return the chart's drug orders, administrations, statements and dispenses; drafts of the hook left out."""
    found = (_chart_order(resource, record) for resource in record.of_type(*CHART_TYPES))
    return tuple(order for order in found if order is not None)


@dataclass(frozen=True, slots=True)
class DrugDraft:
    """One draft drug order. order: None where it cannot be read; `reference` then names it ("Type/id").

    replaces: the order of the chart whose place it takes (priorPrescription), or "".
    doubtful: it is an anti-GD2 antibody, but it names two, or none that is known; `order` holds what it names.
    """

    reference: str
    order: DrugOrder | None
    doubtful: bool = False
    replaces: str = ""


def read_drafts(record: PatientRecord) -> Iterator[DrugDraft]:
    """Yield every draft drug order of this patient; those that do not say one drug come without an order."""
    for resource in record.drafts:
        is_order = resource.get("resourceType") in REQUESTS and _status(resource) not in _NO_DRAFT
        if is_order and is_about(resource, record):
            reading = read_drug(resource, record)
            order = _order(resource, reading, OrderState.DRAFT, reading.confidence) if reading.stated else None
            doubtful = reading.contradictory or reading.unnamed_antibody
            yield DrugDraft(reference_to(resource), order, doubtful, _prior(resource))


def _prior(resource: Resource) -> str:
    prior = resource.get("priorPrescription")
    reference = prior.get("reference") if isinstance(prior, Mapping) else None
    return (local_reference(reference) or "") if isinstance(reference, str) else ""


def _chart_order(resource: Resource, record: PatientRecord) -> DrugOrder | None:
    state = _state(resource)
    if state is None:
        return None
    reading = read_drug(resource, record)
    certain = _status(resource) in _REQUEST_STATES
    return _order(resource, reading, state, reading.confidence if certain else Confidence.TEXT)


def _status(resource: Resource) -> str:
    status = resource.get("status")
    return status.strip().lower() if isinstance(status, str) else ""


def _state(resource: Resource) -> OrderState | None:
    """Return what became of the order; None for what is dropped."""
    status = _status(resource)
    if status in _DROPPED or any(resource.get(name) == value for name, value in _NOT_GIVEN_FLAGS):
        return None
    if resource.get("resourceType") == "MedicationAdministration":
        return OrderState.GIVEN
    state = _REQUEST_STATES.get(status, OrderState.ON_HOLD)
    intent = resource.get("intent")
    if state is not OrderState.DRAFT and isinstance(intent, str) and intent.strip().lower() in _NO_ORDER_INTENTS:
        return OrderState.PROPOSED
    return state


def _order(resource: Resource, reading: DrugReading, state: OrderState, confidence: Confidence) -> DrugOrder:
    planned = state is OrderState.DRAFT
    dosage = read_dosage(resource, exact=planned)
    match = given_by(reading.match, dosage.route)
    start, end = _dates(resource, dosage, exact=planned)
    return DrugOrder(
        reference=reference_to(resource),
        state=state,
        drugs=match.drugs,
        forms=match.forms,
        interchangeable=match.interchangeable,
        confidence=confidence,
        start=start,
        end=end,
        authored=first_day(resource.get("authoredOn")) or first_day(resource.get("dateWritten")),
        stop_reason=_stop_reason(resource),
        text=reading.text,
        route=dosage.route,
        scheduled=dosage.scheduled,
        dosage_text=dosage.text,
        prohibited=resource.get("doNotPerform") is True,
        purpose=" | ".join(filter(None, (dosage.needed_for, _reason(resource)))),
        named=reading.named,
    )


def _reason(resource: Resource) -> str:
    """Return the words of reasonCode; R5 puts a CodeableReference into reason."""
    codeable = (entry.get("concept") for entry in mappings_in(resource.get("reason")))
    return said_by(resource.get("reasonCode")) or " | ".join(filter(None, map(said_by, codeable)))


def _stop_reason(resource: Resource) -> str:
    """Return the words of statusReason (DSTU2: reasonEnded), the table's display included where it is coded."""
    return said_by(resource.get("statusReason")) or said_by(resource.get("reasonEnded"))


def _dates(resource: Resource, dosage: Dosage, *, exact: bool) -> Span:
    """Return when the order runs: what was done, else its timing, R5's dose period, when it may be dispensed.

    exact: for a draft, of which a month is no day 1.
    """
    done = joined(_effective_spans(resource))
    if done != (None, None):
        return done
    if (dosage.start, dosage.end) != (None, None):
        return dosage.start, dosage.end
    within = exact_period_of if exact else period_of
    meant = within(resource.get("effectiveDosePeriod"))
    if meant != (None, None):
        return meant
    return joined(within(entry.get("validityPeriod")) for entry in mappings_in(resource.get("dispenseRequest")))


def _effective_spans(resource: Resource) -> Iterator[Span]:
    """Yield effective[x] (DSTU2: effectiveTime[x]), occurrence[x] of R5 and the hand-over of a dispense."""
    for name in ("effective", "effectiveTime", "occurence", "occurrence"):
        yield period_of(resource.get(f"{name}Period"))
        moment = resource.get(f"{name}DateTime")
        yield first_day(moment), last_day(moment)
    yield first_day(resource.get("whenHandedOver")), last_day(resource.get("whenHandedOver"))
