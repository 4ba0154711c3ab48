"""Conditions as the chart says them: what, whether it stands, since when, and in which words.

Place in the flow: pathways classify the readings by their concepts. May not: know a disease, raise on any JSON,
or take a missing verification for a refutation.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from hooks.facts.dates import Interval, read_date, when
from hooks.record import PatientRecord, Resource, once_per_record, reference_to
from hooks.terminology.table import TABLE, codings_of, concepts_of, text_of


class Clinical(StrEnum):
    """clinicalStatus, folded: relapse and recurrence are children of active, remission and resolved of inactive."""

    ACTIVE = "active"
    RELAPSE = "relapse"
    INACTIVE = "inactive"
    REMISSION = "remission"
    UNSTATED = "unstated"


class Verified(StrEnum):
    """verificationStatus, folded. DROPPED: refuted or entered in error."""

    CONFIRMED = "confirmed"
    SUSPECTED = "suspected"
    DROPPED = "dropped"
    UNSTATED = "unstated"


_CLINICAL: Mapping[str, Clinical] = {
    "active": Clinical.ACTIVE,
    "relapse": Clinical.RELAPSE,
    "recurrence": Clinical.RELAPSE,
    "inactive": Clinical.INACTIVE,
    "remission": Clinical.REMISSION,
    "resolved": Clinical.INACTIVE,
}
_VERIFIED: Mapping[str, Verified] = {
    "confirmed": Verified.CONFIRMED,
    "provisional": Verified.SUSPECTED,
    "differential": Verified.SUSPECTED,
    "unconfirmed": Verified.SUSPECTED,
    "refuted": Verified.DROPPED,
    "entered-in-error": Verified.DROPPED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ConditionReading:
    """One Condition.

    concepts: of its code. extra_concepts: of extensions (morphology, relatedness), bodySite and severity.
    text: chart text of the code. local: displays of codes that the table does not hold. notes: note text.
    codings: (system, code) as sent, for prefix matching of classifications; site_codings: those of bodySite.
    abated: abatement[x] is present. related: references of extensions and evidence, as sent.
    """

    source: str
    concepts: tuple[str, ...]
    extra_concepts: tuple[str, ...] = ()
    codings: tuple[tuple[str, str], ...] = ()
    site_codings: tuple[tuple[str, str], ...] = ()
    text: str = ""
    local: str = ""
    notes: str = ""
    clinical: Clinical = Clinical.UNSTATED
    verified: Verified = Verified.UNSTATED
    abated: bool = False
    onset: Interval | None = None
    recorded: Interval | None = None
    asserted: Interval | None = None
    body_site: str = ""
    related: tuple[str, ...] = ()

    @property
    def stands(self) -> bool:
        """True unless inactive, in remission, resolved or abated."""
        return self.clinical not in {Clinical.INACTIVE, Clinical.REMISSION} and not self.abated

    @property
    def words(self) -> str:
        """Everything said in words, the code's first."""
        return " | ".join(part for part in (self.text, self.local, self.notes) if part)


@once_per_record
def read_conditions(record: PatientRecord) -> tuple[ConditionReading, ...]:
    """Return every Condition of the chart as read, those that are dropped included."""
    return tuple(read_condition(resource) for resource in record.of_type("Condition"))


def read_condition(resource: Resource) -> ConditionReading:
    """Return one Condition as read. Absent elements are unstated; a status that FHIR does not have is unstated."""
    code = resource.get("code")
    extra = (*extension_values(resource), resource.get("bodySite"), resource.get("severity"))
    return ConditionReading(
        source=reference_to(resource),
        concepts=concepts_of(code),
        extra_concepts=tuple(dict.fromkeys(concept for part in extra for concept in concepts_of(part))),
        codings=tuple(_sent_codings([code, *extension_values(resource)])),
        site_codings=tuple(_sent_codings([resource.get("bodySite")])),
        text=_chart_text(code),
        local=" | ".join(dict.fromkeys(_local_displays(code))),
        notes=_notes(resource),
        clinical=_folded_clinical(resource.get("clinicalStatus")),
        verified=_verification(resource),
        abated=any(_says_abated(name, value) for name, value in resource.items()),
        onset=when(resource, "onset"),
        recorded=read_date(resource.get("recordedDate")) or read_date(resource.get("dateRecorded")),
        asserted=read_date(resource.get("assertedDate")) or _asserted(resource),
        body_site=" | ".join(text for site in _listed(resource.get("bodySite")) if (text := text_of(site))),
        related=tuple(_related(resource)),
    )


