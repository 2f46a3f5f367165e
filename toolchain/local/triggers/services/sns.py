"""Topics: a message calls each subscribed function whose filter policy lets it pass.

https://docs.aws.amazon.com/lambda/latest/dg/with-sns.html
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from moto.sns.exceptions import SNSInvalidParameter
from moto.sns.models import SNSBackend, Subscription
from moto.sns.responses import SNSResponse

from toolchain.local.triggers.calls import Deliveries
from toolchain.local.triggers.replacements import Replacement
from toolchain.local.triggers.services.targets import is_target
from toolchain.manifest.patterns import check_pattern


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
    set_attributes, subscribe_anyhow = SNSBackend.set_subscription_attributes, SNSResponse.subscribe

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

    def set_subscription_attributes(backend: SNSBackend, arn: str, name: str, value: Any) -> None:  # noqa: ANN401 - moto's
        if name == "FilterPolicy" and value:
            _parsed_policy(value)
        set_attributes(backend, arn, name, value)

    def subscribe(request: SNSResponse) -> Any:  # noqa: ANN401 - moto's
        """moto sets attributes when the subscription is there: it would stay when they are refused."""
        given = request._get_attributes() or {}  # noqa: SLF001 - as moto's methods do, here and below
        if given.get("FilterPolicy"):
            scope = given.get("FilterPolicyScope", "MessageAttributes")
            policy = _parsed_policy(given["FilterPolicy"])
            request.backend._validate_filter_policy(policy, scope=scope)  # noqa: SLF001
        endpoint = request._get_param("Endpoint")  # noqa: SLF001
        is_lambda = request._get_param("Protocol") == "lambda"  # noqa: SLF001
        if is_lambda and not (is_target(str(endpoint)) and ":lambda:" in endpoint):
            raise SNSInvalidParameter(
                "Invalid parameter: Lambda endpoint ARN"
            )  # as moto has it of queues [U]
        return subscribe_anyhow(request)

    return [
        Replacement(Subscription, "publish", publish),
        Replacement(SNSBackend, "set_subscription_attributes", set_subscription_attributes),
        Replacement(SNSResponse, "subscribe", subscribe),
    ]


def _parsed_policy(text: str) -> dict[str, Any]:
    """Operators and operands are those of event patterns; moto fails at some, and takes others.

    https://docs.aws.amazon.com/sns/latest/dg/subscription-filter-policy-constraints.html
    """
    try:
        policy = json.loads(text)
        if not isinstance(policy, dict):
            raise ValueError("Filter is not an object")  # noqa: TRY301, TRY004 - of a text
        check_pattern(policy)
    except ValueError as error:
        raise SNSInvalidParameter(f"Invalid parameter: FilterPolicy: {error}") from error
    return policy
