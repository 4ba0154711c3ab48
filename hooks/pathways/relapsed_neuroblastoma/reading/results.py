"""Results: what one Observation or DiagnosticReport says, after its status and value gates.

Place in the flow: `response`, `sites`, `workup` and `gates` read these instead of FHIR.
May not: read a preliminary result, absent data, or a date of issue.

Read: Observation and DiagnosticReport of R4: code, category, method, value[x], interpretation, component,
note, conclusion, conclusionCode, effective[x]. Cancelled and entered in error are dropped; registered,
preliminary and partial are pending; a status unknown or absent makes a result text.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from hooks.facts.dates import first_day, period_of
from hooks.facts.fact import Confidence
from hooks.facts.wording import mappings_in, said_by
from hooks.record import PatientRecord, Resource, reference_to
from hooks.terminology.table import codings_of, concepts_of

_USABLE = frozenset({"final", "amended", "corrected", "appended"})
_PENDING = frozenset({"registered", "preliminary", "partial"})
_DROPPED = frozenset({"cancelled", "entered-in-error"})


@dataclass(frozen=True, slots=True)
class Result:
    """One result in words and concepts.

    title: words of code, category and method. values: words of each coded value. codes: bare codes of
    values that the table does not know (a local "PR"). words: free text (valueString, conclusion, notes).
    absent: the chart says that there is no value.
    """

    reference: str
    title: str
    on: date | None = None
    pending: bool = False
    absent: bool = False
    certain: bool = True
    concepts: tuple[str, ...] = ()
    value_concepts: tuple[str, ...] = ()
    values: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    number: float | None = None
    unit: str = ""

    @property
    def texts(self) -> tuple[str, ...]:
        """Everything that the result says beside its title."""
        return (*self.values, *self.words)

    @property
    def usable(self) -> bool:
        """True if the result may be read as a finding."""
        return not self.pending and not self.absent

    @property
    def confidence(self) -> Confidence:
        """CODED for a coded value of a coded result, TEXT for words."""
        coded = self.certain and bool(self.concepts) and bool(self.value_concepts)
        return Confidence.CODED if coded else Confidence.TEXT


def read_results(record: PatientRecord) -> tuple[Result, ...]:
    """Return every Observation and DiagnosticReport of the chart, and each component that carries a value."""
    found: list[Result] = []
    for resource in record.of_type("Observation", "DiagnosticReport"):
        status = _status(resource)
        if status not in _DROPPED:
            found.extend(_results_of(resource, status))
    return tuple(found)


def _results_of(resource: Resource, status: str) -> Iterator[Result]:
    yield _result(resource, resource, status)
    for component in mappings_in(resource.get("component")):
        part = _result(component, resource, status)
        if part.title:
            yield part


def _result(part: Resource, resource: Resource, status: str) -> Result:
    value = part.get("valueCodeableConcept") or part.get("valueCoding")
    answers = [value, part.get("conclusionCode"), part.get("interpretation")]
    quantity = part.get("valueQuantity")
    number = quantity.get("value") if isinstance(quantity, dict) else None
    unit = (quantity.get("code") or quantity.get("unit")) if isinstance(quantity, dict) else None
    return Result(
        reference=reference_to(resource),
        title=_joined(said_by(part.get("code")), said_by(part.get("category")), said_by(part.get("method"))),
        on=_effective(resource),
        pending=status in _PENDING,
        absent=part.get("dataAbsentReason") is not None,
        certain=status in _USABLE,
        concepts=concepts_of(part.get("code")),
        value_concepts=tuple(concept for answer in answers for concept in concepts_of(answer)),
        values=tuple(filter(None, (said_by(answer) for answer in answers))),
        codes=tuple(code for answer in answers for code in _local_codes(answer)),
        words=tuple(_words(part)),
        number=float(number) if isinstance(number, (int, float)) and not isinstance(number, bool) else None,
        unit=unit if isinstance(unit, str) else "",
    )


def _status(resource: Resource) -> str:
    status = resource.get("status")
    return status.strip().lower() if isinstance(status, str) else ""


def _effective(resource: Resource) -> date | None:
    """Return the day the result was true of the patient: effective[x], never issued."""
    moment = first_day(resource.get("effectiveDateTime")) or first_day(resource.get("effectiveInstant"))
    start, end = period_of(resource.get("effectivePeriod"))
    return moment or end or start


def _local_codes(answer: object) -> Iterator[str]:
    for coding in codings_of(answer):
        code = coding.get("code")
        if isinstance(code, str) and not concepts_of(coding):
            yield code.strip()


def _words(part: Resource) -> Iterator[str]:
    for text in (part.get("valueString"), part.get("conclusion"), part.get("comment")):
        if isinstance(text, str) and text.strip():
            yield text
    for note in mappings_in(part.get("note")):
        text = note.get("text")
        if isinstance(text, str) and text.strip():
            yield text


def _joined(*texts: str) -> str:
    return " | ".join(filter(None, texts))
