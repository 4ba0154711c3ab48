"""Properties of the readers of treatment, response, sites, work-up and gates.

Nothing in a chart makes them raise; nothing in the future counts; the order of resources changes nothing;
without treatment on record no exposure is denied.
"""

from __future__ import annotations

from dataclasses import fields
from datetime import date, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from hooks.facts.fact import Fact, Known, Unknown
from hooks.facts.medications import read_drug_orders
from hooks.facts.orders import DrugOrder, OrderState
from hooks.facts.services import read_services
from hooks.pathways.relapsed_neuroblastoma.facts import Response, ResponseResult, WorkupItem
from hooks.pathways.relapsed_neuroblastoma.reading.avidity import read_mibg_avidity
from hooks.pathways.relapsed_neuroblastoma.reading.care_plans import read_care_plans
from hooks.pathways.relapsed_neuroblastoma.reading.chart_results import read_results
from hooks.pathways.relapsed_neuroblastoma.reading.exposure import History, TreatmentFacts, treatment_facts
from hooks.pathways.relapsed_neuroblastoma.reading.gate_facts import Chart, read_gates
from hooks.pathways.relapsed_neuroblastoma.reading.response import evaluations_in, latest_response
from hooks.pathways.relapsed_neuroblastoma.reading.signatures import SIGNATURES
from hooks.pathways.relapsed_neuroblastoma.reading.sites import read_local_only, read_sites, staging_of
from hooks.pathways.relapsed_neuroblastoma.reading.timeline import Evaluation, Timeline
from hooks.pathways.relapsed_neuroblastoma.reading.treatment import courses_of
from hooks.pathways.relapsed_neuroblastoma.reading.workup import WorkupSources, read_workup
from hooks.record import PatientRecord

AS_OF = date(2026, 11, 22)
EVENT = date(2026, 9, 10)
TYPES = ("Observation", "DiagnosticReport", "Condition", "Procedure", "ServiceRequest", "MedicationRequest", "CarePlan")
WORDS = st.sampled_from(
    [
        "INRC response",
        "PR",
        "no progressive disease; SD",
        "123I-MIBG scan",
        "avid lesions in femur, Curie score 4",
        "Bone marrow aspirate",
        "local relapse",
        "GvHD grade 3",
        "irinotecan",
        "DIT cycle 3",
        "Severe hearing loss",
        "2+",
        "relapse",
        "final",
        "completed",
        "active",
        "2026-10-01",
        "2026",
        "",
    ]
)
LEAVES = st.none() | st.booleans() | st.integers(-5, 5) | st.floats() | WORDS | st.text(max_size=5)
NAMES = st.sampled_from(
    [
        *("code", "coding", "system", "text", "display", "status", "title", "period", "start", "end", "note"),
        *("valueString", "valueCodeableConcept", "valueQuantity", "value", "component", "conclusion", "method"),
        *("effectiveDateTime", "effectivePeriod", "bodySite", "clinicalStatus", "verificationStatus", "category"),
        *("onsetDateTime", "interpretation", "referenceRange", "high", "activity", "detail", "specimen", "focus"),
        *("medicationCodeableConcept", "authoredOn", "performedDateTime", "statusReason", "dataAbsentReason"),
    ]
)
JSON = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=5), max_leaves=12
)
RESOURCES = st.lists(st.tuples(st.sampled_from(TYPES), st.dictionaries(NAMES, JSON, max_size=8)), max_size=6)


def record_of(resources: list[tuple[str, dict[str, Any]]]) -> PatientRecord:
    by_type: dict[str, tuple[dict[str, Any], ...]] = {}
    for number, (resource_type, body) in enumerate(resources):
        resource = {**body, "resourceType": resource_type, "id": str(number)}
        by_type[resource_type] = (*by_type.get(resource_type, ()), resource)
    return PatientRecord("p", by_type)


