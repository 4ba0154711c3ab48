"""What a rule says: Fired, Silent or Undetermined; and what a fired rule recommends.

Place in the flow: rules return these, `hooks.explain` reasons about them, `cards` words and draws them.
May not: hold Markdown (every string here is plain text; `cards` escapes all of it) or FHIR JSON.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import NewType

from hooks.facts.fact import Confidence
from hooks.terminology.codes import Code

RuleId = NewType("RuleId", str)
CitationId = NewType("CitationId", str)
RegimenId = NewType("RegimenId", str)
ItemId = NewType("ItemId", str)


class Topic(StrEnum):
    """One per kind of card; the stable, alphanumeric `source.topic.code` (DESIGN.md section 5)."""

    RELAPSE_BIOPSY = "RelapseBiopsy"
    MOLECULAR_REPORT_UNREADABLE = "MolecularReportUnreadable"
    REINDUCTION_REGIMEN = "ReinductionRegimen"
    RESPONSE_EVALUATION = "ResponseEvaluation"
    CONSOLIDATION_REGIMEN = "ConsolidationRegimen"
    MAINTENANCE_REGIMEN = "MaintenanceRegimen"
    SALVAGE_REGIMEN = "SalvageRegimen"
    OUT_OF_SCOPE = "OutOfScope"
    ANTI_GD2_SUPPORTIVE_CARE = "AntiGD2SupportiveCare"
    ANTI_GD2_SAFETY = "AntiGD2Safety"
    TARGETED_THERAPY_SAFETY = "TargetedTherapySafety"
    PARTNER_SUPPORTIVE_CARE = "PartnerSupportiveCare"
    ORDER_SAFETY = "OrderSafety"


class Indicator(StrEnum):
    """CDS Hooks card indicator, in order of severity."""

    INFO = "info"
    WARNING = "warning"
    CRITICAL = "critical"


class Standing(StrEnum):
    """How an option stands for this child (DESIGN.md section 5)."""

    TRIAL = "trial"
    PREFERRED = "preferred"
    ALTERNATIVE = "alternative"
    PROVISIONAL = "provisional"
    CAUTION = "caution"
    REFER = "refer"
    NOT_SUITABLE = "not_suitable"


@dataclass(frozen=True, slots=True)
class Shared:
    """A line that several facts share: "head: item, item". A fact without an item adds nothing to it."""

    head: str
    item: str = ""


@dataclass(frozen=True, slots=True)
class UsedFact:
    """One fact a card rests on. `label` is the sentence for people; the rest is for machines.

    shared: the line in which a card says it together with others, instead of the label.
    """

    fact: str
    state: str
    label: str
    confidence: Confidence = Confidence.CODED
    date: date | None = None
    sources: tuple[str, ...] = ()
    shared: Shared | None = None


@dataclass(frozen=True, slots=True)
class MissingFact:
    """One fact a card would need. `why` is one of `hooks.facts.fact.Why` or "conflicting". shared: as in UsedFact."""

    fact: str
    why: str
    label: str
    looked_in: tuple[str, ...] = ()
    shared: Shared | None = None


class OrderKind(StrEnum):
    """FHIR resource type of a draft."""

    SERVICE_REQUEST = "ServiceRequest"
    MEDICATION_REQUEST = "MedicationRequest"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposedOrder:
    """One draft order. Never signed, never dosed: a dose stands only in `dosage_text`, quoted and cited.

    item: the id of clinical knowledge it comes from (RELAPSE_BIOPSY, db-gabapentin-1, DB_TTO).
    label: what a button says. text: the order itself in words (code.text or medication text).
    codes: what the order is, standard coding first; may be empty (then text only).
    category: FHIR category coding(s). occurrence: the day it should start.
    recommended: may be preselected; True only for safe supportive care, never for anticancer drugs.
    reason: references of Conditions or Observations that justify it. supporting: further references.
    """

    kind: OrderKind
    item: str
    label: str
    text: str
    codes: tuple[Code, ...] = ()
    category: tuple[Code, ...] = ()
    dosage_text: str = ""
    note: str = ""
    occurrence: date | None = None
    recommended: bool = False
    reason: tuple[str, ...] = ()
    supporting: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A published number with what it means: design, n and response definition stand in `text`."""

    text: str
    evidence: CitationId


