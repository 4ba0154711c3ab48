"""Every test process keeps its data in a folder of its own; properties judge the code, not the machine's speed."""

from __future__ import annotations

import os
import tempfile

from hypothesis import HealthCheck, settings

os.environ.setdefault("CDS_DATABASE_URL", f"sqlite:///{tempfile.mkdtemp(prefix='relapse-cds-tests-')}/cds.db")

settings.register_profile("any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any machine")
