"""Sites of active disease at the event, and whether the disease is local only.

Place in the flow: `assemble` calls these with the conditions, results and the event's date.
May not: assume metastatic disease, read a denied or former site, or use evidence older than the relapse window.

Read: Condition.bodySite of this tumour; secondary-cancer Conditions by code and words; imaging, marrow and
pathology results in words. Conditions that are refuted, inactive, resolved or abated count for nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from hooks.facts.conditions import ConditionReading, Verified, read_conditions
from hooks.facts.fact import Confidence, Conflicting, Fact, Known, Unknown, YesNo
from hooks.facts.text import Polarity, Topic, read_text
from hooks.pathways.relapsed_neuroblastoma.facts import Site
from hooks.pathways.relapsed_neuroblastoma.knowledge.engineering import ENGINEERING
from hooks.pathways.relapsed_neuroblastoma.reading.chart_results import ChartResult
from hooks.pathways.relapsed_neuroblastoma.reading.site_words import sites_affirmed, sites_named, words_of
from hooks.pathways.relapsed_neuroblastoma.reading.timeline import WORST, worst
from hooks.record import PatientRecord
from hooks.terminology.table import TABLE, is_a, normal_code, normal_system

LOOKED_IN = ("conditions", "imaging", "reports")
_WINDOW = timedelta(days=ENGINEERING.relapse_window_days.value)
_SECONDARY = re.compile(r"\b(?:secondary|metasta\w+|relapse\w*|recurren\w+)\b", re.IGNORECASE)
_MARROW_TITLE = re.compile(r"\bmarrow\b|\btrephine\b", re.IGNORECASE)
_STAGING_TITLE = re.compile(
    r"\bm-?ibg\b|\bpet\b|\bct\b|\bmri?\b|\bmagnetic resonance\b|\btomograph\w+|\bscintigra\w+|\bscan\b|\bimaging\b"
    r"|\bradiolog\w+|\bultraso\w+|\bmarrow\b|\btrephine\b|\bpatholog\w+|\bhistolog\w+|\bbiops\w+|\bcytolog\w+"
    r"|\bre-?staging\b",
    re.IGNORECASE,
)
_LOCAL = Topic(findings=frozenset({"local", "locoregional"}))
_LOCAL_EVENT = words_of("relapse relapsed recurrence recurrent progression only isolated")
_NOT_ONLY_LOCAL = words_of("combined metastatic distant disseminated systemic plus metastases")
_DISTANT = Topic(findings=frozenset({"distant", "metastasis", "metastases", "metastatic", "disseminated"}))
_DISTANT_SITES = frozenset({Site.MARROW, Site.BONE, Site.LIVER, Site.CNS, Site.LUNG, Site.SKIN})


@dataclass(frozen=True, slots=True)
class SiteEvidence:
    """One site as one resource gives it."""

    site: Site
    source: str
    on: date | None
    confidence: Confidence


@dataclass(frozen=True, slots=True)
class Staging:
    """What is looked at: active Conditions and usable results since the window before the event.

    disease: references of the Conditions of this tumour.
    """

    conditions: tuple[ConditionReading, ...] = ()
    results: tuple[ChartResult, ...] = ()
    disease: tuple[str, ...] = ()


def counts_for_event(day: date | None, event_date: date | None, as_of: date) -> bool:
    """True if a day lies on or after the event's date minus the relapse window, and not in the future."""
    return day is not None and event_date is not None and event_date - _WINDOW <= day <= as_of


def staging_of(record: PatientRecord, results: Sequence[ChartResult], event_date: date | None, as_of: date) -> Staging:
    """Return what counts for the event; nothing where the event has no date."""
    conditions = tuple(
        condition
        for condition in read_conditions(record)
        if condition.verified is not Verified.DROPPED
        and condition.stands
        and counts_for_event(_onset(condition), event_date, as_of)
    )
    counted = tuple(result for result in results if result.usable and counts_for_event(result.on, event_date, as_of))
    return Staging(conditions, counted, _neuroblastomas(conditions))


def read_sites(staging: Staging) -> Fact[frozenset[Site]]:
    """Return the sites of active disease; Unknown without any, which never means local."""
    found = tuple(_evidence(staging))
    if not found:
        return Unknown(looked_in=LOOKED_IN)
    best: dict[Site, Confidence] = {}
    for item in found:
        best[item.site] = min(best.get(item.site, item.confidence), item.confidence, key=WORST.index)
    return Known(
        frozenset(best),
        tuple(dict.fromkeys(item.source for item in found)),
        max(item.on for item in found if item.on),
        worst(tuple(best.values())),
    )


