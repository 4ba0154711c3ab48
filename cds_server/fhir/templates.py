"""Prefetch templates filled in: "Condition?patient={{context.patientId}}" becomes a query for one patient.

Place in the flow: `cds_server.fhir.chart` asks for the queries of absent keys. May not: let a value of the call
become anything but one value of the query.
"""

from __future__ import annotations

import re
from urllib.parse import quote

from hooks.request import Context

_TOKEN = re.compile(r"\{\{\s*([A-Za-z.]+)\s*\}\}")
_SEARCH_SIGNS = re.compile(r"([\\,$|])")
"""Signs with a meaning inside a FHIR search value; escaped with a backslash they are themselves."""
_USER_TOKENS = {
    "userPractitionerId": "Practitioner",
    "userPractitionerRoleId": "PractitionerRole",
    "userPatientId": "Patient",
    "userRelatedPersonId": "RelatedPerson",
}
_WISHES = frozenset({"_count", "_sort"})
_CRITERIA = frozenset({"patient", "category", "code"})
_USER = re.compile(r"([A-Z][A-Za-z]+)/([A-Za-z0-9\-._~]{1,256})")


def fill(template: str, context: Context) -> str | None:
    """Return the query of a template for this call; None where a token has no value."""
    path, mark, query = template.partition("?")
    filled_path = _replace(path, context, in_query=False)
    filled_query = _replace(query, context, in_query=True)
    if filled_path is None or filled_query is None:
        return None
    return f"{filled_path}{mark}{filled_query}"


def without_wishes(address: str) -> str:
    """Return the address of a first search without order and page size, which not every server grants.

    Any other address, such as that of a further page, is returned as it is: there the page size tells the place.
    """
    path, _, query = address.partition("?")
    parameters = query.split("&")
    if not {parameter.partition("=")[0] for parameter in parameters} <= _CRITERIA | _WISHES:
        return address
    return f"{path}?{'&'.join(one for one in parameters if one.partition('=')[0] not in _WISHES)}"


def _replace(text: str, context: Context, *, in_query: bool) -> str | None:
    values = {token: _value(token, context) for token in _TOKEN.findall(text)}
    if None in values.values():
        return None
    return _TOKEN.sub(lambda token: _encode(values[token[1]] or "", in_query=in_query), text)


def _value(token: str, context: Context) -> str | None:
    match token:
        case "context.patientId":
            return context.patient_id
        case "context.encounterId":
            return context.encounter_id
    user = _USER.fullmatch(context.user_id)
    if user is None:
        return None
    if token == "context.userId":  # noqa: S105 - a token of a template
        return user[0]
    return user[2] if _USER_TOKENS.get(token) == user[1] else None


def _encode(value: str, *, in_query: bool) -> str:
    if in_query:
        return quote(_SEARCH_SIGNS.sub(r"\\\1", value), safe="/")
    return quote(value, safe="/")
