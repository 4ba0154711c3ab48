"""The body of a call: JSON in form and type, opened only as far as somebody will read.

Place in the flow: every view that takes a body calls this first. May not: quote the body in an error.
"""

from __future__ import annotations

from typing import Any

from flask import Request
from gunicorn.http.errors import ParseException  # type: ignore[import-untyped]  # gunicorn has no types

from cds_server.strict_json import JSONRefused, Undecoded, read_members, read_text, read_value
from hooks.errors import BodyTooLarge, NotJSON, RequestRefused

JSON_TYPES = ("application/json", "application/fhir+json")
_ENVELOPE = ("hook", "hookInstance", "fhirServer", "fhirAuthorization", "context", "prefetch")


def read_envelope(received: Request) -> dict[str, Any]:
    """Return the members of a hook call decoded, save those of prefetch, which are checked and stay text.

    Raises NotJSON, RequestRefused. Members that the specification does not name are left alone.
    """
    members = _read_object(received)
    return {name: _read_member(name, members[name]) for name in _ENVELOPE if name in members}


def read_body(received: Request) -> dict[str, Any]:
    """Return a whole body decoded. Raises NotJSON, RequestRefused."""
    return {name: _read_member(name, value, in_full=True) for name, value in _read_object(received).items()}


def _read_object(received: Request) -> dict[str, Undecoded]:
    if received.mimetype not in JSON_TYPES or (received.content_encoding or "identity").lower() != "identity":
        raise NotJSON("The body must be JSON (application/json), without a content encoding.")
    try:
        return read_members(read_text(_read_bytes(received)))
    except JSONRefused as error:
        raise RequestRefused(f"The body {error}.") from None


def _read_bytes(received: Request) -> bytes:
    """Return the body in one read; werkzeug's own limit would read it in pieces (0.2 ms on 250 kB)."""
    limit = received.max_content_length or 0
    received.max_content_length = limit + 1  # a chunked body is cut there, and then known as too long
    length = received.content_length
    if length is not None and length > limit:
        raise BodyTooLarge("The body is too long.")
    try:
        data: bytes = received.stream.read(limit + 1 if length is None else length)
    except (OSError, ParseException):
        raise RequestRefused("The body could not be read to its end.") from None
    if len(data) > limit:
        raise BodyTooLarge("The body is too long.")
    return data


def _read_member(name: str, text: Undecoded, *, in_full: bool = False) -> Any:
    try:
        is_object = bytes(memoryview(text)[:1]) == b"{"
        members = read_members(text) if is_object and not in_full else None
        if members is not None and name == "prefetch":
            return {key: None if bytes(memoryview(value)[:5]) == b"null" else value for key, value in members.items()}
        return read_value(text)
    except JSONRefused as error:
        where = name if name in _ENVELOPE else "A member of the body"
        raise RequestRefused(f"{where} {error}.") from None
