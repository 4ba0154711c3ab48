"""What the tests of the store share: a card, a call, feedback, and a clock that a test moves."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import Table, func, select

from cards.feedback import FeedbackItem, Outcome, ReasonGiven
from cds_server.store.database import Database
from cds_server.store.fingerprint import Fingerprints
from cds_server.store.memory import Call, Memory
from cds_server.store.retention import Retention
from hooks.recommendation import (
    Decision,
    MissingFact,
    Option,
    OrderKind,
    ProposedOrder,
    Recommendation,
    RuleId,
    Standing,
    Topic,
    UsedFact,
)

AT = datetime(2026, 11, 22, 12, tzinfo=UTC)
LATER = AT + timedelta(minutes=1)
CALL = Call(client="ehr", service="relapse-regimen", patient="fp", at=AT)
ORDER = ProposedOrder(kind=OrderKind.SERVICE_REQUEST, item="RELAPSE_BIOPSY", label="Biopsy", text="Biopsy")
CARD = Recommendation(
    topic=Topic.REINDUCTION_REGIMEN,
    rule=RuleId("r"),
    summary="Choose",
    why_now=("Because.",),
    used=(
        UsedFact("mycn", "amplified", "MYCN: amplified", date=date(2026, 9, 18)),
        UsedFact("age_months", "64", "Age: 5 years 4 months"),
        UsedFact("orders", "first", "An order", date=date(2026, 11, 20)),
        UsedFact("orders", "second", "Another order", date=date(2026, 11, 20)),
    ),
    missing=(MissingFact("gd2", "not found", "GD2: not found"),),
    options=(Option(regimen="RIST", name="RIST", standing=Standing.PREFERRED),),
    orders=(ORDER, replace(ORDER, item="PANEL")),
)
CARD_ID = "11111111-1111-5111-8111-111111111111"
OTHER_ID = "22222222-2222-5222-8222-222222222222"
HL7_REASONS = "http://terminology.hl7.org/CodeSystem/non-adherence-reason-codes"


class Clock:
    """A clock that a test moves."""

    def __init__(self, now: float = 100.0) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now


def a_memory(database: Database, **more: Any) -> Memory:
    """Return a memory of 30 days that keeps rows for a year."""
    given = {"expiry": timedelta(days=30), "retention": Retention(database, timedelta(days=365)), **more}
    return Memory(database, Fingerprints(b"key"), **given)


def feedback(card: str = CARD_ID, outcome: Outcome = Outcome.OVERRIDDEN, at: datetime = LATER) -> FeedbackItem:
    """Return one answer to a card."""
    reason = ReasonGiven("patient-ineligible", HL7_REASONS, "Ineligible")
    return FeedbackItem(card=card, outcome=outcome, at=at, accepted=("s1",), reason=reason, comment="SECRET comment")


def decided(*cards: Recommendation) -> Decision:
    """Return a decision."""
    return Decision(recommendations=cards)


def answered(memory: Memory, card: Recommendation = CARD, outcome: Outcome = Outcome.OVERRIDDEN) -> None:
    """Have a card shown and answered."""
    memory.remember([(CARD_ID, card)], CALL, "sha256:1")
    assert memory.learn([feedback(outcome=outcome)], CALL.client, CALL.service, LATER)


def shown_now(memory: Memory, *cards: Recommendation, call: Call | None = None) -> tuple[Recommendation, ...]:
    """Return what of a decision is shown a minute after the answer."""
    return memory.without_answered(decided(*cards), call or replace(CALL, at=LATER)).recommendations


def count(database: Database, table: Table) -> int:
    """Return the number of rows."""
    return database.run_or_raise(
        lambda connection: connection.execute(select(func.count()).select_from(table)).scalar_one()
    )


def column(database: Database, name: Any) -> list[Any]:
    """Return all values of a column in order."""
    return database.run_or_raise(lambda connection: sorted(connection.execute(select(name)).scalars(), key=str))
