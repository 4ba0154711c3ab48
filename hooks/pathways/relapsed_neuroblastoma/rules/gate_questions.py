"""The questions behind the gates that need more than one yes or no: each True, False, or None for unknown.

Place in the flow: `gates` asks them. May not: read unknown as either answer.
"""

from __future__ import annotations

from hooks.facts.fact import Fact, Known, Unknown, YesNo, is_value, value_of
from hooks.pathways.relapsed_neuroblastoma.facts import (
    ACTIVE_EVENTS,
    ALK,
    MYCN,
    OBJECTIVE_RESPONSES,
    Altered,
    Avidity,
    DiseaseEvent,
    Facts,
    Molecular,
    Response,
    Site,
    StopReason,
    Timing,
    Tissue,
    WorkupItem,
    WorkupState,
)

SOFT_TISSUE = frozenset({Site.SOFT_TISSUE, Site.LYMPH_NODE, Site.LIVER, Site.LUNG, Site.SKIN, Site.PRIMARY})
"""Sites that INRC evaluates as soft tissue (primary, nodes, organs)."""


def biopsy_due(facts: Facts, _limit: int | None) -> bool | None:
    """True while the biopsy of this event is not done and no result shows that its tissue was taken.

    A result of an unnamed specimen, of marrow or of blood does not show it, and nothing does for an undated event;
    the work-up asks for the biopsy then too.
    """
    if any(isinstance(fact, Known) and _is_of_its_tissue(fact.value) for fact in (facts.mycn, facts.alk)):
        return False
    if isinstance(facts.disease_event, Known) and not isinstance(facts.event_date, Known):
        return True
    state = value_of(facts.workup.get(WorkupItem.BIOPSY, _NOT_LOOKED_FOR))
    return None if state is None else state is not WorkupState.DONE


def cns(facts: Facts, _limit: int | None) -> bool | None:
    """True if the CNS is among the sites on record."""
    sites = value_of(facts.sites)
    return None if sites is None else Site.CNS in sites


def eflornithine_active(facts: Facts, _limit: int | None) -> bool | None:
    """True if a line with eflornithine is under way."""
    lines = value_of(facts.treatment_lines)
    return None if lines is None else any(line.active and _EFLORNITHINE in line.drugs for line in lines)


def ras_mapk_altered(facts: Facts, _limit: int | None) -> bool | None:
    """True for a change of the RAS-MAPK pathway, whatever its confidence: it asks for caution only."""
    result = value_of(facts.ras_mapk)
    return None if result is None else result.state is Altered.ALTERED


def alk_low_fraction(facts: Facts, limit: int | None) -> bool | None:
    """True for an ALK mutation below that per cent of alleles; unknown for one without its fraction."""
    result = value_of(facts.alk)
    if result is None or limit is None:
        return None
    if result.state not in _ALK_MUTATIONS:
        return False
    return None if result.frequency is None else result.frequency * 100 < limit


_ALK_MUTATIONS = frozenset({ALK.F1174, ALK.R1275Q, ALK.OTHER_ACTIVATING})


def single_event(facts: Facts, _limit: int | None) -> bool | None:
    """True for one relapse or progression that did not progress again under its treatment."""
    event, response = value_of(facts.disease_event), value_of(facts.response)
    if event is None or response is None:
        return None
    lines = value_of(facts.treatment_lines) or ()
    again = any(line.relapse_directed and line.stop_reason is StopReason.PROGRESSION for line in lines)
    return event in _ONE_EVENT and response.category is not Response.PD and not again


def _is_of_its_tissue(result: Molecular[MYCN] | Molecular[ALK]) -> bool:
    return result.timing is Timing.AT_RELAPSE and result.tissue is Tissue.TUMOUR


_ONE_EVENT = frozenset({DiseaseEvent.FIRST_RELAPSE, DiseaseEvent.PROGRESSION})
_NOT_LOOKED_FOR: Fact[WorkupState] = Unknown()
_EFLORNITHINE = "drug.eflornithine"


def always(_facts: Facts, _limit: int | None) -> bool:
    """True for every child."""
    return True


def relapsed(facts: Facts, _limit: int | None) -> bool | None:
    """True for disease that relapsed, progressed or never answered."""
    event = value_of(facts.disease_event)
    return None if event is None else event in ACTIVE_EVENTS


def younger_than(facts: Facts, limit: int | None) -> bool | None:
    """True below the age limit of the knowledge file, in months."""
    age_months = value_of(facts.age_months)
    return None if age_months is None or limit is None else age_months < limit


def progressing(facts: Facts, _limit: int | None) -> bool | None:
    """True for progressive disease at the last evaluation."""
    response = value_of(facts.response)
    return response.category is Response.PD if response else None


def below_pr(facts: Facts, _limit: int | None) -> bool | None:
    """True for less than a partial response."""
    response = value_of(facts.response)
    return response.category not in OBJECTIVE_RESPONSES if response else None


def soft_tissue(facts: Facts, _limit: int | None) -> bool | None:
    """True if a soft-tissue site is on record."""
    sites = value_of(facts.sites)
    return None if sites is None else bool(sites & SOFT_TISSUE)


def not_avid(facts: Facts, _limit: int | None) -> bool | None:
    """True if the last scan showed no uptake of MIBG."""
    avidity = value_of(facts.mibg_avidity)
    return None if avidity is None else avidity is Avidity.NON_AVID


def cyp3a(facts: Facts, _limit: int | None) -> bool | None:
    """True for a strong inducer or inhibitor; False only where both are denied."""
    both = (facts.strong_cyp3a_inducer, facts.strong_cyp3a_inhibitor)
    if any(is_value(fact, YesNo.YES) for fact in both):
        return True
    return False if all(is_value(fact, YesNo.NO) for fact in both) else None


def mycn_not_amplified(facts: Facts, _limit: int | None) -> bool | None:
    """True for a gain or a normal MYCN; None for heterogeneous amplification."""
    result = value_of(facts.mycn)
    return None if result is None else _NOT_AMPLIFIED.get(result.state)


_NOT_AMPLIFIED = {MYCN.AMPLIFIED: False, MYCN.GAIN: True, MYCN.NOT_AMPLIFIED: True}
"""Heterogeneous amplification is left out: it is shown, not mapped."""
