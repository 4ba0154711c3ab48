"""The four CDS services of this pathway: ids, hooks, the words of discovery, and which rules each one runs.

Place in the flow: discovery shows these; the pipeline calls `decide`. May not: read FHIR or hold wording of cards.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from hooks import explain
from hooks.explain import Explanation
from hooks.pathways.relapsed_neuroblastoma.enumeration import ALTERNATIVES
from hooks.pathways.relapsed_neuroblastoma.facts import Facts
from hooks.pathways.relapsed_neuroblastoma.knowledge import KNOWLEDGE, Knowledge
from hooks.pathways.relapsed_neuroblastoma.prefetch import REQUIRED, TEMPLATES
from hooks.pathways.relapsed_neuroblastoma.reading.assemble import read_facts
from hooks.pathways.relapsed_neuroblastoma.rules.gaps import with_gaps
from hooks.pathways.relapsed_neuroblastoma.rules.order_rules import ORDER_SELECT_RULES, ORDER_SIGN_RULES
from hooks.pathways.relapsed_neuroblastoma.rules.regimen_rules import REGIMEN_RULES
from hooks.pathways.relapsed_neuroblastoma.rules.saying import NAMES, missing, used
from hooks.pathways.relapsed_neuroblastoma.rules.scope import out_of_scope_notice
from hooks.pathways.relapsed_neuroblastoma.rules.workup import WORKUP_RULES
from hooks.recommendation import Decision, MissingFact, UsedFact
from hooks.record import PatientRecord
from hooks.rule import Rule
from hooks.service import CDSService, Circumstances

Rules = Sequence[Rule[Facts, Knowledge]]


def _run(rules: Rules, record: PatientRecord, circumstances: Circumstances) -> explain.Run[Facts, Knowledge]:
    facts = read_facts(record, circumstances)
    return explain.Run(rules, facts, KNOWLEDGE, circumstances.as_of, ALTERNATIVES)


def _deciding(rules: Rules) -> Callable[[PatientRecord, Circumstances], Decision]:
    """Return the function that reads the facts and runs these rules, with counterfactuals and gaps on their cards."""

    def decide_call(record: PatientRecord, circumstances: Circumstances) -> Decision:
        run = _run(rules, record, circumstances)
        return with_gaps(explain.with_counterfactuals(run), run.facts)

    return decide_call


def _explaining(rules: Rules) -> Callable[[PatientRecord, Circumstances], tuple[Explanation, ...]]:
    """Return the function that says for every one of these rules why it spoke or did not, and what would flip it."""

    def explain_call(record: PatientRecord, circumstances: Circumstances) -> tuple[Explanation, ...]:
        run = _run(rules, record, circumstances)
        return explain.explain(run, lambda names: _name_facts(run.facts, names))

    return explain_call


def _name_facts(facts: Facts, names: Sequence[str]) -> tuple[tuple[UsedFact, ...], tuple[MissingFact, ...]]:
    nameable = tuple(name for name in names if name in NAMES)
    return used(facts, *nameable), missing(facts, *nameable)


_NEEDS = (
    "FHIR R4. Required: Patient and all Conditions (no status filter: a relapsed Condition is not 'active'). "
    "Everything else improves the answer and is named on the card when it is missing. Not a medical device: "
    "drafts and options for a clinician, never orders signed or doses placed."
)


def _service(service_id: str, hook: str, title: str, description: str, rules: Rules) -> CDSService:
    return CDSService(
        id=service_id,
        hook=hook,
        title=title,
        description=description,
        usage_requirements=_NEEDS,
        prefetch=TEMPLATES,
        required=REQUIRED,
        decide=_deciding(rules),
        explain=_explaining(rules),
    )


RULES: Mapping[str, Rules] = {
    "relapse-workup": WORKUP_RULES,
    "relapse-regimen": (out_of_scope_notice, *REGIMEN_RULES),
    "anti-gd2-supportive-care": ORDER_SELECT_RULES,
    "relapse-order-check": ORDER_SIGN_RULES,
}
"""The rules of each service, in the order in which they run."""

SERVICES: tuple[CDSService, ...] = (
    _service(
        "relapse-workup",
        "patient-view",
        "Relapsed neuroblastoma: work-up",
        "For a child with relapsed, progressing or refractory high-risk neuroblastoma: the relapse biopsy with "
        "molecular characterisation and the rest of the work-up that is neither done nor ordered; a molecular report "
        "that exists only as a document; what is missing.",
        RULES["relapse-workup"],
    ),
    _service(
        "relapse-regimen",
        "patient-view",
        "Relapsed neuroblastoma: phase and options",
        "For a child with relapsed, progressing or refractory high-risk neuroblastoma: the phase of treatment and its "
        "options, trial first, matched to MYCN and ALK; response evaluation due; consolidation, maintenance, salvage.",
        RULES["relapse-regimen"],
    ),
    _service(
        "anti-gd2-supportive-care",
        "order-select",
        "Neuroblastoma: supportive care for the selected drug",
        "When dinutuximab, dinutuximab beta, naxitamab or a partner drug is selected: the supportive care that is "
        "still missing, with the day each item starts, and what forbids or questions the drug.",
        RULES["anti-gd2-supportive-care"],
    ),
    _service(
        "relapse-order-check",
        "order-sign",
        "Neuroblastoma: checks before signing",
        "Before drafts for a patient with neuroblastoma are signed: contraindications, interactions and required "
        "supportive care that is still missing.",
        RULES["relapse-order-check"],
    ),
)
"""In the order in which discovery lists them."""
