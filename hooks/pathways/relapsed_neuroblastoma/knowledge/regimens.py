"""Typed regimens, gates, trials and the statements that go with them, and the loader of their files.

Place in the flow: `knowledge` loads the library once; the regimen rules quote it.
May not: choose. Whether a schedule may be drafted is derived here from its components, never stored.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import Annotated

from pydantic import Field, RootModel, model_validator

from hooks.errors import KnowledgeError
from hooks.knowledge import KnowledgeModel, load_model
from hooks.pathways.relapsed_neuroblastoma.knowledge.doses import Schedule, Text
from hooks.pathways.relapsed_neuroblastoma.knowledge.statements import Statements
from hooks.terminology.table import TABLE


class Status(StrEnum):
    """What may be done with a regimen."""

    SUGGEST = "suggest"
    TRIAL_ONLY = "trial_only"
    SPECIALIST_CENTRE = "specialist_centre"
    DO_NOT_SUGGEST = "do_not_suggest"


class Phase(StrEnum):
    """Phases of relapse treatment (decision table F)."""

    REINDUCTION = "reinduction"
    CONSOLIDATION = "consolidation"
    MAINTENANCE = "maintenance"
    SALVAGE = "salvage"


class Evidence(StrEnum):
    """Best design of evidence behind a regimen."""

    RCT = "randomised trial"
    RANDOMISED_PHASE2 = "randomised phase 2"
    PHASE2 = "phase 2"
    PHASE1_2 = "phase 1/2"
    PHASE1 = "phase 1"
    RETROSPECTIVE = "retrospective"
    LABEL = "label"


class Place(StrEnum):
    """Where in the choice a regimen belongs (decision table G)."""

    FIRST_CHOICE = "first_choice"
    FIRST_CHOICE_BACKBONE = "first_choice_backbone"
    FIRST_CHOICE_OR_SALVAGE = "first_choice_or_salvage"
    FIRST_CHOICE_IF_MYCN_AMPLIFIED = "first_choice_if_mycn_amplified"
    FIRST_CHOICE_IF_ALK_ABERRANT = "first_choice_if_alk_aberrant"
    SECOND_CHOICE_ALK = "second_choice_alk"
    SALVAGE = "salvage"
    CONSOLIDATION = "consolidation"
    CONSOLIDATION_TRIAL = "consolidation_trial"
    MAINTENANCE = "maintenance"
    MAINTENANCE_OR_PALLIATIVE = "maintenance_or_palliative"
    TRIAL_ONLY = "trial_only"
    NOT_FOR_RELAPSE = "not_for_relapse"
    NEVER = "never"


class Cited(KnowledgeModel):
    """A sentence of ours with the source that says it."""

    text: Text
    citation: Text


class ForWhom(Cited):
    """A line on whom a regimen is for. studied: it only names a studied population, which may not be this child's."""

    studied: bool = False


class Licence(StrEnum):
    """Licence of a regimen for this disease in one jurisdiction."""

    LICENSED = "licensed"
    OFF_LABEL = "off_label"
    NOT_LICENSED = "not_licensed"
    INVESTIGATIONAL = "investigational"
    TO_CHECK = "to_check"


class Approval(KnowledgeModel):
    """Licence in one jurisdiction, in words; cited unless it is plainly off-label or investigational."""

    licence: Licence
    text: Text
    citation: Text | None = None


class Approvals(KnowledgeModel):
    """Licence by jurisdiction."""

    EU: Approval
    US: Approval


class Regimen(KnowledgeModel):
    """One regimen: what is in it, what is known about it, and how it may be offered.

    figures: published results that were read; design, n and response definition stand in the text.
    """

    name: Text
    synonyms: tuple[Text, ...] = ()
    status: Status
    phases: Annotated[tuple[Phase, ...], Field(min_length=1)]
    drugs: tuple[Text, ...]
    evidence: Evidence
    citations: Annotated[tuple[Text, ...], Field(min_length=1)]
    age_min_months: int | None = None
    schedules: tuple[Schedule, ...] = ()
    for_whom: tuple[ForWhom, ...] = ()
    against: tuple[Cited, ...] = ()
    figures: tuple[Cited, ...] = ()
    toxicity: tuple[Cited, ...] = ()
    monitoring: tuple[Cited, ...] = ()
    approvals: Approvals

    @model_validator(mode="after")
    def _drugs_agree(self) -> Regimen:
        named = {part.drug for schedule in self.schedules for part in schedule.components if part.drug}
        if extra := sorted(named - set(self.drugs)):
            raise ValueError(f"drugs of a schedule that the regimen does not list: {', '.join(extra)}")
        if unknown := sorted(drug for drug in self.drugs if not TABLE.codes(drug)):
            raise ValueError(f"no concept of the terminology table: {', '.join(unknown)}")
        return self

    @cached_property
    def draft_schedule(self) -> Schedule | None:
        """The schedule that orders may be drafted from: the first complete one of a suggested regimen.

        One that was read second-hand only is named and never drafted.
        """
        if self.status is not Status.SUGGEST:
            return None
        usual = (s for s in self.schedules if not (s.adults_only or s.on_request_only or s.second_hand))
        return next((item for item in usual if item.is_complete), None)

    def cites(self) -> Iterator[str]:
        """Yield the citation behind every value of this regimen."""
        yield from self.citations
        for block in (self.for_whom, self.against, self.figures, self.toxicity, self.monitoring):
            yield from (item.citation for item in block)
        for schedule in self.schedules:
            yield schedule.citation
            yield from (part.citation for part in schedule.components)
            if schedule.max_cycles_citation:
                yield schedule.max_cycles_citation
        yield from (item.citation for item in (self.approvals.EU, self.approvals.US) if item.citation)


