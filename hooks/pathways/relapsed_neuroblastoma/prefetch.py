"""The prefetch templates that all four services share (DESIGN: an EHR analyst types them once).

Place in the flow: discovery shows them, the FHIR client resolves what is absent.
May not: leave the specification's restricted query subset, repeat a parameter, or filter conditions by status.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from hooks.terminology.codes import LoincCode, SnomedCode
from hooks.terminology.table import TABLE

_PATIENT = "patient={{context.patientId}}"


def _tokens(*concepts: str) -> str:
    return ",".join(f"{code.system}|{code.code}" for code in _observable(concepts))


def _observable(concepts: Iterable[str]) -> Iterable[LoincCode | SnomedCode]:
    for concept in concepts:
        yield from (code for code in TABLE.codes(concept) if isinstance(code, LoincCode | SnomedCode))


_VARIANTS = (
    "genomic.variant.code",
    "genomic.panel",
    "genomic.report.code",
    "genomic.overall_interpretation",
    "genomic.chromosome_copy_number_change",
    "MYCN.amplification.test",
    "ALK.rearrangement.test(fusion/FISH: NOT the neuroblastoma point mutation)",
    "ATRX.mutation",
    "PHOX2B.mutation",
    "1p.deletion",
)
_VITALS = (
    "lab_vital.body_height",
    "lab_vital.body_weight",
    "lab_vital.body_weight.measured",
    "lab_vital.BSA",
    "lab_vital.blood_pressure_panel",
    "lab_vital.sbp",
    "lab_vital.dbp",
    "lab_vital.heart_rate",
    "lab_vital.temperature",
    "lab_vital.spo2",
    "lab_vital.spo2.pulseox",
)
_STATUS = (
    "cancer_disease_status",
    "tumor_recurrence",
    "stage.type_or_method",
    "high_risk_tumor",
    "lansky.code",
    "karnofsky.code",
    "ecog.code",
)

TEMPLATES: Mapping[str, str] = {
    "patient": "Patient/{{context.patientId}}",
    "conditions": f"Condition?{_PATIENT}&_count=200",
    "labs": f"Observation?{_PATIENT}&category=laboratory&_sort=-date&_count=200",
    "variants": f"Observation?{_PATIENT}&code={_tokens(*_VARIANTS)}&_count=100",
    "vitals": f"Observation?{_PATIENT}&code={_tokens(*_VITALS)}&_sort=-date&_count=100",
    "status": f"Observation?{_PATIENT}&code={_tokens(*_STATUS)}&_sort=-date&_count=100",
    "imaging": f"Observation?{_PATIENT}&category=imaging&_sort=-date&_count=100",
    "reports": f"DiagnosticReport?{_PATIENT}&_sort=-date&_count=100",
    "medications": f"MedicationRequest?{_PATIENT}&_count=200",
    "procedures": f"Procedure?{_PATIENT}&_sort=-date&_count=100",
    "orders": f"ServiceRequest?{_PATIENT}&_count=100",
    "allergies": f"AllergyIntolerance?{_PATIENT}&_count=100",
    "specimens": f"Specimen?{_PATIENT}&_count=100",
    "administrations": f"MedicationAdministration?{_PATIENT}&_count=200",
    "documents": f"DocumentReference?{_PATIENT}&_count=50",
}
"""Key -> template, required ones first, the optional three last."""

REQUIRED = ("patient", "conditions")
"""Without these: 412. Everything else that is missing is a gap that the card names."""

OPTIONAL = ("specimens", "administrations", "documents")
"""Read when the EHR has them; their absence is no gap."""
