"""Findings that the labels of single antibodies weigh in a way of their own: GvHD, blood pressure, neurotoxicity.

Place in the flow: `safety_antibody` calls these beside the plain matching of events. May not: know a second agent.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from hooks.facts.fact import Confidence, Known, YesNo
from hooks.facts.measurements import Measurement
from hooks.pathways.relapsed_neuroblastoma.board import Finding, FindingKind
from hooks.pathways.relapsed_neuroblastoma.knowledge.supportive_safety import Limit, SafetyItem
from hooks.pathways.relapsed_neuroblastoma.rules.safety_cards import (
    Ground,
    Hit,
    Setting,
    capped,
    dated,
    item_of,
    rests_on,
)
from hooks.pathways.relapsed_neuroblastoma.rules.safety_events import (
    Drug,
    asks_about,
    exposures,
    finding_used,
    finding_words,
    hit_of,
    is_present,
    is_put_down_to,
)
from hooks.pathways.relapsed_neuroblastoma.rules.saying import used
from hooks.recommendation import Indicator, UsedFact

_GRADED_GVHD = frozenset({FindingKind.ACUTE_GVHD, FindingKind.GVHD})
_GVHD = _GRADED_GVHD | {FindingKind.CHRONIC_GVHD, FindingKind.CHRONIC_GVHD_EXTENSIVE}
_SEVERE_AT_ANY_GRADE = frozenset({FindingKind.SEVERE_CNS_TOXICITY, FindingKind.TRANSVERSE_MYELITIS, FindingKind.PRES})
_PRESSURES = (
    ("Systolic blood pressure", "sbp", Limit.SYSTOLIC_AT_LEAST_MMHG),
    ("Diastolic blood pressure", "dbp", Limit.DIASTOLIC_AT_LEAST_MMHG),
)
_OF_THE_INFUSION = frozenset({FindingKind.INFUSION_REACTION, FindingKind.CAPILLARY_LEAK, FindingKind.HYPOTENSION})
"""Reactions that are asked about, when severe, where the chart names no cause and they came on a day of the drug."""
_ROW_OF_ITS_OWN = _SEVERE_AT_ANY_GRADE | {FindingKind.HYPERSENSITIVITY, FindingKind.MOTOR_NEUROPATHY}
"""Reactions for which the label has a row of their own, apart from "any reaction"."""


def gvhd_hits(item: SafetyItem, drug: Drug, setting: Setting) -> Iterator[Hit]:
    """Yield a hit for present GvHD: severe by grade or extent as the item says, else a question where neither is told.

    GvHD that is over is not on the list of the label.
    """
    for finding in setting.facts.orders.findings:
        if finding.kind not in _GVHD or not finding.active:
            continue
        if finding.kind == FindingKind.CHRONIC_GVHD_EXTENSIVE or (
            finding.kind in _GRADED_GVHD and finding.grade in item.when.grades
        ):
            vague = ("whether it is acute, or chronic and extensive",) if finding.kind == FindingKind.GVHD else ()
            asks = iter((*asks_about(item, drug, finding, setting), *vague))
            yield hit_of(item, drug, finding, setting, asks)
        elif finding.kind == FindingKind.CHRONIC_GVHD or finding.grade is None:
            yield _unweighed(item, drug, finding, setting)


def _unweighed(item: SafetyItem, drug: Drug, finding: Finding, setting: Setting) -> Hit:
    ask = "its extent" if finding.kind == FindingKind.CHRONIC_GVHD else "its grade, coded"
    return Hit(
        ground=rests_on(item),
        indicator=Indicator.INFO,
        headline=f"Grade GvHD before giving {drug.name}: {finding_words(finding)}{dated(finding.date)}",
        used=(finding_used(finding, setting),),
        ask=ask,
    )


def reaction_hits(item: SafetyItem, drug: Drug, setting: Setting) -> Iterator[Hit]:
    """Yield a hit for every severe reaction under the drug; anaphylaxis is severe at any grade.

    One that the chart puts down to no drug counts where it came on a day of this one, and its cause is asked.
    """
    for finding in setting.facts.orders.findings:
        if finding.kind not in item.when.findings or finding.drug not in {"", drug.concept}:
            continue
        severe = finding.kind == FindingKind.ANAPHYLAXIS or finding.grade in item.when.grades
        if severe and is_put_down_to(drug, finding, setting):
            cause = () if finding.drug else (f"whether {finding_words(finding)} came under {drug.name}",)
            yield hit_of(item, drug, finding, setting, iter((*asks_about(item, drug, finding, setting), *cause)))


def low_pressure_hits(item: SafetyItem, drug: Drug, setting: Setting) -> Iterator[Hit]:
    """Yield a hit for a systolic pressure of the last day below the limit of the item."""
    fact = setting.facts.orders.measurements.get("sbp")
    if not isinstance(fact, Known) or fact.date is None:
        return
    limit = item.when.limits[Limit.SYSTOLIC_BELOW_MMHG]
    recent = fact.date >= setting.as_of - timedelta(days=setting.knowledge.engineering.emergency_max_age_days.value)
    if recent and fact.value.value < limit and not fact.value.comparator.startswith(">"):
        certain = fact.confidence is Confidence.CODED
        verb = f"Interrupt {drug.name}" if certain else f"Confirm before giving {drug.name}"
        yield Hit(
            ground=rests_on(item),
            indicator=item.indicator if certain else capped(item.indicator, Indicator.WARNING),
            headline=f"{verb}: systolic pressure {fact.value.words} of {fact.date}",
            used=(measured("Systolic blood pressure", "sbp", fact),),
            ask="" if certain else "the blood pressure",
        )


def measured(name: str, kind: str, fact: Known[Measurement]) -> UsedFact:
    """Return a measurement as a fact that a card names."""
    label = f"{name}: {fact.value.words}{dated(fact.date)}"
    return UsedFact("measurements", kind, label, fact.confidence, fact.date, fact.sources)


def pressure_hits(item: SafetyItem, drug: Drug, setting: Setting) -> Iterator[Hit]:
    """Yield a hit for uncontrolled hypertension; no code says that, so a coded one whose words say it is certain."""
    fact = setting.facts.uncontrolled_hypertension
    if not isinstance(fact, Known) or fact.value is not YesNo.YES:
        return
    asks = []
    coded = tuple(finding for finding in setting.facts.orders.findings if _is_coded_hypertension(finding, fact))
    if fact.confidence is not Confidence.CODED and not coded:
        asks.append("that the hypertension is uncontrolled, it is not coded so")
    if fact.date is None:
        asks.append("since when")
    verb = f"Confirm before giving {drug.name}" if asks else f"Do not give {drug.name}"
    yield Hit(
        ground=rests_on(item),
        indicator=capped(item.indicator, Indicator.WARNING) if asks else item.indicator,
        headline=f"{verb}: uncontrolled hypertension{dated(fact.date)}",
        used=(
            *(finding_used(finding, setting) for finding in coded),
            *used(setting.facts, "uncontrolled_hypertension"),
        ),
        ask="; ".join(asks),
    )


def high_pressure_hits(item: SafetyItem, reading: SafetyItem, drug: Drug, setting: Setting) -> Iterator[Hit]:
    """Yield a hit for a latest pressure at or above the limits of `reading`; one alone proves nothing, so it asks."""
    since = setting.as_of - timedelta(days=setting.knowledge.engineering.baseline_max_age_days.value)
    high = tuple(
        measured(name, kind, fact)
        for name, kind, limit in _PRESSURES
        if isinstance(fact := setting.facts.orders.measurements.get(kind), Known)
        and fact.date is not None
        and fact.date >= since
        and fact.value.value >= reading.when.limits[limit]
        and not fact.value.comparator.startswith("<")
    )
    if high and next(pressure_hits(item, drug, setting), None) is None:
        label = high[0].label.replace(": ", " ", 1)
        own, limits = rests_on(item), rests_on(reading)
        yield Hit(
            ground=Ground((*own.points, *limits.points), (*own.evidence, *limits.evidence), own.items),
            indicator=reading.indicator,
            headline=f"Confirm before giving {drug.name}: {label[0].lower()}{label[1:]}",
            used=high,
            ask="the blood pressure by another reading, and that hypertension is controlled",
        )


def _is_coded_hypertension(finding: Finding, fact: Known[YesNo]) -> bool:
    """True for an active hypertension with a code and a date that is what the chart calls uncontrolled."""
    proven = finding.confidence is Confidence.CODED and finding.date is not None and finding.active
    return proven and finding.kind == FindingKind.HYPERTENSION and finding.source in fact.sources


def neurotoxicity_hits(item: SafetyItem, drug: Drug, setting: Setting) -> Iterator[Hit]:
    """Yield a hit for severe central neurotoxicity at any time, and for motor neuropathy of the item's grades."""
    for finding in setting.facts.orders.findings:
        if finding.kind not in item.when.findings or finding.drug not in {"", drug.concept}:
            continue
        if finding.kind in _SEVERE_AT_ANY_GRADE or finding.grade in item.when.grades:
            yield hit_of(item, drug, finding, setting, asks_about(item, drug, finding, setting))


