"""Observations through the gates: status, subject, absent data, polarity of the answer.

Place in the flow: disease readers ask here what an Observation (or one of its components) answers.
May not: know a disease, raise on any JSON, or read absence of data as a negative.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from hooks.facts.amounts import Element
from hooks.facts.fact import Confidence, Why
from hooks.facts.text import Polarity, Topic, read_text
from hooks.facts.vocabulary import FAMILY
from hooks.record import PatientRecord, Resource, local_reference
from hooks.terminology.codes import Code
from hooks.terminology.table import TABLE, codings_of, normal_code, normal_system


class Gate(StrEnum):
    """What the status of a result allows. TEXT_ONLY: status "unknown". UNSTATED: no status, or one FHIR has not."""

    USABLE = "usable"
    TEXT_ONLY = "text_only"
    PENDING = "pending"
    UNSTATED = "unstated"
    DROPPED = "dropped"


_GATES: Mapping[str, Gate] = {
    **dict.fromkeys(("final", "amended", "corrected", "appended"), Gate.USABLE),
    **dict.fromkeys(("preliminary", "registered", "partial"), Gate.PENDING),
    **dict.fromkeys(("cancelled", "entered-in-error"), Gate.DROPPED),
    "unknown": Gate.TEXT_ONLY,
}


@dataclass(frozen=True, slots=True)
class Answer:
    """What an Observation or component answers to a yes-or-no question, and in what words."""

    polarity: Polarity
    confidence: Confidence = Confidence.CODED
    why: Why = Why.NOT_FOUND


def gate_of(resource: Resource) -> Gate:
    """Return what the status of an Observation or DiagnosticReport allows.

    A modifierExtension may turn its meaning, and none is understood here: UNSTATED.
    """
    status = resource.get("status")
    gate = _GATES.get(status.strip().lower(), Gate.UNSTATED) if isinstance(status, str) else Gate.UNSTATED
    return Gate.UNSTATED if resource.get("modifierExtension") and gate is not Gate.DROPPED else gate


def is_about_someone_else(resource: Resource, record: PatientRecord) -> bool:
    """True if `focus` names a relative, a fetus or another patient: such a result never counts."""
    focus = resource.get("focus")
    for reference in focus if isinstance(focus, list) else (focus,):
        if names_a_relative(reference):
            return True
        found = record.find(reference, within=resource)
        contained = found.get("resourceType") if found is not None else None
        text = reference.get("reference") if isinstance(reference, Mapping) else reference
        local = local_reference(text) if isinstance(text, str) else None
        kind = local.split("/", 1)[0] if local else contained or _type_of(reference)
        if kind in _PEOPLE and local != f"Patient/{record.patient_id}":
            return True
    return False


def _type_of(reference: object) -> object:
    """Return the type that a reference without address gives; "Patient" there is this one."""
    kind = reference.get("type") if isinstance(reference, Mapping) else None
    return None if kind == "Patient" else kind


def names_a_relative(reference: object) -> bool:
    """True if the display of a reference names a relative: "Mother of the patient"."""
    display = reference.get("display") if isinstance(reference, Mapping) else None
    return isinstance(display, str) and not FAMILY.isdisjoint(_WORD.findall(display[:200].lower()))


_WORD = re.compile(r"[a-z]+")


def conditions_in_focus(resource: Resource) -> frozenset[str]:
    """Return "Condition/id" of every Condition that `focus` names."""
    focus = resource.get("focus")
    found = set()
    for item in focus if isinstance(focus, list) else (focus,):
        text = item.get("reference") if isinstance(item, Mapping) else item
        local = local_reference(text) if isinstance(text, str) else None
        if local is not None and local.startswith("Condition/"):
            found.add(local)
    return frozenset(found)


_PEOPLE = frozenset({"Patient", "RelatedPerson", "Person", "FamilyMemberHistory", "Group"})


def components_of(resource: Resource) -> Iterator[Element]:
    """Yield the components that are objects."""
    components = resource.get("component")
    for component in components if isinstance(components, list) else (components,):
        if isinstance(component, Mapping):
            yield component


def has_value(element: Element) -> bool:
    """True if there is a value[x] that says anything."""
    return any(name.startswith("value") and value not in (None, "", {}, []) for name, value in element.items())


def answer_of(element: Element, topic: Topic) -> Answer:
    """Return the answer: coded value, then interpretation, then words of the value, then note.

    Sources inside the element that disagree are a CONFLICT (a note only where it names the finding), so is a value
    beside a dataAbsentReason; a dataAbsentReason alone is UNKNOWN with its reason. Interpretations high, low, normal
    and abnormal are no polarity.
    """
    if (reason := absent_reason(element)) is not None:
        return Answer(Polarity.CONFLICT) if has_value(element) else Answer(Polarity.UNKNOWN, why=reason)
    coded = [*_coded_answers(element), *_interpreted(element)]
    local, words = _worded(element)
    worded = [(Confidence.CODED_LOCAL, read_text(local, topic)), (Confidence.TEXT, read_text(words, topic))]
    noted = read_text(note_of(element), topic)
    decided = {polarity for polarity in coded if polarity in _DECIDED}
    decided |= {reading.polarity for _, reading in worded if reading.polarity in _DECIDED}
    if decided:
        decided |= {read_text(note_of(element), replace(topic, implied=False)).polarity} & _DECIDED
    if len(decided) > 1 or Polarity.CONFLICT in decided:
        return Answer(Polarity.CONFLICT)
    if coded:
        settled = next((polarity for polarity in coded if polarity in _DECIDED), Polarity.UNKNOWN)
        return Answer(settled, Confidence.CODED, Why.INDETERMINATE)
    for confidence, reading in (*worded, (Confidence.TEXT, noted)):
        if reading.polarity is not Polarity.SILENT:
            return Answer(reading.polarity, confidence, reading.why)
    return Answer(Polarity.SILENT)


_DECIDED = frozenset({Polarity.POSITIVE, Polarity.NEGATIVE, Polarity.CONFLICT})
_ANSWERS: Mapping[str, Polarity] = {
    "answer.present": Polarity.POSITIVE,
    "answer.positive": Polarity.POSITIVE,
    "answer.absent": Polarity.NEGATIVE,
    "answer.negative": Polarity.NEGATIVE,
    "answer.no_call": Polarity.UNKNOWN,
    "answer.indeterminate": Polarity.UNKNOWN,
}
_INTERPRETED_DISPLAYS: Mapping[str, Polarity] = {
    "Positive": Polarity.POSITIVE,
    "Detected": Polarity.POSITIVE,
    "Negative": Polarity.NEGATIVE,
    "Not detected": Polarity.NEGATIVE,
    "Indeterminate": Polarity.UNKNOWN,
    "Equivocal": Polarity.UNKNOWN,
}
_ABSENT_DISPLAYS: Mapping[str, Why] = {
    "Not Performed": Why.NOT_TESTED,
    "Masked": Why.MASKED,
    "Error": Why.FAILED,
    "Temporarily Unknown": Why.PENDING,
}


def _by_code(concept: str) -> Mapping[tuple[str, str], Code]:
    return {(code.system, normal_code(code.system, code.code)): code for code in TABLE.codes(concept)}


_INTERPRETATIONS = _by_code("observation.interpretation")
_ABSENT_REASONS = _by_code("dataAbsentReason")


def _listed(codeable: object, codes: Mapping[tuple[str, str], Code]) -> Iterator[str]:
    """Yield the table's display of each coding that is one of `codes`."""
    for coding in codings_of(codeable):
        system, code = coding.get("system"), coding.get("code")
        if isinstance(system, str) and isinstance(code, str):
            canonical = normal_system(system)
            known = codes.get((canonical, normal_code(canonical, code)))
            if known is not None:
                yield known.display


