"""The demo page in Debian's Chromium: real services, hostile cards, a telephone's width, the keyboard alone."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Route, expect, sync_playwright

from cds_server.app import create_app
from cds_server.settings import Mode, Settings
from fhir_fixtures.server import running

pytestmark = pytest.mark.full

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
HOSTILE = '<img src=x onerror="window.hurt=1"><script>window.hurt=1</script>'


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with running(create_app(Settings(mode=Mode.DEMO, as_of=date(2026, 6, 1)))) as url:
        yield url


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page that fails its test when anything is written to the console as an error or asked of another host."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page, troubles = context.new_page(), []

    def hear(message: ConsoleMessage) -> None:
        if message.type == "error":
            troubles.append(message.text)

    page.on("console", hear)
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("request", lambda request: troubles.append(request.url) if "127.0.0.1" not in request.url else None)
    yield page
    context.close()
    assert troubles == []


def a_card(**more: Any) -> dict[str, Any]:
    card = {
        "uuid": "5c1b1b50-0000-5000-8000-000000000001",
        "summary": f"Summary {HOSTILE}",
        "indicator": "warning",
        "detail": f"Detail {HOSTILE}\n\n| a | b |\n|---|---|\n| {'long' * 60} | x |\n",
        "source": {"label": HOSTILE, "url": "javascript:window.hurt=1", "topic": {"display": HOSTILE}},
        "selectionBehavior": "at-most-one",
        "suggestions": [
            {
                "label": f"Suggestion {name} {HOSTILE}",
                "uuid": f"5c1b1b50-0000-5000-8000-00000000000{name}",
                "actions": [{"type": "create", "description": HOSTILE, "resource": {"resourceType": "ServiceRequest"}}],
            }
            for name in "23"
        ],
        "overrideReasons": [{"system": "http://example.org", "code": "a", "display": f"Reason {HOSTILE}"}],
        "links": [{"label": "bad", "url": "javascript:window.hurt=1", "type": "absolute"}],
        "extension": {"relapse-cds.basis": {"used": [{"fact": HOSTILE, "state": HOSTILE, "from": [HOSTILE]}]}},
    }
    return {**card, **more}


def answer_with(page: Page, cards: list[dict[str, Any]], posted: list[Any]) -> None:
    """Have the service calls of this page answered with these cards, and keep what is sent as feedback."""

    def fulfil(route: Route) -> None:
        if route.request.url.endswith("/feedback"):
            posted.append(json.loads(route.request.post_data or "null"))
            route.fulfill(status=200, body="")
        else:
            route.fulfill(status=200, content_type="application/json", body=json.dumps({"cards": cards}))

    page.route("**/cds-services/*", fulfil)
    page.route("**/cds-services/*/feedback", fulfil)


def test_given_a_relapse_when_the_chart_is_opened_then_real_cards_come_with_request_and_response(
    page: Page, address: str
) -> None:
    page.goto(f"{address}/")
    page.get_by_role("button", name="relapse-workup").click()

    expect(page.locator(".card")).not_to_have_count(0)
    expect(page.locator("#chart h2")).to_contain_text("Synthetic-Aster")
    expect(page.locator("#request")).to_contain_text('"hook": "patient-view"')
    expect(page.locator("#response")).to_contain_text("relapse-cds.basis")
    assert page.url.endswith("#first-relapse-untouched/relapse-workup")


def test_given_a_child_with_leukaemia_when_the_chart_is_opened_then_the_page_says_that_there_is_no_card(
    page: Page, address: str
) -> None:
    page.goto(f"{address}/#leukaemia/relapse-regimen")

    expect(page.locator(".none")).to_contain_text("No cards")
    expect(page.locator("#status")).to_have_text("relapse-regimen: 0 cards.")


def test_given_a_hostile_card_when_it_is_drawn_then_nothing_of_it_runs_or_becomes_an_element(
    page: Page, address: str
) -> None:
    """Hazard: chart text in a card runs as script in the clinician's browser."""
    answer_with(page, [a_card()], [])

    page.goto(f"{address}/#adult/relapse-workup")
    expect(page.locator(".card h3")).to_contain_text("<script>")

    assert page.evaluate("window.hurt") is None
    assert page.locator(".card img, .card script, .card a[href^='javascript']").count() == 0


def test_given_suggestions_of_which_one_may_be_taken_when_one_is_then_it_is_a_draft_and_feedback_is_sent(
    page: Page, address: str
) -> None:
    posted: list[Any] = []
    answer_with(page, [a_card()], posted)
    page.goto(f"{address}/#adult/relapse-workup")

    page.get_by_role("button", name="Add to drafts").first.click()

    expect(page.locator(".done")).to_contain_text("Feedback: 200")
    expect(page.locator("#drafts li")).to_have_count(1)
    expect(page.get_by_role("button", name="Add to drafts")).to_be_disabled()
    assert page.evaluate("document.activeElement.className") == "done"
    assert posted[0]["feedback"][0]["outcome"] == "accepted"
    assert posted[0]["feedback"][0]["acceptedSuggestions"] == [{"id": "5c1b1b50-0000-5000-8000-000000000002"}]


