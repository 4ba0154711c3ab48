"""A proposed order becomes a draft, and only a draft."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from fhir.resources.R4B.medicationrequest import MedicationRequest
from fhir.resources.R4B.servicerequest import ServiceRequest

from cards.orders import draft_of, refuse_unsafe, words_of_order
from hooks.errors import InvalidOutput
from hooks.recommendation import OrderKind, ProposedOrder
from hooks.terminology.codes import Code, RxNormCode
from hooks.terminology.table import TABLE
from tests.unit.cards_samples import drug_order, service_order

MINIMAL = {
    "resourceType": "ServiceRequest",
    "status": "draft",
    "intent": "proposal",
    "code": {"text": "Plan"},
    "subject": {"reference": "Patient/1"},
}


def test_given_a_service_order_when_drafted_then_it_is_this_service_request() -> None:
    assert draft_of(service_order(), "child-1") == {
        "resourceType": "ServiceRequest",
        "status": "draft",
        "intent": "proposal",
        "category": [
            {"coding": [{"system": "http://snomed.info/sct", "code": "363679005", "display": "Imaging (procedure)"}]}
        ],
        "code": {
            "coding": [
                {
                    "system": "http://snomed.info/sct",
                    "code": "277590007",
                    "display": "Imaging guided biopsy (procedure)",
                }
            ],
            "text": "Image-guided biopsy of the relapse",
        },
        "subject": {"reference": "Patient/child-1"},
        "occurrenceDateTime": "2026-11-23",
        "reasonReference": [{"reference": "Condition/nb1"}],
        "supportingInfo": [{"reference": "Observation/o1"}],
        "note": [{"text": "Fresh, frozen and fixed tissue"}],
    }


def test_given_a_drug_order_when_drafted_then_its_dose_is_quoted_text_and_its_display_has_no_term_type() -> None:
    assert draft_of(drug_order(note="Ask"), "child-1") == {
        "resourceType": "MedicationRequest",
        "status": "draft",
        "intent": "proposal",
        "medicationCodeableConcept": {
            "coding": [
                {"system": "http://www.nlm.nih.gov/research/umls/rxnorm", "code": "25480", "display": "gabapentin"}
            ],
            "text": "gabapentin",
        },
        "subject": {"reference": "Patient/child-1"},
        "dosageInstruction": [{"text": "Start 2026-11-24. 10 mg/kg/day, verify against the protocol"}],
        "note": [{"text": "Ask"}],
    }


def test_given_an_order_with_nothing_but_words_when_drafted_then_empty_members_are_left_out() -> None:
    bare = ProposedOrder(kind=OrderKind.SERVICE_REQUEST, item="RIST", label="Plan RIST", text="Plan")
    drug = ProposedOrder(kind=OrderKind.MEDICATION_REQUEST, item="x", label="Drug x", text="")

    assert draft_of(bare, "1") == MINIMAL
    assert draft_of(drug, "1") == {
        "resourceType": "MedicationRequest",
        "status": "draft",
        "intent": "proposal",
        "medicationCodeableConcept": {"text": "Drug x"},
        "subject": {"reference": "Patient/1"},
    }


def test_given_a_dose_text_on_a_service_when_drafted_then_it_stands_in_the_note() -> None:
    resource = draft_of(service_order(dosage_text="1 dose", note=""), "1")

    assert resource["note"] == [{"text": "1 dose"}]


@pytest.mark.parametrize("order", [service_order(), drug_order()])
def test_given_a_draft_when_read_back_by_fhir_resources_then_nothing_is_lost(order: ProposedOrder) -> None:
    resource = draft_of(order, "x" * 194)
    model: Any = ServiceRequest if resource["resourceType"] == "ServiceRequest" else MedicationRequest

    again = model.model_validate(resource).model_dump(mode="json")

    assert {**again} == resource


@pytest.mark.parametrize(
    ("display", "shown"),
    [
        ("gabapentin (IN)", "gabapentin"),
        ("Unituxin (BN; brand name concept, rarely sent alone)", "Unituxin"),
        ("dinutuximab 3.5 MG/ML Injection (SCD)", "dinutuximab 3.5 MG/ML Injection"),
        ("iobenguane (131I)", "iobenguane (131I)"),
    ],
)
def test_given_an_rxnorm_display_when_sent_then_its_term_type_is_gone(display: str, shown: str) -> None:
    resource = draft_of(drug_order(codes=(RxNormCode(RxNormCode.SYSTEM, "1", display),)), "1")

    assert resource["medicationCodeableConcept"]["coding"][0]["display"] == shown


def test_given_all_rxnorm_codes_of_the_table_when_sent_then_no_term_type_is_left() -> None:
    codes = tuple(code for concept in TABLE.concepts() for code in TABLE.codes(concept) if isinstance(code, RxNormCode))

    coding = draft_of(drug_order(codes=codes), "1")["medicationCodeableConcept"]["coding"]

    assert len(coding) == len(codes) > 1000
    assert not [shown for shown in coding if shown["display"].endswith(("N)", "D)", "PCK)"))]


def test_given_a_site_code_without_display_when_drafted_then_it_is_first_and_bare() -> None:
    coding = draft_of(service_order(), "1", Code("urn:site", "BX", ""))["code"]["coding"]

    assert coding[0] == {"system": "urn:site", "code": "BX"}
    assert len(coding) == 2


def test_given_reasons_of_types_that_are_not_allowed_when_drafted_then_they_inform_or_go() -> None:
    reasons = ("Condition/1", "Procedure/2", "Condition", "Condition/a b", "DiagnosticReport/3", "Condition/1")

    service = draft_of(service_order(reason=reasons, supporting=()), "1")
    drug = draft_of(drug_order(reason=reasons), "1")

    assert service["reasonReference"] == [{"reference": "Condition/1"}, {"reference": "DiagnosticReport/3"}]
    assert service["supportingInfo"] == [{"reference": "Procedure/2"}]
    assert drug["reasonReference"] == [{"reference": "Condition/1"}]
    assert drug["supportingInformation"] == [{"reference": "Procedure/2"}, {"reference": "DiagnosticReport/3"}]


def test_given_references_longer_than_fhir_ids_when_drafted_then_they_stand() -> None:
    long_id = "e" * 194

    resource = draft_of(service_order(reason=(f"Condition/{long_id}",)), long_id)

    assert resource["subject"]["reference"] == f"Patient/{long_id}"
    assert resource["reasonReference"][0]["reference"] == f"Condition/{long_id}"


def test_given_hostile_words_when_drafted_then_no_tag_no_address_and_no_control_character_is_left() -> None:
    hostile = "<img src=x> http://evil.example/x\n\ud800\u202e"

    resource = draft_of(drug_order(text=hostile, dosage_text=hostile, note=hostile, occurrence=None), "1")

    assert resource["medicationCodeableConcept"]["text"] == "\u2039img src=x> http:/ /evil.example/x"
    assert resource["dosageInstruction"] == [{"text": "\u2039img src=x> http:/ /evil.example/x"}]
    assert resource["note"] == [{"text": "&lt;img src=x> http:/ /evil.example/x"}]


def test_given_an_order_in_words_when_said_then_each_part_is_a_sentence() -> None:
    assert words_of_order(drug_order(note="Ask first.")) == (
        "gabapentin. Start 2026-11-24. 10 mg/kg/day, verify against the protocol. Ask first."
    )
    assert words_of_order(drug_order(note="Ask", dosage_text="", occurrence=None), with_note=False) == "gabapentin."


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"resourceType": "Task"}, "neither"),
        ({"resourceType": ["ServiceRequest"]}, "neither"),
        ({"resourceType": None}, "neither"),
        ({"status": "active"}, "draft proposal"),
        ({"intent": "order"}, "draft proposal"),
        ({"note": []}, "null or empty"),
        ({"note": [{"text": ""}]}, "null or empty"),
        ({"priority": None}, "null or empty"),
        ({"occurrenceDateTime": "soon"}, "not valid FHIR R4 at occurrenceDateTime"),
        ({"foo": 1}, "not valid FHIR R4 at foo"),
        ({"orderDetail": [{"extension": [{"doseAndRate": 1}]}]}, "holds a dose"),
    ],
)
def test_given_a_resource_that_is_no_bare_draft_when_judged_then_it_is_refused(
    change: dict[str, Any], complaint: str
) -> None:
    """Hazard: an order is signed, or dosed, by a machine."""
    with pytest.raises(InvalidOutput, match=complaint):
        refuse_unsafe({**MINIMAL, **change})


def test_given_a_bare_draft_when_judged_then_it_passes() -> None:
    refuse_unsafe({**MINIMAL, "occurrenceDateTime": date(2026, 1, 1).isoformat()})


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("paracetamol (or ibuprofen)", "paracetamol (or ibuprofen)."),
        ("saline 0.9 %", "saline 0.9 %."),
        ("Why?", "Why?"),
    ],
)
def test_given_a_text_that_ends_in_a_sign_when_said_then_it_is_a_sentence_of_its_own(text: str, words: str) -> None:
    """Otherwise "0.9 %" and the day run into each other."""
    assert words_of_order(drug_order(text=text)).startswith(f"{words} Start 2026-11-24.")
