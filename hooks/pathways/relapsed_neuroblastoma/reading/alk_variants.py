"""ALK in coded variants: sequence changes, copies and fusions as genomics reporting gives them.

Place in the flow: `alk` joins them with what rows and words say. May not: translate a change of DNA, or let the list
of hot spots outweigh the laboratory.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from hooks.facts.amounts import Amount
from hooks.facts.fact import Confidence, Why
from hooks.facts.genomics import Significance, VariantReading
from hooks.facts.laboratory import Laboratory
from hooks.facts.observations import Gate, gate_of
from hooks.facts.text import Polarity, Topic, read_text
from hooks.pathways.relapsed_neuroblastoma.facts import ALK
from hooks.pathways.relapsed_neuroblastoma.knowledge.disease import DISEASE
from hooks.pathways.relapsed_neuroblastoma.reading.markers import (
    AMPLIFICATION,
    FUSION,
    GAIN,
    MUTATION,
    NAMED,
    NORMAL,
    PROTEIN,
    WILD_TYPE,
    confidence_of,
    gated,
    is_awaited,
    is_open,
    sample_of,
)
from hooks.pathways.relapsed_neuroblastoma.reading.results import Result, Sample
from hooks.record import Resource

SYMBOL = "ALK"
_SUBJECT = frozenset({"alk"})
_OTHERS = NAMED - _SUBJECT


def _topic(findings: frozenset[str], normal: frozenset[str], others: frozenset[str], *, changes: bool = False) -> Topic:
    return Topic(
        findings=findings,
        subjects=_SUBJECT,
        others=_OTHERS,
        normal=normal,
        off_topic=PROTEIN | others,
        changes=changes,
        unread_opens=True,
    )


TOPICS = {
    "sequence": _topic(MUTATION, WILD_TYPE, FUSION | AMPLIFICATION | GAIN, changes=True),
    "copies": _topic(AMPLIFICATION, NORMAL, FUSION | MUTATION | GAIN),
    "fusion": _topic(FUSION, frozenset(), MUTATION | AMPLIFICATION | GAIN),
}
"""Aspect -> what a text is asked. Results of one aspect never contradict those of another."""

_METHODS = (
    ("sequence", re.compile(r"\bsequenc|\bngs\b|\bmutation|\bpanel\b|\bexome\b|\bgenome\b|\bpcr\b", re.IGNORECASE)),
    ("fusion", re.compile(r"\bfish\b|\bin[- ]situ hybridi|\bbreak[- ]?apart|\brearrangement|\bfusion", re.IGNORECASE)),
    ("copies", re.compile(r"\barrays?\b|\ba?cgh\b|\bmlpa\b|\bcopy[- ]number", re.IGNORECASE)),
)
"""Aspect -> words of a method or a label by which "absent" answers on it; a FISH or an array sees no mutation."""
_LEFT_OUT = re.compile(r"\b(?:not|without|except\w*|excluding)\b", re.IGNORECASE)
"""A label that says what was left out answers on the first aspect that it names alone."""
_PROTEIN_METHOD = re.compile(r"\bihc\b|\bimmuno-?\w*(?:chem|stain)", re.IGNORECASE)


def hotspot(change: str) -> ALK | None:
    """Return the state of a protein change that is known to activate; None for any other."""
    hotspots = DISEASE.alk_hotspots
    if change in hotspots.f1174:
        return ALK.F1174
    if change in hotspots.r1275q:
        return ALK.R1275Q
    return ALK.OTHER_ACTIVATING if change in hotspots.other else None


def gated_aspect(gate: Gate, sample: Sample, aspect: str) -> Result[ALK] | None:
    """Return the open result of one aspect that a status makes of any answer, or None."""
    found: Result[ALK] | None = gated(gate, sample)
    return replace(found, aspect=aspect) if found else None


def of_variant(observation: Resource, variant: VariantReading, laboratory: Laboratory) -> Iterator[Result[ALK]]:
    """Yield what one variant says of ALK; nothing for one of other genes, or a change that changes no protein."""
    if SYMBOL not in (*variant.genes.symbols, *variant.genes.in_conflict) or _is_of_protein(variant):
        return
    sample, gate = sample_of(laboratory, observation), gate_of(observation)
    says_nothing = variant.answer.polarity is Polarity.SILENT and not variant.describes_something
    for aspect in _aspects_of(variant):
        states, confidence = _variant_states(variant, aspect)
        if (says_nothing and not is_awaited(gate)) or (variant.silent and not states):
            return
        yield gated_aspect(gate, sample, aspect) or Result(
            sample=sample,
            states=states,
            why=_why_open(variant),
            confidence=confidence_of(confidence, gate),
            aspect=aspect,
            variant=variant.changes[0] if variant.changes else "",
            germline=variant.germline,
            frequency=variant.frequency,
        )


def _why_open(variant: VariantReading) -> Why:
    if is_open(variant.answer):
        return variant.answer.why
    return Why.UNTRANSLATED if _is_untranslated(variant) else Why.INDETERMINATE


def _is_untranslated(variant: VariantReading) -> bool:
    """True for a change of DNA alone, on which the laboratory gives no opinion: it may be a hot spot or silent."""
    named = variant.changes or variant.silent
    return variant.coding_change and not named and variant.significance is Significance.UNSTATED


def is_amplified(copies: Amount) -> bool:
    """True for a copy number that is certainly above the limit; a percentage counts cells."""
    certain = copies.comparator not in {"<", "<="} and not copies.is_share
    return certain and copies.value > DISEASE.alk_amplified_above.copies


def _is_told(variant: VariantReading, aspect: str) -> bool:
    return read_text(variant.told, replace(TOPICS[aspect], implied_subject=True)).polarity is Polarity.POSITIVE


def _is_of_protein(variant: VariantReading) -> bool:
    return _PROTEIN_METHOD.search(variant.method) is not None and not variant.describes_something


def _aspects_of(variant: VariantReading) -> tuple[str, ...]:
    """Return what the variant speaks of; of "absent" without a description all that its method and label name."""
    if not variant.describes_something and variant.answer.polarity is Polarity.NEGATIVE:
        seen = tuple(aspect for aspect, words in _METHODS if words.search(variant.method))
        return (seen[:1] if _LEFT_OUT.search(variant.method) else seen) or ("sequence",)
    return (_aspect_of(variant),)


def _aspect_of(variant: VariantReading) -> str:
    if variant.changes or variant.silent:
        return "sequence"
    if variant.is_fusion or _is_told(variant, "fusion"):
        return "fusion"
    return "copies" if variant.is_copy_change or _is_told(variant, "copies") else "sequence"


def _variant_states(variant: VariantReading, aspect: str) -> tuple[tuple[ALK, ...], Confidence]:
    """Return the states of one ALK variant and their confidence."""
    positive, confidence = _variant_positive(variant, aspect)
    answer = variant.answer.polarity
    if SYMBOL in variant.genes.in_conflict or answer is Polarity.CONFLICT:
        return ((positive or ALK.VUS), ALK.NEGATIVE), confidence
    if answer in {Polarity.UNKNOWN, Polarity.SUSPECTED, Polarity.SILENT} or variant.silent or variant.unsettled:
        return (), confidence
    if answer is Polarity.NEGATIVE:
        specific = bool(variant.changes) or variant.coding_change
        return (() if specific else (ALK.NEGATIVE,)), Confidence.CODED
    if len(variant.genes.symbols) > 1 and aspect != "fusion":
        return (), confidence
    return ((positive,) if positive else ()), confidence


def _variant_positive(variant: VariantReading, aspect: str) -> tuple[ALK | None, Confidence]:
    """Return what a present variant is: the laboratory's VUS or benign outweighs the list of hot spots."""
    coded, local = Confidence.CODED, Confidence.CODED_LOCAL
    if not variant.genes.coded:
        coded = local = Confidence.TEXT
    if aspect == "fusion":
        return ALK.FUSION, coded if variant.is_fusion else local
    if aspect == "copies":
        copies = variant.copies
        if _is_told(variant, "copies"):
            return ALK.AMPLIFIED, local
        return ALK.AMPLIFIED if copies is not None and is_amplified(copies) else None, Confidence.TEXT
    if _is_untranslated(variant):
        return None, coded
    if variant.significance in {Significance.UNCERTAIN, Significance.BENIGN, Significance.CONFLICTING}:
        return ALK.VUS, coded
    hotspots = [found for change in variant.changes if (found := hotspot(change))]
    if hotspots:
        return hotspots[0], coded if variant.named_change else local
    if variant.significance is Significance.PATHOGENIC:
        return ALK.OTHER_ACTIVATING, local
    return ALK.VUS, coded
