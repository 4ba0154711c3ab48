"""What was shown and what became of it: a card that was answered stays away until one of its facts changes.

Place in the flow: between decision and cards (`without_answered`), after the cards (`remember`), and on feedback
(`learn`). May not: hide a critical card, store patient data, or raise into a hook call.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Connection, Select, bindparam, exists, select

from cards.feedback import FeedbackItem, ReasonGiven
from cards.override_reasons import OVERRIDE_REASONS
from cds_server.store.database import Database
from cds_server.store.fingerprint import Fingerprints, States, news
from cds_server.store.retention import Retention
from cds_server.store.tables import FEEDBACK, SHOWN, inserting
from hooks.recommendation import Decision, Indicator, Recommendation

KNOWN_REASONS = frozenset(
    (listed.system, reason.code) for listed in OVERRIDE_REASONS.lists for reason in listed.reasons
)
"""System and code of every override reason that our cards offer."""
OTHER_REASON = "other"
_SHORT_NUMBER = 3
"""Digits of a category number that is kept as it came; anything longer might name somebody."""

CardKey = tuple[str, str, str]
"""Topic, subject (a fingerprint) and indicator: what tells the cards of one answer apart."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """Whose call it is. patient is a fingerprint."""

    client: str
    service: str
    patient: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Memory:
    """The memory of one server. expiry: after this long an answered card may come back unchanged; zero hides none."""

    database: Database
    fingerprints: Fingerprints
    expiry: timedelta
    retention: Retention
    keep_comments: bool = False

    def without_answered(self, decision: Decision, call: Call) -> Decision:
        """Return the decision without cards that were answered and whose facts are as they were then.

        A card that comes back because a fact changed says which. Critical cards are never touched.
        """
        touchable = any(card.indicator is not Indicator.CRITICAL for card in decision.recommendations)
        if not touchable or not self.expiry:
            return decision
        nothing: dict[CardKey, States] = {}
        answered = self.database.read(lambda connection: self._answered(connection, call), nothing)
        if not answered:
            return decision
        kept = (self._seen_again(card, answered, call.patient) for card in decision.recommendations)
        return replace(decision, recommendations=tuple(card for card in kept if card is not None))

    def remember(self, shown: Sequence[tuple[str, Recommendation]], call: Call, knowledge: str) -> None:
        """Store one row per card shown: (uuid, what it says). The same card again replaces its row."""
        rows = [
            {
                "client": call.client,
                "card": uuid,
                "patient": call.patient,
                "shown_at": call.at,
                "service": call.service,
                **self._key_columns(card, call.patient),
                "facts": self._facts(card, call.patient),
                "knowledge": knowledge,
            }
            for uuid, card in shown
        ]
        if rows:
            self.database.write(lambda connection: connection.execute(_put(connection.dialect.name), rows), None)
            self.retention.tidy(call.at)

    def learn(self, items: Iterable[FeedbackItem], client: str, service: str, at: datetime) -> bool:
        """Store feedback, each event once. True if it is stored; False if the database could not take it."""
        rows = [
            {"client": client, "service": service, "received_at": at, **self._event_columns(item)} for item in items
        ]

        def write(connection: Connection) -> bool:
            connection.execute(inserting(connection.dialect.name, FEEDBACK).on_conflict_do_nothing(), rows)
            return True

        learned = self.database.write(write, otherwise=False, durable=True)
        self.retention.tidy(at)
        return learned

    def _key_columns(self, card: Recommendation, patient: str) -> dict[str, str]:
        topic, subject, indicator = self._key(card, patient)
        return {"topic": topic, "subject": subject, "indicator": indicator}

    def _key(self, card: Recommendation, patient: str) -> CardKey:
        return str(card.topic), self.fingerprints.of(patient, "subject", card.subject), str(card.indicator)

    def _facts(self, card: Recommendation, patient: str) -> dict[str, list[str]]:
        return {name: sorted(states) for name, states in self.fingerprints.states(card, patient).items()}

    def _event_columns(self, item: FeedbackItem) -> dict[str, object]:
        system, code = _reason(item.reason)
        return {
            "card": self.fingerprints.sent_id(item.card),
            "outcome": str(item.outcome),
            "suggestions": [self.fingerprints.sent_id(suggestion) for suggestion in item.accepted],
            "reason_code": code,
            "reason_system": system,
            "comment": item.comment if self.keep_comments else "",
            "outcome_at": item.at,
        }

    def _answered(self, connection: Connection, call: Call) -> dict[CardKey, States]:
        """Return what the last answered card of each key rested on."""
        asked = {"patient": call.patient, "client": call.client, "since": call.at - self.expiry}
        return {
            (row.topic, row.subject, row.indicator): {name: frozenset(states) for name, states in row.facts.items()}
            for row in connection.execute(ANSWERS, asked)
        }

    def _seen_again(
        self, card: Recommendation, answered: Mapping[CardKey, States], patient: str
    ) -> Recommendation | None:
        """Return None for an answered card as it was, the card with what changed, or the card as it is."""
        then = answered.get(self._key(card, patient))
        if then is None or card.indicator is Indicator.CRITICAL:
            return card
        changed = news(then, self.fingerprints.states(card, patient))
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


def _answers() -> Select[Any]:
    """Return the query for the answered cards of a patient, oldest answer first.

    An answer counts if it came after the card was last shown, and if the card was shown about one patient only: a
    client that uses a hook instance twice gives two patients' cards one uuid, and nobody knows whose was meant.
    """
    other = SHOWN.alias("other")
    about_another = exists().where(
        other.c.client == SHOWN.c.client, other.c.card == SHOWN.c.card, other.c.patient != SHOWN.c.patient
    )
    return (
        select(SHOWN.c.topic, SHOWN.c.subject, SHOWN.c.indicator, SHOWN.c.facts)
        .join(FEEDBACK, (FEEDBACK.c.client == SHOWN.c.client) & (FEEDBACK.c.card == SHOWN.c.card))
        .where(SHOWN.c.patient == bindparam("patient"), SHOWN.c.client == bindparam("client"), ~about_another)
        .where(FEEDBACK.c.received_at >= bindparam("since"), FEEDBACK.c.received_at >= SHOWN.c.shown_at)
        .order_by(FEEDBACK.c.received_at, FEEDBACK.c.id)
    )


ANSWERS = _answers()
"""Built once: building it takes longer than asking it (0.7 ms of 1.1)."""


def _reason(given: ReasonGiven | None) -> tuple[str, str]:
    """Return system and code as they may be stored: ours, or a short category number; what else came is "other"."""
    if given is None:
        return "", ""
    if (given.system, given.code) in KNOWN_REASONS:
        return given.system, given.code
    is_category = given.code.isascii() and given.code.isdigit() and len(given.code) <= _SHORT_NUMBER
    return "", given.code if is_category else OTHER_REASON


@cache
def _put(dialect: str) -> Any:
    """Return the statement that inserts shown cards, or replaces the row of one that was shown before."""
    insert = inserting(dialect, SHOWN)
    keys = [column.name for column in SHOWN.primary_key]
    replaced = {column.name: insert.excluded[column.name] for column in SHOWN.columns if column.name not in keys}
    return insert.on_conflict_do_update(index_elements=keys, set_=replaced)
