"""The phase of relapse treatment that a child is in (decision table F, stop rule, no-repeat rule).

Place in the flow: the second question of every regimen rule, after scope. May not: guess; a phase that
the chart does not tell is UNKNOWN and says what is missing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from hooks.facts.fact import Conflicting, Fact, Known, Unknown, YesNo, is_value, value_of
from hooks.pathways.relapsed_neuroblastoma.facts import (
    OBJECTIVE_RESPONSES,
    DiseaseEvent,
    Facts,
    Response,
    ResponseResult,
    TreatmentLine,
)
from hooks.pathways.relapsed_neuroblastoma.knowledge import Knowledge
from hooks.pathways.relapsed_neuroblastoma.knowledge.regimens import Phase, Status

NOT_EVALUATED: Fact[ResponseResult] = Unknown()
TRANSPLANT = "HAPLO_SCT_DB"
"""The one consolidation of two parts: a transplant, then an antibody."""

_ANSWERS = OBJECTIVE_RESPONSES | {Response.MR}


class PhaseKind(StrEnum):
    """Where the child stands. ALTERNATIVES: stable disease at which going on and changing stand side by side."""

    REINDUCTION = "reinduction"
    ON_TREATMENT = "on_treatment"
    EVALUATION_DUE = "evaluation_due"
    CONSOLIDATION = "consolidation"
    MAINTENANCE = "maintenance"
    ALTERNATIVES = "alternatives"
    SALVAGE = "salvage"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class PhaseAnswer:
    """The phase, the sentence that gives the reason, the facts that decided, and those that are missing."""

    kind: PhaseKind
    because: str
    decided_by: tuple[str, ...]
    missing: tuple[str, ...] = ()


def phase_of(facts: Facts, knowledge: Knowledge) -> PhaseAnswer:
    """Return the phase of a child whose disease event is in scope."""
    if is_value(facts.disease_event, DiseaseEvent.IN_REMISSION):
        return _in_remission(facts, knowledge)
    response = current_response(facts, knowledge)
    if isinstance(response, Conflicting):
        return _unknown("The chart's statements on response contradict each other.", "response")
    if isinstance(response, Known) and response.value.category is Response.PD:
        return PhaseAnswer(PhaseKind.SALVAGE, f"Progressive disease on {dated(response.date)}.", ("response",))
    if not has_begun(facts, knowledge) and not isinstance(response, Known):
        return _not_begun(facts, knowledge)
    answered = isinstance(response, Known) and is_objective(response.value.category, knowledge)
    if should_not_run(facts, knowledge) and not answered:
        because = f"{running_words(facts, knowledge)} is running and should not be."
        return PhaseAnswer(PhaseKind.REINDUCTION, because, ("active_regimen",))
    if not isinstance(response, Known):
        return _not_evaluated(facts, knowledge)
    return _evaluated(facts, knowledge, response)


def current_response(facts: Facts, knowledge: Knowledge) -> Fact[ResponseResult]:
    """Return the response to the present treatment of this event; Unknown for one that is older than either.

    Without any treatment of the event on record, PD and SD describe the event itself and only a dated
    answer (CR, PR, MR) counts.
    """
    response = facts.response
    if isinstance(response, Unknown) or _is_before_treatment(response.date, facts, knowledge):
        return NOT_EVALUATED
    if has_begun(facts, knowledge):
        return response
    is_answer = isinstance(response, Known) and response.date is not None and response.value.category in _ANSWERS
    return response if is_answer else NOT_EVALUATED


def _is_before_treatment(when: date | None, facts: Facts, knowledge: Knowledge) -> bool:
    """True for a date before the latest line of this event, or before the event where no line has a date.

    A transplant follows the response that it consolidates, so it does not make that response old.
    """
    lines = lines_since_event(facts, knowledge)
    starts = [line.start for line in lines if line.start is not None and line.regimen != TRANSPLANT]
    reference = max(starts) if starts else value_of(facts.event_date)
    return when is not None and reference is not None and when < reference


def lines_since_event(facts: Facts, knowledge: Knowledge) -> tuple[TreatmentLine, ...]:
    """Return the relapse-directed lines that began with or after the present event."""
    return tuple(line for line in _relapse_lines(facts) if not _is_spent(line, facts, knowledge))


def transplant_without_antibody(facts: Facts, knowledge: Knowledge) -> TreatmentLine | None:
    """Return the last haploidentical transplant of this event, while the antibody planned after it was not given."""
    planned = set(knowledge.regimens.regimens[TRANSPLANT].drugs)
    found = None
    for line in lines_since_event(facts, knowledge):
        if line.regimen == TRANSPLANT:
            found = line
        if line.drugs & planned:
            found = None
    return found


def has_begun(facts: Facts, knowledge: Knowledge) -> bool:
    """True if a treatment directed at the present event is on record."""
    return bool(lines_since_event(facts, knowledge)) or (running_regimen(facts) != "" and not _relapse_lines(facts))


def running_regimen(facts: Facts) -> str:
    """Return the id of the relapse-directed regimen that is running ("other" for one not on file), or ""."""
    return value_of(facts.active_regimen) or ""


def running_words(facts: Facts, knowledge: Knowledge) -> str:
    """Return the running regimen as a sentence names it."""
    running = running_regimen(facts)
    known = knowledge.regimens.regimens.get(running)
    return known.name if known else "the present treatment"


def cycles_since_evaluation(facts: Facts) -> int | None:
    """Return the cycles given since the last evaluation; all of them where there was none; None if unknown."""
    since = value_of(facts.cycles_since_evaluation)
    if since is None and not isinstance(facts.response, Known):
        return value_of(facts.cycles_given)
    return since


def _relapse_lines(facts: Facts) -> tuple[TreatmentLine, ...]:
    return tuple(line for line in value_of(facts.treatment_lines) or () if line.relapse_directed)


def _is_spent(line: TreatmentLine, facts: Facts, knowledge: Knowledge) -> bool:
    """True if the line began well before the present event: it was directed at an earlier one."""
    event_date = value_of(facts.event_date)
    if line.start is None or event_date is None:
        return False
    return line.start < event_date - timedelta(days=knowledge.engineering.relapse_window_days.value)


def _not_begun(facts: Facts, knowledge: Knowledge) -> PhaseAnswer:
    event = str(value_of(facts.disease_event)).replace("_", " ")
    if is_value(facts.disease_event, DiseaseEvent.LATER_RELAPSE) or _relapse_lines(facts):
        return PhaseAnswer(
            PhaseKind.SALVAGE,
            f"The disease came back or progressed after treatment of an earlier relapse ({event}).",
            ("disease_event", "event_date", "treatment_lines"),
        )
    if unexplained := _response_without_treatment(facts, knowledge):
        return unexplained
    return PhaseAnswer(
        PhaseKind.REINDUCTION,
        f"Disease event: {event}; no treatment directed at it is on record{_as_far_as_had(facts)}.",
        ("disease_event", "event_date", "treatment_lines"),
    )


def _as_far_as_had(facts: Facts) -> str:
    """Return the limit of what a chart can deny whose orders or procedures could not all be had."""
    return " in what could be retrieved" if {"medications", "procedures"}.intersection(facts.data_gaps) else ""


def _response_without_treatment(facts: Facts, knowledge: Knowledge) -> PhaseAnswer | None:
    """Return UNKNOWN for PD or SD recorded long after the event although no treatment of it is on record."""
    event_date = value_of(facts.event_date)
    if not isinstance(facts.response, Known) or facts.response.date is None or event_date is None:
        return None
    window = timedelta(days=knowledge.engineering.relapse_window_days.value)
    if facts.response.date <= event_date + window:
        return None
    return _unknown("A response is on record but no treatment of this event.", "treatment_lines")


def should_not_run(facts: Facts, knowledge: Knowledge) -> bool:
    """True if the running regimen is one that the evidence or its licence speaks against."""
    regimen = knowledge.regimens.regimens.get(running_regimen(facts))
    return regimen is not None and regimen.status is Status.DO_NOT_SUGGEST


def _not_evaluated(facts: Facts, knowledge: Knowledge) -> PhaseAnswer:
    if not running_regimen(facts):
        return _unknown("Treatment of this event is on record, its response is not.", "response")
    if _runs(facts, knowledge, Phase.MAINTENANCE):
        return _on_treatment(facts, knowledge)
    cycles = cycles_since_evaluation(facts)
    if cycles is None:
        return _unknown(
            f"Neither the cycles of {running_words(facts, knowledge)} nor its response are on record.",
            "response",
            "cycles_since_evaluation",
        )
    return _by_interval(facts, knowledge, cycles) or _on_treatment(facts, knowledge)


def _evaluated(facts: Facts, knowledge: Knowledge, response: Known[ResponseResult]) -> PhaseAnswer:
    if _runs(facts, knowledge, Phase.MAINTENANCE):
        return _on_treatment(facts, knowledge)
    said = f"{response.value.category} on {dated(response.date)}"
    transplant = transplant_without_antibody(facts, knowledge)
    if transplant and is_objective(response.value.category, knowledge):
        because = f"Haploidentical transplant{_begun(transplant)}; {said}; no antibody after it is on record."
        return PhaseAnswer(PhaseKind.CONSOLIDATION, because, ("response", "treatment_lines"))
    cycles = cycles_since_evaluation(facts)
    if running_regimen(facts) and cycles is not None and (due := _by_interval(facts, knowledge, cycles)):
        return due
    if is_value(facts.consolidation_done, YesNo.YES):
        return PhaseAnswer(
            PhaseKind.MAINTENANCE, f"Consolidation is completed; {said}.", ("response", "consolidation_done")
        )
    if _runs(facts, knowledge, Phase.CONSOLIDATION):
        return _on_treatment(facts, knowledge)
    if is_objective(response.value.category, knowledge):
        if isinstance(facts.consolidation_done, Unknown) and facts.consolidation_done.sources:
            return _unknown(
                f"{said}; whether the consolidation on record ran its course is open.", "consolidation_done"
            )
        return PhaseAnswer(PhaseKind.CONSOLIDATION, f"{said} after re-induction.", ("response",))
    return _stop_rule(facts, knowledge, said)


def is_objective(category: Response, knowledge: Knowledge) -> bool:
    """True for CR and PR; for a minor response only if the engineering choice says so."""
    if category is Response.MR:
        return bool(knowledge.engineering.minor_response_is_objective.value)
    return category in OBJECTIVE_RESPONSES


def _stop_rule(facts: Facts, knowledge: Knowledge, said: str) -> PhaseAnswer:
    """Return what stable disease or a minor response means after so many cycles."""
    cycles = value_of(facts.cycles_given)
    if cycles is None:
        return _unknown(f"{said}; how many cycles were given is not on record.", "cycles_given")
    decided_by = ("response", "cycles_given")
    after = f"{said}, after {counted(cycles)}"
    if cycles >= knowledge.engineering.stable_disease_insufficient_cycles.value:
        return PhaseAnswer(PhaseKind.SALVAGE, f"Insufficient response: {after}.", decided_by)
    if cycles >= knowledge.engineering.stable_disease_alternatives_cycles.value:
        return PhaseAnswer(PhaseKind.ALTERNATIVES, f"{after}.", decided_by)
    if not running_regimen(facts):
        return _unknown(f"{after}; no treatment is seen to run: ended, changed, or given elsewhere?", "active_regimen")
    return PhaseAnswer(PhaseKind.ON_TREATMENT, f"{after}: go on and evaluate again.", decided_by)


def _by_interval(facts: Facts, knowledge: Knowledge, cycles: int) -> PhaseAnswer | None:
    if cycles < knowledge.engineering.evaluation_interval_cycles.value:
        return None
    return PhaseAnswer(
        PhaseKind.EVALUATION_DUE,
        f"{cycles} cycles of {running_words(facts, knowledge)} since the last evaluation.",
        ("active_regimen", "cycles_since_evaluation", "cycles_given"),
    )


def _in_remission(facts: Facts, knowledge: Knowledge) -> PhaseAnswer:
    if _runs(facts, knowledge, Phase.MAINTENANCE):
        return _on_treatment(facts, knowledge)
    match facts.consolidation_done:
        case Known(value=YesNo.YES):
            because = "The relapse is in remission and consolidation is completed."
            return PhaseAnswer(PhaseKind.MAINTENANCE, because, ("disease_event", "consolidation_done"))
        case Known():
            because = "The relapse is in remission; consolidation is not completed."
            return PhaseAnswer(PhaseKind.ON_TREATMENT, because, ("disease_event", "consolidation_done"))
    return _unknown(
        "The relapse is in remission; whether consolidation was given is not on record.", "consolidation_done"
    )


def _runs(facts: Facts, knowledge: Knowledge, phase: Phase) -> bool:
    """True if the running regimen belongs first of all to that phase, and may run."""
    regimen = knowledge.regimens.regimens.get(running_regimen(facts))
    return regimen is not None and regimen.phases[0] is phase and regimen.status is not Status.DO_NOT_SUGGEST


def _on_treatment(facts: Facts, knowledge: Knowledge) -> PhaseAnswer:
    because = f"On {running_words(facts, knowledge)}; the next evaluation is not due."
    return PhaseAnswer(PhaseKind.ON_TREATMENT, because, ("active_regimen", "cycles_since_evaluation"))


def _unknown(because: str, *missing: str) -> PhaseAnswer:
    return PhaseAnswer(PhaseKind.UNKNOWN, because, missing, missing)


def _begun(line: TreatmentLine) -> str:
    return f" of {line.start.isoformat()}" if line.start else ""


def counted(cycles: int) -> str:
    """Return a number of cycles in words: "1 cycle", "2 cycles"."""
    return f"{cycles} cycle{'' if cycles == 1 else 's'}"


def dated(when: date | None) -> str:
    """Return the date as a card writes it, or that there is none."""
    return when.isoformat() if when else "an unknown date"
