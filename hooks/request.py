"""The hook call as received: envelope and one context model per hook. Tolerant of what EHRs really send.

Place in the flow: `cds_server.web` parses the body into a HookRequest; `cds_server.fhir` and the
pathways read it. May not: look into FHIR resources, or be used for anything we send.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Any

import pydantic
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from hooks.errors import RequestRefused

NonEmpty = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]

_SAFE_ID = re.compile(r"[A-Za-z0-9\-._~+=:@!$'()*,]{1,256}")
"""What a patient or encounter id may hold before it is put into a URL: wider than FHIR's id (real EHRs
send 194 characters), still without "/", "?", "#", "%", "&" and blanks."""


class Received(BaseModel):
    """Base of received models: unknown members are kept out of sight, never refused."""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)


class FHIRAuthorization(Received):
    """The access token for `fhirServer`. Transient: never stored, never logged, not in repr."""

    access_token: Annotated[NonEmpty, Field(repr=False)]
    token_type: str | None = None
    expires_in: int | None = None
    patient: str | None = None

    @pydantic.field_validator("token_type", "expires_in", "patient", mode="before")
    @classmethod
    def _odd_is_absent(cls, value: object, info: pydantic.ValidationInfo) -> object:
        wanted = int if info.field_name == "expires_in" else str
        return value if isinstance(value, wanted) and not isinstance(value, bool) else None

    @property
    def bearer(self) -> str:
        """The bare token, without a "Bearer " that some clients put in front."""
        return re.sub(r"(?i)^bearer\s+", "", self.access_token)


class Context(Received):
    """What every hook that we serve has in its context."""

    patient_id: Annotated[NonEmpty, Field(alias="patientId")]
    user_id: Annotated[NonEmpty, Field(alias="userId")]
    encounter_id: Annotated[str | None, Field(alias="encounterId")] = None

    @pydantic.field_validator("patient_id", mode="after")
    @classmethod
    def _id_is_safe_in_a_url(cls, value: str) -> str:
        bare = value.removeprefix("Patient/")
        if not _SAFE_ID.fullmatch(bare) or bare in {".", ".."}:
            raise ValueError("is not an id")
        return bare

    @pydantic.field_validator("encounter_id", mode="before")
    @classmethod
    def _odd_encounter_is_absent(cls, value: object) -> object:
        return value if isinstance(value, str) and value else None


class PatientViewContext(Context):
    """patient-view 1.0."""


class OrderSignContext(Context):
    """order-sign 1.0 and 1.1."""

    draft_orders: Annotated[Mapping[str, Any], Field(alias="draftOrders")]


class OrderSelectContext(OrderSignContext):
    """order-select 1.0."""

    selections: tuple[NonEmpty, ...]


CONTEXTS: Mapping[str, type[Context]] = {
    "patient-view": PatientViewContext,
    "order-select": OrderSelectContext,
    "order-sign": OrderSignContext,
}
"""Context model by hook name."""


class HookRequest(Received):
    """One hook call. `prefetch` holds null for "the EHR has none"; an absent key was not supplied."""

    hook: NonEmpty
    hook_instance: Annotated[NonEmpty, Field(alias="hookInstance")]
    context: Context
    fhir_server: Annotated[str | None, Field(alias="fhirServer")] = None
    fhir_authorization: Annotated[FHIRAuthorization | None, Field(alias="fhirAuthorization")] = None
    prefetch: Mapping[str, Any] = {}


def parse_request(body: object) -> HookRequest:
    """Return the hook call in a decoded body. Raises RequestRefused naming the member that is wrong."""
    if not isinstance(body, Mapping):
        raise RequestRefused("The body must be one JSON object.")
    members = dict(body)
    for optional in ("fhirServer", "fhirAuthorization", "prefetch"):
        if members.get(optional) is None:
            members.pop(optional, None)
    if "fhirAuthorization" in members and not members.get("fhirServer"):
        raise RequestRefused("fhirAuthorization needs fhirServer.")
    hook = members.get("hook")
    context = members.get("context")
    if not isinstance(hook, str) or not hook.strip():
        raise RequestRefused("hook must be a non-empty string.")
    if not isinstance(context, Mapping):
        raise RequestRefused("context must be an object.")
    model = CONTEXTS.get(hook.strip())
    if model is None:
        raise RequestRefused("This hook is not served here.")
    try:
        members["context"] = model.model_validate(context)
        return HookRequest.model_validate(members)
    except pydantic.ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        where = f"context.{place}" if error.title == model.__name__ else place
        raise RequestRefused(f"{where}: {_safe_message(first['type'])}") from None


def _safe_message(error_type: str) -> str:
    """Return a message that cannot quote the input, whatever pydantic's own says."""
    return "is required" if error_type == "missing" else "has the wrong type or value"
