"""Plain text for the wire: what came from a chart or a file becomes one harmless, measured line.

Place in the flow: summaries, labels and order texts are made here; `cards.markdown` builds on it.
May not: let through a line break, a control, bidi or zero-width character, an address that a client would
turn into a link, or the start of an HTML tag.
"""

from __future__ import annotations

import re
import unicodedata

ELLIPSIS = "…"

LIMIT = 1000
"""Longest string that is taken over, in UTF-16 units; a longer one is cut at a word."""

_DROPPED = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
"""Control, format (bidi, zero width), surrogate, private and unassigned characters say nothing on a card."""

_DOMAINS = "[^\\W\\d_]{2}|biz|com|edu|gov|net|org|pro|web|xxx|aero|asia|coop|info|museum|name|shop|xn--"
"""What linkify-it takes for the end of a host name: two letters, and its default list."""

_ADDRESS = re.compile(
    rf"/(?=/)|(?<=ww)(?=w(?:\.|$))|(?<=\S)@(?=\S)|(?<=\S)\.(?=(?:{_DOMAINS})(?![^\W\d_]))",
    re.IGNORECASE,
)
_DOT_OR_WWW = re.compile(r"\.[^\W\d_]|www", re.IGNORECASE)
"""Without one of these, "//" or "@" there is no address; looking first halves the time of a card."""

_BROKEN = {"/": "/ ", "": " ", "@": " @ ", ".": ". "}

_QUOTE = "\u2039"
_TAG = re.compile(r"<(?=[A-Za-z/!?]|$)")


def utf16_length(text: str) -> int:
    """Return how many UTF-16 units a string has, which is what a JavaScript client calls its length."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def shorten(text: str, limit: int) -> str:
    """Return at most `limit` UTF-16 units of a string, cut between words with an ellipsis where possible."""
    if utf16_length(text) <= limit:
        return text
    head = text.encode("utf-16-le")[: 2 * (limit - 1)].decode("utf-16-le", "ignore")
    at_word = head.rpartition(" ")[0] or head
    return at_word.rstrip(" ,;:.-") + ELLIPSIS


def clean(text: str, limit: int = LIMIT) -> str:
    """Return one line: white space folded, characters that say nothing dropped, cut to `limit`."""
    taken = text[: 4 * limit]
    if not (taken.isascii() and taken.isprintable()):
        taken = "".join(_visible(character) for character in taken)
    return shorten(" ".join(taken.split()), limit)


def break_addresses(text: str) -> str:
    """Return the text with a blank inside every web or mail address, so that no client makes it a link.

    Clients look for addresses in the parsed text, after backslashes and entities are gone; only a
    character between helps, and a blank is one that people can see.
    """
    if "//" in text or "@" in text or _DOT_OR_WWW.search(text):
        return _ADDRESS.sub(lambda found: _BROKEN[found.group()], text)
    return text


def plain(text: str, limit: int = LIMIT) -> str:
    """Return text for a member that is not Markdown: clean, no address in it, no "<" before a name."""
    return shorten(_TAG.sub(_QUOTE, break_addresses(clean(text, limit))).strip(), limit)


def _visible(character: str) -> str:
    if character.isspace():
        return " "
    return "" if unicodedata.category(character) in _DROPPED else character
