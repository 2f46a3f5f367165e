"""What functions declare, made at the AWS endpoint, and called."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.integration.trigger_world import ACCOUNT_ID, REGION, World, world
from toolchain.local.place import Place
from toolchain.local.triggers.mappings import Source
from toolchain.local.triggers.provision import provision
from toolchain.local.triggers.provision.failures import event_settings, failure_queue
from toolchain.local.workers.event_settings import EventSettings
from toolchain.manifest import Function, parse_function, read_functions
from toolchain.project import Project

PROJECT = Project(Path(__file__).parents[1] / "projects" / "manifests_good")
NOW = datetime(2026, 1, 31, 12, 0, tzinfo=UTC)


def worker(**changes: object) -> Function:
    manifest = {"description": "Works", **changes}
    return parse_function("worker", json.dumps(manifest))


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    """Where it is noted what was made."""
    return tmp_path / "provided.json"


def provide(cloud: World, notes: Path, *functions: Function) -> None:
    provision(functions, cloud.client, Place(ACCOUNT_ID, REGION), NOW, notes)


def state(cloud: World) -> dict[str, Any]:
    """All that is there."""
    queues = cloud.client("sqs").list_queues().get("QueueUrls", [])
    schedules = cloud.client("scheduler").list_schedules()["Schedules"]
    return {
        "queues": sorted(url.rpartition("/")[2] for url in queues),
        "mappings": sorted(
            (Source(m["EventSourceArn"]).name, m["BatchSize"], m.get("FunctionResponseTypes"))
            for m in cloud.client("lambda").list_event_source_mappings()["EventSourceMappings"]
        ),
        "functions": [f["FunctionName"] for f in cloud.client("lambda").list_functions()["Functions"]],
        "subscriptions": [s["Endpoint"] for s in cloud.client("sns").list_subscriptions()["Subscriptions"]],
        "rules": [rule["Name"] for rule in cloud.client("events").list_rules()["Rules"]],
        "schedules": [schedule["Name"] for schedule in schedules],
        "buckets": [bucket["Name"] for bucket in cloud.client("s3").list_buckets()["Buckets"]],
    }


def test_every_kind_of_trigger_calls_the_function(notes: Path) -> None:
    """What the sample project declares, put there by clients; made twice, it is there once."""
    functions = read_functions(PROJECT)
    with world({"worker": lambda _: None}, now=NOW) as cloud:
        provide(cloud, notes, *functions.values())
        before = state(cloud)
        provide(cloud, notes, *functions.values())
        assert state(cloud) == before

        url = cloud.client("sqs").get_queue_url(QueueName="orders")["QueueUrl"]
        cloud.client("sqs").send_message(QueueUrl=url, MessageBody="queue")
        fifo_url = cloud.client("sqs").get_queue_url(QueueName="orders.fifo")["QueueUrl"]
        cloud.client("sqs").send_message(QueueUrl=fifo_url, MessageBody="fifo", MessageGroupId="a")
        cloud.client("sns").publish(
            TopicArn=f"arn:aws:sns:{REGION}:{ACCOUNT_ID}:news",
            Message="topic",
            MessageAttributes={"kind": {"DataType": "String", "StringValue": "order"}},
        )
        cloud.client("s3").put_object(Bucket="uploads", Key="a.json", Body=b"")
        cloud.client("s3").put_object(Bucket="uploads", Key="a.csv", Body=b"")
        cloud.client("dynamodb").put_item(TableName="things", Item={"id": {"S": "1"}})
        entry = {"Source": "shop.orders", "DetailType": "OrderPlaced", "Detail": "{}"}
        cloud.client("events").put_events(Entries=[entry])
        cloud.turn_to(datetime(2026, 2, 1, 12, 0, tzinfo=UTC))
        cloud.wait(lambda: len(cloud.functions.calls) == 8)

        events = cloud.functions.events("worker")
        sources = [e["Records"][0].get("eventSource", "aws:sns") for e in events if "Records" in e]
        assert sorted(sources) == ["aws:dynamodb", "aws:s3", "aws:s3", "aws:sns", "aws:sqs", "aws:sqs"]
        assert {"task": "sweep"} in events
        assert "shop.orders" in [event.get("source") for event in events]


def test_what_is_made_for_the_sample_project(notes: Path) -> None:
    with world({}, now=NOW) as cloud:
        provide(cloud, notes, *read_functions(PROJECT).values())

        assert state(cloud) == {
            "queues": ["orders", "orders-dlq", "orders-dlq.fifo", "orders.fifo", "worker-failures"],
            "mappings": [
                ("orders", 10, ["ReportBatchItemFailures"]),
                ("orders.fifo", 5, []),
                ("things", 100, ["ReportBatchItemFailures"]),
            ],
            "functions": ["worker"],
            "subscriptions": [f"arn:aws:lambda:{REGION}:{ACCOUNT_ID}:function:worker"],
            "rules": ["worker"],
            "schedules": ["worker"],
            "buckets": ["uploads"],
        }


def attributes(cloud: World, queue: str) -> dict[str, str]:
    client = cloud.client("sqs")
    url = client.get_queue_url(QueueName=queue)["QueueUrl"]
    found: dict[str, str] = client.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    return found


def test_a_queue_as_aws_advises(notes: Path) -> None:
    """Visible again after six times the function's timeout and the window; five times, then a dead letter."""
    queue = {"queue": "jobs", "maximum_batching_window_seconds": 5}
    with world({}) as cloud:
        provide(cloud, notes, worker(triggers=[{"sqs": queue}], timeout_seconds=30))

        found = attributes(cloud, "jobs")
        assert found["VisibilityTimeout"] == "185"
        assert json.loads(found["RedrivePolicy"]) == {
            "deadLetterTargetArn": f"arn:aws:sqs:{REGION}:{ACCOUNT_ID}:jobs-dlq",
            "maxReceiveCount": 5,
        }


