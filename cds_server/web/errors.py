"""Every answer that is not 2xx: an OperationOutcome, never HTML, never a word of the request.

Place in the flow: the outermost handlers of the application. May not: tell what an unexpected fault said.
"""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus

from flask import Flask, Response
from werkzeug.exceptions import HTTPException

from cds_server.telemetry import Telemetry
from cds_server.web.outcome import operation_outcome
from hooks.errors import CDSError, NotAuthenticated

_ISSUE_CODES = {
    HTTPStatus.BAD_REQUEST: "invalid",
    HTTPStatus.UNAUTHORIZED: "login",
    HTTPStatus.FORBIDDEN: "forbidden",
    HTTPStatus.NOT_FOUND: "not-found",
    HTTPStatus.METHOD_NOT_ALLOWED: "not-supported",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "too-long",
    HTTPStatus.REQUEST_URI_TOO_LONG: "too-long",
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: "not-supported",
}
_KEPT_HEADERS = ("Allow", "Retry-After", "WWW-Authenticate")


def refusal(status: int, issue_code: str, safe_text: str, headers: Mapping[str, str] | None = None) -> Response:
    """Return a whole answer that is not 2xx."""
    return Response(operation_outcome(issue_code, safe_text), status, headers, mimetype="application/json")


def register_errors(app: Flask, telemetry: Telemetry) -> None:
    """Have all errors of the application answered from here."""

    @app.errorhandler(CDSError)
    def known(error: CDSError) -> Response:
        if error.status == HTTPStatus.INTERNAL_SERVER_ERROR:
            return unexpected(error)
        headers = {"WWW-Authenticate": "Bearer"} if isinstance(error, NotAuthenticated) else None
        return refusal(error.status, error.issue_code, error.safe_text, headers)

    @app.errorhandler(HTTPException)
    def http(error: HTTPException) -> Response | HTTPException:
        if error.code is None or error.code < HTTPStatus.BAD_REQUEST:
            return error
        status = HTTPStatus(error.code)
        headers = {name: value for name, value in error.get_headers() if name in _KEPT_HEADERS}
        return refusal(status, _ISSUE_CODES.get(status, "processing"), f"{status.phrase}.", headers)

    @app.errorhandler(Exception)
    def unexpected(error: Exception) -> Response:
        telemetry.report_fault(error)
        return refusal(HTTPStatus.INTERNAL_SERVER_ERROR, "exception", "This server failed to answer; it is our fault.")
