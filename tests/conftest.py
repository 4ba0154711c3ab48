"""Every test process keeps what it stores in a folder of its own."""

from __future__ import annotations

import os
import tempfile

os.environ.setdefault("CDS_DATABASE_URL", f"sqlite:///{tempfile.mkdtemp(prefix='relapse-cds-tests-')}/cds.db")
