"""How facts are named to people and machines: UsedFact and MissingFact for any field of Facts.

Place in the flow: rules use it so that every card names its data the same way.
May not: decide anything.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from hooks.facts.fact import Confidence, Conflicting, Fact, Known, Unknown, Why, YesNo, value_of
from hooks.facts.measurements import Measurement
from hooks.pathways.relapsed_neuroblastoma.facts import (
    Altered,
    Criteria,
    DiseaseEvent,
    Facts,
    Molecular,
    Response,
    ResponseResult,
    Timing,
    TreatmentLine,
)
from hooks.pathways.relapsed_neuroblastoma.knowledge import KNOWLEDGE
from hooks.pathways.relapsed_neuroblastoma.rules.products import product_names
from hooks.recommendation import MissingFact, Shared, UsedFact

_REGIMENS = KNOWLEDGE.regimens.regimens

NAMES: dict[str, str] = {
    "diagnosis": "Diagnosis",
    "verification": "Verification of the diagnosis",
    "disease_event": "Disease event",
    "event_date": "Date of the disease event",
    "risk_group": "Risk group at diagnosis",
    "stage": "Stage at diagnosis",
    "diagnosis_date": "Date of diagnosis",
    "age_months": "Age",
    "deceased": "Deceased",
    "palliative_intent": "Palliative intent",
    "sites": "Sites of active disease",
    "local_only": "Local disease only",
    "mibg_avidity": "MIBG avidity",
    "mycn": "MYCN",
    "alk": "ALK",
    "gd2": "GD2 on tumour cells",
    "tp53_pathway": "TP53 pathway",
    "ras_mapk": "RAS-MAPK",
    "tert": "TERT",
    "atrx": "ATRX",
    "segmental_changes": "Segmental chromosome changes",
    "treatment_lines": "Earlier treatment",
    "prior_anti_gd2": "Earlier anti-GD2 antibody",
    "progressed_on_anti_gd2": "Progression on an anti-GD2 antibody",
    "failed_temozolomide": "Progression on temozolomide",
    "failed_irinotecan": "Progression on irinotecan",
    "failed_topotecan": "Progression on topotecan",
    "failed_etoposide": "Progression on etoposide",
    "failed_lorlatinib": "Progression on lorlatinib",
    "topotecan_exposed": "Earlier topotecan",
    "active_regimen": "Regimen under way",
    "cycles_given": "Cycles given",
    "cycles_since_evaluation": "Cycles since the last response evaluation",
    "response": "Response",
    "consolidation_done": "Consolidation completed",
    "gvhd_active": "Acute GvHD grade 3-4 or extensive chronic GvHD",
    "severe_anti_gd2_reaction": "Life-threatening reaction to an anti-GD2 antibody",
    "hearing_loss": "Severe hearing loss",
    "renal_impairment": "Renal impairment",
    "stem_cells_stored": "Stored autologous stem cells",
    "heart_disease": "Heart failure or cardiomyopathy",
    "anthracycline_limit_reached": "Cumulative anthracycline limit reached",
    "hypertension": "Hypertension",
    "uncontrolled_hypertension": "Uncontrolled hypertension",
    "strong_cyp3a_inducer": "Strong CYP3A inducer among current drugs",
    "strong_cyp3a_inhibitor": "Strong CYP3A inhibitor among current drugs",
    "proteinuria": "Proteinuria",
    "vitamin_a_or_tetracycline": "Vitamin A product or tetracycline",
    "pregnancy": "Pregnancy",
    "biopsy_or_surgery_pending": "Biopsy or surgery planned or recent",
    "severe_drug_allergies": "Severe drug allergies",
    "weight_kg": "Weight",
    "height_cm": "Height",
}
"""Human name of every fact that a card may print; keys are the public fact names."""

_CONFIDENCE_NOTE = {
    Confidence.CODED: "",
    Confidence.CODED_LOCAL: ", from a local code, please confirm",
    Confidence.TEXT: ", from text, please confirm",
}
_EVENT_NOUNS = {
    DiseaseEvent.PROGRESSION: "progression",
    DiseaseEvent.REFRACTORY: "refractory disease",
    DiseaseEvent.SUSPECTED_REFRACTORY: "refractory disease",
}
_PROGRESSIONS = {
    "failed_temozolomide": "temozolomide",
    "failed_irinotecan": "irinotecan",
    "failed_topotecan": "topotecan",
    "failed_etoposide": "etoposide",
    "failed_lorlatinib": "lorlatinib",
    "progressed_on_anti_gd2": "an anti-GD2 antibody",
}
_FINDINGS = frozenset(
    {
        *("topotecan_exposed", "gvhd_active", "severe_anti_gd2_reaction", "hearing_loss", "renal_impairment"),
        *(
            "anthracycline_limit_reached",
            "heart_disease",
            "hypertension",
            "uncontrolled_hypertension",
            "strong_cyp3a_inducer",
        ),
        *("strong_cyp3a_inhibitor", "proteinuria", "vitamin_a_or_tetracycline", "pregnancy"),
        "biopsy_or_surgery_pending",
    }
)
"""Findings whose absence is said in one line with the others."""

_STATE_WORDS = {
    "cns": "CNS",
    "vus": "variant of uncertain significance (VUS)",
    "other_activating": "other activating mutation",
}
_MOST_DRUGS = 5
_MOST_OTHERS = 3
_MOST_PLACES = 2
_LOOK_THERE = frozenset({Why.UNREAD, Why.INDETERMINATE, Why.PENDING, Why.IN_PART})
"""Why a fact is open although something stands in the chart: the card names the places to look."""


def state_of(value: object) -> str:
    """Return the public state word of a fact's value ("amplified", "F1174", "2026-09-18", "PR")."""
    match value:
        case Molecular():
            return str(value.state)
        case ResponseResult():
            return str(value.category)
        case Measurement():
            return f"{value.comparator}{value.value:.4g} {value.unit}"
        case frozenset():
            return ", ".join(sorted(str(item).removeprefix("drug.") for item in value))
        case tuple():
            return f"{len(value)} line{'' if len(value) == 1 else 's'}"
        case date():
            return value.isoformat()
        case StrEnum() | str() | int() | float():
            return str(value)
    return type(value).__name__


