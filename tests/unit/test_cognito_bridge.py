"""Triggers are called through the bridge from moto's threads to the event loop."""

import asyncio
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from toolchain.local.cognito.pool import Pool
from toolchain.local.cognito.triggers.calling import Call, Triggers
from toolchain.local.invocation import Invocation, SyncFunctions


class EchoFunctions:
    """Returns the event, from the loop's thread, after others had a turn."""

    def __init__(self) -> None:
        self.threads: set[int] = set()

    async def invoke(
        self,
        name: str,
        payload: bytes,
        *,
        qualifier: str | None = None,
        client_context: bytes | None = None,
        trace: str | None = None,
    ) -> Invocation:
        assert (name, qualifier, client_context, trace) == ("arn", None, None, None)
        self.threads.add(threading.get_ident())
        await asyncio.sleep(0)
        return Invocation("id", payload)


@pytest.fixture
def loop() -> Iterator[asyncio.AbstractEventLoop]:
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    yield loop
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()


def test_many_threads_call_through_one_loop(loop: asyncio.AbstractEventLoop) -> None:
    functions = EchoFunctions()
    triggers = Triggers(SyncFunctions(functions, loop))
    pool = Pool("eu-west-1_abcdefghi", "eu-west-1", {"LambdaConfig": {"PreSignUp": "arn"}})

    def fire(number: int) -> object:
        response = {"autoConfirmUser": bool(number % 2)}
        return triggers.fire(Call(pool, "PreSignUp", "PreSignUp_SignUp", str(number), None, {}, response))

    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(fire, range(50)))
    assert answers == [{"autoConfirmUser": bool(number % 2)} for number in range(50)]
    assert len(functions.threads) == 1
