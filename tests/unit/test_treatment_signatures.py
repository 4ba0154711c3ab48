"""The signatures by which regimens are recognised agree with the regimens themselves."""

from __future__ import annotations

import pytest

from hooks.pathways.relapsed_neuroblastoma.knowledge import KNOWLEDGE
from hooks.pathways.relapsed_neuroblastoma.reading.signatures import SIGNATURES, Place
from hooks.terminology.table import TABLE

REGIMENS = KNOWLEDGE.regimens.regimens
NO_DRUG = {"hsct.allogeneic", "therapy.car_t"}
"""Treatments that charts hold as procedures."""
BLOCKS = {"DB_N5N6"}
"""Regimens whose knowledge names chemotherapy blocks and not their drugs."""


def test_given_the_regimens_when_compared_then_each_has_a_signature_and_no_other_has_one() -> None:
    assert set(SIGNATURES.regimens) == set(REGIMENS)


@pytest.mark.parametrize("regimen", sorted(set(SIGNATURES.regimens) - BLOCKS))
def test_given_a_signature_when_compared_then_its_required_drugs_are_drugs_of_the_regimen(regimen: str) -> None:
    required = {drug for drugs in SIGNATURES.regimens[regimen].drugs for drug in drugs} - NO_DRUG

    assert required <= set(REGIMENS[regimen].drugs)


@pytest.mark.parametrize("regimen", sorted(SIGNATURES.regimens))
def test_given_a_signature_when_asked_by_its_own_drugs_then_the_regimen_is_recognised(regimen: str) -> None:
    for drugs in SIGNATURES.regimens[regimen].drugs:
        assert SIGNATURES.regimen_of(drugs) == regimen


@pytest.mark.parametrize("regimen", sorted(SIGNATURES.regimens))
def test_given_a_name_of_a_regimen_when_read_in_words_then_the_regimen_is_recognised(regimen: str) -> None:
    for name in SIGNATURES.regimens[regimen].names:
        assert SIGNATURES.named_in(f"Cycle 2 of {name}, day 1") == regimen


@pytest.mark.parametrize("regimen", sorted(SIGNATURES.regimens))
def test_given_a_signature_when_compared_then_its_place_is_the_first_phase_of_the_regimen(regimen: str) -> None:
    first = str(REGIMENS[regimen].phases[0])

    assert SIGNATURES.regimens[regimen].place is Place("induction" if first in {"reinduction", "salvage"} else first)


def test_given_every_concept_of_the_file_when_looked_up_then_the_terminology_table_holds_it() -> None:
    assert {concept for concept in SIGNATURES.counted if not TABLE.codes(concept)} == {"therapy.car_t"}


@pytest.mark.parametrize("text", ["no regimen here", "BITTER", "DITCH cycle", "IT support", "BIT of help"])
def test_given_other_words_when_read_then_no_regimen(text: str) -> None:
    assert SIGNATURES.named_in(text) == ""
