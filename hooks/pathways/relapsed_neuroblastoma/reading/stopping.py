"""Why a drug order was stopped, in the words of its status reason.

Place in the flow: `cycles`, `treatment` and `exposure` ask it. May not: read a stop without a reason.
"""

from __future__ import annotations

import re

from hooks.facts.orders import DrugOrder, OrderState
from hooks.pathways.relapsed_neuroblastoma.facts import StopReason

_STOP_WORDS: tuple[tuple[StopReason, re.Pattern[str]], ...] = (
    (StopReason.OTHER, re.compile(r"\b(?:no|without) (?:evidence of )?(?:progress|relapse)", re.IGNORECASE)),
    (StopReason.PROGRESSION, re.compile(r"no response|progress|relaps|recurr|refractory", re.IGNORECASE)),
    (StopReason.TOXICITY, re.compile(r"not tolerat|intoleran|toxic|adverse|allerg|anaphyl|side effect", re.IGNORECASE)),
    (StopReason.COMPLETED, re.compile(r"complet|finished|end of (?:treatment|therapy)", re.IGNORECASE)),
)


def stop_reason_in(words: str) -> StopReason | None:
    """Return what a stop reason's concept or words mean; None for no words."""
    if not words.strip():
        return None
    for reason, pattern in _STOP_WORDS:
        if pattern.search(words):
            return reason
    return StopReason.OTHER


def stopped_for_progression(order: DrugOrder) -> bool:
    """True for an order that was stopped because the disease progressed."""
    return order.state is OrderState.STOPPED and stop_reason_in(order.stop_reason) is StopReason.PROGRESSION
