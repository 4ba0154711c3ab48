"""One draft order in every dialect that clients are known to send: the same answer as for the clean one."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from hooks.facts.fact import Confidence
from hooks.facts.orders import DrugOrder, OrderState
from hooks.pathways.relapsed_neuroblastoma.board import OrderBoard
from hooks.pathways.relapsed_neuroblastoma.reading.orders import NO_RESOURCE, read_board
from hooks.record import PatientRecord

TODAY = date(2026, 11, 22)
RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"
ATC = "http://www.whocc.no/atc"
DINUTUXIMAB = {"coding": [{"system": RXNORM, "code": "1606274", "display": "dinutuximab"}], "text": "dinutuximab"}
LONG_ID = "e" + "Xy-.3" * 38 + "end"

CLEAN: dict[str, Any] = {
    "resourceType": "MedicationRequest",
    "id": "request-123",
    "status": "draft",
    "intent": "order",
    "subject": {"reference": "Patient/p1"},
    "authoredOn": "2026-11-22",
    "medicationCodeableConcept": DINUTUXIMAB,
    "dosageInstruction": [{"timing": {"repeat": {"boundsPeriod": {"start": "2026-11-25", "end": "2026-11-28"}}}}],
}
EXPECTED = DrugOrder(
    reference="MedicationRequest/request-123",
    state=OrderState.DRAFT,
    drugs=("drug.dinutuximab",),
    forms=("drug.dinutuximab",),
    start=date(2026, 11, 25),
    end=date(2026, 11, 28),
    authored=date(2026, 11, 22),
    text="dinutuximab",
)


def board(*drafts: dict[str, Any], selected: tuple[str, ...] = (), select_all: bool = False) -> OrderBoard:
    record = PatientRecord("p1", drafts=drafts, selected=selected)
    return read_board(record, TODAY, select_all=select_all)


def changed(*without: str, **more: Any) -> dict[str, Any]:
    return {key: value for key, value in {**CLEAN, **more}.items() if key not in without}


MEDICATION = {"resourceType": "Medication", "id": "med-1", "code": DINUTUXIMAB}
INGREDIENTS = {
    "resourceType": "Medication",
    "id": "med-1",
    "code": {"text": "dinutuximab"},
    "ingredient": [{"itemCodeableConcept": DINUTUXIMAB}, {"itemCodeableConcept": {"text": "sodium chloride"}}],
}
INGREDIENT_REFERENCE = {
    "resourceType": "Medication",
    "id": "mix",
    "code": {"text": "dinutuximab"},
    "ingredient": [{"itemReference": {"reference": "Medication/med-1"}}],
}
DSTU2_PRODUCT = {
    "resourceType": "Medication",
    "id": "mix",
    "code": {"text": "dinutuximab"},
    "product": {"ingredient": [{"item": {"reference": "Medication/med-1"}}]},
}
NO_CONCEPT = "medicationCodeableConcept"

DIALECTS: dict[str, tuple[dict[str, Any], ...]] = {
    "sandbox, no intent": (changed("intent"),),
    "sandbox, intent plan": (changed(intent="plan"),),
    "epic, category as object": (changed(category={"coding": [{"system": "x", "code": "community"}]}),),
    "epic, dosage of STU3": (
        changed(dosageInstruction=[{**CLEAN["dosageInstruction"][0], "doseQuantity": {"value": 1, "unit": "mg"}}]),
    ),
    "epic, separate Medication": (
        changed(NO_CONCEPT, medicationReference={"reference": "Medication/med-1", "display": "dinutuximab"}),
        MEDICATION,
    ),
    "epic, Medication by absolute reference": (
        changed(NO_CONCEPT, medicationReference={"reference": "https://ehr.example.org/api/FHIR/R4/Medication/med-1"}),
        MEDICATION,
    ),
    "contained Medication": (changed(NO_CONCEPT, medicationReference={"reference": "#med-1"}, contained=[MEDICATION]),),
    "Medication with ingredients": (
        changed(NO_CONCEPT, medicationReference={"reference": "#med-1"}, contained=[INGREDIENTS]),
    ),
    "ingredient by reference": (
        changed(NO_CONCEPT, medicationReference={"reference": "Medication/mix"}),
        INGREDIENT_REFERENCE,
        MEDICATION,
    ),
    "contained ingredient by reference": (
        changed(
            NO_CONCEPT,
            medicationReference={"reference": "#mix"},
            contained=[
                {**INGREDIENT_REFERENCE, "ingredient": [{"itemReference": {"reference": "#med-1"}}]},
                MEDICATION,
            ],
        ),
    ),
    "ingredient of DSTU2": (
        changed(NO_CONCEPT, medicationReference={"reference": "Medication/mix"}),
        DSTU2_PRODUCT,
        MEDICATION,
    ),
    "medication of R5": (changed(NO_CONCEPT, medication={"concept": DINUTUXIMAB}),),
    "medication reference of R5": (
        changed(NO_CONCEPT, medication={"reference": {"reference": "Medication/med-1"}}),
        MEDICATION,
    ),
    "proprietary coding first": (
        changed(
            medicationCodeableConcept={
                "coding": [{"system": "urn:oid:1.2.840.114350", "code": "77"}, *DINUTUXIMAB["coding"]],
                "text": "dinutuximab",
            }
        ),
    ),
    "RxNorm by OID, in another case": (
        changed(
            medicationCodeableConcept={
                "coding": [{"system": "urn:oid:2.16.840.1.113883.6.88", "code": " 1606274 "}],
                "text": "dinutuximab",
            }
        ),
    ),
    "one Coding instead of a list": (
        changed(medicationCodeableConcept={"coding": DINUTUXIMAB["coding"][0], "text": "dinutuximab"}),
    ),
    "absolute subject": (changed(subject={"reference": "https://ehr.example.org/R4/Patient/p1"}),),
    "no subject": (changed("subject"),),
    "dosage as object": (changed(dosageInstruction=CLEAN["dosageInstruction"][0]),),
    "events instead of bounds": (
        changed(dosageInstruction=[{"timing": {"event": ["2026-11-25T08:00:00Z", "2026-11-28"]}}]),
    ),
    "bounds by duration": (
        changed(
            dosageInstruction=[
                {
                    "timing": {
                        "event": ["2026-11-25"],
                        "repeat": {"boundsDuration": {"value": 4, "unit": "days", "code": "d"}},
                    }
                }
            ]
        ),
    ),
    "dispense validity": (
        changed(
            "dosageInstruction",
            dispenseRequest={"validityPeriod": {"start": "2026-11-25", "end": "2026-11-28"}},
        ),
    ),
}


@pytest.mark.parametrize("drafts", DIALECTS.values(), ids=DIALECTS)
def test_given_a_dialect_when_read_then_the_order_is_the_same_as_the_clean_one(
    drafts: tuple[dict[str, Any], ...],
) -> None:
    """Dialects of the conformance notes, section 4, and of the requests captured from the public sandbox."""
    said = board(*drafts, selected=("MedicationRequest/request-123",))

    assert said.drafts == (EXPECTED,)
    assert said.selected == said.drafts
    assert said.unreadable == ()


def test_given_a_medication_order_of_dstu2_when_read_then_it_is_the_same_order() -> None:
    dstu2 = {
        "resourceType": "MedicationOrder",
        "id": "request-123",
        "status": "draft",
        "patient": {"reference": "Patient/p1"},
        "dateWritten": "2026-11-22",
        "medicationCodeableConcept": DINUTUXIMAB,
        "dosageInstruction": CLEAN["dosageInstruction"],
    }

    said = board(dstu2, selected=("MedicationOrder/request-123",))

    assert said.selected == (replace(EXPECTED, reference="MedicationOrder/request-123"),)


@pytest.mark.parametrize(
    ("concept", "confidence"),
    [
        ({"text": "dinutuximab"}, Confidence.TEXT),
        ({"coding": [{"system": "urn:local", "code": "9", "display": "dinutuximab"}]}, Confidence.CODED_LOCAL),
        ({"coding": [{"system": "urn:local", "code": "9"}], "text": "dinutuximab"}, Confidence.TEXT),
        ({"coding": [{"display": "dinutuximab"}]}, Confidence.TEXT),
    ],
)
def test_given_a_drug_in_words_only_when_read_then_only_the_confidence_differs(
    concept: dict[str, Any], confidence: Confidence
) -> None:
    said = board(changed(medicationCodeableConcept=concept))

    assert said.drafts == (replace(EXPECTED, confidence=confidence),)


def test_given_a_reference_that_leads_nowhere_when_it_has_a_display_then_the_display_is_the_text() -> None:
    said = board(changed(NO_CONCEPT, medicationReference={"reference": "Medication/gone", "display": "dinutuximab"}))

    assert said.drafts == (replace(EXPECTED, confidence=Confidence.TEXT),)


@pytest.mark.parametrize(
    "selection",
    [
        "MedicationRequest/request-123",
        "https://ehr.example.org/api/FHIR/R4/MedicationRequest/request-123",
        "MedicationRequest/request-123/_history/1",
        "request-123",
    ],
)
def test_given_a_selection_when_compared_then_the_last_two_segments_count(selection: str) -> None:
    assert board(CLEAN, changed(id="other"), selected=(selection,)).selected == (EXPECTED,)


@pytest.mark.parametrize("odd_id", [LONG_ID, "a.b-c", "a|b", "\N{GREEK SMALL LETTER ALPHA} 1", "eQ3~x"])
def test_given_an_odd_id_when_selected_then_the_order_is_found(odd_id: str) -> None:
    said = board(changed(id=odd_id), selected=(f"https://ehr.example.org/R4/MedicationRequest/{odd_id}",))

    assert said.selected == (replace(EXPECTED, reference=f"MedicationRequest/{odd_id}"),)


def test_given_order_sign_when_read_then_every_draft_is_selected() -> None:
    service = {"resourceType": "ServiceRequest", "id": "s", "status": "draft", "code": {"text": "biopsy"}}

    said = board(CLEAN, changed(id="other"), service, select_all=True)

    assert said.selected == said.drafts
    assert len(said.selected) == 2
    assert [item.reference for item in said.selected_services] == ["ServiceRequest/s"]


def test_given_no_selection_on_order_select_when_read_then_nothing_is_selected() -> None:
    said = board(CLEAN)

    assert said.selected == ()
    assert said.drafts == (EXPECTED,)


@pytest.mark.parametrize(
    "unreadable",
    [
        changed(NO_CONCEPT),
        changed(NO_CONCEPT, medicationReference={"reference": "Medication/gone"}),
        changed(NO_CONCEPT, medicationReference={"reference": "#gone"}, contained="none"),
        changed(medicationCodeableConcept={"coding": [{}]}),
        changed(medicationCodeableConcept=7),
    ],
)
def test_given_a_draft_that_names_no_drug_when_read_then_it_is_named_as_unreadable(
    unreadable: dict[str, Any],
) -> None:
    """The public sandbox sends such a draft while the order is still being written."""
    said = board(unreadable, selected=("MedicationRequest/request-123",))

    assert said.unreadable == ("MedicationRequest/request-123",)
    assert said.drafts == said.selected == ()


def test_given_a_draft_of_another_drug_when_read_then_it_is_an_order_without_known_drug() -> None:
    said = board(changed(medicationCodeableConcept={"text": "sodium chloride 0.9%"}))

    assert said.unreadable == ()
    assert said.drafts[0].drugs == ()
    assert said.drafts[0].text == "sodium chloride 0.9%"


def test_given_drafts_that_were_left_out_before_when_read_then_they_are_counted() -> None:
    """Hazard: the server drops a draft of another child, and nobody hears that it was not checked."""
    left_out = PatientRecord(
        "p1", drafts=(CLEAN,), drafts_of_others=("MedicationRequest", "Medication"), unreadable_drafts=1
    )

    said = read_board(left_out, TODAY)

    assert (said.of_others, said.unreadable) == (1, (NO_RESOURCE,))


def test_given_a_draft_about_another_patient_when_read_then_it_is_dropped_and_counted() -> None:
    """Hazard: an order of another child is checked against this child's chart."""
    others = (
        changed(subject={"reference": "Patient/p2"}),
        changed("subject", resourceType="MedicationOrder", patient={"reference": "https://x.org/Patient/p2"}),
        {"resourceType": "ServiceRequest", "id": "s", "status": "draft", "subject": {"reference": "Patient/p2"}},
    )

    said = board(*others, select_all=True)

    assert (said.of_others, said.unreadable) == (3, ())
    assert said.drafts == said.selected == ()
    assert said.services == ()


