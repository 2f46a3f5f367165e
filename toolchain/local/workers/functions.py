"""Lambda's data plane: takes calls by name, and has them run."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from toolchain.local.invocation import FunctionNotFoundError, Invocation, ServiceError, TooManyRequestsError
from toolchain.local.workers import unable
from toolchain.local.workers.code import FunctionCode
from toolchain.local.workers.machine import Machine
from toolchain.local.workers.pool import Pool
from toolchain.local.workers.registry import Registry, Target
from toolchain.local.workers.request import Call, Request, check_size, make_request_id

_TICK_SECONDS = 0.25

type Reload = Callable[[FunctionCode], Awaitable[None]]
"""Registers what the source of a function now says about it, if that is something else."""


async def keep(_: FunctionCode) -> None:
    """The Reload of deployed functions: they change only when they are told to."""


class LocalFunctions:
    """toolchain.local.invocation.Functions, for what is in a registry. Lives in one event loop."""

    def __init__(self, registry: Registry, machine: Machine, reload: Reload = keep) -> None:
        self._registry = registry
        self._machine = machine
        self._reload = reload
        self._pools: dict[tuple[str, str], Pool] = {}
        self._retired: list[Pool] = []
        self._reloads: dict[str, asyncio.Task[None]] = {}
        self._is_closed = False
        self._tick = machine.loop.call_later(_TICK_SECONDS, self._look_around)

    async def invoke(
        self,
        name: str,
        payload: bytes,
        *,
        qualifier: str | None = None,
        client_context: bytes | None = None,
        trace: str | None = None,
    ) -> Invocation:
        """See toolchain.local.invocation.Functions."""
        check_size(len(payload), "RequestResponse")
        call = Call(name, payload, qualifier, client_context, trace)
        return await self.run(make_request_id(), call)

    async def run(self, request_id: str, call: Call) -> Invocation:
        """Run a call under an id that it was given before: each attempt at an event has the same."""
        if self._is_closed:
            raise ServiceError("the local cloud is going down")
        target, pool = self._find_fresh(call) or await self._find(call)
        if target.code.problem:
            invocation = unable.fail(self._machine, target.code, target.code.problem, request_id)
        else:
            loop = self._machine.loop
            request = Request(request_id, call, target.arn, loop.create_future(), loop.time())
            self._check_concurrency(target.code)
            pool.submit(request)
            invocation = await request.answer
        if invocation.error:
            self._machine.failed(target.code.name, invocation.payload)
        return invocation

    def refresh(self, name: str) -> Awaitable[object] | None:
        """What to wait for until a call would run the function's source as it is now; None if it would.

        Raises FunctionNotFoundError.
        """
        call = Call(name, b"")
        return self._find(call) if self._find_fresh(call) is None else None

    def resolve(self, name: str, qualifier: str | None = None) -> Target:
        """What a call would run. Raises FunctionNotFoundError or InvalidParameterError."""
        return self._registry.resolve(name, qualifier)

    async def close(self) -> None:
        """End all instances. Calls that wait for an answer raise ServiceError."""
        self._is_closed = True
        self._tick.cancel()
        for task in self._reloads.values():
            task.cancel()
        for pool in [*self._pools.values(), *self._retired]:
            pool.close()
        await self._machine.nursery.close()
        self._machine.logs.close()
        self._machine.watch.close()

    async def _find(self, call: Call) -> tuple[Target, Pool]:
        """The pool for a call, of the source as it is now."""
        while (found := self._find_fresh(call)) is None:
            target = self._registry.resolve(call.name, call.qualifier)
            await asyncio.shield(self._reloading(target.code))
        return found

    def _find_fresh(self, call: Call) -> tuple[Target, Pool] | None:
        """The pool for a call; None if its source has changed, and is being read again from now on."""
        target = self._registry.resolve(call.name, call.qualifier)
        code = target.code
        pool = self._pool(code)
        if code.arn not in self._reloads and not pool.is_stale():
            return target, pool
        self._reloading(code)
        return None

    def _pool(self, code: FunctionCode) -> Pool:
        key = (code.arn, code.version)
        pool = self._pools.get(key)
        if pool is None or pool.code is not code:
            previous, pool = pool, Pool(code, self._machine)
            self._pools[key] = pool
            for request in self._retire(previous):
                pool.submit(request)
        return pool

    def _retire(self, pool: Pool | None) -> list[Request]:
        if pool is None:
            return []
        self._retired.append(pool)
        return pool.retire()

    def _reloading(self, code: FunctionCode) -> asyncio.Task[None]:
        task = self._reloads.get(code.arn)
        if task is None:
            task = self._reloads[code.arn] = self._machine.loop.create_task(self._run_reload(code))
        return task

    async def _run_reload(self, code: FunctionCode) -> None:
        try:
            await self._reload(code)
        finally:
            del self._reloads[code.arn]

    def _check_concurrency(self, code: FunctionCode) -> None:
        """Lambda counts all versions of a function together."""
        if code.reserved_concurrency is None:
            return
        pools = [pool for pool in (*self._pools.values(), *self._retired) if pool.code.arn == code.arn]
        if sum(pool.in_flight for pool in pools) >= code.reserved_concurrency:
            raise TooManyRequestsError("ReservedFunctionConcurrentInvocationLimitExceeded")

    def _look_around(self) -> None:
        """Whoever saves a file finds an instance with the new source; whoever is away, none."""
        self._tick = self._machine.loop.call_later(_TICK_SECONDS, self._look_around)
        self._machine.watch.doubt()
        for key, pool in list(self._pools.items()):
            if not self._registry.is_current(pool.code):
                self._replace(key)
            elif pool.is_stale():
                self._reloading(pool.code)
            pool.reap()
        self._retired = [pool for pool in self._retired if pool.in_flight]

    def _replace(self, key: tuple[str, str]) -> None:
        """The pool of what was registered anew, or removed."""
        code = self._registry.version(*key)
        if code is not None:
            self._pool(code)
            return
        for request in self._retire(self._pools.pop(key)):
            if not request.answer.done():
                request.answer.set_exception(FunctionNotFoundError(f"Function not found: {request.arn}"))


@asynccontextmanager
async def local_functions(
    registry: Registry, machine: Machine, reload: Reload = keep
) -> AsyncIterator[LocalFunctions]:
    """Functions that can be called until the block is left; then nothing of them runs."""
    machine.nursery.warm_up()
    functions = LocalFunctions(registry, machine, reload)
    try:
        yield functions
    finally:
        await functions.close()
