"""Releases, from published versions to an API that answers; AWS is in memory."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from tests.unit.release_fakes import FakeServices, FakeWorld, Handler, declared, route, sha256
from toolchain.deploy.releases.history import History
from toolchain.deploy.releases.lock import KEY
from toolchain.deploy.releases.record import Probe, Release, ReleasedFunction
from toolchain.deploy.releases.release import Intent, release
from toolchain.deploy.releases.rollback import roll_back
from toolchain.deploy.releases.services import Alias
from toolchain.deploy.releases.target import Applied
from toolchain.errors import ReleaseError

_URL = "https://api.example"


def _well(_: dict[str, Any]) -> dict[str, Any]:
    return {"statusCode": 200}


def _badly(_: dict[str, Any]) -> dict[str, Any]:
    raise ValueError("no such column")


class _Migrator:
    """The function's contract: a dry run tells, else what is pending is applied, up to `broken`.

    Then it makes the accounts that functions connect with, unless `refusal` says why it can't.
    """

    def __init__(self, pending: list[str], broken: str | None = None, refusal: str | None = None) -> None:
        self.pending, self.broken, self.refusal = pending, broken, refusal
        self.has_made_accounts = False

    def __call__(self, event: dict[str, Any]) -> dict[str, list[str]]:
        if event == {"dry_run": True}:
            return {"pending": list(self.pending)}
        assert event == {}
        applied: list[str] = []
        while self.pending and self.pending[0] != self.broken:
            applied.append(self.pending.pop(0))
        if self.pending:
            raise ValueError(f"{self.pending[0]}: syntax error (1064)")
        if self.refusal:
            raise ValueError(self.refusal)
        self.has_made_accounts = True
        return {"applied": applied}


class _Stage:
    """A stage whose functions get new versions, and are released."""

    def __init__(self) -> None:
        self.services = FakeServices()
        self.world = FakeWorld({f"{_URL}/health": [200], f"{_URL}/me": [401]})
        self.codes: dict[str, str] = {}
        self.intent = Intent(Applied(_URL, {}), {}, {}, "c0ffee", is_dirty=False)

    def publish(self, name: str, handler: Handler, code: str) -> None:
        """What build and Terraform do."""
        routes = {"health": route("GET", "/health"), "me": route("GET", "/me", "jwt")}
        function_name = self.services.target.function_name(name)
        version = self.services.functions.publish(function_name, handler, code)
        self.services.bucket.objects[f"functions/{name}/{sha256(code)}.zip"] = code.encode()
        self.intent = replace(
            self.intent,
            applied=Applied(_URL, {**self.intent.applied.versions, name: version}),
            functions={
                **self.intent.functions,
                name: declared(code, *([routes[name]] if name in routes else [])),
            },
        )

    def release(self, **changes: Any) -> Release | None:  # noqa: ANN401 - of any field
        return release(self.services, replace(self.intent, **changes), self.world.surroundings())

    def roll_back(self, to: str | None = None) -> Release:
        return roll_back(self.services, to, self.world.surroundings())

    def live(self) -> dict[str, str]:
        found = self.services.functions.live()
        return {name.removeprefix("shop-dev-"): version for name, version in found.items()}

    def records(self) -> list[Release]:
        """The latest first."""
        history = History(self.services.bucket)
        return list(history.read(history.ids()))


@pytest.fixture
def stage() -> _Stage:
    """A stage with a first release of three functions."""
    stage = _Stage()
    stage.publish("health", _well, "health 1")
    stage.publish("me", _well, "me 1")
    stage.publish("migrate_database", _Migrator(["0001_users"]), "migrate 1")
    assert stage.release()
    return stage


def _message(call: Callable[[], object]) -> str:
    with pytest.raises(ReleaseError) as error:
        call()
    return str(error.value)


def test_first_release_is_noted(stage: _Stage) -> None:
    """Terraform has made the aliases: none has to be moved; but migrated and tested it is."""
    [record] = stage.records()
    assert record == Release(
        id=record.id,
        created="2026-01-31T12:00:00Z",
        who="arn:aws:iam::123456789012:user/ada",
        commit="c0ffee",
        is_dirty=False,
        result="live",
        api_url=_URL,
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


def test_release_that_is_live_is_not_made_again(stage: _Stage) -> None:
    writes = [key for key in stage.services.bucket.writes if key != KEY]
    assert stage.release() is None
    assert [key for key in stage.services.bucket.writes if key != KEY] == writes


def test_api_at_another_address_is_tested_again(stage: _Stage) -> None:
    """And routes that have changed, though no code has."""
    stage.world.statuses["https://new.example/health"] = [500]
    stage.world.statuses["https://new.example/me"] = [401]
    applied = replace(stage.intent.applied, api_url="https://new.example")
    message = _message(lambda: stage.release(applied=applied))
    assert message.endswith(
        "GET https://new.example/health: answered 500\n"
        "no alias had to be moved: they point to these versions already"
    )


def test_function_that_is_not_deployed_is_not_asked(stage: _Stage) -> None:
    """One that was declared since, when another is deployed alone."""
    functions = {**stage.intent.functions, "new": declared("new 1", route("GET", "/new"))}
    stage.publish("health", _well, "health 2")
    assert stage.release(only="health", functions={**functions, **stage.intent.functions})
    assert sorted(stage.world.requests[-2:]) == [("GET", f"{_URL}/health"), ("GET", f"{_URL}/me")]


def test_aliases_move_after_migrations_and_checks(stage: _Stage) -> None:
    seen: list[tuple[str, dict[str, str]]] = []

    def noting(name: str, answer: Handler) -> Handler:
        def handler(event: dict[str, Any]) -> Any:  # noqa: ANN401 - JSON
            seen.append((name, stage.live()))
            return answer(event)

        return handler

    before = stage.live()
    stage.publish("health", noting("health", _well), "health 2")
    stage.publish("migrate_database", noting("migrate", _Migrator(["0002_more"])), "migrate 2")
    done = stage.release()
    assert done
    assert seen == [("migrate", before), ("migrate", before), ("health", before)]
    assert stage.live() == {"health": "2", "me": "1", "migrate_database": "2"}
    assert (done.result, done.migrations, done.previous) == ("live", ("0002_more",), stage.records()[1].id)


def test_new_version_that_fails_is_never_live(stage: _Stage) -> None:
    stage.publish("health", _badly, "health 2")
    message = _message(stage.release)
    record = stage.records()[0]
    assert message == (
        f"release {record.id} failed: shop-dev-health:2 GET /health: it failed: ValueError: no such column\n"
        "no alias was moved; the release before goes on"
    )
    assert (record.result, stage.services.functions.moves) == ("failed", [])


def test_failed_smoke_test_moves_all_aliases_back(stage: _Stage) -> None:
    stage.publish("health", _well, "health 2")
    stage.publish("me", _well, "me 2")
    stage.world.statuses[f"{_URL}/me"] = [200]
    message = _message(stage.release)
    record = stage.records()[0]
    assert message == (
        f"release {record.id} failed: GET {_URL}/me: answered 200 without a token, and not 401:"
        " is it protected?\nthe aliases of health, me were moved back; the release before goes on"
    )
    assert stage.live() == {"health": "1", "me": "1", "migrate_database": "1"}
    assert record.result == "failed"
    assert len(stage.services.functions.moves) == 4


def test_alias_that_does_not_move_takes_the_others_back(stage: _Stage) -> None:
    stage.publish("health", _well, "health 2")
    stage.publish("me", _well, "me 2")
    stage.services.functions.refuse.add(("shop-dev-me", "2"))
    message = _message(stage.release)
    assert "me 1 -> 2: lambda:UpdateAlias shop-dev-me:live: AccessDeniedException" in message
    assert stage.live() == {"health": "1", "me": "1", "migrate_database": "1"}


def test_alias_that_moves_unheard_has_moved(stage: _Stage) -> None:
    """The answer was lost, and the second attempt found another revision: its own."""
    stage.publish("health", _well, "health 2")
    stage.publish("me", _well, "me 2")
    stage.services.functions.lost.add(("shop-dev-me", "2"))
    assert stage.release()
    assert stage.live() == {"health": "2", "me": "2", "migrate_database": "1"}


def test_alias_that_moves_unheard_moves_back(stage: _Stage) -> None:
    stage.publish("me", _well, "me 2")
    stage.services.functions.lost |= {("shop-dev-me", "2"), ("shop-dev-me", "1")}
    stage.world.statuses[f"{_URL}/me"] = [200]
    assert "the aliases of me were moved back" in _message(stage.release)
    assert stage.live()["me"] == "1"


def test_alias_that_somebody_else_moves_is_left_to_them(stage: _Stage) -> None:
    """What was read before is not what is there: nothing of theirs is overwritten."""
    stage.publish("me", _well, "me 2")
    stage.publish("health", _well, "health 2")

    def meddle(event: dict[str, Any]) -> dict[str, Any]:
        stage.services.functions.functions["shop-dev-me"].aliases["live"] = Alias("1", "theirs")
        return _well(event)

    stage.services.functions.functions["shop-dev-health"].versions["2"] = (meddle, "health 2")
    assert "me 1 -> 2: shop-dev-me: somebody else has moved its alias live" in _message(stage.release)
    assert stage.live()["health"] == "1"
    assert stage.services.functions.functions["shop-dev-me"].aliases["live"] == Alias("1", "theirs")


def test_migration_that_fails_halfway_says_what_it_did(stage: _Stage) -> None:
    """And converges when it was mended."""
    stage.publish("health", _well, "health 2")
    migrator = _Migrator(["0002_more", "0003_wrong", "0004_last"], broken="0003_wrong")
    stage.publish("migrate_database", migrator, "migrate 2")
    message = _message(stage.release)
    record = stage.records()[0]
    assert message == (
        f"release {record.id} failed: the migration failed: 0003_wrong: syntax error (1064)\n"
        "mend it, and deploy again\nno alias was moved; the release before goes on"
    )
    assert (record.result, record.migrations) == ("failed", ("0002_more",))
    stage.publish("migrate_database", _Migrator(["0003_right", "0004_last"]), "migrate 3")
    done = stage.release()
    assert done
    assert done.migrations == ("0003_right", "0004_last")
    assert stage.live() == {"health": "2", "me": "1", "migrate_database": "3"}


def test_accounts_are_made_when_nothing_is_pending(stage: _Stage) -> None:
    """A proxy that was turned on needs accounts, and brings no SQL with it."""
    migrator = _Migrator([])
    stage.publish("migrate_database", migrator, "migrate 2")
    assert stage.release()
    assert migrator.has_made_accounts
    assert "migrations: none to apply" in stage.world.said


def test_accounts_that_could_not_be_made_are_made_by_the_next_deploy() -> None:
    """The first deploy's SQL is applied, and noted, by then."""
    stage = _Stage()
    stage.publish("health", _well, "health 1")
    stage.publish("me", _well, "me 1")
    migrator = _Migrator(["0001_users"], refusal="GetSecretValue: AccessDeniedException")
    stage.publish("migrate_database", migrator, "migrate 1")
    message = _message(stage.release)
    assert "the migration failed: GetSecretValue: AccessDeniedException\nmend it, and deploy again" in message
    assert stage.records()[0].migrations == ("0001_users",)
    assert "failed: GetSecretValue: AccessDeniedException\nmend it" in _message(stage.release)
    migrator.refusal = None
    assert stage.release()
    assert migrator.has_made_accounts


