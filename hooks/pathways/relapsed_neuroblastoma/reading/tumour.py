"""Which tumour one Condition names: exclusions win over inclusions, a site code alone is only a possibility.

Place in the flow: the gate and the disease reader classify every Condition with it. May not: look beyond one
Condition, or count a history, a relative or a refuted diagnosis.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from hooks.facts.conditions import ConditionReading, Verified, extension_values, read_condition
from hooks.facts.fact import Confidence
from hooks.facts.text import Polarity, Topic, fold, read_text
from hooks.facts.vocabulary import words
from hooks.pathways.relapsed_neuroblastoma.facts import Diagnosis
from hooks.record import PatientRecord, Resource, once_per_record
from hooks.terminology.codes import ICD10CMCode, ICD10Code, ICDO3Code
from hooks.terminology.table import TABLE, codings_of, is_a, normal_code, normal_system

_INCLUDED = ("neuroblastoma", "ganglioneuroblastoma")
_SITES = (
    "neuroblastoma.site.icd(nonspecific:needs histology/text/child)",
    "neuroblastoma.site.icd(weak:mediastinum/retroperitoneum)",
)
_EXCLUDED = "not_neuroblastoma"
_HISTORY = ("history_of_cancer", "history_of_metastatic_cancer")
_METASTASES = ("metastatic_cancer.parent", "metastasis")
_ICD = (ICD10CMCode.SYSTEM, ICD10Code.SYSTEM)
_PLACES = (*_ICD, ICDO3Code.SYSTEM)


@dataclass(frozen=True, slots=True)
class Tumour:
    """What one Condition names. OTHER: an excluded tumour. suspected: the chart itself doubts the tumour."""

    diagnosis: Diagnosis
    confidence: Confidence
    suspected: bool = False

    @property
    def counts(self) -> bool:
        """True for neuroblastoma and ganglioneuroblastoma, not for a mere possibility or an excluded tumour."""
        return self.diagnosis in _COUNTING


_COUNTING = frozenset({Diagnosis.NEUROBLASTOMA, Diagnosis.GANGLIONEUROBLASTOMA, Diagnosis.GANGLIONEUROBLASTOMA_NODULAR})


class _Mention(StrEnum):
    NEUROBLASTOMA = "neuroblastoma"
    GANGLIONEUROBLASTOMA = "ganglioneuroblastoma"
    GANGLIONEUROMA = "ganglioneuroma"


_TOPICS = {name: Topic(findings=frozenset({name.value, f"{name.value}s"})) for name in _Mention}
_ANOTHER = Topic(findings=frozenset({"olfactory", "esthesioneuroblastoma", "medulloblastoma", "foxr2"}))
_CENTRAL = ("cns", "cerebral", "brain", "central nervous system", "intracranial", "nasal", "sinonasal")
_OF_ANOTHER_PLACE = re.compile(
    r"\bneuroblastomas? of (?:the )?(?:cns|brain|cerebr\w+|cerebell\w+|central nervous|nasal|paranasal|nose|sinonasal)"
)
_NOT_THE_DISEASE = words("screening predisposition susceptibility survivor survivors survivorship carrier")
"""Words of a clause that names the tumour without saying that this child has it."""


def _icd_codes(*concepts: str) -> frozenset[str]:
    """Return the dotted ICD-10 codes of concepts and of what stands below them in the table."""
    return frozenset(
        normal_code(code.system, code.code)
        for concept in TABLE.concepts()
        if is_a(concept, *concepts)
        for code in TABLE.codes(concept)
        if code.system in _ICD
    )


_SITE_CODES = _icd_codes(*_SITES)
_STRONG_SITE_CODES = _icd_codes(_SITES[0])
_EXCLUDED_CODES = _icd_codes(_EXCLUDED)
_CATEGORY = 3
_CATEGORIES = frozenset(code[:_CATEGORY] for code in _SITE_CODES | _EXCLUDED_CODES)
_EXCLUDED_CATEGORIES = _CATEGORIES - frozenset(code[:_CATEGORY] for code in _SITE_CODES)
_KNOWN_CODES = frozenset(
    code.code.upper()
    for concept in TABLE.concepts()
    if is_a(concept, *_INCLUDED, _EXCLUDED)
    for code in TABLE.codes(concept)
)
_WORDS = ("blastoma", "ganglioneuroma", "olfactory")


def may_name_it(condition: Resource) -> bool:
    """True if a code of the list, or a word that any of these tumours has, stands in code or extensions.

    Cheap, and wider than the truth: what it refuses is certainly none of them.
    """
    code = condition.get("code")
    text = code.get("text") if isinstance(code, Mapping) else None
    if isinstance(text, str) and any(word in text.lower() for word in _WORDS):
        return True
    parts = [code, *extension_values(condition)] if "extension" in condition else [code]
    for coding in codings_of(parts):
        value, display = coding.get("code"), coding.get("display")
        if isinstance(value, str):
            sent = value.strip().upper()
            if sent.startswith("M"):
                sent = normal_code(ICDO3Code.SYSTEM, sent)
            if sent in _KNOWN_CODES or sent[:_CATEGORY] in _CATEGORIES:
                return True
        if isinstance(display, str) and any(word in display.lower() for word in _WORDS):
            return True
    return False


def tumour_of(resource: Resource) -> tuple[Tumour, ConditionReading] | None:
    """Return what a Condition names with its reading; None for another disease, a history, or one that is dropped."""
    reading = read_condition(resource)
    if reading.verified is Verified.DROPPED:
        return None
    found = classify(reading)
    return (found, reading) if found is not None else None


@once_per_record
def tumours_in(record: PatientRecord) -> tuple[tuple[tuple[Tumour, ConditionReading], Resource], ...]:
    """Return the Conditions that name such a tumour, classified and read, each with its resource."""
    return tuple(
        (named, condition)
        for condition in record.of_type("Condition")
        if may_name_it(condition) and (named := tumour_of(condition))
    )


def classify(reading: ConditionReading) -> Tumour | None:
    """Return the tumour of a Condition that stands in the chart, or None where it is none of this group."""
    concepts = (*reading.concepts, *reading.extra_concepts)
    doubted = reading.verified is Verified.SUSPECTED
    named = " | ".join(part for part in (reading.text, reading.local) if part)
    said = {name: _said_of(named, topic) for name, topic in _TOPICS.items()}
    if any(is_a(concept, _EXCLUDED) for concept in concepts) or _has_excluded_icd(reading):
        return Tumour(_excluded_as(reading, said), Confidence.CODED, doubted)
    if _names_another(named, said):
        return Tumour(_excluded_as(reading, said), Confidence.TEXT, doubted)
    included = [concept for concept in concepts if is_a(concept, *_INCLUDED) and not concept.startswith(_SITES)]
    if included:
        return Tumour(_included_as(included, named), Confidence.CODED, doubted)
    if any(is_a(concept, *_HISTORY, *_METASTASES) for concept in concepts):
        return None
    return _by_words(reading, said, doubted=doubted)


def _said_of(text: str, topic: Topic) -> Polarity:
    statements = read_text(text, topic).statements
    return fold(tuple(s for s in statements if _NOT_THE_DISEASE.isdisjoint(s.tokens))).polarity


def _by_words(reading: ConditionReading, said: Mapping[_Mention, Polarity], *, doubted: bool) -> Tumour | None:
    """Return what the words name; with a site code behind them they are a local coding, without one text."""
    for name in (_Mention.NEUROBLASTOMA, _Mention.GANGLIONEUROBLASTOMA):
        if said[name] in _MENTIONED:
            local = read_text(reading.local, _TOPICS[name]).polarity is Polarity.POSITIVE
            confidence = Confidence.CODED_LOCAL if local or _has_site(reading, _SITE_CODES) else Confidence.TEXT
            suspected = doubted or said[name] is not Polarity.POSITIVE
            return Tumour(_included_as([name.value], f"{reading.text} {reading.local}"), confidence, suspected)
    if not _has_site(reading, _STRONG_SITE_CODES) or Polarity.NEGATIVE in said.values():
        return None
    if read_text(reading.notes, _TOPICS[_Mention.NEUROBLASTOMA]).polarity is Polarity.POSITIVE:
        return Tumour(Diagnosis.NEUROBLASTOMA, Confidence.TEXT, doubted)
    return Tumour(Diagnosis.POSSIBLE, Confidence.TEXT, suspected=True)


_MENTIONED = frozenset({Polarity.POSITIVE, Polarity.SUSPECTED, Polarity.UNKNOWN, Polarity.CONFLICT})


def _included_as(concepts: Iterable[str], words: str) -> Diagnosis:
    """Return neuroblastoma before ganglioneuroblastoma; nodular where code or words say so."""
    listed = tuple(concepts)
    if any(is_a(concept, "neuroblastoma") for concept in listed):
        return Diagnosis.NEUROBLASTOMA
    nodular = any(is_a(concept, "ganglioneuroblastoma.nodular") for concept in listed) or "nodular" in words.lower()
    return Diagnosis.GANGLIONEUROBLASTOMA_NODULAR if nodular else Diagnosis.GANGLIONEUROBLASTOMA


def _excluded_as(reading: ConditionReading, said: Mapping[_Mention, Polarity]) -> Diagnosis:
    sent = {(normal_system(system), normal_code(normal_system(system), code)) for system, code in reading.codings}
    benign = said[_Mention.GANGLIONEUROMA] is Polarity.POSITIVE or not sent.isdisjoint(_GANGLIONEUROMA_CODES)
    return Diagnosis.GANGLIONEUROMA if benign else Diagnosis.OTHER


_GANGLIONEUROMA_CODES = frozenset(
    (code.system, normal_code(code.system, code.code))
    for concept in TABLE.concepts()
    if is_a(concept, _EXCLUDED)
    for code in TABLE.codes(concept)
    if code.display.startswith("Ganglioneuroma")
)


def _names_another(words: str, said: Mapping[_Mention, Polarity]) -> bool:
    """True if the words name another tumour: olfactory, CNS, medullo-, neuroblastoma-like, ganglioneuroma alone."""
    if read_text(words, _ANOTHER).polarity is Polarity.POSITIVE:
        return True
    lowered = words.lower().replace("-", " ")
    if "neuroblastoma like" in lowered or any(f"{place} neuroblastoma" in lowered for place in _CENTRAL):
        return True
    if _OF_ANOTHER_PLACE.search(lowered):
        return True
    only = said[_Mention.NEUROBLASTOMA] is not Polarity.POSITIVE
    return only and (said[_Mention.GANGLIONEUROMA], said[_Mention.GANGLIONEUROBLASTOMA]) == (
        Polarity.POSITIVE,
        Polarity.SILENT,
    )


def _icd_of(reading: ConditionReading) -> Iterator[str]:
    for system, code in reading.codings:
        canonical = normal_system(system)
        if canonical in _ICD:
            yield normal_code(canonical, code)


def _has_site(reading: ConditionReading, codes: frozenset[str]) -> bool:
    """True for a code of the list, one below it, or the dotted parent of one (C47.1 of C47.10)."""
    return any(
        sent.startswith(code) or ("." in sent and code.startswith(sent)) for sent in _icd_of(reading) for code in codes
    )


def _has_excluded_icd(reading: ConditionReading) -> bool:
    return any(
        sent[:_CATEGORY] in _EXCLUDED_CATEGORIES or any(sent.startswith(code) for code in _EXCLUDED_CODES)
        for sent in _icd_of(reading)
    ) or any(sent[:_CATEGORY] in _EXCLUDED_CATEGORIES for sent in _topographies_of(reading))


def _topographies_of(reading: ConditionReading) -> Iterator[str]:
    """Yield where the tumour began: ICD-O topographies, numbered as ICD-10 is, and what ICD codes of bodySite say."""
    for system, code in (*reading.codings, *reading.site_codings):
        canonical = normal_system(system)
        if canonical in _PLACES:
            yield normal_code(canonical, code)
