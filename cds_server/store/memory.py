"""What was shown and what became of it: a card that was answered stays away until one of its facts changes.

Place in the flow: between decision and cards (`without_answered`), after the cards (`remember`), and on feedback
(`learn`). May not: hide a critical card, store patient data, or raise into a hook call.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import Connection, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql import Insert

from cards.feedback import FeedbackItem
from cds_server.store.database import Database
from cds_server.store.fingerprint import Fingerprints
from cds_server.store.tables import FEEDBACK, METADATA, SHOWN
from hooks.recommendation import Decision, Indicator, Recommendation


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """Whose call it is. patient is a fingerprint."""

    client: str
    service: str
    patient: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Memory:
    """The memory of one server. expiry: after this long an answered card may come back unchanged."""

    database: Database
    fingerprints: Fingerprints
    expiry: timedelta
    keep_comments: bool = False

    def without_answered(self, decision: Decision, call: Call) -> Decision:
        """Return the decision without cards that were answered and whose facts are as they were then.

        A card that comes back because a fact changed says which. Critical cards are never touched.
        """
        touchable = any(card.indicator is not Indicator.CRITICAL for card in decision.recommendations)
        if not touchable:
            return decision
        nothing: dict[tuple[str, str], Mapping[str, str]] = {}
        answered = self.database.run(lambda connection: self._answered(connection, call), nothing)
        if not answered:
            return decision
        kept = (self._seen_again(card, answered) for card in decision.recommendations)
        return replace(decision, recommendations=tuple(card for card in kept if card is not None))

    def remember(self, shown: Sequence[tuple[str, Recommendation]], call: Call, knowledge: str) -> None:
        """Store one row per card shown: (uuid, what it says). The same card again changes nothing."""
        rows = [
            {
                "card": uuid,
                "shown_at": call.at,
                "client": call.client,
                "service": call.service,
                "topic": str(card.topic),
                "subject": self.fingerprints.of("subject", card.subject),
                "indicator": str(card.indicator),
                "patient": call.patient,
                "facts": dict(self.fingerprints.facts(card)),
                "knowledge": knowledge,
            }
            for uuid, card in shown
        ]
        if rows:
            self.database.run(lambda connection: _insert_new(connection, SHOWN.name, rows), None)

    def learn(self, items: Iterable[FeedbackItem], client: str, service: str, at: datetime) -> bool:
        """Store feedback, each event once. True if it is stored; False if the database could not take it."""
        rows = [
            {
                "card": item.card,
                "client": client,
                "service": service,
                "outcome": str(item.outcome),
                "suggestions": list(item.accepted),
                "reason_code": item.reason.code[:256] if item.reason else "",
                "reason_system": item.reason.system[:256] if item.reason else "",
                "comment": item.comment if self.keep_comments else "",
                "outcome_at": item.at,
                "received_at": at,
            }
            for item in items
        ]

        def write(connection: Connection) -> bool:
            _insert_new(connection, FEEDBACK.name, rows)
            return True

        return self.database.run(write, otherwise=False)

    def _answered(self, connection: Connection, call: Call) -> dict[tuple[str, str], Mapping[str, str]]:
        """Return the fact fingerprints of the last answered card by (topic, subject)."""
        query = (
            select(SHOWN.c.topic, SHOWN.c.subject, SHOWN.c.facts)
            .join(FEEDBACK, (FEEDBACK.c.card == SHOWN.c.card) & (FEEDBACK.c.client == SHOWN.c.client))
            .where(SHOWN.c.patient == call.patient, SHOWN.c.client == call.client)
            .where(FEEDBACK.c.received_at >= call.at - self.expiry)
            .order_by(FEEDBACK.c.received_at, FEEDBACK.c.id)
        )
        return {(row.topic, row.subject): row.facts for row in connection.execute(query)}

    def _seen_again(
        self, card: Recommendation, answered: Mapping[tuple[str, str], Mapping[str, str]]
    ) -> Recommendation | None:
        """Return None for an answered card as it was, the card with what changed, or the card as it is."""
        then = answered.get((str(card.topic), self.fingerprints.of("subject", card.subject)))
        if then is None or card.indicator is Indicator.CRITICAL:
            return card
        now = self.fingerprints.facts(card)
        changed = sorted(name for name in {*then, *now} if then.get(name) != now.get(name))
        if not changed:
            return None
        words = ", ".join(name.replace("_", " ") for name in changed)
        return replace(card, why_now=(f"Shown again although it was answered: {words} changed since.", *card.why_now))


@dataclass(frozen=True, slots=True)
class CallMemory:
    """The memory bound to one call; what the pipeline asks for."""

    memory: Memory
    call: Call

    def without_answered(self, decision: Decision) -> Decision:
        """Return the decision without cards that were answered and rest on the same facts."""
        return self.memory.without_answered(decision, self.call)

    def remember(self, shown: Sequence[tuple[str, Recommendation]], knowledge: str) -> None:
        """Keep what is shown."""
        self.memory.remember(shown, self.call, knowledge)


def _insert_new(connection: Connection, table_name: str, rows: Sequence[Mapping[str, object]]) -> None:
    """Insert rows; a row that is already there is left as it is."""
    table = METADATA.tables[table_name]
    statement: Insert
    if connection.dialect.name == "postgresql":
        statement = postgresql.insert(table).on_conflict_do_nothing()
    else:
        statement = sqlite.insert(table).on_conflict_do_nothing()
    connection.execute(statement, list(rows))
