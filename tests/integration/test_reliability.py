"""What breaks around the server costs nobody a card and loses no feedback that was acknowledged."""

from __future__ import annotations

import os
import resource
import signal
import sqlite3
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import requests

from cds_server.app import create_app
from cds_server.settings import read_settings
from tests.contract.checker import check_error
from tests.integration.live import live_server
from tests.integration.production import Caller, serving
from tests.unit.toy_pathway import TOY, a_call

WRITERS = 4
TIME_BUDGET_S = 2.0
"""What a hook call may take with a broken database, on a machine that runs other tests at the same time."""


def feedback_on(card: str) -> dict[str, Any]:
    return {"card": card, "outcome": "overridden", "outcomeTimestamp": "2026-11-22T10:00:00Z"}


@dataclass(slots=True)
class Writers:
    """Clients that send feedback without a pause and write down what was acknowledged."""

    url: str
    acknowledged: list[str] = field(default_factory=list)
    counted: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    over: threading.Event = field(default_factory=threading.Event)

    def write(self) -> None:
        while not self.over.is_set():
            card = str(uuid.uuid4())
            try:
                with requests.Session() as session:
                    session.trust_env = False
                    answer = session.post(
                        f"{self.url}/cds-services/toy-view/feedback", json={"feedback": [feedback_on(card)]}, timeout=20
                    )
            except requests.RequestException:
                continue
            if answer.status_code == requests.codes.ok:
                self.acknowledged.append(card)
                self.counted.release()

    def wait_for(self, number: int) -> None:
        """Wait until so many more were acknowledged."""
        for _ in range(number):
            assert self.counted.acquire(timeout=30), "nothing is acknowledged any more"


@contextmanager
def writing(url: str) -> Iterator[Writers]:
    writers = Writers(url)
    threads = [threading.Thread(target=writers.write) for _ in range(WRITERS)]
    for thread in threads:
        thread.start()
    try:
        yield writers
    finally:
        writers.over.set()
        for thread in threads:
            thread.join()


def stored(folder: Path) -> set[str]:
    with sqlite3.connect(folder / "cds.db") as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        cards = {card for (card,) in connection.execute("SELECT card FROM feedback")}
    connection.close()
    return cards


def test_given_a_worker_that_is_killed_while_feedback_is_written_then_nothing_acknowledged_is_lost(
    tmp_path: Path,
) -> None:
    with serving(tmp_path, CDS_WORKERS="2", CDS_LOG_LEVEL="ERROR") as server, writing(server.url) as writers:
        for _ in range(3):
            writers.wait_for(10)
            os.kill(server.workers()[0], signal.SIGKILL)
        writers.wait_for(10)

    assert len(writers.acknowledged) >= 40
    assert set(writers.acknowledged) <= stored(tmp_path)


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_given_a_server_that_is_killed_or_stopped_while_feedback_is_written_then_nothing_acknowledged_is_lost(
    tmp_path: Path, number: signal.Signals
) -> None:
    with serving(tmp_path, CDS_WORKERS="2", CDS_LOG_LEVEL="ERROR") as server:
        with writing(server.url) as writers:
            writers.wait_for(40)
            workers = server.workers() if number == signal.SIGKILL else []
            for process in (server.process.pid, *workers):
                os.kill(process, number)
            writers.over.set()
            status = server.process.wait(40)
        assert status == (0 if number == signal.SIGTERM else -signal.SIGKILL)

    assert set(writers.acknowledged) <= stored(tmp_path)
    with serving(tmp_path, CDS_LOG_LEVEL="ERROR") as server:
        assert server.answer(feedback_on("after")).status_code == 200


@contextmanager
def locked(file: Path) -> Iterator[None]:
    """Somebody else is writing, and does not come to an end."""
    connection = sqlite3.connect(file, isolation_level=None, timeout=20)
    connection.execute("BEGIN EXCLUSIVE")
    try:
        yield
    finally:
        connection.execute("ROLLBACK")
        connection.close()


@contextmanager
def missing(file: Path) -> Iterator[None]:
    """Somebody removed the files."""
    for path in file.parent.glob(f"{file.name}*"):
        path.unlink()
    yield


@contextmanager
def garbage(file: Path) -> Iterator[None]:
    """Somebody wrote over the files."""
    for path in file.parent.glob(f"{file.name}*"):
        path.write_bytes(b"garbage " * 10_000)
    yield


def assert_calls_go_on(server: Caller) -> None:
    """Call a server whose database is broken: cards in time; no feedback acknowledged; told in health and metrics."""
    for _ in range(12):
        start = time.perf_counter()
        answer = server.call({**a_call(), "hookInstance": str(uuid.uuid4())})
        assert time.perf_counter() - start < TIME_BUDGET_S
        assert (answer.status_code, len(answer.json()["cards"])) == (200, 1)
    refused = [server.answer(feedback_on(str(number))) for number in range(3)]
    health, ready = server.ask("GET", "/health"), server.ask("GET", "/health/ready")
    metrics = server.ask("GET", "/metrics").text

    assert {answer.status_code for answer in refused} == {503}
    assert [check_error(answer.content)["issue"][0]["code"] for answer in refused] == ["transient"] * 3
    assert (health.status_code, ready.status_code) == (200, 200)
    assert health.json()["database"]["state"] == "failing"
    assert health.json()["database"]["failures"] >= 12
    assert (ready.json()["status"], ready.json()["database"]["state"]) == ("ready", "unavailable")
    assert float(metrics.partition("\ncds_database_failures_total ")[2].split()[0]) >= 12
    assert "cds_faults_total 0.0" in metrics


