"""The rules of the two order services, in the order in which they run.

Place in the flow: `services` lists them. May not: decide.

Cards of one severity are limited, and what exceeds the limit is said inside the last one kept. So the emergency and
what forbids the antibody stand first, then what the antibody lacks, what questions its partners, and, as the last
rule of supportive care, what the partners lack: nobody reads the orders for a drug before what speaks against it.
"""

from __future__ import annotations

from hooks.pathways.relapsed_neuroblastoma.rules.safety_rules import (
    ANTIBODY_RULES,
    EMERGENCY_RULES,
    FAMILY_RULES,
    PARTNER_RULES,
    TARGETED_RULES,
    UNREADABLE_RULES,
)
from hooks.pathways.relapsed_neuroblastoma.rules.supportive_care import (
    SUPPORTIVE_CARE_RULES,
    SUPPORTIVE_SIGNING_RULES,
)

_FIRST = (*EMERGENCY_RULES, *ANTIBODY_RULES, *TARGETED_RULES)

ORDER_SELECT_RULES = (
    *_FIRST,
    *SUPPORTIVE_CARE_RULES[:-1],
    *PARTNER_RULES,
    SUPPORTIVE_CARE_RULES[-1],
    *UNREADABLE_RULES,
    *FAMILY_RULES,
)
ORDER_SIGN_RULES = (
    *_FIRST,
    *SUPPORTIVE_SIGNING_RULES[:-1],
    *PARTNER_RULES,
    SUPPORTIVE_SIGNING_RULES[-1],
    *UNREADABLE_RULES,
)