def test_one_function_is_released_and_no_other(stage: _Stage) -> None:
    stage.publish("health", _well, "health 2")
    stage.publish("me", _well, "me 2")
    done = stage.release(only="me")
    assert done
    assert stage.live() == {"health": "1", "me": "2", "migrate_database": "1"}
    assert done.functions["health"].sha256 == sha256("health 1")


def test_one_function_is_released_after_a_rollback_past_a_migration(stage: _Stage) -> None:
    """The migrator that is live then does not know all of what has been applied, and says so."""

    def older_than_the_database(_: dict[str, Any]) -> dict[str, Any]:
        raise ValueError("0002_more has been applied, but has no file")

    stage.publish("migrate_database", _Migrator(["0002_more"]), "migrate 2")
    assert stage.release()
    stage.roll_back()
    functions = stage.services.functions.functions["shop-dev-migrate_database"]
    functions.versions["1"] = (older_than_the_database, "migrate 1")
    stage.publish("health", _well, "health 2")
    assert stage.release(only="health")
    assert stage.live() == {"health": "2", "me": "1", "migrate_database": "1"}


def test_version_with_other_code_than_dist_is_refused(stage: _Stage) -> None:
    stage.publish("health", _well, "health 2")
    functions = {**stage.intent.functions, "health": declared("health 3", route("GET", "/health"))}
    message = _message(lambda: stage.release(functions=functions))
    assert message == "health: the version that was published is not dist/health.zip; deploy again"


