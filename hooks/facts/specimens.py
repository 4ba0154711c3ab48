"""Which tissue a result was measured on: tumour, marrow, blood, or the chart does not say.

Place in the flow: molecular readers group results by it. May not: guess a tissue from the kind of test.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum

from hooks.facts.dates import origins_of, specimens_of
from hooks.record import PatientRecord, Resource
from hooks.terminology.table import concepts_of, is_a, text_of


class SpecimenClass(StrEnum):
    """Class of specimen; a marrow or blood negative never overrides a tumour positive."""

    TUMOUR = "tumour"
    MARROW = "marrow"
    BLOOD = "blood"
    UNKNOWN = "unknown"


_WORD = re.compile(r"[a-z]+")
_MARROW = frozenset({"marrow"})
_BLOOD = frozenset("blood plasma serum ctdna cfdna buccal saliva leukocytes leucocytes lymphocytes".split())  # noqa: SIM905
_TUMOUR = frozenset("tumor tumour tissue biopsy resection ffpe mass lesion metastasis neoplasm node".split())  # noqa: SIM905


def specimen_class(resources: Iterable[Resource], record: PatientRecord) -> SpecimenClass:
    """Return the class of the first of these results (an Observation, then the reports that hold it) that tells it."""
    for resource in resources:
        for specimen in specimens_of(resource, record):
            classes = (_of_specimen(item) for item in (specimen, *origins_of(specimen, record)))
            found = next((kind for kind in classes if kind is not SpecimenClass.UNKNOWN), SpecimenClass.UNKNOWN)
            if found is not SpecimenClass.UNKNOWN:
                return found
        found = _of_words([*_displays(resource.get("specimen")), text_of(resource.get("bodySite"))])
        if "body_site.bone_marrow" in concepts_of(resource.get("bodySite")):
            found = SpecimenClass.MARROW
        if found is not SpecimenClass.UNKNOWN:
            return found
    return SpecimenClass.UNKNOWN


def _of_specimen(specimen: Resource) -> SpecimenClass:
    collection = specimen.get("collection")
    site = collection.get("bodySite") if isinstance(collection, Mapping) else None
    concepts = (*concepts_of(specimen.get("type")), *concepts_of(site))
    for names, found in (
        (("specimen.marrow", "body_site.bone_marrow"), SpecimenClass.MARROW),
        (("specimen.tumor",), SpecimenClass.TUMOUR),
        (("specimen.blood",), SpecimenClass.BLOOD),
    ):
        if any(is_a(concept, *names) for concept in concepts):
            return found
    return _of_words([text_of(specimen.get("type")), text_of(site)])


def _of_words(texts: Iterable[str]) -> SpecimenClass:
    words = {word for text in texts for word in _WORD.findall(text[:500].lower())}
    if words & _MARROW:
        return SpecimenClass.MARROW
    if words & _TUMOUR:
        return SpecimenClass.TUMOUR
    return SpecimenClass.BLOOD if words & _BLOOD else SpecimenClass.UNKNOWN


def _displays(references: object) -> Iterator[str]:
    for reference in references if isinstance(references, list) else (references,):
        display = reference.get("display") if isinstance(reference, Mapping) else None
        if isinstance(display, str):
            yield display
