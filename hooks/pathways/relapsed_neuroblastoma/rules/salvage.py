"""Salvage: options after progression, an insufficient response, or more than one relapse (rows G6, G7, G10, G12, A7).

Place in the flow: the rule that speaks when a treatment of the relapse has failed, and when stable disease
makes alternatives worth showing. May not: repeat what has failed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from hooks.facts.fact import Known, YesNo, is_coded, is_value, value_of
from hooks.pathways.relapsed_neuroblastoma.facts import (
    Criteria,
    DiseaseEvent,
    Facts,
    Response,
    StopReason,
)
from hooks.pathways.relapsed_neuroblastoma.knowledge import Knowledge
from hooks.pathways.relapsed_neuroblastoma.knowledge.regimens import Phase
from hooks.pathways.relapsed_neuroblastoma.rules.consolidation import NAXITAMAB, has_bone_or_marrow
from hooks.pathways.relapsed_neuroblastoma.rules.drawbacks import doubted_antibodies, is_infant
from hooks.pathways.relapsed_neuroblastoma.rules.markers import marker_statements, with_gd2
from hooks.pathways.relapsed_neuroblastoma.rules.options import Candidate, offers, ranked
from hooks.pathways.relapsed_neuroblastoma.rules.phase import PhaseKind, counted, dated, running_regimen
from hooks.pathways.relapsed_neuroblastoma.rules.regimen_card import (
    Speaking,
    card,
    event_words,
    exposure_statements,
    may_speak,
)
from hooks.pathways.relapsed_neuroblastoma.rules.reinduction import (
    first_choice_candidates,
    local_options,
    marker_candidates,
    mibg_candidate,
    second_alk_inhibitors,
    site_statements,
)
from hooks.pathways.relapsed_neuroblastoma.rules.trial_options import trial_links, trial_options, trials_for
from hooks.recommendation import Caution, Outcome, Standing, Topic

_KINDS = frozenset({PhaseKind.SALVAGE, PhaseKind.ALTERNATIVES})
_TOPOTECAN_FIRST = ("TOPOCY", "DB_TOPOCY")
_CHEMOTHERAPY = ("TVD", "TCE", "HD_ICE")
_EXPERT = ("HD_CARBO_IRI", "DB_N5N6")
_MIBG = "MIBG_131I"
_ALSO_SALVAGE = "HITS"
_INSTEAD_OF_ANTIBODY = "BIT"
_GIVEN = "already given"


def salvage_options(facts: Facts, knowledge: Knowledge, as_of: date) -> Outcome:
    """After progression, insufficient response or a further relapse: trial first, then a regimen without what failed.

    After temozolomide no temozolomide backbone; after topotecan ICE, MIBG therapy or a trial before it; after an
    anti-GD2 antibody GD2 first and antibody only with chemotherapy; after lorlatinib no other ALK inhibitor by reflex.
    Evidence: EJC2026, PDQ, TVD, TCE, TopoCy, KUSHNER-ICE, NANT, BEACON2, LERMAN
    """
    speaking = may_speak(Topic.SALVAGE_REGIMEN, "salvage_options", facts, knowledge, _KINDS, as_of)
    if not isinstance(speaking, Speaking):
        return speaking
    now = speaking.facts
    trials = trials_for(now, knowledge, Phase.SALVAGE)
    candidates = _without_what_was_given(_candidates(now), speaking)
    options = (
        *trial_options(trials, now, knowledge),
        *local_options(now, knowledge),
        *offers(candidates, now, knowledge),
    )
    return card(
        speaking,
        with_gd2(_summary(speaking), now),
        ranked(
            options,
            refer_before_caution=is_value(now.failed_topotecan, YesNo.YES),
            last=doubted_antibodies(now, knowledge.regimens),
        ),
        _statements(speaking),
        gaps=(
            *("mycn", "alk", "gd2", "sites", "mibg_avidity", "treatment_lines"),
            *("failed_temozolomide", "failed_topotecan", "progressed_on_anti_gd2"),
        ),
        links=trial_links(trials),
    )


def _summary(speaking: Speaking) -> str:
    facts = speaking.facts
    act = "Show alternatives" if speaking.phase.kind is PhaseKind.ALTERNATIVES else "Choose salvage, trial first"
    if not isinstance(facts.response, Known):
        return f"{act}: {event_words(facts)} after earlier relapse treatment"
    said = f"{facts.response.value.category} on {dated(facts.response.date)}"
    return f"{act}: {said}{_after_cycles(facts)}, {event_words(facts)}"


def _after_cycles(facts: Facts) -> str:
    """Return the number of cycles where it is coded; a number read from words stays out of the first sentence."""
    given = facts.cycles_given
    if not isinstance(given, Known) or not is_coded(given) or given.value == 0:
        return ""
    return f" after {counted(given.value)}"


def _candidates(facts: Facts) -> Iterator[Candidate]:
    temozolomide_failed = is_value(facts.failed_temozolomide, YesNo.YES)
    topotecan_failed = is_value(facts.failed_topotecan, YesNo.YES)
    yield from marker_candidates(facts)
    yield from second_alk_inhibitors(facts)
    usually = tuple(first_choice_candidates(facts))
    if is_value(facts.progressed_on_anti_gd2, YesNo.YES):
        usually = tuple(sorted(usually, key=lambda candidate: candidate.regimen != _INSTEAD_OF_ANTIBODY))
        yield from (_named_alternative(candidate) for candidate in usually[:1])
        usually = usually[1:]
    usual = Standing.PREFERRED if temozolomide_failed and not topotecan_failed else Standing.ALTERNATIVE
    yield from (Candidate(regimen, usual) for regimen in _TOPOTECAN_FIRST)
    yield from (Candidate(regimen, Standing.ALTERNATIVE) for regimen in _CHEMOTHERAPY)
    yield mibg_candidate(facts)
    yield from (Candidate(regimen, Standing.REFER) for regimen in _EXPERT)
    if has_bone_or_marrow(facts) and _is_stable(facts):
        yield Candidate(NAXITAMAB, Standing.ALTERNATIVE)
    for candidate in usually:
        if candidate.standing is Standing.PREFERRED:
            yield _named_alternative(candidate)
        elif candidate.regimen == _ALSO_SALVAGE:
            yield candidate


def _named_alternative(candidate: Candidate) -> Candidate:
    return replace(candidate, standing=Standing.ALTERNATIVE, named=True)


def _is_stable(facts: Facts) -> bool:
    response = value_of(facts.response)
    return response is not None and response.category in {Response.SD, Response.MR}


def _without_what_was_given(candidates: Iterator[Candidate], speaking: Speaking) -> Iterator[Candidate]:
    """Yield the candidates; what was already given for this event is barred and named as such.

    While going on is still one of the choices (stable disease, ALTERNATIVES), the running regimen is left out.
    Repeated MIBG therapy is a question of the centre's dose limits, not barred here.
    """
    given, earlier, failed = _given(speaking)
    left_out = {running_regimen(speaking.facts)} if speaking.phase.kind is PhaseKind.ALTERNATIVES else set()
    named = set(left_out)
    for candidate in candidates:
        if candidate.regimen in left_out:
            continue
        named.add(candidate.regimen)
        if candidate.regimen == _MIBG and _MIBG in given:
            yield replace(candidate, against=(*candidate.against, "Already given: mind the dose limits of the centre"))
        elif candidate.regimen in given:
            yield replace(candidate, barred=_GIVEN, named=True)
        else:
            yield _given_earlier(candidate, failed) if candidate.regimen in earlier else candidate
    known = speaking.knowledge.regimens.regimens
    for regimen in sorted(given - named):
        if regimen in known:
            yield Candidate(regimen, Standing.ALTERNATIVE, barred=_GIVEN, named=True)


def _given(speaking: Speaking) -> tuple[set[str], set[str], set[str]]:
    """Return the regimens given for this event, those of earlier treatment, and on which of these it progressed."""
    lines = value_of(speaking.facts.treatment_lines) or ()
    given = {line.regimen for line in lines if line.relapse_directed} | {running_regimen(speaking.facts)}
    earlier = [line for line in lines if not line.relapse_directed]
    failed = {line.regimen for line in earlier if line.stop_reason is StopReason.PROGRESSION}
    return given, {line.regimen for line in earlier}, failed


def _given_earlier(candidate: Candidate, failed: set[str]) -> Candidate:
    """Return the candidate with a word of its earlier use; one under which the disease progressed asks for caution."""
    if candidate.regimen in failed:
        line = Caution("Caution: given before this event, and the disease progressed on it")
        offered = candidate.standing in {Standing.PREFERRED, Standing.ALTERNATIVE}
        standing = Standing.CAUTION if offered else candidate.standing
        return replace(candidate, standing=standing, against=(line, *candidate.against))
    return replace(candidate, against=(*candidate.against, "Already given before this event"))


def _statements(speaking: Speaking) -> Iterator[str]:
    facts = speaking.facts
    yield from ("trial_first", "salvage_options", "early_phase")
    if is_value(facts.disease_event, DiseaseEvent.LATER_RELAPSE):
        yield "later_relapse"
    if is_value(facts.disease_event, DiseaseEvent.REFRACTORY):
        yield "refractory"
    yield from _response_statements(facts)
    yield from marker_statements(facts)
    yield from site_statements(facts)
    yield "mibg_phase"
    if not isinstance(facts.mibg_avidity, Known):
        yield "mibg_if_avid"
    if is_infant(facts, speaking.knowledge.regimens):
        yield "infant"
    yield from exposure_statements(facts)
    yield "offlabel"


def _response_statements(facts: Facts) -> Iterator[str]:
    match value_of(facts.response):
        case None:
            return
        case result if result.category is Response.PD:
            yield "progression_ice"
        case result:
            yield from ("stable_continue", "stable_rule")
            if result.category is Response.MR:
                yield "minor_response"
                if result.criteria is not Criteria.INRC_2017:
                    yield "mr_two_meanings"
