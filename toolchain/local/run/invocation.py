"""One invocation as the Lambda service conducts it: the import, the event, the timeout, the log lines."""

import base64
import signal
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Protocol

from toolchain.local.run import report
from toolchain.local.run.process import ProcessEndedError

INIT_TIMEOUT_SECONDS = 10
"""Lambda gives the import that long before it counts it to the invocation.
https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html"""


@dataclass(frozen=True, slots=True)
class Invocation:
    """What the function's process is told."""

    event: Mapping[str, Any]
    request_id: str
    function_arn: str
    timeout_seconds: int
    debug: bool = False


@dataclass(frozen=True, slots=True)
class Failure:
    """Why there is no result. `error_type` is an exception's name, or Lambda's word for what happened."""

    error_type: str
    message: str
    traceback: str | None = None
    missing_module: str | None = None


class Process(Protocol):
    """What is needed of FunctionProcess."""

    def send(self, message: Mapping[str, Any]) -> None: ...
    def receive(self, timeout_seconds: float | None) -> dict[str, Any]: ...
    def peak_memory_mb(self) -> int | None: ...


def invoke(
    process: Process,
    invocation: Invocation,
    *,
    memory_mb: int,
    log: Callable[[str], None],
    clock: Callable[[], float] = time.perf_counter,
) -> bytes | Failure:
    """The result, or the failure; `log` gets Lambda's START, END and REPORT lines.

    A result is JSON, unless the handler returned bytes.
    """
    started = clock()
    init_limit = max(INIT_TIMEOUT_SECONDS, invocation.timeout_seconds)
    answer = _answer(process, invocation, init_limit)
    ready = clock()
    log(report.start(invocation.request_id))
    if "ready" in answer:
        process.send(asdict(invocation))
        answer = _answer(process, invocation, invocation.timeout_seconds)
    ended = clock()
    failure = Failure(**answer["failure"]) if "failure" in answer else None
    if failure and failure.traceback:
        log(failure.traceback.rstrip("\n"))
    log(report.end(invocation.request_id))
    usage = report.Usage(
        (ended - ready) * 1000, (ready - started) * 1000, memory_mb, answer["peak_memory_mb"]
    )
    log(report.summary(invocation.request_id, usage, failure.error_type if failure else None))
    return failure or base64.b64decode(answer["result"])


def _answer(process: Process, invocation: Invocation, timeout_seconds: float) -> dict[str, Any]:
    """The next message of the process, or a failure in its place."""
    try:
        return process.receive(None if invocation.debug else timeout_seconds)
    except TimeoutError:
        failure = Failure("Sandbox.Timedout", f"Task timed out after {timeout_seconds:.2f} seconds")
        return {"failure": asdict(failure), "peak_memory_mb": process.peak_memory_mb()}
    except ProcessEndedError as end:
        failure = Failure("Runtime.ExitError", exit_reason(end.status))
        return {"failure": asdict(failure), "peak_memory_mb": None}


def exit_reason(status: int) -> str:
    """Lambda's wording: `Runtime exited with error: signal: killed`."""
    if status == 0:
        return "Runtime exited without providing a reason"
    if status < 0:
        return f"Runtime exited with error: signal: {(signal.strsignal(-status) or str(-status)).lower()}"
    return f"Runtime exited with error: exit status {status}"
