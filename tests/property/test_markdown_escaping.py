"""Hazard: a chart text becomes an element of the page in which a clinician reads a card.

Whatever stands in a chart, a Markdown renderer that allows raw HTML and looks for addresses itself makes of it
the characters that were there, and nothing else.
"""

from __future__ import annotations

import re
from html import unescape

from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from cards.markdown import bold, bullets, document, lines, link, text, words
from cards.plain import clean, plain, utf16_length

GFM = MarkdownIt("gfm-like", {"html": True, "linkify": True})
COMMONMARK = MarkdownIt("commonmark", {"html": True})

PIECES = [
    *("<script>", "</p>", "<!--", "-->", "<img src=x onerror=alert(1)>", "<a href=//x.y>", "<?", "<![CDATA[", "<"),
    *("![", "[", "]", "](", ")", "[^1]", "[^1]:", "[x]:", "(http://x.yz)", "[ ]", "[x]", "!"),
    *(
        "http://",
        "https://",
        "www.",
        "ftp://",
        "//",
        "mailto:",
        "xmpp:",
        "a@b.co",
        "@",
        ".com",
        ".",
        "evil.com",
        "x.de",
    ),
    *("localhost", "192.168.0.1", "xn--p1ai", "javascript:"),
    *("*", "**", "_", "__", "~", "~~", "`", "```", "~~~", "\\", "\\\\", "&", "&lt;", "&#60;", "&#x3c;", "&amp;"),
    *("#", "##", ">", "-", "---", "- ", "+ ", "1.", "1. ", "1)", "===", "|", "|-|", "---|---", ":-:", "    ", "\t"),
    *("\n", "\r\n", "\u2028", "\u0085", "\u200b", "\u202e", "\ufeff", "\ud800", "\x00", "\u00a0", "\U000e0041"),
    *("a", "B", "MYCN", "ALK p.F1174L", "5", " ", "😀", "é", "пример.рф", "\uff1a", "\uff1cscript\uff1e"),
]
hostile = st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=4)), max_size=14).map("".join)


def tokens(markdown: str, renderer: MarkdownIt = GFM) -> list[Token]:
    """All tokens, those inside inline ones included."""
    return [part for token in renderer.parse(markdown) for part in (token, *(token.children or ()))]


def kinds(markdown: str, renderer: MarkdownIt = GFM) -> list[str]:
    """The kinds of elements that a renderer makes, text left out."""
    return [token.type for token in tokens(markdown, renderer) if token.type not in {"text", "inline", "text_special"}]


def shown(markdown: str) -> str:
    """The characters that a reader sees of a paragraph."""
    return unescape(re.sub(r"<[^>]*>", "", GFM.render(markdown))).strip("\n")


@settings(max_examples=500, deadline=None)
@given(hostile)
@example("1.com")
@example("a@.b.co")
@example("www")
@example("x@y.co")
@example("\\<b>")
@example("&amp;lt;")
def test_given_any_text_when_it_is_a_paragraph_then_it_is_one_paragraph_of_text(chart: str) -> None:
    escaped = text(chart)

    for renderer in (GFM, COMMONMARK):
        assert kinds(escaped, renderer) == (["paragraph_open", "paragraph_close"] if escaped else [])


@settings(max_examples=300, deadline=None)
@given(hostile)
def test_given_any_text_when_rendered_then_the_reader_sees_what_the_chart_said(chart: str) -> None:
    seen = shown(text(chart))

    assert "".join(seen.split()) == "".join(clean(chart).split())


@settings(max_examples=250, deadline=None)
@given(st.lists(hostile, min_size=1, max_size=5))
def test_given_any_texts_in_our_structure_when_rendered_then_only_our_elements_stand(charts: list[str]) -> None:
    first = charts[0] or "x"
    drawn = document(
        (
            bold(text("Read in the chart")),
            bullets(text(chart) for chart in charts),
            words(text("Knowledge:"), text(first), link(first, "https://example.org/a(b)")),
            bullets(
                [lines(words(bold(text("Option")), text(first)), bullets(text(f"For: {chart}") for chart in charts))]
            ),
        )
    )

    made = kinds(drawn)

    allowed = {"paragraph", "bullet_list", "list_item", "strong", "link"}
    assert {kind.removesuffix("_open").removesuffix("_close") for kind in made} <= allowed
    assert [token.attrGet("href") for token in tokens(drawn) if token.type == "link_open"] == [
        "https://example.org/a%28b%29"
    ]
    assert made.count("list_item_open") == len([chart for chart in charts if text(chart)]) + 1 + len(charts)
    assert made.count("strong_open") == 2


@settings(max_examples=500, deadline=None)
@given(hostile, hostile)
def test_given_two_texts_side_by_side_when_rendered_then_they_make_nothing_together(left: str, right: str) -> None:
    assert set(kinds(words(text(left), text(right)))) <= {"paragraph_open", "paragraph_close"}


@settings(max_examples=500, deadline=None)
@given(hostile, st.integers(min_value=2, max_value=60))
def test_given_any_text_when_plain_then_it_is_one_clean_line_within_its_limit(chart: str, limit: int) -> None:
    sent = plain(chart, limit)

    assert utf16_length(sent) <= limit
    assert len(sent.splitlines()) <= 1
    assert not re.search(r"<[A-Za-z/!?]|://|www\.", sent, re.IGNORECASE)
    sent.encode("utf-8")
    assert not [token for token in tokens(sent.replace("[", "").replace("<", "")) if token.type == "link_open"]


@given(hostile)
def test_given_any_text_when_cleaned_twice_then_nothing_more_changes(chart: str) -> None:
    once = clean(chart)

    assert clean(once) == once
