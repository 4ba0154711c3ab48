"""The services of all installed pathways, found by their ids.

Place in the flow: `create_app` and the command line build one at start. May not: know a disease.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from hooks.errors import SettingsError, UnknownService
from hooks.service import CDSService, Pathway

CDS_HOOKS_VERSION = "2.0.1"


@dataclass(frozen=True, slots=True)
class Served:
    """One service with the pathway it belongs to."""

    service: CDSService
    pathway: Pathway


class Catalogue:
    """All services, in the order in which discovery lists them."""

    def __init__(self, pathways: Iterable[Pathway]) -> None:
        """Raise SettingsError where two services have one id: a client would see only one of them."""
        self.pathways = tuple(pathways)
        self._by_id: dict[str, Served] = {}
        for pathway in self.pathways:
            for service in pathway.services:
                if service.id in self._by_id:
                    raise SettingsError(f"two services have the id {service.id}")
                self._by_id[service.id] = Served(service, pathway)

    def __iter__(self) -> Iterator[Served]:
        """Yield the services in order."""
        return iter(self._by_id.values())

    def find(self, service_id: str) -> Served:
        """Return the service with this id. Raises UnknownService."""
        try:
            return self._by_id[service_id]
        except KeyError:
            raise UnknownService("There is no CDS service with this id.") from None

    def name_of(self, service_id: str | None) -> str:
        """Return the id if it is one of ours, else "unknown": what logs and metrics may say of a path."""
        return service_id if service_id in self._by_id else "unknown"

    def discovery(self, notice: str = "") -> Mapping[str, Any]:
        """Return the body of discovery. notice: what each service says besides of its use."""
        return {"services": [_described(served.service, notice) for served in self]}


def _described(service: CDSService, notice: str) -> dict[str, Any]:
    return {
        "hook": service.hook,
        "id": service.id,
        "title": service.title,
        "description": service.description,
        "usageRequirements": f"{service.usage_requirements} {notice}".strip(),
        "version": CDS_HOOKS_VERSION,
        "prefetch": dict(service.prefetch),
    }
