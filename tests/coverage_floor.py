"""Fail when branch coverage falls below what STYLE asks: hooks and cards 100 %, everything else 95 %.

Run after pytest --cov: `python tests/coverage_floor.py .coverage.json`.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

FLOORS = {"hooks": 100.0, "cards": 100.0, "cds_server": 95.0, "fhir_fixtures": 95.0}


def covered(files: dict[str, dict[str, dict[str, int]]], folder: str) -> float:
    """Return the percentage of lines and branches covered in one top-level folder."""
    parts = [data["summary"] for name, data in files.items() if Path(name).parts[0] == folder]
    hit = sum(part["covered_lines"] + part["covered_branches"] for part in parts)
    total = sum(part["num_statements"] + part["num_branches"] for part in parts)
    return 100.0 * hit / total if total else 0.0


def main(path: str) -> int:
    """Print one line per folder; return 1 if one is below its floor."""
    files = json.loads(Path(path).read_text(encoding="utf-8"))["files"]
    failed = 0
    for folder, floor in FLOORS.items():
        percent = covered(files, folder)
        failed |= percent < floor
        print(f"{folder}: {percent:.2f} % of lines and branches (floor {floor:.0f} %)")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