@pytest.mark.parametrize(
    ("reserved", "own", "limit"),
    [({}, {}, None), ({"reserved_concurrency": 7}, {}, 7), ({}, {"maximum_concurrency": 3}, 3)],
)
def test_a_queue_is_polled_no_faster_than_its_function_works(
    reserved: dict[str, int], own: dict[str, int], limit: int | None, notes: Path
) -> None:
    """By its own limit, or what is reserved."""
    with world({}) as cloud:
        provide(cloud, notes, worker(triggers=[{"sqs": {"queue": "jobs", **own}}], **reserved))
        [mapping] = cloud.client("lambda").list_event_source_mappings()["EventSourceMappings"]
    assert mapping.get("ScalingConfig", {}).get("MaximumConcurrency") == limit


def test_a_declaration_that_changes(notes: Path) -> None:
    def declare(batch_size: int, timeout_seconds: int, kind: str, expression: str) -> Function:
        return worker(
            timeout_seconds=timeout_seconds,
            triggers=[
                {"sqs": {"queue": "jobs", "batch_size": batch_size}},
                {"sns": {"topic": "news", "filter_policy": {"kind": [kind]}}},
                {"schedule": {"expression": expression}},
            ],
        )

    with world({}) as cloud:
        provide(cloud, notes, declare(10, 10, "order", "rate(1 day)"))
        provide(cloud, notes, declare(5, 20, "refund", "cron(0 8 * * ? *)"))

        assert attributes(cloud, "jobs")["VisibilityTimeout"] == "120"
        [mapping] = cloud.client("lambda").list_event_source_mappings()["EventSourceMappings"]
        assert mapping["BatchSize"] == 5
        sns = cloud.client("sns")
        [subscription] = sns.list_subscriptions()["Subscriptions"]
        policy = sns.get_subscription_attributes(SubscriptionArn=subscription["SubscriptionArn"])
        assert json.loads(policy["Attributes"]["FilterPolicy"]) == {"kind": ["refund"]}
        schedule = cloud.client("scheduler").get_schedule(Name="worker")
        assert schedule["ScheduleExpression"] == "cron(0 8 * * ? *)"


def test_a_rate_is_not_called_at_each_start(notes: Path) -> None:
    with world({"worker": lambda _: None}) as cloud:
        provision(
            [worker(triggers=[{"schedule": {"expression": "rate(1 minute)"}}])],
            *(cloud.client, Place(ACCOUNT_ID, REGION), datetime.now(UTC), notes),
        )
        assert cloud.functions.calls == []