def words_of(value: object, event: DiseaseEvent | None = None) -> str:
    """Return the value in words for people: variant and timing of a molecular result included."""
    if isinstance(value, Molecular):
        state = _state_words(str(value.state))
        parts = [value.variant if value.variant.startswith(state) else state]
        if value.variant and not value.variant.startswith(state):
            parts.append(f"({value.variant})")
        parts.extend(f"and {_state_words(str(other))}" for other in value.also)
        if value.germline:
            parts.append("(germline)")
        if value.frequency is not None:
            parts.append(f"(allele fraction {value.frequency * 100:.3g} %)")
        if value.untested:
            parts.append(f"(not tested or not told: {', '.join(value.untested)})")
        return " ".join(parts) + _timing_note(value.timing, event)
    if isinstance(value, ResponseResult):
        open_mr = value.category is Response.MR and value.criteria is not Criteria.INRC_2017
        return f"{value.category}{', minor or mixed?' if open_mr else ''} ({value.criteria})"
    if isinstance(value, frozenset):
        return ", ".join(sorted(_state_words(str(item).removeprefix("drug.")) for item in value))
    if isinstance(value, tuple):
        return "; ".join(_line_words(line) for line in value)
    return _state_words(state_of(value))


def _state_words(state: str) -> str:
    """Return a state in words; an acronym keeps its capitals, a regimen has its name."""
    if state in _REGIMENS:
        return product_names(_REGIMENS[state].name)
    return _STATE_WORDS.get(state, state.replace("_", " "))


def _timing_note(timing: Timing, event: DiseaseEvent | None) -> str:
    noun = _EVENT_NOUNS.get(event, "relapse") if event else "relapse"
    match timing:
        case Timing.PRE_RELAPSE:
            return f", specimen taken before this {noun}"
        case Timing.UNKNOWN:
            return f", date of the specimen against the {noun} unknown"
    return ""


def why_not_current(timing: Timing) -> str:
    """Return why a molecular result is missing all the same: too old, or nobody knows against which day."""
    return str(Why.STALE if timing is Timing.PRE_RELAPSE else Why.UNTIMED)


def _line_words(line: TreatmentLine) -> str:
    """Return one line of treatment: the regimen, or else its drugs, with its dates, cycles and best response."""
    drugs = sorted(drug.removeprefix("drug.").replace("_", " ") for drug in line.drugs)
    more = f" and {len(drugs) - _MOST_DRUGS} more" if len(drugs) > _MOST_DRUGS else ""
    name = _state_words(line.regimen) if line.regimen else f"{' + '.join(drugs[:_MOST_DRUGS])}{more}"
    cycles = f"{line.cycles} cycle{'' if line.cycles == 1 else 's'}" if line.cycles is not None else ""
    days = " to ".join(dict.fromkeys(day.isoformat() for day in (line.start, line.end) if day))
    details = ", ".join(part for part in (days, cycles, str(line.best_response or "")) if part)
    return f"{product_names(name) or 'drugs not on record'}{f' ({details})' if details else ''}"


