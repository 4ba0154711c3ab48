"""What the commands of `cds-server` do.

Place in the flow: `cds_server.cli` reads what was typed and calls one function here. May not: do anything that the
web could not ask for, save reading a file that it is given.
"""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import click
from sqlalchemy.exc import SQLAlchemyError

from cards.explanation import WIDTH, as_json, as_text
from cds_server.catalogue import Catalogue
from cds_server.explaining import Explained, calls_from_file, calls_to_server, explain_call
from cds_server.fhir.address import FHIRBase, parse_base
from cds_server.fhir.client import FHIRCall, open_session
from cds_server.pathways import installed_pathways
from cds_server.security.keys import KeyStore
from cds_server.security.registry import read_registry
from cds_server.serving import SharedMetrics, port_to_listen_on, run
from cds_server.settings import Mode, Settings, read_settings
from cds_server.store.database import Database
from cds_server.store.opening import open_database
from cds_server.store.report import as_text as report_as_text
from cds_server.store.report import read_report
from cds_server.strict_json import JSONRefused, read_text, read_value
from hooks.errors import CDSError

ResultT = TypeVar("ResultT")

EXPLAIN_DEADLINE_S = 30.0
"""A person at a terminal waits longer than an EHR."""


def serve(*, demo: bool = False, host: str | None = None, port: int | None = None) -> None:
    """Serve until stopped. demo: in demo mode, whatever the environment says."""
    chosen = {"mode": Mode.DEMO if demo else None, "host": host, "port": port}
    with _errors_as_messages():
        settings = read_settings(**{name: value for name, value in chosen.items() if value is not None})
        settings = settings.model_copy(update={"port": port_to_listen_on(settings.host, settings.port)})
    with SharedMetrics(settings.workers):
        with _errors_as_messages():
            from cds_server.app import create_app  # noqa: PLC0415 - after SharedMetrics, see MULTIPROCESS_DIR

            app = create_app(settings)
        run(app, settings)


def check() -> None:
    """Validate the clinical knowledge and print what it holds."""
    with _errors_as_messages():
        catalogue = Catalogue(installed_pathways())
    for pathway in catalogue.pathways:
        base = pathway.knowledge
        review = "clinically reviewed" if base.reviewed else "not clinically reviewed"
        click.echo(f"{base.pathway} {base.version}, {review}\n{base.digest}")
        for what, count in base.counts.items():
            click.echo(f"{count:7} {what}")
        for service in pathway.services:
            click.echo(f"service {service.id} ({service.hook}), {len(service.prefetch)} prefetch keys")


def explain(
    file: Path | None,
    fhir_base: str | None,
    patient: str | None,
    service_ids: tuple[str, ...],
    as_of: datetime | None,
    *,
    in_json: bool,
) -> None:
    """Print why each rule spoke or did not, for the patient in a file or on a FHIR server."""
    if fhir_base is not None and parse_base(fhir_base) is None:
        raise click.BadParameter("is no http address of a FHIR server.", param_hint="--fhir")
    with _errors_as_messages():
        settings = read_settings(**({"as_of": as_of.date()} if as_of else {}))
        found = list(_explained(file, fhir_base, patient, service_ids, settings))
    click.echo(json.dumps([_as_json(one) for one in found], indent=2) if in_json else "\n".join(map(_as_text, found)))


def upgrade_database() -> None:
    """Bring the schema to the newest version."""
    click.echo(f"schema version {_work_on_database(Database.upgrade)}")


def report_feedback(days: int | None) -> None:
    """Print shown, accepted and overridden cards; only those of the last so many days."""
    since = datetime.now(UTC) - timedelta(days=days) if days else None
    click.echo(report_as_text(_work_on_database(lambda database: read_report(database, since))))


