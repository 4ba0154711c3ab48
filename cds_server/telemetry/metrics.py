"""Counters and histograms for Prometheus, a registry of its own per application.

Place in the flow: `Telemetry` counts here, GET /metrics shows it. May not: carry a label that a caller chooses.
"""

from __future__ import annotations

import os

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

_SECONDS = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0)


class Metrics:
    """Everything counted. Labels hold ids and states of ours only."""

    def __init__(self) -> None:
        registry = CollectorRegistry()
        self.calls = Counter("cds_calls", "Service calls answered.", ("service", "status"), registry=registry)
        self.seconds = Histogram(
            "cds_call_seconds", "Time to answer a call.", ("service",), buckets=_SECONDS, registry=registry
        )
        self.cards = Counter("cds_cards", "Cards shown.", ("service", "topic", "indicator"), registry=registry)
        self.keys = Counter("cds_prefetch_keys", "What became of prefetch keys.", ("key", "state"), registry=registry)
        self.fhir_requests = Counter("cds_fhir_requests", "Requests sent to FHIR servers.", registry=registry)
        self.dropped = Counter("cds_dropped_resources", "Resources about somebody else.", registry=registry)
        self.unreadable = Counter("cds_unreadable_entries", "Entries that were no resource.", registry=registry)
        self.feedback = Counter("cds_feedback", "Feedback on cards.", ("service", "outcome"), registry=registry)
        self.database_failures = Counter(
            "cds_database_failures", "Times the database could not be used; calls go on.", registry=registry
        )
        self.log_failures = Counter("cds_log_failures", "Log lines that could not be written.", registry=registry)
        self.faults = Counter("cds_faults", "Faults of this server.", registry=registry)
        self._registry = registry

    def exposition(self) -> bytes:
        """Return all of it in Prometheus' text format, of all worker processes where there are several."""
        if not os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
            return generate_latest(self._registry)
        together = CollectorRegistry()
        MultiProcessCollector(together)  # type: ignore[no-untyped-call]  # the library leaves it untyped
        return generate_latest(together)
