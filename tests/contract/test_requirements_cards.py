"""What the real services answer, requirement by requirement: answers, cards, sources, suggestions, links.

The same answers also pass the independent checker, which names a requirement for everything it finds.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit
from uuid import RFC_4122, UUID

import pytest
from fhir.resources.R4B.medicationrequest import MedicationRequest
from fhir.resources.R4B.servicerequest import ServiceRequest
from markdown_it import MarkdownIt

from tests.contract.served import AS_OF, Answered, Body, Server, filed, view

HL7_REASONS = "http://terminology.hl7.org/CodeSystem/non-adherence-reason-codes"
MODELS = {"ServiceRequest": ServiceRequest, "MedicationRequest": MedicationRequest}


@pytest.fixture(scope="module")
def cards(answers: tuple[Answered, ...]) -> tuple[Body, ...]:
    return tuple(card for answered in answers for card in answered.cards)


def members(cards: tuple[Body, ...], name: str) -> list[Body]:
    return [member for card in cards for member in card.get(name, [])]


def actions(cards: tuple[Body, ...]) -> list[Body]:
    return [action for suggestion in members(cards, "suggestions") for action in suggestion["actions"]]


def every_value(value: Any) -> Iterator[Any]:
    yield value
    if isinstance(value, dict):
        for member in value.values():
            yield from every_value(member)
    elif isinstance(value, list):
        for member in value:
            yield from every_value(member)


def is_address(text: Any) -> bool:
    parts = urlsplit(text) if isinstance(text, str) else urlsplit("")
    return parts.scheme in {"http", "https"} and bool(parts.netloc)


@pytest.mark.req("RESP-01")
def test_given_the_sample_when_counted_then_it_has_cards_of_every_service_and_kind(
    answers: tuple[Answered, ...], cards: tuple[Body, ...]
) -> None:
    """Otherwise the tests below would show less than they say."""
    assert len({answered.service for answered in answers if answered.cards}) == 4
    assert {card["indicator"] for card in cards} == {"info", "warning", "critical"}
    assert len(members(cards, "suggestions")) > 20
    assert members(cards, "links")


@pytest.mark.req("RESP-01", "RESP-02", "RESP-03", "SYS-01", "SYS-02", "JSON-01")
def test_given_a_patient_without_the_disease_when_a_service_is_called_then_the_body_is_an_empty_list_of_cards(
    server: Server,
) -> None:
    answer = server.post("relapse-regimen", view("leukaemia"))

    assert (answer.status_code, answer.content) == (200, b'{"cards":[]}')


@pytest.mark.req("JSON-02", "JSON-03", "JSON-04")
def test_given_cards_when_walked_through_then_nothing_in_them_is_null_or_empty(cards: tuple[Body, ...]) -> None:
    assert not [value for card in cards for value in every_value(card) if value is None or value in ("", [], {})]


@pytest.mark.req("RESP-02", "SYS-01", "SYS-02")
def test_given_any_child_when_answered_then_there_are_no_system_actions(server: Server) -> None:
    answer = server.post("relapse-order-check", filed("order-sign-beta-anaphylaxis"))

    assert list(answer.json()) == ["cards"]


@pytest.mark.req("CARD-01", "SUG-02", "FB-08")
def test_given_cards_when_told_apart_then_each_card_and_suggestion_has_a_uuid_of_its_own(
    answers: tuple[Answered, ...],
) -> None:
    for answered in answers:
        uuids = [card["uuid"] for card in answered.cards]
        uuids += [suggestion["uuid"] for suggestion in members(answered.cards, "suggestions")]

        assert len(set(uuids)) == len(uuids)
        assert all(UUID(text).variant == RFC_4122 and str(UUID(text)) == text for text in uuids)


@pytest.mark.req("CARD-01")
def test_given_another_call_when_answered_then_its_cards_have_other_uuids(server: Server) -> None:
    body = view("mycn-amplified-at-relapse")
    other = {**body, "hookInstance": "00000000-0000-4000-8000-000000000000"}

    first, again, second = (server.cards("relapse-regimen", sent)[0]["uuid"] for sent in (body, body, other))

    assert first == again != second


@pytest.mark.req("CARD-02")
def test_given_cards_when_measured_then_every_summary_is_one_line_of_fewer_than_140_characters(
    cards: tuple[Body, ...],
) -> None:
    """In code points, and in the UTF-16 units that a browser counts."""
    for card in cards:
        assert 0 < len(card["summary"]) < 140
        assert len(card["summary"].encode("utf-16-le")) < 280
        assert card["summary"].splitlines() == [card["summary"]]


@pytest.mark.req("CARD-03", "CARD-04")
def test_given_details_when_parsed_as_github_flavored_markdown_then_they_hold_structure_and_no_html(
    cards: tuple[Body, ...],
) -> None:
    parser = MarkdownIt("gfm-like", {"html": True})
    for card in cards:
        tokens = [inner for token in parser.parse(card["detail"]) for inner in (token, *(token.children or ()))]

        assert {token.type for token in tokens} >= {"paragraph_open", "bullet_list_open", "strong_open"}
        assert not {token.type for token in tokens} & {"html_block", "html_inline", "image"}


@pytest.mark.req("CARD-05", "CARD-06", "SRC-01")
def test_given_cards_when_read_then_each_has_an_indicator_and_a_source_with_a_label(cards: tuple[Body, ...]) -> None:
    for card in cards:
        assert card["indicator"] in {"info", "warning", "critical"}
        assert card["source"]["label"].strip()


@pytest.mark.req("CARD-07", "CARD-08", "CARD-09", "SUG-01", "SUG-03", "SUG-04")
def test_given_cards_with_and_without_suggestions_when_read_then_those_with_them_say_how_they_are_taken(
    cards: tuple[Body, ...],
) -> None:
    for card in cards:
        suggestions = card.get("suggestions", [])
        recommended = [one for one in suggestions if one.get("isRecommended", False)]

        assert ("selectionBehavior" in card) is bool(suggestions)
        assert card.get("selectionBehavior", "any") in {"any", "at-most-one"}
        assert all(one["label"].strip() and isinstance(one.get("isRecommended", False), bool) for one in suggestions)
        assert len(recommended) <= 1 or card["selectionBehavior"] == "any"


@pytest.mark.req("CARD-10", "STALE-02")
def test_given_cards_when_read_alone_then_each_says_which_dated_data_it_rests_on(cards: tuple[Body, ...]) -> None:
    """Hazard: a card that stays on the screen is read as today's."""
    for card in cards:
        used = card["extension"]["relapse-cds.basis"].get("used", [])
        days = [fact["date"] for fact in used if "date" in fact and fact["fact"] != "orders"]

        assert all(re.fullmatch(r"\d{4}-\d\d-\d\d", day) and day <= AS_OF.isoformat() for day in days)
        assert not days or any(day in card["detail"] for day in days)