def absent_reason(element: Element) -> Why | None:
    """Return why data is absent, or None where no dataAbsentReason stands."""
    reason = element.get("dataAbsentReason")
    if not reason:
        return None
    displays = _listed(reason, _ABSENT_REASONS)
    return next((_ABSENT_DISPLAYS[display] for display in displays if display in _ABSENT_DISPLAYS), Why.NOT_FOUND)


def _coded_answers(element: Element) -> Iterator[Polarity]:
    if isinstance(element.get("valueBoolean"), bool):
        yield Polarity.POSITIVE if element["valueBoolean"] else Polarity.NEGATIVE
    for coding in codings_of([element.get("valueCodeableConcept"), element.get("valueCoding")]):
        concept = TABLE.concept_of(coding.get("system"), coding.get("code"))
        if concept is not None and concept in _ANSWERS:
            yield _ANSWERS[concept]


def _interpreted(element: Element) -> Iterator[Polarity]:
    for display in _listed(element.get("interpretation"), _INTERPRETATIONS):
        if display in _INTERPRETED_DISPLAYS:
            yield _INTERPRETED_DISPLAYS[display]


def _worded(element: Element) -> tuple[str, str]:
    """Return (displays of codes that the table does not hold, other words) of value and interpretation.

    The display of a known interpretation is left out: "Normal" there is no polarity.
    """
    local: list[str] = []
    texts: list[str] = []
    value = [*_listed_value(element.get("valueCodeableConcept")), *_listed_value(element.get("valueCoding"))]
    for codeables, known_goes_to in ((value, texts), (_listed_value(element.get("interpretation")), [])):
        for coding in codings_of(codeables):
            display = coding.get("display")
            if isinstance(display, str):
                known = TABLE.concept_of(coding.get("system"), coding.get("code")) is not None
                (known_goes_to if known else local).append(display)
        for item in codeables:
            text = item.get("text") if isinstance(item, Mapping) else item
            if isinstance(text, str):
                texts.append(text)
    if isinstance(element.get("valueString"), str):
        texts.append(str(element["valueString"]))
    return " | ".join(local), " | ".join(texts)


def _listed_value(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]


def value_text(element: Element) -> str:
    """Return all words of value and interpretation, chart text and displays alike."""
    return " | ".join(part for part in _worded(element) if part)


def note_of(element: Element) -> str:
    """Return the text of the notes (R4 `note`, older `comment` and `comments`)."""
    notes = element.get("note")
    texts = [note.get("text") for note in (notes if isinstance(notes, list) else (notes,)) if isinstance(note, Mapping)]
    texts.extend(element.get(name) for name in ("comment", "comments"))
    return " | ".join(text for text in texts if isinstance(text, str))
