"""Replay protection: every accepted token id once, across workers and restarts.

Place in the flow: the last step of token verification. May not: keep a token id in clear, or forget one that is
still valid because the database is away: then this process's own memory stands in.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from sqlalchemy import Connection

from cds_server.store.database import Database
from cds_server.store.retention import AT_ONCE, delete_some
from cds_server.store.tables import USED_TOKEN, inserting

MAX_HELD = 100_000
"""Token ids held in memory while the database is away; above this the oldest to expire go first."""
TIDY_EVERY_S = 10.0
"""How often expired ids are deleted, per process; at once again when there were many."""


@cache
def _unless_there(dialect: str) -> Any:
    """Return the insert of a token that says in its row count whether the token was there already."""
    return inserting(dialect, USED_TOKEN).on_conflict_do_nothing().execution_options(preserve_rowcount=True)


@dataclass(slots=True)
class StoredReplayGuard:
    """`cds_server.security.tokens.ReplayGuard` over the database. `now`: seconds since the epoch."""

    database: Database
    now: Callable[[], float]
    _held: dict[str, int] = field(default_factory=dict)
    _tidy_at: float = 0.0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def first_use(self, issuer: str, token_id: str, expires_at: int) -> bool:
        """Return whether this id is seen for the first time."""
        name = f"{len(issuer)}:{issuer}{token_id}".encode("utf-8", "backslashreplace")
        token = hashlib.sha256(name).hexdigest()
        if not self._first_here(token, expires_at):
            return False
        is_due = self._is_tidying_due()

        def store(connection: Connection) -> bool:
            row = {"token": token, "expires_at": expires_at}
            is_first = connection.execute(_unless_there(connection.dialect.name), row).rowcount == 1
            if is_due and delete_some(connection, USED_TOKEN, USED_TOKEN.c.expires_at, int(self.now())) >= AT_ONCE:
                self._tidy_at = 0.0
            return is_first

        return self.database.write(store, otherwise=True)

    def _first_here(self, token: str, expires_at: int) -> bool:
        """Return whether this process sees the id for the first time; keeps it until it expires."""
        with self._lock:
            if token in self._held:
                return False
            if len(self._held) >= MAX_HELD:
                self._drop_oldest()
            self._held[token] = expires_at
            return True

    def _drop_oldest(self) -> None:
        """Forget what has expired, and at least a tenth, so that this is rare."""
        now = self.now()
        valid = sorted((item for item in self._held.items() if item[1] >= now), key=lambda item: item[1])
        self._held = dict(valid[max(0, len(valid) - MAX_HELD * 9 // 10) :])

    def _is_tidying_due(self) -> bool:
        with self._lock:
            now = self.now()
            if now < self._tidy_at:
                return False
            self._tidy_at = now + TIDY_EVERY_S
            return True
