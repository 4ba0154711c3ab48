"""The tables, as SQLAlchemy Core; `migrations/` creates them.

Place in the flow: `memory`, `replay`, `retention` and `report` read and write them. May not: gain a column for
anything that identifies a patient: `patient`, `subject` and `facts` are keyed fingerprints.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    DateTime,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.dialects import postgresql, sqlite

METADATA = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

SHOWN = Table(
    "shown_card",
    METADATA,
    Column("client", String(64), primary_key=True),
    Column("card", String(64), primary_key=True),
    Column("patient", String(64), primary_key=True),
    Column("shown_at", DateTime(timezone=True), nullable=False),
    Column("service", String(64), nullable=False),
    Column("topic", String(64), nullable=False),
    Column("indicator", String(16), nullable=False),
    Column("subject", String(64), nullable=False),
    Column("facts", JSON, nullable=False),
    Column("knowledge", String(80), nullable=False),
    Index("ix_shown_card_patient", "patient", "client"),
    Index("ix_shown_card_shown_at", "shown_at"),
)
"""One row per card, as it was last shown. facts: name of the fact -> keyed fingerprints of its states.

A card's uuid comes from the hook instance, which some clients use for more than one patient: hence the key.
"""

FEEDBACK = Table(
    "feedback",
    METADATA,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("client", String(64), nullable=False),
    Column("card", String(64), nullable=False),
    Column("service", String(64), nullable=False),
    Column("outcome", String(16), nullable=False),
    Column("suggestions", JSON, nullable=False),
    Column("reason_code", String(64), nullable=False),
    Column("reason_system", String(128), nullable=False),
    Column("comment", Text, nullable=False),
    Column("outcome_at", DateTime(timezone=True), nullable=False),
    Column("received_at", DateTime(timezone=True), nullable=False),
    UniqueConstraint("client", "card", "outcome", "outcome_at", name="uq_feedback_event"),
    Index("ix_feedback_received_at", "received_at"),
)
"""One row per feedback event; the same event sent again is the same row. comment is "" unless a setting allows it."""

USED_TOKEN = Table(
    "used_token",
    METADATA,
    Column("token", String(64), primary_key=True),
    Column("expires_at", BigInteger, nullable=False, index=True),
)
"""Digest of issuer and jti of every accepted client JWT until it expires."""


def inserting(dialect: str, table: Table) -> Any:
    """Return an insert that can be told what to do about a row that is there already."""
    return (postgresql if dialect == "postgresql" else sqlite).insert(table)
