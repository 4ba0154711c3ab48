"""One record becomes the facts: every reader is asked, none is asked for what was not retrieved."""

from __future__ import annotations

from dataclasses import fields
from datetime import date
from typing import Any

import pytest

from hooks.facts.fact import Known, Unknown, Why, YesNo, is_value, value_of
from hooks.pathways.relapsed_neuroblastoma.board import OrderBoard
from hooks.pathways.relapsed_neuroblastoma.facts import (
    Avidity,
    Diagnosis,
    DiseaseEvent,
    Facts,
    Response,
    Site,
    WorkupItem,
    WorkupState,
)
from hooks.pathways.relapsed_neuroblastoma.prefetch import TEMPLATES
from hooks.pathways.relapsed_neuroblastoma.reading.assemble import read_facts
from hooks.record import KeyState, PatientRecord
from hooks.service import Circumstances, Jurisdiction

AS_OF = date(2026, 11, 22)
SNOMED, RXNORM, LOINC = "http://snomed.info/sct", "http://www.nlm.nih.gov/research/umls/rxnorm", "http://loinc.org"
NEUROBLASTOMA, BONE_METASTASIS, MIBG_SCAN = "432328008", "94222008", "82136-3"
IRINOTECAN, TEMOZOLOMIDE, DINUTUXIMAB = "51499", "37776", "1606274"


def condition(name: str, code: str, clinical: str, on: str) -> dict[str, Any]:
    return {
        "resourceType": "Condition",
        "id": name,
        "clinicalStatus": {"coding": [{"code": clinical}]},
        "verificationStatus": {"coding": [{"code": "confirmed"}]},
        "code": {"coding": [{"system": SNOMED, "code": code}]},
        "onsetDateTime": on,
    }


def order(drug: str, on: str, status: str = "completed", **more: Any) -> dict[str, Any]:
    return {
        "resourceType": "MedicationRequest",
        "id": f"{drug}-{on}",
        "status": status,
        "intent": "order",
        "medicationCodeableConcept": {"coding": [{"system": RXNORM, "code": drug}]},
        "authoredOn": on,
        **more,
    }


def observation(name: str, title: str, on: str, words: str) -> dict[str, Any]:
    return {
        "resourceType": "Observation",
        "id": name,
        "status": "final",
        "code": {"text": title},
        "effectiveDateTime": on,
        "valueString": words,
    }


CHART = (
    {"resourceType": "Patient", "id": "p", "birthDate": "2021-05-01", "gender": "female"},
    condition("diagnosis", NEUROBLASTOMA, "remission", "2024-01-15"),
    condition("relapse", NEUROBLASTOMA, "relapse", "2026-07-01"),
    condition("bone", BONE_METASTASIS, "active", "2026-07-01"),
    order(DINUTUXIMAB, "2025-01-10"),
    *(order(drug, day) for day in ("2026-07-20", "2026-08-10") for drug in (IRINOTECAN, TEMOZOLOMIDE)),
    *(order(drug, "2026-11-05", status="active") for drug in (IRINOTECAN, TEMOZOLOMIDE)),
    observation("response", "INRC 2017 response", "2026-08-28", "PR"),
    observation("mibg", "123I-MIBG scan", "2026-07-03", "Avid lesions in femur, SIOPEN score 6"),
)


def record(*resources: dict[str, Any], keys: dict[str, KeyState] | None = None, **more: Any) -> PatientRecord:
    by_type: dict[str, tuple[dict[str, Any], ...]] = {}
    for resource in resources:
        by_type[resource["resourceType"]] = (*by_type.get(resource["resourceType"], ()), resource)
    states = keys if keys is not None else dict.fromkeys(TEMPLATES, KeyState.PRESENT)
    return PatientRecord("p", by_type, states, **more)


def facts_of(*resources: dict[str, Any], **more: Any) -> Facts:
    return read_facts(record(*resources, **more), Circumstances(AS_OF, Jurisdiction.EU))


