"""Card Markdown becomes HTML that holds nothing but Markdown's own elements."""

from __future__ import annotations

import re

import pytest

from cds_server.demo.rendering import to_html


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "text <iframe srcdoc='x'></iframe>",
        "![x](https://evil.example.org/x.png)",
        "[x](javascript:alert(1))",
        "[x](data:text/html;base64,AAAA)",
        "<style>*{display:none}</style>",
        "<https://a.example.org/\"onmouseover='x'>",
    ],
)
def test_given_hostile_text_from_a_chart_when_rendered_then_no_element_or_image_of_it_lives(hostile: str) -> None:
    """Hazard: free text of a chart runs as script in the clinician's browser."""
    html = to_html(hostile)

    assert not re.search(r"<(script|img|iframe|style|form|svg)", html)
    assert not re.search(r'href="(?!https?://)', html)
    assert not re.search(r"<[^>]*\son\w+=", html)


def test_given_a_link_when_rendered_then_it_opens_elsewhere_without_telling_where_from() -> None:
    html = to_html("[EJC 2026](https://doi.org/10.1016/j.ejca.2026.116254)")

    assert html == (
        '<p><a href="https://doi.org/10.1016/j.ejca.2026.116254" target="_blank" rel="noopener noreferrer">'
        "EJC 2026</a></p>\n"
    )


def test_given_a_table_when_rendered_then_it_can_scroll() -> None:
    html = to_html("| a | b |\n|---|---|\n| 1 | 2 |\n")

    assert html.startswith('<div class="scroll"><table>')
    assert html.rstrip().endswith("</div>")
    assert html.count("<td>") == 2


def test_given_plain_markdown_when_rendered_then_emphasis_and_lists_stand() -> None:
    html = to_html("**Why now**\n\n- one\n- two\n")

    assert "<strong>Why now</strong>" in html
    assert html.count("<li>") == 2
