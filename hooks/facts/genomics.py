"""Genomic variants as reported: genes, presence, protein change, copy number, consequence, significance, origin.

Place in the flow: disease readers turn variants into states. Reads genomics-reporting variants (LOINC 69548-6 by
its concept) with what other Observations say of them (derivedFrom, hasMember). May not: know a disease, take
"present" for amplified, or settle a code and a display that name different genes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from hooks.facts.amounts import Amount, Element, amount_of
from hooks.facts.hgvs import is_silent, protein_changes
from hooks.facts.observations import Answer, absent_reason, answer_of, components_of, has_value, value_text
from hooks.facts.text import Topic
from hooks.facts.wording import said_by
from hooks.record import Resource
from hooks.terminology.codes import HGNCCode
from hooks.terminology.table import TABLE, codings_of, concepts_of, is_a, normal_code, normal_system, text_of

_PRESENCE = Topic(findings=frozenset(), implied=True)
_GENE_PREFIX = "gene."
_NCBI = re.compile(r"\(NCBI gene (\d+)\)")
_NCBI_SYSTEMS = frozenset({"https://www.ncbi.nlm.nih.gov/gene", "http://www.ncbi.nlm.nih.gov/gene"})
_SYMBOL = re.compile(r"[A-Za-z0-9]+(?:-[A-Za-z]+)?")
_WRITTEN_OTHERWISE = {"NMYC": "MYCN", "N-MYC": "MYCN"}


class Significance(StrEnum):
    """53037-8 clinical significance, folded: likely pathogenic counts as pathogenic, likely benign as benign."""

    PATHOGENIC = "pathogenic"
    UNCERTAIN = "uncertain"
    BENIGN = "benign"
    CONFLICTING = "conflicting"
    UNSTATED = "unstated"


@dataclass(frozen=True, slots=True)
class Genes:
    """Gene symbols named. in_conflict: named by a code or its display where the two differ. coded: by a gene code."""

    symbols: tuple[str, ...] = ()
    in_conflict: tuple[str, ...] = ()
    coded: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class VariantReading:
    """One variant Observation with what others say of it.

    answer: present, absent, no call. changes: protein substitutions, one-letter. named_change: they come from the
    p.HGVS component, not from a free description. silent: p.= or p.?. copies: absolute copy number.
    consequences: concepts ("so.copy_number_gain"). frequency: variant allele fraction between 0 and 1, or None.
    coding_change: a c. or g.HGVS is given. unsettled: a component has a value and a dataAbsentReason.
    karyotype: ISCN text. told: description and consequences in words. method: how it was looked for, in words.
    """

    genes: Genes
    answer: Answer
    changes: tuple[str, ...] = ()
    named_change: bool = False
    silent: bool = False
    coding_change: bool = False
    unsettled: bool = False
    copies: Amount | None = None
    consequences: frozenset[str] = frozenset()
    significance: Significance = Significance.UNSTATED
    germline: bool = False
    frequency: float | None = None
    karyotype: str = ""
    told: str = ""
    method: str = ""

    @property
    def describes_something(self) -> bool:
        """True if a change, a copy number or a consequence is given, whatever the answer."""
        return bool(self.changes or self.coding_change or self.consequences) or self.copies is not None

    @property
    def is_fusion(self) -> bool:
        """True if a coded consequence or change type says fusion or translocation."""
        return any(is_a(item, "so.gene_fusion", "so.chromosomal_translocation") for item in self.consequences)

    @property
    def is_copy_change(self) -> bool:
        """True if a consequence, change type or number speaks of copies."""
        return self.copies is not None or any(item.startswith("so.copy_number") for item in self.consequences)


def is_variant(observation: Resource) -> bool:
    """True for a genetic variant assessment, or any Observation with a gene-studied component."""
    if "genomic.variant.code" in concepts_of(observation.get("code")):
        return True
    return any(
        "genomic.component.gene" in _concepts_of_component(component) for component in components_of(observation)
    )


def read_variant(observation: Resource, linked: Iterable[Resource] = ()) -> VariantReading:
    """Return one variant. `linked`: usable Observations derived from it or its members, read for their components."""
    by_concept: dict[str, list[Element]] = {}
    unsettled = False
    for resource in (observation, *linked):
        for component in components_of(resource):
            if absent_reason(component) is not None:
                unsettled = unsettled or has_value(component)
                continue
            for concept in _concepts_of_component(component):
                by_concept.setdefault(concept.removeprefix("genomic.component."), []).append(component)
    named = " | ".join(_all_words(by_concept.get("pHGVS", ())))
    changes = protein_changes(named) or protein_changes(named.replace(" ", ""))
    described = " | ".join(_all_words((*by_concept.get("variation-code", ()), *by_concept.get("cHGVS", ()))))
    genes = _joined_genes(genes_of(component) for component in by_concept.get("gene", ()))
    sources = by_concept.get("source-class", ())
    origin = _concepts_said(sources)
    return VariantReading(
        genes=genes if by_concept.get("gene") else Genes(gene_symbols(f"{named} | {described}")),
        answer=answer_of(observation, _PRESENCE),
        changes=changes or protein_changes(described),
        named_change=bool(changes),
        silent=is_silent(named) and not changes,
        coding_change=bool(by_concept.get("cHGVS") or by_concept.get("gHGVS")),
        unsettled=unsettled,
        copies=next(filter(None, (amount_of(item) for item in by_concept.get("copy-number", ()))), None),
        consequences=_concepts_said(_consequence_components(by_concept)),
        significance=_significance(by_concept.get("clinical-significance", ())),
        germline=("answer.germline" in origin or _says_germline(sources)) and "answer.somatic" not in origin,
        frequency=next(filter(None, (_fraction(item) for item in by_concept.get("vaf", ()))), None),
        karyotype=" | ".join(_all_words(by_concept.get("iscn", ()))),
        told=f"{described} | {' | '.join(_all_words(_consequence_components(by_concept)))}",
        method=" | ".join(said_by(observation.get(name)) for name in ("method", "code")),
    )


def _concepts_of_component(component: Element) -> tuple[str, ...]:
    """Return the concepts of a component's code; where the table knows none, that of its name ("Gene studied")."""
    code = component.get("code")
    if concepts := concepts_of(code):
        return concepts
    names = (name.split("[")[0].split("(")[0].strip().lower() for name in text_of(code)[:200].split(" | "))
    return tuple(_NAMED_COMPONENTS[name] for name in names if name in _NAMED_COMPONENTS)


