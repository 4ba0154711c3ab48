"""Public keys of registered EHRs: from a file or from their JWKS address, cached with limits of size and time.

Place in the flow: token verification asks for one key by its id. May not: fetch an address that is not in the
registry, follow a redirect, keep a key longer than its time, or have one EHR wait for another's key server.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import jwt
import requests
from cryptography.exceptions import UnsupportedAlgorithm

from cds_server.fhir.client import reading_ends_after
from cds_server.security.registry import EHR

MAX_JWKS_BYTES = 256 * 1024
MAX_KEYS = 100
MIN_RSA_BITS = 2048
FETCH_TIMEOUT_S = 3.0
"""For the whole answer, not only from byte to byte."""
REFRESH_AFTER_S = 3600.0
TIME_TO_LIVE_S = 4 * 3600.0
"""Keys older than this are not trusted, whatever the reason why they could not be read anew."""
RETRY_AFTER_S = 60.0
"""An unknown key id causes at most one fetch per EHR in this time."""
EMPTY_RETRY_S = 5.0
"""The same, while there is no key at all."""

_KEY_TYPE = {"ES": "EC", "RS": "RSA", "PS": "RSA"}

Clock = Callable[[], float]
"""Seconds of a clock that never goes back."""
Keys = Mapping[str, Mapping[str, Any]]
"""Members of a JWKS by key id."""


@dataclass(slots=True)
class _Held:
    """What is known of one EHR's keys. `reading` is taken by the one thread that reads them anew."""

    keys: Keys = field(default_factory=dict)
    read_at: float = float("-inf")
    tried_at: float = float("-inf")
    reading: threading.Lock = field(default_factory=threading.Lock)

    def usable(self, now: float) -> Keys:
        """Return the keys that may still be trusted."""
        return self.keys if now - self.read_at <= TIME_TO_LIVE_S else {}

    def is_due(self, key_id: str, now: float) -> bool:
        """Return whether the keys should be read anew before this one is looked for."""
        keys = self.usable(now)
        is_wanted = key_id not in keys or now - self.read_at > REFRESH_AFTER_S
        return is_wanted and now - self.tried_at > (RETRY_AFTER_S if keys else EMPTY_RETRY_S)


@dataclass(slots=True)
class KeyStore:
    """Keys by EHR and key id. Safe to share between threads. session: one of `open_session`."""

    clock: Clock
    session: requests.Session
    _held: dict[str, _Held] = field(default_factory=dict)

    def key(self, ehr: EHR, key_id: str, algorithm: str) -> Any:
        """Return the public key with this id if it fits the algorithm; None otherwise, also when it cannot be had."""
        entry = self._entry(ehr, key_id)
        if entry is None or entry.get("kty") != _KEY_TYPE[algorithm[:2]] or entry.get("use", "sig") != "sig":
            return None
        if entry.get("alg", algorithm) != algorithm:
            return None
        try:
            key = jwt.PyJWK(dict(entry), algorithm).key
        except (jwt.PyJWTError, UnsupportedAlgorithm, ValueError, TypeError, KeyError):
            return None
        return None if entry["kty"] == "RSA" and key.key_size < MIN_RSA_BITS else key

    def key_ids(self, ehr: EHR) -> tuple[str, ...]:
        """Return the ids of all keys of an EHR, read now; none where they cannot be had."""
        return tuple(self._read(ehr) or ())

    def _entry(self, ehr: EHR, key_id: str) -> Mapping[str, Any] | None:
        held = self._held.setdefault(ehr.name, _Held())
        if held.is_due(key_id, self.clock()):
            self._refresh(held, ehr, key_id)
        return held.usable(self.clock()).get(key_id)

    def _refresh(self, held: _Held, ehr: EHR, key_id: str) -> None:
        """Read the keys anew, in one thread; the others wait for it only if they have no key to go on with."""
        has_key = key_id in held.usable(self.clock())
        if not held.reading.acquire(timeout=0 if has_key else FETCH_TIMEOUT_S):
            return
        try:
            if held.is_due(key_id, self.clock()):
                found = self._read(ehr)
                held.tried_at = self.clock()
                if found is not None:
                    held.keys, held.read_at = found, held.tried_at
        finally:
            held.reading.release()

    def _read(self, ehr: EHR) -> Keys | None:
        """Return the keys by id, or None if they cannot be had now."""
        try:
            text = ehr.jwks_file.read_bytes() if ehr.jwks_file else self._fetch(str(ehr.jwks_url))
            listed = json.loads(text)["keys"]
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            return None
        if not isinstance(listed, list) or len(listed) > MAX_KEYS:
            return None
        found: dict[str, Mapping[str, Any]] = {}
        for entry in listed:
            if not isinstance(entry, dict) or not isinstance(entry.get("kid"), str):
                continue
            if entry["kid"] in found:
                return None
            found[entry["kid"]] = entry
        return found

    def _fetch(self, address: str) -> bytes:
        """Return the body behind a registered address. Raises OSError, which requests' errors are."""
        headers = {"Accept": "application/json", "Connection": "close"}
        with (
            reading_ends_after(FETCH_TIMEOUT_S),
            self.session.get(
                address, headers=headers, timeout=FETCH_TIMEOUT_S, allow_redirects=False, stream=True
            ) as response,
        ):
            if response.status_code != requests.codes.ok:
                raise OSError("not 200")
            body = b""
            for chunk in response.iter_content(16 * 1024):
                body += chunk
                if len(body) > MAX_JWKS_BYTES:
                    raise OSError("too large")
            return body
