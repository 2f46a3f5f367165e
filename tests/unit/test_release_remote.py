"""Calls of deployed functions, and their logs."""

from typing import Any

import pytest

from tests.unit.release_fakes import TARGET, FakeFunctions, FakeLogs
from toolchain.deploy.releases.remote import (
    Call,
    Tail,
    check_answer,
    existing_log_groups,
    follow,
    invoke_remote,
    log_groups,
)
from toolchain.deploy.releases.services import Answer, LogEvent
from toolchain.errors import FunctionError, ReleaseError


@pytest.fixture
def functions() -> FakeFunctions:
    functions = FakeFunctions()
    functions.publish("shop-dev-health", lambda event: {"asked": event}, "1")

    def fail(_: dict[str, Any]) -> None:
        raise ValueError("no such column")

    functions.publish("shop-dev-health", fail, "2")
    return functions


def test_result_of_a_call(functions: FakeFunctions) -> None:
    answer = invoke_remote(functions, TARGET, Call("health", "live", {"a": 1}))
    assert answer == Answer(b'{"asked": {"a": 1}}', None, b"", "1")
    check_answer("health", answer)


def test_function_that_fails(functions: FakeFunctions) -> None:
    answer = invoke_remote(functions, TARGET, Call("health", "2", {}))
    with pytest.raises(FunctionError) as error:
        check_answer("health", answer)
    assert str(error.value) == "health failed: ValueError: no such column"


@pytest.mark.parametrize(
    ("name", "qualifier", "message"),
    [
        ("health", "9", "health has no version or alias 9 on stage dev (shop-dev-health:9)"),
        ("users", "live", "users is not deployed on stage dev"),
        ("helth", "live", "helth is not deployed on stage dev; did you mean 'health'?"),
    ],
)
def test_call_of_what_is_not_there(functions: FakeFunctions, name: str, qualifier: str, message: str) -> None:
    with pytest.raises(ReleaseError) as error:
        invoke_remote(functions, TARGET, Call(name, qualifier, {}), ["health", "things"])
    assert str(error.value) == message


def test_logs_of_what_is_not_there(functions: FakeFunctions) -> None:
    assert log_groups(functions, TARGET, ["health"]) == {"health": "/aws/lambda/shop-dev-health"}
    with pytest.raises(ReleaseError) as error:
        log_groups(functions, TARGET, ["health", "users", "helth", "things"], ["health", "things"])
    assert error.value.problems == (
        "helth is not deployed on stage dev; did you mean 'health'?",
        "things is not deployed on stage dev; `invoke deploy --stage dev` deploys it",
        "users is not deployed on stage dev",
    )


def test_logs_of_all_functions(functions: FakeFunctions) -> None:
    """One that is not deployed yet hides none of the others."""
    found = existing_log_groups(functions, TARGET, ["health", "users"])
    assert found == {"health": "/aws/lambda/shop-dev-health"}
    with pytest.raises(ReleaseError) as error:
        existing_log_groups(functions, TARGET, ["users"])
    assert str(error.value) == (
        "no function is deployed on stage dev; `invoke deploy --stage dev` deploys them"
    )


def _event(time_ms: int, message: str) -> LogEvent:
    return LogEvent(f"id-{message}", time_ms, "stream", message)


def test_following_logs_gives_every_event_once_and_in_order() -> None:
    """Of all functions; also of events that CloudWatch shows late, and of several at one moment."""
    logs = FakeLogs({"a": [_event(2_000, "a2"), _event(1_000, "a1")], "b": [_event(1_500, "b1")]})
    arriving = [
        [],
        [("a", _event(100_000, "a3")), ("a", _event(100_000, "a4")), ("b", _event(99_000, "b2"))],
        [("a", _event(90_000, "late")), ("a", _event(100_001, "a5"))],
        [("a", _event(1_000, "far too late"))],
    ]

    def go_on() -> bool:
        for name, event in arriving.pop(0) if arriving else []:
            logs.groups[name].append(event)
        return bool(arriving)

    tails = {name: Tail(logs, name, 0) for name in ("a", "b")}
    found = list(follow(tails, go_on=go_on, sleep=lambda _: None))
    assert [f"{name} {event.message}" for name, event in found] == [
        "a a1",
        "b b1",
        "a a2",
        "b b2",
        "a a3",
        "a a4",
        "a late",
        "a a5",
    ]
    assert tails["a"].since_ms == 80_001


def test_log_that_nothing_was_written_to() -> None:
    assert list(follow({"a": Tail(FakeLogs(), "a", 0)}, go_on=lambda: False)) == []
