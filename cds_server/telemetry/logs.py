"""Structured logs: one JSON object per line on standard error, keys from an allow-list.

Place in the flow: `Telemetry` writes through this. May not: write a key that is not listed, whatever it is given; raise
where a line cannot be written.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, MutableMapping
from typing import Any, TextIO

import structlog

ALLOWED_KEYS = frozenset(
    {
        "event", "level", "timestamp", "service", "hook", "hook_instance", "status", "cards", "latency_ms", "gate",
        "keys", "fhir_requests", "dropped", "unreadable", "client", "profile", "mode", "version", "pathway",
        "knowledge", "outcomes", "error", "at", "unknown_variables", "as_of", "authentication",
    }
)  # fmt: skip
"""Every key that a log line may have. None of them can hold a word of a chart."""

Log = structlog.typing.FilteringBoundLogger


class _Lines(structlog.PrintLogger):
    """Writes lines; one that cannot be written (the disk full, the reader gone) is told of and lost."""

    def __init__(self, file: TextIO, on_failure: Callable[[], None]) -> None:
        super().__init__(file)
        self._on_failure = on_failure

    def msg(self, message: str) -> None:
        """Write one line."""
        try:
            super().msg(message)
        except OSError:
            self._on_failure()

    debug = info = warning = error = msg


def open_log(level: str, on_failure: Callable[[], None]) -> Log:
    """Return a log that writes lines of at least this level. on_failure: called for each that cannot be written."""
    logger: Log = structlog.wrap_logger(
        _Lines(sys.stderr, on_failure),
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            keep_allowed,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level]),
        cache_logger_on_first_use=True,
    )
    return logger


def keep_allowed(_: object, __: str, entry: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Return the log entry with the allowed keys alone (a structlog processor)."""
    return {key: value for key, value in entry.items() if key in ALLOWED_KEYS}
