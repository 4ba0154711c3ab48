"""The EHR registry: who may call, with which keys, about which FHIR server, in which dialect.

Place in the flow: read once at start from one YAML file; authentication, CORS, the FHIR client and the card
profile ask it. May not: be changed by a request, or trust what a token says about itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

import pydantic
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from hooks.errors import KnowledgeError, SettingsError
from hooks.knowledge import load_yaml

Algorithm = Literal["ES384", "RS384", "ES256", "RS256", "ES512", "RS512", "PS256", "PS384", "PS512"]
"""Asymmetric algorithms only: `none` and HS* can never be registered."""

PUBLIC_SANDBOX_ISSUER = "https://sandbox.cds-hooks.org"
"""Its private signing key stands in its public repository: trusting it equals no authentication."""

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


def _https(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme != "https" or not parts.hostname or "@" in parts.netloc or parts.fragment:
        raise ValueError("must be an https address without user name and fragment")
    return value


HttpsAddress = Annotated[Text, pydantic.AfterValidator(_https)]
FHIRBase = Annotated[HttpsAddress, pydantic.AfterValidator(lambda value: value.rstrip("/"))]


class EHR(BaseModel):
    """One registered client.

    jwks_url or jwks_file: where its public keys come from; exactly one. audiences: further accepted `aud` values
    besides the exact URL of the called endpoint. tenant: required value of the token's tenant claim, if any.
    codes: site codes by item id, for profiles that can place them first.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,62}$")]
    issuer: Text
    tenant: Text | None = None
    jwks_url: HttpsAddress | None = None
    jwks_file: Path | None = None
    algorithms: Annotated[tuple[Algorithm, ...], Field(min_length=1)] = ("ES384", "RS384")
    audiences: tuple[Text, ...] = ()
    fhir_bases: Annotated[tuple[FHIRBase, ...], Field(min_length=1)]
    client_profile: Literal["spec", "epic", "text_only"] = "spec"
    allowed_origins: tuple[HttpsAddress, ...] = ()
    codes: Mapping[str, str] = {}
    leeway_s: Annotated[int, Field(ge=0, le=300)] = 60
    max_lifetime_s: Annotated[int, Field(ge=60, le=3600)] = 1800

    @pydantic.model_validator(mode="after")
    def _one_source_of_keys(self) -> Self:
        if (self.jwks_url is None) == (self.jwks_file is None):
            raise ValueError("exactly one of jwks_url and jwks_file is needed")
        return self


class _File(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    ehrs: Annotated[tuple[EHR, ...], Field(min_length=1)]


@dataclass(frozen=True, slots=True)
class Registry:
    """All registered EHRs. Issuer and tenant together are unique, and a FHIR base belongs to one issuer."""

    ehrs: tuple[EHR, ...] = ()

    def find(self, issuer: object, tenant: object = None) -> EHR | None:
        """Return the EHR of an issuer and tenant claim, or None."""
        for ehr in self.ehrs:
            if ehr.issuer == issuer and (ehr.tenant is None or ehr.tenant == tenant):
                return ehr
        return None

    @property
    def origins(self) -> tuple[str, ...]:
        """Every browser origin that some EHR may call from."""
        return tuple(dict.fromkeys(origin.rstrip("/") for ehr in self.ehrs for origin in ehr.allowed_origins))


def read_registry(path: Path) -> Registry:
    """Return the registry in a YAML file. Raises SettingsError naming the place and what was expected."""
    try:
        registry = Registry(_File.model_validate(load_yaml(path)).ehrs)
    except KnowledgeError as error:
        raise SettingsError(f"EHR registry: {error.safe_text}") from None
    except pydantic.ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        raise SettingsError(f"EHR registry: {path.name}: {place}: {first['msg']}") from None
    _check(registry)
    return registry


def _check(registry: Registry) -> None:
    """Refuse what no single entry shows. Raises SettingsError."""
    seen: set[tuple[str, str | None]] = set()
    owner: dict[str, str] = {}
    for ehr in registry.ehrs:
        if ehr.issuer.rstrip("/").lower() == PUBLIC_SANDBOX_ISSUER:
            raise SettingsError("EHR registry: the public sandbox's signing key is public; it cannot be registered.")
        if (ehr.issuer, ehr.tenant) in seen or (ehr.tenant and (ehr.issuer, None) in seen):
            raise SettingsError(f"EHR registry: {ehr.name}: this issuer and tenant are registered twice.")
        seen.add((ehr.issuer, ehr.tenant))
        for base in ehr.fhir_bases:
            if owner.setdefault(base, ehr.issuer) != ehr.issuer:
                raise SettingsError(f"EHR registry: {ehr.name}: {base} already belongs to another issuer.")
