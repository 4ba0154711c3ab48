"""The pathways that this server serves: one line per disease.

Place in the flow: `create_app` and the command line ask for them. May not: know what they hold.
"""

from __future__ import annotations

from hooks.service import Pathway


def installed_pathways() -> tuple[Pathway, ...]:
    """Return the pathways. Raises KnowledgeError where a knowledge file is wrong."""
    from hooks.pathways.relapsed_neuroblastoma.pathway import PATHWAY  # noqa: PLC0415 - reading knowledge may fail

    return (PATHWAY,)
