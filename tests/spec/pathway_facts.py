"""The public names of facts and their states, as the pathway's README lists them: read from the vocabulary itself."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator, Mapping
from dataclasses import fields
from datetime import date
from enum import StrEnum
from typing import Any, get_args, get_origin, get_type_hints

from hooks.facts.fact import Confidence, Why, YesNo
from hooks.facts.measurements import Measurement
from hooks.pathways.relapsed_neuroblastoma.board import FindingKind
from hooks.pathways.relapsed_neuroblastoma.facts import Facts, Molecular, ResponseResult, WorkupItem, WorkupState
from hooks.pathways.relapsed_neuroblastoma.knowledge import KNOWLEDGE
from hooks.pathways.relapsed_neuroblastoma.rules.saying import NAMES

TITLE = "Facts and states"

_INTRO = """The names and states that stand in `relapse-cds.basis` of a card and in the answers of `explain`.
A fact is known, unknown or conflicting. A known one has a state, its confidence ({confidence}), its date and the
resources it was read from; the date of a molecular result is that of the specimen's collection. An unknown one says
why ({why}) and where was looked. A fact that nobody recorded is unknown, never negative.
"""

ORDER_FACTS: Mapping[str, str] = {
    "orders": "the drug or examination as it is ordered, for example `dinutuximab beta`",
    "day_1": "only ever missing: day 1 of the antibody is not on its order",
    "allergies": "the concept, for example `drug.dinutuximab_beta`, or the words of the entry",
    "findings": "one of the findings below",
    "measurements": "the kind, for example `anc`, `saturation`",
    "chart": "only ever missing: a part of the chart that could not be had",
}
"""Facts of the order services, and of what is missing, that are no field of Facts."""


def states_of(hint: Any) -> str:
    """Return the states that a Fact of this type can have when it is known, in words where they are not enumerated."""
    (inner,) = get_args(get_args(hint)[0])
    origin = get_origin(inner) or inner
    if origin is Molecular or (origin is frozenset and get_args(inner)[0] is not str):
        several = ", several joined by a comma" if origin is frozenset else ""
        return f"{_listed(get_args(inner)[0])}{several}"
    if isinstance(origin, type) and issubclass(origin, StrEnum):
        return _listed(origin)
    if origin is ResponseResult:
        return _listed(get_type_hints(ResponseResult)["category"])
    return _WORDS[origin]


_WORDS: Mapping[Any, str] = {
    date: "a date, YYYY-MM-DD",
    int: "a number",
    str: "the id of a regimen",
    Measurement: "a value with its unit",
    tuple: "the number of lines",
    frozenset: "ingredients, joined by a comma",
}


def _listed(states: type[StrEnum]) -> str:
    return ", ".join(f"`{state}`" for state in states)


def grouped() -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield the headings inside Facts with the nameable facts below each."""
    heading, names = "", []
    known = {item.name for item in fields(Facts)} & NAMES.keys()
    for line in inspect.getsource(Facts).splitlines():
        if found := re.match(r"    # (.+)$", line):
            if names:
                yield heading, tuple(names)
            heading, names = found[1], []
        elif (found := re.match(r"    (\w+): ", line)) and found[1] in known:
            names.append(found[1])
    if names:
        yield heading, tuple(names)


def text() -> str:
    """Return the whole part."""
    why = ", ".join(f"`{reason}`" for reason in (*Why, "conflicting"))
    hints = get_type_hints(Facts)
    lines = [_INTRO.format(confidence=_listed(Confidence), why=why), "| fact | name | states |", "|---|---|---|"]
    for heading, names in grouped():
        lines.append(f"| *{heading}* | | |")
        lines += [f"| `{name}` | {NAMES[name]} | {states_of(hints[name])} |" for name in names]
    lines.append("| *orders and gaps* | | |")
    lines += [f"| `{name}` | | {states} |" for name, states in ORDER_FACTS.items()]
    regimens = ", ".join(f"`{key}`" for key in KNOWLEDGE.regimens.regimens)
    lines += [
        f"\nItems of the work-up ({_listed(WorkupItem)}) are {_listed(WorkupState)}; `{YesNo.NO}` means that the "
        "chart denies it, or that a list which was read (treatment, drugs, procedures) holds nothing of it.",
        f"\nFindings: {_listed(FindingKind)}.",
        f"\nRegimens: {regimens}.\n",
    ]
    return "\n".join(lines)
