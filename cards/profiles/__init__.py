"""How one decision is said to one kind of client: spec (the default), epic, text_only.

Place in the flow: `cards.compose` asks the profile for a card's suggestions, and how much of an order the
detail says. May not: change what was decided.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from cards.card import SelectionBehavior, Suggestion
from cards.profiles.epic import EpicProfile
from cards.profiles.spec import SpecProfile
from cards.profiles.text_only import TextOnlyProfile
from hooks.errors import SettingsError
from hooks.recommendation import Recommendation
from hooks.terminology.codes import Code

Suggested = tuple[tuple[Suggestion, ...], SelectionBehavior | None]
"""The suggestions of a card and how they are taken; nothing and None for a card without."""

PROFILE_NAMES = ("spec", "epic", "text_only")


class Profile(Protocol):
    """One kind of client."""

    @property
    def name(self) -> str:
        """The name by which settings choose it."""

    @property
    def tells_orders_in_full(self) -> bool:
        """True if the detail must say everything an order says, because the client shows no suggestion."""

    def suggest(self, recommendation: Recommendation, card: str, patient_id: str) -> Suggested:
        """Return the suggestions of the card with this uuid."""


def profile_named(name: str, site_codes: Mapping[str, Code] | None = None) -> Profile:
    """Return a profile by its name. Raises SettingsError for another name.

    site_codes: item id or concept -> the site's own order code; only the epic profile uses them.
    """
    match name:
        case "spec":
            return SpecProfile()
        case "epic":
            return EpicProfile(site_codes=site_codes or {})
        case "text_only":
            return TextOnlyProfile()
    raise SettingsError(f"client profile: expected one of {', '.join(PROFILE_NAMES)}")
