"""One option of a regimen card: its standing, what speaks for and against it, its figures and drafts.

Place in the flow: the regimen rules name candidates; this weighs their gates and words them.
May not: rank one regimen above another; the rules say who is preferred, gates only lower a standing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from hooks.pathways.relapsed_neuroblastoma.facts import Facts, WorkupItem
from hooks.pathways.relapsed_neuroblastoma.knowledge import Knowledge
from hooks.pathways.relapsed_neuroblastoma.knowledge.regimens import (
    Approval,
    Cited,
    Licence,
    Regimen,
    RegimenLibrary,
    Status,
)
from hooks.pathways.relapsed_neuroblastoma.rules.drafting import (
    draft_orders,
    plan_order,
    reason_of,
    refer_order,
)
from hooks.pathways.relapsed_neuroblastoma.rules.drawbacks import (
    allergy_cautions,
    doubted_antibodies,
    gate_words,
    reasons_not_to_draft,
    to_confirm,
    unanswered,
)
from hooks.pathways.relapsed_neuroblastoma.rules.gates import Weighing, weigh
from hooks.pathways.relapsed_neuroblastoma.rules.products import product_names
from hooks.pathways.relapsed_neuroblastoma.rules.workup_orders import ORDERS
from hooks.recommendation import (
    Barred,
    Caution,
    CitationId,
    Figure,
    LicenceLine,
    NotOnRecord,
    Option,
    OrderKind,
    ProposedOrder,
    Standing,
    StudiedIn,
    ToConfirm,
)
from hooks.service import Jurisdiction

LOCAL_THERAPY = "LOCAL_THERAPY"
OUTSIDE_TRIAL = "outside_trial"
"""The gate that makes a trial-only regimen a referral; it does not make it unsuitable."""

_ORDER = (
    Standing.TRIAL,
    Standing.PREFERRED,
    Standing.ALTERNATIVE,
    Standing.PROVISIONAL,
    Standing.CAUTION,
    Standing.REFER,
    Standing.NOT_SUITABLE,
)
_LICENCE_WORDS = {
    Licence.LICENSED: "licensed",
    Licence.OFF_LABEL: "off-label",
    Licence.NOT_LICENSED: "not licensed",
    Licence.INVESTIGATIONAL: "investigational",
    Licence.TO_CHECK: "to be checked",
}


_PLAN_WORDS = {Standing.REFER: "referral to a centre that gives it", Standing.PROVISIONAL: "panel on current tissue"}


@dataclass(frozen=True, slots=True)
class Candidate:
    """A regimen that a rule would offer, the standing it has before its gates, and why. `barred` makes it unsuitable.

    named: shown with its reason even when a gate forbids it. off_label_here: why the licence does not cover this child.
    """

    regimen: str
    standing: Standing
    why: tuple[str, ...] = ()
    against: tuple[str, ...] = ()
    barred: str = ""
    named: bool = False
    off_label_here: str = ""


def offers(candidates: Iterable[Candidate], facts: Facts, knowledge: Knowledge) -> tuple[Option, ...]:
    """Return the options of the candidates, best standing first, order kept within one standing.

    A regimen that a gate forbids is left out, unless the reader will look for it (it was preferred, or is named).
    """
    found = []
    for candidate in candidates:
        option = offer(candidate, facts, knowledge)
        expected = candidate.named or candidate.standing in {Standing.PREFERRED, Standing.PROVISIONAL}
        if option.standing is not Standing.NOT_SUITABLE or expected:
            found.append(option)
    return ranked(found, last=doubted_antibodies(facts, knowledge.regimens))


def ranked(
    options: Iterable[Option], refer_before_caution: bool = False, last: frozenset[str] = frozenset()
) -> tuple[Option, ...]:
    """Return the options by standing; referrals may stand before what asks for caution.

    last: regimens that stand behind all others of their standing.
    """
    order = {standing: place for place, standing in enumerate(_ORDER)}
    if refer_before_caution:
        order[Standing.CAUTION], order[Standing.REFER] = order[Standing.REFER], order[Standing.CAUTION]
    return tuple(sorted(options, key=lambda option: (order[option.standing], option.regimen in last)))


def offer(candidate: Candidate, facts: Facts, knowledge: Knowledge) -> Option:
    """Return the option of one candidate after its gates."""
    library = knowledge.regimens
    regimen = library.regimens[candidate.regimen]
    weighing = weigh(candidate.regimen, facts, library)
    blocked_by = tuple(code for code in weighing.blocked_by if code != OUTSIDE_TRIAL)
    allergies = allergy_cautions(regimen.drugs, facts)
    has_caution = bool(weighing.cautions or weighing.suspected or allergies)
    standing = _standing(candidate, regimen, blocked_by, has_caution=has_caution)
    if standing is Standing.NOT_SUITABLE:
        return _not_suitable(candidate, regimen, blocked_by, facts, library)
    undrafted = reasons_not_to_draft(regimen, weighing, facts, library)
    orders = _orders(candidate.regimen, regimen, standing, facts, may_draft=not undrafted)
    return Option(
        regimen=candidate.regimen,
        name=product_names(regimen.name),
        standing=standing,
        why=(*candidate.why, *_for_whom(regimen), *_licences_for(candidate, regimen, facts)),
        against=(*map(Caution, allergies), *_against(candidate, regimen, weighing, facts, library), *undrafted),
        figures=tuple(Figure(text=line.text, evidence=CitationId(line.citation)) for line in regimen.figures),
        orders=orders,
        evidence=tuple(_evidence(candidate.regimen, regimen, weighing, facts.jurisdiction, library)),
        label=_label(regimen, orders),
        drafts=_drafts(regimen, standing, orders),
    )


def local_option(name: str, why: tuple[str, ...], evidence: tuple[CitationId, ...], facts: Facts) -> Option:
    """Return surgery and radiotherapy as an option beside systemic treatment; it is planned, never drafted."""
    return Option(
        regimen=LOCAL_THERAPY,
        name=name,
        standing=Standing.PREFERRED,
        why=why,
        orders=(plan_order(LOCAL_THERAPY, name.lower(), facts),),
        evidence=evidence,
        label=f"Plan {name.lower()}",
        drafts="request to plan it",
    )


def _standing(candidate: Candidate, regimen: Regimen, blocked_by: tuple[str, ...], *, has_caution: bool) -> Standing:
    if blocked_by or candidate.barred:
        return Standing.NOT_SUITABLE
    if regimen.status in {Status.SPECIALIST_CENTRE, Status.TRIAL_ONLY}:
        return Standing.REFER
    if has_caution and candidate.standing is not Standing.PROVISIONAL:
        return Standing.CAUTION
    return candidate.standing


def _not_suitable(
    candidate: Candidate, regimen: Regimen, blocked_by: tuple[str, ...], facts: Facts, library: RegimenLibrary
) -> Option:
    reasons = [Barred(f"Not suitable: {gate_words(code, facts, library)}") for code in blocked_by]
    if candidate.barred:
        reasons.insert(0, Barred(f"Not suitable: {candidate.barred}"))
    cited = (library.gate_codes[code].citation for code in blocked_by)
    return Option(
        regimen=candidate.regimen,
        name=product_names(regimen.name),
        standing=Standing.NOT_SUITABLE,
        against=(*reasons, *_sentences(regimen.against), *candidate.against),
        evidence=tuple(
            dict.fromkeys(CitationId(item) for item in (*cited, *(line.citation for line in regimen.against)) if item)
        ),
        label=product_names(regimen.name),
    )


def _against(
    candidate: Candidate, regimen: Regimen, weighing: Weighing, facts: Facts, library: RegimenLibrary
) -> Iterator[str]:
    yield from (Caution(f"Caution: {gate_words(code, facts, library)}") for code in weighing.cautions)
    yield from (Caution(f"Caution, please confirm: {gate_words(code, facts, library)}") for code in weighing.suspected)
    yield from candidate.against
    yield from _sentences(regimen.against)
    yield from _sentences(library.gates[candidate.regimen].lines)
    yield from _licences(regimen, facts.jurisdiction, licensed=False)
    if candidate.off_label_here:
        yield candidate.off_label_here
    yield from map(ToConfirm, to_confirm(weighing, facts))
    if unknown := unanswered(weighing, facts):
        yield NotOnRecord.of([library.gate_codes[code].words for code in unknown])


def _licences_for(candidate: Candidate, regimen: Regimen, facts: Facts) -> Iterator[str]:
    """Yield the licences that cover this child; none where the rule says that they do not."""
    if not candidate.off_label_here:
        yield from _licences(regimen, facts.jurisdiction, licensed=True)


def _for_whom(regimen: Regimen) -> Iterator[str]:
    """Yield what speaks for the regimen, and, neutrally, in whom it was studied."""
    for line, sentence in zip(regimen.for_whom, _sentences(regimen.for_whom), strict=True):
        yield StudiedIn(f"Studied in: {sentence}") if line.studied else sentence


def _sentences(lines: Iterable[Cited]) -> tuple[str, ...]:
    return tuple(f"{line.text} ({line.citation})" for line in lines)


def _licences(regimen: Regimen, jurisdiction: Jurisdiction, *, licensed: bool) -> Iterator[str]:
    """Yield the licence lines; plain off-label stands on the card, not at every option."""
    for where, approval in _asked(regimen, jurisdiction).items():
        if (approval.licence is Licence.LICENSED) is licensed and not _is_plainly_off_label(approval):
            yield _licence_line(regimen, where, approval)


def _asked(regimen: Regimen, jurisdiction: Jurisdiction) -> dict[Jurisdiction, Approval]:
    """Return the licence in the site's jurisdiction; both where it is neither EU nor US."""
    both = {Jurisdiction.EU: regimen.approvals.EU, Jurisdiction.US: regimen.approvals.US}
    return both if jurisdiction is Jurisdiction.OTHER else {jurisdiction: both[jurisdiction]}


