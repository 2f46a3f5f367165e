"""How requests end, in Lambda's words."""

import json
import signal
from datetime import UTC, datetime

import pytest

from toolchain.local.run import report
from toolchain.local.workers import outcomes
from toolchain.local.workers.child.frames import Kind
from toolchain.local.workers.outcomes import Outcome

_ID = "8f3c1e4a-1111-4222-8333-944445555666"
_NOW = datetime(2026, 2, 3, 4, 5, 6, 789_000, UTC)


def test_answers_are_the_runtimes() -> None:
    assert outcomes.answered(Kind.RESULT, b'{"a":1}') == Outcome(b'{"a":1}')
    assert outcomes.answered(Kind.ERROR, b"{}") == Outcome(b"{}", failed=True)


def test_import_error() -> None:
    body = b'{"errorType":"Runtime.ImportModuleError","errorMessage":"..."}'
    assert outcomes.not_imported(body) == Outcome(body, failed=True, error_type="Runtime.ImportModuleError")


@pytest.mark.parametrize(
    ("outcome", "error_type", "message", "note"),
    [
        (
            outcomes.timed_out(_ID, 3, _NOW),
            "Sandbox.Timedout",
            f"2026-02-03T04:05:06.789Z {_ID} Task timed out after 3.00 seconds",
            f"2026-02-03T04:05:06.789Z {_ID} Task timed out after 3.00 seconds\n\n",
        ),
        (
            outcomes.exited(_ID, 3),
            "Runtime.ExitError",
            f"RequestId: {_ID} Error: Runtime exited with error: exit status 3",
            f"RequestId: {_ID} Error: Runtime exited with error: exit status 3\nRuntime.ExitError\n",
        ),
        (
            outcomes.exited(_ID, 0),
            "Runtime.ExitError",
            f"RequestId: {_ID} Error: Runtime exited without providing a reason",
            f"RequestId: {_ID} Error: Runtime exited without providing a reason\nRuntime.ExitError\n",
        ),
        (
            outcomes.exited(_ID, -signal.SIGSEGV),
            "Runtime.ExitError",
            f"RequestId: {_ID} Error: Runtime exited with error: signal: segmentation fault",
            (
                f"RequestId: {_ID} Error: Runtime exited with error: signal: segmentation fault\n"
                "Runtime.ExitError\n"
            ),
        ),
        (
            outcomes.out_of_memory(_ID),
            "Runtime.OutOfMemory",
            f"RequestId: {_ID} Error: Runtime exited with error: signal: killed",
            f"RequestId: {_ID} Error: Runtime exited with error: signal: killed\nRuntime.OutOfMemory\n",
        ),
    ],
)
def test_service_speaks_for_the_runtime(outcome: Outcome, error_type: str, message: str, note: str) -> None:
    assert json.loads(outcome.payload) == {"errorType": error_type, "errorMessage": message}
    assert (outcome.failed, outcome.error_type, outcome.note) == (True, error_type, note)


@pytest.mark.parametrize(
    ("usage", "error_type", "line"),
    [
        (
            report.Usage(1.234, None, 128, 37),
            None,
            "Duration: 1.23 ms\tBilled Duration: 2 ms\tMemory Size: 128 MB\tMax Memory Used: 37 MB",
        ),
        (
            report.Usage(1.2, 80.5, 128, 37),
            None,
            (
                "Duration: 1.20 ms\tBilled Duration: 82 ms\tMemory Size: 128 MB\tMax Memory Used: 37 MB\t"
                "Init Duration: 80.50 ms"
            ),
        ),
        (
            report.Usage(3000, None, 128, None),
            "Sandbox.Timedout",
            "Duration: 3000.00 ms\tBilled Duration: 3000 ms\tMemory Size: 128 MB\tStatus: timeout",
        ),
        (
            report.Usage(5, None, 128, 128),
            "Runtime.OutOfMemory",
            (
                "Duration: 5.00 ms\tBilled Duration: 5 ms\tMemory Size: 128 MB\tMax Memory Used: 128 MB\t"
                "Status: error\tError Type: Runtime.OutOfMemory"
            ),
        ),
    ],
)
def test_report_line(usage: report.Usage, error_type: str | None, line: str) -> None:
    assert report.summary(_ID, usage, error_type) == f"REPORT RequestId: {_ID}\t{line}"


@pytest.mark.parametrize(
    ("error_type", "status"),
    [
        ("Sandbox.Timedout", "Status: timeout"),
        ("Runtime.ImportModuleError", "Status: error\tError Type: Runtime.ImportModuleError"),
    ],
)
def test_init_report_line(error_type: str, status: str) -> None:
    line = report.failed_init(12.345, error_type)
    assert line == f"INIT_REPORT Init Duration: 12.35 ms\tPhase: init\t{status}"
