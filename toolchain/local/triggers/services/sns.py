"""Topics: a message calls each subscribed function whose filter policy lets it pass.

https://docs.aws.amazon.com/lambda/latest/dg/with-sns.html
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from moto.sns.models import Subscription

from toolchain.local.triggers.calls import Deliveries
from toolchain.local.triggers.replacements import Replacement


@dataclass(frozen=True, slots=True)
class Message:
    """A message to a subscriber; `attributes` are `{"kind": {"Type": "String", "Value": "order"}}`."""

    subscription_arn: str
    id: str
    text: str
    subject: str | None
    attributes: Mapping[str, Mapping[str, str]]
    sent: datetime


def sns_event(message: Message) -> dict[str, Any]:
    """The event of a message. Lambda vouches for where it comes from: the signature is a placeholder."""
    topic_arn = message.subscription_arn.rpartition(":")[0]
    host = f"https://sns.{topic_arn.split(':')[3]}.amazonaws.com"
    notification = {
        "Type": "Notification",
        "MessageId": message.id,
        "TopicArn": topic_arn,
        "Subject": message.subject,
        "Message": message.text,
        "Timestamp": message.sent.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "SignatureVersion": "1",
        "Signature": "RVhBTVBMRQ==",
        "SigningCertUrl": f"{host}/SimpleNotificationService-0000000000000000000000.pem",
        "UnsubscribeUrl": f"{host}/?Action=Unsubscribe&SubscriptionArn={message.subscription_arn}",
        "MessageAttributes": {name: dict(value) for name, value in message.attributes.items()},
    }
    record = {
        "EventVersion": "1.0",
        "EventSubscriptionArn": message.subscription_arn,
        "EventSource": "aws:sns",
        "Sns": notification,
    }
    return {"Records": [record]}


def replacements(deliveries: Deliveries) -> list[Replacement]:
    """Subscriptions of functions; moto's own event has neither the topic nor the message's attributes."""
    publish_elsewhere = Subscription.publish

    def publish(  # noqa: PLR0913, PLR0917 - the signature is moto's
        subscription: Subscription,
        message: str,
        message_id: str,
        subject: str | None = None,
        message_attributes: dict[str, Any] | None = None,
        group_id: str | None = None,
        deduplication_id: str | None = None,
        message_structure: str | None = None,
    ) -> None:
        if subscription.protocol != "lambda":
            publish_elsewhere(
                *(subscription, message, message_id, subject, message_attributes),
                *(group_id, deduplication_id, message_structure),
            )
            return
        attributes = message_attributes or {}
        matcher = subscription._filter_policy_matcher  # noqa: SLF001 - moto's publish is the one other user
        if matcher and not matcher.matches(attributes, message):
            return
        if message_structure == "json":
            message = subscription._parse_message_structure(message, "lambda")  # noqa: SLF001 - the same
        sent = Message(subscription.arn, message_id, message, subject, attributes, datetime.now(UTC))
        deliveries.send(subscription.endpoint, sns_event(sent), f"topic {subscription.topic.name}")

    return [Replacement(Subscription, "publish", publish)]
