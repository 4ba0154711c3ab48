"""GET /openapi.json: the OpenAPI 3.1 description of everything this server serves. Authentication: none.

Place in the flow: made once, from the routes, services and models of the running application. May not: tell
anything that discovery or the repository does not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from flask import Blueprint, Flask, Response, current_app, jsonify
from werkzeug.routing import Rule

from cds_server.catalogue import Catalogue
from cds_server.security import Access, Authentication, declare
from cds_server.settings import Mode, Settings
from cds_server.version import VERSION
from cds_server.web.openapi_operations import ERRORS, JSON, RENDER_REQUEST, Operation, operation_of
from cds_server.web.openapi_schemas import REFERENCE, request_name, schemas_for

UNDESCRIBED_METHODS = {"HEAD", "OPTIONS"}
"""Answered on every path as HTTP and CORS have it; said once, in the description of the whole."""

_ABOUT = (
    "CDS Hooks 2.0.1 services for children with relapsed high-risk neuroblastoma. Every answer that is not 2xx is a "
    "FHIR OperationOutcome. HEAD and OPTIONS (with CORS preflight) are answered on every path as usual."
)
_PARAMETER = re.compile(r"<(?:[a-z]+:)?([a-z_]+)>")


def openapi_blueprint(catalogue: Catalogue, authentication: Authentication, settings: Settings) -> Blueprint:
    """Return the route of the description."""
    blueprint = Blueprint("openapi", __name__)
    declare(blueprint, Access.ANYBODY, authentication)
    description_of = lru_cache(maxsize=1)(lambda app: description(app, catalogue, settings))

    @blueprint.get("/openapi.json")
    def describe() -> Response:
        return jsonify(description_of(current_app._get_current_object()))  # type: ignore[attr-defined]  # noqa: SLF001

    return blueprint


def description(app: Flask, catalogue: Catalogue, settings: Settings) -> dict[str, Any]:
    """Return the OpenAPI document of an application."""
    hooks = tuple(dict.fromkeys(served.service.hook for served in catalogue))
    paths: dict[str, dict[str, Any]] = {}
    for path, method, rule in served_operations(app):
        told = operation_of(rule.endpoint, method)
        if told is not None:
            protected = _is_protected(app, rule) and settings.mode is Mode.PRODUCTION
            paths.setdefault(path, {})[method.lower()] = _operation(told, path, catalogue, protected=protected)
    return {
        "openapi": "3.1.0",
        "info": {"title": "relapse-cds", "version": VERSION, "description": _ABOUT},
        "servers": [{"url": settings.base_url}],
        "paths": paths,
        "components": {
            "schemas": {
                **schemas_for(hooks),
                "HookRequest": {"oneOf": [{"$ref": REFERENCE + request_name(hook)} for hook in hooks] or [{}]},
                "RenderRequest": RENDER_REQUEST,
            },
            "securitySchemes": {"clientJwt": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}},
        },
    }


def served_operations(app: Flask) -> Iterator[tuple[str, str, Rule]]:
    """Yield every path, as OpenAPI writes it, with every method served there."""
    for rule in app.url_map.iter_rules():
        path = _PARAMETER.sub(r"{\1}", rule.rule)
        for method in sorted((rule.methods or set()) - UNDESCRIBED_METHODS):
            yield path if path == "/" else path.rstrip("/"), method, rule


def _is_protected(app: Flask, rule: Rule) -> bool:
    return app.extensions["access"].get(rule.endpoint.rpartition(".")[0]) is Access.CLIENT


def _operation(told: Operation, path: str, catalogue: Catalogue, *, protected: bool) -> dict[str, Any]:
    answer: dict[str, Any] = {"$ref": REFERENCE + told.answer} if told.answer else {}
    operation: dict[str, Any] = {
        "summary": told.summary,
        "tags": [told.tag],
        "responses": {
            "200": {
                "description": "Done.",
                "content": {kind: {"schema": answer if "json" in kind else {}} for kind in told.answer_types},
            },
            **{
                str(status): {
                    "description": ERRORS[status],
                    "content": {
                        kind: {"schema": {"$ref": REFERENCE + "OperationOutcome"}} for kind in told.error_types
                    },
                }
                for status in told.errors
            },
        },
    }
    if told.description:
        operation["description"] = told.description
    if told.body:
        body = {JSON: {"schema": {"$ref": REFERENCE + told.body}}}
        operation["requestBody"] = {"required": True, "content": body}
    if parameters := [_parameter(name, catalogue) for name in re.findall(r"{([a-z_]+)}", path)]:
        operation["parameters"] = parameters
    if protected:
        operation["security"] = [{"clientJwt": []}]
    return operation


def _parameter(name: str, catalogue: Catalogue) -> dict[str, Any]:
    schema: dict[str, Any] = {"type": "string", "minLength": 1}
    if name == "service_id":
        schema = {"type": "string", "enum": [served.service.id for served in catalogue]}
    return {"name": name, "in": "path", "required": True, "schema": schema}