@pytest.mark.parametrize("status", ["cancelled", "entered-in-error", "stopped", "completed"])
def test_given_a_draft_that_takes_an_order_back_when_read_then_it_is_no_order(status: str) -> None:
    said = board(changed(status=status), select_all=True)

    assert said.drafts == said.selected == ()
    assert said.unreadable == ()


@pytest.mark.parametrize(
    ("code", "text"),
    [("1606274", "Qarziba"), ("1606274", "dinutuximab beta"), ("2474039", "dinutuximab"), ("1606278", "naxitamab")],
)
def test_given_code_and_text_of_different_antibodies_when_read_then_the_draft_is_in_doubt(code: str, text: str) -> None:
    """Hazard: dinutuximab, dinutuximab beta and naxitamab are taken for each other."""
    concept = {"coding": [{"system": RXNORM, "code": code}], "text": text}

    said = board(changed(medicationCodeableConcept=concept), select_all=True)

    assert [order.reference for order in said.doubtful] == ["MedicationRequest/request-123"]
    assert len(said.doubtful[0].drugs) == 2
    assert (said.selected, said.drafts, said.unreadable) == ((), (), ())


@pytest.mark.parametrize(
    ("code", "text", "drug", "confidence"),
    [
        ("L01FX06", "dinutuximab", "drug.dinutuximab_beta", Confidence.CODED),
        ("L01FX06", "Qarziba", "drug.dinutuximab_beta", Confidence.CODED),
        ("L01XC16", "", "drug.dinutuximab_beta", Confidence.CODED),
        ("L01XC16", "Qarziba", "drug.dinutuximab_beta", Confidence.CODED),
        ("L01XC16", "dinutuximab", "drug.dinutuximab", Confidence.TEXT),
        ("L01XC16", "Unituxin", "drug.dinutuximab", Confidence.TEXT),
        ("", "dinutuximab (Qarziba)", "drug.dinutuximab_beta", Confidence.TEXT),
        ("", "dinutuximab (Unituxin)", "drug.dinutuximab", Confidence.TEXT),
    ],
)
def test_given_the_names_of_the_antibodies_when_read_then_each_is_the_agent_at_hand(
    code: str, text: str, drug: str, confidence: Confidence
) -> None:
    """The superseded code has stood for both antibodies: beside it the words decide (coding notes, section 1)."""
    concept = {"coding": [{"system": ATC, "code": code}] if code else [], "text": text}

    order = board(changed(medicationCodeableConcept=concept)).drafts[0]

    assert order.drugs == (drug,)
    assert order.interchangeable
    assert order.confidence is confidence


