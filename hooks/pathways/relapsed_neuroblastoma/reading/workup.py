"""State of each work-up item since the disease event: done, ordered, or neither.

Place in the flow: `assemble` calls it with services, results and the molecular facts; the work-up rule reads it.
May not: count what is older than the relapse window, a panel on older tissue, or the serum anti-GD2 test.

One service or report stands for one item: the one its code says, else the one that its words name first.
Whether a marrow examination was bilateral, aspirate and trephine, charts do not tell apart: any one counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from hooks.facts.fact import Confidence, Fact, Known, Unknown, Why, is_value
from hooks.facts.orders import OrderState, ServiceOrder
from hooks.pathways.relapsed_neuroblastoma.facts import (
    ALK,
    GD2,
    MYCN,
    Molecular,
    Timing,
    Tissue,
    WorkupItem,
    WorkupState,
)
from hooks.pathways.relapsed_neuroblastoma.knowledge.engineering import ENGINEERING
from hooks.pathways.relapsed_neuroblastoma.reading.chart_results import ChartResult
from hooks.pathways.relapsed_neuroblastoma.reading.clauses import Said, clauses
from hooks.terminology.table import is_a

_WINDOW = timedelta(days=ENGINEERING.relapse_window_days.value)
_CONCEPTS: tuple[tuple[WorkupItem, tuple[str, ...]], ...] = (
    (WorkupItem.MARROW, ("bone_marrow",)),
    (WorkupItem.BIOPSY, ("biopsy",)),
    (WorkupItem.MIBG_SCAN, ("MIBG",)),
    (WorkupItem.MOLECULAR_PANEL, ("molecular_panel", "genomic.report", "genomic.panel")),
    (WorkupItem.TUMOUR_BOARD, ("tumour_board",)),
)
_WORDS: tuple[tuple[WorkupItem, re.Pattern[str]], ...] = tuple(
    (item, re.compile(pattern, re.IGNORECASE))
    for item, pattern in (
        (
            WorkupItem.TUMOUR_BOARD,
            r"\b(?:molecular )?tumou?r (?:board|conference)\b|\bmdt\b|\bmulti-?disciplinary\b|\bcase conference\b",
        ),
        (
            WorkupItem.GENETICS,
            r"\bgenetics? (?:referral|counsel\w+|consult\w*|clinic)\b|\bclinical genetics\b|\bgermline\b",
        ),
        (WorkupItem.MARROW, r"\b(?:bone )?marrow\b|\btrephine\w*"),
        (
            WorkupItem.BIOPSY,
            r"\bbiops\w+|\bhistopatholog\w*|\bhistolog\w+|\b(?:surgical|anatomic(?:al)?) patholog\w+"
            r"|\b(?:tumou?r|relapse|metastas[ei]s) (?:resection|excision)\b",
        ),
        (WorkupItem.MIBG_SCAN, r"\bm-?ibg\b|\biobenguane\b|\bmetaiodobenzylguanidine\b"),
        (WorkupItem.FDG_PET, r"\bfdg\b|\bpet\b|\bpositron emission\b"),
        (
            WorkupItem.CROSS_SECTIONAL,
            r"\bct\b|\bcomputed tomograph\w*|\bcomputeri[sz]ed (?:axial )?tomograph\w*|\bmri?\b|\bmagnetic resonance\b",
        ),
        (WorkupItem.GD2, r"\bgd-?2\b"),
        (
            WorkupItem.MOLECULAR_PANEL,
            r"\bmolecular (?:panel|profil\w*|characteri[sz]ation|patholog\w*|genetic\w*|analys[ie]s|diagnostic\w*"
            r"|report)\b|\b(?:ngs|wes|wgs)\b|\bnext[- ]generation\b|\bsequencing\b|\bgenomic\w*|\bgene panel\b",
        ),
    )
)
_NOT_WORKUP = re.compile(
    r"\btherap\w+|\btransplant\w*|\bharvest\w*|\bdonor\b|\bchimer\w+|\bhla\b|\bpharmacogen\w+|\bvir(?:us|al)\b"
    r"|\brespirator\w+|\bmicrob\w+|\bbacteri\w+|\bendomyocardial\b|\b(?:renal|kidney|duodenal|gastric|colon\w*|rectal)\b",
    re.IGNORECASE,
)
_SERUM_GD2 = re.compile(r"\banti-?gd-?2\b|\bgd-?2 (?:ab|antibod\w+|ig[gm])\b", re.IGNORECASE)
_MARROW_BIOPSY = re.compile(r"\bmarrow\b|\btrephine\w*|\biliac crest\b", re.IGNORECASE)
_OTHER_REGION = re.compile(
    r"\b(?:brain|head|cranial|cerebral|orbits?|sinus(?:es)?|knee|wrist|hand|elbow|ankle|foot|heart|cardiac)\b",
    re.IGNORECASE,
)
_TRUNK = re.compile(r"abdom|pelvi|chest|thora|neck|peritone|whole[- ]body|primary|soft[- ]tissue|spine", re.IGNORECASE)
_BIOPSY_REPORTED = re.compile(r"\b(?:re-?)?biops(?:y|ies)\b", re.IGNORECASE)
_BIOPSY_AHEAD = re.compile(
    r"\b(?:plan\w*|schedul\w*|recommend\w*|consider\w*|suggest\w*|request\w*|await\w*|pending|to be|advis\w*"
    r"|diagnos\w+|initial|primary|previous|prior|before)\b",
    re.IGNORECASE,
)
_GUIDED_BIOPSY = re.compile(r"\bguided\b[^,;(]{0,200}\bbiops", re.IGNORECASE)
_NO_BIOPSY = re.compile(
    r"\bbiops\w+\b.{0,200}"
    r"\b(?:not (?:feasible|possible|safe)|unsafe|deferred|declined|refused|contraindicated|too risky)\b"
    r"|\b(?:not (?:feasible|possible|safe) to|unsafe to|unable to|deferred?|declined?|refused?)\b.{0,200}\bbiops\w+",
    re.IGNORECASE,
)
_ORDERED = frozenset({OrderState.ACTIVE, OrderState.ON_HOLD, OrderState.DRAFT})
_DONE = frozenset({OrderState.COMPLETED, OrderState.GIVEN})
_LOOKED_IN: Mapping[WorkupItem, tuple[str, ...]] = dict.fromkeys(WorkupItem, ("procedures", "orders", "reports")) | {
    WorkupItem.MIBG_SCAN: ("imaging", "orders", "reports"),
    WorkupItem.FDG_PET: ("imaging", "orders", "reports"),
    WorkupItem.CROSS_SECTIONAL: ("imaging", "orders", "reports"),
    WorkupItem.TUMOUR_BOARD: ("orders", "procedures"),
    WorkupItem.GENETICS: ("orders", "procedures"),
}


@dataclass(frozen=True, slots=True)
class Evidence:
    """One resource that shows an item done or ordered."""

    item: WorkupItem
    state: WorkupState
    source: str
    on: date | None
    confidence: Confidence


@dataclass(frozen=True, slots=True)
class WorkupSources:
    """What is looked at. panel: the key markers of the molecular panel. missing: prefetch keys that were not had.

    undone: what the chart says was not done, or is not to be.
    """

    services: Sequence[ServiceOrder] = ()
    results: Sequence[ChartResult] = ()
    panel: tuple[Fact[Molecular[MYCN]] | Fact[Molecular[ALK]], ...] = ()
    gd2: Fact[Molecular[GD2]] = Unknown()
    missing: frozenset[str] = frozenset()
    undone: Sequence[ServiceOrder] = ()


def read_workup(sources: WorkupSources, event_date: date | None, as_of: date) -> dict[WorkupItem, Fact[WorkupState]]:
    """Return the state of every item since the event minus the relapse window.

    NOT_FOUND is said only when everything that could show the item was retrieved; without an event date
    nothing can be set against it and all items are Unknown. A biopsy that the chart calls not done, not feasible,
    deferred or declined stays NOT_FOUND, and names what says so as its sources.
    """
    if event_date is None:
        return {item: Unknown(Why.INDETERMINATE, _LOOKED_IN[item]) for item in WorkupItem}
    found = [evidence for evidence in _evidence(sources) if _counts(evidence, event_date, as_of)]
    states = {item: _state([one for one in found if one.item is item], item, sources.missing) for item in WorkupItem}
    reasons = (*_why_no_biopsy(sources.results, event_date, as_of), *_biopsies_undone(sources.undone, event_date))
    if reasons and is_value(states[WorkupItem.BIOPSY], WorkupState.NOT_FOUND):
        states[WorkupItem.BIOPSY] = Known(WorkupState.NOT_FOUND, reasons, None, Confidence.TEXT)
    return states


def item_of(concepts: Iterable[str], text: str, body_site: str = "") -> tuple[WorkupItem, Confidence] | None:
    """Return the item that a service or report stands for: by code, else by the words that come first."""
    for item, names in _CONCEPTS:
        if any(is_a(concept, *names) for concept in concepts):
            in_marrow = item is WorkupItem.BIOPSY and _MARROW_BIOPSY.search(f"{text} {body_site}")
            return (WorkupItem.MARROW, Confidence.TEXT) if in_marrow else (item, Confidence.CODED)
    if _NOT_WORKUP.search(text):
        return None
    named = [(match.start(), item) for item, pattern in _WORDS if (match := pattern.search(text))]
    if not named:
        return None
    item = min(named, key=lambda entry: entry[0])[1]
    if item is WorkupItem.BIOPSY and _MARROW_BIOPSY.search(f"{_head(text)} {body_site}"):
        item = WorkupItem.MARROW
    if item is not WorkupItem.BIOPSY and _is_guided_biopsy(text):
        item = WorkupItem.BIOPSY
    if item is WorkupItem.CROSS_SECTIONAL and _is_of_another_region(f"{text} {body_site}"):
        return None
    if item is WorkupItem.GD2 and (_SERUM_GD2.search(_head(text)) or any(is_a(c, "GD2") for c in concepts)):
        return None
    return item, Confidence.TEXT


def _head(text: str) -> str:
    """Return what stands before the first comma, bracket or semicolon: later words only explain."""
    return re.split(r"[,;(]", text, maxsplit=1)[0]


def _is_of_another_region(text: str) -> bool:
    """True for a CT or MRI of the head, a limb or the heart alone: it does not show primary and soft tissue."""
    return bool(_OTHER_REGION.search(text)) and not _TRUNK.search(text)


def _is_guided_biopsy(text: str) -> bool:
    return bool(_GUIDED_BIOPSY.search(text)) and not _MARROW_BIOPSY.search(_head(text))


def _evidence(sources: WorkupSources) -> Iterator[Evidence]:
    for service in sources.services:
        if not service.reference.startswith(("Observation/", "DiagnosticReport/")):
            yield from _of_service(service)
    for result in sources.results:
        yield from _of_result(result)
    yield from _of_facts(sources)


def _of_service(service: ServiceOrder) -> Iterator[Evidence]:
    found = item_of(service.concepts, service.text, service.body_site)
    state = WorkupState.DONE if service.state in _DONE else WorkupState.ORDERED if service.state in _ORDERED else None
    if found and state:
        yield Evidence(found[0], state, service.reference, service.when, found[1])


def _of_result(result: ChartResult) -> Iterator[Evidence]:
    """Yield the item of a report: by its name, else by name and category together. Pending counts as ordered."""
    found = item_of(result.concepts, result.name) or item_of((), result.title)
    if found is None or result.absent or not (result.usable or result.pending):
        return
    if found[0] is WorkupItem.CROSS_SECTIONAL and _is_laboratory(result):
        return
    if found[0] is WorkupItem.MOLECULAR_PANEL and result.usable and _reports_a_biopsy(result):
        yield Evidence(WorkupItem.BIOPSY, WorkupState.DONE, result.reference, result.on, Confidence.TEXT)
    tissue = found[0] in {WorkupItem.MOLECULAR_PANEL, WorkupItem.GD2}
    on = result.collected if tissue and result.collected else result.on
    state = WorkupState.ORDERED if result.pending else WorkupState.DONE
    yield Evidence(found[0], state, result.reference, on, Confidence.TEXT)


def _reports_a_biopsy(result: ChartResult) -> bool:
    """True if a molecular report affirms a biopsy as done, not one of the diagnosis, of marrow, or still to come."""
    affirmed = (clause for clause, said in clauses(result.texts, _BIOPSY_REPORTED) if said is Said.AFFIRMED)
    return any(
        _BIOPSY_REPORTED.search(clause) and not _BIOPSY_AHEAD.search(clause) and not _MARROW_BIOPSY.search(clause)
        for clause in affirmed
    )


def _is_laboratory(result: ChartResult) -> bool:
    """True for an Observation that is no imaging result: its "CT" may be a cycle threshold."""
    imaging = "imaging" in result.title.lower() or any(is_a(concept, "imaging") for concept in result.concepts)
    return result.reference.startswith("Observation") and not imaging


def _of_facts(sources: WorkupSources) -> Iterator[Evidence]:
    """Yield the panel when all its key markers are known on tissue of this relapse, and GD2 when it is.

    A result on tumour tissue taken since the event shows that the tissue was taken.
    """
    known = [fact for fact in sources.panel if isinstance(fact, Known) and fact.value.timing is Timing.AT_RELAPSE]
    if known and len(known) == len(sources.panel):
        newest = max(known, key=lambda fact: fact.date or date.min)
        yield Evidence(
            WorkupItem.MOLECULAR_PANEL, WorkupState.DONE, _first(newest.sources), newest.date, newest.confidence
        )
    for fact in known:
        if fact.value.tissue is Tissue.TUMOUR:
            yield Evidence(WorkupItem.BIOPSY, WorkupState.DONE, _first(fact.sources), fact.date, Confidence.TEXT)
    gd2 = sources.gd2
    if isinstance(gd2, Known) and gd2.value.timing is Timing.AT_RELAPSE:
        yield Evidence(WorkupItem.GD2, WorkupState.DONE, _first(gd2.sources), gd2.date, gd2.confidence)


def _why_no_biopsy(results: Sequence[ChartResult], event_date: date, as_of: date) -> Iterator[str]:
    """Yield the results since the window that say why no biopsy was taken."""
    for result in results:
        current = result.on is not None and event_date - _WINDOW <= result.on <= as_of
        if (
            current
            and result.usable
            and any(_NO_BIOPSY.search(clause) for text in result.texts for clause in text.split("."))
        ):
            yield result.reference


def _biopsies_undone(undone: Sequence[ServiceOrder], event_date: date) -> Iterator[str]:
    """Yield the biopsies that were not done, except those of before the window."""
    for service in undone:
        found = item_of(service.concepts, service.text, service.body_site)
        before = service.when is not None and service.when < event_date - _WINDOW
        if found and found[0] is WorkupItem.BIOPSY and not before:
            yield service.reference


def _first(sources: tuple[str, ...]) -> str:
    return next(iter(sources), "")


def _counts(evidence: Evidence, event_date: date, as_of: date) -> bool:
    """True for what was done since the window and not in the future; orders may lie ahead or have no date."""
    if evidence.state is WorkupState.ORDERED:
        return evidence.on is None or evidence.on >= event_date - _WINDOW
    return evidence.on is not None and event_date - _WINDOW <= evidence.on <= as_of


def _state(found: Sequence[Evidence], item: WorkupItem, missing: frozenset[str]) -> Fact[WorkupState]:
    done = [one for one in found if one.state is WorkupState.DONE]
    best = done or list(found)
    if best:
        newest = max(best, key=lambda one: one.on or date.min)
        sources = tuple(dict.fromkeys(one.source for one in best))
        return Known(newest.state, sources, newest.on, newest.confidence)
    if missing.intersection(_LOOKED_IN[item]):
        return Unknown(Why.NOT_RETRIEVED, _LOOKED_IN[item])
    return Known(WorkupState.NOT_FOUND)
