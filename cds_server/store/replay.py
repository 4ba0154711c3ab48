"""Replay protection: every accepted token id once, across workers and restarts.

Place in the flow: the last step of token verification. May not: keep a token id in clear, or forget one that is
still valid because the database is away: then this process's own memory stands in.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from sqlalchemy import Connection, delete, insert
from sqlalchemy.exc import IntegrityError

from cds_server.store.database import Database
from cds_server.store.tables import USED_TOKEN

MAX_HELD = 100_000
"""Token ids held in memory while the database is away; above this the oldest to expire go first."""


@dataclass(slots=True)
class StoredReplayGuard:
    """`cds_server.security.tokens.ReplayGuard` over the database. `now`: seconds since the epoch."""

    database: Database
    now: Callable[[], float]
    _held: dict[str, int] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def first_use(self, issuer: str, token_id: str, expires_at: int) -> bool:
        """Return whether this id is seen for the first time."""
        name = f"{len(issuer)}:{issuer}{token_id}".encode("utf-8", "backslashreplace")
        token = hashlib.sha256(name).hexdigest()
        if not self._first_here(token, expires_at):
            return False

        def store(connection: Connection) -> bool:
            try:
                with connection.begin_nested():
                    connection.execute(insert(USED_TOKEN).values(token=token, expires_at=expires_at))
            except IntegrityError:
                return False
            connection.execute(delete(USED_TOKEN).where(USED_TOKEN.c.expires_at < int(self.now())))
            return True

        return self.database.run(store, otherwise=True)

    def _first_here(self, token: str, expires_at: int) -> bool:
        """Return whether this process sees the id for the first time; keeps it until it expires."""
        with self._lock:
            if token in self._held:
                return False
            if len(self._held) >= MAX_HELD:
                now = self.now()
                self._held = {held: until for held, until in self._held.items() if until >= now}
                while len(self._held) >= MAX_HELD:
                    del self._held[min(self._held, key=self._held.__getitem__)]
            self._held[token] = expires_at
            return True
