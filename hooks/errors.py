"""Every error this project raises on purpose, and the HTTP status `cds_server.web` answers it with.

Place in the flow: raised anywhere, mapped once, in `cds_server.web`. May not: hold patient data.

    CDSError                      base; `safe_text` is what a caller may read
    ├── RequestRefused            400  the body is not one well-formed CDS Hooks request
    ├── NotAuthenticated          401  no acceptable client JWT (one constant text)
    ├── UnknownService            404  no service has this id
    ├── DataUnavailable           412  a required prefetch key can be had neither from prefetch nor from FHIR
    ├── WrongPatient              412  the data or the token is about somebody else
    ├── BodyTooLarge              413
    ├── NotJSON                   415  content type other than JSON
    ├── KnowledgeError                 a knowledge or terminology file is wrong: the server does not start
    ├── SettingsError                  the configuration is wrong: the server does not start
    ├── EHRUnreachable                 one FHIR call failed; inside `cds_server.fhir` only, becomes a gap or a 412
    ├── StoreUnavailable          503  feedback that cannot be stored now is not acknowledged
    └── InvalidOutput             500  a card or a resource of ours is not valid: a defect of ours
"""

from __future__ import annotations


class CDSError(Exception):
    """Base of the tree. `safe_text` never contains patient data."""

    status: int = 500
    issue_code: str = "exception"

    def __init__(self, safe_text: str) -> None:
        super().__init__(safe_text)
        self.safe_text = safe_text


class RequestRefused(CDSError):
    """The body is not one well-formed, complete CDS Hooks request."""

    status = 400
    issue_code = "invalid"


class NotAuthenticated(CDSError):
    """The client JWT is missing or not acceptable; the reason is never told."""

    status = 401
    issue_code = "login"

    def __init__(self) -> None:
        super().__init__("Not authenticated.")


class UnknownService(CDSError):
    """No CDS service has the id in the path."""

    status = 404
    issue_code = "not-found"


class DataUnavailable(CDSError):
    """A required prefetch key can be had neither from prefetch nor from the FHIR server."""

    status = 412
    issue_code = "incomplete"


class WrongPatient(CDSError):
    """The Patient resource or the access token belongs to another patient than the context's."""

    status = 412
    issue_code = "conflict"


class BodyTooLarge(CDSError):
    """The body exceeds the configured limit."""

    status = 413
    issue_code = "too-long"


class NotJSON(CDSError):
    """The content type is not JSON."""

    status = 415
    issue_code = "not-supported"


class KnowledgeError(CDSError):
    """A knowledge or terminology file is wrong; the server does not start."""


class SettingsError(CDSError):
    """The configuration is wrong; the server does not start."""


class EHRUnreachable(CDSError):
    """One call to the EHR's FHIR server failed; becomes a gap, or a 412 for a required key."""


class StoreUnavailable(CDSError):
    """Feedback cannot be stored now; it is not acknowledged, so that the client may send it again."""

    status = 503
    issue_code = "transient"


class InvalidOutput(CDSError):
    """A card or a resource that we built is not valid: a defect of ours."""
