"""The order board: every order, allergy, finding and measurement that an order rule may look at.

Place in the flow: the order services build it once per call; order rules see nothing else of the chart.
May not: put a prohibition, a proposal or another patient's draft where an order is looked for.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from hooks.facts.allergies import read_allergies
from hooks.facts.fact import Fact, Known, Unknown, Why
from hooks.facts.measurements import read_measurements
from hooks.facts.medications import REQUESTS as DRUG_REQUESTS
from hooks.facts.medications import DrugDraft, read_drafts, read_drug_orders
from hooks.facts.orders import DrugOrder, OrderState, ServiceOrder
from hooks.facts.services import REQUESTS as SERVICE_REQUESTS
from hooks.facts.services import read_draft_services, read_services
from hooks.facts.subject import is_about
from hooks.pathways.relapsed_neuroblastoma.board import Allergy, OrderBoard
from hooks.pathways.relapsed_neuroblastoma.reading.findings import read_findings
from hooks.pathways.relapsed_neuroblastoma.reading.gates import is_operation
from hooks.pathways.relapsed_neuroblastoma.reading.timeline import worst
from hooks.record import KeyState, PatientRecord, local_reference

ALLERGIES = "allergies"
"""The prefetch key that tells "none recorded" from "not asked"."""

NO_RESOURCE = "an entry without a resource"
"""What stands among the unreadable drafts for each entry that holds nothing with a type."""

_RUNNING = frozenset({OrderState.ACTIVE, OrderState.ON_HOLD})
_PAST = frozenset({OrderState.COMPLETED, OrderState.STOPPED, OrderState.GIVEN})
_OPEN = frozenset({OrderState.DRAFT, OrderState.ACTIVE, OrderState.ON_HOLD})


def read_board(record: PatientRecord, as_of: date, *, select_all: bool = False) -> OrderBoard:
    """Return the board as of a day. select_all: every draft counts as selected (order-sign has no selections).

    An order whose last day has passed is past, whatever its status says, and so is one that a draft replaces; one
    that was ended before its planned last day has no last day on record. A draft of the hook stands in for the
    chart's order of the same id, and for one that it replaces before it has begun.
    """
    drafts = tuple(read_drafts(record))
    readable = tuple(draft.order for draft in drafts if draft.order is not None and not draft.doubtful)
    wanted = tuple(order for order in readable if not order.prohibited)
    draft_services = read_draft_services(record)
    replaced = {draft.reference for draft in drafts} | {service.reference for service in draft_services}
    chart = tuple(order for order in read_drug_orders(record) if order.reference not in replaced)
    prior = frozenset(draft.replaces for draft in drafts if draft.order is not None and draft.replaces)
    orders = tuple(
        _stopped(order) if order.reference in prior and order.state in _RUNNING else order
        for order in chart
        if not order.prohibited and not (order.reference in prior and _is_ahead(order, as_of))
    )
    services = (*draft_services, *(item for item in read_services(record) if item.reference not in replaced))
    is_selected = _selector(record, select_all=select_all)
    procedures = tuple(item for item in services if _is_done(item))
    return OrderBoard(
        selected=tuple(order for order in wanted if is_selected(order.reference)),
        drafts=(*wanted, *(order for order in orders if order.state is OrderState.DRAFT)),
        active=tuple(order for order in orders if order.state in _RUNNING and not _has_ended(order, as_of)),
        past=tuple(_ended(order, as_of) for order in orders if order.state in _PAST or _has_ended(order, as_of)),
        services=tuple(item for item in services if not _is_done(item) and item.state in _OPEN),
        findings=read_findings(record, procedures, as_of),
        allergies=_allergies(record),
        measurements=dict(read_measurements(record, as_of)),
        procedures=procedures,
        unreadable=_unreadable(record, drafts),
        of_others=_of_others(record),
        prohibited=tuple(order for order in (*readable, *chart) if order.prohibited),
        selected_services=tuple(item for item in draft_services if is_selected(item.reference)),
        planned=tuple(order for order in orders if order.state is OrderState.PROPOSED),
        operations=tuple(item for item in services if is_operation(item)),
        doubtful=tuple(draft.order for draft in drafts if draft.order is not None and draft.doubtful),
    )


def _selector(record: PatientRecord, *, select_all: bool) -> Callable[[str], bool]:
    """Return whether a reference is selected: by its last two path segments, or by the bare id of older clients."""
    if select_all:
        return lambda _: True
    selected = frozenset(local_reference(text) or text for text in record.selected)
    return lambda reference: reference in selected or reference.partition("/")[2] in selected


def _is_ahead(order: DrugOrder, as_of: date) -> bool:
    return order.state in _OPEN and order.start is not None and order.start > as_of


def _stopped(order: DrugOrder) -> DrugOrder:
    return replace(order, state=OrderState.STOPPED)


def _has_ended(order: DrugOrder, as_of: date) -> bool:
    return order.state in _RUNNING and order.end is not None and order.end < as_of


def _ended(order: DrugOrder, as_of: date) -> DrugOrder:
    return replace(order, end=None) if order.end is not None and order.end > as_of else order


def _is_done(service: ServiceOrder) -> bool:
    return service.is_procedure or service.state in {OrderState.COMPLETED, OrderState.STOPPED}


def _unreadable(record: PatientRecord, drafts: tuple[DrugDraft, ...]) -> tuple[str, ...]:
    """Return the drafts that could not be read, and a mark for each entry that is no resource at all."""
    named = (draft.reference for draft in drafts if draft.order is None)
    return (*named, *(NO_RESOURCE for _ in range(record.unreadable_drafts)))


def _of_others(record: PatientRecord) -> int:
    """Return how many draft orders are about somebody else."""
    here = (draft.get("resourceType") for draft in record.drafts if not is_about(draft, record))
    return sum(kind in {*DRUG_REQUESTS, *SERVICE_REQUESTS} for kind in (*here, *record.drafts_of_others))


def severe_drug_allergies(record: PatientRecord) -> Fact[frozenset[str]]:
    """Return the drugs and drug classes of severe allergies; empty when allergies were looked for and none is."""
    allergies = _allergies(record)
    if isinstance(allergies, Unknown):
        return allergies
    severe = [item for item in allergies.value if item.severe and item.concept]
    days = [item.date for item in severe if item.date]
    return Known(
        frozenset(item.concept for item in severe),
        tuple(dict.fromkeys(item.source for item in severe)),
        max(days, default=None),
        worst(tuple(item.confidence for item in severe)),
    )


def _allergies(record: PatientRecord) -> Known[tuple[Allergy, ...]] | Unknown:
    """Return the allergies; Unknown where nobody asked, the EHR failed, or a cut list shows none."""
    found = tuple(
        Allergy(
            concept=reading.concept,
            severe=reading.severe,
            anaphylaxis=reading.anaphylaxis,
            date=reading.date,
            confidence=reading.confidence,
            source=reading.source,
            text=reading.text,
        )
        for reading in read_allergies(record)
    )
    state = record.keys.get(ALLERGIES)
    if found or state in {KeyState.PRESENT, KeyState.EMPTY}:
        return Known(found, tuple(dict.fromkeys(allergy.source for allergy in found)))
    return Unknown(Why.NOT_FOUND if state is None else Why.NOT_RETRIEVED, (ALLERGIES,))
