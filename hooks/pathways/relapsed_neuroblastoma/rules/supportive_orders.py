"""The draft order of one missing item of supportive care, in words and codes.

Place in the flow: `supportive_cards` collects these on a card. May not: decide whether an item is missing, preselect
a drug, or write a dose outside of the text.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from hooks.pathways.relapsed_neuroblastoma.facts import Facts
from hooks.pathways.relapsed_neuroblastoma.knowledge.engineering import Engineering
from hooks.pathways.relapsed_neuroblastoma.knowledge.supportive import SupportiveLibrary
from hooks.pathways.relapsed_neuroblastoma.knowledge.supportive_items import OrderItem
from hooks.pathways.relapsed_neuroblastoma.rules.courses import Course
from hooks.pathways.relapsed_neuroblastoma.rules.dosing import DoseText, dose_text
from hooks.pathways.relapsed_neuroblastoma.rules.needs import MissingItem
from hooks.recommendation import OrderKind, ProposedOrder
from hooks.terminology.codes import Code
from hooks.terminology.table import TABLE


@dataclass(frozen=True, slots=True)
class Setting:
    """What every line and order of a card is built from."""

    facts: Facts
    library: SupportiveLibrary
    engineering: Engineering
    as_of: date


def dose_of(item: OrderItem, setting: Setting) -> DoseText:
    """Return the dose of a drug in words with what it rests on; nothing for monitoring."""
    if not item.is_drug:
        return DoseText("")
    return dose_text(item, setting.facts, setting.library.sizes, setting.engineering, setting.as_of)


def order_of(entry: MissingItem, course: Course, dose: DoseText, setting: Setting) -> ProposedOrder:
    """Return the draft of a missing item: a drug with its dose in words, monitoring as a request."""
    item = entry.item
    name = _name_of(entry, setting.library)
    route = f" Route: {item.route}." if item.is_drug and item.route else ""
    cited = f"Source: {', '.join(item.sources)}."
    return ProposedOrder(
        kind=OrderKind.MEDICATION_REQUEST if item.is_drug else OrderKind.SERVICE_REQUEST,
        item=item.id,
        label=f"{name.partition(' (')[0]}, {_day_words(entry)}",
        text=name,
        codes=_codes(entry, setting.library),
        category=_category(entry, setting.library),
        dosage_text=f"{dose.text}{route} {_sentence(item.timing)} {cited} Verify before signing."
        if item.is_drug
        else "",
        note=" ".join(_notes(entry, course, cited)),
        occurrence=None if entry.due is None else max(entry.due, setting.as_of),
        recommended=not item.is_drug and entry.due is not None,
        reason=(setting.facts.diagnosis_reference,) if setting.facts.diagnosis_reference else (),
        supporting=tuple(dict.fromkeys(order.reference for order in course.orders)),
    )


def _name_of(entry: MissingItem, library: SupportiveLibrary) -> str:
    """Return the item's name; of a composite one only what is missing."""
    if len(entry.checks) < len(entry.item.checks):
        return ", ".join(library.checks[name].name for name in entry.checks)
    return entry.item.name


def _day_words(entry: MissingItem) -> str:
    day = f"day {entry.item.start_day}"
    if entry.due is None:
        return day
    return f"{day} ({entry.due}{', overdue' if entry.overdue else ''})"


def _notes(entry: MissingItem, course: Course, cited: str) -> Iterator[str]:
    """Yield what a reader of the order needs; the text of a dose has its timing and source beside it."""
    item = entry.item
    since = f", overdue since {entry.due}" if entry.overdue else f", {entry.due}" if entry.due else ""
    yield f"For {course.name}, day {item.start_day}{since}: {item.indication}."
    if not item.is_drug:
        yield _sentence(item.timing)
    if item.note:
        yield _sentence(item.note)
    if not item.is_drug:
        yield cited


def _sentence(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}."


def _codes(entry: MissingItem, library: SupportiveLibrary) -> tuple[Code, ...]:
    """Return the drug's codes, or the code of a single check; a composite order is said in words only."""
    if entry.item.is_drug:
        return TABLE.codes(entry.item.drug) if entry.item.drug else ()
    code = library.checks[entry.checks[0]].code
    return TABLE.codes(code)[:1] if len(entry.checks) == 1 and code else ()


def _category(entry: MissingItem, library: SupportiveLibrary) -> tuple[Code, ...]:
    if not entry.checks:
        return ()
    wanted = library.checks[entry.checks[0]].category
    return tuple(code for code in TABLE.codes("observation.category") if code.code == wanted)