def used(facts: Facts, *names: str) -> tuple[UsedFact, ...]:
    """Return the known ones among the named facts, as a card lists what was read."""
    found = []
    event = value_of(facts.disease_event)
    for name in names:
        fact: Fact[object] = getattr(facts, name)
        if not isinstance(fact, Known):
            continue
        words = _age_words(fact.value) if name == "age_months" else words_of(fact.value, event)
        label = f"{NAMES[name]}: {words}{_when(fact)}{_CONFIDENCE_NOTE[fact.confidence]}{_others(fact.value)}"
        shared = _shared_line(name, fact, facts)
        found.append(UsedFact(name, state_of(fact.value), label, fact.confidence, fact.date, fact.sources, shared))
    return tuple(found)


def _others(value: object) -> str:
    """Return the older and other-tissue results that say otherwise, each with its date."""
    if not isinstance(value, Molecular) or not value.earlier:
        return ""
    more = f"; and {len(value.earlier) - _MOST_OTHERS} more" if len(value.earlier) > _MOST_OTHERS else ""
    return f"; other results: {'; '.join(value.earlier[:_MOST_OTHERS])}{more}"


def _shared_line(name: str, fact: Known[object], facts: Facts) -> Shared | None:
    """Return the line in which this fact is said with others: what is absent, and a date that stands elsewhere."""
    event = facts.disease_event
    if name == "event_date" and isinstance(event, Known) and event.date == fact.value:
        return Shared(NAMES[name])
    day = fact.date.isoformat() if fact.date else ""
    note = _bracketed(day, _CONFIDENCE_NOTE[fact.confidence].removeprefix(", "))
    if fact.value is YesNo.NO and name in _PROGRESSIONS:
        return Shared("No progression on record on", f"{_PROGRESSIONS[name]}{note}")
    if fact.value is YesNo.NO and name in _FINDINGS:
        return Shared("Not present", f"{in_sentence(NAMES[name])}{note}")
    if isinstance(fact.value, Molecular) and fact.value.state is Altered.NOT_ALTERED and not fact.value.earlier:
        when = _timing_note(fact.value.timing, value_of(event)).removeprefix(", ")
        doubt = _CONFIDENCE_NOTE[fact.confidence].removeprefix(", ")
        return Shared("Not altered", f"{NAMES[name]}{_bracketed(day, when, doubt)}")
    return None


def _bracketed(*parts: str) -> str:
    """Return what is known beside a name in one bracket, so that a list of names can be read."""
    said = ", ".join(filter(None, parts))
    return f" ({said})" if said else ""


def in_sentence(name: str) -> str:
    """Return a name inside a sentence: a small first letter, unless it begins with an acronym."""
    return name if name[1:2].isupper() else name[:1].lower() + name[1:]


def _age_words(months: object) -> str:
    years, rest = divmod(months, 12) if isinstance(months, int) else (0, 0)
    parts = [f"{years} years" if years != 1 else "1 year"] if years else []
    parts += [f"{rest} months" if rest != 1 else "1 month"] if rest or not years else []
    return " ".join(parts)


def _when(fact: Known[object]) -> str:
    """Return the date of a fact in words; "undated" only for what is a finding of one day."""
    if isinstance(fact.value, date):
        return ""
    if fact.date is not None:
        return f", {fact.date.isoformat()}"
    return "" if isinstance(fact.value, YesNo | int | tuple) else ", undated"


_SAID_TOGETHER = frozenset({Why.NOT_FOUND, Why.NOT_RETRIEVED})


def missing(facts: Facts, *names: str) -> tuple[MissingFact, ...]:
    """Return the unknown and conflicting ones among the named facts, as a card lists what is missing."""
    found = []
    for name in names:
        fact: Fact[object] = getattr(facts, name)
        if isinstance(fact, Unknown):
            words = _why_words(fact)
            shared = (
                Shared(words[:1].upper() + words[1:], in_sentence(NAMES[name])) if fact.why in _SAID_TOGETHER else None
            )
            found.append(MissingFact(name, str(fact.why), f"{NAMES[name]}: {words}", fact.looked_in, shared))
        elif isinstance(fact, Conflicting):
            said = " / ".join(sorted(words_of(value, value_of(facts.disease_event)) for value in fact.values))
            found.append(MissingFact(name, "conflicting", f"{NAMES[name]}: sources disagree ({said})", ()))
    return tuple(found)


def _why_words(fact: Unknown) -> str:
    when = f" ({fact.date.isoformat()})" if fact.date else ""
    if fact.why is Why.NOT_FOUND and fact.looked_in:
        return f"not found in {', '.join(fact.looked_in)}"
    where = f", see {', '.join(fact.sources[-_MOST_PLACES:])}" if fact.sources and fact.why in _LOOK_THERE else ""
    return f"{fact.why}{when}{where}"
