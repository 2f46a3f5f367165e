"""Checks new versions before any alias points to them: what fails here, no user has seen."""

import json
import re
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from toolchain.deploy.releases.probes import parse_answer
from toolchain.deploy.releases.services import Answer, Functions, Version
from toolchain.errors import AwsError, EventError, ReleaseError

_AT_ONCE = 8
# A version in a VPC waits for its network interface. Inactive ones wake when they are called.
_READY_SECONDS = 180
_STEP_SECONDS = 1.0
# What a version needs may be on its way: Aurora resumes in 15 s, and RDS Proxy connects some time after its
# secrets have been filled. Code that is broken answers otherwise.
_UNAVAILABLE = 503
_UNAVAILABLE_SECONDS = 60
_PAUSE_SECONDS = 5.0
_READY = ("Active", "Inactive")
# https://docs.aws.amazon.com/lambda/latest/dg/troubleshooting-invocation.html
_NOT_IMPORTED = ("Runtime.ImportModuleError", "Runtime.UserCodeSyntaxError", "Runtime.HandlerNotFound")
# https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html#runtimes-lifecycle-ib
_FAILED_INIT = re.compile(rb"^INIT_REPORT [^\n]*\tStatus: error\b", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class VersionCheck:
    """A request to one version of a function."""

    function_name: str
    version: str
    route_key: str
    event: Mapping[str, Any]


def ready_versions(
    functions: Functions,
    versions: Mapping[str, tuple[str, str]],
    sleep: Callable[[float], None] = time.sleep,
) -> dict[str, Version]:
    """Wait until the versions can be called, and give them; `versions` are function name and number, by name.

    Raises ReleaseError with those that do not exist, have failed, or take too long.
    """
    with ThreadPoolExecutor(_AT_ONCE) as threads:
        found = list(threads.map(lambda one: _wait(functions, one[0], one[1], sleep), versions.values()))
    if problems := [one for one in found if isinstance(one, str)]:
        raise ReleaseError(problems)
    ready = [one for one in found if isinstance(one, Version)]
    return dict(zip(versions, ready, strict=True))


def check_versions(
    functions: Functions, checks: Sequence[VersionCheck], sleep: Callable[[float], None] = time.sleep
) -> None:
    """Send each its request. Raises ReleaseError with those that did not answer with less than 400."""
    _collect(checks, lambda one: _check(functions, one, sleep))


def check_starts(functions: Functions, checks: Sequence[VersionCheck]) -> None:
    """Send each its request. Raises ReleaseError with those that can't be started; any answer will do."""
    _collect(checks, lambda one: _start(functions, one))


def _collect(checks: Sequence[VersionCheck], check: Callable[[VersionCheck], str | None]) -> None:
    """Make all checks; raises ReleaseError with what they found."""
    with ThreadPoolExecutor(_AT_ONCE) as threads:
        problems = [problem for problem in threads.map(check, checks) if problem]
    if problems:
        raise ReleaseError(problems)


def _wait(functions: Functions, function: str, number: str, sleep: Callable[[float], None]) -> Version | str:
    waited = 0.0
    while version := functions.version(function, number):
        if version.state in _READY:
            return version
        if version.state == "Failed" or waited >= _READY_SECONDS:
            return f"{function}: version {number} is {version.state} after {waited:.0f} s: {version.reason}"
        sleep(_STEP_SECONDS)
        waited += _STEP_SECONDS
    return f"{function}: version {number} is gone"


def _check(functions: Functions, check: VersionCheck, sleep: Callable[[float], None]) -> str | None:
    """What is wrong, if it stays wrong."""
    waited = 0.0
    while True:
        status, problem = _ask(functions, check)
        if status != _UNAVAILABLE or waited >= _UNAVAILABLE_SECONDS:
            return problem
        sleep(_PAUSE_SECONDS)
        waited += _PAUSE_SECONDS


def _ask(functions: Functions, check: VersionCheck) -> tuple[int, str | None]:
    """The status, 0 without one, and what is wrong with it."""
    where = f"{check.function_name}:{check.version} {check.route_key}"
    try:
        answer = functions.invoke(check.function_name, check.version, json.dumps(check.event).encode())
        if answer is None:
            return 0, f"{where}: the version is gone"
        if answer.error:
            return 0, f"{where}: it failed: {_failure(answer.payload)}"
        status = parse_answer(answer.payload)
    except (AwsError, EventError) as error:
        return 0, f"{where}: {error}"
    return status, None if status < 400 else f"{where}: it answered {status}"


def _start(functions: Functions, check: VersionCheck) -> str | None:
    """What is wrong with a version that does not come up. A call that AWS refuses says nothing of it."""
    try:
        answer = functions.invoke(check.function_name, check.version, json.dumps(check.event).encode())
    except AwsError:
        return None
    if answer is None or not answer.error or not _has_failed_to_start(answer):
        return None
    return f"{check.function_name}:{check.version}: it can't be started: {_failure(answer.payload)}"


def _has_failed_to_start(answer: Answer) -> bool:
    """Whether it failed before its handler was called: Python's runtime then has no request to name."""
    failure = json.loads(answer.payload)
    is_of_runtime = failure.get("errorType") in _NOT_IMPORTED or failure.get("requestId") == ""
    return is_of_runtime or bool(_FAILED_INIT.search(answer.log_tail))


def _failure(payload: bytes) -> str:
    """`ValueError: the message`, on one line."""
    failure = json.loads(payload)
    parts = [failure.get("errorType"), failure.get("errorMessage")]
    return " ".join(": ".join(str(part) for part in parts if part).split())
