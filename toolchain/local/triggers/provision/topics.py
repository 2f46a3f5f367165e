"""Topics, and functions' subscriptions to them."""

import json
from collections.abc import Iterator, Sequence

from toolchain.local.triggers.provision.cloud import Cloud, Declared
from toolchain.local.triggers.provision.provided import Provided
from toolchain.manifest.triggers import SnsTrigger


def provide(cloud: Cloud, triggers: Sequence[Declared[SnsTrigger]]) -> Iterator[Provided]:
    """Topics and subscriptions that exist are what SNS answers with when they are made again."""
    for declared in triggers:
        client = cloud.client("sns")
        topic = client.create_topic(Name=declared.trigger.topic)["TopicArn"]
        subscription = client.subscribe(
            TopicArn=topic,
            Protocol="lambda",
            Endpoint=cloud.place.function_arn(declared.function.name),
            ReturnSubscriptionArn=True,
        )["SubscriptionArn"]
        client.set_subscription_attributes(
            SubscriptionArn=subscription,
            AttributeName="FilterPolicy",
            AttributeValue=json.dumps(declared.trigger.filter_policy or {}),
        )
        yield Provided("subscription", subscription)
