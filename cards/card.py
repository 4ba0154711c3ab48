"""Wire models of a CDS Hooks 2.0.1 response: what leaves this server is one of these, or it does not leave.

Place in the flow: `cards.compose` and the profiles build them, `cds_server.web` sends `to_json`.
May not: hold an empty or null member, a system action, or an action other than create.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit
from uuid import UUID

import pydantic
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints
from pydantic.alias_generators import to_camel

from cards.plain import utf16_length
from hooks.errors import InvalidOutput
from hooks.recommendation import Indicator

SUMMARY_LIMIT = 140
"""A summary is shorter than this, in code points and in the UTF-16 units that browsers count (CARD-02)."""


def _fits_a_summary(text: str) -> str:
    if utf16_length(text) >= SUMMARY_LIMIT:
        raise ValueError("is not shorter than 140 characters")
    if len(text.splitlines()) != 1:
        raise ValueError("is not one line")
    return text


def _is_absolute(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in {"https", "http"} or not parts.hostname or any(sign.isspace() for sign in url):
        raise ValueError("is not an absolute http address")
    return url


def _is_uuid(text: str) -> str:
    return str(UUID(text))


Text = Annotated[str, StringConstraints(min_length=1)]
Summary = Annotated[Text, AfterValidator(_fits_a_summary)]
URL = Annotated[str, AfterValidator(_is_absolute)]
UUIDText = Annotated[str, AfterValidator(_is_uuid)]
TopicCode = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9]{1,100}$")]
"""Alphanumeric and at most 100 characters: one EHR keeps its memory of overrides by this code."""


class Wire(BaseModel):
    """Base of what we emit: frozen, no unknown member, camelCase; a member at its default is left out."""

    model_config = ConfigDict(frozen=True, extra="forbid", alias_generator=to_camel, populate_by_name=True)


class SelectionBehavior(StrEnum):
    """How many suggestions of one card may be taken."""

    ANY = "any"
    AT_MOST_ONE = "at-most-one"


class Coding(Wire):
    """A code with its display, as override reasons need it."""

    system: Text
    code: Text
    display: Text


class TopicCoding(Wire):
    """What kind of card this is."""

    system: Text
    code: TopicCode
    display: Text


class Source(Wire):
    """Whose guidance a card gives."""

    label: Text
    url: URL | None = None
    icon: URL | None = None
    topic: TopicCoding


class Action(Wire):
    """One draft to create. Update and delete do not exist here: nobody's order is touched."""

    type: Literal["create"]
    description: Text
    resource: Mapping[str, Any]


class Suggestion(Wire):
    """One thing that may be taken; its actions go together."""

    label: Text
    uuid: UUIDText
    is_recommended: bool = False
    actions: Annotated[tuple[Action, ...], Field(min_length=1)]


class Link(Wire):
    """A page to read. SMART launches do not exist here."""

    label: Text
    url: URL
    type: Literal["absolute"]


class Card(Wire):
    """One card. The order of members is the order on the wire."""

    uuid: UUIDText
    summary: Summary
    indicator: Indicator
    detail: Text
    source: Source
    suggestions: tuple[Suggestion, ...] = ()
    selection_behavior: SelectionBehavior | None = None
    override_reasons: tuple[Coding, ...] = ()
    links: Annotated[tuple[Link, ...], Field(max_length=2)] = ()
    extension: Mapping[str, Any] = Field(default_factory=dict)

    @pydantic.model_validator(mode="after")
    def _suggestions_say_how_they_are_taken(self) -> Card:
        if bool(self.suggestions) is not (self.selection_behavior is not None):
            raise ValueError("selectionBehavior goes with suggestions, and only with them")
        recommended = sum(suggestion.is_recommended for suggestion in self.suggestions)
        if self.selection_behavior is SelectionBehavior.AT_MOST_ONE and recommended > 1:
            raise ValueError("at most one suggestion is recommended under at-most-one")
        return self


class CDSResponse(Wire):
    """The whole answer. `systemActions` does not exist here."""

    cards: tuple[Card, ...]

    @pydantic.model_validator(mode="after")
    def _uuids_are_unique(self) -> CDSResponse:
        uuids = [card.uuid for card in self.cards]
        uuids.extend(suggestion.uuid for card in self.cards for suggestion in card.suggestions)
        if len(uuids) != len(set(uuids)):
            raise ValueError("a uuid stands twice")
        return self

    def to_wire(self) -> dict[str, Any]:
        """Return plain JSON data. Raises InvalidOutput if anything in it is null or empty."""
        body = self.model_dump(mode="json", by_alias=True, exclude_defaults=True)
        for number, card in enumerate(body["cards"]):
            refuse_empty(card, f"cards[{number}]")
        return body

    def to_json(self) -> str:
        """Return the response body: members in a fixed order, no blanks, characters as they are."""
        if not self.cards:
            return '{"cards":[]}'
        return json.dumps(self.to_wire(), ensure_ascii=False, allow_nan=False, separators=(",", ":"))


NO_CARDS = CDSResponse(cards=())


def refuse_empty(value: object, where: str) -> None:
    """Raise InvalidOutput for null, "", a blank string, [] or {} anywhere in JSON data (JSON-02, JSON-03)."""
    if (place := _first_empty(value)) is not None:
        raise InvalidOutput(f"{where}{place} is null or empty.")


def _first_empty(value: object) -> str | None:
    """Return the path of the first empty member, or None. Walks every answer twice, so it builds no path on the way."""
    if isinstance(value, str):
        return None if value and not value.isspace() else ""
    if isinstance(value, (bool, int, float)):
        return None
    if isinstance(value, Mapping) and value:
        return _first_within(value.items(), ".{}")
    if isinstance(value, (list, tuple)) and value:
        return _first_within(enumerate(value), "[{}]")
    return ""


def _first_within(members: Iterable[tuple[object, object]], form: str) -> str | None:
    for name, member in members:
        if (place := _first_empty(member)) is not None:
            return form.format(name) + place
    return None
