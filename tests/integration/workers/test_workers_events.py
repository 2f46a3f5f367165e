"""Asynchronous calls: run once, or tried again until they are given up."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from tests.integration.workers.world import Workers, World, until
from toolchain.local.invocation import LATEST, FunctionNotFoundError, RequestTooLargeError
from toolchain.local.workers.destinations import EventOutcome
from toolchain.local.workers.event_settings import EventSettings
from toolchain.local.workers.events import EventRules, LocalEvents
from toolchain.local.workers.journal import Journal

_COUNTING = """\
from pathlib import Path

def handler(event, context):
    attempts = Path(event["file"])
    with attempts.open("a") as file:
        file.write(context.aws_request_id + "\\n")
    if len(attempts.read_text().splitlines()) <= event["failures"]:
        raise LookupError("not yet")
    return "done"
"""
_RULES = EventRules(delays_seconds=(0.01, 0.01), throttled_seconds=0.05, maximum_age_seconds=0.3)


class Destination:
    """Keeps what it is sent."""

    def __init__(self) -> None:
        self.outcomes: list[EventOutcome] = []

    async def take(self, outcome: EventOutcome) -> None:
        self.outcomes.append(outcome)

    async def first(self) -> EventOutcome:
        await until(lambda: len(self.outcomes) > 0)
        return self.outcomes[0]


@pytest.mark.parametrize(
    ("failures", "retries", "condition", "attempts"),
    [
        (0, 2, "Success", 1),
        (1, 2, "Success", 2),
        (9, 2, "RetriesExhausted", 3),
        (9, 0, "RetriesExhausted", 1),
    ],
)
def test_attempts(
    *, world: World, tmp_path: Path, failures: int, retries: int, condition: str, attempts: int
) -> None:
    """All have the same request id."""
    world.handler.write_text(_COUNTING)
    file = tmp_path / "attempts"
    event = json.dumps({"file": str(file), "failures": failures}).encode()

    async def scenario(workers: Workers) -> None:
        destination = Destination()
        workers.registry.direct_events("worker", {LATEST: EventSettings(retries=retries)})
        events = LocalEvents(workers.functions, destination.take, _RULES)
        request_id = await events.enqueue("worker", event)
        outcome = await destination.first()
        assert (outcome.condition, outcome.attempts, outcome.payload) == (condition, attempts, event)
        assert outcome.has_succeeded == (condition == "Success")
        assert outcome.invocation
        assert outcome.invocation.error == (None if outcome.has_succeeded else "Unhandled")
        assert file.read_text().splitlines() == [request_id] * attempts
        await events.close()

    world.run(scenario)


def test_throttled_events_wait_until_they_are_too_old(world: World) -> None:
    async def scenario(workers: Workers) -> None:
        destination = Destination()
        events = LocalEvents(workers.functions, destination.take, _RULES)
        await events.enqueue("worker", b"{}")
        outcome = await destination.first()
        assert (outcome.condition, outcome.attempts, outcome.invocation) == ("EventAgeExceeded", 0, None)
        await events.close()

    world.run(scenario, world.code(reserved_concurrency=0))


def test_many_events(world: World) -> None:
    """More than may run at once; none is lost."""

    async def scenario(workers: Workers) -> None:
        destination = Destination()
        events = LocalEvents(workers.functions, destination.take)
        ids = [await events.enqueue("worker", b"{}") for _ in range(500)]
        await until(lambda: len(destination.outcomes) == 500)
        assert {outcome.request_id for outcome in destination.outcomes} == set(ids)
        await events.close()

    world.run(scenario)


@pytest.mark.parametrize(
    ("name", "event", "error"),
    [("other", b"{}", FunctionNotFoundError), ("worker", b" " * 1_048_577, RequestTooLargeError)],
)
def test_not_accepted(world: World, name: str, event: bytes, error: type[Exception]) -> None:
    async def scenario(workers: Workers) -> None:
        events = LocalEvents(workers.functions, Destination().take)
        with pytest.raises(error):
            await events.enqueue(name, event)

    world.run(scenario)


def test_events_that_are_not_done_are_done_after_a_restart(world: World, tmp_path: Path) -> None:
    """What waited, what ran and what was to be tried again; what was done is not done again."""
    world.handler.write_text(_COUNTING)
    path = tmp_path / "events.jsonl"
    files = {name: tmp_path / name for name in ("done", "failing", "waiting")}

    async def enqueue(events: LocalEvents, name: str, failures: int) -> None:
        await events.enqueue("worker", json.dumps({"file": str(files[name]), "failures": failures}).encode())

    async def before(workers: Workers) -> None:
        destination = Destination()
        rules = EventRules(delays_seconds=(60, 60))
        events = LocalEvents(workers.functions, destination.take, rules, Journal(path))
        await enqueue(events, "done", 0)
        await destination.first()
        await enqueue(events, "failing", 1)
        await until(files["failing"].exists)
        await until(lambda: workers.log().count("REPORT") == 2)
        await enqueue(events, "waiting", 0)
        await events.close()

    async def after(workers: Workers) -> None:
        destination = Destination()
        events = LocalEvents(workers.functions, destination.take, _RULES, Journal(path))
        events.resume()
        await until(lambda: len(destination.outcomes) == 2)
        assert {outcome.condition for outcome in destination.outcomes} == {"Success"}
        await events.close()

    world.run(before)
    world.run(after)
    counts = {name: len(file.read_text().splitlines()) for name, file in files.items()}
    assert (counts["done"], counts["failing"]) == (1, 2)
    assert counts["waiting"] in (1, 2), "it may have been running already"
    assert Journal(path).pending() == []


def test_close_forgets_what_waits(world: World) -> None:
    async def scenario(workers: Workers) -> None:
        destination = Destination()
        events = LocalEvents(workers.functions, destination.take, EventRules(delays_seconds=(0.2, 0.2)))
        failing: dict[str, Any] = {"do": "fail"}
        await events.enqueue("worker", json.dumps(failing).encode())
        await until(lambda: "REPORT" in workers.log())
        await events.enqueue("worker", b'{"do": "sleep", "seconds": 1}')
        await events.close()
        await asyncio.sleep(0.5)
        assert destination.outcomes == []

    world.run(scenario)
