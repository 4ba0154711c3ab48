"""Every verified dose of the regimens, typed by hand from its source; everything else stays null."""

from __future__ import annotations

import pytest

from hooks.pathways.relapsed_neuroblastoma.knowledge import KNOWLEDGE
from hooks.pathways.relapsed_neuroblastoma.knowledge.doses import Component, Schedule
from hooks.pathways.relapsed_neuroblastoma.knowledge.regimens import Status

REGIMENS = KNOWLEDGE.regimens.regimens

VERIFIED = [
    # COG0311584: 10.1200/JCO.2010.31.7107, abstract
    ("TEMIRI", "cog_protracted", "irinotecan", "10 mg/m2 per dose", None, "5 days a week for 2 weeks"),
    ("TEMIRI", "cog_protracted", "temozolomide", "100 mg/m2 per dose", None, "5 days"),
    # NANT-ORAL: 10.1200/JCO.2008.18.5918, abstract
    ("TEMIRI", "all_oral_nant", "irinotecan", "60 mg/m2 per day", "by mouth", "days 1 to 5, 8 to 12"),
    ("TEMIRI", "all_oral_nant", "temozolomide", "75 mg/m2 per day", "by mouth", "days 1 to 5"),
    # TOTEM: 10.1016/j.ejca.2013.08.012, abstract
    ("TOTEM", "itcc_siopen", "temozolomide", "150 mg/m2 per day", "by mouth", "5 consecutive days"),
    (
        "TOTEM",
        "itcc_siopen",
        "topotecan",
        "0.75 mg/m2 per day",
        "intravenous",
        "5 consecutive days, after temozolomide",
    ),
    # BIT-MSKCC: NCT01114555, abstract
    ("BIT", "mskcc_phase2", "bevacizumab", "15 mg/kg per dose", "intravenous", "days 1, 15"),
    ("BIT", "mskcc_phase2", "irinotecan", "50 mg/m2 per day", "intravenous", "days 4 to 8"),
    ("BIT", "mskcc_phase2", "temozolomide", "150 mg/m2 per day", "by mouth", "days 4 to 8"),
    # IMMUNO: 10.1200/JCO-25-01868, abstract
    (
        "DB_TTO",
        "beacon_immuno",
        "dinutuximab beta",
        "10 mg/m2 per day",
        "continuous intravenous infusion",
        "7-day infusion with the chemotherapy",
    ),
    # CHEO parenteral drug manual 1510 and 1702; days from ANBL1221, PMC7325366
    ("DIT_ANBL1221", "cog", "dinutuximab", "17.5 mg/m2 per day", "intravenous", "days 2 to 5"),
    ("DIT_ANBL1221", "cog", "sargramostim", "250 mcg/m2 per day", "subcutaneous", "days 6 to 12"),
    # ANBL1821: ASCO 2025, abstract 10001
    (
        "DIT_DFMO",
        "anbl1821_arm_b",
        "eflornithine",
        "6750 mg/m2 per day",
        "by mouth",
        "days 1-7 and 15-21 after hearing loss on continuous dosing",
    ),
    # HITS: ASCO 2018 abstract 10025, ASCO 2022 abstract 10028
    ("HITS", "mskcc", "irinotecan", "50 mg/m2 per day", "intravenous", "days 1 to 5"),
    ("HITS", "mskcc", "temozolomide", "150 mg/m2 per day", "by mouth or intravenous", "days 1 to 5"),
    ("HITS", "mskcc", "naxitamab", "2.25 mg/kg per day", "intravenous", "days 2, 4, 8, 10"),
    # NAXI-LABEL 2.1
    ("NAXITAMAB_GMCSF", "fda_label", "naxitamab", "3 mg/kg per day", "intravenous", "days 1, 3, 5"),
    ("NAXITAMAB_GMCSF", "fda_label", "sargramostim", "250 mcg/m2 per day", "subcutaneous", "days -4 to 0"),
    ("NAXITAMAB_GMCSF", "fda_label", "sargramostim", "500 mcg/m2 per day", "subcutaneous", "days 1 to 5"),
    # LORLA: 10.1038/s41591-023-02297-5, abstract
    (
        "LORLATINIB",
        "nant2015_02_child",
        "lorlatinib",
        "115 mg/m2 per dose",
        "by mouth",
        "",
    ),
    ("LORLATINIB", "nant2015_02_adult", "lorlatinib", "150 mg per dose", "by mouth", "once daily"),
    (
        "LORLATINIB_TOPOCY",
        "nant2015_02_b2",
        "lorlatinib",
        "115 mg/m2 per dose",
        "by mouth",
        "",
    ),
    # CRIZ: 10.1158/1078-0432.CCR-20-4224, abstract
    ("CRIZOTINIB", "advl0912", "crizotinib", "280 mg/m2 per dose", "by mouth", "twice daily without a break"),
    # CERI: 10.1016/S1470-2045(21)00536-2, abstract
    ("CERITINIB", "fed", "ceritinib", "500 mg/m2 per day", "by mouth", "once daily with food"),
    ("CERITINIB", "fasted", "ceritinib", "510 mg/m2 per day", "by mouth", "once daily fasted"),
    # TopoCy: 10.1200/JCO.2009.27.5016, abstract; ThaiPOG: 10.1186/s12885-019-6186-z, abstract
    ("TOPOCY", "cog_pog9462", "topotecan", "0.75 mg/m2 per day", None, "daily for 5 days"),
    ("TOPOCY", "cog_pog9462", "cyclophosphamide", "250 mg/m2 per day", None, "daily for 5 days"),
    ("TOPOCY", "thaipog_induction", "topotecan", "1.2 mg/m2 per day", None, "5 days"),
    ("TOPOCY", "thaipog_induction", "cyclophosphamide", "400 mg/m2 per day", None, "5 days"),
    # TVD: 10.4143/crt.2016.511, abstract
    ("TVD", "siopen", "topotecan", "1.5 mg/m2 per day", "intravenous", "days 1 to 5"),
    ("TVD", "siopen", "vincristine", "2 mg/m2 per course", "intravenous", ""),
    ("TVD", "siopen", "doxorubicin", "45 mg/m2 per course", "intravenous", ""),
    # TCE: 10.1007/s00432-007-0216-y, abstract
    (
        "TCE",
        "gpoh_phase2",
        "topotecan",
        "1 mg/m2 per day",
        "continuous intravenous infusion",
        "from day 1, begun 6 hours after the first cyclophosphamide",
    ),
    ("TCE", "gpoh_phase2", "cyclophosphamide", "100 mg/m2 per day", "intravenous", "days 1 to 7"),
    ("TCE", "gpoh_phase2", "etoposide", "100 mg/m2 per day", "intravenous", "days 8 to 10"),
    # ICE: news report of Kushner et al., Cancer 2012
    ("HD_ICE", "mskcc_hdice", "ifosfamide", "2000 mg/m2 per day", "intravenous", "days 1 to 5"),
    ("HD_ICE", "mskcc_hdice", "mesna", "2000 mg/m2 per day", "intravenous", "days 1 to 5"),
    ("HD_ICE", "mskcc_hdice", "carboplatin", "500 mg/m2 per day", "intravenous", "days 1, 2"),
    ("HD_ICE", "mskcc_hdice", "etoposide", "100 mg/m2 per day", "intravenous", "days 1 to 5"),
    # NANT: 10.1200/JCO.21.00703, abstract
    ("MIBG_131I", "nant_single_agent", "131I-MIBG", "18 mCi/kg per course", "intravenous", "day 1"),
    ("MIBG_131I", "nant_vorinostat", "131I-MIBG", "18 mCi/kg per course", "intravenous", "day 1"),
    ("MIBG_131I", "nant_vorinostat", "vorinostat", "180 mg/m2 per dose", "by mouth", "days 1 to 12, once daily"),
    # QARZIBA 4.2; LTI2018: 10.1080/19420862.2017.1402997, abstract
    (
        "DB_LTI",
        "smpc_lti",
        "dinutuximab beta",
        "10 mg/m2 per day",
        "continuous intravenous infusion",
        "days 1 to 10",
    ),
    ("DB_LTI", "smpc_sti", "dinutuximab beta", "20 mg/m2 per day", "intravenous", "days 1 to 5"),
    (
        "DB_LTI",
        "with_il2_sc",
        "dinutuximab beta",
        "100 mg/m2 per course",
        "intravenous",
        "as in the schedules without interleukin-2",
    ),
    (
        "DB_LTI",
        "with_il2_sc",
        "aldesleukin",
        "6 000 000 IU/m2 per day",
        "subcutaneous",
        "two periods of 5 days: from 7 days before the antibody, and days 1-5",
    ),
    (
        "DB_LTI",
        "greifswald_lti_il2_ra",
        "dinutuximab beta",
        "10 mg/m2 per day",
        "continuous intravenous infusion",
        "days 8-17",
    ),
    (
        "DB_LTI",
        "greifswald_lti_il2_ra",
        "aldesleukin",
        "6 000 000 IU/m2 per day",
        "subcutaneous",
        "days 1-5 and 8-12",
    ),
    ("DB_LTI", "greifswald_lti_il2_ra", "isotretinoin", "160 mg/m2 per day", "by mouth", "days 19-32"),
    # UNITUXIN 2.1; HEMONC, ANBL0931
    ("DINUTUXIMAB_FIRSTLINE", "fda_label", "dinutuximab", "17.5 mg/m2 per day", "intravenous", "days 4 to 7"),
    (
        "DINUTUXIMAB_FIRSTLINE",
        "fda_label",
        "sargramostim",
        "250 mcg/m2 per day",
        "subcutaneous",
        "14 days (days 0-13 of course 1)",
    ),
    ("DINUTUXIMAB_FIRSTLINE", "fda_label", "isotretinoin", "80 mg/m2 per dose", "by mouth", "14 days per cycle"),
    # FLAADT: 10.1200/JCO.22.01630, abstracts
    (
        "HAPLO_SCT_DB",
        "flaadt_2023",
        "dinutuximab beta",
        "20 mg/m2 per day",
        "intravenous",
        "5 days per cycle, 6 cycles (up to 9 in response after cycle 5 or 6)",
    ),
    (
        "HAPLO_SCT_DB",
        "flaadt_2023",
        "aldesleukin",
        "1 000 000 IU/m2 per day",
        "subcutaneous",
        "3 days in cycles 4-6",
    ),
    # CART: 10.1038/s41591-025-03874-6, abstract
    (
        "GD2_CART01",
        "obg",
        "autologous GD2-CAR T cells",
        "10 000 000 CAR-positive cells/kg per infusion",
        "intravenous",
        "infusion; lymphodepletion and number of infusions not read",
    ),
    # IWILFIN table 1; NMTRC003B: 10.1038/s41598-018-32659-w, abstract
    (
        "EFLORNITHINE",
        "fda_label",
        "eflornithine",
        "body surface above 1.5 m2: 768 mg per dose; body surface 0.75 to 1.5 m2: 576 mg per dose; "
        "body surface 0.5 to below 0.75 m2: 384 mg per dose; body surface 0.25 to below 0.5 m2: 192 mg per dose",
        "by mouth",
        "twice daily",
    ),
    ("EFLORNITHINE", "nmtrc003b", "eflornithine", "750 mg/m2 per dose", "by mouth", "twice daily, 2 years"),
    # KUSHNER2025: 10.1158/1078-0432.CCR-24-3427, abstract
    ("ISOTRETINOIN", "standard", "isotretinoin", "160 mg/m2 per day", "by mouth", "14 days per course"),
]

