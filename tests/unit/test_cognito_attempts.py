"""How often passwords and codes may be tried, and codes sent."""

from dataclasses import replace

import pytest

from tests.unit.cognito_fakes import USER, Clock
from toolchain.local.cognito.attempts import Limits, Lockout
from toolchain.local.cognito.errors import LimitExceededError, NotAuthorizedError


@pytest.mark.parametrize(("failures", "seconds"), [(4, 0), (5, 1), (6, 2), (10, 32), (15, 900), (40, 900)])
def test_lockout_doubles_up_to_fifteen_minutes(failures: int, seconds: int) -> None:
    clock = Clock()
    lockout = Lockout(clock)
    for _ in range(failures):
        lockout.fail(USER)
    clock.now += max(0, seconds - 0.5)
    if seconds:
        with pytest.raises(NotAuthorizedError, match="Password attempts exceeded"):
            lockout.check(USER)
    clock.now += 0.5
    lockout.check(USER)


def test_lockout_is_forgotten_after_fifteen_quiet_minutes() -> None:
    clock = Clock()
    lockout = Lockout(clock)
    for _ in range(9):
        lockout.fail(USER)
    clock.now += 901
    lockout.fail(USER)
    lockout.check(USER)


@pytest.mark.parametrize("moved_seconds", [-86_400.0, -901.0])
def test_lockout_ends_though_the_clock_was_put_back(moved_seconds: float) -> None:
    """At once, rather than when the clock is there again; and the next mistake is the first."""
    clock = Clock(1_000_000.0)
    lockout = Lockout(clock)
    for _ in range(15):
        lockout.fail(USER)
    clock.now += moved_seconds
    lockout.check(USER)
    lockout.fail(USER)
    lockout.check(USER)


def test_a_step_back_does_not_end_a_lockout() -> None:
    """Clocks are corrected by parts of a second all the time."""
    clock = Clock()
    lockout = Lockout(clock)
    for _ in range(6):
        lockout.fail(USER)
    clock.now -= 0.5
    with pytest.raises(NotAuthorizedError):
        lockout.check(USER)


@pytest.mark.parametrize("moved_seconds", [-3600.0, -86_400.0, 3600.0])
def test_limits_end_when_the_clock_was_moved(moved_seconds: float) -> None:
    clock = Clock(1_000_000.0)
    limits = Limits(clock)
    for _ in range(20):
        limits.count_code(USER, "sign_up")
        limits.count_guess(USER, "sign_up")
    clock.now += moved_seconds
    limits.check_guesses(USER, "sign_up")
    limits.count_code(USER, "sign_up")


def test_limits_forget_what_no_longer_matters() -> None:
    """A million sign-ups leave no trace; within the hour, all count."""
    clock = Clock()
    limits = Limits(clock)
    for number in range(25_000):
        clock.now += 1
        limits.count_code(replace(USER, username=f"user{number}"), "sign_up")
    for _ in range(19):
        limits.count_code(replace(USER, username="user24999"), "sign_up")
    with pytest.raises(LimitExceededError):
        limits.count_code(replace(USER, username="user24999"), "sign_up")
    assert len(limits._times) < 10_000  # noqa: SLF001  what is not kept can't be seen otherwise