def any_reaction_hits(drug: Drug, setting: Setting) -> Iterator[Hit]:
    """Yield a hit for every present reaction that the chart puts down to the drug, by its grade; a repeated one too.

    A severe one of the infusion that is put down to no drug is asked about where it came on a day of this one.
    """
    recurrent = item_of(setting.library, "db-dm-recur-3")
    by_grade = tuple(item_of(setting.library, name) for name in ("db-dm-any-3", "db-dm-any-12"))
    seen: set[str] = set()
    for finding in setting.facts.orders.findings:
        if not is_present(finding, setting) or finding.kind in _ROW_OF_ITS_OWN:
            continue
        if _may_be_of(drug, finding, setting) and finding.grade in by_grade[0].when.grades:
            cause = f"whether {finding_words(finding)} came under {drug.name}"
            asks = iter((*asks_about(by_grade[0], drug, finding, setting), cause))
            yield hit_of(by_grade[0], drug, finding, setting, asks)
        if finding.drug != drug.concept:
            continue
        for item in by_grade:
            if finding.grade in item.when.grades:
                yield hit_of(item, drug, finding, setting, asks_about(item, drug, finding, setting))
        if finding.grade in recurrent.when.grades:
            if finding.kind in seen:
                yield hit_of(recurrent, drug, finding, setting, asks_about(recurrent, drug, finding, setting))
            seen.add(finding.kind)


