"""GD2 on tumour cells: positive, dim or negative, from local codes and text only.

Place in the flow: `molecular` folds the results. May not: take the antibody tests of neuropathy work-up, the drugs
against GD2, or the genes of its synthesis for expression.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from hooks.facts import vocabulary
from hooks.facts.fact import Confidence, Why
from hooks.facts.laboratory import Laboratory, Row
from hooks.facts.observations import has_value, note_of, value_text
from hooks.facts.text import Polarity, Topic, fold, read_text
from hooks.pathways.relapsed_neuroblastoma.facts import GD2, Tissue
from hooks.pathways.relapsed_neuroblastoma.reading.markers import (
    NAMED,
    answer_in,
    confidence_of,
    gated,
    is_awaited,
    is_open,
    sample_of,
    titled,
    unread,
)
from hooks.pathways.relapsed_neuroblastoma.reading.results import Folding, Result, Sample

FOLDING = Folding(negative=frozenset({GD2.NEGATIVE}), marrow_speaks=True)

_ANTIBODY_TEST = "GD2.ANTIBODY"
_DIM = vocabulary.words("dim low weak reduced decreased partial diminished downregulated")
_EXPRESSION = vocabulary.words("expression expressed expressing expresses positivity antigen staining")
_NOT_EXPRESSION = vocabulary.words(
    "antibody antibodies anti antigd2 igg igm ab serum autoantibody dinutuximab naxitamab infusion infusions therapy "
    "treatment tolerated immunotherapy course cycle car vaccine"
)
_OTHER_ANTIGENS = frozenset(f"cd{number}" for number in range(1, 372)) | vocabulary.words(
    "synaptophysin chromogranin phox2b ncam desmin myogenin s100 ki67"
)
"""What stands beside GD2 in a flow cytometry or staining report: "CD45 negative" says nothing of GD2."""
_TOPIC = Topic(
    findings=_EXPRESSION | _DIM,
    subjects=frozenset({"gd2"}),
    others=(NAMED - {"gd2"}) | _OTHER_ANTIGENS,
    normal=vocabulary.words("loss lost"),
    off_topic=_NOT_EXPRESSION,
    implied=True,
    unread_opens=True,
)
_PLUS = re.compile(r"\bgd2\s?\+", re.IGNORECASE)


def gd2_results(laboratory: Laboratory) -> Iterator[Result[GD2]]:
    """Yield every statement on GD2 expression of tumour cells."""
    for row in laboratory.rows:
        words = row.words
        if (
            "gd2" in words
            and not words & _NOT_EXPRESSION
            and not any(c.startswith(_ANTIBODY_TEST) for c in row.concepts)
        ):
            yield from _of_row(row, laboratory)
    for conclusion in laboratory.conclusions:
        sample = sample_of(laboratory, conclusion.resource) if "gd2" in conclusion.text.lower() else None
        if sample is not None and sample.tissue is not Tissue.BLOOD:
            said = _spelled(conclusion.text)
            whole = read_text(said, _TOPIC)
            reading = fold(tuple(s for s in whole.statements if _NOT_EXPRESSION.isdisjoint(s.tokens)))
            states = _states(reading.polarity, " ".join(reading.words))
            if states or is_open(reading):
                yield gated(conclusion.gate, sample) or Result(
                    sample=sample, states=states, why=reading.why, confidence=Confidence.TEXT, moment=reading.moment
                )
            elif whole.named:
                yield unread(conclusion.gate, sample)
    yield from titled(laboratory, "gd2")


def _of_row(row: Row, laboratory: Laboratory) -> Iterator[Result[GD2]]:
    sample: Sample = sample_of(laboratory, row.observation)
    if sample.tissue is Tissue.BLOOD:
        return
    answer = answer_in(row, replace(_TOPIC, implied_subject=True), asked=True)
    states = _states(answer.polarity, f"{value_text(row.element)} {note_of(row.element)}")
    if not states and not is_open(answer) and not has_value(row.element) and not is_awaited(row.gate):
        return
    yield gated(row.gate, sample) or Result(
        sample=sample,
        states=states,
        why=answer.why if is_open(answer) else Why.INDETERMINATE,
        confidence=confidence_of(
            Confidence.CODED_LOCAL if answer.confidence is Confidence.CODED else Confidence.TEXT, row.gate
        ),
    )


def _states(polarity: Polarity, said: str) -> tuple[GD2, ...]:
    positive = GD2.DIM if _DIM & frozenset(said.lower().replace("-", " ").split()) else GD2.POSITIVE
    match polarity:
        case Polarity.POSITIVE:
            return (positive,)
        case Polarity.NEGATIVE:
            return (GD2.NEGATIVE,)
        case Polarity.CONFLICT:
            return (positive, GD2.NEGATIVE)
    return ()


def _spelled(text: str) -> str:
    return _PLUS.sub("gd2 positive", text)
