"""The lines that Lambda itself writes to a function's log.

https://docs.aws.amazon.com/lambda/latest/dg/python-logging.html
"""

import math
from typing import NamedTuple


def start(request_id: str, version: str = "$LATEST") -> str:
    return f"START RequestId: {request_id} Version: {version}"


def end(request_id: str) -> str:
    return f"END RequestId: {request_id}"


class Usage(NamedTuple):
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
    peak, init_ms = usage.peak_memory_mb, usage.init_ms
    line = (
        f"REPORT RequestId: {request_id}\tDuration: {usage.duration_ms:.2f} ms"
        f"\tBilled Duration: {usage.billed_ms} ms\tMemory Size: {usage.memory_mb} MB"
    )
    if peak is not None:
        line += f"\tMax Memory Used: {peak} MB"
    if init_ms is not None:
        line += f"\tInit Duration: {init_ms:.2f} ms"
    return "\t".join([line, *_status_fields(error_type)]) if error_type else line


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
