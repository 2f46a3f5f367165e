"""Releases that fail: what they say, and what is live then; AWS is in memory."""

from typing import Any

import pytest

from tests.unit.release_fakes import NotStartedError, declared, route
from tests.unit.release_stage import URL, Stage, badly, message_of, released_stage, well
from toolchain.deploy.releases.services import Alias


@pytest.fixture
def stage() -> Stage:
    return released_stage()


def test_new_version_that_fails_is_never_live(stage: Stage) -> None:
    stage.publish("health", badly, "health 2")
    message = message_of(stage.release)
    record = stage.records()[0]
    assert message == (
        f"release {record.id} failed: shop-dev-health:2 GET /health: it failed: ValueError: no such column\n"
        "no alias was moved; the release before goes on"
    )
    assert (record.result, stage.services.functions.moves) == ("failed", [])


def never_started(_: dict[str, Any]) -> dict[str, Any]:
    raise NotStartedError("'NOT_SET'")


def test_protected_version_that_can_not_be_started_is_never_live(stage: Stage) -> None:
    stage.publish("me", never_started, "me 2")
    message = message_of(stage.release)
    assert message == (
        f"release {stage.records()[0].id} failed: "
        "shop-dev-me:2: it can't be started: NotStartedError: 'NOT_SET'\n"
        "no alias was moved; the release before goes on"
    )


def test_protected_version_may_answer_as_it_likes(stage: Stage) -> None:
    """What is live already is not called again."""
    stage.publish("me", badly, "me 2")
    assert stage.release()
    assert stage.world.said.count("1 with protected routes can be started") == 2
    stage.publish("health", well, "health 2")
    assert stage.release()
    assert [version for name, version, _ in stage.services.functions.invoked if name == "shop-dev-me"] == [
        "1",
        "2",
    ]


def test_failed_smoke_test_moves_all_aliases_back(stage: Stage) -> None:
    stage.publish("health", well, "health 2")
    stage.publish("me", well, "me 2")
    stage.world.statuses[f"{URL}/me"] = [200]
    message = message_of(stage.release)
    record = stage.records()[0]
    assert message == (
        f"release {record.id} failed: GET {URL}/me: answered 200 without a token, and not 401:"
        " is it protected?\nthe aliases of health, me were moved back; the release before goes on"
    )
    assert stage.live() == {"health": "1", "me": "1", "migrate_database": "1"}
    assert record.result == "failed"
    assert len(stage.services.functions.moves) == 4


def test_alias_that_does_not_move_takes_the_others_back(stage: Stage) -> None:
    stage.publish("health", well, "health 2")
    stage.publish("me", well, "me 2")
    stage.services.functions.refuse.add(("shop-dev-me", "2"))
    message = message_of(stage.release)
    assert "me 1 -> 2: lambda:UpdateAlias shop-dev-me:live: AccessDeniedException" in message
    assert stage.live() == {"health": "1", "me": "1", "migrate_database": "1"}


def test_alias_that_moves_unheard_moves_back(stage: Stage) -> None:
    stage.publish("me", well, "me 2")
    stage.services.functions.lost |= {("shop-dev-me", "2"), ("shop-dev-me", "1")}
    stage.world.statuses[f"{URL}/me"] = [200]
    assert "the aliases of me were moved back" in message_of(stage.release)
    assert stage.live()["me"] == "1"


def test_alias_that_somebody_else_moves_is_left_to_them(stage: Stage) -> None:
    """What was read before is not what is there: nothing of theirs is overwritten."""
    stage.publish("me", well, "me 2")
    stage.publish("health", well, "health 2")

    def meddle(event: dict[str, Any]) -> dict[str, Any]:
        stage.services.functions.functions["shop-dev-me"].aliases["live"] = Alias("1", "theirs")
        return well(event)

    stage.services.functions.functions["shop-dev-health"].versions["2"] = (meddle, "health 2")
    assert "me 1 -> 2: shop-dev-me: somebody else has moved its alias live" in message_of(stage.release)
    assert stage.live()["health"] == "1"
    assert stage.services.functions.functions["shop-dev-me"].aliases["live"] == Alias("1", "theirs")


def test_version_with_other_code_than_dist_is_refused(stage: Stage) -> None:
    stage.publish("health", well, "health 2")
    functions = {**stage.intent.functions, "health": declared("health 3", route("GET", "/health"))}
    message = message_of(lambda: stage.release(functions=functions))
    assert message == "health: the version that was published is not dist/health.zip; deploy again"


def test_version_that_lambda_could_not_make_is_refused(stage: Stage) -> None:
    stage.publish("me", well, "me 2")
    stage.services.functions.functions["shop-dev-me"].states["2"] = ["Pending", "Failed"]
    assert message_of(stage.release) == "shop-dev-me: version 2 is Failed after 1 s: "
