"""One release at a time."""

import json
import threading
from collections.abc import Callable

import pytest

from tests.unit.release_fakes import FakeBucket
from toolchain.deploy.releases.lock import KEY, Holder, Timing, exclusive
from toolchain.errors import ReleaseError

_ADA = Holder("deploy", "ada", "2026-01-31T12:00:00Z", "laptop", 4711)
_BOB = Holder("rollback", "bob", "2026-01-31T12:00:01Z", "desktop", 42)
_ADA_AGAIN = Holder("deploy", "ada", "2026-01-31T12:00:02Z", "laptop", 4712)
_TIMING = Timing(beat=0.02, lease=0.3, look=0.01)


def _alive(_: Holder) -> bool:
    return True


def _dead(_: Holder) -> bool:
    return False


def _take(bucket: FakeBucket, holder: Holder, is_alive: Callable[[Holder], bool] = _alive) -> str:
    """Take the lock and give it back; who held it meanwhile."""
    with exclusive(bucket, holder, is_alive=is_alive, timing=_TIMING):
        return str(json.loads(bucket.objects[KEY])["holder"]["who"])


def _left_by(holder: Holder) -> FakeBucket:
    """A bucket with the lock of somebody who gives no sign of life."""
    document = {"holder": {name: getattr(holder, name) for name in Holder.__slots__}, "beat": 3}
    return FakeBucket({KEY: json.dumps(document).encode()})


def test_lock_goes_from_one_to_the_next() -> None:
    bucket = FakeBucket()
    assert [_take(bucket, one) for one in (_ADA, _BOB, _ADA_AGAIN)] == ["ada", "bob", "ada"]


def test_somebody_elsewhere_who_lives_is_named() -> None:
    """Their lock changes while it is watched."""
    bucket = FakeBucket()
    said: list[str] = []
    with (
        exclusive(bucket, _ADA, is_alive=_alive, timing=_TIMING),
        pytest.raises(ReleaseError) as error,
        exclusive(bucket, _BOB, is_alive=_dead, timing=_TIMING, say=said.append),
    ):
        pass
    assert str(error.value) == (
        "a deploy of ada is releasing since 2026-01-31T12:00:00Z (process 4711); wait until it is over"
    )
    assert said == ["a deploy of ada is releasing since 2026-01-31T12:00:00Z; waiting 0 s for a sign of life"]


def test_process_of_this_machine_that_lives_is_named_at_once() -> None:
    bucket = _left_by(_ADA)
    with pytest.raises(ReleaseError) as error:
        _take(bucket, _ADA_AGAIN, _alive)
    assert "a deploy of ada is releasing" in str(error.value)


def test_lock_of_a_process_that_is_gone_is_taken_at_once() -> None:
    assert _take(_left_by(_ADA), _ADA_AGAIN, _dead) == "ada"


def test_lock_without_a_sign_of_life_is_taken_after_the_lease() -> None:
    """From another machine, whose processes can't be looked at."""
    assert _take(_left_by(_ADA), _BOB) == "bob"


def test_of_many_at_once_one_gets_it() -> None:
    bucket = FakeBucket()
    together, over = threading.Barrier(8), threading.Event()
    held: list[int] = []
    refusals: list[str] = []

    def run(number: int) -> None:
        holder = Holder("deploy", f"user {number}", "now", "laptop", number)
        together.wait()
        try:
            with exclusive(bucket, holder, is_alive=_alive, timing=_TIMING):
                held.append(number)
                over.wait(10)
        except ReleaseError as error:
            refusals.append(str(error))
            if len(refusals) == 7:
                over.set()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    [winner] = held
    refusal = f"a deploy of user {winner} is releasing since now (process {winner}); wait until it is over"
    assert refusals == [refusal] * 7


def test_holder_that_was_stopped_for_too_long_does_not_go_on() -> None:
    bucket = FakeBucket()
    with exclusive(bucket, _ADA, is_alive=_alive, timing=_TIMING) as lock:
        lock.ensure_held()
        bucket.objects[KEY] = _left_by(_BOB).objects[KEY]
        with pytest.raises(ReleaseError, match="another release has begun"):
            lock.ensure_held()
    assert json.loads(bucket.objects[KEY])["holder"]["who"] == "bob"
