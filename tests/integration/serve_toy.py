"""A program that serves the toy pathway exactly as `cds-server serve` serves the real one; settings from CDS_*."""

from __future__ import annotations

from cds_server.serving import SharedMetrics, run
from cds_server.settings import read_settings

if __name__ == "__main__":
    settings = read_settings()
    with SharedMetrics(settings.workers):
        from cds_server.app import create_app
        from tests.unit.toy_pathway import TOY

        run(create_app(settings, (TOY,)), settings)
