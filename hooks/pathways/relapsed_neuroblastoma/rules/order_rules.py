"""The rules of the two order services, in the order in which they run.

Place in the flow: `services` lists them. May not: decide.
"""

from __future__ import annotations

from hooks.pathways.relapsed_neuroblastoma.rules.supportive_care import (
    SUPPORTIVE_CARE_RULES,
    SUPPORTIVE_SIGNING_RULES,
)

ORDER_SELECT_RULES = SUPPORTIVE_CARE_RULES
ORDER_SIGN_RULES = SUPPORTIVE_SIGNING_RULES
