"""The disease gate: may this patient get any card at all? Reads Conditions only, in microseconds for most patients.

Place in the flow: `cds_server` asks it before anything else is fetched or decoded. May not: decide more than that.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from hooks.pathways.relapsed_neuroblastoma.reading.tumour import may_name_it, tumour_of
from hooks.record import Resource


def concerns(conditions: Sequence[Resource], hook: str) -> bool:
    """True if a neuroblastoma or ganglioneuroblastoma stands in the Conditions.

    On patient-view one must be more than suspected; the order services speak for any. A site code alone, an
    excluded tumour, a history and a refuted diagnosis open nothing.
    """
    for condition in conditions:
        if isinstance(condition, Mapping) and may_name_it(condition):
            found = tumour_of(condition)
            if found is not None and found[0].counts and not (hook == "patient-view" and found[0].suspected):
                return True
    return False