def test_given_a_relapsed_child_under_treatment_when_read_then_every_part_of_the_facts_is_filled() -> None:
    facts = facts_of(*CHART)

    assert facts.patient_id == "p"
    assert facts.jurisdiction is Jurisdiction.EU
    assert is_value(facts.diagnosis, Diagnosis.NEUROBLASTOMA)
    assert is_value(facts.disease_event, DiseaseEvent.FIRST_RELAPSE)
    assert is_value(facts.event_date, date(2026, 7, 1))
    assert is_value(facts.sites, frozenset({Site.BONE}))
    assert is_value(facts.local_only, YesNo.NO)
    assert is_value(facts.mibg_avidity, Avidity.AVID)
    assert is_value(facts.active_regimen, "TEMIRI")
    assert is_value(facts.prior_anti_gd2, YesNo.YES)
    assert is_value(facts.failed_temozolomide, YesNo.NO)
    assert is_value(facts.strong_cyp3a_inducer, YesNo.NO)
    scan = facts.workup[WorkupItem.MIBG_SCAN]
    assert is_value(scan, WorkupState.DONE)
    assert scan.sources == ("Observation/mibg",)


def test_given_cycles_and_an_evaluation_when_read_then_the_line_is_counted_across_a_pause() -> None:
    facts = facts_of(*CHART)

    response = value_of(facts.response)
    assert response is not None
    assert response.category is Response.PR
    assert is_value(facts.cycles_given, 1)
    assert is_value(facts.cycles_since_evaluation, 1)
    lines = value_of(facts.treatment_lines)
    assert lines is not None
    assert [line.best_response for line in lines] == [None, Response.PR, None]


def test_given_a_relapse_on_treatment_when_read_then_its_drugs_have_failed() -> None:
    chart = (*CHART[:4], order(TEMOZOLOMIDE, "2026-06-20"))

    facts = facts_of(*chart)

    assert is_value(facts.failed_temozolomide, YesNo.YES)


def test_given_an_earlier_relapse_on_the_antibody_when_read_then_progression_on_it_is_remembered() -> None:
    earlier = condition("first", NEUROBLASTOMA, "remission", "2025-01-30") | {
        "code": {"coding": [{"system": SNOMED, "code": NEUROBLASTOMA}], "text": "Neuroblastoma, first relapse"}
    }

    facts = facts_of(*CHART, earlier)

    assert is_value(facts.progressed_on_anti_gd2, YesNo.YES)
    assert is_value(facts_of(*CHART).progressed_on_anti_gd2, YesNo.NO)


def test_given_a_suspected_relapse_on_the_antibody_when_read_then_it_is_no_progression() -> None:
    suspected = condition("first", NEUROBLASTOMA, "active", "2025-01-30") | {
        "code": {"coding": [{"system": SNOMED, "code": NEUROBLASTOMA}], "text": "Neuroblastoma, suspected relapse"}
    }

    facts = facts_of(*CHART, suspected)

    assert is_value(facts.progressed_on_anti_gd2, YesNo.NO)


def test_given_nothing_but_the_diagnosis_when_nothing_else_was_asked_then_no_gate_is_denied() -> None:
    """Hazard: what nobody asked for must never read as a negative."""
    facts = facts_of(*CHART[1:3], keys={})

    gates = (facts.strong_cyp3a_inducer, facts.vitamin_a_or_tetracycline, facts.biopsy_or_surgery_pending)
    assert all(isinstance(fact, Unknown) for fact in gates)
    assert all(isinstance(fact, Unknown) for fact in facts.workup.values())
    assert facts.data_gaps == ()


