"""Which aliases move, in which order, and how they go back."""

import pytest

from toolchain.deploy.releases.aliases import Move, Wanted, moved_back, plan_moves
from toolchain.deploy.releases.services import Alias
from toolchain.errors import ReleaseError

_ALIASES: dict[str, Alias | None] = {
    "api": Alias("1", "a"),
    "mixed": Alias("2", "b"),
    "worker": Alias("3", "c"),
    "sign_up": Alias("4", "d"),
    "migrator": Alias("5", "e"),
    "same": Alias("6", "f"),
}
_WANTED = {
    "api": Wanted("shop-api", "10", ("http",)),
    "mixed": Wanted("shop-mixed", "10", ("http", "sqs")),
    "worker": Wanted("shop-worker", "10", ("sqs",)),
    "sign_up": Wanted("shop-sign_up", "10", ("cognito",)),
    "migrator": Wanted("shop-migrator", "10"),
    "same": Wanted("shop-same", "6", ("http",)),
}


def test_what_handles_moves_before_what_sends() -> None:
    """By name only, events, Cognito, users; an alias that is where it should be does not move."""
    waves = plan_moves(_WANTED, _ALIASES)
    assert [[str(move) for move in wave] for wave in waves] == [
        ["migrator 5 -> 10"],
        ["worker 3 -> 10"],
        ["sign_up 4 -> 10"],
        ["api 1 -> 10", "mixed 2 -> 10"],
    ]
    assert waves[3][0] == Move("api", "shop-api", "1", "10", "a")


def test_functions_that_are_not_to_be_released_stay() -> None:
    assert plan_moves({"worker": _WANTED["worker"]}, _ALIASES) == (
        (Move("worker", "shop-worker", "3", "10", "c"),),
    )


def test_nothing_to_move() -> None:
    assert plan_moves({"same": _WANTED["same"]}, _ALIASES) == ()


def test_missing_aliases_are_reported_together() -> None:
    with pytest.raises(ReleaseError) as error:
        plan_moves(_WANTED, {**_ALIASES, "api": None, "worker": None})
    assert error.value.problems == (
        "shop-api has no alias; deploy the stage",
        "shop-worker has no alias; deploy the stage",
    )


def test_way_back_has_only_what_was_moved_the_last_first() -> None:
    """With the revisions that the moves have made."""
    waves = plan_moves(_WANTED, _ALIASES)
    moved = [
        (waves[0][0], Alias("10", "e2")),
        (waves[1][0], Alias("10", "c2")),
        (waves[3][1], Alias("10", "b2")),
    ]
    assert moved_back(moved, waves) == (
        (Move("mixed", "shop-mixed", "10", "2", "b2"),),
        (Move("worker", "shop-worker", "10", "3", "c2"),),
        (Move("migrator", "shop-migrator", "10", "5", "e2"),),
    )
