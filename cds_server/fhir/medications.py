"""Which Medications the orders refer to that did not come with them: many EHRs keep the drug in a resource of its own.

Place in the flow: `cds_server.fhir.chart` asks the EHR for these once it has the orders. May not: ask for one whose
reference says the drug in words, or for an address outside the EHR's base.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from cds_server.fhir.address import FHIRBase
from hooks.record import Resource, local_reference, reference_to

_MOST = 50
"""Medications asked for in one query; with ids of usual length it stays under 2,000 characters."""
_LONGEST = 6000
"""Characters of the query, of which servers take 8,000 or so."""
_ID = re.compile(r"[A-Za-z0-9\-._]{1,256}")


def query_for_medications(orders: Iterable[Resource], base: FHIRBase) -> str | None:
    """Return the query for what these orders need and do not bring; None for nothing."""
    listed = tuple(orders)
    brought = {reference_to(resource) for resource in listed if resource["resourceType"] == "Medication"}
    wanted = dict.fromkeys(filter(None, (_medication_of(order, base) for order in listed)))
    ids = [name.partition("/")[2] for name in wanted if name not in brought][:_MOST]
    while ids and sum(map(len, ids)) > _LONGEST:
        ids.pop()
    return f"Medication?_id={','.join(ids)}" if ids else None


def _medication_of(order: Resource, base: FHIRBase) -> str | None:
    """Return "Medication/id" where an order says its drug by such a reference alone."""
    said = order.get("medicationReference")
    if not isinstance(said, Mapping) or said.get("display") or order.get("medicationCodeableConcept"):
        return None
    reference = said.get("reference")
    name = local_reference(reference) if isinstance(reference, str) else None
    if name is None or base.follow(str(reference)) is None:
        return None
    resource_type, _, resource_id = name.partition("/")
    return name if resource_type == "Medication" and _ID.fullmatch(resource_id) else None
