"""One spelling for what charts write in several: contractions, typographic dashes, marks in brackets, gene names.

Place in the flow: `hooks.facts.clauses` and `hooks.facts.text` read what comes from here. May not: judge it.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

MAX_LENGTH = 20_000
"""Characters of one text that are examined."""

LATEST = 64
"""Texts whose spelling is kept: one text is asked about forty things in one call (2 ms each time for 9,000 letters)."""

DNA_CHANGE = "dnachange"
"""What a change of DNA (c.3522C>A) is spelled as: one word, which nobody translates here."""

COUNTED_NONE = "countednone"
"""What a count of nought ("0 %", "0/200", "zero") is spelled as: one word, of which nothing is affirmed."""

TITLE_ENDS = "titleends"
"""What a colon behind the name of a genetic finding is spelled as: what stands before it only asks."""

_TYPOGRAPHY = str.maketrans({
    **dict.fromkeys("\u2010\u2011\u2012\u2212", "-"),
    **dict.fromkeys("\u2018\u2019\u02bc\u2032\u00b4`", "'"),
    **dict.fromkeys("\u200b\u200c\u200d\u2060\ufeff\u00ad"),
})  # fmt: skip
_REWRITTEN = tuple(
    (re.compile(pattern, re.IGNORECASE), meant)
    for pattern, meant in (
        (r"[^\S\n]{2,}|[^\S\n ]", " "),
        (r"\bcan(?:'t| not)\b", "cannot"),
        (r"n't\b", " not"),
        (r"\bn/a\b", "unavailable"),
        (r"\bn[- ]?myc\b", "MYCN"),
        (r"\b(non|un|not)[\u2013\u2014](?=\w)", r"\1-"),
        (r"[(\[]\s*[-\u2013]\s*[)\]]", " negative "),
        (r"[(\[]\s*\+\s*[)\]]", " positive "),
        (r"\[ ?\]|[\u2610\u25a1]", " unticked "),
        (r"\[[xX]\]|[\u2611\u2612\u25a0]", " ticked "),
        (r"[:=] ?[-\u2013\u2014/.]{1,9} ?(?=$|[;|,\n])", ": unavailable "),
    )
)
_WRITTEN_ALIKE = (
    ("p.(", "p."),
    ("e.g.", "eg"),
    ("i.e.", "ie"),
    ("vs.", "vs"),
    ("v.a.", "verdacht"),
    ("wild-type", "wildtype"),
    ("wild type", "wildtype"),
    ("uncertain significance", "vus"),
    ("unknown significance", "vus"),
    ("allele frequency", "vaf"),
    ("allelic frequency", "vaf"),
)
_DNA = re.compile(r"\b[cg]\.\s?[\d_+*-]{1,24}(?:[acgt]{1,20}>[acgt]{1,20}|(?:del|ins|dup)[acgt]{0,20})")
_NONE = re.compile(
    r"(?<![\w.,])(?:0{1,3}(?:[.,]0{1,3})?\s?"
    r"(?:%|(?:percent|per cent|cells?|nuclei|reads?)\b|/\s?\d{1,6}\b|(?:out )?of \d{1,6}\b)|(?:zero|nought|naught)\b)"
    r"|\bvaf[ :=]{0,3}0{1,3}(?:[.,]0{1,3})?(?![.,]?\d)"
)
_TITLE = re.compile(
    r"\b((?:amplification|mutation|variant|alteration|aberration|rearrangement|fusion|translocation|deletion|gain|loss"
    r"|expression)s?\b[^.,;:|\n]{0,40}):(?!\d)(?![^.,;|\n]{0,20}\d\s?%)"
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH_NAME = re.compile(
    r"(?<![\w-])(?:(?P<day>\d{1,2})(?:st|nd|rd|th)?\.?[ -])?"
    r"(?P<month>jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec"
    r"|january|february|march|april|august|september|october|november|december)\.?"
    r"[ -](?:(?P<late>\d{1,2})(?:st|nd|rd|th)?,? )?(?P<year>(?:19|20)\d{2})\b",
    re.IGNORECASE,
)
_MONTH_NUMBER = re.compile(r"(?<![\w/.-])(?P<month>0?[1-9]|1[0-2])/(?P<year>(?:19|20)\d{2})(?![\w/-])")
_NAMED_BY_CHANGE = re.compile(
    r"\b([A-Z][A-Z0-9]{2,8})[\s:,(]{1,3}(?:p\.\s?)?\(?(?:[A-Z]\d{1,4}[A-Z*]|[A-Z][a-z]{2}\d{1,4}[A-Z][a-z]{2})\b"
)


@lru_cache(maxsize=LATEST)
def spelled_alike(text: str) -> str:
    """Return the text that is examined: cut, in lower case, one spelling for what has several."""
    lowered = _NONE.sub(f" {COUNTED_NONE} ", _DNA.sub(DNA_CHANGE, typed_alike(text).lower()))
    lowered = _TITLE.sub(rf"\1 {TITLE_ENDS} ", lowered)
    for written, meant in _WRITTEN_ALIKE:
        lowered = lowered.replace(written, meant)
    return lowered


@lru_cache(maxsize=LATEST)
def typed_alike(text: str) -> str:
    """Return the text cut, with plain dashes, apostrophes and blanks, contractions written out, case kept."""
    cut = text[:MAX_LENGTH]
    if not cut.isascii():
        cut = unicodedata.normalize("NFKC", cut.translate(_TYPOGRAPHY))[:MAX_LENGTH]
    for pattern, meant in _REWRITTEN:
        cut = pattern.sub(meant, cut)
    return with_iso_dates(cut)


def with_iso_dates(text: str) -> str:
    """Return the text with what can mean one month or day only as ISO: "May 2026" and "05/2026" as "2026-05".

    The month of May is no "may" of doubt; a date of three numbers ("05/06/2026") means different days in different
    countries and stays as it is.
    """
    named = _MONTH_NAME.sub(_iso_of_name, text)
    return _MONTH_NUMBER.sub(lambda found: f"{found['year']}-{int(found['month']):02d}", named)


def _iso_of_name(found: re.Match[str]) -> str:
    day = found["day"] or found["late"]
    month = f"{found['year']}-{_MONTHS.index(found['month'][:3].lower()) + 1:02d}"
    if found["day"] and found["late"]:
        return found[0]
    return f"{month}-{int(day):02d}" if day else month


def named_by_a_change(text: str) -> frozenset[str]:
    """Return the symbols, in lower case, that stand right before a protein change: "EGFR L858R" names EGFR."""
    return frozenset(match.lower() for match in _NAMED_BY_CHANGE.findall(text[:MAX_LENGTH]))
