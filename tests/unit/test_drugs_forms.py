"""Concepts, forms and classes of drugs: the terminology's brackets, and the class table against the terminology."""

from __future__ import annotations

import pytest

from hooks.errors import KnowledgeError
from hooks.terminology.drug_classes import CLASSES, DrugClasses, classes_of, in_class, members
from hooks.terminology.drugs import Counts, counts_for, ingredient_of, is_drug, join_matches, match_of
from hooks.terminology.table import TABLE


@pytest.mark.parametrize(
    ("concept", "ingredient"),
    [
        ("drug.irinotecan", "drug.irinotecan"),
        ("drug.irinotecan.product", "drug.irinotecan"),
        ("drug.irinotecan.atc_superseded", "drug.irinotecan"),
        ("drug.irinotecan.product_liposomal(NOT interchangeable)", "drug.irinotecan"),
        ("drug.paracetamol_codeine.product", "drug.paracetamol_codeine"),
        ("drug.dinutuximab_beta.atc_superseded", "drug.dinutuximab_beta"),
        ("vaccine.live.bcg", "vaccine.live.bcg"),
        ("vaccine.inactivated(NOT live)", "vaccine.inactivated(NOT live)"),
        ("drug.dexamethasone.product_local(NOT systemic)", None),
        ("drug.eflornithine.topical(NOT DFMO)", None),
        ("drug.iobenguane_I131.atc_diagnostic(NOT therapy)", None),
        ("drug.potassium_iodide.atc_other(NOT thyroid blockade)", None),
        ("neuroblastoma", None),
    ],
)
def test_given_a_concept_when_its_ingredient_is_asked_then_brackets_are_honoured(
    concept: str, ingredient: str | None
) -> None:
    assert ingredient_of(concept) == ingredient


def test_given_every_drug_of_the_terminology_when_it_is_asked_then_its_bracket_is_known() -> None:
    asked = [counts_for(concept) for concept in TABLE.concepts() if is_drug(concept)]

    assert len(asked) > 500
    assert set(asked) == set(Counts)


def test_given_an_unexplained_bracket_when_it_is_asked_then_it_is_refused() -> None:
    with pytest.raises(KnowledgeError, match="bracket"):
        counts_for("drug.irinotecan.product(NOT for this)")


def test_given_a_liposomal_form_when_matched_then_it_is_exposure_and_satisfies_nothing() -> None:
    match = match_of(["drug.irinotecan.product_liposomal(NOT interchangeable)"])

    assert match.drugs == ("drug.irinotecan",)
    assert not match.interchangeable


def test_given_a_local_form_beside_its_ingredient_when_matched_then_it_counts_for_nothing() -> None:
    match = match_of(["drug.dexamethasone", "drug.dexamethasone.product_local(NOT systemic)"])

    assert match.drugs == ()
    assert match
    assert not match.interchangeable


def test_given_concepts_that_are_no_drugs_when_matched_then_nothing_is_recognised() -> None:
    match = match_of(["neuroblastoma", "answer.present"])

    assert not match
    assert match.interchangeable


def test_given_a_mixture_when_joined_then_each_component_counts_as_it_would_alone() -> None:
    plain = match_of(["drug.morphine"])
    liposomal = match_of(["drug.irinotecan.brand_liposomal(NOT interchangeable)"])

    assert join_matches([plain, match_of(["drug.ketamine"])]).drugs == ("drug.morphine", "drug.ketamine")
    assert join_matches([plain]).interchangeable
    assert not join_matches([plain, liposomal]).interchangeable


def test_given_the_anti_gd2_class_when_its_members_are_asked_then_they_are_the_three_agents() -> None:
    assert members("anti_gd2_antibody") == ("drug.dinutuximab", "drug.dinutuximab_beta", "drug.naxitamab")


@pytest.mark.parametrize(
    ("drug", "class_name", "stands_in_it"),
    [
        ("drug.cetirizine", "h1_antihistamine", True),
        ("drug.dexamethasone", "systemic_corticosteroid", True),
        ("drug.dexamethasone.product", "systemic_corticosteroid", True),
        ("drug.dexamethasone.pack(NOT interchangeable)", "systemic_corticosteroid", True),
        ("drug.dexamethasone.product_local(NOT systemic)", "systemic_corticosteroid", False),
        ("drug.fludrocortisone", "systemic_corticosteroid", False),
        ("drug.fludrocortisone", "mineralocorticoid", True),
        ("drug.budesonide", "systemic_corticosteroid", False),
        ("drug.budesonide.product_gut(NOT interchangeable)", "locally_acting_corticosteroid", True),
        ("drug.paracetamol_codeine", "opioid", True),
        ("drug.paracetamol_codeine", "paracetamol_containing", True),
        ("vaccine.live.varicella", "live_vaccine", True),
        ("vaccine.inactivated(NOT live)", "live_vaccine", False),
        ("neuroblastoma", "opioid", False),
    ],
)
def test_given_a_drug_when_its_classes_are_asked_then_local_forms_stand_in_none(
    drug: str, class_name: str, *, stands_in_it: bool
) -> None:
    assert (class_name in classes_of(drug)) is stands_in_it
    assert in_class([drug], class_name) is stands_in_it


def test_given_the_class_table_when_checked_against_the_terminology_then_every_member_has_a_code() -> None:
    for class_name in CLASSES.names():
        for member in members(class_name):
            assert any(ingredient_of(concept) == member for concept in TABLE.concepts()), member
            assert class_name in classes_of(member)


def test_given_a_class_nobody_defined_when_asked_then_it_is_refused() -> None:
    with pytest.raises(KnowledgeError, match="no class"):
        members("antidote")


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([{"class": "opioid", "concept": "drug.unheard_of", "source": "s"}], "no drug of the table"),
        ([{"class": "opioid", "concept": "neuroblastoma", "source": "s"}], "no drug of the table"),
        ([{"class": "opioid", "concept": "drug.irinotecan.product", "source": "s"}], "no drug of the table"),
        ([{"class": "opioid", "concept": "drug.morphine", "source": ""}], "source"),
        ([{"class": "", "concept": "drug.morphine", "source": "s"}], "class"),
        ([{"class": "opioid", "concept": "drug.morphine", "source": "s"}] * 2, "twice"),
    ],
)
def test_given_a_wrong_class_row_when_loaded_then_it_is_refused(rows: list[dict[str, str]], message: str) -> None:
    with pytest.raises(KnowledgeError, match=message):
        DrugClasses(rows)
