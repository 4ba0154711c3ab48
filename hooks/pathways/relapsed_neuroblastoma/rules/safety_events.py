"""Findings against the safety items that name them: proven, to be confirmed, or not graded.

Place in the flow: antibody and partner-drug rules turn what comes from here into cards. May not: infer a grade or a
cause, or call a finding proven that is in words only, undated, ungraded or of unknown cause.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from hooks.facts.fact import Confidence, Known, Why
from hooks.pathways.relapsed_neuroblastoma.board import Finding, FindingKind
from hooks.pathways.relapsed_neuroblastoma.facts import Facts
from hooks.pathways.relapsed_neuroblastoma.knowledge.supportive_safety import Act, Limit, SafetyCategory, SafetyItem
from hooks.pathways.relapsed_neuroblastoma.rules.safety_cards import Hit, Setting, capped, dated, rests_on
from hooks.recommendation import Indicator, MissingFact, UsedFact

_RUNNING = frozenset({Act.INTERRUPT, Act.HOLD, Act.STOP_FOR_CYCLE, Act.STOP_FOR_DAY, Act.REDUCE_RATE})
"""Acts about the course at hand: what is over, or was long ago, no longer asks for them."""
_ALLERGIC = frozenset(
    {FindingKind.ANAPHYLAXIS, FindingKind.HYPERSENSITIVITY, FindingKind.SERUM_SICKNESS, FindingKind.INFUSION_REACTION}
)
"""Another drug is as likely a cause: without a named one only the days of the antibody itself count."""
_DOUBT = {Confidence.CODED: "", Confidence.CODED_LOCAL: ", from a local code", Confidence.TEXT: ", from text"}
_PROPER = {"gvhd": "GvHD", "pres": "PRES", "cns": "CNS"}
_VERB = {
    Act.CONTRAINDICATED: "Do not give {drug}",
    Act.STOP_FOR_GOOD: "Do not give {drug} again",
    Act.STOP_FOR_CYCLE: "Stop {drug} for this cycle",
    Act.STOP_FOR_DAY: "Stop {drug} for the day",
    Act.HOLD: "Hold {drug}",
    Act.INTERRUPT: "Interrupt {drug}",
    Act.REDUCE_RATE: "Reduce the rate of {drug}",
    Act.AVOID: "Avoid {drug}",
    Act.REVIEW: "Review {drug}",
    Act.INFORM: "Note for {drug}",
}


@dataclass(frozen=True, slots=True)
class Drug:
    """The drug that a rule speaks of, by name and ingredient."""

    name: str
    concept: str | None


def kind_words(kind: str) -> str:
    """Return the name of a kind of finding in words ("acute GvHD")."""
    return " ".join(_PROPER.get(word, word) for word in kind.split("_"))


def finding_words(finding: Finding) -> str:
    """Return kind and grade in words, without the words of the chart."""
    grade = f" grade {finding.grade}" if finding.grade else ""
    return f"{kind_words(finding.kind)}{grade}"


def finding_used(finding: Finding, setting: Setting) -> UsedFact:
    """Return a finding as a fact that a card names."""
    words = finding_words(finding)
    cause = f", under {setting.library.agent_of(finding.drug) or 'a named drug'}" if finding.drug else ""
    over = "" if finding.active else ", over"
    doubt = f"{_DOUBT[finding.confidence]}, please confirm" if finding.confidence is not Confidence.CODED else ""
    label = f"{words[0].upper()}{words[1:]}{cause}{over}{dated(finding.date)}{doubt}"
    return UsedFact("findings", finding.kind, label, finding.confidence, finding.date, (finding.source,))


def event_hits(item: SafetyItem, drug: Drug, setting: Setting) -> Iterator[Hit]:
    """Yield a hit for every finding that the item names, with the grade that it asks for."""
    for finding in _findings(item, drug, setting):
        graded = not item.when.grades or finding.grade in item.when.grades
        if graded and (is_present(finding, setting) if item.act in _RUNNING else _lasted(item, finding, setting.as_of)):
            yield hit_of(item, drug, finding, setting, asks_about(item, drug, finding, setting))


def present_hits(item: SafetyItem, drug: Drug, setting: Setting) -> Iterator[Hit]:
    """Yield a hit for every finding of the item that is present, whatever the item's act and whatever caused it."""
    for finding in setting.facts.orders.findings:
        if finding.kind in item.when.findings and is_present(finding, setting):
            yield hit_of(item, drug, finding, setting, asks_about(item, drug, finding, setting))


