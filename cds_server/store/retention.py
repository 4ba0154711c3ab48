"""Forgetting: shown cards and feedback are kept for a set time, so that the database does not grow for ever.

Place in the flow: `memory` asks after each write; something happens at most once an hour per process. May not: hold
up a call with more than one short statement per table.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Column, Connection, Table, delete, select, tuple_

from cds_server.store.database import Database
from cds_server.store.tables import FEEDBACK, SHOWN

EVERY = timedelta(hours=1)
"""How often rows are looked for that are too old."""
SOON = timedelta(minutes=1)
"""How soon again, when there were more than one statement may delete."""
AT_ONCE = 1000
"""Rows deleted by one statement."""


@dataclass(slots=True)
class Retention:
    """Deletes what is older than `keep`. Safe to share between threads."""

    database: Database
    keep: timedelta
    _due: datetime | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def tidy(self, now: datetime) -> None:
        """Delete what is too old, if it is time to look."""
        with self._lock:
            if self._due is not None and now < self._due:
                return
            self._due = now + EVERY
        before = now - self.keep
        deleted = self.database.write(lambda connection: _forget(connection, before), 0)
        if deleted >= AT_ONCE:
            self._due = now + SOON


def _forget(connection: Connection, before: datetime) -> int:
    """Delete some rows older than a time; return the largest number deleted from one table."""
    return max(
        delete_some(connection, SHOWN, SHOWN.c.shown_at, before),
        delete_some(connection, FEEDBACK, FEEDBACK.c.received_at, before),
    )


def delete_some(connection: Connection, table: Table, age: Column[datetime] | Column[int], before: object) -> int:
    """Delete the oldest rows, at most AT_ONCE, whose `age` column lies before a value; return how many."""
    key = tuple_(*table.primary_key)
    oldest = select(*table.primary_key).where(age < before).order_by(age).limit(AT_ONCE)
    return connection.execute(delete(table).where(key.in_(oldest.with_for_update(skip_locked=True)))).rowcount
