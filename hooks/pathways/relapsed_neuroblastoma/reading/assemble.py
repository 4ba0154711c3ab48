"""A patient record becomes the facts of this pathway: every reader is called here, once.

Place in the flow: `services` calls `read_facts`; rules see nothing of the record. May not: read FHIR itself.
"""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

from hooks.facts.fact import Known, Unknown, Why, value_of
from hooks.facts.measurements import read_measurements
from hooks.facts.medications import read_drug_orders
from hooks.facts.services import read_services, read_undone
from hooks.pathways.relapsed_neuroblastoma.board import OrderBoard
from hooks.pathways.relapsed_neuroblastoma.facts import DiseaseEvent, Facts
from hooks.pathways.relapsed_neuroblastoma.prefetch import TEMPLATES
from hooks.pathways.relapsed_neuroblastoma.reading.avidity import read_mibg_avidity
from hooks.pathways.relapsed_neuroblastoma.reading.care_plans import read_care_plans
from hooks.pathways.relapsed_neuroblastoma.reading.chart_results import read_results
from hooks.pathways.relapsed_neuroblastoma.reading.disease import DiseaseFacts, read_disease
from hooks.pathways.relapsed_neuroblastoma.reading.exposure import History, treatment_facts
from hooks.pathways.relapsed_neuroblastoma.reading.gate_facts import Chart, read_gates
from hooks.pathways.relapsed_neuroblastoma.reading.molecular import read_molecular
from hooks.pathways.relapsed_neuroblastoma.reading.orders import read_board, severe_drug_allergies
from hooks.pathways.relapsed_neuroblastoma.reading.relapses import relapse_days
from hooks.pathways.relapsed_neuroblastoma.reading.response import Evaluations, evaluations_in, latest_response
from hooks.pathways.relapsed_neuroblastoma.reading.sites import read_local_only, read_sites, staging_of
from hooks.pathways.relapsed_neuroblastoma.reading.timeline import Timeline
from hooks.pathways.relapsed_neuroblastoma.reading.treatment import LOOKED_IN, courses_of
from hooks.pathways.relapsed_neuroblastoma.reading.workup import WorkupSources, read_workup
from hooks.record import KeyState, PatientRecord
from hooks.service import Circumstances

_HAD = frozenset({KeyState.PRESENT, KeyState.EMPTY})
_NO_PROGRESSION = frozenset(
    {DiseaseEvent.REFRACTORY, DiseaseEvent.SUSPECTED_REFRACTORY, DiseaseEvent.RESIDUAL_STABLE, DiseaseEvent.NONE}
)


def read_facts(record: PatientRecord, circumstances: Circumstances) -> Facts:
    """Return everything that the rules may know. The order board is built only when the hook brought drafts."""
    as_of = circumstances.as_of
    chart = _chart(record, circumstances)
    disease = read_disease(record, as_of, chart.results)
    event_date = value_of(disease.event_date)
    molecular = read_molecular(record, event_date)
    evaluations = evaluations_in(chart.results, as_of)
    history = _history(chart, disease, evaluations)
    treatment = treatment_facts(history)
    treated_from = min((course.start for course in history.relapse_directed() if course.start), default=None)
    staging = staging_of(record, chart.results, event_date, as_of)
    sites = read_sites(staging)
    sources = WorkupSources(
        chart.services,
        chart.results,
        (molecular.mycn, molecular.alk),
        molecular.gd2,
        chart.missing,
        read_undone(record),
    )
    measurements = read_measurements(record, as_of)
    facts = Facts(
        patient_id=record.patient_id,
        jurisdiction=circumstances.jurisdiction,
        sites=sites,
        local_only=read_local_only(staging, sites),
        mibg_avidity=read_mibg_avidity(chart.results, event_date, as_of),
        response=latest_response(evaluations, event_date, treated_from),
        workup=read_workup(sources, event_date, as_of),
        weight_kg=measurements["weight_kg"],
        height_cm=measurements["height_cm"],
        orders=_board(record, circumstances),
        severe_drug_allergies=severe_drug_allergies(record),
        data_gaps=_gaps(record),
        **_by_name(disease),
        **_by_name(molecular),
        **_by_name(treatment),
        **_by_name(read_gates(chart, treatment.prior_anti_gd2)),
    )
    return _not_called_absent(facts)


def _chart(record: PatientRecord, circumstances: Circumstances) -> Chart:
    """Return what several readers share. A key that nobody looked at counts as missing: silence proves nothing."""
    return Chart(
        record,
        circumstances.as_of,
        orders=(*read_drug_orders(record), *read_care_plans(record)),
        services=read_services(record),
        results=read_results(record),
        missing=frozenset(key for key in TEMPLATES if record.keys.get(key) not in _HAD) | _unread(record),
    )


def _gaps(record: PatientRecord) -> tuple[str, ...]:
    """Return the keys that were asked for and could not be had, or not all of it; in the order of the templates."""
    failed = {key for key, state in record.keys.items() if state not in _HAD} | _unread(record)
    return tuple(key for key in TEMPLATES if key in failed)


def _unread(record: PatientRecord) -> frozenset[str]:
    """Return the keys that came and still do not say all: orders whose Medication was not sent with them."""
    return frozenset() if all(order.named for order in read_drug_orders(record)) else frozenset({"medications"})


def _history(chart: Chart, disease: DiseaseFacts, evaluations: Evaluations) -> History:
    event_date = value_of(disease.event_date)
    came_back = isinstance(disease.disease_event, Known) and disease.disease_event.value not in _NO_PROGRESSION
    current = (event_date,) if event_date and came_back else ()
    relapsed_on = (*relapse_days(chart.record, chart.as_of), *current)
    timeline = Timeline(chart.as_of, event_date, relapsed_on, evaluations.usable)
    complete = chart.missing.isdisjoint(LOOKED_IN)
    return History(courses_of(chart.orders, chart.services, timeline), timeline, complete)


def _board(record: PatientRecord, circumstances: Circumstances) -> OrderBoard:
    """Return the board for an order hook; without selections (order-sign) every draft counts as selected."""
    if not (record.drafts or record.drafts_of_others or record.unreadable_drafts):
        return OrderBoard()
    return read_board(record, circumstances.as_of, select_all=not record.selected)


def _not_called_absent(facts: Facts) -> Facts:
    """Return the facts; what was looked for in a part of the chart that could not be had is not "not found"."""
    gaps = frozenset(facts.data_gaps)
    changed: dict[str, Any] = {
        name: replace(fact, why=Why.NOT_RETRIEVED)
        for name, fact in _by_name(facts).items()
        if isinstance(fact, Unknown) and fact.why is Why.NOT_FOUND and gaps.intersection(fact.looked_in)
    }
    return replace(facts, **changed)


def _by_name(part: Any) -> dict[str, Any]:
    return {member.name: getattr(part, member.name) for member in fields(part)}
