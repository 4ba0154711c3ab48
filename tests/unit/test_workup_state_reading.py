"""State of the work-up since the disease event: what counts as done, as ordered, and as neither."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from hooks.facts.fact import Confidence, Fact, Known, Unknown, Why
from hooks.facts.observations import Gate
from hooks.facts.orders import OrderState, ServiceOrder
from hooks.pathways.relapsed_neuroblastoma.facts import (
    ALK,
    GD2,
    MYCN,
    Molecular,
    Timing,
    Tissue,
    WorkupItem,
    WorkupState,
)
from hooks.pathways.relapsed_neuroblastoma.reading.chart_results import ChartResult
from hooks.pathways.relapsed_neuroblastoma.reading.workup import WorkupSources, item_of, read_workup

AS_OF = date(2026, 11, 22)
EVENT = date(2026, 9, 10)
AFTER = date(2026, 9, 20)


def service(text: str = "", concept: str = "", state: OrderState = OrderState.COMPLETED, **more: Any) -> ServiceOrder:
    concepts = (concept,) if concept else ()
    return ServiceOrder(more.pop("reference", "Procedure/p"), state, concepts, text=text, **{"when": AFTER, **more})


def report(name: str, **more: Any) -> ChartResult:
    return ChartResult("DiagnosticReport/r", name, **{"title": name, "on": AFTER, **more})


def states(**sources: Any) -> dict[WorkupItem, Fact[WorkupState]]:
    return read_workup(WorkupSources(**sources), EVENT, AS_OF)


def state_of(item: WorkupItem, **sources: Any) -> WorkupState:
    fact = states(**sources)[item]
    assert isinstance(fact, Known)
    return fact.value


def test_given_nothing_on_record_when_read_then_every_item_was_looked_for_and_not_found() -> None:
    read = states()

    assert set(read) == set(WorkupItem)
    assert all(fact == Known(WorkupState.NOT_FOUND) for fact in read.values())


def test_given_orders_that_were_not_retrieved_when_read_then_no_item_is_called_missing() -> None:
    read = states(missing=frozenset({"orders"}))

    assert all(isinstance(fact, Unknown) and fact.why is Why.NOT_RETRIEVED for fact in read.values())


def test_given_imaging_that_was_not_retrieved_when_read_then_only_imaging_is_unknown() -> None:
    read = states(missing=frozenset({"imaging"}))

    unknown = {item for item, fact in read.items() if isinstance(fact, Unknown)}
    assert unknown == {WorkupItem.MIBG_SCAN, WorkupItem.FDG_PET, WorkupItem.CROSS_SECTIONAL}


def test_given_no_event_date_when_read_then_every_item_is_unknown() -> None:
    read = read_workup(WorkupSources([service("biopsy")]), None, AS_OF)

    assert all(isinstance(fact, Unknown) and fact.why is Why.INDETERMINATE for fact in read.values())


@pytest.mark.parametrize(
    ("concept", "text", "item"),
    [
        (
            "biopsy.procedure",
            "Image-guided biopsy of an MIBG- or FDG-avid lesion; molecular profiling",
            "RELAPSE_BIOPSY",
        ),
        ("biopsy.procedure", "Bone marrow biopsy", "BONE_MARROW"),
        ("bone_marrow.procedure", "Bilateral aspirates and trephine biopsies", "BONE_MARROW"),
        ("MIBG.I-123.scan", "123I-MIBG whole body with SPECT/CT", "MIBG_SCAN"),
        ("molecular_panel.procedure", "Molecular characterisation of the relapse biopsy", "MOLECULAR_PANEL"),
        ("tumour_board.coordination", "Present relapse biopsy and molecular results", "TUMOUR_BOARD"),
        ("imaging.procedure", "FDG-PET/CT or FDG-PET/MRI, because the disease is not MIBG-avid", "FDG_PET"),
        (
            "imaging.procedure",
            "CT or MRI of the primary site and soft-tissue disease | Imaging",
            "CROSS_SECTIONAL_IMAGING",
        ),
        ("imaging.procedure", "Positron emission tomography with computed tomography using FDG", "FDG_PET"),
        (
            "pathology.procedure",
            "GD2 expression on tumour cells (flow cytometry on tumour or marrow), not the serum anti-GD2 antibody test",
            "GD2_EXPRESSION",
        ),
        ("", "Molecular tumour board", "TUMOUR_BOARD"),
        ("", "CT-guided biopsy of left adrenal mass", "RELAPSE_BIOPSY"),
        ("", "Biopsy of MIBG avid lesion", "RELAPSE_BIOPSY"),
        ("", "Biopsy of bone marrow", "BONE_MARROW"),
        ("", "Bone marrow aspirate", "BONE_MARROW"),
        ("", "Tumour resection", "RELAPSE_BIOPSY"),
        ("", "mIBG scintigraphy", "MIBG_SCAN"),
        ("", "PET-CT whole body", "FDG_PET"),
        ("", "MRI abdomen", "CROSS_SECTIONAL_IMAGING"),
        ("", "Computed tomography of abdomen", "CROSS_SECTIONAL_IMAGING"),
        ("", "GD2 immunohistochemistry", "GD2_EXPRESSION"),
        ("", "Next generation sequencing, solid tumour", "MOLECULAR_PANEL"),
        ("", "Genetics referral (germline ALK)", "GENETICS_REFERRAL"),
        ("", "Multidisciplinary meeting", "TUMOUR_BOARD"),
    ],
)
def test_given_a_service_when_read_then_it_stands_for_one_item(concept: str, text: str, item: str) -> None:
    found = item_of((concept,) if concept else (), text)

    assert found is not None
    assert found[0] == item


@pytest.mark.parametrize(
    ("concepts", "text"),
    [
        ((), "131I-MIBG therapy"),
        ((), "Bone marrow transplantation"),
        ((), "Renal biopsy"),
        ((), "Molecular respiratory virus panel sequencing"),
        ((), "Anti-GD2 antibody IgG in serum"),
        (("GD2.ANTIBODY(serum autoimmune test: must NOT count as GD2 expression)",), "Ganglioside GD2"),
        ((), "Complete blood count"),
        ((), ""),
    ],
)
def test_given_another_service_when_read_then_it_stands_for_no_item(concepts: tuple[str, ...], text: str) -> None:
    found = item_of(concepts, text)

    assert found is None


def test_given_marrow_as_body_site_of_a_biopsy_when_read_then_it_is_a_marrow_examination() -> None:
    found = item_of(("biopsy.procedure",), "Biopsy", "Iliac crest")

    assert found == (WorkupItem.MARROW, Confidence.TEXT)


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        (OrderState.COMPLETED, WorkupState.DONE),
        (OrderState.ACTIVE, WorkupState.ORDERED),
        (OrderState.ON_HOLD, WorkupState.ORDERED),
        (OrderState.DRAFT, WorkupState.ORDERED),
        (OrderState.STOPPED, WorkupState.NOT_FOUND),
        (OrderState.PROPOSED, WorkupState.NOT_FOUND),
    ],
)
def test_given_a_biopsy_in_a_state_when_read_then_done_ordered_or_neither(
    state: OrderState, expected: WorkupState
) -> None:
    read = state_of(WorkupItem.BIOPSY, services=[service(concept="biopsy.procedure", state=state)])

    assert read is expected


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        (date(2026, 8, 13), WorkupState.DONE),
        (date(2026, 8, 12), WorkupState.NOT_FOUND),
        (AS_OF, WorkupState.DONE),
        (date(2026, 11, 23), WorkupState.NOT_FOUND),
        (None, WorkupState.NOT_FOUND),
    ],
)
def test_given_a_biopsy_done_on_a_day_when_read_then_only_since_the_window_counts(
    when: date | None, expected: WorkupState
) -> None:
    read = state_of(WorkupItem.BIOPSY, services=[service("biopsy", when=when)])

    assert read is expected


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        (date(2026, 12, 1), WorkupState.ORDERED),
        (None, WorkupState.ORDERED),
        (date(2026, 8, 13), WorkupState.ORDERED),
        (date(2026, 8, 12), WorkupState.NOT_FOUND),
    ],
)
def test_given_an_order_when_read_then_it_may_lie_ahead_but_not_before_the_window(
    when: date | None, expected: WorkupState
) -> None:
    read = state_of(WorkupItem.MIBG_SCAN, services=[service("MIBG scan", state=OrderState.ACTIVE, when=when)])

    assert read is expected


def test_given_an_order_and_its_report_when_read_then_done_by_the_report() -> None:
    order = service("MIBG scan", state=OrderState.ACTIVE, reference="ServiceRequest/s")

    fact = states(services=[order], results=[report("MIBG scan")])[WorkupItem.MIBG_SCAN]

    assert isinstance(fact, Known)
    assert fact.value is WorkupState.DONE
    assert fact.sources == ("DiagnosticReport/r",)
    assert fact.date == AFTER


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({}, WorkupState.DONE),
        ({"gate": Gate.PENDING}, WorkupState.ORDERED),
        ({"gate": Gate.UNSTATED}, WorkupState.NOT_FOUND),
        ({"absent": True}, WorkupState.NOT_FOUND),
    ],
)
def test_given_a_report_when_read_then_its_gate_decides(more: dict[str, Any], expected: WorkupState) -> None:
    read = state_of(WorkupItem.BIOPSY, results=[report("Histology of adrenal biopsy", **more)])

    assert read is expected


def test_given_a_surgical_pathology_category_when_read_then_tissue_was_taken() -> None:
    read = state_of(WorkupItem.BIOPSY, results=[report("Report", title="Report | Surgical Pathology")])

    assert read is WorkupState.DONE


def test_given_a_laboratory_category_called_pathology_when_read_then_no_tissue_was_taken() -> None:
    """Hazard: some countries file blood counts under pathology."""
    read = state_of(WorkupItem.BIOPSY, results=[report("Full blood count", title="Full blood count | Pathology")])

    assert read is WorkupState.NOT_FOUND


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({}, WorkupState.NOT_FOUND),
        ({"title": "CT | Imaging"}, WorkupState.DONE),
        ({"concepts": ("imaging.loinc",)}, WorkupState.DONE),
        ({"reference": "DiagnosticReport/r"}, WorkupState.DONE),
    ],
)
def test_given_the_letters_ct_when_read_then_only_imaging_is_a_scan(
    more: dict[str, Any], expected: WorkupState
) -> None:
    """Hazard: the Ct value of a PCR is no computed tomography."""
    result = ChartResult(**{"reference": "Observation/o", "name": "CT", "title": "CT", "on": AFTER, **more})

    assert state_of(WorkupItem.CROSS_SECTIONAL, results=[result]) is expected


def test_given_a_panel_on_older_tissue_when_read_then_it_is_not_the_panel_of_this_relapse() -> None:
    read = state_of(WorkupItem.MOLECULAR_PANEL, results=[report("NGS panel", collected=date(2024, 1, 20))])

    assert read is WorkupState.NOT_FOUND


def test_given_an_imaging_report_also_listed_as_service_when_read_then_the_result_speaks_for_it() -> None:
    listed = service("MIBG scan", reference="DiagnosticReport/r")

    read = state_of(WorkupItem.MIBG_SCAN, services=[listed], results=[report("MIBG scan", absent=True)])

    assert read is WorkupState.NOT_FOUND


def known(value: Any, timing: Timing = Timing.AT_RELAPSE) -> Known[Any]:
    return Known(Molecular(value, timing), ("Observation/v",), AFTER)


def test_given_all_key_markers_on_relapse_tissue_when_read_then_the_panel_is_done() -> None:
    read = state_of(WorkupItem.MOLECULAR_PANEL, panel=(known(MYCN.GAIN), known(ALK.NEGATIVE)))

    assert read is WorkupState.DONE


@pytest.mark.parametrize(
    "alk", [Unknown(), known(ALK.NEGATIVE, Timing.PRE_RELAPSE)], ids=["unknown", "on older tissue"]
)
def test_given_one_key_marker_missing_when_read_then_the_panel_is_not_done(alk: Fact[Any]) -> None:
    read = state_of(WorkupItem.MOLECULAR_PANEL, panel=(known(MYCN.GAIN), alk))

    assert read is WorkupState.NOT_FOUND


@pytest.mark.parametrize(
    ("timing", "expected"), [(Timing.AT_RELAPSE, WorkupState.DONE), (Timing.UNKNOWN, WorkupState.NOT_FOUND)]
)
def test_given_gd2_on_tissue_when_read_then_its_timing_decides(timing: Timing, expected: WorkupState) -> None:
    read = state_of(WorkupItem.GD2, gd2=known(GD2.POSITIVE, timing))

    assert read is expected


@pytest.mark.parametrize(
    "words",
    [
        "Biopsy not feasible because of the airway.",
        "Lesion behind the aorta. Biopsy deferred.",
        "The family declined a biopsy",
        "Unable to biopsy the lesion",
    ],
)
def test_given_words_that_no_biopsy_can_be_taken_when_read_then_the_result_is_named_beside_not_found(
    words: str,
) -> None:
    fact = states(results=[report("CT abdomen", words=(words,))])[WorkupItem.BIOPSY]

    assert fact == Known(WorkupState.NOT_FOUND, ("DiagnosticReport/r",), None, Confidence.TEXT)


def test_given_such_words_at_either_end_of_the_window_when_read_then_they_count() -> None:
    for day in (date(2026, 8, 13), AS_OF):
        fact = states(results=[report("CT abdomen", words=("Biopsy not feasible",), on=day)])[WorkupItem.BIOPSY]

        assert fact == Known(WorkupState.NOT_FOUND, ("DiagnosticReport/r",), None, Confidence.TEXT)


@pytest.mark.parametrize(
    ("words", "more"),
    [
        ("Biopsy recommended", {}),
        ("Surgery not feasible. Biopsy recommended", {}),
        ("Biopsy not feasible", {"on": date(2026, 8, 12)}),
        ("Biopsy not feasible", {"on": date(2026, 11, 23)}),
        ("Biopsy not feasible", {"on": None}),
        ("Biopsy not feasible", {"gate": Gate.PENDING}),
    ],
)
def test_given_no_such_words_of_now_when_read_then_no_result_is_named(words: str, more: dict[str, Any]) -> None:
    fact = states(results=[report("CT abdomen", words=(words,), **more)])[WorkupItem.BIOPSY]

    assert fact == Known(WorkupState.NOT_FOUND)


def test_given_a_biopsy_done_after_all_when_read_then_it_is_done() -> None:
    read = state_of(
        WorkupItem.BIOPSY,
        services=[service("biopsy")],
        results=[report("CT abdomen", words=("Biopsy not feasible",))],
    )

    assert read is WorkupState.DONE


@pytest.mark.parametrize("text", ["MRI brain", "CT of the knee", "Cardiac MRI"])
def test_given_a_scan_of_another_region_when_read_then_it_does_not_show_primary_and_soft_tissue(text: str) -> None:
    assert item_of((), text) is None
    assert item_of((), f"{text} and abdomen") is not None


def test_given_a_molecular_report_that_names_the_biopsy_when_read_then_the_biopsy_was_taken() -> None:
    """Hazard: a biopsy is asked for again although its report is in the chart."""
    words = {"words": ("Relapse biopsy left ilium: poorly differentiated neuroblastoma",), "on": date(2026, 9, 20)}

    assert state_of(WorkupItem.BIOPSY, results=[report("Molecular pathology", **words)]) is WorkupState.DONE


@pytest.mark.parametrize(
    "words",
    ["Biopsy recommended", "No biopsy material received", "Biopsy of diagnosis 2024", "Marrow biopsy", "Tumour cells"],
)
def test_given_a_molecular_report_without_a_new_biopsy_when_read_then_none_was_taken(words: str) -> None:
    more = {"words": (words,), "on": date(2026, 9, 20)}

    assert state_of(WorkupItem.BIOPSY, results=[report("Molecular pathology", **more)]) is WorkupState.NOT_FOUND


@pytest.mark.parametrize(
    ("tissue", "expected"),
    [
        (Tissue.TUMOUR, WorkupState.DONE),
        (Tissue.MARROW, WorkupState.NOT_FOUND),
        (Tissue.UNKNOWN, WorkupState.NOT_FOUND),
    ],
)
def test_given_a_result_on_tissue_since_the_event_when_read_then_tumour_tissue_shows_the_biopsy(
    tissue: Tissue, expected: WorkupState
) -> None:
    result = Known(Molecular(MYCN.GAIN, tissue=tissue), ("Observation/m",), date(2026, 9, 20))

    assert state_of(WorkupItem.BIOPSY, panel=(result,)) is expected


@pytest.mark.parametrize(
    ("text", "on", "named"),
    [
        ("biopsy", None, True),
        ("biopsy", date(2026, 8, 13), True),
        ("biopsy", date(2026, 8, 12), False),
        ("MRI", None, 0),
    ],
)
def test_given_a_biopsy_that_was_not_done_when_read_then_it_is_named(text: str, on: date | None, named: bool) -> None:
    fact = states(undone=[service(text, when=on)])[WorkupItem.BIOPSY]

    assert fact.sources == ("Procedure/p",) * named