@pytest.mark.parametrize("state", [KeyState.FAILED, KeyState.MISSING, KeyState.TRUNCATED])
def test_given_a_key_that_was_not_had_when_read_then_it_is_a_gap_and_denies_nothing(state: KeyState) -> None:
    keys = {**dict.fromkeys(TEMPLATES, KeyState.PRESENT), "medications": state}

    facts = facts_of(*CHART, keys=keys)

    assert facts.data_gaps == ("medications",)
    assert isinstance(facts.strong_cyp3a_inducer, Unknown)
    assert isinstance(facts.topotecan_exposed, Unknown)
    assert is_value(facts.prior_anti_gd2, YesNo.YES)


@pytest.mark.parametrize("state", sorted(set(KeyState) - {KeyState.PRESENT, KeyState.EMPTY}))
def test_given_a_key_that_was_not_had_when_read_then_what_it_might_hold_is_not_called_absent(state: KeyState) -> None:
    """Hazard: "not found in laboratory results" about results that nobody could read."""
    keys = {**dict.fromkeys(TEMPLATES, KeyState.EMPTY), "labs": state}

    facts = facts_of(*CHART, keys=keys)

    labs = ("variants", "labs", "reports")
    assert (facts.gd2, facts.mycn) == (Unknown(Why.NOT_RETRIEVED, labs), Unknown(Why.NOT_RETRIEVED, labs))
    assert facts.stage == Unknown(Why.NOT_FOUND, ("status", "conditions"))


@pytest.mark.parametrize("key", ["medications", "procedures"])
def test_given_orders_or_procedures_that_were_not_had_when_read_then_no_drug_was_surely_never_given(key: str) -> None:
    """Hazard: a drug that stands in the part that could not be read is offered as one that never failed."""
    keys = {**dict.fromkeys(TEMPLATES, KeyState.PRESENT), key: KeyState.FAILED}

    facts = facts_of(*CHART, keys=keys)

    assert is_value(facts_of(*CHART).topotecan_exposed, YesNo.NO)
    assert isinstance(facts.topotecan_exposed, Unknown)
    assert facts.topotecan_exposed.why is Why.NOT_RETRIEVED


def test_given_no_drafts_when_read_then_no_order_board_is_built() -> None:
    assert facts_of(*CHART).orders == OrderBoard()


@pytest.mark.parametrize("left_out", [{"drafts_of_others": ("MedicationRequest",)}, {"unreadable_drafts": 1}])
def test_given_nothing_but_drafts_that_were_left_out_when_read_then_the_board_counts_them(
    left_out: dict[str, Any],
) -> None:
    """Hazard: the one draft of a call is another child's, and the answer is empty as if it had been checked."""
    board = read_facts(PatientRecord("p1", **left_out), Circumstances(AS_OF, Jurisdiction.EU)).orders

    assert board.of_others + len(board.unreadable) == 1


def test_given_drafts_and_a_selection_when_read_then_the_selected_draft_is_selected() -> None:
    first, second = order(IRINOTECAN, "2026-11-22", "draft"), order(TEMOZOLOMIDE, "2026-11-22", "draft")

    facts = facts_of(*CHART, drafts=(first, second), selected=(f"MedicationRequest/{first['id']}",))

    assert [one.drugs for one in facts.orders.selected] == [("drug.irinotecan",)]
    assert len(facts.orders.drafts) == 2


def test_given_drafts_without_a_selection_when_read_then_all_of_them_are_to_be_signed() -> None:
    drafts = (order(IRINOTECAN, "2026-11-22", "draft"), order(TEMOZOLOMIDE, "2026-11-22", "draft"))

    facts = facts_of(*CHART, drafts=drafts)

    assert len(facts.orders.selected) == 2


def test_given_an_empty_record_when_read_then_every_fact_is_unknown_but_what_lists_deny() -> None:
    facts = facts_of()

    known = {member.name for member in fields(facts) if isinstance(getattr(facts, member.name), Known)}
    assert known - {"severe_drug_allergies"} == {
        "strong_cyp3a_inducer",
        "strong_cyp3a_inhibitor",
        "vitamin_a_or_tetracycline",
        "biopsy_or_surgery_pending",
    }
