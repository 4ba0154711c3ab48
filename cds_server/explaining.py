"""Explanations at the command line: a patient's resources, or a hook call, become calls that are explained.

Place in the flow: `cds-server explain` uses it; the pipeline does the reading. May not: decide or word anything.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from cards.profiles import profile_named
from cds_server.catalogue import Catalogue, Served
from cds_server.fhir.belonging import bare_id
from cds_server.fhir.client import FHIRCall
from cds_server.pipeline import Desk, Notes, read_record
from cds_server.settings import Settings
from hooks.errors import RequestRefused
from hooks.explain import Explanation
from hooks.record import Resource, reference_to
from hooks.request import HookRequest, parse_request
from hooks.service import Circumstances

_NO_INSTANCE = str(UUID(int=0))
_USER = "Practitioner/explain"


@dataclass(frozen=True, slots=True)
class Explained:
    """One service's explanation. `rules` is None where the disease gate stayed shut."""

    service: str
    rules: tuple[Explanation, ...] | None


def explain_call(call: HookRequest, served: Served, settings: Settings, as_of: date, ehr: FHIRCall | None) -> Explained:
    """Return why each rule of a service spoke or did not. Raises RequestRefused, DataUnavailable, WrongPatient."""
    circumstances = Circumstances(as_of, settings.jurisdiction)
    desk = Desk(circumstances=circumstances, profile=profile_named("spec"), public_url=settings.base_url, ehr=ehr)
    record = read_record(call, served, desk, Notes())
    rules = None if record is None else served.service.explain(record, circumstances)
    return Explained(served.service.id, rules)


def calls_from_file(content: object, catalogue: Catalogue, patient: str | None) -> Iterator[tuple[HookRequest, Served]]:
    """Yield a call for each service that the file's content can be asked about.

    content: a hook call (then each service of its hook), or a Bundle of one patient's resources (then each
    patient-view service; where some resources are drafts, the order services too, as if all were selected).
    """
    if isinstance(content, Mapping) and "hook" in content:
        call = parse_request(content)
        yield from ((call, served) for served in catalogue if served.service.hook == call.hook)
        return
    resources = tuple(_resources(content))
    patient_id = _patient_among(resources, patient)
    drafts = [resource for resource in resources if resource.get("status") == "draft"]
    for served in catalogue:
        if served.service.hook == "patient-view" or drafts:
            chart = [resource for resource in resources if resource not in drafts]
            yield _call(served, patient_id, drafts, {"prefetch": _prefetch(served, patient_id, chart)}), served


def calls_to_server(base: str, catalogue: Catalogue, patient: str) -> Iterator[tuple[HookRequest, Served]]:
    """Yield a call without prefetch for each patient-view service, to be answered from a FHIR server."""
    for served in catalogue:
        if served.service.hook == "patient-view":
            yield _call(served, patient, [], {"fhirServer": base}), served


def _resources(content: object) -> Iterator[Resource]:
    entries = content.get("entry") if isinstance(content, Mapping) else None
    if not isinstance(entries, list):
        raise RequestRefused("The file must hold a hook call or a Bundle with entries.")
    for entry in entries:
        resource = entry.get("resource") if isinstance(entry, Mapping) else None
        if isinstance(resource, Mapping):
            yield resource


def _patient_among(resources: Iterable[Resource], wanted: str | None) -> str:
    """Return the id of the wanted Patient, or of the only one. Raises RequestRefused where there is no such one."""
    patients = {bare_id(reference_to(one)) for one in resources if one.get("resourceType") == "Patient"}
    if wanted is not None and wanted not in patients:
        raise RequestRefused(f"The Bundle holds no Patient with the id {wanted}.")
    if wanted is None and len(patients) != 1:
        raise RequestRefused(
            f"The Bundle holds {len(patients)} Patients: say which one with --patient."
            if patients
            else "The Bundle holds no Patient."
        )
    return wanted or patients.pop()


def _call(served: Served, patient_id: str, drafts: list[Resource], more: Mapping[str, Any]) -> HookRequest:
    context: dict[str, Any] = {"patientId": patient_id, "userId": _USER}
    if served.service.hook != "patient-view":
        context["draftOrders"] = _bundle(drafts)
        context["selections"] = [reference_to(draft) for draft in drafts]
    hook = served.service.hook
    return parse_request({"hook": hook, "hookInstance": _NO_INSTANCE, "context": context, **more})


def _prefetch(served: Served, patient_id: str, resources: list[Resource]) -> dict[str, Any]:
    """Return the resources as prefetch: each type under the first key whose template asks for it, the rest empty."""
    left = list(resources)
    prefetch: dict[str, Any] = {}
    for key, template in served.service.prefetch.items():
        wanted = template.partition("?")[0].partition("/")[0]
        taken = [resource for resource in left if resource.get("resourceType") == wanted]
        left = [resource for resource in left if resource.get("resourceType") != wanted]
        if wanted == "Patient":
            taken = [resource for resource in taken if resource.get("id") == patient_id]
        prefetch[key] = _bundle(taken)
    if left:
        prefetch[next(reversed(prefetch))]["entry"] += [{"resource": resource} for resource in left]
    return prefetch


def _bundle(resources: Iterable[Resource]) -> dict[str, Any]:
    return {"resourceType": "Bundle", "type": "searchset", "entry": [{"resource": one} for one in resources]}
