"""Hazard: the public sandbox draws card.detail with raw HTML allowed and finds addresses in text by itself.

Cards full of hostile chart text, and every golden card, go through the very packages that it uses; what comes
out holds no element, image or link that is not ours. Needs node and `npm ci` in tests/browser/markup.
"""

from __future__ import annotations

import json
import random
import re
import subprocess
from html import unescape
from pathlib import Path

import pytest

from cards.compose import compose
from cards.markdown import bold, bullets, document, lines, link, text, words
from cards.plain import clean
from cards.profiles import PROFILE_NAMES, profile_named
from tests.unit.cards_samples import CALL, PATHWAY, drug_order, regimen, said, workup

pytestmark = pytest.mark.full

FOLDER = Path(__file__).parent / "markup"
GOLDEN = Path(__file__).parent.parent / "golden"
OURS = {"p", "ul", "li", "strong", "a"}
PIECES = [
    *("<script>", "</p>", "<!--", "-->", "<img src=x onerror=alert(1)>", "<a href=//x.y>", "<?", "<![CDATA[", "<"),
    *("<iframe srcdoc=x>", "<form>", "<style>*{}</style>", "<div style=position:fixed>", "<svg/onload=x>"),
    *("![", "[", "]", "](", ")", "[^1]", "[^1]:", "[x]:", "(http://x.yz)", "[ ]", "[x]", "!"),
    *("http://", "https://", "www.", "ftp://", "//", "mailto:", "xmpp:", "a@b.co", "@", "@.", ".com", ".", "evil.com"),
    *("*", "**", "_", "__", "~", "~~", "`", "```", "~~~", "\\", "\\\\", "&", "&lt;", "&#60;", "&#x3c;", "&amp;"),
    *("#", "##", ">", "-", "---", "- ", "+ ", "1.", "1. ", "1)", "===", "|", "|-|", "---|---", ":-:", "    ", "\t"),
    *(
        "\n",
        "\r\n",
        "\u2028",
        "\u200b",
        "\u202e",
        "\ud800",
        "\x00",
        "\u00a0",
        "a",
        "B",
        "MYCN",
        "ALK p.F1174L",
        "5",
        " ",
    ),
]


def rendered(texts: list[str]) -> list[str]:
    """What the sandbox's packages make of the texts."""
    run = subprocess.run(
        ["node", "render.mjs"], cwd=FOLDER, input=json.dumps(texts), capture_output=True, text=True, check=True
    )
    pages: list[str] = json.loads(run.stdout)
    return pages


def elements(page: str) -> list[tuple[str, str]]:
    """Name and attributes of every opening tag."""
    return re.findall(r"<([a-z0-9]+)((?:\s[^>]*)?)>", page)


def shown(page: str) -> str:
    """The characters that a reader sees, blanks left out."""
    return "".join(unescape(re.sub(r"<[^>]*>", "", page)).split())


@pytest.fixture(scope="module")
def hostile() -> list[str]:
    chance = random.Random(20260922)  # noqa: S311  # reproducible test data
    return ["".join(chance.choice(PIECES) for _ in range(chance.randint(1, 12))) for _ in range(4000)]


def test_given_hostile_text_when_the_sandbox_draws_it_then_it_is_one_paragraph_that_says_the_same(
    hostile: list[str],
) -> None:
    pages = rendered([text(chart) for chart in hostile])

    for chart, page in zip(hostile, pages, strict=True):
        assert elements(page) == ([("p", "")] if text(chart) else [])
        assert shown(page) == "".join(clean(chart).split())


def test_given_hostile_text_in_our_structure_when_the_sandbox_draws_it_then_only_our_elements_stand(
    hostile: list[str],
) -> None:
    drawn = [
        document(
            (
                bold(text("Options")),
                bullets(
                    [text(chart), lines(words(bold(text("Option")), text(chart)), bullets([text(f"For: {chart}")]))]
                ),
                words(text("EV:"), link(chart or "x", "https://example.org/x"), text(chart)),
            )
        )
        for chart in hostile
    ]

    for page in rendered([str(markdown) for markdown in drawn]):
        found = elements(page)
        assert {name for name, _ in found} <= OURS
        assert [attributes for _, attributes in found if attributes] == [' href="https://example.org/x"']


@pytest.mark.parametrize("name", PROFILE_NAMES)
def test_given_hostile_cards_when_the_sandbox_draws_them_then_only_our_elements_stand(
    hostile: list[str], name: str
) -> None:
    cards = [
        card
        for chart in hostile[:150]
        for card in compose(
            said(
                workup(why_now=(chart,), points=(chart,), not_when=(chart,), orders=(drug_order(dosage_text=chart),)),
                regimen(would_change_if=(chart,)),
            ),
            CALL,
            PATHWAY,
            profile_named(name),
        ).cards
    ]

    links = set()
    for page in rendered([card.detail for card in cards]):
        found = elements(page)
        assert {tag for tag, _ in found} <= OURS
        links |= {attributes for _, attributes in found if attributes}
    assert links == {' href="https://doi.org/10.1016/S1%2818%292"'}


def test_given_every_golden_card_when_the_sandbox_draws_it_then_only_our_elements_and_its_sources_stand() -> None:
    answers = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(GOLDEN.rglob("*.json"))]
    details = [
        card["detail"]
        for answer in answers
        if isinstance(answer, dict)
        for card in answer.get("cards", answer.get("response", {}).get("cards", []))
    ]

    for page in rendered(details):
        found = elements(page)
        assert {name for name, _ in found} <= OURS
        assert all(re.fullmatch(r' href="https?://[^"]+"', attributes) for name, attributes in found if name == "a")
        assert not [attributes for name, attributes in found if name != "a" and attributes]
