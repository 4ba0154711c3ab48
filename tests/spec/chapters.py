"""The chapters of the pathway's specification, in the order in which a reader meets them.

A chapter is a folder of this one: its paragraph says what is decided there, its rules stand here, its tests are the
sentences. `pathway_readme` writes the pathway's README from them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from hooks.pathways.relapsed_neuroblastoma.rules import safety_rules
from hooks.pathways.relapsed_neuroblastoma.rules.consolidation import consolidation_options, maintenance_options
from hooks.pathways.relapsed_neuroblastoma.rules.evaluation import response_evaluation_due
from hooks.pathways.relapsed_neuroblastoma.rules.reinduction import reinduction_options
from hooks.pathways.relapsed_neuroblastoma.rules.salvage import salvage_options
from hooks.pathways.relapsed_neuroblastoma.rules.scope import out_of_scope_notice
from hooks.pathways.relapsed_neuroblastoma.rules.supportive_care import SUPPORTIVE_CARE_RULES
from hooks.pathways.relapsed_neuroblastoma.rules.workup import molecular_report_unreadable, relapse_workup_due

Rule = Callable[..., Any]


@dataclass(frozen=True, slots=True)
class Chapter:
    """folder: its place below tests/spec. text: what is decided, in one paragraph.

    groups: the rules that it specifies, by heading; "" where one group needs none.
    """

    folder: str
    title: str
    text: str
    groups: tuple[tuple[str, tuple[Rule, ...]], ...] = ()


CHAPTERS = (
    Chapter(
        "scope",
        "Who is meant",
        "Children whose high-risk neuroblastoma (nodular ganglioneuroblastoma included) has relapsed, progressed or "
        "proved refractory. A suspected relapse, or a stable residual lesion, of a confirmed neuroblastoma opens the "
        "work-up and nothing else. Adults, and a relapse of disease that was of low or intermediate risk, get one "
        "notice that the options do not apply to them. Everybody else gets no card.",
        (("", (out_of_scope_notice,)),),
    ),
    Chapter(
        "workup",
        "Work-up at relapse",
        "What has to be known before treatment is chosen: tissue of this relapse with its molecular findings, and the "
        "staging. Only what is neither done nor ordered since the event is offered. A result from before the relapse, "
        "or one read from words alone, does not replace a new one, and a report that exists only as a document is "
        "named without a conclusion.",
        (("", (relapse_workup_due, molecular_report_unreadable)),),
    ),
    Chapter(
        "phase",
        "The phase of treatment",
        "Events, lines of treatment, cycles and responses on record place a child in one phase: re-induction, "
        "evaluation, consolidation, maintenance or salvage. At most one of them speaks. What the chart does not say "
        "is asked for and never guessed.",
    ),
    Chapter(
        "reinduction",
        "Re-induction",
        "The options before treatment of the relapse has begun. No source ranks one regimen above all others, so they "
        "are listed with what speaks for and against each: trials first, then a camptothecin with an anti-GD2 antibody "
        "or bevacizumab, lorlatinib where ALK is aberrant, RIST where MYCN is amplified. Earlier progression on a "
        "drug, and a contraindication on record, move or remove an option; an unknown only adds a line to check.",
        (("", (reinduction_options,)),),
    ),
    Chapter(
        "evaluation",
        "Response evaluation",
        "When an evaluation by INRC is due, with which examinations, and what is asked where cycles, response or "
        "completed consolidation are not on record.",
        (("", (response_evaluation_due,)),),
    ),
    Chapter(
        "consolidation",
        "Consolidation and maintenance",
        "What may follow an objective response: consolidation after CR or PR to re-induction, maintenance once that "
        "consolidation is completed. What a licence covers is said for the jurisdiction that the server is set to, or "
        "for both where it is set to neither.",
        (("", (consolidation_options, maintenance_options)),),
    ),
    Chapter(
        "salvage",
        "Salvage",
        "After progression, an insufficient response or a further relapse. A drug that the disease progressed on bars "
        "the regimen, or questions it where a source met responses all the same. Stable disease and minor response "
        "first show alternatives, later count as insufficient.",
        (("", (salvage_options,)),),
    ),
    Chapter(
        "gates",
        "Gates of the regimens",
        "What blocks a regimen or asks for caution. Each gate is met, not met or unknown over the facts of a child. "
        "Unknown never blocks: it becomes a line that asks to check.",
    ),
    Chapter(
        "regimen_cards",
        "How the options are said",
        "The wording of the cards above: the head with trials and first choices, reasons, cautions, licences, what is "
        "missing, and what would change the card.",
    ),
    Chapter(
        "supportive",
        "Supportive care of the antibody and its partners",
        "When dinutuximab, dinutuximab beta, naxitamab or a partner drug is ordered: what its label or the cited "
        "source requires for every course and is neither ordered nor lately done, with the day on which it starts. "
        "The sets of the three antibodies are never mixed. When everything is there, there is no card.",
        (("", SUPPORTIVE_CARE_RULES),),
    ),
    Chapter(
        "safety",
        "Checks on orders",
        "What forbids, changes or questions a drug that is selected or about to be signed. A contraindication is "
        "critical only where the chart has it coded and dated; what was never recorded neither clears nor forbids.",
        (
            (
                "Emergencies and orders that cannot be read",
                safety_rules.EMERGENCY_RULES + safety_rules.UNREADABLE_RULES,
            ),
            ("Anti-GD2 antibodies", safety_rules.ANTIBODY_RULES),
            ("ALK inhibitors", safety_rules.TARGETED_RULES + safety_rules.FAMILY_RULES),
            ("Partner drugs, MIBG and growth factors", safety_rules.PARTNER_RULES),
        ),
    ),
    Chapter(
        "gaps",
        "What could not be had",
        "A part of the chart that could not be read is named on every card, so that nobody takes it for empty.",
    ),
)
