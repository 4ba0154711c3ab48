"""The supportive-care files: complete, cited, and refused when they break a rule."""

from __future__ import annotations

import shutil
from datetime import date
from decimal import Decimal
from pathlib import Path

import pydantic
import pytest

from hooks.errors import KnowledgeError
from hooks.pathways.relapsed_neuroblastoma.knowledge import FOLDER, KNOWLEDGE
from hooks.pathways.relapsed_neuroblastoma.knowledge.supportive import Agent, AgentKind, load_supportive
from hooks.pathways.relapsed_neuroblastoma.knowledge.supportive_dose import Basis, Dose, DoseUnit
from hooks.pathways.relapsed_neuroblastoma.knowledge.supportive_items import Courses, Match, OrderItem, Routine
from hooks.pathways.relapsed_neuroblastoma.knowledge.supportive_safety import SafetyCategory

LIBRARY = KNOWLEDGE.supportive
ITEMS = {item.id: item for items in LIBRARY.order_sets.values() for item in items}
CARE, SAFETY = "supportive_care.yaml", "supportive_safety.yaml"


def test_given_the_files_then_they_hold_these_numbers_of_items() -> None:
    """Guard: an item that disappears is seen. 143 order items and 83 rules of the 240 researched; 14 unsourced."""
    interactions = len(LIBRARY.interactions)

    assert {name: len(items) for name, items in LIBRARY.order_sets.items()} == {
        "dinutuximab": 26,
        "dinutuximab beta": 29,
        "naxitamab": 18,
        "lorlatinib": 12,
        "crizotinib": 9,
        "alectinib": 7,
        "ceritinib": 6,
        "sirolimus": 4,
        "dasatinib": 4,
        "irinotecan": 3,
        "temozolomide": 7,
        "bevacizumab": 2,
        "131I-MIBG": 3,
        "eflornithine": 5,
        "response assessment": 8,
    }
    assert sum(len(rules) for rules in LIBRARY.safety.values()) + interactions == 94


@pytest.mark.parametrize(
    "item",
    [
        "cz-qtc",
        "db-antihistamine",
        "db-cls-support",
        "db-dm-cls",
        "db-dm-eye",
        "db-neurotoxic-comed",
        "db-pregabalin",
        "di-ahus",
        "di-il2",
        "ir-atropine",
        "ir-ugt",
        "mi-preg",
        "nx-other",
        "nx-tm",
    ],
)
def test_given_an_item_whose_source_does_not_state_it_then_it_is_not_encoded(item: str) -> None:
    """Recalled, or cut off before the statement."""
    rules = {rule.id for rules in LIBRARY.safety.values() for rule in rules} | {r.id for r in LIBRARY.interactions}

    assert item not in ITEMS
    assert item not in rules


def test_given_every_item_then_each_of_its_sources_is_a_citation() -> None:
    for source, where in LIBRARY.citations_used():
        assert source in KNOWLEDGE.citations, where


def test_given_every_citation_with_an_address_then_it_is_https() -> None:
    assert all((citation.link or "https://").startswith("https://") for citation in KNOWLEDGE.citations.values())


