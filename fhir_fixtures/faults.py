"""Faults that a test can ask the fixture server to have: late, refusing, dropped, cut short, luring elsewhere.

Place in the flow: a test adds them, `server` applies them to matching requests. May not: be reachable over HTTP.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What goes wrong for requests whose path and query contain `match`, `times` times (None: always).

    delay_s: wait first. status: answer this with an OperationOutcome. drop: close the connection without an answer.
    truncate: send only half of the JSON. next_link: answer with this as link[next], whatever host it names.
    body: send this text instead, with the content type of FHIR.
    """

    match: str = ""
    times: int | None = None
    delay_s: float = 0.0
    status: int | None = None
    drop: bool = False
    truncate: bool = False
    next_link: str = ""
    body: str | None = None


class Faults:
    """The faults of one server, and the requests it saw. Safe to change while the server runs."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._faults: list[Fault] = []
        self._seen: list[str] = []

    def add(self, fault: Fault) -> None:
        """Have this fault from now on."""
        with self._lock:
            self._faults.append(fault)

    def clear(self) -> None:
        """Have no fault any more, and forget the requests seen."""
        with self._lock:
            self._faults.clear()
            self._seen.clear()

    @property
    def seen(self) -> tuple[str, ...]:
        """Every request so far as "METHOD path?query", a form body counting as its query."""
        with self._lock:
            return tuple(self._seen)

    def next_for(self, request_line: str) -> Fault:
        """Note the request; return the first fault that matches it, or a fault that does nothing."""
        with self._lock:
            self._seen.append(request_line)
            for index, fault in enumerate(self._faults):
                if fault.match in request_line:
                    if fault.times is not None:
                        self._faults[index : index + 1] = (
                            [replace(fault, times=fault.times - 1)] if fault.times > 1 else []
                        )
                    return fault
        return Fault()
