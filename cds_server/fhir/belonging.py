"""Whose a resource is: the patient of the call's, or somebody else's.

Place in the flow: nothing enters a PatientRecord that names another patient. May not: look at anything else.

References are compared by their last two segments ("https://ehr/R4/Patient/1" is "Patient/1"), for EHRs write
both. A resource that names no patient (no subject, only an identifier, a "urn:uuid:" or "#contained" reference)
is kept, for the EHR sent it in answer to a query for this patient, unless the subject is said to be a relative.
"""

from __future__ import annotations

from collections.abc import Iterator

from hooks.facts.observations import names_a_relative
from hooks.record import Resource, local_reference


def is_about(patient_id: str, resource: Resource) -> bool:
    """True unless the resource names somebody else as its subject."""
    own = f"Patient/{patient_id}"
    if resource.get("resourceType") == "Patient":
        named = resource.get("id")
        return not isinstance(named, str) or named == patient_id
    return all(_is_same(patient_id, reference) for reference in _subjects(resource) if reference != own)


def is_other_patient(patient_id: str, resource: Resource) -> bool:
    """True if this is the Patient resource of somebody else."""
    return resource.get("resourceType") == "Patient" and not is_about(patient_id, resource)


def bare_id(reference: str) -> str:
    """Return the id in "Patient/1", an absolute reference, or a bare id."""
    return (local_reference(reference) or reference).rpartition("/")[2]


def _subjects(resource: Resource) -> Iterator[str]:
    for element in ("subject", "patient"):
        value = resource.get(element)
        if value is None:
            continue
        for reference in value if isinstance(value, list) else (value,):
            text = reference.get("reference") if isinstance(reference, dict) else reference
            if isinstance(text, str) and text.strip():
                yield text.strip()
            elif names_a_relative(reference):
                yield "RelatedPerson/"


def _is_same(patient_id: str, reference: str) -> bool:
    if reference.startswith(("#", "urn:")):
        return True
    return (local_reference(reference) or f"Patient/{reference}") == f"Patient/{patient_id}"
