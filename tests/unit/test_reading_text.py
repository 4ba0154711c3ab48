"""Polarity of chart text: the vectors of the coding notes (section 2.8), typed by hand, and what naive rules miss."""

from __future__ import annotations

import time

import pytest

from hooks.facts.clauses import split_clauses
from hooks.facts.fact import Why
from hooks.facts.spelling import MAX_LENGTH
from hooks.facts.text import Moment, Polarity, Topic, read_text

GENES = frozenset(["mycn", "alk", "mdm2", "tert", "tp53"])
AMPLIFIED = frozenset(["amplified", "amplification", "amp"])
OFF_TOPIC = frozenset(["protein", "ihc", "immunohistochemistry", "expression"])
IN_FREE_TEXT = Topic(
    findings=AMPLIFIED, subjects=frozenset({"mycn"}), others=GENES - {"mycn"}, normal=frozenset({"normal"}),
    off_topic=OFF_TOPIC,
)  # fmt: skip
IN_A_FISH_RESULT = Topic(
    findings=AMPLIFIED, subjects=frozenset({"mycn"}), others=GENES - {"mycn"}, normal=frozenset({"normal"}),
    off_topic=OFF_TOPIC, implied=True, implied_subject=True, na_denies=True,
)  # fmt: skip
ALK_MUTATION = Topic(
    findings=frozenset(["mutation", "mutations", "mutated", "variant", "variants"]), subjects=frozenset({"alk"}),
    others=GENES - {"alk"}, normal=frozenset({"wildtype"}), changes=True,
)  # fmt: skip
RELAPSE = Topic(findings=frozenset(["relapse", "relapsed", "relapses", "recurrence", "recurrent", "recurred"]))


@pytest.mark.parametrize(
    "text",
    ["Amplified MYCN", "N-MYC AMPLIFIED", "MYCN: amplified (>20 copies)", "MYCN heterogeneous amplification"],
)
def test_given_the_positive_vectors_when_read_then_they_affirm(text: str) -> None:
    assert read_text(text, IN_FREE_TEXT).polarity is Polarity.POSITIVE
    assert read_text(text, IN_A_FISH_RESULT).polarity is Polarity.POSITIVE


@pytest.mark.parametrize(
    "text",
    [
        "MYCN not amplified",
        "non-amplified",
        "nonamplified",
        "unamplified",
        "MYCN NA",
        "no evidence of MYCN amplification",
        "MYCN amplification: not detected",
        "amplification absent",
        "no MYCN or ALK amplification",
        "MYCN gain but no amplification",
    ],
)
def test_given_the_negative_vectors_when_read_in_a_fish_result_then_they_deny(text: str) -> None:
    assert read_text(text, IN_A_FISH_RESULT).polarity is Polarity.NEGATIVE


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("amplification pending", Why.PENDING),
        ("quantity not sufficient", Why.FAILED),
        ("not tested", Why.NOT_TESTED),
        ("MYCN: inconclusive", Why.INDETERMINATE),
        ("MYCN amplification status unknown", Why.NOT_FOUND),
        ("not available", Why.NOT_FOUND),
        ("not evaluable", Why.INDETERMINATE),
        ("MYCN amplification cannot be excluded", Why.INDETERMINATE),
    ],
)
def test_given_the_open_vectors_when_read_then_they_are_unknown_with_their_reason(text: str, why: Why) -> None:
    reading = read_text(text, IN_A_FISH_RESULT)

    assert (reading.polarity, reading.why) == (Polarity.UNKNOWN, why)


@pytest.mark.parametrize(
    "text",
    [
        "MYCN protein positive by IHC",
        "amplification of MDM2",
        "mother MYCN amplified",
        "MYCN gain (4 copies)",
        "",
        "?!",
    ],
)
def test_given_the_ignored_vectors_when_read_then_nothing_is_said_of_amplification(text: str) -> None:
    assert read_text(text, IN_FREE_TEXT).polarity is Polarity.SILENT
    assert read_text(text, IN_A_FISH_RESULT).polarity is Polarity.SILENT


