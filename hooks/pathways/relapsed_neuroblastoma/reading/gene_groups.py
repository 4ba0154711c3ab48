"""Other genes and arms: TP53 pathway, RAS-MAPK, TERT, ATRX, segmental chromosome changes.

Place in the flow: `molecular` asks for one group at a time. May not: call a group unaltered because some of its
genes are, or take a variant of uncertain significance for an alteration.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from hooks.facts.dates import Interval
from hooks.facts.fact import Confidence, Conflicting, Fact, Known, Unknown, Why
from hooks.facts.genomics import GENE_SYMBOLS, Significance, VariantReading
from hooks.facts.hgvs import protein_changes
from hooks.facts.laboratory import Laboratory, Row
from hooks.facts.observations import gate_of, has_value, note_of, value_text
from hooks.facts.spelling import spelled_alike
from hooks.facts.text import Polarity, Statement, TextReading, Topic, read_text
from hooks.facts.text import fold as fold_statements
from hooks.facts.vocabulary import words
from hooks.pathways.relapsed_neuroblastoma.facts import Altered, Molecular, Timing
from hooks.pathways.relapsed_neuroblastoma.knowledge.disease import DISEASE
from hooks.pathways.relapsed_neuroblastoma.reading.markers import (
    AMPLIFICATION,
    ARMS,
    FUSION,
    GAIN,
    MUTATION,
    NAMED,
    NORMAL,
    PROTEIN,
    WILD_TYPE,
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
from hooks.pathways.relapsed_neuroblastoma.reading.results import LOOKED_IN, Folding, Result, fold
from hooks.record import Resource

_FOLDING = Folding(negative=frozenset({Altered.NOT_ALTERED}))
_LOSS = words("loss lost losses deletion deleted deletions del")
_CHANGED = MUTATION | AMPLIFICATION | FUSION | _LOSS
_ARM_CHANGED = GAIN | _LOSS | words("imbalance unbalanced loh change changes") | MUTATION
_INTACT = WILD_TYPE | words("intact")
_ARM_NORMAL = NORMAL | words("intact retained balanced")
_BANDS = re.compile(r"\b(\d{1,2}[pq])\d{1,2}\b", re.IGNORECASE)
_NAME = re.compile(r"[a-z0-9]+")
_PATHWAY = re.compile(r"\bt?p53[-/ ]{1,3}(?:mdm2[-/ ]{1,3})?pathway\b", re.IGNORECASE)
_ARM_TESTS = {"1p": "1p.deletion"}
_GENE_TESTS = {"ATRX": "ATRX.mutation"}
_ALSO_WRITTEN = {"TP53": ("p53",)}
_SEGMENTAL = "segmental"
_ASKS = MUTATION | words("sequencing ngs analysis")
_ONE_BY_ONE = {*GENE_SYMBOLS, *ARMS}
"""What has a name of its own; a word for several ("RAS", "segmental") may stand for other things too."""


def read_group(laboratory: Laboratory, name: str, event: Interval | None) -> Fact[Molecular[Altered]]:
    """Return one gene group: altered if a gene is, not altered only if every gene was looked at and is not."""
    group = DISEASE.gene_groups[name]
    results = [result for symbol in group.genes for result in _of_gene(laboratory, symbol)]
    if group.words:
        topic = Topic(
            findings=_CHANGED,
            subjects=group.words,
            others=NAMED - group.words,
            normal=_INTACT,
            changes=True,
            unread_opens=True,
        )
        results.extend(_of_words(laboratory, topic, "group"))
        results.extend(_of_titles(laboratory, topic, "group"))
    return _joined(results, frozenset(group.genes), "group", event)


def read_segmental(laboratory: Laboratory, event: Interval | None) -> Fact[Molecular[Altered]]:
    """Return segmental chromosome changes: 1p, 11q, 17q and others."""
    any_arm = Topic(
        findings=_ARM_CHANGED, subjects=frozenset({_SEGMENTAL}), others=NAMED - {_SEGMENTAL}, unread_opens=True
    )
    results = [*_of_words(laboratory, any_arm, _SEGMENTAL), *_of_titles(laboratory, any_arm, _SEGMENTAL)]
    for arm in DISEASE.segmental.arms:
        own = frozenset({arm})
        topic = Topic(findings=_ARM_CHANGED, subjects=own, others=NAMED - own, normal=_ARM_NORMAL, unread_opens=True)
        results.extend(_of_words(laboratory, topic, arm))
        results.extend(_of_arm_tests(laboratory, arm))
    return _joined(results, DISEASE.segmental.complete, _SEGMENTAL, event)


def _joined(
    results: Iterable[Result[Altered]], needed: frozenset[str], whole: str, event: Interval | None
) -> Fact[Molecular[Altered]]:
    """Return one fact from results by gene or arm; `whole` is the aspect that speaks for all of them."""
    by_aspect: dict[str, list[Result[Altered]]] = {}
    for result in results:
        by_aspect.setdefault(result.aspect, []).append(result)
    facts = {aspect: fold(found, event, _FOLDING) for aspect, found in by_aspect.items()}
    known = {aspect: fact for aspect, fact in facts.items() if isinstance(fact, Known)}
    altered = [fact for fact in known.values() if fact.value.state is Altered.ALTERED]
    if altered:
        return min(altered, key=lambda fact: (fact.value.timing is not Timing.AT_RELAPSE, not fact.value.variant))
    if contradicting := [fact for fact in facts.values() if isinstance(fact, Conflicting)]:
        return contradicting[0]
    if whole in known:
        return known[whole]
    if known and needed.issubset(known):
        return max(known.values(), key=lambda fact: list(Timing).index(fact.value.timing))
    return _unanswered(facts.values())


def _unanswered(facts: Iterable[Fact[Molecular[Altered]]]) -> Unknown:
    """Return why the group has no answer; a part of it that is normal does not answer for the rest."""
    listed = tuple(facts)
    open_facts = [fact for fact in listed if isinstance(fact, Unknown)]
    if open_facts:
        return open_facts[0]
    sources = tuple(dict.fromkeys(source for fact in listed for source in fact.sources))
    day = max((fact.date for fact in listed if fact.date), default=None)
    return Unknown(Why.IN_PART if listed else Why.NOT_FOUND, LOOKED_IN, sources, day)


def _of_gene(laboratory: Laboratory, symbol: str) -> Iterator[Result[Altered]]:
    for observation, variant in laboratory.variants:
        yield from _of_variant(observation, variant, symbol, laboratory)
    coded_test = _GENE_TESTS.get(symbol)
    for row in laboratory.rows:
        if coded_test in row.concepts:
            yield from _of_row(row, laboratory, _gene_topic(symbol), symbol, coded=True)
        elif names(row, symbol) and not row.words & PROTEIN:
            yield from _of_row(row, laboratory, _gene_topic(symbol), symbol, coded=False)
    yield from _of_words(laboratory, _gene_topic(symbol), symbol)
    yield from titled(laboratory, symbol.lower(), aspect=symbol)


def _gene_topic(symbol: str) -> Topic:
    subject = frozenset({symbol.lower(), *_ALSO_WRITTEN.get(symbol, ())})
    return Topic(
        findings=_CHANGED,
        subjects=subject,
        others=NAMED - subject,
        normal=_INTACT,
        off_topic=PROTEIN,
        changes=True,
        unread_opens=True,
    )


def _of_row(row: Row, laboratory: Laboratory, topic: Topic, aspect: str, *, coded: bool) -> Iterator[Result[Altered]]:
    asked = coded or bool(row.words & (topic.findings | _ASKS))
    alone = coded or len(row.symbols) + len(_arms_in(row)) <= 1
    answer = answer_in(row, replace(topic, implied_subject=alone), asked=asked and alone)
    states = _states(answer.polarity)
    harmless = states == (Altered.ALTERED,) and _names_a_harmless_variant(row)
    if harmless:
        states = ()
    elif not states and not (asked and is_open(answer)) and not (alone and aspect in _ONE_BY_ONE and _tells(row)):
        return
    sample = sample_of(laboratory, row.observation)
    stated = answer.confidence if coded else Confidence.TEXT
    yield _aspect(gated(row.gate, sample), aspect) or Result(
        sample=sample,
        states=states,
        why=Why.INDETERMINATE if harmless else answer.why if is_open(answer) else Why.UNREAD,
        confidence=confidence_of(stated, row.gate),
        aspect=aspect,
        variant=_named(aspect, protein_changes(value_text(row.element)), states),
    )


def _tells(row: Row) -> bool:
    return has_value(row.element) or is_awaited(row.gate)


def _of_titles(laboratory: Laboratory, topic: Topic, aspect: str) -> Iterator[Result[Altered]]:
    """Yield what rows say whose label names the whole group and no gene or arm: "RAS pathway: no mutation"."""
    for row in laboratory.rows:
        label = frozenset(_NAME.findall(_spelled(row.label[:500]).lower()))
        if not label.isdisjoint(topic.subjects) and not row.symbols and not _arms_in(row):
            yield from _of_row(row, laboratory, topic, aspect, coded=False)


def _of_arm_tests(laboratory: Laboratory, arm: str) -> Iterator[Result[Altered]]:
    topic = Topic(findings=_ARM_CHANGED, normal=_ARM_NORMAL)
    for row in laboratory.rows:
        if _ARM_TESTS.get(arm, "-") in row.concepts:
            yield from _of_row(row, laboratory, topic, arm, coded=True)
        elif arm in _arms_in(row):
            yield from _of_row(row, laboratory, topic, arm, coded=False)


def _arms_in(row: Row) -> frozenset[str]:
    """Return the chromosome arms that a label names; a band (1p36) counts as its arm."""
    return frozenset(_BANDS.sub(r"\1", word) for word in row.words if word[0] in "x123456789") & ARMS


def _of_words(laboratory: Laboratory, topic: Topic, aspect: str) -> Iterator[Result[Altered]]:
    """Yield what conclusions and summaries say of one gene, arm or group."""
    for conclusion in laboratory.conclusions:
        reading = _fold_statements(_spelled(conclusion.text), topic)
        states = _states(reading.polarity)
        if not states and not is_open(reading) and reading.named and aspect in _ONE_BY_ONE:
            yield unread(conclusion.gate, sample_of(laboratory, conclusion.resource), aspect)
        if states or is_open(reading):
            changes = protein_changes(" ".join(sorted(reading.words)))
            sample = sample_of(laboratory, conclusion.resource)
            yield _aspect(gated(conclusion.gate, sample), aspect) or Result(
                sample=sample,
                states=states,
                why=reading.why,
                confidence=Confidence.TEXT,
                aspect=aspect,
                variant=_named(aspect, changes, states),
                moment=reading.moment,
            )


def _fold_statements(text: str, topic: Topic) -> TextReading:
    """Return what a text says, without what it says of the protein; harmless variants leave the question open."""
    whole = read_text(text, topic)
    said = [s for s in whole.statements if PROTEIN.isdisjoint(s.tokens) or not _GENETIC.isdisjoint(s.tokens)]
    return replace(fold_statements(tuple(_opened(statement) for statement in said)), named=whole.named)


def _opened(statement: Statement) -> Statement:
    harmless = statement.polarity is Polarity.POSITIVE and not _HARMLESS.isdisjoint(statement.tokens)
    return replace(statement, polarity=Polarity.UNKNOWN, why=Why.INDETERMINATE) if harmless else statement


_GENETIC = MUTATION | AMPLIFICATION | FUSION
_HARMLESS = words("vus benign polymorphism")


def _of_variant(
    observation: Resource, variant: VariantReading, symbol: str, laboratory: Laboratory
) -> Iterator[Result[Altered]]:
    disputed = symbol in variant.genes.in_conflict
    if (symbol not in variant.genes.symbols and not disputed) or variant.answer.polarity is Polarity.SILENT:
        return
    states = _states(Polarity.CONFLICT if disputed else variant.answer.polarity)
    if states == (Altered.ALTERED,) and not _is_alteration(variant):
        states = ()
    if states == (Altered.NOT_ALTERED,) and (variant.changes or variant.coding_change):
        return
    sample, gate = sample_of(laboratory, observation), gate_of(observation)
    yield _aspect(gated(gate, sample), symbol) or Result(
        sample=sample,
        states=states,
        why=variant.answer.why,
        confidence=confidence_of(Confidence.CODED if variant.genes.coded else Confidence.TEXT, gate),
        aspect=symbol,
        variant=_named(symbol, variant.changes, states),
        germline=variant.germline,
    )


def _is_alteration(variant: VariantReading) -> bool:
    """True unless silent, of uncertain significance or benign, a mere gain, or one of several genes at once."""
    harmless = {Significance.UNCERTAIN, Significance.BENIGN, Significance.CONFLICTING}
    if (
        variant.silent
        or variant.unsettled
        or variant.significance in harmless
        or "so.copy_number_gain" in variant.consequences
    ):
        return False
    if variant.copies is not None and "so.copy_number_loss" not in variant.consequences:
        return False
    return len(variant.genes.symbols) == 1 or variant.is_fusion


def _states(polarity: Polarity) -> tuple[Altered, ...]:
    match polarity:
        case Polarity.POSITIVE:
            return (Altered.ALTERED,)
        case Polarity.NEGATIVE:
            return (Altered.NOT_ALTERED,)
        case Polarity.CONFLICT:
            return (Altered.ALTERED, Altered.NOT_ALTERED)
    return ()


def _spelled(text: str) -> str:
    """Return the text with a band written as its arm, and the name of a pathway as one word."""
    return _PATHWAY.sub("p53pathway", _BANDS.sub(r"\1", text))


def _names_a_harmless_variant(row: Row) -> bool:
    said = spelled_alike(f"{value_text(row.element)} | {note_of(row.element)}")
    return not _HARMLESS.isdisjoint(re.findall(r"[a-z]+", said))


def _aspect(result: Result[Altered] | None, aspect: str) -> Result[Altered] | None:
    return replace(result, aspect=aspect) if result else None


def _named(aspect: str, changes: tuple[str, ...], states: tuple[Altered, ...]) -> str:
    """Return the finding's name ("TP53 R175H", "11q"); nothing for what is not altered."""
    if Altered.ALTERED not in states or aspect in {"group", _SEGMENTAL}:
        return ""
    return " ".join((aspect, *changes[:1]))
