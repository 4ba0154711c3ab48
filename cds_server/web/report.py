"""GET /feedback/report: what became of the cards that the calling client was shown. Authentication: client.

Place in the flow: for those who look after the cards. May not: show one client what another did.
"""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, Response, g, request
from sqlalchemy.exc import SQLAlchemyError

from cds_server.security import Access, Authentication, declare
from cds_server.store.report import Report, read_report
from cds_server.web.report_page import POLICY, page_of
from cds_server.web.services import Surroundings
from hooks.errors import StoreUnavailable

DAYS = 90
"""How far the report goes back unless the query says otherwise (?days=)."""


def report_blueprint(authentication: Authentication, surroundings: Surroundings) -> Blueprint:
    """Return the route of the report page."""
    blueprint = Blueprint("report", __name__)
    declare(blueprint, Access.CLIENT, authentication)

    @blueprint.get("/feedback/report")
    def show() -> Response:
        days = min(max(request.args.get("days", DAYS, type=int), 1), surroundings.settings.retention_days)
        report = _read(surroundings, days, g.client.name)
        response = Response(page_of(report, g.client.name, days), mimetype="text/html")
        response.headers["Content-Security-Policy"] = POLICY
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["Cache-Control"] = "no-store"
        return response

    return blueprint


def _read(surroundings: Surroundings, days: int, client: str) -> Report:
    """Return the report, an empty one where nothing is kept. Raises StoreUnavailable."""
    if surroundings.memory is None:
        return Report()
    since = surroundings.clock() - timedelta(days=days)
    try:
        return read_report(surroundings.memory.database, since, client)
    except SQLAlchemyError:
        raise StoreUnavailable("The report cannot be read now.") from None
