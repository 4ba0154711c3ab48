"""Measurements from Observations: units, plausibility, the latest day, what does not count, and conflicts."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from hooks.facts.fact import Confidence, Conflicting, Known, Unknown, Why
from hooks.facts.measurements import Measurement, read_measurements
from hooks.record import KeyState, PatientRecord

LOINC = "http://loinc.org"
UCUM = "http://unitsofmeasure.org"
TODAY = date(2026, 11, 22)
WEIGHT, HEIGHT, PRESSURE, ANC, PLATELETS = "29463-7", "8302-2", "85354-9", "751-8", "777-3"
QTC, POTASSIUM, MAGNESIUM, TEMPERATURE, SPO2 = "8636-3", "2823-3", "19123-9", "8310-5", "59408-5"


def observation(code: str, value: object, unit: str, day: str = "2026-11-20", /, **more: Any) -> dict[str, Any]:
    return {
        "resourceType": "Observation",
        "id": more.pop("id", "o1"),
        "status": "final",
        "code": {"coding": [{"system": LOINC, "code": code}]},
        "effectiveDateTime": day,
        "valueQuantity": {"value": value, "unit": unit, "system": UCUM, "code": unit},
        **more,
    }


def read(name: str, *observations: dict[str, Any], keys: dict[str, KeyState] | None = None) -> Any:
    record = PatientRecord("p", {"Observation": observations}, keys=keys or {})
    return read_measurements(record, TODAY)[name]


@pytest.mark.parametrize(
    ("name", "code", "value", "unit", "expected", "canonical"),
    [
        ("weight_kg", WEIGHT, 19, "kg", 19, "kg"),
        ("weight_kg", WEIGHT, 19500, "g", 19.5, "kg"),
        ("weight_kg", WEIGHT, 42, "[lb_av]", 19.05088, "kg"),
        ("height_cm", HEIGHT, 1.1, "m", 110, "cm"),
        ("height_cm", HEIGHT, 43, "[in_i]", 109.22, "cm"),
        ("temperature", TEMPERATURE, 100.4, "[degF]", 38, "Cel"),
        ("anc", ANC, 0.5, "10*3/uL", 0.5, "10*9/L"),
        ("anc", ANC, 500, "/uL", 0.5, "10*9/L"),
        ("anc", ANC, 500, "{cells}/uL", 0.5, "10*9/L"),
        ("anc", ANC, 500, "10*6/L", 0.5, "10*9/L"),
        ("platelets", PLATELETS, 50, "10*9/L", 50, "10*9/L"),
        ("qtc", QTC, 0.45, "s", 450, "ms"),
        ("potassium", POTASSIUM, 3.5, "meq/L", 3.5, "mmol/L"),
        ("spo2", SPO2, 97, "%", 97, "%"),
    ],
)
def test_given_a_unit_when_read_then_the_value_is_in_the_unit_of_its_name(
    name: str, code: str, value: float, unit: str, expected: float, canonical: str
) -> None:
    """Units of the coding notes 2.7; the factors are those of UCUM."""
    fact = read(name, observation(code, value, unit))

    assert isinstance(fact, Known)
    assert fact.value.value == pytest.approx(expected, rel=1e-5)
    assert fact.value.unit == canonical
    assert fact.sources == ("Observation/o1",)
    assert fact.date == date(2026, 11, 20)
    assert fact.confidence is Confidence.CODED


def test_given_mass_and_amount_of_substance_when_read_then_they_are_kept_apart() -> None:
    """Molar conversion factors are not verified, so no value crosses over."""
    mass = read("creatinine", observation("2160-0", 0.4, "mg/dL"))
    molar = read("creatinine", observation("14682-9", 35, "umol/L"))

    assert mass.value == Measurement(0.4, "mg/dL")
    assert molar.value == Measurement(35, "umol/L")


def test_given_magnesium_in_milliequivalents_when_read_then_it_is_unreadable() -> None:
    fact = read("magnesium", observation(MAGNESIUM, 1.6, "meq/L"))

    assert fact == Unknown(Why.UNREADABLE, ("labs",), ("Observation/o1",), date(2026, 11, 20))


@pytest.mark.parametrize(
    ("name", "code", "value", "unit"),
    [
        ("weight_kg", WEIGHT, 15000, "kg"),
        ("weight_kg", WEIGHT, 15, "g"),
        ("weight_kg", WEIGHT, 0, "kg"),
        ("weight_kg", WEIGHT, -19, "kg"),
        ("height_cm", HEIGHT, 1.1, "cm"),
        ("temperature", TEMPERATURE, 98.6, "Cel"),
        ("qtc", QTC, 0.45, "ms"),
        ("anc", "26499-4", 3000, "10*3/uL"),
    ],
)
def test_given_a_slip_of_unit_when_read_then_it_is_implausible_and_not_repaired(
    name: str, code: str, value: float, unit: str
) -> None:
    """Hazard: grams taken for kilograms multiply a dose by a thousand."""
    fact = read(name, observation(code, value, unit))

    assert isinstance(fact, Unknown)
    assert fact.why is Why.IMPLAUSIBLE
    assert fact.date == date(2026, 11, 20)


@pytest.mark.parametrize(("value", "known"), [(0.99, False), (1, True), (300, True), (300.1, False)])
def test_given_weights_at_the_limits_when_read_then_both_sides_are_told_apart(value: float, *, known: bool) -> None:
    assert isinstance(read("weight_kg", observation(WEIGHT, value, "kg")), Known) is known


def test_given_an_implausible_latest_weight_when_an_older_one_is_sound_then_the_weight_is_unknown() -> None:
    fact = read(
        "weight_kg",
        observation(WEIGHT, 19, "kg", "2026-11-01", id="old"),
        observation(WEIGHT, 19000, "kg", "2026-11-21", id="slip"),
    )

    assert fact == Unknown(Why.IMPLAUSIBLE, ("vitals",), ("Observation/slip",), date(2026, 11, 21))


def test_given_several_days_when_read_then_the_latest_day_that_has_come_counts() -> None:
    fact = read(
        "weight_kg",
        observation(WEIGHT, 18, "kg", "2026-11-22T23:59:00Z", id="today"),
        observation(WEIGHT, 17, "kg", "2026-11-01", id="old"),
        observation(WEIGHT, 99, "kg", "2026-11-23", id="tomorrow"),
    )

    assert fact.value.value == 18
    assert fact.sources == ("Observation/today",)


def test_given_only_an_undated_weight_when_read_then_it_is_known_without_a_date() -> None:
    undated = observation(WEIGHT, 18, "kg")
    del undated["effectiveDateTime"]
    undated["issued"] = "2026-11-20T10:00:00Z"

    assert read("weight_kg", undated).date is None


def test_given_a_month_only_when_read_then_its_first_day_is_the_date() -> None:
    assert read("weight_kg", observation(WEIGHT, 18, "kg", "2026-11")).date == date(2026, 11, 1)


def test_given_two_weights_of_one_day_when_more_than_a_tenth_apart_then_they_conflict() -> None:
    morning = observation(WEIGHT, 20, "kg", "2026-11-20T08:00:00Z", id="a")
    close = observation(WEIGHT, 18, "kg", "2026-11-20T18:00:00Z", id="b")
    far = observation(WEIGHT, 17.9, "kg", "2026-11-20T18:00:00Z", id="b")

    assert read("weight_kg", morning, close).value.value == 18
    assert read("weight_kg", morning, far) == Conflicting(
        (Measurement(17.9, "kg"), Measurement(20, "kg")), ("Observation/b", "Observation/a"), date(2026, 11, 20)
    )


def test_given_two_pressures_of_one_day_when_read_then_the_later_hour_counts() -> None:
    early = observation("8480-6", 80, "mm[Hg]", "2026-11-20T08:00:00Z", id="a")
    late = observation("8480-6", 120, "mm[Hg]", "2026-11-20T18:00:00Z", id="b")

    assert read("sbp", late, early).value.value == 120


def test_given_two_pressures_of_one_moment_when_they_disagree_then_they_conflict() -> None:
    first = observation("8480-6", 80, "mm[Hg]", id="a")
    second = observation("8480-6", 120, "mm[Hg]", id="b")

    assert isinstance(read("sbp", first, second), Conflicting)


def test_given_mass_and_amount_of_one_day_when_read_then_they_are_not_compared() -> None:
    mass = observation("2160-0", 0.4, "mg/dL", id="a")
    molar = observation("14682-9", 35, "umol/L", id="b")

    assert isinstance(read("creatinine", mass, molar), Known)


def test_given_a_blood_pressure_panel_when_read_then_its_components_count() -> None:
    panel = {
        "resourceType": "Observation",
        "id": "bp",
        "status": "final",
        "code": {"coding": [{"system": LOINC, "code": PRESSURE}]},
        "effectiveDateTime": "2026-11-20",
        "component": [
            {
                "code": {"coding": [{"system": LOINC, "code": "8480-6"}]},
                "valueQuantity": {"value": 101, "unit": "mmHg", "code": "mm[Hg]"},
            },
            {
                "code": {"coding": [{"system": LOINC, "code": "8462-4"}]},
                "dataAbsentReason": {"text": "not performed"},
            },
        ],
    }

    assert read("sbp", panel).value == Measurement(101, "mm[Hg]")
    assert read("dbp", panel) == Unknown(Why.NOT_FOUND, ("vitals",), ("Observation/bp",), date(2026, 11, 20))


@pytest.mark.parametrize("status", ["amended", "corrected", " Final "])
def test_given_a_usable_status_when_read_then_the_value_counts(status: str) -> None:
    assert read("anc", observation(ANC, 1, "10*9/L", status=status)).confidence is Confidence.CODED


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"status": "preliminary"}, Why.PENDING),
        ({"status": "registered"}, Why.PENDING),
        ({"status": "cancelled"}, Why.NOT_FOUND),
        ({"status": "entered-in-error"}, Why.NOT_FOUND),
        ({"status": "finished"}, Why.UNREADABLE),
        ({"status": None}, Why.UNREADABLE),
        ({"dataAbsentReason": {"text": "not performed"}}, Why.UNREADABLE),
        ({"dataAbsentReason": {"text": "not performed"}, "valueQuantity": None}, Why.NOT_FOUND),
        ({"valueQuantity": {"value": 19, "comparator": "about", "unit": "kg"}}, Why.UNREADABLE),
        ({"valueQuantity": {"value": 19}}, Why.UNREADABLE),
        ({"valueQuantity": {"value": "19", "unit": "kg"}}, Why.UNREADABLE),
        ({"valueQuantity": {"value": True, "unit": "kg"}}, Why.UNREADABLE),
        ({"valueQuantity": {"value": 10**400, "unit": "kg"}}, Why.UNREADABLE),
        ({"valueQuantity": {"value": float("inf"), "unit": "kg"}}, Why.UNREADABLE),
        ({"valueQuantity": {"value": 19, "unit": "stone"}}, Why.UNREADABLE),
    ],
)
def test_given_a_reading_that_may_not_count_when_read_then_the_weight_is_unknown(
    more: dict[str, Any], why: Why
) -> None:
    fact = read("weight_kg", observation(WEIGHT, 19, "kg", **more))

    assert isinstance(fact, Unknown)
    assert fact.why is why


def test_given_an_unknown_status_when_read_then_it_is_worth_a_text() -> None:
    assert read("anc", observation(ANC, 1, "10*9/L", status="unknown")).confidence is Confidence.TEXT


def test_given_a_pending_and_a_final_result_when_read_then_the_final_one_counts() -> None:
    pending = observation(ANC, 9, "10*9/L", "2026-11-21", id="a", status="preliminary")

    assert read("anc", pending, observation(ANC, 1, "10*9/L", id="b")).value.value == 1


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<0.1 10*9/L", Measurement(0.1, "10*9/L", "<")),
        ("\N{LESS-THAN OR EQUAL TO} 0,1 x10^9/L", Measurement(0.1, "10*9/L", "<=")),
        ("0.4 K/uL", Measurement(0.4, "10*9/L")),
    ],
)
def test_given_a_number_in_text_when_read_then_value_unit_and_comparator_survive(
    text: str, expected: Measurement
) -> None:
    assert read("anc", observation(ANC, 0, "", valueQuantity=None, valueString=text)).value == expected


@pytest.mark.parametrize("text", ["1,500 /uL", "see report", "0.4", "", "1 2 K/uL"])
def test_given_a_text_that_is_no_plain_number_when_read_then_it_is_unreadable(text: str) -> None:
    fact = read("anc", observation(ANC, 0, "", valueQuantity=None, valueString=text))

    assert fact.why is Why.UNREADABLE


def test_given_a_comparator_in_a_quantity_when_read_then_it_survives() -> None:
    below = observation(ANC, 0, "", valueQuantity={"value": 0.1, "comparator": "<", "code": "10*9/L"})

    assert read("anc", below).value == Measurement(0.1, "10*9/L", "<")


@pytest.mark.parametrize(
    ("code", "confidence"),
    [
        ({"text": "Body Weight"}, Confidence.TEXT),
        ({"coding": [{"system": "urn:local", "code": "W1", "display": "Weight"}]}, Confidence.CODED_LOCAL),
    ],
)
def test_given_a_local_name_when_read_then_it_counts_at_lower_confidence(
    code: dict[str, Any], confidence: Confidence
) -> None:
    assert read("weight_kg", observation(WEIGHT, 19, "kg", code=code)).confidence is confidence


@pytest.mark.parametrize("text", ["Birth weight", "Weight change", ""])
def test_given_another_name_when_read_then_it_is_no_weight(text: str) -> None:
    assert read("weight_kg", observation(WEIGHT, 3.2, "kg", code={"text": text})).why is Why.NOT_FOUND


def test_given_a_code_of_something_else_named_weight_when_read_then_the_code_decides() -> None:
    code = {"coding": [{"system": LOINC, "code": ANC}], "text": "weight"}

    assert read("weight_kg", observation(WEIGHT, 19, "kg", code=code)).why is Why.NOT_FOUND


@pytest.mark.parametrize("state", [KeyState.FAILED, KeyState.MISSING, KeyState.TRUNCATED])
def test_given_vitals_that_could_not_be_had_when_nothing_is_found_then_the_fact_says_so(state: KeyState) -> None:
    assert read("weight_kg", keys={"vitals": state}).why is Why.NOT_RETRIEVED
    assert read("weight_kg", keys={"vitals": KeyState.EMPTY}).why is Why.NOT_FOUND
