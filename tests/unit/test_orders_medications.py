"""Drug orders of the chart: state, dates, schedule, route and reasons of stopping."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from hooks.facts.fact import Confidence
from hooks.facts.medications import read_drafts, read_drug_orders
from hooks.facts.orders import DrugOrder, OrderState
from hooks.record import PatientRecord

RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"
SNOMED = "http://snomed.info/sct"
IRINOTECAN = {"coding": [{"system": RXNORM, "code": "51499"}]}


def resource(kind: str = "MedicationRequest", **more: Any) -> dict[str, Any]:
    return {
        "resourceType": kind,
        "id": "m1",
        "status": "active",
        "subject": {"reference": "Patient/p1"},
        "medicationCodeableConcept": IRINOTECAN,
        **more,
    }


def orders(*resources: dict[str, Any]) -> tuple[DrugOrder, ...]:
    kinds = {item["resourceType"] for item in resources}
    return read_drug_orders(
        PatientRecord("p1", {kind: tuple(item for item in resources if item["resourceType"] == kind) for kind in kinds})
    )


@pytest.mark.parametrize(
    ("kind", "more", "state"),
    [
        ("MedicationRequest", {"status": "active", "intent": "order"}, OrderState.ACTIVE),
        ("MedicationRequest", {"status": "active"}, OrderState.ACTIVE),
        ("MedicationRequest", {"status": "on-hold"}, OrderState.ON_HOLD),
        ("MedicationRequest", {"status": "completed"}, OrderState.COMPLETED),
        ("MedicationRequest", {"status": "stopped"}, OrderState.STOPPED),
        ("MedicationRequest", {"status": "draft", "intent": "proposal"}, OrderState.DRAFT),
        ("MedicationRequest", {"status": "active", "intent": "proposal"}, OrderState.PROPOSED),
        ("MedicationRequest", {"status": "active", "intent": "plan"}, OrderState.PROPOSED),
        ("MedicationRequest", {"status": "completed", "intent": "option"}, OrderState.PROPOSED),
        ("MedicationRequest", {"status": "active", "intent": "instance-order"}, OrderState.ACTIVE),
        ("MedicationRequest", {"status": "active", "intent": 7}, OrderState.ACTIVE),
        ("MedicationOrder", {"status": "active"}, OrderState.ACTIVE),
        ("MedicationStatement", {"status": "intended"}, OrderState.PROPOSED),
        ("MedicationStatement", {"status": "completed"}, OrderState.COMPLETED),
        ("MedicationDispense", {"status": "completed"}, OrderState.COMPLETED),
        ("MedicationDispense", {"status": "preparation"}, OrderState.ACTIVE),
        ("MedicationAdministration", {"status": "completed"}, OrderState.GIVEN),
        ("MedicationAdministration", {"status": "in-progress"}, OrderState.GIVEN),
        ("MedicationAdministration", {"status": "stopped"}, OrderState.GIVEN),
    ],
)
def test_given_a_status_and_an_intent_when_read_then_the_state_is_what_became_of_the_order(
    kind: str, more: dict[str, Any], state: OrderState
) -> None:
    (order,) = orders(resource(kind, **more))

    assert order.state is state
    assert order.drugs == ("drug.irinotecan",)
    assert order.confidence is Confidence.CODED


@pytest.mark.parametrize(
    ("kind", "more"),
    [
        ("MedicationRequest", {"status": "cancelled"}),
        ("MedicationRequest", {"status": "Entered-in-error"}),
        ("MedicationAdministration", {"status": "not-done"}),
        ("MedicationAdministration", {"status": "completed", "notGiven": True}),
        ("MedicationAdministration", {"status": "completed", "wasNotGiven": True}),
        ("MedicationStatement", {"status": "not-taken"}),
        ("MedicationStatement", {"status": "active", "taken": "n"}),
        ("MedicationStatement", {"status": "active", "wasNotTaken": True}),
        ("MedicationDispense", {"status": "declined"}),
    ],
)
def test_given_what_never_was_when_read_then_there_is_no_order(kind: str, more: dict[str, Any]) -> None:
    """Hazard: a drug that was never given counts as earlier treatment."""
    assert orders(resource(kind, **more)) == ()


@pytest.mark.parametrize("status", [None, "unknown", "finished", 3, ["active"]])
def test_given_no_readable_status_when_read_then_the_order_is_on_hold_and_uncertain(status: object) -> None:
    (order,) = orders(resource(status=status))

    assert order.state is OrderState.ON_HOLD
    assert order.confidence is Confidence.TEXT


def test_given_a_prohibition_when_read_then_it_is_marked() -> None:
    (order,) = orders(resource(doNotPerform=True))

    assert order.prohibited


@pytest.mark.parametrize(
    ("more", "start", "end"),
    [
        ({}, None, None),
        (
            {"dosageInstruction": [{"timing": {"repeat": {"boundsPeriod": {"start": "2026-11-01"}}}}]},
            date(2026, 11, 1),
            None,
        ),
        (
            {
                "dosageInstruction": [
                    {"timing": {"repeat": {"boundsPeriod": {"start": "2026-11-08", "end": "2026-11-12"}}}},
                    {"timing": {"repeat": {"boundsPeriod": {"start": "2026-11-01", "end": "2026-11-05"}}}},
                    {"text": "with food"},
                ]
            },
            date(2026, 11, 1),
            date(2026, 11, 12),
        ),
        (
            {
                "dosageInstruction": [
                    {"timing": {"repeat": {"boundsPeriod": {"start": "2026-11-01", "end": "2026-11-05"}}}},
                    {"timing": {"repeat": {"boundsPeriod": {"start": "2026-11-06"}}}},
                ]
            },
            date(2026, 11, 1),
            None,
        ),
        (
            {"dosageInstruction": [{"timing": {"event": ["2026-11-05", "2026-11-01", "soon"]}}]},
            date(2026, 11, 1),
            date(2026, 11, 5),
        ),
        (
            {
                "dosageInstruction": [
                    {
                        "timing": {
                            "repeat": {
                                "boundsPeriod": {"start": "2026-11-01"},
                                "boundsDuration": {"value": 2, "unit": "wk"},
                            }
                        }
                    }
                ]
            },
            date(2026, 11, 1),
            date(2026, 11, 14),
        ),
        (
            {
                "dosageInstruction": [{"timing": {"event": "2026-11-03"}}],
                "dispenseRequest": {"validityPeriod": {"start": "2026-01-01", "end": "2026-12-31"}},
            },
            date(2026, 11, 3),
            date(2026, 11, 3),
        ),
        (
            {
                "dosageInstruction": [
                    {"timing": {"event": ["2026-11-05"], "repeat": {"boundsPeriod": {"end": "2026-11-01"}}}}
                ]
            },
            date(2026, 11, 5),
            None,
        ),
        (
            {
                "dosageInstruction": [
                    {"timing": {"event": ["2026-11-01"], "repeat": {"boundsPeriod": {"start": "2026-11-03"}}}}
                ]
            },
            date(2026, 11, 3),
            None,
        ),
        (
            {"dosageInstruction": [{"timing": {"event": ["2026-11-01"], "repeat": {"frequency": 1, "period": 1}}}]},
            date(2026, 11, 1),
            None,
        ),
        ({"effectivePeriod": {"start": "2026-11-01", "end": "2026-11-02"}}, date(2026, 11, 1), date(2026, 11, 2)),
        ({"effectiveDateTime": "2026-11-01T10:00:00+09:00"}, date(2026, 11, 1), date(2026, 11, 1)),
        ({"whenHandedOver": "2026-11-01"}, date(2026, 11, 1), date(2026, 11, 1)),
    ],
)
def test_given_timing_when_read_then_the_order_has_its_first_and_last_day(
    more: dict[str, Any], start: date | None, end: date | None
) -> None:
    (order,) = orders(resource(authoredOn="2026-10-30", **more))

    assert (order.start, order.end) == (start, end)
    assert order.authored == date(2026, 10, 30)


@pytest.mark.parametrize(
    "bounds",
    [
        {"value": 4, "unit": "h"},
        {"value": 0, "unit": "d"},
        {"value": "4", "unit": "d"},
        {"value": True},
        {"value": 4},
        4,
    ],
)
def test_given_bounds_without_days_when_read_then_the_end_is_the_last_event(bounds: object) -> None:
    timing = {"event": ["2026-11-01"], "repeat": {"boundsDuration": bounds}}

    (order,) = orders(resource(dosageInstruction=[{"timing": timing}]))

    assert order.end == date(2026, 11, 1)


@pytest.mark.parametrize(
    ("dosage", "scheduled"),
    [
        ([], True),
        ([{"text": "every 4 hours"}], True),
        ([{"asNeededBoolean": True}], False),
        ([{"asNeeded": True}], False),
        ([{"asNeededCodeableConcept": {"text": "pain"}}], False),
        ([{"text": "10 mg PRN"}], False),
        ([{"text": "emergency kit, only in case of anaphylaxis"}], False),
        ([{"text": "rescue dose"}], False),
        ([{"text": "as needed for pain"}], False),
        ([{"asNeededBoolean": True}, {"text": "at night"}], True),
        ([{"asNeededBoolean": False}], True),
    ],
)
def test_given_dosage_when_read_then_an_as_needed_order_is_told_from_a_scheduled_one(
    dosage: list[dict[str, Any]], *, scheduled: bool
) -> None:
    (order,) = orders(resource(dosageInstruction=dosage))

    assert order.scheduled is scheduled


@pytest.mark.parametrize(
    ("route", "expected"),
    [
        ({"coding": [{"system": SNOMED, "code": "47625008"}]}, "intravenous"),
        ({"coding": [{"system": SNOMED, "code": "26643006"}]}, "oral"),
        ({"coding": [{"system": SNOMED, "code": "34206005"}]}, "subcutaneous"),
        ({"text": "IV infusion"}, "intravenous"),
        ({"text": "PO"}, "oral"),
        ({"text": "intrathecal"}, "intrathecal"),
        (None, ""),
    ],
)
def test_given_a_route_when_read_then_common_routes_have_one_word(route: object, expected: str) -> None:
    (given,) = orders(resource("MedicationAdministration", status="completed", dosage={"route": route}))

    assert given.route == expected


def test_given_texts_of_dosage_when_read_then_they_stand_once_each() -> None:
    (order,) = orders(resource(dosageInstruction=[{"text": "a"}, {"text": " a "}, {"text": "b"}, {"text": 5}, None]))

    assert order.dosage_text == "a | b"


@pytest.mark.parametrize(
    ("more", "words"),
    [
        (
            {"statusReason": {"coding": [{"system": SNOMED, "code": "266721009"}]}},
            "No response to treatment (situation)",
        ),
        ({"statusReason": [{"text": "Progressive disease"}]}, "Progressive disease"),
        ({"reasonEnded": {"text": "toxicity"}}, "toxicity"),
        ({"statusReason": 4}, ""),
    ],
)
def test_given_a_reason_of_stopping_when_read_then_its_words_are_kept(more: dict[str, Any], words: str) -> None:
    (order,) = orders(resource(status="stopped", **more))

    assert order.stop_reason == words


def test_given_a_product_code_without_words_when_read_then_the_table_names_the_order() -> None:
    (order,) = orders(resource(medicationCodeableConcept={"coding": [{"system": RXNORM, "code": "1606278"}]}))

    assert order.drugs == ("drug.dinutuximab",)
    assert order.text == "5 ML dinutuximab 3.5 MG/ML Injection (SCD)"


@pytest.mark.parametrize(
    ("coding", "drugs", "interchangeable"),
    [
        ({"system": RXNORM, "code": "1719772"}, ("drug.irinotecan",), False),
        ({"system": "http://www.whocc.no/atc", "code": "L01XX19"}, ("drug.irinotecan",), True),
        ({"system": RXNORM, "code": "313975", "display": "eflornithine cream"}, (), False),
    ],
)
def test_given_a_form_by_code_when_read_then_its_bracket_decides(
    coding: dict[str, str], drugs: tuple[str, ...], *, interchangeable: bool
) -> None:
    """Hazard: a skin cream counts as DFMO, liposomal irinotecan as irinotecan (coding notes, fact 5)."""
    (order,) = orders(resource(medicationCodeableConcept={"coding": [coding], "text": coding.get("display", "")}))

    assert order.drugs == drugs
    assert order.interchangeable is interchangeable


@pytest.mark.parametrize(
    ("code", "route", "drugs", "interchangeable"),
    [
        ("3264", "Ophthalmic route", (), False),
        ("3264", "Topical", (), False),
        ("3264", "Ocular use", (), False),
        ("3264", "Auricular use", (), False),
        ("3264", "Intravenous route", ("drug.dexamethasone",), True),
        ("3264", "Inhalation via oral route", (), False),
        ("161", "Rectal route", ("drug.paracetamol",), True),
        ("82003", "Rectal route", ("drug.docusate",), False),
        ("1726333", "Topical", ("drug.irinotecan",), True),
    ],
)
def test_given_a_route_when_the_drug_is_named_without_its_form_then_the_route_decides(
    code: str, route: str, drugs: tuple[str, ...], *, interchangeable: bool
) -> None:
    """Hazard: eye drops count as the steroid that naxitamab needs, or set off the steroid warning."""
    (order,) = orders(
        resource(
            medicationCodeableConcept={"coding": [{"system": RXNORM, "code": code}]},
            dosageInstruction=[{"route": {"text": route}}],
        )
    )

    assert order.drugs == drugs
    assert order.interchangeable is interchangeable


@pytest.mark.parametrize(
    ("entry", "drugs"),
    [
        ({"route": {"coding": [{"system": SNOMED, "code": "54485002"}]}}, ()),
        ({"route": {"coding": [{"system": SNOMED, "code": "6064005"}]}}, ()),
        ({"text": "1 drop both eyes four times daily"}, ()),
        ({"text": "2 drops in the left ear"}, ()),
        ({"text": "1 drop both eyes", "route": {"text": "oral"}}, ("drug.dexamethasone",)),
        ({"text": "10 drops by mouth"}, ("drug.dexamethasone",)),
        ({"text": "4 mg; eye examination first"}, ("drug.dexamethasone",)),
    ],
)
def test_given_a_route_in_a_code_alone_or_in_the_instructions_when_read_then_eye_drops_are_no_systemic_drug(
    entry: dict[str, Any], drugs: tuple[str, ...]
) -> None:
    """Hazard: eye drops set off the steroid warning, or count as the premedication."""
    named = {"coding": [{"system": RXNORM, "code": "3264"}]}

    (order,) = orders(resource(medicationCodeableConcept=named, dosageInstruction=[entry]))

    assert order.drugs == drugs


def test_given_nose_drops_when_read_then_the_route_is_nasal() -> None:
    (order,) = orders(resource(dosageInstruction=[{"text": "1 drop into each nostril"}]))

    assert order.route == "nasal"


@pytest.mark.parametrize(
    ("fields", "purpose"),
    [
        ({"reasonCode": [{"text": "vomiting"}]}, "vomiting"),
        ({"reason": [{"concept": {"text": "vomiting"}}]}, "vomiting"),
        ({"dosageInstruction": [{"asNeededCodeableConcept": {"text": "nausea"}}]}, "nausea"),
        ({"dosageInstruction": [{"asNeededFor": [{"text": "nausea"}]}]}, "nausea"),
        (
            {"dosageInstruction": [{"asNeededFor": [{"text": "nausea"}]}], "reasonCode": [{"text": "emesis"}]},
            "nausea | emesis",
        ),
        ({}, ""),
    ],
)
def test_given_what_an_order_is_for_when_read_then_its_words_are_kept(fields: dict[str, Any], purpose: str) -> None:
    (order,) = orders(resource(**fields))

    assert order.purpose == purpose


def test_given_an_order_when_asked_what_it_is_for_then_concepts_are_compared_whole() -> None:
    (order,) = orders(resource())

    assert order.is_for("drug.topotecan", "drug.irinotecan")
    assert not order.is_for("drug.irinotecan.product", "drug.irino")


def test_given_drafts_of_the_hook_when_read_then_the_chart_is_left_out() -> None:
    record = PatientRecord("p1", {"MedicationRequest": (resource(),)}, drafts=(resource(id="d", status="draft"),))

    assert [draft.reference for draft in read_drafts(record)] == ["MedicationRequest/d"]
    assert [order.reference for order in read_drug_orders(record)] == ["MedicationRequest/m1"]


def test_given_ingredients_that_refer_to_each_other_when_read_then_the_reading_ends() -> None:
    loop = {
        "resourceType": "Medication",
        "id": "loop",
        "ingredient": [None, 4, *[{"itemReference": {"reference": "Medication/loop"}}] * 60],
    }
    record = PatientRecord(
        "p1",
        {
            "MedicationRequest": (
                resource(medicationCodeableConcept=None, medicationReference={"reference": "Medication/loop"}),
            ),
            "Medication": (loop,),
        },
    )

    assert read_drug_orders(record)[0].drugs == ()
