"""Drug names in text: which drugs a text names, by whole words, the longest name first.

Place in the flow: the last resort of the readers, after codes; names come from the terminology table and from
`drug_names.csv` (each with its source). May not: match inside a word, read a scan as a therapy, or let one
anti-GD2 antibody pass for another.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping

from hooks.errors import KnowledgeError
from hooks.terminology.drugs import Counts, DrugMatch, counts_for, ingredient_of, match_of
from hooks.terminology.table import FOLDER, TABLE, Table

_SEGMENT = re.compile(r"^(?P<base>drug\.[^.(]+)(?:\.(?P<form>.+))?$")
_GREEK = str.maketrans({"\N{GREEK SMALL LETTER BETA}": "beta", "\N{GREEK SMALL LETTER ALPHA}": "alpha"})
_WORD = re.compile(r"[^\W_]+|[,;:|\n]")
_DISPLAY_TAIL = re.compile(r"\s*(\((IN|PIN|MIN|BN;[^)]*|substance|human)\).*|, USP.*)$")
_BRAND = re.compile(r"\[([^\[\]]+)\] \(SBD\)$")
"""The brand of a product, as RxNorm writes it at the end of the product's name."""
_UNBRANDED_FORM = "product_emergency"
_NAMED_FORMS = ("brand", "substance", "sct_product_old", "levoketoconazole")
_UNNAMED_FORM = "brand_emergency"
"""Brands of one-dose contraceptives are everyday words ("My Way", "React")."""
_SHORTEST_NAME = 5
"""Shorter names ("Ery", "DOK") occur inside ordinary text."""
_LONG_WORD = 7
"""Letters from which the last e of a word is no part of a drug's name."""


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


_LOCAL_WORDS = _words(
    "ophthalmic ocular conjunctival eye otic auricular ear topical cutaneous cream ointment lotion shampoo foam gel "
    "paste pad rectal rectum enema suppository nasal intranasal nebulised nebulized inhaled inhalation inhaler vaginal "
    "intravitreal intrauterine "
    "intraocular dermal"
)
_INHALED_WORDS = _words("nebulised nebulized inhaled inhalation inhaler")
_ORAL = _words("oral")
"""An inhaler is also said to be for oral inhalation."""
_SYSTEMIC_WORDS = _words(
    "oral capsule capsules tablet tablets injection injectable infusion intravenous iv syrup subcutaneous "
    "intramuscular im"
)
_SCAN_WORDS = _words("scan scans scintigraphy scintigram spect imaging diagnostic study views uptake")
_PURPOSE_WORDS = _words("for during before prior after")
"""What follows one of these is what the drug is given for ("gabapentin for dinutuximab beta")."""
_OTHER_FORM_WORDS: Mapping[str, str] = {
    "liposom": "product_liposomal(",
    "bound": "product_protein_bound(",
    "enacarbil": "product_enacarbil(",
    "rectal": "_rectal(",
    "rectum": "_rectal(",
    "enema": "_rectal(",
    "suppositor": "_rectal(",
    "nasal": "_nasal(",
    "intranasal": "_nasal(",
}
_MIBG = "drug.iobenguane_I131"
_DIAGNOSTIC_MIBG = "drug.iobenguane_I131.atc_diagnostic(NOT therapy)"
_NO_DRUG = ""
_LOOK_ALIKES = (
    "IL-2 receptor",
    "interleukin-2 receptor",
    "anti-IL-2",
    "IL2 receptor",
    "anti-IL2",
    "anti-GM-CSF",
    "GM-CSF receptor",
)


def words_of(text: str) -> tuple[str, ...]:
    """Return the words of a text, folded so that spelling variants meet (case, accents, Greek letters, superscripts).

    Commas and the like stay as words of their own, so that no name reaches across them.
    """
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    return tuple(
        _WORD.findall("".join(letter for letter in plain if not unicodedata.combining(letter)).translate(_GREEK))
    )