@pytest.mark.parametrize(
    ("item", "low", "high", "unit", "cap"),
    [
        ("db-gabapentin-1", "10", "10", "mg/kg/day", "300"),
        ("db-gabapentin-2", "10", "10", "mg/kg", "300"),
        ("db-gabapentin-3", "10", "10", "mg/kg", "300"),
        ("db-morphine-pre", "0.02", "0.05", "mg/kg/h", None),
        ("db-morphine-during", "0.03", "0.03", "mg/kg/h", None),
        ("db-morphine-sti-post", "0.01", "0.01", "mg/kg/h", None),
        ("di-hydration", "10", "10", "mL/kg", None),
        ("di-morphine-bolus", "50", "50", "mcg/kg", None),
        ("di-morphine-inf", "20", "50", "mcg/kg/h", None),
        ("di-morphine-prn", "25", "50", "mcg/kg", None),
        ("di-dexmed", "0.1", "0.6", "mcg/kg/h", None),
        ("di-hydromorphone", "2", "8", "mcg/kg/h", None),
        ("di-antihistamine", "0.5", "1", "mg/kg", "50"),
        ("di-paracetamol", "10", "15", "mg/kg", "650"),
        ("di-ibuprofen", "5", "10", "mg/kg", None),
        ("di-gmcsf", "250", "250", "mcg/m2/day", None),
        ("di-gmcsf-rel", "250", "250", "mcg/m2/day", None),
        ("nx-gmcsf-1", "250", "250", "mcg/m2/day", None),
        ("nx-gmcsf-2", "500", "500", "mcg/m2/day", None),
        ("nx-steroid", "2", "2", "mg/kg", "80"),
        ("ir-cefixime", "8", "8", "mg/kg/day", "400"),
        ("db-albumin-diluent", "1", "1", "% w/v", None),
    ],
)
def test_given_a_supportive_drug_then_its_dose_is_the_one_of_its_source(
    item: str, low: str, high: str, unit: str, cap: str | None
) -> None:
    """QZ-SMPC-44, BARONE-T2, UNI-22, DEXMED, CHEO-SARG, DANY-21, DANY-22, IRI-POGO, QZ-LEAF."""
    dose = ITEMS[item].dose

    assert dose is not None
    assert (dose.low, dose.high, dose.unit) == (Decimal(low), Decimal(high), unit)
    assert dose.max == (None if cap is None else Decimal(cap))


def test_given_the_list_above_then_it_names_every_supportive_drug_with_a_dose() -> None:
    """Guard: a dose that nobody typed by hand is seen."""
    dosed = [item for item in ITEMS.values() if item.dose is not None and item.routine is not Routine.SCHEDULE]

    assert len(dosed) == 22


def test_given_an_item_whose_dose_was_not_read_then_it_has_none() -> None:
    """Null doses stay null."""
    without = [ITEMS[name] for name in ("nx-gabapentin", "db-nonopioid", "mi-ki", "ir-loperamide", "di-adr")]

    assert all(item.dose is None and not item.verified for item in without)


@pytest.mark.parametrize(
    ("agent", "day", "expected"),
    [
        ("dinutuximab beta", -3, date(2026, 11, 22)),
        ("dinutuximab beta", -1, date(2026, 11, 24)),
        ("dinutuximab beta", 1, date(2026, 11, 25)),
        ("dinutuximab beta", 10, date(2026, 12, 4)),
        ("naxitamab", -4, date(2026, 11, 20)),
        ("naxitamab", 0, date(2026, 11, 24)),
        ("naxitamab", 1, date(2026, 11, 25)),
        ("naxitamab", 7, date(2026, 12, 1)),
        ("irinotecan", -5, date(2026, 11, 20)),
        ("irinotecan", 21, date(2026, 12, 15)),
    ],
)
def test_given_a_day_of_the_source_then_it_falls_on_this_date(agent: str, day: int, expected: date) -> None:
    """Naxitamab's label counts a day 0 (day -4 is five days before day 1); the others do not."""
    assert LIBRARY.agents[agent].date_of(day, date(2026, 11, 25)) == expected


def test_given_a_drug_then_its_agent_is_found_by_the_whole_name() -> None:
    """Hazard: "dinutuximab" is found inside "dinutuximab beta"."""
    assert LIBRARY.agent_of("drug.dinutuximab") == "dinutuximab"
    assert LIBRARY.agent_of("drug.dinutuximab_beta") == "dinutuximab beta"
    assert LIBRARY.agent_of("drug.dinutuxi") is None
    assert LIBRARY.of_kind(AgentKind.ANTIBODY) == ("dinutuximab", "dinutuximab beta", "naxitamab")


