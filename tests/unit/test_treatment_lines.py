"""Lines of treatment: how orders are grouped, which regimen they make up, how many cycles."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from hooks.facts.fact import Known, Unknown
from hooks.facts.orders import DrugOrder, OrderState, ServiceOrder
from hooks.pathways.relapsed_neuroblastoma.facts import Response, ResponseResult, TreatmentLine
from hooks.pathways.relapsed_neuroblastoma.reading.timeline import Evaluation, Timeline
from hooks.pathways.relapsed_neuroblastoma.reading.treatment import treatment_lines

AS_OF = date(2026, 10, 1)
EVENT = date(2026, 6, 1)
NO_PROCEDURES: tuple[ServiceOrder, ...] = ()


def order(drugs: str, start: date | None, state: OrderState = OrderState.COMPLETED, **more: object) -> DrugOrder:
    concepts = tuple(f"drug.{name}" for name in drugs.split())
    reference = f"MedicationRequest/{drugs.replace(' ', '-')}-{start}"
    return DrugOrder(reference, state, concepts, start=start, **more)  # type: ignore[arg-type]


def cycles(drugs: str, first: date, count: int, every: int = 21) -> list[DrugOrder]:
    starts = [first + timedelta(days=every * number) for number in range(count)]
    return [order(name, start) for start in starts for name in drugs.split()]


def timeline(event: date | None = EVENT, *evaluations: tuple[date, Response]) -> Timeline:
    read = tuple(Evaluation(day, ResponseResult(category), "Observation/r") for day, category in evaluations)
    return Timeline(AS_OF, event, (event,) if event else (), read)


def lines(orders: list[DrugOrder], when: Timeline | None = None) -> tuple[TreatmentLine, ...]:
    fact = treatment_lines(orders, NO_PROCEDURES, when or timeline())
    assert isinstance(fact, Known)
    return fact.value


def test_given_no_treatment_on_record_when_read_then_lines_are_unknown() -> None:
    fact = treatment_lines([], NO_PROCEDURES, timeline())

    assert isinstance(fact, Unknown)
    assert fact.looked_in == ("medications", "procedures")


def test_given_supportive_drugs_only_when_read_then_lines_are_unknown() -> None:
    orders = [order("ondansetron", EVENT), order("sargramostim", EVENT), order("sirolimus", EVENT)]

    fact = treatment_lines(orders, NO_PROCEDURES, timeline())

    assert isinstance(fact, Unknown)


@pytest.mark.parametrize("state", [OrderState.DRAFT, OrderState.PROPOSED], ids=["draft", "proposal"])
def test_given_an_order_that_was_never_placed_when_read_then_it_is_no_treatment(state: OrderState) -> None:
    fact = treatment_lines([order("irinotecan", EVENT, state)], NO_PROCEDURES, timeline())

    assert isinstance(fact, Unknown)


def test_given_a_prohibition_when_read_then_it_is_no_treatment() -> None:
    fact = treatment_lines([order("irinotecan", EVENT, prohibited=True)], NO_PROCEDURES, timeline())

    assert isinstance(fact, Unknown)


def test_given_an_order_that_starts_tomorrow_when_read_then_it_is_not_yet_treatment() -> None:
    tomorrow = order("irinotecan", AS_OF + timedelta(days=1), OrderState.ACTIVE)

    fact = treatment_lines([tomorrow], NO_PROCEDURES, timeline())

    assert isinstance(fact, Unknown)


def test_given_three_cycles_of_two_drugs_when_read_then_one_line_with_three_cycles() -> None:
    orders = cycles("irinotecan temozolomide", EVENT + timedelta(days=10), 3)

    (line,) = lines(orders)

    assert line.regimen == "TEMIRI"
    assert line.cycles == 3
    assert line.drugs == {"drug.irinotecan", "drug.temozolomide"}
    assert line.start == date(2026, 6, 11)
    assert line.relapse_directed


@pytest.mark.parametrize(
    ("drugs", "regimen"),
    [
        ("topotecan temozolomide", "TOTEM"),
        ("bevacizumab irinotecan temozolomide", "BIT"),
        ("bevacizumab topotecan temozolomide", "BTTO"),
        ("dinutuximab_beta topotecan temozolomide", "DB_TTO"),
        ("dinutuximab_beta irinotecan temozolomide", "DB_IT"),
        ("dinutuximab irinotecan temozolomide sargramostim", "DIT_ANBL1221"),
        ("dinutuximab irinotecan temozolomide", "DIT_ANBL1221"),
        ("naxitamab irinotecan temozolomide sargramostim", "HITS"),
        ("sirolimus dasatinib irinotecan temozolomide", "RIST"),
        ("lorlatinib topotecan cyclophosphamide", "LORLATINIB_TOPOCY"),
        ("topotecan cyclophosphamide mesna", "TOPOCY"),
        ("topotecan vincristine doxorubicin", "TVD"),
        ("topotecan cyclophosphamide etoposide", "TCE"),
        ("ifosfamide carboplatin etoposide mesna", "HD_ICE"),
        ("dinutuximab_beta isotretinoin", "DB_LTI"),
        ("naxitamab sargramostim", "NAXITAMAB_GMCSF"),
        ("dinutuximab_beta cisplatin etoposide vindesine", "DB_N5N6"),
        ("vincristine irinotecan iobenguane_I131", "MIBG_131I"),
        ("irinotecan temozolomide ondansetron cefixime", "TEMIRI"),
        ("irinotecan temozolomide cisplatin", ""),
    ],
)
def test_given_the_drugs_of_a_regimen_when_read_then_it_is_recognised(drugs: str, regimen: str) -> None:
    (line,) = lines(cycles(drugs, EVENT, 1))

    assert line.regimen == regimen


def test_given_dinutuximab_with_topotecan_when_read_then_it_is_not_taken_for_dinutuximab_beta() -> None:
    """Hazard: the two antibodies are never interchanged."""
    (line,) = lines(cycles("dinutuximab topotecan temozolomide", EVENT, 1))

    assert line.regimen == ""


def test_given_drugs_within_the_cycle_window_when_read_then_one_cycle() -> None:
    orders = [order("temozolomide", EVENT), order("dinutuximab", EVENT + timedelta(days=13))]

    (line,) = lines(orders)

    assert line.cycles == 1


def test_given_the_same_drug_fourteen_days_apart_when_read_then_two_cycles() -> None:
    orders = [order("temozolomide", EVENT), order("temozolomide", EVENT + timedelta(days=14))]

    (line,) = lines(orders)

    assert line.cycles == 2


def test_given_protracted_administrations_when_read_then_they_are_one_cycle_each() -> None:
    days = [0, 1, 2, 3, 4, 7, 8, 9, 10, 11, 21, 22, 23, 24, 25, 28, 29, 30, 31, 32]
    orders = [order("irinotecan", EVENT + timedelta(days=day), OrderState.GIVEN) for day in days]

    (line,) = lines(orders)

    assert line.cycles == 2


def test_given_a_pause_longer_than_a_line_gap_when_read_then_two_lines() -> None:
    together = lines(cycles("irinotecan temozolomide", date(2026, 6, 1), 2, every=84))
    apart = lines(cycles("irinotecan temozolomide", date(2026, 6, 1), 2, every=85))

    assert len(together) == 1
    assert len(apart) == 2


def test_given_a_changed_partner_drug_when_read_then_a_new_line() -> None:
    orders = cycles("irinotecan temozolomide", date(2026, 6, 1), 2) + cycles(
        "topotecan cyclophosphamide", date(2026, 7, 20), 2
    )

    first, second = lines(orders)

    assert (first.regimen, second.regimen) == ("TEMIRI", "TOPOCY")
    assert not first.active
    assert first.end == date(2026, 6, 22)


def test_given_an_antibody_added_to_a_backbone_when_read_then_the_line_goes_on() -> None:
    orders = cycles("irinotecan temozolomide", date(2026, 6, 1), 1)
    orders += cycles("irinotecan temozolomide dinutuximab_beta", date(2026, 6, 22), 2)

    (line,) = lines(orders)

    assert line.regimen == "DB_IT"
    assert line.cycles == 3


def test_given_antibody_alone_after_chemo_immunotherapy_when_read_then_consolidation_is_a_line_of_its_own() -> None:
    orders = cycles("dinutuximab_beta topotecan temozolomide", date(2026, 6, 1), 2, every=28)
    orders += cycles("dinutuximab_beta", date(2026, 7, 27), 2, every=35)

    first, second = lines(orders)

    assert (first.regimen, second.regimen) == ("DB_TTO", "DB_LTI")
    assert second.cycles == 2


def test_given_one_order_that_runs_through_several_cycles_when_read_then_it_counts_in_each() -> None:
    orders = [order("dinutuximab_beta", date(2026, 6, 1), end=date(2026, 9, 30))]
    orders += cycles("topotecan temozolomide", date(2026, 6, 1), 3, every=28)

    (line,) = lines(orders)

    assert line.regimen == "DB_TTO"
    assert line.cycles == 3


def test_given_an_open_ended_order_never_closed_when_the_next_regimen_starts_then_it_does_not_join_it() -> None:
    orders = [order("irinotecan temozolomide", date(2026, 6, 1), OrderState.ACTIVE)]
    orders += cycles("topotecan cyclophosphamide", date(2026, 8, 1), 1)

    first, second = lines(orders)

    assert (first.regimen, second.regimen) == ("TEMIRI", "TOPOCY")
    assert not first.active


def test_given_sirolimus_and_dasatinib_between_chemotherapy_when_read_then_rist() -> None:
    orders = [order("sirolimus", date(2026, 6, 1)), order("dasatinib", date(2026, 6, 1))]
    orders += [order("irinotecan", date(2026, 6, 15)), order("temozolomide", date(2026, 6, 15))]

    (line,) = lines(orders)

    assert line.regimen == "RIST"


def test_given_alternating_blocks_before_the_event_when_read_then_one_frontline_line() -> None:
    orders = cycles("cisplatin etoposide vindesine", date(2024, 1, 1), 3, every=42)
    orders += cycles("vincristine dacarbazine ifosfamide doxorubicin", date(2024, 1, 22), 3, every=42)

    (line,) = lines(orders)

    assert not line.relapse_directed
    assert line.cycles == 3


def test_given_high_dose_therapy_and_antibody_after_induction_when_read_then_three_lines() -> None:
    orders = cycles("cisplatin etoposide", date(2024, 1, 1), 2)
    orders += cycles("busulfan melphalan", date(2024, 3, 1), 1)
    orders += cycles("dinutuximab_beta isotretinoin", date(2024, 6, 1), 5, every=35)

    read = lines(orders)

    assert [line.regimen for line in read] == ["", "", "DB_LTI"]
    assert read[2].cycles == 5


def test_given_the_same_drugs_before_and_after_the_event_when_read_then_the_event_parts_them() -> None:
    orders = cycles("irinotecan temozolomide", date(2026, 5, 1), 1) + cycles("irinotecan temozolomide", EVENT, 1)

    first, second = lines(orders)

    assert not first.relapse_directed
    assert second.relapse_directed
    assert second.start == EVENT


def test_given_daily_doses_that_run_across_the_event_when_read_then_they_are_no_treatment_of_it() -> None:
    days = [EVENT + timedelta(days=day) for day in range(-10, 3)]

    (line,) = lines([order("isotretinoin", day, OrderState.GIVEN) for day in days])

    assert not line.relapse_directed


def test_given_other_drugs_soon_after_the_event_when_read_then_they_do_not_join_the_cycle_before_it() -> None:
    orders = [order("isotretinoin", EVENT - timedelta(days=5)), *cycles("irinotecan temozolomide", EVENT, 1)]

    first, second = lines(orders)

    assert (first.regimen, second.regimen) == ("ISOTRETINOIN", "TEMIRI")


def test_given_no_event_date_when_read_then_no_line_is_relapse_directed() -> None:
    (line,) = lines(cycles("irinotecan temozolomide", EVENT, 1), timeline(None))

    assert not line.relapse_directed


def test_given_a_line_stopped_for_progression_when_the_next_shares_its_drugs_then_they_are_two() -> None:
    """Hazard: a failed regimen lost inside the line that followed it, and offered again."""
    failed = {"state": OrderState.STOPPED, "stop_reason": "Disease progression"}
    topocy = [order(name, date(2026, 6, 5), **failed) for name in ("topotecan", "cyclophosphamide")]
    tvd = [order(name, date(2026, 7, 5)) for name in ("topotecan", "vincristine", "doxorubicin")]
    again = [order(name, date(2026, 6, 10)) for name in ("topotecan", "cyclophosphamide")]
    stopped = [order(name, date(2026, 6, 5), OrderState.STOPPED) for name in ("topotecan", "cyclophosphamide")]

    assert [line.regimen for line in lines([*topocy, *tvd])] == ["TOPOCY", "TVD"]
    assert len(lines([*topocy, *cycles("topotecan cyclophosphamide", date(2026, 7, 5), 1)])) == 2
    assert len(lines([*topocy, *again])) == 1
    assert len(lines([*stopped, *cycles("topotecan cyclophosphamide", date(2026, 7, 5), 1)])) == 1
