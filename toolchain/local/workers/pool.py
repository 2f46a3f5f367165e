"""The instances of one version of a function, and the requests that wait for one."""

import itertools
from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING

from toolchain.local.invocation import InvocationError, ServiceError, TooManyRequestsError
from toolchain.local.workers import growth
from toolchain.local.workers.attendance import Attendance
from toolchain.local.workers.code import FunctionCode
from toolchain.local.workers.instance import Instance
from toolchain.local.workers.machine import Machine
from toolchain.local.workers.request import Request

if TYPE_CHECKING:
    from asyncio import TimerHandle

_FIRST_GUESS_SECONDS = 0.1
"""What a cold start takes, before there was one."""
_RETIRED = (-1,)


class Pool:
    """Hands each request to an instance that does nothing else meanwhile.

    Instances whose source has changed since they started get no more requests.
    """

    def __init__(self, code: FunctionCode, machine: Machine) -> None:
        self.code = code
        self._machine = machine
        self._attendance = Attendance(self, code, machine)
        self._queue: deque[Request] = deque()
        self._instances: set[Instance] = set()
        self._idle: list[Instance] = []
        self._settling = 0
        self._generation: tuple[int, ...] = code.read_at or machine.watch.versions(code.watched)
        self._cold_start_seconds = _FIRST_GUESS_SECONDS
        self._look: TimerHandle | None = None
        self._silent_since = -1

    @property
    def in_flight(self) -> int:
        """Requests that were accepted and have no answer."""
        return len(self._queue) + sum(1 for instance in self._instances if instance.request)

    def is_stale(self) -> bool:
        """Whether source has changed since this was asked last; instances with the old one are let go.

        A new one starts without being asked for: whoever saves a file is about to try it.
        """
        watch = self._machine.watch
        if watch.noise() == self._silent_since:
            return False
        generation = watch.versions(self.code.watched)
        self._silent_since = watch.silent_since(self.code.watched)
        if generation == self._generation:
            return False
        self._generation = generation
        was_used = bool(self._instances)
        self._discard_unless_busy(lambda _: True)
        self.consider()
        if was_used and not self._stock().starting:
            self._start()
        return True

    def submit(self, request: Request) -> None:
        """The request's `answer` gets an Invocation, or an InvocationError."""
        if self._idle:
            self._attendance.begin(self._idle.pop(), request)
        else:
            self._queue.append(request)
            self.consider()

    def reap(self) -> None:
        """End instances that nobody has needed for long."""
        oldest = self._machine.ticks() - self._machine.limits.idle_seconds
        self._discard_unless_busy(lambda instance: instance.is_up and instance.released_at < oldest)

    def retire(self) -> list[Request]:
        """Let instances go, busy ones when they have answered; the requests that wait are the caller's."""
        self._generation = _RETIRED
        self._discard_unless_busy(lambda _: True)
        waiting = list(self._queue)
        self._queue.clear()
        return waiting

    def close(self) -> None:
        """As the server goes down: nothing is answered any more."""
        error = ServiceError("the local cloud is going down")
        _refuse(self.retire(), error)
        for instance in tuple(self._instances):
            _refuse([instance.request] if instance.request else [], error)
            self.discard(instance)

    # For the attendance.

    def is_outdated(self, instance: Instance) -> bool:
        """Whether source has changed since an instance started; a save may have been half done then."""
        return instance.generation != self._machine.watch.versions_now(self.code.watched)

    def release(self, instance: Instance) -> None:
        """It can take a request, unless it was given up: an answer may come while it is being killed."""
        if instance not in self._instances:
            return
        if instance.generation != self._generation:
            self.discard(instance)
            self.consider()
        elif self._queue:
            self._attendance.begin(instance, self._queue.popleft())
        else:
            instance.released_at = self._machine.ticks()
            self._idle.append(instance)

    def discard(self, instance: Instance) -> bool:
        """End an instance; False if that was done before."""
        if instance not in self._instances:
            return False
        self._instances.remove(instance)
        if instance in self._idle:
            self._idle.remove(instance)
        instance.kill()
        return True

    def learn(self, init_ms: float) -> None:
        self._cold_start_seconds = growth.learned(self._cold_start_seconds, init_ms)

    def first_waiting(self) -> Request | None:
        return self._queue.popleft() if self._queue else None

    def put_back(self, request: Request) -> None:
        """A request that its instance did not come to read."""
        if self._generation == _RETIRED:
            _refuse([request], ServiceError("the function was replaced before it came to the request"))
        else:
            self._queue.appendleft(request)
            self.consider()

    def consider(self) -> None:
        """Whether the requests that wait need more instances; again later, while there are some."""
        if self._look or not self._queue:
            return
        self._give_up_waiting()
        stock = self._stock()
        now = self._machine.loop.time()
        waits = (now - request.arrived for request in itertools.islice(self._queue, stock.maximum))
        for _ in range(growth.to_start(waits, stock, self._cold_start_seconds)):
            self._start()
        self._look = self._machine.loop.call_later(growth.next_look(stock), self._look_again)

    def _discard_unless_busy(self, condition: Callable[[Instance], bool]) -> None:
        for instance in tuple(self._instances):
            if instance.request is None and condition(instance):
                self.discard(instance)

    def _look_again(self) -> None:
        self._look = None
        self.consider()

    def _stock(self) -> growth.Stock:
        limits = self._machine.limits
        starting = sum(1 for instance in self._instances if not instance.is_up)
        return growth.Stock(
            len(self._instances) + self._settling,
            starting + self._settling,
            limits.processors,
            self.code.reserved_concurrency or limits.instances,
        )

    def _give_up_waiting(self) -> None:
        """Lambda has room for more; this machine can only say that there is none."""
        oldest = self._machine.loop.time() - self._machine.limits.queue_seconds
        while self._queue and self._queue[0].arrived < oldest:
            _refuse([self._queue.popleft()], TooManyRequestsError("ConcurrentInvocationLimitExceeded"))

    def _start(self) -> None:
        """Once the source is surely what the generation says."""
        self._settling += 1
        wait = self._machine.watch.settles_in(self.code.watched, self._machine.clock())
        if wait > 0:
            self._machine.loop.call_later(wait, self._start_settled)
        else:
            self._start_settled()

    def _start_settled(self) -> None:
        self._settling -= 1
        if self._generation == _RETIRED:
            return
        try:
            self._instances.add(self._attendance.launch(self._generation))
        except (OSError, InvocationError) as error:
            _refuse(self._queue, ServiceError(f"no process can be started: {error}"))
            self._queue.clear()


def _refuse(requests: "deque[Request] | list[Request]", error: InvocationError) -> None:
    for request in requests:
        if not request.answer.done():
            request.answer.set_exception(error)
