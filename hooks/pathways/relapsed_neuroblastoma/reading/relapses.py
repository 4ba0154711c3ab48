"""The days on which the disease came back or progressed, earlier relapses included.

Place in the flow: `assemble` puts them on the timeline, against which treatment has failed or not.
May not: count a suspicion, or a day that only a recording or a metastasis suggests.
"""

from __future__ import annotations

from datetime import date

from hooks.pathways.relapsed_neuroblastoma.reading.condition_events import events_in_conditions
from hooks.pathways.relapsed_neuroblastoma.reading.event import DatedBy, Kind
from hooks.record import PatientRecord

_CAME_BACK = frozenset({Kind.RELAPSE, Kind.PROGRESSION})


def relapse_days(record: PatientRecord, as_of: date) -> tuple[date, ...]:
    """Return the days of relapse and progression that Conditions date to the day, until `as_of`, in order."""
    days = {
        event.when.day
        for event in events_in_conditions(record)
        if event.kind in _CAME_BACK
        and not event.suspected
        and event.date_rank < DatedBy.RECORDING
        and event.when is not None
    }
    return tuple(sorted(day for day in days if day is not None and day <= as_of))
