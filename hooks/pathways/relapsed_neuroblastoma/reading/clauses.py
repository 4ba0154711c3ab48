"""Clauses of chart text: what is affirmed, what is denied, what is neither.

Place in the flow: readers of reports ask here before they believe a word.
May not: match across clauses, or read a doubt or a past state as a finding.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from enum import StrEnum

from hooks.facts.spelling import typed_alike

_SENTENCE = re.compile(r"[;|\n\r]|\.(?=\s|$)|\b(?:but|however|whereas|although|except)\b", re.IGNORECASE)
_DENIAL = re.compile(
    r"\b(?:no|not|non|without|absent|absence|negative|denies|free of|never|nor|neither|none|resolved|clear of"
    r"|no longer|ruled out|refuted|disproven|denied|failed to|less than|unlikely|un(?:involved|remarkable)|normal)\b"
    r"|\bnon-|\bnon(?=avid)",
    re.IGNORECASE,
)
_LIST_DENIAL = re.compile(r"\b(?:no|without|negative for|free of|clear of|absence of|neither)\b", re.IGNORECASE)
_OWN_VERB = re.compile(
    r"\b(?:new|newly|increas\w*|progress\w*|persist\w*|is|are|was|were|has|have|shows?|shown|there|stable|avid|now"
    r"|positive|known|with|multiple|several)\b",
    re.IGNORECASE,
)
_DOUBT = re.compile(
    r"\b(?:pending|awaited|not (?:tested|done|performed|assessed|evaluable)|insufficient|equivocal|indeterminate"
    r"|suspected|suspicio\w+|possible|possibly|probable|probably|questionable|concern\w*|cannot|to exclude"
    r"|not (?:be )?(?:excluded|confirmed|certain|clear|proven|ruled out)|unconfirmed|uncertain|unclear|in error"
    r"|loss of (?:complete|partial|response|remission)"
    r"|expected|anticipated|would"
    r"|rule out|r/o|if|risk of|previous(?:ly)?|prior|former(?:ly)?|history of|initial(?:ly)?"
    r"|at (?:initial )?diagnosis|mother|father|sibling|family)\b|\?",
    re.IGNORECASE,
)


class Said(StrEnum):
    """What a clause says of the words found in it."""

    AFFIRMED = "affirmed"
    DENIED = "denied"
    OPEN = "open"


def clauses(texts: Iterable[str], about: re.Pattern[str] | None = None) -> Iterator[tuple[str, Said]]:
    """Yield each clause with its polarity; doubt goes before denial. about: only of sentences in which it stands.

    After a comma the denial of a list goes on ("no bone, marrow or liver disease"), until words of its own come.
    """
    for sentence in (part for text in texts for part in _SENTENCE.split(typed_alike(text))):
        if about is not None and not about.search(sentence):
            continue
        in_denied_list = False
        for part in sentence.split(","):
            said = _polarity(part)
            if in_denied_list and said is Said.AFFIRMED and not _OWN_VERB.search(part):
                said = Said.DENIED
            in_denied_list = said is Said.DENIED and (in_denied_list or bool(_LIST_DENIAL.search(part)))
            if part.strip():
                yield part.strip(), said


def affirmed(texts: Iterable[str], pattern: re.Pattern[str], *others: re.Pattern[str]) -> bool:
    """True if one clause affirms all of the patterns together."""
    return any(
        said is Said.AFFIRMED and all(each.search(clause) for each in (pattern, *others))
        for clause, said in clauses(texts, pattern)
    )


def _polarity(clause: str) -> Said:
    if _DOUBT.search(clause):
        return Said.OPEN
    return Said.DENIED if _DENIAL.search(clause) else Said.AFFIRMED
