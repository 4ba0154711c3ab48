"""How many calls of this process may wait for a FHIR server that hangs, so that it leaves room for others.

Place in the flow: `cds_server.fhir.client` asks before it fetches. May not: make anybody wait.
"""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from cds_server.fhir.address import FHIRBase

HANGS_S = 10.0
"""Seconds for which a FHIR server that did not answer in time counts as one that hangs."""


@dataclass(slots=True)
class WaitingCalls:
    """Counts the calls that wait, by FHIR base. Safe to share between threads.

    most: for one base that ran out of a call's time lately; a call beyond these is answered without it. One that
    answers in time has no limit. clock: seconds that only grow.
    """

    most: int
    clock: Callable[[], float] = time.monotonic
    _waiting: Counter[FHIRBase] = field(default_factory=Counter)
    _late_at: dict[FHIRBase, float] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @contextmanager
    def room_for(self, base: FHIRBase) -> Iterator[bool]:
        """Yield whether one more call may wait for this base; it is counted while the block lasts."""
        with self._lock:
            has_room = self._waiting[base] < self.most or not self._hangs(base)
            self._waiting[base] += has_room
        try:
            yield has_room
        finally:
            with self._lock:
                self._waiting[base] -= has_room

    def ran_late(self, base: FHIRBase) -> None:
        """Take note that this base did not answer in time."""
        with self._lock:
            self._late_at[base] = self.clock()

    def _hangs(self, base: FHIRBase) -> bool:
        return base in self._late_at and self.clock() - self._late_at[base] < HANGS_S
