"""Sirolimus, dasatinib, irinotecan, temozolomide: allergies, interactions, cautions of their leaflets."""

from __future__ import annotations

import pytest

from hooks.recommendation import Indicator, Topic
from tests.spec.children import a_child, a_relapsed_child
from tests.spec.safety.charts import chart, missing, says


@pytest.mark.parametrize(
    ("name", "rule", "substance"),
    [
        ("sirolimus", "sirolimus_forbidden", "sirolimus"),
        ("temozolomide", "temozolomide_forbidden", "temozolomide"),
        ("temozolomide", "temozolomide_forbidden", "dacarbazine"),
        ("bevacizumab", "bevacizumab_forbidden", "bevacizumab"),
        ("bevacizumab", "bevacizumab_forbidden", "dinutuximab_beta"),
    ],
)
def test_given_a_coded_dated_allergy_that_its_label_names_then_critical(name: str, rule: str, substance: str) -> None:
    """SIR-LEAF, TMZ-LEAF, BEV-LEAF; dinutuximab beta is made in CHO cells."""
    card = chart().selecting(name, 2).allergic_to(substance).card(rule)

    assert card.indicator is Indicator.CRITICAL
    assert card.topic is Topic.ORDER_SAFETY
    assert card.subject == name
    assert card.summary.endswith("of 2025-10-18")


@pytest.mark.parametrize(
    ("name", "rule", "text"),
    [
        ("sirolimus", "sirolimus_forbidden", "Peanuts"),
        ("sirolimus", "sirolimus_forbidden", "soya protein"),
        ("sirolimus", "sirolimus_forbidden", "Soy"),
        ("bevacizumab", "bevacizumab_forbidden", "Chinese hamster ovary cell product"),
        ("bevacizumab", "bevacizumab_forbidden", "recombinant antibody"),
    ],
)
def test_given_an_allergy_in_words_then_a_warning_asks(name: str, rule: str, text: str) -> None:
    card = chart().selecting(name, 2).allergic_to(text=text, confidence="text").card(rule)

    assert card.indicator is Indicator.WARNING
    assert card.summary.startswith(f"Confirm before giving {name}")


def test_given_an_allergy_that_the_label_does_not_name_then_silence() -> None:
    chart().selecting("sirolimus", 2).allergic_to("temozolomide").silent("sirolimus_forbidden")
    chart().selecting("bevacizumab", 2).allergic_to("dinutuximab").silent("bevacizumab_forbidden")
    chart().selecting("temozolomide", 2).allergic_to(text="Nuts", confidence="text").silent("temozolomide_forbidden")


@pytest.mark.parametrize("rule", ["sirolimus_forbidden", "temozolomide_forbidden", "bevacizumab_forbidden"])
def test_given_an_unknown_allergy_list_then_it_is_a_gap_and_no_card(rule: str) -> None:
    name = rule.partition("_")[0]

    assert missing(chart().selecting(name, 2).with_unknown_allergies().undetermined(rule)) == [
        "Allergies: could not be retrieved"
    ]


@pytest.mark.parametrize(
    ("name", "rule", "other", "item"),
    [
        ("sirolimus", "sirolimus_interactions", "voriconazole", "si-cyp"),
        ("sirolimus", "sirolimus_interactions", "rifampicin", "si-cyp"),
        ("sirolimus", "sirolimus_interactions", "metoclopramide", "si-cyp"),
        ("dasatinib", "dasatinib_interactions", "famotidine", "da-acid"),
        ("dasatinib", "dasatinib_interactions", "omeprazole", "da-acid"),
        ("dasatinib", "dasatinib_interactions", "itraconazole", "da-cyp"),
        ("dasatinib", "dasatinib_interactions", "warfarin", "da-bleed"),
        ("dasatinib", "dasatinib_interactions", "enoxaparin", "da-bleed"),
        ("dasatinib", "dasatinib_interactions", "acetylsalicylic_acid", "da-bleed"),
        ("irinotecan", "irinotecan_interactions", "st_johns_wort", "ir-cyp"),
        ("bevacizumab", "bevacizumab_cautions", "warfarin", "be-clot"),
        ("bevacizumab", "bevacizumab_cautions", "rivaroxaban", "be-clot"),
        ("iobenguane_I131", "mibg_therapy_with_uptake_drug", "labetalol", "mi-drugs"),
        ("iobenguane_I131", "mibg_therapy_with_uptake_drug", "amitriptyline", "mi-drugs"),
    ],
)
@pytest.mark.parametrize("selected", ["agent", "other"])
def test_given_an_interaction_then_a_warning_whichever_is_selected(
    name: str, rule: str, other: str, item: str, selected: str
) -> None:
    """SIR-LEAF, DAS-LEAF, IRI-INT, BEV-LEAF, MIBG-DRUGS."""
    asked = (
        chart().selecting(name, 0, 5).active(other, -1)
        if selected == "agent"
        else chart().active(name, -1, 5).selecting(other, 0)
    )

    card = asked.card(rule)

    assert card.indicator is Indicator.WARNING
    assert item in card.named_items


def test_given_the_h2_antagonist_of_naxitamab_with_dasatinib_then_the_collision_is_said() -> None:
    card = chart().active("dasatinib", -10).selecting("naxitamab", 3).selecting("famotidine", 3)

    assert says(card.card("dasatinib_interactions"), "collides with the H2 antagonist before naxitamab")


