"""The EHR's FHIR server: several queries at once, all their pages, one deadline for the whole hook call.

Place in the flow: `cds_server.fhir.chart` asks for the queries of absent keys. May not: follow a redirect, leave the
base, send the token anywhere else, keep a token or a cookie, or let a failed query raise.

A read timeout of `requests` counts from byte to byte, so a server that drips would never reach it. Therefore
the calling thread holds the deadline: when it has passed, it shuts the sockets that are still being read.
"""

from __future__ import annotations

import logging
import re
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.client import HTTPException
from http.cookiejar import DefaultCookiePolicy
from typing import Any

import requests
import urllib3
from requests.adapters import HTTPAdapter

from cds_server.fhir.address import FHIRBase
from cds_server.fhir.content import FAILED, MISSING, Content, join, read_content, truncated
from cds_server.fhir.templates import without_wishes
from cds_server.fhir.waiting import WaitingCalls
from cds_server.settings import Settings
from cds_server.strict_json import read_text, read_value
from hooks.errors import EHRUnreachable

_CHUNK_BYTES = 64 * 1024
_CONNECTIONS = 64
_ATTEMPTS = 2
"""One more try where a kept-alive connection turned out to be closed, and after a refusal that may have another end."""
_AWAY = frozenset({502, 503, 504})
"""What a gateway answers while nobody stands behind it."""
_TOO_MANY = 429
_SECONDS = re.compile(r"[0-9]{1,3}")

logging.getLogger("urllib3").setLevel(logging.CRITICAL)  # its warnings quote addresses, which hold patient ids

_reading = threading.local()
"""The socket watch of the hook call for which this thread reads."""


class _Watched(urllib3.connection.HTTPConnection):
    def getresponse(self) -> urllib3.response.HTTPResponse:  # type: ignore[override]  # as urllib3 does itself
        _watch(self.sock)
        return super().getresponse()


class _WatchedTLS(urllib3.connection.HTTPSConnection):
    def getresponse(self) -> urllib3.response.HTTPResponse:  # type: ignore[override]  # as urllib3 does itself
        _watch(self.sock)
        return super().getresponse()


class _WatchedPool(urllib3.HTTPConnectionPool):
    ConnectionCls = _Watched


class _WatchedTLSPool(urllib3.HTTPSConnectionPool):
    ConnectionCls = _WatchedTLS


def _watch(connected: socket.socket | None) -> None:
    watch: Callable[[socket.socket], None] | None = getattr(_reading, "watch", None)
    if watch is not None and connected is not None:
        watch(connected)


class _Refused(Exception):
    """The FHIR server answered, but not 200. wait_s: after how many seconds it may be asked again; None for never."""

    def __init__(self, response: requests.Response) -> None:
        super().__init__(response.status_code)
        self.status = response.status_code
        said = response.headers.get("Retry-After", "0" if self.status in _AWAY else "")
        may_ask = self.status in _AWAY or self.status == _TOO_MANY
        self.wait_s = int(said) if may_ask and _SECONDS.fullmatch(said) else None


class _WatchingAdapter(HTTPAdapter):
    def init_poolmanager(self, connections: int, maxsize: int, block: bool = False, **options: Any) -> None:
        super().init_poolmanager(connections, maxsize, block, **options)
        self.poolmanager.pool_classes_by_scheme = {"http": _WatchedPool, "https": _WatchedTLSPool}


def open_session(settings: Settings) -> requests.Session:
    """Return the pooled session that all hook calls of this process share; it holds no credentials."""
    session = requests.Session()
    session.trust_env = False  # no proxy and no .netrc of the account: a token goes where the base says
    session.verify = str(settings.fhir_ca_bundle) if settings.fhir_ca_bundle else True
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=()))
    session.headers = requests.structures.CaseInsensitiveDict({"User-Agent": "relapse-cds"})
    for scheme in ("http://", "https://"):
        session.mount(scheme, _WatchingAdapter(pool_connections=_CONNECTIONS, pool_maxsize=_CONNECTIONS))
    return session


@contextmanager
def reading_ends_after(seconds: float) -> Iterator[None]:
    """Have whatever this thread reads through a session of `open_session` end when the time is over."""
    sockets: list[socket.socket] = []
    over = threading.Event()

    def shut() -> None:
        over.set()
        for connected in sockets:
            with suppress(OSError):
                socket.socket.shutdown(connected, socket.SHUT_RDWR)

    def watch(connected: socket.socket) -> None:
        sockets.append(connected)
        if over.is_set():
            shut()

    timer = threading.Timer(seconds, shut)
    timer.daemon = True
    timer.start()
    _reading.watch = watch
    try:
        yield
    finally:
        timer.cancel()
        _reading.watch = None


