"""All gates of one child together.

Place in the flow: `assemble` calls `read_gates` once. May not: decide what a gate does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from hooks.facts.allergies import read_allergies
from hooks.facts.conditions import ConditionReading, Verified, read_conditions
from hooks.facts.fact import Fact, YesNo
from hooks.facts.orders import DrugOrder, ServiceOrder
from hooks.pathways.relapsed_neuroblastoma.reading import gate_results, gates
from hooks.pathways.relapsed_neuroblastoma.reading.chart_results import ChartResult
from hooks.pathways.relapsed_neuroblastoma.reading.findings import read_findings
from hooks.record import PatientRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class GateFacts:
    """The gate fields of Facts, by the same names."""

    gvhd_active: Fact[YesNo]
    severe_anti_gd2_reaction: Fact[YesNo]
    hearing_loss: Fact[YesNo]
    renal_impairment: Fact[YesNo]
    stem_cells_stored: Fact[YesNo]
    anthracycline_limit_reached: Fact[YesNo]
    heart_disease: Fact[YesNo]
    hypertension: Fact[YesNo]
    uncontrolled_hypertension: Fact[YesNo]
    strong_cyp3a_inducer: Fact[YesNo]
    strong_cyp3a_inhibitor: Fact[YesNo]
    proteinuria: Fact[YesNo]
    vitamin_a_or_tetracycline: Fact[YesNo]
    pregnancy: Fact[YesNo]
    biopsy_or_surgery_pending: Fact[YesNo]


@dataclass(frozen=True, slots=True)
class Chart:
    """What several readers share, read once. missing: prefetch keys that were not had in full."""

    record: PatientRecord
    as_of: date
    orders: Sequence[DrugOrder]
    services: Sequence[ServiceOrder]
    results: Sequence[ChartResult]
    missing: frozenset[str] = frozenset()


def read_gates(chart: Chart, prior_anti_gd2: Fact[YesNo]) -> GateFacts:
    """Return every gate. prior_anti_gd2: whether an anti-GD2 antibody was ever given."""
    record, as_of, orders, missing = chart.record, chart.as_of, chart.orders, chart.missing
    findings = read_findings(record, chart.services, as_of)
    problems = _problems(record)
    return GateFacts(
        gvhd_active=gates.gvhd_active(findings),
        severe_anti_gd2_reaction=gates.severe_anti_gd2_reaction(
            read_allergies(record), findings, orders, given=prior_anti_gd2, listed=_lists_allergies(chart)
        ),
        hearing_loss=gate_results.hearing_loss(problems, chart.results, as_of),
        renal_impairment=gate_results.renal_impairment(problems, chart.results, as_of),
        stem_cells_stored=gate_results.stem_cells_stored(problems, chart.services, chart.results),
        anthracycline_limit_reached=gate_results.anthracycline_limit_reached(problems, chart.results),
        heart_disease=gate_results.heart_disease(problems),
        hypertension=gates.hypertension(findings),
        uncontrolled_hypertension=gate_results.uncontrolled_hypertension(findings, chart.results, as_of),
        strong_cyp3a_inducer=gates.takes_class(orders, "cyp3a_strong_inducer", as_of, missing),
        strong_cyp3a_inhibitor=gates.takes_class(orders, "cyp3a_strong_inhibitor", as_of, missing),
        proteinuria=gate_results.proteinuria(problems, chart.results, as_of),
        vitamin_a_or_tetracycline=gates.vitamin_a_or_tetracycline(orders, as_of, missing),
        pregnancy=gate_results.pregnancy(findings, chart.results, as_of, male=_is_male(record)),
        biopsy_or_surgery_pending=gates.biopsy_or_surgery_pending(chart.services, as_of, missing),
    )


def _problems(record: PatientRecord) -> tuple[ConditionReading, ...]:
    return tuple(problem for problem in read_conditions(record) if problem.verified is not Verified.DROPPED)


def _lists_allergies(chart: Chart) -> bool:
    """True if the allergy list was had in full and holds an entry, be it that no allergy is known."""
    return "allergies" not in chart.missing and any(True for _ in chart.record.of_type("AllergyIntolerance"))


def _is_male(record: PatientRecord) -> bool:
    return any(patient.get("gender") == "male" for patient in record.of_type("Patient"))
