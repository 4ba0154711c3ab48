"""Which browser pages may call: loopback pages and the public sandbox in development, listed origins always.

Place in the flow: around every answer, errors included. May not: allow credentials, or every origin.
"""

from __future__ import annotations

import re

from flask import Flask
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
