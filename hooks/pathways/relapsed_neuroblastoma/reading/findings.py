"""Adverse findings: what the chart says that forbids or questions an order.

Place in the flow: `orders` puts them on the board; safety rules match on kind, grade and date.
May not: take a pain score for a grade, or a potential event for one that happened.

Read: Condition (code, severity, stage, onset, recordedDate, clinicalStatus, verificationStatus), AdverseEvent
(event, outcome, date, suspectEntity), Observation (code, value, a CTCAE grade as value or component), Procedure
(irradiation of the brain). A finding is coded where the table knows its code, local where another code carries the
words, else text; an uncertain one is text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from hooks.facts.dates import first_day, when
from hooks.facts.drug_reading import read_drug
from hooks.facts.fact import Confidence
from hooks.facts.orders import OrderState, ServiceOrder
from hooks.facts.wording import mappings_in, said_by
from hooks.pathways.relapsed_neuroblastoma.board import Finding, FindingKind
from hooks.pathways.relapsed_neuroblastoma.reading.finding_words import (
    Stance,
    Worded,
    findings_in,
    grade_in,
    irradiations_in,
    names_finding,
)
from hooks.record import PatientRecord, Resource, reference_to
from hooks.terminology.drug_names import match_in_text
from hooks.terminology.table import TABLE, codings_of, text_of

_DROPPED = frozenset({"refuted", "entered-in-error"})
_UNCERTAIN = frozenset({"provisional", "differential", "unconfirmed"})
_OVER = frozenset({"inactive", "resolved", "remission"})
_EVENT_OVER = frozenset({"resolved", "resolvedwithsequelae", "recovered"})
_USABLE = frozenset({"final", "amended", "corrected", "unknown"})
_EVENT_TITLE = re.compile(r"\b(?:adverse|toxicit(?:y|ies)|ctcae|side effects?|complications?)\b", re.IGNORECASE)
_YES = re.compile(r"^\W*(?:yes|true|present|positive|detected|confirmed|pregnant)\b", re.IGNORECASE)
_GRADED_TITLE = re.compile(r"\bgrade\b|\bctcae\b", re.IGNORECASE)
_GRADE_URL = re.compile(r"grade", re.IGNORECASE)
_DIGIT = re.compile(r"^\W*(?:grade[- ]?)?([1-5])\W*$", re.IGNORECASE)
_HIGHEST_GRADE = 5


def read_findings(record: PatientRecord, procedures: Iterable[ServiceOrder], as_of: date) -> tuple[Finding, ...]:
    """Return the findings that had happened by a day, in the order of their sources; denied ones are left out."""
    found = (*_of_conditions(record), *_of_events(record), *_of_observations(record), *_of_procedures(procedures))
    return tuple(finding for finding in found if finding.date is None or finding.date <= as_of)


@dataclass(frozen=True, slots=True)
class _Told:
    """What all findings of one resource share."""

    source: str
    on: date | None
    active: bool
    certain: bool
    drug: str
    grade: int | None = None


def _of_conditions(record: PatientRecord) -> Iterator[Finding]:
    for condition in record.of_type("Condition"):
        states = _states(condition, "clinicalStatus", "verificationStatus", "status")
        if states & _DROPPED:
            continue
        onset = when(condition, "onset")
        named = (first_day(condition.get(name)) for name in ("recordedDate", "assertedDate", "dateRecorded"))
        abated = any(condition.get(name) for name in condition if name.startswith("abatement"))
        told = _Told(
            source=reference_to(condition),
            on=(onset.first if onset else None) or next(filter(None, named), None),
            active=not states & _OVER and not abated,
            certain=not states & _UNCERTAIN,
            drug=_drug_in(said_by(condition.get("code"))),
            grade=_coded_grade(condition, "severity", "stage"),
        )
        yield from _findings(condition.get("code"), told)


def _of_events(record: PatientRecord) -> Iterator[Finding]:
    for event in record.of_type("AdverseEvent"):
        states = _states(event, "status", "actuality", "outcome")
        if states & {"entered-in-error", "potential"}:
            continue
        occurrence = when(event, "occurrence")
        named = (first_day(event.get(name)) for name in ("date", "detected", "recordedDate"))
        told = _Told(
            source=reference_to(event),
            on=next(filter(None, named), None) or (occurrence.first if occurrence else None),
            active=not states & _EVENT_OVER,
            certain=True,
            drug=_suspect(event, record) or _drug_in(said_by(event.get("event"))),
            grade=_coded_grade(event, "severity", "seriousness", "grade"),
        )
        for name in ("event", "code", "resultingCondition"):
            yield from _findings(event.get(name), told)


def _of_observations(record: PatientRecord) -> Iterator[Finding]:
    for observation in record.of_type("Observation"):
        status = observation.get("status")
        title = said_by(observation.get("code"))
        is_event = _EVENT_TITLE.search(title) is not None
        usable = isinstance(status, str) and status.strip().lower() in _USABLE
        if not usable or not (is_event or names_finding(title)):
            continue
        taken = when(observation, "effective")
        told = _Told(
            source=reference_to(observation),
            on=taken.first if taken else None,
            active=True,
            certain=observation.get("status") != "unknown",
            drug=_drug_in(title),
            grade=_observed_grade(observation, title),
        )
        if is_event:
            yield from _findings(observation.get("valueCodeableConcept"), told)
            yield from _findings({"text": observation.get("valueString")}, told)
        if told.grade or _says_yes(observation):
            yield from _findings(observation.get("code"), told)


def _of_procedures(procedures: Iterable[ServiceOrder]) -> Iterator[Finding]:
    for procedure in procedures:
        if procedure.state in {OrderState.COMPLETED, OrderState.STOPPED, OrderState.ACTIVE}:
            for kind in irradiations_in(procedure.text):
                yield Finding(
                    kind,
                    date=procedure.when,
                    active=False,
                    confidence=Confidence.TEXT,
                    source=procedure.reference,
                    text=procedure.text,
                )


def _findings(code: object, told: _Told) -> Iterator[Finding]:
    """Yield one Finding per kind that the CodeableConcept names and does not deny."""
    said: dict[FindingKind, list[tuple[Worded, Confidence]]] = {}
    for confidence, words in _by_confidence(code):
        for worded in findings_in(words):
            said.setdefault(worded.kind, []).append((worded, confidence))
    for kind, listed in said.items():
        affirmed = [entry for entry in listed if entry[0].stance is not Stance.DENIED]
        if affirmed:
            yield _finding(kind, affirmed, told, said_by(code))


def _finding(kind: FindingKind, listed: list[tuple[Worded, Confidence]], told: _Told, text: str) -> Finding:
    """Return the finding by the best confidence; a grade or a past that only weaker words say makes it weaker."""
    present = all(worded.stance is Stance.PRESENT for worded, _ in listed)
    graded = next((entry for entry in listed if entry[0].grade), listed[0])
    confidence = listed[0][1] if told.grade else graded[1]
    return Finding(
        kind,
        grade=told.grade or graded[0].grade,
        date=told.on,
        active=told.active and present,
        drug=told.drug,
        confidence=confidence if told.certain and present else Confidence.TEXT,
        source=told.source,
        text=text,
    )


def _by_confidence(code: object) -> Iterator[tuple[Confidence, str]]:
    """Yield what a CodeableConcept says: by a code of the table, by another code's display, by text."""
    local: list[str] = []
    for coding in codings_of(code):
        concept = TABLE.concept_of(coding.get("system"), coding.get("code"))
        for known in TABLE.codes(concept) if concept else ():
            if known.code == coding.get("code"):
                yield Confidence.CODED, known.display
        display = coding.get("display")
        if not concept and isinstance(display, str) and isinstance(coding.get("code"), str):
            local.append(display)
    yield from ((Confidence.CODED_LOCAL, display) for display in local)
    yield Confidence.TEXT, text_of(code)


