"""One database: its engine, its schema version, and a breaker that keeps a broken one from slowing calls.

Place in the flow: `memory`, `replay`, `retention` and `report` run their statements through `Database`. May not:
raise into a hook call; a failure is counted, remembered for health and answered with the caller's fallback.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DataError, DisconnectionError, IntegrityError, SQLAlchemyError

from hooks.errors import SettingsError

MIGRATIONS = Path(__file__).parent / "migrations"
BUSY_TIMEOUT_S = 0.25
"""How long a call waits for a locked or slow database."""
PATIENCE_S = 60.0
"""How long a person waits: migrations and reports."""
START_S = 2.0
"""How long a starting server waits for its migrations."""
REST_S = 5.0
"""After a failure the database is left alone for this long; then one caller tries it."""

_LOCK = 7_204_331
"""Names the lock under which PostgreSQL is migrated: any number that nobody else uses."""

ResultT = TypeVar("ResultT")
Clock = Callable[[], float]


class TooBusyError(SQLAlchemyError):
    """This process has too many writes under way."""


def create_engine_for(url: str, connections: int = 16) -> Engine:
    """Return the engine of a database URL. Raises SettingsError for one that cannot be used.

    connections: how many calls may use the database at once.
    """
    try:
        parsed = make_url(url)
        if parsed.get_backend_name() == "sqlite":
            return _sqlite_engine(parsed, connections)
        if parsed.get_backend_name() == "postgresql":
            return _postgresql_engine(parsed, connections)
    except (ArgumentError, ImportError) as error:
        raise SettingsError(f"CDS_DATABASE_URL: {type(error).__name__}: no usable database URL") from None
    raise SettingsError("CDS_DATABASE_URL: SQLite and PostgreSQL are supported")


def _postgresql_engine(url: URL, connections: int) -> Engine:
    milliseconds = int(BUSY_TIMEOUT_S * 1000)
    arguments = {
        "connect_timeout": 2,
        "tcp_user_timeout": 1000,
        "options": f"-c statement_timeout={milliseconds} -c lock_timeout={milliseconds} -c timezone=UTC",
    }
    return create_engine(
        url, connect_args=arguments, pool_timeout=BUSY_TIMEOUT_S, pool_size=connections, pool_pre_ping=True
    )


def _sqlite_engine(url: URL, connections: int) -> Engine:
    file = url.database
    if not file or file == ":memory:":
        raise SettingsError("CDS_DATABASE_URL: SQLite needs a file: every process would have a memory of its own")
    arguments = {"timeout": BUSY_TIMEOUT_S}
    engine = create_engine(url, connect_args=arguments, pool_timeout=BUSY_TIMEOUT_S, pool_size=connections)

    @event.listens_for(engine, "connect")
    def tune(connection: Any, record: Any) -> None:
        """Write-ahead log: readers never wait for a writer. NORMAL: a killed process loses nothing."""
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=NORMAL")
        record.info["file"] = _identity(file)

    @event.listens_for(engine, "checkout")
    def check_out(connection: Any, record: Any, _proxy: Any) -> None:
        """Give a connection up whose file was removed: what it writes nobody would ever read."""
        if record.info["file"] != _identity(file):
            raise DisconnectionError
        connection.execute(f"PRAGMA busy_timeout = {int(BUSY_TIMEOUT_S * 1000)}")  # somebody may have had more time

    return engine


def _identity(file: str) -> tuple[int, int] | None:
    try:
        found = os.stat(file)  # noqa: PTH116 - on the way of every call; Path costs as much again
    except OSError:
        return None
    return found.st_dev, found.st_ino


@dataclass(slots=True)
class Breaker:
    """Says who may try: everybody; after a failure nobody for a while, then one. Safe to share between threads.

    Whoever may try tells how it went; one who does not (a defect) is taken for failed when the rest is over again.
    """

    clock: Clock
    _retry_at: float | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def is_open(self) -> bool:
        """True from a failure to the next success."""
        return self._retry_at is not None

    def may_try(self) -> bool:
        """Return whether the caller may try; whoever may must tell how it went."""
        with self._lock:
            if self._retry_at is None:
                return True
            if self.clock() < self._retry_at:
                return False
            self._retry_at = self.clock() + REST_S
            return True

    def succeeded(self) -> None:
        """Let everybody try."""
        with self._lock:
            self._retry_at = None

    def failed(self) -> None:
        """Let nobody try for a while."""
        with self._lock:
            self._retry_at = self.clock() + REST_S


@dataclass(slots=True)
class Database:
    """An engine with a breaker. Safe to share between threads; each worker process has its own.

    on_failure: told the kind of every error (never its text, which may quote a row).
    """

    engine: Engine
    clock: Clock
    on_failure: Callable[[str], None] = lambda _: None
    failures: int = 0
    last_error: str = ""
    breaker: Breaker = field(init=False)
    _turn: threading.Lock = field(default_factory=threading.Lock)
    _counting: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        """Close the breaker."""
        self.breaker = Breaker(self.clock)

    @property
    def is_sqlite(self) -> bool:
        """True for SQLite, which has one writer at a time."""
        return self.engine.dialect.name == "sqlite"

    def read(self, work: Callable[[Connection], ResultT], otherwise: ResultT) -> ResultT:
        """Return what `work` returns; `otherwise` when the database fails, or rests after a failure."""
        return self._attempt(lambda: self.run_or_raise(work), otherwise)

    def write(self, work: Callable[[Connection], ResultT], otherwise: ResultT, *, durable: bool = False) -> ResultT:
        """Return what `work` returns, committed; `otherwise` when the database fails, or rests after a failure.

        durable: the data outlive a loss of power too, which costs SQLite one wait for the disk.
        """
        return self._attempt(lambda: self._write_or_raise(work, durable=durable), otherwise)

    def run_or_raise(self, work: Callable[[Connection], ResultT], patience_s: float | None = None) -> ResultT:
        """Return what `work` returns, committed. Raises SQLAlchemyError. patience_s: instead of a call's time limit."""
        with self.engine.begin() as connection:
            if patience_s is not None:
                self._take_time(connection, patience_s)
            return work(connection)

    def note_failure(self, error: Exception) -> None:
        """Count a failure, keep its kind for health, and leave the database alone unless a single row was at fault."""
        self._count(type(error).__name__)
        if isinstance(error, DataError | IntegrityError):
            self.breaker.succeeded()
        else:
            self.breaker.failed()

    def upgrade(self, patience_s: float = PATIENCE_S) -> str:
        """Bring the schema to the newest version and return it. Raises SQLAlchemyError.

        Several processes may do so at once: one works, the others wait.
        """

        def to_head(connection: Connection) -> None:
            connection.execute(text("BEGIN IMMEDIATE" if self.is_sqlite else f"SELECT pg_advisory_xact_lock({_LOCK})"))
            config = _config()
            config.attributes["connection"] = connection
            command.upgrade(config, "head")

        self.run_or_raise(to_head, patience_s)
        self._note_success()
        return newest_version()

    def is_ready(self) -> bool:
        """Return whether the database can be written and its schema is the newest. Asking is counted as no failure."""
        if not self.breaker.may_try():
            return False
        try:
            is_current = self._write_or_raise(_touch_version, durable=False)
        except SQLAlchemyError as error:
            self.last_error = type(error).__name__
            self.breaker.failed()
            return False
        self._note_success()
        return is_current

    def _attempt(self, work: Callable[[], ResultT], otherwise: ResultT) -> ResultT:
        if not self.breaker.may_try():
            self._count(self.last_error)
            return otherwise
        try:
            result = work()
        except (SQLAlchemyError, ValueError) as error:  # ValueError: a stored value that cannot be decoded
            self.note_failure(error)
            return otherwise
        self._note_success()
        return result

    def _write_or_raise(self, work: Callable[[Connection], ResultT], *, durable: bool) -> ResultT:
        if not self.is_sqlite:
            return self.run_or_raise(work)
        with self._alone(), self.engine.connect() as connection:
            if durable:
                connection.execute(text("PRAGMA synchronous=FULL"))
            result = work(connection)
            connection.commit()
            if durable:
                connection.execute(text("PRAGMA synchronous=NORMAL"))
            return result

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Let the threads of this process write one after another, none after one has failed.

        SQLite's own waiting is unfair: of 16 writers at once, each waiting for the disk, 6 % were refused after
        250 ms; taking turns, 0.04 %.
        """
        is_probe = self.breaker.is_open
        if not self._turn.acquire(timeout=4 * BUSY_TIMEOUT_S):
            raise TooBusyError
        try:
            if self.breaker.is_open and not is_probe:
                raise TooBusyError
            yield
        finally:
            self._turn.release()

    def _take_time(self, connection: Connection, patience_s: float) -> None:
        milliseconds = int(patience_s * 1000)
        if self.is_sqlite:
            connection.execute(text(f"PRAGMA busy_timeout = {milliseconds}"))
        else:
            connection.execute(text(f"SET LOCAL statement_timeout = {milliseconds}"))
            connection.execute(text(f"SET LOCAL lock_timeout = {milliseconds}"))

    def _count(self, kind: str) -> None:
        with self._counting:
            self.failures += 1
            self.last_error = kind
        self.on_failure(kind)

    def _note_success(self) -> None:
        self.last_error = ""
        self.breaker.succeeded()


def newest_version() -> str:
    """Return the newest schema version that this code brings."""
    return str(ScriptDirectory.from_config(_config()).get_current_head())


def _touch_version(connection: Connection) -> bool:
    """Write the newest version over itself; return whether it was there."""
    statement = text("UPDATE alembic_version SET version_num = :newest WHERE version_num = :newest")
    return connection.execute(statement, {"newest": newest_version()}).rowcount == 1


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("path_separator", "os")
    return config