@pytest.mark.req("SRC-02", "SRC-03", "SRC-06")
def test_given_cards_when_their_sources_are_read_then_they_name_guidance_and_lead_to_it(
    cards: tuple[Body, ...],
) -> None:
    """One label leads to one address, whatever the card."""
    leads_to: dict[str, set[str]] = {}
    for card in cards:
        source = card["source"]
        assert "relapse-cds" not in source["label"].lower()
        assert "url" not in source or is_address(source["url"])
        leads_to.setdefault(source["label"], set()).add(source.get("url", ""))

    assert all(len(addresses) == 1 for addresses in leads_to.values())


@pytest.mark.req("SRC-04")
def test_given_sources_when_read_then_none_has_an_icon_that_could_break_the_rule_for_icons(
    cards: tuple[Body, ...],
) -> None:
    assert not [card for card in cards if "icon" in card["source"]]


@pytest.mark.req("SRC-05", "COD-01")
def test_given_cards_when_their_topics_are_read_then_each_is_a_coding_that_an_ehr_can_remember(
    cards: tuple[Body, ...],
) -> None:
    """At most 100 letters and digits: one EHR keeps overrides by this code."""
    for card in cards:
        topic = card["source"]["topic"]

        assert topic["system"]
        assert topic["display"]
        assert re.fullmatch(r"[A-Za-z0-9]{1,100}", topic["code"])


