"""Structured logs: one JSON object per line on standard error, keys from an allow-list.

Place in the flow: `Telemetry` writes through this. May not: write a key that is not listed, whatever it is given.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import MutableMapping
from typing import Any

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


def open_log(level: str) -> Log:
    """Return a log that writes lines of at least this level."""
    logger: Log = structlog.wrap_logger(
        structlog.PrintLogger(sys.stderr),
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
