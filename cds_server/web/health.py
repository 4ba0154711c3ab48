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
from cds_server.web.services import Surroundings


def health_blueprint(
    catalogue: Catalogue, authentication: Authentication, telemetry: Telemetry, surroundings: Surroundings
) -> Blueprint:
    """Return the routes of health, version and metrics. A broken database is told, and leaves the server ready."""
    settings = surroundings.settings
    blueprint = Blueprint("health", __name__)
    declare(blueprint, Access.ANYBODY, authentication)

    @blueprint.get("/health")
    def is_alive() -> Response:
        return jsonify({"status": "ok", **_mode(settings)})

    @blueprint.get("/health/ready")
    def is_ready() -> Response:
        database = database_state(surroundings)
        return jsonify({"status": "ready", "services": len(tuple(catalogue)), "database": database, **_mode(settings)})

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


def database_state(surroundings: Surroundings) -> dict[str, Any]:
    """Return what is known about the database: its state, failures since the start, the kind of the last error."""
    if surroundings.memory is None:
        return {"state": "none"}
    database = surroundings.memory.database
    state = {"state": "ok" if database.is_ready() else "unavailable", "failures": database.failures}
    return state | ({"lastError": database.last_error} if database.last_error else {})


def _mode(settings: Settings) -> dict[str, str]:
    told = {"mode": str(settings.mode)}
    if settings.mode is not Mode.PRODUCTION:
        told["authentication"] = "none"
    if settings.as_of is not None:
        told["asOf"] = settings.as_of.isoformat()
    return told