def _is_plainly_off_label(approval: Approval) -> bool:
    return approval.licence is Licence.OFF_LABEL and approval.citation is None


def _licence_line(regimen: Regimen, where: Jurisdiction, approval: Approval) -> LicenceLine:
    source = f" ({approval.citation})" if approval.citation else ""
    words = _LICENCE_WORDS[approval.licence]
    plain = approval.text == words
    line = f"Licence in the {where}: {words}{'' if plain else f'; {approval.text}'}{source}"
    names_drug = any(drug.removeprefix("drug.").replace("_", " ") in approval.text for drug in regimen.drugs)
    named = "" if names_drug else f"{product_names(regimen.name)}: "
    return LicenceLine.of(line, str(where), f"{named}{approval.text}{source}")


def _orders(
    regimen_id: str, regimen: Regimen, standing: Standing, facts: Facts, *, may_draft: bool
) -> tuple[ProposedOrder, ...]:
    match standing:
        case Standing.REFER:
            return (refer_order(regimen_id, regimen.name, facts),)
        case Standing.PROVISIONAL:
            return (_confirm_order(regimen, facts),)
    return draft_orders(regimen_id, regimen, facts) if may_draft else (plan_order(regimen_id, regimen.name, facts),)


def _confirm_order(regimen: Regimen, facts: Facts) -> ProposedOrder:
    panel = ORDERS[WorkupItem.MOLECULAR_PANEL]
    return replace(
        panel, label=f"Confirm on current tissue before {product_names(regimen.name)}", reason=reason_of(facts)
    )


