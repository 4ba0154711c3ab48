"""Pages for the family: each sentence about a medicine has a source that the knowledge knows; nothing active inside."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from cds_server.app import create_app
from cds_server.security import OpenDoor
from cds_server.settings import Settings
from cds_server.web.family import FOLDER, PAGES, POLICY, family_blueprint
from hooks.pathways.relapsed_neuroblastoma.knowledge import KNOWLEDGE
from hooks.pathways.relapsed_neuroblastoma.knowledge.supportive import AgentKind

CITED = re.compile(r"\(([A-Z][A-Z0-9-]+(?:, [A-Z][A-Z0-9-]+)*)\)\.?$")
SOURCES = "## Where this comes from"
OURS = ("## Questions to ask", SOURCES)
"""Sections without a clinical statement."""

TEXTS = {path.stem: path.read_text(encoding="utf-8") for path in FOLDER.glob("*.md")}


def statements(text: str) -> list[str]:
    """Every paragraph and list item of the sections that say something about the medicine."""
    found = []
    for section in text.split("\n## ")[1:]:
        title, _, body = section.partition("\n")
        if f"## {title}" not in OURS:
            parts = re.split(r"\n\n|\n(?=- )", body.strip())
            found += [" ".join(part.split()) for part in parts]
    return found


def cited_in(text: str) -> set[str]:
    return {source for line in statements(text) if (match := CITED.search(line)) for source in match[1].split(", ")}


@pytest.fixture
def client() -> FlaskClient:
    app = Flask("family")
    app.register_blueprint(family_blueprint(OpenDoor(Settings())))
    return app.test_client()


def test_given_the_alk_inhibitors_then_each_has_its_page_and_no_other_drug_has_one() -> None:
    """The link on a card must lead somewhere."""
    assert set(PAGES) == set(TEXTS) == set(KNOWLEDGE.supportive.of_kind(AgentKind.ALK_INHIBITOR))


@pytest.mark.parametrize("drug", sorted(TEXTS))
def test_given_a_page_then_every_statement_about_the_medicine_names_its_source(drug: str) -> None:
    without = [line for line in statements(TEXTS[drug]) if not CITED.search(line)]

    assert statements(TEXTS[drug])
    assert without == []


@pytest.mark.parametrize("drug", sorted(TEXTS))
def test_given_a_page_then_its_sources_are_known_and_listed_once_each(drug: str) -> None:
    listed = re.findall(r"^- ([A-Z][A-Z0-9-]+): ", TEXTS[drug].partition(SOURCES)[2], re.MULTILINE)

    assert set(listed) == cited_in(TEXTS[drug])
    assert len(listed) == len(set(listed))
    assert set(listed) <= set(KNOWLEDGE.citations)


@pytest.mark.parametrize(
    ("drug", "said"),
    [
        ("lorlatinib", ["at least 4 hours away", "changes of mood, of memory or of speech", "87 of 100", "grapefruit"]),
        ("crizotinib", ["at least 6 hours away", "fainting", "61 of 100", "R1275Q", "90 days"]),
        ("alectinib", ["factor 50", "7 days after the last dose", "pain in the muscles", "3 months"]),
        ("ceritinib", ["at least 12 hours away", "severe diarrhoea", "great thirst", "6 of 30"]),
    ],
)
def test_given_a_page_then_it_says_what_the_leaflet_says(drug: str, said: list[str]) -> None:
    """LOR-LEAF, GOLDSMITH, CRZ-LEAF, CRZ-AIFA, CRIZ, ALE-LEAF, CER-LEAF, CERI."""
    text = " ".join(TEXTS[drug].split())

    assert [words for words in said if words not in text] == []


@pytest.mark.parametrize("drug", sorted(TEXTS))
def test_given_a_page_when_served_then_it_is_html_that_runs_and_loads_nothing(client: FlaskClient, drug: str) -> None:
    response = client.get(f"/family/{drug}")
    html = response.get_data(as_text=True)

    assert response.status_code == 200
    assert response.content_type == "text/html; charset=utf-8"
    assert response.headers["Content-Security-Policy"] == POLICY
    assert html.count("<h1>") == 1
    assert "Questions to ask" in html
    assert not re.search(r"<script|<img|<link|<iframe|href=|src=|\son\w+=", html)


@pytest.mark.parametrize("name", ["dinutuximab", "../settings", "lorlatinib.md", "%2e%2e%2fapp"])
def test_given_another_name_then_there_is_no_page(client: FlaskClient, name: str) -> None:
    assert client.get(f"/family/{name}").status_code == 404


def test_given_a_page_then_it_asks_for_nothing_but_its_own_style() -> None:
    assert "default-src 'none'" in POLICY
    assert "script-src" not in POLICY
    assert "@media print" in PAGES["lorlatinib"]


def test_given_the_whole_server_when_a_card_links_to_a_page_then_it_is_served_to_anybody() -> None:
    """A family opens the link without a token."""
    client = create_app(Settings(database_url="")).test_client()

    assert client.get("/family/lorlatinib").status_code == 200
    assert client.get("/family/aspirin").get_json()["resourceType"] == "OperationOutcome"
