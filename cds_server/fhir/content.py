"""What one prefetch value or one FHIR answer holds: its resources, and what it says about itself.

Place in the flow: prefetch and the FHIR client both read through here, so that both mean the same.
May not: fetch anything, or read a resource beyond its type. No value of any shape makes it raise.

    null, Bundle without entries                          EMPTY      the EHR has none
    Bundle of OperationOutcomes (information, warning)    EMPTY
    OperationOutcome, or Bundle of them, with an error    FAILED     the EHR tried and failed: not asked again
    Bundle of which no entry is a resource                FAILED     something is there that cannot be read
    resources beside an OperationOutcome with an error    TRUNCATED  there may be more
    Bundle in a Bundle (the answer to a batch)            as if its entries stood in the outer one
    anything else without a resourceType                  MISSING    as if it had not been sent
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from hooks.record import KeyState, Resource

_URN = "urn:uuid:"
_READ_FURTHER = frozenset({"Bundle", "OperationOutcome"})
_HARMLESS = ("information", "warning", "success")


@dataclass(frozen=True, slots=True)
class Content:
    """One key's resources, pages joined. `next_link`: where the EHR says there is more."""

    state: KeyState
    resources: tuple[Resource, ...] = ()
    unreadable: int = 0
    next_link: str = ""


MISSING = Content(KeyState.MISSING)
FAILED = Content(KeyState.FAILED)
_WHOLE = frozenset({KeyState.PRESENT, KeyState.EMPTY})
_UNREADABLE = Content(KeyState.FAILED, unreadable=1)
"""An entry that is no resource."""


def read_content(value: object) -> Content:
    """Return what a decoded value holds."""
    if value is None:
        return Content(KeyState.EMPTY)
    if not isinstance(value, Mapping):
        return MISSING
    if "resourceType" not in value and ("resource" in value or "response" in value):
        return _read_wrapped(value)
    resource_type = value.get("resourceType")
    if resource_type == "Bundle" or (resource_type is None and isinstance(value.get("entry"), list)):
        return _read_bundle(value)
    if not isinstance(resource_type, str) or not resource_type:
        return MISSING
    if resource_type == "OperationOutcome":
        return Content(KeyState.FAILED if _reports_error(value) else KeyState.EMPTY)
    return Content(KeyState.PRESENT, (value,))


def join(first: Content, second: Content) -> Content:
    """Return the content of two consecutive pages; where one could not be had the other is not the whole."""
    resources = (*first.resources, *second.resources)
    unreadable = first.unreadable + second.unreadable
    joined = Content(KeyState.PRESENT if resources else KeyState.EMPTY, resources, unreadable, second.next_link)
    return joined if first.state in _WHOLE and second.state in _WHOLE else truncated(joined)


def truncated(content: Content) -> Content:
    """Return the content marked as not the whole; without any resource nothing is known: FAILED."""
    state = KeyState.TRUNCATED if content.resources else KeyState.FAILED
    return Content(state, content.resources, content.unreadable)


def _read_wrapped(wrapper: Mapping[str, Any]) -> Content:
    """Return the content of {response, resource}, the wrapping of clients before CDS Hooks 1.0."""
    if wrapper.get("resource") is not None:
        return read_content(wrapper["resource"])
    response = wrapper.get("response")
    status = str(response.get("status", "")) if isinstance(response, Mapping) else ""
    return Content(KeyState.EMPTY) if status.startswith(("2", "404")) else FAILED


def _read_bundle(bundle: Mapping[str, Any]) -> Content:
    found: list[Resource] = []
    unreadable = 0
    is_whole = True
    for entry in _listed(bundle.get("entry")):
        if (resource := _plain_resource(entry)) is not None:
            found.append(resource)
            continue
        content = _read_entry(entry)
        found.extend(content.resources)
        unreadable += content.unreadable
        is_whole = is_whole and (content is _UNREADABLE or (content.state in _WHOLE and not content.next_link))
    state = KeyState.PRESENT if found else KeyState.FAILED if unreadable else KeyState.EMPTY
    content = Content(state, tuple(found), unreadable, _next_link(bundle))
    return content if is_whole else replace(truncated(content), next_link=content.next_link)


def _plain_resource(entry: object) -> Resource | None:
    """Return the resource of an ordinary entry, which is nearly every one (0.3 ms saved on 200).

    One without an id takes that of its fullUrl "urn:uuid:", by which the other entries refer to it.
    """
    if type(entry) is not dict or type(resource := entry.get("resource")) is not dict:
        return None
    resource_type = resource.get("resourceType")
    if type(resource_type) is str and resource_type and resource_type not in _READ_FURTHER:
        return resource if "id" in resource else _named_by_url(resource, entry.get("fullUrl"))
    return None


def _named_by_url(resource: Resource, address: object) -> Resource:
    if isinstance(address, str) and address.startswith(_URN):
        return {**resource, "id": address.removeprefix(_URN)}
    return resource


def _read_entry(entry: object) -> Content:
    if not isinstance(entry, Mapping):
        return _UNREADABLE
    resource = entry.get("resource")
    if resource is None and "response" in entry:
        return _read_wrapped(entry)
    content = read_content(resource)
    return _UNREADABLE if resource is None or content is MISSING else content


def _reports_error(outcome: Mapping[str, Any]) -> bool:
    """True unless every issue says information or warning: an outcome that says nothing is no success."""
    issues = outcome.get("issue")
    severities = [issue.get("severity") if isinstance(issue, Mapping) else None for issue in _listed(issues)]
    return not severities or any(severity not in _HARMLESS for severity in severities)


def _listed(value: object) -> Iterable[object]:
    """Return the members of an array; a single value stands for an array of one, as some converters write it."""
    if value is None:
        return ()
    return value if isinstance(value, list) else (value,)


def _next_link(bundle: Mapping[str, Any]) -> str:
    for link in _listed(bundle.get("link")):
        if isinstance(link, Mapping) and link.get("relation") == "next" and isinstance(link.get("url"), str):
            return str(link["url"])
    return ""
