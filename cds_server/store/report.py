"""What became of the cards: shown, accepted, overridden by reason; by service, topic and week.

Place in the flow: `cds-server feedback report` and the report page read it. May not: say anything about a patient.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select

from cds_server.store.database import PATIENCE_S, Database
from cds_server.store.tables import FEEDBACK, SHOWN

NO_REASON = "no reason given"

CardId = tuple[str, str]
"""Client and card."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportRow:
    """One service, topic and ISO week. shown is the denominator; a card answered twice counts by its last answer."""

    service: str
    topic: str
    week: str
    shown: int
    accepted: int
    overridden: int
    reasons: tuple[tuple[str, int], ...]

    @property
    def unanswered(self) -> int:
        """Cards that nobody answered; clients never report these."""
        return self.shown - self.accepted - self.overridden


@dataclass(frozen=True, slots=True)
class Report:
    """All rows, and the number of answers to cards that this server does not know."""

    rows: tuple[ReportRow, ...] = ()
    unknown_cards: int = 0


def read_report(database: Database, since: datetime | None = None, client: str | None = None) -> Report:
    """Return the report over cards shown since a time, to one client or to all. Raises SQLAlchemyError."""

    def read(connection: Connection) -> Report:
        shown = select(SHOWN.c.client, SHOWN.c.card, SHOWN.c.service, SHOWN.c.topic, SHOWN.c.shown_at)
        answers = select(FEEDBACK.c.client, FEEDBACK.c.card, FEEDBACK.c.outcome, FEEDBACK.c.reason_code)
        known = (FEEDBACK.c.client == SHOWN.c.client) & (FEEDBACK.c.card == SHOWN.c.card)
        unknown = select(func.count(FEEDBACK.c.id)).where(~select(SHOWN.c.card).where(known).exists())
        if since is not None:
            shown = shown.where(SHOWN.c.shown_at >= since)
            unknown = unknown.where(FEEDBACK.c.received_at >= since)
        if client is not None:
            shown = shown.where(SHOWN.c.client == client)
            answers = answers.where(FEEDBACK.c.client == client)
            unknown = unknown.where(FEEDBACK.c.client == client)
        answers = answers.order_by(FEEDBACK.c.outcome_at, FEEDBACK.c.id)
        last = {(row.client, row.card): row for row in connection.execute(answers)}
        cards = {(row.client, row.card): row for row in connection.execute(shown)}
        return Report(_rows(cards, last), connection.execute(unknown).scalar_one())

    return database.run_or_raise(read, PATIENCE_S)


def _rows(cards: Mapping[CardId, Any], last: Mapping[CardId, Any]) -> tuple[ReportRow, ...]:
    groups: dict[tuple[str, str, str], list[Any]] = {}
    for card_id, card in cards.items():
        year, week, _ = card.shown_at.isocalendar()
        groups.setdefault((f"{year}-W{week:02d}", card.service, card.topic), []).append(last.get(card_id))
    return tuple(_row(key, answers) for key, answers in sorted(groups.items()))


def _row(key: tuple[str, str, str], answers: Sequence[Any]) -> ReportRow:
    given = [answer for answer in answers if answer is not None]
    overridden = [answer for answer in given if answer.outcome == "overridden"]
    reasons = Counter(str(answer.reason_code) or NO_REASON for answer in overridden)
    week, service, topic = key
    return ReportRow(
        service=service,
        topic=topic,
        week=week,
        shown=len(answers),
        accepted=len(given) - len(overridden),
        overridden=len(overridden),
        reasons=_most_first(reasons),
    )


def _most_first(counts: Mapping[str, int]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def reasons_of(rows: Iterable[ReportRow]) -> tuple[tuple[str, int], ...]:
    """Return how often each reason was given, the most frequent first."""
    total: Counter[str] = Counter()
    for row in rows:
        total.update(dict(row.reasons))
    return _most_first(total)


def as_text(report: Report) -> str:
    """Return the report as a table for a terminal."""
    lines = [
        f"{'week':9} {'service':26} {'topic':26} {'shown':>6} {'accepted':>9} {'overridden':>11} {'no answer':>10}"
    ]
    for row in report.rows:
        lines.append(
            f"{row.week:9} {row.service:26} {row.topic:26} {row.shown:6} {row.accepted:9} {row.overridden:11} "
            f"{row.unanswered:10}"
        )
        lines += [f"{'':63} {count:6} {reason}" for reason, count in row.reasons]
    lines.append(f"Feedback about cards not known here: {report.unknown_cards}")
    return "\n".join(lines)
