"""Molecular results as rows: every Observation and component that may answer, with its specimen and what hangs on it.

Place in the flow: marker readers of a pathway take the rows and judge them. Reads Observations (also contained
ones, panels by hasMember, consequences by derivedFrom) and the reports that hold them. May not: know a disease.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from hooks.facts.amounts import Element
from hooks.facts.conditions import Verified, read_conditions
from hooks.facts.dates import Interval, collected, span, when
from hooks.facts.genomics import VariantReading, gene_symbols, is_variant, read_variant
from hooks.facts.observations import (
    Gate,
    absent_reason,
    components_of,
    gate_of,
    is_about_someone_else,
    value_text,
)
from hooks.facts.reports import conclusion_of, is_about_tissue, names_tissue_test
from hooks.facts.specimens import SpecimenClass, specimen_class
from hooks.facts.vocabulary import FAMILY
from hooks.record import PatientRecord, Resource, local_reference, once_per_record, reference_to
from hooks.terminology.table import concepts_of, is_a, text_of

_COMPONENT = "genomic.component."
_LONGEST_LABEL = 500
_SUMMARIES = (
    "genomic.overall_interpretation",
    "genomic.deldup_interpretation",
    "genomic.chromosome_copy_number_change",
    "genomic.panel",
    "genomic.report",
)


_DESCRIPTIONS = tuple(f"{_COMPONENT}{name}" for name in ("pHGVS", "cHGVS", "variation-code", "iscn"))
"""Components of a variant that some senders give as results of their own: "ALK p.Phe1174Leu"."""


@dataclass(frozen=True, slots=True)
class Row:
    """One thing that a laboratory says: the Observation itself, or one of its components.

    label: the words of its code; a component carries its panel's label behind its own. symbols: genes that the
    label names. words: its words, lower case, hyphens and slashes as blanks.
    """

    observation: Resource
    element: Element
    concepts: tuple[str, ...]
    label: str
    gate: Gate
    symbols: tuple[str, ...]
    words: frozenset[str]


_BLANKS = str.maketrans("-/,|():;[]", " " * 10)


def _row(observation: Resource, element: Element, label: str, gate: Gate) -> Row:
    concepts = concepts_of(element.get("code"))
    words = frozenset(label[:_LONGEST_LABEL].lower().translate(_BLANKS).split())
    return Row(observation, element, concepts, label, gate, gene_symbols(label), words)


@dataclass(frozen=True, slots=True)
class Conclusion:
    """Words that may hold several results at once: a report's conclusion, a summary's value, a problem's name."""

    resource: Resource
    text: str
    gate: Gate