def without_purpose(text: str) -> str:
    """Return the words of a text up to the first that says what something is given for, or when."""
    words = words_of(text)
    return " ".join(words[: _purpose_in(words)])


def _purpose_in(words: tuple[str, ...]) -> int:
    return next((place for place, word in enumerate(words) if word in _PURPOSE_WORDS), len(words))


def _stem(word: str) -> str:
    """Return a long word without its last e: languages write the same name with and without it (Dexamethason)."""
    return word.removesuffix("e") if len(word) >= _LONG_WORD else word


class NameIndex:
    """Drug names by their first word, the longest first, so that one pass over a text finds them all."""

    def __init__(self, names: Iterable[tuple[str, str]]) -> None:
        self._by_first: dict[str, list[tuple[tuple[str, ...], str]]] = {}
        seen: dict[tuple[str, ...], str] = {}
        for name, concept in names:
            words = tuple(map(_stem, words_of(name)))
            if not words:
                raise KnowledgeError(f"drug names: {concept} has a name without letters")
            if seen.setdefault(words, concept) == concept:
                self._by_first.setdefault(words[0], []).append((words, concept))
            elif ingredient_of(seen[words]) != ingredient_of(concept):
                raise KnowledgeError(f"drug names: {name} stands for {seen[words]} and for {concept}")
        for entries in self._by_first.values():
            entries.sort(key=lambda entry: -len(entry[0]))

    def find(self, words: tuple[str, ...]) -> Iterator[str]:
        """Yield the concept of each name found, left to right, none inside another."""
        words = tuple(map(_stem, words))
        position = 0
        while position < len(words):
            for name, concept in self._by_first.get(words[position], ()):
                if words[position : position + len(name)] == name:
                    if concept != _NO_DRUG:
                        yield concept
                    position += len(name)
                    break
            else:
                position += 1


def _names() -> Iterator[tuple[str, str]]:
    for concept in TABLE.concepts():
        segments = _SEGMENT.match(concept)
        if segments is None:
            continue
        form = segments["form"] or ""
        if form and (not form.startswith(_NAMED_FORMS) or form.startswith(_UNNAMED_FORM)):
            continue
        yield segments["base"].removeprefix("drug.").replace("_", " "), segments["base"]
        for code in TABLE.codes(concept):
            name = _DISPLAY_TAIL.sub("", code.display)
            if len(name) >= _SHORTEST_NAME:
                yield name, concept
    with (FOLDER / "drug_names.csv").open(encoding="utf-8", newline="") as file:
        yield from further_names(csv.DictReader(file))
    yield from ((name, _NO_DRUG) for name in _LOOK_ALIKES)


def brand_names(table: Table) -> Iterator[tuple[str, str]]:
    """Yield the brands that only the names of products say, each with what all its products have in common.

    Products of one form give that form; of several forms of one drug the drug itself, and the other words of an
    order say which. A brand of two drugs would be a name of both, and no index takes that.
    """
    forms: dict[str, dict[str, None]] = {}
    for concept in table.concepts():
        segments = _SEGMENT.match(concept)
        if segments is None or (segments["form"] or "").startswith(_UNBRANDED_FORM):
            continue
        for code in table.codes(concept):
            if (brand := _BRAND.search(code.display)) and len(brand[1]) >= _SHORTEST_NAME:
                forms.setdefault(brand[1], {})[concept] = None
    for name, found in forms.items():
        drugs = dict.fromkeys(concept.partition(".product")[0] for concept in found)
        yield from ((name, concept) for concept in (found if len(found) == 1 else drugs))


def further_names(rows: Iterable[Mapping[str, str]]) -> Iterator[tuple[str, str]]:
    """Yield the names of `drug_names.csv`. Raises KnowledgeError for an unknown concept or a missing source."""
    for row in rows:
        if not row["source"] or not TABLE.codes(row["concept"]):
            raise KnowledgeError(f"drug_names.csv: {row['name']}: a known concept and a source are needed")
        yield row["name"], row["concept"]