Row = tuple[str, str, str, str, str | None, str]


def schedules() -> list[tuple[str, Schedule]]:
    return [(key, schedule) for key, regimen in REGIMENS.items() for schedule in regimen.schedules]


def row(regimen: str, schedule: Schedule, part: Component) -> Row:
    route = part.route.value if part.route else None
    return (regimen, schedule.key, part.name, part.dose_words, route, part.days_words)


def test_given_the_knowledge_when_its_doses_are_listed_then_they_equal_the_hand_typed_list() -> None:
    """Hazard: a dose mistyped, doubled, or carried to another schedule."""
    found = [row(key, item, part) for key, item in schedules() for part in item.components if part.verified]

    assert sorted(found, key=str) == sorted(VERIFIED, key=str)
    assert len(found) == 58


def test_given_a_dose_that_was_not_read_when_listed_then_it_is_null() -> None:
    parts = [part for _, item in schedules() for part in item.components if not part.verified]

    assert len(parts) == 39
    assert all(part.dose is None and not part.bands and part.dose_words == "" for part in parts)


def test_given_the_cap_of_naxitamab_when_read_then_it_is_150_mg_a_day() -> None:
    """NAXI-LABEL: at most 150 mg a day; IWILFIN: 768 mg per dose."""
    caps = {part.name: part.cap.words for _, item in schedules() for part in item.components if part.cap}

    assert caps == {"naxitamab": "150 mg per day", "eflornithine": "768 mg per dose"}


