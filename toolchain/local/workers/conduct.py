"""A request at an instance, from START to REPORT."""

from toolchain.local.invocation import Invocation
from toolchain.local.run import report
from toolchain.local.workers.code import FunctionCode
from toolchain.local.workers.instance import Instance
from toolchain.local.workers.outcomes import Outcome
from toolchain.local.workers.request import Request


def begin(instance: Instance, request: Request, code: FunctionCode, now: float) -> None:
    """Log its start and send it; `now` is in seconds since the epoch."""
    instance.output.begin(request.id, report.start(request.id, code.version))
    instance.send(request, int((now + code.timeout_seconds) * 1000))


def conclude(instance: Instance, code: FunctionCode, outcome: Outcome, peak_kb: int) -> None:
    """Log the end of the instance's request, and answer whoever waits."""
    request, instance.request = instance.request, None
    init_ms, instance.init_ms = instance.init_ms, None
    if request is None:
        return
    instance.drain()
    duration_ms = min(instance.elapsed_ms(), code.timeout_seconds * 1000)
    usage = report.Usage(duration_ms, init_ms, code.memory_mb, _shown_mb(peak_kb, code))
    instance.output.say(
        f"{outcome.note}{report.end(request.id)}\n{report.summary(request.id, usage, outcome.error_type)}\n"
    )
    if not request.answer.done():  # else its caller has gone away
        request.answer.set_result(_invocation(request, code, outcome, usage, instance.output.tail()))


def report_start(instance: Instance, error_type: str | None) -> None:
    """Log that the instance did not come up."""
    instance.drain()
    instance.output.say(f"{report.failed_init(instance.elapsed_ms(), error_type)}\n")


def fail_start(
    instance: Instance, request: Request, code: FunctionCode, outcome: Outcome, peak_kb: int
) -> None:
    """End a request that found no instance, as the one that was started for it did not come up."""
    instance.output.begin(request.id, report.start(request.id, code.version))
    instance.request = request
    conclude(instance, code, outcome, peak_kb)


def _shown_mb(peak_kb: int, code: FunctionCode) -> int | None:
    """Lambda never shows more than there is; nothing if the system did not tell."""
    return min(-(-peak_kb // 1024), code.memory_mb) if peak_kb else None


def _invocation(
    request: Request, code: FunctionCode, outcome: Outcome, usage: report.Usage, log_tail: bytes
) -> Invocation:
    return Invocation(
        request.id,
        outcome.payload,
        error="Unhandled" if outcome.failed else None,
        log_tail=log_tail,
        version=code.version,
        duration_ms=usage.duration_ms,
        billed_ms=usage.billed_ms,
        init_ms=usage.init_ms,
        max_memory_mb=usage.peak_memory_mb,
    )
