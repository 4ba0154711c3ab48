"""What forbids or interrupts the anti-GD2 antibody at hand, by its own label: contraindications and stop events.

Place in the flow: rules of order-select and order-sign about a selected antibody, for any neuroblastoma. May not:
hold a rule of one antibody against another, or read a missing grade, allergy list or cause as either answer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

from hooks.facts.fact import YesNo, is_value
from hooks.pathways.relapsed_neuroblastoma.facts import Facts
from hooks.pathways.relapsed_neuroblastoma.rules.safety_allergies import (
    about_anaphylaxis,
    about_severity,
    allergy_hits,
    unknown_allergies,
)
from hooks.pathways.relapsed_neuroblastoma.rules.safety_antibody_events import (
    any_reaction_hits,
    gvhd_hits,
    herpes_hits,
    high_pressure_hits,
    low_pressure_hits,
    low_pressure_of_infusion_hits,
    neurotoxicity_hits,
    pressure_hits,
    reaction_hits,
)
from hooks.pathways.relapsed_neuroblastoma.rules.safety_cards import (
    Frame,
    Hit,
    SafetyKnowledge,
    Setting,
    fired,
    item_of,
    items_of,
)
from hooks.pathways.relapsed_neuroblastoma.rules.safety_events import Drug, event_hits, ungraded
from hooks.pathways.relapsed_neuroblastoma.rules.safety_orders import orders_used, selected_orders
from hooks.pathways.relapsed_neuroblastoma.rules.saying import missing
from hooks.recommendation import MissingFact, Outcome, Silent, Topic, Undetermined

DINUTUXIMAB, BETA, NAXITAMAB = "dinutuximab", "dinutuximab beta", "naxitamab"
STOPS = {
    DINUTUXIMAB: tuple(f"di-stop-{number:02}" for number in range(1, 12)),
    BETA: (),
    NAXITAMAB: ("nx-irr-4", "nx-irr-4-anaphylaxis", "nx-pain-3", "nx-rpls"),
}
"""Items by antibody after which its label ends it for good. For dinutuximab beta none was read."""
Collect = Callable[[Drug, Setting], Iterator[Hit]]


def dinutuximab_forbidden(facts: Facts, knowledge: SafetyKnowledge, as_of: date) -> Outcome:
    """Dinutuximab is not given after anaphylaxis to it, nor again after an event that ends it by its label.

    Evidence: UNI-BOX, UNI-T3, TM-CASES, PRES-CASE
    """

    def collect(drug: Drug, setting: Setting) -> Iterator[Hit]:
        item = item_of(setting.library, "di-ci-anaph")
        yield from allergy_hits(item, drug, setting, about_anaphylaxis)
        yield from reaction_hits(item, drug, setting)
        yield from _stop_hits(drug, setting)

    return _about("dinutuximab_forbidden", DINUTUXIMAB, collect, Setting(facts, knowledge, as_of))


def dinutuximab_events(facts: Facts, knowledge: SafetyKnowledge, as_of: date) -> Outcome:
    """Hypotension, capillary leak of grade 3 or 4, systemic infection and eye signs interrupt dinutuximab.

    Evidence: SECOLA-T5, SECOLA-T4, UNI-RATES, UNI-WP, EYE-NB97, EYE-HU14
    """

    def collect(drug: Drug, setting: Setting) -> Iterator[Hit]:
        names = ("di-hypotension", "di-cls-4", "di-cls-3", "di-infection", "di-eye-mod")
        for item in items_of(setting.library, *names):
            yield from event_hits(item, drug, setting)
        yield from low_pressure_hits(item_of(setting.library, "di-hypotension"), drug, setting)

    return _about("dinutuximab_events", DINUTUXIMAB, collect, Setting(facts, knowledge, as_of))


def dinutuximab_beta_forbidden(facts: Facts, knowledge: SafetyKnowledge, as_of: date) -> Outcome:
    """Dinutuximab beta is contraindicated with hypersensitivity to it and with severe acute or extensive chronic GvHD.

    Evidence: QZ-SMPC-44, QZ-LEAF
    """

    def collect(drug: Drug, setting: Setting) -> Iterator[Hit]:
        yield from gvhd_hits(item_of(setting.library, "db-ci-gvhd"), drug, setting)
        item = item_of(setting.library, "db-ci-hyp")
        yield from allergy_hits(item, drug, setting)
        yield from reaction_hits(item, drug, setting)

    return _about("dinutuximab_beta_forbidden", BETA, collect, Setting(facts, knowledge, as_of))


def dinutuximab_beta_events(facts: Facts, knowledge: SafetyKnowledge, as_of: date) -> Outcome:
    """A reaction to dinutuximab beta slows, interrupts or stops it by its grade; recent herpes or zoster is named.

    Evidence: QZ-DOSEMOD, WIECZOREK, WIECZOREK-T3, QZ-LEAF
    """

    def collect(drug: Drug, setting: Setting) -> Iterator[Hit]:
        library = setting.library
        yield from neurotoxicity_hits(item_of(library, "db-dm-cns"), drug, setting)
        for item in items_of(library, "db-dm-hyp-3", "db-dm-hyp-12"):
            yield from event_hits(item, drug, setting)
        yield from any_reaction_hits(drug, setting)
        yield from herpes_hits(item_of(library, "db-zoster"), drug, setting)

    return _about("dinutuximab_beta_events", BETA, collect, Setting(facts, knowledge, as_of))


def naxitamab_forbidden(facts: Facts, knowledge: SafetyKnowledge, as_of: date) -> Outcome:
    """Naxitamab is not given after severe hypersensitivity to it, in uncontrolled hypertension, or after a stop event.

    Evidence: DANY-51, DANY-MONO, DANY-MOD, AAP-BP
    """

    def collect(drug: Drug, setting: Setting) -> Iterator[Hit]:
        item = item_of(setting.library, "nx-ci")
        yield from allergy_hits(item, drug, setting, about_severity)
        yield from reaction_hits(item, drug, setting)
        hypertension, reading = items_of(setting.library, "nx-htn", "nx-htn-reading")
        yield from pressure_hits(hypertension, drug, setting)
        yield from high_pressure_hits(hypertension, reading, drug, setting)
        yield from _stop_hits(drug, setting)

    return _about("naxitamab_forbidden", NAXITAMAB, collect, Setting(facts, knowledge, as_of))


def naxitamab_events(facts: Facts, knowledge: SafetyKnowledge, as_of: date) -> Outcome:
    """An infusion reaction of grade 2 or 3 slows or interrupts naxitamab; earlier brain irradiation raises PRES.

    Evidence: DANY-MOD, DANY-51, PRES-3F8
    """

    def collect(drug: Drug, setting: Setting) -> Iterator[Hit]:
        for item in items_of(setting.library, "nx-irr-3", "nx-irr-2", "nx-pres-risk"):
            yield from event_hits(item, drug, setting)
        item = item_of(setting.library, "nx-irr-hypotension")
        yield from low_pressure_of_infusion_hits(item, drug, setting)

    return _about("naxitamab_events", NAXITAMAB, collect, Setting(facts, knowledge, as_of))


def _stop_hits(drug: Drug, setting: Setting) -> Iterator[Hit]:
    for item in items_of(setting.library, *STOPS[drug.name]):
        yield from event_hits(item, drug, setting)


def _about(rule: str, name: str, collect: Collect, setting: Setting) -> Outcome:
    """Return the card of one antibody, silence where it is not selected, or what would have to be known."""
    drug = Drug(name, setting.library.agents[name].drug)
    board = setting.facts.orders
    orders = selected_orders(board, drug.concept)
    if not orders:
        return Silent(f"No {name} is among the selected orders.", ("orders",))
    gaps = open_questions(drug, setting)
    hits = tuple(collect(drug, setting))
    if hits:
        own = tuple(orders_used(orders, board, setting.library))
        return fired(Frame(rule=rule, topic=Topic.ANTI_GD2_SAFETY, subject=name, used=own, missing=gaps), hits)
    if gaps:
        return Undetermined(gaps, because=f"Nothing on record speaks against {name}, but not everything is known.")
    return Silent(f"Nothing on record speaks against {name} here.", ("orders",))


def open_questions(drug: Drug, setting: Setting) -> tuple[MissingFact, ...]:
    """Return what the contraindications and stop events of an antibody would need and the chart does not say."""
    facts = setting.facts
    pressure = drug.name == NAXITAMAB and is_value(facts.hypertension, YesNo.YES)
    return (
        *ungraded(items_of(setting.library, *STOPS[drug.name]), drug, setting),
        *unknown_allergies(facts),
        *(missing(facts, "uncontrolled_hypertension") if pressure else ()),
    )