DRAFTABLE = {
    "TEMIRI": "all_oral_nant",
    "TOTEM": "itcc_siopen",
    "BIT": "mskcc_phase2",
    "NAXITAMAB_GMCSF": "fda_label",
    "CRIZOTINIB": "advl0912",
    "CERITINIB": "fed",
    "TCE": "gpoh_phase2",
    "DB_LTI": "smpc_lti",
    "EFLORNITHINE": "fda_label",
    "ISOTRETINOIN": "standard",
}


def test_given_the_regimens_when_drafts_are_derived_then_only_complete_suggested_schedules_allow_one() -> None:
    found = {key: regimen.draft_schedule.key for key, regimen in REGIMENS.items() if regimen.draft_schedule}

    assert found == DRAFTABLE


@pytest.mark.parametrize("regimen", ["MIBG_131I", "HAPLO_SCT_DB", "GD2_CART01"])
def test_given_complete_doses_outside_suggest_when_derived_then_nothing_may_be_drafted(regimen: str) -> None:
    """Never draft: MIBG therapy, transplant, CAR T cells, although their antibody or activity doses were read."""
    assert REGIMENS[regimen].status is not Status.SUGGEST
    assert REGIMENS[regimen].draft_schedule is None


@pytest.mark.parametrize(
    "regimen",
    ["BTTO", "DB_TTO", "DB_IT", "DIT_ANBL1221", "HITS", "RIST", "LORLATINIB_TOPOCY", "TOPOCY", "DB_TOPOCY", "TVD"],
)
def test_given_a_suggested_regimen_with_an_open_dose_or_route_when_derived_then_nothing_may_be_drafted(
    regimen: str,
) -> None:
    assert REGIMENS[regimen].status is Status.SUGGEST
    assert REGIMENS[regimen].draft_schedule is None


def test_given_doses_read_second_hand_when_derived_then_nothing_may_be_drafted() -> None:
    """High-dose ICE was read in a news report of the paper only."""
    (schedule,) = REGIMENS["HD_ICE"].schedules

    assert schedule.is_complete
    assert schedule.second_hand
    assert REGIMENS["HD_ICE"].draft_schedule is None


def test_given_interleukin_2_when_schedules_are_chosen_then_it_is_never_the_default() -> None:
    """DB_LTI: offer it, never default to it."""
    assert {item.key for item in REGIMENS["DB_LTI"].schedules if item.on_request_only} == {
        "with_il2_sc",
        "greifswald_lti_il2_ra",
    }
