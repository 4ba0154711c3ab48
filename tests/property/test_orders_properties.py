"""Properties of drug recognition and order reading: nothing raises, no antibody becomes another, forms are equal."""

from __future__ import annotations

from datetime import date
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from hooks.facts.allergies import read_allergies
from hooks.facts.measurements import read_measurements
from hooks.facts.medications import read_drafts, read_drug_orders
from hooks.facts.services import read_draft_services, read_services
from hooks.pathways.relapsed_neuroblastoma.board import OrderBoard
from hooks.pathways.relapsed_neuroblastoma.reading.orders import read_board
from hooks.record import PatientRecord
from hooks.terminology.codes import ATCCode, RxNormCode
from hooks.terminology.drug_classes import CLASSES, members
from hooks.terminology.drug_names import match_in_text
from hooks.terminology.drugs import Counts, counts_for, ingredient_of, is_drug
from hooks.terminology.table import TABLE

TODAY = date(2026, 11, 22)
ANTIBODIES = ("drug.dinutuximab", "drug.dinutuximab_beta", "drug.naxitamab")
TYPES = (
    "MedicationRequest",
    "MedicationOrder",
    "MedicationAdministration",
    "MedicationStatement",
    "MedicationDispense",
    "Medication",
    "ServiceRequest",
    "Procedure",
    "DiagnosticReport",
    "DiagnosticOrder",
    "Observation",
    "AllergyIntolerance",
    "Condition",
    "AdverseEvent",
)
KEYS = (
    "id",
    "status",
    "intent",
    "code",
    "coding",
    "system",
    "text",
    "display",
    "value",
    "unit",
    "comparator",
    "reference",
    "medicationCodeableConcept",
    "medicationReference",
    "medication",
    "concept",
    "ingredient",
    "itemCodeableConcept",
    "itemReference",
    "item",
    "product",
    "contained",
    "dosageInstruction",
    "dosage",
    "timing",
    "repeat",
    "boundsPeriod",
    "boundsDuration",
    "event",
    "start",
    "end",
    "route",
    "asNeededCodeableConcept",
    "dispenseRequest",
    "validityPeriod",
    "statusReason",
    "subject",
    "patient",
    "valueQuantity",
    "valueString",
    "component",
    "dataAbsentReason",
    "effectiveDateTime",
    "effectivePeriod",
    "category",
    "bodySite",
    "reaction",
    "manifestation",
    "substance",
    "clinicalStatus",
    "verificationStatus",
    "criticality",
    "severity",
    "stage",
    "summary",
    "extension",
    "url",
    "suspectEntity",
    "instance",
    "onsetDateTime",
    "recordedDate",
    "outcome",
)
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.just(10**400),
    st.floats(),
    st.text(max_size=12),
    st.sampled_from(
        (
            "active",
            "final",
            "2026-11-20",
            "#1",
            "Medication/1",
            "Patient/p1",
            "http://loinc.org",
            "29463-7",
            "http://www.whocc.no/atc",
            "L01FX06",
            "grade 3",
            "capillary leak",
            "dinutuximab beta",
            "kg",
        )
    ),
)
JSON = st.recursive(
    SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.sampled_from(KEYS), inner, max_size=5)),
    max_leaves=12,
)
RESOURCE = st.builds(
    lambda kind, body: {"resourceType": kind, **body},
    st.sampled_from(TYPES),
    st.dictionaries(st.sampled_from(KEYS), JSON, max_size=8),
)


@settings(max_examples=400, deadline=None)
@given(st.lists(RESOURCE, max_size=5), st.lists(RESOURCE, max_size=3), st.lists(st.text(max_size=20), max_size=2))
def test_given_any_json_where_fhir_stands_when_read_then_nothing_raises(
    chart: list[dict[str, Any]], drafts: list[dict[str, Any]], selected: list[str]
) -> None:
    resources = {kind: tuple(item for item in chart if item["resourceType"] == kind) for kind in TYPES}
    record = PatientRecord("p1", resources, drafts=tuple(drafts), selected=tuple(selected))

    board = read_board(record, TODAY, select_all=bool(selected))

    assert isinstance(board, OrderBoard)
    assert set(board.selected) <= set(board.drafts)
    read_drug_orders(record)
    tuple(read_drafts(record))
    read_services(record)
    read_draft_services(record)
    read_allergies(record)
    read_measurements(record, TODAY)


