"""ALK inhibitors beside other drugs: CYP3A, opioids, irinotecan, QT (LOR-LEAF, LOR-US7, CRZ-LEAF, ALE-LEAF, CER-LEAF).

Unknown days keep no two orders apart.
"""

from __future__ import annotations

import pytest

from hooks.recommendation import Indicator, Topic
from tests.spec.children import a_child
from tests.spec.safety.charts import Chart, chart, says

INDUCER = "lorlatinib_with_strong_inducer"


@pytest.mark.parametrize(
    "name", ["rifampicin", "carbamazepine", "phenytoin", "enzalutamide", "mitotane", "st_johns_wort"]
)
@pytest.mark.parametrize("selected", ["lorlatinib", "inducer"])
def test_given_lorlatinib_with_a_strong_inducer_then_critical_whichever_is_selected(name: str, selected: str) -> None:
    """LOR-LEAF, LOR-US7: contraindicated; the inducer ends three half-lives before."""
    asked = (
        chart().selecting("lorlatinib", 2).active(name, -30)
        if selected == "lorlatinib"
        else chart().active("lorlatinib", -30).selecting(name, 2)
    )

    card = asked.card(INDUCER)

    assert card.indicator is Indicator.CRITICAL
    assert card.topic is Topic.TARGETED_THERAPY_SAFETY
    assert card.subject == "lorlatinib"
    assert card.named_items == ("lo-cyp-ind",)
    assert [link.url for link in card.links] == ["/family/lorlatinib"]
    assert says(card, "stop the inducer for 3 half-lives first")


@pytest.mark.parametrize("details", [{"confidence": "text"}, {"start": None}])
def test_given_an_inducer_in_words_or_undated_then_a_warning_asks(details: dict[str, object]) -> None:
    given = {"start": -30, **details}

    card = chart().selecting("lorlatinib", 2).active("rifampicin", **given).card(INDUCER)

    assert card.indicator is Indicator.WARNING
    assert says(card, "Please confirm: lorlatinib and rifampicin, with their days")


@pytest.mark.parametrize("details", [{"end": 20, "start": None}, {"authored": None, "start": -3}])
def test_given_any_day_on_the_inducer_then_it_counts_as_dated(details: dict[str, object]) -> None:
    card = chart().selecting("lorlatinib", 2).active("rifampicin", **details).card(INDUCER)

    assert card.indicator is Indicator.CRITICAL


def test_given_an_inducer_that_ends_before_then_it_is_still_said_because_its_effect_lasts() -> None:
    chart().selecting("lorlatinib", 10).active("rifampicin", -30, 5).card(INDUCER)


def test_given_both_only_active_then_nobody_is_nagged() -> None:
    chart().active("lorlatinib", -5).active("rifampicin", -5).selecting("ondansetron").silent(INDUCER)


@pytest.mark.parametrize(
    ("start", "end", "state", "fires"),
    [
        (-60, -28, "completed", True),
        (-60, -29, "completed", False),
        (-60, -3, "stopped", True),
        (-84, None, "stopped", True),
        (-85, None, "stopped", False),
        (None, None, "completed", True),
        (-28, None, "given", True),
        (-29, None, "given", False),
    ],
)
def test_given_an_inducer_that_ended_lately_then_its_last_day_is_asked(
    start: int | None, end: int | None, state: str, *, fires: bool
) -> None:
    """LOR-LEAF: it ends three half-lives before; how many days these are was not read, 28 is an engineering choice."""
    asked = chart().selecting("lorlatinib", 2).past("rifampicin", start, end, state=state)

    if fires:
        card = asked.card(INDUCER)
        assert card.indicator is Indicator.WARNING
        assert card.summary.startswith("Confirm before giving lorlatinib: rifampicin")
        assert says(card, "the last day of rifampicin, and that its effect has passed")
    else:
        asked.silent(INDUCER)


def test_given_an_inducer_on_hold_then_its_last_day_is_asked() -> None:
    held = chart().selecting("lorlatinib", 2).active("rifampicin", -90, state="on_hold")

    assert held.card(INDUCER).indicator is Indicator.WARNING


