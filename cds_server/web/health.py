"""GET /health, /health/ready, /version, /metrics. Authentication: none.

Place in the flow: for those who run the server. May not: say anything about a patient or a call.
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, jsonify

from cds_server.catalogue import Catalogue
from cds_server.security import Access, Authentication, declare
from cds_server.settings import Mode, Settings
from cds_server.telemetry import Telemetry
from cds_server.version import VERSION


def health_blueprint(
    catalogue: Catalogue, authentication: Authentication, telemetry: Telemetry, settings: Settings
) -> Blueprint:
    """Return the routes of health, version and metrics."""
    blueprint = Blueprint("health", __name__)
    declare(blueprint, Access.ANYBODY, authentication)

    @blueprint.get("/health")
    def is_alive() -> Response:
        return jsonify({"status": "ok", **_mode(settings)})

    @blueprint.get("/health/ready")
    def is_ready() -> Response:
        return jsonify({"status": "ready", "services": len(tuple(catalogue)), **_mode(settings)})

    @blueprint.get("/version")
    def version() -> Response:
        return jsonify({"name": "relapse-cds", "version": VERSION, "knowledge": knowledge_of(catalogue)})

    @blueprint.get("/metrics")
    def metrics() -> Response:
        return Response(telemetry.exposition(), content_type=telemetry.EXPOSITION_TYPE)

    return blueprint


def knowledge_of(catalogue: Catalogue) -> list[dict[str, Any]]:
    """Return version, digest and review state of each pathway's knowledge."""
    bases = [pathway.knowledge for pathway in catalogue.pathways]
    return [
        {"pathway": base.pathway, "version": base.version, "digest": base.digest, "reviewed": base.reviewed}
        for base in bases
    ]


def _mode(settings: Settings) -> dict[str, str]:
    told = {"mode": str(settings.mode)}
    if settings.mode is not Mode.PRODUCTION:
        told["authentication"] = "none"
    if settings.as_of is not None:
        told["asOf"] = settings.as_of.isoformat()
    return told
