"""Releases, from published versions to an API that answers; AWS is in memory."""

from dataclasses import replace
from typing import Any

import pytest

from tests.unit.release_fakes import Handler, declared, route, sha256
from tests.unit.release_stage import URL, Migrator, Stage, message_of, released_stage, well
from toolchain.deploy.releases.history import History
from toolchain.deploy.releases.lock import KEY
from toolchain.deploy.releases.record import Probe, Release, ReleasedFunction


@pytest.fixture
def stage() -> Stage:
    return released_stage()


def test_first_release_is_noted(stage: Stage) -> None:
    """Terraform has made the aliases: none has to be moved; but migrated and tested it is."""
    [record] = stage.records()
    assert record == Release(
        id=record.id,
        created="2026-01-31T12:00:00Z",
        who="arn:aws:iam::123456789012:user/ada",
        commit="c0ffee",
        is_dirty=False,
        result="live",
        api_url=URL,
        functions={
            "health": ReleasedFunction("shop-dev-health", "1", sha256("health 1"), ("http",)),
            "me": ReleasedFunction("shop-dev-me", "1", sha256("me 1"), ("http",)),
            "migrate_database": ReleasedFunction("shop-dev-migrate_database", "1", sha256("migrate 1")),
        },
        probes=(
            Probe("health", "GET", "/health", "", is_public=True),
            Probe("me", "GET", "/me", "", is_public=False),
        ),
        migrations=("0001_users",),
        finished="2026-01-31T12:00:00Z",
    )
    assert stage.services.functions.moves == []


def test_release_that_is_live_is_not_made_again(stage: Stage) -> None:
    writes = [key for key in stage.services.bucket.writes if key != KEY]
    assert stage.release() is None
    assert [key for key in stage.services.bucket.writes if key != KEY] == writes


def test_api_at_another_address_is_tested_again(stage: Stage) -> None:
    """And routes that have changed, though no code has."""
    stage.world.statuses["https://new.example/health"] = [500]
    stage.world.statuses["https://new.example/me"] = [401]
    applied = replace(stage.intent.applied, api_url="https://new.example")
    message = message_of(lambda: stage.release(applied=applied))
    assert message.endswith(
        "GET https://new.example/health: answered 500\n"
        "no alias had to be moved: they point to these versions already"
    )


def test_function_that_is_not_deployed_is_not_asked(stage: Stage) -> None:
    """One that was declared since, when another is deployed alone."""
    functions = {**stage.intent.functions, "new": declared("new 1", route("GET", "/new"))}
    stage.publish("health", well, "health 2")
    assert stage.release(only="health", functions={**functions, **stage.intent.functions})
    assert sorted(stage.world.requests[-2:]) == [("GET", f"{URL}/health"), ("GET", f"{URL}/me")]


def test_aliases_move_after_migrations_and_checks(stage: Stage) -> None:
    seen: list[tuple[str, dict[str, str]]] = []

    def noting(name: str, answer: Handler) -> Handler:
        def handler(event: dict[str, Any]) -> Any:  # noqa: ANN401 - JSON
            seen.append((name, stage.live()))
            return answer(event)

        return handler

    before = stage.live()
    stage.publish("health", noting("health", well), "health 2")
    stage.publish("migrate_database", noting("migrate", Migrator(["0002_more"])), "migrate 2")
    done = stage.release()
    assert done
    assert seen == [("migrate", before), ("migrate", before), ("health", before)]
    assert stage.live() == {"health": "2", "me": "1", "migrate_database": "2"}
    assert (done.result, done.migrations, done.previous) == ("live", ("0002_more",), stage.records()[1].id)


def test_alias_that_moves_unheard_has_moved(stage: Stage) -> None:
    """The answer was lost, and the second attempt found another revision: its own."""
    stage.publish("health", well, "health 2")
    stage.publish("me", well, "me 2")
    stage.services.functions.lost.add(("shop-dev-me", "2"))
    assert stage.release()
    assert stage.live() == {"health": "2", "me": "2", "migrate_database": "1"}


def test_one_function_is_released_and_no_other(stage: Stage) -> None:
    stage.publish("health", well, "health 2")
    stage.publish("me", well, "me 2")
    done = stage.release(only="me")
    assert done
    assert stage.live() == {"health": "1", "me": "2", "migrate_database": "1"}
    assert done.functions["health"].sha256 == sha256("health 1")


def test_version_in_a_vpc_is_waited_for(stage: Stage) -> None:
    stage.publish("me", well, "me 2")
    stage.services.functions.functions["shop-dev-me"].states["2"] = ["Pending", "Pending"]
    assert stage.release()
    assert stage.world.slept == 2.0


def test_killed_release_is_noted_and_the_next_one_converges(stage: Stage) -> None:
    """A SIGKILL leaves a record that is pending, a lock, and aliases here and there."""
    stage.publish("health", well, "health 2")
    stage.publish("me", well, "me 2")
    history = History(stage.services.bucket)
    [live] = history.read(history.ids())
    killed = replace(live, id=live.id.replace("20260131", "20260201"), result="pending")
    history.write(killed)
    functions = stage.services.functions
    alias = functions.alias("shop-dev-me", "live")
    assert alias
    functions.move_alias("shop-dev-me", "live", version="2", revision_id=alias.revision_id)
    done = stage.release()
    assert done
    assert stage.live() == {"health": "2", "me": "2", "migrate_database": "1"}
    assert [(one.result, one.reason) for one in stage.records()] == [
        ("live", None),
        ("failed", "it was interrupted"),
        ("live", None),
    ]
    assert done.id > killed.id
    assert done.previous == live.id
