"""The command `cds-server`: what a person may type.

Place in the flow: a person or a container starts here; `cds_server.commands` does the work and is loaded only when a
command runs, so that `--help` answers at once. May not: do anything itself.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from cds_server.version import VERSION


class Commands(click.Group):
    """The commands; `fixtures` is loaded only when it is asked for, with the synthetic children."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in alphabetical order."""
        return sorted([*super().list_commands(ctx), "fixtures"])

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return one command."""
        if cmd_name == "fixtures":
            from cds_server.demo.fixtures_command import fixtures

            return fixtures
        return super().get_command(ctx, cmd_name)


@click.group(cls=Commands)
@click.version_option(VERSION, prog_name="cds-server")
def main() -> None:
    """CDS Hooks server for children with relapsed high-risk neuroblastoma. Not a medical device."""


@main.command()
@click.option("--host", help="Address to listen on (CDS_HOST).")
@click.option("--port", type=int, help="Port to listen on (CDS_PORT); 0 takes a free one.")
def serve(host: str | None, port: int | None) -> None:
    """Serve CDS Hooks; with no configuration at all in development mode on 127.0.0.1."""
    from cds_server import commands

    commands.serve(host=host, port=port)


@main.command()
@click.option("--host", help="Address to listen on (CDS_HOST).")
@click.option("--port", type=int, help="Port to listen on (CDS_PORT); 0 takes a free one.")
def demo(host: str | None, port: int | None) -> None:
    """Serve the demo: development mode, the page at / and synthetic children at /fhir."""
    from cds_server import commands

    commands.serve(demo=True, host=host, port=port)


@main.command()
def check() -> None:
    """Validate the clinical knowledge and print what it holds."""
    from cds_server import commands

    commands.check()


@main.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path), required=False)
@click.option("--fhir", "fhir_base", help="Base URL of a FHIR R4 server, instead of a file.")
@click.option("--patient", help="The patient's id; needed with --fhir, or where the file holds several.")
@click.option("--service", "service_ids", multiple=True, help="Only this service; may be given again.")
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="The day to decide on. Default: today.")
@click.option("--json", "in_json", is_flag=True, help="Print JSON.")
def explain(
    file: Path | None,
    fhir_base: str | None,
    patient: str | None,
    service_ids: tuple[str, ...],
    as_of: datetime | None,
    *,
    in_json: bool,
) -> None:
    """Explain every rule for the patient in FILE (a Bundle, or a hook call) or on a FHIR server."""
    if (file is None) == (fhir_base is None) or (fhir_base and not patient):
        raise click.UsageError("Give either FILE, or --fhir together with --patient.")
    from cds_server import commands

    commands.explain(file, fhir_base, patient, service_ids, as_of, in_json=in_json)


@main.group()
def db() -> None:
    """The database of shown cards, feedback and used tokens (CDS_DATABASE_URL)."""


@db.command()
def upgrade() -> None:
    """Bring the schema to the newest version; safe to run again."""
    from cds_server import commands

    commands.upgrade_database()


@main.group()
def feedback() -> None:
    """What clinicians did with the cards."""


@feedback.command()
@click.option("--days", type=click.IntRange(min=1), help="Only cards shown in the last so many days.")
def report(days: int | None) -> None:
    """Print shown, accepted and overridden cards by week, service, topic and reason."""
    from cds_server import commands

    commands.report_feedback(days)


@main.group()
def ehr() -> None:
    """The registry of EHRs (CDS_EHR_REGISTRY)."""


@ehr.command("check")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def check_registry(file: Path) -> None:
    """Validate a registry file, read everybody's keys, and print who may call."""
    from cds_server import commands

    commands.check_registry(file)
