"""The resources that the fixture server holds: all children, in memory, dates shifted.

Place in the flow: `server` reads and writes it. May not: touch the disk after it was filled.
"""

from __future__ import annotations

import re
import threading
import uuid
from collections.abc import Iterable
from typing import Any

from fhir_fixtures.searching import Page, Parameters, Resource, included, search

TYPES = (
    "Patient",
    "Condition",
    "Observation",
    "DiagnosticReport",
    "Specimen",
    "MedicationRequest",
    "Medication",
    "MedicationAdministration",
    "MedicationStatement",
    "Procedure",
    "ServiceRequest",
    "AllergyIntolerance",
    "DocumentReference",
    "Encounter",
    "CarePlan",
    "Practitioner",
    "Immunization",
    "FamilyMemberHistory",
)
_ID = re.compile(r"[A-Za-z0-9\-.]{1,64}")


class RefusedError(Exception):
    """A request that cannot be met. Carries the HTTP status, the FHIR issue code and a text without patient data."""

    def __init__(self, status: int, code: str, text: str) -> None:
        super().__init__(text)
        self.status = status
        self.code = code
        self.text = text


class Store:
    """Resources by type and id. Every method raises RefusedError for what it cannot do."""

    def __init__(self, resources: Iterable[Resource] = ()) -> None:
        self._lock = threading.Lock()
        self._resources: dict[str, dict[str, Resource]] = {name: {} for name in TYPES}
        for resource in resources:
            self._resources[resource["resourceType"]][resource["id"]] = resource

    def read(self, resource_type: str, resource_id: str) -> Resource:
        """Return one resource."""
        found = self._of(resource_type).get(resource_id)
        if found is None:
            raise RefusedError(404, "not-found", f"There is no {resource_type} with this id.")
        return found

    def search(self, resource_type: str, parameters: Parameters, *, strict: bool = False) -> Page:
        """Return one page of a search, Medications included on request."""
        with self._lock:
            resources = list(self._of(resource_type).values())
        return included(search(resources, parameters, strict=strict), parameters, self._find)

    def create(self, resource_type: str, resource: Any) -> Resource:
        """Keep a resource under an id of our own."""
        self._check(resource_type, resource)
        return self._keep({**resource, "id": str(uuid.uuid4())})

    def update(self, resource_type: str, resource_id: str, resource: Any) -> tuple[Resource, bool]:
        """Keep a resource under its own id; return it and whether the id was free before."""
        self._check(resource_type, resource)
        if resource.get("id") != resource_id or not _ID.fullmatch(resource_id):
            raise RefusedError(400, "invalid", "The id of the resource must be the id in the address.")
        was_free = resource_id not in self._of(resource_type)
        return self._keep(resource), was_free

    def _keep(self, resource: Resource) -> Resource:
        with self._lock:
            self._of(resource["resourceType"])[resource["id"]] = resource
        return resource

    def _find(self, reference: str) -> Resource | None:
        resource_type, _, resource_id = reference.partition("/")
        return self._resources.get(resource_type, {}).get(resource_id)

    def _of(self, resource_type: str) -> dict[str, Resource]:
        if resource_type not in self._resources:
            raise RefusedError(404, "not-supported", "This server does not hold resources of that type.")
        return self._resources[resource_type]

    @staticmethod
    def _check(resource_type: str, resource: Any) -> None:
        if not isinstance(resource, dict) or resource.get("resourceType") != resource_type:
            raise RefusedError(400, "invalid", f"The body must be one {resource_type} resource.")