def test_a_table_that_exists_gets_a_stream(notes: Path, caplog: pytest.LogCaptureFixture) -> None:
    """It keeps its key; if that is not the declared one, the log says so."""
    with world({"worker": lambda _: None}) as cloud:
        cloud.client("dynamodb").create_table(
            TableName="things",
            KeySchema=[{"AttributeName": "sku", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "sku", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
        )
        provide(cloud, notes, worker(triggers=[{"dynamodb_stream": {"table": "things"}}]))
        cloud.client("dynamodb").put_item(TableName="things", Item={"sku": {"S": "1"}})
        cloud.wait(lambda: cloud.functions.calls)
    assert [record.getMessage() for record in caplog.records] == [
        "table things has the key sku, its trigger declares id; delete the table to have it made anew"
    ]


def test_a_table_has_the_declared_key(notes: Path) -> None:
    with world({"worker": lambda _: None}) as cloud:
        provide(cloud, notes, worker(triggers=[{"dynamodb_stream": {"table": "stock", "key": "sku"}}]))
        cloud.client("dynamodb").put_item(TableName="stock", Item={"sku": {"S": "1"}})
        cloud.wait(lambda: cloud.functions.calls)
    [record] = cloud.functions.records("worker")
    assert record["dynamodb"]["Keys"] == {"sku": {"S": "1"}}


def test_what_is_not_declared_any_more_calls_nothing(notes: Path) -> None:
    """Also after a restart that finds it there; queues and the like stay, with what they hold."""
    functions = read_functions(PROJECT)
    with world({"worker": lambda _: None}, now=NOW) as cloud:
        by_hand = _rule_by_hand(cloud)
        provide(cloud, notes, *functions.values())
        before = state(cloud)
        provide(cloud, notes, worker(triggers=[{"sqs": {"queue": "orders"}}]))
        after = state(cloud)
        notification = cloud.client("s3").get_bucket_notification_configuration(Bucket="uploads")
        assert "LambdaFunctionConfigurations" not in notification

        provide(cloud, notes)
        provide(cloud, notes)
        assert state(cloud)["mappings"] == []
    connections = ("mappings", "subscriptions", "rules", "schedules")
    assert {name: after[name] for name in connections} == {
        "mappings": [("orders", 10, ["ReportBatchItemFailures"])],
        "subscriptions": [],
        "rules": [by_hand],
        "schedules": [],
    }
    assert {name: after[name] for name in after.keys() - set(connections)} == {
        name: before[name] for name in before.keys() - set(connections)
    }


def test_notes_of_what_is_gone(notes: Path) -> None:
    """The state was lost, or somebody has removed it."""
    functions = read_functions(PROJECT).values()
    with world({}, now=NOW) as cloud:
        provide(cloud, notes, *functions)
    with world({}, now=NOW) as cloud:
        provide(cloud, notes)
        assert not any(state(cloud).values())
    notes.write_text('["damaged')
    with world({}, now=NOW) as cloud:
        provide(cloud, notes, *functions)
        assert state(cloud)["schedules"] == ["worker"]


def test_lost_events_are_kept(notes: Path) -> None:
    """Of streams here, of asynchronous calls by the worker; who is waited for has no such queue."""
    function = worker(triggers=[{"dynamodb_stream": {"table": "things"}}])
    with world({}) as cloud:
        provide(cloud, notes, function)
        [mapping] = cloud.client("lambda").list_event_source_mappings()["EventSourceMappings"]
        assert attributes(cloud, "worker-failures")["MessageRetentionPeriod"] == "1209600"
    queue = f"arn:aws:sqs:{REGION}:{ACCOUNT_ID}:worker-failures"
    assert mapping["DestinationConfig"] == {"OnFailure": {"Destination": queue}}
    assert (mapping["MaximumRetryAttempts"], mapping["BisectBatchOnFunctionError"]) == (5, True)
    place = Place(ACCOUNT_ID, REGION)
    assert event_settings(function, place).on_failure is None
    scheduled = worker(triggers=[{"schedule": {"expression": "rate(1 day)"}}], maximum_retry_attempts=1)
    assert event_settings(scheduled, place) == EventSettings(retries=1, on_failure=queue)
    assert failure_queue(worker(triggers=[{"sqs": {"queue": "jobs"}}])) is None


def test_a_stream_has_the_declared_settings(notes: Path) -> None:
    """What can be declared about batches and retries."""
    declared = {
        "table": "things",
        "batch_size": 7,
        "maximum_batching_window_seconds": 3,
        "maximum_retry_attempts": 9,
        "report_batch_item_failures": False,
    }
    with world({}) as cloud:
        provide(cloud, notes, worker(triggers=[{"dynamodb_stream": declared}]))
        [mapping] = cloud.client("lambda").list_event_source_mappings()["EventSourceMappings"]
    assert (mapping["BatchSize"], mapping["MaximumBatchingWindowInSeconds"]) == (7, 3)
    assert (mapping["MaximumRetryAttempts"], mapping["FunctionResponseTypes"]) == (9, [])


def _rule_by_hand(cloud: World) -> str:
    """Somebody's own, which is nothing to do with manifests."""
    pattern = json.dumps({"source": ["shop"]})
    cloud.client("events").put_rule(Name="mine", EventPattern=pattern)
    return "mine"
