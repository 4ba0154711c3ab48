"""The browser tests import a browser's driver: they are collected only where the full tests may run."""

from __future__ import annotations

from pathlib import Path

import pytest


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave the folder's tests alone where `-m "not full"` would deselect them anyway (None: not ours to say)."""
    return True if config.getoption("markexpr") == "not full" else None
