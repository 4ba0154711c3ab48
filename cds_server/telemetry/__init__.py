"""What is told about calls afterwards: one audit line each, counts, Server-Timing.

Place in the flow: `cds_server.web` hands over notes when an answer is ready. May not: hold, log or count anything
that identifies a patient; slow an answer.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from traceback import extract_tb
from uuid import UUID

from prometheus_client import CONTENT_TYPE_LATEST

from cards.card import Card
from cards.feedback import FeedbackItem
from cds_server.catalogue import Catalogue
from cds_server.pipeline import Notes
from cds_server.security import Client
from cds_server.settings import Mode, Settings, unknown_variables
from cds_server.telemetry.logs import open_log
from cds_server.telemetry.metrics import Metrics
from cds_server.version import VERSION
from hooks.request import HookRequest


@dataclass(slots=True)
class CallNotes(Notes):
    """The pipeline's notes, and what only the web knows."""

    started: float = field(default_factory=time.perf_counter)
    hook: str = ""
    hook_instance: str = ""
    client: str = ""
    profile: str = ""
    cards: tuple[Card, ...] = ()

    def about(self, call: HookRequest, client: Client) -> None:
        """Note what a parsed call says of itself; its hook instance only where it is a UUID and nothing else."""
        self.hook = call.hook
        self.hook_instance = _uuid_or_nothing(call.hook_instance)
        self.client, self.profile = client.name, client.profile

    def server_timing(self) -> str:
        """Return the value of the Server-Timing header, in milliseconds."""
        total = time.perf_counter() - self.started
        steps = {**self.seconds, "total": total}
        return ", ".join(f"{step};dur={seconds * 1000:.1f}" for step, seconds in steps.items())


class Telemetry:
    """Log and metrics of one application."""

    EXPOSITION_TYPE = CONTENT_TYPE_LATEST

    def __init__(self, settings: Settings) -> None:
        self._metrics = Metrics()
        self._log = open_log(settings.log_level, self._metrics.log_failures.inc)

    def record_start(self, catalogue: Catalogue, settings: Settings) -> None:
        """Write what is being served; an open door and a fixed day are said aloud."""
        for pathway in catalogue.pathways:
            base = pathway.knowledge
            self._log.info("knowledge", pathway=base.pathway, version=base.version, knowledge=base.digest)
        self._log.info("started", version=VERSION, mode=settings.mode)
        if settings.mode is not Mode.PRODUCTION:
            self._log.warning("open to everybody who reaches it", authentication="none", mode=settings.mode)
        if settings.as_of is not None:
            self._log.warning("the day is fixed", as_of=settings.as_of.isoformat())
        if names := unknown_variables():
            self._log.warning("environment variables that are no setting", unknown_variables=names)

    def record_call(self, service: str, status: int, notes: CallNotes) -> None:
        """Write the audit line of one call and count it."""
        seconds = time.perf_counter() - notes.started
        topics = Counter(str(card.source.topic.code) for card in notes.cards)
        self._log.info(
            "call",
            service=service,
            hook=notes.hook,
            hook_instance=notes.hook_instance,
            status=status,
            cards=topics,
            latency_ms=round(seconds * 1000, 1),
            gate=notes.gate,
            keys=notes.keys,
            fhir_requests=notes.fhir_requests,
            dropped=notes.dropped,
            unreadable=notes.unreadable,
            client=notes.client,
            profile=notes.profile,
        )
        self._count_call(service, status, seconds, notes)

    def _count_call(self, service: str, status: int, seconds: float, notes: CallNotes) -> None:
        metrics = self._metrics
        metrics.calls.labels(service, str(status)).inc()
        metrics.seconds.labels(service).observe(seconds)
        for card in notes.cards:
            metrics.cards.labels(service, card.source.topic.code, card.indicator).inc()
        for key, state in notes.keys.items():
            metrics.keys.labels(key, state).inc()
        metrics.fhir_requests.inc(notes.fhir_requests)
        metrics.dropped.inc(notes.dropped)
        metrics.unreadable.inc(notes.unreadable)

    def record_feedback(self, service: str, items: Sequence[FeedbackItem]) -> None:
        """Count feedback; of the items themselves only the outcomes are written."""
        outcomes = Counter(str(item.outcome) for item in items)
        self._log.info("feedback", service=service, outcomes=outcomes)
        for outcome, count in outcomes.items():
            self._metrics.feedback.labels(service, outcome).inc(count)

    def record_explanation(self, service: str) -> None:
        """Write that a call was explained."""
        self._log.info("explained", service=service)

    def record_database(self, *, is_current: bool) -> None:
        """Say aloud that the server starts without a memory it can use."""
        if not is_current:
            self._log.warning("the database is away or not at the newest schema version: cds-server db upgrade")

    def record_database_failure(self, kind: str) -> None:
        """Count what could not be remembered or looked up, and write the kind of error."""
        self._log.warning("database", error=kind)
        self._metrics.database_failures.inc()

    def report_fault(self, error: Exception) -> None:
        """Write the kind and the place of a fault of ours; never its message, which may quote a chart."""
        places = [
            f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in extract_tb(error.__traceback__)
        ]
        self._log.error("fault", error=type(error).__name__, at=places[-8:])
        self._metrics.faults.inc()

    def exposition(self) -> bytes:
        """Return the metrics in Prometheus' text format."""
        return self._metrics.exposition()


def _uuid_or_nothing(text: str) -> str:
    try:
        return str(UUID(text))
    except ValueError:
        return ""