def _states(resource: Resource, *names: str) -> frozenset[str]:
    """Return the lower-case codes and words of status elements, whichever shape they have."""
    found: set[str] = set()
    for name in names:
        value = resource.get(name)
        codes = [value] if isinstance(value, str) else [coding.get("code") for coding in codings_of(value)]
        found.update(code.strip().lower() for code in codes if isinstance(code, str))
    return frozenset(found)


def _coded_grade(resource: Resource, *names: str) -> int | None:
    """Return a grade from severity or stage codings, or from an extension whose address speaks of a grade."""
    values: list[object] = []
    for name in names:
        for item in mappings_in(resource.get(name)):
            values.extend((item, item.get("summary")))
    for extension in mappings_in(resource.get("extension")):
        url = extension.get("url")
        if isinstance(url, str) and _GRADE_URL.search(url):
            values.extend(value for key, value in extension.items() if key.startswith("value"))
    return next(filter(None, (_grade_of(value) for value in values)), None)


def _observed_grade(observation: Resource, title: str) -> int | None:
    """Return a grade that stands as value of a graded Observation, in words of the value, or as a component."""
    parts: list[tuple[str, Mapping[str, object]]] = [(title, observation)]
    parts.extend((said_by(part.get("code")), part) for part in mappings_in(observation.get("component")))
    for name, part in parts:
        values = [part.get(key) for key in part if key.startswith("value")]
        graded = _GRADED_TITLE.search(name) is not None
        found = (_grade_of(value) if graded else grade_in(_words_of_value(value)) for value in values)
        if grade := next(filter(None, found), None):
            return grade
    return _coded_grade(observation)


def _grade_of(value: object) -> int | None:
    """Return a grade from 1 to 5 given as number, quantity, coding or words."""
    if isinstance(value, Mapping) and isinstance(value.get("value"), (int, float)):
        value = value.get("value")
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return int(value) if value in range(1, _HIGHEST_GRADE + 1) else None
    codes = [coding.get("code") for coding in codings_of(value)]
    for word in (*codes, *_words_of_value(value).split(" | ")):
        found = _DIGIT.match(word) if isinstance(word, str) else None
        if found:
            return int(found[1])
    return grade_in(_words_of_value(value))


def _words_of_value(value: object) -> str:
    return value if isinstance(value, str) else said_by(value)


def _says_yes(observation: Resource) -> bool:
    value = observation.get("valueCodeableConcept") or observation.get("valueString")
    return observation.get("valueBoolean") is True or _YES.search(_words_of_value(value)) is not None


def _drug_in(text: str) -> str:
    return next(iter(match_in_text(text).drugs), "") if names_finding(text) else ""


def _suspect(event: Resource, record: PatientRecord) -> str:
    """Return the drug of the first suspect that can be resolved, or ""."""
    for suspect in mappings_in(event.get("suspectEntity")):
        instance = suspect.get("instance") or suspect.get("instanceReference")
        resource = record.find(instance, event) or {}
        is_medication = resource.get("resourceType") == "Medication"
        asked = {"medicationReference": instance} if is_medication or not resource else resource
        if drugs := read_drug(asked, record).match.drugs:
            return drugs[0]
    return ""
