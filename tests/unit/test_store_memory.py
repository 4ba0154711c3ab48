"""What was shown and answered stays away until a fact changes; a broken database costs nobody the cards."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError, OperationalError

from cds_server.store.database import REST_S, Breaker, Database, create_engine_for, newest_version
from cds_server.store.fingerprint import Fingerprints
from cds_server.store.replay import StoredReplayGuard
from cds_server.store.tables import FEEDBACK, SHOWN
from hooks.errors import SettingsError
from tests.unit.store_behaviour import StoreBehaviour
from tests.unit.store_samples import (
    CALL,
    CARD,
    CARD_ID,
    LATER,
    Clock,
    a_memory,
    answered,
    count,
    decided,
    feedback,
    shown_now,
)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "cds.db"


def opened(file: Path, clock: Clock) -> Database:
    return Database(create_engine_for(f"sqlite:///{file}"), clock)


@pytest.fixture
def database(file: Path, clock: Clock) -> Iterator[Database]:
    database = opened(file, clock)
    database.upgrade()
    yield database
    database.engine.dispose()


class TestSQLite(StoreBehaviour):
    """The store over SQLite."""

    def test_given_a_fresh_database_when_opened_then_readers_and_writers_do_not_wait_for_each_other(
        self, database: Database
    ) -> None:
        mode = database.run_or_raise(lambda connection: connection.execute(text("PRAGMA journal_mode")).scalar_one())

        assert mode == "wal"


def test_given_fingerprints_when_made_then_they_depend_on_key_and_parts_and_show_nothing() -> None:
    one, other = Fingerprints(b"a"), Fingerprints(b"b")

    assert one.patient("ehr", "p1") != other.patient("ehr", "p1")
    assert one.of("ab", "c") != one.of("a", "bc")
    assert "p1" not in one.patient("ehr", "p1")
    assert one.of("\ud800") != one.of("")


def test_given_two_patients_with_the_same_card_when_it_is_stored_then_their_rows_have_nothing_in_common(
    database: Database,
) -> None:
    """Hazard: whoever sees the database tells a finding by how often it stands there."""
    memory = a_memory(database)
    for patient in ("one", "other"):
        memory.remember([(CARD_ID, CARD)], replace(CALL, patient=patient), "sha256:1")

    rows = database.run_or_raise(lambda connection: connection.execute(select(SHOWN.c.subject, SHOWN.c.facts)).all())

    one, other = ({row.subject, *(state for states in row.facts.values() for state in states)} for row in rows)
    assert len(one) == len(other) == 9
    assert not one & other


@pytest.mark.parametrize("name", ["no/such/folder.db", "a folder", "no database"])
def test_given_a_broken_database_when_cards_are_decided_then_they_are_shown_and_the_failure_is_counted(
    tmp_path: Path, clock: Clock, name: str
) -> None:
    """Hazard: a broken store costs a clinician the cards."""
    (tmp_path / "a folder").mkdir()
    (tmp_path / "no database").write_bytes(b"no database " * 1000)
    told: list[str] = []
    broken = Database(create_engine_for(f"sqlite:///{tmp_path / name}"), clock, told.append)
    memory = a_memory(broken)

    assert shown_now(memory, CARD) == (CARD,)
    memory.remember([(CARD_ID, CARD)], CALL, "sha256:1")
    assert memory.learn([feedback()], "ehr", "s", LATER) is False
    assert broken.failures == len(told) >= 3
    assert {broken.last_error, *told} <= {"OperationalError", "DatabaseError"}
    assert not broken.is_ready()
    broken.engine.dispose()


def test_given_a_failure_when_the_rest_is_over_then_the_database_is_tried_again(tmp_path: Path, clock: Clock) -> None:
    folder = tmp_path / "later"
    database = opened(folder / "cds.db", clock)
    assert not database.is_ready()
    assert database.failures == 0
    folder.mkdir()

    assert database.read(lambda _: "answered", "rests") == "rests"
    assert not database.is_ready()
    clock.now += REST_S
    assert database.read(lambda _: "answered", "rests") == "answered"
    assert database.last_error == ""
    assert database.upgrade() == newest_version()
    assert database.is_ready()
    database.engine.dispose()


def test_given_a_breaker_when_it_rests_then_nobody_tries_and_afterwards_exactly_one_of_many(clock: Clock) -> None:
    """Hazard: every thread of a worker hangs on a database that is away."""
    breaker = Breaker(clock)
    breaker.failed()
    assert not breaker.may_try()
    clock.now += REST_S
    together = threading.Barrier(16)
    allowed: list[bool] = []

    def ask() -> None:
        together.wait(10)
        allowed.append(breaker.may_try())

    threads = [threading.Thread(target=ask) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(allowed) == [False] * 15 + [True]
    breaker.succeeded()
    assert breaker.may_try()
    assert breaker.may_try()


def test_given_a_probe_that_never_reports_when_the_rest_is_over_again_then_another_may_try(clock: Clock) -> None:
    breaker = Breaker(clock)
    breaker.failed()
    clock.now += REST_S
    assert breaker.may_try()
    assert not breaker.may_try()

    clock.now += REST_S

    assert breaker.may_try()


def test_given_a_row_that_the_database_refuses_when_noted_then_the_others_are_still_written(
    database: Database, clock: Clock
) -> None:
    database.note_failure(IntegrityError("", None, Exception()))
    assert database.read(lambda _: "answered", "rests") == "answered"

    database.note_failure(OperationalError("", None, Exception()))
    assert database.read(lambda _: "answered", "rests") == "rests"
    assert database.failures == 3


def test_given_a_stored_value_that_cannot_be_decoded_when_cards_are_decided_then_they_are_shown(
    database: Database, file: Path
) -> None:
    memory = a_memory(database)
    answered(memory)
    with sqlite3.connect(file) as connection:
        connection.execute("UPDATE shown_card SET facts = '{'")

    assert shown_now(memory, CARD) == (CARD,)
    assert database.last_error == "JSONDecodeError"


def test_given_a_database_that_somebody_locked_when_used_then_calls_go_on_and_feedback_is_not_acknowledged(
    database: Database, file: Path, clock: Clock
) -> None:
    memory = a_memory(database)
    answered(memory)
    with sqlite3.connect(file, isolation_level=None) as locker:
        locker.execute("BEGIN EXCLUSIVE")
        memory.remember([(CARD_ID, CARD)], CALL, "sha256:1")
        assert not memory.learn([feedback("other")], "ehr", "s", LATER)
        locker.execute("ROLLBACK")
    locker.close()

    assert database.last_error == "OperationalError"
    clock.now += REST_S
    assert memory.learn([feedback("other")], "ehr", "s", LATER)
    assert count(database, FEEDBACK) == 2


def test_given_a_full_database_when_used_then_what_is_there_is_read_and_nothing_is_acknowledged(
    database: Database, clock: Clock
) -> None:
    memory = a_memory(database)
    answered(memory)
    pages = database.run_or_raise(lambda connection: connection.execute(text("PRAGMA page_count")).scalar_one())
    database.engine.dispose()
    full = Database(database.engine, clock)
    for number in range(200):
        full.run_or_raise(lambda connection: connection.execute(text(f"PRAGMA max_page_count = {pages}")))
        if not a_memory(full).learn([feedback(str(number))], "ehr", "s", LATER):
            break

    assert full.last_error == "OperationalError"
    clock.now += REST_S
    assert shown_now(a_memory(full), CARD) == ()


def test_given_a_removed_file_when_written_then_nothing_is_acknowledged_into_the_void(
    database: Database, file: Path, clock: Clock
) -> None:
    """Hazard: an open file goes on taking what nobody will ever read."""
    memory = a_memory(database)
    answered(memory)
    for path in file.parent.iterdir():
        path.unlink()

    assert not memory.learn([feedback("other")], "ehr", "s", LATER)
    assert shown_now(memory, CARD) == (CARD,)
    clock.now += REST_S
    assert not database.is_ready()
    clock.now += REST_S
    database.upgrade()
    assert memory.learn([feedback("other")], "ehr", "s", LATER)
    assert count(database, SHOWN) == 0


def test_given_many_threads_when_they_all_write_then_nothing_is_refused(database: Database) -> None:
    memory = a_memory(database)
    together = threading.Barrier(12)
    learned: list[bool] = []

    def write(number: int) -> None:
        together.wait(10)
        learned.extend(memory.learn([feedback(f"{number} {turn}")], "ehr", "s", LATER) for turn in range(10))

    threads = [threading.Thread(target=write, args=(number,)) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert learned == [True] * 120
    assert count(database, FEEDBACK) == 120
    assert database.failures == 0


def test_given_a_writer_that_fails_when_others_wait_for_their_turn_then_they_do_not_try_too(
    database: Database, file: Path
) -> None:
    """Each would wait a quarter of a second for the same lock."""
    tried: list[int] = []
    inside, failing = threading.Event(), threading.Event()

    def fail(_: object) -> bool:
        inside.set()
        failing.wait(10)
        raise OperationalError("", None, Exception())

    def try_too(_: object) -> bool:
        tried.append(1)
        return True

    first = threading.Thread(target=lambda: database.write(fail, otherwise=False))
    second = threading.Thread(target=lambda: tried.append(0) if not database.write(try_too, otherwise=False) else None)
    first.start()
    inside.wait(10)
    second.start()
    while second.is_alive() and not failing.is_set():
        second.join(0.05)
        failing.set()
    first.join()
    second.join()

    assert tried == [0]


def test_given_a_queue_of_writers_that_does_not_move_when_another_comes_then_it_gives_up(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cds_server.store.database.BUSY_TIMEOUT_S", 0.001)
    inside, over = threading.Event(), threading.Event()

    def hold(_: object) -> bool:
        inside.set()
        return over.wait(10)

    holder = threading.Thread(target=lambda: database.write(hold, otherwise=False))
    holder.start()
    inside.wait(10)

    assert database.write(lambda _: "written", "not written") == "not written"
    assert database.last_error == "TooBusyError"
    over.set()
    holder.join()


@pytest.mark.parametrize(
    "url",
    ["nonsense", "postgresql+nodriver://x/y", "sqlite://", "sqlite:///:memory:", "mssql+pyodbc://x/y", "oracle://x"],
)
def test_given_a_url_that_cannot_be_used_when_opened_then_the_settings_are_refused(url: str) -> None:
    with pytest.raises(SettingsError, match="CDS_DATABASE_URL"):
        create_engine_for(url)


def test_given_no_database_when_a_token_is_replayed_then_this_process_still_refuses_it(
    tmp_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cds_server.store.replay.MAX_HELD", 3)
    guard = StoredReplayGuard(opened(tmp_path / "no" / "cds.db", clock), clock)

    for name, expires_at in (("j1", 300), ("j2", 90), ("j3", 400)):
        assert guard.first_use("iss", name, expires_at)
    assert not guard.first_use("iss", "j3", 400)
    assert guard.first_use("iss", "j4", 500)
    assert guard.first_use("iss", "j5", 500)
    assert not guard.first_use("iss", "j4", 500)
    assert guard.first_use("iss", "j2", 600)


def test_given_a_decision_when_nothing_was_ever_answered_then_it_comes_back_as_it_is(database: Database) -> None:
    decision = decided(CARD)

    assert a_memory(database).without_answered(decision, replace(CALL, patient="nobody")) is decision
