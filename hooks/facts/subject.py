"""Whose resource it is.

Place in the flow: drafts come from the hook as they are, so their readers ask here; the chart was sorted before.
May not: accept what says that it is about another patient.
"""

from __future__ import annotations

from collections.abc import Mapping

from hooks.record import PatientRecord, Resource, local_reference


def is_about(resource: Resource, record: PatientRecord) -> bool:
    """True unless the resource says that it is about another patient. No subject, no objection."""
    for name in ("subject", "patient"):
        holder = resource.get(name)
        text = holder.get("reference") if isinstance(holder, Mapping) else None
        wanted = local_reference(text) if isinstance(text, str) else None
        if wanted is not None and wanted != f"Patient/{record.patient_id}":
            return False
    return True
