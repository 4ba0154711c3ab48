"""Treatment that a chart holds as a CarePlan: a regimen by its name, or drugs as activities.

Place in the flow: `assemble` adds these to the drug orders before lines are made. May not: take a draft plan,
or a plan that has not begun, for treatment.

Read: CarePlan of R4: status, title, description, category, period, activity.detail.productCodeableConcept,
created. What comes from a name is of text confidence.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from hooks.facts.dates import first_day, period_of
from hooks.facts.fact import Confidence
from hooks.facts.orders import DrugOrder, OrderState
from hooks.facts.wording import mappings_in, said_by
from hooks.pathways.relapsed_neuroblastoma.reading.signatures import SIGNATURES
from hooks.record import PatientRecord, Resource, reference_to
from hooks.terminology.drugs import ingredient_of
from hooks.terminology.table import concepts_of

_STATES: Mapping[str, OrderState] = {
    "active": OrderState.ACTIVE,
    "on-hold": OrderState.ON_HOLD,
    "completed": OrderState.COMPLETED,
    "revoked": OrderState.STOPPED,
}


def read_care_plans(record: PatientRecord) -> tuple[DrugOrder, ...]:
    """Return one order per CarePlan that names a regimen or drugs of one."""
    found = (_order(plan) for plan in record.of_type("CarePlan"))
    return tuple(order for order in found if order is not None)


def _order(plan: Resource) -> DrugOrder | None:
    status = plan.get("status")
    state = _STATES.get(status.strip().lower()) if isinstance(status, str) else None
    text = " | ".join(_words(plan))
    products = tuple(dict.fromkeys(_products(plan)))
    drugs = products or SIGNATURES.drugs_of(SIGNATURES.named_in(text))
    if state is None or not drugs:
        return None
    start, end = period_of(plan.get("period"))
    return DrugOrder(
        reference=reference_to(plan),
        state=state,
        drugs=drugs,
        confidence=Confidence.CODED if products else Confidence.TEXT,
        start=start,
        end=end,
        authored=first_day(plan.get("created")),
        text=text,
    )


def _words(plan: Resource) -> Iterator[str]:
    for name in ("title", "description"):
        text = plan.get(name)
        if isinstance(text, str):
            yield text
    yield from filter(None, (said_by(plan.get("category")),))


def _products(plan: Resource) -> Iterator[str]:
    for activity in mappings_in(plan.get("activity")):
        for detail in mappings_in(activity.get("detail")):
            for concept in concepts_of(detail.get("productCodeableConcept")):
                ingredient = ingredient_of(concept)
                if ingredient:
                    yield ingredient