class Laboratory:
    """The Observations of one record with their links."""

    def __init__(self, record: PatientRecord) -> None:
        self.record = record
        self._containers: dict[int, Resource] = {}
        self.observations = tuple(self._all_observations())
        self.reports = tuple(
            report for report in record.of_type("DiagnosticReport") if gate_of(report) is not Gate.DROPPED
        )

    @cached_property
    def rows(self) -> tuple[Row, ...]:
        """What may answer; dropped results and those about someone else are left out."""
        return tuple(self._rows())

    @cached_property
    def variants(self) -> tuple[tuple[Resource, VariantReading], ...]:
        """The genetic variants, each with what linked Observations say of it."""
        found = (item for item in self.observations if is_variant(item))
        return tuple((item, read_variant(item, self.linked_to(item))) for item in found)

    @cached_property
    def conclusions(self) -> tuple[Conclusion, ...]:
        """Conclusions of tissue and molecular reports, what summary Observations say, and words of the problem list."""
        reports = (
            Conclusion(report, text, gate_of(report))
            for report in self.reports
            if (text := conclusion_of(report)) and is_about_tissue(report)
        )
        summaries = (
            Conclusion(row.observation, text, row.gate)
            for row in self.rows
            if _is_summary(row) and absent_reason(row.element) is None and (text := value_text(row.element))
        )
        return (*reports, *summaries, *self._told_by_problems())

    def _told_by_problems(self) -> Iterator[Conclusion]:
        """Yield the words of Conditions that name a gene, as problem lists do; doubted ones are left out."""
        told = {
            reading.source: reading.words
            for reading in read_conditions(self.record)
            if reading.verified in {Verified.CONFIRMED, Verified.UNSTATED} and gene_symbols(reading.words)
        }
        for condition in self.record.of_type("Condition") if told else ():
            if text := told.get(reference_to(condition)):
                yield Conclusion(condition, text, Gate.USABLE)

    def _rows(self) -> Iterator[Row]:
        for observation in self.observations:
            label = text_of(observation.get("code"))
            gate = gate_of(observation)
            if not FAMILY.isdisjoint(label[:_LONGEST_LABEL].lower().translate(_BLANKS).split()):
                continue
            yield _row(observation, observation, label, gate)
            for component in components_of(observation):
                own = text_of(component.get("code"))
                row = _row(observation, component, f"{own} | {label}" if label else own, gate)
                of_variant = any(concept.startswith(_COMPONENT) for concept in row.concepts)
                if not of_variant and FAMILY.isdisjoint(row.words):
                    yield row

    def linked_to(self, observation: Resource) -> tuple[Resource, ...]:
        """Return the usable Observations derived from this one, and those it names as members or origin."""
        named = (
            *_references(observation, "hasMember", self.record),
            *_references(observation, "derivedFrom", self.record),
        )
        found = (*self._derived.get(reference_to(observation), ()), *(self._by_reference.get(name) for name in named))
        return tuple(
            item for item in found if item is not None and item is not observation and gate_of(item) is Gate.USABLE
        )

    def holders_of(self, observation: Resource) -> tuple[Resource, ...]:
        """Return what holds an Observation: the resource that contains it, panels, reports."""
        container = self._containers.get(id(observation))
        held_by = self._holders.get(reference_to(observation), ())
        return held_by if container is None else (container, *held_by)

    def source_of(self, observation: Resource) -> str:
        """Return the reference by which a card can name the result; that of the container for a contained one."""
        return reference_to(self._containers.get(id(observation), observation))

    def date_of(self, observation: Resource) -> Interval | None:
        """Return collection of the specimen (own, of what holds it, of what it holds), else effective[x].

        A report on old tissue is as old as the tissue of its results.
        """
        chain = (observation, *self.holders_of(observation))
        taken = (
            *(collected(item, self.record) for item in chain),
            span([day for item in self._results_of(observation) if (day := collected(item, self.record))]),
        )
        stated = (when(item, "effective") for item in chain)
        return next((found for found in (*taken, *stated) if found is not None), None)

    def tissue_of(self, observation: Resource) -> SpecimenClass:
        """Return the class of specimen, its own or that of what holds it."""
        chain = (observation, *self.holders_of(observation), *self._results_of(observation))
        return specimen_class(chain, self.record)

    def _results_of(self, holder: Resource) -> tuple[Resource, ...]:
        """Return the Observations that a report or panel holds."""
        named = (*_references(holder, "result", self.record), *_references(holder, "hasMember", self.record))
        return tuple(self._by_reference[name] for name in named if name in self._by_reference)

    def _all_observations(self) -> Iterator[Resource]:
        for resource in self.record.of_type("Observation", "DiagnosticReport"):
            if resource.get("resourceType") == "Observation" and self._counts(resource):
                yield resource
            contained = resource.get("contained")
            for item in contained if isinstance(contained, list) else ():
                if isinstance(item, Mapping) and item.get("resourceType") == "Observation" and self._counts(item):
                    self._containers[id(item)] = resource
                    yield item

    def _counts(self, observation: Resource) -> bool:
        return gate_of(observation) is not Gate.DROPPED and not is_about_someone_else(observation, self.record)

    @cached_property
    def _by_reference(self) -> Mapping[str, Resource]:
        return {reference_to(item): item for item in self.observations}

    @cached_property
    def _derived(self) -> Mapping[str, tuple[Resource, ...]]:
        return _holders_by_target(self.observations, "derivedFrom", self.record)

    @cached_property
    def _holders(self) -> Mapping[str, tuple[Resource, ...]]:
        panels = _holders_by_target(self.observations, "hasMember", self.record)
        reports = _holders_by_target(self.reports, "result", self.record)
        return {key: (*panels.get(key, ()), *reports.get(key, ())) for key in {*panels, *reports}}


def _is_summary(row: Row) -> bool:
    """True for a summary by code, and for a molecular or pathology result that is named after no gene."""
    own = row.element is row.observation
    if any(is_a(concept, *_SUMMARIES, *(_DESCRIPTIONS if own else ())) for concept in row.concepts):
        return True
    return own and not row.concepts and not row.symbols and names_tissue_test(row.label)


@once_per_record
def laboratory_of(record: PatientRecord) -> Laboratory:
    """Return the laboratory of a record."""
    return Laboratory(record)


def _holders_by_target(
    resources: tuple[Resource, ...], name: str, record: PatientRecord
) -> Mapping[str, tuple[Resource, ...]]:
    """Return what refers to each target by one element."""
    found: dict[str, list[Resource]] = {}
    for resource in resources:
        for target in _references(resource, name, record):
            found.setdefault(target, []).append(resource)
    return {target: tuple(holders) for target, holders in found.items()}


def _references(resource: Resource, name: str, record: PatientRecord) -> Iterator[str]:
    """Yield "Type/id" of every reference of one element; contained ("#") references are told by the container."""
    value = resource.get(name)
    for item in value if isinstance(value, list) else (value,):
        text = item.get("reference") if isinstance(item, Mapping) else item
        local = local_reference(text) if isinstance(text, str) else None
        if local is None and isinstance(text, str) and not text.startswith("#"):
            found = record.find(text)
            local = reference_to(found) if found is not None else None
        if local is not None:
            yield local
