"""Chart results: what one Observation or DiagnosticReport says, after its status and value gates.

Place in the flow: `response`, `sites`, `avidity`, `workup` and `gates` read these instead of FHIR.
May not: read a preliminary result, absent data, a result about a relative, or a date of issue.

Read: Observation and DiagnosticReport of R4: code, category, method, value[x], interpretation, component,
note, conclusion, conclusionCode, effective[x], specimen. Cancelled and entered in error are dropped;
registered, preliminary and partial are pending; a status unknown makes a result text, none makes it unusable.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from hooks.facts.amounts import Amount, amount_of
from hooks.facts.dates import collected, first_day, period_of
from hooks.facts.observations import Gate, components_of, gate_of, is_about_someone_else
from hooks.facts.wording import mappings_in, said_by
from hooks.record import PatientRecord, Resource, reference_to
from hooks.terminology.table import codings_of, concepts_of


@dataclass(frozen=True, slots=True)
class ChartResult:
    """One result, or one component of it, in words and concepts.

    name: words of the code. title: those of category and method as well. values: words of each coded value.
    codes: bare codes of values that the table does not know (a local "PR"). words: free text (valueString,
    conclusion, notes). absent: the chart says that there is no value. collected: earliest day of the specimen.
    high: the laboratory flags the value, or its own reference range does; None where neither says.
    """

    reference: str
    name: str
    title: str = ""
    on: date | None = None
    collected: date | None = None
    gate: Gate = Gate.USABLE
    absent: bool = False
    concepts: tuple[str, ...] = ()
    value_concepts: tuple[str, ...] = ()
    values: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    amount: Amount | None = None
    high: bool | None = None

    @property
    def texts(self) -> tuple[str, ...]:
        """Everything that the result says beside its title."""
        return (*self.values, *self.words)

    @property
    def pending(self) -> bool:
        """True if the result is not final yet."""
        return self.gate is Gate.PENDING

    @property
    def usable(self) -> bool:
        """True if the result may be read as a finding."""
        return self.gate in {Gate.USABLE, Gate.TEXT_ONLY} and not self.absent

    @property
    def certain(self) -> bool:
        """True if the status allows more than text confidence."""
        return self.gate is Gate.USABLE


def read_results(record: PatientRecord) -> tuple[ChartResult, ...]:
    """Return every Observation and DiagnosticReport of the chart, and each component that has a code."""
    found: list[ChartResult] = []
    for resource in record.of_type("Observation", "DiagnosticReport"):
        if gate_of(resource) is not Gate.DROPPED and not is_about_someone_else(resource, record):
            taken = collected(resource, record)
            parts = [resource, *(part for part in components_of(resource) if said_by(part.get("code")))]
            found.extend(_result(part, resource, taken.first if taken else None) for part in parts)
    return tuple(found)


def _result(part: Resource, resource: Resource, taken: date | None) -> ChartResult:
    name = said_by(part.get("code"))
    value = part.get("valueCodeableConcept") or part.get("valueCoding")
    answers = [value, part.get("conclusionCode"), part.get("interpretation")]
    amount = amount_of(part)
    return ChartResult(
        reference=reference_to(resource),
        name=name,
        title=" | ".join(filter(None, (name, said_by(part.get("category")), said_by(part.get("method"))))),
        on=_effective(resource),
        collected=taken,
        gate=gate_of(resource),
        absent=bool(part.get("dataAbsentReason")),
        concepts=concepts_of(part.get("code")),
        value_concepts=tuple(concept for answer in answers for concept in concepts_of(answer)),
        values=tuple(filter(None, (said_by(answer) for answer in answers))),
        codes=tuple(code for answer in answers for code in _local_codes(answer)),
        words=tuple(_words(part)),
        amount=amount,
        high=_is_high(part, amount),
    )


def _effective(resource: Resource) -> date | None:
    """Return the day the result was true of the patient: effective[x], the end of a period, never issued."""
    moment = first_day(resource.get("effectiveDateTime")) or first_day(resource.get("effectiveInstant"))
    start, end = period_of(resource.get("effectivePeriod"))
    return moment or end or start


def _local_codes(answer: object) -> Iterator[str]:
    for coding in codings_of(answer):
        code = coding.get("code")
        if isinstance(code, str) and not concepts_of(coding):
            yield code.strip()


def _words(part: Resource) -> Iterator[str]:
    """Yield valueString, conclusion, comment and notes that hold anything."""
    texts = [part.get(name) for name in ("valueString", "conclusion", "comment")]
    texts.extend(note.get("text") for note in mappings_in(part.get("note")))
    yield from (text for text in texts if isinstance(text, str) and text.strip())


def _is_high(part: Resource, amount: Amount | None) -> bool | None:
    """Return whether the sender calls the value high: by its flag, else by its own reference range."""
    flags = set(said_by(part.get("interpretation")).lower().split(" | "))
    if not flags.isdisjoint(_HIGH):
        return True
    if not flags.isdisjoint(_NOT_HIGH):
        return False
    highs = [amount_of({"valueQuantity": limits.get("high")}) for limits in mappings_in(part.get("referenceRange"))]
    limits = [high.value for high in highs if high]
    if amount is None or amount.comparator or len(limits) != 1:
        return None
    return amount.value > limits[0]


_HIGH = frozenset({"high", "critical high"})
_NOT_HIGH = frozenset({"normal", "low", "critical low"})
