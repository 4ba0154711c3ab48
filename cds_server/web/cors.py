"""Which browser pages may call: loopback and the public sandbox in development, else listed and registered origins.

Place in the flow: around every answer, errors included. May not: allow credentials, or every origin.
"""

from __future__ import annotations

import re

from flask import Flask, Response, g, request
from flask_cors import CORS

from cds_server.security.registry import Registry
from cds_server.settings import Mode, Settings

PUBLIC_SANDBOX = "https://sandbox.cds-hooks.org"
_LOOPBACK = r"https?://(localhost|127\.0\.0\.1|\[::1\])(:[0-9]{1,5})?\Z"


def register_cors(app: Flask, settings: Settings, registry: Registry) -> None:
    """Have preflights answered and every answer to an allowed origin marked as readable."""
    allowed = [*settings.allowed_origins, *registry.origins]
    patterns = []
    if settings.mode is not Mode.PRODUCTION:
        allowed.append(PUBLIC_SANDBOX)
        patterns.append(_LOOPBACK)
    patterns += [rf"{re.escape(origin)}\Z" for origin in allowed]

    @app.after_request
    def for_each_origin(response: Response) -> Response:
        """Keep caches between from giving one page the answer to another, also where no origin was let in."""
        response.vary.add("Origin")
        return response

    @app.after_request
    def only_its_own(response: Response) -> Response:
        """Have what one EHR's token opened read by that EHR's pages alone; a preflight cannot know whose it is."""
        client = g.get("client")
        if client is not None and client.origins is not None:
            origin = request.headers.get("Origin")
            if origin not in (*client.origins, *settings.allowed_origins):
                response.headers.pop("Access-Control-Allow-Origin", None)
        return response

    if patterns:
        CORS(
            app,
            origins=patterns,
            methods=["GET", "POST", "OPTIONS"],
            allow_headers=["Authorization", "Content-Type", "Accept"],
            expose_headers=["Server-Timing", "WWW-Authenticate", "Allow"],
            max_age=600,
            allow_private_network=settings.mode is not Mode.PRODUCTION,
        )
