"""How an invocation goes, and what Lambda's own log lines and error types say about it."""

import base64
from collections.abc import Mapping
from typing import Any

import pytest

from toolchain.local.run.invocation import Failure, Invocation, invoke
from toolchain.local.run.process import ProcessEndedError

INVOCATION = Invocation({"a": 1}, request_id="id-1", function_arn="arn:f", timeout_seconds=4)
READY = {"ready": True}
REPORT = "REPORT RequestId: id-1"
MEMORY = "\tMemory Size: 128 MB\tMax Memory Used: 16 MB"


class FakeProcess:
    """Answers in turn; an answer that takes longer than it is waited for is a TimeoutError.

    `seconds` are those until each answer; an exit status stands for a process that ends instead.
    """

    def __init__(self, *answers: tuple[float, dict[str, Any] | int]) -> None:
        self._answers = list(answers)
        self.now = 0.0
        self.sent: list[Mapping[str, Any]] = []

    def send(self, message: Mapping[str, Any]) -> None:
        self.sent.append(message)

    def receive(self, timeout_seconds: float | None) -> dict[str, Any]:
        seconds, answer = self._answers.pop(0)
        if timeout_seconds is not None and seconds > timeout_seconds:
            self.now += timeout_seconds
            raise TimeoutError
        self.now += seconds
        if isinstance(answer, int):
            raise ProcessEndedError(answer)
        return answer

    def peak_memory_mb(self) -> int | None:
        return 17

    def clock(self) -> float:
        return self.now


def _invoke(process: FakeProcess, invocation: Invocation = INVOCATION) -> tuple[bytes | Failure, list[str]]:
    log: list[str] = []
    outcome = invoke(process, invocation, memory_mb=128, log=log.append, clock=process.clock)
    return outcome, log


def _failed(error_type: str, message: str, **details: str | None) -> dict[str, Any]:
    failure = {"error_type": error_type, "message": message, "traceback": None, "missing_module": None}
    return {"failure": failure | details, "peak_memory_mb": 16}


def encoded(result: str) -> str:
    """As the process sends a result."""
    return base64.b64encode(result.encode()).decode()


def test_result() -> None:
    """The process gets the event once it is ready; the import is not part of the duration, but is billed."""
    process = FakeProcess((0.15, READY), (0.00125, {"result": encoded('{"b": 2}'), "peak_memory_mb": 16}))
    assert _invoke(process) == (
        b'{"b": 2}',
        [
            "START RequestId: id-1 Version: $LATEST",
            "END RequestId: id-1",
            f"{REPORT}\tDuration: 1.25 ms\tBilled Duration: 152 ms{MEMORY}\tInit Duration: 150.00 ms",
        ],
    )
    assert process.sent == [
        {
            "event": {"a": 1},
            "request_id": "id-1",
            "function_arn": "arn:f",
            "timeout_seconds": 4,
            "debug": False,
        }
    ]


def test_exception_of_the_handler() -> None:
    """Its traceback is in the log, between START and END."""
    answer = _failed("ValueError", "no", traceback="Traceback ...\nValueError: no\n")
    assert _invoke(FakeProcess((0.1, READY), (0.001, answer))) == (
        Failure("ValueError", "no", "Traceback ...\nValueError: no\n"),
        [
            "START RequestId: id-1 Version: $LATEST",
            "Traceback ...\nValueError: no",
            "END RequestId: id-1",
            f"{REPORT}\tDuration: 1.00 ms\tBilled Duration: 101 ms{MEMORY}\tInit Duration: 100.00 ms",
        ],
    )


def test_failing_import_is_not_sent_an_event() -> None:
    answer = _failed("Runtime.ImportModuleError", "Unable to ...", missing_module="yaml")
    process = FakeProcess((0.1, answer))
    outcome, log = _invoke(process)
    assert outcome == Failure("Runtime.ImportModuleError", "Unable to ...", None, "yaml")
    assert log[-1] == (
        f"{REPORT}\tDuration: 0.00 ms\tBilled Duration: 100 ms{MEMORY}\tInit Duration: 100.00 ms"
    )
    assert process.sent == []


@pytest.mark.parametrize(
    ("answers", "message"),
    [
        ([(0.1, READY), (4.01, {})], "Task timed out after 4.00 seconds"),
        ([(10.01, {})], "Task timed out after 10.00 seconds"),
    ],
)
def test_timeout(answers: list[tuple[float, dict[str, Any]]], message: str) -> None:
    """Of the function; the import has Lambda's ten seconds."""
    outcome, log = _invoke(FakeProcess(*answers))
    assert outcome == Failure("Sandbox.Timedout", message)
    assert log[-1].endswith("\tStatus: timeout")
    assert "\tMax Memory Used: 17 MB\t" in log[-1]


def test_slow_import_has_the_functions_timeout_if_that_is_longer() -> None:
    slow = Invocation({}, request_id="id-1", function_arn="arn:f", timeout_seconds=60)
    outcome, _ = _invoke(FakeProcess((50, READY), (59, {"result": encoded("1"), "peak_memory_mb": 1})), slow)
    assert outcome == b"1"


def test_no_timeout_under_a_debugger() -> None:
    debugged = Invocation({}, request_id="id-1", function_arn="arn:f", timeout_seconds=4, debug=True)
    outcome, _ = _invoke(
        FakeProcess((50, READY), (500, {"result": encoded("1"), "peak_memory_mb": 1})), debugged
    )
    assert outcome == b"1"


@pytest.mark.parametrize(
    ("status", "message"),
    [
        (0, "Runtime exited without providing a reason"),
        (3, "Runtime exited with error: exit status 3"),
        (-9, "Runtime exited with error: signal: killed"),
        (-11, "Runtime exited with error: signal: segmentation fault"),
    ],
)
def test_process_that_ends_instead_of_answering(status: int, message: str) -> None:
    """In Lambda's words; its memory can't be measured any more."""
    outcome, log = _invoke(FakeProcess((0.1, READY), (0.002, status)))
    assert outcome == Failure("Runtime.ExitError", message)
    assert log[-1] == (
        "REPORT RequestId: id-1\tDuration: 2.00 ms\tBilled Duration: 102 ms\tMemory Size: 128 MB"
        "\tInit Duration: 100.00 ms\tStatus: error\tError Type: Runtime.ExitError"
    )
