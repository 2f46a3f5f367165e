"""Rollbacks: to which releases, what they restore, and what they refuse; AWS is in memory."""

import pytest

from tests.unit.release_fakes import sha256
from tests.unit.release_stage import URL, Migrator, Stage, badly, message_of, released_stage, well
from toolchain.deploy.releases.outlook import Outlook, look_ahead


@pytest.fixture
def stage() -> Stage:
    return released_stage()


def test_rollback_goes_to_the_release_before(stage: Stage) -> None:
    first = stage.records()[0]
    stage.publish("health", well, "health 2")
    stage.publish("migrate_database", Migrator(["0002_more"]), "migrate 2")
    second = stage.release()
    done = stage.roll_back()
    assert second
    assert stage.live() == {"health": "1", "me": "1", "migrate_database": "1"}
    assert (done.result, done.rollback_to, done.previous) == ("live", first.id, second.id)
    assert stage.world.said[-3:] == [
        f"back to {first.id} of 2026-01-31T12:00:00Z, commit c0ffee",
        "migrations are not undone: 0002_more",
        "2 aliases moved back",
    ]


def test_rollbacks_go_further_and_further_back(stage: Stage) -> None:
    for number in ("2", "3"):
        stage.publish("health", well, f"health {number}")
        stage.release()
    stage.roll_back()
    assert stage.live()["health"] == "2"
    stage.roll_back()
    assert stage.live()["health"] == "1"
    assert "is the first release of this stage" in message_of(stage.roll_back)
    stage.roll_back(stage.records()[2].id)
    assert stage.live()["health"] == "3"


def test_deploy_after_a_rollback_releases_again(stage: Stage) -> None:
    stage.publish("health", well, "health 2")
    stage.release()
    stage.roll_back()
    done = stage.release()
    assert done
    assert stage.live()["health"] == "2"


def outlook(stage: Stage, *names: str) -> Outlook:
    """What a deploy would tell before it releases these functions."""
    versions = stage.intent.applied.versions
    outputs = {"functions": {name: {"version": version} for name, version in versions.items()}}
    return look_ahead(stage.services, outputs, names)


def test_deploy_after_a_rollback_tells_what_it_undoes(stage: Stage) -> None:
    """And nothing where all that was published is live, or nothing is yet."""
    stage.publish("health", well, "health 2")
    stage.release()
    assert outlook(stage, "health", "me") == Outlook()
    assert look_ahead(stage.services, {}, ["health"]) == Outlook()
    done = stage.roll_back()
    found = outlook(stage, "health", "me")
    assert [str(move) for move in found.moves] == ["health 1 -> 2"]
    assert found.live == done
    assert outlook(stage, "me") == Outlook()


def test_rollback_after_a_killed_release_restores_what_was_live(stage: Stage) -> None:
    stage.publish("health", well, "health 2")
    functions = stage.services.functions
    alias = functions.alias("shop-dev-health", "live")
    assert alias
    functions.move_alias("shop-dev-health", "live", version="2", revision_id=alias.revision_id)
    stage.roll_back()
    assert stage.live()["health"] == "1"


def test_rollback_refuses_what_is_no_longer_complete(stage: Stage) -> None:
    stage.publish("health", well, "health 2")
    stage.publish("me", well, "me 2")
    stage.release()
    del stage.services.functions.functions["shop-dev-health"].versions["1"]
    del stage.services.bucket.objects[f"functions/me/{sha256('me 1')}.zip"]
    message = message_of(stage.roll_back)
    assert message == (
        "that release is no longer complete; check out its commit and deploy instead:\n"
        "health: version 1 is gone; those of the last 20 releases are kept\n"
        "me: its zip is gone from the artifact bucket"
    )
    assert stage.live() == {"health": "2", "me": "2", "migrate_database": "1"}


def test_old_releases_are_given_up(stage: Stage) -> None:
    """Their versions take up room that is limited; a rollback to one says what is the case."""
    first = stage.records()[0]
    for number in range(2, 23):
        stage.publish("health", well, f"health {number}")
        assert stage.release()
    assert stage.services.functions.versions("shop-dev-health") == [str(number) for number in range(3, 23)]
    assert stage.services.functions.versions("shop-dev-me") == ["1"]
    assert message_of(lambda: stage.roll_back(first.id)) == (
        "that release is no longer complete; check out its commit and deploy instead:\n"
        "health: version 1 is gone; those of the last 20 releases are kept"
    )
    stage.roll_back(stage.records()[19].id)
    assert stage.live()["health"] == "3"


def test_rollback_to_a_release_that_never_was_live(stage: Stage) -> None:
    stage.publish("health", badly, "health 2")
    message_of(stage.release)
    failed, live = stage.records()
    assert message_of(lambda: stage.roll_back(failed.id)) == (
        f"--to {failed.id}: that release is failed; `invoke releases` lists them: {live.id}"
    )
    assert message_of(lambda: stage.roll_back("1999")).startswith("--to 1999: there is no such release; ")
    assert (
        message_of(lambda: stage.roll_back("2026")) == "--to 2026: 2 releases begin so; give more of the id"
    )
    assert message_of(lambda: stage.roll_back(live.id)) == f"{live.id} is live already"


def test_rollback_of_a_stage_without_releases() -> None:
    assert message_of(Stage().roll_back) == (
        "nothing is live on this stage: there is nothing to go back from"
    )


def test_rollback_that_does_not_help_says_so(stage: Stage) -> None:
    """The aliases stay: there is nothing better."""
    first = stage.records()[0]
    stage.publish("health", well, "health 2")
    stage.release()
    stage.world.statuses[f"{URL}/health"] = [503]
    assert message_of(stage.roll_back) == (
        f"{first.id} is live again, but it does not work:\nGET {URL}/health: answered 503"
    )
    assert stage.live()["health"] == "1"