def test_given_an_acid_reducer_without_dasatinib_then_silence() -> None:
    chart().selecting("omeprazole", 0).active("sirolimus").silent("dasatinib_interactions")


def test_given_low_platelets_with_dasatinib_selected_then_bleeding_is_said() -> None:
    card = chart().selecting("dasatinib", 0).finding("low_platelets", ago=2).card("dasatinib_interactions")

    assert card.named_items == ("da-bleed",)
    chart().active("dasatinib", 0).finding("low_platelets", ago=2).silent("dasatinib_interactions")


def test_given_a_live_vaccine_with_sirolimus_then_it_informs() -> None:
    """SIR-LEAF."""
    card = chart().selecting("sirolimus", 0).drafting("vaccine.live.varicella", 2).card("sirolimus_interactions")

    assert card.indicator is Indicator.INFO
    assert card.named_items == ()


@pytest.mark.parametrize("kind", ["headache", "confusion", "seizure", "vision_loss"])
@pytest.mark.parametrize(("ago", "fires"), [(35, True), (36, False)])
def test_given_a_sign_of_pres_under_sirolimus_then_a_present_one_warns(kind: str, ago: int, fires: bool) -> None:
    asked = chart().selecting("sirolimus", 0).finding(kind, ago=ago)

    if fires:
        assert asked.card("sirolimus_cautions").named_items == ("si-pres",)
    else:
        asked.silent("sirolimus_cautions")


def test_given_a_planned_biopsy_before_sirolimus_then_surgery_comes_first() -> None:
    """SIR-LEAF: wounds heal slowly; the order of the two is this project's reading."""
    child = a_relapsed_child().having(biopsy_or_surgery_pending="yes")

    card = chart().selecting("sirolimus", 0).of(child).ordering("biopsy", 5, concept="biopsy.procedure")
    found = card.card("sirolimus_cautions")

    assert found.indicator is Indicator.WARNING
    assert found.named_items == ("si-wound",)


LAXATIVES = ("sennosides", "bisacodyl", "polyethylene_glycol", "lactulose", "docusate")


@pytest.mark.parametrize("name", LAXATIVES)
def test_given_a_laxative_with_diarrhoea_under_irinotecan_then_a_warning(name: str) -> None:
    """IRI-POGO."""
    card = chart().selecting("irinotecan", 0, 4).active(name, -3).finding("diarrhoea", ago=1)
    found = card.card("irinotecan_with_laxative")

    assert found.indicator is Indicator.WARNING
    assert "findings" in {fact.fact for fact in found.used}


def test_given_a_laxative_and_no_diarrhoea_on_record_then_it_informs_and_asks() -> None:
    """Unknown is not absent."""
    card = chart().selecting("irinotecan", 0, 4).active("sennosides", -3).card("irinotecan_with_laxative")

    assert card.indicator is Indicator.INFO
    assert says(card, "whether there is diarrhoea, none is on record")


def test_given_diarrhoea_without_a_laxative_then_silence() -> None:
    chart().selecting("irinotecan", 0, 4).finding("diarrhoea", ago=1).silent("irinotecan_with_laxative")


def test_given_temozolomide_with_eflornithine_then_hearing_is_named() -> None:
    card = chart().selecting("eflornithine", 0).active("temozolomide", -1).card("temozolomide_with_eflornithine")

    assert card.indicator is Indicator.INFO
    assert says(card, "linking it with eflornithine is this project's thought")


PARTNER_RULES = [
    ("sirolimus", "sirolimus_forbidden"),
    ("sirolimus", "sirolimus_cautions"),
    ("temozolomide", "temozolomide_after_failure"),
    ("bevacizumab", "bevacizumab_near_surgery"),
]


@pytest.mark.parametrize(("name", "rule"), PARTNER_RULES)
def test_given_no_active_disease_then_partner_rules_are_silent(name: str, rule: str) -> None:
    chart().selecting(name, 0).of(a_child().with_event("in_remission")).silent(rule)
    chart().active(name, 0).silent(rule)


def test_given_an_interaction_outside_active_disease_then_silence() -> None:
    chart().selecting("dasatinib", 0).active("omeprazole").of(a_child()).silent("dasatinib_interactions")


@pytest.mark.parametrize(
    "text", ["Peanuts", "groundnut", "Soya", "soybean", "Soy beans", "Soya bean oil", "soy lecithin"]
)
def test_given_an_allergy_to_peanut_or_soya_in_any_of_its_words_then_oral_sirolimus_is_questioned(text: str) -> None:
    """SIR-LEAF: the oral product is contraindicated with an allergy to peanut or soya."""
    card = chart().selecting("sirolimus", 0).allergic_to(text=text, confidence="text").card("sirolimus_forbidden")

    assert card.indicator is Indicator.WARNING


@pytest.mark.parametrize("text", ["Tree nuts", "soyuz", "Penicillin"])
def test_given_another_allergy_then_oral_sirolimus_goes(text: str) -> None:
    chart().selecting("sirolimus", 0).allergic_to(text=text, confidence="text").silent("sirolimus_forbidden")
