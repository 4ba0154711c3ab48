"""The terminology table: which concept a code stands for, which codes a concept has.

Place in the flow: loaded once at import from `codes.csv` (6,377 verified codes, each with its source);
readers ask for concepts, orders ask for codes. May not: guess, or fall back from a code to its display.

A concept is a dotted name ("neuroblastoma.adrenal", "drug.irinotecan.product"). The part in brackets
belongs to the name: "drug.irinotecan.product_liposomal(NOT interchangeable)".
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

from hooks.errors import KnowledgeError
from hooks.terminology.codes import CODE_TYPES, Code, HL7Code, ICDO3Code, SnomedCode

CodeT = TypeVar("CodeT", bound=Code)

FOLDER = Path(__file__).parent
CACHED_LOOKUPS = 8192
"""Spellings of codes kept with their concepts; several readers ask for the same ones in one call."""

ALIASES: Mapping[str, str] = {
    "http://www.genenames.org/geneid": "http://www.genenames.org",
    "urn:oid:2.16.840.1.113883.6.96": "http://snomed.info/sct",
    "urn:oid:2.16.840.1.113883.6.1": "http://loinc.org",
    "urn:oid:2.16.840.1.113883.6.88": "http://www.nlm.nih.gov/research/umls/rxnorm",
    "urn:oid:2.16.840.1.113883.6.90": "http://hl7.org/fhir/sid/icd-10-cm",
    "urn:oid:2.16.840.1.113883.6.3": "http://hl7.org/fhir/sid/icd-10",
    "urn:oid:2.16.840.1.113883.3.26.1.1": "http://ncicb.nci.nih.gov/xml/owl/EVS/Thesaurus.owl",
    "urn:oid:2.16.840.1.113883.6.43.1": "http://terminology.hl7.org/CodeSystem/icd-o-3",
    "http://fhir.de/codesystem/bfarm/icd-10-gm": "http://hl7.org/fhir/sid/icd-10",
    "http://fhir.de/codesystem/dimdi/icd-10-gm": "http://hl7.org/fhir/sid/icd-10",
    "http://fhir.de/codesystem/bfarm/atc": "http://www.whocc.no/atc",
    "http://hl7.org/fhir/data-absent-reason": "http://terminology.hl7.org/CodeSystem/data-absent-reason",
    "http://hl7.org/fhir/sid/icd-o-3": "http://terminology.hl7.org/CodeSystem/icd-o-3",
    "urn:oid:2.16.840.1.113883.6.281": "http://www.genenames.org",
    "urn:oid:2.16.840.1.113883.6.73": "http://www.whocc.no/atc",
    "http://terminology.hl7.org/codesystem/icd10cm": "http://hl7.org/fhir/sid/icd-10-cm",
    "http://loinc.org/rdf": "http://loinc.org",
    "http://oncotree.mskcc.org/fhir/codesystem/snapshot": "http://oncotree.mskcc.org",
    "urn:oid:2.16.840.1.113883.5.83": "http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation",
    "http://hl7.org/fhir/v3/observationinterpretation": "http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation",
    "http://hl7.org/fhir/v2/0078": "http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation",
    "http://hl7.org/fhir/v2/0074": "http://terminology.hl7.org/CodeSystem/v2-0074",
    "http://hl7.org/fhir/v2/0487": "http://terminology.hl7.org/CodeSystem/v2-0487",
}
"""Other spellings of a code system's address, lower case, no trailing slash.

