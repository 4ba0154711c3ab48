"""PatientRecord: what is at hand about one patient, as plain JSON, by resource type.

Place in the flow: built by `cds_server.fhir` (or a test), read by `hooks.facts` and by pathways.
May not: decode, validate or judge a resource; every reader copes with missing or odd elements.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

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
    drafts_of_others: of what was left out, the types of the drafts.
    unreadable: how many entries were no resource at all; unreadable_drafts: those of context.draftOrders.
    readings: what readers made of this record already (`once_per_record`).
    """

    patient_id: str
    resources: Mapping[str, tuple[Resource, ...]] = field(default_factory=dict)
    keys: Mapping[str, KeyState] = field(default_factory=dict)
    drafts: tuple[Resource, ...] = ()
    selected: tuple[str, ...] = ()
    dropped: int = 0
    drafts_of_others: tuple[str, ...] = ()
    unreadable: int = 0
    unreadable_drafts: int = 0
    readings: dict[object, Any] = field(default_factory=dict, init=False, repr=False, compare=False)

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
            return _by_id(self).get(text.removeprefix(_URN))
        wanted = local_reference(text)
        if wanted is None:
            return None
        return _by_reference(self, wanted.split("/", 1)[0]).get(wanted)


def once_per_record(reader: Callable[Concatenate[PatientRecord, P], T]) -> Callable[Concatenate[PatientRecord, P], T]:
    """Return a reader that reads each record once, however many ask it: what it returns is not to be changed.

    What was read is kept with the record and goes with it.
    """

    @wraps(reader)
    def read(record: PatientRecord, /, *args: P.args, **kwargs: P.kwargs) -> T:
        key = (reader, args, *kwargs.items())
        if key not in record.readings:
            record.readings[key] = reader(record, *args, **kwargs)
        found: T = record.readings[key]
        return found

    return read


@once_per_record
def _by_reference(record: PatientRecord, resource_type: str) -> Mapping[str, Resource]:
    """Return the resources of a type by "Type/id"; a draft stands before the chart's resource of the same name."""
    found: dict[str, Resource] = {}
    for resource in (*record.drafts, *record.resources.get(resource_type, ())):
        found.setdefault(reference_to(resource), resource)
    return found


@once_per_record
def _by_id(record: PatientRecord) -> Mapping[str, Resource]:
    """Return the resources whose id no other one has, whatever their type."""
    found: dict[str, list[Resource]] = {}
    for listed in (record.drafts, *record.resources.values()):
        for resource in listed:
            if isinstance(resource.get("id"), str):
                found.setdefault(resource["id"], []).append(resource)
    return {resource_id: same[0] for resource_id, same in found.items() if len(same) == 1}


_URN = "urn:uuid:"


def local_reference(text: str) -> str | None:
    """Return "Type/id" of a relative or absolute reference (history part removed), or None."""
    parts = text.split("/_history/", 1)[0].rstrip("/").split("/")
    if len(parts) < 2 or not parts[-2][:1].isupper() or not parts[-1]:
        return None
    return f"{parts[-2]}/{parts[-1]}"


def reference_to(resource: Resource) -> str:
    """Return "Type/id" of a resource; only "Type" where it has no id, or one that holds markup."""
    resource_type = resource.get("resourceType")
    resource_id = resource.get("id")
    type_name = resource_type if isinstance(resource_type, str) else "Resource"
    named = isinstance(resource_id, str) and resource_id and not _IN_NO_ID.search(resource_id)
    return f"{type_name}/{resource_id}" if named else type_name


_IN_NO_ID = re.compile(r"""[<>"'`\x00-\x1f]""")
"""Cards and drafts quote references, and a client may render what it gets."""
