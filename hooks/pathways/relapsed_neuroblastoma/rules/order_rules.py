"""The rules of the two order services, in the order in which they run.

Place in the flow: `services` lists them. May not: decide.

Cards of one severity are limited, and what exceeds the limit is said inside the last one kept. So the emergency and
what forbids the antibody stand first, what the antibody lacks before what questions its partners.
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
_LAST = (*PARTNER_RULES, *UNREADABLE_RULES)

ORDER_SELECT_RULES = (*_FIRST, *SUPPORTIVE_CARE_RULES, *_LAST, *FAMILY_RULES)
ORDER_SIGN_RULES = (*_FIRST, *SUPPORTIVE_SIGNING_RULES, *_LAST)
