"""Whatever stands on a board, safety cards keep their promises: short, sourced, no chart words, never a draft drug.

Critical only with a coded and dated fact behind it.
"""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from hooks.facts.fact import Confidence, Known, Unknown
from hooks.facts.measurements import Measurement
from hooks.facts.orders import DrugOrder, OrderState, ServiceOrder
from hooks.pathways.relapsed_neuroblastoma.board import Allergy, Finding, FindingKind, OrderBoard
from hooks.pathways.relapsed_neuroblastoma.facts import Facts
from hooks.pathways.relapsed_neuroblastoma.knowledge import KNOWLEDGE
from hooks.recommendation import Fired, Indicator, OrderKind, Recommendation
from hooks.rule import decide
from tests.spec.children import AS_OF, a_relapsed_child
from tests.spec.safety.charts import ALL_RULES

CHART_WORDS = "Zaphod Beeblebrox <b>1954</b>"
DRUGS = (
    "drug.dinutuximab",
    "drug.dinutuximab_beta",
    "drug.naxitamab",
    "drug.lorlatinib",
    "drug.crizotinib",
    "drug.alectinib",
    "drug.ceritinib",
    "drug.sirolimus",
    "drug.dasatinib",
    "drug.irinotecan",
    "drug.temozolomide",
    "drug.bevacizumab",
    "drug.iobenguane_I131",
    "drug.eflornithine",
    "drug.sargramostim",
    "drug.cefixime",
    "drug.dexamethasone",
    "drug.tacrolimus",
    "drug.aldesleukin",
    "drug.rifampicin",
    "drug.ondansetron",
    "drug.omeprazole",
    "drug.sennosides",
    "drug.labetalol",
    "drug.fentanyl",
    "vaccine.live.varicella",
)
DAYS = st.none() | st.integers(-90, 90).map(lambda days: AS_OF + timedelta(days=days))
CONFIDENCES = st.sampled_from(Confidence)
REFERENCES = st.integers(0, 10**6).map(lambda number: f"MedicationRequest/{number}")


@st.composite
def drug_orders(draw: st.DrawFn, *states: OrderState) -> DrugOrder:
    drugs = draw(st.lists(st.sampled_from(DRUGS), max_size=2, unique=True))
    return DrugOrder(
        draw(REFERENCES),
        draw(st.sampled_from(states)),
        tuple(drugs),
        interchangeable=draw(st.booleans()),
        confidence=draw(CONFIDENCES),
        start=draw(DAYS),
        end=draw(DAYS),
        authored=draw(DAYS),
        text=CHART_WORDS,
        scheduled=draw(st.booleans()),
        dosage_text=CHART_WORDS,
        prohibited=draw(st.booleans()),
    )


@st.composite
def findings(draw: st.DrawFn) -> Finding:
    return Finding(
        draw(st.sampled_from(FindingKind)),
        draw(st.none() | st.integers(1, 5)),
        draw(DAYS),
        draw(st.booleans()),
        draw(st.sampled_from(("", *DRUGS[:4]))),
        draw(CONFIDENCES),
        "Condition/f",
        CHART_WORDS,
    )


@st.composite
def allergies(draw: st.DrawFn) -> Allergy:
    return Allergy(
        draw(st.sampled_from(("", "cephalosporin", *DRUGS))),
        severe=draw(st.booleans()),
        anaphylaxis=draw(st.booleans()),
        date=draw(DAYS),
        confidence=draw(CONFIDENCES),
        source="AllergyIntolerance/a",
        text=f"{CHART_WORDS} peanut yeast sucrose",
    )


@st.composite
def charts(draw: st.DrawFn) -> Facts:
    selected = tuple(draw(st.lists(drug_orders(OrderState.DRAFT), max_size=3)))
    drafts = tuple(draw(st.lists(drug_orders(OrderState.DRAFT), max_size=2)))
    services = tuple(
        ServiceOrder("ServiceRequest/s", OrderState.ACTIVE, (concept,), when=draw(DAYS), text=CHART_WORDS)
        for concept in draw(st.lists(st.sampled_from(("biopsy.procedure", "MIBG.I-123.scan")), max_size=2))
    )
    pressure = Known(Measurement(draw(st.integers(40, 200)), "mm[Hg]"), ("Observation/p",), draw(DAYS))
    board = OrderBoard(
        selected=selected,
        drafts=(*selected, *drafts),
        active=tuple(draw(st.lists(drug_orders(OrderState.ACTIVE, OrderState.ON_HOLD), max_size=3))),
        past=tuple(draw(st.lists(drug_orders(OrderState.COMPLETED, OrderState.GIVEN), max_size=3))),
        services=services,
        procedures=services,
        findings=tuple(draw(st.lists(findings(), max_size=4))),
        allergies=draw(st.just(Unknown()) | st.lists(allergies(), max_size=3).map(lambda some: Known(tuple(some)))),
        measurements={"sbp": pressure},
    )
    return a_relapsed_child().having(uncontrolled_hypertension="yes").knowing(orders=board).facts()


def cards_of(facts: Facts) -> list[Recommendation]:
    outcomes = (rule(facts, KNOWLEDGE, AS_OF) for rule in ALL_RULES)
    return [outcome.recommendation for outcome in outcomes if isinstance(outcome, Fired)]


def words_of(card: Recommendation) -> str:
    parts = [card.summary, card.subject, *card.why_now, *card.points, *card.not_when, *card.named_items]
    parts += [fact.label + fact.state for fact in card.used] + [fact.label for fact in card.missing]
    parts += [order.label + order.text + order.note for order in card.orders]
    return " ".join((*parts, *(link.url + link.label for link in card.links)))


@given(charts())
def test_given_any_board_then_every_card_is_short_sourced_and_free_of_the_words_of_the_chart(facts: Facts) -> None:
    for card in cards_of(facts):
        assert 0 < len(card.summary) < 140
        assert "Zaphod" not in words_of(card)
        assert set(card.evidence) <= set(KNOWLEDGE.citations)
        assert card.evidence
        assert card.used
        assert all(order.kind is OrderKind.SERVICE_REQUEST and not order.recommended for order in card.orders)


@given(charts())
def test_given_any_board_then_a_critical_card_rests_on_something_coded_and_dated(facts: Facts) -> None:
    for card in cards_of(facts):
        if card.indicator is Indicator.CRITICAL:
            proof = [fact for fact in card.used if fact.confidence is Confidence.CODED and fact.state != card.subject]
            assert any(fact.date or "draft" in fact.label or "selected" in fact.label for fact in proof), card.used


@given(charts())
def test_given_any_board_then_an_answer_keeps_its_limits_and_is_the_same_twice(facts: Facts) -> None:
    once, twice = (decide(ALL_RULES, facts, KNOWLEDGE, AS_OF) for _ in range(2))

    assert once == twice
    for indicator, most in ((Indicator.CRITICAL, 1), (Indicator.WARNING, 3), (Indicator.INFO, 3)):
        assert sum(card.indicator is indicator for card in once.recommendations) <= most
    keys = [(card.topic, card.indicator, card.subject) for card in once.recommendations]
    assert len(keys) == len(set(keys))


@given(charts(), st.dates(date(2026, 1, 1), date(2027, 12, 31)))
def test_given_any_day_then_no_rule_raises(facts: Facts, day: date) -> None:
    assert len(decide(ALL_RULES, facts, KNOWLEDGE, day).trace) == len(ALL_RULES)
