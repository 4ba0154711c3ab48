"""Fixtures of the contract tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.contract.served import Answered, Server, sample, serving


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """The real services in development mode."""
    with serving() as running:
        yield running


@pytest.fixture(scope="session")
def answers(server: Server) -> tuple[Answered, ...]:
    """Answers of every service."""
    return sample(server)
