"""PatientRecord: what is at hand about one patient, as plain JSON, by resource type.

Place in the flow: built by `cds_server.fhir` (or a test), read by `hooks.facts` and by pathways.
May not: decode, validate or judge a resource; every reader copes with missing or odd elements.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

Resource = Mapping[str, Any]
"""One FHIR resource as decoded JSON. Nothing about its shape is guaranteed beyond being an object."""


class KeyState(StrEnum):
    """What became of one prefetch key (DESIGN.md section 7)."""

    PRESENT = "present"
    EMPTY = "empty"
    FAILED = "failed"
    MISSING = "missing"
    TRUNCATED = "truncated"
    """The EHR says that there is more, or that something failed beside it."""
    DAMAGED = "damaged"
    """An entry of it could not be read."""


@dataclass(frozen=True, slots=True)
class PatientRecord:
    """Resources of one patient, after everything about somebody else was dropped.

    resources: by resource type, each tuple in order of arrival, one entry per (type, id).
    keys: the state of each prefetch key that was looked at.
    drafts: the resources of context.draftOrders (Medications and others included), in order.
    selected: references ("MedicationRequest/1") from context.selections.
    dropped: how many resources were left out because they were about somebody else.
    unreadable: how many entries were no resource at all.
    """

    patient_id: str
    resources: Mapping[str, tuple[Resource, ...]] = field(default_factory=dict)
    keys: Mapping[str, KeyState] = field(default_factory=dict)
    drafts: tuple[Resource, ...] = ()
    selected: tuple[str, ...] = ()
    dropped: int = 0
    unreadable: int = 0
    _index: dict[str, Resource] = field(default_factory=dict, init=False, repr=False, compare=False)

    def of_type(self, *resource_types: str) -> Iterator[Resource]:
        """Yield the chart's resources of these types, drafts not included."""
        for resource_type in resource_types:
            yield from self.resources.get(resource_type, ())

    def find(self, reference: object, within: Resource | None = None) -> Resource | None:
        """Return the resource a Reference or reference string points at, or None.

        Resolves "#contained" inside `within`, relative and absolute references by their last two
        path segments, "urn:uuid:" where it is the id. Looks in drafts, then in the chart.
        """
        text = reference.get("reference") if isinstance(reference, Mapping) else reference
        if not isinstance(text, str) or not text:
            return None
        if text.startswith("#"):
            contained = within.get("contained") if within is not None else None
            for resource in contained if isinstance(contained, list) else ():
                if isinstance(resource, Mapping) and resource.get("id") == text[1:]:
                    return resource
            return None
        if text.startswith(_URN):
            return self._with_id(text.removeprefix(_URN))
        wanted = local_reference(text)
        if wanted is None:
            return None
        if not self._index:
            self._fill_index()
        return self._index.get(wanted)

    def _fill_index(self) -> None:
        """Note every resource under its reference, the first of two alike: charts hold a thousand of each."""
        for resource in (*self.drafts, *self.of_type(*self.resources)):
            self._index.setdefault(reference_to(resource), resource)

    def _with_id(self, resource_id: str) -> Resource | None:
        """Return the one resource with this id, whatever its type."""
        everything = (*self.drafts, *(item for listed in self.resources.values() for item in listed))
        found = [item for item in everything if item.get("id") == resource_id]
        return found[0] if len(found) == 1 else None


_URN = "urn:uuid:"


def local_reference(text: str) -> str | None:
    """Return "Type/id" of a relative or absolute reference (history part removed), or None."""
    parts = text.split("/_history/", 1)[0].rstrip("/").split("/")
    if len(parts) < 2 or not parts[-2][:1].isupper() or not parts[-1]:
        return None
    return f"{parts[-2]}/{parts[-1]}"


def reference_to(resource: Resource) -> str:
    """Return "Type/id" of a resource; only "Type" where it has no id."""
    resource_type = resource.get("resourceType")
    resource_id = resource.get("id")
    type_name = resource_type if isinstance(resource_type, str) else "Resource"
    return f"{type_name}/{resource_id}" if isinstance(resource_id, str) and resource_id else type_name
