"""Consolidation and maintenance after a response to relapse treatment (rows G15, G16).

Place in the flow: the rules that speak once re-induction has answered. May not: offer re-induction again.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from hooks.facts.fact import Known, value_of
from hooks.pathways.relapsed_neuroblastoma.facts import Facts, Response, Site, TreatmentLine
from hooks.pathways.relapsed_neuroblastoma.knowledge import Knowledge
from hooks.pathways.relapsed_neuroblastoma.rules.drafting import reason_of
from hooks.pathways.relapsed_neuroblastoma.rules.drawbacks import is_infant
from hooks.pathways.relapsed_neuroblastoma.rules.evaluation import items_due
from hooks.pathways.relapsed_neuroblastoma.rules.markers import with_gd2
from hooks.pathways.relapsed_neuroblastoma.rules.options import Candidate, offers
from hooks.pathways.relapsed_neuroblastoma.rules.phase import (
    TRANSPLANT,
    PhaseKind,
    dated,
    running_regimen,
    should_not_run,
    transplant_without_antibody,
)
from hooks.pathways.relapsed_neuroblastoma.rules.regimen_card import (
    Speaking,
    card,
    event_words,
    exposure_statements,
    may_speak,
)
from hooks.pathways.relapsed_neuroblastoma.rules.workup_orders import ORDERS
from hooks.recommendation import Fired, Outcome, Standing, Topic
from hooks.service import Jurisdiction

NAXITAMAB = "NAXITAMAB_GMCSF"
_BONE_OR_MARROW = frozenset({Site.BONE, Site.MARROW})
_LICENSED_IN = {NAXITAMAB: Jurisdiction.US, "DB_LTI": Jurisdiction.EU, "EFLORNITHINE": Jurisdiction.US}


def consolidation_options(facts: Facts, knowledge: Knowledge, as_of: date) -> Outcome:
    """After CR or PR to re-induction: GD2-directed consolidation, haploidentical transplant or CAR T cells.

    Naxitamab only for disease of bone or marrow; dinutuximab is licensed for first line only.
    Evidence: EJC2026, QARZIBA, NAXI-LABEL, FLAADT, CART, UNITUXIN
    """
    del as_of
    speaking = may_speak(
        Topic.CONSOLIDATION_REGIMEN, "consolidation_options", facts, knowledge, frozenset({PhaseKind.CONSOLIDATION})
    )
    if not isinstance(speaking, Speaking):
        return speaking
    now = speaking.facts
    gaps = ("gd2", "sites", "treatment_lines", "prior_anti_gd2", "progressed_on_anti_gd2")
    if transplant := transplant_without_antibody(now, knowledge):
        planned = offers(_after_transplant(transplant), now, knowledge)
        said = ("transplant_then_antibody", *exposure_statements(now))
        summary = _transplant_summary(transplant, now, suitable=planned[0].standing is not Standing.NOT_SUITABLE)
        fired = card(speaking, with_gd2(summary, now), planned, said, gaps=gaps)
        return _with_evaluation(fired, now)
    return card(
        speaking,
        with_gd2(f"Plan consolidation: {_response_words(now)} after re-induction, {event_words(now)}", now),
        offers(_consolidation_candidates(now, knowledge), now, knowledge),
        _consolidation_statements(now, knowledge),
        gaps=gaps,
    )


def _transplant_summary(transplant: TreatmentLine, facts: Facts, *, suitable: bool) -> str:
    when = f" ({dated(transplant.start)})" if transplant.start else ""
    antibody = (
        "dinutuximab beta is the planned next part" if suitable else "the planned dinutuximab beta is not suitable"
    )
    return f"After haplo-SCT{when}, {_response_words(facts)}: evaluate; {antibody}"


def _after_transplant(transplant: TreatmentLine) -> Iterator[Candidate]:
    """Yield the strategy that is half done: its antibody comes next."""
    when = f" on {dated(transplant.start)}" if transplant.start else ""
    why = f"Transplant done{when}; in the trial the antibody began 60 to 180 days after it (FLAADT-ASCO)"
    yield Candidate(TRANSPLANT, Standing.REFER, why=(why,), named=True)


def _with_evaluation(fired: Fired, facts: Facts) -> Fired:
    """Return the card with the scans and the marrow of an evaluation among its orders."""
    scans = tuple(replace(ORDERS[item], reason=reason_of(facts)) for item in items_due(facts))
    said = fired.recommendation
    return Fired(replace(said, orders=(*said.orders, *scans)))


def _response_words(facts: Facts) -> str:
    fact = facts.response
    return f"{fact.value.category} on {dated(fact.date)}" if isinstance(fact, Known) else "response not on record"


def _consolidation_candidates(facts: Facts, knowledge: Knowledge) -> Iterator[Candidate]:
    products = ("DB_LTI", NAXITAMAB) if facts.jurisdiction is not Jurisdiction.US else (NAXITAMAB, "DB_LTI")
    for regimen in products:
        if regimen != NAXITAMAB or has_bone_or_marrow(facts):
            outside = _naxitamab_in_cr(regimen, facts)
            standing = Standing.ALTERNATIVE if outside else standing_by_licence(regimen, facts)
            yield Candidate(regimen, standing, off_label_here=outside)
    yield Candidate(TRANSPLANT, Standing.REFER, named=True)
    yield Candidate("GD2_CART01", Standing.REFER)
    if should_not_run(facts, knowledge):
        yield Candidate(running_regimen(facts), Standing.NOT_SUITABLE, named=True)


def standing_by_licence(regimen: str, facts: Facts) -> Standing:
    """Return preferred where the product is licensed at this site (or the site says neither), else alternative."""
    if facts.jurisdiction in {Jurisdiction.OTHER, _LICENSED_IN[regimen]}:
        return Standing.PREFERRED
    return Standing.ALTERNATIVE


def _naxitamab_in_cr(regimen: str, facts: Facts) -> str:
    """Return why the licence of naxitamab does not cover a complete response; "" elsewhere."""
    response = value_of(facts.response)
    if regimen == NAXITAMAB and response is not None and response.category is Response.CR:
        return "Outside the label in CR: it asks for PR, minor response or SD (NAXI-LABEL)"
    return ""


def has_bone_or_marrow(facts: Facts) -> bool:
    """True if bone or bone marrow is among the sites on record; unknown sites are not assumed to be either."""
    return bool((value_of(facts.sites) or frozenset()) & _BONE_OR_MARROW)


def naxitamab_statements(facts: Facts) -> Iterator[str]:
    """Yield why naxitamab is not suggested where its sites are unknown or others."""
    if not isinstance(facts.sites, Known):
        yield "naxitamab_bone_marrow"
    elif not has_bone_or_marrow(facts):
        yield "naxitamab_no_bone_marrow"


def _consolidation_statements(facts: Facts, knowledge: Knowledge) -> Iterator[str]:
    yield from ("consolidation", "consolidation_not_reinduction")
    yield from naxitamab_statements(facts)
    if is_infant(facts, knowledge.regimens):
        yield "infant"
    yield from exposure_statements(facts)


def maintenance_options(facts: Facts, knowledge: Knowledge, as_of: date) -> Outcome:
    """After consolidation of a relapse in response: eflornithine, isotretinoin, or a metronomic combination.

    Eflornithine asks for at least PR and an earlier anti-GD2 antibody; it never goes together with dinutuximab,
    irinotecan and temozolomide.
    Evidence: EJC2026, IWILFIN, NMTRC003B, ANBL1821, METRO-COLOGNE
    """
    del as_of
    speaking = may_speak(
        Topic.MAINTENANCE_REGIMEN, "maintenance_options", facts, knowledge, frozenset({PhaseKind.MAINTENANCE})
    )
    if not isinstance(speaking, Speaking):
        return speaking
    now = speaking.facts
    return card(
        speaking,
        f"Plan maintenance: consolidation completed, {_response_words(now)}, {event_words(now)}",
        offers(_maintenance_candidates(now), now, knowledge),
        ("maintenance", "eflornithine_not_with_dit", *exposure_statements(now)),
        gaps=("response", "prior_anti_gd2", "treatment_lines", "hearing_loss"),
    )


def _maintenance_candidates(facts: Facts) -> Iterator[Candidate]:
    yield Candidate("EFLORNITHINE", standing_by_licence("EFLORNITHINE", facts), named=True)
    yield Candidate("ISOTRETINOIN", Standing.ALTERNATIVE)
    yield Candidate("METRONOMIC_5", Standing.REFER)
