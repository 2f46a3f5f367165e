"""S3: bucket policies with conditions."""

import json
from typing import Any

from moto.iam.access_control import IAMPolicy, PermissionResult
from moto.s3.models import FakeBucket


def correct() -> None:
    _leave_out_conditions()


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
