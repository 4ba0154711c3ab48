"""The check that schemathesis does not have: who is refused gets an OperationOutcome."""

from __future__ import annotations

import schemathesis

from tests.contract.checker import check_error


@schemathesis.check
def refusals_are_operation_outcomes(_context: object, response: schemathesis.Response, _case: object) -> None:
    """Judge every answer that is not 2xx; one to HEAD has no body."""
    if response.status_code >= 300 and response.request.method != "HEAD":
        check_error(response.content)
