"""Card Markdown as safe HTML for the demo page: no raw HTML, no images, links only to http addresses.

Place in the flow: the page posts `detail` here and shows what comes back. May not: fetch anything, or be trusted
by any other client: escaping what comes from a chart is the work of `cards.markdown`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token


class _PageRenderer(RendererHTML):
    """Marks every link as leading elsewhere and wraps tables so that they scroll on a telephone."""

    def link_open(self, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
        tokens[index].attrSet("target", "_blank")
        tokens[index].attrSet("rel", "noopener noreferrer")
        return self.renderToken(tokens, index, options, env)

    def table_open(self, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
        return f'<div class="scroll">{self.renderToken(tokens, index, options, env)}'

    def table_close(self, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
        return f"{self.renderToken(tokens, index, options, env)}</div>"


def _only_http(url: str) -> bool:
    return url.lower().startswith(("https://", "http://"))


def _markdown() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False, "breaks": False}, renderer_cls=_PageRenderer)
    parser.enable(["table", "strikethrough"]).disable(["image", "html_block", "html_inline"])
    parser.validateLink = _only_http  # type: ignore[method-assign]  # the library's own way to narrow links
    return parser


_PARSER = _markdown()


def to_html(markdown: str) -> str:
    """Return GitHub-flavoured Markdown as HTML that holds no element, image or link beyond Markdown's own."""
    html: str = _PARSER.render(markdown)
    return html
