"""What speaks against one regimen beyond its met gates: severe allergies, open questions, reasons not to draft.

Place in the flow: `options` and `trial_options` ask here. May not: bar a regimen; everything here asks for caution.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from hooks.facts.fact import Confidence, Conflicting, Fact, Known, value_of
from hooks.pathways.relapsed_neuroblastoma.facts import Facts, Timing
from hooks.pathways.relapsed_neuroblastoma.knowledge.regimens import Regimen, RegimenLibrary
from hooks.pathways.relapsed_neuroblastoma.rules.drafting import has_body_measures
from hooks.pathways.relapsed_neuroblastoma.rules.gates import GATES, GateState, Weighing, gate_state
from hooks.pathways.relapsed_neuroblastoma.rules.saying import missing, used
from hooks.terminology.drug_classes import CLASSES

GD2_GATE = "gd2_negative"
"""The gate that every anti-GD2 antibody has."""

_INFANT_GATE = "age_lt_12m"


def allergy_cautions(drugs: Iterable[str], facts: Facts) -> tuple[str, ...]:
    """Return one line if a severe allergy to one of these drugs, or to its class, is on record."""
    allergies = facts.severe_drug_allergies
    if not isinstance(allergies, Known):
        return ()
    named = [_drug_name(drug) for drug in drugs if {drug, *CLASSES.of(drug)} & allergies.value]
    if not named:
        return ()
    when = f", {allergies.date.isoformat()}" if allergies.date else ""
    sure = "" if allergies.confidence is Confidence.CODED else ", please confirm"
    return (f"Caution: severe allergy on record to {', '.join(dict.fromkeys(named))}{when}{sure}",)


def _drug_name(drug: str) -> str:
    return drug.removeprefix("drug.").replace("_", " ")


def gate_words(code: str, facts: Facts, library: RegimenLibrary) -> str:
    """Return a gate in words with the date of the fact that answered it and the source of the gate.

    A GD2 result that is not known to be of current tissue is told as it was read: the gate's words claim more.
    """
    gate = library.gate_codes[code]
    source = f" ({gate.citation})" if gate.citation else ""
    gd2 = value_of(facts.gd2)
    if code == GD2_GATE and gd2 is not None and gd2.timing is not Timing.AT_RELAPSE:
        (read,) = used(facts, "gd2")
        return f"{read.label.removesuffix(', please confirm')}{source}"
    stated: list[Fact[object]] = [getattr(facts, name) for name in GATES[code].reads]
    dates = [fact.date for fact in stated if isinstance(fact, Known) and fact.date]
    when = f", {max(dates).isoformat()}" if dates else ""
    return f"{gate.words}{when}{source}"


def unanswered(weighing: Weighing, facts: Facts) -> tuple[str, ...]:
    """Return the open gates about which the chart says nothing."""
    return tuple(code for code in weighing.to_check if not _statements_on(code, facts))


def to_confirm(weighing: Weighing, facts: Facts) -> Iterator[str]:
    """Yield what the chart does say about an open gate: a result to confirm, or sources that disagree."""
    lines = (line for code in weighing.to_check for line in _statements_on(code, facts))
    yield from dict.fromkeys(lines)


def _statements_on(code: str, facts: Facts) -> tuple[str, ...]:
    """Return the statements on the facts of a gate, empty unless each of them is on record."""
    reads = GATES[code].reads
    stated: list[Fact[object]] = [getattr(facts, name) for name in reads]
    if not reads or not all(isinstance(fact, Known | Conflicting) for fact in stated):
        return ()
    known = (item.label for item in used(facts, *reads))
    confirm = (label if "confirm" in label else f"{label}, please confirm" for label in known)
    return (*confirm, *(gap.label for gap in missing(facts, *reads)))


def reasons_not_to_draft(
    regimen: Regimen, weighing: Weighing, facts: Facts, library: RegimenLibrary
) -> tuple[str, ...]:
    """Return why no drug of a regimen is drafted although its schedule would allow it; empty if nothing forbids."""
    if regimen.draft_schedule is None:
        return ()
    reasons = []
    if allergy_cautions(regimen.drugs, facts):
        reasons.append("No drug is drafted: severe allergy to a drug of this regimen")
    if any(library.gate_codes[code].undrafted for code in (*weighing.cautions, *weighing.suspected)):
        reasons.append("No drug is drafted while the caution above stands")
    if is_infant(facts, library):
        reasons.append("No drug is drafted under 12 months: dose by the protocol's infant rule (engineering choice)")
    if not has_body_measures(facts):
        reasons.append("No drug is drafted: weight and height with their dates are not on record")
    return tuple(reasons)


def is_infant(facts: Facts, library: RegimenLibrary) -> bool:
    """True if the child is known to be too young for the antibodies' licences (row A13)."""
    limit = library.gate_codes[_INFANT_GATE].limit
    age_months = value_of(facts.age_months)
    return age_months is not None and limit is not None and age_months < limit


def doubted_antibodies(facts: Facts, library: RegimenLibrary) -> frozenset[str]:
    """Return the antibody regimens, as ids, where GD2 appears to be absent: they stand behind all others (row G13)."""
    if gate_state(GD2_GATE, facts, library) is not GateState.SUSPECTED:
        return frozenset()
    return frozenset(key for key, gates in library.gates.items() if GD2_GATE in (*gates.block, *gates.caution))
