"""Where events of rules and schedules go: functions, queues and topics."""

import json
import re

from moto.sns.models import sns_backends
from moto.sqs.models import sqs_backends

from toolchain.local.triggers.calls import Deliveries, logger
from toolchain.local.triggers.mappings import Source

SUPPORTED = ("lambda", "sqs", "sns")
_ARN = re.compile(r"arn:aws[a-z-]*:([a-z0-9-]+):([a-z0-9-]*):(\d{12})?:.+")


def is_target(arn: str) -> bool:
    """Whether it is an ARN; one that is sent to here has a region and an account.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html
    """
    found = _ARN.fullmatch(arn)
    return bool(found and (found[1] not in SUPPORTED or (found[2] and found[3])))


def send_to(
    target_arn: str,
    event: object,
    sender: str,
    deliveries: Deliveries,
    *,
    group_id: str | None = None,
) -> None:
    """Send to a target, or log why not; `sender` is who sends, as the log names it."""
    target = Source(target_arn)
    text = event if isinstance(event, str) else json.dumps(event)
    match target.service:
        case "lambda":
            deliveries.send(target_arn, event, sender)
        case "sqs" if target.name in sqs_backends[target.account_id][target.region].queues:
            queues = sqs_backends[target.account_id][target.region]
            queues.send_message(target.name, text, group_id=group_id)
        case "sns" if target_arn in sns_backends[target.account_id][target.region].topics:
            sns_backends[target.account_id][target.region].publish(text, target_arn)
        case "sqs" | "sns":
            logger.warning("%s: there is no %s", sender, target_arn)
        case service:
            logger.warning("%s: targets of %s are not supported locally: %s", sender, service, target_arn)
