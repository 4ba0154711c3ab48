"""How many calls of this process may wait for one FHIR server at once, so that one that hangs leaves room for others.

Place in the flow: `cds_server.fhir.client` asks before it fetches. May not: make anybody wait.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from cds_server.fhir.address import FHIRBase


@dataclass(slots=True)
class WaitingCalls:
    """Counts the calls that wait, by FHIR base. Safe to share between threads.

    most: for one base. A call that comes to more than these is answered without that server.
    """

    most: int
    _waiting: Counter[FHIRBase] = field(default_factory=Counter)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @contextmanager
    def room_for(self, base: FHIRBase) -> Iterator[bool]:
        """Yield whether one more call may wait for this base; it is counted while the block lasts."""
        with self._lock:
            has_room = self._waiting[base] < self.most
            self._waiting[base] += has_room
        try:
            yield has_room
        finally:
            with self._lock:
                self._waiting[base] -= has_room
