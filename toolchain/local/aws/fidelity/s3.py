"""S3: bucket policies with conditions, and notifications."""

import json
import re
from typing import Any

from moto.iam.access_control import IAMPolicy, PermissionResult
from moto.s3.models import FakeBucket
from moto.s3.responses import S3Response

from toolchain.local.aws.fidelity import conditional_writes

_END = "</NotificationConfiguration>"


def correct() -> None:
    _leave_out_conditions()
    _tell_of_event_bridge()
    conditional_writes.correct()


def _leave_out_conditions() -> None:
    """Conditions are ignored, so the usual Deny of requests without TLS denies all: statements that have one
    don't count.
    """

    def get_permission(self: FakeBucket, action: str, resource: str) -> Any:  # noqa: ANN401  moto's type
        if self.policy is None:
            return PermissionResult.NEUTRAL
        policy = json.loads(self.policy.decode())
        statements = policy["Statement"] if isinstance(policy["Statement"], list) else [policy["Statement"]]
        policy["Statement"] = [statement for statement in statements if not statement.get("Condition")]
        if not policy["Statement"]:
            return PermissionResult.NEUTRAL
        return IAMPolicy(json.dumps(policy)).is_action_permitted(action, resource)

    FakeBucket.get_permission = get_permission  # type: ignore[method-assign]


def _tell_of_event_bridge() -> None:
    """GetBucketNotificationConfiguration does not tell of events for EventBridge: every plan adds it.

    https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketNotificationConfiguration.html
    """
    original = S3Response.get_bucket_notification

    def get_bucket_notification(self: S3Response) -> Any:  # noqa: ANN401  moto's type
        status, headers, body = original(self)
        configuration = self.backend.get_bucket_notification_configuration(self.bucket_name)
        if configuration and configuration.event_bridge is not None:
            start = re.sub("/>$", ">", str(body).removesuffix(_END))
            body = f"{start}<EventBridgeConfiguration/>{_END}"
        return status, headers, body

    S3Response.get_bucket_notification = get_bucket_notification  # type: ignore[method-assign]
