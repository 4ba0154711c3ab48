"""How much free text of one key is read, so that the longest chart is answered in time.

Place in the flow: `cds_server.fhir.chart` passes every key of a record through here once the gate has passed.
May not: shorten or change a resource, or leave anything out without saying so in the key's state.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from cds_server.fhir.content import Content
from hooks.facts.reports import is_plain_text
from hooks.facts.spelling import MAX_LENGTH
from hooks.record import KeyState, Resource

READ_PER_KEY = 150_000
"""Characters of text that are read of one key's resources, all together. One takes up to 16 us to read."""
RESOURCE = 30
"""Characters of text that a resource is worth before any text in it."""
_NEVER_READ = frozenset({"div"})
"""Members that hold no text that anybody reads: narratives, and attachments that are not plain text."""
SHORT = 500
"""Resources with no more text than this are read first: a list of problems comes before a long report."""
_DATES = ("effectiveDateTime", "issued", "recordedDate", "authoredOn", "performedDateTime", "date", "onsetDateTime")
_NAME = 60
"""Characters of a name, code or address, which is quickly read; what is longer counts as a text."""


def legible(content: Content) -> Content:
    """Return the content without the oldest long resources, where all together say more than is read.

    What stays is as it came; the rest is left out whole, because half a note may say the opposite of the other
    half. A resource with a text of which only the beginning is examined stays, and counts as unreadable.
    """
    texts = [[len(text) for text in _texts(resource)] for resource in content.resources]
    cut = sum(any(length > MAX_LENGTH for length in lengths) for lengths in texts)
    sizes = [RESOURCE + sum(min(length, MAX_LENGTH) for length in lengths) for lengths in texts]
    kept = content if sum(sizes) <= READ_PER_KEY else _without_oldest(content, sizes)
    return replace(kept, unreadable=kept.unreadable + cut) if cut else kept


def _without_oldest(content: Content, sizes: list[int]) -> Content:
    newest = sorted(range(len(sizes)), key=lambda position: _dated(content.resources[position]), reverse=True)
    left, kept = READ_PER_KEY, set()
    for position in sorted(newest, key=lambda position: sizes[position] > SHORT):
        left -= sizes[position]
        if left < 0:
            break
        kept.add(position)
    resources = tuple(resource for position, resource in enumerate(content.resources) if position in kept)
    unreadable = content.unreadable + len(sizes) - len(kept)
    return replace(content, state=KeyState.TRUNCATED, resources=resources, unreadable=unreadable)


def _dated(resource: Resource) -> str:
    """Return the first date of a resource as it is written; "" for none, which counts as the oldest."""
    written = (resource.get(name) for name in _DATES)
    return next((date for date in written if isinstance(date, str)), "")


def _texts(resource: Resource) -> Iterator[str]:
    """Yield every text in a resource, at any depth, names and codes left out."""
    waiting: list[object] = [resource]
    while waiting:
        value = waiting.pop()
        if type(value) is str:
            if len(value) > _NAME:
                yield value
        elif type(value) is dict:
            unread = _NEVER_READ if is_plain_text(value) else _NEVER_READ | {"data"}
            waiting.extend(value[name] for name in value if name not in unread)
        elif type(value) is list:
            waiting.extend(value)
