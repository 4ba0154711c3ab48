"""One database: its engine, its schema version, and a breaker that keeps a broken one from slowing calls.

Place in the flow: `memory`, `replay` and `report` run their statements through `Database.run`. May not: raise into
a hook call; a failure is counted, remembered for health and answered with the caller's fallback.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from hooks.errors import SettingsError

MIGRATIONS = Path(__file__).parent / "migrations"
BUSY_TIMEOUT_MS = 250
"""How long one statement waits for a locked database."""
REST_S = 5.0
"""After a failure the database is left alone for this long."""

ResultT = TypeVar("ResultT")
Clock = Callable[[], float]


def create_engine_for(url: str) -> Engine:
    """Return the engine of a database URL. Raises SettingsError for a URL that no driver understands."""
    try:
        parsed = make_url(url)
        if parsed.get_backend_name() == "sqlite":
            engine = create_engine(parsed, connect_args={"timeout": BUSY_TIMEOUT_MS / 1000})
            event.listen(engine, "connect", _tune_sqlite)
            return engine
        timeouts = f"-c statement_timeout={BUSY_TIMEOUT_MS} -c lock_timeout={BUSY_TIMEOUT_MS}"
        arguments = {"connect_timeout": 2, "options": timeouts}
        return create_engine(parsed, connect_args=arguments, pool_timeout=BUSY_TIMEOUT_MS / 1000, pool_size=10)
    except (ArgumentError, ImportError) as error:
        raise SettingsError(f"CDS_DATABASE_URL: {type(error).__name__}: no usable database URL") from None


def _tune_sqlite(connection: Any, _record: Any) -> None:
    """Write-ahead log: readers never wait for a writer."""
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.close()


@dataclass(slots=True)
class Database:
    """An engine with a breaker. Safe to share between threads; each worker process has its own."""

    engine: Engine
    clock: Clock
    failures: int = 0
    last_error: str = ""
    _resting_until: float = 0.0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def run(self, work: Callable[[Connection], ResultT], otherwise: ResultT) -> ResultT:
        """Return what `work` returns, committed; `otherwise` when the database fails or rests after a failure."""
        if self.clock() < self._resting_until:
            self.failures += 1
            return otherwise
        try:
            return self.run_or_raise(work)
        except SQLAlchemyError as error:
            self.note_failure(error)
            return otherwise

    def note_failure(self, error: SQLAlchemyError) -> None:
        """Count a failure, keep its kind for health, and leave the database alone for a while."""
        with self._lock:
            self.failures += 1
            self.last_error = type(error).__name__
            self._resting_until = self.clock() + REST_S

    def run_or_raise(self, work: Callable[[Connection], ResultT]) -> ResultT:
        """Return what `work` returns, committed. Raises SQLAlchemyError."""
        with self.engine.begin() as connection:
            result = work(connection)
        self.last_error = ""
        return result

    def upgrade(self) -> str:
        """Bring the schema to the newest version and return it. Raises SQLAlchemyError."""

        def to_head(connection: Connection) -> None:
            config = _config()
            config.attributes["connection"] = connection
            command.upgrade(config, "head")

        self.run_or_raise(to_head)
        return newest_version()

    def version(self) -> str | None:
        """Return the schema version of the database; None for an empty or unreachable one."""
        return self.run(lambda connection: MigrationContext.configure(connection).get_current_revision(), None)

    @property
    def is_ready(self) -> bool:
        """True if the database answers and its schema is the newest."""
        return self.version() == newest_version()


def newest_version() -> str:
    """Return the newest schema version that this code brings."""
    return str(ScriptDirectory.from_config(_config()).get_current_head())


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("path_separator", "os")
    return config
