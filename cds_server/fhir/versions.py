"""One version of each resource: where an EHR sent several under one type and id, the newest.

Place in the flow: `cds_server.fhir.chart` reads Conditions and records through here. May not: drop a resource whose
type and id stand alone, or prefer one by anything but what it says of itself in `meta`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from hooks.record import Resource, reference_to


def by_type(resources: Iterable[Resource]) -> Mapping[str, tuple[Resource, ...]]:
    """Return the resources by type, in order of arrival, the newest version where a type and id came again."""
    found: dict[str, list[Resource]] = {}
    places: dict[str, int] = {}
    for resource in resources:
        listed = found.setdefault(str(resource["resourceType"]), [])
        reference = reference_to(resource)
        place = places.get(reference) if "/" in reference else None
        if place is None:
            places[reference] = len(listed)
            listed.append(resource)
        elif _is_newer(resource, listed[place]):
            listed[place] = resource
    return {resource_type: tuple(listed) for resource_type, listed in found.items()}


def _is_newer(one: Resource, other: Resource) -> bool:
    """True if `meta` says so: by lastUpdated, else by the number of the version. Where it says neither, the first."""
    updated = _updated(one), _updated(other)
    if updated[0] is not None and updated[1] is not None and updated[0] != updated[1]:
        return updated[0] > updated[1]
    version = _version(one), _version(other)
    return version[0] is not None and version[1] is not None and version[0] > version[1]


def _updated(resource: Resource) -> datetime | None:
    text = _meta(resource).get("lastUpdated")
    if not isinstance(text, str):
        return None
    try:
        said = datetime.fromisoformat(text)
        return said.replace(tzinfo=UTC) if said.tzinfo is None else said.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _version(resource: Resource) -> int | None:
    text = _meta(resource).get("versionId")
    return int(text) if isinstance(text, str) and text.isascii() and text.isdigit() and len(text) < 20 else None


def _meta(resource: Resource) -> Mapping[str, object]:
    meta = resource.get("meta")
    return meta if isinstance(meta, Mapping) else {}