def test_given_an_inducer_that_ended_while_lorlatinib_is_only_active_then_nobody_is_nagged() -> None:
    chart().active("lorlatinib", -5).past("rifampicin", -30, -3).selecting("ondansetron").silent(INDUCER)
    chart().selecting("lorlatinib", 2).past("ondansetron", -30, -3).silent(INDUCER)


def test_given_no_active_disease_then_silence() -> None:
    asked = chart().selecting("lorlatinib", 2).active("rifampicin", -30).of(a_child().with_event("in_remission"))

    asked.silent(INDUCER)


CASES = [
    ("lorlatinib", "lorlatinib_interactions", "efavirenz", "lo-cyp-mod"),
    ("lorlatinib", "lorlatinib_interactions", "dexamethasone", "lo-cyp-mod"),
    ("lorlatinib", "lorlatinib_interactions", "voriconazole", "lo-cyp-inh"),
    ("lorlatinib", "lorlatinib_interactions", "fluconazole", "lo-cyp-inh"),
    ("lorlatinib", "lorlatinib_interactions", "fentanyl", "lo-substrate"),
    ("lorlatinib", "lorlatinib_interactions", "sirolimus", "lo-substrate"),
    ("lorlatinib", "lorlatinib_interactions", "ethinylestradiol", "lo-substrate"),
    ("crizotinib", "crizotinib_interactions", "clarithromycin", "cz-inh"),
    ("crizotinib", "crizotinib_interactions", "rifampicin", "cz-ind"),
    ("crizotinib", "crizotinib_interactions", "morphine", "cz-opioid"),
    ("crizotinib", "crizotinib_interactions", "irinotecan", "cz-irino"),
    ("crizotinib", "crizotinib_interactions", "labetalol", "cz-substr"),
    ("alectinib", "alectinib_interactions", "topotecan", "al-int"),
    ("alectinib", "alectinib_interactions", "itraconazole", "al-int"),
    ("ceritinib", "ceritinib_interactions", "domperidone", "ce-int"),
    ("ceritinib", "ceritinib_interactions", "dexamethasone", "ce-int"),
]


@pytest.mark.parametrize(("name", "rule", "other", "item"), CASES)
def test_given_an_interaction_of_its_label_then_a_warning(name: str, rule: str, other: str, item: str) -> None:
    card = chart().selecting(name, 2).active(other, -1).card(rule)

    assert card.indicator is Indicator.WARNING
    assert item in card.named_items
    assert card.subject == name
    assert "2026-11-21" in card.summary


@pytest.mark.parametrize(("name", "rule", "other", "item"), CASES)
def test_given_days_that_do_not_meet_then_silence(name: str, rule: str, other: str, item: str) -> None:
    asked = chart().selecting(name, 10, 20).drafting(other, 2, 9)

    assert not any(item in card.named_items for card in asked.speaking().values())


@pytest.mark.parametrize(("name", "other"), [("lorlatinib", "morphine"), ("crizotinib", "hydromorphone")])
def test_given_an_opioid_that_the_label_does_not_name_then_silence(name: str, other: str) -> None:
    chart().selecting(name, 2).active(other, -1).silent(f"{name}_interactions")


@pytest.mark.parametrize("name", ["lorlatinib", "ceritinib", "crizotinib"])
def test_given_the_inhibitor_alone_then_it_is_never_its_own_partner(name: str) -> None:
    """Lorlatinib is a moderate inducer itself, ceritinib a strong inhibitor, crizotinib lengthens QT."""
    asked = chart().selecting(name, 2).active(name, -20)

    assert not any(rule.endswith(("interactions", "inducer", "qt_drug")) for rule in asked.speaking())


def test_given_another_form_of_the_inhibitor_then_it_is_not_its_partner_either() -> None:
    asked = chart().selecting("crizotinib", 2).active("crizotinib", -20, interchangeable=False)

    asked.silent("crizotinib_with_qt_drug")


QT = "crizotinib_with_qt_drug"


def checked(board: Chart) -> Chart:
    """ECG, potassium, magnesium and calcium of today."""
    return (
        board.done("12-lead ECG", 0)
        .measured("qtc", 420, "ms")
        .measured("potassium", 4.1, "mmol/L")
        .measured("magnesium", 0.9, "mmol/L")
        .measured("calcium", 2.3, "mmol/L")
    )


