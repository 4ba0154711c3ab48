"""What the molecular findings select: MYCN and ALK, each with how sure it is, and what to say about it.

Place in the flow: re-induction and salvage ask here. May not: select on anything but a coded result on
tissue of this relapse; everything else that points the same way is provisional.
"""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum
from typing import TypeVar

from hooks.facts.fact import Conflicting, Fact, Known, YesNo, is_value, value_of
from hooks.pathways.relapsed_neuroblastoma.facts import (
    ABERRANT_ALK,
    ALK,
    GD2,
    MYCN,
    Altered,
    DiseaseEvent,
    Facts,
    Molecular,
    Timing,
)
from hooks.pathways.relapsed_neuroblastoma.knowledge.disease import DISEASE
from hooks.pathways.relapsed_neuroblastoma.rules.gates import alk_states, is_proven

StrEnumT = TypeVar("StrEnumT", bound=StrEnum)


class Selection(StrEnum):
    """Whether a marker selects its regimen."""

    SELECTED = "selected"
    PROVISIONAL = "provisional"
    NO = "no"


def with_honest_timing(facts: Facts) -> Facts:
    """Return the facts with every molecular result of unknown timing where the event has no date.

    Refractory disease needs no date: no relapse separates the tissue from the disease at hand.
    """
    if isinstance(facts.event_date, Known) or is_value(facts.disease_event, DiseaseEvent.REFRACTORY):
        return facts
    return replace(facts, mycn=_untimed(facts.mycn), alk=_untimed(facts.alk), gd2=_untimed(facts.gd2))


def _untimed(fact: Fact[Molecular[StrEnumT]]) -> Fact[Molecular[StrEnumT]]:
    if not isinstance(fact, Known):
        return fact
    return replace(fact, value=replace(fact.value, timing=Timing.UNKNOWN))


def mycn_selection(facts: Facts) -> Selection:
    """Return whether amplified MYCN selects RIST. Gain and heterogeneous amplification never do."""
    result = value_of(facts.mycn)
    if result is None or result.state is not MYCN.AMPLIFIED:
        return Selection.NO
    return Selection.SELECTED if is_proven(facts.mycn) else Selection.PROVISIONAL


def alk_selection(facts: Facts) -> Selection:
    """Return whether an aberrant ALK selects an ALK inhibitor."""
    if not alk_states(facts) & ABERRANT_ALK:
        return Selection.NO
    return Selection.SELECTED if is_proven(facts.alk) else Selection.PROVISIONAL


def marker_words(facts: Facts) -> str:
    """Return the markers that select a regimen, with dates, for a summary; "to confirm" where they only appear to."""
    selections = (("mycn", mycn_selection(facts)), ("alk", alk_selection(facts)))
    return "".join(_selecting(facts, name, selection) for name, selection in selections)


def _selecting(facts: Facts, name: str, selection: Selection) -> str:
    if isinstance(getattr(facts, name), Conflicting):
        return f", {name.upper()} results disagree"
    match selection:
        case Selection.SELECTED:
            return f", {finding_words(facts, name)}"
        case Selection.PROVISIONAL:
            return f", {name.upper()} to confirm"
    return ""


def finding_words(facts: Facts, name: str) -> str:
    """Return MYCN or ALK with state and date ("MYCN amplified (2026-09-18)"); the fact must be known."""
    fact = getattr(facts, name)
    when = f" ({fact.date.isoformat()})" if fact.date else ""
    words = fact.value.variant or str(fact.value.state).replace("_", " ")
    return f"{name.upper()} {words}{when}"


def marker_statements(facts: Facts) -> tuple[str, ...]:
    """Return the names of the statements that the molecular findings call for."""
    said = []
    mycn, alk = mycn_selection(facts), alk_selection(facts)
    if isinstance(facts.mycn, Conflicting):
        said.append("mycn_conflict")
    if Selection.NO not in {mycn, alk}:
        said.append("alk_and_mycn")
    if mycn is Selection.PROVISIONAL:
        said.extend(("mycn_confirm", "mycn_cut_off"))
    if alk is Selection.PROVISIONAL:
        said.append("alk_confirm")
    if is_subclonal(facts):
        said.append("alk_subclonal")
    said.extend(_STATE_STATEMENTS[state] for state in _states(facts) if state in _STATE_STATEMENTS)
    if is_alk_with_ras(facts):
        said.append("alk_with_ras")
    if is_value(facts.failed_lorlatinib, YesNo.YES):
        said.append("alk_failed")
    if is_old_negative_alk(facts):
        said.append("alk_old_negative")
    return tuple(said)


def needs_tumour_board(facts: Facts) -> bool:
    """True where no source ranks what was found, where its weight is open, or where results disagree."""
    if isinstance(facts.mycn, Conflicting) or isinstance(facts.alk, Conflicting) or is_alk_with_ras(facts):
        return True
    if is_subclonal(facts):
        return True
    if Selection.NO not in {mycn_selection(facts), alk_selection(facts)}:
        return True
    return bool({MYCN.HETEROGENEOUS, ALK.VUS} & set(_states(facts))) or is_value(facts.failed_lorlatinib, YesNo.YES)


def is_alk_with_ras(facts: Facts) -> bool:
    """True for an aberrant ALK beside an altered RAS-MAPK pathway, which marks resistance to lorlatinib."""
    ras = value_of(facts.ras_mapk)
    return alk_selection(facts) is not Selection.NO and ras is not None and ras.state is Altered.ALTERED


def is_subclonal(facts: Facts) -> bool:
    """True for an ALK change whose allele fraction is on record and not above what counts as clonal."""
    result = value_of(facts.alk)
    if result is None or result.frequency is None or alk_selection(facts) is Selection.NO:
        return False
    return result.frequency <= DISEASE.alk_clonal_above.fraction


def with_gd2(summary: str, facts: Facts) -> str:
    """Return the summary with the word that GD2 appears absent where nothing proves it; shorter where room is short."""
    result = value_of(facts.gd2)
    if result is None or result.state is not GD2.NEGATIVE or is_proven(facts.gd2):
        return summary
    full = f"{summary}; GD2 appears negative, confirm before any antibody"
    return full if len(full) < SUMMARY_ROOM else f"{summary}; GD2 negative? Confirm"


SUMMARY_ROOM = 140
"""A summary is shorter than this (CDS Hooks)."""


def is_old_negative_alk(facts: Facts) -> bool:
    """True if the only ALK result is a negative one that is not of this relapse."""
    result = value_of(facts.alk)
    return alk_states(facts) == {ALK.NEGATIVE} and result is not None and result.timing is not Timing.AT_RELAPSE


_STATE_STATEMENTS: dict[StrEnum, str] = {
    MYCN.GAIN: "mycn_gain",
    MYCN.HETEROGENEOUS: "mycn_heterogeneous",
    ALK.VUS: "alk_vus",
}


def _states(facts: Facts) -> tuple[StrEnum, ...]:
    mycn, alk = value_of(facts.mycn), value_of(facts.alk)
    return (*((mycn.state,) if mycn else ()), *((alk.state,) if alk else ()))
