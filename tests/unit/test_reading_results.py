"""Many results, one fact: the 28-day window, tissues, contradictions, what is reported beside the fact."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from hooks.facts.dates import Interval, read_date
from hooks.facts.fact import Confidence, Conflicting, Fact, Known, Unknown, Why
from hooks.pathways.relapsed_neuroblastoma.facts import GD2, MYCN, Molecular, Timing, Tissue
from hooks.pathways.relapsed_neuroblastoma.reading.molecular import read_molecular
from tests.unit.reading_chart import (
    BLOOD,
    MARROW,
    NEGATIVE,
    POSITIVE,
    RELAPSE_DAY,
    TUMOUR,
    fish,
    observation,
    on_specimen,
    record,
    report,
    said,
    specimen,
    worded,
)

TUMOUR_AT_RELAPSE = specimen("2026-05-20", TUMOUR, "t")
TUMOUR_AT_DIAGNOSIS = specimen("2023-09-14", TUMOUR, "d")
MARROW_AT_RELAPSE = specimen("2026-05-20", MARROW, "m")
BLOOD_AT_RELAPSE = specimen("2026-05-20", BLOOD, "b")
SPECIMENS = (TUMOUR_AT_RELAPSE, TUMOUR_AT_DIAGNOSIS, MARROW_AT_RELAPSE, BLOOD_AT_RELAPSE)


def mycn(*resources: dict[str, Any], event: date | Interval | None = RELAPSE_DAY) -> Fact[Molecular[MYCN]]:
    return read_molecular(record(*resources, *SPECIMENS), event).mycn


def known(*resources: dict[str, Any], event: date | Interval | None = RELAPSE_DAY) -> Known[Molecular[MYCN]]:
    fact = mycn(*resources, event=event)
    assert isinstance(fact, Known)
    return fact


def on(specimen_id: str, *parts: dict[str, Any], id: str = "o1") -> dict[str, Any]:  # noqa: A002
    return fish(*parts, id=id, on="2026-06-01", **on_specimen(specimen_id))


@pytest.mark.parametrize(
    ("taken", "event", "timing"),
    [
        ("2026-04-20", RELAPSE_DAY, Timing.AT_RELAPSE),
        ("2026-04-19", RELAPSE_DAY, Timing.PRE_RELAPSE),
        ("2026-06-30", RELAPSE_DAY, Timing.AT_RELAPSE),
        ("2026-04", RELAPSE_DAY, Timing.UNKNOWN),
        ("2026-05", RELAPSE_DAY, Timing.AT_RELAPSE),
        ("2026", date(2026, 6, 1), Timing.UNKNOWN),
        ("2025", date(2026, 6, 1), Timing.PRE_RELAPSE),
        ("2026-05-20", None, Timing.UNKNOWN),
        (None, RELAPSE_DAY, Timing.UNKNOWN),
        ("2026-05-20", read_date("2026-05"), Timing.AT_RELAPSE),
        ("2026-04-10", read_date("2026-05"), Timing.UNKNOWN),
        ("2026-04-02", read_date("2026-05"), Timing.PRE_RELAPSE),
        ("2026-05-20", Interval(RELAPSE_DAY, None), Timing.UNKNOWN),
    ],
)
def test_given_a_day_of_collection_when_timed_then_the_window_begins_28_days_before_the_event(
    taken: str | None, event: date | Interval | None, timing: Timing
) -> None:
    """Relapse-pathway section 5, engineering choice: on or after the relapse date minus 28 days."""
    fact = known(fish(POSITIVE, on=taken), event=event)

    assert fact.value.timing is timing


def test_given_old_tissue_tested_after_relapse_when_timed_then_the_collection_counts() -> None:
    fact = known(on("d", POSITIVE))

    assert (fact.value.timing, fact.date, fact.value.tissue) == (
        Timing.PRE_RELAPSE, date(2023, 9, 14), Tissue.TUMOUR,
    )  # fmt: skip


def test_given_an_older_and_a_relapse_result_when_folded_then_the_relapse_one_counts_and_both_are_told() -> None:
    fact = known(on("d", POSITIVE, id="o1"), on("t", NEGATIVE, id="o2"))

    assert (fact.value.state, fact.value.timing) == (MYCN.NOT_AMPLIFIED, Timing.AT_RELAPSE)
    assert fact.value.earlier == ("amplified, tumour, 2023-09-14",)
    assert fact.sources == ("Observation/o2",)


def test_given_two_results_of_one_tissue_when_folded_then_the_latest_counts() -> None:
    fact = known(fish(POSITIVE, on="2026-05-19"), fish(NEGATIVE, id="o2", on="2026-05-25"))

    assert fact.value.state is MYCN.NOT_AMPLIFIED
    assert fact.value.earlier == ("amplified, 2026-05-19",)


@pytest.mark.parametrize("weak", ["m", "b"])
def test_given_a_marrow_or_blood_negative_when_folded_then_a_tumour_positive_stands(weak: str) -> None:
    """Hazard: marrow without tumour cells is always negative; the laboratory says so itself."""
    at_relapse = known(on("t", POSITIVE, id="o1"), on(weak, NEGATIVE, id="o2"))
    older = known(on("d", POSITIVE, id="o1"), on(weak, NEGATIVE, id="o2"))

    assert at_relapse.value.state is MYCN.AMPLIFIED
    assert (older.value.state, older.value.timing) == (MYCN.AMPLIFIED, Timing.PRE_RELAPSE)
    assert older.value.earlier == (f"not amplified, {'marrow' if weak == 'm' else 'blood'}, 2026-05-20",)


def test_given_only_a_marrow_negative_when_folded_then_unknown() -> None:
    fact = mycn(on("m", NEGATIVE))

    assert fact == Unknown(Why.INDETERMINATE, ("variants", "labs", "reports"), ("Observation/o1",), date(2026, 5, 20))


def test_given_a_marrow_positive_beside_a_tumour_negative_when_folded_then_the_finding_leads() -> None:
    fact = known(on("t", NEGATIVE, id="o1"), on("m", POSITIVE, id="o2"))

    assert (fact.value.state, fact.value.tissue) == (MYCN.AMPLIFIED, Tissue.MARROW)
    assert fact.value.earlier == ("not amplified, tumour, 2026-05-20",)


def test_given_two_abnormal_tissues_when_folded_then_the_tumour_leads_even_if_it_is_older() -> None:
    same_day = known(on("m", POSITIVE, id="o1"), on("t", said("MYCN gain"), id="o2"))
    newer_marrow = known(on("m", POSITIVE, id="o1"), fish(said("MYCN gain"), id="o2", on="2026-05-10"))

    assert (same_day.value.state, same_day.value.earlier) == (MYCN.GAIN, ("amplified, marrow, 2026-05-20",))
    assert newer_marrow.value.state is MYCN.GAIN


def test_given_two_sources_of_one_tissue_and_day_that_disagree_when_folded_then_conflict() -> None:
    fact = mycn(on("t", POSITIVE, id="o1"), on("t", NEGATIVE, id="o2"))

    assert isinstance(fact, Conflicting)
    assert [value.state for value in fact.values] == [MYCN.AMPLIFIED, MYCN.NOT_AMPLIFIED]
    assert fact.sources == ("Observation/o1", "Observation/o2")


def test_given_undated_results_that_disagree_when_folded_then_conflict_for_nobody_knows_their_order() -> None:
    fact = mycn(fish(POSITIVE, on=None), fish(NEGATIVE, id="o2", on="2023-09-14"))

    assert isinstance(fact, Conflicting)


def test_given_a_dated_older_and_an_undated_result_that_agree_when_folded_then_it_is_pre_relapse() -> None:
    fact = known(fish(POSITIVE, on=None), fish(POSITIVE, id="o2", on="2023-09-14"))

    assert (fact.value.timing, fact.date) == (Timing.PRE_RELAPSE, date(2023, 9, 14))


def test_given_text_beside_a_code_that_agree_when_folded_then_the_code_gives_the_confidence() -> None:
    fact = known(on("t", said("amplified"), id="o1"), on("t", POSITIVE, id="o2"))

    assert fact.confidence is Confidence.CODED


def test_given_a_pending_relapse_result_and_an_older_one_when_folded_then_the_older_is_the_fact() -> None:
    fact = known(on("d", POSITIVE, id="o1"), on("t", POSITIVE, id="o2") | {"status": "preliminary"})

    assert (fact.value.state, fact.value.timing, fact.value.earlier) == (MYCN.AMPLIFIED, Timing.PRE_RELAPSE, ())


def test_given_two_open_questions_when_folded_then_the_latest_says_why() -> None:
    fact = mycn(
        fish(said("failed"), on="2023-09-14"),
        fish(said("pending"), id="o2"),
        fish(said("not tested"), id="o3", on=None),
    )

    assert isinstance(fact, Unknown)
    assert fact.why is Why.PENDING
    assert fact.sources == ("Observation/o1", "Observation/o2", "Observation/o3")


def test_given_words_about_the_time_of_diagnosis_when_folded_then_pre_relapse_whatever_the_reports_date() -> None:
    fact = known(report("MYCN amplified at diagnosis."))

    assert (fact.value.timing, fact.date) == (Timing.PRE_RELAPSE, None)


def test_given_words_about_diagnosis_beside_a_relapse_result_when_folded_then_they_stand_in_earlier() -> None:
    fact = known(report("MYCN amplified at initial diagnosis."), fish(NEGATIVE))

    assert fact.value.state is MYCN.NOT_AMPLIFIED
    assert fact.value.earlier == ("amplified, at diagnosis",)


def test_given_words_about_diagnosis_and_an_older_result_that_disagree_when_folded_then_conflict() -> None:
    assert isinstance(mycn(report("MYCN amplified at diagnosis."), fish(NEGATIVE, on="2023-09-14")), Conflicting)


def test_given_gd2_lost_in_marrow_when_folded_then_marrow_speaks_for_the_tumour_cells() -> None:
    loss = observation(worded("GD2 by flow cytometry"), said("GD2 negative"), **on_specimen("m"))

    fact = read_molecular(record(loss, *SPECIMENS), RELAPSE_DAY).gd2

    assert isinstance(fact, Known)
    assert (fact.value.state, fact.value.tissue) == (GD2.NEGATIVE, Tissue.MARROW)
