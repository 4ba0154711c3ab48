"""ALK: hot-spot mutation, other activating change, amplification, fusion, VUS or negative.

Place in the flow: `molecular` folds sequence, copies and fusion apart and joins them. May not: take a residue
for a finding where ALK does not stand beside it, or a rearrangement test for an answer on mutations.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from hooks.facts import vocabulary
from hooks.facts.dates import Interval
from hooks.facts.fact import Confidence, Conflicting, Fact, Known, Unknown, Why
from hooks.facts.hgvs import protein_changes, told_frequency
from hooks.facts.laboratory import Conclusion, Laboratory, Row
from hooks.facts.observations import Answer, has_value, note_of, value_text
from hooks.facts.spelling import spelled_alike
from hooks.facts.text import Polarity, TextReading, Topic, read_text
from hooks.pathways.relapsed_neuroblastoma.facts import ABERRANT_ALK, ALK, Molecular, Timing
from hooks.pathways.relapsed_neuroblastoma.reading.alk_variants import SYMBOL, TOPICS, gated_aspect, hotspot, of_variant
from hooks.pathways.relapsed_neuroblastoma.reading.markers import (
    AMPLIFICATION,
    FUSION,
    MUTATION,
    PROTEIN,
    answer_in,
    confidence_of,
    is_awaited,
    is_open,
    names,
    sample_of,
    titled,
    unread,
)
from hooks.pathways.relapsed_neuroblastoma.reading.results import LOOKED_IN, Folding, Result, fold

_FUSION_TEST = "ALK.rearrangement.test(fusion/FISH: NOT the neuroblastoma point mutation)"
_FOUND = (ALK.F1174, ALK.R1275Q, ALK.OTHER_ACTIVATING, ALK.FUSION, ALK.AMPLIFIED, ALK.VUS)
_FOLDING = Folding(negative=frozenset({ALK.NEGATIVE}), coexisting=_FOUND)
_ASPECT_WORDS = {"sequence": "mutation", "copies": "copy number", "fusion": "fusion"}
_LABELS = {
    "sequence": MUTATION | {"sequencing", "sequence", "ngs", "hotspot", "exon"},
    "copies": AMPLIFICATION | {"copy", "copies"},
    "fusion": FUSION | {"break"},
}

_NOT_PATHOGENIC = frozenset({"vus", "benign", "polymorphism"})
_PATHOGENIC = frozenset({"pathogenic", "activating", "oncogenic"})


def read_alk(laboratory: Laboratory, event: Interval | None) -> Fact[Molecular[ALK]]:
    """Return ALK: aberrant findings first, those at the event before older ones, further ones in `also`."""
    results = tuple(alk_results(laboratory))
    facts = [fold([r for r in results if r.aspect == aspect], event, _FOLDING) for aspect in TOPICS]
    contradicting = [fact for fact in facts if isinstance(fact, Conflicting)]
    known = sorted((fact for fact in facts if isinstance(fact, Known)), key=_rank)
    if contradicting and not (known and known[0].value.state in ABERRANT_ALK):
        return contradicting[0]
    if not known:
        return _most_telling([fact for fact in facts if isinstance(fact, Unknown)])
    lead, sequence = known[0], facts[0]
    if lead.value.state is ALK.NEGATIVE and lead is not sequence:
        asked = isinstance(sequence, Unknown) and sequence.why is not Why.NOT_FOUND
        return sequence if asked else Unknown(Why.PARTLY_TESTED, LOOKED_IN, lead.sources, lead.date)
    if lead.value.state is ALK.NEGATIVE:
        untested = tuple(_ASPECT_WORDS[a] for a, fact in zip(TOPICS, facts, strict=True) if isinstance(fact, Unknown))
        lead = replace(lead, value=replace(lead.value, untested=untested))
    disputed = [aspect for aspect, fact in zip(TOPICS, facts, strict=True) if isinstance(fact, Conflicting)]
    return _joined(lead, known[1:], results, disputed)


def _rank(fact: Known[Molecular[ALK]]) -> tuple[bool, bool, int]:
    state = fact.value.state
    order = _FOUND.index(state) if state in _FOUND else len(_FOUND)
    return state not in ABERRANT_ALK, fact.value.timing is not Timing.AT_RELAPSE, order


def _most_telling(facts: Iterable[Unknown]) -> Unknown:
    listed = tuple(facts)
    return next((fact for fact in listed if fact.why is not Why.NOT_FOUND), listed[0])


def _joined(
    lead: Known[Molecular[ALK]],
    others: Iterable[Known[Molecular[ALK]]],
    results: Iterable[Result[ALK]],
    disputed: Iterable[str],
) -> Known[Molecular[ALK]]:
    """Return the leading fact with the findings of other aspects in `also`, and older ones in `earlier`."""
    also, earlier, sources = list(lead.value.also), list(lead.value.earlier), list(lead.sources)
    for fact in others:
        if fact.value.state is ALK.NEGATIVE:
            continue
        if fact.value.timing is lead.value.timing:
            also.append(fact.value.state)
            sources.extend(fact.sources)
        else:
            day = fact.date.isoformat() if fact.date else "undated"
            earlier.append(f"{str(fact.value.state).replace('_', ' ')}, {day}")
    earlier.extend(f"{aspect}: sources disagree" for aspect in disputed)
    germline = lead.value.germline or any(result.germline and result.states for result in results)
    value = replace(lead.value, also=tuple(also), earlier=tuple(earlier), germline=germline)
    return replace(lead, value=value, sources=tuple(dict.fromkeys(sources)))


def alk_results(laboratory: Laboratory) -> Iterator[Result[ALK]]:
    """Yield every statement on ALK in the record, by aspect."""
    for row in laboratory.rows:
        if _FUSION_TEST in row.concepts:
            yield from _of_row(row, laboratory, "fusion", coded=True)
        elif names(row, SYMBOL) and not row.words & PROTEIN:
            found = [result for aspect in TOPICS for result in _of_row(row, laboratory, aspect, coded=False)]
            yield from found or _unread(row, laboratory)
    for observation, variant in laboratory.variants:
        yield from of_variant(observation, variant, laboratory)
    for conclusion in laboratory.conclusions:
        told = [found for aspect, topic in TOPICS.items() for found in _of_text(conclusion, aspect, topic, laboratory)]
        yield from told or _unread_text(conclusion, laboratory)
    yield from titled(laboratory, SYMBOL.lower(), aspect="sequence")


def _of_row(row: Row, laboratory: Laboratory, aspect: str, *, coded: bool) -> Iterator[Result[ALK]]:
    asked = coded or bool(row.words & _LABELS[aspect])
    alone = coded or row.symbols == (SYMBOL,)
    topic = replace(TOPICS[aspect], implied_subject=alone)
    answer = answer_in(row, topic, asked=asked and alone)
    states, variant = _answered(answer, aspect, _affirmed_in(row, topic) or value_text(row.element))
    if not states and not (asked and (is_open(answer) or is_awaited(row.gate))):
        return
    stated = answer.confidence if coded else Confidence.TEXT
    sample = sample_of(laboratory, row.observation)
    yield gated_aspect(row.gate, sample, aspect) or Result(
        sample=sample,
        states=states,
        why=answer.why,
        confidence=confidence_of(stated, row.gate),
        aspect=aspect,
        variant=variant,
    )


def _unread(row: Row, laboratory: Laboratory) -> Iterator[Result[ALK]]:
    """Yield an open result for a row on this gene alone whose value nobody here understands ("positive")."""
    if row.symbols == (SYMBOL,) and (has_value(row.element) or is_awaited(row.gate)):
        sample = sample_of(laboratory, row.observation)
        yield gated_aspect(row.gate, sample, "sequence") or Result(sample=sample, aspect="sequence")


def _affirmed(reading: TextReading) -> str:
    """Return the words of the clauses that affirm: in "F1174L not detected; R1275Q detected" the second alone."""
    return " ".join(" ".join(s.tokens) for s in reading.statements if s.polarity is Polarity.POSITIVE)


def _affirmed_in(row: Row, topic: Topic) -> str:
    return _affirmed(read_text(f"{value_text(row.element)} | {note_of(row.element)}", replace(topic, implied=True)))


def _answered(answer: Answer | TextReading, aspect: str, said: str) -> tuple[tuple[ALK, ...], str]:
    """Return (states, protein change) of an answer to one aspect."""
    positive, variant = _positive(aspect, said)
    match answer.polarity:
        case Polarity.CONFLICT:
            return (positive, ALK.NEGATIVE), variant
        case Polarity.POSITIVE:
            return (positive,), variant
        case Polarity.NEGATIVE:
            return (ALK.NEGATIVE,), ""
    return (), ""


def _positive(aspect: str, said: str) -> tuple[ALK, str]:
    if aspect == "copies":
        return ALK.AMPLIFIED, ""
    if aspect == "fusion":
        return ALK.FUSION, ""
    changes = protein_changes(said)
    if not _NOT_PATHOGENIC.isdisjoint(spelled_alike(said).split()):
        return ALK.VUS, changes[0] if changes else ""
    pathogenic = not _PATHOGENIC.isdisjoint(said.lower().split())
    states = [(hotspot(change), change) for change in changes]
    for state in (ALK.F1174, ALK.R1275Q, ALK.OTHER_ACTIVATING):
        for found, change in states:
            if found is state:
                return state, change
    return ALK.OTHER_ACTIVATING if pathogenic else ALK.VUS, changes[0] if changes else ""


def _of_text(conclusion: Conclusion, aspect: str, topic: Topic, laboratory: Laboratory) -> Iterator[Result[ALK]]:
    reading = read_text(conclusion.text, topic)
    said = _affirmed(reading)
    states, variant = _answered(reading, aspect, said)
    if states or is_open(reading):
        sample = sample_of(laboratory, conclusion.resource)
        yield gated_aspect(conclusion.gate, sample, aspect) or Result(
            sample=sample,
            states=states,
            why=reading.why,
            confidence=Confidence.TEXT,
            aspect=aspect,
            variant=variant,
            germline=_is_germline(said),
            frequency=told_frequency(conclusion.text, variant),
            moment=reading.moment,
        )


def _unread_text(conclusion: Conclusion, laboratory: Laboratory) -> Iterator[Result[ALK]]:
    """Yield an open result for a text that names the gene and answers nothing of it."""
    if read_text(conclusion.text, TOPICS["sequence"]).named:
        yield unread(conclusion.gate, sample_of(laboratory, conclusion.resource), "sequence")


def _is_germline(said: str) -> bool:
    words = frozenset(said.split())
    return "germline" in words and vocabulary.FORWARD.isdisjoint(words)
