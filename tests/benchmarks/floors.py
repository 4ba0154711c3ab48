"""The two floors of the benchmark, as WSGI applications on the same gunicorn settings as the server.

`read`: a Flask view that reads the body and answers no cards. `decode`: one that also decodes the JSON.
"""

from __future__ import annotations

import json

from flask import Flask, Response, request

NO_CARDS = '{"cards": []}'


def _floor(*, decode: bool) -> Flask:
    app = Flask(__name__)

    @app.post("/cds-services/<service_id>")
    def answer(service_id: str) -> Response:
        body = request.get_data()
        if decode:
            json.loads(body)
        return Response(NO_CARDS, mimetype="application/json")

    return app


read = _floor(decode=False)
decode = _floor(decode=True)
