"""POST /cds-services/<id>/feedback. Authentication: client.

Place in the flow: what clinicians did with the cards; validated, counted, answered 200.
May not: refuse a card that it does not know.
"""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, request

from cards.feedback import parse_feedback
from cds_server.catalogue import Catalogue
from cds_server.security import Access, Authentication, declare
from cds_server.telemetry import Telemetry
from cds_server.web.body import read_body


def feedback_blueprint(catalogue: Catalogue, authentication: Authentication, telemetry: Telemetry) -> Blueprint:
    """Return the feedback route."""
    blueprint = Blueprint("feedback", __name__)
    declare(blueprint, Access.CLIENT, authentication)

    @blueprint.post("/cds-services/<service_id>/feedback")
    def take_feedback(service_id: str) -> Response:
        served = catalogue.find(service_id)
        items = parse_feedback(read_body(request))
        telemetry.record_feedback(served.service.id, items)
        return jsonify({"received": len(items)})

    return blueprint
