"""Which existing orders satisfy a needed item, and which do not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hooks.facts.fact import Unknown
from hooks.facts.orders import OrderState, ServiceOrder
from hooks.pathways.relapsed_neuroblastoma.knowledge.supportive_items import Match, OrderItem, Routine
from hooks.recommendation import Fired
from hooks.terminology.drug_classes import members
from tests.spec.children import AS_OF
from tests.spec.supportive.boards import BY_NAME, LIBRARY, Book, Orders, drug, in_days, orders

DRUGS = "naxitamab_premedication"
DAY_1 = in_days(5)

CLASS_OF = {
    "nx-gabapentin": "gabapentinoid",
    "nx-opioid-oral": "opioid",
    "nx-steroid": "systemic_corticosteroid",
    "nx-h1": "h1_antihistamine",
    "nx-h2": "h2_blocker",
    "nx-paracetamol": "paracetamol_containing",
}
"""Therapeutic classes by the premedication list of the label (DANY-22, DANY-51)."""

NEEDED = [item for items in LIBRARY.order_sets.values() for item in items if item.routine is Routine.NEEDED]


def selected() -> Orders:
    return orders().selecting("naxitamab", DAY_1)


@pytest.mark.parametrize(
    ("item", "member"), [(item, member) for item, name in CLASS_OF.items() for member in members(name)]
)
def test_given_any_member_of_the_class_then_the_item_is_satisfied(item: str, member: str) -> None:
    assert item not in selected().drafting("", drugs=(member,)).missing(DRUGS)


@pytest.mark.parametrize("state", ["draft", "active"])
def test_given_a_drafted_or_active_order_then_it_counts(state: str) -> None:
    assert "nx-h1" not in selected().active("cetirizine", state=state).missing(DRUGS)


@pytest.mark.parametrize("state", ["on_hold", "completed", "stopped", "given", "proposed"])
def test_given_an_order_in_another_state_then_it_does_not_count(state: str) -> None:
    assert "nx-h1" in selected().active("cetirizine", state=state).missing(DRUGS)


def test_given_a_stopped_order_among_the_past_then_it_does_not_count() -> None:
    assert "nx-h1" in selected().past("cetirizine", state="stopped").missing(DRUGS)


def test_given_a_prohibited_order_then_it_does_not_count() -> None:
    """Hazard: "do not give" is read as an order."""
    assert "nx-h1" in selected().drafting("cetirizine", prohibited=True).missing(DRUGS)


def test_given_another_form_of_the_drug_then_it_does_not_count() -> None:
    """Gabapentin enacarbil is exposure to gabapentin and never satisfies an order of it."""
    assert "nx-gabapentin" in selected().drafting("gabapentin", interchangeable=False).missing(DRUGS)


def test_given_only_an_as_needed_order_then_it_does_not_count_and_the_card_says_so() -> None:
    """The source asks for paracetamol before each infusion."""
    board = selected().drafting("paracetamol", scheduled=False)

    assert "nx-paracetamol" in board.missing(DRUGS)
    assert (
        "An as-needed order of paracetamol is on record; the source asks for a scheduled one."
        in board.card(DRUGS).points
    )


def test_given_a_scheduled_order_beside_the_as_needed_one_then_nothing_is_said() -> None:
    board = selected().drafting("paracetamol", scheduled=False).drafting("paracetamol", reference="MedicationRequest/2")

    assert "as-needed order" not in " ".join(board.card(DRUGS).points)


@pytest.mark.parametrize(("ends", "counts"), [(0, True), (-1, False)])
def test_given_an_order_that_ends_before_the_items_first_day_then_it_does_not_count(ends: int, counts: bool) -> None:
    board = selected().active("cetirizine", start=in_days(-20), end=in_days(5 + ends))

    assert ("nx-h1" not in board.missing(DRUGS)) is counts


@pytest.mark.parametrize(("starts", "counts"), [(0, True), (1, False)])
def test_given_an_order_that_starts_after_the_items_first_day_then_it_does_not_count(starts: int, counts: bool) -> None:
    board = selected().drafting("cetirizine", start=in_days(5 + starts))

    assert ("nx-h1" not in board.missing(DRUGS)) is counts


def test_given_day_1_is_unknown_then_only_an_order_that_has_ended_does_not_count() -> None:
    board = orders().selecting("naxitamab")

    assert "nx-h1" not in board.drafting("cetirizine", start=in_days(30)).missing(DRUGS)
    assert "nx-h1" in board.active("cetirizine", end=in_days(-1)).missing(DRUGS)


def test_given_the_course_has_begun_then_an_order_must_cover_today() -> None:
    board = orders().active("naxitamab", start=in_days(-2)).active("cetirizine", start=in_days(-2), end=in_days(-1))

    assert "nx-h1" in board.missing(DRUGS)


@pytest.mark.parametrize("state", ["on_hold", "completed", "stopped", "proposed"])
def test_given_a_service_order_that_does_not_stand_then_it_does_not_count(state: str) -> None:
    assert "nx-observe" in selected().watching("Vital signs", state=state).missing("naxitamab_monitoring")


@pytest.mark.parametrize("concept", ["lab_vital.vital_signs_panel"])
def test_given_a_coded_service_order_then_it_counts(concept: str) -> None:
    assert "nx-observe" not in selected().watching("", concept=concept).missing("naxitamab_monitoring")


@pytest.mark.parametrize(
    ("text", "counts"),
    [
        ("VITAL SIGNS every 15 minutes", True),
        ("Observe for 2 h", True),
        ("Observation", True),
        ("Vitality questionnaire", False),
        ("Ultrasound of the liver", False),
        ("", False),
    ],
)
def test_given_a_service_order_in_words_then_whole_words_decide(text: str, counts: bool) -> None:
    assert ("nx-observe" not in selected().watching(text).missing("naxitamab_monitoring")) is counts


@pytest.mark.parametrize(("text", "counts"), [("ANC", True), ("ANCA titre", False), ("Neutrophils", True)])
def test_given_an_abbreviation_then_it_must_stand_alone(text: str, counts: bool) -> None:
    board = orders().selecting("dinutuximab_beta", DAY_1).watching(text)

    assert ("db-base-anc" not in board.missing("dinutuximab_beta_monitoring")) is counts


def test_given_an_examination_that_was_broken_off_then_it_is_no_baseline() -> None:
    stopped = ServiceOrder("Procedure/p", OrderState.STOPPED, when=in_days(-1), text="Audiometry")
    board = orders().selecting("eflornithine", DAY_1)

    assert "df-audio" in board._with(procedures=(stopped,)).missing("partner_supportive_care")


def test_given_an_alternative_of_the_same_group_then_any_one_of_them_satisfies() -> None:
    """On a library in which morphine alone satisfies its item: fentanyl does as its alternative, oxycodone does not."""
    items = tuple(
        item.model_copy(update={"satisfied_by": Match(drugs=("drug.morphine",))})
        if item.id == "di-morphine-inf"
        else item
        for item in LIBRARY.order_sets["dinutuximab"]
    )
    book = Book(replace(LIBRARY, order_sets={**LIBRARY.order_sets, "dinutuximab": items}))
    board = orders().selecting("dinutuximab", DAY_1)

    def offered(opioid: str) -> list[str]:
        outcome = BY_NAME["dinutuximab_premedication"](board.drafting(opioid).facts(), book, AS_OF)
        assert isinstance(outcome, Fired)
        return [order.item for order in outcome.recommendation.orders]

    assert "di-morphine-inf" not in offered("fentanyl")
    assert "di-morphine-inf" in offered("oxycodone")


def test_given_an_unknown_or_undated_result_then_it_is_no_baseline() -> None:
    """Missing data is never read as done."""
    board = selected().measured("sbp", 95, "mm[Hg]", None)
    unknown = selected()._with(measurements={"sbp": Unknown()})

    assert "nx-bp" in board.missing("naxitamab_monitoring")
    assert "nx-bp" in unknown.missing("naxitamab_monitoring")


@pytest.mark.parametrize("item", [item for item in NEEDED if item.is_drug], ids=lambda item: item.id)
def test_given_a_drug_card_was_accepted_then_its_draft_satisfies_the_item(item: OrderItem) -> None:
    """Guard: what this service drafts, it recognises when it comes back, by ingredient or by its own words."""
    agent = LIBRARY.agents[item.agent]
    assert agent.drug is not None
    name = agent.drug.removeprefix("drug.")
    back = drug("", drugs=(item.drug,)) if item.drug else drug("", text=item.name)
    asked = orders().selecting(name, in_days(9))
    rule = f"{name}_premedication" if agent.kind == "antibody" else "partner_supportive_care"

    assert item.id in asked.missing(rule)
    assert item.id not in asked._with(drafts=(*asked.board.drafts, back)).missing(rule)


@pytest.mark.parametrize("item", [item for item in NEEDED if not item.is_drug], ids=lambda item: item.id)
def test_given_a_monitoring_order_was_accepted_then_its_draft_satisfies_the_item(item: OrderItem) -> None:
    """Guard: as above, for services."""
    agent = LIBRARY.agents[item.agent]
    assert agent.drug is not None
    name = agent.drug.removeprefix("drug.")
    asked = orders().selecting(name, in_days(9)).drafting(*(other.removeprefix("drug.") for other in item.only_with))
    rule = f"{name}_monitoring" if agent.kind == "antibody" else "partner_supportive_care"

    assert item.id in asked.missing(rule)
    assert item.id not in asked.watching(item.name, state="draft").missing(rule)


def test_given_a_service_order_whose_words_name_the_item_then_it_is_ordered() -> None:
    """A fluid bolus is written as a service in some systems."""
    asked = orders().selecting("dinutuximab", in_days(3))

    assert "di-hydration" in asked.missing("dinutuximab_premedication")
    assert "di-hydration" not in asked.watching("IV fluid bolus before antibody").missing("dinutuximab_premedication")


@pytest.mark.parametrize(
    ("text", "details", "counts"),
    [
        ("sodium chloride 0.9 % bolus", {}, True),
        ("NaCl 0.9% 200 mL", {"route": "intravenous"}, True),
        ("sodium chloride 0.9% flush 10 mL", {}, False),
        ("sodium chloride 0.9 %", {"dosage_text": "10 mL to flush the port after each use"}, False),
        ("saline lock", {}, False),
        ("sodium chloride", {"route": "nasal"}, False),
        ("sodium chloride 3% nebuliser", {}, False),
        ("dextrose 5% in 0.45% sodium chloride", {}, False),
        ("sodium chloride 0.9 % with potassium chloride", {}, False),
        ("sodium chloride 0.9 %", {"purpose": "wound irrigation"}, False),
    ],
)
def test_given_saline_for_another_use_then_it_is_no_hydration(text: str, details: dict[str, str], counts: bool) -> None:
    """Hazard: every child with a port has a flush of saline on the chart, and the bolus is never missed."""
    board = orders().selecting("dinutuximab", in_days(3)).active("", text=text, **details)

    assert ("di-hydration" not in board.missing("dinutuximab_premedication")) is counts


@pytest.mark.parametrize(("text", "counts"), [("Saline lock insertion", False), ("Opioid risk assessment", False)])
def test_given_a_service_that_only_mentions_the_drug_then_it_does_not_count(text: str, counts: bool) -> None:
    board = orders().selecting("dinutuximab", in_days(3)).watching(text)

    offered = board.missing("dinutuximab_premedication")
    assert "di-hydration" in offered
    assert "di-morphine-inf" in offered


@pytest.mark.parametrize(
    ("item", "name", "route", "counts"),
    [
        ("nx-gmcsf-2", "sargramostim", "inhalation", False),
        ("nx-gmcsf-2", "sargramostim", "subcutaneous", True),
        ("nx-steroid", "hydrocortisone", "oral", False),
        ("nx-steroid", "hydrocortisone", "intravenous", True),
    ],
)
def test_given_a_premedication_by_another_route_then_it_does_not_count(
    item: str, name: str, route: str, counts: bool
) -> None:
    """Hazard: inhaled GM-CSF for the lungs or a replacement by mouth passes for the required premedication."""
    board = selected().active(name, route=route)

    assert (item not in board.missing(DRUGS)) is counts
    said = f"An order of {name} that is not injected is on record; the source asks for an injected one."
    assert (said not in board.card(DRUGS).points) is counts


def test_given_an_as_needed_member_of_the_class_then_the_card_names_that_drug() -> None:
    card = selected().drafting("chlorphenamine", scheduled=False).card(DRUGS)

    assert "An as-needed order of chlorphenamine is on record; the source asks for a scheduled one." in card.points


def test_given_an_order_on_hold_then_the_card_says_why_it_does_not_count() -> None:
    board = selected().active("cetirizine", state="on_hold")

    said = "An order of cetirizine is on hold; it is not counted until it is taken up again."
    assert said in board.card(DRUGS).points
    assert said not in selected().active("cetirizine", state="on_hold", scheduled=False).card(DRUGS).points