def _label(regimen: Regimen, orders: tuple[ProposedOrder, ...]) -> str:
    return orders[0].label if len(orders) == 1 else f"Draft {product_names(regimen.name)} ({len(orders)} drugs)"


def _drafts(regimen: Regimen, standing: Standing, orders: tuple[ProposedOrder, ...]) -> str:
    """Return what the suggestion drafts, in a few words."""
    drugs = sum(order.kind is OrderKind.MEDICATION_REQUEST for order in orders)
    if drugs and regimen.draft_schedule:
        return f"{drugs} drug{'s' if drugs > 1 else ''} drafted, {regimen.draft_schedule.name}"
    return _PLAN_WORDS.get(standing, "plan from its protocol")


def _evidence(
    regimen_id: str, regimen: Regimen, weighing: Weighing, jurisdiction: Jurisdiction, library: RegimenLibrary
) -> dict[CitationId, None]:
    """Return every source that the option quotes, in the order in which it is quoted."""
    figures = (figure.citation for figure in regimen.figures)
    lines = (line.citation for line in (*regimen.for_whom, *regimen.against, *library.gates[regimen_id].lines))
    cautions = (library.gate_codes[code].citation for code in (*weighing.cautions, *weighing.suspected))
    licences = (approval.citation for approval in _asked(regimen, jurisdiction).values())
    found = (*regimen.citations, *figures, *lines, *cautions, *licences)
    return dict.fromkeys(CitationId(item) for item in found if item)