def test_version_in_a_vpc_is_waited_for(stage: _Stage) -> None:
    stage.publish("me", _well, "me 2")
    stage.services.functions.functions["shop-dev-me"].states["2"] = ["Pending", "Pending"]
    assert stage.release()
    assert stage.world.slept == 2.0


def test_version_that_lambda_could_not_make_is_refused(stage: _Stage) -> None:
    stage.publish("me", _well, "me 2")
    stage.services.functions.functions["shop-dev-me"].states["2"] = ["Pending", "Failed"]
    assert _message(stage.release) == "shop-dev-me: version 2 is Failed after 1 s: "


def test_killed_release_is_noted_and_the_next_one_converges(stage: _Stage) -> None:
    """A SIGKILL leaves a record that is pending, a lock, and aliases here and there."""
    stage.publish("health", _well, "health 2")
    stage.publish("me", _well, "me 2")
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


def test_rollback_goes_to_the_release_before(stage: _Stage) -> None:
    first = stage.records()[0]
    stage.publish("health", _well, "health 2")
    stage.publish("migrate_database", _Migrator(["0002_more"]), "migrate 2")
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


def test_rollbacks_go_further_and_further_back(stage: _Stage) -> None:
    for number in ("2", "3"):
        stage.publish("health", _well, f"health {number}")
        stage.release()
    stage.roll_back()
    assert stage.live()["health"] == "2"
    stage.roll_back()
    assert stage.live()["health"] == "1"
    assert "is the first release of this stage" in _message(stage.roll_back)
    stage.roll_back(stage.records()[2].id)
    assert stage.live()["health"] == "3"


