"""Gates: what forbids a regimen or asks for caution, apart from tumour, response and earlier treatment.

Place in the flow: `assemble` calls `read_gates`; the gate rules read each fact by name.
May not: read silence as a denial. NO comes from a list that was retrieved and is by its nature complete
(current drugs, current orders, an allergy list that holds entries) or from words that say so; a problem list
that names no GvHD, no hearing loss, no hypertension leaves the gate unknown ("check").
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from hooks.facts.allergies import AllergyReading
from hooks.facts.fact import Confidence, Fact, Known, Unknown, Why, YesNo
from hooks.facts.orders import DrugOrder, OrderState, ServiceOrder
from hooks.pathways.relapsed_neuroblastoma.board import Finding, FindingKind
from hooks.pathways.relapsed_neuroblastoma.knowledge.engineering import ENGINEERING
from hooks.pathways.relapsed_neuroblastoma.reading.cycles import begun
from hooks.pathways.relapsed_neuroblastoma.reading.gate_words import (
    NO_SURGERY,
    PORT_CARE,
    PORT_SURGERY,
    TISSUE_SURGERY,
    VITAMIN_A_OR_TETRACYCLINE,
)
from hooks.pathways.relapsed_neuroblastoma.reading.timeline import WORST
from hooks.terminology.drug_classes import in_class, members
from hooks.terminology.table import is_a

_RECENT = timedelta(days=ENGINEERING.surgery_recent_days.value)
_GVHD = frozenset(
    {
        FindingKind.ACUTE_GVHD,
        FindingKind.CHRONIC_GVHD_EXTENSIVE,
        FindingKind.CHRONIC_GVHD_LIMITED,
        FindingKind.CHRONIC_GVHD,
        FindingKind.GVHD,
    }
)
_REACTIONS = frozenset({FindingKind.HYPERSENSITIVITY, FindingKind.INFUSION_REACTION})
_ORDERED = frozenset({OrderState.ACTIVE, OrderState.ON_HOLD, OrderState.DRAFT})
_STOPPED = frozenset({OrderState.COMPLETED, OrderState.STOPPED, OrderState.ON_HOLD})


@dataclass(frozen=True, slots=True)
class Proof:
    """One reason to say YES, NO or "somebody look": where, when and how sure."""

    source: str
    on: date | None = None
    confidence: Confidence = Confidence.TEXT


def answer(
    yes: Sequence[Proof], no: Sequence[Proof] = (), unsure: Sequence[Proof] = (), *, looked_in: tuple[str, ...]
) -> Fact[YesNo]:
    """Return YES for any proof of it, else Unknown for anything unsure, else NO for any proof of that, else Unknown."""
    for value, proofs in ((YesNo.YES, yes), (None, unsure), (YesNo.NO, no)):
        if proofs:
            sources = tuple(dict.fromkeys(proof.source for proof in proofs if proof.source))
            on = max((proof.on for proof in proofs if proof.on), default=None)
            if value is None:
                return Unknown(Why.INDETERMINATE, looked_in, sources, on)
            return Known(value, sources, on, min((proof.confidence for proof in proofs), key=WORST.index))
    return Unknown(looked_in=looked_in)


def gvhd_active(findings: Sequence[Finding]) -> Fact[YesNo]:
    """Return whether acute GvHD of grade 3-4 or extensive chronic GvHD is present; NO once it is on record as over.

    GvHD that is present but not graded leaves the gate unknown.
    """
    all_of_it = [finding for finding in findings if finding.kind in _GVHD]
    present = [finding for finding in all_of_it if finding.active]
    severe = [finding for finding in present if _is_severe_gvhd(finding)]
    mild = [finding for finding in present if _is_mild_gvhd(finding)]
    unsure = [finding for finding in present if finding not in severe and finding not in mild]
    over = [finding for finding in all_of_it if not finding.active]
    return answer(_proofs(severe), _proofs([*mild, *over]), _proofs(unsure), looked_in=("conditions",))


def severe_anti_gd2_reaction(
    allergies: Sequence[AllergyReading],
    findings: Sequence[Finding],
    orders: Sequence[DrugOrder],
    *,
    given: Fact[YesNo],
    listed: bool,
) -> Fact[YesNo]:
    """Return whether an anti-GD2 antibody caused a life-threatening reaction.

    given: whether one was ever given; if not, there was none. listed: the allergy list holds an entry,
    be it that no allergy is known; then its silence on the antibodies counts.
    """
    antibodies = frozenset(members("anti_gd2_antibody"))
    own = [allergy for allergy in allergies if allergy.concept in antibodies]
    yes = [Proof(allergy.source, allergy.date, allergy.confidence) for allergy in own if allergy.severe]
    unsure = [Proof(allergy.source, allergy.date) for allergy in own if not allergy.severe]
    reactions = [finding for finding in findings if finding.drug in antibodies]
    yes.extend(_proofs([finding for finding in reactions if _is_life_threatening(finding)]))
    unsure.extend(_proofs([f for f in reactions if f.kind in _REACTIONS and not _is_life_threatening(f)]))
    stopped = (order for order in orders if antibodies.intersection(order.drugs))
    yes.extend(Proof(o.reference, o.end or begun(o)) for o in stopped if "anaphyla" in o.stop_reason.lower())
    no = [Proof("")] if listed else []
    if isinstance(given, Known) and given.value is YesNo.NO:
        no.extend(Proof(source, given.date, given.confidence) for source in given.sources or ("",))
    return answer(yes, no, unsure, looked_in=("allergies", "conditions"))


def hypertension(findings: Sequence[Finding]) -> Fact[YesNo]:
    """Return whether high blood pressure is on record; NO once it is on record as over."""
    kinds = {FindingKind.HYPERTENSION, FindingKind.UNCONTROLLED_HYPERTENSION}
    own = [finding for finding in findings if finding.kind in kinds]
    present, over = [f for f in own if f.active], [f for f in own if not f.active]
    return answer(_proofs(present), _proofs(over), looked_in=("conditions",))


def takes_class(orders: Sequence[DrugOrder], drug_class: str, as_of: date, missing: frozenset[str]) -> Fact[YesNo]:
    """Return whether a drug of the class is taken now.

    One on hold, or stopped within the last weeks, is unsure: an inducer outlasts its last dose. NO when the list
    of drugs was retrieved and holds none.
    """
    own = [order for order in orders if in_class(order.drugs, drug_class) and not order.prohibited]
    now = [order for order in own if is_taken(order, as_of)]
    lately = [order for order in own if order not in now and _was_taken_lately(order, as_of)]
    no = [] if "medications" in missing else [Proof("", confidence=Confidence.CODED)]
    return answer(_taken(now), no, _taken(lately), looked_in=("medications",))


def vitamin_a_or_tetracycline(orders: Sequence[DrugOrder], as_of: date, missing: frozenset[str]) -> Fact[YesNo]:
    """Return whether a vitamin A product or a tetracycline is among the drugs taken now, by its name."""
    now = [o for o in orders if is_taken(o, as_of) and not o.prohibited and VITAMIN_A_OR_TETRACYCLINE.search(o.text)]
    no = [] if "medications" in missing else [Proof("")]
    return answer([Proof(order.reference, begun(order)) for order in now], no, looked_in=("medications",))


def biopsy_or_surgery_pending(services: Sequence[ServiceOrder], as_of: date, missing: frozenset[str]) -> Fact[YesNo]:
    """Return whether a biopsy or operation is ordered, or was done within the last weeks; marrow examinations apart."""
    own = [service for service in services if _is_surgery(service)]
    current = [service for service in own if _is_pending(service, as_of) or _was_done_lately(service, as_of)]
    yes = [Proof(service.reference, service.when, service.confidence) for service in current]
    no = [] if missing & {"orders", "procedures"} else [Proof("", confidence=Confidence.CODED)]
    return answer(yes, no, looked_in=("orders", "procedures"))


def is_taken(order: DrugOrder, as_of: date) -> bool:
    """True if an order is active and has begun and not ended, or a dose was given within the last weeks."""
    day = begun(order)
    if order.state is OrderState.GIVEN:
        return day is not None and as_of - _RECENT <= day <= as_of
    return (
        order.state is OrderState.ACTIVE and (day is None or day <= as_of) and (order.end is None or order.end >= as_of)
    )


def _was_taken_lately(order: DrugOrder, as_of: date) -> bool:
    """True for an order on hold, and for one that ended (or else began) within the last weeks."""
    last = order.end or begun(order)
    ended = order.state in _STOPPED or (
        order.state is OrderState.ACTIVE and order.end is not None and order.end < as_of
    )
    if order.state is OrderState.ON_HOLD:
        return True
    return ended and last is not None and as_of - _RECENT <= last <= as_of


def _taken(orders: Sequence[DrugOrder]) -> list[Proof]:
    return [Proof(order.reference, begun(order), order.confidence) for order in orders]


def _proofs(findings: Sequence[Finding]) -> list[Proof]:
    return [Proof(finding.source, finding.date, finding.confidence) for finding in findings]


def _is_mild_gvhd(finding: Finding) -> bool:
    if finding.kind is FindingKind.CHRONIC_GVHD_LIMITED:
        return True
    graded = finding.grade is not None and finding.kind is not FindingKind.CHRONIC_GVHD
    return graded and not _is_severe_gvhd(finding)


def _is_severe_gvhd(finding: Finding) -> bool:
    if finding.kind is FindingKind.CHRONIC_GVHD_EXTENSIVE:
        return True
    graded = finding.grade is not None and finding.grade >= ENGINEERING.gvhd_blocking_grade.value
    return graded and finding.kind not in {FindingKind.CHRONIC_GVHD, FindingKind.CHRONIC_GVHD_LIMITED}


def _is_life_threatening(finding: Finding) -> bool:
    graded = finding.grade is not None and finding.grade >= ENGINEERING.life_threatening_grade.value
    return finding.kind is FindingKind.ANAPHYLAXIS or (graded and finding.kind in _REACTIONS)


def is_operation(service: ServiceOrder) -> bool:
    """Return whether a service is a biopsy, an operation, or the placing or removal of a port."""
    text = f"{service.text} {service.body_site}"
    is_port = PORT_SURGERY.search(text) is not None and PORT_CARE.search(text) is None
    return _is_surgery(service) or (is_port and not service.reference.startswith(("Observation", "DiagnosticReport")))


def _is_surgery(service: ServiceOrder) -> bool:
    if service.reference.startswith(("Observation", "DiagnosticReport")) or NO_SURGERY.search(
        f"{service.text} {service.body_site}"
    ):
        return False
    return any(is_a(c, "biopsy") for c in service.concepts) or TISSUE_SURGERY.search(service.text) is not None


def _is_pending(service: ServiceOrder, as_of: date) -> bool:
    """True for an open order that is not a leftover: undated, or of the last weeks, or ahead."""
    return service.state in _ORDERED and (service.when is None or service.when >= as_of - _RECENT)


def _was_done_lately(service: ServiceOrder, as_of: date) -> bool:
    done = service.state is OrderState.COMPLETED
    return done and service.when is not None and as_of - _RECENT <= service.when <= as_of
