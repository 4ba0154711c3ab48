"""Paths as clients really write them: doubled slashes, and the prefix of a public URL.

Place in the flow: the outermost WSGI layer, so that no request is ever redirected (a browser's preflight does not
follow a redirect). May not: change anything but the path.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_SLASHES = re.compile(r"/{2,}")


def tidy_paths(application: WSGIApplication, public_url: str) -> WSGIApplication:
    """Return the application behind a layer that joins doubled slashes and understands the public URL's path."""
    prefix = urlsplit(public_url).path.rstrip("/")

    def tidied(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        path = _SLASHES.sub("/", environ.get("PATH_INFO", ""))
        if prefix and (path == prefix or path.startswith(f"{prefix}/")):
            environ["SCRIPT_NAME"] = environ.get("SCRIPT_NAME", "") + prefix
            path = path.removeprefix(prefix)
        environ["PATH_INFO"] = path or "/"
        return application(environ, start_response)

    return tidied
