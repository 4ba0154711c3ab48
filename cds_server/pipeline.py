"""The way from a hook call to the response: the six lines of the design, used by web, command line and replay.

Place in the flow: between `cds_server.web` and everything that decides. May not: know HTTP, or a disease.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

import requests

from cards.card import NO_CARDS, CDSResponse
from cards.compose import compose
from cards.identity import CallIdentity
from cards.profiles import Profile
from cds_server.catalogue import Served
from cds_server.fhir.address import parse_base
from cds_server.fhir.chart import Chart, refuse_silence
from cds_server.fhir.client import FHIRCall
from cds_server.fhir.waiting import WaitingCalls
from cds_server.security import Client
from cds_server.settings import Settings
from hooks.errors import RequestRefused
from hooks.recommendation import NOTHING_TO_SAY, Decision, Recommendation
from hooks.record import KeyState, PatientRecord
from hooks.request import HookRequest
from hooks.service import Circumstances

_SENDABLE = re.compile(r"[!-~]+(?: [!-~]+)*")
"""What an access token may hold to stand in a header: visible ASCII."""


class Remembering(Protocol):
    """What was shown and answered before, to one client about one patient."""

    def without_answered(self, decision: Decision) -> Decision:
        """Return the decision without cards that were answered and rest on the same facts."""

    def remember(self, shown: Sequence[tuple[str, Recommendation]], knowledge: str) -> None:
        """Keep what is shown: (card uuid, what it says)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What a call is answered with besides its own words.

    ehr: None where the call names no usable FHIR server. memory: None where nothing is remembered.
    """

    circumstances: Circumstances
    profile: Profile
    public_url: str
    ehr: FHIRCall | None = None
    memory: Remembering | None = None


class Gate(StrEnum):
    """What the disease gate said to one call."""

    NOT_REACHED = "not reached"
    SILENT = "silent"
    PASSED = "passed"


@dataclass(slots=True)
class Notes:
    """What is told about a call afterwards, filled on the way: how long each step took, what was at hand."""

    seconds: dict[str, float] = field(default_factory=dict)
    keys: Mapping[str, KeyState] = field(default_factory=dict)
    gate: Gate = Gate.NOT_REACHED
    dropped: int = 0
    unreadable: int = 0
    fhir_requests: int = 0

    @contextmanager
    def timing(self, step: str) -> Iterator[None]:
        """Measure one step, also where it raises."""
        start = time.perf_counter()
        try:
            yield
        finally:
            self.seconds[step] = self.seconds.get(step, 0.0) + time.perf_counter() - start


@dataclass(frozen=True, slots=True)
class Answer:
    """The response with what it came from. `record` is None where the gate stayed shut."""

    response: CDSResponse
    decision: Decision
    record: PatientRecord | None = None


def answer(call: HookRequest, served: Served, desk: Desk, notes: Notes) -> Answer:
    """Return the answer to one call. Raises RequestRefused, DataUnavailable, WrongPatient, InvalidOutput."""
    record = read_record(call, served, desk, notes)
    if record is None:
        return Answer(NO_CARDS, NOTHING_TO_SAY)
    with notes.timing("decide"):
        decision = served.service.decide(record, desk.circumstances)
        if not decision.recommendations:
            refuse_silence(record.keys)
    if desk.memory is not None and decision.recommendations:
        with notes.timing("recall"):
            decision = desk.memory.without_answered(decision)
    with notes.timing("say"):
        response = compose(decision, _identity(call, served, desk), served.pathway, desk.profile)
    if desk.memory is not None and response.cards:
        with notes.timing("remember"):
            shown = [(card.uuid, said) for card, said in zip(response.cards, decision.recommendations, strict=True)]
            desk.memory.remember(shown, served.pathway.knowledge.digest)
    return Answer(response, decision, record)


def read_record(call: HookRequest, served: Served, desk: Desk, notes: Notes) -> PatientRecord | None:
    """Return the record that the service decides on; None where the disease gate stays shut."""
    if call.hook != served.service.hook:
        raise RequestRefused(f"This service answers {served.service.hook}, not the hook of this call.")
    chart = Chart(call, served.service, desk.ehr)
    try:
        with notes.timing("gate"):
            chart.refuse_other_patient()
            concerned = served.pathway.concerns(chart.conditions(), call.hook)
        notes.gate = Gate.PASSED if concerned else Gate.SILENT
        if not concerned:
            refuse_silence(chart.states)
            return None
        with notes.timing("chart"):
            record = chart.record()
        notes.dropped, notes.unreadable = record.dropped, record.unreadable
        return record
    finally:
        notes.keys = chart.states
        notes.fhir_requests = desk.ehr.requests_made if desk.ehr is not None else 0


def open_ehr(
    call: HookRequest, client: Client, settings: Settings, session: requests.Session, waiting: WaitingCalls
) -> FHIRCall | None:
    """Return access to the FHIR server a call names, its deadline running; None where it may not be used."""
    base = parse_base(call.fhir_server)
    if base is None or not client.may_use(base):
        return None
    token = call.fhir_authorization.bearer if call.fhir_authorization is not None else None
    if token is not None and not _SENDABLE.fullmatch(token):
        return None
    return FHIRCall(session, base, settings, token, waiting)


def _identity(call: HookRequest, served: Served, desk: Desk) -> CallIdentity:
    return CallIdentity(
        hook_instance=call.hook_instance,
        service_id=served.service.id,
        patient_id=call.context.patient_id,
        public_url=desk.public_url,
    )
