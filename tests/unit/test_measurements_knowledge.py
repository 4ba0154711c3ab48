"""The unit table, the catalogue of measurements, and the body surface."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from hooks.errors import KnowledgeError
from hooks.facts.fact import Confidence, Conflicting, Fact, Known, Unknown, Why
from hooks.facts.measurements import CATALOGUE, Measurement, body_surface, body_surface_m2, load_catalogue
from hooks.facts.units import UNITS, Units

ROW = {"unit": "kg", "canonical": "kg", "factor": "1", "offset": "0", "source": "itself"}


def kg(value: float, day: date | None = date(2026, 11, 20), comparator: str = "") -> Known[Measurement]:
    return Known(Measurement(value, "kg", comparator), ("Observation/w",), day)


def cm(value: float, day: date | None = date(2026, 11, 10)) -> Known[Measurement]:
    return Known(Measurement(value, "cm"), ("Observation/h",), day, Confidence.CODED)


def test_given_height_and_weight_when_the_body_surface_is_computed_then_it_is_mostellers() -> None:
    """Worked example of the coding notes 4.2: 110 cm and 19 kg give 0.76 m2."""
    fact = body_surface(kg(19), cm(110))

    assert fact == Known(
        Measurement(0.76, "m2"), ("Observation/w", "Observation/h"), date(2026, 11, 10), Confidence.CODED
    )


@pytest.mark.parametrize(
    ("weight", "height"),
    [(0, 110), (19, 0), (-1, 110), (1, 40), (300, 230)],
)
def test_given_implausible_parts_when_the_body_surface_is_computed_then_there_is_none(
    weight: float, height: float
) -> None:
    """Plausibility 0.2 to 2.5 m2: coding notes 2.5."""
    assert body_surface_m2(weight, height) is None


def test_given_a_body_surface_at_its_limits_when_computed_then_the_limits_belong_to_it() -> None:
    """0.2 m2 = 144 / 3600 kg cm; 2.5 m2 = 22500 / 3600."""
    assert body_surface_m2(2.88, 50) == pytest.approx(0.2)
    assert body_surface_m2(112.5, 200) == pytest.approx(2.5)


@pytest.mark.parametrize(
    ("weight", "height", "why"),
    [
        (kg(19, date(2026, 11, 20)), cm(110, date(2026, 10, 20)), Why.STALE),
        (kg(19, None), cm(110), Why.STALE),
        (kg(19, comparator="<"), cm(110), Why.IMPLAUSIBLE),
        (kg(300), cm(230), Why.IMPLAUSIBLE),
        (Unknown(Why.PENDING), cm(110), Why.PENDING),
        (kg(19), Unknown(Why.MASKED), Why.MASKED),
        (Conflicting((Measurement(19, "kg"), Measurement(30, "kg"))), cm(110), Why.INDETERMINATE),
    ],
)
def test_given_a_hindrance_when_the_body_surface_is_asked_then_it_is_handed_on(
    weight: Fact[Measurement], height: Fact[Measurement], why: Why
) -> None:
    fact = body_surface(weight, height)

    assert isinstance(fact, Unknown)
    assert fact.why is why


def test_given_thirty_days_between_when_the_body_surface_is_asked_then_it_is_computed() -> None:
    assert isinstance(body_surface(kg(19, date(2026, 11, 20)), cm(110, date(2026, 10, 21))), Known)


def test_given_a_weight_from_text_when_the_body_surface_is_computed_then_it_is_worth_a_text() -> None:
    weight = Known(Measurement(19, "kg"), (), date(2026, 11, 20), Confidence.TEXT)

    fact = body_surface(weight, cm(110))

    assert isinstance(fact, Known)
    assert fact.confidence is Confidence.TEXT


def test_given_every_unit_of_the_catalogue_when_converted_to_itself_then_nothing_changes() -> None:
    units = {unit for kind in CATALOGUE.measurements.values() for unit in kind.units}

    assert len(units) > 10
    assert all(UNITS.convert(5.0, unit, unit) == 5.0 for unit in units)


@pytest.mark.parametrize(
    ("unit", "canonical"), [("mg/dL", "umol/L"), ("kg", "cm"), ("", "kg"), ("kg", ""), ("meq/L", "mmol/L")]
)
def test_given_units_of_different_kind_when_converted_then_there_is_no_value(unit: str, canonical: str) -> None:
    assert UNITS.convert(5.0, unit, canonical) is None


def test_given_a_wrong_unit_row_when_loaded_then_it_is_refused() -> None:
    with pytest.raises(KnowledgeError, match="source"):
        Units([{**ROW, "source": ""}])
    with pytest.raises(KnowledgeError, match="twice"):
        Units([ROW, ROW])


@pytest.mark.parametrize("concepts", ["[lab_vital.unheard_of]", "[lab_vital.ANC, lab_vital.ANC]"])
def test_given_an_unknown_or_repeated_concept_when_the_catalogue_is_loaded_then_it_is_refused(
    tmp_path: Path, concepts: str
) -> None:
    path = tmp_path / "measurements.yaml"
    path.write_text(
        "tolerance_percent: {value: 10, why: x}\n"
        "body_surface: {low: 0.2, high: 2.5, max_days_apart: 30, mosteller_divisor: 3600, why: x}\n"
        f"measurements: {{anc: {{concepts: {concepts}, units: {{10*9/L: [0, 500]}}, looked_in: labs}}}}\n"
    )

    with pytest.raises(KnowledgeError, match="unknown or stands twice"):
        load_catalogue(path)
