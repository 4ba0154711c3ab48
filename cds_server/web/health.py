"""GET /health, /health/ready, /version, /metrics. Authentication: none.

Place in the flow: for those who run the server. May not: say anything about a patient or a call.
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, jsonify

from cds_server.catalogue import Catalogue
from cds_server.security import Access, Authentication, declare
from cds_server.settings import Mode, Settings
from cds_server.store.database import Database
from cds_server.telemetry import Telemetry
from cds_server.version import VERSION
from cds_server.web.errors import refusal
from cds_server.web.services import Surroundings


def health_blueprint(
    catalogue: Catalogue, authentication: Authentication, telemetry: Telemetry, surroundings: Surroundings
) -> Blueprint:
    """Return the routes of health, version and metrics.

    /health asks nothing of anybody: the process lives. /health/ready asks the database; one that is broken is told,
    and leaves the server ready, for cards need none. Not ready is a server that could answer nobody.
    """
    settings = surroundings.settings
    database = surroundings.memory.database if surroundings.memory is not None else None
    blueprint = Blueprint("health", __name__)
    declare(blueprint, Access.ANYBODY, authentication)

    @blueprint.get("/health")
    def is_alive() -> Response:
        trouble = {"database": _told(database, "failing")} if database is not None and database.last_error else {}
        return jsonify({"status": "ok", **_mode(settings), **trouble})

    @blueprint.get("/health/ready")
    def is_ready() -> Response:
        services = len(tuple(catalogue))
        if not services:
            return refusal(503, "transient", "There is no service to call.")
        if settings.mode is Mode.PRODUCTION and settings.ehr_registry is None:
            return refusal(503, "transient", "No EHR is registered: nobody can call.")
        return jsonify({"status": "ready", "services": services, "database": _asked(database), **_mode(settings)})

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


def _asked(database: Database | None) -> dict[str, Any]:
    """Return the state of the database now; a schema that is not the newest counts as unavailable."""
    if database is None:
        return {"state": "none"}
    return _told(database, "ok" if database.is_ready() else "unavailable")


def _told(database: Database, state: str) -> dict[str, Any]:
    """Return a state with what this worker process has counted since its start."""
    told = {"state": state, "failures": database.failures}
    return told | ({"lastError": database.last_error} if database.last_error else {})


def _mode(settings: Settings) -> dict[str, str]:
    told = {"mode": str(settings.mode)}
    if settings.mode is not Mode.PRODUCTION:
        told["authentication"] = "none"
    if settings.as_of is not None:
        told["asOf"] = settings.as_of.isoformat()
    return told