def read_local_only(staging: Staging, sites: Fact[frozenset[Site]]) -> Fact[YesNo]:
    """Return whether the disease is local only: said in so many words, or denied by a distant site."""
    said = tuple(dict.fromkeys(_local_sources(staging, sites)))
    if not isinstance(sites, Known) or not sites.value & _DISTANT_SITES:
        return Known(YesNo.YES, said, confidence=Confidence.TEXT) if said else Unknown(looked_in=LOOKED_IN)
    if said:
        return Conflicting((YesNo.YES, YesNo.NO), (*said, *sites.sources), sites.date)
    return Known(YesNo.NO, sites.sources, sites.date, sites.confidence)


def _onset(condition: ConditionReading) -> date | None:
    """Return onset, else the day it was recorded; the first day of a date that is less precise."""
    interval = condition.onset or condition.recorded
    return interval.first if interval else None


def _neuroblastomas(conditions: Iterable[ConditionReading]) -> tuple[str, ...]:
    return tuple(
        condition.source
        for condition in conditions
        if any(is_a(concept, "neuroblastoma", "ganglioneuroblastoma") for concept in condition.concepts)
        or "neuroblastoma" in condition.words.lower()
    )


def _evidence(staging: Staging) -> Iterator[SiteEvidence]:
    for condition in staging.conditions:
        yield from _of_condition(condition, condition.source in staging.disease)
    for result in staging.results:
        yield from _of_result(result)


def _of_condition(condition: ConditionReading, is_the_tumour: bool) -> Iterator[SiteEvidence]:
    """Yield the sites of a secondary-cancer Condition, and those of this tumour's Condition.

    Where the tumour came from ("neuroblastoma of adrenal gland, relapse") is no site of the relapse.
    """
    source, on, words = condition.source, _onset(condition), f"{condition.text} | {condition.local}"
    coded_sites = [concept for concept in condition.extra_concepts if is_a(concept, "body_site")]
    body_sites = (condition.body_site, *(code.display for concept in coded_sites for code in TABLE.codes(concept)))
    if any(is_a(concept, "metastasis", "metastatic_cancer") for concept in condition.concepts):
        table_words = " | ".join(_table_words(condition))
        for site in sites_named((words, table_words, *body_sites)):
            yield SiteEvidence(site, source, on, _secondary_confidence(condition.concepts, f"{words} {table_words}"))
        return
    if is_the_tumour:
        for site in sites_named(body_sites):
            yield SiteEvidence(site, source, on, Confidence.CODED if coded_sites else Confidence.CODED_LOCAL)
    if is_the_tumour or _SECONDARY.search(words):
        named_after_origin = is_the_tumour and not _says_local((words,))
        for site in sites_affirmed((words,)):
            if site is not Site.PRIMARY or not named_after_origin:
                yield SiteEvidence(site, source, on, Confidence.TEXT)


def _table_words(condition: ConditionReading) -> Iterator[str]:
    """Yield the table's display of each known code, however the chart spells the code ("C7952")."""
    for system, value in condition.codings:
        canonical = normal_system(system)
        wanted = normal_code(canonical, value)
        known = TABLE.codes(TABLE.concept_of(system, value) or "")
        yield from (code.display for code in known if normal_code(canonical, code.code) == wanted)


def _secondary_confidence(concepts: tuple[str, ...], words: str) -> Confidence:
    """Return TEXT for the bare parent concept and for "other and unspecified parts": only words say the site."""
    named = any(is_a(concept, "metastasis") for concept in concepts)
    return Confidence.CODED if named and "other" not in words.lower() else Confidence.TEXT


def _of_result(result: ChartResult) -> Iterator[SiteEvidence]:
    """Yield the sites of which a report of imaging, marrow or pathology affirms disease."""
    if _STAGING_TITLE.search(result.title) or any(is_a(concept, "MIBG", "imaging") for concept in result.concepts):
        of_marrow = bool(_MARROW_TITLE.search(result.title))
        for site in sites_affirmed(result.texts, of_marrow=of_marrow):
            yield SiteEvidence(site, result.reference, result.on, Confidence.TEXT)


def _local_sources(staging: Staging, sites: Fact[frozenset[Site]]) -> Iterator[str]:
    """Yield resources that say local relapse, and staging of a primary tumour that denies distant disease."""
    for condition in staging.conditions:
        if condition.source in staging.disease and _says_local((condition.words,)):
            yield condition.source
    primary = isinstance(sites, Known) and Site.PRIMARY in sites.value
    for result in staging.results:
        if _says_local(result.texts) or (primary and _denies_distant(result.texts)):
            yield result.reference


def _says_local(texts: Iterable[str]) -> bool:
    statements = (statement for text in texts for statement in read_text(text, _LOCAL).statements)
    return any(
        statement.polarity is Polarity.POSITIVE
        and not _LOCAL_EVENT.isdisjoint(statement.tokens)
        and _NOT_ONLY_LOCAL.isdisjoint(statement.tokens)
        for statement in statements
    )


def _denies_distant(texts: Iterable[str]) -> bool:
    return any(read_text(text, _DISTANT).polarity is Polarity.NEGATIVE for text in texts)
