"""The store over PostgreSQL: the same behaviour as over SQLite, and its own faults."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from cds_server.store.database import REST_S, Database, create_engine_for, newest_version
from cds_server.store.tables import FEEDBACK, METADATA, SHOWN
from tests.full.postgresql import Cluster, running_cluster
from tests.integration.production import serving
from tests.integration.test_production_privacy import run
from tests.integration.test_reliability import assert_calls_go_on, feedback_on, writing
from tests.unit.store_behaviour import StoreBehaviour
from tests.unit.store_samples import (
    CALL,
    CARD,
    CARD_ID,
    LATER,
    Clock,
    a_memory,
    answered,
    column,
    count,
    feedback,
    shown_now,
)
from tests.unit.toy_pathway import a_call

pytestmark = pytest.mark.full


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    with running_cluster() as running:
        yield running


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def empty(cluster: Cluster, clock: Clock) -> Iterator[Database]:
    """A database without a table."""
    database = Database(create_engine_for(cluster.url), clock)
    with database.engine.begin() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
    yield database
    database.engine.dispose()


@pytest.fixture
def database(empty: Database) -> Database:
    empty.upgrade()
    return empty


class TestPostgreSQL(StoreBehaviour):
    """The store over PostgreSQL."""


def test_given_an_empty_database_when_several_processes_upgrade_it_at_once_then_all_find_it_current(
    empty: Database,
) -> None:
    together = threading.Barrier(4)
    versions: list[str] = []

    def upgrade() -> None:
        together.wait(10)
        versions.append(empty.upgrade())

    threads = [threading.Thread(target=upgrade) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert versions == [newest_version()] * 4
    assert empty.is_ready()


def test_given_tables_that_somebody_locked_when_used_then_calls_go_on_in_time_and_recover(
    database: Database, clock: Clock
) -> None:
    memory = a_memory(database)
    answered(memory)
    with database.engine.connect() as locker:
        locker.execute(text(f"LOCK TABLE {', '.join(METADATA.tables)} IN ACCESS EXCLUSIVE MODE"))
        start = time.perf_counter()
        assert shown_now(memory, CARD) == (CARD,)
        memory.remember([(CARD_ID, CARD)], CALL, "sha256:1")
        assert not memory.learn([feedback("other")], "ehr", "s", LATER)
        assert time.perf_counter() - start < 1.5
        locker.rollback()

    clock.now += REST_S
    assert shown_now(memory, CARD) == ()
    assert memory.learn([feedback("other")], "ehr", "s", LATER)


def test_given_a_server_that_is_gone_and_comes_back_when_used_then_nothing_acknowledged_is_lost(
    cluster: Cluster, database: Database, clock: Clock
) -> None:
    memory = a_memory(database)
    answered(memory)
    cluster.stop("immediate")
    try:
        assert shown_now(memory, CARD) == (CARD,)
        assert not memory.learn([feedback("other")], "ehr", "s", LATER)
        assert not database.is_ready()
    finally:
        cluster.start()

    clock.now += REST_S
    assert database.is_ready()
    assert shown_now(memory, CARD) == ()
    assert (count(database, SHOWN), column(database, FEEDBACK.c.card)) == (1, [CARD_ID])


def test_given_a_restart_between_two_calls_when_used_then_nobody_notices(cluster: Cluster, database: Database) -> None:
    """Hazard: every pooled connection fails once, and each failure costs seconds of memory."""
    memory = a_memory(database)
    answered(memory)
    cluster.stop()
    cluster.start()

    assert shown_now(memory, CARD) == ()
    assert database.failures == 0


def test_given_a_killed_worker_when_feedback_is_written_then_nothing_acknowledged_is_lost(
    cluster: Cluster, database: Database, tmp_path: Path
) -> None:
    variables = {"CDS_WORKERS": "2", "CDS_LOG_LEVEL": "ERROR", "CDS_DATABASE_URL": cluster.url}
    with serving(tmp_path, **variables) as server, writing(server.url) as writers:
        for _ in range(3):
            writers.wait_for(20)
            os.kill(server.workers()[0], signal.SIGKILL)
        writers.wait_for(20)

    assert set(writers.acknowledged) <= set(column(database, FEEDBACK.c.card))


def test_given_a_database_that_goes_away_when_calls_come_then_cards_are_shown_in_time_and_it_is_told(
    cluster: Cluster, database: Database, tmp_path: Path
) -> None:
    with serving(tmp_path, CDS_WORKERS="1", CDS_DATABASE_URL=cluster.url) as server:
        assert server.call(a_call()).status_code == 200
        assert server.answer(feedback_on("before")).status_code == 200
        cluster.stop("immediate")
        try:
            assert_calls_go_on(server)
        finally:
            cluster.start()


def test_given_marked_data_when_it_went_through_production_then_a_dump_of_the_database_holds_none(
    cluster: Cluster, database: Database, tmp_path: Path
) -> None:
    told = run(tmp_path, CDS_DATABASE_URL=cluster.url)

    dump = cluster.dump()
    assert b"OutOfScope" in dump
    assert [answer.status_code for answer in told.answers].count(200) == 6
    assert not [secret for secret in told.secrets if secret.encode() in dump]
