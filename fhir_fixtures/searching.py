"""Search over plain JSON resources: the few FHIR R4 parameters that a CDS client needs.

Place in the flow: `server` asks with decoded parameters; `hook_request` resolves prefetch templates with it.
May not: know Flask, or be a general FHIR search engine.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Resource = dict[str, Any]
Parameters = Sequence[tuple[str, str]]

RESULT_PARAMETERS = frozenset({"_count", "_offset", "_sort", "_include", "_format", "_pretty", "_total", "_summary"})
DEFAULT_COUNT = 50
MAX_COUNT = 1000

_TOKENS: Mapping[str, Sequence[str]] = {
    "code": ("code", "medicationCodeableConcept"),
    "category": ("category",),
    "clinical-status": ("clinicalStatus",),
    "verification-status": ("verificationStatus",),
    "type": ("type",),
    "status": ("status",),
    "intent": ("intent",),
    "identifier": ("identifier",),
}
_REFERENCES = frozenset({"patient", "subject"})
_WHEN = (
    "effectiveDateTime",
    "performedDateTime",
    "authoredOn",
    "onsetDateTime",
    "recordedDate",
    "date",
    "issued",
)
_SORTABLE = frozenset({"date", "authored", "authoredon", "recorded-date", "onset-date", "issued"})


class UnknownParameterError(Exception):
    """A search parameter that this server does not know, under strict handling; a modifier, under any."""


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a search: matches, resources included beside them, how many there are, where the next starts."""

    matches: tuple[Resource, ...]
    included: tuple[Resource, ...]
    total: int
    next_offset: int | None


def search(resources: Iterable[Resource], parameters: Parameters, *, strict: bool = False) -> Page:
    """Return one page of the resources that meet every known parameter.

    Unknown parameters are ignored, or raise UnknownParameterError where `strict` says so; an unknown modifier of a
    known parameter always does, for without it the search would find too much.
    """
    everything = list(resources)
    found = [r for r in everything if all(test(r) for test in _tests(parameters, strict=strict))]
    values = dict(parameters)
    for key in reversed(values.get("_sort", "").split(",")):
        found = _sorted(found, key.strip())
    offset = _whole(values.get("_offset"), 0)
    asked = "0" if values.get("_summary") == "count" else values.get("_count")
    count = min(_whole(asked, DEFAULT_COUNT), MAX_COUNT)
    page = tuple(found[offset : offset + count]) if count else ()
    further = offset + count if count and offset + count < len(found) else None
    return Page(page, (), len(found), further)


def understood(parameters: Parameters) -> Parameters:
    """Return the parameters that `search` takes in."""
    known = {*_REFERENCES, "_id", *_TOKENS, *RESULT_PARAMETERS}
    return [(name, value) for name, value in parameters if name.partition(":")[0] in known]


def included(page: Page, parameters: Parameters, lookup: Callable[[str], Resource | None]) -> Page:
    """Return the page with the Medications that its requests refer to, if `_include` asks for them."""
    if not any(name == "_include" and value.endswith(":medication") for name, value in parameters):
        return page
    wanted = dict.fromkeys(reference_of(match.get("medicationReference")) for match in page.matches)
    beside = tuple(found for found in map(lookup, filter(None, wanted)) if found is not None)
    return Page(page.matches, beside, page.total, page.next_offset)


def reference_of(reference: object) -> str:
    """Return "Type/id" of a Reference that points to another resource, else ""."""
    text = reference.get("reference") if isinstance(reference, Mapping) else None
    if not isinstance(text, str) or text.startswith("#"):
        return ""
    return "/".join(text.split("/")[-2:])


def _tests(parameters: Parameters, *, strict: bool) -> Iterator[Callable[[Resource], bool]]:
    for asked, value in parameters:
        name, _, modifier = asked.partition(":")
        if modifier and (name in _TOKENS or name == "_id" or (name in _REFERENCES and modifier != "Patient")):
            raise UnknownParameterError(asked)
        if name in _REFERENCES:
            yield _about(value)
        elif name == "_id":
            yield _has_id(value)
        elif name in _TOKENS:
            yield _has_token(name, value)
        elif strict and name not in RESULT_PARAMETERS:
            raise UnknownParameterError(name)


def _about(value: str) -> Callable[[Resource], bool]:
    wanted = {f"Patient/{one.rsplit('/', 1)[-1]}" for one in value.split(",")}
    return lambda r: bool(wanted & {reference_of(r.get("subject")), reference_of(r.get("patient"))})


def _has_id(value: str) -> Callable[[Resource], bool]:
    wanted = set(value.split(","))
    return lambda r: r.get("id") in wanted


def _has_token(name: str, value: str) -> Callable[[Resource], bool]:
    wanted = [one.partition("|") for one in value.split(",")]

    def matches(resource: Resource) -> bool:
        have = [token for element in _TOKENS[name] for token in _tokens(resource.get(element))]
        return any(_same(token, one) for one in wanted for token in have)

    return matches


def _same(token: tuple[str | None, str | None], wanted: tuple[str, str, str]) -> bool:
    before, bar, after = wanted
    if not bar:
        return token[1] == before
    return (not after or token[1] == after) and (token[0] or "") == before


def _tokens(element: object) -> Iterator[tuple[str | None, str | None]]:
    if isinstance(element, str):
        yield None, element
    elif isinstance(element, list):
        for item in element:
            yield from _tokens(item)
    elif isinstance(element, Mapping):
        if isinstance(element.get("coding"), list):
            yield from _tokens(element["coding"])
        else:
            yield element.get("system"), element.get("code", element.get("value"))


def _sorted(found: list[Resource], key: str) -> list[Resource]:
    name, backwards = key.removeprefix("-"), key.startswith("-")
    if name == "_id":
        return sorted(found, key=lambda r: str(r.get("id")), reverse=backwards)
    if name in _SORTABLE:
        return sorted(found, key=_when, reverse=backwards)
    return found


def _when(resource: Resource) -> str:
    for element in _WHEN:
        value = resource.get(element)
        if isinstance(value, str):
            return value
    return ""


def _whole(text: str | None, default: int) -> int:
    return int(text) if text is not None and text.isdecimal() else default
