"""What `up` says of functions that fail."""

import json

from toolchain.local.up.failures import Failures


def error(kind: str, message: str) -> bytes:
    return json.dumps({"errorType": kind, "errorMessage": message}).encode()


def test_each_function_is_named_once_a_second() -> None:
    said: list[str] = []
    now = 100.0
    failures = Failures(said.append, lambda: now)
    failures.failed("get_me", error("KeyError", "'X'"))
    failures.failed("get_me", error("KeyError", "'X'"))
    failures.answered("GET /users", "list_users", 503)
    now += 1
    failures.failed("get_me", error("Runtime.ExitError", ""))
    assert said == [
        "get_me failed: KeyError: 'X'; see `invoke logs get_me`",
        "list_users answered GET /users with 503; see `invoke logs list_users`",
        "get_me failed: Runtime.ExitError; see `invoke logs get_me`",
    ]


def test_the_terminal_gets_one_short_line() -> None:
    said: list[str] = []
    Failures(said.append).failed("get_me", error("ValueError", "a\nb\x1b[2J" + "c" * 1000))
    [line] = said
    assert line.startswith("get_me failed: ValueError: a b [2Jccc")
    assert line.endswith("ccc...; see `invoke logs get_me`")
    assert len(line) < 300
