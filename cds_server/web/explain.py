"""POST /cds-services/<id>/explain. Authentication: client.

Place in the flow: the same call as to the service, answered with every rule, its outcome, the deciding facts and what
would flip it, as JSON or (Accept: text/plain) as text. May not: be on in production unless a setting says so.
"""

from __future__ import annotations

from flask import Blueprint, Response, g, jsonify, request

from cards.explanation import as_json, as_text
from cds_server.catalogue import Catalogue
from cds_server.pipeline import Notes, read_record
from cds_server.security import Access, Authentication, declare
from cds_server.telemetry import Telemetry
from cds_server.web.body import read_envelope
from cds_server.web.services import Surroundings
from hooks.request import parse_request


def explain_blueprint(
    catalogue: Catalogue, authentication: Authentication, telemetry: Telemetry, surroundings: Surroundings
) -> Blueprint:
    """Return the route that explains a call."""
    blueprint = Blueprint("explain", __name__)
    declare(blueprint, Access.CLIENT, authentication)

    @blueprint.post("/cds-services/<service_id>/explain")
    def explain(service_id: str) -> Response:
        served = catalogue.find(service_id)
        call = parse_request(read_envelope(request))
        desk = surroundings.desk_for(call, g.client, service_id)
        record = read_record(call, served, desk, Notes())
        explanations = () if record is None else served.service.explain(record, desk.circumstances)
        telemetry.record_explanation(service_id)
        if request.accept_mimetypes.best_match(["application/json", "text/plain"]) == "text/plain":
            text = as_text(explanations) or "The disease gate stayed shut: no Condition concerns this service."
            return Response(f"{text}\n", mimetype="text/plain")
        gate = "silent" if record is None else "passed"
        return jsonify({"service": service_id, "gate": gate, "rules": as_json(explanations)})

    return blueprint
