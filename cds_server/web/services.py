"""POST /cds-services/<id>. Authentication: client.

Place in the flow: parse, answer, respond; one audit line per call. May not: decide anything.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import requests
from flask import Blueprint, Response, g, request

from cards.profiles import profile_named
from cds_server.catalogue import Catalogue
from cds_server.fhir.waiting import WaitingCalls
from cds_server.pipeline import Answer, Desk, answer, open_ehr
from cds_server.security import Access, Authentication, Client, declare
from cds_server.settings import Settings
from cds_server.store.memory import Call, CallMemory, Memory
from cds_server.telemetry import CallNotes, Telemetry
from cds_server.web.body import read_envelope
from hooks.request import HookRequest, parse_request
from hooks.service import Circumstances


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What every call of this process is answered with."""

    settings: Settings
    session: requests.Session
    clock: Callable[[], datetime]
    waiting: WaitingCalls
    memory: Memory | None = None

    def desk_for(self, call: HookRequest, client: Client, service_id: str) -> Desk:
        """Return what one call is answered with; its deadline starts here."""
        at = self.clock()
        as_of = self.settings.day_of(at)
        return Desk(
            circumstances=Circumstances(as_of, self.settings.jurisdiction),
            profile=profile_named(client.profile, client.site_codes),
            public_url=self.settings.base_url,
            ehr=open_ehr(call, client, self.settings, self.session, self.waiting),
            memory=self._memory_of(call, client, service_id, at),
        )

    def _memory_of(self, call: HookRequest, client: Client, service_id: str, at: datetime) -> CallMemory | None:
        if self.memory is None:
            return None
        patient = self.memory.fingerprints.patient(client.name, call.context.patient_id)
        return CallMemory(self.memory, Call(client=client.name, service=service_id, patient=patient, at=at))


def services_blueprint(
    catalogue: Catalogue, authentication: Authentication, telemetry: Telemetry, surroundings: Surroundings
) -> Blueprint:
    """Return the route of the service calls."""
    blueprint = Blueprint("services", __name__)
    blueprint.before_request(_take_notes)
    declare(blueprint, Access.CLIENT, authentication)

    @blueprint.post("/cds-services/<service_id>")
    def call_service(service_id: str) -> Response:
        served = catalogue.find(service_id)
        with g.notes.timing("parse"):
            call = parse_request(read_envelope(request))
        desk = surroundings.desk_for(call, g.client, service_id)
        g.notes.about(call, g.client)
        return _respond(answer(call, served, desk, g.notes))

    @blueprint.after_request
    def tell(response: Response) -> Response:
        if request.method == "OPTIONS":
            return response
        service_id = (request.view_args or {}).get("service_id")
        response.headers["Server-Timing"] = g.notes.server_timing()
        telemetry.record_call(catalogue.name_of(service_id), response.status_code, g.notes)
        return response

    return blueprint


def _take_notes() -> None:
    g.notes = CallNotes()


def _respond(answered: Answer) -> Response:
    g.notes.cards = answered.response.cards
    response = Response(answered.response.to_json(), mimetype="application/json")
    response.headers["Cache-Control"] = "no-store"
    return response
