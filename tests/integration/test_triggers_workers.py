"""Triggers that call real functions: processes that run a handler, as the local cloud has them."""

import asyncio
import json
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from tests.integration.trigger_world import ACCOUNT_ID, REGION, connect, serving
from tests.integration.workers.world import Workers, World, until
from toolchain.local.place import Place
from toolchain.local.triggers import provision, start
from toolchain.local.workers.destinations import EventOutcome
from toolchain.local.workers.events import EventRules, LocalEvents
from toolchain.manifest import parse_function

# Each message says where to write that it came; the first time, it fails if it says so.
_HANDLER = """\
import json
from pathlib import Path

def handler(event, context):
    failed = []
    for record in event["Records"]:
        message = json.loads(record["body"] if "body" in record else record["Sns"]["Message"])
        file = Path(message["file"])
        is_first = not file.exists()
        with file.open("a") as calls:
            calls.write("x")
        if message["fails"] and is_first:
            if "Sns" in record:
                raise LookupError("not yet")
            failed.append({"itemIdentifier": record["messageId"]})
    return {"batchItemFailures": failed}
"""
_DECLARED = {
    "description": "Works",
    "timeout_seconds": 1,
    "triggers": [{"sqs": {"queue": "orders"}}, {"sns": {"topic": "news"}}],
}


async def _forget(_: EventOutcome) -> None:
    """Destinations are not what is tested here."""


def test_messages_of_a_queue_and_a_topic(tmp_path: Path) -> None:
    """Failures are tried again: by the queue a message each, by Lambda for the topic."""
    checkout = World(tmp_path)
    checkout.handler.write_text(_HANDLER)

    def calls(name: str) -> int:
        file = tmp_path / name
        return len(file.read_text()) if file.exists() else 0

    def message(name: str, *, fails: bool) -> str:
        return json.dumps({"file": str(tmp_path / name), "fails": fails})

    def use(endpoint: str, place: Place) -> None:
        sqs, sns = connect(endpoint, "sqs"), connect(endpoint, "sns")
        url = sqs.get_queue_url(QueueName="orders")["QueueUrl"]
        sqs.set_queue_attributes(QueueUrl=url, Attributes={"VisibilityTimeout": "1"})
        for name in ("queued", "queued-fails"):
            sqs.send_message(QueueUrl=url, MessageBody=message(name, fails="fails" in name))
        for name in ("sent", "sent-fails"):
            topic = place.arn("sns", "news")
            sns.publish(TopicArn=topic, Message=message(name, fails="fails" in name))

    async def scenario(workers: Workers) -> None:
        function = parse_function("worker", json.dumps(_DECLARED))
        place = Place(ACCOUNT_ID, REGION)
        events = LocalEvents(workers.functions, _forget, EventRules(delays_seconds=(0.1, 0.1)))
        async with serving() as endpoint:
            triggers = await start(workers.functions, events, workers.functions.resolve)
            notes = tmp_path / "provided.json"
            made = partial(provision, [function], partial(connect, endpoint), place, datetime.now(UTC), notes)
            await asyncio.to_thread(made)
            await asyncio.to_thread(use, endpoint, place)
            expected = {"queued": 1, "queued-fails": 2, "sent": 1, "sent-fails": 2}
            await until(lambda: {name: calls(name) for name in expected} == expected)
            await triggers.stop()
        await events.close()

    checkout.run(scenario)
