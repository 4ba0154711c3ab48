"""Palliative intent and death: what silences the patient-view services.

Place in the flow: `disease` asks it. May not: take a palliative-care consultation, or an intent that a later one
replaced, for the intent of treatment now.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from hooks.facts.conditions import ConditionReading, Verified, extension_values, read_condition
from hooks.facts.dates import Interval, read_date, read_period, when
from hooks.facts.fact import Confidence, Fact, Known, Unknown, YesNo
from hooks.facts.text import Polarity, Topic, read_text
from hooks.record import PatientRecord, Resource, reference_to
from hooks.terminology.codes import SnomedCode
from hooks.terminology.table import code_named, codings_of, concepts_of, text_of

_CONCEPT = "treatment_intent"
_PALLIATIVE = code_named(_CONCEPT, SnomedCode, "Palliative").code
_CURATIVE = code_named(_CONCEPT, SnomedCode, "Curative").code
_CARRIERS = ("CarePlan", "Procedure", "MedicationRequest", "ServiceRequest", "MedicationAdministration")
_VOID = frozenset({"entered-in-error", "cancelled", "revoked", "not-done", "stopped", "draft", "unknown"})
_WORDED = Topic(findings=frozenset({"palliativeintent"}))
_PHRASES = ("palliative intent", "palliative in intent", "best supportive care only", "comfort care only")
_PROBLEMS = (
    *_PHRASES,
    "palliative care",
    "palliative treatment",
    "best supportive care",
    "comfort care",
    "hospice",
)
"""What the name of a problem says; a note that mentions palliative care is no intent."""
_ORDERED = (*_PHRASES, "hospice")
"""What an order, a plan or a visit says; a consultation of palliative care is no intent, a hospice may be one."""
_LOOKED_IN = ("procedures", "orders", "medications", "conditions")


@dataclass(frozen=True, slots=True)
class _Intent:
    palliative: bool
    source: str
    on: Interval | None


def read_deceased(record: PatientRecord) -> Fact[YesNo]:
    """Return deceased[x] of the Patient; a patient of whom it is not said is unknown, not alive."""
    for patient in record.of_type("Patient"):
        source = (reference_to(patient),)
        died = read_date(patient.get("deceasedDateTime"))
        if died is not None or patient.get("deceasedDateTime"):
            return Known(YesNo.YES, source, died.day if died else None)
        stated = patient.get("deceasedBoolean")
        if isinstance(stated, bool):
            return Known(YesNo.YES if stated else YesNo.NO, source)
    return Unknown(looked_in=("patient",))


def read_palliative_intent(record: PatientRecord, readings: tuple[ConditionReading, ...]) -> Fact[YesNo]:
    """Return the latest coded intent of treatment; words alone are of text confidence, which silences nothing."""
    intents = tuple(_coded(record))
    if intents:
        latest = [item for item in intents if not any(_is_earlier(item, other) for other in intents)]
        decisive = next((item for item in latest if item.palliative), latest[0])
        answer = YesNo.YES if decisive.palliative else YesNo.NO
        return Known(answer, (decisive.source,), decisive.on.day if decisive.on else None)
    for source, text, phrases in (*_worded(record, readings), *_problems(record)):
        if read_text(_joined(text, phrases), _WORDED).polarity is Polarity.POSITIVE:
            return Known(YesNo.YES, (source,), None, Confidence.TEXT)
    return Unknown(looked_in=_LOOKED_IN)


def _coded(record: PatientRecord) -> Iterator[_Intent]:
    for resource in record.of_type(*_CARRIERS):
        if not _stands(resource):
            continue
        for value in (*extension_values(resource), resource.get("category")):
            for coding in codings_of(value):
                if _CONCEPT in concepts_of(coding) and coding.get("code") in {_PALLIATIVE, _CURATIVE}:
                    yield _Intent(coding.get("code") == _PALLIATIVE, reference_to(resource), _dated(resource))


def _stands(resource: Resource) -> bool:
    status = resource.get("status")
    return not (isinstance(status, str) and status in _VOID)


def _dated(resource: Resource) -> Interval | None:
    """Return the day on which the intent was set: authored, performed, or the start of the plan."""
    for name in ("authoredOn", "created"):
        if (found := read_date(resource.get(name))) is not None:
            return found
    dated = when(resource, "performed") or when(resource, "occurrence") or when(resource, "effective")
    dated = dated or read_period(resource.get("period"))
    return Interval(dated.first, dated.first) if dated is not None and dated.first is not None else dated


def _is_earlier(item: _Intent, other: _Intent) -> bool:
    return item.on is not None and other.on is not None and other.on.is_later_than(item.on)


def _worded(
    record: PatientRecord, readings: tuple[ConditionReading, ...]
) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    for reading in readings:
        yield reading.source, reading.words, _PHRASES
    for resource in record.of_type("CarePlan", "ServiceRequest", "Encounter"):
        if _stands(resource):
            said = [resource.get("title"), resource.get("description"), text_of(resource.get("code"))]
            reasons = resource.get("reasonCode")
            said.extend(text_of(reason) for reason in (reasons if isinstance(reasons, list) else (reasons,)))
            yield reference_to(resource), " | ".join(text for text in said if isinstance(text, str) and text), _ORDERED


def _problems(record: PatientRecord) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Yield the names of all problems that stand, of whatever disease."""
    for condition in record.of_type("Condition"):
        reading = read_condition(condition)
        if reading.stands and reading.verified not in {Verified.DROPPED, Verified.SUSPECTED}:
            yield reading.source, " | ".join(filter(None, (reading.text, reading.local))), _PROBLEMS


def _joined(text: str, phrases: tuple[str, ...]) -> str:
    lowered = text[:2000].lower()
    for phrase in phrases:
        lowered = lowered.replace(phrase, "palliativeintent")
    return lowered


def age_in_months(record: PatientRecord, as_of: date, adult_months: int) -> Fact[int]:
    """Return completed months of age; a birth date without its day gives the lowest possible, at text confidence.

    Where the missing day decides whether the patient is an adult, the age is unknown.
    """
    for patient in record.of_type("Patient"):
        born = read_date(patient.get("birthDate"))
        if born is not None and born.first is not None and born.last is not None:
            youngest, oldest = _months(born.last, as_of), _months(born.first, as_of)
            source = (reference_to(patient),)
            if oldest < 0 or (youngest < adult_months <= oldest):
                return Unknown(looked_in=("patient",), sources=source)
            confidence = Confidence.CODED if youngest == oldest else Confidence.TEXT
            return Known(max(youngest, 0), source, None, confidence)
    return Unknown(looked_in=("patient",))


def _months(born: date, as_of: date) -> int:
    return (as_of.year - born.year) * 12 + as_of.month - born.month - (as_of.day < born.day)
