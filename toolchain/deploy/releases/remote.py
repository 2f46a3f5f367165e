"""Calls a deployed function, and reads what deployed functions have logged."""

import heapq
import json
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from toolchain.deploy.releases.services import Answer, Functions, LogEvent, Logs
from toolchain.deploy.releases.target import Target
from toolchain.errors import FunctionError, ReleaseError
from toolchain.manifest.names import did_you_mean

# CloudWatch shows some events late, and then among earlier ones.
_LATE_MS = 20_000
_POLL_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Call:
    """A function, by its name in the manifests, a version or alias of it, and the event."""

    name: str
    qualifier: str
    event: dict[str, Any]


def invoke_remote(functions: Functions, target: Target, call: Call, known: Collection[str] = ()) -> Answer:
    """Call, and wait for the result; `known` are the functions of the checkout.

    Raises ReleaseError when the stage has no such function or version.
    """
    function = target.function_name(call.name)
    answer = functions.invoke(function, call.qualifier, json.dumps(call.event).encode())
    if answer is None:
        if functions.log_group(function) is None:
            raise ReleaseError(_missing(call.name, target, known))
        missing = f"has no version or alias {call.qualifier}"
        raise ReleaseError(f"{call.name} {missing} on stage {target.stage} ({function}:{call.qualifier})")
    return answer


def check_answer(name: str, answer: Answer) -> None:
    """Raises FunctionError when the function failed: its type of error, and its message."""
    if not answer.error:
        return
    failure = json.loads(answer.payload)
    parts = (
        [failure.get("errorType"), failure.get("errorMessage")] if isinstance(failure, dict) else [failure]
    )
    raise FunctionError(f"{name} failed: {': '.join(str(part) for part in parts if part)}")


def log_groups(
    functions: Functions, target: Target, names: Sequence[str], known: Collection[str] = ()
) -> dict[str, str]:
    """Where the functions log, by name; `known` are those of the checkout.

    Raises ReleaseError with those that are not deployed.
    """
    found = _log_groups(functions, target, names)
    if missing := sorted(set(names) - found.keys()):
        raise ReleaseError([_missing(name, target, known) for name in missing])
    return found


def existing_log_groups(functions: Functions, target: Target, names: Sequence[str]) -> dict[str, str]:
    """Where those of the functions log that are deployed. Raises ReleaseError when none is."""
    groups = _log_groups(functions, target, names)
    if not groups:
        stage = target.stage
        raise ReleaseError(
            f"no function is deployed on stage {stage}; `invoke deploy --stage {stage}` deploys them"
        )
    return groups


def _missing(name: str, target: Target, known: Collection[str]) -> str:
    """`helth is not deployed on stage dev; did you mean 'health'?`."""
    said = f"{name} is not deployed on stage {target.stage}"
    if name in known:
        return f"{said}; `invoke deploy --stage {target.stage}` deploys it"
    return "; ".join(filter(None, [said, did_you_mean(name, known)]))


def _log_groups(functions: Functions, target: Target, names: Sequence[str]) -> dict[str, str]:
    found = {name: functions.log_group(target.function_name(name)) for name in names}
    return {name: group for name, group in found.items() if group}


@dataclass
class Tail:
    """Reads the end of a log again and again: every event once, in order as far as that is known."""

    logs: Logs
    group: str
    since_ms: int
    _seen: dict[str, int] = field(default_factory=dict)

    def read(self) -> list[LogEvent]:
        """What is new."""
        new = [event for event in self.logs.events(self.group, self.since_ms) if event.id not in self._seen]
        self._seen |= {event.id: event.time_ms for event in new}
        if self._seen:
            self.since_ms = max(self.since_ms, max(self._seen.values()) - _LATE_MS)
            self._seen = {id_: time_ms for id_, time_ms in self._seen.items() if time_ms >= self.since_ms}
        return sorted(new, key=lambda event: event.time_ms)


def follow(
    tails: dict[str, Tail], *, go_on: Callable[[], bool], sleep: Callable[[float], None] = time.sleep
) -> Iterator[tuple[str, LogEvent]]:
    """New events of all logs, with the name of each log; once, and then every second while it goes on."""
    while True:
        batches = [[(event.time_ms, name, event) for event in tail.read()] for name, tail in tails.items()]
        for _, name, event in heapq.merge(*batches, key=lambda item: item[0]):
            yield name, event
        if not go_on():
            return
        sleep(_POLL_SECONDS)
