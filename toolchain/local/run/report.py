"""The lines that Lambda itself writes to a function's log.

https://docs.aws.amazon.com/lambda/latest/dg/python-logging.html
"""

import math
from dataclasses import dataclass


def start(request_id: str) -> str:
    return f"START RequestId: {request_id} Version: $LATEST"


def end(request_id: str) -> str:
    return f"END RequestId: {request_id}"


@dataclass(frozen=True, slots=True)
class Usage:
    """What an invocation took; its peak is unknown if the process was gone before it could be measured."""

    duration_ms: float
    init_ms: float
    memory_mb: int
    peak_memory_mb: int | None


def summary(request_id: str, usage: Usage, error_type: str | None) -> str:
    """The REPORT line.

    Lambda bills whole milliseconds, the import included. It tells the status of an invocation that the
    runtime did not answer; an exception of the function is an answer.
    """
    peak = usage.peak_memory_mb
    fields = [
        f"REPORT RequestId: {request_id}",
        f"Duration: {usage.duration_ms:.2f} ms",
        f"Billed Duration: {math.ceil(usage.duration_ms + usage.init_ms)} ms",
        f"Memory Size: {usage.memory_mb} MB",
        *([f"Max Memory Used: {peak} MB"] if peak is not None else []),
        f"Init Duration: {usage.init_ms:.2f} ms",
        *_status_fields(error_type),
    ]
    return "\t".join(fields)


def _status_fields(error_type: str | None) -> list[str]:
    match error_type:
        case "Sandbox.Timedout":
            return ["Status: timeout"]
        case "Runtime.ExitError":
            return ["Status: error", "Error Type: Runtime.ExitError"]
        case _:
            return []
