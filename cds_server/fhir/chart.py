"""One call's chart: Conditions first, for the gate; then everything else, prefetched or fetched, as a PatientRecord.

Place in the flow: the pipeline opens one per hook call. May not: ask the EHR for anything before the gate has
passed except missing Conditions, or let a resource about somebody else through.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from cds_server.fhir.belonging import bare_id, is_about, is_other_patient
from cds_server.fhir.client import FHIRCall
from cds_server.fhir.content import FAILED, MISSING, Content, join, read_content, truncated
from cds_server.fhir.legible import legible
from cds_server.fhir.referred import queries_for_referred
from cds_server.fhir.templates import fill
from cds_server.fhir.versions import by_type
from cds_server.strict_json import JSONRefused, Undecoded, read_value
from hooks.errors import DataUnavailable, RequestRefused, WrongPatient
from hooks.record import KeyState, PatientRecord, Resource, local_reference
from hooks.request import HookRequest, OrderSelectContext, OrderSignContext
from hooks.service import CDSService

CONDITIONS = "conditions"
"""The key that the disease gate reads."""
PATIENT = "patient"
_EARLIER_NAMES = {
    "MedicationRequest": ("MedicationOrder",),
    "ServiceRequest": ("ProcedureRequest", "DiagnosticOrder"),
}
"""What a type was called in STU3 and DSTU2."""


@dataclass(slots=True)
class Chart:
    """What is at hand about the patient of one call. `ehr` is None where the call names no usable FHIR server."""

    call: HookRequest
    service: CDSService
    ehr: FHIRCall | None
    keys: dict[str, Content] = field(default_factory=dict)

    @property
    def patient_id(self) -> str:
        """The id in the call's context."""
        return self.call.context.patient_id

    @property
    def states(self) -> Mapping[str, KeyState]:
        """What became of each key looked at so far, in the order of the templates."""
        return {key: _told(self.keys[key]) for key in self.service.prefetch if key in self.keys}

    def refuse_other_patient(self) -> None:
        """Raise WrongPatient if the token, or the Patient that came along, is somebody else's."""
        authorization = self.call.fhir_authorization
        if authorization is not None and authorization.patient and bare_id(authorization.patient) != self.patient_id:
            raise WrongPatient("The access token is for another patient than context.patientId.")
        if self.call.prefetch.get(PATIENT) is not None:
            self._take([PATIENT])
            self._refuse_other_patient_resource()

    def conditions(self) -> tuple[Resource, ...]:
        """Return the Conditions, fetched if they were not sent. Raises DataUnavailable, WrongPatient."""
        self._take([CONDITIONS])
        self._complete([CONDITIONS])
        ours = [resource for resource in self.keys[CONDITIONS].resources if is_about(self.patient_id, resource)]
        return by_type(ours).get("Condition", ())

    def record(self) -> PatientRecord:
        """Return everything the service's templates name. Raises DataUnavailable, WrongPatient."""
        rest = [key for key in self.service.prefetch if key not in self.keys]
        self._take(rest)
        self._complete([key for key in self.service.prefetch if key != CONDITIONS])
        self._refuse_other_patient_resource()
        self.keys |= {key: legible(content) for key, content in self.keys.items() if key != PATIENT}
        drafts = self._drafts()
        chart = [resource for key in self.service.prefetch for resource in self.keys[key].resources]
        chart += self._referred([*drafts.resources, *chart])
        ours = [resource for resource in chart if is_about(self.patient_id, resource)]
        our_drafts = tuple(draft for draft in drafts.resources if is_about(self.patient_id, draft))
        others = tuple(draft for draft in drafts.resources if not is_about(self.patient_id, draft))
        return PatientRecord(
            patient_id=self.patient_id,
            resources=by_type(ours),
            keys=self.states,
            drafts=our_drafts,
            selected=self._selections(),
            dropped=len(chart) - len(ours) + len(others),
            drafts_of_others=tuple(str(draft["resourceType"]) for draft in others),
            unreadable=drafts.unreadable + sum(content.unreadable for content in self.keys.values()),
            unreadable_drafts=drafts.unreadable,
        )

    def _take(self, keys: Iterable[str]) -> None:
        """Read these keys from prefetch."""
        for key in keys:
            self.keys[key] = self._prefetched(key)

    def _prefetched(self, key: str) -> Content:
        if key not in self.call.prefetch:
            return MISSING
        value = self.call.prefetch[key]
        try:
            content = read_content(read_value(value) if isinstance(value, Undecoded) else value)
        except JSONRefused as error:
            raise RequestRefused(f"prefetch.{key} {error}.") from None
        return content if self._answers(key, content) else Content(KeyState.MISSING, content.resources)

    def _answers(self, key: str, content: Content) -> bool:
        """True unless there is something, but nothing of the type that the key's template asks for."""
        asked = self.service.prefetch[key].partition("?")[0].partition("/")[0]
        names = (asked, *_EARLIER_NAMES.get(asked, ()))
        return not content.resources or any(resource["resourceType"] in names for resource in content.resources)

    def _complete(self, keys: Iterable[str]) -> None:
        """Fetch what is missing or goes on elsewhere. Raises DataUnavailable for a required key without content."""
        looked_at = tuple(keys)
        queries = {key: query for key in looked_at if (query := self._query(key))}
        fetched = self.ehr.fetch(queries) if self.ehr is not None and queries else {}
        for key in looked_at:
            content = self.keys[key]
            if key in fetched:
                found = fetched[key] if self._answers(key, fetched[key]) else FAILED
                self.keys[key] = join(content, found) if content.next_link else found
            elif content.next_link:
                self.keys[key] = truncated(content)
            if key in self.service.required:
                self._refuse_unavailable(key)

    def _referred(self, resources: list[Resource]) -> tuple[Resource, ...]:
        """Return what these resources refer to and did not bring, if the EHR gives it."""
        if self.ehr is None:
            return ()
        queries = queries_for_referred(resources, self.ehr.base)
        fetched = self.ehr.fetch(queries) if queries else {}
        return tuple(one for kind in queries for one in fetched[kind].resources if one["resourceType"] == kind)

    def _query(self, key: str) -> str | None:
        content = self.keys[key]
        if content.next_link:
            return content.next_link
        return fill(self.service.prefetch[key], self.call.context) if content.state is KeyState.MISSING else None

    def _refuse_unavailable(self, key: str) -> None:
        state = self.keys[key].state
        is_one_resource = "?" not in self.service.prefetch[key]
        if state in {KeyState.MISSING, KeyState.FAILED} or (state is KeyState.EMPTY and is_one_resource):
            raise _unavailable(key)

    def _refuse_other_patient_resource(self) -> None:
        sent = self.keys.get(PATIENT, MISSING).resources
        patients = [resource for resource in sent if resource.get("resourceType") == "Patient"]
        if patients and all(is_other_patient(self.patient_id, patient) for patient in patients):
            raise WrongPatient("The Patient resource is another one than context.patientId.")

    def _drafts(self) -> Content:
        context = self.call.context
        if not isinstance(context, OrderSignContext):
            return Content(KeyState.EMPTY)
        drafts = read_content(context.draft_orders)
        if drafts.state is KeyState.FAILED:
            raise DataUnavailable("context.draftOrders holds nothing that can be read as an order.")
        return drafts

    def _selections(self) -> tuple[str, ...]:
        context = self.call.context
        if not isinstance(context, OrderSelectContext):
            return ()
        return tuple(local_reference(selection) or selection for selection in context.selections)


def _told(content: Content) -> KeyState:
    return KeyState.DAMAGED if content.state is KeyState.PRESENT and content.unreadable else content.state


def refuse_silence(states: Mapping[str, KeyState]) -> None:
    """Raise DataUnavailable if there are more Conditions than came: that nothing is in a part proves nothing."""
    if states.get(CONDITIONS) is KeyState.TRUNCATED:
        raise _unavailable(CONDITIONS)


def _unavailable(key: str) -> DataUnavailable:
    return DataUnavailable(
        f'The prefetch key "{key}" is required and was to be had neither from prefetch nor from fhirServer.'
    )
