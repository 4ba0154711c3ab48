"""Stage and risk group at diagnosis.

Place in the flow: `disease` asks it. May not: match a stage by its prefix (MS is not M, 4S is not 4), take a stage
found at relapse for that of the diagnosis, or derive low or intermediate risk.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Generic, TypeVar

from hooks.facts.conditions import ConditionReading
from hooks.facts.dates import Interval, when
from hooks.facts.fact import Confidence, Conflicting, Fact, Known, Unknown
from hooks.facts.observations import (
    Gate,
    absent_reason,
    conditions_in_focus,
    gate_of,
    is_about_someone_else,
    value_text,
)
from hooks.facts.text import Polarity, Topic, read_text
from hooks.facts.vocabulary import words
from hooks.pathways.relapsed_neuroblastoma.facts import MYCN, Molecular, RiskGroup, Stage
from hooks.pathways.relapsed_neuroblastoma.knowledge.disease import DISEASE
from hooks.pathways.relapsed_neuroblastoma.reading.event import WINDOW
from hooks.record import PatientRecord, Resource, reference_to
from hooks.terminology.table import TABLE, codings_of, concepts_of, normal_code, normal_system, text_of

LOOKED_IN = ("status", "conditions")

_STAGE_TEST = "stage.type_or_method"
_RISK_TEST = "high_risk_tumor"
_HIGH = ("high_risk.qualifier", "high_risk_tumor")
_RANK = (Confidence.CODED, Confidence.CODED_LOCAL, Confidence.TEXT)
_INRGSS = frozenset({Stage.L1, Stage.L2, Stage.M, Stage.MS})
_WORDS = re.compile(r"[a-z0-9]+")
_ROMAN = {"i": "1", "iia": "2a", "iib": "2b", "iii": "3", "iv": "4", "ivs": "4s"}
_BY_WORD = {stage.value.lower(): stage for stage in Stage}


ValueT = TypeVar("ValueT", bound=StrEnum)


def _stages_by_code() -> Mapping[tuple[str, str], Stage]:
    """Return stage by code; the stage is the last word of the code's display."""
    found = {}
    for concept in ("stage.INRGSS.value", "stage.INSS.value"):
        for code in TABLE.codes(concept):
            last_word = code.display.removesuffix(" (finding)").rsplit(" ", 1)[-1].lower()
            found[(code.system, normal_code(code.system, code.code))] = _BY_WORD[last_word]
    return found


_BY_CODE = _stages_by_code()
_STAGE_WORDS = words("stage inss inrgss")
_RISK = re.compile(r"\b(high|intermediate|low)[\s-]risk\b(?!\s+(?:of|for)\b)", re.IGNORECASE)
_RISK_TOPICS = {group: Topic(findings=frozenset({f"{group.value}risk"})) for group in RiskGroup}
_GROUPS = frozenset(RiskGroup)
_TUMOUR_WORDS = words("neuroblastoma inrg inrgss inss cog siopen")
_PLAIN_WORDS = words(
    "risk group stratum stratification classification stage staging initial original clinical disease tumour tumor "
    "cancer oncology treatment protocol at of the diagnosis"
)
"""Words of a title that speaks of the disease as a whole ("Risk group at diagnosis"), not of another risk or organ."""
_RISK_GROUPS = words("group stratum stratification classification")
_STAGES = words("stage staging")


@dataclass(frozen=True, slots=True)
class _Stated(Generic[ValueT]):
    """One statement of a stage or a risk group."""

    value: ValueT
    source: str
    confidence: Confidence
    when: Interval | None = None


def read_stage(
    record: PatientRecord, conditions: Sequence[tuple[Resource, ConditionReading]], event: Interval | None
) -> Fact[Stage]:
    """Return the stage at diagnosis: INRGSS before INSS, coded before worded, the earliest before later ones."""
    own = frozenset(reading.source for _, reading in conditions)
    stated = [*_observed_stages(record, own), *_stages_of_conditions(conditions)]
    at_diagnosis = [item for item in stated if not _is_of_the_event(item, event)]
    for system in (_INRGSS, frozenset(Stage) - _INRGSS):
        best = _best([item for item in at_diagnosis if item.value in system])
        if best:
            return _settled(best)
    return Unknown(looked_in=LOOKED_IN)


