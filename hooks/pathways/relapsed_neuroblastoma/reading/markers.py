"""What the readers of single markers share: samples, topics, and how an answer becomes a Result.

Place in the flow: `mycn`, `alk`, `gd2` and `gene_groups` use it. May not: fold results.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from hooks.facts import vocabulary
from hooks.facts.fact import Confidence, Why
from hooks.facts.genomics import GENE_SYMBOLS
from hooks.facts.laboratory import Laboratory, Row
from hooks.facts.observations import Answer, Gate, answer_of, gate_of, note_of, value_text
from hooks.facts.reports import is_about_tissue, title_words
from hooks.facts.text import Polarity, TextReading, Topic, read_text
from hooks.facts.vocabulary import words
from hooks.pathways.relapsed_neuroblastoma.facts import Tissue
from hooks.pathways.relapsed_neuroblastoma.reading.results import Result, Sample, StateT
from hooks.record import Resource
from hooks.terminology.table import text_of

AMPLIFICATION = words("amplified amplification amplifications amp hetmna")
GAIN = words("gain gained gains")
MUTATION = words(
    "mutation mutations mutated mutant variant variants alteration alterations altered aberration aberrations aberrant"
)
FUSION = words("rearrangement rearrangements rearranged fusion fusions fused translocation")
WILD_TYPE = words("wildtype wt unmutated")
NORMAL = words("normal disomic disomy")
PROTEIN = words("protein ihc immunohistochemistry immunostain immunostaining expression expressed stain staining rna")
GENES = frozenset(symbol.lower() for symbol in GENE_SYMBOLS) - {"met"}
"""Gene symbols as lower-case words; MET is left out because it is also an English word."""
ARMS = frozenset(f"{number}{arm}" for number in (*range(1, 23), "x") for arm in "pq")
NAMED = GENES | ARMS | {"gd2", "segmental"}
"""Everything that a molecular report makes statements about: what one name is told of does not carry to the next."""

CAPPED = {Gate.TEXT_ONLY: Confidence.TEXT}


def sample_of(laboratory: Laboratory, observation: Resource) -> Sample:
    """Return source, date of collection and tissue of an Observation's result."""
    tissue = Tissue(laboratory.tissue_of(observation))
    return Sample(laboratory.source_of(observation), laboratory.date_of(observation), tissue)


def names(row: Row, symbol: str) -> bool:
    """True if the row's label names the gene; variants and their coded components are read elsewhere."""
    return symbol in row.symbols and not is_variant_itself(row)


def is_variant_itself(row: Row) -> bool:
    """True for the row of a variant Observation: its label only names the kind of test."""
    return row.element is row.observation and "genomic.variant.code" in row.concepts


def answer_in(row: Row, topic: Topic, *, asked: bool) -> Answer:
    """Return what the row answers; where its label does not ask for the finding, only words that name it count.

    "MYCN FISH performed: yes" answers for the test, "MYCN not amplified: yes" and a positive control for nobody.
    """
    label = own_label(row)
    if not _TURNING.isdisjoint(label):
        return Answer(Polarity.UNKNOWN, Confidence.TEXT, Why.INDETERMINATE)
    if asked and _OF_THE_TEST.isdisjoint(label):
        return answer_of(row.element, replace(topic, implied=True))
    reading = read_text(f"{value_text(row.element)} | {note_of(row.element)}", topic)
    return Answer(reading.polarity, Confidence.TEXT, reading.why)


def own_label(row: Row) -> frozenset[str]:
    """Return the words of the row's own code, without those of its panel."""
    return frozenset(re.findall(r"[a-z]+", text_of(row.element.get("code"))[:500].lower()))


_TURNING = (
    vocabulary.FORWARD | vocabulary.BACKWARD | vocabulary.HEDGES | vocabulary.words("absence exclude excluded")
) | (vocabulary.words("control controls quality qc consent history"))
_OF_THE_TEST = vocabulary.NOT_DONE | vocabulary.PENDING | vocabulary.words("complete completed received reviewed")


def gated(gate: Gate, sample: Sample) -> Result[StateT] | None:
    """Return the open result that a status makes of any answer, or None where the answer counts."""
    if gate is Gate.PENDING:
        return Result(sample=sample, why=Why.PENDING)
    return Result(sample=sample, why=Why.INDETERMINATE) if gate is Gate.UNSTATED else None


def unread(gate: Gate, sample: Sample, aspect: str = "") -> Result[StateT]:
    """Return the open result of what names the marker without an answer that can be read."""
    opened: Result[StateT] = gated(gate, sample) or Result(sample=sample, why=Why.UNREAD)
    return replace(opened, aspect=aspect)


def titled(laboratory: Laboratory, name: str, *, aspect: str = "") -> Iterator[Result[StateT]]:
    """Yield an open result for every report whose title names the marker, in lower case; an answer outweighs it."""
    for report in laboratory.reports:
        if name in title_words(report) and is_about_tissue(report):
            yield unread(gate_of(report), sample_of(laboratory, report), aspect)


def is_awaited(gate: Gate) -> bool:
    """True for a test whose result is still to come: it is pending even where it holds no value yet."""
    return gate is Gate.PENDING


def confidence_of(stated: Confidence, gate: Gate) -> Confidence:
    """Return the confidence that the status leaves: "unknown" makes everything text."""
    return CAPPED.get(gate, stated)


def is_open(answer: Answer | TextReading) -> bool:
    """True if the question was asked and not answered; a suspicion is no answer."""
    return answer.polarity in {Polarity.UNKNOWN, Polarity.SUSPECTED}
