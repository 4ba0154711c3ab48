"""Samples of decisions for the tests of `cards`: invented, without clinical meaning."""

from __future__ import annotations

from datetime import date
from typing import Any

from cards.identity import CallIdentity
from hooks.facts.fact import Confidence
from hooks.knowledge import Access, Citation, KnowledgeBase
from hooks.recommendation import (
    CardLink,
    CitationId,
    Decision,
    Figure,
    MissingFact,
    Option,
    OrderKind,
    ProposedOrder,
    Recommendation,
    RuleId,
    Standing,
    Topic,
    UsedFact,
)
from hooks.terminology.codes import RxNormCode, SnomedCode

CALL = CallIdentity(
    hook_instance="d1577c69-dfbe-44ad-ba6d-3e05e953b2ea",
    service_id="relapse-workup",
    patient_id="child-1",
    public_url="https://cds.example.org/base/",
)
REQUEST = {"hook": "order-select", "context": {"patientId": "child-1"}}
REVIEW = CitationId("REVIEW2026")
LABEL = CitationId("LABEL")
CITATIONS = {
    "REVIEW2026": Citation(
        id="REVIEW2026", title="Review of first relapse", year=2026, doi="10.1016/S1(18)2", access=Access.ABSTRACT
    ),
    "LABEL": Citation(id="LABEL", title="Product label", access=Access.QUOTED, via="REVIEW2026"),
    "PAGE": Citation(id="PAGE", title="Page", year=2025, url="https://example.org/page", access=Access.FULL),
}


class SamplePathway:
    """The least that compose needs of a pathway."""

    def __init__(self, *, reviewed: bool = False) -> None:
        self.knowledge = KnowledgeBase(
            pathway="relapsed-neuroblastoma",
            version="0.1.0",
            digest="sha256:" + "ab" * 32,
            reviewed=reviewed,
            counts={},
        )

    def citation(self, citation_id: str) -> Citation:
        """The citation, or KeyError."""
        return CITATIONS[citation_id]


PATHWAY = SamplePathway()


def service_order(**changes: Any) -> ProposedOrder:
    """A ServiceRequest with everything an order may have."""
    members: dict[str, Any] = {
        "kind": OrderKind.SERVICE_REQUEST,
        "item": "RELAPSE_BIOPSY",
        "label": "Draft: biopsy of the relapse",
        "text": "Image-guided biopsy of the relapse",
        "codes": (SnomedCode(SnomedCode.SYSTEM, "277590007", "Imaging guided biopsy (procedure)"),),
        "category": (SnomedCode(SnomedCode.SYSTEM, "363679005", "Imaging (procedure)"),),
        "note": "Fresh, frozen and fixed tissue",
        "occurrence": date(2026, 11, 23),
        "reason": ("Condition/nb1",),
        "supporting": ("Observation/o1",),
    }
    return ProposedOrder(**{**members, **changes})


def drug_order(**changes: Any) -> ProposedOrder:
    """A MedicationRequest with a quoted dose."""
    members: dict[str, Any] = {
        "kind": OrderKind.MEDICATION_REQUEST,
        "item": "db-gabapentin-1",
        "label": "Draft: gabapentin",
        "text": "gabapentin",
        "codes": (RxNormCode(RxNormCode.SYSTEM, "25480", "gabapentin (IN)"),),
        "dosage_text": "10 mg/kg/day, verify against the protocol",
        "occurrence": date(2026, 11, 24),
    }
    return ProposedOrder(**{**members, **changes})


def option(regimen: str, standing: Standing, **changes: Any) -> Option:
    """An option that asks to plan a regimen."""
    members: dict[str, Any] = {
        "regimen": regimen,
        "name": f"Regimen {regimen}",
        "standing": standing,
        "why": (f"speaks for {regimen}",),
        "against": (f"speaks against {regimen}",),
        "figures": (Figure(text="ORR 41 % (n=53)", evidence=LABEL),),
        "orders": (service_order(item=regimen, label=f"Plan {regimen}", text=f"Plan {regimen} from its protocol"),),
        "evidence": (REVIEW,),
    }
    return Option(**{**members, **changes})


def workup(**changes: Any) -> Recommendation:
    """A work-up card with every member that such a card may have."""
    members: dict[str, Any] = {
        "topic": Topic.RELAPSE_BIOPSY,
        "rule": RuleId("relapse_biopsy_due"),
        "summary": "Biopsy the relapse of 2026-09-18: no molecular result since",
        "why_now": ("First relapse on 2026-09-18.",),
        "used": (
            UsedFact(
                "mycn",
                "amplified",
                "MYCN: amplified, 2026-09-18",
                Confidence.CODED,
                date(2026, 9, 18),
                ("Observation/o1", "Observation/o1"),
            ),
        ),
        "missing": (MissingFact("gd2", "not found", "GD2: not found in labs", ("labs",)),),
        "orders": (service_order(),),
        "points": ("Biopsy under anaesthesia.",),
        "named_items": ("db-adrenaline-1", "RELAPSE_BIOPSY"),
        "not_when": ("Palliative intent.",),
        "evidence": (REVIEW,),
        "would_change_if": ("MYCN amplified: RIST moves first",),
        "links": (CardLink(label="Family page", url="/family/biopsy"),),
    }
    return Recommendation(**{**members, **changes})


def regimen(**changes: Any) -> Recommendation:
    """A regimen card with three options."""
    members: dict[str, Any] = {
        "topic": Topic.REINDUCTION_REGIMEN,
        "rule": RuleId("reinduction_options"),
        "summary": "Plan re-induction: two options",
        "options": (
            option("DB_TTO", Standing.PREFERRED),
            option("NCT00000000", Standing.TRIAL),
            option("TEMIRI", Standing.NOT_SUITABLE),
        ),
    }
    return Recommendation(**{**members, **changes})


def said(*recommendations: Recommendation) -> Decision:
    """A decision that says these."""
    return Decision(recommendations=recommendations)
