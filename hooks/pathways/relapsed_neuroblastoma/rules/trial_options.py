"""Trials as the first options of a regimen card.

Place in the flow: re-induction and salvage put these before every regimen. May not: say that a child is
eligible; the status ages, so each option asks to verify it and each card links to the registry.
"""

from __future__ import annotations

from hooks.facts.fact import value_of
from hooks.pathways.relapsed_neuroblastoma.facts import ABERRANT_ALK, ALK, Facts
from hooks.pathways.relapsed_neuroblastoma.knowledge import Knowledge
from hooks.pathways.relapsed_neuroblastoma.knowledge.regimens import Marker, Phase, Trial, TrialStatus
from hooks.pathways.relapsed_neuroblastoma.rules.drafting import trial_order
from hooks.pathways.relapsed_neuroblastoma.rules.drawbacks import allergy_cautions, gate_words
from hooks.pathways.relapsed_neuroblastoma.rules.gates import GateState, alk_states, gate_state
from hooks.pathways.relapsed_neuroblastoma.rules.markers import Selection, alk_selection
from hooks.recommendation import CardLink, Caution, CitationId, Option, Standing, StudiedIn

_DOUBT = {
    GateState.MET: "May not be eligible",
    GateState.SUSPECTED: "May not be eligible, please confirm",
}
_STATUS_WORDS = {TrialStatus.RECRUITING: "recruiting", TrialStatus.CHECK: "to be checked"}


def trials_for(facts: Facts, knowledge: Knowledge, phase: Phase) -> tuple[Trial, ...]:
    """Return the trials to show in this phase, those of the site's own jurisdiction first."""
    shown = [trial for trial in knowledge.regimens.trials if _is_shown(trial, facts, phase)]
    return tuple(sorted(shown, key=lambda trial: len(trial.jurisdictions) > 1))


def trial_options(trials: tuple[Trial, ...], facts: Facts, knowledge: Knowledge) -> tuple[Option, ...]:
    """Return one option per trial."""
    return tuple(_option(trial, facts, knowledge) for trial in trials)


def trial_links(trials: tuple[Trial, ...]) -> tuple[CardLink, ...]:
    """Return one link per registry entry, to verify its status."""
    links = (CardLink(label=f"Verify status: {trial.registry_id}", url=trial.verify_url) for trial in trials)
    return tuple(dict.fromkeys(links))


def _is_shown(trial: Trial, facts: Facts, phase: Phase) -> bool:
    if not trial.may_be_offered or phase not in trial.phases or facts.jurisdiction not in trial.jurisdictions:
        return False
    age_months = value_of(facts.age_months)
    if trial.age_min_months is not None and age_months is not None and age_months < trial.age_min_months:
        return False
    return value_of(facts.disease_event) in trial.events and _has_marker(trial, facts)


def _has_marker(trial: Trial, facts: Facts) -> bool:
    match trial.marker:
        case Marker.ALK:
            return bool(alk_states(facts) & ABERRANT_ALK)
        case Marker.ALK_FUSION:
            return ALK.FUSION in alk_states(facts)
    return True


def _option(trial: Trial, facts: Facts, knowledge: Knowledge) -> Option:
    status = f"Status in the registry copy of {trial.checked_on}: {_STATUS_WORDS[trial.status]}; verify it"
    return Option(
        regimen=trial.registry_id,
        name=f"{trial.name} ({trial.registry_id})",
        standing=Standing.TRIAL,
        why=(StudiedIn(f"Population: {trial.population} ({trial.citation})"), f"{trial.why} ({trial.citation})"),
        against=(status, *_doubts(trial, facts, knowledge)),
        orders=(trial_order(trial, facts),),
        evidence=(CitationId(trial.citation),),
        label=f"Check eligibility: {trial.name}",
    )


def _doubts(trial: Trial, facts: Facts, knowledge: Knowledge) -> tuple[str, ...]:
    """Return what may stand against eligibility; the trial decides, so nothing here blocks."""
    library = knowledge.regimens
    states = {code: gate_state(code, facts, library) for code in trial.doubts}
    said: list[str] = [
        Caution(f"{_DOUBT[state]}: {gate_words(code, facts, library)}")
        for code, state in states.items()
        if state in _DOUBT
    ]
    said.extend(map(Caution, allergy_cautions(trial.drugs, facts)))
    if trial.marker is not None and alk_selection(facts) is Selection.PROVISIONAL:
        said.append("ALK appears aberrant, please confirm on current tissue")
    if trial.age_min_months is not None and value_of(facts.age_months) is None:
        said.append("Check the age: it is not on record")
    return tuple(said)