def test_deploy_after_a_rollback_releases_again(stage: _Stage) -> None:
    stage.publish("health", _well, "health 2")
    stage.release()
    stage.roll_back()
    done = stage.release()
    assert done
    assert stage.live()["health"] == "2"


def test_rollback_after_a_killed_release_restores_what_was_live(stage: _Stage) -> None:
    stage.publish("health", _well, "health 2")
    functions = stage.services.functions
    alias = functions.alias("shop-dev-health", "live")
    assert alias
    functions.move_alias("shop-dev-health", "live", version="2", revision_id=alias.revision_id)
    stage.roll_back()
    assert stage.live()["health"] == "1"


def test_rollback_refuses_what_is_no_longer_complete(stage: _Stage) -> None:
    stage.publish("health", _well, "health 2")
    stage.publish("me", _well, "me 2")
    stage.release()
    del stage.services.functions.functions["shop-dev-health"].versions["1"]
    del stage.services.bucket.objects[f"functions/me/{sha256('me 1')}.zip"]
    message = _message(stage.roll_back)
    assert message == (
        "that release is no longer complete; check out its commit and deploy instead:\n"
        "health: version 1 is gone; those of the last 20 releases are kept\n"
        "me: its zip is gone from the artifact bucket"
    )
    assert stage.live() == {"health": "2", "me": "2", "migrate_database": "1"}


def test_old_releases_are_given_up(stage: _Stage) -> None:
    """Their versions take up room that is limited; a rollback to one says what is the case."""
    first = stage.records()[0]
    for number in range(2, 23):
        stage.publish("health", _well, f"health {number}")
        assert stage.release()
    assert stage.services.functions.versions("shop-dev-health") == [str(number) for number in range(3, 23)]
    assert stage.services.functions.versions("shop-dev-me") == ["1"]
    assert _message(lambda: stage.roll_back(first.id)) == (
        "that release is no longer complete; check out its commit and deploy instead:\n"
        "health: version 1 is gone; those of the last 20 releases are kept"
    )
    stage.roll_back(stage.records()[19].id)
    assert stage.live()["health"] == "3"


def test_rollback_to_a_release_that_never_was_live(stage: _Stage) -> None:
    stage.publish("health", _badly, "health 2")
    _message(stage.release)
    failed, live = stage.records()
    assert _message(lambda: stage.roll_back(failed.id)) == (
        f"--to {failed.id}: that release is failed; `invoke releases` lists them: {live.id}"
    )
    assert _message(lambda: stage.roll_back("1999")).startswith("--to 1999: there is no such release; ")
    assert _message(lambda: stage.roll_back("2026")) == "--to 2026: 2 releases begin so; give more of the id"
    assert _message(lambda: stage.roll_back(live.id)) == f"{live.id} is live already"


def test_rollback_of_a_stage_without_releases() -> None:
    assert _message(_Stage().roll_back) == ("nothing is live on this stage: there is nothing to go back from")


def test_rollback_that_does_not_help_says_so(stage: _Stage) -> None:
    """The aliases stay: there is nothing better."""
    first = stage.records()[0]
    stage.publish("health", _well, "health 2")
    stage.release()
    stage.world.statuses[f"{_URL}/health"] = [503]
    assert _message(stage.roll_back) == (
        f"{first.id} is live again, but it does not work:\nGET {_URL}/health: answered 503"
    )
    assert stage.live()["health"] == "1"
