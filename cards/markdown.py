"""Typed Markdown: text from a chart or a file goes in as `str`, only what these builders make is `Markdown`.

Place in the flow: `cards.anatomy` draws the detail of a card with it.
May not: let a plain string make an element. Clients differ: some render raw HTML, some find addresses in
the text by themselves (react-markdown with remark-gfm and rehype-raw; CommonMark with linkify), some show
the raw text; so as little as possible is escaped, and nothing that could be markup is left.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NewType
from urllib.parse import quote, urlsplit

from cards.lettering import tall
from cards.plain import LIMIT, break_addresses, clean
from hooks.errors import InvalidOutput

Markdown = NewType("Markdown", str)
"""GitHub Flavored Markdown that holds no element but ours."""

_INLINE = re.compile(
    r"[*`\[\]]"  # emphasis, code, links, images, footnotes, task boxes
    r"|(?<=\S)~|~(?![\d\s])"  # strikethrough; a tilde before a number ("~5 cm") cannot close one
    r"|(?<![^\W_])_|_(?![^\W_])"  # emphasis; an underscore inside a word makes none
    r"|\\(?=[!-/:-@\[-`{-~]|$)"  # a backslash that would escape something
    r"|&(?=#|[A-Za-z][A-Za-z0-9]+;)"  # an entity
    r"|<(?=[A-Za-z/!?]|$)"  # a tag, a comment, an autolink
)
_MARKS = frozenset("*`[]~_\\&<")
"""Every character that `_INLINE` may find; most text has none."""

_ENTITY = {"&": "&amp;", "<": "&lt;"}

_LEADING = re.compile(r"(?P<number>\d{1,9})(?=[.)](?:\s|$))|(?=#{1,6}(?:\s|$)|[-+](?:[\s-]|$)|>|=+$)")
"""What would make a block of the first words of a line: list, heading, quotation, rule, underline."""


def text(plain_text: str, limit: int = LIMIT) -> Markdown:
    """Return a plain string as one line of Markdown that shows its characters, none of them as markup."""
    inline = break_addresses(tall(clean(plain_text, limit))).strip()
    if not _MARKS.isdisjoint(inline):
        inline = _INLINE.sub(_escape_mark, inline)
    return Markdown(_LEADING.sub(r"\g<number>\\", inline, count=1) if _LEADING.match(inline) else inline)


def bold(content: Markdown) -> Markdown:
    """Return strong text; nothing for nothing."""
    return Markdown(f"**{content}**") if content else content


def link(label: str, url: str) -> Markdown:
    """Return a link of ours. Raises InvalidOutput unless the address is absolute http(s)."""
    parts = urlsplit(url)
    if parts.scheme not in {"https", "http"} or not parts.hostname:
        raise InvalidOutput("A link of a card is not an absolute address.")
    return Markdown(f"[{text(label)}]({quote(url, safe=':/?#=&%~+,;@!$-._')})")


def words(*parts: Markdown) -> Markdown:
    """Return the parts side by side, one blank between them."""
    return Markdown(" ".join(part for part in parts if part))


def bullets(items: Iterable[Markdown]) -> Markdown:
    """Return a list, one item per line; an item may hold a list of its own."""
    return Markdown("\n".join("- " + item.replace("\n", "\n  ") for item in items if item))


def lines(*parts: Markdown) -> Markdown:
    """Return a first line with what stands below it (a list inside a list item)."""
    return Markdown("\n".join(part for part in parts if part))


def document(blocks: Iterable[Markdown]) -> Markdown:
    """Return the blocks one below the other, an empty line between them."""
    return Markdown("\n\n".join(block for block in blocks if block))


def _escape_mark(found: re.Match[str]) -> str:
    mark = found.group()
    return _ENTITY.get(mark, "\\" + mark)
