"""The EHR registry: who may call, with which keys, about which FHIR server, in which dialect.

Place in the flow: read once at start from one YAML file; authentication, CORS, the FHIR client and the card
profile ask it. May not: be changed by a request, or trust what a token says about itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit

import pydantic
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from cards.profiles.epic import read_site_codes
from cds_server.fhir.address import FHIRBase, parse_base
from hooks.errors import KnowledgeError, SettingsError
from hooks.knowledge import load_yaml
from hooks.terminology.codes import Code

Algorithm = Literal["ES384", "RS384", "ES256", "RS256", "ES512", "RS512", "PS256", "PS384", "PS512"]
"""Asymmetric algorithms only: `none` and HS* can never be registered."""

PUBLIC_SANDBOX = "sandbox.cds-hooks.org"
"""Its private signing key stands in its public repository: trusting it equals no authentication."""

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


def _https(value: str) -> str:
    try:
        parts = urlsplit(value)
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise ValueError("must be an https address") from None
    if parts.scheme != "https" or not host or "@" in parts.netloc or parts.fragment:
        raise ValueError("must be an https address without user name and fragment")
    return value


def _base(value: str) -> str:
    base = parse_base(value)
    if base is None:
        raise ValueError("must be a plain base address, without query")
    return base.url


def _origin(value: str) -> str:
    parts = urlsplit(value)
    if parts.path.strip("/") or parts.query:
        raise ValueError("an origin has no path")
    return f"https://{parts.netloc.lower()}"


HttpsAddress = Annotated[Text, AfterValidator(_https)]
BaseAddress = Annotated[HttpsAddress, AfterValidator(_base)]
Origin = Annotated[HttpsAddress, AfterValidator(_origin)]


class EHR(BaseModel):
    """One registered client.

    jwks_url or jwks_file: where its public keys come from; exactly one. audiences: further accepted `aud` values
    besides the exact URL of the called endpoint. tenant: required value of the token's tenant claim, if any.
    codes: a site's own order codes, item id or concept -> {code, kind, display}; the epic profile puts them first.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,62}$")]
    issuer: Text
    tenant: Text | None = None
    jwks_url: HttpsAddress | None = None
    jwks_file: Path | None = None
    algorithms: Annotated[tuple[Algorithm, ...], Field(min_length=1)] = ("ES384", "RS384")
    audiences: tuple[Text, ...] = ()
    fhir_bases: Annotated[tuple[BaseAddress, ...], Field(min_length=1)]
    client_profile: Literal["spec", "epic", "text_only"] = "spec"
    allowed_origins: tuple[Origin, ...] = ()
    codes: Mapping[str, Any] = {}
    leeway_s: Annotated[int, Field(ge=0, le=300)] = 60
    max_lifetime_s: Annotated[int, Field(ge=60, le=3600)] = 1800

    @property
    def bases(self) -> frozenset[FHIRBase]:
        """The FHIR bases by their parts."""
        return frozenset(base for base in map(parse_base, self.fhir_bases) if base is not None)

    @property
    def site_codes(self) -> Mapping[str, Code]:
        """The site's order codes as the card profile takes them."""
        return read_site_codes(self.codes)

    @pydantic.model_validator(mode="after")
    def _fits_together(self) -> Self:
        if (self.jwks_url is None) == (self.jwks_file is None):
            raise ValueError("exactly one of jwks_url and jwks_file is needed")
        if self.codes and self.client_profile != "epic":
            raise ValueError("codes are for client_profile epic")
        try:
            read_site_codes(self.codes)
        except SettingsError as error:
            raise ValueError(error.safe_text) from None
        return self


class _File(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    ehrs: Annotated[tuple[EHR, ...], Field(min_length=1)]


@dataclass(frozen=True, slots=True)
class Registry:
    """All registered EHRs. Name, and issuer with tenant, are unique; a FHIR base belongs to one issuer."""

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
        return tuple(dict.fromkeys(origin for ehr in self.ehrs for origin in ehr.allowed_origins))


def read_registry(path: Path) -> Registry:
    """Return the registry in a YAML file; a jwks_file stands relative to it.

    Raises SettingsError naming the place and what was expected.
    """
    try:
        read = _File.model_validate(load_yaml(path)).ehrs
    except KnowledgeError as error:
        raise SettingsError(f"EHR registry: {error.safe_text}") from None
    except pydantic.ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        problem = f"{place}: {first['msg']}" if place else "must hold the list `ehrs`"
        raise SettingsError(f"EHR registry: {path.name}: {problem}") from None
    registry = Registry(tuple(_beside(ehr, path.parent) for ehr in read))
    for problem in _problems(registry):
        raise SettingsError(f"EHR registry: {problem}")
    return registry


def _beside(ehr: EHR, folder: Path) -> EHR:
    return ehr.model_copy(update={"jwks_file": folder / ehr.jwks_file}) if ehr.jwks_file else ehr


def _problems(registry: Registry) -> Iterator[str]:
    """Yield what is wrong with one entry beyond its shape, and what no single entry shows."""
    for ehr in registry.ehrs:
        if PUBLIC_SANDBOX in (urlsplit(ehr.issuer.lower()).hostname, urlsplit(ehr.jwks_url or "").hostname):
            yield "the public sandbox's signing key is public; it cannot be registered."
        if ehr.jwks_file and not ehr.jwks_file.is_file():
            yield f"{ehr.name}: there is no file {ehr.jwks_file.name}."
    for one, other in combinations(registry.ehrs, 2):
        if one.name == other.name:
            yield f"{one.name}: this name is registered twice."
        if one.issuer == other.issuer and (one.tenant == other.tenant or None in (one.tenant, other.tenant)):
            yield f"{other.name}: this issuer and tenant are registered twice."
        if one.issuer != other.issuer:
            yield from (
                f"{other.name}: {base.url} already belongs to another issuer."
                for base in other.bases
                if any(base.is_within(taken) or taken.is_within(base) for taken in one.bases)
            )
