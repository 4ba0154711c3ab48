"""The lines of the order sets: what an item is, when it is due, and which orders satisfy it.

Place in the flow: read by `supportive.load_supportive`; order rules match orders against these.
May not: hold a dose that was not read, or a needed item that says neither its first day nor what satisfies it.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Self

from pydantic import Field, model_validator

from hooks.knowledge import KnowledgeModel
from hooks.pathways.relapsed_neuroblastoma.knowledge.supportive_dose import Dose
from hooks.recommendation import Indicator
from hooks.terminology.drug_classes import members
from hooks.terminology.table import TABLE


class Routine(StrEnum):
    """NEEDED: every course requires it. CONDITIONAL: named, never missing. SCHEDULE: the drug itself, never offered."""

    NEEDED = "needed"
    CONDITIONAL = "conditional"
    SCHEDULE = "schedule"


class Courses(StrEnum):
    """In which courses a needed item is needed."""

    EVERY = "every"
    FIRST = "first"


class OrderType(StrEnum):
    """What kind of order an item becomes. ADVICE is never an order of ours."""

    DRUG = "drug"
    SERVICE = "service"
    ADVICE = "advice"


class Category(StrEnum):
    """What an item is for."""

    ANALGESIA = "analgesia"
    ANAPHYLAXIS_KIT = "anaphylaxis_kit"
    ANTIEMETIC = "antiemetic"
    ANTIHISTAMINE = "antihistamine"
    BASELINE = "baseline"
    BIOMARKER = "biomarker"
    FEVER_WORKUP = "fever_workup"
    GM_CSF = "gm_csf"
    INFORMATION = "information"
    INFUSION_SCHEDULE = "infusion_schedule"
    IV_FLUID_ALBUMIN = "iv_fluid_albumin"
    MONITORING = "monitoring"
    PREGNANCY_CONTRACEPTION = "pregnancy_contraception"
    PREMEDICATION = "premedication"
    REGIMEN = "regimen"
    RESPONSE_ASSESSMENT = "response_assessment"
    SUPPORTIVE_DRUG = "supportive_drug"


class Route(StrEnum):
    """Route, as far as the source gives it."""

    ORAL = "oral"
    IV = "IV"
    IV_INFUSION = "IV infusion"
    IV_CONTINUOUS = "IV continuous infusion"
    SC = "SC"
    IM = "IM"
    ORAL_OR_IV = "oral or IV"


class Match(KnowledgeModel):
    """Which existing orders satisfy an item: by therapeutic class, by ingredient, or by words of the order's text.

    injected: an order that says a form or route that is swallowed, stuck on or sprayed does not. not_drugs: members
    of the classes that do not, whatever their route. not_words: an order known by its words alone does not where it
    says one of these too (a flush of saline is no hydration).
    """

    classes: tuple[str, ...] = ()
    drugs: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    not_drugs: tuple[str, ...] = ()
    not_words: tuple[str, ...] = ()
    injected: bool = False

    @model_validator(mode="after")
    def _names_exist(self) -> Self:
        if not (self.classes or self.drugs or self.words):
            raise ValueError("a class, a drug or a word is needed")
        for name in self.classes:
            members(name)
        for concept in (*self.drugs, *self.not_drugs):
            _check_concept(concept)
        return self


class Check(KnowledgeModel):
    """One thing that is measured or watched. Any of its concepts or words in an order, or a result, satisfies it.

    code: the concept whose code a draft carries, None where no code says just this. results: keys of
    `OrderBoard.measurements`. A word that ends in "*" stands for all words that begin with it.
    """

    name: str
    code: str | None = None
    concepts: tuple[str, ...] = ()
    words: tuple[str, ...]
    results: tuple[str, ...] = ()
    category: str

    @model_validator(mode="after")
    def _concepts_exist(self) -> Self:
        for concept in (*self.concepts, *filter(None, (self.code,))):
            _check_concept(concept)
        return self


class OrderItem(KnowledgeModel):
    """One line of an order set.

    name: what a person reads. drug: concept whose codes a draft carries, None where the source names a class.
    satisfied_by: for drugs. checks: for services, all of them are needed. only_with, not_with: needed only beside
    one of these drugs, not beside any of those. start_day, end_day: days as the agent's source counts them; no
    end: to the last antibody day. baseline: due before the start, and a recent result counts. quoted: a dose in
    words that is no single figure. dose None: the source names the drug without a dose that was read.
    """

    id: str
    agent: str
    category: Category
    name: str
    order: OrderType
    routine: Routine
    why: str
    courses: Courses = Courses.EVERY
    only_with: tuple[str, ...] = ()
    not_with: tuple[str, ...] = ()
    alternative_group: str = ""
    drug: str | None = None
    satisfied_by: Match | None = None
    checks: tuple[str, ...] = ()
    baseline: bool = False
    dose: Dose | None = None
    quoted: str = ""
    route: Route | None = None
    start_day: int | None = None
    end_day: int | None = None
    timing: str
    indication: str
    indicator: Indicator
    sources: tuple[str, ...] = Field(min_length=1)
    verified: bool
    note: str = ""

    @property
    def is_drug(self) -> bool:
        """True for a line that becomes a MedicationRequest."""
        return self.order is OrderType.DRUG

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        if self.dose is not None and not self.verified:
            raise ValueError(f"{self.id}: a dose needs a verified item")
        if self.drug is not None:
            _check_concept(self.drug)
        for concept in (*self.only_with, *self.not_with):
            _check_concept(concept)
        if self.routine is Routine.NEEDED:
            if self.start_day is None:
                raise ValueError(f"{self.id}: a needed item needs its first day")
            if not (self.satisfied_by if self.is_drug else self.checks):
                raise ValueError(f"{self.id}: a needed item needs what satisfies it")
        return self


def _check_concept(concept: str) -> None:
    if not TABLE.codes(concept):
        raise ValueError(f"{concept} is not in the terminology table")
