"""Public keys of registered EHRs: from a file or from their JWKS address, cached with limits of size and time.

Place in the flow: token verification asks for one key by its id. May not: fetch an address that is not in the
registry, follow a redirect, or keep a key longer than its time.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import jwt
import requests

from cds_server.security.registry import EHR

MAX_JWKS_BYTES = 256 * 1024
MAX_KEYS = 100
FETCH_TIMEOUT_S = 3.0
TIME_TO_LIVE_S = 3600.0
RETRY_AFTER_S = 60.0
"""An unknown key id causes at most one fetch per EHR in this time."""

_KEY_TYPE = {"ES": "EC", "RS": "RSA", "PS": "RSA"}

Clock = Callable[[], float]
"""Seconds of a clock that never goes back."""


@dataclass(slots=True)
class _Cached:
    keys: Mapping[str, Mapping[str, Any]]
    fetched_at: float


@dataclass(slots=True)
class KeyStore:
    """Keys by EHR and key id. Safe to share between threads."""

    clock: Clock
    session: requests.Session = field(default_factory=requests.Session)
    _cache: dict[str, _Cached] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def key(self, ehr: EHR, key_id: str, algorithm: str) -> Any:
        """Return the public key with this id if it fits the algorithm; None otherwise, also when it cannot be had."""
        entry = self._entry(ehr, key_id)
        if entry is None or entry.get("kty") != _KEY_TYPE[algorithm[:2]] or entry.get("use", "sig") != "sig":
            return None
        if entry.get("alg", algorithm) != algorithm:
            return None
        try:
            return jwt.PyJWK(dict(entry), algorithm).key
        except (jwt.PyJWTError, ValueError, TypeError, KeyError):
            return None

    def _entry(self, ehr: EHR, key_id: str) -> Mapping[str, Any] | None:
        now = self.clock()
        with self._lock:
            cached = self._cache.get(ehr.name)
            age = now - cached.fetched_at if cached else float("inf")
            stale = age > TIME_TO_LIVE_S or (cached is not None and key_id not in cached.keys and age > RETRY_AFTER_S)
            if cached is None or stale:
                fetched = self._read(ehr)
                kept = cached.keys if cached and age <= TIME_TO_LIVE_S else {}
                cached = self._cache[ehr.name] = _Cached(kept if fetched is None else fetched, now)
            return cached.keys.get(key_id)

    def _read(self, ehr: EHR) -> Mapping[str, Mapping[str, Any]] | None:
        """Return the keys by id, or None if they cannot be had now."""
        try:
            text = ehr.jwks_file.read_bytes() if ehr.jwks_file else self._fetch(str(ehr.jwks_url))
            listed = json.loads(text)["keys"]
            if not isinstance(listed, list) or len(listed) > MAX_KEYS:
                return None
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            return None
        keys = (entry for entry in listed if isinstance(entry, dict) and isinstance(entry.get("kid"), str))
        found: dict[str, Mapping[str, Any]] = {}
        for entry in keys:
            if entry["kid"] in found:
                return None
            found[entry["kid"]] = entry
        return found

    def _fetch(self, address: str) -> bytes:
        """Return the body behind a registered address. Raises OSError, which requests' errors are."""
        with self.session.get(address, timeout=FETCH_TIMEOUT_S, allow_redirects=False, stream=True) as response:
            if response.status_code != requests.codes.ok:
                raise OSError("not 200")
            body = b""
            for chunk in response.iter_content(16 * 1024):
                body += chunk
                if len(body) > MAX_JWKS_BYTES:
                    raise OSError("too large")
            return body
