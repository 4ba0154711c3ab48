"""FHIR base addresses: which one a call's `fhirServer` names, and whether an address lies under it.

Place in the flow: asked before a socket is opened. May not: look up a name, or guess where an address is odd.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from cds_server.settings import is_loopback

_PLAIN = re.compile(r"[!-\[\]-~]+")
"""Printable ASCII without blanks and without a backslash, which programs read in different ways."""
_UPWARDS = re.compile(r"(?i)(?:^|/|%2f|%5c)(?:\.|%2e){1,2}(?:/|%2f|%5c|;|%3b|$)")
"""A step up, also in the ways in which some servers read one."""
_ENCODED_TWICE = re.compile(r"(?i)%25(?:2e|2f|5c)")
_DEFAULT_PORT = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class FHIRBase:
    """The base URL of one FHIR server, compared by its parts. `path` has no trailing slash."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def url(self) -> str:
        """The base without a trailing slash."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        port = "" if self.port == _DEFAULT_PORT[self.scheme] else f":{self.port}"
        return f"{self.scheme}://{host}{port}{self.path}"

    @property
    def is_loopback(self) -> bool:
        """True if the host is a literal loopback address or "localhost"."""
        return is_loopback(self.host)

    def follow(self, link: str) -> str | None:
        """Return the absolute address of a query ("Condition?patient=1") or a link; None where it leads elsewhere."""
        try:
            url = urljoin(f"{self.url}/", link)
        except ValueError:
            return None
        target = _read(url)
        return url if target is not None and target.is_within(self) else None

    def is_within(self, other: FHIRBase) -> bool:
        """True if this address is the other one or lies below it."""
        if (self.scheme, self.host, self.port) != (other.scheme, other.host, other.port):
            return False
        return self.path == other.path or self.path.startswith(f"{other.path}/")


def parse_base(text: str | None) -> FHIRBase | None:
    """Return a base URL by its parts; None for what is no plain http address without user, query and fragment."""
    if text is None or "?" in text or "#" in text:
        return None
    return _read(text)


def is_listed(base: FHIRBase, allowed: Iterable[str]) -> bool:
    """True if the base is one of the `allowed` base URLs."""
    return any(base == parse_base(entry) for entry in allowed)


def _read(text: str) -> FHIRBase | None:
    if not _PLAIN.fullmatch(text):
        return None
    try:
        parts = urlsplit(text)
        host, port = parts.hostname, parts.port
    except ValueError:
        return None
    scheme = parts.scheme
    if scheme not in _DEFAULT_PORT or not host or "@" in parts.netloc:
        return None
    if _UPWARDS.search(parts.path) or _ENCODED_TWICE.search(parts.path):
        return None
    return FHIRBase(scheme, host, _DEFAULT_PORT[scheme] if port is None else port, parts.path.rstrip("/"))
