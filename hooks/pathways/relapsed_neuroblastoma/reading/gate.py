"""The disease gate: may this patient get any card at all? Reads Conditions only, in microseconds for most patients.

Place in the flow: `cds_server` asks it before anything else is fetched or decoded. May not: decide more than that.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from hooks.facts.conditions import extension_values
from hooks.pathways.relapsed_neuroblastoma.reading.tumour import SITE_CATEGORIES, tumour_of
from hooks.record import Resource
from hooks.terminology.table import TABLE, codings_of, is_a

_NAMED = "blastoma"
_CODES = frozenset(
    code.code.upper()
    for concept in TABLE.concepts()
    if is_a(concept, "neuroblastoma", "ganglioneuroblastoma")
    for code in TABLE.codes(concept)
)


def concerns(conditions: Sequence[Resource], hook: str) -> bool:
    """True if a neuroblastoma or ganglioneuroblastoma stands in the Conditions.

    On patient-view one must be more than suspected; the order services speak for any. A site code alone, an
    excluded tumour, a history and a refuted diagnosis open nothing.
    """
    for condition in conditions:
        if isinstance(condition, Mapping) and _may_name_it(condition):
            found = tumour_of(condition)
            if found is not None and found[0].counts and not (hook == "patient-view" and found[0].suspected):
                return True
    return False


def _may_name_it(condition: Resource) -> bool:
    """True if a code of the list or the word stands in code or extensions: cheap, and wider than the truth."""
    code = condition.get("code")
    text = code.get("text") if isinstance(code, Mapping) else None
    if isinstance(text, str) and _NAMED in text.lower():
        return True
    parts = [code, *extension_values(condition)] if "extension" in condition else [code]
    for coding in codings_of(parts):
        value, display = coding.get("code"), coding.get("display")
        if isinstance(value, str):
            sent = value.strip().upper()
            if sent in _CODES or sent[:3] in SITE_CATEGORIES:
                return True
        if isinstance(display, str) and _NAMED in display.lower():
            return True
    return False
