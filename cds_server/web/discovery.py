"""GET /cds-services. Authentication: client.

Place in the flow: how an EHR learns what there is. May not: change between two calls of one process.
"""

from __future__ import annotations

from flask import Blueprint, Response, jsonify

from cds_server.catalogue import Catalogue
from cds_server.security import Access, Authentication, declare
from cds_server.settings import Mode, Settings

OPEN_NOTICE = (
    "OPEN SERVER in {mode} mode: it asks nobody who they are. Use it with synthetic patients only, never with an EHR "
    "that holds real ones."
)
"""What every service says of itself outside production, so that whoever registers it reads it."""


def discovery_blueprint(catalogue: Catalogue, authentication: Authentication, settings: Settings) -> Blueprint:
    """Return the discovery route."""
    blueprint = Blueprint("discovery", __name__)
    declare(blueprint, Access.CLIENT, authentication)

    notice = "" if settings.mode is Mode.PRODUCTION else OPEN_NOTICE.format(mode=settings.mode)

    @blueprint.get("/cds-services")
    def discover() -> Response:
        return jsonify(catalogue.discovery(notice))

    return blueprint
