"""A supportive-care dose in words: quoted, multiplied out only from a recent plausible size, capped, rounded."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from hooks.facts.fact import Conflicting, Known, Unknown, Why
from hooks.facts.measurements import Measurement
from hooks.pathways.relapsed_neuroblastoma.facts import Facts
from hooks.pathways.relapsed_neuroblastoma.knowledge import KNOWLEDGE
from hooks.pathways.relapsed_neuroblastoma.knowledge.supportive_dose import Dose
from hooks.pathways.relapsed_neuroblastoma.knowledge.supportive_items import OrderItem
from hooks.pathways.relapsed_neuroblastoma.rules.dosing import NO_DOSE, DoseText, dose_text

AS_OF = date(2026, 11, 22)
ITEMS = {item.id: item for items in KNOWLEDGE.supportive.order_sets.values() for item in items}


def size(value: float, unit: str, days_ago: int | None = 0, comparator: str = "") -> Known[Measurement]:
    when = None if days_ago is None else AS_OF - timedelta(days=days_ago)
    return Known(Measurement(value, unit, comparator), ("Observation/1",), when)


def dose(item: str | OrderItem, **sizes: Any) -> DoseText:
    asked = ITEMS[item] if isinstance(item, str) else item
    facts = Facts(patient_id="p1", **sizes)
    return dose_text(asked, facts, KNOWLEDGE.supportive.sizes, KNOWLEDGE.engineering, AS_OF)


@pytest.mark.parametrize(
    ("item", "kg", "expected"),
    [
        ("db-gabapentin-2", 15.0, "10 mg/kg x 15 kg (2026-11-22) = 150 mg per dose (3 significant figures)."),
        ("db-gabapentin-1", 15.0, "10 mg/kg x 15 kg (2026-11-22) = 150 mg per day (3 significant figures)."),
        ("di-hydration", 12.5, "10 mL/kg x 12.5 kg (2026-11-22) = 125 mL per dose (3 significant figures)."),
        ("di-morphine-bolus", 15.0, "50 mcg/kg x 15 kg (2026-11-22) = 750 mcg per dose (3 significant figures)."),
        ("di-morphine-prn", 15.0, "25-50 mcg/kg x 15 kg (2026-11-22) = 375-750 mcg per dose (3 significant figures)."),
        ("di-antihistamine", 15.0, "0.5-1 mg/kg x 15 kg (2026-11-22) = 7.5-15 mg per dose (3 significant figures)."),
        ("di-ibuprofen", 15.0, "5-10 mg/kg x 15 kg (2026-11-22) = 75-150 mg per dose (3 significant figures)."),
        ("ir-cefixime", 15.0, "8 mg/kg x 15 kg (2026-11-22) = 120 mg per day (3 significant figures)."),
    ],
)
def test_given_a_recent_weight_then_the_amount_is_multiplied_out(item: str, kg: float, expected: str) -> None:
    """QZ-SMPC-44, UNI-22, IRI-POGO."""
    told = dose(item, weight_kg=size(kg, "kg"))

    assert told.text.endswith(expected)
    assert (told.computed, told.used, told.missing) == (True, ("weight_kg",), ())


@pytest.mark.parametrize(
    ("item", "kg", "expected"),
    [
        ("db-gabapentin-2", 30.0, "= 300 mg per dose (3"),
        ("db-gabapentin-2", 30.1, "= 301 mg per dose, capped: 300 mg per dose (3"),
        ("db-gabapentin-1", 31.0, "= 310 mg per day, capped: 300 mg per day (3"),
        ("di-antihistamine", 50.0, "= 25-50 mg per dose (3"),
        ("di-antihistamine", 60.0, "= 30-60 mg per dose, capped: 30-50 mg per dose (3"),
        ("di-antihistamine", 110.0, "= 55-110 mg per dose, capped: 50 mg per dose (3"),
        ("di-paracetamol", 65.0, "= 650-975 mg per dose, capped: 650 mg per dose (3"),
        ("nx-steroid", 40.0, "= 80 mg per dose (3"),
        ("nx-steroid", 40.5, "= 81 mg per dose, capped: 80 mg per dose (3"),
        ("ir-cefixime", 50.0, "= 400 mg per day (3"),
        ("ir-cefixime", 51.0, "= 408 mg per day, capped: 400 mg per day (3"),
    ],
)
def test_given_the_cap_then_it_is_applied_from_just_above_it(item: str, kg: float, expected: str) -> None:
    """Gabapentin 300 mg, diphenhydramine 50, paracetamol 650, methylprednisolone 80 per dose; cefixime 400 a day.

    Hazard: a heavy child gets more than the highest dose.
    """
    assert expected in dose(item, weight_kg=size(kg, "kg")).text


def test_given_a_weight_with_decimals_then_the_amount_is_rounded_to_three_figures() -> None:
    told = dose("di-morphine-bolus", weight_kg=size(15.37, "kg"))

    assert "50 mcg/kg x 15.37 kg (2026-11-22) = 768 mcg per dose" in told.text


@pytest.mark.parametrize(("days", "computed"), [(0, True), (7, True), (8, False), (-1, False), (None, False)])
def test_given_the_age_of_the_weight_then_only_the_last_seven_days_count(days: int | None, computed: bool) -> None:
    """Hazard: a dose is computed from the weight of another season, or from one entered for tomorrow."""
    told = dose("db-gabapentin-2", weight_kg=size(15.0, "kg", days))

    assert told.computed is computed
    assert ("150 mg" in told.text) is computed
    assert [gap.fact for gap in told.missing] == ([] if computed else ["weight_kg"])


@pytest.mark.parametrize(
    ("fact", "why", "words"),
    [
        (size(15.0, "kg", 8), "too old", "Weight: 15 kg is of 2026-11-14; at most 7 days old is used"),
        (size(15.0, "kg", -1), "implausible", "Weight: 15 kg is dated 2026-11-23, after today"),
        (size(15.0, "kg", None), "too old", "Weight: 15 kg has no date"),
        (size(15.0, "kg", 0, "<"), "exists but cannot be read", "Weight: <15 kg is no exact number"),
        (size(float("nan"), "kg"), "exists but cannot be read", "Weight: nan kg is no exact number"),
        (size(float("inf"), "kg"), "exists but cannot be read", "Weight: inf kg is no exact number"),
        (size(15000.0, "g"), "exists but cannot be read", "Weight: 15000 g is in another unit"),
        (size(0.9, "kg"), "implausible", "Weight: 0.9 kg is outside 1-300"),
        (size(301.0, "kg"), "implausible", "Weight: 301 kg is outside 1-300"),
        (size(-15.0, "kg"), "implausible", "Weight: -15 kg is outside 1-300"),
        (Unknown(Why.NOT_FOUND, ("vitals",)), "not found", "Weight: not found in vitals"),
        (
            Conflicting((Measurement(15.0, "kg"), Measurement(51.0, "kg"))),
            "conflicting",
            "Weight: sources disagree (15 kg / 51 kg)",
        ),
    ],
)
def test_given_a_weight_that_cannot_be_used_then_it_is_asked_for_and_the_reason_is_named(
    fact: Any, why: str, words: str
) -> None:
    told = dose("db-gabapentin-2", weight_kg=fact)

    assert told.text == "10 mg/kg twice daily, at most 300 mg per dose. Not multiplied out: weight needed."
    assert [(gap.why, gap.label) for gap in told.missing] == [(why, words)]


@pytest.mark.parametrize(("kg", "computed"), [(1.0, True), (300.0, True), (0.99, False), (300.1, False)])
def test_given_the_limits_of_plausible_weight_then_both_ends_count(kg: float, computed: bool) -> None:
    assert dose("di-hydration", weight_kg=size(kg, "kg")).computed is computed


def test_given_height_and_weight_then_a_dose_per_body_surface_is_multiplied_out() -> None:
    """MOSTELLER: the root of 110 x 19 / 3600 is 0.762; DANY-21: 250 mcg/m2/day."""
    told = dose("nx-gmcsf-1", weight_kg=size(19.0, "kg"), height_cm=size(110.0, "cm"))

    assert told.text == (
        "250 mcg/m2/day. 250 mcg/m2 x 0.762 m2 (from 110 cm (2026-11-22) and 19 kg (2026-11-22); MOSTELLER) "
        "= 190 mcg per day (3 significant figures)."
    )
    assert told.used == ("weight_kg", "height_cm")


@pytest.mark.parametrize(("days", "computed"), [(30, True), (31, False)])
def test_given_the_age_of_the_height_then_only_the_last_thirty_days_count(days: int, computed: bool) -> None:
    told = dose("nx-gmcsf-1", weight_kg=size(19.0, "kg"), height_cm=size(110.0, "cm", days))

    assert told.computed is computed
    assert [gap.fact for gap in told.missing] == ([] if computed else ["height_cm"])


def test_given_neither_height_nor_weight_then_both_are_asked_for() -> None:
    told = dose("nx-gmcsf-1")

    assert told.text == "250 mcg/m2/day. Not multiplied out: weight and height needed."
    assert [gap.fact for gap in told.missing] == ["weight_kg", "height_cm"]


@pytest.mark.parametrize(("kg", "cm"), [(1.0, 30.0), (200.0, 230.0)])
def test_given_an_implausible_body_surface_then_nothing_is_multiplied_out(kg: float, cm: float) -> None:
    """Below 0.2 or above 2.5 m2."""
    told = dose("nx-gmcsf-1", weight_kg=size(kg, "kg"), height_cm=size(cm, "cm"))

    assert not told.computed
    assert [(gap.fact, gap.why) for gap in told.missing] == [("weight_kg", "implausible"), ("height_cm", "implausible")]


@pytest.mark.parametrize(("kg", "cm"), [(190.0, 110.0), (5.0, 110.0)])
def test_given_a_weight_that_does_not_fit_the_height_then_nothing_is_multiplied_out(kg: float, cm: float) -> None:
    told = dose("nx-gmcsf-1", weight_kg=size(kg, "kg"), height_cm=size(cm, "cm"))

    assert not told.computed
    assert [(gap.fact, gap.why) for gap in told.missing] == [("weight_kg", "implausible")]
    assert "does not fit a height of 110 cm" in told.missing[0].label


@pytest.mark.parametrize(
    ("kg", "cm", "fits"), [(44.0, 115.0, False), (58.7, 139.9, True), (58.8, 139.9, False), (88.1, 140.0, True)]
)
def test_given_a_small_child_then_pounds_taken_for_kilograms_are_not_multiplied_out(
    kg: float, cm: float, fits: bool
) -> None:
    """Hazard: 20 kg written as 44 kg more than doubles a dose."""
    told = dose("db-gabapentin-1", weight_kg=size(kg, "kg"), height_cm=size(cm, "cm"))

    assert told.computed is fits


def test_given_a_weight_in_pounds_then_it_is_multiplied_out_as_it_is_shown() -> None:
    told = dose("db-gabapentin-1", weight_kg=size(19.958064, "kg"))

    assert "x 19.96 kg" in told.text
    assert "= 200 mg per day" in told.text


@pytest.mark.parametrize(
    ("kg", "months", "fits"),
    [
        (190.0, 60, False),
        (38.0, 60, True),
        (38.1, 60, False),
        (5.0, 60, True),
        (4.9, 60, False),
        (18.0, 600, True),
        (17.9, 600, False),
    ],
)
def test_given_no_height_then_a_weight_far_from_the_age_is_not_multiplied_out(
    kg: float, months: int, fits: bool
) -> None:
    told = dose("db-gabapentin-1", weight_kg=size(kg, "kg"), age_months=Known(months, ()))

    assert any("does not fit the age" in gap.label for gap in told.missing) is not fits


@pytest.mark.parametrize(
    ("item", "text"),
    [
        ("db-morphine-pre", "0.02-0.05 mg/kg/h. A rate, not multiplied out."),
        ("db-morphine-during", "0.03 mg/kg/h. A rate, not multiplied out."),
        ("di-morphine-inf", "20-50 mcg/kg/h. A rate, not multiplied out."),
        ("di-dexmed", "0.1-0.6 mcg/kg/h. A rate, not multiplied out."),
        ("db-albumin-diluent", "1 % w/v."),
        ("nx-gabapentin", NO_DOSE),
        (
            "mi-diag",
            "thyroxine 125 mcg/m2 once daily; methimazole 0.5 mg/kg/day in 2 doses; potassium iodide 10 % solution "
            "0.3 mL three times daily.",
        ),
    ],
)
def test_given_a_rate_or_no_figure_then_the_source_is_quoted_and_nothing_is_multiplied_out(
    item: str, text: str
) -> None:
    """BARONE-T2, UNI-22, DEXMED, QZ-LEAF, DANY-22, MIBG-AMS."""
    assert dose(item, weight_kg=size(15.0, "kg")) == DoseText(text)


@pytest.mark.parametrize(
    "item",
    [
        "di-regimen",
        "di-regimen-1221",
        "db-regimen-lti",
        "db-regimen-sti",
        "nx-regimen",
        "lo-dose",
        "cz-dose",
        "df-dose",
    ],
)
def test_given_an_antibody_or_anticancer_drug_then_nothing_is_said_of_its_dose(item: str) -> None:
    """Hazard: this service computes the dose of an anticancer drug."""
    told = dose(item, weight_kg=size(15.0, "kg"), height_cm=size(100.0, "cm"))

    assert told == DoseText("")


def test_given_a_cap_per_day_on_a_dose_given_several_times_then_each_dose_gets_its_share() -> None:
    """CRZ-BSA prints such a cap; here on a made-up supportive item: at most 1000 mg a day in two doses."""
    twice = Dose.model_validate(
        {"low": 5, "high": 10, "unit": "mg/kg", "times_per_day": 2, "max": 1000, "max_unit": "mg per day"}
    )
    item = ITEMS["di-ibuprofen"].model_copy(update={"dose": twice})

    assert "capped: 300-500 mg per dose" in dose(item, weight_kg=size(60.0, "kg")).text