def read_risk_group(
    record: PatientRecord, readings: Sequence[ConditionReading], derived: Known[RiskGroup] | None
) -> Fact[RiskGroup]:
    """Return the risk group as stated, else as derived; a statement against what is derived is a conflict."""
    own = frozenset(reading.source for reading in readings)
    best = _best([*_observed_risks(record, own), *_risks_of_conditions(readings)])
    if not best:
        return derived or Unknown(looked_in=LOOKED_IN)
    fact = _settled(best)
    if derived is not None and isinstance(fact, Known) and fact.value is not derived.value:
        return Conflicting((fact.value, derived.value), (*fact.sources, *derived.sources))
    return fact


def derive_high_risk(stage: Known[Stage], mycn: Fact[Molecular[MYCN]], age_days: int | None) -> Known[RiskGroup] | None:
    """Return high risk where a row of the risk table holds, with the weakest confidence of its parts."""
    amplified = True if isinstance(mycn, Known) and mycn.value.state is MYCN.AMPLIFIED else None
    for row in DISEASE.high_risk:
        if row.holds(stage.value.value, age_days, amplified):
            parts = [stage, *([mycn] if row.mycn_amplified and isinstance(mycn, Known) else [])]
            confidence = max((part.confidence for part in parts), key=_RANK.index)
            sources = tuple(source for part in parts for source in part.sources)
            return Known(RiskGroup.HIGH, sources, stage.date, confidence)
    return None


def _is_of_the_event(item: _Stated[Stage], event: Interval | None) -> bool:
    """True if certainly from the disease event on: a stage found at relapse proves nothing about the diagnosis."""
    if event is None or event.first is None or item.when is None:
        return False
    return item.when.is_from(event.first - WINDOW)


def _best(stated: Iterable[_Stated[ValueT]]) -> list[_Stated[ValueT]]:
    """Return the statements of the best confidence that are not certainly later than another of them."""
    listed = list(stated)
    top = min((_RANK.index(item.confidence) for item in listed), default=0)
    same = [item for item in listed if _RANK.index(item.confidence) == top]
    known = [item.when for item in same if item.when is not None]
    earliest = min(known, key=lambda dated: dated.last or date.max, default=None)
    return [item for item in same if not _is_later(item, earliest)]


def _is_later(item: _Stated[ValueT], earliest: Interval | None) -> bool:
    return item.when is not None and earliest is not None and item.when.is_later_than(earliest)


def _settled(best: Sequence[_Stated[ValueT]]) -> Fact[ValueT]:
    values = tuple(dict.fromkeys(item.value for item in best))
    sources = tuple(dict.fromkeys(item.source for item in best))
    day = next((item.when.day for item in best if item.when is not None and item.when.day), None)
    if len(values) > 1:
        return Conflicting(values, sources, day)
    return Known(values[0], sources, day, best[0].confidence)


def _observed(record: PatientRecord, own: frozenset[str]) -> Iterator[tuple[Resource, bool]]:
    """Yield usable Observations that are not about another Condition, and whether they are about the tumour."""
    for observation in record.of_type("Observation"):
        if gate_of(observation) not in {Gate.USABLE, Gate.TEXT_ONLY} or absent_reason(observation) is not None:
            continue
        focus = conditions_in_focus(observation)
        if (not focus or focus & own) and not is_about_someone_else(observation, record):
            yield observation, bool(focus)


def _capped(confidence: Confidence, observation: Resource) -> Confidence:
    return confidence if gate_of(observation) is Gate.USABLE else Confidence.TEXT


def _observed_stages(record: PatientRecord, own: frozenset[str]) -> Iterator[_Stated[Stage]]:
    for observation, _ in _observed(record, own):
        value = observation.get("valueCodeableConcept")
        coded = stage_of_codes(value)
        if coded is None and not _asks_for_stage(observation):
            continue
        stage = coded or stage_in_text(value_text(observation) or _whole(observation), alone=True)
        if stage is not None:
            confidence = _capped(Confidence.CODED if coded else Confidence.TEXT, observation)
            yield _Stated(stage, reference_to(observation), confidence, when(observation, "effective"))


def _asks_for_stage(observation: Resource) -> bool:
    """True for a stage of this tumour: by code, or by a title that names its staging or no other disease."""
    if _STAGE_TEST in concepts_of(observation.get("code")):
        return True
    title = _title(observation)
    named = title & _TUMOUR_WORDS
    return bool(title & (_STAGES | {"inss", "inrgss"})) and (bool(named) or title <= _PLAIN_WORDS)


def _title(observation: Resource) -> frozenset[str]:
    return frozenset(_WORDS.findall(text_of(observation.get("code"))[:500].lower()))


