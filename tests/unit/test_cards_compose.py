"""A decision becomes cards: anatomy, identity, limits, basis."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import pytest

from cards.anatomy import title_of
from cards.compose import compose
from cards.identity import card_uuid, suggestion_uuid
from cards.profiles import profile_named
from hooks.errors import InvalidOutput
from hooks.knowledge import Citation
from hooks.recommendation import CardLink, Decision, Indicator, Recommendation, RuleId, Standing, Topic, UsedFact
from tests.contract.checker import check_json, check_response
from tests.unit.cards_samples import (
    CALL,
    CITATIONS,
    PATHWAY,
    REQUEST,
    SamplePathway,
    option,
    regimen,
    said,
    service_order,
    workup,
)

SPEC = profile_named("spec")
PLAIN = Recommendation(topic=Topic.OUT_OF_SCOPE, rule=RuleId("out_of_scope"), summary="Outside children's care")


def test_given_nothing_to_say_when_composed_then_the_answer_is_exactly_empty_cards() -> None:
    response = compose(Decision(), CALL, PATHWAY, SPEC)

    assert response.to_json() == '{"cards":[]}'
    assert response.to_wire() == {"cards": []}


@pytest.mark.req("CARD-02", "CARD-05", "CARD-06", "CARD-07", "JSON-02", "JSON-03", "JSON-04", "SYS-01")
def test_given_full_recommendations_when_composed_then_the_independent_checker_finds_nothing() -> None:
    response = compose(said(workup(), regimen(), PLAIN), CALL, PATHWAY, SPEC)

    body = check_json(response.to_json())

    check_response(body, REQUEST)
    assert len(body["cards"]) == 3


def test_given_a_full_card_when_composed_then_the_detail_has_its_sections_in_the_fixed_order() -> None:
    everything = workup(options=regimen().options)

    detail = compose(said(everything), CALL, PATHWAY, SPEC).cards[0].detail

    titles = [line.strip("*") for line in detail.splitlines() if line.startswith("**")]
    assert titles == [
        "Why now",
        "Read in the chart",
        "Missing or too old",
        "Options",
        "Orders to consider",
        "Cautions",
        "Would change if",
        "Does not apply when",
        "Evidence",
    ]
    assert detail.endswith(
        "Knowledge: relapsed-neuroblastoma 0.1.0, sha256:abababababab, not clinically reviewed.\n\n"
        "Not a medical device. Options and drafts for a clinician, who verifies them and decides; "
        "nothing here is an order."
    )


def test_given_reviewed_knowledge_when_composed_then_the_card_says_so() -> None:
    detail = compose(said(PLAIN), CALL, SamplePathway(reviewed=True), SPEC).cards[0].detail

    assert "clinically reviewed." in detail
    assert "not clinically" not in detail


def test_given_options_when_composed_then_the_trial_stands_first_with_its_reasons_and_figures() -> None:
    card = compose(said(regimen()), CALL, PATHWAY, SPEC).cards[0]

    assert card.detail.startswith(
        "**Options**\n\n"
        "- **Regimen NCT00000000** (clinical trial)\n"
        "  - For: speaks for NCT00000000\n"
        "  - Against: speaks against NCT00000000\n"
        "  - ORR 41 % (n=53) (LABEL)\n"
        "  - Suggestion: Regimen NCT00000000\n"
        "- **Regimen DB_TTO** (preferred)\n"
    )
    assert card.extension["relapse-cds.basis"]["options"][0] == {
        "regimen": "NCT00000000",
        "standing": "trial",
        "why": ["speaks for NCT00000000"],
        "against": ["speaks against NCT00000000"],
        "figures": ["ORR 41 % (n=53) (LABEL)"],
    }


def test_given_a_citation_without_address_when_composed_then_the_evidence_names_who_quoted_it() -> None:
    detail = compose(said(workup(evidence=("REVIEW2026", "LABEL"))), CALL, PATHWAY, SPEC).cards[0].detail

    assert (
        "- REVIEW2026: [Review of first relapse (2026)](https://doi.org/10.1016/S1%2818%292) (abstract read)\n"
        "- LABEL: Product label (not opened, quoted by REVIEW2026)"
    ) in detail


def test_given_a_source_read_in_full_when_composed_then_the_evidence_has_no_remark() -> None:
    detail = compose(said(replace(PLAIN, evidence=("PAGE",))), CALL, PATHWAY, SPEC).cards[0].detail  # type: ignore[arg-type]  # a plain id

    assert "- PAGE: [Page (2025)](https://example.org/page)\n" in detail


def test_given_a_title_that_says_its_year_when_cited_then_the_year_stands_once() -> None:
    dated = CITATIONS["PAGE"].model_copy(update={"title": "Page, 2025"})

    assert title_of(dated) == "Page, 2025"
    assert title_of(CITATIONS["PAGE"]) == "Page (2025)"


def test_given_evidence_without_address_when_composed_then_the_source_is_the_first_one_with_an_address() -> None:
    only_label = regimen(options=(option("X", Standing.PREFERRED),), evidence=("LABEL",))

    source = compose(said(only_label), CALL, PATHWAY, SPEC).cards[0].source

    assert source.label == "Review of first relapse (2026)"
    assert source.url == "https://doi.org/10.1016/S1(18)2"
    assert (source.topic.system, source.topic.code) == ("urn:relapse-cds:topic", "ReinductionRegimen")


def test_given_a_source_without_year_when_it_has_an_address_then_its_title_stands_alone() -> None:
    class Undated(SamplePathway):
        def citation(self, citation_id: str) -> Citation:
            return super().citation(citation_id).model_copy(update={"year": None})

    source = compose(said(replace(PLAIN, evidence=("PAGE",))), CALL, Undated(), SPEC).cards[0].source  # type: ignore[arg-type]  # a plain id

    assert source.label == "Page"


def test_given_no_evidence_when_composed_then_the_source_is_our_knowledge_at_our_address() -> None:
    source = compose(said(PLAIN), CALL, PATHWAY, SPEC).cards[0].source

    assert source.label == "Published evidence on relapsed neuroblastoma"
    assert source.url == "https://cds.example.org/base/"


def test_given_an_unknown_citation_when_composed_then_it_is_refused_as_a_defect() -> None:
    with pytest.raises(InvalidOutput, match="a citation is not in the knowledge"):
        compose(said(replace(PLAIN, evidence=("NOWHERE",))), CALL, PATHWAY, SPEC)  # type: ignore[arg-type]  # a plain id


def test_given_the_same_call_twice_when_composed_then_the_answers_are_equal_to_the_letter() -> None:
    first = compose(said(workup(), regimen()), CALL, PATHWAY, SPEC).to_json()

    assert compose(said(workup(), regimen()), CALL, PATHWAY, SPEC).to_json() == first


@pytest.mark.parametrize(
    "other",
    [
        replace(CALL, hook_instance="another"),
        replace(CALL, service_id="another"),
    ],
)
def test_given_another_call_when_composed_then_every_uuid_is_another(other: object) -> None:
    first = compose(said(workup()), CALL, PATHWAY, SPEC).cards[0]

    second = compose(said(workup()), other, PATHWAY, SPEC).cards[0]  # type: ignore[arg-type]  # parametrised

    assert first.uuid != second.uuid
    assert first.suggestions[0].uuid != second.suggestions[0].uuid


def test_given_another_topic_indicator_or_subject_when_composed_then_the_uuid_is_another() -> None:
    cards = compose(
        said(PLAIN, replace(PLAIN, subject="drug.x"), replace(PLAIN, indicator=Indicator.WARNING), workup()),
        CALL,
        PATHWAY,
        SPEC,
    ).cards

    assert len({card.uuid for card in cards}) == 4
    assert all(UUID(card.uuid).version == 5 for card in cards)


def test_given_a_hook_instance_without_utf8_form_when_named_then_it_has_a_uuid_all_the_same() -> None:
    odd = replace(CALL, hook_instance="\ud800")

    assert UUID(card_uuid(odd, "Topic")).version == 5
    assert card_uuid(odd, "a", "bc") != card_uuid(odd, "ab", "c")
    assert suggestion_uuid(card_uuid(odd), "x") != suggestion_uuid(card_uuid(CALL), "x")


def test_given_two_cards_of_one_identity_when_composed_then_they_are_refused_as_a_defect() -> None:
    with pytest.raises(InvalidOutput, match="CDSResponse is not valid"):
        compose(said(PLAIN, PLAIN), CALL, PATHWAY, SPEC)


def test_given_a_basis_when_composed_then_it_is_what_the_contract_says() -> None:
    basis = compose(said(workup()), CALL, PATHWAY, SPEC).cards[0].extension["relapse-cds.basis"]

    assert basis == {
        "topic": "RelapseBiopsy",
        "rule": "relapse_biopsy_due",
        "items": ["RELAPSE_BIOPSY", "db-adrenaline-1"],
        "used": [
            {
                "fact": "mycn",
                "state": "amplified",
                "confidence": "coded",
                "date": "2026-09-18",
                "from": ["Observation/o1"],
            }
        ],
        "missing": [{"fact": "gd2", "why": "not found", "lookedIn": ["labs"]}],
        "evidence": ["REVIEW2026"],
        "wouldChangeIf": ["MYCN amplified: RIST moves first"],
        "knowledge": {
            "pathway": "relapsed-neuroblastoma",
            "version": "0.1.0",
            "digest": "sha256:" + "ab" * 32,
            "reviewed": False,
        },
    }


def test_given_a_card_that_only_informs_when_composed_then_it_asks_for_no_override_reason() -> None:
    card = compose(said(PLAIN), CALL, PATHWAY, SPEC).to_wire()["cards"][0]

    assert set(card) == {"uuid", "summary", "indicator", "detail", "source", "extension"}


def test_given_a_fact_whose_label_has_no_date_when_drawn_then_its_date_is_added() -> None:
    undated = UsedFact("weight_kg", "19 kg", "Weight: 19 kg")
    dated = UsedFact("weight_kg", "19 kg", "Weight: 19 kg", date=workup().used[0].date)

    detail = compose(said(replace(PLAIN, used=(undated, dated))), CALL, PATHWAY, SPEC).cards[0].detail

    assert "- Weight: 19 kg\n- Weight: 19 kg (2026-09-18)\n" in detail


def test_given_links_when_composed_then_paths_become_absolute_and_two_are_kept() -> None:
    links = (
        CardLink(label="Ours", url="/family/x"),
        CardLink(label="Theirs", url="https://example.org/y"),
        CardLink(label="Third", url="/z"),
    )

    card = compose(said(replace(PLAIN, links=links)), CALL, PATHWAY, SPEC).cards[0]

    assert [(link.label, link.url, link.type) for link in card.links] == [
        ("Ours", "https://cds.example.org/base/family/x", "absolute"),
        ("Theirs", "https://example.org/y", "absolute"),
    ]


def test_given_a_link_that_is_no_address_when_composed_then_it_is_refused_as_a_defect() -> None:
    with pytest.raises(InvalidOutput, match="Link is not valid at url"):
        compose(said(replace(PLAIN, links=(CardLink(label="x", url="javascript:alert(1)"),))), CALL, PATHWAY, SPEC)


def test_given_a_summary_that_is_too_long_when_composed_then_it_is_cut_at_a_word() -> None:
    card = compose(said(replace(PLAIN, summary="word " * 40)), CALL, PATHWAY, SPEC).cards[0]

    assert card.summary == "word " * 26 + "word…"


def test_given_a_blank_summary_when_composed_then_it_is_refused_as_a_defect() -> None:
    with pytest.raises(InvalidOutput, match="Card is not valid at summary"):
        compose(said(replace(PLAIN, summary="\u200b")), CALL, PATHWAY, SPEC)


def test_given_an_overlong_section_when_drawn_then_it_says_how_much_it_leaves_out() -> None:
    many = tuple(f"{number} " + "x" * 990 for number in range(32))

    detail = compose(said(replace(PLAIN, points=many)), CALL, PATHWAY, SPEC).cards[0].detail

    assert "- (8 more, not shown here)" in detail
    assert len(detail) < 26_000


def test_given_a_recommended_regimen_order_when_composed_then_it_is_refused_as_a_defect() -> None:
    """Hazard: a preselected treatment is taken unseen."""
    tempting = regimen(orders=(service_order(recommended=True),))

    with pytest.raises(InvalidOutput, match="ReinductionRegimen: a treatment of the cancer is never recommended"):
        compose(said(tempting), CALL, PATHWAY, SPEC)


def test_given_a_recommended_order_inside_an_option_when_composed_then_it_is_refused_as_a_defect() -> None:
    """Hazard: a preselected treatment is taken unseen, whatever its topic says."""
    hidden = workup(options=(option("X", Standing.PREFERRED, orders=(service_order(recommended=True),)),))

    with pytest.raises(InvalidOutput, match="never recommended"):
        compose(said(hidden), CALL, PATHWAY, SPEC)