@dataclass(slots=True)
class FHIRCall:
    """The FHIR requests of one hook call: their deadline, their byte budget, their count.

    waiting: all calls of this process that wait for a FHIR server.
    """

    session: requests.Session
    base: FHIRBase
    settings: Settings
    token: str | None = field(default=None, repr=False)
    waiting: WaitingCalls = field(default_factory=lambda: WaitingCalls(most=1))
    requests_made: int = 0
    _deadline: float = 0
    _bytes_left: int = 0
    _is_over: bool = False
    _sockets: dict[int, socket.socket] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        """Start the clock."""
        self._deadline = time.monotonic() + self.settings.call_deadline_s
        self._bytes_left = self.settings.fhir_max_bytes

    def fetch(self, queries: Mapping[str, str]) -> dict[str, Content]:
        """Return what each query ("Condition?patient=1", or a next link) yields, pages joined; FAILED if nothing."""
        with self.waiting.room_for(self.base) as has_room:
            return self._fetch(queries) if has_room else dict.fromkeys(queries, FAILED)

    def _fetch(self, queries: Mapping[str, str]) -> dict[str, Content]:
        collected = {key: _Collected() for key in queries}
        pool = ThreadPoolExecutor(min(len(queries), self.settings.fhir_parallel) or 1, "fhir")
        try:
            tasks = [pool.submit(self._collect, query, collected[key]) for key, query in queries.items()]
            finished, late = wait(tasks, timeout=self._seconds_left())
            if late:
                self.waiting.ran_late(self.base)
                with self._lock:
                    self._is_over = True
                    self._shut_sockets()
            for task in finished:
                task.result()
        finally:
            pool.shutdown(wait=False, cancel_futures=True)
        return {key: content.read() for key, content in collected.items()}

    def _collect(self, query: str, into: _Collected) -> None:
        """Read a query and its following pages into `into`, one page at a time."""
        address = self.base.follow(query)
        seen: set[str] = set()
        with self._watching(), suppress(EHRUnreachable):
            while address is not None and address not in seen and len(seen) < self.settings.fhir_page_limit:
                seen.add(address)
                content = self._read_page(address)
                into.add(content)
                if not content.next_link:
                    into.is_whole = True
                    return
                address = self.base.follow(content.next_link)

    def _read_page(self, address: str) -> Content:
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                return self._request(address)
            except _Refused as refusal:
                again = self._another_way(address, refusal) if attempt < _ATTEMPTS else None
                if again is None:
                    raise EHRUnreachable(f"The FHIR server answered {refusal.status}.") from None
                address = again
            except requests.ConnectionError as error:
                if attempt == _ATTEMPTS or isinstance(error, requests.Timeout) or self._seconds_left() <= 0:
                    raise EHRUnreachable("The FHIR server could not be reached.") from None
            except (requests.RequestException, urllib3.exceptions.HTTPError, HTTPException, OSError, ValueError):
                raise EHRUnreachable("The FHIR server's answer could not be read.") from None
        raise AssertionError

    def _another_way(self, address: str, refusal: _Refused) -> str | None:
        """Return what to ask after a refusal, having waited as the server wishes; None where nothing is left to try."""
        if refusal.status == requests.codes.bad_request:
            plainer = without_wishes(address)
            return plainer if plainer != address else None
        if refusal.wait_s is None or refusal.wait_s >= self._seconds_left():
            return None
        time.sleep(refusal.wait_s)
        return address

    def _request(self, address: str) -> Content:
        seconds = self._seconds_left()
        if seconds <= 0:
            raise EHRUnreachable("The deadline of the call has passed.")
        with self._lock:
            self.requests_made += 1
        headers = {"Accept": "application/fhir+json", "Accept-Encoding": "gzip"}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        with self.session.get(
            address, headers=headers, timeout=(seconds, seconds), stream=True, allow_redirects=False
        ) as response:
            if response.status_code != requests.codes.ok:
                raise _Refused(response)
            content = read_content(read_value(read_text(self._body_of(response))))
        if content is MISSING:
            raise EHRUnreachable("The FHIR server answered with something that is no resource.")
        return content

    def _body_of(self, response: requests.Response) -> bytes:
        body = bytearray()
        for chunk in response.iter_content(_CHUNK_BYTES):
            body += chunk
            with self._lock:
                self._bytes_left -= len(chunk)
            if self._bytes_left < 0:
                raise EHRUnreachable("The FHIR server's answers are too long.")
        self._unwatch()  # the connection is back in the pool, where another call may take it
        return bytes(body)

    def _seconds_left(self) -> float:
        return max(0.0, self._deadline - time.monotonic())

    @contextmanager
    def _watching(self) -> Iterator[None]:
        """Have the socket that this thread reads from shut when the deadline passes."""
        _reading.watch = self._watch
        try:
            yield
        finally:
            self._unwatch()
            _reading.watch = None

    def _watch(self, connected: socket.socket) -> None:
        with self._lock:
            self._sockets[threading.get_ident()] = connected
            if self._is_over:
                self._shut_sockets()

    def _unwatch(self) -> None:
        with self._lock:
            self._sockets.pop(threading.get_ident(), None)

    def _shut_sockets(self) -> None:
        for connected in self._sockets.values():
            with suppress(OSError):
                socket.socket.shutdown(connected, socket.SHUT_RDWR)
        self._sockets.clear()


@dataclass(slots=True)
class _Collected:
    """Pages read so far for one query; another thread may read it at any moment."""

    pages: tuple[Content, ...] = ()
    is_whole: bool = False

    def add(self, page: Content) -> None:
        self.pages = (*self.pages, page)

    def read(self) -> Content:
        is_whole, pages = self.is_whole, self.pages
        if not pages:
            return FAILED
        content = pages[0]
        for page in pages[1:]:
            content = join(content, page)
        return content if is_whole else truncated(content)
