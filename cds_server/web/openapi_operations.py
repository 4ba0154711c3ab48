"""What every operation of this server does, takes and answers, by the name of its view.

Place in the flow: `cds_server.web.openapi` joins it with the routes of the running application; a test fails when a
route has no line here, or a line no route. May not: describe what is not served.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

JSON = "application/json"
FHIR_JSON = "application/fhir+json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One operation. body and answer: names of schemas, "" for none and for any. errors: statuses besides 200."""

    summary: str
    tag: str
    description: str = ""
    body: str = ""
    answer: str = ""
    answer_types: tuple[str, ...] = (JSON,)
    errors: tuple[int, ...] = ()
    error_types: tuple[str, ...] = (JSON,)


ERRORS: Mapping[int, str] = {
    400: "The body is no well-formed, complete request of this operation.",
    401: "No acceptable client JWT (production only); the body is the same for every reason.",
    404: "There is nothing of this name.",
    405: "This operation does not exist here.",
    410: "It was deleted.",
    412: "Required data can be had neither from prefetch nor from the FHIR server, or is about another patient.",
    413: "The body is longer than this server takes.",
    415: "The body's content type is not JSON, or it is encoded.",
    422: "This server cannot keep such a resource.",
    503: "It cannot be done now; try again.",
}

CDS = "CDS Hooks"
OPERATING = "Operating the server"
DEMO = "Demo (demo mode only)"

OPERATIONS: Mapping[tuple[str, str], Operation] = {
    ("discovery.discover", "GET"): Operation(summary="List the services", tag=CDS, answer="Discovery", errors=(401,)),
    ("services.call_service", "POST"): Operation(
        summary="Call a service",
        tag=CDS,
        description="Answers with cards, or with an empty list. A prefetch value of null says that there is none; "
        "a key that is left out is fetched from `fhirServer`, where that is allowed.",
        body="HookRequest",
        answer="CDSResponse",
        errors=(400, 401, 404, 412, 413, 415),
    ),
    ("feedback.take_feedback", "POST"): Operation(
        summary="Tell what became of cards",
        tag=CDS,
        description="Takes the specification's shape and Epic's; unknown cards are counted, not refused.",
        body="FeedbackRequest",
        answer="FeedbackTaken",
        errors=(400, 401, 404, 413, 415, 503),
    ),
    ("explain.explain", "POST"): Operation(
        summary="Explain a call: every rule, its outcome, and what would change it",
        tag=CDS,
        body="HookRequest",
        answer="Explanation",
        answer_types=(JSON, "text/plain"),
        errors=(400, 401, 404, 412, 413, 415),
    ),
    ("report.show", "GET"): Operation(
        summary="Show what became of the caller's cards",
        tag=OPERATING,
        answer_types=("text/html",),
        errors=(401, 503),
    ),
    ("openapi.describe", "GET"): Operation(summary="This description", tag=OPERATING),
    ("family.family_page", "GET"): Operation(
        summary="The page for the family of a child on this drug",
        tag=CDS,
        description="Cards about ALK inhibitors link here. Nothing on it is about a patient.",
        answer_types=("text/html",),
        errors=(404,),
    ),
    ("health.is_alive", "GET"): Operation(summary="Say that the process lives", tag=OPERATING, answer="Health"),
    ("health.is_ready", "GET"): Operation(
        summary="Say that calls can be answered", tag=OPERATING, answer="Readiness", errors=(503,)
    ),
    ("health.version", "GET"): Operation(
        summary="Tell the versions of program and knowledge", tag=OPERATING, answer="Version"
    ),
    ("health.metrics", "GET"): Operation(
        summary="Tell the counters, for Prometheus", tag=OPERATING, answer_types=("text/plain",)
    ),
    ("demo.page", "GET"): Operation(summary="The demo page", tag=DEMO, answer_types=("text/html",)),
    ("demo.static_file", "GET"): Operation(
        summary="A file of the demo page",
        tag=DEMO,
        answer_types=("text/html", "text/css", "text/javascript", "application/javascript", "image/svg+xml"),
        errors=(404,),
    ),
    ("demo.children", "GET"): Operation(summary="The synthetic children and their stories", tag=DEMO),
    ("demo.call", "GET"): Operation(summary="A hook call on file", tag=DEMO, errors=(404,)),
    ("demo.render", "POST"): Operation(
        summary="Markdown of cards as HTML", tag=DEMO, body="RenderRequest", errors=(400, 413, 415)
    ),
}

FHIR_OPERATIONS: Mapping[str, Operation] = {
    method: Operation(
        summary=summary,
        tag=DEMO,
        description="FHIR R4 over the synthetic children, read only.",
        answer_types=(FHIR_JSON,),
        errors=(400, 404, 405, 410, 413, 415, 422),
        error_types=(FHIR_JSON, JSON),
    )
    for method, summary in {
        "GET": "Read or search",
        "POST": "Search, or a batch of reads and searches",
        "PUT": "Refused: read only",
        "PATCH": "Refused: read only",
        "DELETE": "Refused: read only",
    }.items()
}

RENDER_REQUEST: Mapping[str, Any] = {
    "type": "object",
    "required": ["texts"],
    "properties": {"texts": {"type": "array", "maxItems": 200, "items": {"type": "string"}}},
}


def operation_of(view: str, method: str) -> Operation | None:
    """Return what is said about one view, None where nothing is."""
    if view == "fhir_fixtures.everything":
        return FHIR_OPERATIONS.get(method)
    return OPERATIONS.get((view, method))
