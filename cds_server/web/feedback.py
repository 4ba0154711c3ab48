"""POST /cds-services/<id>/feedback. Authentication: client.

Place in the flow: what clinicians did with the cards; validated, counted, answered 200.
May not: refuse a card that it does not know.
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, g, jsonify, request

from cards.feedback import parse_feedback
from cds_server.catalogue import Catalogue
from cds_server.security import Access, Authentication, declare
from cds_server.telemetry import Telemetry
from cds_server.web.body import read_body
from cds_server.web.services import Surroundings
from hooks.errors import BodyTooLarge, StoreUnavailable

MAX_ITEMS = 1000
"""Items of one feedback call; clients that send batches send tens."""


def feedback_blueprint(
    catalogue: Catalogue, authentication: Authentication, telemetry: Telemetry, surroundings: Surroundings
) -> Blueprint:
    """Return the feedback route. What cannot be stored is not acknowledged: 503, so that a client may send it again."""
    blueprint = Blueprint("feedback", __name__)
    declare(blueprint, Access.CLIENT, authentication)

    @blueprint.post("/cds-services/<service_id>/feedback")
    def take_feedback(service_id: str) -> Response:
        served = catalogue.find(service_id)
        items = parse_feedback(_bounded(read_body(request)))
        if surroundings.memory is not None:
            learned = surroundings.memory.learn(items, g.client.name, served.service.id, surroundings.clock())
            if not learned:
                raise StoreUnavailable("Feedback cannot be stored now.")
        telemetry.record_feedback(served.service.id, items)
        return jsonify({"received": len(items)})

    return blueprint


def _bounded(body: dict[str, Any]) -> dict[str, Any]:
    """Return the body. Raises BodyTooLarge for more items than one call may bring, before any is read."""
    items = body.get("feedback")
    if isinstance(items, list) and len(items) > MAX_ITEMS:
        raise BodyTooLarge(f"One call may bring feedback on at most {MAX_ITEMS} cards.")
    return body
