"""What orders and reports refer to that did not come with them: Medications, and the results of a report.

Place in the flow: `cds_server.fhir.chart` asks the EHR for these once it has the rest, for the query subset of prefetch
has no _include. May not: ask for a Medication whose reference says the drug in words, for the results of a report of
which some came, or for an address outside the EHR's base.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from cds_server.fhir.address import FHIRBase
from hooks.record import Resource, local_reference, reference_to

_MOST = 50
"""Resources asked for in one query; with ids of usual length it stays under 2,000 characters."""
_LONGEST = 6000
"""Characters of ids in one query; servers take an address of 8,000 or so."""
_ENDED = ("completed", "stopped", "cancelled", "entered-in-error")
_NAME = re.compile(r"(Medication|Observation)/([A-Za-z0-9\-._]{1,256})")


def queries_for_referred(resources: Iterable[Resource], base: FHIRBase) -> dict[str, str]:
    """Return the query by resource type for what these resources need and do not bring.

    Where that is too much for one query, orders that still hold come before those that ended, in the order given.
    """
    listed = sorted(resources, key=_urgency)
    brought = {reference_to(resource) for resource in listed}
    wanted: dict[str, dict[str, None]] = {}
    for resource in listed:
        names = [name for reference in _references(resource) if (name := _name_of(reference, base))]
        if brought.isdisjoint(names):
            for name in names:
                kind, _, resource_id = name.partition("/")
                wanted.setdefault(kind, {})[resource_id] = None
    return {kind: f"{kind}?_id={','.join(_fitting(list(ids)))}" for kind, ids in wanted.items()}


def _urgency(resource: Resource) -> bool:
    return resource.get("status") in _ENDED


def _references(resource: Resource) -> Iterator[object]:
    """Yield the references of an order to its Medication, where it says nothing else of its drug, or to results."""
    drug = resource.get("medicationReference")
    if isinstance(drug, Mapping) and not drug.get("display") and not resource.get("medicationCodeableConcept"):
        yield drug.get("reference")
    results = resource.get("result") if resource.get("resourceType") == "DiagnosticReport" else None
    for result in results if isinstance(results, list) else ():
        if isinstance(result, Mapping):
            yield result.get("reference")


def _name_of(reference: object, base: FHIRBase) -> str | None:
    """Return "Type/id" of a reference to what this EHR may be asked for."""
    name = local_reference(reference) if isinstance(reference, str) else None
    if name is None or not _NAME.fullmatch(name) or base.follow(str(reference)) is None:
        return None
    return name


def _fitting(ids: list[str]) -> list[str]:
    kept = ids[:_MOST]
    while sum(map(len, kept)) > _LONGEST:
        kept.pop()
    return kept
