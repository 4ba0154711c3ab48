"""Free text about molecular results: doubt is never positive and never negative, in a report and in a local result."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from hooks.facts.fact import Conflicting, Fact, Known
from hooks.facts.hgvs import protein_changes
from hooks.pathways.relapsed_neuroblastoma.facts import ALK, GD2, MYCN, Altered
from hooks.pathways.relapsed_neuroblastoma.reading.molecular import read_molecular
from tests.unit import alk_sentences, mycn_sentences
from tests.unit.reading_chart import LOINC, RELAPSE_DAY, coded, observation, record, report, said, worded

Make = Callable[[str], dict[str, Any]]
REPORTED: Make = report
IN_FISH: Make = lambda text: observation(coded(LOINC, "93796-1"), said(text))  # noqa: E731
BY_GENE: Make = lambda text: observation(worded("MYCN"), said(text))  # noqa: E731
ALK_ANALYSIS: Make = lambda text: observation(worded("ALK mutation analysis"), said(text))  # noqa: E731
BY_FLOW: Make = lambda text: observation(worded("GD2 expression by flow cytometry"), said(text))  # noqa: E731

LETTERS = {
    MYCN.AMPLIFIED: "P",
    MYCN.GAIN: "G",
    MYCN.NOT_AMPLIFIED: "N",
    MYCN.HETEROGENEOUS: "H",
    GD2.POSITIVE: "P",
    GD2.DIM: "D",
    GD2.NEGATIVE: "N",
    Altered.ALTERED: "A",
    Altered.NOT_ALTERED: "N",
}
ALK_LETTERS = {
    ALK.F1174: "F",
    ALK.R1275Q: "R",
    ALK.OTHER_ACTIVATING: "O",
    ALK.AMPLIFIED: "A",
    ALK.FUSION: "X",
    ALK.VUS: "V",
    ALK.NEGATIVE: "N",
}


def letter(fact: Fact[Any], letters: dict[Any, str] = LETTERS) -> str:
    """Return the letter of a fact's state, U for unknown, C for a contradiction."""
    if isinstance(fact, Known):
        return letters[fact.value.state]
    return "C" if isinstance(fact, Conflicting) else "U"


@pytest.mark.parametrize("make", [REPORTED, IN_FISH, BY_GENE])
@pytest.mark.parametrize(("text", "allowed"), mycn_sentences.SENTENCES)
def test_given_a_sentence_on_mycn_when_read_then_never_more_certain_than_it_is(
    text: str, allowed: str, make: Make
) -> None:
    """Hazard: RIST offered first, or withheld, on a doubt, a definition or somebody else's tumour."""
    assert letter(read_molecular(record(make(text)), RELAPSE_DAY).mycn) in allowed


@pytest.mark.parametrize("make", [REPORTED, ALK_ANALYSIS])
@pytest.mark.parametrize(("text", "allowed"), alk_sentences.SENTENCES)
def test_given_a_sentence_on_alk_when_read_then_never_more_certain_than_it_is(
    text: str, allowed: str, make: Make
) -> None:
    """Hazard: an ALK inhibitor offered for, or excluded by, a variant that nobody found."""
    elsewhere = make is ALK_ANALYSIS and "F1174L not seen in 2026" in text
    assert letter(read_molecular(record(make(text)), RELAPSE_DAY).alk, ALK_LETTERS) in allowed + "V" * elsewhere


@pytest.mark.parametrize(
    ("text", "allowed"),
    [
        ("GD2 positive (95% of cells)", "P"),
        ("GD2 negative", "N"),
        ("GD2 expression lost", "N"),
        ("GD2 dim", "D"),
        ("GD2 (-)", "N"),
        ("GD2 (+)", "P"),
        ("GD2 not done", "U"),
        ("No loss of GD2 expression", "PU"),
        ("Cells are GD2 positive; CD45 negative", "P"),
        ("CD45 negative, GD2 positive", "P"),
        ("No tumour cells, GD2 not assessable", "U"),
        ("No viable cells for GD2", "U"),
        ("GD2 positive at diagnosis, negative now", "C"),
        ("absent GD2", "N"),
        ("GD2 isn\u2019t expressed", "N"),
    ],
)
@pytest.mark.parametrize("make", [REPORTED, BY_FLOW])
def test_given_a_sentence_on_gd2_when_read_then_never_more_certain_than_it_is(
    text: str, allowed: str, make: Make
) -> None:
    assert letter(read_molecular(record(make(text)), RELAPSE_DAY).gd2) in allowed


@pytest.mark.parametrize(
    ("text", "allowed"),
    [
        ("ATRX mutation detected", "A"),
        ("ATRX deletion", "A"),
        ("ATRX wild type", "N"),
        ("ATRX variant of uncertain significance", "U"),
        ("ATRX benign variant", "U"),
        ("ATRX nuclear expression lost by IHC", "U"),
        ("ATRX mutation, protein lost", "A"),
        ("ATRX mutation ruled out", "N"),
        ("ATRX mutation\nNot detected", "N"),
        ("ATRX mutation\n\n- Pending", "U"),
    ],
)
def test_given_a_sentence_on_another_gene_when_read_then_never_more_certain_than_it_is(text: str, allowed: str) -> None:
    assert letter(read_molecular(record(report(text)), RELAPSE_DAY).atrx) in allowed


def test_given_a_denied_and_an_affirmed_change_in_one_result_when_read_then_the_affirmed_one_is_named() -> None:
    """Hazard: crizotinib weighed by a variant that the laboratory did not find."""
    fact = read_molecular(record(ALK_ANALYSIS("F1174L not detected; R1275Q detected")), RELAPSE_DAY).alk

    assert isinstance(fact, Known)
    assert (fact.value.state, fact.value.variant) == (ALK.R1275Q, "R1275Q")


def test_given_a_change_called_uncertain_in_words_when_read_then_the_laboratory_outweighs_the_list() -> None:
    fact = read_molecular(record(report("ALK F1174L, variant of uncertain significance.")), RELAPSE_DAY).alk

    assert isinstance(fact, Known)
    assert (fact.value.state, fact.value.variant) == (ALK.VUS, "F1174L")
    assert protein_changes("F1174L") == ("F1174L",)
