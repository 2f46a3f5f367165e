"""What calls functions besides HTTP, made with boto3 as the Terraform of a stage makes it: for aliases."""

import json
from collections.abc import Mapping
from typing import Any

from tests.integration.deployed.stack import ALIAS, Stack

ACCOUNT_ID = "123456789012"


class TriggerStack(Stack):
    """A stage's queues, topics and so on; all names begin with the stage's prefix, `app-dev-`."""

    def deploy_triggers(self, declaration: Mapping[str, Any]) -> None:
        """All of a function's, and where its lost events go."""
        name, triggers = declaration["name"], declaration["triggers"]
        failures = self.queue(f"{name}-failures")
        self.client("lambda").put_function_event_invoke_config(
            FunctionName=self.name(name),
            Qualifier=ALIAS,
            MaximumRetryAttempts=declaration["maximum_retry_attempts"],
            DestinationConfig={"OnFailure": {"Destination": failures}},
        )
        for trigger in triggers["sqs"]:
            self._map_queue(name, trigger)
        for trigger in triggers["dynamodb_stream"]:
            self._map_stream(name, trigger, failures)
        for trigger in triggers["sns"]:
            self._subscribe(name, trigger)
        for number, trigger in enumerate(triggers["eventbridge"], start=1):
            self._put_rule(name, number, trigger)
        for number, trigger in enumerate(triggers["schedule"], start=1):
            self._schedule(name, number, trigger)
        self._announce(name, triggers["s3"])

    def arn(self, service: str, resource: str) -> str:
        return f"arn:aws:{service}:{self.record.region}:{ACCOUNT_ID}:{resource}"

    def bucket_name(self, name: str) -> str:
        """With the account: its name is one of all accounts'."""
        return f"{self.name(name)}-{ACCOUNT_ID}"

    def queue(self, name: str) -> str:
        """The ARN of a new queue."""
        full_name = self.name(name)
        fifo = {"FifoQueue": "true", "ContentBasedDeduplication": "true"} if name.endswith(".fifo") else {}
        self.client("sqs").create_queue(QueueName=full_name, Attributes=fifo)
        return self.arn("sqs", full_name)

    def _map_queue(self, function: str, trigger: Mapping[str, Any]) -> None:
        self.client("lambda").create_event_source_mapping(
            EventSourceArn=self.queue(trigger["queue"]),
            FunctionName=self.alias(function),
            BatchSize=trigger["batch_size"],
            MaximumBatchingWindowInSeconds=trigger["maximum_batching_window_seconds"],
            FunctionResponseTypes=_response_types(trigger),
            ScalingConfig=_scaling(trigger),
        )

    def _map_stream(self, function: str, trigger: Mapping[str, Any], failures: str) -> None:
        table = self.client("dynamodb").create_table(
            TableName=self.name(trigger["table"]),
            KeySchema=[{"AttributeName": trigger["key"], "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": trigger["key"], "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
            StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
        )["TableDescription"]
        self.client("lambda").create_event_source_mapping(
            EventSourceArn=table["LatestStreamArn"],
            FunctionName=self.alias(function),
            BatchSize=trigger["batch_size"],
            MaximumBatchingWindowInSeconds=trigger["maximum_batching_window_seconds"],
            StartingPosition=trigger["starting_position"],
            MaximumRetryAttempts=trigger["maximum_retry_attempts"],
            FunctionResponseTypes=_response_types(trigger),
            BisectBatchOnFunctionError=True,
            DestinationConfig={"OnFailure": {"Destination": failures}},
        )

    def _subscribe(self, function: str, trigger: Mapping[str, Any]) -> None:
        topic = self.client("sns").create_topic(Name=self.name(trigger["topic"]))["TopicArn"]
        policy = {"FilterPolicy": trigger["filter_policy"]} if trigger["filter_policy"] else {}
        self.client("sns").subscribe(
            TopicArn=topic, Protocol="lambda", Endpoint=self.alias(function), Attributes=policy
        )

    def _put_rule(self, function: str, number: int, trigger: Mapping[str, Any]) -> None:
        events, bus = self.client("events"), trigger["bus"]
        if bus != "default":
            bus = self.name(bus)
            events.create_event_bus(Name=bus)
        rule = {"Rule": f"{self.name(function)}-{number}", "EventBusName": bus}
        events.put_rule(Name=rule["Rule"], EventBusName=bus, EventPattern=trigger["pattern"])
        events.put_targets(**rule, Targets=[{"Id": function, "Arn": self.alias(function)}])

    def _schedule(self, function: str, number: int, trigger: Mapping[str, Any]) -> None:
        self.client("scheduler").create_schedule(
            Name=f"{self.name(function)}-{number}",
            ScheduleExpression=trigger["expression"],
            ScheduleExpressionTimezone=trigger["timezone"],
            FlexibleTimeWindow={"Mode": "OFF"},
            Target={
                "Arn": self.alias(function),
                "RoleArn": self.role,
                **({"Input": trigger["input"]} if trigger["input"] else {}),
            },
        )

    def _announce(self, function: str, triggers: list[Mapping[str, Any]]) -> None:
        for bucket in sorted({trigger["bucket"] for trigger in triggers}):
            location = {"LocationConstraint": self.record.region}
            self.client("s3").create_bucket(
                Bucket=self.bucket_name(bucket), CreateBucketConfiguration=location
            )
            announced = [
                {
                    "Id": f"{function}-{number}",
                    "LambdaFunctionArn": self.alias(function),
                    "Events": trigger["events"],
                    "Filter": {"Key": {"FilterRules": _rules(trigger)}},
                }
                for number, trigger in enumerate(triggers, start=1)
                if trigger["bucket"] == bucket
            ]
            self.client("s3").put_bucket_notification_configuration(
                Bucket=self.bucket_name(bucket),
                NotificationConfiguration={"LambdaFunctionConfigurations": announced},
            )

    def send(self, prefix: str, text: str = "hello") -> None:
        """Something through each kind of trigger; `prefix` is the stage's, or nothing for the source."""
        sqs = self.client("sqs")
        for queue, group in ((f"{prefix}orders", {}), (f"{prefix}bills.fifo", {"MessageGroupId": "a"})):
            url = sqs.get_queue_url(QueueName=queue)["QueueUrl"]
            sqs.send_message(QueueUrl=url, MessageBody=text, **group)
        self.client("sns").publish(
            TopicArn=self.arn("sns", f"{prefix}news"),
            Message=text,
            MessageAttributes={"kind": {"DataType": "String", "StringValue": "order"}},
        )
        bucket = self.bucket_name("uploads") if prefix else "uploads"
        self.client("s3").put_object(Bucket=bucket, Key="in/a.json", Body=b"{}")
        item = {"sku": {"S": text}}
        self.client("dynamodb").put_item(TableName=f"{prefix}things", Item=item)
        entry = {"Source": "shop.bills", "DetailType": "Billed", "EventBusName": f"{prefix}shop"}
        self.client("events").put_events(Entries=[{**entry, "Detail": json.dumps({"text": text})}])


def _response_types(trigger: Mapping[str, Any]) -> list[str]:
    return ["ReportBatchItemFailures"] if trigger["report_batch_item_failures"] else []


def _scaling(trigger: Mapping[str, Any]) -> dict[str, int]:
    limit = trigger["maximum_concurrency"]
    return {"MaximumConcurrency": limit} if limit else {}


def _rules(trigger: Mapping[str, Any]) -> list[dict[str, str]]:
    return [{"Name": name, "Value": trigger[name]} for name in ("prefix", "suffix") if trigger[name]]