_NAMED_COMPONENTS: Mapping[str, str] = {
    code.display.split("[")[0].split("(")[0].strip().lower(): concept
    for concept in TABLE.concepts()
    if concept.startswith("genomic.component.")
    for code in TABLE.codes(concept)
}
"""Names of components as their code system has them, without what stands in brackets."""


def _says_germline(components: Iterable[Element]) -> bool:
    words = " ".join(value_text(component) for component in components).lower().split()
    return "germline" in words and len(words) == 1


def genes_of(element: Element) -> Genes:
    """Return the genes that one gene-studied component names, by HGNC or NCBI code, else by text."""
    coded: list[str] = []
    disputed: list[str] = []
    for coding in codings_of([element.get("valueCodeableConcept"), element.get("valueCoding")]):
        by_code, is_gene_code = _gene_of(coding)
        by_display = gene_symbols(coding.get("display"))
        if is_gene_code and by_display and by_code not in by_display:
            disputed.extend((*([by_code] if by_code else ()), *by_display))
        elif by_code:
            coded.append(by_code)
    symbols = tuple(dict.fromkeys(coded))
    if disputed or len(symbols) > 1:
        return Genes((), tuple(dict.fromkeys((*symbols, *disputed))), coded=True)
    return Genes(symbols, (), coded=True) if symbols else Genes(gene_symbols(value_text(element)))


def gene_symbols(text: object) -> tuple[str, ...]:
    """Return the gene symbols of the table that stand in a text as words of their own, in order."""
    if not isinstance(text, str):
        return ()
    words = (match.group() for match in _SYMBOL.finditer(text[:2000]))
    found = (_WRITTEN_OTHERWISE.get(word.upper(), word.upper()) for word in _with_parts(words))
    return tuple(dict.fromkeys(word for word in found if word in GENE_SYMBOLS))


def _with_parts(words: Iterable[str]) -> Iterator[str]:
    for word in words:
        yield word
        if "-" in word and word.upper() not in _WRITTEN_OTHERWISE:
            yield from word.split("-")


