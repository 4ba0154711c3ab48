"""Keyed fingerprints: the same patient or state gives the same one, and nobody without the key can turn it back.

Place in the flow: everything that the store keeps about a patient goes through here. May not: be undone.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass

from hooks.recommendation import Recommendation

LENGTH = 32
"""Hexadecimal digits kept (128 bits)."""


@dataclass(frozen=True, slots=True)
class Fingerprints:
    """Fingerprints under one secret key."""

    key: bytes

    def of(self, *parts: str) -> str:
        """Return the fingerprint of a list of parts, each with its length."""
        text = "".join(f"{len(part)}:{part}" for part in parts)
        return hmac.new(self.key, text.encode("utf-8", "backslashreplace"), hashlib.sha256).hexdigest()[:LENGTH]

    def patient(self, client: str, patient_id: str) -> str:
        """Return the fingerprint of a patient as one client names it."""
        return self.of("patient", client, patient_id)

    def facts(self, card: Recommendation) -> Mapping[str, str]:
        """Return name -> fingerprint for everything a card rests on: facts read, facts missing, what it offers."""
        states: dict[str, tuple[str, ...]] = {
            fact.fact: (fact.state, fact.date.isoformat() if fact.date else "") for fact in card.used
        }
        states |= {gap.fact: ("missing", gap.why) for gap in card.missing if gap.fact not in states}
        states["items"] = tuple(sorted(order.item for order in card.orders))
        states["options"] = tuple(f"{option.regimen}={option.standing}" for option in card.options)
        return {name: self.of(name, *state) for name, state in states.items()}