def test_given_a_brand_that_contradicts_the_longer_name_when_read_then_the_draft_is_in_doubt() -> None:
    said = board(changed(medicationCodeableConcept={"text": "dinutuximab beta (Unituxin)"}))

    assert said.doubtful[0].drugs == ("drug.dinutuximab", "drug.dinutuximab_beta")
    assert said.unreadable == ()


@pytest.mark.parametrize(
    ("text", "doubtful"),
    [
        ("dinutuximab beta 10 mg/m2/day", True),
        ("Qarziba over 24 h", True),
        ("3 weeks after dinutuximab beta", False),
        ("dinutuximab 17.5 mg/m2", False),
        ("over 10 h", False),
    ],
)
def test_given_instructions_that_name_another_antibody_when_read_then_the_draft_is_in_doubt(
    text: str, doubtful: bool
) -> None:
    """Hazard: the dose of dinutuximab beta is written into an order of dinutuximab."""
    concept = {"coding": [{"system": RXNORM, "code": "1606274"}], "text": "dinutuximab"}

    said = board(changed(medicationCodeableConcept=concept, dosageInstruction=[{"text": text}, {"timing": {}}]))

    assert bool(said.doubtful) is doubtful


@pytest.mark.parametrize("text", ["anti-GD2 antibody", "Anti GD2 infusion", "ch14.18", "dinutuximabum", "naxitamb"])
def test_given_an_antibody_that_nobody_names_when_read_then_the_draft_is_in_doubt(text: str) -> None:
    said = board(changed(medicationCodeableConcept={"text": text}), select_all=True)

    assert [order.drugs for order in said.doubtful] == [()]
    assert said.selected == ()


