"""The rules of the service relapse-regimen, in the order in which they run.

Place in the flow: `services` runs these after the out-of-scope notice. May not: hold logic.
"""

from __future__ import annotations

from hooks.pathways.relapsed_neuroblastoma.rules.consolidation import consolidation_options, maintenance_options
from hooks.pathways.relapsed_neuroblastoma.rules.evaluation import response_evaluation_due
from hooks.pathways.relapsed_neuroblastoma.rules.reinduction import reinduction_options
from hooks.pathways.relapsed_neuroblastoma.rules.salvage import salvage_options

REGIMEN_RULES = (
    reinduction_options,
    response_evaluation_due,
    consolidation_options,
    maintenance_options,
    salvage_options,
)
"""One rule per phase; at most one of them speaks for a child."""
