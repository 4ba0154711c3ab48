"""Orders as facts: one drug order, one service order, whatever resource type or dialect they came in.

Place in the flow: `hooks.facts.medications` and `hooks.facts.services` fill these; order rules read them.
May not: know a disease.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from hooks.facts.fact import Confidence


class OrderState(StrEnum):
    """What an order is now. DRAFT covers every draft whatever its intent."""

    DRAFT = "draft"
    ACTIVE = "active"
    ON_HOLD = "on_hold"
    COMPLETED = "completed"
    STOPPED = "stopped"
    GIVEN = "given"
    PROPOSED = "proposed"


@dataclass(frozen=True, slots=True)
class DrugOrder:
    """One medication order, administration or statement.

    drugs: ingredient concepts ("drug.irinotecan"), several for a combination; empty if not recognised.
    forms: the concepts whole, as matched ("drug.irinotecan.product_liposomal(NOT interchangeable)").
    interchangeable: False for a form that counts as exposure but never satisfies an order.
    start/end: from timing bounds or dispense/effective period; authored: authoredOn.
    stop_reason: words of statusReason, the code's own display included ("No response to treatment ..."), or "".
    text is chart text. route: "intravenous", "oral", "subcutaneous", else chart text, or "".
    scheduled: False for an as-needed (PRN) order. purpose: what it is given for, in words, or "".
    named: False where it says no drug at all: its Medication did not come with it.
    """

    reference: str
    state: OrderState
    drugs: tuple[str, ...] = ()
    forms: tuple[str, ...] = ()
    interchangeable: bool = True
    confidence: Confidence = Confidence.CODED
    start: date | None = None
    end: date | None = None
    authored: date | None = None
    stop_reason: str = ""
    text: str = ""
    route: str = ""
    scheduled: bool = True
    dosage_text: str = ""
    prohibited: bool = False
    purpose: str = ""
    named: bool = True

    def is_for(self, *drugs: str) -> bool:
        """True if one of the ingredient concepts is among `drugs`, compared whole."""
        return any(drug in drugs for drug in self.drugs)


@dataclass(frozen=True, slots=True)
class ServiceOrder:
    """One ServiceRequest, Procedure or report-like thing: what was ordered or done, and when."""

    reference: str
    state: OrderState
    concepts: tuple[str, ...] = ()
    confidence: Confidence = Confidence.CODED
    when: date | None = None
    text: str = ""
    body_site: str = ""

    @property
    def is_procedure(self) -> bool:
        """True for what the chart writes down as done or under way; a ProcedureRequest is an order."""
        return self.reference.partition("/")[0] == "Procedure"