def _other_forms() -> Iterator[tuple[str, str]]:
    """Yield (ingredient, form) of every bracketed form of the table."""
    for concept in TABLE.concepts():
        segments = _SEGMENT.match(concept)
        if segments is not None and counts_for(concept) is not Counts.ORDER:
            yield segments["base"], concept


def _combinations() -> Iterator[tuple[frozenset[str], str]]:
    """Yield the parts of every fixed combination that the table has as one drug ("paracetamol_codeine")."""
    known = set(TABLE.concepts())
    for concept in known:
        parts = frozenset(f"drug.{part}" for part in concept.removeprefix("drug.").split("_"))
        if len(parts) > 1 and parts <= known:
            yield parts, concept
    yield frozenset({"drug.co_trimoxazole", "drug.trimethoprim"}), "drug.co_trimoxazole"


def _all_names() -> Iterator[tuple[str, str]]:
    """Yield the names of the table and of `drug_names.csv`, and the brands that they leave open."""
    listed = tuple(_names())
    taken = {words_of(name) for name, _ in listed}
    yield from listed
    yield from ((name, concept) for name, concept in brand_names(TABLE) if words_of(name) not in taken)


INDEX = NameIndex(_all_names())
_COMBINATIONS = dict(_combinations())
_FORMS: dict[str, list[str]] = {}
for _base, _form in _other_forms():
    _FORMS.setdefault(_base, []).append(_form)


def match_in_text(*texts: str) -> DrugMatch:
    """Return the drugs that the texts of one order name together, in order of appearance.

    Fixed combinations come as the table has them; any other text that names two drugs is a mixture whose
    parts count as exposure only. A text that says a local form of a drug that has one names no drug. What a
    drug is given for is no drug of the order.
    """
    forms: dict[str, None] = {}
    for text in texts:
        words = words_of(text)
        said = frozenset(words)
        named = dict.fromkeys(INDEX.find(words[: _purpose_in(words)])) or dict.fromkeys(INDEX.find(words))
        forms.update(dict.fromkeys(_as_worded(concept, said) for concept in named))
    drugs = _combined(tuple(dict.fromkeys(drug for form in forms if (drug := ingredient_of(form)))))
    alone = all(counts_for(form) is Counts.ORDER for form in forms) and len(drugs) <= 1
    return DrugMatch(drugs, tuple(forms), interchangeable=alone)


def given_by(match: DrugMatch, route: str) -> DrugMatch:
    """Return the match as the route makes it: a drug named without its form, given into the eye, is a local form.

    Products and brands carry their own form; no route changes them.
    """
    words = frozenset(words_of(route))
    forms = tuple(_as_worded(form, words) if _is_formless(form) else form for form in match.forms)
    return match if forms == match.forms else match_of(forms)


def _is_formless(concept: str) -> bool:
    return concept == ingredient_of(concept)


def _as_worded(concept: str, words: frozenset[str]) -> str:
    """Return the form of the drug that the other words of the text speak of."""
    base = ingredient_of(concept)
    if base == _MIBG and words & _SCAN_WORDS:
        return _DIAGNOSTIC_MIBG
    forms = _FORMS.get(base or "", ())
    for word, part in _OTHER_FORM_WORDS.items():
        if any(said.startswith(word) for said in words) and (worded := [form for form in forms if part in form]):
            return worded[0]
    systemic = _SYSTEMIC_WORDS - _ORAL if words & _INHALED_WORDS else _SYSTEMIC_WORDS
    if words & _LOCAL_WORDS and not words & systemic:
        for form in forms:
            if counts_for(form) is Counts.NOTHING:
                return form
    return concept


def _combined(drugs: tuple[str, ...]) -> tuple[str, ...]:
    for parts, whole in _COMBINATIONS.items():
        if parts <= set(drugs):
            return (whole, *(drug for drug in drugs if drug not in parts and drug != whole))
    return drugs
