"""Gates that results and problems answer: hearing, kidneys, urine protein, stem cells, blood pressure, pregnancy.

Place in the flow: beside `gates`, called by `assemble`. May not: apply a limit of our own to a laboratory value;
high and normal are what the sender says.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from hooks.facts.conditions import ConditionReading
from hooks.facts.fact import Confidence, Fact, YesNo
from hooks.facts.orders import OrderState, ServiceOrder
from hooks.pathways.relapsed_neuroblastoma.board import Finding, FindingKind
from hooks.pathways.relapsed_neuroblastoma.knowledge.engineering import ENGINEERING
from hooks.pathways.relapsed_neuroblastoma.reading.chart_results import ChartResult
from hooks.pathways.relapsed_neuroblastoma.reading.clauses import Said, affirmed, clauses
from hooks.pathways.relapsed_neuroblastoma.reading.gate_words import (
    HEARING_LOSS,
    HEARING_TEST,
    HEART_DISEASE,
    PREGNANCY_TEST,
    PROTEINURIA,
    RENAL_IMPAIRMENT,
    SEVERE,
    URINE_PROTEIN,
    highest_plus,
    says_anthracycline_limit,
    stem_cells_in,
)
from hooks.pathways.relapsed_neuroblastoma.reading.gates import Proof, answer
from hooks.terminology.table import is_a

_VALID = timedelta(days=ENGINEERING.gate_measurement_max_age_days.value)
_RECENT = timedelta(days=ENGINEERING.surgery_recent_days.value)
_PRESSURE_NOW = timedelta(days=ENGINEERING.blood_pressure_recent_days.value)
_REPEATED = 2


def hearing_loss(problems: Sequence[ConditionReading], results: Iterable[ChartResult], as_of: date) -> Fact[YesNo]:
    """Return whether severe hearing loss is on record; a hearing loss of unstated degree leaves it unknown."""
    standing = [problem for problem in problems if problem.stands and affirmed((problem.words,), HEARING_LOSS)]
    yes = [_of_problem(problem) for problem in standing if SEVERE.search(problem.words)]
    unsure = [_of_problem(problem) for problem in standing if not SEVERE.search(problem.words)]
    no = []
    for result in _of_now(results, as_of, _VALID):
        if HEARING_TEST.search(result.title):
            proof = Proof(result.reference, result.on)
            if affirmed(result.texts, HEARING_LOSS):
                (yes if affirmed(result.texts, HEARING_LOSS, SEVERE) else unsure).append(proof)
            elif _denies(result):
                no.append(proof)
    return answer(yes, no, unsure, looked_in=("conditions", "reports"))


def renal_impairment(problems: Sequence[ConditionReading], results: Iterable[ChartResult], as_of: date) -> Fact[YesNo]:
    """Return whether renal impairment is on record.

    A creatinine that its laboratory calls high leaves it unknown; one it calls normal denies it.
    """
    yes = [_of_problem(p) for p in problems if p.stands and affirmed((p.words,), RENAL_IMPAIRMENT)]
    creatinine = [
        result
        for result in _of_now(results, as_of, _VALID)
        if any(is_a(concept, "lab_vital.creatinine") for concept in result.concepts) and result.high is not None
    ]
    latest = max((result.on for result in creatinine if result.on), default=None)
    now = [result for result in creatinine if result.on == latest]
    no = [Proof(result.reference, result.on, Confidence.CODED_LOCAL) for result in now if not result.high]
    unsure = [Proof(result.reference, result.on) for result in now if result.high]
    return answer(yes, no, unsure, looked_in=("conditions", "labs"))


def proteinuria(problems: Sequence[ConditionReading], results: Iterable[ChartResult], as_of: date) -> Fact[YesNo]:
    """Return whether proteinuria is on record: a problem, or a dipstick from 2+ on; less, or none, denies it."""
    yes = [_of_problem(p) for p in problems if p.stands and affirmed((p.words,), PROTEINURIA)]
    no = []
    for result in _latest(_of_now(results, as_of, _VALID), URINE_PROTEIN):
        proof = Proof(result.reference, result.on)
        plus = max((found for text in result.texts if (found := highest_plus(text)) is not None), default=None)
        if plus is not None and plus >= ENGINEERING.proteinuria_dipstick_plus.value:
            yes.append(proof)
        elif plus is not None or _denies(result):
            no.append(proof)
    return answer(yes, no, looked_in=("labs", "conditions"))


def stem_cells_stored(
    problems: Sequence[ConditionReading], services: Iterable[ServiceOrder], results: Iterable[ChartResult]
) -> Fact[YesNo]:
    """Return whether autologous stem cells are stored; a collection alone leaves it unknown, they may be used up."""
    told: list[tuple[str, date | None, tuple[str, ...]]] = [(p.source, None, (p.words,)) for p in problems]
    told += [(item.reference, item.on, _answered(item)) for item in results if item.usable]
    done = (service for service in services if service.state is OrderState.COMPLETED)
    said = [(Proof(source, on), stem_cells_in(texts)) for source, on, texts in told]
    said += [(Proof(service.reference, service.when), stem_cells_in((service.text,))) for service in done]
    yes = [proof for proof, cells in said if cells.stored]
    no = [proof for proof, cells in said if cells.gone]
    if yes and no:
        return answer((), (), [*yes, *no], looked_in=("procedures", "reports"))
    unsure = [proof for proof, cells in said if cells.collected] if not no else []
    return answer(yes, no, unsure, looked_in=("procedures", "reports"))


def _answered(result: ChartResult) -> tuple[str, ...]:
    """Return what a result says with its title as the question; a title alone speaks where nothing answers it."""
    if not result.texts:
        return (result.title,)
    return (*result.texts, f"{result.name.replace('|', ' ')}: {result.texts[0]}")


def anthracycline_limit_reached(problems: Sequence[ConditionReading], results: Iterable[ChartResult]) -> Fact[YesNo]:
    """Return whether a text says that the lifetime limit is reached; doses are not summed here."""
    yes = [_of_problem(problem) for problem in problems if says_anthracycline_limit((problem.words,))]
    yes += [Proof(item.reference, item.on) for item in results if item.usable and says_anthracycline_limit(item.texts)]
    return answer(yes, looked_in=("reports", "conditions"))


def heart_disease(problems: Sequence[ConditionReading]) -> Fact[YesNo]:
    """Return whether heart failure or cardiomyopathy is a problem that stands; a scan is not judged here."""
    yes = [_of_problem(p) for p in problems if p.stands and affirmed((p.words,), HEART_DISEASE)]
    return answer(yes, looked_in=("conditions",))


def uncontrolled_hypertension(findings: Sequence[Finding], results: Iterable[ChartResult], as_of: date) -> Fact[YesNo]:
    """Return whether blood pressure is out of control now: said so, or repeatedly high by the sender's own limits."""
    kind = FindingKind.UNCONTROLLED_HYPERTENSION
    yes = [Proof(f.source, f.date, f.confidence) for f in findings if f.kind is kind and f.active]
    pressures = [
        result
        for result in _of_now(results, as_of, _PRESSURE_NOW)
        if any(is_a(concept, "lab_vital.sbp", "lab_vital.dbp") for concept in result.concepts)
    ]
    high = {r.reference: Proof(r.reference, r.on, Confidence.CODED_LOCAL) for r in pressures if r.high}
    normal = {r.reference: Proof(r.reference, r.on, Confidence.CODED_LOCAL) for r in pressures if r.high is False}
    if len(high) >= _REPEATED:
        yes.extend(high.values())
    return answer(yes, tuple(normal.values()) if not high else (), looked_in=("vitals", "conditions"))


