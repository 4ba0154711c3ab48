"""The composition root: which rooms there are, and what each of them is given.

Place in the flow: gunicorn, the command line and tests call `create_app`. May not: hold logic.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from flask import Flask, Response

from cds_server.catalogue import Catalogue
from cds_server.fhir.client import open_session
from cds_server.fhir.waiting import WaitingCalls
from cds_server.pathways import installed_pathways
from cds_server.security.door import authentication_for
from cds_server.security.registry import Registry, read_registry
from cds_server.settings import Mode, Settings, read_settings
from cds_server.store.opening import open_database, open_memory, prepare
from cds_server.telemetry import Telemetry
from cds_server.web.cors import register_cors
from cds_server.web.discovery import discovery_blueprint
from cds_server.web.errors import register_errors
from cds_server.web.explain import explain_blueprint
from cds_server.web.family import family_blueprint
from cds_server.web.feedback import feedback_blueprint
from cds_server.web.health import health_blueprint
from cds_server.web.openapi import openapi_blueprint
from cds_server.web.paths import tidy_paths
from cds_server.web.report import report_blueprint
from cds_server.web.services import Surroundings, services_blueprint
from hooks.service import Pathway


def create_app(settings: Settings | None = None, pathways: Iterable[Pathway] | None = None) -> Flask:
    """Return the application. Raises SettingsError or KnowledgeError: then nothing is served."""
    settings = settings or read_settings()
    catalogue = Catalogue(installed_pathways() if pathways is None else pathways)
    telemetry = Telemetry(settings)
    database = open_database(settings)
    registry = read_registry(settings.ehr_registry) if settings.ehr_registry else Registry()
    authentication = authentication_for(settings, registry, database)
    memory = open_memory(database, settings) if database is not None else None
    waiting = WaitingCalls(most=max(1, settings.threads // 2))
    surroundings = Surroundings(settings, open_session(settings), lambda: datetime.now(UTC), waiting, memory)
    if database is not None:
        database.on_failure = telemetry.record_database_failure
        telemetry.record_database(is_current=prepare(database, settings))

    app = Flask("cds_server", static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = settings.max_body_bytes
    app.json.sort_keys = False  # type: ignore[attr-defined]  # the default provider has it
    app.url_map.strict_slashes = False
    app.url_map.merge_slashes = False
    app.wsgi_app = tidy_paths(app.wsgi_app, settings.base_url)  # type: ignore[method-assign,assignment]
    app.after_request(_finish)
    register_errors(app, telemetry)
    register_cors(app, settings, registry)

    app.register_blueprint(discovery_blueprint(catalogue, authentication, settings))
    app.register_blueprint(services_blueprint(catalogue, authentication, telemetry, surroundings))
    app.register_blueprint(feedback_blueprint(catalogue, authentication, telemetry, surroundings))
    app.register_blueprint(report_blueprint(authentication, surroundings))
    app.register_blueprint(family_blueprint(authentication))
    app.register_blueprint(health_blueprint(catalogue, authentication, telemetry, surroundings))
    app.register_blueprint(openapi_blueprint(catalogue, authentication, settings))
    if settings.explain or settings.mode is not Mode.PRODUCTION:
        app.register_blueprint(explain_blueprint(catalogue, authentication, telemetry, surroundings))
    if settings.mode is Mode.DEMO:
        from cds_server.demo.page import register_demo  # noqa: PLC0415 - synthetic children are read in demo mode only

        register_demo(app, settings)
    telemetry.record_start(catalogue, settings)
    return app


def _finish(response: Response) -> Response:
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    if response.calculate_content_length() == 0:
        response.headers.pop("Content-Type", None)  # an answered preflight is no HTML page
    return response
