"""How facts are named to people and machines: UsedFact and MissingFact for any field of Facts.

Place in the flow: rules use it so that every card names its data the same way.
May not: decide anything.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from hooks.facts.fact import Confidence, Conflicting, Fact, Known, Unknown, Why, YesNo
from hooks.facts.measurements import Measurement
from hooks.pathways.relapsed_neuroblastoma.facts import Facts, Molecular, ResponseResult, Timing
from hooks.recommendation import MissingFact, UsedFact

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
    "anthracycline_limit_reached": "Cumulative anthracycline limit reached",
    "hypertension": "Hypertension",
    "uncontrolled_hypertension": "Uncontrolled hypertension",
    "strong_cyp3a_inducer": "Strong CYP3A inducer among current drugs",
    "strong_cyp3a_inhibitor": "Strong CYP3A inhibitor among current drugs",
    "proteinuria": "Proteinuria",
    "vitamin_a_or_tetracycline": "Vitamin A product or tetracycline",
    "pregnancy": "Pregnancy",
    "biopsy_or_surgery_pending": "Biopsy or surgery planned or recent",
    "weight_kg": "Weight",
    "height_cm": "Height",
}
"""Human name of every fact that a card may print; keys are the public fact names."""

_CONFIDENCE_NOTE = {
    Confidence.CODED: "",
    Confidence.CODED_LOCAL: ", from a local code, please confirm",
    Confidence.TEXT: ", from text, please confirm",
}
_TIMING_NOTE = {
    Timing.AT_RELAPSE: "",
    Timing.PRE_RELAPSE: ", specimen taken before this relapse",
    Timing.UNKNOWN: ", date of the specimen against the relapse unknown",
}


def state_of(value: object) -> str:
    """Return the public state word of a fact's value ("amplified", "F1174", "2026-09-18", "PR")."""
    match value:
        case Molecular():
            return str(value.state)
        case ResponseResult():
            return str(value.category)
        case Measurement():
            return f"{value.comparator}{value.value:g} {value.unit}"
        case frozenset():
            return ", ".join(sorted(str(item) for item in value))
        case tuple():
            return f"{len(value)} line{'' if len(value) == 1 else 's'}"
        case date():
            return value.isoformat()
        case StrEnum() | str() | int() | float():
            return str(value)
    return type(value).__name__


def words_of(value: object) -> str:
    """Return the value in words for people: variant and timing of a molecular result included."""
    if isinstance(value, Molecular):
        parts = [str(value.state).replace("_", " ")]
        if value.variant and value.variant != str(value.state):
            parts.append(f"({value.variant})")
        parts.extend(f"and {str(other).replace('_', ' ')}" for other in value.also)
        if value.germline:
            parts.append("(germline)")
        return " ".join(parts) + _TIMING_NOTE[value.timing]
    if isinstance(value, ResponseResult):
        return f"{value.category} ({value.criteria})"
    return state_of(value).replace("_", " ")


def used(facts: Facts, *names: str) -> tuple[UsedFact, ...]:
    """Return the known ones among the named facts, as a card lists what was read."""
    found = []
    for name in names:
        fact: Fact[object] = getattr(facts, name)
        if not isinstance(fact, Known):
            continue
        words = _age_words(fact.value) if name == "age_months" else words_of(fact.value)
        label = f"{NAMES[name]}: {words}{_when(fact)}{_CONFIDENCE_NOTE[fact.confidence]}"
        found.append(UsedFact(name, state_of(fact.value), label, fact.confidence, fact.date, fact.sources))
    return tuple(found)


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


def missing(facts: Facts, *names: str) -> tuple[MissingFact, ...]:
    """Return the unknown and conflicting ones among the named facts, as a card lists what is missing."""
    found = []
    for name in names:
        fact: Fact[object] = getattr(facts, name)
        if isinstance(fact, Unknown):
            found.append(MissingFact(name, str(fact.why), f"{NAMES[name]}: {_why_words(fact)}", fact.looked_in))
        elif isinstance(fact, Conflicting):
            said = " / ".join(sorted(words_of(value) for value in fact.values))
            found.append(MissingFact(name, "conflicting", f"{NAMES[name]}: sources disagree ({said})", ()))
    return tuple(found)


def _why_words(fact: Unknown) -> str:
    when = f" ({fact.date.isoformat()})" if fact.date else ""
    if fact.why is Why.NOT_FOUND and fact.looked_in:
        return f"not found in {', '.join(fact.looked_in)}"
    return f"{fact.why}{when}"