def pregnancy(findings: Sequence[Finding], results: Iterable[ChartResult], as_of: date, *, male: bool) -> Fact[YesNo]:
    """Return whether a pregnancy is on record; a recent negative test denies it, as does male sex."""
    yes = [Proof(f.source, f.date, f.confidence) for f in findings if f.kind is FindingKind.PREGNANCY and f.active]
    no = [Proof("", confidence=Confidence.CODED)] if male else []
    for result in _latest(_of_now(results, as_of, _RECENT), PREGNANCY_TEST):
        proof = Proof(result.reference, result.on, Confidence.CODED if result.value_concepts else Confidence.TEXT)
        if any(is_a(concept, "answer.negative", "answer.absent") for concept in result.value_concepts) or _denies(
            result
        ):
            no.append(proof)
        elif any(is_a(concept, "answer.positive", "answer.present") for concept in result.value_concepts):
            yes.append(proof)
    return answer(yes, no, looked_in=("labs", "conditions"))


def _denies(result: ChartResult) -> bool:
    return any(said is Said.DENIED for _, said in clauses(result.texts))


def _of_problem(problem: ConditionReading) -> Proof:
    onset = problem.onset or problem.recorded
    return Proof(problem.source, onset.first if onset else None)


def _of_now(results: Iterable[ChartResult], as_of: date, valid: timedelta) -> list[ChartResult]:
    """Return the usable results of the last days."""
    return [item for item in results if item.usable and item.on is not None and as_of - valid <= item.on <= as_of]


def _latest(results: Sequence[ChartResult], title: re.Pattern[str]) -> list[ChartResult]:
    """Return the results of this title on its latest day."""
    own = [item for item in results if item.on is not None and title.search(item.title)]
    latest = max((item.on for item in own if item.on), default=None)
    return [item for item in own if item.on == latest]
