"""What forbids or questions sirolimus, dasatinib, irinotecan and temozolomide.

Place in the flow: rules of order-select and order-sign, for relapsed, progressing or refractory neuroblastoma.
May not: say what a partner drug needs (`supportive_care` does), or weigh an earlier failure (`safety_regimen` does).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from hooks.pathways.relapsed_neuroblastoma.facts import Facts
from hooks.pathways.relapsed_neuroblastoma.rules.safety_allergies import allergy_hits, unknown_allergies
from hooks.pathways.relapsed_neuroblastoma.rules.safety_cards import Hit, SafetyKnowledge, Setting, item_of
from hooks.pathways.relapsed_neuroblastoma.rules.safety_events import Drug, present_hits
from hooks.pathways.relapsed_neuroblastoma.rules.safety_interactions import drug_of, interaction_hits
from hooks.pathways.relapsed_neuroblastoma.rules.safety_orders import selected_orders
from hooks.pathways.relapsed_neuroblastoma.rules.safety_speaking import of_hits, when_beside, when_selected
from hooks.pathways.relapsed_neuroblastoma.rules.safety_surgery import planned_surgery_hits
from hooks.recommendation import Indicator, Outcome


def sirolimus_forbidden(facts: Facts, knowledge: SafetyKnowledge, as_of: date) -> Outcome:
    """Oral sirolimus is contraindicated with an allergy to it, to peanut or to soya.

    Evidence: SIR-LEAF
    """
    return _allergic("sirolimus_forbidden", "sirolimus", "si-allergy", Setting(facts, knowledge, as_of))


def sirolimus_interactions(facts: Facts, knowledge: SafetyKnowledge, as_of: date) -> Outcome:
    """CYP3A inhibitors and inducers change the level of sirolimus; live vaccines are not given under it.

    Evidence: SIR-LEAF
    """
    items = ("si-cyp", "si-live-vaccine")
    return when_beside("sirolimus_interactions", "sirolimus", items, Setting(facts, knowledge, as_of))


def sirolimus_cautions(facts: Facts, knowledge: SafetyKnowledge, as_of: date) -> Outcome:
    """Wounds heal slowly under sirolimus, so surgery comes first; headache, seizure or confusion may be PRES.

    Evidence: SIR-LEAF
    """
    setting = Setting(facts, knowledge, as_of)

    def collect(drug: Drug) -> Iterator[Hit]:
        yield from planned_surgery_hits(item_of(setting.library, "si-wound"), drug, setting)
        yield from present_hits(item_of(setting.library, "si-pres"), drug, setting)

    return when_selected("sirolimus_cautions", "sirolimus", collect, setting)


def dasatinib_interactions(facts: Facts, knowledge: SafetyKnowledge, as_of: date) -> Outcome:
    """Dasatinib is not given with acid reducers or strong CYP3A drugs; antithrombotics, low platelets raise bleeding.

    Evidence: DAS-LEAF
    """
    setting = Setting(facts, knowledge, as_of)
    drug = drug_of("dasatinib", setting)

    def hits() -> Iterator[Hit]:
        yield from interaction_hits(drug, ("da-acid", "da-cyp", "da-bleed"), setting)
        if selected_orders(facts.orders, drug.concept):
            yield from present_hits(item_of(setting.library, "da-bleed"), drug, setting)

    return of_hits("dasatinib_interactions", "dasatinib", hits(), setting)


def irinotecan_interactions(facts: Facts, knowledge: SafetyKnowledge, as_of: date) -> Outcome:
    """A strong CYP3A inhibitor or inducer changes the exposure to irinotecan.

    Evidence: IRI-INT
    """
    return when_beside("irinotecan_interactions", "irinotecan", ("ir-cyp",), Setting(facts, knowledge, as_of))


def irinotecan_with_laxative(facts: Facts, knowledge: SafetyKnowledge, as_of: date) -> Outcome:
    """With diarrhoea under irinotecan the laxative is stopped.

    Evidence: IRI-POGO
    """
    setting = Setting(facts, knowledge, as_of)
    drug = drug_of("irinotecan", setting)
    loose = tuple(present_hits(item_of(setting.library, "ir-laxative"), drug, setting))

    def hits() -> Iterator[Hit]:
        for hit in interaction_hits(drug, ("ir-laxative",), setting):
            if loose:
                yield replace(hit, used=(*hit.used, *(fact for seen in loose for fact in seen.used)))
            else:
                yield replace(hit, indicator=Indicator.INFO, ask="whether there is diarrhoea, none is on record")

    return of_hits("irinotecan_with_laxative", "irinotecan", hits(), setting)


def temozolomide_forbidden(facts: Facts, knowledge: SafetyKnowledge, as_of: date) -> Outcome:
    """Temozolomide is contraindicated with an allergy to it or to dacarbazine.

    Evidence: TMZ-LEAF
    """
    return _allergic("temozolomide_forbidden", "temozolomide", "tz-ci", Setting(facts, knowledge, as_of))


def temozolomide_with_eflornithine(facts: Facts, knowledge: SafetyKnowledge, as_of: date) -> Outcome:
    """Hearing loss is listed for temozolomide too, so the audiogram of eflornithine is taken first.

    Evidence: TMZ-LEAF
    """
    setting = Setting(facts, knowledge, as_of)
    return when_beside("temozolomide_with_eflornithine", "temozolomide", ("tz-hearing",), setting)


def _allergic(rule: str, name: str, item_id: str, setting: Setting) -> Outcome:
    """Return the card of an allergy that the label of a partner drug names."""

    def collect(drug: Drug) -> Iterator[Hit]:
        yield from allergy_hits(item_of(setting.library, item_id), drug, setting)

    return when_selected(rule, name, collect, setting, unknown_allergies(setting.facts))