def hit_of(item: SafetyItem, drug: Drug, finding: Finding, setting: Setting, asks: Iterator[str]) -> Hit:
    """Return the hit of one finding: as severe as the item says where nothing is to be asked, else a warning."""
    ask = "; ".join(asks)
    verb = f"Confirm before giving {drug.name}" if ask else _VERB[item.act].format(drug=drug.name)
    return Hit(
        ground=rests_on(item),
        indicator=capped(item.indicator, Indicator.WARNING) if ask else item.indicator,
        headline=f"{verb}: {finding_words(finding)}{dated(finding.date)}",
        used=(finding_used(finding, setting),),
        ask=ask,
    )


def ungraded(items: tuple[SafetyItem, ...], drug: Drug, setting: Setting) -> tuple[MissingFact, ...]:
    """Return the grades that items of a drug would need and the chart does not give, of what came under the drug."""
    found = []
    for item in items:
        for finding in _findings(item, drug, setting):
            if item.when.grades and finding.grade is None and is_put_down_to(drug, finding, setting):
                words = f"Grade of {kind_words(finding.kind)}{dated(finding.date)}: not coded"
                found.append(MissingFact("findings", str(Why.NOT_FOUND), words, ("conditions",)))
    return tuple(dict.fromkeys(found))


def _findings(item: SafetyItem, drug: Drug, setting: Setting) -> Iterator[Finding]:
    """Yield the findings of the item's kinds that are not put down to another drug."""
    kinds = (*item.when.findings, *item.when.procedures)
    for finding in setting.facts.orders.findings:
        if finding.kind in kinds and finding.drug in {"", drug.concept}:
            yield finding


def is_present(finding: Finding, setting: Setting) -> bool:
    """True unless the finding is over, or so old that it cannot be of the course at hand."""
    limit = timedelta(days=setting.knowledge.engineering.running_event_max_age_days.value)
    return finding.active and (finding.date is None or finding.date >= setting.as_of - limit)


def _lasted(item: SafetyItem, finding: Finding, as_of: date) -> bool:
    """True unless the item asks for a time that this finding cannot have lasted yet."""
    least = item.when.limits.get(Limit.LONGER_THAN_DAYS)
    return least is None or finding.date is None or (as_of - finding.date).days > least


def asks_about(item: SafetyItem, drug: Drug, finding: Finding, setting: Setting) -> Iterator[str]:
    """Yield what has to be confirmed before the item is certain."""
    words = finding_words(finding)
    if finding.confidence is not Confidence.CODED:
        yield f"{words} stands in the chart{_DOUBT[finding.confidence]}"
    if finding.date is None:
        yield f"the date of {words}"
    if item.when.unless:
        yield f"whether {item.when.unless} (then this does not hold)"
    if _needs_cause(item, finding) and not is_put_down_to(drug, finding, setting):
        yield f"whether {words} came under {drug.name}"
    if Limit.LONGER_THAN_DAYS in item.when.limits and not finding.active:
        yield f"how long {words} lasted"
    emergency = item.act in _RUNNING and item.category is not SafetyCategory.CONTRAINDICATION
    if emergency and item.indicator is Indicator.CRITICAL and not is_emergency(finding, setting):
        yield f"whether {words} is over"


def _needs_cause(item: SafetyItem, finding: Finding) -> bool:
    allergic = item.category is SafetyCategory.DOSE_MODIFICATION and finding.kind in _ALLERGIC
    return allergic or item.act is Act.STOP_FOR_GOOD


def is_emergency(finding: Finding, setting: Setting) -> bool:
    """True for an active coded finding of the last day."""
    if finding.date is None or not finding.active or finding.confidence is not Confidence.CODED:
        return False
    days = setting.knowledge.engineering.emergency_max_age_days.value
    return finding.date >= setting.as_of - timedelta(days=days)


def is_put_down_to(drug: Drug, finding: Finding, setting: Setting) -> bool:
    """True if the chart names the drug as cause, or the finding came after it was begun (allergic ones: during it)."""
    if finding.drug:
        return True
    if finding.date is None:
        return False
    on = finding.date
    spans = tuple(exposures(drug.concept, setting.facts))
    if finding.kind in _ALLERGIC:
        return any(first <= on and (last is None or on <= last) for first, last in spans)
    return any(first <= on for first, _ in spans)


def exposures(concept: str | None, facts: Facts) -> Iterator[tuple[date, date | None]]:
    """Yield first and last day of every order, dose or line of treatment with the drug that has begun."""
    board = facts.orders
    for order in (*board.past, *board.active):
        if concept in order.drugs and order.start is not None:
            yield order.start, order.end
    lines = facts.treatment_lines.value if isinstance(facts.treatment_lines, Known) else ()
    for line in lines:
        if concept in line.drugs and line.start is not None:
            yield line.start, line.end
