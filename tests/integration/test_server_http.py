"""HTTP as clients and attackers write it: the table of framework traps, status codes, CORS."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from typing import Any

import pytest
import requests

from tests.contract.checker import check_discovery, check_json
from tests.integration.live import Live, live_server
from tests.unit.toy_pathway import a_call

SANDBOX = "https://sandbox.cds-hooks.org"
CALL = json.dumps(a_call()).encode()


def is_outcome(answer: requests.Response) -> bool:
    """True if the body is an OperationOutcome with one error, and no HTML."""
    body = answer.json()
    issue = body["issue"][0]
    return (
        answer.headers["Content-Type"] == "application/json"
        and body["resourceType"] == "OperationOutcome"
        and issue["severity"] == "error"
        and bool(issue["code"])
        and bool(issue["diagnostics"])
    )


@pytest.mark.req("DISC-01", "DISC-02", "DISC-13", "JSON-01")
@pytest.mark.parametrize("path", ["/cds-services", "/cds-services/", "//cds-services", "/cds-services?x=1"])
def test_given_any_spelling_of_the_path_when_discovery_is_asked_then_it_answers_without_a_redirect(
    live: Live, path: str
) -> None:
    answer = live.session.get(f"{live.url}{path}", timeout=10, allow_redirects=False)

    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("application/json")
    check_json(answer.content)


@pytest.mark.req("DISC-04", "DISC-05", "DISC-06", "DISC-07", "DISC-08", "DISC-09", "DISC-10", "DISC-12", "DISC-15")
def test_given_the_services_when_discovery_is_asked_then_each_says_what_it_is_in_order(live: Live) -> None:
    body = live.session.get(f"{live.url}/cds-services", timeout=10).json()

    check_discovery(body)
    assert [service["id"] for service in body["services"]] == ["toy-view", "toy-select", "toy-sign"]
    assert list(body["services"][0]) == [
        *("hook", "id", "title", "description", "usageRequirements", "version", "prefetch"),
    ]
    assert list(body["services"][0]["prefetch"]) == ["patient", "conditions", "labs", "orders"]
    assert body["services"][0]["version"] == "2.0.1"


@pytest.mark.req("REQ-01")
@pytest.mark.parametrize(
    "path",
    ["/cds-services//toy-view", "/cds-services/toy-view/", "//cds-services///toy-view", "/cds-services/toy-view"],
)
def test_given_doubled_or_trailing_slashes_when_a_service_is_called_then_it_answers_without_a_redirect(
    live: Live, path: str
) -> None:
    answer = live.session.post(f"{live.url}{path}", json=a_call(), timeout=10, allow_redirects=False)

    assert answer.status_code == 200


@pytest.mark.req("DISC-01")
@pytest.mark.parametrize("path", ["/hooks/v1/cds-services", "/cds-services"])
def test_given_a_public_url_with_a_path_when_discovery_is_asked_then_it_answers_with_and_without_it(path: str) -> None:
    with live_server(public_url="https://cds.example.org/hooks/v1") as live:
        answer = live.session.get(f"{live.url}{path}", timeout=10)

    assert answer.status_code == 200


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH"])
def test_given_another_method_when_a_service_is_called_then_the_answer_is_405_with_allow(
    live: Live, method: str
) -> None:
    answer = live.session.request(method, f"{live.url}/cds-services/toy-view", timeout=10)

    assert answer.status_code == 405
    assert "POST" in answer.headers["Allow"]
    assert is_outcome(answer)


@pytest.mark.req("RESP-05", "RESP-06")
@pytest.mark.parametrize("path", ["/nothing", "/cds-services/nothing", "/cds-services/nothing/feedback"])
def test_given_an_unknown_path_or_service_when_it_is_called_then_the_answer_is_404(live: Live, path: str) -> None:
    answer = live.session.post(f"{live.url}{path}", json={}, timeout=10)

    assert answer.status_code == 404
    assert is_outcome(answer)


@pytest.mark.parametrize(
    "content_type", ["application/json; charset=UTF-8", "application/fhir+json", "APPLICATION/JSON;x=y"]
)
def test_given_a_json_content_type_when_a_service_is_called_then_it_answers(live: Live, content_type: str) -> None:
    answer = live.post(CALL, headers={"Content-Type": content_type})

    assert answer.status_code == 200


@pytest.mark.parametrize(
    "headers", [{"Content-Type": "text/plain"}, {"Content-Type": ""}, {"Content-Encoding": "gzip"}]
)
def test_given_another_content_type_or_encoding_when_a_service_is_called_then_the_answer_is_415(
    live: Live, headers: dict[str, str]
) -> None:
    answer = live.post(gzip.compress(CALL) if "Content-Encoding" in headers else CALL, headers=headers)

    assert answer.status_code == 415
    assert is_outcome(answer)


DEEP = b"[" * 100_000 + b"]" * 100_000
MALFORMED: dict[str, bytes] = {
    "empty": b"",
    "not JSON": b"hook=patient-view",
    "a list": b"[" + CALL + b"]",
    "a string": b'"hook"',
    "null": b"null",
    "two objects": CALL + CALL,
    "comment": CALL.replace(b"{", b"{ /* x */", 1),
    "trailing comma": CALL[:-1] + b",}",
    "NaN": CALL.replace(b'"p1"', b"NaN", 1),
    "NaN that nobody reads": CALL[:-1] + b',"extension":{"x":[NaN]}}',
    "Infinity in prefetch": CALL.replace(b'"final"', b"-Infinity"),
    "number out of range": CALL.replace(b'"final"', b"1e999"),
    "leading zero": CALL.replace(b'"final"', b"012"),
    "invalid UTF-8": CALL.replace(b"final", b"\xff\xfe"),
    "invalid UTF-8 that nobody reads": CALL[:-1] + b',"extension":{"x":"\xff"}}',
    "UTF-16": CALL.decode().encode("utf-16"),
    "UTF-32": CALL.decode().encode("utf-32"),
    "lone surrogate": CALL.replace(b"final", b"\\ud800"),
    "control character": CALL.replace(b"final", b"a\x01b"),
    "100,000 brackets": DEEP,
    "deep in an unread member": CALL[:-1] + b',"extension":' + DEEP + b"}",
    "deep in context": CALL.replace(b'"p1"', b"[" * 500 + b"]" * 500, 1),
    "deep in prefetch": CALL.replace(b'"final"', b"[" * 500 + b"]" * 500),
    "duplicate at the top": CALL[:-1] + b',"hook":"patient-view"}',
    "duplicate in context": CALL.replace(b'"userId"', b'"patientId": "p2", "userId"', 1),
    "duplicate prefetch key": CALL.replace(b'"labs"', b'"patient": null, "labs"', 1),
    "duplicate, escaped": CALL.replace(b'"labs"', b'"pat\\u0069ent": null, "labs"', 1),
    "duplicate token": CALL[:-1]
    + b',"fhirServer":"http://127.0.0.1:9","fhirAuthorization":{"access_token":"a","access_token":"b"}}',
}


@pytest.mark.req("JSON-06")
@pytest.mark.parametrize("name", MALFORMED)
def test_given_a_malformed_body_when_a_service_is_called_then_the_answer_is_400(live: Live, name: str) -> None:
    answer = live.post(MALFORMED[name])

    assert answer.status_code == 400, answer.text
    assert is_outcome(answer)


def test_given_an_encoding_that_changes_nothing_when_a_service_is_called_then_it_answers(live: Live) -> None:
    answer = live.post(CALL, headers={"Content-Encoding": "identity"})

    assert answer.status_code == 200


def test_given_a_byte_order_mark_when_a_service_is_called_then_it_answers(live: Live) -> None:
    answer = live.post(b"\xef\xbb\xbf" + CALL)

    assert answer.status_code == 200


def changed(**members: Any) -> dict[str, Any]:
    return {**a_call(), **members}


CONTEXT = {"patientId": "p1", "userId": "Practitioner/1"}
INCOMPLETE: dict[str, dict[str, Any]] = {
    "no hook": {key: value for key, value in a_call().items() if key != "hook"},
    "empty hook": changed(hook=""),
    "hook that is a number": changed(hook=1),
    "hook of another service": changed(hook="order-sign", context={**CONTEXT, "draftOrders": {}}),
    "hook that is not served": changed(hook="appointment-book"),
    "null hookInstance": changed(hookInstance=None),
    "empty hookInstance": changed(hookInstance=" "),
    "no context": {key: value for key, value in a_call().items() if key != "context"},
    "context that is a list": changed(context=[CONTEXT]),
    "no patientId": changed(context={"userId": "Practitioner/1"}),
    "no userId": changed(context={"patientId": "p1"}),
    "patientId with a path": changed(context={**CONTEXT, "patientId": "p1/../p2"}),
    "patientId with a query": changed(context={**CONTEXT, "patientId": "p1?x=y"}),
    "patientId with an escape": changed(context={**CONTEXT, "patientId": "p1%2f"}),
    "patientId that is a number": changed(context={**CONTEXT, "patientId": 1}),
    "prefetch that is a list": changed(prefetch=[]),
    "prefetch that is a string": changed(prefetch="x"),
    "authorization without server": changed(fhirAuthorization={"access_token": "t"}),
    "authorization without token": changed(fhirServer="http://127.0.0.1:9", fhirAuthorization={"token_type": "Bearer"}),
    "fhirServer that is a number": changed(fhirServer=1),
}


@pytest.mark.req("REQ-02", "REQ-03", "REQ-05", "REQ-08", "FHIR-04")
@pytest.mark.parametrize("name", INCOMPLETE)
def test_given_an_incomplete_or_wrong_request_when_a_service_is_called_then_the_answer_is_400(
    live: Live, name: str
) -> None:
    answer = live.post(INCOMPLETE[name])

    assert answer.status_code == 400
    assert is_outcome(answer)


@pytest.mark.req("REQ-03", "REQ-07", "REQ-09", "REQ-11", "PF-06", "FHIR-05", "FHIR-08", "HOOK-02", "EXT-01")
@pytest.mark.parametrize(
    "more",
    [
        {"extension": {"com.example.x": {"a": [1, None]}}},
        {"hookInstance": "not a UUID"},
        {"hookInstance": "D1577C69-DFBE-44AD-BA6D-3E05E953B2EA"},
        {"fhirAuthorization": None, "fhirServer": None},
        {"unknown": 1},
        {"context": {**CONTEXT, "encounterId": 5, "x": {}}},
        {"prefetch": {**a_call()["prefetch"], "user": {"resourceType": "Practitioner"}, "-user": [1]}},
        {"fhirServer": "http://127.0.0.1:9", "fhirAuthorization": {"access_token": "t", "expires_in": "x"}},
    ],
    ids=["extension", "odd instance", "upper case", "nulls", "member", "context", "foreign keys", "odd authorization"],
)
def test_given_more_than_the_specification_names_when_a_service_is_called_then_it_answers_as_ever(
    live: Live, more: dict[str, Any]
) -> None:
    answer = live.post(json.dumps({**a_call(), **more}).encode())

    assert answer.status_code == 200
    assert answer.json()["cards"][0]["summary"] == live.summary(a_call())


@pytest.fixture
def small() -> Iterator[Live]:
    """A server that takes bodies of at most 2,000 bytes."""
    with live_server(max_body_bytes=2000) as running:
        yield running


@pytest.mark.parametrize("chunked", [False, True], ids=["with length", "chunked"])
@pytest.mark.parametrize(("size", "status"), [(2000, 200), (2001, 413)])
def test_given_a_body_at_the_limit_when_it_is_one_byte_longer_then_the_answer_is_413(
    small: Live, size: int, status: int, chunked: bool
) -> None:
    body = CALL + b" " * (size - len(CALL))

    answer = small.session.post(
        f"{small.url}/cds-services/toy-view",
        data=iter([body[:1000], body[1000:]]) if chunked else body,
        headers={"Content-Type": "application/json"},
        timeout=10,
    )

    assert answer.status_code == status
    assert status == 200 or is_outcome(answer)


@pytest.mark.req("CORS-01")
@pytest.mark.parametrize("origin", [SANDBOX, "http://localhost:8080", "http://127.0.0.1:8103", "http://[::1]:9"])
@pytest.mark.parametrize(
    "path", ["/cds-services", "/cds-services/toy-view", "/cds-services/toy-view/feedback", "/cds-services//toy-view"]
)
def test_given_an_allowed_origin_when_a_browser_asks_beforehand_then_it_may_call(
    live: Live, origin: str, path: str
) -> None:
    asked = {
        "Origin": origin,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization,content-type",
    }

    answer = live.session.options(f"{live.url}{path}", headers=asked, timeout=10, allow_redirects=False)

    assert answer.status_code == 200
    assert "Content-Type" not in answer.headers
    assert answer.headers["Access-Control-Allow-Origin"] == origin
    assert answer.headers["Vary"] == "Origin"
    assert {"authorization", "content-type"} <= set(answer.headers["Access-Control-Allow-Headers"].split(", "))
    assert {"GET", "POST", "OPTIONS"} <= set(answer.headers["Access-Control-Allow-Methods"].split(", "))
    assert "Access-Control-Allow-Credentials" not in answer.headers


@pytest.mark.req("CORS-01")
@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/cds-services/toy-view", b"{", 400),
        ("/nothing", b"{}", 404),
        ("/cds-services/nothing", b"{}", 404),
        ("/cds-services", b"{}", 405),
        ("/cds-services/toy-view", json.dumps(a_call(prefetch={})).encode(), 412),
    ],
)
def test_given_an_allowed_origin_when_the_answer_is_an_error_then_the_page_may_read_it(
    live: Live, path: str, body: bytes, status: int
) -> None:
    headers = {"Origin": SANDBOX, "Content-Type": "application/json"}

    answer = live.session.post(f"{live.url}{path}", data=body, headers=headers, timeout=10)

    assert answer.status_code == status
    assert answer.headers["Access-Control-Allow-Origin"] == SANDBOX


@pytest.mark.parametrize(
    "origin",
    ["https://evil.example.org", "null", f"{SANDBOX}.evil.org", "http://localhost.evil.org", "http://127.0.0.1.x"],
)
def test_given_another_origin_when_it_calls_then_its_page_may_not_read_the_answer(live: Live, origin: str) -> None:
    answer = live.post(a_call(), headers={"Origin": origin})

    assert "Access-Control-Allow-Origin" not in answer.headers
    assert answer.headers["Vary"] == "Origin"


@pytest.mark.req("CORS-01")
def test_given_no_origin_when_discovery_is_asked_then_a_cache_keeps_it_from_pages_of_other_origins(live: Live) -> None:
    answer = live.session.get(f"{live.url}/cds-services", timeout=10)

    assert answer.headers["Vary"] == "Origin"


def test_given_a_listed_origin_when_it_calls_then_its_page_may_read_the_answer() -> None:
    with live_server(allowed_origins="https://ehr.example.org, https://b.example.org") as live:
        answer = live.post(a_call(), headers={"Origin": "https://ehr.example.org"})
        other = live.post(a_call(), headers={"Origin": "https://ehrXexample.org"})

    assert answer.headers["Access-Control-Allow-Origin"] == "https://ehr.example.org"
    assert "Access-Control-Allow-Origin" not in other.headers


@pytest.mark.req("CORS-01")
def test_given_production_when_a_browser_asks_beforehand_then_it_needs_no_token_but_a_listed_origin() -> None:
    preflight = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization"}
    with live_server(mode="production", public_url="https://c.example.org", allowed_origins="https://e.org") as live:
        answers = [
            live.session.options(f"{live.url}/cds-services", headers={**preflight, "Origin": origin}, timeout=10)
            for origin in ("https://e.org", SANDBOX, "http://localhost")
        ]

    assert [answer.status_code for answer in answers] == [200, 200, 200]
    assert ["Access-Control-Allow-Origin" in answer.headers for answer in answers] == [True, False, False]


@pytest.mark.parametrize("token", ["Bearer rubbish", "Bearer", "Basic YTpi", "Bearer " + "a" * 4000])
def test_given_development_mode_when_a_jwt_is_sent_then_it_is_not_read(live: Live, token: str) -> None:
    answer = live.post(a_call(), headers={"Authorization": token})

    assert answer.status_code == 200


@pytest.mark.req("AUTH-01", "AUTH-02", "DISC-14", "JWT-11")
@pytest.mark.parametrize("token", [None, "Bearer x.y.z", "Basic YTpi"])
def test_given_production_without_a_registered_ehr_when_anybody_calls_then_the_answer_is_one_constant_401(
    token: str | None,
) -> None:
    headers = {"Authorization": token} if token else {}
    with live_server(mode="production", public_url="https://cds.example.org") as live:
        answers = [
            live.session.get(f"{live.url}/cds-services", headers=headers, timeout=10),
            live.post(b"{", headers=headers),
            live.post(a_call(), "unknown", headers=headers),
            live.post(a_call(), "toy-view/feedback", headers=headers),
        ]
        health = live.session.get(f"{live.url}/health", timeout=10)

    assert {answer.status_code for answer in answers} == {401}
    assert {answer.headers["WWW-Authenticate"] for answer in answers} == {"Bearer"}
    assert len({answer.text for answer in answers}) == 1
    assert health.json() == {"status": "ok", "mode": "production"}
