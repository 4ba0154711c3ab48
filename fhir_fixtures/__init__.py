"""Synthetic children with neuroblastoma, hook calls about them, and a small FHIR server over them.

Place in the flow: the demo page, the `fixtures` command and the tests use it. May not: import anything of the
project outside this package, or hold anything about a real person.

Every bundle is written as of ANCHOR. `load` and the server move all dates by (as_of - ANCHOR).
"""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from fhir_fixtures.dates import shifted
from fhir_fixtures.searching import Resource
from fhir_fixtures.store import RefusedError, Store

ANCHOR = date(2026, 6, 1)
"""The day on which every bundle, story and request is written."""

USER_ID = "Practitioner/synthetic-oncologist"
FHIR_BASE = "https://ehr.example.org/fhir"
"""Where the resources of a built hook call say they come from. Nobody answers there."""

_FOLDER = Path(__file__).parent
_ROW = re.compile(
    r"^\|\s*`(?P<service>[a-z0-9-]+)`\s*\|(?P<topic>[^|]*)\|(?P<indicator>[^|]*)\|(?P<shown>[^|]*)\|(?P<closed>[^|]*)\|"
)
_TOKEN = re.compile(r"\{\{\s*context\.patientId\s*\}\}")


@dataclass(frozen=True, slots=True)
class Expected:
    """One row of a story's table: what one service should answer by the clinical documents.

    topic: the card's topic, "A or B" where the documents leave it open ("A or no card" too), "" for `{"cards": []}`.
    indicator: the card's. shown: regimens or items that the card must offer, with whatever standing but
    not_suitable. closed: what it must not offer as an open choice (trial, preferred, alternative, refer).
    A service without any row is not pinned down by the documents for this child.
    """

    service: str
    topic: str
    indicator: str
    shown: tuple[str, ...]
    closed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Child:
    """One synthetic child: the slug is also the Patient's id."""

    slug: str
    title: str
    bundle: Path
    story: Path

    @property
    def expected(self) -> tuple[Expected, ...]:
        """What the patient-view services should answer, from the story's table."""
        return tuple(_rows(self.story.read_text(encoding="utf-8")))


@dataclass(frozen=True, slots=True)
class HookCall:
    """One hook call on file: a child, the service it goes to, the dialect it is written in, the body as of ANCHOR."""

    name: str
    child: str
    service: str
    about: str
    expected: tuple[Expected, ...]
    body: Mapping[str, Any]


@lru_cache(maxsize=1)
def children() -> tuple[Child, ...]:
    """Return all children, by slug."""
    return tuple(
        Child(folder.name, _title(folder / "story.md"), folder / "bundle.json", folder / "story.md")
        for folder in sorted((_FOLDER / "patients").iterdir())
        if (folder / "bundle.json").is_file()
    )


def child(slug: str) -> Child:
    """Return one child. Raises KeyError for a slug that nobody has."""
    for one in children():
        if one.slug == slug:
            return one
    raise KeyError(slug)


def load(slug: str, as_of: date) -> Resource:
    """Return the child's Bundle (type collection) with every date moved to `as_of`. Raises KeyError."""
    bundle = json.loads(child(slug).bundle.read_text(encoding="utf-8"))
    moved: Resource = shifted(bundle, (as_of - ANCHOR).days)
    return moved


def resources_as_of(as_of: date) -> list[Resource]:
    """Return the resources of all children, dates moved to `as_of`."""
    return [entry["resource"] for one in children() for entry in load(one.slug, as_of)["entry"]]


@lru_cache(maxsize=1)
def hook_calls() -> tuple[HookCall, ...]:
    """Return all hook calls on file, by name."""
    return tuple(_read_call(path) for path in sorted((_FOLDER / "requests").glob("*.json")))


def hook_call(name: str) -> HookCall:
    """Return one hook call on file. Raises KeyError."""
    for one in hook_calls():
        if one.name == name:
            return one
    raise KeyError(name)


def hook_request(
    slug: str, hook: str, as_of: date, templates: Mapping[str, str], context: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Return a hook call about a child with every prefetch template resolved from the child's own bundle.

    `context` adds to patientId and userId (draftOrders, selections); its dates are taken as they are.
    hookInstance is the same for the same arguments.
    """
    seed = json.dumps([slug, hook, as_of.isoformat(), context], sort_keys=True)
    return {
        "hook": hook,
        "hookInstance": str(uuid.uuid5(uuid.NAMESPACE_URL, seed)),
        "context": {"userId": USER_ID, "patientId": slug, **(context or {})},
        "prefetch": prefetched(slug, as_of, templates),
    }


def filed_request(name: str, as_of: date, templates: Mapping[str, str]) -> dict[str, Any]:
    """Return a hook call on file, dates moved to `as_of`, prefetch resolved; keys that the file brings win."""
    call = hook_call(name)
    body: dict[str, Any] = shifted(call.body, (as_of - ANCHOR).days)
    body["prefetch"] = {**prefetched(call.child, as_of, templates), **body.get("prefetch", {})}
    return body


def drafts(as_of: date) -> list[dict[str, Any]]:
    """Return draft orders to choose from, {"label", "resource"} each; the resources still lack a subject."""
    written = json.loads((_FOLDER / "drafts.json").read_text(encoding="utf-8"))
    moved: list[dict[str, Any]] = shifted(written, (as_of - ANCHOR).days)
    return moved


def prefetched(slug: str, as_of: date, templates: Mapping[str, str]) -> dict[str, Any]:
    """Return what a client would put under each prefetch key for this child; a type we do not hold is left out."""
    store = Store(entry["resource"] for entry in load(slug, as_of)["entry"])
    found = {key: _resolved(store, _TOKEN.sub(slug, template)) for key, template in templates.items()}
    return {key: value for key, value in found.items() if value is not None}


def _resolved(store: Store, query: str) -> Resource | None:
    path, _, parameters = query.partition("?")
    resource_type, _, resource_id = path.partition("/")
    try:
        if resource_id:
            return store.read(resource_type, resource_id)
        page = store.search(resource_type, parse_qsl(parameters))
    except RefusedError:
        return None
    entries = [
        {
            "fullUrl": f"{FHIR_BASE}/{resource['resourceType']}/{resource['id']}",
            "resource": resource,
            "search": {"mode": "match"},
        }
        for resource in page.matches
    ]
    bundle: Resource = {"resourceType": "Bundle", "type": "searchset", "total": page.total}
    return {**bundle, "entry": entries} if entries else bundle


def _title(story: Path) -> str:
    with story.open(encoding="utf-8") as lines:
        return next(lines).removeprefix("#").strip()


def _read_call(path: Path) -> HookCall:
    content = json.loads(path.read_text(encoding="utf-8"))
    expected = tuple(
        Expected(
            content["service"],
            row.get("topic", ""),
            row.get("indicator", ""),
            tuple(row.get("shown", ())),
            tuple(row.get("closed", ())),
        )
        for row in content["expected"]
    )
    return HookCall(path.stem, content["child"], content["service"], content["about"], expected, content["body"])


def _rows(story: str) -> Iterator[Expected]:
    for line in story.splitlines():
        found = _ROW.match(line)
        if found:
            topic = found["topic"].strip()
            yield Expected(
                found["service"],
                "" if topic == "no card" else topic,
                found["indicator"].strip(),
                _names(found["shown"]),
                _names(found["closed"]),
            )


def _names(cell: str) -> tuple[str, ...]:
    return tuple(name.strip(" `") for name in cell.split(",") if name.strip(" `"))
