"""Opening the store: which database, under which key, and whether its schema is current.

Place in the flow: `create_app` and the command line open it once. May not: keep the server from starting because a
database is away.
"""

from __future__ import annotations

import secrets
import time
from datetime import timedelta

from sqlalchemy.exc import SQLAlchemyError

from cds_server.settings import Mode, Settings
from cds_server.store.database import START_S, Database, create_engine_for
from cds_server.store.fingerprint import Fingerprints
from cds_server.store.memory import Memory
from cds_server.store.retention import Retention


def open_database(settings: Settings) -> Database | None:
    """Return the database; None where nothing is to be kept. Raises SettingsError for an unusable URL."""
    if not settings.database_url:
        return None
    return Database(create_engine_for(settings.database_url, settings.threads), time.monotonic)


def prepare(database: Database, settings: Settings) -> bool:
    """Bring the schema up to date where nobody administers it (development, demo); return whether it is current.

    The connections used are closed, so that worker processes forked later open their own.
    """
    ready = database.is_ready()
    if not ready and settings.mode is not Mode.PRODUCTION:
        try:
            database.upgrade(START_S)
            ready = True
        except SQLAlchemyError as error:
            database.note_failure(error)
    database.engine.dispose()
    return ready


def open_memory(database: Database, settings: Settings) -> Memory:
    """Return the memory over a database. Without a configured key, fingerprints hold for one start of the server."""
    key = settings.fingerprint_key.get_secret_value() if settings.fingerprint_key else secrets.token_hex()
    return Memory(
        database,
        Fingerprints(key.encode()),
        expiry=timedelta(days=settings.memory_days),
        retention=Retention(database, timedelta(days=settings.retention_days)),
        keep_comments=settings.keep_comments,
    )
