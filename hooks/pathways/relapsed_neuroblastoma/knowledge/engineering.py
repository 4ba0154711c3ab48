"""The engineering choices of this pathway, typed.

Place in the flow: loaded once; readers and rules take the numbers from here. May not: hold a clinical fact.
"""

from __future__ import annotations

from pathlib import Path

from hooks.knowledge import KnowledgeModel, load_model


class Choice(KnowledgeModel):
    """One threshold; its unit stands in its name."""

    value: int
    why: str


class Engineering(KnowledgeModel):
    """All thresholds of `engineering.yaml`."""

    relapse_window_days: Choice
    adult_age_years: Choice
    evaluation_interval_cycles: Choice
    stable_disease_alternatives_cycles: Choice
    stable_disease_insufficient_cycles: Choice
    minor_response_is_objective: Choice
    metachronous_months: Choice
    weight_max_age_days: Choice
    height_max_age_days: Choice
    order_horizon_days: Choice
    baseline_max_age_days: Choice
    emergency_max_age_days: Choice
    copy_number_amplified: Choice
    copy_number_gain: Choice
    fish_ratio_amplified: Choice
    fish_ratio_normal_below: Choice
    cycle_window_days: Choice
    cycle_max_days: Choice
    line_gap_days: Choice
    progression_after_line_days: Choice
    surgery_recent_days: Choice
    inducer_recent_days: Choice
    gate_measurement_max_age_days: Choice
    gvhd_blocking_grade: Choice
    life_threatening_grade: Choice
    blood_pressure_recent_days: Choice
    proteinuria_dipstick_plus: Choice
    running_event_max_age_days: Choice
    body_mass_index_low: Choice
    body_mass_index_high: Choice
    body_mass_index_high_small: Choice
    small_height_below_cm: Choice
    weight_per_year_low_kg: Choice
    weight_at_birth_high_kg: Choice
    weight_per_year_high_kg: Choice
    suspicion_max_age_days: Choice
    refractory_induction_cycles: Choice
    untreated_event_weeks: Choice


ENGINEERING = load_model(Path(__file__).parent / "engineering.yaml", Engineering)
