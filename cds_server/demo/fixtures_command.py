"""The command group `fixtures`: list the synthetic children, load them into any FHIR R4 server.

Place in the flow: `cds_server.cli` adds it. May not: send anything but synthetic resources.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

import click
import requests
from requests.exceptions import InvalidSchema, InvalidURL, MissingSchema

import fhir_fixtures

_RANK = {
    name: rank
    for rank, name in enumerate(("Patient", "Encounter", "Medication", "Specimen", "Condition", "Observation"))
}
"""What goes first: a server that checks references must find them."""

TIMEOUT_S = 60.0
"""Seconds for one child's transaction: a public test server may take its time."""


@click.group()
def fixtures() -> None:
    """Synthetic children: list them, or load them into a FHIR server."""


@fixtures.command("list")
def list_children() -> None:
    """Print each child's name and title."""
    width = max(len(child.slug) for child in fhir_fixtures.children())
    for child in fhir_fixtures.children():
        click.echo(f"{child.slug:{width}}  {child.title}")


@fixtures.command()
@click.argument("url")
@click.option("--child", "slugs", multiple=True, help="Only this child; may be given again. Default: all.")
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="Day to which all dates move. Default: today.")
@click.option("--one-by-one", is_flag=True, help="PUT each resource by itself, for servers without transactions.")
def load(url: str, slugs: Sequence[str], as_of: datetime | None, one_by_one: bool) -> None:
    """Load the children into the FHIR R4 server at URL, each resource under its own id."""
    day = as_of.date() if as_of else datetime.now(UTC).date()
    known = [child.slug for child in fhir_fixtures.children()]
    for slug in slugs:
        if slug not in known:
            raise click.BadParameter(f"there is no child {slug}; see `fixtures list`", param_hint="--child")
    with requests.Session() as session:
        session.headers["Content-Type"] = session.headers["Accept"] = "application/fhir+json"
        for slug in slugs or known:
            send = _put_each if one_by_one else _put_together
            click.echo(f"{slug}: {send(session, url.rstrip('/'), slug, day)} resources")


def _put_together(session: requests.Session, url: str, slug: str, day: date) -> int:
    resources = _resources(slug, day)
    entries = [
        {"resource": resource, "request": {"method": "PUT", "url": f"{resource['resourceType']}/{resource['id']}"}}
        for resource in resources
    ]
    bundle = {"resourceType": "Bundle", "type": "transaction", "entry": entries}
    answer = _sent(session, "POST", url, bundle)
    answered = answer.get("entry") if isinstance(answer, dict) else None
    codes = [str(one.get("response", {}).get("status", "")) for one in answered or () if isinstance(one, dict)]
    if len(codes) != len(entries) or not all(code.startswith("2") for code in codes):
        raise click.ClickException(f"{url} did not take every resource of {slug}; try --one-by-one")
    return len(entries)


def _put_each(session: requests.Session, url: str, slug: str, day: date) -> int:
    resources = _resources(slug, day)
    for resource in resources:
        _sent(session, "PUT", f"{url}/{resource['resourceType']}/{resource['id']}", resource)
    return len(resources)


def _resources(slug: str, day: date) -> list[dict[str, Any]]:
    resources = [entry["resource"] for entry in fhir_fixtures.load(slug, day)["entry"]]
    return sorted(resources, key=lambda resource: _RANK.get(resource["resourceType"], len(_RANK)))


def _sent(session: requests.Session, method: str, url: str, body: Any) -> Any:
    try:
        answer = session.request(method, url, json=body, timeout=TIMEOUT_S)
        answer.raise_for_status()
        return answer.json() if answer.content else {}
    except requests.RequestException as error:
        raise click.ClickException(f"{url} did not take it: {_trouble(error)}") from error


def _trouble(error: requests.RequestException) -> str:
    """Return what a person can do something about."""
    if error.response is not None and not error.response.ok:
        return f"it answered {error.response.status_code}; is it a FHIR R4 server that may be written to?"
    if isinstance(error, (MissingSchema, InvalidSchema, InvalidURL)):
        return "it is no http address"
    if isinstance(error, requests.Timeout):
        return f"no answer within {TIMEOUT_S:.0f} seconds"
    return "it cannot be reached" if isinstance(error, requests.ConnectionError) else "its answer is no JSON"
