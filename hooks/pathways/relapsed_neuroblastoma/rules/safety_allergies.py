"""Allergies against the safety items that name them.

Place in the flow: antibody and partner-drug rules turn what comes from here into cards. May not: read an unknown
list as an empty one, or call an allergy proven that is undated or in words only.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache

from hooks.facts.fact import Confidence, Known, Unknown
from hooks.pathways.relapsed_neuroblastoma.board import Allergy
from hooks.pathways.relapsed_neuroblastoma.facts import Facts
from hooks.pathways.relapsed_neuroblastoma.knowledge.supportive_safety import SafetyItem
from hooks.pathways.relapsed_neuroblastoma.rules.safety_cards import Hit, Setting, capped, dated, rests_on
from hooks.pathways.relapsed_neuroblastoma.rules.safety_events import Drug
from hooks.pathways.relapsed_neuroblastoma.rules.safety_orders import drug_name
from hooks.recommendation import Indicator, MissingFact, UsedFact

_DOUBT = {Confidence.CODED: "", Confidence.CODED_LOCAL: "from a local code", Confidence.TEXT: "from text"}
Doubt = Callable[[Allergy], str]
"""What a rule asks about an allergy beyond its source and date; "" where nothing is open."""


def no_doubt(allergy: Allergy) -> str:
    """Ask nothing more."""
    del allergy
    return ""


def about_anaphylaxis(allergy: Allergy) -> str:
    """Ask whether it was an anaphylaxis, where the chart does not say so."""
    return "" if allergy.anaphylaxis else "whether the reaction was an anaphylaxis"


def about_severity(allergy: Allergy) -> str:
    """Ask whether it was severe, where the chart does not say so."""
    return "" if allergy.severe else "whether the reaction was severe"


def allergies_of(facts: Facts) -> tuple[Allergy, ...]:
    """Return the allergies on record; none where the list is unknown."""
    known = facts.orders.allergies
    return known.value if isinstance(known, Known) else ()


def unknown_allergies(facts: Facts) -> tuple[MissingFact, ...]:
    """Return the gap of an allergy list that was not there."""
    fact = facts.orders.allergies
    if not isinstance(fact, Unknown):
        return ()
    return (MissingFact("allergies", str(fact.why), f"Allergies: {fact.why}", fact.looked_in or ("allergies",)),)


def allergy_hits(item: SafetyItem, drug: Drug, setting: Setting, doubt: Doubt = no_doubt) -> Iterator[Hit]:
    """Yield a hit for every allergy to a drug of the item, or by its words to another substance that it names."""
    for allergy in allergies_of(setting.facts):
        if substance := _substance(item, allergy, setting):
            yield _hit(item, drug, allergy, substance, doubt(allergy))


def _substance(item: SafetyItem, allergy: Allergy, setting: Setting) -> str:
    """Return what of the item the allergy is to; never the words of the chart. Words count where no drug was read."""
    if allergy.concept:
        return drug_name(allergy.concept, setting.library) if allergy.concept in item.when.allergies else ""
    words = (word for word in item.when.allergies if not word.startswith("drug."))
    return next((word for word in words if _pattern(word).search(allergy.text)), "")


def _hit(item: SafetyItem, drug: Drug, allergy: Allergy, substance: str, doubt: str) -> Hit:
    ask = "; ".join(filter(None, (*_asks(allergy, substance), doubt)))
    verb = f"Confirm before giving {drug.name}" if ask else f"Do not give {drug.name}"
    return Hit(
        ground=rests_on(item),
        indicator=capped(item.indicator, Indicator.WARNING) if ask else item.indicator,
        headline=f"{verb}: allergy to {substance}{dated(allergy.date)}",
        used=(allergy_used(allergy, substance),),
        ask=ask,
    )


def _asks(allergy: Allergy, substance: str) -> Iterator[str]:
    if allergy.confidence is not Confidence.CODED:
        yield f"the allergy to {substance} is read {_DOUBT[allergy.confidence]}"
    if allergy.date is None:
        yield f"since when the allergy to {substance} is known"


def allergy_used(allergy: Allergy, substance: str) -> UsedFact:
    """Return an allergy as a fact that a card names."""
    degree = " (anaphylaxis)" if allergy.anaphylaxis else " (severe)" if allergy.severe else ""
    doubt = f", {_DOUBT[allergy.confidence]}, please confirm" if allergy.confidence is not Confidence.CODED else ""
    label = f"Allergy to {substance}{degree}{dated(allergy.date)}{doubt}"
    return UsedFact(
        "allergies", allergy.concept or substance, label, allergy.confidence, allergy.date, (allergy.source,)
    )


@lru_cache(maxsize=32)
def _pattern(word: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){re.escape(word)}s?(?!\w)", re.IGNORECASE)
