"""The vocabulary of this pathway: every fact that its rules read, with its possible states.

Place in the flow: `reading/` fills these from a PatientRecord; `rules/` match on them.
May not: hold FHIR. Field names and enum values are public: they stand in `relapse-cds.basis` (DESIGN.md section 5).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Generic, TypeVar

from hooks.facts.fact import Fact, Unknown, YesNo
from hooks.facts.measurements import Measurement
from hooks.pathways.relapsed_neuroblastoma.board import OrderBoard
from hooks.service import Jurisdiction

MISSING = Unknown()
StateT = TypeVar("StateT", bound=StrEnum)


class Diagnosis(StrEnum):
    """What the chart calls the tumour. Exclusions win over inclusions."""

    NEUROBLASTOMA = "neuroblastoma"
    GANGLIONEUROBLASTOMA_NODULAR = "ganglioneuroblastoma_nodular"
    GANGLIONEUROBLASTOMA = "ganglioneuroblastoma"
    GANGLIONEUROMA = "ganglioneuroma"
    POSSIBLE = "possible_neuroblastoma"
    OTHER = "other"


class Verification(StrEnum):
    """Condition.verificationStatus, folded: provisional, differential and unconfirmed are SUSPECTED."""

    CONFIRMED = "confirmed"
    SUSPECTED = "suspected"


class DiseaseEvent(StrEnum):
    """Where the disease stands (relapse-pathway table A)."""

    FIRST_RELAPSE = "first_relapse"
    LATER_RELAPSE = "later_relapse"
    PROGRESSION = "progression"
    REFRACTORY = "refractory"
    SUSPECTED_RELAPSE = "suspected_relapse"
    SUSPECTED_REFRACTORY = "suspected_refractory"
    RESIDUAL_STABLE = "residual_stable"
    IN_REMISSION = "in_remission"
    NONE = "none"


ACTIVE_EVENTS = frozenset(
    {DiseaseEvent.FIRST_RELAPSE, DiseaseEvent.LATER_RELAPSE, DiseaseEvent.PROGRESSION, DiseaseEvent.REFRACTORY}
)


class RiskGroup(StrEnum):
    """Risk group at diagnosis."""

    HIGH = "high"
    INTERMEDIATE = "intermediate"
    LOW = "low"


class Stage(StrEnum):
    """Stage at diagnosis, INRGSS or INSS."""

    L1 = "L1"
    L2 = "L2"
    M = "M"
    MS = "MS"
    INSS_1 = "1"
    INSS_2A = "2A"
    INSS_2B = "2B"
    INSS_3 = "3"
    INSS_4 = "4"
    INSS_4S = "4S"


class Site(StrEnum):
    """A site of active disease at the event."""

    BONE = "bone"
    MARROW = "bone_marrow"
    SOFT_TISSUE = "soft_tissue"
    LYMPH_NODE = "lymph_node"
    LIVER = "liver"
    CNS = "cns"
    LUNG = "lung"
    SKIN = "skin"
    PRIMARY = "primary_site"


class Avidity(StrEnum):
    """Uptake of MIBG on the latest scan."""

    AVID = "avid"
    NON_AVID = "non_avid"


class MYCN(StrEnum):
    """MYCN status. GAIN is never amplification; HETEROGENEOUS is a state of its own."""

    AMPLIFIED = "amplified"
    GAIN = "gain"
    NOT_AMPLIFIED = "not_amplified"
    HETEROGENEOUS = "heterogeneous"


class ALK(StrEnum):
    """ALK status. The first seven are findings; `aberrant` ones make the tumour ALK-aberrant."""

    F1174 = "F1174"
    R1275Q = "R1275Q"
    OTHER_ACTIVATING = "other_activating"
    AMPLIFIED = "amplified"
    FUSION = "fusion"
    VUS = "vus"
    NEGATIVE = "negative"


ABERRANT_ALK = frozenset({ALK.F1174, ALK.R1275Q, ALK.OTHER_ACTIVATING, ALK.AMPLIFIED, ALK.FUSION})


class GD2(StrEnum):
    """GD2 on tumour cells."""

    POSITIVE = "positive"
    DIM = "dim"
    NEGATIVE = "negative"


class Altered(StrEnum):
    """State of another gene or pathway."""

    ALTERED = "altered"
    NOT_ALTERED = "not_altered"


class Timing(StrEnum):
    """When the specimen was taken, against the last disease event (28-day window, engineering choice)."""

    AT_RELAPSE = "at_relapse"
    PRE_RELAPSE = "pre_relapse"
    UNKNOWN = "timing_unknown"


class Tissue(StrEnum):
    """Specimen class of a molecular result."""

    TUMOUR = "tumour"
    MARROW = "marrow"
    BLOOD = "blood"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Molecular(Generic[StateT]):
    """One molecular result that counts.

    variant: normalised protein change ("F1174L") or "". also: further states found beside this one
    (an ALK that is both mutated and amplified). earlier: an older or other-tissue result that says
    something else, in words with its date, so that a card can report both. frequency: variant allele
    fraction between 0 and 1, where the laboratory gives it. untested: aspects on which a negative result is silent.
    """

    state: StateT
    timing: Timing = Timing.AT_RELAPSE
    tissue: Tissue = Tissue.TUMOUR
    variant: str = ""
    germline: bool = False
    also: tuple[StateT, ...] = ()
    earlier: tuple[str, ...] = ()
    frequency: float | None = None
    untested: tuple[str, ...] = ()


class Response(StrEnum):
    """Response category, INRC. MR is minor (INRC 2017) unless the criteria say mixed (older)."""

    CR = "CR"
    PR = "PR"
    MR = "MR"
    SD = "SD"
    PD = "PD"


OBJECTIVE_RESPONSES = frozenset({Response.CR, Response.PR})


class Criteria(StrEnum):
    """Version of the response criteria, where the chart says it."""

    INRC_2017 = "INRC 2017"
    INRC_1993 = "INRC 1993"
    UNSTATED = "unstated"


@dataclass(frozen=True, slots=True)
class ResponseResult:
    """One response evaluation of the relapse-directed treatment."""

    category: Response
    criteria: Criteria = Criteria.UNSTATED


class StopReason(StrEnum):
    """Why a line of treatment ended."""

    PROGRESSION = "progression"
    TOXICITY = "toxicity"
    COMPLETED = "completed"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class TreatmentLine:
    """One line of treatment. `drugs` are concepts ("drug.temozolomide"); `regimen` an id of regimens.yaml or ""."""

    drugs: frozenset[str]
    start: date | None = None
    end: date | None = None
    regimen: str = ""
    cycles: int | None = None
    best_response: Response | None = None
    stop_reason: StopReason | None = None
    relapse_directed: bool = False
    active: bool = False
    sources: tuple[str, ...] = ()


class WorkupState(StrEnum):
    """State of one work-up item since the disease event."""

    DONE = "done"
    ORDERED = "ordered"
    NOT_FOUND = "not_found"


class WorkupItem(StrEnum):
    """Items of relapse-pathway table D; ids of orders in `relapse-cds.basis`."""

    BIOPSY = "RELAPSE_BIOPSY"
    MOLECULAR_PANEL = "MOLECULAR_PANEL"
    MIBG_SCAN = "MIBG_SCAN"
    FDG_PET = "FDG_PET"
    CROSS_SECTIONAL = "CROSS_SECTIONAL_IMAGING"
    MARROW = "BONE_MARROW"
    GD2 = "GD2_EXPRESSION"
    TUMOUR_BOARD = "TUMOUR_BOARD"
    GENETICS = "GENETICS_REFERRAL"


@dataclass(frozen=True, slots=True)
class UnreadableReport:
    """A molecular report whose content cannot be read: only that it is there.

    attached: it exists as a document; False where it refers to results that did not come.
    """

    source: str
    date: date | None
    title: str = ""
    attached: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Everything the rules of this pathway may know about one child. Defaults: unknown, never negative.

    Order rules read `orders`; patient-view rules do not need it. Molecular facts carry the date of
    specimen collection. `workup` holds only items that were looked for.
    """

    patient_id: str
    jurisdiction: Jurisdiction = Jurisdiction.OTHER

    # who and what
    diagnosis: Fact[Diagnosis] = MISSING
    verification: Fact[Verification] = MISSING
    disease_event: Fact[DiseaseEvent] = MISSING
    event_date: Fact[date] = MISSING
    risk_group: Fact[RiskGroup] = MISSING
    stage: Fact[Stage] = MISSING
    diagnosis_date: Fact[date] = MISSING
    age_months: Fact[int] = MISSING
    deceased: Fact[YesNo] = MISSING
    palliative_intent: Fact[YesNo] = MISSING
    sites: Fact[frozenset[Site]] = MISSING
    local_only: Fact[YesNo] = MISSING
    mibg_avidity: Fact[Avidity] = MISSING

    # molecular
    mycn: Fact[Molecular[MYCN]] = MISSING
    alk: Fact[Molecular[ALK]] = MISSING
    gd2: Fact[Molecular[GD2]] = MISSING
    tp53_pathway: Fact[Molecular[Altered]] = MISSING
    ras_mapk: Fact[Molecular[Altered]] = MISSING
    tert: Fact[Molecular[Altered]] = MISSING
    atrx: Fact[Molecular[Altered]] = MISSING
    segmental_changes: Fact[Molecular[Altered]] = MISSING
    unreadable_reports: tuple[UnreadableReport, ...] = ()

    # treatment so far
    treatment_lines: Fact[tuple[TreatmentLine, ...]] = MISSING
    prior_anti_gd2: Fact[YesNo] = MISSING
    progressed_on_anti_gd2: Fact[YesNo] = MISSING
    failed_temozolomide: Fact[YesNo] = MISSING
    failed_irinotecan: Fact[YesNo] = MISSING
    failed_topotecan: Fact[YesNo] = MISSING
    failed_etoposide: Fact[YesNo] = MISSING
    failed_lorlatinib: Fact[YesNo] = MISSING
    topotecan_exposed: Fact[YesNo] = MISSING
    active_regimen: Fact[str] = MISSING
    cycles_given: Fact[int] = MISSING
    cycles_since_evaluation: Fact[int] = MISSING
    response: Fact[ResponseResult] = MISSING
    consolidation_done: Fact[YesNo] = MISSING

    # gates
    gvhd_active: Fact[YesNo] = MISSING
    severe_anti_gd2_reaction: Fact[YesNo] = MISSING
    hearing_loss: Fact[YesNo] = MISSING
    renal_impairment: Fact[YesNo] = MISSING
    stem_cells_stored: Fact[YesNo] = MISSING
    anthracycline_limit_reached: Fact[YesNo] = MISSING
    heart_disease: Fact[YesNo] = MISSING
    hypertension: Fact[YesNo] = MISSING
    uncontrolled_hypertension: Fact[YesNo] = MISSING
    strong_cyp3a_inducer: Fact[YesNo] = MISSING
    strong_cyp3a_inhibitor: Fact[YesNo] = MISSING
    proteinuria: Fact[YesNo] = MISSING
    vitamin_a_or_tetracycline: Fact[YesNo] = MISSING
    pregnancy: Fact[YesNo] = MISSING
    biopsy_or_surgery_pending: Fact[YesNo] = MISSING
    severe_drug_allergies: Fact[frozenset[str]] = MISSING

    # work-up since the event
    workup: dict[WorkupItem, Fact[WorkupState]] = field(default_factory=dict)

    # measurements
    weight_kg: Fact[Measurement] = MISSING
    height_cm: Fact[Measurement] = MISSING

    # what the order services look at
    orders: OrderBoard = field(default_factory=OrderBoard)

    # for reason references
    diagnosis_reference: str = ""
    data_gaps: tuple[str, ...] = ()