def _whole(observation: Resource) -> str:
    number = observation.get("valueInteger")
    return str(number) if isinstance(number, int) else ""


def _stages_of_conditions(conditions: Iterable[tuple[Resource, ConditionReading]]) -> Iterator[_Stated[Stage]]:
    """Yield Condition.stage, coded or worded, and a stage named in the words of the Condition."""
    for resource, reading in conditions:
        stages = resource.get("stage")
        for entry in stages if isinstance(stages, list) else (stages,):
            summary = entry.get("summary") if isinstance(entry, Mapping) else None
            coded = stage_of_codes(summary)
            stage = coded or stage_in_text(text_of(summary), alone=True)
            if stage is not None:
                confidence = Confidence.CODED if coded else Confidence.TEXT
                yield _Stated(stage, reading.source, confidence, reading.onset)
        if (worded := stage_in_text(reading.words)) is not None:
            yield _Stated(worded, reading.source, Confidence.TEXT, reading.onset)


def stage_of_codes(codeable: object) -> Stage | None:
    """Return the stage that a coding of the table names."""
    for coding in codings_of(codeable):
        system, code = coding.get("system"), coding.get("code")
        if isinstance(system, str) and isinstance(code, str):
            canonical = normal_system(system)
            if (stage := _BY_CODE.get((canonical, normal_code(canonical, code)))) is not None:
                return stage
    return None


def stage_in_text(text: str, *, alone: bool = False) -> Stage | None:
    """Return the one stage that follows the word stage, INSS or INRGSS; `alone`: or is the whole text."""
    tokens = _WORDS.findall(text[:2000].lower())
    found = set()
    for position, word in enumerate(tokens):
        if word in _STAGE_WORDS or (alone and len(tokens) == 1):
            after = [word] if len(tokens) == 1 else tokens[position + 1 : position + 3]
            written = "".join(after) if after[1:] == ["s"] else "".join(after[:1])
            found.add(_BY_WORD.get(_ROMAN.get(written, written)))
    stages = [stage for stage in found if stage is not None]
    return stages[0] if len(stages) == 1 else None


def _observed_risks(record: PatientRecord, own: frozenset[str]) -> Iterator[_Stated[RiskGroup]]:
    for observation, focused in _observed(record, own):
        if not _asks_for_risk(observation, focused=focused):
            continue
        coded = any(concept in _HIGH for concept in concepts_of(observation.get("valueCodeableConcept")))
        group = RiskGroup.HIGH if coded else risk_in_text(value_text(observation), alone=True)
        if group is not None:
            stated = Confidence.CODED if coded else _worded_confidence(observation)
            yield _Stated(
                group, reference_to(observation), _capped(stated, observation), when(observation, "effective")
            )


def _asks_for_risk(observation: Resource, *, focused: bool) -> bool:
    """True for a risk group of this tumour: by code, by its title, or by focus. A risk of falling is none."""
    if any(concept in {_STAGE_TEST, _RISK_TEST} for concept in concepts_of(observation.get("code"))):
        return True
    title = _title(observation)
    if "risk" not in title:
        return False
    plain = title <= _PLAIN_WORDS and not title.isdisjoint(_RISK_GROUPS)
    return focused or plain or not title.isdisjoint(_TUMOUR_WORDS)


def _worded_confidence(observation: Resource) -> Confidence:
    local = any(
        isinstance(coding.get("display"), str) for coding in codings_of(observation.get("valueCodeableConcept"))
    )
    return Confidence.CODED_LOCAL if local else Confidence.TEXT


def _risks_of_conditions(readings: Iterable[ConditionReading]) -> Iterator[_Stated[RiskGroup]]:
    for reading in readings:
        if any(concept in _HIGH for concept in (*reading.concepts, *reading.extra_concepts)):
            yield _Stated(RiskGroup.HIGH, reading.source, Confidence.CODED)
        elif (group := risk_in_text(reading.words)) is not None:
            yield _Stated(group, reading.source, Confidence.TEXT)


def risk_in_text(text: str, *, alone: bool = False) -> RiskGroup | None:
    """Return the one risk group that the text affirms; "high risk of infection" is none. `alone`: "High" is one."""
    if alone and text.strip().lower() in _GROUPS:
        return RiskGroup(text.strip().lower())
    joined = _RISK.sub(r"\1risk", text[:2000])
    said = [group for group, topic in _RISK_TOPICS.items() if read_text(joined, topic).polarity is Polarity.POSITIVE]
    return said[0] if len(said) == 1 else None
