"""MYCN: amplified, gain, not amplified or heterogeneous, from FISH, variants, local codes and reports.

Place in the flow: `molecular` folds the results. May not: read "present" or gain as amplified, protein as gene,
or a number as coded where the laboratory has not said what it means.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from hooks.facts.amounts import Amount, amount_of
from hooks.facts.fact import Confidence, Why
from hooks.facts.genomics import VariantReading
from hooks.facts.laboratory import Conclusion, Laboratory, Row, laboratory_of
from hooks.facts.observations import Answer, gate_of, has_value, note_of, value_text
from hooks.facts.text import Polarity, Topic, read_text
from hooks.pathways.relapsed_neuroblastoma.facts import MYCN
from hooks.pathways.relapsed_neuroblastoma.knowledge.engineering import ENGINEERING
from hooks.pathways.relapsed_neuroblastoma.reading.markers import (
    AMPLIFICATION,
    GAIN,
    NAMED,
    NORMAL,
    PROTEIN,
    answer_in,
    confidence_of,
    gated,
    is_awaited,
    is_open,
    names,
    sample_of,
    titled,
    unread,
)
from hooks.pathways.relapsed_neuroblastoma.reading.results import Folding, Result
from hooks.record import PatientRecord, Resource, once_per_record
from hooks.terminology.codes import LoincCode
from hooks.terminology.table import code_named, codings_of

FOLDING = Folding(negative=frozenset({MYCN.NOT_AMPLIFIED}))

_SYMBOL = "MYCN"
_TEST = "MYCN.amplification.test"
_QUALITATIVE = code_named(_TEST, LoincCode, "MYCN gene amplification").code
_RATIO = code_named(_TEST, LoincCode, "MYCN gene copy number/Chromosome 2").code
_COPIES = code_named(_TEST, LoincCode, "MYCN gene copy number/nucleus").code

_NAMES = frozenset({"mycn", "hetmna"})
_IN_TEXT = Topic(
    findings=AMPLIFICATION,
    subjects=_NAMES,
    others=NAMED - _NAMES,
    normal=NORMAL,
    off_topic=PROTEIN | GAIN,
    unread_opens=True,
)
_IN_A_ROW = replace(_IN_TEXT, implied_subject=True)
_GAIN = Topic(findings=GAIN, subjects=_NAMES, others=NAMED - _NAMES, implied_subject=True, unread_opens=True)
_GAIN_IN_TEXT = replace(_GAIN, implied_subject=False)
_ASKS = AMPLIFICATION | GAIN | {"fish", "cish"}
_HETEROGENEOUS = ("heterogen", "hetmna")
_KARYOTYPE_AMPLIFIED = re.compile(r"amp\s?\(\s?mycn\s?\)|\bish\b[^;\n]{0,40}\(\s?mycn\s?amp\b", re.IGNORECASE)
_KARYOTYPE_CARRIER = re.compile(r"dmin|hsr\s?\(\s?2\s?\)", re.IGNORECASE)
_SENTENCE = re.compile(r"[.;\n|](?:\s|$)|\n")
_LONGEST = 20_000
_KARYOTYPE_COPIES = re.compile(r"mycn\s?[x\u00d7]\s?(>?)\s?(\d{1,4})", re.IGNORECASE)


@once_per_record
def mycn_results(record: PatientRecord) -> tuple[Result[MYCN], ...]:
    """Return every statement on MYCN in the record."""
    return tuple(_results(laboratory_of(record)))


def _results(laboratory: Laboratory) -> Iterator[Result[MYCN]]:
    for row in laboratory.rows:
        if _TEST in row.concepts or names(row, _SYMBOL):
            yield from _of_row(row, laboratory)
    for observation, variant in laboratory.variants:
        yield from _of_variant(observation, variant, laboratory)
    for conclusion in laboratory.conclusions:
        yield from _of_text(conclusion, laboratory)
    yield from titled(laboratory, _SYMBOL.lower())


def _of_row(row: Row, laboratory: Laboratory) -> Iterator[Result[MYCN]]:
    """Yield what one test row says; a row on the protein says nothing."""
    words = row.words
    coded = _TEST in row.concepts
    if words & PROTEIN and not coded:
        return
    alone = _is_alone(row)
    asked = coded or (alone and bool(words & _ASKS))
    answer = answer_in(row, replace(_IN_TEXT, implied_subject=alone, na_denies=asked), asked=asked)
    stated = answer.confidence if coded else Confidence.TEXT
    states, why = _judged(answer, row, words)
    if answer.polarity is Polarity.SILENT:
        stated = Confidence.TEXT
    if not states and why is None and not (asked and is_awaited(row.gate)):
        return
    sample = sample_of(laboratory, row.observation)
    yield gated(row.gate, sample) or Result(
        sample=sample,
        states=states,
        why=why or Why.INDETERMINATE,
        confidence=confidence_of(stated, row.gate),
    )


def _is_alone(row: Row) -> bool:
    """True if the row is about this gene and no other."""
    return _TEST in row.concepts or row.symbols == (_SYMBOL,)


def _judged(answer: Answer, row: Row, words: frozenset[str]) -> tuple[tuple[MYCN, ...], Why | None]:
    """Return (states, why open); neither: the row does not speak of amplification or gain."""
    said = f"{value_text(row.element)} | {note_of(row.element)}"
    gain = read_text(said, _GAIN).polarity is Polarity.POSITIVE
    if words & GAIN and not words & AMPLIFICATION and _TEST not in row.concepts:
        return ((MYCN.GAIN,), None) if gain or answer.polarity is Polarity.POSITIVE else ((), None)
    match answer.polarity:
        case Polarity.CONFLICT:
            return (MYCN.AMPLIFIED, MYCN.NOT_AMPLIFIED), None
        case Polarity.POSITIVE if gain and not _names_amplification(said):
            return (MYCN.AMPLIFIED, MYCN.GAIN), None
        case Polarity.POSITIVE:
            return (amplified_as(said),), None
        case Polarity.NEGATIVE:
            return (MYCN.NOT_AMPLIFIED,), None
        case Polarity.UNKNOWN | Polarity.SUSPECTED:
            return (), answer.why
    if gain:
        return (MYCN.GAIN,), None
    if counted := _of_karyotype(said, names_gene=False):
        return counted, None
    amount = amount_of(row.element)
    if amount is None:
        return (), Why.INDETERMINATE if _is_unread(row, said) else None
    states = _of_amount(amount, _scale(row, words))
    return states, None if states else Why.INDETERMINATE


def _is_unread(row: Row, said: str) -> bool:
    """True if the row is about this gene alone and says something that nobody here understands."""
    answers = has_value(row.element) or bool(row.element.get("interpretation"))
    return answers and _is_alone(row) and PROTEIN.isdisjoint(said.lower().split())


def _names_amplification(said: str) -> bool:
    return any(word in said.lower() for word in AMPLIFICATION)


def amplified_as(said: str) -> MYCN:
    """Return heterogeneous where the words say so, else amplified."""
    lowered = said[:2000].lower()
    return MYCN.HETEROGENEOUS if any(word in lowered for word in _HETEROGENEOUS) else MYCN.AMPLIFIED


def _scale(row: Row, words: frozenset[str]) -> str:
    """Return what a number in the row counts: "ratio", "copies", or "" where nobody says."""
    codes = [coding.get("code") for coding in codings_of(row.element.get("code"))]
    if _RATIO in codes or (_TEST not in row.concepts and "ratio" in words):
        return "ratio"
    if _COPIES in codes or (_TEST not in row.concepts and words & {"copy", "copies"}):
        return "copies"
    return ""


def _of_amount(amount: Amount, scale: str) -> tuple[MYCN, ...]:
    """Return the state that a number without interpretation allows; none in the grey zone."""
    if scale == "ratio":
        return _by_limits(
            amount, ENGINEERING.fish_ratio_amplified.value, below=ENGINEERING.fish_ratio_normal_below.value
        )
    if scale == "copies":
        return of_copies(amount)
    return ()


def of_copies(amount: Amount) -> tuple[MYCN, ...]:
    """Return the state of an absolute copy number (engineering choice, text confidence)."""
    amplified, gain = ENGINEERING.copy_number_amplified.value, ENGINEERING.copy_number_gain.value
    found = _by_limits(amount, amplified, below=gain)
    if found == (MYCN.NOT_AMPLIFIED,) and not amount.comparator and amount.value > gain - 1:
        return ()
    if not found and not amount.comparator and not amount.is_share and amount.value >= gain:
        return (MYCN.GAIN,)
    return found


def _by_limits(amount: Amount, amplified_from: int, *, below: int) -> tuple[MYCN, ...]:
    """Return amplified from one limit on, not amplified below the other; a comparator must leave no doubt."""
    if amount.is_share:
        return ()
    if amount.value >= amplified_from and amount.comparator in {"", ">", ">="}:
        return (MYCN.AMPLIFIED,)
    normal_upper = amount.comparator == "<" and amount.value <= below
    highest = amount.value if amount.upper is None else amount.upper
    if normal_upper or (highest < below and amount.comparator in {"", "<="}):
        return (MYCN.NOT_AMPLIFIED,)
    return ()


def _of_variant(observation: Resource, variant: VariantReading, laboratory: Laboratory) -> Iterator[Result[MYCN]]:
    karyotype = _of_karyotype(variant.karyotype, names_gene=_SYMBOL in variant.genes.symbols)
    named = _SYMBOL in (*variant.genes.symbols, *variant.genes.in_conflict)
    if not named and not karyotype:
        return
    sample, gate = sample_of(laboratory, observation), gate_of(observation)
    states, confidence = karyotype, Confidence.TEXT
    if named:
        states, confidence = _variant_states(variant, karyotype)
    says_nothing = variant.answer.polarity is Polarity.SILENT and not variant.describes_something
    if not states and says_nothing and not is_awaited(gate):
        return
    yield gated(gate, sample) or Result(
        sample=sample,
        states=states,
        why=variant.answer.why if is_open(variant.answer) else Why.INDETERMINATE,
        confidence=confidence_of(confidence, gate),
    )


def _variant_states(variant: VariantReading, karyotype: tuple[MYCN, ...]) -> tuple[tuple[MYCN, ...], Confidence]:
    """Return the states of a variant of this gene: "present" alone, or with a protein change, is none."""
    answer = variant.answer.polarity
    told = read_text(f"{variant.told}", _IN_A_ROW).polarity
    if _SYMBOL in variant.genes.in_conflict or answer is Polarity.CONFLICT:
        return (MYCN.AMPLIFIED, MYCN.NOT_AMPLIFIED), Confidence.CODED
    if is_open(variant.answer) or len(variant.genes.symbols) > 1 or variant.unsettled:
        return (), Confidence.CODED
    if answer is Polarity.NEGATIVE:
        denied = told is not Polarity.SILENT or (variant.copies and of_copies(variant.copies) == (MYCN.NOT_AMPLIFIED,))
        return ((MYCN.NOT_AMPLIFIED,) if denied else ()), Confidence.TEXT
    if variant.copies is not None or karyotype:
        return karyotype or of_copies(variant.copies or Amount(0)), Confidence.TEXT
    if told is Polarity.POSITIVE:
        return (amplified_as(variant.told),), Confidence.CODED_LOCAL if variant.genes.coded else Confidence.TEXT
    if "so.copy_number_gain" in variant.consequences:
        return (MYCN.GAIN,), Confidence.CODED
    return (), Confidence.CODED


def _of_karyotype(karyotype: str, *, names_gene: bool) -> tuple[MYCN, ...]:
    """Return the state that ISCN text gives: amp(MYCN), MYCNx20~50; dmin and hsr(2) only beside the gene."""
    text = karyotype[:2000]
    if _KARYOTYPE_AMPLIFIED.search(text):
        return (MYCN.AMPLIFIED,)
    if counted := _KARYOTYPE_COPIES.search(text):
        return of_copies(Amount(float(counted.group(2)), counted.group(1)))
    named = names_gene or _SYMBOL in text.upper()
    return (MYCN.AMPLIFIED,) if named and _KARYOTYPE_CARRIER.search(text) else ()


def _of_text(conclusion: Conclusion, laboratory: Laboratory) -> Iterator[Result[MYCN]]:
    """Yield what a report's conclusion says: amplification first, gain where it is silent on that."""
    text = conclusion.text
    reading = read_text(text, _IN_TEXT)
    states: tuple[MYCN, ...] = ()
    match reading.polarity:
        case Polarity.SILENT:
            named, reading = reading.named, read_text(text, _GAIN_IN_TEXT)
            states = (MYCN.GAIN,) if reading.polarity is Polarity.POSITIVE else _of_karyotype(text, names_gene=False)
            if not states:
                if named:
                    yield unread(conclusion.gate, sample_of(laboratory, conclusion.resource))
                return
        case Polarity.CONFLICT:
            states = (MYCN.AMPLIFIED, MYCN.NOT_AMPLIFIED)
        case Polarity.POSITIVE:
            states = (amplified_as(_sentences_on_mycn(text)),)
        case Polarity.NEGATIVE:
            states = (MYCN.NOT_AMPLIFIED,)
    sample = sample_of(laboratory, conclusion.resource)
    yield gated(conclusion.gate, sample) or Result(
        sample=sample, states=states, why=reading.why, confidence=Confidence.TEXT, moment=reading.moment
    )


def _sentences_on_mycn(text: str) -> str:
    """Return the sentences that name the gene, brackets and all: "amplified in a subset (heterogeneous)"."""
    return " | ".join(
        part for part in _SENTENCE.split(text[:_LONGEST]) if "myc" in part.lower() or "mna" in part.lower()
    )