def test_given_the_needed_items_then_only_three_are_for_the_first_course_alone() -> None:
    """DANY-22: steroid before the first infusion; DAS-LEAF, TMZ-LEAF: hepatitis B before the start."""
    first = {item.id for item in ITEMS.values() if item.courses is Courses.FIRST}

    assert first == {"nx-steroid", "da-hbv", "tz-hbv"}


def test_given_interactions_then_they_stand_apart_from_the_other_rules() -> None:
    assert {rule.category for rule in LIBRARY.interactions} == {SafetyCategory.INTERACTION}
    assert not any(rule.is_interaction for rules in LIBRARY.safety.values() for rule in rules)
    assert {rule.agent for rule in LIBRARY.safety["naxitamab"]} == {"naxitamab"}


def spoilt(folder: Path, name: str, old: str, new: str) -> Path:
    """A copy of the knowledge folder with one place of one file changed."""
    for file in (CARE, SAFETY):
        shutil.copy(FOLDER / file, folder / file)
    text = (folder / name).read_text(encoding="utf-8")
    assert old in text
    (folder / name).write_text(text.replace(old, new, 1), encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("name", "old", "new", "says"),
    [
        (CARE, "    routine: schedule\n", "    routine: always\n", "routine"),
        (CARE, "  - id: di-hydration\n", "  - id: di-regimen\n", "di-regimen: stands twice"),
        (CARE, "  - id: di-hydration\n", "  - id: di-hydration\n    colour: blue\n", "colour"),
        (CARE, "    start_day: 1\n", "", "di-hydration: a needed item needs its first day"),
        (CARE, "    satisfied_by: {classes: [systemic_corticosteroid], injected: true}\n", "", "what satisfies it"),
        (CARE, "    checks: [vital_signs]\n", "", "what satisfies it"),
        (CARE, "    checks: [vital_signs]\n", "    checks: [second_sight]\n", "no check second_sight"),
        (CARE, "    start_day: -3\n", "    start_day: 0\n", "has no day 0"),
        (CARE, "    end_day: -3\n", "    end_day: 0\n", "has no day 0"),
        (CARE, "    sources: [UNI-22, UNI-EU]\n", "    sources: []\n", "at least 1 item"),
        (CARE, "classes: [h1_antihistamine]", "classes: [h7_antihistamine]", "no class h7_antihistamine"),
        (
            CARE,
            "satisfied_by: {drugs: [drug.sargramostim], injected: true}",
            "satisfied_by: {}",
            "a class, a drug or a word",
        ),
        (
            CARE,
            "satisfied_by: {drugs: [drug.sargramostim], injected: true}",
            "satisfied_by: {drugs: [drug.x]}",
            "drug.x is not in",
        ),
        (CARE, "    drug: drug.gabapentin\n", "    drug: drug.gabapentine\n", "drug.gabapentine is not in"),
        (CARE, "only_with: [drug.sargramostim]", "only_with: [drug.sargra]", "drug.sargra is not in"),
        (CARE, "    code: lab_vital.ANC\n", "    code: lab_vital.NCA\n", "lab_vital.NCA is not in"),
        (CARE, "unit: mg/kg, max: 50", "unit: mg/lb, max: 50", "unit"),
        (CARE, "  dinutuximab beta:\n  - id", "  dinutuximab gamma:\n  - id", "dinutuximab gamma is not among"),
        (CARE, "order_sets:\n", "order_sets: [1]\nextra:\n", "order_sets"),
        (CARE, "    drug: drug.ketamine\n", "    drug: drug.irinotecan\n", "is never offered"),
        (CARE, "    verified: true\n", "    verified: false\n", "a dose needs a verified item"),
        (SAFETY, "  - id: di-stop-01\n", "  - id: di-ci-anaph\n", "an id stands twice"),
        (SAFETY, "  alectinib:\n", "  aspirin:\n", "not among the agents: aspirin"),
        (SAFETY, "other_sources: [PRES-CASE]", "other_sources: []", "the other side needs its sources"),
        (SAFETY, "classes: [acid_reducer]", "classes: [acid]", "no class acid"),
        (SAFETY, "allergies: [drug.naxitamab]", "allergies: [drug.naxi]", "drug.naxi is not in"),
        (SAFETY, "limits: {age_below_months: 12}", "limits: {age_below_moons: 12}", "age_below_moons"),
    ],
)
def test_given_a_file_that_breaks_a_rule_then_it_is_refused_with_the_place(
    tmp_path: Path, name: str, old: str, new: str, says: str
) -> None:
    """Hazard: a slip in a knowledge file reaches a child."""
    folder = spoilt(tmp_path, name, old, new)

    with pytest.raises(KnowledgeError) as refused:
        load_supportive(folder)

    assert says in refused.value.safe_text


