"""The OperationOutcome that stands in every answer that is not 2xx.

Place in the flow: `cds_server.web.errors` and the HTTP server around it write one. May not: hold anything of a request.
"""

from __future__ import annotations

import json


def operation_outcome(issue_code: str, safe_text: str) -> str:
    """Return an OperationOutcome with one error as JSON text."""
    issue = {"severity": "error", "code": issue_code, "diagnostics": safe_text}
    return json.dumps({"resourceType": "OperationOutcome", "issue": [issue]})
