"""A small FHIR R4 server over the synthetic children: read, search, paging, batch; in memory.

Place in the flow: mounted at /fhir in demo mode, run alone by tests. Every answer is FHIR JSON with open CORS,
for nothing here is about a real person. May not: import anything of the project outside this package.
"""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from flask import Blueprint, Flask, Response, request
from werkzeug.serving import make_server

from fhir_fixtures import resources_as_of
from fhir_fixtures.faults import Fault, Faults
from fhir_fixtures.searching import Page, Parameters, Resource, UnknownParameterError, understood
from fhir_fixtures.store import TYPES, RefusedError, Store

FHIR_JSON = "application/fhir+json"
_SEARCH_PARAMETERS = {
    "_id": "token",
    "patient": "reference",
    "subject": "reference",
    "code": "token",
    "category": "token",
    "status": "token",
    "clinical-status": "token",
    "identifier": "token",
    "type": "token",
    "intent": "token",
    "verification-status": "token",
}
_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
_FORM_TYPE = "application/x-www-form-urlencoded"
Answer = tuple[int, Resource]


def create_fixture_server(as_of: date, *, faults: Faults | None = None, writable: bool = True) -> Flask:
    """Return a stand-alone application that serves all children at /fhir, dates shifted to `as_of`."""
    app = Flask(__name__)
    app.register_blueprint(fixture_blueprint(lambda: as_of, faults=faults, writable=writable), url_prefix="/fhir")
    return app


def fixture_blueprint(today: Callable[[], date], *, faults: Faults | None = None, writable: bool = False) -> Blueprint:
    """Return the server as a blueprint with a store of its own; authentication: none.

    The store is filled again when `today` changes, so that a server left running does not grow stale;
    what was written is gone then.
    """
    trouble = faults or Faults()
    store_of = lru_cache(maxsize=1)(lambda day: Store(resources_as_of(day)))
    store_of(today())
    blueprint = Blueprint("fhir_fixtures", __name__)

    @blueprint.route("", methods=_METHODS)
    @blueprint.route("/", methods=_METHODS)
    @blueprint.route("/<path:path>", methods=_METHODS)
    def everything(path: str = "") -> Response:
        if request.method == "OPTIONS":
            return _open(Response(status=204))
        mounted_at = request.path[: len(request.path) - len(path)].rstrip("/")
        base = f"{request.host_url.rstrip('/')}{request.root_path}{mounted_at}"
        line = f"{request.method} {request.full_path.removesuffix('?')}{_form()}"
        fault = trouble.next_for(line)
        if fault.delay_s:
            time.sleep(fault.delay_s)
        if fault.drop:
            return _dropped()
        status, body = _answer(store_of(today()), path, base, writable=writable)
        return _written(status, body, fault)

    return blueprint