@pytest.mark.req("SUG-05", "ACT-02")
def test_given_suggestions_when_read_then_each_is_one_thing_whose_actions_each_say_what_they_do(
    cards: tuple[Body, ...],
) -> None:
    for card in cards:
        for suggestion in card.get("suggestions", []):
            subjects = {action["resource"]["subject"]["reference"] for action in suggestion["actions"]}

            assert len(subjects) == 1
            assert all(action["description"].strip() for action in suggestion["actions"])
            assert card["selectionBehavior"] == "at-most-one" or len(suggestion["actions"]) == 1


@pytest.mark.req("SUG-06", "ACT-01", "ACT-04", "ACT-05", "ACT-06")
def test_given_actions_when_read_then_all_create_so_that_no_order_of_processing_and_nobodys_order_matters(
    cards: tuple[Body, ...],
) -> None:
    """Update and delete are never sent: what the rules for them ask holds of none."""
    for action in actions(cards):
        assert action["type"] == "create"
        assert "resourceId" not in action
        assert "urn:uuid" not in json.dumps(action)


@pytest.mark.req("ACT-03", "JSON-05")
def test_given_drafts_when_read_as_fhir_then_each_is_a_whole_new_resource(cards: tuple[Body, ...]) -> None:
    """Validated by the FHIR model classes, and the same again when they write it."""
    for action in actions(cards):
        resource = action["resource"]
        read = MODELS[resource["resourceType"]].model_validate(resource)

        assert json.loads(read.model_dump_json()) == resource
        assert "id" not in resource
        assert resource["status"] == "draft"


@pytest.mark.req("SUG-07", "SUG-08")
def test_given_suggestions_when_read_then_none_uses_what_only_3_0_clients_know(cards: tuple[Body, ...]) -> None:
    assert not [one for one in members(cards, "suggestions") if "actionSelectionBehavior" in one]


@pytest.mark.req("OVR-01", "OVR-02", "OVR-03", "COD-01")
def test_given_cards_that_recommend_or_warn_when_overridden_then_coded_reasons_are_offered_hl7s_first(
    cards: tuple[Body, ...],
) -> None:
    recommending = [card for card in cards if "suggestions" in card or card["indicator"] != "info"]
    for card in recommending:
        reasons = card["overrideReasons"]

        assert all(reason[name].strip() for reason in reasons for name in ("system", "code", "display"))
        assert reasons[0]["system"] == HL7_REASONS
        assert len({(reason["system"], reason["code"]) for reason in reasons}) == len(reasons)


@pytest.mark.req("LNK-01", "LNK-02", "LNK-03", "LNK-04", "LNK-05", "CARD-09")
def test_given_links_when_read_then_they_are_labelled_absolute_addresses_that_launch_nothing(
    cards: tuple[Body, ...],
) -> None:
    for link in members(cards, "links"):
        assert link["label"].strip()
        assert is_address(link["url"])
        assert link["type"] == "absolute"
        assert link.keys() == {"label", "url", "type"}


@pytest.mark.req("EXT-01")
def test_given_cards_when_their_extensions_are_read_then_each_is_an_object(cards: tuple[Body, ...]) -> None:
    assert all(isinstance(card["extension"], dict) for card in cards)


@pytest.mark.req("EXT-02")
def test_given_names_of_extensions_when_read_then_each_is_under_a_name_of_this_project(
    cards: tuple[Body, ...],
) -> None:
    """The specification advises a reversed domain; this project has none, so its own name stands in front."""
    assert {name for card in cards for name in card["extension"]} == {"relapse-cds.basis"}


@pytest.mark.req("ACT-07")
def test_given_suggestions_that_the_client_may_not_have_placed_when_accepted_then_the_next_check_still_asks_for_them(
    server: Server,
) -> None:
    """Hazard: acceptance is taken for an order. What is ordered is read from the chart alone; here nothing is kept."""
    body = filed("order-select-dinutuximab")
    before = server.cards("anti-gd2-supportive-care", body)
    taken = before[0]["suggestions"][0]["uuid"]
    feedback = {
        "card": before[0]["uuid"],
        "outcome": "accepted",
        "acceptedSuggestions": [{"id": taken}],
        "outcomeTimestamp": "2026-11-22T10:00:00Z",
    }
    url = f"{server.url}/cds-services/anti-gd2-supportive-care/feedback"

    answer = server.session.post(url, json={"feedback": [feedback]}, timeout=10)

    assert answer.status_code == 200
    assert server.cards("anti-gd2-supportive-care", body) == before