@pytest.mark.parametrize(
    "body", ["[]", "order_sets: {dinutuximab: 3}", "order_sets: {dinutuximab: [3]}", "order_sets: 5"]
)
def test_given_a_file_of_another_shape_then_it_is_refused(tmp_path: Path, body: str) -> None:
    (tmp_path / CARE).write_text(body, encoding="utf-8")

    with pytest.raises(KnowledgeError):
        load_supportive(tmp_path)


@pytest.mark.parametrize(
    ("dose", "says"),
    [
        ({"low": 2, "high": 1, "unit": "mg/kg"}, "upside down"),
        ({"low": 1, "high": 1, "unit": "mg/kg", "max": 5}, "a cap needs its unit"),
        ({"low": 1, "high": 1, "unit": "mg/kg", "max_unit": "mg per dose"}, "a cap needs its unit"),
        ({"low": 1, "high": 1, "unit": "mcg/kg", "max": 5, "max_unit": "mg per dose"}, "the dose is not"),
        ({"low": 1, "high": 1, "unit": "mg/kg/day", "max": 5, "max_unit": "mg per dose"}, "several doses"),
        ({"low": 1, "high": 1, "unit": "mg/kg", "max": 5, "max_unit": "mg per day"}, "how often"),
        ({"low": 0, "high": 1, "unit": "mg/kg"}, "greater than 0"),
    ],
)
def test_given_a_dose_that_cannot_be_right_then_it_is_refused(dose: dict[str, object], says: str) -> None:
    with pytest.raises(pydantic.ValidationError, match=says):
        Dose.model_validate(dose)


def test_given_a_unit_then_its_parts_are_known() -> None:
    assert (DoseUnit.MCG_PER_M2_DAY.amount, DoseUnit.MCG_PER_M2_DAY.basis) == ("mcg", Basis.BODY_SURFACE)
    assert (DoseUnit.ML_PER_KG.amount, DoseUnit.ML_PER_KG.basis) == ("mL", Basis.WEIGHT)
    assert DoseUnit.PERCENT.basis is Basis.NONE
    assert DoseUnit.MG_PER_KG_HOUR.is_rate
    assert not DoseUnit.MG_PER_KG_DAY.is_rate


def test_given_what_was_read_then_nobody_can_change_it() -> None:
    with pytest.raises(pydantic.ValidationError):
        LIBRARY.agents["naxitamab"].day_zero = False  # type: ignore[misc]  # the point of the test


def test_given_only_words_then_a_match_stands() -> None:
    assert Match(words=("saline",)).words == ("saline",)
    assert Agent(drug=None, kind=AgentKind.ASSESSMENT).days_from_day_1(1) == 0
    assert isinstance(ITEMS["di-hydration"], OrderItem)


@pytest.mark.parametrize("agent", [name for name, agent in LIBRARY.agents.items() if agent.drug])
def test_given_any_order_set_then_it_has_items_that_are_only_named(agent: str) -> None:
    """A card lists them in one sentence, for the drugs and the monitoring of an antibody apart."""
    named = [item for item in LIBRARY.order_sets[agent] if item.routine is Routine.CONDITIONAL]
    antibody = LIBRARY.agents[agent].kind is AgentKind.ANTIBODY

    assert named
    assert not antibody or {item.is_drug for item in named} == {True, False}
