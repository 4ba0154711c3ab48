"""Which drug a medication resource speaks of, in whatever form it says so.

Place in the flow: `hooks.facts.medications` asks for every order; codes first, then the Medication that is
referred to, then its ingredients, then names in text. May not: fall back from a local form to a name, or let
one anti-GD2 antibody pass for another.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain

from hooks.facts.fact import Confidence
from hooks.facts.wording import mappings_in, said_by
from hooks.record import PatientRecord, Resource
from hooks.terminology.drug_classes import members
from hooks.terminology.drug_names import match_in_text, without_purpose
from hooks.terminology.drugs import DrugMatch, ingredient_of, is_drug, join_matches, match_of
from hooks.terminology.table import codings_of, concepts_of, text_of

_DEEPEST_INGREDIENT = 2
_MOST_INGREDIENTS = 50
_ANTIBODIES = frozenset(members("anti_gd2_antibody"))
_BARE = "drug.dinutuximab"
_BETA = "drug.dinutuximab_beta"
_MOVED_CODE = "drug.dinutuximab_beta.atc_superseded"
_SOME_ANTIBODY = re.compile(
    r"\banti[- ]?gd-?2\b|\bch-?14\.18\b|\bdinutu\w+|\bnaxita\w+"
    r"|\bd[aei]n\w{0,4}tu\w{0,4}mab|\bnax\w{0,5}mab|\b[qk]u?ar[sz][aeiy]b\w*|\bdan[iy]el[sz]\w+|\bunit[iou][cx]i\w+",
    re.IGNORECASE,
)
"""Words that mean an anti-GD2 antibody, misspelt ones too, and, where no name was recognised, do not say which one."""


@dataclass(frozen=True, slots=True)
class DrugReading:
    """What a resource says about its drug.

    stated: False when it says nothing that is understood (no code on file, no text, a reference that leads nowhere).
    named: False when it says nothing at all, not even a code that is not on file.
    contradictory: code, text and instructions name different anti-GD2 antibodies; `drugs` then holds all of them.
    unnamed_antibody: it speaks of an anti-GD2 antibody and does not say which one.
    """

    match: DrugMatch
    confidence: Confidence
    text: str = ""
    stated: bool = True
    contradictory: bool = False
    unnamed_antibody: bool = False
    named: bool = True


@dataclass(frozen=True, slots=True)
class _Said:
    """The places where one resource may name its drug."""

    concepts: tuple[object, ...]
    ingredients: tuple[_Said, ...] = ()
    display: str = ""

    def texts(self) -> Iterator[str]:
        """Yield everything said in words, most direct first."""
        yield from filter(None, (text_of(concept) for concept in self.concepts))
        if self.display:
            yield self.display
        for ingredient in self.ingredients:
            yield from ingredient.texts()


def read_drug(resource: Resource, record: PatientRecord) -> DrugReading:
    """Return the drug of a MedicationRequest, -Administration, -Statement, -Dispense or MedicationOrder.

    Reads medication[x] of R4, STU3 and DSTU2, and the CodeableReference of R5. Never raises.
    """
    said = _said_by(resource, record)
    match, confidence = _match(said)
    texts = tuple(said.texts())
    match, confidence, contradictory = _settle_antibody(match, confidence, (*texts, *_instructions(resource)))
    label = next(filter(None, (*texts, *(said_by(concept) for concept in said.concepts))), "")
    unnamed = not match and any(_SOME_ANTIBODY.search(text) for text in texts)
    stated = bool(match) or bool(texts)
    named = stated or any(any(codings_of(concept)) for concept in said.concepts)
    return DrugReading(match, confidence, label, stated, contradictory, unnamed, named)


def _instructions(resource: Resource) -> Iterator[str]:
    """Yield what the dosage instructions say of the drug itself, not of what it is given for or after."""
    for entry in (*mappings_in(resource.get("dosageInstruction")), *mappings_in(resource.get("dosage"))):
        text = entry.get("text")
        if isinstance(text, str):
            yield without_purpose(text)


def _said_by(resource: Resource, record: PatientRecord) -> _Said:
    concepts: list[object] = [resource.get("medicationCodeableConcept")]
    references: list[object] = [resource.get("medicationReference")]
    either = resource.get("medication")
    if isinstance(either, Mapping):
        concepts.extend((either, either.get("concept")))
        references.append(either.get("reference") if isinstance(either.get("reference"), Mapping) else either)
    return _said_in(concepts, references, resource, record, 0)


def _said_in(
    concepts: list[object], references: list[object], root: Resource, record: PatientRecord, depth: int
) -> _Said:
    """Gather concepts and, through references, the Medication with its ingredients."""
    ingredients: list[_Said] = []
    displays = [_display(reference) for reference in references]
    for reference in references:
        medication = record.find(reference, root) if depth < _DEEPEST_INGREDIENT else None
        if medication is None:
            continue
        inner_root = root if _is_contained(reference) else medication
        concepts = [*concepts, medication.get("code")]
        ingredients.extend(_ingredients(medication, inner_root, record, depth + 1))
    return _Said(tuple(concepts), tuple(ingredients), next(filter(None, displays), ""))


def _ingredients(medication: Resource, root: Resource, record: PatientRecord, depth: int) -> Iterator[_Said]:
    product = medication.get("product")
    listed = medication.get("ingredient") or (product.get("ingredient") if isinstance(product, Mapping) else None)
    for entry in listed[:_MOST_INGREDIENTS] if isinstance(listed, list) else ():
        if isinstance(entry, Mapping):
            item = entry.get("item")
            concept = item.get("concept") if isinstance(item, Mapping) else None
            nested = item.get("reference") if isinstance(item, Mapping) else None
            reference = nested if isinstance(nested, Mapping) else item
            yield _said_in(
                [entry.get("itemCodeableConcept"), concept],
                [entry.get("itemReference"), reference],
                root,
                record,
                depth,
            )


def _is_contained(reference: object) -> bool:
    text = reference.get("reference") if isinstance(reference, Mapping) else reference
    return isinstance(text, str) and text.startswith("#")


def _display(reference: object) -> str:
    display = reference.get("display") if isinstance(reference, Mapping) else None
    return display.strip() if isinstance(display, str) else ""


def _match(said: _Said) -> tuple[DrugMatch, Confidence]:
    """Return the drug by code, else by the codes of the ingredients, else by local display, else by text."""
    coded = _coded(said)
    if coded:
        return coded, Confidence.CODED
    by_display = match_in_text(*chain.from_iterable(_local_displays(concept) for concept in said.concepts))
    if by_display:
        return by_display, Confidence.CODED_LOCAL
    return match_in_text(*said.texts()), Confidence.TEXT


def _coded(said: _Said) -> DrugMatch:
    own = match_of(concept for codeable in said.concepts for concept in concepts_of(codeable) if is_drug(concept))
    return own or join_matches(match for part in said.ingredients if (match := _coded(part)))


def _local_displays(codeable: object) -> Iterator[str]:
    """Yield the display of each Coding that has a code of its own."""
    for coding in codings_of(codeable):
        display, code = coding.get("display"), coding.get("code")
        if isinstance(display, str) and isinstance(code, str) and code.strip():
            yield display


def _settle_antibody(
    match: DrugMatch, confidence: Confidence, texts: tuple[str, ...]
) -> tuple[DrugMatch, Confidence, bool]:
    """Return the match with its antibody settled, its confidence, and whether its sources contradict each other.

    The bare name "dinutuximab" is also used for dinutuximab beta: beside a code or brand of beta it says nothing.
    The superseded ATC code has stood for both: beside it the words decide.
    """
    own = frozenset(match.drugs) & _ANTIBODIES
    if not own:
        return match, confidence, False
    named = [form for text in texts for form in match_in_text(text).forms if ingredient_of(form) in _ANTIBODIES]
    moved = match.forms == (_MOVED_CODE,) and bool(named) and _BETA not in map(ingredient_of, named)
    found = (frozenset() if moved else own) | {drug for form in named if (drug := ingredient_of(form))}
    if _BETA in found and not any(form.startswith(f"{_BARE}.") for form in (*match.forms, *named)):
        found -= {_BARE} if confidence is not Confidence.CODED or _BARE not in own else frozenset()
    drugs = (*sorted(found), *(drug for drug in match.drugs if drug not in _ANTIBODIES))
    contradictory = len(found) > 1
    settled = DrugMatch(drugs, match.forms, interchangeable=_alone(match, drugs) and not contradictory)
    return settled, Confidence.TEXT if moved or contradictory else confidence, contradictory


def _alone(match: DrugMatch, drugs: tuple[str, ...]) -> bool:
    """True for one drug by whatever names, or for what already satisfied an order."""
    return match.interchangeable or len(drugs) == 1
