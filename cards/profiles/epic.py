"""The epic profile: what one widely used client takes, and nothing else changed.

Place in the flow: `any` only, one action per suggestion, `action.description` is the text that people see
(label and resource details are not shown), an order is found by the site's own code, which comes first.
May not: lean on anything inside the resource being kept: that client fills orders from its own records.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Literal

import pydantic
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from cards.card import Action, SelectionBehavior, Suggestion
from cards.identity import suggestion_uuid
from cards.lettering import tall
from cards.offers import Offer, offers_of
from cards.orders import draft_of, words_of_order
from cards.plain import plain
from hooks.errors import SettingsError
from hooks.recommendation import OrderKind, ProposedOrder, Recommendation
from hooks.terminology.codes import Code
from hooks.terminology.table import TABLE

PREFERENCE_LIST = "urn:com.epic.cdshooks.action.code.system.preference-list-item"
ORDER_SET = "urn:com.epic.cdshooks.action.code.system.orderset-item"
"""That client's own code systems; an order set can be asked for by a ServiceRequest only."""


class _SiteCode(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True, strict=True)

    code: Annotated[str, Field(min_length=1)]
    kind: Literal["preference-list-item", "orderset-item"] = "preference-list-item"
    display: str = ""


_SITE_CODES = TypeAdapter(dict[str, _SiteCode])


def read_site_codes(data: object) -> Mapping[str, Code]:
    """Return a site's dictionary from its configuration: item id or concept -> {code, kind, display}.

    Raises SettingsError naming the entry that is wrong.
    """
    try:
        entries = _SITE_CODES.validate_python(data)
    except pydantic.ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        raise SettingsError(f"site codes: {place}: {first['msg']}") from error
    systems = {"preference-list-item": PREFERENCE_LIST, "orderset-item": ORDER_SET}
    return {name: Code(systems[entry.kind], entry.code, entry.display) for name, entry in entries.items()}


@dataclass(frozen=True, slots=True)
class EpicProfile:
    """site_codes: item id or concept -> preference-list or order-set code of the site."""

    name: str = "epic"
    tells_orders_in_full: bool = False
    site_codes: Mapping[str, Code] = field(default_factory=dict)

    def suggest(
        self, recommendation: Recommendation, card: str, patient_id: str
    ) -> tuple[tuple[Suggestion, ...], SelectionBehavior | None]:
        """Return one suggestion per order, whichever option it belongs to."""
        suggestions = tuple(
            self._suggestion(offer, number, card, patient_id)
            for offer in offers_of(recommendation)
            for number in range(len(offer.orders))
        )
        return suggestions, SelectionBehavior.ANY if suggestions else None

    def _suggestion(self, offer: Offer, number: int, card: str, patient_id: str) -> Suggestion:
        order = offer.orders[number]
        action = Action(
            type="create",
            description=plain(tall(_of_option(offer.option, words_of_order(order)))),
            resource=draft_of(order, patient_id, self._site_code(order)),
        )
        return Suggestion(
            label=plain(tall(_of_option(offer.option, order.label))),
            uuid=suggestion_uuid(card, offer.key, str(number)),
            is_recommended=offer.recommended,
            actions=(action,),
        )

    def _site_code(self, order: ProposedOrder) -> Code | None:
        concepts = (TABLE.concept_of(code.system, code.code) for code in order.codes)
        names = (order.item, *(concept for concept in concepts if concept))
        found = (self.site_codes[name] for name in names if name in self.site_codes)
        is_drug = order.kind is OrderKind.MEDICATION_REQUEST
        return next((code for code in found if not (is_drug and code.system == ORDER_SET)), None)


def _of_option(option: str, words: str) -> str:
    """Return the words with the option they belong to in front, unless they name it: each order stands alone here."""
    return words if option.casefold() in words.casefold() else f"{option}: {words}"
