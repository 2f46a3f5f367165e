"""Schedules that call functions, made by boto3 through a socket."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import botocore.session
import pytest
import requests
from aws_lambda_powertools.utilities.parser.models import EventBridgeModel
from botocore.exceptions import ClientError

from tests.integration.trigger_world import ACCOUNT_ID, REGION, ROLE, World, function_arn, world

# A Monday in winter.
EIGHT_IN_BERLIN = datetime(2026, 2, 2, 7, 0, tzinfo=UTC)
BEFORE = EIGHT_IN_BERLIN - timedelta(minutes=5)

SIGNED = {
    "Authorization": f"AWS4-HMAC-SHA256 Credential=local/20260202/{REGION}/scheduler/aws4_request,"
    " SignedHeaders=host, Signature=none"
}


def schedule(cloud: World, expression: str, *, name: str = "nightly", **settings: object) -> None:
    target = {"Arn": function_arn("worker"), "RoleArn": ROLE}
    given = {"Target": target, "FlexibleTimeWindow": {"Mode": "OFF"}, **settings}
    cloud.client("scheduler").create_schedule(Name=name, ScheduleExpression=expression, **given)


def test_a_schedule_in_a_time_zone() -> None:
    with world({"worker": lambda _: None}, now=BEFORE) as cloud:
        schedule(cloud, "cron(0 8 ? * MON *)", ScheduleExpressionTimezone="Europe/Berlin")
        schedule(cloud, "cron(0 8 ? * MON *)", name="in-UTC")
        cloud.turn_to(EIGHT_IN_BERLIN)
        cloud.wait(lambda: cloud.functions.calls)

        [event] = cloud.functions.events("worker")
        EventBridgeModel.model_validate(event)
        assert event["time"] == "2026-02-02T07:00:00Z"
        assert event["resources"] == [f"arn:aws:scheduler:{REGION}:{ACCOUNT_ID}:schedule/default/nightly"]
        assert event["detail"] == "{}"


def test_a_one_time_schedule_with_an_input_that_deletes_itself() -> None:
    with world({"worker": lambda _: None}, now=BEFORE) as cloud:
        target = {"Arn": function_arn("worker"), "RoleArn": ROLE, "Input": json.dumps({"task": "sweep"})}
        schedule(cloud, "at(2026-02-02T07:00:00)", Target=target, ActionAfterCompletion="DELETE")
        cloud.turn_to(EIGHT_IN_BERLIN)
        cloud.wait(lambda: cloud.functions.calls)

        assert cloud.functions.events("worker") == [{"task": "sweep"}]
        cloud.wait(lambda: not cloud.client("scheduler").list_schedules()["Schedules"])


def test_schedules_that_are_disabled_deleted_and_changed() -> None:
    """The one that is changed is called by what it says now."""
    eight = "cron(0 7 * * ? *)"
    with world({"worker": lambda _: None}, now=BEFORE) as cloud:
        schedule(cloud, eight, name="disabled", State="DISABLED")
        schedule(cloud, eight, name="deleted")
        cloud.client("scheduler").delete_schedule(Name="deleted")
        schedule(cloud, "rate(1 day)", name="changed", StartDate=datetime(2026, 3, 1, tzinfo=UTC))
        cloud.client("scheduler").update_schedule(
            Name="changed",
            ScheduleExpression=eight,
            FlexibleTimeWindow={"Mode": "OFF"},
            Target={"Arn": function_arn("worker"), "RoleArn": ROLE, "Input": '{"schedule": "changed"}'},
        )
        cloud.turn_to(EIGHT_IN_BERLIN)
        cloud.wait(lambda: cloud.functions.calls)

        assert [event["schedule"] for event in cloud.functions.events("worker")] == ["changed"]


def test_a_rate_begins_when_it_is_created() -> None:
    """If it has no start; what starts later is called then."""
    with world({"worker": lambda _: None}) as cloud:
        schedule(cloud, "rate(1 day)")
        start = datetime.now(UTC) + timedelta(days=1)
        schedule(cloud, "rate(1 day)", name="later", StartDate=start)
        cloud.wait(lambda: cloud.functions.calls)

        assert [event["resources"][0].rpartition("/")[2] for event in cloud.functions.events("worker")] == [
            "nightly"
        ]


def test_a_rule_with_a_schedule() -> None:
    """It is always in UTC; events that are put are not its business."""
    with world({"worker": lambda _: None}, now=BEFORE) as cloud:
        events = cloud.client("events")
        events.put_rule(Name="nightly", ScheduleExpression="cron(0 7 * * ? *)")
        target = {"Id": "1", "Arn": function_arn("worker")}
        events.put_targets(Rule="nightly", Targets=[target, {**target, "Id": "2", "Input": '{"n": 2}'}])
        events.put_events(Entries=[{"Source": "shop", "DetailType": "x", "Detail": "{}"}])
        cloud.turn_to(EIGHT_IN_BERLIN)
        cloud.wait(lambda: len(cloud.functions.calls) == 2)

        event, other = cloud.functions.events("worker")
        EventBridgeModel.model_validate(event)
        assert other == {"n": 2}
        assert event["source"] == "aws.events"
        assert event["time"] == "2026-02-02T07:00:00Z"
        assert event["resources"] == [f"arn:aws:events:{REGION}:{ACCOUNT_ID}:rule/nightly"]
        assert event["detail"] == {}


def test_a_schedule_that_is_due_in_no_year() -> None:
    """It calls nobody, and keeps no other from being called."""
    with world({"worker": lambda _: None}, now=BEFORE) as cloud:
        schedule(cloud, "rate(9999999 days)", name="never")
        schedule(cloud, "cron(0 7 * * ? *)")
        cloud.turn_to(EIGHT_IN_BERLIN)
        cloud.wait(lambda: cloud.functions.events("worker"))
        with pytest.raises(ClientError, match=r"rate\(999999999999 days\) is no time; use less"):
            schedule(cloud, "rate(999999999999 days)", name="later")


def test_a_schedule_that_sends_to_a_queue() -> None:
    with world({}, now=BEFORE) as cloud:
        url = cloud.client("sqs").create_queue(QueueName="jobs")["QueueUrl"]
        queue = f"arn:aws:sqs:{REGION}:{ACCOUNT_ID}:jobs"
        schedule(cloud, "cron(0 7 * * ? *)", Target={"Arn": queue, "RoleArn": ROLE, "Input": "sweep"})
        cloud.turn_to(EIGHT_IN_BERLIN)
        [message] = cloud.client("sqs").receive_message(QueueUrl=url, WaitTimeSeconds=5)["Messages"]

        assert message["Body"] == "sweep"


def test_expressions_that_aws_refuses() -> None:
    with world({}) as cloud:
        with pytest.raises(ClientError, match=r"Invalid Schedule Expression daily: use rate\(5 minutes\)"):
            schedule(cloud, "daily")
        with pytest.raises(ClientError, match="Parameter ScheduleExpression is not valid"):
            cloud.client("events").put_rule(Name="nightly", ScheduleExpression="cron(0 8 * * * *)")


@pytest.mark.parametrize(
    ("expression", "settings", "message"),
    [
        ("at(2026-13-01T00:00:00)", {}, "Invalid Schedule Expression"),
        (
            "at(0001-01-01T00:00:00)",
            {"ScheduleExpressionTimezone": "Asia/Tokyo"},
            "Invalid Schedule Expression",
        ),
        ("rate(1 day)", {"GroupName": "none"}, "Schedule group none does not exist"),
        (
            "rate(1 day)",
            {"Target": {"Arn": "nonsense", "RoleArn": ROLE}},
            r"\(ValidationException\).*Provided Arn is not in correct format",
        ),
        (
            "rate(1 day)",
            {"Target": {"Arn": "arn:aws:sqs:::jobs", "RoleArn": ROLE}},
            "Provided Arn is not in correct format",
        ),
        (
            "rate(1 day)",
            {"Target": {"Arn": function_arn("worker"), "RoleArn": "role"}},
            "Value 'role' at 'target.roleArn' failed to satisfy constraint",
        ),
    ],
)
def test_schedules_that_aws_refuses(expression: str, settings: dict[str, Any], message: str) -> None:
    """Neither are they there then."""
    with world({}) as cloud:
        with pytest.raises(ClientError, match=message):
            schedule(cloud, expression, **settings)
        assert cloud.client("scheduler").list_schedules()["Schedules"] == []


@pytest.mark.parametrize("unit", ["minutes", "hours", "days"])
def test_one_of_several(unit: str) -> None:
    """Schedules take `1 hours`, rules don't."""
    with world({"worker": lambda _: None}) as cloud:
        schedule(cloud, f"rate(1 {unit})")
        cloud.wait(lambda: cloud.functions.calls)
        assert (
            cloud.client("scheduler").get_schedule(Name="nightly")["ScheduleExpression"] == f"rate(1 {unit})"
        )
        with pytest.raises(ClientError, match="Parameter ScheduleExpression is not valid"):
            cloud.client("events").put_rule(Name="nightly", ScheduleExpression=f"rate(1 {unit})")


def test_lists_of_schedules() -> None:
    """Only what ScheduleSummary has, as it comes."""
    with world({}) as cloud:
        schedule(cloud, "rate(1 day)", Description="every day")
        listed = requests.get(f"{cloud.endpoint}/schedules", headers=SIGNED, timeout=5).json()["Schedules"]

    model = botocore.session.get_session().get_service_model("scheduler")
    assert [summary.keys() for summary in listed] == [model.shape_for("ScheduleSummary").members.keys()]


def test_groups_of_schedules() -> None:
    with world({}) as cloud:
        scheduler = cloud.client("scheduler")
        scheduler.create_schedule_group(Name="nights")
        schedule(cloud, "rate(1 day)", GroupName="nights")
        with pytest.raises(scheduler.exceptions.ConflictException):
            scheduler.create_schedule_group(Name="nights")
        with pytest.raises(scheduler.exceptions.ResourceNotFoundException):
            scheduler.delete_schedule_group(Name="none")
        with pytest.raises(scheduler.exceptions.ValidationException):
            scheduler.delete_schedule_group(Name="default")
        scheduler.delete_schedule_group(Name="nights")
        assert scheduler.list_schedules()["Schedules"] == []
