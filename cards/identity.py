"""Deterministic identity: the same call and decision give the same uuids, so feedback finds its card again.

Place in the flow: `cards.compose` names cards, profiles name suggestions. May not: use chance or a clock.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID, uuid5

NAMESPACE = UUID("6a1f4d0e-3f0b-5d55-9a52-7c1f0f3c9d21")
"""This project's own namespace for UUIDv5; changing it changes the uuid of every card."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallIdentity:
    """Whose call is answered, and where we can be reached (no trailing slash needed)."""

    hook_instance: str
    service_id: str
    patient_id: str
    public_url: str


def card_uuid(call: CallIdentity, *parts: str) -> str:
    """Return the uuid of a card: hook instance, service, and what tells the answer's cards apart."""
    return uuid_within(NAMESPACE, call.hook_instance, call.service_id, *parts)


def suggestion_uuid(card: str, *parts: str) -> str:
    """Return the uuid of a suggestion on a card."""
    return uuid_within(UUID(card), *parts)


def uuid_within(namespace: UUID, *parts: str) -> str:
    """Return a UUIDv5 over the parts, each with its length, so that no two lists of parts look alike.

    A hook instance is any string; a lone surrogate in it has no UTF-8 form and is written out instead.
    """
    name = "".join(f"{len(part)}:{part}" for part in parts)
    return str(uuid5(namespace, name.encode("utf-8", "backslashreplace").decode("utf-8")))