@settings(max_examples=400, deadline=None)
@given(
    st.text(), st.sampled_from(("dinutuximab", "Unituxin")), st.text(alphabet=" ,.;:/()0123456789mgL%\n", max_size=20)
)
def test_given_dinutuximab_in_any_text_without_beta_when_read_then_it_is_never_the_other(
    noise: str, name: str, tail: str
) -> None:
    """Hazard: dinutuximab and dinutuximab beta are interchanged."""
    found = match_in_text(f"{name} {tail}").drugs

    assert "drug.dinutuximab" in found
    assert "drug.dinutuximab_beta" not in found
    assert (
        "drug.dinutuximab_beta" not in match_in_text(noise).drugs
        or "beta" in noise.lower()
        or "qarziba" in noise.lower()
    )


@settings(max_examples=400, deadline=None)
@given(
    st.sampled_from(("dinutuximab beta", "DINUTUXIMAB-BETA", "Dinutuximab  \N{GREEK SMALL LETTER BETA}", "Qarziba")),
    st.text(alphabet=" ,.;:/()0123456789mgL%\n", max_size=20),
)
def test_given_dinutuximab_beta_in_any_text_when_read_then_it_is_never_the_other(name: str, tail: str) -> None:
    """Hazard: dinutuximab and dinutuximab beta are interchanged."""
    assert match_in_text(f"{tail} {name} {tail}").drugs == ("drug.dinutuximab_beta",)


DRUG_CODES = [
    (concept, code)
    for concept in TABLE.concepts()
    if is_drug(concept)
    for code in TABLE.codes(concept)
    if isinstance(code, (RxNormCode, ATCCode))
]


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(DRUG_CODES))
def test_given_any_code_of_the_table_when_it_comes_in_any_form_then_the_order_is_the_same(
    entry: tuple[str, RxNormCode | ATCCode],
) -> None:
    concept, code = entry
    codeable = {"coding": [{"system": code.system, "code": code.code}]}
    medication = {"resourceType": "Medication", "id": "m", "code": codeable}
    mixture = {"resourceType": "Medication", "id": "m", "ingredient": [{"itemCodeableConcept": codeable}]}
    base = {"resourceType": "MedicationRequest", "id": "r", "status": "draft"}
    forms: tuple[tuple[dict[str, Any], ...], ...] = (
        ({**base, "medicationCodeableConcept": codeable},),
        ({**base, "medicationReference": {"reference": "Medication/m"}}, medication),
        ({**base, "medicationReference": {"reference": "https://x.org/fhir/Medication/m"}}, mixture),
        ({**base, "medicationReference": {"reference": "#m"}, "contained": [medication]},),
        ({**base, "medication": {"concept": codeable}},),
    )

    read = [[draft.order for draft in read_drafts(PatientRecord("p1", drafts=form)) if draft.order] for form in forms]

    assert all(len(orders) == 1 for orders in read)
    assert {(orders[0].drugs, orders[0].forms) for orders in read} == {
        ((ingredient,) if (ingredient := ingredient_of(concept)) else (), (concept,))
    }
    assert {orders[0].interchangeable for orders in read} == {counts_for(concept) is Counts.ORDER}


@settings(max_examples=200, deadline=None)
@given(st.sampled_from([member for name in CLASSES.names() for member in members(name) if member.startswith("drug.")]))
def test_given_any_member_of_a_class_when_named_in_words_then_its_name_is_recognised(member: str) -> None:
    name = member.removeprefix("drug.").replace("_", " ")

    assert match_in_text(f"{name} 10 mg").drugs == (member,)


def test_given_every_code_of_the_antibodies_when_read_then_each_is_itself_alone() -> None:
    for concept, code in DRUG_CODES:
        ingredient = ingredient_of(concept)
        if ingredient in ANTIBODIES:
            assert TABLE.concept_of(code.system, code.code) == concept
            assert match_in_text(code.display).drugs == (ingredient,)