@settings(max_examples=100, deadline=None)
@given(resources=RESOURCES, event=st.sampled_from([None, EVENT]))
def test_given_any_json_when_read_then_every_reader_answers(
    resources: list[tuple[str, dict[str, Any]]], event: date | None
) -> None:
    record = record_of(resources)

    results = read_results(record)
    orders, services = (*read_drug_orders(record), *read_care_plans(record)), read_services(record)
    evaluations = evaluations_in(results, AS_OF)
    timeline = Timeline(AS_OF, event, (event,) if event else (), evaluations.usable)
    treatment = treatment_facts(History(courses_of(orders, services, timeline), timeline))
    staging = staging_of(record, results, event, AS_OF)
    sites = read_sites(staging)
    gates = read_gates(Chart(record, AS_OF, orders, services, results), treatment.prior_anti_gd2)

    assert latest_response(evaluations, event) is not None
    assert read_local_only(staging, sites) is not None
    assert read_mibg_avidity(results, event, AS_OF) is not None
    assert set(read_workup(WorkupSources(services, results), event, AS_OF)) == set(WorkupItem)
    assert all(getattr(gates, member.name) is not None for member in fields(gates))


DRUGS = st.sampled_from(sorted(SIGNATURES.starters | {"drug.sargramostim", "drug.sirolimus"}))
DAYS = st.integers(-400, 60).map(lambda days: AS_OF + timedelta(days=days))
ORDERS = st.lists(
    st.builds(
        DrugOrder,
        reference=st.integers(0, 99).map(lambda number: f"MedicationRequest/{number}"),
        state=st.sampled_from(OrderState),
        drugs=st.lists(DRUGS, min_size=1, max_size=3).map(tuple),
        start=st.none() | DAYS,
        end=st.none() | DAYS,
        authored=st.none() | DAYS,
        stop_reason=st.sampled_from(["", "progression", "not tolerated"]),
    ),
    max_size=8,
)
EVALUATIONS = st.lists(
    st.builds(
        Evaluation,
        on=DAYS.filter(lambda day: day <= AS_OF),
        result=st.builds(ResponseResult, st.sampled_from(Response)),
    ),
    max_size=3,
)


def read(orders: list[DrugOrder], evaluations: list[Evaluation], event: date | None = EVENT) -> TreatmentFacts:
    timeline = Timeline(AS_OF, event, (event,) if event else (), tuple(evaluations))
    return treatment_facts(History(courses_of(orders, (), timeline), timeline))


@settings(max_examples=100, deadline=None)
@given(orders=ORDERS, evaluations=EVALUATIONS)
def test_given_any_orders_when_lines_are_read_then_they_hold_what_was_given_and_nothing_else(
    orders: list[DrugOrder], evaluations: list[Evaluation]
) -> None:
    given_states = {OrderState.ACTIVE, OrderState.ON_HOLD, OrderState.COMPLETED, OrderState.STOPPED, OrderState.GIVEN}

    facts = read(orders, evaluations)

    lines = facts.treatment_lines.value if isinstance(facts.treatment_lines, Known) else ()
    given_drugs = {drug for order in orders if order.state in given_states for drug in order.drugs}
    assert {drug for line in lines for drug in line.drugs} <= given_drugs
    starts = [line.start for line in lines if line.start]
    assert starts == sorted(starts)
    assert all(start <= AS_OF for start in starts)
    assert sum(line.active for line in lines) <= 1
    assert all(line.end is None for line in lines if line.active)
    assert all(line.cycles is None or line.cycles >= 1 for line in lines)


@settings(max_examples=60, deadline=None)
@given(orders=ORDERS, evaluations=EVALUATIONS, seed=st.randoms(use_true_random=False))
def test_given_the_same_orders_in_another_order_when_read_then_the_same_lines(
    orders: list[DrugOrder], evaluations: list[Evaluation], seed: Any
) -> None:
    shuffled = orders[:]
    seed.shuffle(shuffled)

    first, second = read(orders, evaluations), read(shuffled, evaluations)

    assert _lines(first) == _lines(second)


def _lines(facts: TreatmentFacts) -> Any:
    if not isinstance(facts.treatment_lines, Known):
        return None
    return [(line.drugs, line.start, line.cycles, line.active, line.regimen) for line in facts.treatment_lines.value]


@settings(max_examples=100, deadline=None)
@given(
    orders=ORDERS.map(
        lambda orders: [order for order in orders if order.state in {OrderState.DRAFT, OrderState.PROPOSED}]
    )
)
def test_given_no_treatment_on_record_when_read_then_nothing_is_denied(orders: list[DrugOrder]) -> None:
    """Hazard: an empty history must never read as "never exposed"."""
    facts = read(orders, [])

    answers: list[Fact[Any]] = [getattr(facts, member.name) for member in fields(facts)]
    assert all(isinstance(answer, Unknown) for answer in answers)
