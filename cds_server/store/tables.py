"""The tables, as SQLAlchemy Core; `migrations/` creates them.

Place in the flow: `memory`, `replay` and `report` read and write them. May not: gain a column for anything that
identifies a patient: `patient` and `facts` are keyed fingerprints.
"""

from __future__ import annotations

from sqlalchemy import JSON, Column, DateTime, Index, Integer, MetaData, String, Table, Text, UniqueConstraint

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
    Column("card", String(64), primary_key=True),
    Column("shown_at", DateTime(timezone=True), nullable=False),
    Column("client", String(64), nullable=False),
    Column("service", String(64), nullable=False),
    Column("topic", String(64), nullable=False),
    Column("subject", String(64), nullable=False),
    Column("indicator", String(16), nullable=False),
    Column("patient", String(64), nullable=False),
    Column("facts", JSON, nullable=False),
    Column("knowledge", String(80), nullable=False),
    Index("ix_shown_card_settled", "patient", "client", "topic", "subject"),
    Index("ix_shown_card_shown_at", "shown_at"),
)
"""One row per card shown. facts: name of the fact -> keyed fingerprint of its state."""

FEEDBACK = Table(
    "feedback",
    METADATA,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("card", String(256), nullable=False, index=True),
    Column("client", String(64), nullable=False),
    Column("service", String(64), nullable=False),
    Column("outcome", String(16), nullable=False),
    Column("suggestions", JSON, nullable=False),
    Column("reason_code", String(256), nullable=False),
    Column("reason_system", String(256), nullable=False),
    Column("comment", Text, nullable=False),
    Column("outcome_at", DateTime(timezone=True), nullable=False),
    Column("received_at", DateTime(timezone=True), nullable=False),
    UniqueConstraint("card", "client", "outcome", "outcome_at", name="uq_feedback_event"),
)
"""One row per feedback event; the same event sent again is the same row. comment is "" unless a setting allows it."""

USED_TOKEN = Table(
    "used_token",
    METADATA,
    Column("token", String(64), primary_key=True),
    Column("expires_at", Integer, nullable=False, index=True),
)
"""Digest of issuer and jti of every accepted client JWT until it expires."""
