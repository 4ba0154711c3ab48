"""The report of what became of the cards: on a page without scripts, and at the command line."""

from __future__ import annotations

import re
import sqlite3
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from cds_server.cli import main
from cds_server.store.report import Report, ReportRow
from cds_server.web.report_page import page_of
from tests.contract.checker import check_error
from tests.integration.live import Live, live_server
from tests.integration.production import production, signed, signed_by_other
from tests.unit.toy_pathway import a_call

ALLOWED = {
    *("html", "head", "meta", "title", "style", "body", "h1", "h2", "p", "section", "dl", "div", "dt", "dd", "span"),
    *("small", "table", "thead", "tbody", "tr", "th", "td", "svg", "rect"),
}


class Elements(HTMLParser):
    """Which elements and attributes a page has, and the text of its cells."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.attributes: set[str] = set()
        self.rows: list[list[str]] = []
        self._is_in_row = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.add(tag)
        self.attributes.update(name for name, _ in attrs)
        if tag == "tr":
            self.rows.append([])
            self._is_in_row = True

    def handle_endtag(self, tag: str) -> None:
        self._is_in_row = self._is_in_row and tag != "tr"

    def handle_data(self, data: str) -> None:
        if self._is_in_row:
            self.rows[-1].append(data)


@dataclass(frozen=True, slots=True)
class Served:
    """A server with its database."""

    live: Live
    file: Path

    def show(self) -> dict[str, Any]:
        """Have a card shown; return it."""
        body = a_call(hookInstance=str(uuid.uuid4()), context={"patientId": "p1", "userId": str(uuid.uuid4())})
        card: dict[str, Any] = self.live.post(body).json()["cards"][0]
        return card

    def answer(self, card: dict[str, Any], **more: Any) -> None:
        item = {"card": card["uuid"], "outcome": "overridden", "outcomeTimestamp": "2026-11-22T10:00:00Z", **more}
        url = f"{self.live.url}/cds-services/toy-view/feedback"
        assert self.live.session.post(url, json={"feedback": [item]}, timeout=10).status_code == 200

    def page(self, query: str = "") -> Any:
        return self.live.session.get(f"{self.live.url}/feedback/report{query}", timeout=10)


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    file = tmp_path / "cds.db"
    with live_server(database_url=f"sqlite:///{file}", memory_days=0) as live:
        yield Served(live, file)


def answered(served: Served) -> None:
    """Six cards: one accepted, four overridden for three reasons and none, one left alone."""
    cards = [served.show() for _ in range(6)]
    reasons = [
        {"reason": {"code": "on-trial", "system": "urn:relapse-cds:override-reason"}},
        {"reason": {"code": "on-trial", "system": "urn:relapse-cds:override-reason"}},
        {"reason": {"code": "<b>Miller</b>", "system": "x"}},
        {"userComment": "x"},
    ]
    for card, reason in zip(cards, reasons, strict=False):
        served.answer(card, overrideReason=reason)
    served.answer(cards[4], outcome="accepted", acceptedSuggestions=[{"id": "x"}])
    served.answer({"uuid": str(uuid.uuid4())})


def test_given_answered_cards_when_the_page_is_read_then_it_counts_them_by_service_topic_week_and_reason(
    served: Served,
) -> None:
    answered(served)

    page = Elements(served.page().text)

    assert ["toy-view", "6", "1", "4", "1"] in page.rows
    assert ["OutOfScope", "6", "1", "4", "1"] in page.rows
    assert any(re.fullmatch(r"\d{4}-W\d\d", row[0]) and row[1:] == ["6", "1", "4", "1"] for row in page.rows if row)
    assert [row for row in page.rows if len(row) == 2][:3] == [
        ["On a clinical trial that says otherwise", "2"],
        ["No reason given", "1"],
        ["A reason of the client's own", "1"],
    ]
    assert "not on record: 1." in served.page().text


def test_given_the_page_when_a_browser_gets_it_then_it_may_run_nothing_and_load_nothing(served: Served) -> None:
    answered(served)

    answer = served.page()

    page = Elements(answer.text)
    assert page.names <= ALLOWED
    assert not page.attributes & {"style", "src", "href", "onclick", "onload"}
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'; style-src 'sha256-")
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    ("query", "days"), [("", 90), ("?days=7", 7), ("?days=0", 1), ("?days=x", 90), ("?days=9999", 365)]
)
def test_given_a_number_of_days_when_the_page_is_read_then_it_goes_back_so_far_and_within_what_is_kept(
    served: Served, query: str, days: int
) -> None:
    page = served.page(query).text

    assert f"in the last {days} days" in page
    assert "No card was shown in this time." in page


def test_given_words_that_are_markup_when_the_page_is_written_then_they_stay_words() -> None:
    row = ReportRow(
        service="<script>", topic='"><b>', week="2026-W01", shown=1, accepted=0, overridden=1, reasons=(("<i>", 1),)
    )

    page = page_of(Report((row,)), "<client>", 90)

    assert Elements(page).names <= ALLOWED
    assert "&lt;script&gt;" in page


def test_given_a_server_that_keeps_nothing_when_the_page_is_read_then_it_is_empty() -> None:
    with live_server(database_url="") as live:
        assert "No card was shown" in Served(live, Path()).page().text


def test_given_a_database_that_is_gone_when_the_page_is_read_then_the_answer_says_so(served: Served) -> None:
    with sqlite3.connect(served.file) as connection:
        connection.execute("DROP TABLE shown_card")
    connection.close()

    answer = served.page()

    assert answer.status_code == 503
    assert check_error(answer.content)["issue"][0]["code"] == "transient"


@pytest.mark.req("AUTH-01")
def test_given_two_ehrs_when_each_reads_the_page_then_it_sees_its_own_cards_alone(tmp_path: Path) -> None:
    """Hazard: one hospital learns what another decides."""
    with production(tmp_path, CDS_WORKERS="1") as server:
        assert server.call(a_call()).status_code == 200
        mine, theirs = (
            server.ask("GET", "/feedback/report", token("/feedback/report")) for token in (signed, signed_by_other)
        )

    assert "toy-view" in mine.text
    assert "toy-view" not in theirs.text
    assert "Shown to other" in theirs.text


def run(*arguments: str, **variables: str) -> str:
    result = CliRunner().invoke(main, list(arguments), env=variables, catch_exceptions=False)
    return f"{result.exit_code} {result.output}"


def test_given_answered_cards_when_reported_at_the_command_line_then_the_numbers_are_the_same(served: Served) -> None:
    answered(served)
    url = f"sqlite:///{served.file}"

    told = run("feedback", "report", "--days", "7", CDS_DATABASE_URL=url)

    assert re.search(r"toy-view +OutOfScope +6 +1 +4 +1\n", told)
    assert re.search(r" 2 on-trial\n", told)
    assert "not known here: 1" in told


def test_given_an_empty_file_when_upgraded_at_the_command_line_then_it_has_the_newest_schema(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'cds.db'}"

    assert run("db", "upgrade", CDS_DATABASE_URL=url) == "0 schema version 0001\n"
    assert run("feedback", "report", CDS_DATABASE_URL=url).startswith("0 week")


def test_given_no_usable_database_when_reported_at_the_command_line_then_one_line_says_so(tmp_path: Path) -> None:
    nowhere = f"sqlite:///{tmp_path / 'no' / 'cds.db'}"

    assert run("feedback", "report", CDS_DATABASE_URL=nowhere).startswith("1 Error: the database does not answer")
    assert run("db", "upgrade", CDS_DATABASE_URL=nowhere).startswith("1 Error: the database does not answer")
