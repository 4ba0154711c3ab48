"""GET /cds-services. Authentication: client.

Place in the flow: how an EHR learns what there is. May not: change between two calls of one process.
"""

from __future__ import annotations

from flask import Blueprint, Response, jsonify

from cds_server.catalogue import Catalogue
from cds_server.security import Access, Authentication, declare


def discovery_blueprint(catalogue: Catalogue, authentication: Authentication) -> Blueprint:
    """Return the discovery route."""
    blueprint = Blueprint("discovery", __name__)
    declare(blueprint, Access.CLIENT, authentication)

    @blueprint.get("/cds-services")
    def discover() -> Response:
        return jsonify(catalogue.discovery())

    return blueprint
