"""What the order rules of this pathway look at: orders, findings, allergies and measurements of one child.

Place in the flow: `reading/` fills the board; rules of the order services match on it.
May not: hold FHIR. `Facts.orders` holds the board; a finding's kind is the rule files' own word.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from hooks.facts.fact import Confidence, Fact, Unknown
from hooks.facts.measurements import Measurement
from hooks.facts.orders import DrugOrder, ServiceOrder


class FindingKind(StrEnum):
    """Kinds of `Finding`, in the words of the safety rules' triggers.

    Findings that follow from orders and dates (a planned biopsy, chemotherapy within a day) are no kinds:
    rules work them out from the board.
    """

    ACUTE_GVHD = "acute_gvhd"
    CHRONIC_GVHD_EXTENSIVE = "chronic_gvhd_extensive"
    CHRONIC_GVHD_LIMITED = "chronic_gvhd_limited"
    CHRONIC_GVHD = "chronic_gvhd"
    GVHD = "gvhd"
    ANAPHYLAXIS = "anaphylaxis"
    SERUM_SICKNESS = "serum_sickness"
    HYPERSENSITIVITY = "hypersensitivity"
    INFUSION_REACTION = "infusion_reaction"
    PAIN = "pain"
    SENSORY_NEUROPATHY = "sensory_neuropathy"
    MOTOR_NEUROPATHY = "motor_neuropathy"
    NEUROPATHY = "neuropathy"
    TRANSVERSE_MYELITIS = "transverse_myelitis"
    PRES = "pres"
    SEVERE_CNS_TOXICITY = "severe_cns_toxicity"
    HEADACHE = "headache"
    CONFUSION = "confusion"
    SEIZURE = "seizure"
    VISION_LOSS = "vision_loss"
    VISUAL_DISTURBANCE = "visual_disturbance"
    DILATED_PUPIL = "dilated_pupil"
    URINARY_RETENTION = "urinary_retention"
    HYPONATRAEMIA = "hyponatraemia"
    HYPOTENSION = "hypotension"
    HYPERTENSION = "hypertension"
    UNCONTROLLED_HYPERTENSION = "uncontrolled_hypertension"
    CAPILLARY_LEAK = "capillary_leak"
    EFFUSION = "effusion"
    OEDEMA = "oedema"
    HEART_FAILURE = "heart_failure"
    HAEMOLYTIC_URAEMIC_SYNDROME = "haemolytic_uraemic_syndrome"
    FEBRILE_NEUTROPENIA = "febrile_neutropenia"
    FEVER = "fever"
    NEUTROPENIA = "neutropenia"
    SEPSIS = "sepsis"
    SYSTEMIC_INFECTION = "systemic_infection"
    HERPES_SIMPLEX = "herpes_simplex"
    VARICELLA_ZOSTER = "varicella_zoster"
    DIARRHOEA = "diarrhoea"
    PREGNANCY = "pregnancy"
    UNHEALED_WOUND = "unhealed_wound"
    THROMBOSIS = "thrombosis"
    BLEEDING = "bleeding"
    LOW_PLATELETS = "low_platelets"
    CRANIAL_IRRADIATION = "cranial_irradiation"
    CRANIOSPINAL_IRRADIATION = "craniospinal_irradiation"
    TOTAL_BODY_IRRADIATION = "total_body_irradiation"


@dataclass(frozen=True, slots=True)
class Finding:
    """A coded or worded adverse finding (GvHD, transverse myelitis, sepsis) that an order rule reads.

    kind: the rule files' own word for it. grade: CTCAE grade when the chart gives it coded, else None.
    active: still present. drug: the concept it is attributed to, or "". text is chart text.
    """

    kind: str
    grade: int | None = None
    date: date | None = None
    active: bool = True
    drug: str = ""
    confidence: Confidence = Confidence.CODED
    source: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Allergy:
    """An AllergyIntolerance: the concept (drug or class), whether severe (anaphylaxis, criticality high)."""

    concept: str
    severe: bool
    anaphylaxis: bool = False
    date: date | None = None
    confidence: Confidence = Confidence.CODED
    source: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderBoard:
    """All orders an order rule may look at.

    selected: what triggered (order-select) or everything to be signed (order-sign). drafts: all drafts,
    selected ones included. active: active and on-hold orders of the chart. past: completed or stopped.
    services: ServiceRequests and Procedures, drafted and active, as concept or text.
    unreadable: drafts that could not be read as an order, by reference. of_others: how many drafts were not about
    this patient.
    procedures: what was done, Procedures and completed reports, imaging and requests, each with its date.
    prohibited: orders that say "do not give"; they stand nowhere else on the board.
    selected_services: the selected ones among the drafted services.
    planned: orders of the chart that only plan or propose; they satisfy nothing.
    operations: the biopsies and operations among services and procedures, ports included.
    doubtful: drafts of an anti-GD2 antibody that name two of them, or none that is known; they stand nowhere else.
    """

    selected: tuple[DrugOrder, ...] = ()
    drafts: tuple[DrugOrder, ...] = ()
    active: tuple[DrugOrder, ...] = ()
    past: tuple[DrugOrder, ...] = ()
    services: tuple[ServiceOrder, ...] = ()
    findings: tuple[Finding, ...] = ()
    allergies: Fact[tuple[Allergy, ...]] = Unknown()
    measurements: dict[str, Fact[Measurement]] = field(default_factory=dict)
    procedures: tuple[ServiceOrder, ...] = ()
    unreadable: tuple[str, ...] = ()
    of_others: int = 0
    prohibited: tuple[DrugOrder, ...] = ()
    selected_services: tuple[ServiceOrder, ...] = ()
    planned: tuple[DrugOrder, ...] = ()
    operations: tuple[ServiceOrder, ...] = ()
    doubtful: tuple[DrugOrder, ...] = ()
    _chosen: frozenset[DrugOrder] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Hold the selected orders as a set: rules ask about each of thousands of drafts."""
        object.__setattr__(self, "_chosen", frozenset(self.selected))

    def is_selected(self, order: DrugOrder) -> bool:
        """True if this order is one that the user selected or is about to sign."""
        return order in self._chosen
