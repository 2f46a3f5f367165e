"""What becomes of a request, by what its instance does: answers, ends, takes too long or too much."""

import sysconfig
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Protocol

from toolchain.local.run.environment import log_stream_name
from toolchain.local.workers import conduct, outcomes
from toolchain.local.workers.child.frames import Kind
from toolchain.local.workers.child.instance import Task
from toolchain.local.workers.code import FunctionCode
from toolchain.local.workers.instance import Instance
from toolchain.local.workers.machine import Machine
from toolchain.local.workers.memory import resident_kb
from toolchain.local.workers.outcomes import Outcome
from toolchain.local.workers.output import Output
from toolchain.local.workers.request import Request

type Ending = Callable[[str], Outcome]
"""How a request ends, given its id."""


class Ward(Protocol):
    """The pool that instances come from and go back to."""

    def is_outdated(self, instance: Instance) -> bool: ...
    def release(self, instance: Instance) -> None: ...
    def discard(self, instance: Instance) -> bool: ...
    def learn(self, init_ms: float) -> None: ...
    def first_waiting(self) -> Request | None: ...
    def put_back(self, request: Request) -> None: ...
    def consider(self) -> None: ...


class Attendance:
    """Starts instances, hears what they do, and ends requests accordingly."""

    def __init__(self, pool: Ward, code: FunctionCode, machine: Machine) -> None:
        self._pool = pool
        self._code = code
        self._machine = machine
        self._init_seconds = max(machine.limits.init_seconds, code.timeout_seconds)

    def launch(self, generation: tuple[int, ...]) -> Instance:
        """A new instance. Lambda gives the import 10 seconds, then again the time that a request has."""
        stream = log_stream_name(self._now(), uuid.uuid4(), self._code.version)
        output = Output(self._machine.logs, self._code.name, stream)
        instance = Instance(self._machine, self, output, generation)
        instance.launch(_task(self._code, stream))
        instance.limit(self._init_seconds, self._start_took_too_long)
        return instance

    def begin(self, instance: Instance, request: Request) -> None:
        self._machine.memory.watch(instance)
        instance.limit(self._code.timeout_seconds, self._took_too_long)
        conduct.begin(instance, request, self._code, self._machine.clock())

    # What instances tell: toolchain.local.workers.instance.Owner.

    def is_ready(self, instance: Instance, peak_kb: int) -> None:
        if self._is_over(peak_kb):
            self._fail_start(instance, outcomes.out_of_memory)
        else:
            self._pool.learn(instance.init_ms or 0)
            self._pool.release(instance)

    def answered(self, instance: Instance, kind: int, peak_kb: int, body: bytes) -> None:
        if kind == Kind.INIT_ERROR:
            self._fail_start(instance, lambda _: outcomes.not_imported(body))
        elif self._is_over(peak_kb):
            self._fail(instance, outcomes.out_of_memory, peak_kb)
        else:
            self._machine.memory.ignore(instance)
            conduct.conclude(instance, self._code, outcomes.answered(kind, body), peak_kb)
            self._pool.release(instance)

    def missed(self, instance: Instance) -> None:
        """Nothing of the function has run: another instance can take the request."""
        request, instance.request = instance.request, None
        self._machine.memory.ignore(instance)
        self._pool.discard(instance)
        if request:
            self._pool.put_back(request)

    def exited(self, instance: Instance, status: int, peak_kb: int) -> None:
        """Also when it was ended from here; then that is settled already."""
        fail = self._fail if instance.is_up else self._fail_start
        fail(instance, lambda request_id: outcomes.exited(request_id, status), peak_kb)

    def look_at_memory(self, instance: Instance) -> None:
        peak_kb = resident_kb(instance.pid)
        if self._is_over(peak_kb):
            self._fail(instance, outcomes.out_of_memory, peak_kb)

    def _took_too_long(self, instance: Instance) -> None:
        seconds, now = self._code.timeout_seconds, self._now()
        self._fail(
            instance,
            lambda request_id: outcomes.timed_out(request_id, seconds, now),
            resident_kb(instance.pid),
        )

    def _start_took_too_long(self, instance: Instance) -> None:
        seconds, now = self._init_seconds, self._now()
        self._fail_start(instance, lambda request_id: outcomes.timed_out(request_id, seconds, now))

    def _fail(self, instance: Instance, ending: Ending, peak_kb: int) -> None:
        """End the instance, and its request if it has one."""
        self._machine.memory.ignore(instance)
        if self._pool.discard(instance):
            if instance.request:
                conduct.conclude(instance, self._code, ending(instance.request.id), peak_kb)
            self._pool.consider()

    def _fail_start(self, instance: Instance, ending: Ending, peak_kb: int = 0) -> None:
        """With the request that waits longest, as each has an instance of its own on AWS.

        Unless there is newer source: then the reason may be gone.
        """
        if self._pool.discard(instance):
            conduct.report_start(instance, ending("").error_type)
            request = None if self._pool.is_outdated(instance) else self._pool.first_waiting()
            if request:
                conduct.fail_start(instance, request, self._code, ending(request.id), peak_kb)
            self._pool.consider()

    def _is_over(self, peak_kb: int) -> bool:
        return peak_kb > self._code.memory_mb * 1024

    def _now(self) -> datetime:
        return datetime.fromtimestamp(self._machine.clock(), UTC)


def _task(code: FunctionCode, log_stream: str) -> Task:
    return Task(
        handler=code.handler,
        environment={**code.environment, "AWS_LAMBDA_LOG_STREAM_NAME": log_stream},
        task_root=str(code.task_root),
        visible=code.visible,
        dependencies=str(code.dependencies) if code.dependencies else None,
        runtime=sysconfig.get_path("purelib"),
    )
