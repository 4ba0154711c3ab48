"""The draft orders of an option: one per drug of a verified schedule, or one request to plan or to refer.

Place in the flow: `options` asks here. May not: compute a dose, carry a dose from one schedule to another,
or hold a code literal; codes come from the terminology table.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from hooks.facts.fact import Fact, Known
from hooks.facts.measurements import Measurement
from hooks.pathways.relapsed_neuroblastoma.facts import Facts
from hooks.pathways.relapsed_neuroblastoma.knowledge.doses import Component, Role, Schedule
from hooks.pathways.relapsed_neuroblastoma.knowledge.regimens import Regimen, Trial
from hooks.pathways.relapsed_neuroblastoma.rules.products import product_names
from hooks.recommendation import OrderKind, ProposedOrder
from hooks.terminology.codes import ATCCode, Code, RxNormCode
from hooks.terminology.table import TABLE

VERIFY = "Verify against the protocol; no dose is computed here."


def has_body_measures(facts: Facts) -> bool:
    """True if weight and height are known with a date each."""
    return _is_dated(facts.weight_kg) and _is_dated(facts.height_cm)


def _is_dated(fact: Fact[Measurement]) -> bool:
    return isinstance(fact, Known) and fact.date is not None


def draft_orders(regimen_id: str, regimen: Regimen, facts: Facts) -> tuple[ProposedOrder, ...]:
    """Return the drafts of a suggested regimen: its drugs where a schedule is verified, else one plan request."""
    schedule = regimen.draft_schedule
    if schedule is None or not has_body_measures(facts):
        return (plan_order(regimen_id, regimen.name, facts),)
    return tuple(
        _drug_order(regimen_id, regimen, schedule, part, facts) for part in schedule.components if _is_drafted(part)
    )


def _is_drafted(part: Component) -> bool:
    """True for every anticancer drug of a complete schedule, and for a supportive one that was read in full."""
    return part.role is Role.ANTICANCER or part.is_complete


def plan_order(regimen_id: str, name: str, facts: Facts) -> ProposedOrder:
    """Return the one request to plan a regimen from its protocol; it holds no dose."""
    named = product_names(name)
    return _service(regimen_id, f"Plan {named} from its protocol", f"Plan from its protocol: {named}", facts)


def refer_order(item: str, name: str, facts: Facts) -> ProposedOrder:
    """Return the one request to refer to a centre that gives the treatment."""
    named = product_names(name)
    return _service(item, f"Refer: {named}", f"Refer to a centre that gives it: {named}", facts)


def trial_order(trial: Trial, facts: Facts) -> ProposedOrder:
    """Return the one request to check eligibility for a trial."""
    name = f"{trial.name} ({trial.registry_id})"
    text = f"Contact the trial centre and check eligibility and status: {name}"
    return _service(trial.registry_id, f"Check eligibility: {name}", text, facts)


def _service(item: str, label: str, text: str, facts: Facts) -> ProposedOrder:
    return ProposedOrder(kind=OrderKind.SERVICE_REQUEST, item=item, label=label, text=text, reason=reason_of(facts))


def reason_of(facts: Facts) -> tuple[str, ...]:
    """Return the reference of the diagnosis, if the chart has one."""
    return (facts.diagnosis_reference,) if facts.diagnosis_reference else ()


def _drug_order(regimen_id: str, regimen: Regimen, schedule: Schedule, part: Component, facts: Facts) -> ProposedOrder:
    measured = (fact for fact in (facts.weight_kg, facts.height_cm) if isinstance(fact, Known))
    return ProposedOrder(
        kind=OrderKind.MEDICATION_REQUEST,
        item=regimen_id,
        label=f"Draft {product_names(part.name)}, {schedule.name}",
        text=f"{product_names(part.name)}, as part of {product_names(regimen.name)}",
        codes=drug_codes(part.drug or ""),
        dosage_text=dosage_text(schedule, part),
        note=" ".join(schedule.notes),
        reason=reason_of(facts),
        supporting=tuple(source for fact in measured for source in fact.sources),
    )


def dosage_text(schedule: Schedule, part: Component) -> str:
    """Return the published dose of one drug in words, with its citation and the request to verify it."""
    said = [f"Published dose: {part.dose_words}, {part.route}"]
    if part.over:
        said.append(f"over {part.over}")
    said.append(part.days_words)
    if part.cap:
        said.append(f"at most {part.cap.words}")
    if part.note:
        said.append(part.note)
    if schedule.cycle_length_days:
        said.append(f"cycle of {schedule.cycle_length_days} days")
    origin = f"{schedule.name}; {part.citation}"
    if schedule.second_hand:
        origin += "; second-hand, the paper itself was not opened"
    return f"{', '.join(said)} ({origin}). {VERIFY}"


@cache
def drug_codes(concept: str) -> tuple[Code, ...]:
    """Return the RxNorm ingredient of a drug where it has one, then its ATC code; displays without our marks."""
    codes = TABLE.codes(concept)
    rxnorm = next((code for code in codes if isinstance(code, RxNormCode)), None)
    atc = next((code for code in codes if isinstance(code, ATCCode)), None)
    return tuple(replace(code, display=code.display.removesuffix(" (IN)")) for code in (rxnorm, atc) if code)
