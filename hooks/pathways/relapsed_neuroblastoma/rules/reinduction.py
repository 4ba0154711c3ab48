"""Re-induction: which options a child has at relapse, progression or refractory disease (rows G1 to G5, G8, G9, G14).

Place in the flow: the rule that speaks before any treatment of the event. May not: pick one regimen.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from hooks.facts.fact import Known, YesNo, is_value, value_of
from hooks.pathways.relapsed_neuroblastoma.facts import ALK, Avidity, DiseaseEvent, Facts, Site
from hooks.pathways.relapsed_neuroblastoma.knowledge import Knowledge
from hooks.pathways.relapsed_neuroblastoma.knowledge.regimens import Phase
from hooks.pathways.relapsed_neuroblastoma.rules.drawbacks import doubted_antibodies, is_infant
from hooks.pathways.relapsed_neuroblastoma.rules.gates import alk_states
from hooks.pathways.relapsed_neuroblastoma.rules.markers import (
    Selection,
    alk_selection,
    finding_words,
    marker_statements,
    marker_words,
    mycn_selection,
    with_gd2,
)
from hooks.pathways.relapsed_neuroblastoma.rules.options import Candidate, local_option, offers, ranked
from hooks.pathways.relapsed_neuroblastoma.rules.phase import PhaseKind, running_regimen, should_not_run
from hooks.pathways.relapsed_neuroblastoma.rules.regimen_card import (
    Speaking,
    card,
    event_words,
    exposure_statements,
    may_speak,
)
from hooks.pathways.relapsed_neuroblastoma.rules.trial_options import trial_links, trial_options, trials_for
from hooks.recommendation import Option, Outcome, Standing, Topic
from hooks.service import Jurisdiction

_STANDINGS = {Selection.SELECTED: Standing.PREFERRED, Selection.PROVISIONAL: Standing.PROVISIONAL}

_FIRST_CHOICE: dict[Jurisdiction, tuple[tuple[str, ...], tuple[str, ...]]] = {
    Jurisdiction.EU: (("DB_TTO", "BIT"), ("DB_IT", "BTTO", "DIT_ANBL1221", "HITS", "TOTEM", "TEMIRI")),
    Jurisdiction.US: (("DIT_ANBL1221", "BIT"), ("HITS", "DB_TTO", "DB_IT", "BTTO", "TOTEM", "TEMIRI")),
    Jurisdiction.OTHER: (("DB_TTO", "DIT_ANBL1221", "BIT"), ("DB_IT", "HITS", "BTTO", "TOTEM", "TEMIRI")),
}
"""Preferred and alternative by jurisdiction: antibody products by licence, bevacizumab beside them (row G1)."""

ANTIBODY_REGIMENS = frozenset({"DB_TTO", "DB_IT", "DIT_ANBL1221", "HITS", "DB_TOPOCY"})
_CNS_PARTNERS = ("TEMIRI", "TOTEM")
_CNS_WHY = ("CNS relapse: the temozolomide-containing chemotherapy beside neurosurgery and radiotherapy (PDQ)",)
_AFTER_TEMOZOLOMIDE = ("TOPOCY", "DB_TOPOCY", "TVD", "TCE", "HD_ICE", "MIBG_131I")


def reinduction_options(facts: Facts, knowledge: Knowledge, as_of: date) -> Outcome:
    """At relapse, progression or refractory disease, before its treatment has begun: the re-induction options.

    Trial first; then a camptothecin with an anti-GD2 antibody or bevacizumab, an ALK inhibitor if ALK is
    aberrant and RIST if MYCN is amplified on tissue of this relapse; local treatment where the site asks for it.
    Evidence: EJC2026, HERD, IMMUNO, BEACON, BEACON2, ANBL1221, LORLA, RIST, PDQ
    """
    speaking = may_speak(
        Topic.REINDUCTION_REGIMEN, "reinduction_options", facts, knowledge, frozenset({PhaseKind.REINDUCTION}), as_of
    )
    if not isinstance(speaking, Speaking):
        return speaking
    now = speaking.facts
    trials = trials_for(now, knowledge, Phase.REINDUCTION)
    options = (
        *trial_options(trials, now, knowledge),
        *local_options(now, knowledge),
        *offers(_candidates(now, knowledge), now, knowledge),
    )
    return card(
        speaking,
        with_gd2(f"Choose re-induction, trial first: {event_words(now)}{marker_words(now)}", now),
        ranked(
            options,
            refer_before_caution=_is_refractory(now),
            last=doubted_antibodies(now, knowledge.regimens),
        ),
        _statements(now, knowledge),
        gaps=_gaps(now),
        links=trial_links(trials),
    )


def _gaps(facts: Facts) -> tuple[str, ...]:
    dated = () if is_value(facts.disease_event, DiseaseEvent.REFRACTORY) else ("event_date",)
    return (*dated, "mycn", "alk", "gd2", "sites", "treatment_lines")


def _candidates(facts: Facts, knowledge: Knowledge) -> Iterator[Candidate]:
    yield from marker_candidates(facts)
    yield from _in_refractory_order(facts) if _is_refractory(facts) else first_choice_candidates(facts)
    yield from second_alk_inhibitors(facts)
    if not _is_refractory(facts) and is_value(facts.failed_temozolomide, YesNo.YES):
        yield from (Candidate(regimen, Standing.ALTERNATIVE) for regimen in _AFTER_TEMOZOLOMIDE[:-1])
        yield mibg_candidate(facts)
    if is_cns(facts):
        yield Candidate("HAPLO_SCT_DB", Standing.REFER)
    if should_not_run(facts, knowledge):
        yield Candidate(running_regimen(facts), Standing.NOT_SUITABLE, named=True)


def _is_refractory(facts: Facts) -> bool:
    return is_value(facts.disease_event, DiseaseEvent.REFRACTORY)


def _in_refractory_order(facts: Facts) -> Iterator[Candidate]:
    """Yield the first choices with TVD and MIBG therapy right behind the two antibody options (row G14)."""
    usual = tuple(first_choice_candidates(facts))
    antibodies = [candidate for candidate in usual if candidate.regimen in ANTIBODY_REGIMENS][:2]
    yield from antibodies
    yield Candidate("TVD", Standing.ALTERNATIVE)
    yield mibg_candidate(facts)
    yield from (candidate for candidate in usual if candidate not in antibodies)


def marker_candidates(facts: Facts) -> Iterator[Candidate]:
    """Yield RIST and lorlatinib as far as the molecular findings select them (rows G2 to G6)."""
    if standing := _STANDINGS.get(mycn_selection(facts)):
        yield Candidate("RIST", standing, why=_selected_by(facts, "mycn", standing))
    if standing := _STANDINGS.get(alk_selection(facts)):
        barred = "progression on lorlatinib" if is_value(facts.failed_lorlatinib, YesNo.YES) else ""
        why = _selected_by(facts, "alk", standing)
        yield Candidate("LORLATINIB_TOPOCY", standing, why=why, barred=barred)
        yield Candidate("LORLATINIB", standing, why=why, barred=barred)


def second_alk_inhibitors(facts: Facts) -> Iterator[Candidate]:
    """Yield the second choices for a proven ALK change; none by reflex after lorlatinib (rows G2, G6)."""
    if alk_selection(facts) is not Selection.SELECTED or is_value(facts.failed_lorlatinib, YesNo.YES):
        return
    if ALK.R1275Q in alk_states(facts):
        yield Candidate("CRIZOTINIB", Standing.ALTERNATIVE)
    yield Candidate("CERITINIB", Standing.ALTERNATIVE)


def _selected_by(facts: Facts, name: str, standing: Standing) -> tuple[str, ...]:
    words = finding_words(facts, name)
    if standing is Standing.PROVISIONAL:
        return (words.replace(name.upper(), f"{name.upper()} appears", 1) + ", please confirm",)
    return (f"{words} on current tissue",)


def first_choice_candidates(facts: Facts) -> Iterator[Candidate]:
    """Yield antibody or bevacizumab with a camptothecin, and the backbones alone, by jurisdiction."""
    preferred, alternative = _FIRST_CHOICE[facts.jurisdiction]
    if is_cns(facts):
        yield from (Candidate(regimen, Standing.PREFERRED, why=_CNS_WHY) for regimen in _CNS_PARTNERS)
    for regimen in preferred:
        standing = Standing.PREFERRED
        if regimen == "BIT" and _is_refractory(facts):
            standing = Standing.ALTERNATIVE
        yield Candidate(regimen, standing, against=_site_cautions(regimen, facts))
    for regimen in alternative:
        if not (is_cns(facts) and regimen in _CNS_PARTNERS):
            yield Candidate(regimen, Standing.ALTERNATIVE, against=_site_cautions(regimen, facts))


def _site_cautions(regimen: str, facts: Facts) -> tuple[str, ...]:
    if is_cns(facts) and regimen in ANTIBODY_REGIMENS:
        return ("Not as the only treatment of CNS disease (engineering choice)",)
    return ()


def mibg_candidate(facts: Facts) -> Candidate:
    """Return MIBG therapy: a referral, named as "if avid" without a scan (row G10)."""
    against = () if isinstance(facts.mibg_avidity, Known) else ("Only if avid: no MIBG scan is on record",)
    return Candidate("MIBG_131I", Standing.REFER, against=against, named=is_value(facts.mibg_avidity, Avidity.NON_AVID))


def is_cns(facts: Facts) -> bool:
    """True if the CNS is among the sites on record."""
    return Site.CNS in (value_of(facts.sites) or frozenset())


def local_options(facts: Facts, knowledge: Knowledge) -> tuple[Option, ...]:
    """Return local treatment where the site asks for it: CNS relapse (row G9), local-only relapse (row G8)."""
    names: tuple[str, ...]
    if is_cns(facts):
        name, names = "Neurosurgery and radiotherapy", ("cns",)
    elif is_value(facts.local_only, YesNo.YES):
        name, names = "Surgery and radiotherapy", ("local_only", "local_radiotherapy")
    else:
        return ()
    statements = knowledge.regimens.statements
    return (local_option(name, statements.say(*names), statements.evidence(*names), facts),)


def site_statements(facts: Facts) -> Iterator[str]:
    """Yield the statements that the sites of disease call for."""
    if is_cns(facts):
        yield from ("cns_expert", "cns_no_lumbar_puncture", "cns_antibody")
    elif is_value(facts.local_only, YesNo.YES):
        yield "local_soft_tissue"


def _statements(facts: Facts, knowledge: Knowledge) -> Iterator[str]:
    yield from ("trial_first", "no_consensus", "no_superior_reinduction", "antibody_or_bevacizumab")
    yield from marker_statements(facts)
    yield from site_statements(facts)
    if is_value(facts.disease_event, DiseaseEvent.REFRACTORY):
        yield from ("refractory", "refractory_no_beacon2")
    if is_infant(facts, knowledge.regimens):
        yield "infant"
    yield from exposure_statements(facts)
    yield "offlabel"
