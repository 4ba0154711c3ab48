"""What one prefetch value or one FHIR answer holds: its resources, and what it says about itself.

Place in the flow: prefetch and the FHIR client both read through here, so that both mean the same.
May not: fetch anything, or read a resource beyond its type. No value of any shape makes it raise.

    null, Bundle without entries                          EMPTY    the EHR has none
    Bundle of OperationOutcomes (information, warning)    EMPTY
    OperationOutcome, or Bundle of them, with an error    FAILED   the EHR tried and failed: not asked again
    Bundle of which no entry is a resource                FAILED   something is there that cannot be read
    anything else without a resourceType                  MISSING  as if it had not been sent
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from hooks.record import KeyState, Resource

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
    """Return the content of two consecutive pages; a second that could not be had leaves the first truncated."""
    complete = second.state in {KeyState.PRESENT, KeyState.EMPTY} and first.state is not KeyState.TRUNCATED
    resources = (*first.resources, *second.resources)
    whole = KeyState.PRESENT if resources else KeyState.EMPTY
    return Content(
        whole if complete else KeyState.TRUNCATED, resources, first.unreadable + second.unreadable, second.next_link
    )


def truncated(content: Content) -> Content:
    """Return the content marked as not the whole."""
    return Content(KeyState.TRUNCATED, content.resources, content.unreadable)


def _read_wrapped(wrapper: Mapping[str, Any]) -> Content:
    """Return the content of {response, resource}, the wrapping of clients before CDS Hooks 1.0."""
    if wrapper.get("resource") is not None:
        return read_content(wrapper["resource"])
    response = wrapper.get("response")
    status = str(response.get("status", "")) if isinstance(response, Mapping) else ""
    return Content(KeyState.EMPTY) if status.startswith(("2", "404")) else FAILED


def _read_bundle(bundle: Mapping[str, Any]) -> Content:
    entries = bundle.get("entry")
    found: list[Resource] = []
    failed = False
    unreadable = 0
    for entry in entries if isinstance(entries, list) else ():
        resource = entry.get("resource") if isinstance(entry, Mapping) else None
        resource_type = resource.get("resourceType") if isinstance(resource, Mapping) else None
        if not isinstance(resource, Mapping) or not isinstance(resource_type, str) or not resource_type:
            unreadable += 1
        elif resource_type == "OperationOutcome":
            failed = failed or _reports_error(resource)
        else:
            found.append(resource)
    return Content(_state(found, failed or unreadable > 0, failed), tuple(found), unreadable, _next_link(bundle))


def _state(found: list[Resource], incomplete: bool, failed: bool) -> KeyState:
    if not found:
        return KeyState.FAILED if incomplete else KeyState.EMPTY
    return KeyState.TRUNCATED if failed else KeyState.PRESENT


def _reports_error(outcome: Mapping[str, Any]) -> bool:
    """True unless every issue says information or warning: an outcome that says nothing is no success."""
    issues = outcome.get("issue")
    severities = [issue.get("severity") if isinstance(issue, Mapping) else None for issue in _listed(issues)]
    return not severities or any(severity not in _HARMLESS for severity in severities)


def _listed(value: object) -> Iterable[object]:
    return value if isinstance(value, list) else ()


def _next_link(bundle: Mapping[str, Any]) -> str:
    for link in _listed(bundle.get("link")):
        if isinstance(link, Mapping) and link.get("relation") == "next" and isinstance(link.get("url"), str):
            return str(link["url"])
    return ""
