"""Words that nobody here reads never leave a finding standing: other languages, unread answers, questions, records."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from hooks.facts.fact import Known
from hooks.pathways.relapsed_neuroblastoma.facts import ALK, GD2, MYCN
from hooks.pathways.relapsed_neuroblastoma.reading.molecular import read_molecular
from tests.unit.reading_chart import LOINC, RELAPSE_DAY, coded, observation, record, report, said, worded
from tests.unit.unread_sentences import EVERY, F1174L_STATED, MYCN_STATED, OTHER_LANGUAGES, UNREAD_ANSWERS

Make = Callable[[str], dict[str, Any]]
IN_REPORT: Make = report
IN_SUMMARY: Make = lambda text: observation(coded(LOINC, "51968-6"), said(text))  # noqa: E731
IN_FISH: Make = lambda text: observation(coded(LOINC, "93796-1"), said(text))  # noqa: E731
IN_ANALYSIS: Make = lambda text: observation(worded("ALK mutation analysis"), said(text))  # noqa: E731
FOUND = {ALK.F1174, ALK.FUSION, ALK.AMPLIFIED, MYCN.AMPLIFIED, GD2.POSITIVE}


def state(resource: dict[str, Any], marker: str) -> object:
    fact = getattr(read_molecular(record(resource), RELAPSE_DAY), marker)
    return fact.value.state if isinstance(fact, Known) else None


@pytest.mark.parametrize("sentence", EVERY)
@pytest.mark.parametrize(
    ("marker", "make", "title", "stated"),
    [
        ("mycn", IN_REPORT, "MYCN amplification", "MYCN amplified"),
        ("mycn", IN_SUMMARY, "MYCN amplification", "MYCN amplified"),
        ("mycn", IN_FISH, "MYCN amplification", "MYCN amplified"),
        ("alk", IN_REPORT, "ALK F1174L", "ALK F1174L"),
        ("alk", IN_REPORT, "ALK fusion", "ALK rearranged"),
        ("alk", IN_REPORT, "ALK amplification", "ALK amplified"),
        ("alk", IN_ANALYSIS, "ALK F1174L", "ALK F1174L"),
    ],
)
def test_given_a_finding_among_unread_words_when_read_then_it_is_not_found(
    sentence: str, marker: str, make: Make, title: str, stated: str
) -> None:
    """Hazard: RIST or an ALK inhibitor offered on "keine", "see comment", an unticked box or a question."""
    assert state(make(sentence.format(n=title, v=stated)), marker) not in FOUND


@pytest.mark.parametrize("sentence", [*OTHER_LANGUAGES, *UNREAD_ANSWERS[:8]])
def test_given_gd2_among_unread_words_when_read_then_it_is_not_positive(sentence: str) -> None:
    """Hazard: an anti-GD2 antibody offered on an expression that nobody reported."""
    assert state(report(sentence.format(n="GD2 expression", v="GD2 expressed")), "gd2") not in FOUND


@pytest.mark.parametrize("sentence", MYCN_STATED)
def test_given_mycn_amplification_in_plain_words_when_read_then_it_is_found(sentence: str) -> None:
    assert state(report(sentence), "mycn") is MYCN.AMPLIFIED


@pytest.mark.parametrize("sentence", F1174L_STATED)
def test_given_an_alk_change_in_a_sentence_row_or_record_when_read_then_it_is_found(sentence: str) -> None:
    assert state(report(sentence), "alk") is ALK.F1174


@pytest.mark.parametrize(
    "sentence",
    [
        "Kein Nachweis einer ALK mutation (F1174L)",
        "ALK | p.F1174L | Not detected",
        "| ALK | not detected |\n| MYCN | amplified |\nF1174L",
        "Gene: ALK\nVariant: p.Phe1174Leu\nResult: Not detected",
        "Gene: ALK\nVariant: p.Phe1174Leu\nClassification: VUS",
        "ALK | p.F1174L | 41% | VUS",
        "Gene: ALK\nGene: NRAS\nVariant: F1174L",
        "Gene: ALK\nMethod: hot spots such as p.F1174L",
    ],
)
def test_given_a_row_or_record_that_denies_when_read_then_the_change_is_not_found(sentence: str) -> None:
    """Hazard: the first cell of one row read together with what belongs to another."""
    assert state(report(sentence), "alk") is not ALK.F1174


@pytest.mark.parametrize(
    ("marker", "text"),
    [
        ("gd2", "Strong GD2 expression on the CD45-negative population"),
        ("mycn", "MYCN amplified ALK negative neuroblastoma"),
        ("mycn", "MYCN amplification in an ALK-negative tumor"),
    ],
)
def test_given_the_negative_of_a_neighbour_when_read_then_the_finding_is_not_denied(marker: str, text: str) -> None:
    """Hazard: "CD45-negative" taken for GD2, "ALK negative" for MYCN: an antibody or RIST held back."""
    assert state(report(text), marker) not in {GD2.NEGATIVE, MYCN.NOT_AMPLIFIED}