def check_registry(file: Path) -> None:
    """Validate a registry file, read everybody's keys, and print who may call."""
    with _errors_as_messages():
        settings, registry = read_settings(), read_registry(file)
    keys = KeyStore(time.monotonic, open_session(settings))
    held = {one.name: keys.key_ids(one) for one in registry.ehrs}
    for one in registry.ehrs:
        tenant = f" tenant {one.tenant}" if one.tenant else ""
        click.echo(f"{one.name}: issuer {one.issuer}{tenant}, {one.client_profile}, {len(one.codes)} site codes")
        click.echo(f"  about {', '.join(one.fhir_bases)}")
        found = ", ".join(held[one.name]) or "none that can be had"
        click.echo(f"  keys at {one.jwks_url or one.jwks_file}: {found} ({', '.join(one.algorithms)})")
    if not all(held.values()):
        raise click.ClickException("an EHR without keys cannot call.")


def _work_on_database(work: Callable[[Database], ResultT]) -> ResultT:
    with _errors_as_messages():
        database = open_database(read_settings())
    if database is None:
        raise click.ClickException("CDS_DATABASE_URL is empty: nothing is kept.")
    try:
        return work(database)
    except SQLAlchemyError as error:
        hint = "is CDS_DATABASE_URL right, and is its schema there (cds-server db upgrade)?"
        raise click.ClickException(f"the database does not answer ({type(error).__name__}): {hint}") from None
    finally:
        database.engine.dispose()


def _explained(
    file: Path | None, fhir_base: str | None, patient: str | None, service_ids: tuple[str, ...], settings: Settings
) -> Iterator[Explained]:
    catalogue = Catalogue(installed_pathways())
    wanted = {_known(service_id, catalogue) for service_id in service_ids}
    calls = (
        calls_from_file(_read(file), catalogue, patient)
        if file is not None
        else calls_to_server(fhir_base or "", catalogue, patient or "")
    )
    today = settings.day_of(datetime.now(UTC))
    base = parse_base(fhir_base)
    for call, served in calls:
        if not wanted or served.service.id in wanted:
            if base is not None:
                _must_hold(_ehr(base, settings), call.context.patient_id)
            yield explain_call(call, served, settings, today, None if base is None else _ehr(base, settings))


def _known(service_id: str, catalogue: Catalogue) -> str:
    ids = [served.service.id for served in catalogue]
    if service_id not in ids:
        raise click.BadParameter(f"there is no service {service_id}, only {', '.join(ids)}.", param_hint="--service")
    return service_id


def _must_hold(ehr: FHIRCall, patient: str) -> None:
    """Refuse a server without this patient, whose rules would be silent about nobody."""
    if not ehr.fetch({"patient": f"Patient/{patient}"})["patient"].resources:
        raise click.ClickException(f"the server did not give Patient/{patient}: is it there, reachable and open?")


def _ehr(base: FHIRBase, settings: Settings) -> FHIRCall:
    patient = settings.model_copy(update={"call_deadline_s": EXPLAIN_DEADLINE_S})
    return FHIRCall(open_session(settings), base, patient)


def _read(file: Path) -> Any:
    try:
        return read_value(read_text(file.read_bytes()))
    except JSONRefused as error:
        raise click.ClickException(f"{file.name} {error}.") from None


def _as_text(explained: Explained) -> str:
    if explained.rules is None:
        return f"== {explained.service}\nThe disease gate stays shut: no Condition concerns this service. No card.\n"
    columns = min(max(shutil.get_terminal_size((WIDTH, 0)).columns, 60), 120)
    return f"== {explained.service}\n{as_text(explained.rules, columns)}\n"


def _as_json(explained: Explained) -> dict[str, Any]:
    if explained.rules is None:
        return {"service": explained.service, "gate": "silent"}
    return {"service": explained.service, "gate": "passed", "rules": as_json(explained.rules)}


@contextmanager
def _errors_as_messages() -> Iterator[None]:
    """Turn errors of ours into one line and exit code 1."""
    try:
        yield
    except CDSError as error:
        raise click.ClickException(error.safe_text) from error
