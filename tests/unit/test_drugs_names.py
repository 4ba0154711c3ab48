"""Drug names in text: whole words, longest first, and nothing that only looks like a therapy."""

from __future__ import annotations

import time

import pytest

from hooks.errors import KnowledgeError
from hooks.terminology.drug_names import NameIndex, brand_names, further_names, match_in_text
from hooks.terminology.table import TABLE

BETA = ("drug.dinutuximab_beta",)


@pytest.mark.parametrize(
    ("text", "drugs"),
    [
        ("dinutuximab", ("drug.dinutuximab",)),
        ("Unituxin 17.5 mg/5 mL", ("drug.dinutuximab",)),
        ("dinutuximab, beta-lactam antibiotic", ("drug.dinutuximab",)),
        ("Dinutuximab Beta 4.5 mg/mL", BETA),
        ("dinutuximab-beta", BETA),
        ("dinutuximab \N{GREEK SMALL LETTER BETA}", BETA),
        ("dinutuximab (beta)", BETA),
        ("Qarziba", BETA),
        ("ch14.18/CHO", BETA),
        ("naxitamab-gqgk", ("drug.naxitamab",)),
        ("hu3F8", ("drug.naxitamab",)),
        ("predinutuximab", ()),
        ("acetaminophen 160 mg", ("drug.paracetamol",)),
        ("Paracetamol", ("drug.paracetamol",)),
        ("chlorpheniramine", ("drug.chlorphenamine",)),
        ("adrenaline 1 mg/mL", ("drug.epinephrine",)),
        ("DFMO", ("drug.eflornithine",)),
        ("Leukine", ("drug.sargramostim",)),
        ("GM-CSF", ("drug.sargramostim",)),
        ("IL-2", ("drug.aldesleukin",)),
        ("IL-2 receptor antibody", ()),
        ("13-cis-retinoic acid", ("drug.isotretinoin",)),
        ("Rapamycin", ("drug.sirolimus",)),
        ("St. John\N{RIGHT SINGLE QUOTATION MARK}s wort", ("drug.st_johns_wort",)),
        ("hyoscine butylbromide", ("drug.butylscopolamine",)),
        ("pegfilgrastim", ()),
        ("Urbason 16 mg", ("drug.methylprednisolone",)),
        ("Zofran 4 mg", ("drug.ondansetron",)),
        ("Microgynon 30", ("drug.ethinylestradiol",)),
        ("Lovenox 40 mg", ("drug.enoxaparin",)),
        ("senna", ("drug.sennosides",)),
        ("Emend 125 mg", ("drug.aprepitant",)),
        ("Imuran", ("drug.azathioprine",)),
        ("Akynzeo", ("drug.palonosetron",)),
        ("Kaletra", ("drug.ritonavir",)),
        ("Tylenol with codeine", ("drug.paracetamol_codeine",)),
        ("Kenalog-40", ("drug.triamcinolone",)),
        ("Kenalog cream", ()),
        ("Claritin Eye drops", ()),
        ("Take Action", ()),
        ("My Way", ()),
        ("sodium chloride 0.9%", ()),
        ("", ()),
    ],
)
def test_given_a_text_when_drugs_are_sought_then_whole_names_are_found(text: str, drugs: tuple[str, ...]) -> None:
    assert match_in_text(text).drugs == drugs


@pytest.mark.parametrize(
    ("text", "is_therapy"),
    [
        ("131I-MIBG therapy", True),
        ("\N{SUPERSCRIPT ONE}\N{SUPERSCRIPT THREE}\N{SUPERSCRIPT ONE}I-mIBG", True),
        ("iobenguane I-131", True),
        ("Azedra", True),
        ("I-131 MIBG whole body scan", False),
        ("MIBG", False),
        ("MIBG scan", False),
        ("I-123 MIBG", False),
    ],
)
def test_given_a_text_with_mibg_when_read_then_only_a_therapy_is_a_drug(text: str, *, is_therapy: bool) -> None:
    """Hazard: a diagnostic scan is taken for radionuclide therapy."""
    assert ("drug.iobenguane_I131" in match_in_text(text).drugs) is is_therapy


@pytest.mark.parametrize(
    "text",
    [
        "dexamethasone 0.1% eye drops",
        "hydrocortisone cream 1%",
        "eflornithine 13.9 % topical cream",
        "sirolimus gel",
        "bevacizumab intravitreal",
    ],
)
def test_given_a_local_form_in_text_when_read_then_it_is_no_systemic_drug(text: str) -> None:
    match = match_in_text(text)

    assert match.drugs == ()
    assert match.forms != ()


@pytest.mark.parametrize(
    ("text", "drug"),
    [
        ("dexamethasone 4 mg oral tablet", "drug.dexamethasone"),
        ("ibuprofen gel capsule", "drug.ibuprofen"),
        ("paracetamol rectal suppository", "drug.paracetamol"),
    ],
)
def test_given_a_systemic_form_or_a_drug_without_local_forms_when_read_then_it_counts(text: str, drug: str) -> None:
    assert match_in_text(text).drugs == (drug,)


