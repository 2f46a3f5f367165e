"""What clients have made at the AWS endpoint is there again after a restart of `up`."""

import io
import json
import signal
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.integration.running_up import Cloud, call, client, copy_application, sign_in, sign_up, until
from toolchain.local.up.record import Record

# pycognito asks for the time in a way that Python is giving up.
pytestmark = pytest.mark.filterwarnings(r"ignore:datetime\.datetime\.utcnow:DeprecationWarning")


@pytest.fixture
def cloud(tmp_path: Path) -> Iterator[Cloud]:
    root = tmp_path / "project"
    copy_application(root)
    with Cloud(root) as cloud:
        yield cloud


def test_state_survives_the_end_and_a_kill(cloud: Cloud) -> None:
    """Users and rows too, which are in files of their own; nothing of what `up` makes is there twice."""
    record = cloud.start()
    sign_up(record, "ada@example.com")
    arn = _topic(record, "one")
    pool = client(record, "cognito-idp").create_user_pool(PoolName="shop", UserPoolTags={"a": "1"})[
        "UserPool"
    ]
    made = _made(record)
    cloud.stop()
    record = cloud.start()
    assert _topics(record) == [arn]
    assert _made(record) == made
    found = client(record, "cognito-idp").describe_user_pool(UserPoolId=pool["Id"])["UserPool"]
    assert (found["Name"], found["UserPoolTags"]) == ("shop", {"a": "1"})
    _topic(record, "two")
    until(lambda: b":two" in _state(cloud).read_bytes() or None)
    cloud.stop(signal.SIGKILL)
    record = cloud.start()
    assert len(_topics(record)) == 2
    assert call(record, "GET", "/me", sign_in(record, "ada@example.com")).json()["email"] == "ada@example.com"


def test_a_message_that_waits_for_a_deployed_function(cloud: Cloud) -> None:
    """It is received when its function is there, and so once."""
    record = cloud.start()
    made = client(record, "iam").create_role(RoleName="worker", AssumeRolePolicyDocument="{}")
    client(record, "lambda").create_function(
        FunctionName="worker",
        Runtime="python3.13",
        Role=made["Role"]["Arn"],
        Handler="app.handler",
        Code={
            "ZipFile": _zip(
                "app.py", "def handler(event, _):\n    print('messages', len(event['Records']))\n"
            )
        },
    )
    queue = client(record, "sqs").create_queue(QueueName="orders")["QueueUrl"]
    arn = f"arn:aws:sqs:{record.region}:{made['Role']['Arn'].split(':')[4]}:orders"
    client(record, "lambda").create_event_source_mapping(EventSourceArn=arn, FunctionName="worker")
    client(record, "sqs").send_message(QueueUrl=queue, MessageBody="1", DelaySeconds=2)
    cloud.stop()
    cloud.start()
    log = cloud.project.local / "logs" / "worker.log"
    until(lambda: True if log.exists() and "messages 1" in log.read_text() else None, seconds=20)
    assert "is not called" not in cloud.printed()


def test_state_of_another_version_is_left_alone(cloud: Cloud) -> None:
    """It starts empty, says so, and has the pool of `up` with its users, but none that was deployed."""
    record = cloud.start()
    sign_up(record, "ada@example.com")
    _topic(record, "one")
    pools = client(record, "cognito-idp")
    deployed = pools.create_user_pool(PoolName="shop-local")["UserPool"]["Id"]
    pools.create_user_pool_domain(UserPoolId=deployed, Domain="shop-local")
    cloud.stop()
    header, content = _state(cloud).read_bytes().split(b"\n", 1)
    written = json.loads(header)
    written["versions"]["moto"] = "4.2.0"
    _state(cloud).write_bytes(json.dumps(written).encode() + b"\n" + content)
    before, record = record, cloud.start()
    assert "the local AWS state starts empty, without what was deployed here: moto is" in cloud.printed()
    assert "user pools that the AWS state does not know were removed: shop-local" in cloud.printed()
    assert _topics(record) == []
    assert record.user_pool_id == before.user_pool_id
    assert call(record, "GET", "/me", sign_in(record, "ada@example.com")).status_code == 200
    pools = client(record, "cognito-idp")
    again = pools.create_user_pool(PoolName="shop-local")["UserPool"]["Id"]
    pools.create_user_pool_domain(UserPoolId=again, Domain="shop-local")


def _state(cloud: Cloud) -> Path:
    return cloud.project.local / "aws" / "state"


def _topic(record: Record, name: str) -> str:
    arn: str = client(record, "sns").create_topic(Name=name)["TopicArn"]
    return arn


def _topics(record: Record) -> list[str]:
    return [topic["TopicArn"] for topic in client(record, "sns").list_topics()["Topics"]]


def _made(record: Record) -> dict[str, Any]:
    """What `up` makes of what functions declare."""
    return {
        "pools": len(client(record, "cognito-idp").list_user_pools(MaxResults=10)["UserPools"]),
        "queues": [
            url.rpartition("/")[2] for url in client(record, "sqs").list_queues().get("QueueUrls", ())
        ],
        "schedules": len(client(record, "scheduler").list_schedules()["Schedules"]),
        "mappings": len(client(record, "lambda").list_event_source_mappings()["EventSourceMappings"]),
    }


def _zip(name: str, text: str) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr(name, text)
    return content.getvalue()
