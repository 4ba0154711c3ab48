"""GM-CSF, cefixime, and drugs that lower the uptake of MIBG (SARG-LABEL, SARG-WARN, IRI-POGO, MIBG-DRUGS)."""

from __future__ import annotations

import pytest

from hooks.recommendation import Indicator, Topic
from tests.spec.children import a_child
from tests.spec.safety.charts import Chart, chart, missing, says

NEAR = "gm_csf_near_chemotherapy"
FORBIDDEN = "gm_csf_forbidden"
CEFIXIME = "cefixime_with_cephalosporin_allergy"
IRINOTECAN = "irinotecan_without_cefixime"
SCAN = "mibg_scan_with_uptake_drug"


def gm_csf(start: int | None = 5, end: int | None = 11) -> Chart:
    return chart().selecting("sargramostim", start, end)


@pytest.mark.parametrize("name", ["temozolomide", "irinotecan", "cyclophosphamide", "topotecan", "carboplatin"])
@pytest.mark.parametrize(("start", "end", "fires"), [(0, 4, False), (1, 5, True), (11, 15, True), (12, 16, False)])
def test_given_gm_csf_and_chemotherapy_then_a_shared_day_warns(name: str, start: int, end: int, fires: bool) -> None:
    """SARG-LABEL: 24 h before or after. The day after the last dose is the usual protocol (ANBL1221) and stays free."""
    asked = gm_csf().active(name, start, end)

    if fires:
        card = asked.card(NEAR)
        assert card.indicator is Indicator.WARNING
        assert card.topic is Topic.ORDER_SAFETY
        assert card.named_items == ("di-gmcsf-chemo",)
        assert says(card, "Orders give days, not hours")
    else:
        asked.silent(NEAR)


def test_given_chemotherapy_selected_while_gm_csf_is_active_then_the_first_shared_day_is_named() -> None:
    card = chart().active("sargramostim", 5, 11).selecting("irinotecan", 8, 12).card(NEAR)

    assert card.summary == "Move the days of sargramostim: irinotecan is ordered on 2026-11-30 too"


def test_given_both_only_active_then_nobody_is_nagged() -> None:
    chart().active("sargramostim", 5, 11).active("irinotecan", 8, 12).selecting("ondansetron").silent(NEAR)
    chart().active("sargramostim", 5, 11).ordering("Radiotherapy", 6).silent(NEAR)


@pytest.mark.parametrize(("start", "end"), [(None, None), (None, 9)])
def test_given_orders_without_days_then_the_days_are_asked_and_nothing_is_claimed(
    start: int | None, end: int | None
) -> None:
    """Hazard: days that nobody wrote are taken for days apart."""
    for asked in (gm_csf(start, end).active("irinotecan", 5, 9), gm_csf().active("irinotecan", start, end)):
        card = asked.card(NEAR)

        assert card.indicator is Indicator.INFO
        assert card.summary == "Check the days of sargramostim beside irinotecan: not on the orders"


def test_given_chemotherapy_without_days_and_no_gm_csf_then_silence() -> None:
    chart().selecting("irinotecan").silent(NEAR)


def test_given_an_order_without_a_last_day_then_its_first_day_counts() -> None:
    gm_csf(5, None).active("irinotecan", 5, None).card(NEAR)
    gm_csf(5, None).active("irinotecan", 6, None).silent(NEAR)


def test_given_an_order_whose_days_are_upside_down_then_nothing_is_claimed() -> None:
    gm_csf(9, 5).active("irinotecan", 9, 12).silent(NEAR)


def test_given_an_antibody_or_isotretinoin_on_the_same_day_then_silence() -> None:
    gm_csf().active("dinutuximab", 6, 9).active("isotretinoin", 6).silent(NEAR)


@pytest.mark.parametrize("text", ["Radiotherapy to the primary site", "Craniospinal irradiation", "Radiation therapy"])
@pytest.mark.parametrize(("when", "fires"), [(5, True), (4, False), (None, False)])
def test_given_radiotherapy_on_a_day_of_gm_csf_then_a_warning(text: str, when: int | None, fires: bool) -> None:
    asked = gm_csf().ordering(text, when)

    if fires:
        assert "radiotherapy is ordered on 2026-11-27 too" in asked.card(NEAR).summary
    else:
        asked.silent(NEAR)


def test_given_radiotherapy_selected_while_gm_csf_is_active_then_a_warning() -> None:
    chart().active("sargramostim", 5, 11).ordering("Radiotherapy", 6, selected=True, state="draft").card(NEAR)


def test_given_another_service_on_that_day_then_silence() -> None:
    gm_csf().ordering("MRI", 6).ordering("Radiotherapy", 6, state="on_hold").silent(NEAR)


def test_given_an_allergy_to_sargramostim_then_critical_and_to_yeast_in_words_a_question() -> None:
    """SARG-WARN."""
    assert gm_csf().allergic_to("sargramostim").card(FORBIDDEN).indicator is Indicator.CRITICAL
    assert gm_csf().allergic_to(text="Baker's yeast", confidence="text").card(FORBIDDEN).indicator is Indicator.WARNING


@pytest.mark.parametrize("kind", ["effusion", "oedema", "heart_failure"])
def test_given_fluid_retention_then_it_is_named(kind: str) -> None:
    card = gm_csf().finding(kind, ago=3).card(FORBIDDEN)

    assert card.indicator is Indicator.WARNING
    assert card.named_items == ("di-gmcsf-fluid",)


