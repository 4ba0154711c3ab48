"""The demo page and what it asks of its own server. Authentication: none (demo mode, synthetic children).

Place in the flow: `register_demo` mounts it. May not: be reachable in another mode, or load anything from
another host: the content security policy says so to the browser.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import Blueprint, Flask, Response, jsonify, request, send_from_directory

import fhir_fixtures
from cds_server.demo.rendering import to_html
from cds_server.security import Access, OpenDoor, declare
from cds_server.settings import Settings
from cds_server.web.body import read_body
from cds_server.web.errors import refusal
from fhir_fixtures.server import fixture_blueprint

STATIC = Path(__file__).parent / "static"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
)
RENDER_LIMIT = 200
"""Texts that one render call may hold; an answer has far fewer."""


def register_demo(app: Flask, settings: Settings) -> None:
    """Mount the page at /, its helpers at /demo and the fixture FHIR server at /fhir."""

    def today() -> date:
        return settings.day_of(datetime.now(UTC))

    page, server = _page(today), fixture_blueprint(today)
    for blueprint in (page, server):
        declare(blueprint, Access.ANYBODY, OpenDoor(settings))
    app.register_blueprint(page)
    app.register_blueprint(server, url_prefix="/fhir")


def _page(today: Callable[[], date]) -> Blueprint:
    blueprint = Blueprint("demo", __name__)

    @blueprint.get("/")
    def page() -> Response:
        return send_from_directory(STATIC, "index.html", max_age=0)

    @blueprint.get("/demo/static/<path:name>")
    def static_file(name: str) -> Response:
        return send_from_directory(STATIC, name, max_age=0)

    @blueprint.get("/demo/children")
    def children() -> Response:
        return jsonify(_children(today()))

    @blueprint.get("/demo/calls/<name>")
    def call(name: str) -> Response:
        known = {one.name for one in fhir_fixtures.hook_calls()}
        if name not in known:
            return refusal(404, "not-found", "There is no hook call of this name.")
        return jsonify(fhir_fixtures.filed_request(name, today(), {}))

    @blueprint.post("/demo/render")
    def render() -> Response:
        texts = _texts(read_body(request))
        if texts is None:
            return refusal(400, "invalid", f'The body must be {{"texts": [...]}}, at most {RENDER_LIMIT} strings.')
        return jsonify({"html": [to_html(text) for text in texts]})

    blueprint.after_request(_protected)
    return blueprint


def _texts(body: Mapping[str, Any]) -> list[str] | None:
    texts = body.get("texts")
    if not isinstance(texts, list) or len(texts) > RENDER_LIMIT:
        return None
    return texts if all(isinstance(text, str) for text in texts) else None


@lru_cache(maxsize=1)
def _children(as_of: date) -> dict[str, Any]:
    calls: dict[str, list[dict[str, str]]] = {}
    for one in fhir_fixtures.hook_calls():
        calls.setdefault(one.child, []).append({"name": one.name, "service": one.service, "about": one.about})
    return {
        "asOf": as_of.isoformat(),
        "children": [
            {
                "slug": child.slug,
                "title": child.title,
                "group": _group(child, calls.get(child.slug, [])),
                "story": to_html(_without_title(child.story.read_text(encoding="utf-8"))),
                "calls": calls.get(child.slug, []),
            }
            for child in fhir_fixtures.children()
        ],
        "drafts": fhir_fixtures.drafts(as_of),
    }


def _group(child: fhir_fixtures.Child, calls: list[dict[str, str]]) -> str:
    if not any(row.topic for row in child.expected):
        return "No card expected"
    answered = {row.service for row in child.expected}
    about_orders = any(call["service"] not in answered for call in calls)
    return "Around an order" if about_orders and len(answered) == 1 else "On opening the chart"


def _without_title(story: str) -> str:
    return story.partition("\n")[2]


def _protected(response: Response) -> Response:
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