@pytest.mark.parametrize("fault", [locked, missing, garbage])
def test_given_a_broken_database_when_calls_come_then_cards_are_shown_in_time_and_it_is_told(
    tmp_path: Path, fault: Callable[[Path], Any]
) -> None:
    """Hazard: a broken store costs a clinician the cards. What cannot be stored is not acknowledged."""
    file = tmp_path / "cds.db"
    with live_server(database_url=f"sqlite:///{file}") as live:
        server = Caller(live.url, live.session)
        assert server.call(a_call()).status_code == 200
        assert server.answer(feedback_on("before")).status_code == 200
        assert "database" not in server.ask("GET", "/health").json()
        with fault(file):
            assert_calls_go_on(server)


def test_given_a_database_that_may_only_be_read_when_calls_come_then_cards_are_shown_in_time_and_it_is_told(
    tmp_path: Path,
) -> None:
    with serving(tmp_path, CDS_WORKERS="1") as server:
        assert server.answer(feedback_on("before")).status_code == 200

    address = f"sqlite:///file:{tmp_path / 'cds.db'}?mode=ro&uri=true"
    with serving(tmp_path, CDS_WORKERS="1", CDS_DATABASE_URL=address) as server:
        assert_calls_go_on(server)


def test_given_a_full_disk_when_calls_come_then_cards_are_shown_in_time_and_it_is_told(tmp_path: Path) -> None:
    """No file of the server's may grow any more."""
    with serving(tmp_path, CDS_WORKERS="1") as server:
        assert server.call(a_call()).status_code == 200
        assert server.answer(feedback_on("before")).status_code == 200
        size = (tmp_path / "cds.db-wal").stat().st_size
        resource.prlimit(server.workers()[0], resource.RLIMIT_FSIZE, (size, size))
        assert_calls_go_on(server)

    assert '"event": "database"' in "".join(server.log)


@pytest.mark.parametrize("address", ["sqlite:////no/such/folder/cds.db", "sqlite:///{folder}/shut.db"])
def test_given_no_database_from_the_start_when_calls_come_then_the_server_is_up_and_answers(
    tmp_path: Path, address: str
) -> None:
    shut = sqlite3.connect(tmp_path / "shut.db", isolation_level=None)
    shut.execute("PRAGMA locking_mode = EXCLUSIVE")
    shut.execute("CREATE TABLE x (y)")
    with serving(tmp_path, CDS_WORKERS="1", CDS_DATABASE_URL=address.format(folder=tmp_path)) as server:
        start = time.perf_counter()
        assert server.call(a_call()).json()["cards"]
        assert time.perf_counter() - start < TIME_BUDGET_S
        assert server.answer(feedback_on("x")).status_code == 503
        assert server.ask("GET", "/health/ready").json()["database"]["state"] == "unavailable"

    shut.close()
    assert "cds-server db upgrade" in "".join(server.log)


def test_given_a_server_that_could_answer_nobody_when_asked_then_it_lives_and_is_not_ready(tmp_path: Path) -> None:
    """Readiness and liveness differ: a restart would not register an EHR."""
    public = {"CDS_MODE": "production", "CDS_PUBLIC_URL": "https://cds.example.org"}
    with serving(tmp_path, CDS_WORKERS="1", **public) as server:
        alive, ready = server.ask("GET", "/health"), server.ask("GET", "/health/ready")

    assert alive.status_code == 200
    assert ready.status_code == 503
    assert "No EHR is registered" in check_error(ready.content)["issue"][0]["diagnostics"]


def test_given_a_log_that_cannot_be_written_when_calls_come_then_they_are_answered_and_the_loss_is_counted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Hazard: the disk of the logs is full, or their collector restarts, and no chart gets a card any more."""
    with Path("/dev/full").open("w", buffering=1) as full:
        monkeypatch.setattr("sys.stderr", full)
        client = create_app(read_settings(database_url=""), (TOY,)).test_client()

        cards = client.post("/cds-services/toy-view", json=a_call())
        feedback = client.post("/cds-services/toy-view/feedback", json={"feedback": [feedback_on("c")]})
        lost = float(client.get("/metrics").text.partition("\ncds_log_failures_total ")[2].split()[0])
        monkeypatch.undo()
        with suppress(OSError):
            full.close()

    assert (cards.status_code, len(cards.json["cards"]), feedback.status_code) == (200, 1, 200)
    assert lost >= 3
