"""The disease facts of one child: tumour, event with its date, stage, risk, age, death, palliative intent.

Place in the flow: called with the record and the day of the call; fills the disease fields of Facts.
May not: decide, or settle what the chart contradicts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from hooks.facts.conditions import ConditionReading, Verified
from hooks.facts.dates import Interval, read_date
from hooks.facts.fact import Confidence, Conflicting, Fact, Known, Unknown, Why, YesNo
from hooks.facts.observations import conditions_in_focus
from hooks.pathways.relapsed_neuroblastoma.facts import (
    MYCN,
    Diagnosis,
    DiseaseEvent,
    Molecular,
    RiskGroup,
    Stage,
    Timing,
    Verification,
)
from hooks.pathways.relapsed_neuroblastoma.knowledge.engineering import ENGINEERING
from hooks.pathways.relapsed_neuroblastoma.reading import mycn
from hooks.pathways.relapsed_neuroblastoma.reading.chart_results import ChartResult, read_results
from hooks.pathways.relapsed_neuroblastoma.reading.condition_events import (
    events_in_conditions,
    first_onset,
    is_event_of_its_own,
)
from hooks.pathways.relapsed_neuroblastoma.reading.course import Course, course_of
from hooks.pathways.relapsed_neuroblastoma.reading.event import Named
from hooks.pathways.relapsed_neuroblastoma.reading.intent import (
    age_in_months,
    read_deceased,
    read_palliative_intent,
)
from hooks.pathways.relapsed_neuroblastoma.reading.observation_events import events_in_observations
from hooks.pathways.relapsed_neuroblastoma.reading.result_events import events_in_results
from hooks.pathways.relapsed_neuroblastoma.reading.results import fold
from hooks.pathways.relapsed_neuroblastoma.reading.staging import derive_high_risk, read_risk_group, read_stage
from hooks.pathways.relapsed_neuroblastoma.reading.tumour import Tumour, tumours_in
from hooks.record import PatientRecord, reference_to

_LOOKED_IN = ("conditions",)
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class DiseaseFacts:
    """The disease fields of Facts, by the same names."""

    diagnosis: Fact[Diagnosis]
    verification: Fact[Verification]
    disease_event: Fact[DiseaseEvent]
    event_date: Fact[date]
    risk_group: Fact[RiskGroup]
    stage: Fact[Stage]
    diagnosis_date: Fact[date]
    age_months: Fact[int]
    deceased: Fact[YesNo]
    palliative_intent: Fact[YesNo]
    diagnosis_reference: str = ""


def read_disease(record: PatientRecord, as_of: date, results: Sequence[ChartResult] | None = None) -> DiseaseFacts:
    """Return the disease facts. A chart without this tumour has no event, stage or risk group either.

    results: what `read_results` returns for the record, where it was called already.
    """
    found = tumours_in(record)
    counting = [(named, condition) for named, condition in found if named[0].counts]
    tumours = tuple(named for named, _ in counting)
    readings = tuple(reading for _, reading in tumours)
    course = _course(record, tumours, as_of, read_results(record) if results is None else results)
    stage = read_stage(record, [(condition, reading) for (_, reading), condition in counting], course.when)
    diagnosed, diagnosis_date = _diagnosis_date(record, tumours)
    risk_group: Fact[RiskGroup] = Unknown(looked_in=("status", "conditions"))
    if tumours:
        risk_group = read_risk_group(record, readings, _derived_risk(record, stage, course.when, diagnosed))
    return DiseaseFacts(
        diagnosis=_diagnosis([named for named, _ in found]),
        verification=_verification(tumours),
        disease_event=course.event,
        event_date=course.date,
        risk_group=risk_group,
        stage=stage if tumours else Unknown(looked_in=("status", "conditions")),
        diagnosis_date=diagnosis_date,
        age_months=age_in_months(record, as_of, ENGINEERING.adult_age_years.value * 12),
        deceased=read_deceased(record),
        palliative_intent=read_palliative_intent(record, readings),
        diagnosis_reference=_reference(tumours, course),
    )


_ORDER = (
    Diagnosis.NEUROBLASTOMA,
    Diagnosis.GANGLIONEUROBLASTOMA_NODULAR,
    Diagnosis.GANGLIONEUROBLASTOMA,
    Diagnosis.GANGLIONEUROMA,
    Diagnosis.OTHER,
    Diagnosis.POSSIBLE,
)
_RANK = (Confidence.CODED, Confidence.CODED_LOCAL, Confidence.TEXT)


def _diagnosis(found: Sequence[Named]) -> Fact[Diagnosis]:
    """Return the tumour: exclusions work per Condition, and against a mere site code."""
    if not found:
        return Unknown(looked_in=_LOOKED_IN)
    best = min((tumour for tumour, _ in found), key=_importance)
    saying = [(t, reading) for t, reading in found if t.diagnosis is best.diagnosis and t.suspected is best.suspected]
    sources = tuple(dict.fromkeys(reading.source for _, reading in saying))
    confidence = min((tumour.confidence for tumour, _ in saying), key=_RANK.index)
    onset = first_onset(saying)
    return Known(best.diagnosis, sources, onset.day if onset else None, confidence)


def _importance(tumour: Tumour) -> tuple[bool, int]:
    return tumour.suspected and tumour.counts, _ORDER.index(tumour.diagnosis)


def _verification(tumours: Sequence[Named]) -> Fact[Verification]:
    """Return confirmed if one Condition of the tumour is; one that says nothing counts as text."""
    if not tumours:
        return Unknown(looked_in=_LOOKED_IN)
    firm = [reading for tumour, reading in tumours if not tumour.suspected]
    if not firm:
        return Known(Verification.SUSPECTED, tuple(reading.source for _, reading in tumours))
    said = [reading for reading in firm if reading.verified is Verified.CONFIRMED]
    sources = tuple(reading.source for reading in said or firm)
    return Known(Verification.CONFIRMED, sources, None, Confidence.CODED if said else Confidence.TEXT)


def _course(record: PatientRecord, tumours: tuple[Named, ...], as_of: date, results: Sequence[ChartResult]) -> Course:
    if not tumours:
        return Course(Unknown(looked_in=_LOOKED_IN), Unknown(looked_in=_LOOKED_IN))
    own = frozenset(reading.source for _, reading in tumours)
    events = (
        *events_in_conditions(record),
        *events_in_observations(record, own),
        *events_in_results(_about(results, own, record), first_onset(tumours), as_of),
    )
    return course_of(events, own, as_of + _ONE_DAY)


def _about(results: Sequence[ChartResult], own: frozenset[str], record: PatientRecord) -> tuple[ChartResult, ...]:
    """Return the results without those whose focus is another disease."""
    focused = ((item, conditions_in_focus(item)) for item in record.of_type("Observation"))
    others = {reference_to(item) for item, focus in focused if focus and focus.isdisjoint(own)}
    return tuple(result for result in results if result.reference not in others)


def _diagnosis_date(record: PatientRecord, tumours: tuple[Named, ...]) -> tuple[Interval | None, Fact[date]]:
    """Return when the tumour was first diagnosed: the earliest onset that is not the onset of an event."""
    primary = [named for named in tumours if not is_event_of_its_own(named[1], tumours, record)]
    onset = first_onset(primary)
    sources = tuple(reading.source for _, reading in primary if reading.onset == onset)
    if onset is not None:
        if onset.day is None:
            return onset, Unknown(Why.IMPRECISE, _LOOKED_IN, sources)
        return onset, Known(onset.day, sources, onset.day)
    recorded = [reading for _, reading in primary if reading.recorded is not None and reading.recorded.day is not None]
    if not recorded:
        return None, Unknown(looked_in=_LOOKED_IN)
    earliest = min(recorded, key=_recorded_day)
    day = _recorded_day(earliest)
    return earliest.recorded, Known(day, (earliest.source,), day, Confidence.TEXT)


def _recorded_day(reading: ConditionReading) -> date:
    return (reading.recorded.day if reading.recorded is not None else None) or date.max


def _age_days(record: PatientRecord, diagnosed: Interval | None) -> int | None:
    """Return the age at diagnosis in days, the lowest that the dates allow; None where they do not say."""
    born = next((read_date(patient.get("birthDate")) for patient in record.of_type("Patient")), None)
    if diagnosed is None or diagnosed.first is None or born is None or born.last is None:
        return None
    return (diagnosed.first - born.last).days


def _derived_risk(
    record: PatientRecord, stage: Fact[Stage], event: Interval | None, diagnosed: Interval | None
) -> Known[RiskGroup] | None:
    """Return high risk as derived from stage, age and MYCN at diagnosis; MYCN is read only where it can decide."""
    if not isinstance(stage, Known):
        return None
    age_days = _age_days(record, diagnosed)
    by_age = derive_high_risk(stage, Unknown(), age_days)
    return by_age or derive_high_risk(stage, _mycn_at_diagnosis(record, event), age_days)


def _mycn_at_diagnosis(record: PatientRecord, event: Interval | None) -> Fact[Molecular[MYCN]]:
    """Return MYCN on tissue from before the event."""
    results = mycn.mycn_results(record)
    before = (result for result in results if event is None or result.timing(event) is Timing.PRE_RELAPSE)
    return fold(before, event, mycn.FOLDING)


def _reference(tumours: tuple[Named, ...], course: Course) -> str:
    """Return the Condition that orders give as their reason: that of the event, else the first of the tumour."""
    own = [reading.source for tumour, reading in tumours if not tumour.suspected]
    of_event = course.event.sources if isinstance(course.event, Known | Conflicting) else ()
    return next((source for source in of_event if source in own), own[0] if own else "")