@pytest.mark.parametrize(("name", "item"), [("crizotinib", "cz-ecg"), ("ceritinib", "ce-ecg")])
def test_given_another_drug_that_lengthens_qt_then_a_warning_offers_the_checks(name: str, item: str) -> None:
    """CRZ-LEAF, CER-LEAF. The agent is only active, so no other card offers them."""
    card = chart().active(name, -20).selecting("ondansetron", 0).card(f"{name}_with_qt_drug")

    assert card.indicator is Indicator.WARNING
    assert [order.item for order in card.orders] == [item]
    assert not card.orders[0].recommended
    assert card.orders[0].dosage_text == ""
    assert card.orders[0].reason == ("Condition/nb1",)


def test_given_the_agent_is_selected_then_its_own_card_offers_the_checks() -> None:
    card = chart().selecting("crizotinib", 0).active("ondansetron", -1).card(QT)

    assert card.indicator is Indicator.WARNING
    assert card.orders == ()


def test_given_the_checks_of_the_last_days_then_it_informs_with_the_values() -> None:
    """No limit for children was read: values are shown, not judged."""
    card = checked(chart().active("crizotinib", -20).selecting("ondansetron", 0)).card(QT)

    assert card.indicator is Indicator.INFO
    assert card.orders == ()
    assert "QTc: 420 ms of 2026-11-22" in [fact.label for fact in card.used]


@pytest.mark.parametrize(("ago", "shown"), [(7, True), (8, False), (None, False)])
def test_given_a_qtc_then_only_one_of_the_last_7_days_is_shown(ago: int | None, shown: bool) -> None:
    asked = chart().active("crizotinib", -20).selecting("ondansetron", 0).measured("qtc", 420, "ms", ago=ago)

    assert any("QTc" in fact.label for fact in asked.card(QT).used) is shown


def test_given_a_missing_check_then_only_it_is_offered() -> None:
    asked = chart().active("crizotinib", -20).selecting("ondansetron", 0).ordering("ECG").ordering("Electrolytes")

    assert asked.card(QT).indicator is Indicator.INFO
    partly = chart().active("crizotinib", -20).selecting("ondansetron", 0).ordering("ECG")
    assert partly.card(QT).orders[0].text == "potassium, magnesium, calcium"


def test_given_no_diagnosis_reference_then_the_draft_has_no_reason() -> None:
    asked = chart().active("crizotinib", -20).selecting("ondansetron", 0)

    assert asked.of(asked.child.knowing(diagnosis_reference="")).card(QT).orders[0].reason == ()


def test_given_an_order_that_is_over_then_the_two_do_not_meet() -> None:
    chart().active("crizotinib", -20, -1).selecting("ondansetron", 0).silent(QT)


def test_given_a_draft_that_is_over_beside_one_without_days_then_no_check_is_due() -> None:
    """Unknown days keep nothing apart, but nothing is to be watched for a course that is over."""
    card = chart().drafting("crizotinib", -20, -1).selecting("ondansetron").card(QT)

    assert card.indicator is Indicator.INFO
    assert card.orders == ()


def test_given_no_other_drug_then_silence() -> None:
    chart().selecting("crizotinib", 0).silent(QT)
    chart().selecting("crizotinib", 0).active("ondansetron").of(a_child()).silent(QT)


@pytest.mark.parametrize("name", ["lorlatinib", "alectinib"])
def test_given_another_alk_inhibitor_then_no_qt_rule_was_read(name: str) -> None:
    cards = chart().selecting(name, 0).active("ondansetron", -1).speaking()

    assert not any("qt" in rule for rule in cards)


def test_given_naloxone_as_needed_beside_crizotinib_then_silence() -> None:
    """Hazard: the antidote that stands beside every opioid is to be avoided, says a card (CRZ-LEAF lists naloxone)."""
    asked = chart().selecting("crizotinib", 0)

    asked.active("naloxone", 0, scheduled=False).silent("crizotinib_interactions")
    assert "cz-opioid" in asked.active("naloxone", 0).card("crizotinib_interactions").named_items


def test_given_st_johns_wort_then_the_card_writes_it_as_people_do() -> None:
    card = chart().selecting("lorlatinib", 2).active("st_johns_wort", -30).card(INDUCER)

    assert "with St John's wort (" in card.summary
