"""Migrations and accounts that releases have made first; AWS and the migrator are in memory."""

from typing import Any

import pytest

from tests.unit.release_stage import Migrator, Stage, message_of, released_stage, well


@pytest.fixture
def stage() -> Stage:
    return released_stage()


def test_migration_that_fails_halfway_says_what_it_did(stage: Stage) -> None:
    """And converges when it was mended."""
    stage.publish("health", well, "health 2")
    migrator = Migrator(["0002_more", "0003_wrong", "0004_last"], broken="0003_wrong")
    stage.publish("migrate_database", migrator, "migrate 2")
    message = message_of(stage.release)
    record = stage.records()[0]
    assert stage.world.said[-1] == "migrations: 0002_more; not applied: 0003_wrong, 0004_last"
    assert message == (
        f"release {record.id} failed: the migration failed: 0003_wrong: syntax error (1064)\n"
        "mend it, and deploy again\nno alias was moved; the release before goes on"
    )
    assert (record.result, record.migrations) == ("failed", ("0002_more",))
    stage.publish("migrate_database", Migrator(["0003_right", "0004_last"]), "migrate 3")
    done = stage.release()
    assert done
    assert done.migrations == ("0003_right", "0004_last")
    assert stage.live() == {"health": "2", "me": "1", "migrate_database": "3"}


def test_first_migration_that_fails_is_to_be_applied(stage: Stage) -> None:
    """And is not called none."""
    stage.publish("migrate_database", Migrator(["0002_wrong"], broken="0002_wrong"), "migrate 2")
    message_of(stage.release)
    assert stage.world.said[-1] == "migrations: not applied: 0002_wrong"


def test_what_was_applied_may_be_unknown(stage: Stage) -> None:
    """The migrator is not there any more when it is asked again."""
    answers: list[dict[str, Any]] = [{"pending": ["0002_more"]}]

    def once(_: dict[str, Any]) -> dict[str, Any]:
        return answers.pop()

    stage.publish("migrate_database", once, "migrate 2")
    message = message_of(stage.release)
    assert "what was applied before is not known: 0002_more were pending" in message
    assert not [line for line in stage.world.said if line.startswith("migrations: n")]


def test_accounts_are_made_when_nothing_is_pending(stage: Stage) -> None:
    """A proxy that was turned on needs accounts, and brings no SQL with it."""
    migrator = Migrator([])
    stage.publish("migrate_database", migrator, "migrate 2")
    assert stage.release()
    assert migrator.has_made_accounts
    assert "migrations: none to apply" in stage.world.said


def test_accounts_that_could_not_be_made_are_made_by_the_next_deploy() -> None:
    """The first deploy's SQL is applied, and noted, by then."""
    stage = Stage()
    stage.publish("health", well, "health 1")
    stage.publish("me", well, "me 1")
    migrator = Migrator(["0001_users"], refusal="GetSecretValue: AccessDeniedException")
    stage.publish("migrate_database", migrator, "migrate 1")
    message = message_of(stage.release)
    assert "the migration failed: GetSecretValue: AccessDeniedException\nmend it, and deploy again" in message
    assert stage.records()[0].migrations == ("0001_users",)
    assert "failed: GetSecretValue: AccessDeniedException\nmend it" in message_of(stage.release)
    migrator.refusal = None
    assert stage.release()
    assert migrator.has_made_accounts


def test_one_function_is_released_after_a_rollback_past_a_migration(stage: Stage) -> None:
    """The migrator that is live then does not know all of what has been applied, and says so."""

    def older_than_the_database(_: dict[str, Any]) -> dict[str, Any]:
        raise ValueError("0002_more has been applied, but has no file")

    stage.publish("migrate_database", Migrator(["0002_more"]), "migrate 2")
    assert stage.release()
    stage.roll_back()
    functions = stage.services.functions.functions["shop-dev-migrate_database"]
    functions.versions["1"] = (older_than_the_database, "migrate 1")
    stage.publish("health", well, "health 2")
    assert stage.release(only="health")
    assert stage.live() == {"health": "2", "me": "1", "migrate_database": "1"}