def test_given_another_drug_before_an_antibody_when_read_then_nothing_is_in_doubt() -> None:
    said = board(changed(medicationCodeableConcept={"text": "gabapentin for anti-GD2 antibody"}))

    assert said.doubtful == ()
    assert said.drafts[0].drugs == ("drug.gabapentin",)


@pytest.mark.parametrize(
    ("more", "start", "end"),
    [
        ({"dosageInstruction": [{"timing": {"event": ["2026-12"]}}]}, None, None),
        ({"dosageInstruction": [{"timing": {"event": ["2026"]}}]}, None, None),
        (
            {"dosageInstruction": [{"timing": {"event": ["2026-12", "2026-12-03"]}}]},
            date(2026, 12, 3),
            date(2026, 12, 3),
        ),
        (
            {
                "dosageInstruction": [
                    {"timing": {"repeat": {"boundsPeriod": {"start": "2026-12", "end": "2026-12-20"}}}}
                ]
            },
            None,
            date(2026, 12, 20),
        ),
        (
            {"dosageInstruction": [{"timing": {"repeat": {"boundsPeriod": {"start": "2026-12-01", "end": "2027"}}}}]},
            date(2026, 12, 1),
            None,
        ),
        ({"dispenseRequest": {"validityPeriod": {"start": "2026-12"}}}, None, None),
        ({"dispenseRequest": {"validityPeriod": {"start": "2026-12-01"}}}, date(2026, 12, 1), None),
        (
            {
                "effectiveDosePeriod": {"start": "2026-12-05"},
                "dispenseRequest": {"validityPeriod": {"start": "2026-12-01"}},
            },
            date(2026, 12, 5),
            None,
        ),
    ],
)
def test_given_a_draft_dated_by_its_month_when_read_then_it_has_no_day_1(
    more: dict[str, Any], start: date | None, end: date | None
) -> None:
    """Hazard: "December" becomes a day 1 on its first day, and premedication is called overdue."""
    (order,) = board(changed(**{"dosageInstruction": [], **more})).drafts

    assert (order.start, order.end) == (start, end)


@pytest.mark.parametrize(
    ("text", "is_asked"),
    [
        ("Dinituximab", True),
        ("dintuximab", True),
        ("Naxitimab", True),
        ("Quarziba", True),
        ("Karziba", True),
        ("Danielza", True),
        ("Unitoxin", True),
        ("rituximab", False),
        ("denosumab", False),
        ("natalizumab", False),
        ("quartz", False),
        ("units", False),
        ("Unitaxi", False),
    ],
)
def test_given_a_misspelt_antibody_when_read_then_it_is_asked_which_one_is_meant(text: str, is_asked: bool) -> None:
    """Hazard: one wrong letter, and nothing is checked."""
    said = board(changed(medicationCodeableConcept={"text": text}))

    assert bool(said.doubtful) is is_asked
