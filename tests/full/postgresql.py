"""A PostgreSQL server of its own, in a temporary folder, under an account without privileges."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from cds_server.serving import port_to_listen_on


@dataclass(frozen=True, slots=True)
class Cluster:
    """A running PostgreSQL server that trusts whoever reaches it on 127.0.0.1."""

    programs: Path
    folder: Path
    port: int

    @property
    def url(self) -> str:
        """The address of its one database, as CDS_DATABASE_URL has it."""
        return f"postgresql+psycopg://cds@127.0.0.1:{self.port}/postgres"

    def start(self) -> None:
        """Start it, and wait until it takes connections."""
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -k {self.folder}"
        self._run("pg_ctl", "start", "-w", "-D", f"{self.folder}/data", "-l", f"{self.folder}/log", "-o", options)

    def stop(self, how: str = "fast") -> None:
        """Stop it; "immediate" is as if its process had been killed."""
        self._run("pg_ctl", "stop", "-w", "-m", how, "-D", f"{self.folder}/data")

    def dump(self) -> bytes:
        """Return everything that is stored, as SQL."""
        return self._run("pg_dump", "-h", "127.0.0.1", "-p", str(self.port), "-U", "cds", "postgres")

    def initialise(self) -> None:
        """Make an empty one."""
        self._run("initdb", "-D", f"{self.folder}/data", "-A", "trust", "-U", "cds", "-E", "UTF8", "--locale=C")

    def _run(self, program: str, *arguments: str) -> bytes:
        unprivileged = ["runuser", "-u", "postgres", "--"] if os.getuid() == 0 else []
        command = [*unprivileged, str(self.programs / program), *arguments]
        with tempfile.TemporaryFile() as output:  # a pipe would be held open by the server that is left behind
            done = subprocess.run(
                command,
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                timeout=120,
                check=False,
            )
            output.seek(0)
            told = output.read()
        assert done.returncode == 0, told.decode()
        return told


@contextmanager
def running_cluster() -> Iterator[Cluster]:
    """Run a server while the block lasts."""
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    assert installed, "PostgreSQL is not installed (apt-get install postgresql)"
    folder = Path(tempfile.mkdtemp(prefix="relapse-cds-postgresql-"))
    if os.getuid() == 0:
        shutil.chown(folder, "postgres")
    cluster = Cluster(installed[-1].parent, folder, port_to_listen_on("127.0.0.1", 0))
    try:
        cluster.initialise()
        cluster.start()
        try:
            yield cluster
        finally:
            cluster.stop("immediate")
    finally:
        shutil.rmtree(folder)