class GateCode(KnowledgeModel):
    """One condition that blocks a regimen or asks for caution: its words, and what the words rest on.

    citation None: an engineering definition, said so in `basis`. limit: the number that the gate compares with.
    undrafted: while the gate is met no drug of the regimen is drafted.
    """

    words: Text
    basis: Text
    citation: Text | None = None
    limit: int | None = None
    undrafted: bool = False


class Gates(KnowledgeModel):
    """The gates of one regimen. `lines` are printed always."""

    place: Place
    block: tuple[Text, ...] = ()
    caution: tuple[Text, ...] = ()
    lines: tuple[Cited, ...] = ()


class GateFile(KnowledgeModel):
    """gates.yaml."""

    codes: Mapping[str, GateCode]
    regimens: Mapping[str, Gates]


class TrialStatus(StrEnum):
    """State of a trial in the copy read."""

    RECRUITING = "recruiting"
    CHECK = "check"
    STOPPED = "stopped"
    CLOSED = "closed"


class Marker(StrEnum):
    """A marker that a trial asks for."""

    ALK = "alk"
    ALK_FUSION = "alk_fusion"


class Trial(KnowledgeModel):
    """A trial as dated data; the card asks to verify its status. doubts: gate codes that may stand against it."""

    key: Text
    registry_id: Text
    name: Text
    population: Text
    events: tuple[Text, ...]
    phases: tuple[Phase, ...]
    age_min_months: int | None = None
    marker: Marker | None = None
    doubts: tuple[Text, ...] = ()
    jurisdictions: tuple[Text, ...] = ("EU", "US", "other")
    drugs: tuple[Text, ...] = ()
    status: TrialStatus
    checked_on: Annotated[str, Field(pattern=r"^\d{4}-\d{2}(-\d{2})?$")]
    verify_url: Annotated[str, Field(pattern=r"^https://")]
    citation: Text
    why: Text

    @property
    def may_be_offered(self) -> bool:
        """True unless the copy read says that the trial is closed or stopped."""
        return self.status in {TrialStatus.RECRUITING, TrialStatus.CHECK}


class RegimenFile(RootModel[Mapping[str, Regimen]]):
    """regimens.yaml."""


class TrialFile(RootModel[tuple[Trial, ...]]):
    """trials.yaml."""


@dataclass(frozen=True, slots=True)
class RegimenLibrary:
    """All regimens with their gates, the trials, and the statements of the regimen rules."""

    regimens: Mapping[str, Regimen]
    gates: Mapping[str, Gates]
    gate_codes: Mapping[str, GateCode]
    trials: tuple[Trial, ...]
    statements: Statements

    @property
    def approvals(self) -> Mapping[str, Approvals]:
        """Licence by jurisdiction, by regimen id."""
        return {key: regimen.approvals for key, regimen in self.regimens.items()}

    def citations_used(self) -> Iterator[tuple[str, str]]:
        """Yield (citation id, where it is used) for the check of citations."""
        for key, regimen in self.regimens.items():
            yield from ((item, f"regimens.yaml: {key}") for item in regimen.cites())
        for code, gate in self.gate_codes.items():
            if gate.citation:
                yield gate.citation, f"gates.yaml: {code}"
        for key, gates in self.gates.items():
            yield from ((line.citation, f"gates.yaml: {key}") for line in gates.lines)
        yield from ((trial.citation, f"trials.yaml: {trial.key}") for trial in self.trials)
        yield from self.statements.citations_used()


def load_regimens(folder: Path) -> RegimenLibrary:
    """Return the regimen library of a knowledge folder. Raises KnowledgeError where a file breaks a rule."""
    regimens = load_model(folder / "regimens.yaml", RegimenFile).root
    gate_file = load_model(folder / "gates.yaml", GateFile)
    trials = load_model(folder / "trials.yaml", TrialFile).root
    statements = load_model(folder / "regimen_statements.yaml", Statements)
    _check_gates(regimens, gate_file, trials)
    _check_trials(trials, gate_file)
    return RegimenLibrary(regimens, gate_file.regimens, gate_file.codes, trials, statements)


def _check_gates(regimens: Mapping[str, Regimen], gate_file: GateFile, trials: tuple[Trial, ...]) -> None:
    if odd := sorted(regimens.keys() ^ gate_file.regimens.keys()):
        raise KnowledgeError(f"gates.yaml: regimens and gates do not match: {', '.join(odd)}")
    used = {code for gates in gate_file.regimens.values() for code in (*gates.block, *gates.caution)}
    doubted = {code for trial in trials for code in trial.doubts}
    if odd := sorted((used - gate_file.codes.keys()) | (gate_file.codes.keys() - used - doubted)):
        raise KnowledgeError(f"gates.yaml: codes unknown or never used: {', '.join(odd)}")


def _check_trials(trials: tuple[Trial, ...], gate_file: GateFile) -> None:
    keys = [trial.key for trial in trials]
    if len(set(keys)) != len(keys):
        raise KnowledgeError("trials.yaml: a key stands twice")
    if odd := sorted({code for trial in trials for code in trial.doubts} - gate_file.codes.keys()):
        raise KnowledgeError(f"trials.yaml: unknown gate codes: {', '.join(odd)}")
