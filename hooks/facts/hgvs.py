"""Protein changes in every spelling: NP_004295.2:p.(Phe1174Leu), p.F1174L and F1174L are one.

Place in the flow: `hooks.facts.genomics` and text readers normalise with it. May not: translate DNA, or know a gene.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

_LONGEST = 2000
_ONE_LETTER = {
    **dict(zip(["ala", "arg", "asn", "asp", "cys", "gln", "glu", "gly", "his", "ile"], "ARNDCQEGHI", strict=True)),
    **dict(zip(["leu", "lys", "met", "phe", "pro", "ser", "thr", "trp", "tyr", "val"], "LKMFPSTWYV", strict=True)),
    "ter": "*",
    "*": "*",
}
_LETTERS = frozenset(_ONE_LETTER.values())
_CHANGE = re.compile(
    r"(?<![A-Za-z0-9_>])([A-Za-z]{3}|[A-Za-z])(\d{1,5})([A-Za-z]{3}|[A-Za-z*])(?![A-Za-z0-9>])",
)
_FREQUENCY = re.compile(
    r"\b(?:VAF|MAF|AF|allele (?:frequency|fraction)|allelic (?:frequency|fraction))\b\W{0,12}(\d+(?:\.\d+)?)\s?%",
    re.IGNORECASE,
)
_SAME_SENTENCE = re.compile(r"[;\n]|\.\s")
_SILENT = re.compile(r"p\.\(?(?:[A-Za-z]{1,3}\d{1,5})?(?:=|\?)")


def protein_changes(text: str) -> tuple[str, ...]:
    """Return the substitutions named in a text, one-letter ("F1174L"), each once, in order.

    Silent ("p.Phe1174=", "p.=") and unknown ("p.?") changes, frameshifts and deletions are none.
    """
    return tuple(dict.fromkeys(_changes(_plain(text[:_LONGEST]))))


def _plain(text: str) -> str:
    """Return the text with plain letters and blanks, and with a blank behind a symbol that an underscore joins."""
    return _JOINED.sub(r"\1 ", unicodedata.normalize("NFKC", text))


_JOINED = re.compile(r"\b([A-Z][A-Z0-9]{1,8})_(?=p\.|[A-Z])")


def told_frequency(text: str, change: str) -> float | None:
    """Return the allele fraction, between 0 and 1, that a text gives behind a change in the same sentence.

    None where it gives none, gives it in another unit than per cent, or names another change in between.
    """
    for match in _CHANGE.finditer(text[:_LONGEST]):
        if _written(match) == change:
            rest = _SAME_SENTENCE.split(text[match.end() : _LONGEST])[0]
            found = _FREQUENCY.search(rest)
            if found and not protein_changes(rest[: found.start()]) and float(found[1]) <= 100:
                return float(found[1]) / 100
    return None


def is_silent(text: str) -> bool:
    """True for "p.=", "p.Phe1174=" and "p.?": the protein is not changed, or nobody knows."""
    return bool(_SILENT.search(text[:_LONGEST]))


def _changes(text: str) -> Iterator[str]:
    for match in _CHANGE.finditer(text):
        if written := _written(match):
            yield written


def _written(match: re.Match[str]) -> str:
    """Return one substitution, one-letter, or "" for what is none."""
    before, after = _letter(match.group(1)), _letter(match.group(3))
    return f"{before}{match.group(2)}{after}" if before and after and before != after else ""


def _letter(written: str) -> str:
    if len(written) == 1:
        return written.upper() if written.upper() in _LETTERS else ""
    return _ONE_LETTER.get(written.lower(), "")