def test_given_nothing_known_of_allergies_then_a_gap_and_no_card() -> None:
    assert missing(gm_csf().with_unknown_allergies().undetermined(FORBIDDEN)) == ["Allergies: could not be retrieved"]
    gm_csf().silent(FORBIDDEN)
    chart().active("sargramostim").allergic_to("sargramostim").silent(FORBIDDEN)


def test_given_no_relapse_then_gm_csf_still_speaks_because_it_goes_with_an_antibody() -> None:
    gm_csf().of(a_child()).allergic_to("sargramostim").card(FORBIDDEN)


CEPHALOSPORINS = ("cefixime", "cefazolin", "ceftriaxone", "ceftazidime", "cefepime")


@pytest.mark.parametrize("allergen", CEPHALOSPORINS)
def test_given_cefixime_with_an_allergy_to_a_cephalosporin_then_a_warning(allergen: str) -> None:
    card = chart().selecting("cefixime", -5, 20).allergic_to(allergen, anaphylaxis=True).card(CEFIXIME)

    assert card.indicator is Indicator.WARNING
    assert card.topic is Topic.ORDER_SAFETY
    assert card.summary == f"Review cefixime: allergy to {allergen} of 2025-10-18"
    assert card.orders == ()


def test_given_an_allergy_to_the_class_by_name_then_a_warning() -> None:
    card = chart().selecting("cefixime", 0).allergic_to(concept="cephalosporin", confidence="text").card(CEFIXIME)

    assert card.summary == "Review cefixime: allergy to cephalosporin of 2025-10-18"


def test_given_irinotecan_with_such_an_allergy_then_cefixime_is_not_offered_and_the_conflict_is_named() -> None:
    card = chart().selecting("irinotecan", 0, 4).allergic_to("cefazolin").card(IRINOTECAN)

    assert card.indicator is Indicator.INFO
    assert card.topic is Topic.PARTNER_SUPPORTIVE_CARE
    assert card.summary == "Do not add cefixime to irinotecan: allergy to cefazolin of 2025-10-18"
    assert card.named_items == ()


@pytest.mark.parametrize(("name", "rule"), [("cefixime", CEFIXIME), ("irinotecan", IRINOTECAN)])
def test_given_another_allergy_none_or_no_active_disease_then_silence(name: str, rule: str) -> None:
    chart().selecting(name, 0).silent(rule)
    chart().selecting(name, 0).allergic_to("meropenem").silent(rule)
    chart().selecting(name, 0).allergic_to("cefixime").of(a_child()).silent(rule)
    chart().active(name, 0).allergic_to("cefixime").silent(rule)
    chart().active(name, 0).with_unknown_allergies().silent(rule)


@pytest.mark.parametrize(("name", "rule"), [("cefixime", CEFIXIME), ("irinotecan", IRINOTECAN)])
def test_given_an_unknown_allergy_list_then_a_gap_and_no_card(name: str, rule: str) -> None:
    outcome = chart().selecting(name, 0).with_unknown_allergies().undetermined(rule)

    assert missing(outcome) == ["Allergies: could not be retrieved"]


@pytest.mark.parametrize("name", ["labetalol", "amitriptyline", "pseudoephedrine"])
@pytest.mark.parametrize("selected", ["scan", "drug"])
def test_given_an_mibg_scan_beside_an_uptake_drug_then_nuclear_medicine_is_told(name: str, selected: str) -> None:
    """MIBG-DRUGS."""
    asked = (
        chart().active(name, -5).ordering("123I-MIBG scan", 3, selected=True, state="draft")
        if selected == "scan"
        else chart().selecting(name, 0).ordering("", 3, concept="MIBG.I-123.scan")
    )

    card = asked.card(SCAN)

    assert card.indicator is Indicator.WARNING
    assert card.subject == "MIBG scan"
    assert card.named_items == ("ra-interfere",)
    assert card.summary.startswith(f"Tell nuclear medicine before the MIBG scan: {name}")


def test_given_one_of_the_two_missing_or_nobody_selecting_then_silence() -> None:
    chart().selecting("labetalol", 0).silent(SCAN)
    chart().selecting("labetalol", 0).ordering("CT chest", 3).silent(SCAN)
    chart().active("labetalol", 0).ordering("MIBG scan", 3).silent(SCAN)
    chart().selecting("paracetamol", 0).ordering("MIBG scan", 3).silent(SCAN)
    chart().selecting("labetalol", 0).ordering("MIBG scan", 3, state="on_hold").silent(SCAN)
    chart().selecting("labetalol", 0).ordering("MIBG scan", 3).of(a_child()).silent(SCAN)


@pytest.mark.parametrize(
    ("text", "fires"), [("Beta-lactam antibiotics", True), ("β-lactams", True), ("Lactose", False)]
)
def test_given_an_allergy_to_beta_lactams_then_cefixime_is_questioned(text: str, fires: bool) -> None:
    """Cephalosporins are beta-lactams (ATC J01D)."""
    asked = chart().selecting("cefixime", 0).allergic_to(text=text, confidence="text")

    if fires:
        assert asked.card(CEFIXIME).summary == "Review cefixime: allergy to beta-lactam antibiotics of 2025-10-18"
    else:
        asked.silent(CEFIXIME)