def test_given_a_reason_when_the_card_is_set_aside_then_the_reason_is_sent(page: Page, address: str) -> None:
    posted: list[Any] = []
    answer_with(page, [a_card()], posted)
    page.goto(f"{address}/#adult/relapse-workup")

    page.locator(".override select").select_option("0")
    page.get_by_role("button", name="Set aside").click()

    expect(page.locator(".foot .done")).to_contain_text("Feedback: 200")
    assert page.evaluate("document.activeElement.className") == "done"
    assert posted[0]["feedback"][0]["overrideReason"]["reason"]["code"] == "a"
    assert posted[0]["feedback"][0]["outcome"] == "overridden"


@pytest.mark.parametrize("width", [390, 768, 1280])
def test_given_any_width_when_cards_are_shown_then_the_page_does_not_scroll_sideways(
    page: Page, address: str, width: int
) -> None:
    answer_with(page, [a_card(), a_card(indicator="critical")], [])
    page.set_viewport_size({"width": width, "height": 844})
    page.goto(f"{address}/#adult/relapse-workup")
    expect(page.locator(".card")).to_have_count(2)

    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_given_only_a_keyboard_when_a_draft_is_added_and_signed_then_the_services_are_called(
    page: Page, address: str
) -> None:
    page.goto(f"{address}/#beta-nothing-ordered")
    expect(page.locator("#chart h2")).to_contain_text("Synthetic-Quince")
    page.locator("#add-draft-button").focus()

    page.keyboard.press("Enter")
    expect(page.locator("#drafts li")).to_have_count(1)
    page.locator("#hooks button[data-service=anti-gd2-supportive-care]").focus()
    page.keyboard.press("Enter")

    expect(page.locator("#request")).to_contain_text('"hook": "order-select"')
    expect(page.locator("#request")).to_contain_text("draft-dinutuximab-beta-1")
    expect(page.locator("#status")).to_contain_text("anti-gd2-supportive-care:")


def test_given_no_draft_when_an_order_hook_is_fired_then_the_page_asks_for_one(page: Page, address: str) -> None:
    page.goto(f"{address}/#beta-nothing-ordered")

    page.locator("#hooks button[data-service=relapse-order-check]").click()

    expect(page.locator("#status")).to_contain_text("add one first")


def test_given_the_page_alone_when_it_is_opened_then_the_first_child_is_answered(page: Page, address: str) -> None:
    page.goto(f"{address}/")

    expect(page.locator("#status")).to_contain_text("relapse-workup: ")
    expect(page.locator(".card")).not_to_have_count(0)


def test_given_a_child_around_an_order_when_nothing_is_drafted_then_its_call_on_file_is_sent(
    page: Page, address: str
) -> None:
    page.goto(f"{address}/#beta-nothing-ordered/anti-gd2-supportive-care")

    expect(page.locator("#status")).to_contain_text("call on file spec-order-select-beta")
    expect(page.locator(".card")).not_to_have_count(0)


def test_given_a_card_with_options_when_read_aloud_then_parts_have_names_and_options_are_said_in_words(
    page: Page, address: str
) -> None:
    page.goto(f"{address}/#alk-and-mycn/relapse-regimen")

    card = page.get_by_role("article", name="Choose re-induction")
    expect(card.get_by_role("region", name="Detail of the card")).to_contain_text("Why now")
    expect(card.locator(".standings")).to_contain_text("Sirolimus + irinotecan + dasatinib + temozolomide")
    expect(card.locator(".standings")).not_to_contain_text("LORLATINIB_TOPOCY")
    expect(card.get_by_role("button", name="Add to drafts: Check eligibility: NANT2015-02")).to_be_enabled()
    expect(page.get_by_role("region", name="Request body")).to_contain_text("hookInstance")


def test_given_a_telephone_when_a_card_is_shown_then_its_detail_has_no_scrollbar_of_its_own(
    page: Page, address: str
) -> None:
    page.set_viewport_size({"width": 390, "height": 844})

    page.goto(f"{address}/#alk-and-mycn/relapse-regimen")

    detail = page.locator(".card .long").first
    expect(detail).to_contain_text("Why now")
    assert detail.evaluate("shown => shown.scrollHeight <= shown.clientHeight + 1")


@pytest.mark.parametrize(
    ("child", "said"), [("alk-and-mycn", "reinduction_options: FIRED"), ("leukaemia", "The disease gate stayed shut")]
)
def test_given_an_answer_when_every_rule_is_to_be_explained_then_the_page_says_why_and_why_not(
    page: Page, address: str, child: str, said: str
) -> None:
    page.goto(f"{address}/#{child}/relapse-regimen")

    page.get_by_role("button", name="Explain every rule").click()

    expect(page.locator("#explanation")).to_contain_text(said)


def test_given_a_call_on_file_when_it_is_fired_then_its_own_dialect_is_sent(page: Page, address: str) -> None:
    page.goto(f"{address}/#beta-nothing-ordered")

    page.get_by_role("button", name="epic-order-select").click()

    expect(page.locator("#request")).to_contain_text("com.epic.cdshooks.request.bpa-trigger-action")
    expect(page.locator("#request")).to_contain_text("4101")


def test_given_words_when_children_are_searched_then_only_those_remain(page: Page, address: str) -> None:
    page.goto(f"{address}/")

    page.locator("#filter").fill("alk germline")

    expect(page.locator("#child option")).to_have_count(1)
