"""What was shown and answered stays away until a fact changes; a broken database costs nobody the cards."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from cards.feedback import FeedbackItem, Outcome, ReasonGiven
from cds_server.store.database import REST_S, Database, create_engine_for, newest_version
from cds_server.store.fingerprint import Fingerprints
from cds_server.store.memory import Call, Memory
from cds_server.store.replay import StoredReplayGuard
from cds_server.store.tables import FEEDBACK, SHOWN, USED_TOKEN
from hooks.errors import SettingsError
from hooks.recommendation import Decision, Indicator, MissingFact, Recommendation, RuleId, Topic, UsedFact

AT = datetime(2026, 11, 22, 12, tzinfo=UTC)
CALL = Call(client="ehr", service="relapse-regimen", patient="fp", at=AT)
CARD = Recommendation(
    topic=Topic.REINDUCTION_REGIMEN,
    rule=RuleId("r"),
    summary="Choose",
    why_now=("Because.",),
    used=(UsedFact("mycn", "amplified", "MYCN: amplified", date=date(2026, 9, 18)),),
    missing=(MissingFact("gd2", "not found", "GD2: not found"), MissingFact("mycn", "too old", "MYCN: old")),
)


class Clock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def database(tmp_path: Path, clock: Clock) -> Iterator[Database]:
    opened = Database(create_engine_for(f"sqlite:///{tmp_path / 'cds.db'}"), clock)
    opened.upgrade()
    yield opened
    opened.engine.dispose()


@pytest.fixture
def memory(database: Database) -> Memory:
    return Memory(database, Fingerprints(b"key"), timedelta(days=30))


def feedback(card: str = "c1", outcome: Outcome = Outcome.OVERRIDDEN, at: datetime = AT) -> FeedbackItem:
    reason = ReasonGiven("family", "urn:x", "Family preference")
    return FeedbackItem(card=card, outcome=outcome, at=at, accepted=("s1",), reason=reason, comment="SECRET comment")


def count(database: Database, table: object) -> int:
    return database.run(lambda connection: connection.execute(select(func.count()).select_from(table)).scalar_one(), -1)  # type: ignore[arg-type]  # every table is selectable


def decided(*cards: Recommendation) -> Decision:
    return Decision(recommendations=cards)


@pytest.mark.parametrize("outcome", list(Outcome))
def test_given_an_answered_card_when_decided_again_unchanged_then_it_stays_away(
    memory: Memory, outcome: Outcome
) -> None:
    memory.remember([("c1", CARD)], CALL, "sha256:1")
    memory.learn([feedback(outcome=outcome)], "ehr", "relapse-regimen", AT)

    assert memory.without_answered(decided(CARD), CALL).recommendations == ()


def test_given_a_card_shown_but_not_answered_when_decided_again_then_it_is_shown(memory: Memory) -> None:
    memory.remember([("c1", CARD)], CALL, "sha256:1")

    assert memory.without_answered(decided(CARD), CALL).recommendations == (CARD,)


def test_given_a_fact_that_changed_when_decided_again_then_the_card_is_back_and_says_what_changed(
    memory: Memory,
) -> None:
    memory.remember([("c1", CARD)], CALL, "sha256:1")
    memory.learn([feedback()], "ehr", "relapse-regimen", AT)
    changed = replace(CARD, used=(UsedFact("mycn", "gain", "MYCN: gain", date=date(2026, 11, 1)),))

    (shown,) = memory.without_answered(decided(changed), CALL).recommendations

    assert shown.why_now == ("Shown again although it was answered: mycn changed since.", "Because.")


@pytest.mark.parametrize(
    "other",
    [
        replace(CALL, client="other"),
        replace(CALL, patient="other"),
        replace(CALL, at=AT + timedelta(days=30, seconds=1)),
    ],
)
def test_given_another_client_patient_or_a_later_time_when_decided_then_the_card_is_shown(
    memory: Memory, other: Call
) -> None:
    memory.remember([("c1", CARD)], CALL, "sha256:1")
    memory.learn([feedback()], "ehr", "relapse-regimen", AT)

    assert memory.without_answered(decided(CARD), other).recommendations == (CARD,)


def test_given_another_topic_or_subject_when_decided_then_it_is_shown(memory: Memory) -> None:
    memory.remember([("c1", CARD)], CALL, "sha256:1")
    memory.learn([feedback()], "ehr", "relapse-regimen", AT)
    others = (replace(CARD, subject="naxitamab"), replace(CARD, topic=Topic.SALVAGE_REGIMEN))

    assert memory.without_answered(decided(*others), CALL).recommendations == others


def test_given_a_critical_card_when_answered_then_it_is_never_hidden(memory: Memory) -> None:
    critical = replace(CARD, indicator=Indicator.CRITICAL)
    memory.remember([("c1", critical)], CALL, "sha256:1")
    memory.learn([feedback()], "ehr", "relapse-regimen", AT)

    assert memory.without_answered(decided(critical), CALL).recommendations == (critical,)
    assert memory.without_answered(decided(critical, CARD), CALL).recommendations == (critical,)


def test_given_the_same_feedback_twice_when_learned_then_it_is_one_row(memory: Memory, database: Database) -> None:
    for _ in range(2):
        assert memory.learn([feedback(), feedback(card="not ours")], "ehr", "s", AT)
    memory.learn([feedback(at=AT + timedelta(seconds=1))], "ehr", "s", AT)

    assert count(database, FEEDBACK) == 3


def test_given_the_same_card_twice_when_remembered_then_it_is_one_row(memory: Memory, database: Database) -> None:
    for _ in range(2):
        memory.remember([("c1", CARD)], CALL, "sha256:1")
    memory.remember([], CALL, "sha256:1")

    assert count(database, SHOWN) == 1


def test_given_a_comment_when_learned_then_it_is_kept_only_if_a_setting_says_so(
    memory: Memory, database: Database
) -> None:
    memory.learn([feedback()], "ehr", "s", AT)
    replace(memory, keep_comments=True).learn([feedback(card="c2")], "ehr", "s", AT)

    query = select(FEEDBACK.c.comment).order_by(FEEDBACK.c.card)
    comments = database.run_or_raise(lambda connection: list(connection.execute(query).scalars()))
    assert comments == ["", "SECRET comment"]


def test_given_feedback_without_a_reason_when_learned_then_the_reason_is_empty(
    memory: Memory, database: Database
) -> None:
    memory.learn([replace(feedback(), reason=None)], "ehr", "s", AT)

    query = select(FEEDBACK.c.reason_code)
    assert database.run_or_raise(lambda connection: connection.execute(query).scalar_one()) == ""


def test_given_fingerprints_when_made_then_they_depend_on_key_and_parts_and_show_nothing() -> None:
    one, other = Fingerprints(b"a"), Fingerprints(b"b")

    assert one.patient("ehr", "p1") != other.patient("ehr", "p1")
    assert one.of("ab", "c") != one.of("a", "bc")
    assert "p1" not in one.patient("ehr", "p1")
    assert one.facts(CARD) != one.facts(replace(CARD, missing=()))
    undated = replace(CARD, used=(UsedFact("mycn", "amplified", "MYCN"),))
    assert one.facts(CARD)["mycn"] != one.facts(undated)["mycn"]


def test_given_a_missing_database_when_cards_are_decided_then_they_are_shown_and_the_failure_is_counted(
    tmp_path: Path, clock: Clock
) -> None:
    """Hazard: a broken store costs a clinician the cards."""
    broken = Database(create_engine_for(f"sqlite:///{tmp_path / 'no' / 'such' / 'folder.db'}"), clock)
    memory = Memory(broken, Fingerprints(b"k"), timedelta(days=1))

    assert memory.without_answered(decided(CARD), CALL).recommendations == (CARD,)
    memory.remember([("c1", CARD)], CALL, "sha256:1")
    assert memory.learn([feedback()], "ehr", "s", AT) is False
    assert broken.failures == 3
    assert broken.last_error == "OperationalError"
    assert not broken.is_ready


def test_given_a_failure_when_the_rest_is_over_then_the_database_is_tried_again(tmp_path: Path, clock: Clock) -> None:
    folder = tmp_path / "later"
    database = Database(create_engine_for(f"sqlite:///{folder / 'cds.db'}"), clock)
    assert database.version() is None
    folder.mkdir()

    assert database.run(lambda _: "answered", "rests") == "rests"
    clock.now += REST_S
    assert database.run(lambda _: "answered", "rests") == "answered"
    assert database.last_error == ""
    assert database.upgrade() == newest_version()
    assert database.is_ready
    database.engine.dispose()


@pytest.mark.parametrize("url", ["nonsense", "postgresql+nodriver://x/y"])
def test_given_a_url_that_no_driver_understands_when_opened_then_the_settings_are_refused(url: str) -> None:
    with pytest.raises(SettingsError, match="CDS_DATABASE_URL"):
        create_engine_for(url)


def test_given_a_token_id_when_used_twice_then_the_second_is_refused_even_after_a_restart(database: Database) -> None:
    guard = StoredReplayGuard(database, lambda: 100.0)

    assert guard.first_use("iss", "j1", 200)
    assert not guard.first_use("iss", "j1", 200)
    assert guard.first_use("other", "j1", 200)
    assert not StoredReplayGuard(database, lambda: 100.0).first_use("iss", "j1", 200)


def test_given_expired_token_ids_when_another_is_used_then_they_are_forgotten(database: Database) -> None:
    StoredReplayGuard(database, lambda: 100.0).first_use("iss", "j1", 150)
    StoredReplayGuard(database, lambda: 200.0).first_use("iss", "j2", 300)

    assert count(database, USED_TOKEN) == 1


def test_given_no_database_when_a_token_is_replayed_then_this_process_still_refuses_it(
    tmp_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cds_server.store.replay.MAX_HELD", 2)
    broken = Database(create_engine_for(f"sqlite:///{tmp_path / 'no' / 'folder.db'}"), clock)
    guard = StoredReplayGuard(broken, lambda: 100.0)

    assert guard.first_use("iss", "j1", 300)
    assert guard.first_use("iss", "j2", 90)
    assert guard.first_use("iss", "j3", 400)
    assert guard.first_use("iss", "j4", 500)
    assert not guard.first_use("iss", "j3", 400)
    assert guard.first_use("iss", "j1", 300)
