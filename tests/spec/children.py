"""Synthetic children for spec tests: one frozen builder that writes Facts directly.

`a_child()` is a five-year-old with a confirmed neuroblastoma and nothing else on record; every method
returns another child. Unknown stays unknown unless a method says it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any

from hooks.facts.fact import Confidence, Conflicting, Known, Unknown, Why, YesNo
from hooks.facts.measurements import Measurement
from hooks.pathways.relapsed_neuroblastoma.facts import (
    ALK,
    GD2,
    MYCN,
    Avidity,
    Criteria,
    Diagnosis,
    DiseaseEvent,
    Facts,
    Molecular,
    Response,
    ResponseResult,
    RiskGroup,
    Site,
    StopReason,
    Timing,
    TreatmentLine,
    Verification,
)
from hooks.service import Jurisdiction

AS_OF = date(2026, 11, 22)
"""The day of the call in every spec test."""
RELAPSE = date(2026, 9, 10)
"""The usual day of the disease event."""
SAMPLE = date(2026, 9, 18)
"""The usual day on which relapse tissue was taken."""
DIAGNOSED = date(2024, 1, 15)
EVALUATED = date(2026, 11, 16)
LINE_START = date(2026, 9, 28)


@dataclass(frozen=True, slots=True)
class Child:
    """A child in the making; `facts()` gives what the rules see."""

    _facts: Facts

    # who and what
    def aged(self, months: int) -> Child:
        """The age in months."""
        return self._with(age_months=Known(months, ("Patient/p1",)))

    def diagnosed_as(self, diagnosis: str, verification: str = "confirmed") -> Child:
        """Another diagnosis than confirmed neuroblastoma."""
        return self._with(
            diagnosis=_known(Diagnosis(diagnosis), "Condition/nb1", DIAGNOSED),
            verification=_known(Verification(verification), "Condition/nb1", DIAGNOSED),
        )

    def in_jurisdiction(self, name: str) -> Child:
        """EU, US or other."""
        return self._with(jurisdiction=Jurisdiction(name))

    # the event
    def relapsed(self, on: date | None = RELAPSE) -> Child:
        """First relapse; `on=None` leaves the date unknown."""
        return self._event(DiseaseEvent.FIRST_RELAPSE, on)

    def relapsed_again(self, on: date | None = RELAPSE) -> Child:
        """Second or later relapse."""
        return self._event(DiseaseEvent.LATER_RELAPSE, on)

    def progressed(self, on: date | None = RELAPSE) -> Child:
        """First progression during frontline therapy."""
        return self._event(DiseaseEvent.PROGRESSION, on)

    def refractory(self, on: date | None = RELAPSE) -> Child:
        """Less than a partial response after induction."""
        return self._event(DiseaseEvent.REFRACTORY, on)

    def with_event(self, event: str, on: date | None = RELAPSE) -> Child:
        """Any other state of the disease ("in_remission", "residual_stable", "suspected_relapse", "none")."""
        return self._event(DiseaseEvent(event), on)

    def high_risk(self) -> Child:
        """High risk at diagnosis."""
        return self.with_risk("high")

    def with_risk(self, group: str) -> Child:
        """The risk group at diagnosis."""
        return self._with(risk_group=_known(RiskGroup(group), "Observation/risk", DIAGNOSED))

    def with_sites(self, *sites: str) -> Child:
        """Sites of active disease, and no others."""
        return self._with(sites=_known(frozenset(Site(site) for site in sites), "Condition/sites", RELAPSE))

    def local_only(self) -> Child:
        """Disease at the primary site alone."""
        return self.with_sites("primary_site").having(local_only="yes")

    def mibg(self, avidity: str, on: date = RELAPSE) -> Child:
        """Uptake on the last MIBG scan: avid or non_avid."""
        return self._with(mibg_avidity=_known(Avidity(avidity), "Observation/mibg", on))

    # molecular
    def with_mycn(self, state: str, **details: Any) -> Child:
        """MYCN; details: timing, confidence, on, tissue, variant, also."""
        return self._with(mycn=_molecular(MYCN(state), "Observation/mycn", details))

    def with_alk(self, state: str, **details: Any) -> Child:
        """ALK; details as for MYCN."""
        return self._with(alk=_molecular(ALK(state), "Observation/alk", details))

    def with_gd2(self, state: str, **details: Any) -> Child:
        """GD2 on tumour cells; details as for MYCN."""
        return self._with(gd2=_molecular(GD2(state), "Observation/gd2", details))

    # treatment
    def with_no_treatment_since_relapse(self) -> Child:
        """Earlier treatment is on record and nothing of it is directed at the relapse."""
        frontline = TreatmentLine(
            frozenset({"drug.cisplatin", "drug.etoposide", "drug.cyclophosphamide"}),
            start=date(2024, 1, 22),
            end=date(2024, 6, 1),
            stop_reason=StopReason.COMPLETED,
            sources=("MedicationRequest/front",),
        )
        return self._with(treatment_lines=Known((frontline,), ("MedicationRequest/front",)))

    def treated_with(self, *drugs: str, **details: Any) -> Child:
        """One more relapse-directed line, from plain drug names; details are fields of TreatmentLine."""
        so_far = self._facts.treatment_lines
        lines = so_far.value if isinstance(so_far, Known) else ()
        line = TreatmentLine(
            drugs=frozenset(f"drug.{name.replace(' ', '_')}" for name in drugs),
            start=details.pop("start", LINE_START),
            relapse_directed=details.pop("relapse_directed", True),
            sources=("MedicationRequest/line",),
            **details,
        )
        return self._with(treatment_lines=Known((*lines, line), ("MedicationRequest/line",)))

    def on_regimen(self, regimen: str, cycles: int | None = None, since_evaluation: int | None = None) -> Child:
        """A relapse-directed regimen is running, `cycles` given, `since_evaluation` of them since the last look."""
        child = self.treated_with(regimen=regimen, active=True, cycles=cycles)
        given: dict[str, Any] = {"active_regimen": Known(regimen, ("MedicationRequest/line",))}
        if cycles is not None:
            given["cycles_given"] = Known(cycles, ("MedicationRequest/line",))
        if since_evaluation is not None:
            given["cycles_since_evaluation"] = Known(since_evaluation, ("MedicationRequest/line",))
        return child._with(**given)

    def after(self, cycles: int) -> Child:
        """How many cycles of the present line were given."""
        return self._with(cycles_given=Known(cycles, ("MedicationRequest/line",)))

    def responded(self, category: str, on: date | None = EVALUATED, criteria: str = "INRC 2017") -> Child:
        """The last response evaluation of relapse-directed treatment."""
        result = ResponseResult(Response(category), Criteria(criteria))
        return self._with(response=_known(result, "Observation/response", on))

    # anything else
    def having(self, **states: str) -> Child:
        """Yes/no facts by their public names, such as `gvhd_active="yes"`."""
        return self._with(**{name: Known(YesNo(state), (f"Condition/{name}",)) for name, state in states.items()})

    def weighing(self, kg: float = 18.0, cm: float = 108.0, on: date | None = AS_OF) -> Child:
        """Weight and height, measured on one day."""
        return self._with(
            weight_kg=Known(Measurement(kg, "kg"), ("Observation/weight",), on),
            height_cm=Known(Measurement(cm, "cm"), ("Observation/height",), on),
        )

    def not_knowing(self, *names: str, why: Why = Why.NOT_FOUND) -> Child:
        """The named facts are unknown."""
        return self._with(**{name: Unknown(why) for name in names})

    def conflicting(self, name: str, *values: object) -> Child:
        """Sources disagree about one fact."""
        return self._with(**{name: Conflicting(values)})

    def knowing(self, **facts: Any) -> Child:
        """Whole facts by name, for what no method says."""
        return self._with(**facts)

    def facts(self) -> Facts:
        """What the rules see."""
        return self._facts

    def _event(self, event: DiseaseEvent, on: date | None) -> Child:
        when = _known(on, "Condition/event", on) if on else Unknown(Why.NOT_FOUND, ("conditions",))
        return self._with(disease_event=_known(event, "Condition/event", on), event_date=when)

    def _with(self, **changes: Any) -> Child:
        return Child(replace(self._facts, **changes))


def a_child() -> Child:
    """A five-year-old with a confirmed neuroblastoma and nothing else on record."""
    start = Child(Facts(patient_id="p1", diagnosis_reference="Condition/nb1"))
    return start.diagnosed_as("neuroblastoma").aged(months=60)


def a_relapsed_child() -> Child:
    """A child at first relapse of high-risk disease, before any relapse-directed treatment."""
    return a_child().relapsed().high_risk().with_no_treatment_since_relapse()


def _known(value: Any, source: str, on: date | None) -> Known[Any]:
    return Known(value, (source,), on)


def _molecular(state: StrEnum, source: str, details: dict[str, Any]) -> Known[Any]:
    given = dict(details)
    confidence = Confidence(given.pop("confidence", "coded"))
    when = given.pop("on", SAMPLE)
    given["timing"] = Timing(given.pop("timing", "at_relapse"))
    given["also"] = tuple(type(state)(other) for other in given.pop("also", ()))
    return Known(Molecular(state, **given), (source,), when, confidence)