def test_given_two_polarities_in_one_text_when_read_then_they_conflict_and_each_keeps_its_time() -> None:
    reading = read_text("MYCN-amplified at diagnosis; not amplified at relapse", IN_FREE_TEXT)

    assert reading.polarity is Polarity.CONFLICT
    assert [(s.polarity, s.moment) for s in reading.statements] == [
        (Polarity.POSITIVE, Moment.DIAGNOSIS),
        (Polarity.NEGATIVE, Moment.RELAPSE),
    ]
    assert read_text("amplified at diagnosis; not amplified at relapse", IN_A_FISH_RESULT).polarity is Polarity.CONFLICT


def test_given_mycn_na_outside_a_fish_result_when_read_then_unknown() -> None:
    assert read_text("MYCN NA", IN_FREE_TEXT).polarity is Polarity.UNKNOWN
    assert read_text("NA", IN_A_FISH_RESULT).polarity is Polarity.SILENT


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("No ALK variants, MYCN amplified", Polarity.POSITIVE),
        ("MYCN amplified and ALK not mutated", Polarity.POSITIVE),
        ("ALK mutated with no MYCN amplification", Polarity.NEGATIVE),
        ("No evidence of marrow disease and MYCN is amplified", Polarity.POSITIVE),
        ("no MYCN (N-MYC) amplification", Polarity.NEGATIVE),
        ("no ALK mutation, MYCN amplification or TERT rearrangement", Polarity.NEGATIVE),
        ("no ALK mutation, MYCN amplification", Polarity.UNKNOWN),
        ("no ALK mutation (by NGS), MYCN amplification", Polarity.UNKNOWN),
        ("MYCN without amplification", Polarity.NEGATIVE),
        ("no ALK mutation, TERT rearrangement, MYCN amplification; biopsied", Polarity.UNKNOWN),
        ("No ALK mutation. MYCN amplification.", Polarity.POSITIVE),
        ("MYCN FISH negative - no amplification", Polarity.NEGATIVE),
        ("MYCN amplification: no", Polarity.NEGATIVE),
        ("MYCN amplification: yes", Polarity.POSITIVE),
        ("MYCN amplification was not seen", Polarity.NEGATIVE),
        ("MYCN ratio 1.2, not amplified", Polarity.NEGATIVE),
        ("MYCN normal", Polarity.NEGATIVE),
        ("MYCN not normal", Polarity.UNKNOWN),
        ("MYCN amplification not absent", Polarity.UNKNOWN),
        ("no nonamplified MYCN", Polarity.UNKNOWN),
        ("suspected MYCN amplification", Polarity.SUSPECTED),
        ("possibly no MYCN amplification", Polarity.UNKNOWN),
        ("MYCN amplified?", Polarity.SUSPECTED),
        ("rule out MYCN amplification", Polarity.SILENT),
        ("MYCN amplification testing", Polarity.SILENT),
        ("MYCN amplification detected by panel testing", Polarity.POSITIVE),
        ("MYCN amplification (e.g. by FISH) not detected", Polarity.NEGATIVE),
        ("MYCN (amplified), ALK (not amplified)", Polarity.POSITIVE),
        ("No MYCN (FISH), ALK or TERT amplification", Polarity.NEGATIVE),
        ("Array (no gain; MYCN [ratio 5] amplified", Polarity.POSITIVE),
        ("MYCN) amplified", Polarity.POSITIVE),
        ("MYCN amplified (by FISH", Polarity.POSITIVE),
        ("family history of MYCN amplified neuroblastoma", Polarity.SILENT),
        ("MYCN amplified; repeat pending", Polarity.POSITIVE),
        ("MYCN amplified in 2.ALK wild-type", Polarity.POSITIVE),
        ("MYCN positive", Polarity.SILENT),
        ("MYCN amplified. Not detected in marrow.", Polarity.POSITIVE),
    ],
)
def test_given_free_text_when_read_then_negation_keeps_to_its_clause(text: str, expected: Polarity) -> None:
    assert read_text(text, IN_FREE_TEXT).polarity is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Positive", Polarity.POSITIVE),
        ("Detected", Polarity.POSITIVE),
        ("Not detected", Polarity.NEGATIVE),
        ("Negative", Polarity.NEGATIVE),
        ("not negative", Polarity.UNKNOWN),
        ("Present in 20 % of cells", Polarity.POSITIVE),
        ("seen by Dr. Example", Polarity.POSITIVE),
        ("see report", Polarity.UNKNOWN),
        ("ALK positive", Polarity.SILENT),
        ("no", Polarity.NEGATIVE),
    ],
)
def test_given_a_bare_answer_in_a_result_of_the_test_when_read_then_it_answers(text: str, expected: Polarity) -> None:
    assert read_text(text, IN_A_FISH_RESULT).polarity is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ALK F1174L", Polarity.POSITIVE),
        ("ALK p.(Phe1174Leu) detected", Polarity.POSITIVE),
        ("ALK wild-type", Polarity.NEGATIVE),
        ("no ALK hotspot mutation (F1174, R1275, F1245)", Polarity.NEGATIVE),
        ("ALK F1174L not detected; R1275Q detected", Polarity.POSITIVE),
        ("ALK F1174L not detected", Polarity.SILENT),
        ("ALK likely pathogenic variant", Polarity.POSITIVE),
        ("ALK likely variant", Polarity.SUSPECTED),
        ("TERT variant", Polarity.SILENT),
    ],
)
def test_given_protein_changes_when_read_then_a_change_is_a_finding(text: str, expected: Polarity) -> None:
    """One change that was not found says nothing about the others."""
    assert read_text(text, ALK_MUTATION).polarity is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        *((text, Polarity.POSITIVE) for text in (
            "Neuroblastoma, relapsed", "Relapsed high-risk neuroblastoma", "Recurrent neuroblastoma",
            "Relapsed/refractory neuroblastoma", "first relapse, bone marrow", "Relapse in bone. Biopsy pending.",
            "High-risk neuroblastoma, no MYCN amplification, relapsed 2026", "relapse, not a second tumour",
        )),
        *((text, Polarity.NEGATIVE) for text in (
            "no evidence of relapse", "relapse-free", "free of relapse", "nonrelapsed", "never relapsed",
            "No local, distant or nodal relapse", "relapse excluded", "Local recurrence was not seen",
        )),
        *((text, Polarity.SUSPECTED) for text in (
            "suspected relapse of neuroblastoma", "?relapse", "Relapse?", "possible relapse in femur, biopsy pending",
        )),
        *((text, Polarity.UNKNOWN) for text in ("relapse not confirmed", "relapse cannot be excluded")),
        *((text, Polarity.SILENT) for text in (
            "rule out relapse", "risk of relapse", "neuroblastoma, high risk of relapse", "history of relapse",
            "surveillance for relapse", "if relapse occurs, plan biopsy", "sister with relapsed neuroblastoma",
        )),
    ],
)  # fmt: skip
def test_given_text_about_relapse_when_read_then_only_an_affirmed_one_counts(text: str, expected: Polarity) -> None:
    """Hazard: "no evidence of relapse" or "high-risk" read as relapse would offer chemotherapy to a well child."""
    assert read_text(text, RELAPSE).polarity is expected


