"""Whatever is sent to the real services, the answer is 200, 400 or 412, in JSON, right as the specification has it."""

from __future__ import annotations

import os
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pytest

from tests.contract.hostile import Found, attack, attack_of

QUICK = 300
LARGE = int(os.environ.get("FULL_CALLS", "2000"))
CHUNK = 125


@pytest.mark.req("PF-04", "REQ-10", "RESP-05", "RESP-06", "JSON-01", "JSON-02", "JSON-03")
def test_given_hundreds_of_hostile_bodies_when_they_are_posted_then_none_is_a_fault_of_the_server(
    tmp_path: Path,
) -> None:
    """Hazard: a clinician gets no card, or another's worker dies, because one chart is odd."""
    found = attack(range(QUICK), f"sqlite:///{tmp_path / 'memory.db'}")

    assert found.defects == []
    assert found.statuses["200"] > QUICK / 3
    assert found.cards > QUICK / 8
    assert found.slowest_s < 5


def test_given_one_seed_when_it_is_drawn_twice_then_the_body_is_the_same() -> None:
    assert attack_of(7) == attack_of(7)
    assert attack_of(7).body != attack_of(8).body


@pytest.mark.full
@pytest.mark.req("PF-04", "REQ-10", "RESP-05", "RESP-06", "JSON-01", "JSON-02", "JSON-03")
def test_given_thousands_of_hostile_bodies_when_they_are_posted_then_none_is_a_fault_of_the_server(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """FULL_CALLS in the environment says how many; HOSTILE_FROM starts at another seed."""
    first = int(os.environ.get("HOSTILE_FROM", "1000000"))
    chunks = [range(start, start + CHUNK) for start in range(first, first + LARGE, CHUNK)]
    urls = [f"sqlite:///{tmp_path / f'{number % 8}.db'}" for number in range(len(chunks))]
    found = Found()
    with ProcessPoolExecutor(max_workers=os.cpu_count(), mp_context=get_context("spawn")) as pool:
        for part in pool.map(attack, chunks, urls):
            found.add(part)

    told = f"{dict(sorted(found.statuses.items()))}, {found.cards} cards, {len(found.defects)} defects"
    with capsys.disabled():
        print(f"\n{LARGE} bodies: {told}, slowest {found.slowest_s:.2f} s (seed {found.slowest_seed})")  # noqa: T201
    assert found.defects == []
    assert sum(found.statuses.values()) == LARGE
