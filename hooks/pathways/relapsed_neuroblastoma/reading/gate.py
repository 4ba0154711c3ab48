"""The disease gate: may this patient get any card at all? Reads Conditions only, in microseconds for most patients.

Place in the flow: `cds_server` asks it before anything else is fetched or decoded. May not: decide more than that.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from hooks.pathways.relapsed_neuroblastoma.reading.tumour import may_name_it, tumour_of
from hooks.record import Resource
from hooks.terminology.table import text_of

_READ_AT_THE_GATE = 100_000
"""Characters of Conditions that name the tumour; one takes some 3 us to read."""


def concerns(conditions: Sequence[Resource], hook: str) -> bool:
    """True if a neuroblastoma or ganglioneuroblastoma stands in the Conditions.

    On patient-view one must be more than suspected; the order services speak for any. A site code alone, an
    excluded tumour, a history and a refuted diagnosis open nothing. Where more is said of it than can be read in
    time the gate opens: what was not read is no denial.
    """
    left = _READ_AT_THE_GATE
    for condition in conditions:
        if isinstance(condition, Mapping) and may_name_it(condition):
            left -= len(text_of(condition.get("code")))
            if left < 0:
                return True
            found = tumour_of(condition)
            if found is not None and found[0].counts and not (hook == "patient-view" and found[0].suspected):
                return True
    return False
