"""The states that a fact could have instead: what counterfactuals are computed over.

Place in the flow: `hooks.explain` runs the rules again with each. May not: add a fact that no rule reads.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from enum import StrEnum
from typing import Any

from hooks.explain import Alternative
from hooks.facts.fact import Fact, Known, Unknown, YesNo
from hooks.pathways.relapsed_neuroblastoma.facts import (
    ALK,
    GD2,
    MYCN,
    Avidity,
    Facts,
    Molecular,
    Response,
    ResponseResult,
    RiskGroup,
    WorkupItem,
    WorkupState,
)
from hooks.pathways.relapsed_neuroblastoma.rules.saying import NAMES, state_of

_YES_NO = (
    "progressed_on_anti_gd2",
    "failed_temozolomide",
    "failed_irinotecan",
    "failed_topotecan",
    "severe_anti_gd2_reaction",
    "gvhd_active",
    "prior_anti_gd2",
    "stem_cells_stored",
    "strong_cyp3a_inducer",
)


def _alternative(name: str, words: str, other: Fact[object]) -> Alternative[Facts]:
    changed: dict[str, Any] = {name: other}

    def change(facts: Facts) -> Facts:
        return replace(facts, **changed)

    def holds(facts: Facts) -> bool:
        now = getattr(facts, name)
        if isinstance(now, Known) and isinstance(other, Known):
            return state_of(now.value) == state_of(other.value)
        return isinstance(now, Unknown) and isinstance(other, Unknown)

    return Alternative(name, words, change, holds)


def _molecular(name: str, states: type[StrEnum]) -> Iterator[Alternative[Facts]]:
    for state in states:
        words = f"{NAMES[name]} {state.replace('_', ' ')} at relapse"
        yield _alternative(name, words, Known(Molecular(state)))


def _workup(item: WorkupItem) -> Alternative[Facts]:
    def change(facts: Facts) -> Facts:
        return replace(facts, workup={**facts.workup, item: Known(WorkupState.DONE)})

    def holds(facts: Facts) -> bool:
        state = facts.workup.get(item)
        return isinstance(state, Known) and state.value is WorkupState.DONE

    return Alternative("workup", f"{item.value.replace('_', ' ').lower()} done", change, holds)


def _all() -> Iterator[Alternative[Facts]]:
    yield from _molecular("mycn", MYCN)
    yield from _molecular("alk", ALK)
    yield from _molecular("gd2", GD2)
    for response in Response:
        yield _alternative("response", f"Response {response}", Known(ResponseResult(response)))
    for avidity in Avidity:
        yield _alternative("mibg_avidity", f"Disease {avidity.replace('_', '-')} for MIBG", Known(avidity))
    for risk in RiskGroup:
        yield _alternative("risk_group", f"Risk group {risk} at diagnosis", Known(risk))
    for name in _YES_NO:
        for answer in YesNo:
            yield _alternative(name, f"{NAMES[name]}: {answer}", Known(answer))
    for item in (WorkupItem.BIOPSY, WorkupItem.MOLECULAR_PANEL):
        yield _workup(item)


ALTERNATIVES: tuple[Alternative[Facts], ...] = tuple(_all())
"""Molecular findings first: they change most and are what a work-up can still find out."""
