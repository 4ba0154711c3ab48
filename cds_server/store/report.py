"""What became of the cards: shown, accepted, overridden by reason; by service, topic and week.

Place in the flow: `cds-server feedback report` and the report page read it. May not: say anything about a patient.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from cds_server.store.database import Database
from cds_server.store.tables import FEEDBACK, SHOWN


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
    def ignored(self) -> int:
        """Cards that nobody answered; clients never report these."""
        return self.shown - self.accepted - self.overridden


@dataclass(frozen=True, slots=True)
class Report:
    """All rows, and feedback about cards that this server does not know."""

    rows: tuple[ReportRow, ...]
    unknown_cards: int


def read_report(database: Database, since: datetime | None = None) -> Report:
    """Return the report over cards shown since a time. Raises SQLAlchemyError."""

    def read(connection: Connection) -> Report:
        shown = select(SHOWN.c.card, SHOWN.c.client, SHOWN.c.service, SHOWN.c.topic, SHOWN.c.shown_at)
        if since is not None:
            shown = shown.where(SHOWN.c.shown_at >= since)
        answers = select(FEEDBACK.c.card, FEEDBACK.c.client, FEEDBACK.c.outcome, FEEDBACK.c.reason_code)
        ordered = answers.order_by(FEEDBACK.c.outcome_at, FEEDBACK.c.id)
        last = {(row.card, row.client): row for row in connection.execute(ordered)}
        cards = connection.execute(shown).all()
        known = select(SHOWN.c.card, SHOWN.c.client)
        ours = {(row.card, row.client) for row in connection.execute(known)}
        return Report(_rows(cards, last), len(set(last) - ours))

    return database.run_or_raise(read)


def _rows(cards: Sequence[Any], last: Mapping[tuple[str, str], Any]) -> tuple[ReportRow, ...]:
    groups: dict[tuple[str, str, str], list[Any]] = {}
    for card in cards:
        year, week, _ = card.shown_at.isocalendar()
        key = (card.service, card.topic, f"{year}-W{week:02d}")
        groups.setdefault(key, []).append(last.get((card.card, card.client)))
    return tuple(_row(key, answers) for key, answers in sorted(groups.items()))


def _row(key: tuple[str, str, str], answers: Iterable[Any]) -> ReportRow:
    listed = tuple(answers)
    given = [answer for answer in listed if answer is not None]
    overridden = [answer for answer in given if answer.outcome == "overridden"]
    reasons = Counter(str(answer.reason_code) or "no reason given" for answer in overridden)
    service, topic, week = key
    return ReportRow(
        service=service,
        topic=topic,
        week=week,
        shown=len(listed),
        accepted=len(given) - len(overridden),
        overridden=len(overridden),
        reasons=tuple(sorted(reasons.items(), key=lambda item: (-item[1], item[0]))),
    )


def as_text(report: Report) -> str:
    """Return the report as a table for a terminal."""
    lines = [
        f"{'week':9} {'service':26} {'topic':26} {'shown':>6} {'accepted':>9} {'overridden':>11} {'no answer':>10}"
    ]
    for row in report.rows:
        lines.append(
            f"{row.week:9} {row.service:26} {row.topic:26} {row.shown:6} {row.accepted:9} {row.overridden:11} "
            f"{row.ignored:10}"
        )
        lines += [f"{'':63} {count:6} {reason}" for reason, count in row.reasons]
    lines.append(f"Feedback about cards not known here: {report.unknown_cards}")
    return "\n".join(lines)
