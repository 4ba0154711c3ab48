"""Keyed fingerprints: the same patient or state gives the same one, and nobody without the key can turn it back.

Place in the flow: everything that the store keeps about a patient goes through here. May not: be undone.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from hooks.facts.fact import Why
from hooks.recommendation import Recommendation

LENGTH = 32
"""Hexadecimal digits kept (128 bits)."""

DRIFTING = frozenset({"age_months", "weight_kg", "height_cm"})
"""Facts whose value moves as a child grows: a card rests on their being known. Where a value opens or shuts an
option, the options show it."""

NO_NEWS = frozenset({Why.STALE, Why.UNTIMED, Why.NOT_RETRIEVED})
"""Gaps that time or a failing network makes: nothing has been learnt about the patient."""

NOT_AT_HAND = "not at hand"
"""The name under which stands what could not be retrieved."""

OFFERED = frozenset({"options", "items"})
"""Names of what follows from the facts, and from what of the chart is at hand."""

States = Mapping[str, frozenset[str]]
"""Name of a fact -> fingerprints of its states; "options" and "items" stand for what the card offers."""


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

    def sent_id(self, text: str) -> str:
        """Return a card's or suggestion's id as a client sent it: a UUID in its usual form, anything else hidden."""
        try:
            return str(UUID(text))
        except ValueError:
            return self.of("id", text)

    def states(self, card: Recommendation, patient: str) -> States:
        """Return what a card rests on: the states of the facts read and missing, the options, the items.

        Left out is what changes while nothing happens: ages, the drift of weight and height, what grew too old.
        patient: its fingerprint. It goes into every other one: two children with the same finding look different, so
        that nobody can tell a finding by how often it stands there.
        """
        found: dict[str, set[str]] = {}
        for fact in card.used:
            known = ("known",) if fact.fact in DRIFTING else (fact.state, str(fact.date or ""))
            found.setdefault(fact.fact, set()).add(self.of(patient, fact.fact, *known))
        for gap in card.missing:
            if gap.why == Why.NOT_RETRIEVED:
                found.setdefault(NOT_AT_HAND, set()).add(self.of(patient, gap.fact, *gap.looked_in))
            if gap.why not in NO_NEWS:
                found.setdefault(gap.fact, set()).add(self.of(patient, gap.fact, "missing", gap.why))
        found["items"] = {self.of(patient, "item", order.item) for order in card.orders}
        found["options"] = {self.of(patient, "option", option.regimen, option.standing) for option in card.options}
        return {name: frozenset(states) for name, states in found.items()}


def news(then: States, now: States) -> tuple[str, ...]:
    """Return the names under which there is a state now that was not there then.

    What only fell away brings no card back: an item that was ordered, a finding whose time is over. Options and items
    are compared where the same was at hand both times: else they may differ for no other reason.
    """
    nothing: frozenset[str] = frozenset()
    is_alike = then.get(NOT_AT_HAND, nothing) == now.get(NOT_AT_HAND, nothing)
    left_out = {NOT_AT_HAND} if is_alike else {NOT_AT_HAND, *OFFERED}
    return tuple(sorted(name for name in now.keys() - left_out if now[name] - then.get(name, nothing)))
