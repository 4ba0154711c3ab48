"""`python -m cds_server`: the same as the command `cds-server`."""

from cds_server.cli import main

main(prog_name="cds-server")
