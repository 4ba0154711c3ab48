"""How facts are named to people and machines."""

from __future__ import annotations

from dataclasses import fields
from datetime import date

import pytest

from hooks.facts.fact import Confidence, Known, Unknown, Why, YesNo
from hooks.facts.measurements import Measurement
from hooks.pathways.relapsed_neuroblastoma.facts import (
    ALK,
    MYCN,
    Altered,
    DiseaseEvent,
    Facts,
    Molecular,
    Response,
    Site,
    Timing,
    TreatmentLine,
)
from hooks.pathways.relapsed_neuroblastoma.rules.saying import NAMES, missing, state_of, used
from hooks.recommendation import Shared
from tests.spec.children import a_relapsed_child

UNNAMED = {"patient_id", "jurisdiction", "unreadable_reports", "workup", "orders", "diagnosis_reference", "data_gaps"}


def label(name: str, value: object) -> str:
    (found,) = used(a_relapsed_child().knowing(**{name: value}).facts(), name)
    return found.label


def test_given_the_fields_of_facts_when_named_then_every_one_that_a_card_prints_has_a_name() -> None:
    assert {field.name for field in fields(Facts)} - UNNAMED == set(NAMES)


@pytest.mark.parametrize(
    ("months", "words"),
    [
        (0, "0 months"),
        (1, "1 month"),
        (11, "11 months"),
        (12, "1 year"),
        (13, "1 year 1 month"),
        (59, "4 years 11 months"),
    ],
)
def test_given_an_age_when_said_then_it_is_in_years_and_months(months: int, words: str) -> None:
    assert label("age_months", Known(months)) == f"Age: {words}"


def test_given_facts_without_a_day_of_their_own_when_said_then_they_are_not_called_undated() -> None:
    assert label("failed_topotecan", Known(YesNo.NO)) == "Progression on topotecan: no"
    assert label("treatment_lines", Known((TreatmentLine(frozenset()),))) == "Earlier treatment: drugs not on record"
    assert label("event_date", Known(date(2026, 9, 10))) == "Date of the disease event: 2026-09-10"


def test_given_an_undated_finding_when_said_then_it_is_called_undated() -> None:
    assert label("mycn", Known(Molecular(MYCN.GAIN))) == "MYCN: gain, undated"


def test_given_text_and_local_codes_when_said_then_confirmation_is_asked_for() -> None:
    day = date(2026, 9, 18)

    assert label("mycn", Known(Molecular(MYCN.AMPLIFIED), (), day, Confidence.TEXT)) == (
        "MYCN: amplified, 2026-09-18, from text, please confirm"
    )
    assert label("mycn", Known(Molecular(MYCN.AMPLIFIED), (), day, Confidence.CODED_LOCAL)).endswith(
        "from a local code, please confirm"
    )


def test_given_variant_germline_and_a_second_state_when_said_then_all_are_named() -> None:
    value = Molecular(MYCN.AMPLIFIED, Timing.PRE_RELAPSE, variant="x", germline=True, also=(MYCN.GAIN,))

    assert label("mycn", Known(value, (), date(2026, 1, 1))) == (
        "MYCN: amplified (x) and gain (germline), specimen taken before this relapse, 2026-01-01"
    )


@pytest.mark.parametrize(
    ("event", "words"),
    [
        (DiseaseEvent.FIRST_RELAPSE, "relapse"),
        (DiseaseEvent.PROGRESSION, "progression"),
        (DiseaseEvent.REFRACTORY, "refractory disease"),
    ],
)
def test_given_the_event_when_timing_is_said_then_it_is_not_called_a_relapse_where_it_is_none(
    event: DiseaseEvent, words: str
) -> None:
    day = date(2026, 1, 1)
    facts = (
        a_relapsed_child()
        .knowing(
            disease_event=Known(event),
            mycn=Known(Molecular(MYCN.GAIN, Timing.PRE_RELAPSE), (), day),
            alk=Known(Molecular(ALK.VUS, Timing.UNKNOWN, variant="I1250T"), (), day),
        )
        .facts()
    )

    assert [fact.label for fact in used(facts, "mycn", "alk")] == [
        f"MYCN: gain, specimen taken before this {words}, 2026-01-01",
        "ALK: variant of uncertain significance (VUS) (I1250T), "
        f"date of the specimen against the {words} unknown, 2026-01-01",
    ]


def test_given_acronyms_and_regimens_when_said_then_neither_is_a_raw_word() -> None:
    day = date(2026, 1, 1)

    assert label("sites", Known(frozenset({Site.CNS, Site.BONE}), (), day)) == (
        "Sites of active disease: CNS, bone, 2026-01-01"
    )
    assert label("active_regimen", Known("DB_TTO", (), day)) == (
        "Regimen under way: Dinutuximab BETA (Qarziba) + topotecan + temozolomide, 2026-01-01"
    )


def test_given_earlier_treatment_when_said_then_every_line_is_named_with_its_dates() -> None:
    five = frozenset(f"drug.{letter}" for letter in "abcde")
    lines = (
        TreatmentLine(five, date(2024, 1, 2), date(2024, 6, 1), cycles=1, best_response=Response.PR),
        TreatmentLine(five | {"drug.f_g"}),
        TreatmentLine(frozenset({"drug.temozolomide"}), date(2026, 1, 2), regimen="TEMIRI", cycles=2),
        TreatmentLine(frozenset({"drug.dinutuximab_beta"})),
    )

    assert label("treatment_lines", Known(lines)) == (
        "Earlier treatment: a + b + c + d + e (2024-01-02 to 2024-06-01, 1 cycle, PR); a + b + c + d + e and 1 more; "
        "Irinotecan + temozolomide (2026-01-02, 2 cycles); dinutuximab BETA (Qarziba)"
    )