def _gene_table() -> tuple[Mapping[str, str], frozenset[str]]:
    by_ncbi, symbols = {}, set()
    for concept in TABLE.concepts():
        if concept.startswith(_GENE_PREFIX):
            symbol = concept.removeprefix(_GENE_PREFIX)
            symbols.add(symbol)
            for code in TABLE.codes(concept):
                by_ncbi.update(dict.fromkeys(_NCBI.findall(code.display), symbol))
    return by_ncbi, frozenset(symbols)


_BY_NCBI, GENE_SYMBOLS = _gene_table()


def _gene_of(coding: Mapping[str, object]) -> tuple[str, bool]:
    """Return (symbol or "", whether the coding is a gene code at all, known here or not)."""
    system, code = coding.get("system"), coding.get("code")
    if not isinstance(system, str) or not isinstance(code, str):
        return "", False
    canonical = normal_system(system)
    if canonical == HGNCCode.SYSTEM:
        concept = TABLE.concept_of(canonical, normal_code(canonical, code)) or ""
        return concept.removeprefix(_GENE_PREFIX), True
    if canonical in _NCBI_SYSTEMS:
        return _BY_NCBI.get(code.strip(), ""), True
    return "", False


def _joined_genes(readings: Iterable[Genes]) -> Genes:
    listed = tuple(readings)
    return Genes(
        tuple(dict.fromkeys(symbol for genes in listed for symbol in genes.symbols)),
        tuple(dict.fromkeys(symbol for genes in listed for symbol in genes.in_conflict)),
        bool(listed) and all(genes.coded for genes in listed),
    )


def _all_words(components: Iterable[Element]) -> Iterator[str]:
    for component in components:
        for coding in codings_of([component.get("valueCodeableConcept"), component.get("valueCoding")]):
            code = coding.get("code")
            if isinstance(code, str):
                yield code
        if words := value_text(component):
            yield words


def _concepts_said(components: Iterable[Element]) -> frozenset[str]:
    return frozenset(
        concept
        for component in components
        for concept in concepts_of([component.get("valueCodeableConcept"), component.get("valueCoding")])
    )


def _consequence_components(by_concept: Mapping[str, list[Element]]) -> Iterator[Element]:
    for name in ("change-type", "genomic.tbd.molecular-consequence", "genomic.tbd.feature-consequence"):
        yield from by_concept.get(name, ())


_SIGNIFICANCES: Mapping[str, Significance] = {
    "answer.pathogenic": Significance.PATHOGENIC,
    "answer.likely_pathogenic": Significance.PATHOGENIC,
    "answer.uncertain_significance": Significance.UNCERTAIN,
    "answer.benign": Significance.BENIGN,
    "answer.presumed_benign": Significance.BENIGN,
}


_IN_WORDS = re.compile(
    r"\b(?:(uncertain|unknown|vus)|(benign|polymorphism)|(conflicting)|(pathogenic))\b", re.IGNORECASE
)
_BY_WORD = (Significance.UNCERTAIN, Significance.BENIGN, Significance.CONFLICTING, Significance.PATHOGENIC)


def _significance(components: Iterable[Element]) -> Significance:
    """Return the significance by its codes, else by its words; "not pathogenic" is not certain to be either."""
    listed = tuple(components)
    found = {_SIGNIFICANCES[concept] for concept in _concepts_said(listed) if concept in _SIGNIFICANCES}
    for component in () if found else listed:
        said = value_text(component)[:500]
        words = {_BY_WORD[(match.lastindex or 1) - 1] for match in _IN_WORDS.finditer(said)}
        denied = _DENIED.search(said) is not None
        found |= {Significance.UNCERTAIN} if denied else words
    if len(found) > 1:
        return Significance.CONFLICTING
    return found.pop() if found else Significance.UNSTATED


_DENIED = re.compile(r"\b(?:no|not|non)\b|\bnon", re.IGNORECASE)


def _fraction(component: Element) -> float | None:
    """Return the variant allele fraction; per cent only where the unit says so, an impossible number is None."""
    amount = amount_of(component)
    if amount is None:
        return None
    value = amount.value / 100 if amount.unit.strip() == "%" else amount.value
    return value if 0 <= value <= 1 else None
