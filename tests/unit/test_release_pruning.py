"""Which versions a release deletes; AWS is in memory."""

import pytest

from tests.unit.release_fakes import FakeServices, FakeWorld
from toolchain.deploy.releases.aliases import Move
from toolchain.deploy.releases.history import History
from toolchain.deploy.releases.pruning import KEPT_RELEASES, prune
from toolchain.deploy.releases.record import Release, ReleasedFunction, Result
from toolchain.deploy.releases.services import Alias

_HEALTH, _ME = "shop-dev-health", "shop-dev-me"


class _Stage:
    """A stage whose function `health` has been released many times, and `me` once."""

    def __init__(self, releases: int) -> None:
        self.services, self.world = FakeServices(), FakeWorld()
        self.functions = self.services.functions
        self.functions.publish(_ME, lambda _: None, "me 1")
        for number in range(1, releases + 1):
            version = self.functions.publish(_HEALTH, lambda _: None, f"health {number}")
            self.note(number, version)
        self.functions.functions[_HEALTH].aliases["live"] = Alias(version, "r")
        self.version = version

    def note(
        self, number: int, version: str, *, result: Result = "live", rollback_to: str | None = None
    ) -> None:
        """The record of a release of version `version`."""
        record = Release(
            id=f"20260131T{number:06}Z-000000",
            created="2026-01-31T12:00:00Z",
            who="ada",
            commit=None,
            is_dirty=False,
            result=result,
            api_url="https://api.example",
            functions={
                "health": ReleasedFunction(_HEALTH, version, "0" * 64),
                "me": ReleasedFunction(_ME, "1", "0" * 64),
            },
            rollback_to=rollback_to,
        )
        History(self.services.bucket).write(record)

    def prune(self) -> list[str]:
        """What is left of health's versions, after a release of its version."""
        move = Move("health", _HEALTH, "1", self.version, "r")
        prune(self.functions, History(self.services.bucket), [move], self.world.said.append)
        return self.functions.versions(_HEALTH)


def _numbers(first: int, last: int) -> list[str]:
    return [str(number) for number in range(first, last + 1)]


def test_versions_of_the_last_releases_are_kept() -> None:
    """A function that none of them has changed keeps its version, however old that is."""
    stage = _Stage(KEPT_RELEASES + 3)
    assert stage.prune() == _numbers(4, KEPT_RELEASES + 3)
    assert stage.functions.versions(_ME) == ["1"]
    assert stage.world.said == ["old versions deleted: 3; those of the last 20 releases are kept"]


def test_nothing_is_deleted_or_told_of_as_long_as_there_are_few() -> None:
    stage = _Stage(KEPT_RELEASES)
    assert stage.prune() == _numbers(1, KEPT_RELEASES)
    assert stage.world.said == []


def test_what_an_alias_points_to_is_kept() -> None:
    """Also an alias that is not ours."""
    stage = _Stage(KEPT_RELEASES + 3)
    stage.functions.functions[_HEALTH].aliases["theirs"] = Alias("2", "r")
    assert stage.prune() == ["2", *_numbers(4, KEPT_RELEASES + 3)]


def test_version_of_a_release_that_failed_is_deleted() -> None:
    stage = _Stage(2)
    failed = stage.functions.publish(_HEALTH, lambda _: None, "broken")
    stage.note(3, failed, result="failed")
    stage.version = stage.functions.publish(_HEALTH, lambda _: None, "mended")
    stage.note(4, stage.version)
    assert stage.prune() == ["1", "2", "4"]


def test_version_that_is_not_released_yet_is_kept() -> None:
    """Another deploy has published it, and waits until this one is over."""
    stage = _Stage(2)
    newer = stage.functions.publish(_HEALTH, lambda _: None, "newer")
    assert newer in stage.prune()


def test_rollbacks_do_not_count_as_releases() -> None:
    """Going back and forth drives no release out."""
    stage = _Stage(KEPT_RELEASES)
    for number in range(KEPT_RELEASES + 1, 2 * KEPT_RELEASES):
        stage.note(number, "1", rollback_to="20260131T000001Z-000000")
    assert stage.prune() == _numbers(1, KEPT_RELEASES)


@pytest.mark.parametrize("version", ["1", "3"])
def test_refusal_is_a_warning_and_stops_no_other(version: str) -> None:
    stage = _Stage(KEPT_RELEASES + 3)
    stage.functions.refuse.add((_HEALTH, version))
    assert stage.prune() == [version, *_numbers(4, KEPT_RELEASES + 3)]
    refusal = f"lambda:DeleteFunction {_HEALTH}:{version}: AccessDeniedException"
    assert stage.world.said == [
        "old versions deleted: 2; those of the last 20 releases are kept",
        f"warning: old versions could not be deleted: {refusal}",
    ]


def test_record_that_can_not_be_read_is_a_warning() -> None:
    """Then it is not known what to keep."""
    stage = _Stage(KEPT_RELEASES + 3)
    stage.services.bucket.objects["releases/20260130T000000Z-000000.json"] = b"{}"
    stage.services.bucket.objects["releases/20260132T000000Z-000000.json"] = b"{}"
    assert stage.prune() == _numbers(1, KEPT_RELEASES + 3)
    assert stage.world.said[0].startswith("warning: old versions could not be deleted: releases/20260132T")