From HL7 Terminology 7.0.1 (NamingSystem and CodeSystem identifiers), FHIR STU3 (v2/..., v3/...) and charts.
"""


def normal_system(system: str) -> str:
    """Return the canonical address of a code system: blanks, trailing slash, case, scheme and aliases removed."""
    bare = system.strip().rstrip("/")
    lowered = f"{_OID}{bare}" if bare[:1].isdigit() else bare.lower()
    if found := ALIASES.get(lowered) or _CANONICAL.get(lowered):
        return found
    if lowered.startswith(_EDITIONS):
        return SnomedCode.SYSTEM
    return _WITHOUT_SCHEME.get(_without_scheme(lowered)) or bare


_OID = "urn:oid:"
"""Some senders leave it out."""


def _without_scheme(address: str) -> str:
    return address.removeprefix("https://").removeprefix("http://").removeprefix("www.")


def normal_code(system: str, code: str) -> str:
    """Return the code as the table spells it; `system` is canonical."""
    bare = code.strip().upper()
    if system == "http://www.genenames.org" and not bare.startswith("HGNC:"):
        return f"HGNC:{bare}"
    if system == "http://www.sequenceontology.org":
        return bare.replace("SO_", "SO:")
    if system == ICDO3Code.SYSTEM:
        return bare.removeprefix("M").removeprefix("-")
    if system in _ICD10:
        plain = bare.replace(".", "").rstrip("+*!-")
        return f"{plain[:3]}.{plain[3:]}" if len(plain) > 3 else plain
    return bare


class Table:
    """Both directions of the table. Raises KnowledgeError on a file that breaks its own rules."""

    def __init__(self, rows: Iterator[Mapping[str, str]], sources: Mapping[str, str]) -> None:
        self._concept: dict[tuple[str, str], str] = {}
        self._codes: dict[str, list[Code]] = {}
        self.systems: set[str] = set()
        for row in rows:
            concept, system, code = row["concept"], row["system"], row["code"]
            if not concept or not code or row["source"] not in sources:
                raise KnowledgeError(f"codes.csv: {concept} {code}: concept, code and a known source are needed")
            key = (system, normal_code(system, code))
            if key in self._concept:
                raise KnowledgeError(f"codes.csv: {system} {code} stands twice")
            self._concept[key] = concept
            self.systems.add(system)
            self._codes.setdefault(concept, []).append(CODE_TYPES.get(system, HL7Code)(system, code, row["display"]))
        self._looked_up = lru_cache(maxsize=CACHED_LOOKUPS)(self._look_up)

    def concept_of(self, system: object, code: object) -> str | None:
        """Return the concept that a code stands for, or None for anything the table does not hold."""
        if not isinstance(system, str) or not isinstance(code, str):
            return None
        return self._looked_up(system, code)

    def _look_up(self, system: str, code: str) -> str | None:
        canonical = normal_system(system)
        return self._concept.get((canonical, normal_code(canonical, code)))

    def codes(self, concept: str) -> tuple[Code, ...]:
        """Return every code of exactly this concept, in file order."""
        return tuple(self._codes.get(concept, ()))

    def concepts(self) -> tuple[str, ...]:
        """Return all concept names, in file order."""
        return tuple(self._codes)


def _load() -> Table:
    with (FOLDER / "sources.csv").open(encoding="utf-8", newline="") as file:
        sources = {row["id"]: row["source"] for row in csv.DictReader(file)}
    with (FOLDER / "codes.csv").open(encoding="utf-8", newline="") as file:
        return Table(csv.DictReader(file), sources)


_ICD10 = frozenset({"http://hl7.org/fhir/sid/icd-10-cm", "http://hl7.org/fhir/sid/icd-10"})
_CANONICAL = {system.lower(): system for system in CODE_TYPES}
_WITHOUT_SCHEME = {_without_scheme(system): canonical for system, canonical in (*_CANONICAL.items(), *ALIASES.items())}
_EDITIONS = f"{SnomedCode.SYSTEM}/"
"""An edition of SNOMED CT belongs into the version; some senders write it as the system."""
TABLE = _load()
_WITHOUT_SCHEME.update({_without_scheme(system.lower()): system for system in TABLE.systems})


def codings_of(codeable: object) -> Iterator[Mapping[str, object]]:
    """Yield the Codings of a CodeableConcept, of a bare Coding, or of a list of either; anything else: none."""
    if isinstance(codeable, list):
        for item in codeable:
            yield from codings_of(item)
    elif isinstance(codeable, Mapping):
        inner = codeable.get("coding")
        if isinstance(inner, list):
            yield from (coding for coding in inner if isinstance(coding, Mapping))
        elif isinstance(inner, Mapping):
            yield inner
        elif "code" in codeable and not isinstance(codeable.get("code"), Mapping):
            yield codeable


def concepts_of(codeable: object) -> tuple[str, ...]:
    """Return the concepts of every coding that the table knows, in order, without repeats."""
    found = (TABLE.concept_of(coding.get("system"), coding.get("code")) for coding in codings_of(codeable))
    return tuple(dict.fromkeys(concept for concept in found if concept))


def is_a(concept: str, *names: str) -> bool:
    """True if the concept is one of the names or stands below one ("neuroblastoma" covers "neuroblastoma.adrenal")."""
    return any(concept == name or concept.startswith((f"{name}.", f"{name}(")) for name in names)


def code_for(concept: str, kind: type[CodeT]) -> CodeT:
    """Return the first code of a concept in one code system. Raises KnowledgeError where there is none."""
    for code in TABLE.codes(concept):
        if isinstance(code, kind):
            return code
    raise KnowledgeError(f"codes.csv: {concept} has no {kind.__name__}")


def code_named(concept: str, kind: type[CodeT], display: str) -> CodeT:
    """Return the one code of a concept whose display starts with `display`. Raises KnowledgeError otherwise."""
    found = [c for c in TABLE.codes(concept) if isinstance(c, kind) and c.display.lower().startswith(display.lower())]
    if len(found) != 1:
        raise KnowledgeError(
            f"codes.csv: {concept}: {len(found)} {kind.__name__} start with {display!r}, one is needed"
        )
    return found[0]


def text_of(codeable: object) -> str:
    """Return what a CodeableConcept says in words: text, then displays, joined by " | "; "" for anything else."""
    words = []
    if isinstance(codeable, Mapping) and isinstance(codeable.get("text"), str):
        words.append(codeable["text"])
    for coding in codings_of(codeable):
        display = coding.get("display")
        if isinstance(display, str):
            words.append(display)
    return " | ".join(dict.fromkeys(word.strip() for word in words if word.strip()))
