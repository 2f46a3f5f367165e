"""How a request ends, in Lambda's words.

The function's own results and errors are made by awslambdaric. These are the ones that the service makes
when there is nobody left to answer.
https://docs.aws.amazon.com/lambda/latest/dg/troubleshooting-invocation.html
"""

import signal
from datetime import datetime
from typing import NamedTuple

import orjson

from toolchain.local.run.invocation import exit_reason
from toolchain.local.workers.child.frames import Kind


class Outcome(NamedTuple):
    """`error_type` is not told of errors that the handler raised; `note` is what the service logs then."""

    payload: bytes
    failed: bool = False
    error_type: str | None = None
    note: str = ""


def answered(kind: int, body: bytes) -> Outcome:
    """The runtime's own answer."""
    return Outcome(body, failed=kind != Kind.RESULT)


def not_imported(body: bytes) -> Outcome:
    """The runtime's own words about a handler that it could not import."""
    return Outcome(body, failed=True, error_type=orjson.loads(body)["errorType"])


def timed_out(request_id: str, seconds: float, now: datetime) -> Outcome:
    message = f"{_iso(now)} {request_id} Task timed out after {seconds:.2f} seconds"
    return _failure("Sandbox.Timedout", message, f"{message}\n\n")


def exited(request_id: str, status: int) -> Outcome:
    """`status` as in subprocess.Popen.returncode."""
    return _ended(request_id, "Runtime.ExitError", exit_reason(status))


def out_of_memory(request_id: str) -> Outcome:
    return _ended(request_id, "Runtime.OutOfMemory", exit_reason(-signal.SIGKILL))


def cannot_run(request_id: str, problem: str) -> Outcome:
    """As Lambda says it of a program for another processor."""
    return _ended(request_id, "Runtime.InvalidEntrypoint", problem)


def _ended(request_id: str, error_type: str, reason: str) -> Outcome:
    message = f"RequestId: {request_id} Error: {reason}"
    return _failure(error_type, message, f"{message}\n{error_type}\n")


def _failure(error_type: str, message: str, note: str) -> Outcome:
    payload = orjson.dumps({"errorType": error_type, "errorMessage": message})
    return Outcome(payload, failed=True, error_type=error_type, note=note)


def _iso(now: datetime) -> str:
    return f"{now:%Y-%m-%dT%H:%M:%S}.{now.microsecond // 1000:03}Z"