def test_given_a_long_hostile_text_when_read_then_it_is_cut_and_takes_little_time() -> None:
    """Hazard: one pasted report that occupies a worker."""
    started = time.perf_counter()

    for unit in ("no MYCN or ", "(", "?", "not ", "e.g. ", "amplified, "):
        read_text(unit * 200_000, IN_FREE_TEXT)

    assert time.perf_counter() - started < 5
    assert read_text(" " * MAX_LENGTH + "MYCN amplified", IN_FREE_TEXT).polarity is Polarity.SILENT


def test_given_numbers_and_abbreviations_when_split_then_their_dots_end_no_clause() -> None:
    clauses = split_clauses("Ratio 4.5 e.g. p.F1174L. Next", frozenset(), frozenset())

    assert [clause.tokens for clause in clauses] == [("ratio", "4", "5", "eg", "p", "f1174l"), ("next",)]


@pytest.mark.parametrize(
    "text",
    [
        "MYCN amplification: 0",
        "MYCN amplified in 0 of 200 nuclei",
        "MYCN amplification in 0 % of cells",
        "MYCN amplification: N",
        "MYCN amplification: F",
    ],
)
def test_given_a_finding_counted_as_nought_or_ticked_when_read_then_it_is_open(text: str) -> None:
    assert read_text(text, IN_FREE_TEXT).polarity is Polarity.UNKNOWN
    assert read_text("MYCN amplified in 10 of 200 nuclei", IN_FREE_TEXT).polarity is Polarity.POSITIVE