@pytest.mark.parametrize(
    ("text", "drug"),
    [
        ("liposomal irinotecan", "drug.irinotecan"),
        ("Onivyde", "drug.irinotecan"),
        ("doxorubicin pegylated liposomal", "drug.doxorubicin"),
        ("protein-bound sirolimus", "drug.sirolimus"),
        ("gabapentin enacarbil", "drug.gabapentin"),
        ("docusate enema", "drug.docusate"),
    ],
)
def test_given_another_form_in_text_when_read_then_it_is_exposure_only(text: str, drug: str) -> None:
    match = match_in_text(text)

    assert match.drugs == (drug,)
    assert not match.interchangeable


def test_given_a_fixed_combination_in_text_when_read_then_it_is_the_drug_that_its_code_would_be() -> None:
    match = match_in_text("acetaminophen 300 MG / codeine phosphate 30 MG Oral Tablet")

    assert match.drugs == ("drug.paracetamol_codeine",)
    assert match.interchangeable


def test_given_two_drugs_in_one_text_when_read_then_both_are_exposure_only() -> None:
    match = match_in_text("ibuprofen / famotidine")

    assert match.drugs == ("drug.ibuprofen", "drug.famotidine")
    assert not match.interchangeable


@pytest.mark.parametrize(
    ("text", "drugs"),
    [
        ("gabapentin for dinutuximab beta", ("drug.gabapentin",)),
        ("morphine during naxitamab", ("drug.morphine",)),
        ("prior to dinutuximab: gabapentin", ("drug.dinutuximab", "drug.gabapentin")),
    ],
)
def test_given_what_a_drug_is_given_for_when_read_then_it_is_no_drug_of_the_order(
    text: str, drugs: tuple[str, ...]
) -> None:
    """Hazard: a premedication order sets off the order set of the antibody that it is given for."""
    assert match_in_text(text).drugs == drugs


def test_given_texts_that_end_and_begin_like_one_name_when_read_then_no_name_reaches_across() -> None:
    assert match_in_text("dinutuximab", "beta").drugs == ("drug.dinutuximab",)


def test_given_a_very_long_text_when_read_then_it_takes_linear_time() -> None:
    start = time.perf_counter()
    match = match_in_text("dinutuximab betamethasonex " * 40_000)

    assert match.drugs == ("drug.dinutuximab",)
    assert time.perf_counter() - start < 5


@pytest.mark.parametrize(
    "row",
    [
        {"name": "Wonder", "concept": "drug.unheard_of", "source": "s"},
        {"name": "Wonder", "concept": "drug.morphine", "source": ""},
    ],
)
def test_given_a_name_without_concept_or_source_when_loaded_then_it_is_refused(row: dict[str, str]) -> None:
    with pytest.raises(KnowledgeError, match="source"):
        list(further_names([row]))


def test_given_one_name_for_two_drugs_when_indexed_then_it_is_refused() -> None:
    with pytest.raises(KnowledgeError, match="stands for"):
        NameIndex([("wonder", "drug.morphine"), ("Wonder", "drug.ketamine")])


def test_given_a_name_without_letters_when_indexed_then_it_is_refused() -> None:
    with pytest.raises(KnowledgeError, match="without letters"):
        NameIndex([("--", "drug.morphine")])


@pytest.mark.parametrize(
    ("text", "drug"),
    [
        ("Dexamethason 4 mg", "drug.dexamethasone"),
        ("Dexaméthasone", "drug.dexamethasone"),
        ("Prednisolon", "drug.prednisolone"),
        ("Fortecortin 4 mg", "drug.dexamethasone"),
        ("Celestone", "drug.betamethasone"),
        ("Decortin 20 mg", "drug.prednisone"),
        ("Rifampicine", "drug.rifampicin"),
        ("Esomeprazol", "drug.esomeprazole"),
        ("Proleukin 18 MIU", "drug.aldesleukin"),
        ("IL2", "drug.aldesleukin"),
    ],
)
def test_given_a_name_in_another_spelling_when_read_then_it_is_the_same_drug(text: str, drug: str) -> None:
    assert match_in_text(text).drugs == (drug,)


@pytest.mark.parametrize("text", ["soluble IL2 receptor", "anti-IL2", "morphia", "codein-free"])
def test_given_a_word_that_only_looks_alike_when_read_then_it_is_no_drug_of_that_name(text: str) -> None:
    assert "drug.aldesleukin" not in match_in_text(text).drugs
    assert "drug.morphine" not in match_in_text(text).drugs


def test_given_brands_that_only_products_carry_when_listed_then_each_is_one_drug() -> None:
    """The table names the brand of a product in brackets."""
    listed = tuple(brand_names(TABLE))
    brands = dict(listed)

    assert len(listed) == len(brands) > 500
    assert brands["Imuran"] == "drug.azathioprine.product"
    assert brands["Kenalog"] == "drug.triamcinolone"
    assert brands["Akynzeo"] == "drug.palonosetron.product_combination(NOT interchangeable)"
    assert "My Way" not in brands
    assert "Ery" not in brands
    assert all(concept in TABLE.concepts() for concept in brands.values())
