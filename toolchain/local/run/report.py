"""The lines that Lambda itself writes to a function's log.

https://docs.aws.amazon.com/lambda/latest/dg/python-logging.html
"""

import math
from dataclasses import dataclass


def start(request_id: str, version: str = "$LATEST") -> str:
    return f"START RequestId: {request_id} Version: {version}"


def end(request_id: str) -> str:
    return f"END RequestId: {request_id}"


@dataclass(frozen=True, slots=True)
class Usage:
    """What an invocation took.

    `init_ms` is None for an instance that was there already; the peak is unknown if the process was gone
    before it could be measured.
    """

    duration_ms: float
    init_ms: float | None
    memory_mb: int
    peak_memory_mb: int | None

    @property
    def billed_ms(self) -> int:
        """Lambda bills whole milliseconds, the import included."""
        return math.ceil(self.duration_ms + (self.init_ms or 0))


def summary(request_id: str, usage: Usage, error_type: str | None) -> str:
    """The REPORT line.

    It tells the status of an invocation that the runtime did not answer; an exception of the function is an
    answer.
    """
    peak = usage.peak_memory_mb
    fields = [
        f"REPORT RequestId: {request_id}",
        f"Duration: {usage.duration_ms:.2f} ms",
        f"Billed Duration: {usage.billed_ms} ms",
        f"Memory Size: {usage.memory_mb} MB",
        *([f"Max Memory Used: {peak} MB"] if peak is not None else []),
        *([f"Init Duration: {usage.init_ms:.2f} ms"] if usage.init_ms is not None else []),
        *_status_fields(error_type),
    ]
    return "\t".join(fields)


def failed_init(duration_ms: float, error_type: str | None) -> str:
    """The INIT_REPORT line: Lambda writes it when an instance does not come up."""
    fields = [f"INIT_REPORT Init Duration: {duration_ms:.2f} ms", "Phase: init"]
    status = ["Status: timeout"] if error_type == "Sandbox.Timedout" else ["Status: error"]
    return "\t".join(
        [*fields, *status, *([f"Error Type: {error_type}"] if status == ["Status: error"] else [])]
    )


def _status_fields(error_type: str | None) -> list[str]:
    match error_type:
        case "Sandbox.Timedout":
            return ["Status: timeout"]
        case "Runtime.ExitError" | "Runtime.OutOfMemory":
            return ["Status: error", f"Error Type: {error_type}"]
        case _:
            return []