class StudiedIn(str):
    """A line of `Option.why` that names a studied population: neither for nor against this child."""

    __slots__ = ()


class Barred(str):
    """A line of `Option.against` that alone makes the option unsuitable."""

    __slots__ = ()


class Caution(str):
    """A line of `Option.against` about this child that asks for caution; it is never left out of a card."""

    __slots__ = ()


class ToConfirm(str):
    """A line of `Option.against` that the chart says in words only; confirmed, it may speak for the option."""

    __slots__ = ()


class LicenceLine(str):
    """A line of `Option.why` or `Option.against` that states a licence; several options may share it."""

    __slots__ = ("said", "where")
    where: str
    said: str

    @classmethod
    def of(cls, line: str, where: str, said: str) -> LicenceLine:
        """Return the line with its two parts."""
        made = cls(line)
        made.where, made.said = where, said
        return made


class NotOnRecord(str):
    """A line of `Option.against` that names what is to be checked; `things` are its parts."""

    __slots__ = ("things",)
    things: tuple[str, ...]

    @classmethod
    def of(cls, things: Sequence[str]) -> NotOnRecord:
        """Return the line over these parts."""
        line = cls(f"Check, not on record: {'; '.join(things)}")
        line.things = tuple(things)
        return line


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One way to go on, ranked by its place in the list. `orders` go together into one suggestion.

    drafts: what the suggestion drafts, in a few words ("3 drugs drafted, schedule X"); "" says the label instead.
    """

    regimen: str
    name: str
    standing: Standing
    why: tuple[str, ...] = ()
    against: tuple[str, ...] = ()
    figures: tuple[Figure, ...] = ()
    orders: tuple[ProposedOrder, ...] = ()
    evidence: tuple[CitationId, ...] = ()
    label: str = ""
    drafts: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CardLink:
    """A link of ours: https, never built from chart text. A path ("/family/lorlatinib") is served by us."""

    label: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Recommendation:
    """One card in the making. All text is plain; sections are drawn by `cards.compose` in a fixed order.

    summary: the act, for what, because of which dated datum; under 140 characters.
    why_now, points (cautions, conflicts with both sides), not_when: one sentence each.
    orders: independent orders, one suggestion each (work-up, supportive care).
    options: alternatives, at most one of which is chosen (regimens).
    named_items: item ids named in the text only (PRN, rescue, alternatives), for machines.
    subject: the drug or regimen the card is about; part of the card's identity.
    """

    topic: Topic
    rule: RuleId
    summary: str
    indicator: Indicator = Indicator.INFO
    why_now: tuple[str, ...] = ()
    used: tuple[UsedFact, ...] = ()
    missing: tuple[MissingFact, ...] = ()
    options: tuple[Option, ...] = ()
    orders: tuple[ProposedOrder, ...] = ()
    points: tuple[str, ...] = ()
    named_items: tuple[str, ...] = ()
    not_when: tuple[str, ...] = ()
    evidence: tuple[CitationId, ...] = ()
    would_change_if: tuple[str, ...] = ()
    links: tuple[CardLink, ...] = ()
    subject: str = ""


@dataclass(frozen=True, slots=True)
class Fired:
    """The rule's condition holds."""

    recommendation: Recommendation


@dataclass(frozen=True, slots=True)
class Silent:
    """The rule's condition does not hold. `because` names the deciding datum in one sentence."""

    because: str
    decided_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Undetermined:
    """The rule cannot say. `card` is the data-gap card where the gap blocks a decision worth a card."""

    missing: tuple[MissingFact, ...]
    card: Recommendation | None = None
    because: str = ""


Outcome = Fired | Silent | Undetermined


@dataclass(frozen=True, slots=True)
class RuleTrace:
    """One rule's outcome in one decision, for explain."""

    rule: RuleId
    clinical_sentence: str
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Decision:
    """Everything decided for one call: what to say, and why each rule spoke or did not."""

    recommendations: tuple[Recommendation, ...] = ()
    trace: tuple[RuleTrace, ...] = ()
    gate: str = field(default="")


NOTHING_TO_SAY = Decision()