@contextmanager
def running(app: Flask) -> Iterator[str]:
    """Serve an application on a free port of 127.0.0.1 while the block runs; yields "http://127.0.0.1:port"."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _answer(store: Store, path: str, base: str, *, writable: bool) -> Answer:
    try:
        segments = [segment for segment in path.split("/") if segment]
        if request.method in ("POST", "PUT") and segments[-1:] != ["_search"]:
            return _write(store, request.method, segments, base, writable=writable)
        if request.method == "GET":
            return _get(store, segments, list(request.args.items(multi=True)), base, writable=writable)
        if request.method == "POST" and len(segments) == 2:
            return _found(store, segments[0], _posted(), base)
    except RefusedError as refusal:
        return refusal.status, outcome(refusal.code, refusal.text)
    does = "reads, searches, creates and updates" if writable else "reads and searches"
    return 405, outcome("not-supported", f"This server {does}.")


def _get(store: Store, segments: list[str], parameters: Parameters, base: str, *, writable: bool) -> Answer:
    match segments:
        case ["metadata"]:
            return 200, capability_statement(base, writable=writable)
        case [resource_type, resource_id]:
            return 200, store.read(resource_type, resource_id)
        case [resource_type]:
            return _found(store, resource_type, parameters, base)
    raise RefusedError(404, "not-found", "There is nothing at this address.")


def _posted() -> Parameters:
    """Return the parameters of a search by POST: those of the address and those of the form."""
    if request.content_length and request.mimetype != _FORM_TYPE:
        raise RefusedError(415, "not-supported", f"The body of a search is {_FORM_TYPE}.")
    return [*request.args.items(multi=True), *request.form.items(multi=True)]


def _found(store: Store, resource_type: str, parameters: Parameters, base: str) -> Answer:
    strict = "handling=strict" in request.headers.get("Prefer", "").replace(" ", "")
    try:
        page = store.search(resource_type, parameters, strict=strict)
    except UnknownParameterError as unknown:
        raise RefusedError(400, "not-supported", f"The search parameter {unknown} is not known here.") from unknown
    return 200, searchset(page, resource_type, parameters, base)


def _write(store: Store, method: str, segments: list[str], base: str, *, writable: bool) -> Answer:
    body = request.get_json(force=True, silent=True)
    if not segments and method == "POST":
        return 200, _batch(store, body, base, writable=writable)
    if not writable:
        raise RefusedError(405, "not-supported", "This server is read only.")
    return _kept(store, method, segments, body)


def _kept(store: Store, method: str, segments: list[str], body: Any) -> Answer:
    match method, segments:
        case "POST", [resource_type]:
            return 201, store.create(resource_type, body)
        case "PUT", [resource_type, resource_id]:
            resource, is_new = store.update(resource_type, resource_id, body)
            return (201 if is_new else 200), resource
    raise RefusedError(405, "not-supported", "POST goes to a type, PUT to a type and an id.")


def _batch(store: Store, body: Any, base: str, *, writable: bool) -> Resource:
    entries = body.get("entry", []) if isinstance(body, dict) else None
    if not isinstance(entries, list) or body.get("type") not in ("batch", "transaction"):
        raise RefusedError(400, "invalid", "The body must be a Bundle of type batch or transaction.")
    answers = [_batch_entry(store, entry, base, writable=writable) for entry in entries]
    return {"resourceType": "Bundle", "type": f"{body['type']}-response", "entry": answers}


def _batch_entry(store: Store, entry: Any, base: str, *, writable: bool) -> Resource:
    try:
        status, resource = _batch_answer(store, entry, base, writable=writable)
    except RefusedError as refusal:
        problem = outcome(refusal.code, refusal.text)
        return {"response": {"status": str(refusal.status), "outcome": problem}}
    return {"resource": resource, "response": {"status": str(status)}}


def _batch_answer(store: Store, entry: Any, base: str, *, writable: bool) -> Answer:
    asked = entry.get("request") if isinstance(entry, dict) else None
    if not isinstance(asked, dict):
        raise RefusedError(400, "invalid", "An entry of a batch needs a request.")
    method, address = asked.get("method"), urlsplit(str(asked.get("url", "")))
    segments = [segment for segment in address.path.split("/") if segment]
    if method == "GET":
        return _get(store, segments, parse_qsl(address.query), base, writable=writable)
    if method in ("POST", "PUT") and writable:
        return _kept(store, method, segments, entry.get("resource"))
    raise RefusedError(405, "not-supported", "This server does not do that in a batch.")


def searchset(page: Page, resource_type: str, parameters: Parameters, base: str) -> Resource:
    """Return a searchset Bundle with self and next links below `base`; they hold what the search took in."""
    taken = understood(parameters)
    kept = [(name, value) for name, value in taken if name != "_offset"]
    links = [{"relation": "self", "url": f"{base}/{resource_type}?{urlencode(taken)}".rstrip("?")}]
    if page.next_offset is not None:
        query = urlencode([*kept, ("_offset", str(page.next_offset))])
        links.append({"relation": "next", "url": f"{base}/{resource_type}?{query}"})
    entries = [_entry(resource, base, "match") for resource in page.matches]
    entries += [_entry(resource, base, "include") for resource in page.included]
    bundle = {"resourceType": "Bundle", "type": "searchset", "total": page.total, "link": links}
    return {**bundle, "entry": entries} if entries else bundle


def _entry(resource: Resource, base: str, mode: str) -> Resource:
    address = f"{base}/{resource['resourceType']}/{resource['id']}"
    return {"fullUrl": address, "resource": resource, "search": {"mode": mode}}


def outcome(code: str, text: str) -> Resource:
    """Return an OperationOutcome with one error."""
    return {
        "resourceType": "OperationOutcome",
        "issue": [{"severity": "error", "code": code, "diagnostics": text}],
    }


def capability_statement(base: str, *, writable: bool) -> Resource:
    """Return what this server can do, as FHIR R4 says it."""
    writing = ("create", "update") if writable else ()
    parameters = [{"name": name, "type": kind} for name, kind in _SEARCH_PARAMETERS.items()]
    interactions = [{"code": code} for code in ("read", "search-type", *writing)]
    return {
        "resourceType": "CapabilityStatement",
        "status": "active",
        "date": "2026-06-01",
        "kind": "instance",
        "implementation": {"description": "Synthetic children with neuroblastoma; no real patient", "url": base},
        "fhirVersion": "4.0.1",
        "format": ["json"],
        "rest": [
            {
                "mode": "server",
                "resource": [{"type": t, "interaction": interactions, "searchParam": parameters} for t in TYPES],
                "interaction": [{"code": "batch"}],
            }
        ],
    }


def _form() -> str:
    return f"?{urlencode(list(request.form.items(multi=True)))}" if request.form else ""


def _written(status: int, body: Mapping[str, Any], fault: Fault) -> Response:
    if fault.status is not None:
        status, body = fault.status, outcome("transient", "The test asked for this answer.")
    if fault.next_link:
        others = [link for link in body.get("link", []) if link["relation"] != "next"]
        body = {**body, "link": [*others, {"relation": "next", "url": fault.next_link}]}
    text = json.dumps(body, ensure_ascii=False) if fault.body is None else fault.body
    text = text[: len(text) // 2] if fault.truncate else text
    return _open(Response(text, status=status, content_type=FHIR_JSON))


def _dropped() -> Response:
    connection = request.environ.get("werkzeug.socket")
    if connection is not None:
        connection.shutdown(socket.SHUT_RDWR)
    return Response(status=500)


def _open(response: Response) -> Response:
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Access-Control-Allow-Methods"] = "GET, POST, PUT, OPTIONS"
    response.headers["Access-Control-Allow-Headers"] = "Accept, Authorization, Content-Type, Prefer"
    response.headers["Access-Control-Expose-Headers"] = "Location, ETag"
    return response
