"""How many calls may wait for one FHIR server: as many as come, unless it hangs."""

from __future__ import annotations

from contextlib import ExitStack

from cds_server.fhir.address import FHIRBase
from cds_server.fhir.waiting import HANGS_S, WaitingCalls

BASE = FHIRBase("https", "ehr.example.org", 443, "/R4")
OTHER = FHIRBase("https", "other.example.org", 443, "/R4")


def room(calls: WaitingCalls, *bases: FHIRBase) -> list[bool]:
    with ExitStack() as open_calls:
        return [open_calls.enter_context(calls.room_for(base)) for base in bases]


def test_given_a_server_that_answers_in_time_when_many_wait_then_there_is_room_for_all() -> None:
    """Hazard: healthy calls lose what the EHR would have told, because many come at once."""
    assert room(WaitingCalls(most=1), BASE, BASE, BASE) == [True, True, True]


def test_given_a_server_that_ran_late_when_many_wait_then_only_so_many_do_for_a_while() -> None:
    now = [100.0]
    calls = WaitingCalls(most=1, clock=lambda: now[0])

    calls.ran_late(BASE)

    assert room(calls, BASE, BASE, OTHER, OTHER) == [True, False, True, True]
    assert room(calls, BASE, BASE) == [True, False]
    now[0] += HANGS_S
    assert room(calls, BASE, BASE) == [True, True]
