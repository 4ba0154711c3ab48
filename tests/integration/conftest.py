"""Fixtures of the integration tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.integration.fake_ehr import FakeEHR, fake_ehr
from tests.integration.live import Live, live_server


@pytest.fixture
def ehr() -> Iterator[FakeEHR]:
    """A fake EHR."""
    with fake_ehr() as running:
        yield running


@pytest.fixture(scope="module")
def live() -> Iterator[Live]:
    """A server with the toy pathway; a short deadline for FHIR requests."""
    with live_server(call_deadline_s=1.0) as running:
        yield running