def low_pressure_of_infusion_hits(item: SafetyItem, drug: Drug, setting: Setting) -> Iterator[Hit]:
    """Yield a question for severe hypotension that may be a reaction to the infusion: its label counts it as one."""
    for finding in setting.facts.orders.findings:
        of_drug = finding.drug == drug.concept or _may_be_of(drug, finding, setting)
        severe = finding.kind in item.when.findings and finding.grade in item.when.grades
        if severe and of_drug and is_present(finding, setting):
            cause = f"whether {finding_words(finding)} was a reaction to the infusion of {drug.name}"
            yield hit_of(item, drug, finding, setting, iter((*asks_about(item, drug, finding, setting), cause)))


def _may_be_of(drug: Drug, finding: Finding, setting: Setting) -> bool:
    """True for a reaction of the infusion without a named cause, on a day on which the drug ran."""
    on = finding.date
    if finding.drug or finding.kind not in _OF_THE_INFUSION or on is None:
        return False
    return any(first <= on and (last is None or on <= last) for first, last in exposures(drug.concept, setting.facts))


def herpes_hits(item: SafetyItem, drug: Drug, setting: Setting) -> Iterator[Hit]:
    """Yield a hit for herpes simplex or zoster within the weeks that the item names."""
    since = setting.as_of - timedelta(weeks=int(item.when.limits[Limit.WITHIN_WEEKS]))
    for finding in setting.facts.orders.findings:
        if finding.kind in item.when.findings and finding.date is not None and finding.date >= since:
            yield hit_of(item, drug, finding, setting, iter(()))
