"""Every gate of a regimen over a child's facts: met, not met or unknown.

Place in the flow: options ask here what blocks a regimen and what asks for caution.
May not: read unknown as either answer; an unknown gate becomes a line to check.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from hooks.facts.fact import Fact, Known, Unknown, Why, YesNo, is_coded, value_of
from hooks.pathways.relapsed_neuroblastoma.facts import (
    ABERRANT_ALK,
    ALK,
    GD2,
    MYCN,
    Facts,
    Molecular,
    Timing,
    WorkupItem,
)
from hooks.pathways.relapsed_neuroblastoma.knowledge.regimens import RegimenLibrary
from hooks.pathways.relapsed_neuroblastoma.rules import gate_questions as ask


class GateState(StrEnum):
    """The answer to one gate. SUSPECTED: something points to it without proof; it asks for caution, never blocks."""

    MET = "met"
    SUSPECTED = "suspected"
    NOT_MET = "not_met"
    UNKNOWN = "unknown"


class Gate(Protocol):
    """One gate: the facts it reads, and its answer over them (`limit` comes from the knowledge file)."""

    @property
    def reads(self) -> tuple[str, ...]:
        """Names of the facts that the answer rests on."""

    def state(self, facts: Facts, limit: int | None) -> GateState:
        """Return the answer."""


@dataclass(frozen=True, slots=True)
class Weighing:
    """What the gates of one regimen say, as gate codes."""

    blocked_by: tuple[str, ...]
    cautions: tuple[str, ...]
    suspected: tuple[str, ...]
    to_check: tuple[str, ...]


def weigh(regimen_id: str, facts: Facts, library: RegimenLibrary) -> Weighing:
    """Return which gates of the regimen are met, and which cannot be answered."""
    gates = library.gates[regimen_id]
    states = {code: gate_state(code, facts, library) for code in (*gates.block, *gates.caution)}
    return Weighing(
        blocked_by=tuple(code for code in gates.block if states[code] is GateState.MET),
        cautions=tuple(code for code in gates.caution if states[code] is GateState.MET),
        suspected=tuple(code for code, state in states.items() if state is GateState.SUSPECTED),
        to_check=tuple(code for code, state in states.items() if state is GateState.UNKNOWN),
    )


def gate_state(code: str, facts: Facts, library: RegimenLibrary) -> GateState:
    """Return the state of one gate."""
    return GATES[code].state(facts, library.gate_codes[code].limit)


def _from(answer: bool | None) -> GateState:
    if answer is None:
        return GateState.UNKNOWN
    return GateState.MET if answer else GateState.NOT_MET


@dataclass(frozen=True, slots=True)
class Affirmed:
    """Met when the chart affirms the fact of this name (or, with `met` NO, when it denies it)."""

    name: str
    met: YesNo = YesNo.YES

    @property
    def reads(self) -> tuple[str, ...]:
        """The one fact."""
        return (self.name,)

    def state(self, facts: Facts, limit: int | None) -> GateState:
        """Return UNKNOWN for what the chart neither affirms nor denies."""
        del limit
        fact: Fact[YesNo] = getattr(facts, self.name)
        return _from(fact.value is self.met if isinstance(fact, Known) else None)


@dataclass(frozen=True, slots=True)
class Judged:
    """Met when a question about the facts, named in `reads`, is answered with yes; None is unknown."""

    reads: tuple[str, ...]
    question: Callable[[Facts, int | None], bool | None]

    def state(self, facts: Facts, limit: int | None) -> GateState:
        """Return the answer to the question."""
        return _from(self.question(facts, limit))


@dataclass(frozen=True, slots=True)
class Guarded:
    """A gate that counts as suspected while its part of the chart could not be retrieved.

    Else a regimen would rise by what nobody could read: bevacizumab, where Procedures are refused.
    """

    gate: Gate
    rests_on: Callable[[Facts], Fact[object] | None]

    @property
    def reads(self) -> tuple[str, ...]:
        """The facts of the gate."""
        return self.gate.reads

    def state(self, facts: Facts, limit: int | None) -> GateState:
        """Return the answer of the gate, SUSPECTED instead of an UNKNOWN that the fetch is to blame for."""
        answer, fact = self.gate.state(facts, limit), self.rests_on(facts)
        unread = isinstance(fact, Unknown) and fact.why is Why.NOT_RETRIEVED
        return GateState.SUSPECTED if unread and answer is GateState.UNKNOWN else answer


@dataclass(frozen=True, slots=True)
class AlkGate:
    """A question about aberrant ALK states; a negative result answers (met) only if proven at relapse and complete."""

    question: Callable[[frozenset[ALK]], bool]
    reads: tuple[str, ...] = ("alk",)

    def state(self, facts: Facts, limit: int | None) -> GateState:
        """Return the answer; a variant of uncertain significance leaves it open."""
        del limit
        states = alk_states(facts)
        if aberrant := states & ABERRANT_ALK:
            return _from(self.question(aberrant))
        result = value_of(facts.alk)
        complete = states == {ALK.NEGATIVE} and result is not None and not result.untested
        return GateState.MET if complete and is_proven(facts.alk) else GateState.UNKNOWN


@dataclass(frozen=True, slots=True)
class GD2Gate:
    """GD2 absent: met if proven at relapse; suspected from local words (the usual way) or from other tissue."""

    reads: tuple[str, ...] = ("gd2",)

    def state(self, facts: Facts, limit: int | None) -> GateState:
        """Return the answer; a positive result of other tissue leaves it open, because GD2 can be lost."""
        del limit
        result = value_of(facts.gd2)
        if result is None:
            return GateState.UNKNOWN
        if is_proven(facts.gd2):
            return _from(result.state is GD2.NEGATIVE)
        return GateState.SUSPECTED if result.state is GD2.NEGATIVE else GateState.UNKNOWN


def alk_states(facts: Facts) -> frozenset[ALK]:
    """Return every ALK state on record, whatever its confidence and timing."""
    result = value_of(facts.alk)
    return frozenset({result.state, *result.also}) if result else frozenset()


def is_proven(fact: Fact[Molecular[GD2]] | Fact[Molecular[ALK]] | Fact[Molecular[MYCN]]) -> bool:
    """True for a coded result on tissue of this relapse, the only one that may exclude or select."""
    return isinstance(fact, Known) and is_coded(fact) and fact.value.timing is Timing.AT_RELAPSE


GATES: Mapping[str, Gate] = {
    "failed_temozolomide": Affirmed("failed_temozolomide"),
    "failed_irinotecan": Affirmed("failed_irinotecan"),
    "failed_topotecan": Affirmed("failed_topotecan"),
    "failed_etoposide": Affirmed("failed_etoposide"),
    "topotecan_exposed": Affirmed("topotecan_exposed"),
    "progressed_on_anti_gd2": Affirmed("progressed_on_anti_gd2"),
    "severe_anti_gd2_reaction": Affirmed("severe_anti_gd2_reaction"),
    "severe_reaction_any_antibody": Affirmed("severe_anti_gd2_reaction"),
    "gd2_negative": GD2Gate(),
    "gvhd_active": Affirmed("gvhd_active"),
    "gvhd_any_antibody": Affirmed("gvhd_active"),
    "active_pd": Judged(("response",), ask.progressing),
    "not_pr_or_better": Judged(("response",), ask.below_pr),
    "soft_tissue_disease": Judged(("sites",), ask.soft_tissue),
    "no_prior_anti_gd2": Affirmed("prior_anti_gd2", YesNo.NO),
    "alk_not_aberrant": AlkGate(lambda _states: False),
    "alk_not_r1275q": AlkGate(lambda states: states != {ALK.R1275Q}),
    "alk_fusion_absent": AlkGate(lambda states: ALK.FUSION not in states),
    "mycn_not_amplified": Judged(("mycn",), ask.mycn_not_amplified),
    "strong_cyp3a_inducer": Affirmed("strong_cyp3a_inducer"),
    "strong_cyp3a_inducer_class": Affirmed("strong_cyp3a_inducer"),
    "strong_cyp3a_interaction": Judged(("strong_cyp3a_inducer", "strong_cyp3a_inhibitor"), ask.cyp3a),
    "mibg_non_avid": Judged(("mibg_avidity",), ask.not_avid),
    "no_stem_cells": Affirmed("stem_cells_stored", YesNo.NO),
    "anthracycline_limit": Affirmed("anthracycline_limit_reached"),
    "heart_disease": Affirmed("heart_disease"),
    "renal_impairment": Affirmed("renal_impairment"),
    "renal_function": Affirmed("renal_impairment"),
    "age_lt_12m": Judged(("age_months",), ask.younger_than),
    "age_unread": Judged(("age_months",), ask.younger_than),
    "proteinuria": Affirmed("proteinuria"),
    "hypertension": Affirmed("hypertension"),
    "uncontrolled_hypertension": Affirmed("uncontrolled_hypertension"),
    "pregnancy": Affirmed("pregnancy"),
    "relapsed_disease": Judged(("disease_event",), ask.relapsed),
    "outside_trial": Judged((), ask.always),
    "vitamin_a_or_tetracycline": Affirmed("vitamin_a_or_tetracycline"),
    "biopsy_or_surgery_pending": Guarded(
        Affirmed("biopsy_or_surgery_pending"), lambda facts: facts.biopsy_or_surgery_pending
    ),
    "biopsy_due": Guarded(Judged((), ask.biopsy_due), lambda facts: facts.workup.get(WorkupItem.BIOPSY)),
    "cns_bevacizumab": Judged(("sites",), ask.cns),
    "eflornithine_active": Judged(("treatment_lines",), ask.eflornithine_active),
    "ras_mapk_altered": Judged(("ras_mapk",), ask.ras_mapk_altered),
    "alk_low_fraction": Judged((), ask.alk_low_fraction),
    "failed_lorlatinib": Affirmed("failed_lorlatinib"),
    "single_event": Judged(("disease_event", "response"), ask.single_event),
    "hearing_loss": Affirmed("hearing_loss"),
    "always": Judged((), ask.always),
}
"""By gate code of gates.yaml; a test holds the two lists equal."""
