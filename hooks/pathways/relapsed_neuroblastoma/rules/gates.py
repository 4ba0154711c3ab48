"""Every gate of a regimen over a child's facts: met, not met or unknown.

Place in the flow: options ask here what blocks a regimen and what asks for caution.
May not: read unknown as either answer; an unknown gate becomes a line to check.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from hooks.facts.fact import Fact, Known, YesNo, is_coded, is_value, value_of
from hooks.pathways.relapsed_neuroblastoma.facts import (
    ABERRANT_ALK,
    ACTIVE_EVENTS,
    ALK,
    GD2,
    MYCN,
    OBJECTIVE_RESPONSES,
    Avidity,
    Facts,
    Molecular,
    Response,
    Site,
    Timing,
)
from hooks.pathways.relapsed_neuroblastoma.knowledge.regimens import RegimenLibrary

SOFT_TISSUE = frozenset({Site.SOFT_TISSUE, Site.LYMPH_NODE, Site.LIVER, Site.LUNG, Site.SKIN, Site.PRIMARY})
"""Sites that INRC evaluates as soft tissue (primary, nodes, organs)."""


class GateState(StrEnum):
    """The answer to one gate."""

    MET = "met"
    NOT_MET = "not_met"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Gate:
    """One gate: the facts it reads, and its answer over them (`limit` comes from the knowledge file)."""

    reads: tuple[str, ...]
    test: Callable[[Facts, int | None], GateState]


@dataclass(frozen=True, slots=True)
class Weighing:
    """What the gates of one regimen say, as gate codes."""

    blocked_by: tuple[str, ...]
    cautions: tuple[str, ...]
    to_check: tuple[str, ...]


def weigh(regimen_id: str, facts: Facts, library: RegimenLibrary) -> Weighing:
    """Return which gates of the regimen are met, and which cannot be answered."""
    gates = library.gates[regimen_id]
    states = {code: gate_state(code, facts, library) for code in (*gates.block, *gates.caution)}
    return Weighing(
        blocked_by=tuple(code for code in gates.block if states[code] is GateState.MET),
        cautions=tuple(code for code in gates.caution if states[code] is GateState.MET),
        to_check=tuple(code for code, state in states.items() if state is GateState.UNKNOWN),
    )


def gate_state(code: str, facts: Facts, library: RegimenLibrary) -> GateState:
    """Return the state of one gate."""
    return GATES[code].test(facts, library.gate_codes[code].limit)


def _from(answer: bool | None) -> GateState:
    if answer is None:
        return GateState.UNKNOWN
    return GateState.MET if answer else GateState.NOT_MET


def _yes(name: str) -> Gate:
    """A gate that is met when the chart affirms the fact of this name."""
    return _yes_no(name, YesNo.YES)


def _no(name: str) -> Gate:
    """A gate that is met when the chart denies the fact of this name."""
    return _yes_no(name, YesNo.NO)


def _yes_no(name: str, met: YesNo) -> Gate:
    def test(facts: Facts, _limit: int | None) -> GateState:
        fact: Fact[YesNo] = getattr(facts, name)
        return _from(fact.value is met if isinstance(fact, Known) else None)

    return Gate((name,), test)


def _always(facts: Facts, limit: int | None) -> GateState:
    del facts, limit
    return GateState.MET


def _relapsed(facts: Facts, limit: int | None) -> GateState:
    del limit
    event = value_of(facts.disease_event)
    return _from(None if event is None else event in ACTIVE_EVENTS)


def _younger_than(facts: Facts, limit: int | None) -> GateState:
    age_months = value_of(facts.age_months)
    return _from(None if age_months is None or limit is None else age_months < limit)


def _response(test: Callable[[Response], bool]) -> Gate:
    def state(facts: Facts, _limit: int | None) -> GateState:
        response = value_of(facts.response)
        return _from(test(response.category) if response else None)

    return Gate(("response",), state)


def _soft_tissue(facts: Facts, limit: int | None) -> GateState:
    del limit
    sites = value_of(facts.sites)
    return _from(None if sites is None else bool(sites & SOFT_TISSUE))


def _not_avid(facts: Facts, limit: int | None) -> GateState:
    del limit
    avidity = value_of(facts.mibg_avidity)
    return _from(None if avidity is None else avidity is Avidity.NON_AVID)


def _cyp3a(facts: Facts, limit: int | None) -> GateState:
    del limit
    both = (facts.strong_cyp3a_inducer, facts.strong_cyp3a_inhibitor)
    if any(is_value(fact, YesNo.YES) for fact in both):
        return GateState.MET
    return GateState.NOT_MET if all(is_value(fact, YesNo.NO) for fact in both) else GateState.UNKNOWN


def alk_states(facts: Facts) -> frozenset[ALK]:
    """Return every ALK state on record, whatever its confidence and timing."""
    result = value_of(facts.alk)
    return frozenset({result.state, *result.also}) if result else frozenset()


def is_proven(fact: Fact[Molecular[GD2]] | Fact[Molecular[ALK]] | Fact[Molecular[MYCN]]) -> bool:
    """True for a coded result on tissue of this relapse, the only one that may exclude or select."""
    return isinstance(fact, Known) and is_coded(fact) and fact.value.timing is Timing.AT_RELAPSE


def _alk(wanted: Callable[[frozenset[ALK]], bool]) -> Gate:
    """A gate about ALK: answered by any positive finding; a negative one answers only if proven at relapse."""

    def test(facts: Facts, _limit: int | None) -> GateState:
        states = alk_states(facts)
        if states & ABERRANT_ALK:
            return _from(wanted(states & ABERRANT_ALK))
        return GateState.MET if states == {ALK.NEGATIVE} and is_proven(facts.alk) else GateState.UNKNOWN

    return Gate(("alk",), test)


def _mycn_not_amplified(facts: Facts, limit: int | None) -> GateState:
    del limit
    match value_of(facts.mycn):
        case Molecular(state=MYCN.AMPLIFIED):
            return GateState.NOT_MET
        case Molecular(state=MYCN.GAIN | MYCN.NOT_AMPLIFIED):
            return GateState.MET
    return GateState.UNKNOWN


def _gd2_negative(facts: Facts, limit: int | None) -> GateState:
    del limit
    result = value_of(facts.gd2)
    return _from(result.state is GD2.NEGATIVE if result and is_proven(facts.gd2) else None)


GATES: Mapping[str, Gate] = {
    "failed_temozolomide": _yes("failed_temozolomide"),
    "failed_irinotecan": _yes("failed_irinotecan"),
    "failed_topotecan": _yes("failed_topotecan"),
    "failed_etoposide": _yes("failed_etoposide"),
    "topotecan_exposed": _yes("topotecan_exposed"),
    "progressed_on_anti_gd2": _yes("progressed_on_anti_gd2"),
    "severe_anti_gd2_reaction": _yes("severe_anti_gd2_reaction"),
    "gd2_negative": Gate(("gd2",), _gd2_negative),
    "gvhd_active": _yes("gvhd_active"),
    "active_pd": _response(lambda category: category is Response.PD),
    "not_pr_or_better": _response(lambda category: category not in OBJECTIVE_RESPONSES),
    "soft_tissue_disease": Gate(("sites",), _soft_tissue),
    "no_prior_anti_gd2": _no("prior_anti_gd2"),
    "alk_not_aberrant": _alk(lambda _states: False),
    "alk_not_r1275q": _alk(lambda states: states != {ALK.R1275Q}),
    "alk_fusion_absent": _alk(lambda states: ALK.FUSION not in states),
    "mycn_not_amplified": Gate(("mycn",), _mycn_not_amplified),
    "strong_cyp3a_inducer": _yes("strong_cyp3a_inducer"),
    "strong_cyp3a_interaction": Gate(("strong_cyp3a_inducer", "strong_cyp3a_inhibitor"), _cyp3a),
    "mibg_non_avid": Gate(("mibg_avidity",), _not_avid),
    "no_stem_cells": _no("stem_cells_stored"),
    "anthracycline_limit": _yes("anthracycline_limit_reached"),
    "renal_impairment": _yes("renal_impairment"),
    "age_lt_12m": Gate(("age_months",), _younger_than),
    "proteinuria": _yes("proteinuria"),
    "hypertension": _yes("hypertension"),
    "uncontrolled_hypertension": _yes("uncontrolled_hypertension"),
    "pregnancy": _yes("pregnancy"),
    "relapsed_disease": Gate(("disease_event",), _relapsed),
    "outside_trial": Gate((), _always),
    "vitamin_a_or_tetracycline": _yes("vitamin_a_or_tetracycline"),
    "biopsy_or_surgery_pending": _yes("biopsy_or_surgery_pending"),
    "hearing_loss": _yes("hearing_loss"),
    "always": Gate((), _always),
}
"""By gate code of gates.yaml; a test holds the two lists equal."""
