"""How the store behaves, whichever database is behind it: run over SQLite, and over PostgreSQL in the full run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, inspect

from cards.feedback import Outcome, ReasonGiven
from cds_server.store import retention
from cds_server.store.database import Database, newest_version
from cds_server.store.memory import OTHER_REASON
from cds_server.store.replay import StoredReplayGuard
from cds_server.store.report import as_text, read_report, reasons_of
from cds_server.store.retention import EVERY, SOON, Retention
from cds_server.store.tables import FEEDBACK, METADATA, SHOWN, USED_TOKEN
from hooks.facts.fact import Why
from hooks.recommendation import (
    Indicator,
    MissingFact,
    Option,
    Recommendation,
    Standing,
    Topic,
    UsedFact,
)
from tests.unit.store_samples import (
    AT,
    CALL,
    CARD,
    CARD_ID,
    HL7_REASONS,
    LATER,
    ORDER,
    OTHER_ID,
    a_memory,
    answered,
    column,
    count,
    decided,
    feedback,
    shown_now,
)


def with_fact(name: str, state: str, day: date | None = None) -> Recommendation:
    """Return the card with another state of one fact."""
    return replace(
        CARD, used=(*(fact for fact in CARD.used if fact.fact != name), UsedFact(name, state, "x", date=day))
    )


FAILING = replace(
    CARD,
    missing=(*CARD.missing, MissingFact("chart", Why.NOT_RETRIEVED, "x", looked_in=("procedures",))),
    options=(Option(regimen="RIST", name="RIST", standing=Standing.CAUTION),),
    orders=(*CARD.orders, replace(ORDER, item="MIBG_SCAN")),
)
UNCHANGED: dict[str, Recommendation] = {
    "the same card": CARD,
    "an older child": with_fact("age_months", "65"),
    "other words": replace(CARD, summary="Choose now", why_now=("Because of this.",), points=("Mind this.",)),
    "an order that is placed": replace(CARD, orders=(ORDER,)),
    "an order that is gone": replace(CARD, used=CARD.used[:3]),
    "options in another order": replace(CARD, options=tuple(reversed(CARD.options))),
    "a value that has grown old": replace(CARD, missing=(*CARD.missing, MissingFact("weight_kg", Why.STALE, "x"))),
    "a query that failed": replace(CARD, missing=(MissingFact("gd2", Why.NOT_RETRIEVED, "x"),)),
    "what else is offered while a query fails": FAILING,
}
CHANGED: dict[str, tuple[Recommendation, str]] = {
    "another state": (with_fact("mycn", "gain", date(2026, 9, 18)), "mycn"),
    "another date": (with_fact("mycn", "amplified", date(2026, 11, 1)), "mycn"),
    "a state without a date": (with_fact("mycn", "amplified"), "mycn"),
    "a fact that is known at last": (replace(CARD, used=(*CARD.used, UsedFact("gd2", "positive", "x"))), "gd2"),
    "a weight that is known at last": (replace(CARD, used=(*CARD.used, UsedFact("weight_kg", "20", "x"))), "weight kg"),
    "another gap": (replace(CARD, missing=(MissingFact("gd2", Why.PENDING, "x"),)), "gd2"),
    "a fact that is lost": (replace(CARD, missing=(MissingFact("mycn", Why.NOT_FOUND, "x"),)), "mycn"),
    "one more order of a kind": (
        replace(CARD, used=(*CARD.used, UsedFact("orders", "third", "x", date=date(2026, 11, 20)))),
        "orders",
    ),
    "one more item": (replace(CARD, orders=(*CARD.orders, replace(ORDER, item="MIBG_SCAN"))), "items"),
    "another standing": (
        replace(CARD, options=(Option(regimen="RIST", name="RIST", standing=Standing.CAUTION),)),
        "options",
    ),
    "two things": (replace(with_fact("mycn", "gain"), orders=(replace(ORDER, item="NEW"),)), "items, mycn"),
}
OTHERS: dict[str, Recommendation] = {
    "another topic": replace(CARD, topic=Topic.SALVAGE_REGIMEN),
    "another subject": replace(CARD, subject="naxitamab"),
    "another indicator": replace(CARD, indicator=Indicator.WARNING),
}


class StoreBehaviour:
    """Tests over the fixture `database`, an empty one at the newest version."""

    @pytest.mark.parametrize("outcome", list(Outcome))
    @pytest.mark.parametrize("case", UNCHANGED)
    def test_given_an_answered_card_when_nothing_is_new_then_it_stays_away(
        self, database: Database, case: str, outcome: Outcome
    ) -> None:
        """Hazard: alert fatigue, because a card returns whenever a day has passed."""
        memory = a_memory(database)
        answered(memory, outcome=outcome)

        assert shown_now(memory, UNCHANGED[case]) == ()

    @pytest.mark.parametrize("case", CHANGED)
    def test_given_an_answered_card_when_a_fact_is_new_then_it_is_back_and_says_what_changed(
        self, database: Database, case: str
    ) -> None:
        """Hazard: a result that changes the choice is never seen."""
        memory = a_memory(database)
        answered(memory)
        card, words = CHANGED[case]

        (shown,) = shown_now(memory, card)

        assert shown.why_now == (f"Shown again although it was answered: {words} changed since.", "Because.")

    def test_given_a_card_answered_while_a_query_failed_when_it_works_again_then_only_a_fact_brings_the_card_back(
        self, database: Database
    ) -> None:
        memory = a_memory(database)
        answered(memory, FAILING)

        assert shown_now(memory, CARD) == ()
        assert len(shown_now(memory, with_fact("mycn", "gain"))) == 1

    def test_given_a_card_that_came_back_when_it_is_answered_again_then_it_stays_away(self, database: Database) -> None:
        memory = a_memory(database)
        answered(memory)
        card, _ = CHANGED["another state"]
        memory.remember([(OTHER_ID, card)], replace(CALL, at=LATER), "sha256:1")
        memory.learn([feedback(OTHER_ID)], CALL.client, CALL.service, LATER)

        assert shown_now(memory, card) == ()

    def test_given_a_card_shown_but_not_answered_when_decided_again_then_it_is_shown(self, database: Database) -> None:
        memory = a_memory(database)
        memory.remember([(CARD_ID, CARD)], CALL, "sha256:1")

        assert shown_now(memory, CARD) == (CARD,)

    @pytest.mark.parametrize("case", OTHERS)
    def test_given_an_answered_card_when_another_card_is_due_then_it_is_shown_as_it_is(
        self, database: Database, case: str
    ) -> None:
        memory = a_memory(database)
        answered(memory)

        assert shown_now(memory, OTHERS[case], CARD) == (OTHERS[case],)

    @pytest.mark.parametrize("changes", [{"client": "other"}, {"patient": "other"}])
    def test_given_an_answered_card_when_another_client_or_patient_is_served_then_it_is_shown(
        self, database: Database, changes: dict[str, str]
    ) -> None:
        """Hazard: one hospital's decision silences another's card."""
        memory = a_memory(database)
        answered(memory)

        assert shown_now(memory, CARD, call=replace(CALL, at=LATER, **changes)) == (CARD,)  # type: ignore[arg-type]  # two texts

    def test_given_feedback_by_another_client_when_decided_again_then_the_card_is_shown(
        self, database: Database
    ) -> None:
        memory = a_memory(database)
        memory.remember([(CARD_ID, CARD)], CALL, "sha256:1")
        memory.learn([feedback()], "other", CALL.service, LATER)

        assert shown_now(memory, CARD) == (CARD,)

    def test_given_an_answered_card_when_the_expiry_has_passed_then_it_is_shown(self, database: Database) -> None:
        memory = a_memory(database)
        answered(memory)

        last_moment = replace(CALL, at=LATER + timedelta(days=30))
        assert shown_now(memory, CARD, call=last_moment) == ()
        assert shown_now(memory, CARD, call=replace(last_moment, at=last_moment.at + timedelta(seconds=1))) == (CARD,)

    def test_given_an_expiry_of_zero_when_a_card_was_answered_then_it_is_shown(self, database: Database) -> None:
        memory = a_memory(database, expiry=timedelta(0))
        answered(memory)

        assert shown_now(memory, CARD) == (CARD,)

    def test_given_a_critical_card_when_answered_then_it_is_never_hidden(self, database: Database) -> None:
        """Hazard: a contraindication that was clicked away once is never seen again."""
        memory = a_memory(database)
        critical = replace(CARD, indicator=Indicator.CRITICAL)
        answered(memory, critical)

        assert shown_now(memory, critical) == (critical,)
        assert shown_now(memory, critical, CARD) == (critical, CARD)

    def test_given_one_hook_instance_about_two_patients_when_answered_then_neither_loses_a_card(
        self, database: Database
    ) -> None:
        """Hazard: a client that uses a hook instance twice has one child's answer hide another's card."""
        memory = a_memory(database)
        second = replace(CALL, patient="second")
        memory.remember([(CARD_ID, CARD)], CALL, "sha256:1")
        memory.remember([(CARD_ID, CARD)], second, "sha256:1")
        memory.learn([feedback()], CALL.client, CALL.service, LATER)

        assert shown_now(memory, CARD) == (CARD,)
        assert shown_now(memory, CARD, call=replace(second, at=LATER)) == (CARD,)

    def test_given_one_hook_instance_twice_when_the_card_changed_between_then_the_old_answer_does_not_count(
        self, database: Database
    ) -> None:
        memory = a_memory(database)
        answered(memory)
        changed, _ = CHANGED["another state"]
        again = replace(CALL, at=LATER + timedelta(minutes=1))
        memory.remember([(CARD_ID, changed)], again, "sha256:1")

        assert shown_now(memory, changed, call=again) == (changed,)
        assert count(database, SHOWN) == 1

    def test_given_the_same_feedback_twice_when_learned_then_it_is_one_row(self, database: Database) -> None:
        memory = a_memory(database)
        for _ in range(2):
            assert memory.learn([feedback(), feedback(), feedback("not ours")], "ehr", "s", LATER)
        memory.learn([feedback(at=AT + timedelta(seconds=1))], "ehr", "s", LATER)
        memory.learn([feedback(outcome=Outcome.ACCEPTED)], "ehr", "s", LATER)
        memory.learn([feedback()], "other", "s", LATER)

        assert count(database, FEEDBACK) == 5

    def test_given_the_same_card_twice_when_remembered_then_it_is_one_row(self, database: Database) -> None:
        memory = a_memory(database)
        for _ in range(2):
            memory.remember([(CARD_ID, CARD), (OTHER_ID, OTHERS["another topic"])], CALL, "sha256:1")
        memory.remember([], CALL, "sha256:1")

        assert count(database, SHOWN) == 2

    def test_given_a_uuid_in_capitals_when_answered_then_it_is_the_same_card(self, database: Database) -> None:
        memory = a_memory(database)
        card_id = "ABCDEF01-1111-5111-8111-111111111111"
        memory.remember([(card_id.lower(), CARD)], CALL, "sha256:1")
        memory.learn([feedback(card_id)], CALL.client, CALL.service, LATER)

        assert shown_now(memory, CARD) == ()

    def test_given_ids_that_are_no_uuids_when_learned_then_nothing_of_them_is_stored(self, database: Database) -> None:
        """Hazard: a client that puts a record number where a card's id belongs."""
        a_memory(database).learn([feedback("MRN-4711")], "ehr", "s", LATER)

        stored = [*column(database, FEEDBACK.c.card), *column(database, FEEDBACK.c.suggestions)]
        assert "4711" not in str(stored)
        assert "s1" not in str(stored)

    @pytest.mark.parametrize(
        ("given", "stored"),
        [
            (ReasonGiven("patient-ineligible", HL7_REASONS), (HL7_REASONS, "patient-ineligible")),
            (
                ReasonGiven("on-trial", "urn:relapse-cds:override-reason"),
                ("urn:relapse-cds:override-reason", "on-trial"),
            ),
            (ReasonGiven("3", "com.epic"), ("", "3")),
            (ReasonGiven("1234", "com.epic"), ("", OTHER_REASON)),
            (ReasonGiven("Maria said no", "x"), ("", OTHER_REASON)),
            (ReasonGiven("\N{ARABIC-INDIC DIGIT THREE}", "x"), ("", OTHER_REASON)),
            (None, ("", "")),
        ],
    )
    def test_given_a_reason_when_learned_then_it_is_stored_only_if_it_cannot_name_anybody(
        self, database: Database, given: ReasonGiven | None, stored: tuple[str, str]
    ) -> None:
        a_memory(database).learn([replace(feedback(), reason=given)], "ehr", "s", LATER)

        assert (*column(database, FEEDBACK.c.reason_system), *column(database, FEEDBACK.c.reason_code)) == stored

    @pytest.mark.parametrize(("keep", "stored"), [(False, ""), (True, "SECRET comment")])
    def test_given_a_comment_when_learned_then_it_is_kept_only_if_a_setting_says_so(
        self, database: Database, *, keep: bool, stored: str
    ) -> None:
        a_memory(database, keep_comments=keep).learn([feedback()], "ehr", "s", LATER)

        assert column(database, FEEDBACK.c.comment) == [stored]

    def test_given_a_thousand_answers_when_learned_then_all_are_stored(self, database: Database) -> None:
        items = [feedback(f"00000000-0000-4000-8000-{number:012}") for number in range(1000)]

        assert a_memory(database).learn(items, "ehr", "s", LATER)
        assert count(database, FEEDBACK) == 1000

    def test_given_rows_older_than_the_retention_when_something_is_stored_then_they_are_gone(
        self, database: Database
    ) -> None:
        memory = a_memory(database)
        answered(memory)
        late = replace(CALL, at=AT + timedelta(days=366))

        memory.remember([(OTHER_ID, CARD)], late, "sha256:1")

        assert column(database, SHOWN.c.card) == [OTHER_ID]
        assert count(database, FEEDBACK) == 0

    def test_given_more_old_rows_than_one_statement_deletes_when_tidied_then_the_rest_follows_soon(
        self, database: Database, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(retention, "AT_ONCE", 2)
        tidied = Retention(database, timedelta(days=1))
        a_memory(database).learn([feedback(str(number)) for number in range(3)], "ehr", "s", AT)
        now = AT + timedelta(days=2)

        tidied.tidy(now)
        assert count(database, FEEDBACK) == 1
        tidied.tidy(now + SOON / 2)
        assert count(database, FEEDBACK) == 1
        tidied.tidy(now + SOON)
        assert count(database, FEEDBACK) == 0
        tidied.tidy(now + SOON + EVERY)

    def test_given_a_token_id_when_used_twice_then_the_second_is_refused_even_after_a_restart(
        self, database: Database
    ) -> None:
        guard = StoredReplayGuard(database, lambda: 100.0)

        assert guard.first_use("iss", "j1", 200)
        assert not guard.first_use("iss", "j1", 200)
        assert guard.first_use("other", "j1", 200)
        assert not StoredReplayGuard(database, lambda: 100.0).first_use("iss", "j1", 200)
        assert guard.first_use("iss", "j2", 2**40)

    def test_given_expired_token_ids_when_others_are_used_then_they_are_forgotten(
        self, database: Database, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(retention, "AT_ONCE", 2)
        monkeypatch.setattr("cds_server.store.replay.AT_ONCE", 2)
        for number in range(3):
            StoredReplayGuard(database, lambda: 100.0).first_use("iss", f"old {number}", 150)
        guard = StoredReplayGuard(database, lambda: 200.0)

        guard.first_use("iss", "j1", 300)
        assert count(database, USED_TOKEN) == 2
        guard.first_use("iss", "j2", 300)
        assert count(database, USED_TOKEN) == 2
        guard.first_use("iss", "j3", 300)
        assert count(database, USED_TOKEN) == 3

    def test_given_shown_and_answered_cards_when_reported_then_the_last_answer_counts_per_week_service_and_topic(
        self, database: Database
    ) -> None:
        memory = a_memory(database)
        ids = [f"00000000-0000-4000-8000-00000000000{number}" for number in range(6)]
        memory.remember([(card_id, CARD) for card_id in ids[:4]], CALL, "sha256:1")
        memory.remember([(ids[4], OTHERS["another topic"])], replace(CALL, at=AT + timedelta(days=1)), "sha256:1")
        memory.remember([(ids[5], CARD)], replace(CALL, client="other"), "sha256:1")
        memory.learn([feedback(ids[0]), feedback(ids[1])], "ehr", "s", LATER)
        memory.learn([feedback(ids[1], Outcome.ACCEPTED, LATER + timedelta(1))], "ehr", "s", LATER)
        memory.learn([replace(feedback(ids[2]), reason=None), feedback("not ours")], "ehr", "s", LATER)

        report = read_report(database, client="ehr")

        assert [
            (row.week, row.topic, row.shown, row.accepted, row.overridden, row.unanswered) for row in report.rows
        ] == [("2026-W47", "ReinductionRegimen", 4, 1, 2, 1), ("2026-W48", "SalvageRegimen", 1, 0, 0, 1)]
        assert reasons_of(report.rows) == (("no reason given", 1), ("patient-ineligible", 1))
        assert report.unknown_cards == 1
        assert sum(row.shown for row in read_report(database).rows) == 6
        assert [row.week for row in read_report(database, LATER).rows] == ["2026-W48"]
        assert "patient-ineligible" in as_text(report)

    def test_given_the_migrations_when_compared_with_the_tables_then_nothing_differs(self, database: Database) -> None:
        def differences(connection: Connection) -> list[object]:
            return list(compare_metadata(MigrationContext.configure(connection), METADATA))

        assert database.run_or_raise(differences) == []

    def test_given_the_newest_schema_when_upgraded_again_then_nothing_happens(self, database: Database) -> None:
        answered(a_memory(database))

        assert database.upgrade() == newest_version()
        assert database.is_ready()
        assert count(database, SHOWN) == 1

    def test_given_the_tables_when_listed_then_only_ours_are_there(self, database: Database) -> None:
        names: Callable[[Connection], set[str]] = lambda connection: set(inspect(connection).get_table_names())  # noqa: E731

        assert database.run_or_raise(names) == {*METADATA.tables, "alembic_version"}

    def test_given_a_decision_without_anything_to_hide_when_asked_then_it_comes_back_as_it_is(
        self, database: Database
    ) -> None:
        nothing = decided()

        assert a_memory(database).without_answered(nothing, CALL) is nothing