def extension_values(resource: Resource) -> Iterator[object]:
    """Yield valueCodeableConcept and valueCoding of the extensions, nested one level deep."""
    for extension in _extensions(resource):
        yield extension.get("valueCodeableConcept")
        yield extension.get("valueCoding")


def _extensions(resource: Resource) -> Iterator[Mapping[str, object]]:
    for extension in _mappings(resource.get("extension")):
        yield extension
        yield from _mappings(extension.get("extension"))


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]


def _mappings(value: object) -> Iterator[Mapping[str, object]]:
    for item in _listed(value):
        if isinstance(item, Mapping):
            yield item


def _status_words(codeable: object) -> Iterator[str]:
    """Yield the codes of a status, then its displays and texts (older clients send a bare string)."""
    for coding in codings_of(codeable):
        for name in ("code", "display"):
            word = coding.get(name)
            if isinstance(word, str):
                yield word.strip().lower()
    for item in _listed(codeable):
        text = item.get("text") if isinstance(item, Mapping) else item
        if isinstance(text, str):
            yield text.strip().lower()


def _folded_clinical(codeable: object) -> Clinical:
    """Return the most specific status said: relapse beside active is relapse."""
    found = {_CLINICAL[word] for word in _status_words(codeable) if word in _CLINICAL}
    for status in (Clinical.RELAPSE, Clinical.REMISSION, Clinical.INACTIVE, Clinical.ACTIVE):
        if status in found:
            return status
    return Clinical.UNSTATED


def _folded_verification(codeable: object) -> Verified:
    """Return the most cautious verification said."""
    found = {_VERIFIED[word] for word in _status_words(codeable) if word in _VERIFIED}
    for status in (Verified.DROPPED, Verified.SUSPECTED, Verified.CONFIRMED):
        if status in found:
            return status
    return Verified.UNSTATED


def _verification(resource: Resource) -> Verified:
    """Return what verificationStatus says; a modifierExtension that nobody here understands leaves a suspicion."""
    said = _folded_verification(resource.get("verificationStatus"))
    return Verified.SUSPECTED if resource.get("modifierExtension") and said is not Verified.DROPPED else said


def _says_abated(name: str, value: object) -> bool:
    return name.startswith("abatement") and value not in (None, False, "", {}, [])


def _asserted(resource: Resource) -> Interval | None:
    for extension in _extensions(resource):
        url = extension.get("url")
        if isinstance(url, str) and url.endswith("/condition-assertedDate"):
            return read_date(extension.get("valueDateTime"))
    return None


def _sent_codings(parts: list[object]) -> Iterator[tuple[str, str]]:
    for coding in codings_of(parts):
        system, code = coding.get("system"), coding.get("code")
        if isinstance(system, str) and isinstance(code, str):
            yield system, code


def _local_displays(code: object) -> Iterator[str]:
    for coding in codings_of(code):
        display = coding.get("display")
        if isinstance(display, str) and TABLE.concept_of(coding.get("system"), coding.get("code")) is None:
            yield display


def _chart_text(code: object) -> str:
    """Return code.text, and the displays of codes that the table does hold (chart text all the same)."""
    known = (coding for coding in codings_of(code) if TABLE.concept_of(coding.get("system"), coding.get("code")))
    words = [*(item.get("text") for item in _mappings(code)), *(coding.get("display") for coding in known)]
    return " | ".join(dict.fromkeys(word for word in words if isinstance(word, str)))


def _notes(resource: Resource) -> str:
    texts = (note.get("text") for note in _mappings(resource.get("note")))
    return " | ".join(text for text in texts if isinstance(text, str))


def _related(resource: Resource) -> Iterator[str]:
    """Yield the references of extensions and of evidence.detail, as sent."""
    holders = [extension.get("valueReference") for extension in _extensions(resource)]
    for evidence in _mappings(resource.get("evidence")):
        holders.extend(_listed(evidence.get("detail")))
    for holder in _mappings(holders):
        reference = holder.get("reference")
        if isinstance(reference, str):
            yield reference
