"""The order board: what stands where, what has ended, and what never stands where an order is looked for."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from hooks.facts.fact import Known
from hooks.facts.orders import OrderState
from hooks.pathways.relapsed_neuroblastoma.board import OrderBoard
from hooks.pathways.relapsed_neuroblastoma.reading.orders import read_board
from hooks.record import PatientRecord

TODAY = date(2026, 11, 22)


def drug(name: str, status: str, **more: Any) -> dict[str, Any]:
    return {
        "resourceType": "MedicationRequest",
        "id": name,
        "status": status,
        "intent": "order",
        "medicationCodeableConcept": {"text": name},
        **more,
    }


def service(name: str, status: str, kind: str = "ServiceRequest", **more: Any) -> dict[str, Any]:
    return {"resourceType": kind, "id": name, "status": status, "code": {"text": name}, **more}


def read(*chart: dict[str, Any], drafts: tuple[dict[str, Any], ...] = ()) -> OrderBoard:
    kinds = {item["resourceType"] for item in chart}
    resources = {kind: tuple(item for item in chart if item["resourceType"] == kind) for kind in kinds}
    return read_board(PatientRecord("p1", resources, drafts=drafts), TODAY)


def ends(day: str) -> dict[str, Any]:
    return {"dosageInstruction": [{"timing": {"repeat": {"boundsPeriod": {"start": "2026-11-01", "end": day}}}}]}


@pytest.mark.parametrize("status", ["completed", "stopped"])
def test_given_an_order_that_was_ended_before_its_planned_end_when_read_then_it_has_no_last_day(status: str) -> None:
    """Hazard: the planned end of a stopped order is told as its last day."""
    ended, over = read(
        drug("sirolimus", status, **ends("2026-12-01")), drug("morphine", status, **ends("2026-11-20"))
    ).past

    assert (ended.start, ended.end) == (date(2026, 11, 1), None)
    assert over.end == date(2026, 11, 20)


def test_given_orders_of_every_state_when_read_then_each_stands_in_its_place() -> None:
    board = read(
        drug("morphine", "active"),
        drug("ketamine", "on-hold"),
        drug("ibuprofen", "completed"),
        drug("irinotecan", "stopped"),
        drug("topotecan", "draft"),
        drug("naxitamab", "active", intent="proposal"),
        drug("cefixime", "cancelled"),
        drug("codeine", "completed", resourceType="MedicationAdministration"),
    )

    assert [order.text for order in board.active] == ["morphine", "ketamine"]
    assert [order.text for order in board.planned] == ["naxitamab"]
    assert [order.text for order in board.past] == ["ibuprofen", "irinotecan", "codeine"]
    assert [order.text for order in board.drafts] == ["topotecan"]
    assert board.selected == ()


@pytest.mark.parametrize(("end", "is_active"), [("2026-11-22", True), ("2026-11-21", False)])
def test_given_an_active_order_when_its_last_day_has_passed_then_it_is_past(end: str, *, is_active: bool) -> None:
    board = read(drug("morphine", "active", **ends(end)))

    assert bool(board.active) is is_active
    assert bool(board.past) is not is_active
    assert (*board.active, *board.past)[0].state is OrderState.ACTIVE


def test_given_prohibitions_when_read_then_they_stand_nowhere_else() -> None:
    """Hazard: "do not give paracetamol" satisfies the paracetamol of an order set."""
    board = read(
        drug("paracetamol", "active", doNotPerform=True), drafts=(drug("ibuprofen", "draft", doNotPerform=True),)
    )

    assert [order.text for order in board.prohibited] == ["ibuprofen", "paracetamol"]
    assert board.active == board.drafts == board.past == ()


def test_given_a_draft_of_an_order_of_the_chart_when_read_then_the_draft_stands_in_for_it() -> None:
    board = read(
        drug("morphine", "active", id="same"),
        service("biopsy", "active", id="s"),
        drafts=(drug("ketamine", "draft", id="same"), service("MRI", "draft", id="s")),
    )

    assert [order.text for order in board.drafts] == ["ketamine"]
    assert board.active == ()
    assert [item.text for item in board.services] == ["MRI"]


def test_given_services_of_every_state_when_read_then_what_is_due_and_what_was_done_are_apart() -> None:
    board = read(
        service("audiogram", "active"),
        service("ECG", "on-hold"),
        service("MRI", "completed"),
        service("CT", "active", intent="plan"),
        service("port", "completed", "Procedure", performedDateTime="2026-11-01"),
        service("planned biopsy", "preparation", "Procedure"),
        service("eye report", "final", "DiagnosticReport"),
        service("pending report", "registered", "DiagnosticReport"),
        drafts=(service("biopsy", "draft"),),
    )

    assert [item.text for item in board.services] == ["biopsy", "audiogram", "ECG", "pending report"]
    assert [item.text for item in board.procedures] == ["MRI", "port", "planned biopsy", "eye report"]


def test_given_measurements_when_read_then_the_board_carries_them_by_name() -> None:
    weight = {
        "resourceType": "Observation",
        "id": "w",
        "status": "final",
        "code": {"text": "weight"},
        "effectiveDateTime": "2026-11-22",
        "valueQuantity": {"value": 19, "unit": "kg"},
    }

    fact = read(weight).measurements["weight_kg"]

    assert isinstance(fact, Known)
    assert fact.value.value == 19


def test_given_an_empty_record_when_read_then_the_board_is_empty_and_nothing_is_known() -> None:
    board = read()

    assert board.active == board.drafts == board.past == board.selected == ()
    assert board.findings == ()
    assert not any(isinstance(fact, Known) for fact in board.measurements.values())


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("CT-guided core biopsy", True),
        ("Insertion of implantable venous port", True),
        ("Port-a-Cath placement", True),
        ("Removal of port", True),
        ("Portimplantation", True),
        ("Implantable port flush", False),
        ("Chest x-ray for port placement", False),
        ("Transport", False),
        ("Bone marrow biopsy and trephine", False),
        ("Audiogram", False),
    ],
)
def test_given_services_when_read_then_the_board_knows_the_operations(text: str, is_one: bool) -> None:
    draft = service(text, "draft")

    board = read(service(text, "completed", "Procedure"), drafts=(draft,))

    assert len(board.operations) == (2 if is_one else 0)


def test_given_a_report_of_a_port_when_read_then_it_is_no_operation() -> None:
    assert read(service("Port placement", "final", "DiagnosticReport")).operations == ()


@pytest.mark.parametrize(
    ("start", "active", "past"), [("2026-11-01", [], ["MedicationRequest/a"]), ("2026-12-01", [], [])]
)
def test_given_a_draft_that_replaces_an_order_when_read_then_that_one_no_longer_stands(
    start: str, active: list[str], past: list[str]
) -> None:
    """Hazard: a renewed order is taken for a second one on the same days."""
    begun = drug("a", "active", dosageInstruction=[{"timing": {"repeat": {"boundsPeriod": {"start": start}}}}])
    renewed = drug("b", "draft", priorPrescription={"reference": "https://x.org/R4/MedicationRequest/a"})

    board = read(begun, drafts=(renewed,))

    assert [order.reference for order in board.active] == active
    assert [order.reference for order in board.past] == past
    assert all(order.state is OrderState.STOPPED for order in board.past)


@pytest.mark.parametrize("prior", [None, "MedicationRequest/a", {"reference": 5}, {"reference": "#a"}, {}])
def test_given_a_prior_order_that_cannot_be_read_when_read_then_every_order_stands(prior: object) -> None:
    board = read(drug("a", "active"), drafts=(drug("b", "draft", priorPrescription=prior),))

    assert [order.reference for order in board.active] == ["MedicationRequest/a"]


@pytest.mark.parametrize("kind", ["ProcedureRequest", "DiagnosticOrder"])
def test_given_an_order_by_its_earlier_name_when_read_then_it_is_due_and_not_done(kind: str) -> None:
    """Hazard: in an STU3 chart what was ordered counts as done, or an ordered test is asked for again."""
    board = read(service("blood count", "active", kind), service("port", "active", "Procedure"))

    assert [(item.text, item.is_procedure) for item in board.services] == [("blood count", False)]
    assert [(item.text, item.is_procedure) for item in board.procedures] == [("port", True)]
