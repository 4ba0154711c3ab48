"""Feedback on cards as clients send it: the specification's shape, and that of one widely used client.

Place in the flow: `cds_server.web` parses the body of POST /cds-services/{id}/feedback with it, the store
keeps what comes out. May not: refuse an unknown card, a member it does not know or an id that is no UUID;
let a character through that a database cannot keep.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Any

import pydantic
from pydantic import AfterValidator, AliasChoices, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from cards.plain import clean
from hooks.errors import RequestRefused

COMMENT_LIMIT = 2000
"""Longest comment that is taken over, in UTF-16 units."""

_EXTENSION = "com.epic.cdshooks.feedback.overrideReason."
"""Prefix of the members in which Epic tells its own reasons, which have no Coding."""

_RFC3339 = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)")


class Outcome(StrEnum):
    """What became of a card."""

    ACCEPTED = "accepted"
    OVERRIDDEN = "overridden"


@dataclass(frozen=True, slots=True)
class ReasonGiven:
    """The reason a clinician chose; system and display may be "" (the public sandbox sends no display)."""

    code: str
    system: str = ""
    display: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedbackItem:
    """What became of one card. at: in UTC. comment: free text of a person; treat it as patient data."""

    card: str
    outcome: Outcome
    at: datetime
    accepted: tuple[str, ...] = ()
    reason: ReasonGiven | None = None
    comment: str = ""


def parse_feedback(body: object) -> tuple[FeedbackItem, ...]:
    """Return the items of a decoded body. Raises RequestRefused for an empty list or a wrong shape."""
    if not isinstance(body, Mapping):
        raise RequestRefused("The body must be one JSON object.")
    try:
        return tuple(_item(received) for received in _Body.model_validate(body).feedback)
    except pydantic.ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        what = "is required" if first["type"] == "missing" else "has the wrong type or value"
        raise RequestRefused(f"{place}: {what}") from None


def _clean_id(value: str) -> str:
    return clean(value, 256)


def _utc(value: object) -> datetime:
    if not isinstance(value, str) or not _RFC3339.fullmatch(value.strip()):
        raise ValueError("is no RFC 3339 date-time")
    try:
        return datetime.fromisoformat(value.strip().upper()).astimezone(UTC)
    except OverflowError:
        raise ValueError("is out of range") from None


def _text_or_nothing(value: object) -> str:
    return clean(value, COMMENT_LIMIT) if isinstance(value, str) else ""


def _object_or_nothing(value: object) -> object:
    return value if isinstance(value, Mapping) else {}


Id = Annotated[str, AfterValidator(_clean_id), StringConstraints(min_length=1)]
LooseText = Annotated[str, BeforeValidator(_text_or_nothing)]
LooseObject = Annotated[Mapping[str, Any], BeforeValidator(_object_or_nothing)]


class _Received(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class _Accepted(_Received):
    id: Id


class _Override(_Received):
    reason: LooseObject = Field(default_factory=dict)
    extension: LooseObject = Field(default_factory=dict)
    user_comment: LooseText = Field(default="", validation_alias="userComment")


class _Item(_Received):
    card: Id
    outcome: Outcome
    accepted: tuple[_Accepted, ...] | None = Field(default=None, validation_alias="acceptedSuggestions")
    override: _Override | None = Field(default=None, validation_alias=AliasChoices("overrideReason", "overrideReasons"))
    at: Annotated[datetime, BeforeValidator(_utc)] = Field(validation_alias="outcomeTimestamp")

    @pydantic.model_validator(mode="before")
    @classmethod
    def _null_is_absent(cls, members: object) -> object:
        if not isinstance(members, Mapping):
            return members
        return {name: member for name, member in members.items() if member is not None}

    @pydantic.model_validator(mode="after")
    def _accepted_names_what(self) -> _Item:
        if self.outcome is Outcome.ACCEPTED and not self.accepted:
            raise ValueError("accepted needs acceptedSuggestions")
        return self


class _Body(_Received):
    feedback: Annotated[tuple[_Item, ...], Field(min_length=1)]


FEEDBACK_BODY: type[BaseModel] = _Body
"""What a body is held against, for whoever describes the interface."""


def _item(received: _Item) -> FeedbackItem:
    override = received.override or _Override()
    return FeedbackItem(
        card=received.card,
        outcome=received.outcome,
        at=received.at,
        accepted=tuple(suggestion.id for suggestion in received.accepted or ()),
        reason=_coded(override.reason) or _told_by_extension(override.extension),
        comment=override.user_comment,
    )


def _coded(reason: Mapping[str, Any]) -> ReasonGiven | None:
    code, system, display = (_text_or_nothing(reason.get(name)) for name in ("code", "system", "display"))
    return ReasonGiven(code, system, display) if code else None


def _told_by_extension(extension: Mapping[str, Any]) -> ReasonGiven | None:
    names = ("reasonCategory", "reasonDisplay", "reasonTitle")
    category, display, title = (_text_or_nothing(extension.get(f"{_EXTENSION}{name}")) for name in names)
    return ReasonGiven(category, f"{_EXTENSION}reasonCategory", display or title) if category else None
