"""Calls of code that can't run on this machine: they fail at once, as on Lambda when a package has the wrong
processor's programs, and the log says why.
"""

import uuid
from datetime import UTC, datetime

from toolchain.local.invocation import Invocation
from toolchain.local.run import report
from toolchain.local.run.environment import log_stream_name
from toolchain.local.workers import outcomes
from toolchain.local.workers.code import FunctionCode
from toolchain.local.workers.machine import Machine
from toolchain.local.workers.output import Output


def fail(machine: Machine, code: FunctionCode, problem: str, request_id: str) -> Invocation:
    """The invocation of code that has a problem, from START to REPORT."""
    moment = datetime.fromtimestamp(machine.clock(), UTC)
    output = Output(machine.logs, code.name, log_stream_name(moment, uuid.uuid4(), code.version))
    outcome = outcomes.cannot_run(request_id, problem)
    usage = report.Usage(0.0, None, code.memory_mb, None)
    output.begin(request_id, report.start(request_id, code.version))
    end = report.summary(request_id, usage, outcome.error_type)
    output.say(f"{outcome.note}{report.end(request_id)}\n{end}\n")
    return Invocation(
        request_id, outcome.payload, error="Unhandled", log_tail=output.tail(), version=code.version
    )