def test_given_older_results_that_say_otherwise_when_said_then_they_stand_behind_with_their_dates() -> None:
    """Initial positive and relapse negative: both are told, each with its date."""
    day = date(2026, 9, 18)
    older = ("amplified, tumour, 2024-06-05",)
    many = ("a", "b", "c", "d", "e")

    assert label("mycn", Known(Molecular(MYCN.NOT_AMPLIFIED, Timing.AT_RELAPSE, earlier=older), (), day)) == (
        "MYCN: not amplified, 2026-09-18; other results: amplified, tumour, 2024-06-05"
    )
    assert label("alk", Known(Molecular(ALK.NEGATIVE, Timing.AT_RELAPSE, earlier=many), (), day)).endswith(
        "; other results: a; b; c; and 2 more"
    )


def test_given_an_older_alteration_when_none_is_found_now_then_it_shares_no_line() -> None:
    fact = Known(Molecular(Altered.NOT_ALTERED, Timing.AT_RELAPSE, earlier=("altered, 2024-06-05",)))

    (found,) = used(a_relapsed_child().knowing(atrx=fact).facts(), "atrx")

    assert found.shared is None
    assert found.label.endswith("; other results: altered, 2024-06-05")


def test_given_what_is_absent_when_said_then_it_shares_a_line() -> None:
    day = date(2026, 9, 18)
    gene = Known(Molecular(Altered.NOT_ALTERED), (), day)
    facts = (
        a_relapsed_child()
        .knowing(
            failed_topotecan=Known(YesNo.NO),
            failed_irinotecan=Known(YesNo.YES),
            gvhd_active=Known(YesNo.NO, (), day, Confidence.TEXT),
            hearing_loss=Known(YesNo.NO),
            consolidation_done=Known(YesNo.NO),
            tert=gene,
        )
        .facts()
    )
    names = ("failed_topotecan", "failed_irinotecan", "gvhd_active", "hearing_loss", "consolidation_done", "tert")

    assert [fact.shared for fact in used(facts, *names)] == [
        Shared("No progression on record on", "topotecan"),
        None,
        Shared(
            "Not present",
            "acute GvHD grade 3-4 or extensive chronic GvHD (2026-09-18, from text, please confirm)",
        ),
        Shared("Not present", "severe hearing loss"),
        None,
        Shared("Not altered", "TERT (2026-09-18)"),
    ]


def test_given_the_event_with_its_date_when_said_then_the_date_has_no_line_of_its_own() -> None:
    day = date(2026, 9, 10)
    child = a_relapsed_child().knowing(
        disease_event=Known(DiseaseEvent.FIRST_RELAPSE, (), day), event_date=Known(day, (), day)
    )
    later = child.knowing(event_date=Known(date(2026, 9, 11)))

    assert [fact.shared for fact in used(child.facts(), "event_date")] == [Shared("Date of the disease event")]
    assert [fact.shared for fact in used(later.facts(), "event_date")] == [None]


def test_given_values_of_every_kind_when_stated_then_machines_get_one_word() -> None:
    assert state_of(Measurement(18.0, "kg")) == "18 kg"
    assert state_of(frozenset({Site.BONE, Site.CNS})) == "bone, cns"
    assert state_of(object()) == "object"


def test_given_unknown_and_conflicting_facts_when_listed_then_each_says_why() -> None:
    child = a_relapsed_child().knowing(
        gd2=Unknown(Why.PENDING, ("labs",), (), date(2026, 9, 1)), alk=Unknown(Why.NOT_FOUND, ("variants", "labs"))
    )
    facts = child.conflicting("mycn", Molecular(MYCN.GAIN), Molecular(MYCN.AMPLIFIED)).facts()

    assert [gap.label for gap in missing(facts, "gd2", "alk", "mycn", "risk_group")] == [
        "GD2 on tumour cells: pending (2026-09-01)",
        "ALK: not found in variants, labs",
        "MYCN: sources disagree (amplified / gain)",
    ]
    assert [gap.shared for gap in missing(facts, "gd2", "alk", "mycn")] == [
        None,
        Shared("Not found in variants, labs", "ALK"),
        None,
    ]
    assert [fact.fact for fact in used(facts, "gd2", "risk_group")] == ["risk_group"]


def test_given_facts_that_could_not_be_retrieved_when_listed_then_one_line_names_them_together() -> None:
    unread = {name: Unknown(Why.NOT_RETRIEVED, ("vitals",)) for name in ("weight_kg", "height_cm")}

    gaps = missing(a_relapsed_child().knowing(**unread).facts(), *unread)

    assert [gap.shared for gap in gaps] == [
        Shared("Could not be retrieved", "weight"),
        Shared("Could not be retrieved", "height"),
    ]


@pytest.mark.parametrize("why", [Why.UNREAD, Why.INDETERMINATE, Why.PENDING, Why.IN_PART])
def test_given_a_question_that_something_in_the_chart_leaves_open_when_listed_then_the_place_is_named(why: Why) -> None:
    sources = ("Observation/o1", "DiagnosticReport/d1", "DiagnosticReport/d2")
    facts = a_relapsed_child().knowing(gd2=Unknown(why, ("labs",), sources, date(2026, 9, 1))).facts()

    (gap,) = missing(facts, "gd2")

    assert gap.label == f"GD2 on tumour cells: {why} (2026-09-01), see DiagnosticReport/d1, DiagnosticReport/d2"


def test_given_a_question_without_a_place_to_look_when_listed_then_no_place_is_named() -> None:
    facts = a_relapsed_child().knowing(gd2=Unknown(Why.FAILED, ("labs",), ("Observation/o1",))).facts()

    (gap,) = missing(facts, "gd2")

    assert gap.label == "GD2 on tumour cells: test failed"
