"""What of the chart could not be had: named on every card, so that silence is never read as "none".

Place in the flow: put on the recommendations after the rules have spoken. May not: change what a rule decided.
"""

from __future__ import annotations

from dataclasses import replace

from hooks.facts.fact import Why
from hooks.pathways.relapsed_neuroblastoma.facts import Facts
from hooks.pathways.relapsed_neuroblastoma.prefetch import OPTIONAL
from hooks.recommendation import Decision, MissingFact, Shared

_NAMES = {
    "patient": "the patient's own data",
    "conditions": "conditions",
    "labs": "laboratory results",
    "variants": "molecular results",
    "vitals": "vital signs",
    "status": "disease status",
    "imaging": "imaging results",
    "reports": "reports",
    "medications": "medication orders",
    "procedures": "procedures",
    "orders": "service orders",
    "allergies": "allergies",
}
"""What stands behind each prefetch key whose absence is a gap, in words."""

_HEAD = "Could not be retrieved, or not all of it"


def with_gaps(decision: Decision, facts: Facts) -> Decision:
    """Return the decision with every part of the chart that could not be had among what its cards miss."""
    gaps = tuple(_gap(key) for key in facts.data_gaps if key not in OPTIONAL)
    if not gaps:
        return decision
    told = tuple(replace(said, missing=(*said.missing, *gaps)) for said in decision.recommendations)
    return replace(decision, recommendations=told)


def _gap(key: str) -> MissingFact:
    name = _NAMES[key]
    return MissingFact("chart", str(Why.NOT_RETRIEVED), f"{_HEAD}: {name}", (key,), Shared(_HEAD, name))
